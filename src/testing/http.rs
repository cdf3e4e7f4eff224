//! HTTP/1.1 by hand: reading a request, and performing a plan to the byte.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::plan::{End, Head, Plan};

const MAX_HEAD: usize = 64 * 1024;
const MAX_BODY: usize = 64 * 1024 * 1024;
const MAX_HEADERS: usize = 128;

/// A request as it came.
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    /// Names in lower case.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Request {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.trim())
    }

    /// Whether the client wants the connection closed behind the response.
    pub(super) fn is_last(&self) -> bool {
        self.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"))
    }
}

/// Reads one request. What was read beyond it stays in `buffer`. `None` if the client left before it was whole.
///
/// # Errors
///
/// `InvalidData` if it is not HTTP, is too large, or its length is not told by `content-length`.
pub(super) async fn read_request(
    input: &mut (impl AsyncRead + Unpin),
    buffer: &mut Vec<u8>,
) -> io::Result<Option<Request>> {
    let (head, mut request) = loop {
        if let Some(parsed) = parse_head(buffer)? {
            break parsed;
        }
        if input.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    };
    let length = body_length(&request)?;
    while buffer.len() < head + length {
        if input.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    }
    request.body = String::from_utf8_lossy(&buffer[head..head + length]).into_owned();
    buffer.drain(..head + length);
    Ok(Some(request))
}

/// The head, and how many bytes it has; `None` if it is not whole yet.
fn parse_head(buffer: &[u8]) -> io::Result<Option<(usize, Request)>> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    let length = match parsed.parse(buffer).map_err(invalid)? {
        httparse::Status::Complete(length) => length,
        httparse::Status::Partial if buffer.len() > MAX_HEAD => return Err(invalid("head too large")),
        httparse::Status::Partial => return Ok(None),
    };
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let request = Request {
        method: parsed.method.unwrap_or_default().to_owned(),
        path: parsed.path.unwrap_or_default().to_owned(),
        headers: parsed.headers.iter().map(|h| (h.name.to_ascii_lowercase(), text(h.value))).collect(),
        body: String::new(),
    };
    Ok(Some((length, request)))
}

fn body_length(request: &Request) -> io::Result<usize> {
    if request.header("transfer-encoding").is_some() {
        return Err(invalid("send a content-length"));
    }
    let length = request.header("content-length").map_or(Ok(0), str::parse).map_err(invalid)?;
    if length > MAX_BODY { Err(invalid("body too large")) } else { Ok(length) }
}

fn invalid(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, cause)
}

/// Sends the plan up to its end. Returns only for an end that can be reached.
pub(super) async fn perform(plan: &Plan, output: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
    let Some(head) = &plan.head else {
        return match plan.end {
            End::Silence => std::future::pending().await,
            _ => Ok(()),
        };
    };
    let sized = head.sized;
    output.write_all(head_text(head, plan).as_bytes()).await?;
    for step in &plan.steps {
        pause(step.wait).await;
        let framed = if sized { step.bytes.clone() } else { chunk(&step.bytes) };
        output.write_all(&framed).await?;
    }
    match &plan.end {
        End::Complete | End::Close if sized => Ok(()),
        End::Complete | End::Close => output.write_all(b"0\r\n\r\n").await,
        End::MidChunk => output.write_all(b"40\r\n{\"").await,
        End::Reset => Ok(()),
        End::Silence => std::future::pending().await,
        End::Repeat(text, every) => loop {
            output.write_all(&chunk(text.as_bytes())).await?;
            pause((*every).max(Duration::from_millis(1))).await;
        },
    }
}

fn head_text(head: &Head, plan: &Plan) -> String {
    let mut text = format!("HTTP/1.1 {} {}\r\n", head.status, reason(head.status));
    for (name, value) in &head.headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if head.sized {
        let length: usize = plan.steps.iter().map(|step| step.bytes.len()).sum();
        text.push_str(&format!("content-length: {length}\r\n"));
    } else {
        text.push_str("transfer-encoding: chunked\r\n");
    }
    if plan.end != End::Complete {
        text.push_str("connection: close\r\n");
    }
    text.push_str("\r\n");
    text
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        408 => "Request Timeout",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Status",
    }
}

/// An empty chunk would end the body, so nothing is nothing.
fn chunk(bytes: &[u8]) -> Vec<u8> {
    if bytes.is_empty() {
        return Vec::new();
    }
    let mut framed = format!("{:x}\r\n", bytes.len()).into_bytes();
    framed.extend_from_slice(bytes);
    framed.extend_from_slice(b"\r\n");
    framed
}

/// Lets the client run even where there is nothing to wait for.
async fn pause(wait: Duration) {
    if wait.is_zero() {
        tokio::task::yield_now().await;
    } else {
        tokio::time::sleep(wait).await;
    }
}
