//! Bytes in, the `data` of server-sent events out.
//!
//! This is the only file that names the crate that does the parsing. What that crate forgives, as its
//! specification demands, is told here, because forgiving it could lose a word in silence: bytes that are not
//! UTF-8, a line of HTML, a line of bare JSON. What the data means is left to the wires.

use std::num::NonZeroUsize;

use memchr::memchr2;
use sse_core::{SseDecoder, SseEvent};

/// The most bytes one event, or one answer in one piece, may have.
pub(super) const CAP: usize = 16 * 1024 * 1024;

/// What ends the events, other than the end of the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// An event is over the cap.
    TooLarge,
    /// The bytes are not UTF-8.
    NotText,
    /// A line begins like HTML.
    Html,
    /// A line begins like JSON; it starts at this offset of the bytes pushed last.
    Json(usize),
}

/// The reader of one stream. After a [`Stop`] it must not be used again.
pub(super) struct Sse {
    decoder: SseDecoder,
    utf8: Utf8,
    line_start: bool,
}

impl Sse {
    pub(super) fn new() -> Self {
        let cap = NonZeroUsize::new(CAP).unwrap_or(NonZeroUsize::MAX);
        Self { decoder: SseDecoder::with_limit(cap), utf8: Utf8::default(), line_start: true }
    }

    /// Reads a piece of any size. The events before a [`Stop`] are handed out before it is returned.
    pub(super) fn push<E: From<Stop>>(
        &mut self,
        bytes: &[u8],
        mut event: impl FnMut(String) -> Result<(), E>,
    ) -> Result<(), E> {
        let valid = self.utf8.valid(bytes);
        let (end, stop) = match self.stray(&bytes[..valid]) {
            Some((at, stop)) => (at, Some(stop)),
            None => (valid, (valid < bytes.len()).then_some(Stop::NotText)),
        };
        let mut rest = &bytes[..end];
        while let Some(next) = self.decoder.next(&mut rest) {
            match next {
                Ok(SseEvent::Message(message)) => event(message.data)?,
                Ok(SseEvent::Retry(_)) => {}
                Err(_) => return Err(Stop::TooLarge.into()),
            }
        }
        stop.map_or(Ok(()), |stop| Err(stop.into()))
    }

    /// The first line that is no line of an event stream.
    fn stray(&mut self, bytes: &[u8]) -> Option<(usize, Stop)> {
        let mut at = 0;
        while at < bytes.len() {
            match bytes[at] {
                b'<' if self.line_start => return Some((at, Stop::Html)),
                b'{' | b'[' if self.line_start => return Some((at, Stop::Json(at))),
                _ => {}
            }
            let Some(end) = memchr2(b'\n', b'\r', &bytes[at..]) else {
                self.line_start = false;
                return None;
            };
            self.line_start = true;
            at += end + 1;
        }
        None
    }
}

/// Checks text that comes in pieces.
#[derive(Default)]
struct Utf8 {
    split: [u8; 4],
    len: usize,
}

impl Utf8 {
    /// How many of these bytes go on with valid UTF-8. A character that is not yet complete counts as valid.
    fn valid(&mut self, bytes: &[u8]) -> usize {
        let mut at = 0;
        while self.len > 0 && at < bytes.len() {
            self.split[self.len] = bytes[at];
            match std::str::from_utf8(&self.split[..=self.len]) {
                Ok(_) => self.len = 0,
                Err(error) if error.error_len().is_some() => return at,
                Err(_) => self.len += 1,
            }
            at += 1;
        }
        match std::str::from_utf8(&bytes[at..]) {
            Ok(_) => bytes.len(),
            Err(error) if error.error_len().is_some() => at + error.valid_up_to(),
            Err(error) => {
                let split = &bytes[at + error.valid_up_to()..];
                self.split[..split.len()].copy_from_slice(split);
                self.len = split.len();
                bytes.len()
            }
        }
    }
}

#[cfg(test)]
mod tests;
