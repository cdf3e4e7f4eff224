//! One open attempt.

use std::time::{Duration, Instant};

use super::super::book::{Entry, Limits};
use super::super::seam::Seam;
use crate::chat::{Attempt, FinishReason, Kind, Phase, Target, ToolCall, Usage};
use crate::error::Error;

/// The number of an attempt. No two of a request are alike, so that what comes late from an abandoned attempt
/// can never be taken for another's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct LegId(pub(super) u32);

/// Why another target is asked.
#[derive(Debug, Clone)]
pub(super) struct Cause {
    pub(super) from: Target,
    pub(super) kind: Kind,
    pub(super) phase: Phase,
}

/// An open attempt.
pub(super) struct Leg {
    pub(super) id: LegId,
    pub(super) link: usize,
    pub(super) entry: Entry,
    pub(super) attempt: Attempt,
    pub(super) limits: Limits,
    /// The provider accepted the request.
    pub(super) opened: bool,
    /// It has sent content, and thereby won.
    pub(super) speaks: bool,
    /// Its first content is late: another one may be running beside it.
    pub(super) late: bool,
    /// When the next target is started beside it.
    pub(super) patience_until: Instant,
    /// The failover that is told to the caller when this leg speaks, or when the other one fails.
    pub(super) cause: Option<Cause>,
    /// The joint still to be made.
    pub(super) seam: Option<Seam>,
    /// Until when text may be held back at the joint.
    pub(super) hold_until: Option<Instant>,
    /// All that was delivered becomes void when it speaks.
    pub(super) restarts: bool,
    pub(super) calls: Vec<ToolCall>,
    pub(super) usage: Option<Usage>,
    /// Characters of text and of thinking it has sent, weighed as tokens.
    pub(super) output: Output,
    pub(super) longest_gap: Duration,
    pub(super) finish: Option<Finish>,
}

/// What a leg has sent.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Output {
    pub(super) text: bool,
    pub(super) reasoning: bool,
    pub(super) bytes: u64,
}

/// The answer is complete; only what it cost may still come.
pub(super) struct Finish {
    pub(super) reason: FinishReason,
    pub(super) until: Instant,
}

impl Leg {
    /// How far it has come, given what it failed of.
    pub(super) fn phase(&self, kind: Kind) -> Phase {
        match kind {
            _ if self.speaks => Phase::MidStream,
            Kind::Connect | Kind::Tls | Kind::TimeoutConnect | Kind::Config if !self.opened => {
                Phase::BeforeSend
            }
            _ => Phase::BeforeFirstToken,
        }
    }

    /// What it used: as reported, or estimated.
    pub(super) fn usage(&self, prompt_tokens: u64) -> Usage {
        let written = self.output.bytes.div_ceil(4);
        match self.usage {
            Some(usage) if self.finish.is_some() => usage,
            Some(usage) => {
                Usage { output_tokens: usage.output_tokens.max(written), estimated: true, ..usage }
            }
            None if self.opened => Usage {
                input_tokens: prompt_tokens,
                output_tokens: written,
                estimated: true,
                ..Usage::default()
            },
            None => Usage::default(),
        }
    }
}

pub(super) fn truncated() -> Error {
    Error::new(Kind::Truncated, "the stream ended before the answer was complete")
}
