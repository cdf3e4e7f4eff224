//! Whether an address may stand in a file.

use std::net::IpAddr;

use reqwest::Url;

/// What is wrong with an address, and what to do about it.
pub(super) struct Problem {
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// Whether it holds a password.
    pub(super) secret: bool,
}

impl Problem {
    fn new(message: impl Into<String>, help: &str) -> Self {
        Self { message: message.into(), help: Some(help.to_owned()), secret: false }
    }
}

/// What is wrong with `url` as the address of a provider.
pub(super) fn problem(url: &str, insecure: bool) -> Option<Problem> {
    let full = "write it in full, for example https://api.example.com/v1";
    let parsed = match Url::parse(url) {
        Ok(parsed) => parsed,
        Err(error) => return Some(Problem::new(format!("`base_url` is not an address: {error}"), full)),
    };
    if !parsed.username().is_empty() || parsed.password().is_some() {
        let problem =
            Problem::new("`base_url` holds a user name or a password", "a key is named by `api_key_env`");
        return Some(Problem { secret: true, ..problem });
    }
    match parsed.scheme() {
        "https" => None,
        "http" if insecure || is_loopback(&parsed) => None,
        "http" => Some(Problem::new(
            "`http://` to another machine sends the conversation and the key in the open",
            "use https://, or accept it with insecure = true",
        )),
        _ => Some(Problem::new("`base_url` is neither http:// nor https://", full)),
    }
}

/// Whether `url` is one of a proxy. Without `http://` in front a password in it could not be told apart.
pub(super) fn is_proxy(url: &str) -> bool {
    parse_http(url).is_some_and(|url| url.has_host())
}

fn parse_http(url: &str) -> Option<Url> {
    Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let host = host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.');
    match host.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

/// The address without what may be a secret: user name, password, and the values of its query.
pub(super) fn redacted(url: &str) -> String {
    let Some(mut parsed) = parse_http(url) else { return "<redacted>".to_owned() };
    if parsed.query().is_none() && parsed.username().is_empty() && parsed.password().is_none() {
        return url.to_owned();
    }
    let names: Vec<String> = parsed.query_pairs().map(|(name, _)| format!("{name}=<redacted>")).collect();
    parsed.set_query(None);
    let had_user = !parsed.username().is_empty() || parsed.password().is_some();
    // Both fail only for addresses that cannot have them.
    let _ = parsed.set_password(None);
    let _ = parsed.set_username(if had_user { "redacted" } else { "" });
    let query = if names.is_empty() { String::new() } else { format!("?{}", names.join("&")) };
    format!("{parsed}{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_is_for_this_machine_only() {
        for (url, fine) in [
            ("http://127.0.0.1:8080/v1", true),
            ("http://127.8.9.1", true),
            ("http://[::1]:8080/v1", true),
            ("http://localhost/v1", true),
            ("http://a.localhost/v1", true),
            ("https://api.example.com/v1", true),
            ("http://localhost.evil.example/v1", false),
            ("http://127.0.0.1.evil.example/v1", false),
            ("http://10.0.0.1/v1", false),
            ("http://0.0.0.0/v1", false),
            ("ftp://127.0.0.1/", false),
            ("api.example.com/v1", false),
            ("https://user:pass@api.example.com/v1", false),
            ("", false),
        ] {
            assert_eq!(problem(url, false).is_none(), fine, "{url}");
        }
        assert!(problem("http://10.0.0.1/v1", true).is_none());
    }

    #[test]
    fn an_address_is_shown_without_its_secrets() {
        for (url, shown) in [
            ("https://api.example.com/v1", "https://api.example.com/v1"),
            ("https://h.example/v1?key=s3cret&v=2", "https://h.example/v1?key=<redacted>&v=<redacted>"),
            ("http://me:s3cret@proxy.example:3128", "http://redacted@proxy.example:3128/"),
            ("s3cret", "<redacted>"),
            ("me:s3cret@proxy.example:3128", "<redacted>"),
        ] {
            assert_eq!(redacted(url), shown);
        }
    }
}
