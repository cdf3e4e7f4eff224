//! The answers themselves, the server's memory, and its life.

use std::time::{Duration, Instant};

use mainstay::catalog::Wire;
use mainstay::chat::{FinishReason, Usage};
use mainstay::testing::{Fault, FaultServer, RefusedAddress, Script};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::client::*;

async fn until(what: impl Fn() -> bool) {
    let start = Instant::now();
    while !what() {
        assert!(start.elapsed() < Duration::from_secs(5), "it never came to be");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test]
async fn a_healthy_stream_is_complete_on_both_wires() {
    for (wire, stop) in [(Wire::OpenAiChat, "stop"), (Wire::Anthropic, "end_turn")] {
        let response = meet(wire, true, Fault::Healthy).await;
        assert_eq!((response.status, response.ending, response.whole), (200, Ending::Fin, true));
        assert!(response.head.contains("content-type: text/event-stream"));
        assert_eq!((response.text().as_str(), response.finish().as_deref()), (TEXT, Some(stop)));
        assert!(response.is_marked_done());
        assert!(response.chunks.len() > 5, "one event per word");
    }
}

#[tokio::test]
async fn without_streaming_the_answer_is_one_json_text() {
    let openai = meet(Wire::OpenAiChat, false, Fault::Healthy).await.json();
    assert_eq!(openai["choices"][0]["message"]["content"], TEXT);
    assert_eq!(openai["choices"][0]["finish_reason"], "stop");
    let anthropic = meet(Wire::Anthropic, false, Fault::Healthy).await.json();
    assert_eq!(anthropic["content"][0]["text"], TEXT);
    assert_eq!(anthropic["stop_reason"], "end_turn");
}

#[tokio::test]
async fn reasoning_tool_calls_finish_and_usage_are_in_the_form_of_each_wire() {
    let usage = Usage { input_tokens: 7, output_tokens: 5, cached_tokens: Some(3), ..Usage::default() };
    let script =
        Script::answer("Let me see.").reasoning("Hm, hm.").tool_call("look", r#"{"at":"sea"}"#).usage(usage);
    let server = FaultServer::start(script).await.unwrap();
    let mut request = hello(true);
    request["stream_options"] = json!({ "include_usage": true });

    let openai = post(server.address(), path(Wire::OpenAiChat), &request).await;
    let events = openai.events();
    let deltas = || events.iter().map(|event| &event["choices"][0]["delta"]);
    let thought: String = deltas().filter_map(|delta| delta["reasoning_content"].as_str()).collect();
    assert_eq!(thought, "Hm, hm.");
    let calls = || deltas().map(|delta| &delta["tool_calls"][0]);
    assert_eq!(calls().find_map(|call| call["function"]["name"].as_str()), Some("look"));
    let arguments: String = calls().filter_map(|call| call["function"]["arguments"].as_str()).collect();
    assert_eq!(arguments, r#"{"at":"sea"}"#);
    assert_eq!(openai.finish().as_deref(), Some("tool_calls"));
    assert_eq!(events.last().unwrap()["usage"]["prompt_tokens"], 7);

    let anthropic = post(server.address(), path(Wire::Anthropic), &request).await;
    let events = anthropic.events();
    let kinds: Vec<_> = events.iter().filter_map(|event| event["content_block"]["type"].as_str()).collect();
    assert_eq!(kinds, ["thinking", "text", "tool_use"]);
    let arguments: String =
        events.iter().filter_map(|event| event["delta"]["partial_json"].as_str()).collect();
    assert_eq!(arguments, r#"{"at":"sea"}"#);
    assert_eq!(anthropic.finish().as_deref(), Some("tool_use"));
    assert_eq!(events[0]["message"]["usage"]["input_tokens"], 4);
    assert_eq!(events[0]["message"]["usage"]["cache_read_input_tokens"], 3);
    let opened = events.iter().filter(|event| event["type"] == "content_block_start").count();
    let closed = events.iter().filter(|event| event["type"] == "content_block_stop").count();
    assert_eq!((opened, closed), (3, 3));
}

#[tokio::test]
async fn usage_is_streamed_only_to_those_who_ask() {
    let events = meet(Wire::OpenAiChat, true, Fault::Healthy).await.events();
    assert!(events.iter().all(|event| event["usage"].is_null()));
}

#[tokio::test]
async fn a_reason_to_finish_has_the_word_of_its_wire() {
    for (wire, word) in [(Wire::OpenAiChat, "length"), (Wire::Anthropic, "max_tokens")] {
        let script = Script::answer(TEXT).finish(FinishReason::Length);
        let server = FaultServer::start(script).await.unwrap();
        let response = post(server.address(), path(wire), &hello(true)).await;
        assert_eq!(response.finish().as_deref(), Some(word));
    }
}

#[tokio::test]
async fn events_hold_as_many_characters_as_the_script_says_and_come_at_its_pace() {
    let script = Script::answer("abcdef")
        .pieces_of(2)
        .pace(Duration::from_millis(10))
        .delay(Duration::from_millis(30));
    let server = FaultServer::start(script).await.unwrap();
    let start = Instant::now();
    let response = post(server.address(), path(Wire::OpenAiChat), &hello(true)).await;
    assert!(start.elapsed() >= Duration::from_millis(70), "{:?}", start.elapsed());
    let pieces: Vec<_> = response
        .events()
        .iter()
        .filter_map(|e| e["choices"][0]["delta"]["content"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(pieces, ["", "ab", "cd", "ef"]);
}

#[tokio::test]
async fn the_nth_request_meets_the_nth_fault_and_then_the_last_one() {
    let faults = [Fault::busy(), Fault::Healthy];
    let script =
        Script::answer("ok").faults(faults).fault_once(Fault::billing()).fault(Fault::server_error());
    let server = FaultServer::start(script).await.unwrap();
    let mut statuses = Vec::new();
    for _ in 0..5 {
        statuses.push(post(server.address(), path(Wire::OpenAiChat), &hello(true)).await.status);
    }
    assert_eq!(statuses, [503, 200, 402, 500, 500]);
    server.set(Script::answer("back"));
    assert_eq!(post(server.address(), path(Wire::OpenAiChat), &hello(true)).await.text(), "back");
}

#[tokio::test]
async fn requests_are_remembered_as_they_came() {
    let server = FaultServer::start(Script::answer("ok")).await.unwrap();
    post(server.address(), "/beta/chat/completions?x=1", &hello(true)).await;
    let request = &server.requests()[0];
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/beta/chat/completions?x=1"));
    assert_eq!(request.header("host"), Some("x"));
    assert_eq!(request.json(), hello(true));
    assert!(request.left_early.is_none());
}

#[tokio::test]
async fn a_client_that_leaves_early_is_noticed_at_once() {
    let server = FaultServer::start(Script::answer(TEXT).fault(Fault::Stall(5))).await.unwrap();
    let mut stream = send(server.address(), path(Wire::OpenAiChat), &hello(true), false).await;
    stream.read_u8().await.unwrap();
    assert_eq!(server.open_connections(), 1);
    assert!(server.requests()[0].left_early.is_none());
    drop(stream);
    until(|| server.open_connections() == 0).await;
    assert!(server.requests()[0].left_early.is_some());
}

#[tokio::test]
async fn a_connection_serves_one_request_after_another() {
    let server = FaultServer::start(Script::answer("ok").fault_once(Fault::busy())).await.unwrap();
    let body = hello(false).to_string();
    let head = format!("POST /v1/messages HTTP/1.1\r\ncontent-length: {}\r\n", body.len());
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let both = format!("{head}\r\n{body}{head}connection: close\r\n\r\n{body}");
    stream.write_all(both.as_bytes()).await.unwrap();
    let mut read = String::new();
    stream.read_to_string(&mut read).await.unwrap();
    assert!(read.starts_with("HTTP/1.1 503 ") && read.contains("HTTP/1.1 200 OK"), "{read}");
}

#[tokio::test]
async fn models_are_listed_and_other_paths_are_not_found() {
    let server = FaultServer::start(Script::answer("ok").fault(Fault::busy())).await.unwrap();
    for (line, expected) in [("GET /v1/models", "test-model"), ("GET /v1/nothing", "404"), ("HELLO", "400")] {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        stream.write_all(format!("{line} HTTP/1.1\r\nconnection: close\r\n\r\n").as_bytes()).await.unwrap();
        let mut read = String::new();
        stream.read_to_string(&mut read).await.unwrap();
        assert!(read.contains(expected), "{read}");
    }
}

#[tokio::test]
async fn a_refused_address_refuses_for_as_long_as_it_lives() {
    let refused = RefusedAddress::new().unwrap();
    for _ in 0..3 {
        let error = TcpStream::connect(refused.address()).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionRefused);
    }
}

#[tokio::test]
async fn a_dropped_server_takes_its_connections_with_it() {
    let server = FaultServer::start(Script::answer(TEXT).fault(Fault::Stall(5))).await.unwrap();
    let address = server.address();
    let mut stream = send(address, path(Wire::OpenAiChat), &hello(true), false).await;
    stream.read_u8().await.unwrap();
    drop(server);
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut rest)).await;
    assert!(ended.is_ok(), "the connection outlived the server");
    assert!(TcpStream::connect(address).await.is_err());
}
