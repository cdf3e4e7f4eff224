//! How an answer ends, and what it is called when it does not.

use mainstay::catalog::Wire::{self, Anthropic, OpenAiChat};
use mainstay::chat::{FinishReason, Kind};

use crate::tape::{Heard, hear};

const TEXT: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";
const STOP: &str = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
const DONE: &str = "data: [DONE]\n\n";

fn after_text(vendor: &str, tail: &str) -> (Heard, Result<(), Kind>) {
    hear(OpenAiChat, vendor, format!("{TEXT}{tail}").as_bytes())
}

#[test]
fn a_finish_reason_is_the_end_and_its_mark_is_not_needed() {
    for tail in [STOP.to_owned(), format!("{STOP}{DONE}"), format!("{STOP}{STOP}{DONE}")] {
        let (heard, result) = after_text("", &tail);
        assert_eq!((result, heard.finish), (Ok(()), Some(FinishReason::Stop)), "{tail}");
    }
}

#[test]
fn a_stream_without_its_marker_is_truncated() {
    for tail in ["", DONE, ": ping\n\n", "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}"] {
        assert_eq!(after_text("", tail).1, Err(Kind::Truncated), "{tail}");
    }
    let start = "data: {\"type\":\"message_start\",\"message\":{}}\n\n";
    let stop = "data: {\"type\":\"message_stop\"}\n\n";
    let reason = "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n";
    for body in [start.to_owned(), format!("{start}{stop}"), format!("{start}{reason}")] {
        assert_eq!(hear(Anthropic, "", body.as_bytes()).1, Err(Kind::Truncated), "{body}");
    }
    assert_eq!(hear(Anthropic, "", format!("{start}{reason}{stop}").as_bytes()).1, Ok(()));
}

#[test]
fn an_error_in_the_stream_has_its_true_kind() {
    for (vendor, tail, kind) in [
        ("", r#"data: {"error":{"message":"boom","type":"server_error"}}"#, Kind::ServerError),
        ("", r#"data: {"error":"boom"}"#, Kind::ServerError),
        ("", r#"data: {"error":{"message":"slow down","code":429}}"#, Kind::RateLimited),
        (
            "",
            r#"data: {"error":{"message":"busy","type":"overloaded_error"},"choices":[]}"#,
            Kind::Overloaded,
        ),
        ("", r#"{"error":{"message":"boom","code":503}}"#, Kind::Overloaded),
        ("", "{\n \"error\": {\n  \"message\": \"boom\" }\n}", Kind::ServerError),
        ("", r#"data: [{"error":{"message":"x","code":429}}]"#, Kind::RateLimited),
        ("", r#"data: [1]"#, Kind::BadStream),
        (
            "",
            r#"data: {"choices":[{"delta":{},"finish_reason":"insufficient_system_resource"}]}"#,
            Kind::Overloaded,
        ),
        ("", r#"data: {"choices":[{"delta":{},"finish_reason":"network_error"}]}"#, Kind::ServerError),
        ("", r#"data: {"choices":[{"delta":{},"finish_reason":"abort"}]}"#, Kind::ServerError),
        (
            "",
            r#"data: {"choices":[{"finish_reason":"error","error":{"message":"x","code":429}}]}"#,
            Kind::RateLimited,
        ),
        (
            "minimax",
            r#"data: {"choices":null,"base_resp":{"status_code":1008,"status_msg":"x"}}"#,
            Kind::Billing,
        ),
        ("minimax", r#"data: {"base_resp":{"status_code":1002,"status_msg":"x"}}"#, Kind::RateLimited),
        ("minimax", r#"data: {"error":{"type":"api_error","message":"x (2056)"}}"#, Kind::Quota),
        ("zai", r#"data: {"error":{"code":"1305","message":"x"}}"#, Kind::Overloaded),
        ("qwen", r#"data: {"error":{"code":"data_inspection_failed","message":"x"}}"#, Kind::ContentFilter),
        ("", "<html><body>502</body></html>", Kind::BadStream),
        ("", r#"data: {"choices":[{"delta":{"content":7}}]}"#, Kind::BadStream),
    ] {
        let (heard, result) = after_text(vendor, &format!("{tail}\n\n{DONE}"));
        assert_eq!((result, heard.finish, &*heard.text), (Err(kind), None, "a"), "{tail}");
    }
}

#[test]
fn an_error_event_has_its_true_kind() {
    for (kind_word, kind) in [
        ("overloaded_error", Kind::Overloaded),
        ("api_error", Kind::ServerError),
        ("rate_limit_error", Kind::RateLimited),
        ("billing_error", Kind::Billing),
        ("invalid_request_error", Kind::InvalidRequest),
    ] {
        let body = format!(
            "event: error\ndata: {{\"type\":\"error\",\"error\":{{\"type\":\"{kind_word}\",\"message\":\"x\"}}}}\n\n"
        );
        assert_eq!(hear(Anthropic, "", body.as_bytes()).1, Err(kind), "{kind_word}");
    }
}

#[test]
fn an_error_after_the_end_no_longer_matters() {
    for tail in ["data: {\"error\":{\"message\":\"x\"}}\n\n", "<html>", "data: {\"cho\n\n", "data: \u{0}\n\n"]
    {
        let (heard, result) = after_text("", &format!("{STOP}{tail}"));
        assert_eq!((result, heard.finish), (Ok(()), Some(FinishReason::Stop)), "{tail}");
    }
}

#[test]
fn noise_is_passed_over() {
    for noise in [
        "data: ping\n\n",
        "data:\n\n",
        "event: ping\ndata: {\"type\":\"ping\"}\n\n",
        "id: 3\nretry: 10\n\n",
        "data: {\"object\":\"moderation\",\"results\":[]}\n\n",
        "data: {}\n\n",
        "data: {\"choices\":null}\n\n",
    ] {
        let (heard, result) = after_text("", &format!("{noise}{TEXT}{noise}{STOP}"));
        assert_eq!((result, &*heard.text), (Ok(()), "aa"), "{noise}");
    }
}

#[test]
fn thinking_is_never_said_twice() {
    let chunk = r#"{"reasoning_content":"why","reasoning":"why","content":""}"#;
    let body = format!("data: {{\"choices\":[{{\"delta\":{chunk}}}]}}\n\n{TEXT}{STOP}");
    let (heard, _) = hear(OpenAiChat, "", body.as_bytes());
    assert_eq!((&*heard.reasoning, &*heard.text), ("why", "a"));
}

#[test]
fn every_finish_reason_is_known_or_kept() {
    for (word, reason) in [
        ("length", FinishReason::Length),
        ("model_context_window_exceeded", FinishReason::Length),
        ("sensitive", FinishReason::ContentFilter),
        ("content_filter", FinishReason::ContentFilter),
        ("eos", FinishReason::Stop),
        ("novel", FinishReason::Other("novel".into())),
    ] {
        let tail = format!("data: {{\"choices\":[{{\"delta\":{{}},\"finish_reason\":\"{word}\"}}]}}\n\n");
        assert_eq!(after_text("", &tail).0.finish, Some(reason));
    }
}

#[test]
fn half_a_tool_call_is_dropped_at_the_limit_and_fails_otherwise() {
    let call = "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\"}}]}}]}\n\n";
    let end =
        |word| format!("{call}data: {{\"choices\":[{{\"delta\":{{}},\"finish_reason\":\"{word}\"}}]}}\n\n");
    let (heard, result) = after_text("", &end("length"));
    assert_eq!((result, heard.calls.len(), heard.finish), (Ok(()), 0, Some(FinishReason::Length)));
    assert_eq!(after_text("", &end("tool_calls")).1, Err(Kind::BadStream));
}

#[test]
fn a_body_that_is_no_answer_is_a_bad_response_or_what_it_says() {
    let both: &[Wire] = &[OpenAiChat, Anthropic];
    for (body, kind) in [
        ("", Kind::BadResponse),
        (" \n\n ", Kind::BadResponse),
        ("\u{feff}<!DOCTYPE html>", Kind::BadResponse),
        ("{}", Kind::BadResponse),
        ("[]", Kind::BadResponse),
        (r#"{"error":{"message":"boom"}}"#, Kind::BadResponse),
        (r#"{"error":{"message":"busy","code":503}}"#, Kind::Overloaded),
        (r#"{"error":{"message":"no","type":"authentication_error"}}"#, Kind::Auth),
        (r#"[{"error":{"message":"slow","code":429}}]"#, Kind::RateLimited),
        (r#"{"choices":[{"mess"#, Kind::Truncated),
        (r#"{"choices":[]} trailing"#, Kind::BadResponse),
    ] {
        for wire in both {
            assert_eq!(hear(*wire, "", body.as_bytes()).1, Err(kind), "{wire}: {body}");
        }
    }
    let body = r#"{"base_resp":{"status_code":2056,"status_msg":"usage limit"},"choices":[]}"#;
    assert_eq!(hear(OpenAiChat, "minimax", body.as_bytes()).1, Err(Kind::Quota));
    let body = r#"{"choices":[{"message":{"content":"a"},"finish_reason":null}]}"#;
    assert_eq!(hear(OpenAiChat, "", body.as_bytes()).1, Err(Kind::Truncated));
}
