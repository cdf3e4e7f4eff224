//! The ways in which an answer can go wrong, as data.
//!
//! What each one puts on the wire is decided in `plan`; when it happens is decided by the
//! [`Script`](super::Script).

use std::time::Duration;

use serde_json::json;

/// One way in which a server fails, or is merely difficult.
///
/// A position (`after`) counts the characters (Unicode scalar values) of this response: the answer's text,
/// then the arguments of its tool calls. Reasoning does not count and always comes first. A position behind
/// the end means the whole answer, without its finish. The events are cut exactly there, in the middle of a
/// word if need be.
///
/// Without streaming the same things happen to the one JSON body: it is cut inside the text at `after`, and
/// blank lines stand for comments and empty deltas.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// None: the answer comes as scripted.
    #[default]
    Healthy,

    /// An HTTP status instead of an answer.
    Status {
        /// The status.
        code: u16,
        /// The body, usually JSON.
        body: String,
        /// Further headers, for example `retry-after`.
        headers: Vec<(String, String)>,
    },
    /// The request is read and nothing is ever sent.
    SilenceBeforeHeaders,
    /// Status 200 and its headers, then nothing.
    HeadersThenSilence,
    /// Status 200, then keep-alive comments at this interval, for ever.
    CommentsOnly(Duration),
    /// The request is read, then the connection is reset (TCP RST).
    ResetBeforeHeaders,
    /// Status 200 with a page of HTML.
    Html200,
    /// Status 200 with no body at all.
    EmptyBody200,
    /// Status 200 with this JSON as its body, whatever was asked for.
    ErrorObject200(String),
    /// Status 200 with `base_resp.status_code` set to this number, in an event if a stream was asked for.
    BaseResp(i64),
    /// A proper finish, and no content before it.
    FinishWithoutContent,

    /// The connection is reset (TCP RST).
    ResetAfter(usize),
    /// The connection is reset (TCP RST) after this many bytes of the healthy response's body.
    ResetAtByte(usize),
    /// The connection is closed (TCP FIN) in the middle of an HTTP chunk.
    CutMidChunk(usize),
    /// The HTTP body ends properly, but without finish and terminal marker.
    CloseCleanly(usize),
    /// The terminal marker comes (`[DONE]`, `message_stop`), but no finish reason before it.
    DoneWithoutFinish(usize),
    /// Silence; the connection stays open.
    Stall(usize),
    /// Only keep-alive comments, at this interval, for ever.
    StallWithComments(usize, Duration),
    /// Only events with empty text, at this interval, for ever.
    EmptyDeltas(usize, Duration),
    /// An event that holds this JSON, then the end of the body. Without streaming, it is the body.
    InBandError(usize, String),
    /// The answer ends there with this word as finish reason, put on the wire as it is.
    FinishReason(usize, String),
    /// The next event breaks off inside its JSON (its text is lost); the rest comes normally.
    CorruptEvent(usize),
    /// A page of HTML follows, and the end of the body.
    TurnsToHtml(usize),

    /// Complete, with comments, pings, empty data and unknown events between the events.
    Noise,
    /// Complete with its finish reason, then the end of the body without the terminal marker.
    MissingDone,
    /// Complete with its finish reason, then an error event and the end of the body.
    ErrorAfterFinish,
    /// Complete with its finish reason, then silence.
    NeverDone,
    /// Complete, in pieces of this many bytes at this interval.
    Drip(usize, Duration),
    /// Complete, in two pieces: this many bytes of the body, and the rest.
    SplitAt(usize),
    /// Complete, byte by byte. Each byte is an HTTP chunk of its own, so a client sees it alone however TCP
    /// joins the packets.
    OneByteWrites,
}

impl Fault {
    /// A status with an error body that both wires understand.
    pub fn status(code: u16, error_type: &str, message: &str) -> Self {
        Self::Status { code, body: error_body(error_type, message), headers: Vec::new() }
    }

    /// 503, busy.
    pub fn busy() -> Self {
        Self::status(503, "overloaded_error", "The server is busy. Please try again later.")
    }

    /// 500, an internal error.
    pub fn server_error() -> Self {
        Self::status(500, "api_error", "Internal server error")
    }

    /// 429. `retry_after` is sent in whole seconds, rounded up; `None` sends no such header.
    pub fn rate_limited(retry_after: impl Into<Option<Duration>>) -> Self {
        let fault = Self::status(429, "rate_limit_error", "Rate limit reached");
        match retry_after.into() {
            Some(wait) => fault.header("retry-after", wait.as_secs_f64().ceil().to_string()),
            None => fault,
        }
    }

    /// 401, a refused key.
    pub fn unauthorized() -> Self {
        Self::status(401, "authentication_error", "Invalid API key")
    }

    /// 402, no credit.
    pub fn billing() -> Self {
        Self::status(402, "billing_error", "Insufficient balance")
    }

    /// 404, an unknown model.
    pub fn model_not_found() -> Self {
        Self::status(404, "not_found_error", "The model does not exist")
    }

    /// 400, a broken request.
    pub fn invalid_request() -> Self {
        Self::status(400, "invalid_request_error", "Invalid request")
    }

    /// 400, a conversation that does not fit the context window.
    pub fn context_too_long() -> Self {
        Self::status(400, "invalid_request_error", "prompt is too long: 200001 tokens > 200000 maximum")
    }

    /// An error event inside the stream that says the provider is overloaded.
    pub fn overloaded_after(after: usize) -> Self {
        Self::InBandError(after, error_body("overloaded_error", "Overloaded"))
    }

    /// Adds a header to a [`Fault::Status`]; other faults are unchanged.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        if let Self::Status { headers, .. } = &mut self {
            headers.push((name.into(), value.into()));
        }
        self
    }
}

/// An error object in a form that both wires understand.
pub(super) fn error_body(error_type: &str, message: &str) -> String {
    let error = json!({ "type": error_type, "message": message, "code": null, "param": null });
    json!({ "type": "error", "error": error }).to_string()
}
