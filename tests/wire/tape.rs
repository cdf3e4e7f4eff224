//! What a tape says, in a form that is easy to compare.

use std::collections::VecDeque;

use mainstay::catalog::{ErrorRule, Vendor, Wire};
use mainstay::chat::{FinishReason, Kind, ToolCall, Usage};
use mainstay::error::Error;
use mainstay::provider::{Delta, Tape};

/// An answer as recorded.
pub(crate) struct Fixture {
    pub(crate) name: &'static str,
    pub(crate) wire: Wire,
    pub(crate) body: &'static str,
}

pub(crate) const STREAMS: &[Fixture] = &[
    Fixture { name: "deepseek", wire: Wire::OpenAiChat, body: include_str!("fixtures/deepseek.sse") },
    Fixture { name: "qwen", wire: Wire::OpenAiChat, body: include_str!("fixtures/qwen.sse") },
    Fixture { name: "minimax", wire: Wire::OpenAiChat, body: include_str!("fixtures/minimax.sse") },
    Fixture { name: "openai", wire: Wire::OpenAiChat, body: include_str!("fixtures/openai.sse") },
    Fixture { name: "anthropic", wire: Wire::Anthropic, body: include_str!("fixtures/anthropic.sse") },
];

pub(crate) const WHOLE: &[Fixture] = &[
    Fixture { name: "openai", wire: Wire::OpenAiChat, body: include_str!("fixtures/openai.json") },
    Fixture { name: "anthropic", wire: Wire::Anthropic, body: include_str!("fixtures/anthropic.json") },
];

/// All that an answer said.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Heard {
    pub(crate) text: String,
    pub(crate) reasoning: String,
    pub(crate) calls: Vec<ToolCall>,
    pub(crate) usage: Option<Usage>,
    pub(crate) finish: Option<FinishReason>,
}

impl Heard {
    pub(crate) fn of(deltas: impl IntoIterator<Item = Delta>) -> Self {
        let mut heard = Self::default();
        for delta in deltas {
            match delta {
                Delta::Text(text) => heard.text.push_str(&text),
                Delta::Reasoning(text) => heard.reasoning.push_str(&text),
                Delta::ToolCall(call) => heard.calls.push(call),
                Delta::Usage(usage) => heard.usage = Some(usage),
                Delta::Finish(reason) => assert_eq!(heard.finish.replace(reason), None, "two ends"),
                _ => {}
            }
            assert!(heard.finish.is_none() || heard.calls.len() < 9);
        }
        heard
    }
}

/// Plays pieces of a body to their clean end.
pub(crate) fn play<'a>(
    wire: Wire,
    vendor: &str,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> (Vec<Delta>, Result<(), Error>) {
    let mut tape = Tape::new(wire, errors(vendor));
    let mut out = VecDeque::new();
    for piece in pieces {
        if let Err(error) = tape.push(piece, &mut out) {
            return (out.into(), Err(error));
        }
    }
    let result = tape.end(&mut out);
    assert_eq!(result.is_ok(), tape.is_finished());
    (out.into(), result)
}

pub(crate) fn errors(vendor: &str) -> &'static [ErrorRule] {
    Vendor::find(vendor).map_or(&[], |vendor| vendor.errors)
}

/// What a body says, and the kind of its failure.
pub(crate) fn hear(wire: Wire, vendor: &str, body: &[u8]) -> (Heard, Result<(), Kind>) {
    let (deltas, result) = play(wire, vendor, [body]);
    (Heard::of(deltas), result.map_err(|error| error.kind()))
}
