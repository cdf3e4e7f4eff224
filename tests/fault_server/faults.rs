//! One promise after another, on both wires.

use std::time::Duration;

use mainstay::catalog::Wire;
use mainstay::testing::{Fault, FaultServer, Script};

use super::client::*;

const OFTEN: Duration = Duration::from_millis(10);

/// The first eight characters of the text.
const EIGHT: &str = "Hello, b";

fn ended(response: &Response) -> (Ending, bool) {
    (response.ending, response.whole)
}

#[tokio::test]
async fn a_status_comes_with_its_body_and_headers() {
    let faults = [
        (Fault::busy(), 503, "overloaded_error"),
        (Fault::server_error(), 500, "api_error"),
        (Fault::rate_limited(Duration::from_millis(1500)), 429, "retry-after: 2"),
        (Fault::rate_limited(None), 429, "rate_limit_error"),
        (Fault::unauthorized(), 401, "authentication_error"),
        (Fault::billing(), 402, "billing_error"),
        (Fault::model_not_found(), 404, "not_found_error"),
        (Fault::invalid_request(), 400, "invalid_request_error"),
        (Fault::context_too_long(), 400, "too long"),
        (Fault::status(529, "x", "y").header("content-type", "text/plain"), 529, "content-type: text/plain"),
    ];
    for (fault, status, part) in faults {
        let response = meet(Wire::Anthropic, true, fault).await;
        assert_eq!((response.status, ended(&response)), (status, (Ending::Fin, true)));
        let all = String::from_utf8(response.raw.clone()).unwrap();
        assert!(all.contains(part), "{all}");
        assert_eq!(all.matches("content-type").count(), 1);
        assert!(response.json()["error"]["message"].is_string());
    }
}

#[tokio::test]
async fn silence_before_headers_sends_nothing() {
    let response = meet(Wire::OpenAiChat, true, Fault::SilenceBeforeHeaders).await;
    assert_eq!((response.ending, response.raw.len()), (Ending::Silence, 0));
}

#[tokio::test]
async fn a_reset_before_headers_sends_nothing_but_the_reset() {
    let response = meet(Wire::OpenAiChat, true, Fault::ResetBeforeHeaders).await;
    assert_eq!((response.ending, response.raw.len()), (Ending::Reset, 0));
}

#[tokio::test]
async fn headers_then_silence_is_a_head_alone() {
    for stream in [true, false] {
        let response = meet(Wire::Anthropic, stream, Fault::HeadersThenSilence).await;
        assert_eq!((response.status, ended(&response)), (200, (Ending::Silence, false)));
        assert!(response.chunks.is_empty());
    }
}

#[tokio::test]
async fn comments_only_sends_comments_for_ever() {
    for (stream, comment) in [(true, ": keep-alive\n\n"), (false, "\n")] {
        let server =
            FaultServer::start(Script::answer(TEXT).fault(Fault::CommentsOnly(OFTEN))).await.unwrap();
        let open = send(server.address(), path(Wire::OpenAiChat), &hello(stream), false).await;
        let reading = tokio::time::timeout(Duration::from_millis(1500), read(open));
        assert!(reading.await.is_err(), "it never ends and is never silent");
        let response = meet(Wire::OpenAiChat, stream, Fault::CommentsOnly(Duration::from_secs(9))).await;
        assert_eq!(response.body(), comment);
    }
}

#[tokio::test]
async fn what_is_no_answer_comes_with_status_200() {
    for stream in [true, false] {
        let html = meet(Wire::OpenAiChat, stream, Fault::Html200).await;
        assert!(html.head.contains("text/html") && html.body().starts_with("<!DOCTYPE html>"));
        let empty = meet(Wire::OpenAiChat, stream, Fault::EmptyBody200).await;
        assert!(empty.head.contains("content-length: 0") && empty.body().is_empty());
        let error = meet(Wire::OpenAiChat, stream, Fault::ErrorObject200(r#"{"error":"no"}"#.into())).await;
        assert_eq!(error.json()["error"], "no");
        for response in [html, empty, error] {
            assert_eq!((response.status, ended(&response)), (200, (Ending::Fin, true)));
        }
    }
}

#[tokio::test]
async fn a_base_resp_is_an_event_or_a_body() {
    let event = &meet(Wire::OpenAiChat, true, Fault::BaseResp(1008)).await.events()[0];
    assert_eq!(event["base_resp"]["status_code"], 1008);
    let body = meet(Wire::OpenAiChat, false, Fault::BaseResp(1008)).await.json();
    assert_eq!(body["base_resp"]["status_code"], 1008);
}

#[tokio::test]
async fn a_finish_without_content_is_otherwise_complete() {
    for wire in WIRES {
        let response = meet(wire, true, Fault::FinishWithoutContent).await;
        assert_eq!((response.text().as_str(), response.is_marked_done()), ("", true));
        assert!(response.finish().is_some());
        let whole = meet(wire, false, Fault::FinishWithoutContent).await.json().to_string();
        assert!(!whole.contains("Hello") && whole.contains("stop"));
    }
}

#[tokio::test]
async fn a_cut_answer_ends_exactly_where_it_is_told_and_in_the_way_it_is_told() {
    let forms = [
        (Fault::ResetAfter(8), Ending::Reset, false),
        (Fault::CutMidChunk(8), Ending::Fin, false),
        (Fault::CloseCleanly(8), Ending::Fin, true),
        (Fault::Stall(8), Ending::Silence, false),
        (Fault::StallWithComments(8, Duration::from_secs(9)), Ending::Silence, false),
        (Fault::EmptyDeltas(8, Duration::from_secs(9)), Ending::Silence, false),
        (Fault::TurnsToHtml(8), Ending::Fin, true),
    ];
    for wire in WIRES {
        let cuts = forms.iter().map(|(fault, ending, whole)| cut_at_eight(wire, fault, (*ending, *whole)));
        futures_util::future::join_all(cuts).await;
    }
}

async fn cut_at_eight(wire: Wire, fault: &Fault, expected: (Ending, bool)) {
    let response = meet(wire, true, fault.clone()).await;
    assert_eq!(ended(&response), expected, "{fault:?}");
    assert_eq!(response.text(), EIGHT, "{fault:?}");
    assert_eq!((response.finish(), response.is_marked_done()), (None, false));

    let response = meet(wire, false, fault.clone()).await;
    assert_eq!((response.status, ended(&response)), (200, expected), "{fault:?}");
    let body = response.body();
    assert!(body.contains(EIGHT) && !body.contains("Hello, bi"), "{fault:?}: {body}");
    assert!(serde_json::from_str::<serde_json::Value>(&body).is_err());
}

#[tokio::test]
async fn a_position_may_be_the_beginning_the_end_or_behind_it() {
    for (after, text) in [(0, ""), (1, "H"), (TEXT.chars().count(), TEXT), (999, TEXT)] {
        let response = meet(Wire::Anthropic, true, Fault::ResetAfter(after)).await;
        assert_eq!((response.text().as_str(), response.finish()), (text, None));
    }
}

#[tokio::test]
async fn a_tool_call_can_be_cut_inside_its_arguments() {
    let script = Script::answer("ab").tool_call("look", r#"{"at":"sea"}"#).fault(Fault::CloseCleanly(5));
    let server = FaultServer::start(script).await.unwrap();
    let body = post(server.address(), path(Wire::Anthropic), &hello(true)).await.body();
    assert!(body.contains("look") && body.contains(r#""partial_json":"{\"a""#), "{body}");
}

#[tokio::test]
async fn a_reset_at_a_byte_has_exactly_the_bytes_before_it() {
    let healthy = meet(Wire::OpenAiChat, true, Fault::Healthy).await.chunks.concat();
    for bytes in [0, 1, 200, healthy.len() / 2, healthy.len()] {
        let response = meet(Wire::OpenAiChat, true, Fault::ResetAtByte(bytes)).await;
        assert_eq!((response.ending, response.whole), (Ending::Reset, false));
        assert_eq!(response.chunks.concat(), healthy[..bytes]);
    }
}

#[tokio::test]
async fn done_without_finish_has_the_marker_alone() {
    for wire in WIRES {
        let response = meet(wire, true, Fault::DoneWithoutFinish(8)).await;
        assert_eq!(
            (response.text().as_str(), response.finish(), response.is_marked_done()),
            (EIGHT, None, true)
        );
        let whole = meet(wire, false, Fault::DoneWithoutFinish(8)).await.json();
        assert!(whole["choices"][0]["finish_reason"].is_null() && whole["stop_reason"].is_null());
    }
}

#[tokio::test]
async fn a_stall_may_be_filled_with_comments_or_with_empty_deltas() {
    for wire in WIRES {
        let server = FaultServer::start(Script::answer(TEXT)).await.unwrap();
        for (fault, filler) in [
            (Fault::StallWithComments(8, OFTEN), ": keep-alive\n\n"),
            (
                Fault::EmptyDeltas(8, OFTEN),
                if wire == Wire::Anthropic { r#""text":"""# } else { r#""content":"""# },
            ),
        ] {
            server.set(Script::answer(TEXT).fault(fault));
            let mut open = send(server.address(), path(wire), &hello(true), false).await;
            let mut seen = Vec::new();
            while String::from_utf8_lossy(&seen).matches(filler).count() < 6 {
                tokio::io::AsyncReadExt::read_buf(&mut open, &mut seen).await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn an_in_band_error_is_an_event_of_its_wire() {
    for (wire, line) in [(Wire::OpenAiChat, "data: {"), (Wire::Anthropic, "event: error\ndata: {")] {
        let response = meet(wire, true, Fault::overloaded_after(8)).await;
        assert_eq!((response.text().as_str(), response.finish(), response.whole), (EIGHT, None, true));
        assert_eq!(response.events().last().unwrap()["error"]["type"], "overloaded_error");
        assert!(response.body().contains(line));
        let whole = meet(wire, false, Fault::overloaded_after(8)).await.json();
        assert_eq!(whole["error"]["type"], "overloaded_error");
    }
}

#[tokio::test]
async fn a_finish_reason_stands_on_the_wire_as_it_is_written() {
    for wire in WIRES {
        let fault = Fault::FinishReason(8, "insufficient_system_resource".into());
        let response = meet(wire, true, fault.clone()).await;
        assert_eq!(response.text(), EIGHT);
        assert_eq!(response.finish().as_deref(), Some("insufficient_system_resource"));
        let whole = meet(wire, false, fault).await.body();
        assert!(whole.contains("insufficient_system_resource") && !whole.contains("Hello, bi"));
    }
}

#[tokio::test]
async fn a_corrupt_event_swallows_its_text_and_the_rest_is_healthy() {
    for wire in WIRES {
        let response = meet(wire, true, Fault::CorruptEvent(6)).await;
        assert_eq!(response.text(), "Hello, world. 四五六 🦀!");
        assert!(response.finish().is_some() && response.is_marked_done());
        assert!(response.body().lines().any(|line| line.ends_with("\"del")));
        let whole = meet(wire, false, Fault::CorruptEvent(6)).await.body();
        assert!(serde_json::from_str::<serde_json::Value>(&whole).is_err());
    }
}

#[tokio::test]
async fn noise_takes_nothing_from_the_answer() {
    for wire in WIRES {
        let response = meet(wire, true, Fault::Noise).await;
        assert_eq!((response.text().as_str(), response.is_marked_done()), (TEXT, true));
        let body = response.body();
        for noise in [": keep-alive", "data: \n", "ping", "heartbeat"] {
            assert!(body.contains(noise), "{noise}");
        }
    }
}

#[tokio::test]
async fn after_the_finish_the_marker_may_be_missing_or_an_error_or_silence() {
    for wire in WIRES {
        for (fault, ending, whole) in [
            (Fault::MissingDone, Ending::Fin, true),
            (Fault::ErrorAfterFinish, Ending::Fin, true),
            (Fault::NeverDone, Ending::Silence, false),
        ] {
            let response = meet(wire, true, fault.clone()).await;
            assert_eq!(ended(&response), (ending, whole), "{fault:?}");
            assert_eq!((response.text().as_str(), response.is_marked_done()), (TEXT, false));
            assert!(response.finish().is_some());
            let error = response.events().last().unwrap()["error"].is_object();
            assert_eq!(error, fault == Fault::ErrorAfterFinish);
        }
    }
}

#[tokio::test]
async fn other_writes_are_the_same_body() {
    for wire in WIRES {
        for stream in [true, false] {
            let healthy = meet(wire, stream, Fault::Healthy).await.chunks.concat();
            let bytes = meet(wire, stream, Fault::OneByteWrites).await;
            assert_eq!((bytes.whole, bytes.chunks.len()), (true, healthy.len()));
            assert_eq!(bytes.chunks.concat(), healthy);
            let split = meet(wire, stream, Fault::SplitAt(33)).await;
            assert_eq!(split.chunks, [&healthy[..33], &healthy[33..]]);
            let drip = meet(wire, stream, Fault::Drip(100, Duration::from_millis(1))).await;
            assert_eq!(drip.chunks, healthy.chunks(100).collect::<Vec<_>>());
        }
    }
}
