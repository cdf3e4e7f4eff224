//! What a fault server remembers of a request.

use std::fmt;
use std::time::Instant;

use super::http::Request;

/// A request as a [`FaultServer`](super::FaultServer) received it.
#[derive(Clone)]
#[non_exhaustive]
pub struct Received {
    /// The HTTP method.
    pub method: String,
    /// The path, with its query.
    pub path: String,
    /// The headers in their order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
    /// When it had arrived in full.
    pub arrived: Instant,
    /// When the client closed the connection, if it did so before the response was complete.
    pub left_early: Option<Instant>,
}

impl Received {
    pub(super) fn new(request: Request) -> Self {
        let Request { method, path, headers, body } = request;
        Self {
            method,
            path,
            headers,
            body,
            arrived: tokio::time::Instant::now().into_std(),
            left_early: None,
        }
    }

    /// The value of the first header of this lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; null if it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

impl fmt::Debug for Received {
    /// Without headers, which may hold a key, and without the conversation.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("body_bytes", &self.body.len())
            .field("left_early", &self.left_early.is_some())
            .finish_non_exhaustive()
    }
}
