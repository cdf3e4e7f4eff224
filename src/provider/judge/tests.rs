#![allow(clippy::unwrap_used)]
use super::*;

fn judge(prefilled: bool) -> Judge {
    let secrets = [Secret::new("sk-verysecretkey-0123456789")].into();
    Judge { vendor: &[], wire: super::super::openai_chat::RULES, secrets, prefilled }
}

fn refusal(status: u16, body: &str) -> Error {
    judge(false).refusal(status, &HeaderMap::new(), body.as_bytes())
}

#[test]
fn a_status_alone_has_a_kind() {
    for (status, kind) in [
        (302, Kind::BadResponse),
        (400, Kind::InvalidRequest),
        (401, Kind::Auth),
        (402, Kind::Billing),
        (403, Kind::Auth),
        (404, Kind::ModelNotFound),
        (408, Kind::ServerError),
        (413, Kind::ContextTooLong),
        (418, Kind::InvalidRequest),
        (422, Kind::InvalidRequest),
        (429, Kind::RateLimited),
        (500, Kind::ServerError),
        (502, Kind::ServerError),
        (503, Kind::Overloaded),
        (504, Kind::ServerError),
        (520, Kind::ServerError),
        (526, Kind::ServerError),
        (529, Kind::Overloaded),
    ] {
        let error = refusal(status, "");
        assert_eq!((error.kind(), error.status()), (kind, Some(status)));
    }
}

#[test]
fn no_key_is_in_a_message() {
    for body in [
        "key sk-verysecretkey-0123456789 is wrong",
        r#"{"error":{"message":"Incorrect API key provided: sk-very*********6789."}}"#,
        r#"{"error":"Your api key: ****6789 is invalid"}"#,
        "bad \"sk-verysecretk…\"",
        "…key-0123456789 is wrong",
    ] {
        let message = refusal(401, body).message().to_owned();
        assert!(message.contains("[key]"), "{message}");
        assert!(!message.contains("sk-v") && !message.contains("6789"), "{message}");
    }
}

#[test]
fn a_message_is_one_short_line() {
    let message = refusal(500, &format!("a\u{1b}[31m\nb\u{202e} {}", "长".repeat(5000))).message().to_owned();
    assert!(message.starts_with("a [31m b 长"), "{message}");
    assert_eq!(message.chars().count(), 300);
}

#[test]
fn a_number_in_a_message_is_no_status() {
    let body = r#"{"error":{"message":"429 tokens are too few","type":"invalid_request_error"}}"#;
    assert_eq!(refusal(400, body).kind(), Kind::InvalidRequest);
}

#[test]
fn a_refused_prefill_is_told_from_other_refusals() {
    let judge = judge(true);
    let refuses =
        |status, body: &str| judge.refusal(status, &HeaderMap::new(), body.as_bytes()).refuses_prefill();
    assert!(refuses(400, "This model does not support assistant message prefill."));
    assert!(refuses(500, r#"{"error":{"message":"list index out of range"}}"#));
    assert!(refuses(400, r#"{"error":{"message":"unknown field prefix"}}"#));
    assert!(!refuses(401, "bad key"));
    assert!(!refuses(500, "boom"));
    assert!(!refuses(400, r#"{"error":{"code":"context_length_exceeded"}}"#));
    assert!(!refusal(400, "list index out of range").refuses_prefill());
}

#[test]
fn a_wait_is_taken_from_the_headers_of_a_refusal() {
    let headers = [(reqwest::header::RETRY_AFTER, "7".parse().unwrap())].into_iter().collect();
    let error = judge(false).refusal(429, &headers, b"");
    assert_eq!(error.retry_after(), Some(std::time::Duration::from_secs(7)));
}

#[test]
fn a_failure_inside_a_stream_is_judged_by_what_it_says() {
    for (error, kind) in [
        (r#"{"message":"boom"}"#, Kind::ServerError),
        (r#""boom""#, Kind::ServerError),
        (r#"{"message":"slow","code":429}"#, Kind::RateLimited),
        (r#"{"message":"slow","code":"503"}"#, Kind::Overloaded),
        (r#"{"message":"no","type":"overloaded_error"}"#, Kind::Overloaded),
        (r#"{"message":"no","type":"invalid_request_error"}"#, Kind::InvalidRequest),
        (r#"{"message":"no","code":"insufficient_quota"}"#, Kind::Billing),
        ("null", Kind::ServerError),
    ] {
        assert_eq!(judge(false).in_band(&Complaint::of_error(error)).kind(), kind, "{error}");
    }
}
