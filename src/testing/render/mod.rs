//! The events of each wire, as the bytes of its stream.

mod anthropic;
mod openai_chat;

use super::ask::Ask;
use super::pieces::Piece;
use crate::catalog::Wire;
use crate::chat::{FinishReason, ToolCall, Usage};

/// What is said, before any wire has put it into its form.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) reasoning: String,
    pub(super) text: String,
    pub(super) tools: Vec<ToolCall>,
    pub(super) finish: FinishReason,
    pub(super) usage: Usage,
}

/// One response in the form of one wire. The events depend on those before, so it has a state.
pub(super) trait Render {
    /// The events before any content.
    fn open(&mut self) -> String;

    /// The event of one piece, with what the wire puts before and between pieces.
    fn piece(&mut self, piece: &Piece) -> String;

    /// The finish, for this reason in the wire's own word.
    fn finish(&mut self, word: &str) -> String;

    /// The terminal marker.
    fn done(&self) -> String;

    /// An error event.
    fn error(&self, json: &str) -> String;

    /// An event that breaks off inside its JSON.
    fn corrupt(&self) -> String;

    /// Things that a client passes over.
    fn noise(&self) -> [String; 4];

    /// The whole answer as one JSON text, with this finish reason in the wire's own word, or none.
    fn whole(&self, answer: &Answer, word: Option<&str>) -> String;

    /// The wire's own word for a reason.
    fn word(&self, reason: &FinishReason) -> String;
}

/// The form of the wire that the request came on.
pub(super) fn render(ask: &Ask, usage: Usage) -> Box<dyn Render> {
    match ask.wire {
        Wire::OpenAiChat => Box::new(openai_chat::OpenAiChat::new(ask, usage)),
        Wire::Anthropic => Box::new(anthropic::Anthropic::new(ask, usage)),
    }
}

/// One event. Every line of the data is a `data` line.
pub(super) fn event(name: Option<&str>, data: &str) -> String {
    let mut text = name.map(|name| format!("event: {name}\n")).unwrap_or_default();
    for line in data.split('\n') {
        text.push_str("data: ");
        text.push_str(line);
        text.push('\n');
    }
    text.push('\n');
    text
}

/// A comment that keeps the connection alive.
pub(super) const COMMENT: &str = ": keep-alive\n\n";
