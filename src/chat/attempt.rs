//! One try at one target, as it is told to the caller.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::failure::words;
use super::{Cost, Kind, Phase, Target, Usage};

words! {
    /// How an attempt ended.
    Outcome {
        /// It finished the answer.
        Completed = "completed",
        /// It failed before any content.
        Failed = "failed",
        /// It failed after some content.
        Cut = "cut",
        /// Another attempt, started because this one was silent, sent content first.
        LostHedge = "lost_hedge",
        /// The caller gave the request up while it ran.
        Cancelled = "cancelled",
    }
}

words! {
    /// In which form a target was asked.
    Mode {
        /// The request as the caller gave it.
        Fresh = "fresh",
        /// With the text so far as the beginning of the answer, in the vendor's own form.
        Prefill = "prefill",
        /// With the text so far quoted and the instruction to go on.
        Instruct = "instruct",
        /// From the beginning, all text so far being void.
        Restart = "restart",
    }
}

/// One try at one target. Times are milliseconds since the request began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Attempt {
    /// Who was asked.
    pub target: Target,
    /// How far it had come when it ended.
    pub phase: Phase,
    /// How it ended.
    pub outcome: Outcome,
    /// In which form it was asked.
    pub mode: Mode,
    /// What went wrong, unless it completed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// The HTTP status, where one was received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// What the provider said about the failure, at most 200 characters of it; never a key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// When it was started.
    pub started_ms: u64,
    /// When its first content came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_token_ms: Option<u64>,
    /// When it ended.
    pub ended_ms: u64,
    /// What it used; estimated where the provider could not say.
    pub usage: Usage,
    /// What it cost, where the price is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<Cost>,
}

impl Attempt {
    /// An attempt that starts at `started_ms`; the other fields are set as it goes.
    pub fn new(target: Target, mode: Mode, started_ms: u64) -> Self {
        Self {
            target,
            phase: Phase::BeforeSend,
            outcome: Outcome::Cancelled,
            mode,
            kind: None,
            status: None,
            message: None,
            started_ms,
            first_token_ms: None,
            ended_ms: started_ms,
            usage: Usage::default(),
            cost: None,
        }
    }
}
