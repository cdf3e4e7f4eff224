//! An answer's bytes in, its pieces out; no socket, no clock.
//!
//! It decides what kind of body this is (events, an answer in one piece, something else) and when it is over.
//! What an event means is left to the wire.

use std::collections::VecDeque;

use serde::Deserialize;
use serde_json::Value;

use super::call::Delta;
use super::complaint::Complaint;
use super::judge::Judge;
use super::sse::{CAP, Sse, Stop};
use super::{anthropic, openai_chat};
use crate::catalog::{ErrorRule, Wire};
use crate::chat::Kind;
use crate::error::Error;

/// The most bytes that are read of an error that stands among events.
const STRAY_CAP: usize = 64 * 1024;

/// How far an answer has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// More is to come.
    Open,
    /// The wire's terminal marker was seen; usage may follow.
    Finished,
    /// Nothing will follow.
    Done,
}

/// What a wire makes of what comes in.
pub(super) trait Decode: Send {
    /// Takes one event of a stream.
    fn event(&mut self, data: String, out: &mut VecDeque<Delta>) -> Result<(), Error>;

    /// Takes an answer that came in one piece.
    fn whole(&mut self, body: &str, out: &mut VecDeque<Delta>) -> Result<(), Error>;

    /// How far the answer has come.
    fn progress(&self) -> Progress;

    /// How many events were passed over because they could not have held text.
    fn noise(&self) -> u64;

    /// Who names the failures.
    fn judge(&self) -> &Judge;
}

/// The reader of one answer. Not for applications: it is public so that tests can cut an answer anywhere.
#[doc(hidden)]
pub struct Tape {
    body: Body,
    decoder: Box<dyn Decode>,
}

enum Body {
    /// Nothing but white space so far.
    Start,
    Events(Box<Sse>),
    Whole(Vec<u8>),
    /// Bare JSON among the events.
    Stray(Vec<u8>),
    Over,
}

enum Break {
    Stop(Stop),
    Failed(Error),
}

impl From<Stop> for Break {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

impl Tape {
    /// A tape of an answer on `wire`, from a vendor with these error codes.
    pub fn new(wire: Wire, errors: &'static [ErrorRule]) -> Self {
        let judge = Judge { vendor: errors, wire: rules(wire), secrets: [].into(), prefilled: false };
        Self::of(decoder(wire, judge, None))
    }

    pub(super) fn of(decoder: Box<dyn Decode>) -> Self {
        Self { body: Body::Start, decoder }
    }

    /// Takes in a piece of the body, of any size. What could be read before a failure is in `out`.
    ///
    /// # Errors
    ///
    /// The failure that the answer ends with; nothing may be pushed after it.
    pub fn push(&mut self, bytes: &[u8], out: &mut VecDeque<Delta>) -> Result<(), Error> {
        let result = self.take(bytes, out);
        if result.is_err() || self.decoder.progress() == Progress::Done {
            self.body = Body::Over;
        }
        self.forgive(result)
    }

    /// Takes note of the clean end of the body.
    ///
    /// # Errors
    ///
    /// [`Kind::Truncated`] if the answer is not complete, or the failure that the body as a whole stands for.
    pub fn end(&mut self, out: &mut VecDeque<Delta>) -> Result<(), Error> {
        let result = match std::mem::replace(&mut self.body, Body::Over) {
            Body::Start => Err(Error::new(Kind::BadResponse, "the answer is empty")),
            Body::Whole(bytes) => self.whole(&bytes, out),
            Body::Stray(bytes) => Err(self.stray(&bytes)),
            Body::Events(_) => {
                Err(Error::new(Kind::Truncated, "the stream ended before the answer was complete"))
            }
            Body::Over => Ok(()),
        };
        self.forgive(result)
    }

    /// Whether the answer is complete.
    pub fn is_finished(&self) -> bool {
        self.decoder.progress() != Progress::Open
    }

    /// Whether nothing more will come out.
    pub fn is_over(&self) -> bool {
        matches!(self.body, Body::Over)
    }

    /// How many events were passed over.
    pub fn noise(&self) -> u64 {
        self.decoder.noise()
    }

    /// After the end of an answer no failure matters.
    fn forgive(&self, result: Result<(), Error>) -> Result<(), Error> {
        if self.is_finished() { Ok(()) } else { result }
    }

    fn take(&mut self, bytes: &[u8], out: &mut VecDeque<Delta>) -> Result<(), Error> {
        match &mut self.body {
            Body::Start => self.start(bytes, out),
            Body::Events(_) => self.events(bytes, out),
            Body::Whole(body) => gather(body, bytes, CAP),
            Body::Stray(_) => self.gather_stray(bytes),
            Body::Over => Ok(()),
        }
    }

    fn start(&mut self, bytes: &[u8], out: &mut VecDeque<Delta>) -> Result<(), Error> {
        // A byte-order mark counts as white space here.
        let blank = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, 0xef | 0xbb | 0xbf);
        let Some(at) = bytes.iter().position(|byte| !blank(byte)) else { return Ok(()) };
        let rest = &bytes[at..];
        match rest[0] {
            b'<' => return Err(Error::new(Kind::BadResponse, "the server answered with a page of HTML")),
            b'{' | b'[' => self.body = Body::Whole(Vec::new()),
            _ => self.body = Body::Events(Box::new(Sse::new())),
        }
        self.take(rest, out)
    }

    fn events(&mut self, bytes: &[u8], out: &mut VecDeque<Delta>) -> Result<(), Error> {
        let Body::Events(sse) = &mut self.body else { return Ok(()) };
        let decoder = &mut self.decoder;
        let result = sse.push(bytes, |data| match decoder.progress() {
            Progress::Done => Ok(()),
            _ => decoder.event(data, out).map_err(Break::Failed),
        });
        match result {
            Ok(()) => Ok(()),
            Err(Break::Failed(error)) => Err(error),
            Err(Break::Stop(Stop::Json(at))) => {
                self.body = Body::Stray(Vec::new());
                self.gather_stray(&bytes[at..])
            }
            Err(Break::Stop(stop)) => Err(Error::new(Kind::BadStream, reason(stop))),
        }
    }

    /// Keeps bare JSON until it is whole: a connection that stays open must not hide what it says.
    fn gather_stray(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let Body::Stray(body) = &mut self.body else { return Ok(()) };
        gather(body, bytes, STRAY_CAP)?;
        if !bytes.iter().any(|byte| matches!(byte, b'}' | b']')) {
            return Ok(());
        }
        let body = std::mem::take(body);
        match first_value(&body) {
            Err(error) if error.is_eof() => {
                self.body = Body::Stray(body);
                Ok(())
            }
            _ => Err(self.stray(&body)),
        }
    }

    fn stray(&self, bytes: &[u8]) -> Error {
        match first_value(bytes) {
            Ok(value) if value.get(0).unwrap_or(&value).get("error").is_some() => {
                self.decoder.judge().in_band(&Complaint::of_value(&value))
            }
            _ => Error::new(Kind::BadStream, "the stream turned into something that is no event"),
        }
    }

    fn whole(&mut self, bytes: &[u8], out: &mut VecDeque<Delta>) -> Result<(), Error> {
        let Ok(body) = std::str::from_utf8(bytes) else {
            return Err(Error::new(Kind::BadResponse, "the answer is not UTF-8"));
        };
        self.decoder.whole(body, out)
    }
}

/// The JSON that these bytes begin with, whatever follows it.
fn first_value(bytes: &[u8]) -> serde_json::Result<Value> {
    Value::deserialize(&mut serde_json::Deserializer::from_slice(bytes))
}

fn gather(body: &mut Vec<u8>, bytes: &[u8], cap: usize) -> Result<(), Error> {
    if body.len() + bytes.len() > cap {
        return Err(Error::new(Kind::BadResponse, "the answer is larger than anything sensible"));
    }
    body.extend_from_slice(bytes);
    Ok(())
}

fn reason(stop: Stop) -> &'static str {
    match stop {
        Stop::TooLarge => "an event of the stream is larger than anything sensible",
        Stop::NotText => "the stream holds bytes that are not UTF-8",
        Stop::Html => "the stream turned into HTML",
        Stop::Json(_) => "the stream turned into JSON",
    }
}

/// The rules that all who speak this wire have in common.
pub(super) fn rules(wire: Wire) -> &'static [ErrorRule] {
    match wire {
        Wire::OpenAiChat => openai_chat::RULES,
        Wire::Anthropic => anthropic::RULES,
    }
}

/// The decoder of one answer on this wire. `side_field` is where a vendor may put an error beside the answer.
pub(super) fn decoder(wire: Wire, judge: Judge, side_field: Option<&'static str>) -> Box<dyn Decode> {
    match wire {
        Wire::OpenAiChat => Box::new(openai_chat::Decoder::new(judge, side_field)),
        Wire::Anthropic => Box::new(anthropic::Decoder::new(judge)),
    }
}

/// The failure of an answer in one piece that cannot be read.
pub(super) fn unreadable(error: &serde_json::Error) -> Error {
    if error.is_eof() {
        return Error::new(Kind::Truncated, "the answer ended in the middle");
    }
    Error::new(Kind::BadResponse, "the answer is not what it should be")
        .with_source(Opaque(error.line(), error.column()))
}

/// Where a document stops making sense. A parser's own words may quote it.
#[derive(Debug, thiserror::Error)]
#[error("JSON does not fit at line {0} column {1}")]
struct Opaque(usize, usize);
