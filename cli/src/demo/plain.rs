//! What a plain client shows for the same fault: one request, the text as it comes, no second thought.
//!
//! As most clients do, it passes over an event that it cannot read, and takes the end of the stream for the
//! end of the answer. It speaks just enough HTTP to be a fair witness.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use mainstay::catalog::Wire;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long the witness waits for a server before it gives up on it.
const PATIENCE: Duration = Duration::from_secs(2);

/// What was seen.
#[derive(Debug)]
pub(super) struct Seen {
    /// The text that was shown.
    pub(super) text: String,
    /// How it ended, in words.
    pub(super) end: String,
}

/// Asks the server at this address.
pub(super) async fn ask(address: SocketAddr, wire: Wire) -> Seen {
    let mut read = Vec::new();
    let end = match tokio::time::timeout(PATIENCE, exchange(address, wire, &mut read)).await {
        Err(_) => format!("nothing more in {} s", PATIENCE.as_secs()),
        Ok(Err(error)) => match error.kind() {
            io::ErrorKind::ConnectionReset => "connection reset".to_owned(),
            _ => error.to_string(),
        },
        Ok(Ok(())) => "presented as the whole answer".to_owned(),
    };
    let (head, body) = split_head(&read);
    match status(head) {
        Some(200) | None => Seen { text: text(wire, &unchunked(head, body)), end },
        Some(code) => Seen { text: String::new(), end: format!("HTTP {code}") },
    }
}

async fn exchange(address: SocketAddr, wire: Wire, read: &mut Vec<u8>) -> io::Result<()> {
    let path = match wire {
        Wire::Anthropic => "/v1/messages",
        _ => "/v1/chat/completions",
    };
    let body = json!({
        "model": "one", "stream": true, "max_tokens": 500,
        "messages": [{ "role": "user", "content": super::QUESTION }],
    })
    .to_string();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(format!("{head}{body}").as_bytes()).await?;
    while stream.read_buf(read).await? > 0 {}
    Ok(())
}

fn split_head(read: &[u8]) -> (&[u8], &[u8]) {
    match read.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
        Some(at) => (&read[..at], &read[at + 4..]),
        None => (read, &[]),
    }
}

fn status(head: &[u8]) -> Option<u16> {
    std::str::from_utf8(head).ok()?.split(' ').nth(1)?.parse().ok()
}

/// The body without the frames of HTTP's chunks, as far as it came.
fn unchunked(head: &[u8], mut body: &[u8]) -> Vec<u8> {
    if !String::from_utf8_lossy(head).to_ascii_lowercase().contains("transfer-encoding: chunked") {
        return body.to_vec();
    }
    let mut plain = Vec::new();
    while let Some(end) = body.windows(2).position(|bytes| bytes == b"\r\n") {
        let size =
            std::str::from_utf8(&body[..end]).ok().and_then(|text| usize::from_str_radix(text, 16).ok());
        let Some(size) = size.filter(|size| *size > 0) else { break };
        let data = &body[end + 2..];
        plain.extend_from_slice(&data[..size.min(data.len())]);
        body = data.get(size + 2..).unwrap_or_default();
    }
    plain
}

fn text(wire: Wire, body: &[u8]) -> String {
    let body = String::from_utf8_lossy(body);
    let events = body.lines().filter_map(|line| line.strip_prefix("data:"));
    let pieces = events.filter_map(|data| {
        let event: Value = serde_json::from_str(data.trim()).ok()?;
        let piece = match wire {
            Wire::Anthropic => &event["delta"]["text"],
            _ => &event["choices"][0]["delta"]["content"],
        };
        piece.as_str().map(str::to_owned)
    });
    pieces.collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use mainstay::testing::{Fault, FaultServer, Script};

    use super::*;

    async fn seen(fault: Fault, wire: Wire) -> Seen {
        let server = FaultServer::start(Script::answer("one two three 四 five").fault(fault)).await.unwrap();
        ask(server.address(), wire).await
    }

    #[tokio::test]
    async fn a_healthy_answer_is_read_whole() {
        for wire in [Wire::OpenAiChat, Wire::Anthropic] {
            assert_eq!(seen(Fault::Healthy, wire).await.text, "one two three 四 five");
        }
    }

    #[tokio::test]
    async fn a_fault_is_met_without_a_second_thought() {
        for wire in [Wire::OpenAiChat, Wire::Anthropic] {
            let cut = seen(Fault::ResetAfter(5), wire).await;
            assert_eq!((cut.text.as_str(), cut.end.as_str()), ("one t", "connection reset"));
            assert_eq!(seen(Fault::busy(), wire).await.end, "HTTP 503");
            assert_ne!(seen(Fault::CorruptEvent(4), wire).await.text, "one two three 四 five");
        }
    }
}
