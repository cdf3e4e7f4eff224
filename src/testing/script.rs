//! What a fault server answers, as a value.
//!
//! A script says what the answer is, how it is cut into events, which request meets which fault, and what
//! happens when a request brings the beginning of the answer along.

use std::collections::VecDeque;
use std::time::Duration;

use super::continuation::Continuation;
use super::fault::Fault;
use crate::chat::{FinishReason, ToolCall, Usage};

/// What a [`FaultServer`](super::FaultServer) answers to chat requests, on either wire.
///
/// ```
/// use std::time::Duration;
/// use mainstay::testing::{Continuation, Fault, Script};
///
/// let flaky = Script::answer("The sea is salty because rivers carry salt into it.")
///     .pace(Duration::from_millis(20))
///     .fault_once(Fault::busy())          // the first request
///     .fault_once(Fault::ResetAfter(17))  // the second; from the third on all is well
///     .continuation(Continuation::Overlap(6));
/// # let _ = flaky;
/// ```
#[derive(Debug, Clone)]
pub struct Script {
    pub(super) text: String,
    pub(super) reasoning: Option<String>,
    pub(super) tool_calls: Vec<ToolCall>,
    pub(super) pieces: Pieces,
    pub(super) delay: Duration,
    pub(super) pace: Duration,
    pub(super) usage: Option<Usage>,
    pub(super) finish: Option<FinishReason>,
    pub(super) queue: VecDeque<Fault>,
    pub(super) fault: Fault,
    pub(super) on_prefill: Continuation,
    pub(super) on_instruct: Continuation,
}

/// How a text is cut into events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pieces {
    Words,
    Chars(usize),
}

impl Script {
    /// A healthy server that answers this text to everybody, word by word and without delay.
    pub fn answer(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            reasoning: None,
            tool_calls: Vec::new(),
            pieces: Pieces::Words,
            delay: Duration::ZERO,
            pace: Duration::ZERO,
            usage: None,
            finish: None,
            queue: VecDeque::new(),
            fault: Fault::Healthy,
            on_prefill: Continuation::GoOn,
            on_instruct: Continuation::GoOn,
        }
    }

    /// Thinks this aloud before a fresh answer; a continuation does not think.
    #[must_use]
    pub fn reasoning(mut self, text: impl Into<String>) -> Self {
        self.reasoning = Some(text.into());
        self
    }

    /// Asks for a tool after the text. `arguments` is JSON text.
    #[must_use]
    pub fn tool_call(mut self, name: impl Into<String>, arguments: impl Into<String>) -> Self {
        let id = format!("call_{}", self.tool_calls.len() + 1);
        self.tool_calls.push(ToolCall { id, name: name.into(), arguments: arguments.into() });
        self
    }

    /// Sends events of this many characters instead of words. 0 counts as 1.
    #[must_use]
    pub fn pieces_of(mut self, chars: usize) -> Self {
        self.pieces = Pieces::Chars(chars.max(1));
        self
    }

    /// Waits this long between the response's headers and its first event.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Waits this long between two events.
    #[must_use]
    pub fn pace(mut self, pace: Duration) -> Self {
        self.pace = pace;
        self
    }

    /// Reports this usage. Unset, it is 10 tokens of input, and one of output per event.
    #[must_use]
    pub fn usage(mut self, usage: Usage) -> Self {
        self.usage = Some(usage);
        self
    }

    /// Finishes for this reason. Unset, it is `tool_calls` if there are any, else `stop`.
    #[must_use]
    pub fn finish(mut self, reason: FinishReason) -> Self {
        self.finish = Some(reason);
        self
    }

    /// Every request meets this fault, once those queued by [`fault_once`](Self::fault_once) and
    /// [`faults`](Self::faults) are used up.
    #[must_use]
    pub fn fault(mut self, fault: Fault) -> Self {
        self.fault = fault;
        self
    }

    /// The next request that has none yet meets this fault: the first call is for the first request, the
    /// second call for the second.
    #[must_use]
    pub fn fault_once(mut self, fault: Fault) -> Self {
        self.queue.push_back(fault);
        self
    }

    /// The next requests meet these faults, one each. Use [`Fault::Healthy`] for one that meets none.
    #[must_use]
    pub fn faults(mut self, faults: impl IntoIterator<Item = Fault>) -> Self {
        self.queue.extend(faults);
        self
    }

    /// What happens when a request brings the beginning of the answer along, in whatever form.
    #[must_use]
    pub fn continuation(self, continuation: Continuation) -> Self {
        self.on_prefill(continuation.clone()).on_instruct(continuation)
    }

    /// What happens when a request ends in the beginning of the answer.
    #[must_use]
    pub fn on_prefill(mut self, continuation: Continuation) -> Self {
        self.on_prefill = continuation;
        self
    }

    /// What happens when the beginning of the answer is followed by a user message that asks to go on.
    #[must_use]
    pub fn on_instruct(mut self, continuation: Continuation) -> Self {
        self.on_instruct = continuation;
        self
    }

    /// The fault for the next request.
    pub(super) fn next_fault(&mut self) -> Fault {
        self.queue.pop_front().unwrap_or_else(|| self.fault.clone())
    }
}
