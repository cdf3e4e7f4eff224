//! Plain HTTP on loopback: what is sent, and what a failure is called.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use mainstay::catalog::{Catalog, Prefill, Vendor, Wire};
use mainstay::chat::{FinishReason, Kind, Message, Request};
use mainstay::error::Error;
use mainstay::provider::{Call, Delta, Endpoint, Http, HttpOptions, Provider, Tail};
use serde_json::{Value, json};
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const KEY: &str = "sk-test-0123456789abcdef";

fn connect(endpoint: Endpoint) -> Result<Arc<dyn Provider>, Error> {
    endpoint.connect(&Http::new(HttpOptions::default()), &Arc::new(Catalog::default()))
}

fn vendor(id: &str, server: &MockServer) -> Endpoint {
    Endpoint::vendor(Vendor::find(id).unwrap()).base_url(server.uri()).key(KEY)
}

fn call() -> Call {
    Call::new("m", Request::new([Message::user("hi")]))
}

fn prefilled(model: &str) -> Call {
    Call {
        tail: Tail::Prefill { text: "Once upon".into() },
        ..Call::new(model, Request::new([Message::user("hi")]))
    }
}

async fn listening(status: u16, body: &'static str) -> MockServer {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(status).set_body_raw(body, "text/event-stream");
    Mock::given(method("POST")).respond_with(answer).mount(&server).await;
    server
}

/// What was posted last: the path and the body.
async fn posted(server: &MockServer) -> (String, Value) {
    let request = server.received_requests().await.unwrap().pop().unwrap();
    (request.url.path().to_owned(), serde_json::from_slice(&request.body).unwrap())
}

async fn drain(provider: &dyn Provider, call: Call) -> Vec<Result<Delta, Error>> {
    match provider.open(call).await {
        Ok(stream) => stream.collect().await,
        Err(error) => vec![Err(error)],
    }
}

#[tokio::test]
async fn an_answer_comes_over_http() {
    let server = MockServer::start().await;
    let answer =
        ResponseTemplate::new(200).set_body_raw(include_str!("fixtures/deepseek.sse"), "text/event-stream");
    Mock::given(path("/chat/completions"))
        .and(header("authorization", format!("Bearer {KEY}").as_str()))
        .and(header("accept", "text/event-stream"))
        .and(header("content-type", "application/json"))
        .and(header("x-team", "search"))
        .and(header("user-agent", concat!("mainstay/", env!("CARGO_PKG_VERSION"))))
        .respond_with(answer)
        .mount(&server)
        .await;
    let provider = connect(vendor("deepseek", &server).header("X-Team", "search")).unwrap();
    let items = drain(&*provider, call()).await;
    assert_eq!(items.last().unwrap().as_ref().unwrap(), &Delta::Finish(FinishReason::Stop));
    assert!(items.iter().all(Result::is_ok));
}

#[tokio::test]
async fn an_anthropic_answer_comes_over_http() {
    for (base, end) in
        [("", "/v1/messages"), ("/v1", "/v1/messages"), ("/anthropic/", "/anthropic/v1/messages")]
    {
        let server = MockServer::start().await;
        let answer = ResponseTemplate::new(200).set_body_string(include_str!("fixtures/anthropic.json"));
        Mock::given(path(end))
            .and(header("x-api-key", KEY))
            .and(header("anthropic-version", "2023-06-01"))
            .respond_with(answer)
            .mount(&server)
            .await;
        let endpoint = Endpoint::new("a", Wire::Anthropic, format!("{}{base}", server.uri())).key(KEY);
        let items = drain(&*connect(endpoint).unwrap(), Call { stream: false, ..call() }).await;
        assert_eq!(items.last().unwrap().as_ref().unwrap(), &Delta::Finish(FinishReason::ToolCalls));
        assert_eq!(posted(&server).await.1["max_tokens"], 4096);
    }
}

#[tokio::test]
async fn the_beginning_of_an_answer_is_sent_in_each_vendors_form() {
    let last = |extra: Value| {
        let mut message = json!({"role": "assistant", "content": "Once upon"});
        message.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        message
    };
    for (id, model, extra, fields) in [
        ("deepseek", "m", json!({"prefix": true}), json!({"thinking": {"type": "disabled"}})),
        ("qwen", "m", json!({"partial": true}), json!({"enable_thinking": false})),
        ("moonshot", "m", json!({"partial": true}), json!({})),
        ("mistral", "m", json!({"prefix": true}), json!({})),
        ("groq", "m", json!({}), json!({})),
        ("anthropic", "claude-haiku-4-5", json!({}), json!({})),
    ] {
        let server = listening(200, "").await;
        let provider = connect(vendor(id, &server)).unwrap();
        assert!(provider.abilities(model).prefill, "{id}");
        drain(&*provider, prefilled(model)).await;
        let body = posted(&server).await.1;
        assert_eq!(body["messages"].as_array().unwrap().last().unwrap(), &last(extra), "{id}");
        for (name, value) in fields.as_object().unwrap() {
            assert_eq!(&body[name], value, "{id}");
        }
    }
    assert!(
        !connect(Endpoint::vendor(Vendor::find("anthropic").unwrap()))
            .unwrap()
            .abilities("claude-sonnet-5")
            .prefill
    );
}

#[tokio::test]
async fn the_beginning_of_an_answer_is_sent_in_each_configured_form() {
    for (form, name, value) in [
        (Prefill::TopLevel, "prefix", json!("Once upon")),
        (Prefill::ContinueFinalMessage, "continue_final_message", json!(true)),
        (Prefill::ContinueFinalMessage, "add_generation_prompt", json!(false)),
    ] {
        let server = listening(200, "").await;
        let endpoint = Endpoint::new("own", Wire::OpenAiChat, server.uri()).prefill(form);
        drain(&*connect(endpoint).unwrap(), prefilled("m")).await;
        let body = posted(&server).await.1;
        assert_eq!(body[name], value);
        let count = body["messages"].as_array().unwrap().len();
        assert_eq!(count, if form == Prefill::TopLevel { 1 } else { 2 });
    }
}

#[tokio::test]
async fn a_status_has_a_kind_and_the_key_is_never_shown() {
    for (status, body, kind) in [
        (301, "", Kind::BadResponse),
        (400, "", Kind::InvalidRequest),
        (401, "{\"error\":{\"message\":\"bad key sk-test-0123456789abcdef\"}}", Kind::Auth),
        (429, "", Kind::RateLimited),
        (500, "", Kind::ServerError),
        (503, "<html>", Kind::Overloaded),
    ] {
        let server = listening(status, body).await;
        let endpoint = vendor("openai", &server);
        assert!(!format!("{endpoint:?}").contains("0123456789"));
        let error = connect(endpoint).unwrap().open(call()).await.err().unwrap();
        assert_eq!((error.kind(), error.status()), (kind, Some(status)));
        assert!(!format!("{error} {error:?}").contains("0123456789"), "{error:?}");
    }
}

#[tokio::test]
async fn a_wait_is_heeded_on_refusals() {
    let server = MockServer::start().await;
    let answer =
        ResponseTemplate::new(429).insert_header("retry-after", "1").insert_header("retry-after-ms", "494");
    Mock::given(method("POST")).respond_with(answer).mount(&server).await;
    let error = connect(vendor("openai", &server)).unwrap().open(call()).await.err().unwrap();
    assert_eq!(error.retry_after(), Some(Duration::from_millis(494)));
}

/// A server of one raw answer, after which it closes the connection.
fn raw(answer: &'static [u8], hold: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let mut buffer = [0; 65536];
        let _ = socket.read(&mut buffer);
        let _ = socket.write_all(answer);
        if hold {
            let _ = socket.read_exact(&mut buffer);
        }
    });
    address
}

#[tokio::test]
async fn a_broken_connection_is_a_reset() {
    let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\ndata: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";
    for answer in
        [&b""[..], b"HTTP/1.1 200 OK\r\ncontent-le", head, b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"]
    {
        let provider = connect(Endpoint::new("a", Wire::OpenAiChat, raw(answer, false))).unwrap();
        let items = drain(&*provider, call()).await;
        assert_eq!(items.last().unwrap().as_ref().unwrap_err().kind(), Kind::Reset, "{items:?}");
        assert_eq!(items.len(), if answer == head { 2 } else { 1 });
    }
}

#[tokio::test]
async fn nobody_there_is_a_failed_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error =
        connect(Endpoint::new("a", Wire::OpenAiChat, address)).unwrap().open(call()).await.err().unwrap();
    assert_eq!(error.kind(), Kind::Connect);
}

#[tokio::test]
async fn a_refusal_whose_body_never_comes_is_known_by_its_status() {
    let answer = b"HTTP/1.1 503 Busy\r\ncontent-length: 100\r\n\r\n";
    let provider = connect(Endpoint::new("a", Wire::OpenAiChat, raw(answer, true))).unwrap();
    let error =
        tokio::time::timeout(Duration::from_secs(5), provider.open(call())).await.unwrap().err().unwrap();
    assert_eq!(error.kind(), Kind::Overloaded);
}

#[test]
fn an_endpoint_that_cannot_be_right_is_refused() {
    let own = |url: &str| Endpoint::new("own", Wire::OpenAiChat, url);
    for (endpoint, hint) in [
        (own("not an address"), "base_url"),
        (own("ftp://example.com"), "https://"),
        (own("http://example.com/v1"), "insecure"),
        (own("https://user:pass@example.com"), "password"),
        (own("https://example.com").key("a\nb"), "the key"),
        (own("https://example.com").header("X-A", "a\r\nb: c"), "X-A"),
        (own("https://example.com").header("X A", "b"), "X A"),
        (own("https://example.com").extra_body("model", json!("x")), "model"),
    ] {
        let error = connect(endpoint).err().unwrap();
        assert_eq!(error.kind(), Kind::Config, "{hint}");
        assert!(error.message().contains(hint) && !error.message().contains("a\nb"), "{error}");
    }
    assert!(connect(own("http://example.com/v1").insecure(true)).is_ok());
    assert!(connect(own("http://localhost:1234/v1")).is_ok());
}

#[tokio::test]
async fn a_prompt_of_two_megabytes_is_sent_whole() {
    let server = listening(200, "").await;
    let text = "长 text\n".repeat(250_000);
    let provider = connect(vendor("openai", &server).extra_body("service_tier", json!("flex"))).unwrap();
    drain(&*provider, Call::new("m", Request::user(text.clone()).max_tokens(7))).await;
    let body = posted(&server).await.1;
    assert_eq!(body["messages"][0]["content"], text);
    assert_eq!((&body["max_completion_tokens"], &body["service_tier"]), (&json!(7), &json!("flex")));
}
