//! An answer in events, and what each fault makes of it.

use std::collections::VecDeque;
use std::time::Duration;

use super::{Answer, EVENTS, End, HTML, Head, Plan, Render, Step, content, reshape};
use crate::testing::fault::{Fault, error_body};
use crate::testing::pieces::{Piece, divide};
use crate::testing::render::COMMENT;
use crate::testing::script::Script;

/// A response under way: what was said so far, and what is still to say.
pub(super) struct Tape {
    render: Box<dyn Render>,
    steps: Vec<Step>,
    left: Vec<Piece>,
    finish: String,
    pace: Duration,
}

impl Tape {
    pub(super) fn new(
        script: &Script,
        mut render: Box<dyn Render>,
        answer: Answer,
        left: Vec<Piece>,
    ) -> Self {
        let opening = Step { wait: script.delay, bytes: render.open().into_bytes() };
        let finish = render.word(&answer.finish);
        Self { render, steps: vec![opening], left, finish, pace: script.pace }
    }

    /// The plan for this fault.
    pub(super) fn play(self, fault: &Fault) -> Plan {
        let again = |text: &str, every: &Duration| End::Repeat(text.to_owned(), *every);
        match fault {
            Fault::FinishWithoutContent => self.silent().finish().done().end(End::Complete),
            Fault::ResetAfter(after) => self.until(*after).end(End::Reset),
            Fault::ResetAtByte(bytes) => self.all().first_bytes(*bytes).end(End::Reset),
            Fault::CutMidChunk(after) => self.until(*after).end(End::MidChunk),
            Fault::CloseCleanly(after) => self.until(*after).end(End::Close),
            Fault::DoneWithoutFinish(after) => self.until(*after).done().end(End::Complete),
            Fault::Stall(after) => self.until(*after).end(End::Silence),
            Fault::StallWithComments(after, every) => self.until(*after).end(again(COMMENT, every)),
            Fault::EmptyDeltas(after, every) => self.until(*after).empty_deltas(*every),
            Fault::InBandError(after, json) => self.until(*after).error(json).end(End::Complete),
            Fault::FinishReason(after, word) => self.until(*after).finish_as(word).done().end(End::Complete),
            Fault::CorruptEvent(after) => self.until(*after).corrupt().all().end(End::Complete),
            Fault::TurnsToHtml(after) => self.until(*after).raw(HTML).end(End::Close),
            Fault::Noise => self.all().noisy().end(End::Complete),
            Fault::MissingDone => self.until(usize::MAX).finish().end(End::Close),
            Fault::ErrorAfterFinish => {
                let json = error_body("api_error", "Internal server error");
                self.until(usize::MAX).finish().error(&json).end(End::Complete)
            }
            Fault::NeverDone => self.until(usize::MAX).finish().end(End::Silence),
            Fault::Drip(bytes, every) => self.all().in_pieces(*bytes, *bytes, *every),
            Fault::SplitAt(byte) => self.all().in_pieces(*byte, usize::MAX, Duration::ZERO),
            Fault::OneByteWrites => self.all().in_pieces(1, 1, Duration::ZERO),
            _ => self.all().end(End::Complete),
        }
    }

    fn raw(mut self, text: &str) -> Self {
        self.steps.push(Step { wait: self.pace, bytes: text.as_bytes().to_vec() });
        self
    }

    /// Says this many more characters.
    fn until(mut self, after: usize) -> Self {
        let (now, later) = divide(std::mem::take(&mut self.left), after);
        self.left = later;
        for piece in now {
            let text = self.render.piece(&piece);
            self = self.raw(&text);
        }
        self
    }

    /// Says all that is left, and finishes.
    fn all(self) -> Self {
        self.until(usize::MAX).finish().done()
    }

    fn silent(mut self) -> Self {
        self.left.clear();
        self
    }

    fn finish(self) -> Self {
        let word = self.finish.clone();
        self.finish_as(&word)
    }

    fn finish_as(mut self, word: &str) -> Self {
        let text = self.render.finish(word);
        self.raw(&text)
    }

    fn done(self) -> Self {
        let text = self.render.done();
        self.raw(&text)
    }

    fn error(self, json: &str) -> Self {
        let text = self.render.error(json);
        self.raw(&text)
    }

    /// Breaks the next event; what it would have said is lost.
    fn corrupt(mut self) -> Self {
        let mut left: VecDeque<Piece> = std::mem::take(&mut self.left).into();
        left.pop_front();
        self.left = left.into();
        let text = self.render.corrupt();
        self.raw(&text)
    }

    fn noisy(mut self) -> Self {
        let noise = self.render.noise();
        let loud = |(at, step): (usize, Step)| {
            let bytes = noise[at % noise.len()].clone().into_bytes();
            [Step { wait: Duration::ZERO, bytes }, step]
        };
        self.steps = self.steps.into_iter().enumerate().flat_map(loud).collect();
        self
    }

    fn first_bytes(mut self, bytes: usize) -> Self {
        let mut left = bytes;
        for step in &mut self.steps {
            step.bytes.truncate(left);
            left -= step.bytes.len();
        }
        self.steps.retain(|step| !step.bytes.is_empty());
        self
    }

    /// The first empty delta may have to open a block, those after it are alike.
    fn empty_deltas(mut self, every: Duration) -> Plan {
        let empty = Piece::Text(String::new());
        let first = self.render.piece(&empty);
        let again = self.render.piece(&empty);
        self.raw(&first).end(End::Repeat(again, every))
    }

    fn in_pieces(mut self, first: usize, size: usize, every: Duration) -> Plan {
        self.steps = reshape(self.steps, first, size, every);
        self.end(End::Complete)
    }

    fn end(self, end: End) -> Plan {
        let head = Head { status: 200, headers: vec![content(EVENTS)], sized: false };
        Plan { head: Some(head), steps: self.steps, end }
    }
}
