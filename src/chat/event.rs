//! What the caller reads while an answer comes.

use serde::{Deserialize, Serialize};

use super::{Attempt, Cost, FinishReason, Kind, Mode, Phase, Target, ToolCall, Usage};

/// One thing that happened to an answer, in order.
///
/// The text of an answer is the concatenation of [`Event::Text`] after the last [`Event::Restart`]. A stream
/// ends with [`Event::Finish`], or with an error: never with neither.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// The request begins.
    Start {
        /// Who is asked first.
        target: Target,
        /// All targets of the chain, in order.
        chain: Vec<Target>,
        /// Targets that are passed over, and why.
        skipped: Vec<Skipped>,
    },
    /// A piece of the answer, never empty. It is never said again.
    Text {
        /// The piece.
        text: String,
    },
    /// A piece of the model's thinking.
    Reasoning {
        /// The piece.
        text: String,
        /// True on the first piece after a seam: the thinking began anew.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        restarted: bool,
    },
    /// A complete tool call.
    ToolCall(ToolCall),
    /// Nothing has come for a while. It is told after 1 s of silence, then each time that has doubled.
    Waiting {
        /// Who is waited for.
        target: Target,
        /// For how long it has been silent, in milliseconds.
        silent_ms: u64,
        /// After how many more milliseconds of silence the next target is asked.
        next_ms: u64,
    },
    /// Another target takes over.
    Failover {
        /// Who failed.
        from: Target,
        /// Who is asked now.
        to: Target,
        /// Why.
        reason: Kind,
        /// How far `from` had come.
        phase: Phase,
        /// In which form `to` is asked.
        mode: Mode,
        /// After how many characters (Unicode scalar values) of the answer.
        after_chars: u64,
    },
    /// The joint between two targets was made.
    Seam {
        /// In which form.
        mode: Mode,
        /// How many characters of the continuation were a repetition and left out.
        dropped_chars: u64,
        /// For how long the answer stood still, in milliseconds.
        silence_ms: u64,
    },
    /// All text before this is void; the answer begins again.
    Restart {
        /// Why.
        reason: Kind,
    },
    /// The answer is complete.
    Finish {
        /// Why the model stopped.
        reason: FinishReason,
        /// Who contributed to the answer, in order.
        served_by: Vec<Target>,
        /// What all attempts used.
        usage: Usage,
        /// What all attempts cost, where all prices are known and of one currency.
        #[serde(skip_serializing_if = "Option::is_none")]
        cost: Option<Cost>,
        /// All attempts.
        attempts: Vec<Attempt>,
        /// The longest time between two pieces of content, in milliseconds.
        longest_gap_ms: u64,
    },
}

/// A target that was passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// Who.
    pub target: Target,
    /// Why, in words.
    pub reason: String,
}
