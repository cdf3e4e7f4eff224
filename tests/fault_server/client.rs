//! A client that hides nothing: how a response ended, in which chunks it came, and what its events said.

use std::net::SocketAddr;
use std::time::Duration;

use mainstay::catalog::Wire;
use mainstay::testing::{Fault, FaultServer, Script};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) const TEXT: &str = "Hello, big world. 四五六 🦀!";
pub(crate) const WIRES: [Wire; 2] = [Wire::OpenAiChat, Wire::Anthropic];

/// Silence this long is silence for ever.
const PATIENCE: Duration = Duration::from_millis(500);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Fin,
    Reset,
    Silence,
}

/// A response, as it came.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) raw: Vec<u8>,
    pub(crate) chunks: Vec<Vec<u8>>,
    /// Whether the HTTP body came to its proper end.
    pub(crate) whole: bool,
    pub(crate) ending: Ending,
}

impl Response {
    pub(crate) fn body(&self) -> String {
        String::from_utf8(self.chunks.concat()).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body()).unwrap()
    }

    /// The data of each event that is JSON.
    pub(crate) fn events(&self) -> Vec<Value> {
        let body = self.body();
        body.lines()
            .filter_map(|l| l.strip_prefix("data: "))
            .filter_map(|d| serde_json::from_str(d).ok())
            .collect()
    }

    pub(crate) fn text(&self) -> String {
        let piece = |event: &Value| {
            let openai = event["choices"][0]["delta"]["content"].as_str();
            openai.or(event["delta"]["text"].as_str()).map(str::to_owned)
        };
        self.events().iter().filter_map(piece).collect()
    }

    pub(crate) fn finish(&self) -> Option<String> {
        let word = |event: &Value| {
            let openai = event["choices"][0]["finish_reason"].as_str();
            openai.or(event["delta"]["stop_reason"].as_str()).map(str::to_owned)
        };
        self.events().iter().find_map(word)
    }

    pub(crate) fn is_marked_done(&self) -> bool {
        self.body().contains("data: [DONE]\n\n") || self.body().contains("event: message_stop\n")
    }
}

pub(crate) fn path(wire: Wire) -> &'static str {
    match wire {
        Wire::OpenAiChat => "/v1/chat/completions",
        _ => "/v1/messages",
    }
}

pub(crate) fn body(stream: bool, messages: Value) -> Value {
    json!({ "model": "m", "stream": stream, "max_tokens": 99, "messages": messages })
}

pub(crate) fn hello(stream: bool) -> Value {
    body(stream, json!([{ "role": "user", "content": "Hi" }]))
}

pub(crate) async fn send(address: SocketAddr, path: &str, body: &Value, last: bool) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let body = body.to_string();
    let connection = if last { "close" } else { "keep-alive" };
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: {connection}\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    stream
}

pub(crate) async fn read(mut stream: TcpStream) -> Response {
    let mut raw = Vec::new();
    let ending = loop {
        match tokio::time::timeout(PATIENCE, stream.read_buf(&mut raw)).await {
            Err(_) => break Ending::Silence,
            Ok(Ok(0)) => break Ending::Fin,
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
                break Ending::Reset;
            }
        }
    };
    decode(raw, ending)
}

pub(crate) async fn post(address: SocketAddr, path: &str, body: &Value) -> Response {
    read(send(address, path, body, true).await).await
}

/// What a new server with this fault answers.
pub(crate) async fn meet(wire: Wire, stream: bool, fault: Fault) -> Response {
    let server = FaultServer::start(Script::answer(TEXT).fault(fault)).await.unwrap();
    post(server.address(), path(wire), &hello(stream)).await
}

fn decode(raw: Vec<u8>, ending: Ending) -> Response {
    let Some(split) = raw.windows(4).position(|bytes| bytes == b"\r\n\r\n") else {
        return Response { status: 0, head: String::new(), raw, chunks: Vec::new(), whole: false, ending };
    };
    let head = String::from_utf8(raw[..split].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let rest = &raw[split + 4..];
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let (chunks, whole) = match length {
        Some(length) => (vec![rest.to_vec()], rest.len() == length.parse::<usize>().unwrap()),
        None => unchunk(rest),
    };
    Response { status, head, raw, chunks, whole, ending }
}

fn unchunk(mut rest: &[u8]) -> (Vec<Vec<u8>>, bool) {
    let mut chunks = Vec::new();
    while let Some(line) = rest.windows(2).position(|bytes| bytes == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..line]).unwrap(), 16).unwrap();
        let from = line + 2;
        if size == 0 {
            return (chunks, rest[from..] == *b"\r\n");
        }
        if rest.len() < from + size + 2 {
            return (chunks, false);
        }
        chunks.push(rest[from..from + size].to_vec());
        rest = &rest[from + size + 2..];
    }
    (chunks, false)
}
