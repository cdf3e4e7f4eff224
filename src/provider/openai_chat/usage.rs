//! Token counts, in all places where they are put.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::super::json::{Count, lenient};
use crate::chat::Usage;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Raw {
    prompt_tokens: Count,
    completion_tokens: Count,
    total_tokens: Count,
    prompt_tokens_details: Option<Details>,
    completion_tokens_details: Option<Details>,
    cached_tokens: Count,
    prompt_cache_hit_tokens: Count,
    cache_read_input_tokens: Count,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Details {
    cached_tokens: Count,
    reasoning_tokens: Count,
}

/// Reads a usage object. A malformed one is none: it is no reason to fail an answer.
pub(super) fn read(raw: &RawValue) -> Option<Usage> {
    let raw: Raw = lenient(raw)?;
    let (input, said) = (raw.prompt_tokens.0?, raw.completion_tokens.0.unwrap_or(0));
    let reasoning = raw.completion_tokens_details.and_then(|details| details.reasoning_tokens.0);
    let cached = raw.prompt_tokens_details.and_then(|details| details.cached_tokens.0);
    let cached =
        cached.or(raw.cached_tokens.0).or(raw.prompt_cache_hit_tokens.0).or(raw.cache_read_input_tokens.0);
    Some(Usage {
        input_tokens: input,
        output_tokens: said.saturating_add(outside(raw.total_tokens.0, input, said, reasoning)),
        cached_tokens: cached.map(|cached| cached.min(input)),
        reasoning_tokens: reasoning,
        estimated: false,
    })
}

/// The reasoning that is not counted as output: some count it apart, which only the total gives away.
fn outside(total: Option<u64>, input: u64, said: u64, reasoning: Option<u64>) -> u64 {
    let reasoning = reasoning.unwrap_or(0);
    let apart = [input, said, reasoning].iter().try_fold(0u64, |sum, n| sum.checked_add(*n));
    if total.is_some() && total == apart { reasoning } else { 0 }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn usage(json: &str) -> Option<(u64, u64, Option<u64>, Option<u64>)> {
        let raw: &RawValue = serde_json::from_str(json).unwrap();
        read(raw).map(|u| (u.input_tokens, u.output_tokens, u.cached_tokens, u.reasoning_tokens))
    }

    #[test]
    fn every_place_of_a_count_is_known() {
        for (json, expected) in [
            (
                r#"{"prompt_tokens":9,"completion_tokens":5,"total_tokens":14,"prompt_cache_hit_tokens":4,
                "completion_tokens_details":{"reasoning_tokens":3}}"#,
                Some((9, 5, Some(4), Some(3))),
            ),
            (
                r#"{"prompt_tokens":9,"completion_tokens":5,"total_tokens":17,
                "completion_tokens_details":{"reasoning_tokens":3}}"#,
                Some((9, 8, None, Some(3))),
            ),
            (
                r#"{"prompt_tokens":198,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":314}}"#,
                Some((198, 1, Some(198), None)),
            ),
            (
                r#"{"prompt_tokens":9,"completion_tokens":null,"cached_tokens":2}"#,
                Some((9, 0, Some(2), None)),
            ),
            (
                r#"{"prompt_tokens":18446744073709551615,"completion_tokens":2,"total_tokens":1}"#,
                Some((u64::MAX, 2, None, None)),
            ),
            (r#"{"prompt_tokens":"x"}"#, None),
            ("[]", None),
            ("3", None),
        ] {
            assert_eq!(usage(json), expected, "{json}");
        }
    }
}
