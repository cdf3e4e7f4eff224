//! The Messages wire.

use serde_json::{Value, json};

use super::{Answer, COMMENT, Render, event};
use crate::chat::{FinishReason, Usage};
use crate::testing::ask::Ask;
use crate::testing::pieces::Piece;

const ID: &str = "msg_test";
/// The seal on a thinking block.
const SIGNATURE: &str = "c2lnbmVk";

pub(super) struct Anthropic {
    model: String,
    usage: Usage,
    /// The kind of the block that is open.
    open: Option<Block>,
    /// How many blocks were opened.
    blocks: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    Thinking,
    Text,
    Tool,
}

impl Anthropic {
    pub(super) fn new(ask: &Ask, usage: Usage) -> Self {
        Self { model: ask.model.clone(), usage, open: None, blocks: 0 }
    }

    fn start(&mut self, block: Block, content: Value) -> String {
        let mut text = self.stop();
        let index = self.blocks;
        text.push_str(&typed("content_block_start", json!({ "index": index, "content_block": content })));
        self.blocks += 1;
        self.open = Some(block);
        text
    }

    fn stop(&mut self) -> String {
        let Some(block) = self.open.take() else { return String::new() };
        let mut text = String::new();
        if block == Block::Thinking {
            let signature = json!({ "type": "signature_delta", "signature": SIGNATURE });
            text.push_str(&self.delta(signature));
        }
        text.push_str(&typed("content_block_stop", json!({ "index": self.blocks - 1 })));
        text
    }

    fn delta(&self, delta: Value) -> String {
        typed("content_block_delta", json!({ "index": self.blocks - 1, "delta": delta }))
    }

    /// A delta in a block of this kind, which is opened if it is not.
    fn within(&mut self, block: Block, empty: Value, delta: Value) -> String {
        let mut text = if self.open == Some(block) { String::new() } else { self.start(block, empty) };
        text.push_str(&self.delta(delta));
        text
    }

    fn usage(&self, output_tokens: u64) -> Value {
        usage_json(&Usage { output_tokens, ..self.usage })
    }
}

impl Render for Anthropic {
    fn open(&mut self) -> String {
        let message = json!({
            "id": ID, "type": "message", "role": "assistant", "model": self.model, "content": [],
            "stop_reason": null, "stop_sequence": null, "usage": self.usage(1),
        });
        typed("message_start", json!({ "message": message }))
    }

    fn piece(&mut self, piece: &Piece) -> String {
        match piece {
            Piece::Reasoning(text) => self.within(
                Block::Thinking,
                json!({ "type": "thinking", "thinking": "", "signature": "" }),
                json!({ "type": "thinking_delta", "thinking": text }),
            ),
            Piece::Text(text) => self.within(
                Block::Text,
                json!({ "type": "text", "text": "" }),
                json!({ "type": "text_delta", "text": text }),
            ),
            Piece::Tool { id, name, .. } => {
                self.start(Block::Tool, json!({ "type": "tool_use", "id": id, "name": name, "input": {} }))
            }
            Piece::Arguments(_, json) => {
                self.delta(json!({ "type": "input_json_delta", "partial_json": json }))
            }
        }
    }

    fn finish(&mut self, word: &str) -> String {
        let mut text = self.stop();
        let usage = self.usage(self.usage.output_tokens);
        let delta = json!({ "stop_reason": word, "stop_sequence": null });
        text.push_str(&typed("message_delta", json!({ "delta": delta, "usage": usage })));
        text
    }

    fn done(&self) -> String {
        typed("message_stop", json!({}))
    }

    fn error(&self, json: &str) -> String {
        event(Some("error"), json)
    }

    fn corrupt(&self) -> String {
        event(Some("content_block_delta"), r#"{"type":"content_block_delta","del"#)
    }

    fn noise(&self) -> [String; 4] {
        [COMMENT.to_owned(), typed("ping", json!({})), event(None, ""), typed("heartbeat", json!({}))]
    }

    fn whole(&self, answer: &Answer, word: Option<&str>) -> String {
        let mut content = Vec::new();
        if !answer.reasoning.is_empty() {
            let thinking = &answer.reasoning;
            content.push(json!({ "type": "thinking", "thinking": thinking, "signature": SIGNATURE }));
        }
        if !answer.text.is_empty() {
            content.push(json!({ "type": "text", "text": answer.text }));
        }
        for call in &answer.tools {
            let input: Value = serde_json::from_str(&call.arguments).unwrap_or_default();
            content.push(json!({ "type": "tool_use", "id": call.id, "name": call.name, "input": input }));
        }
        json!({
            "id": ID, "type": "message", "role": "assistant", "model": self.model, "content": content,
            "stop_reason": word, "stop_sequence": null, "usage": usage_json(&answer.usage),
        })
        .to_string()
    }

    fn word(&self, reason: &FinishReason) -> String {
        match reason {
            FinishReason::Stop => "end_turn",
            FinishReason::Length => "max_tokens",
            FinishReason::ToolCalls => "tool_use",
            FinishReason::ContentFilter => "refusal",
            other => other.as_str(),
        }
        .to_owned()
    }
}

/// An event whose name is also the type in its data.
fn typed(name: &str, mut data: Value) -> String {
    data["type"] = name.into();
    event(Some(name), &data.to_string())
}

/// This wire does not count cached tokens as input.
fn usage_json(usage: &Usage) -> Value {
    let cached = usage.cached_tokens.unwrap_or(0);
    json!({
        "input_tokens": usage.input_tokens.saturating_sub(cached),
        "cache_read_input_tokens": cached,
        "cache_creation_input_tokens": 0,
        "output_tokens": usage.output_tokens,
    })
}
