//! Which values may be shown when the line they stand in is.

use crate::client::names::nearest;

/// Keys whose values are no secret. Any other may be one.
const PLAIN: &[&str] = &[
    "default_chain",
    "wire",
    "prefill",
    "echoes",
    "stream",
    "insecure",
    "context_window",
    "max_output",
    "abilities",
    "price",
    "currency",
    "input",
    "output",
    "cached_input",
    "targets",
    "target",
    "max_tokens",
    "temperature",
    "order",
    "on_break",
    "max_failovers",
    "connect",
    "first_token",
    "idle",
    "total",
];

pub(super) fn is_plain(key: &str) -> bool {
    PLAIN.contains(&key)
}

/// Whether a key that is not known is, by all appearances, one of those misspelt.
pub(super) fn resembles_plain(key: &str, known: &[&str]) -> bool {
    let near = nearest(key, known);
    !near.is_empty() && near.into_iter().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_misspelt_harmless_key_is_shown_with_its_value() {
        let known = &["targets", "headers", "api_key_env", "stream"];
        for (key, shown) in [("tagets", true), ("header", false), ("api_key", false), ("token", false)] {
            assert_eq!(resembles_plain(key, known), shown, "{key}");
        }
    }
}
