//! The Chat Completions wire.

use serde_json::{Value, json};

use super::{Answer, COMMENT, Render, event};
use crate::chat::{FinishReason, Usage};
use crate::testing::ask::Ask;
use crate::testing::pieces::Piece;

const ID: &str = "chatcmpl-test";

pub(super) struct OpenAiChat {
    model: String,
    usage: Option<Usage>,
}

impl OpenAiChat {
    pub(super) fn new(ask: &Ask, usage: Usage) -> Self {
        Self { model: ask.model.clone(), usage: ask.wants_usage.then_some(usage) }
    }

    fn chunk(&self, choices: Value, usage: Option<Value>) -> String {
        let mut chunk = json!({
            "id": ID, "object": "chat.completion.chunk", "created": 0, "model": self.model, "choices": choices,
        });
        if let Some(usage) = usage {
            chunk["usage"] = usage;
        }
        event(None, &chunk.to_string())
    }

    fn delta(&self, delta: Value, finish: Option<&str>) -> String {
        self.chunk(json!([{ "index": 0, "delta": delta, "finish_reason": finish }]), None)
    }
}

impl Render for OpenAiChat {
    fn open(&mut self) -> String {
        self.delta(json!({ "role": "assistant", "content": "" }), None)
    }

    fn piece(&mut self, piece: &Piece) -> String {
        let delta = match piece {
            Piece::Reasoning(text) => json!({ "content": null, "reasoning_content": text }),
            Piece::Text(text) => json!({ "content": text }),
            Piece::Tool { index, id, name } => json!({ "tool_calls": [{
                "index": index, "id": id, "type": "function", "function": { "name": name, "arguments": "" },
            }] }),
            Piece::Arguments(index, json) => {
                json!({ "tool_calls": [{ "index": index, "function": { "arguments": json } }] })
            }
        };
        self.delta(delta, None)
    }

    fn finish(&mut self, word: &str) -> String {
        let mut text = self.delta(json!({}), Some(word));
        if let Some(usage) = &self.usage {
            text.push_str(&self.chunk(json!([]), Some(usage_json(usage))));
        }
        text
    }

    fn done(&self) -> String {
        event(None, "[DONE]")
    }

    fn error(&self, json: &str) -> String {
        event(None, json)
    }

    fn corrupt(&self) -> String {
        event(None, r#"{"choices":[{"del"#)
    }

    fn noise(&self) -> [String; 4] {
        let unknown = json!({ "type": "heartbeat" }).to_string();
        [COMMENT.to_owned(), event(None, ""), event(None, "ping"), event(Some("heartbeat"), &unknown)]
    }

    fn whole(&self, answer: &Answer, word: Option<&str>) -> String {
        let mut message = json!({ "role": "assistant", "content": answer.text });
        if !answer.reasoning.is_empty() {
            message["reasoning_content"] = answer.reasoning.as_str().into();
        }
        if !answer.tools.is_empty() {
            let function = |name: &str, arguments: &str| json!({ "name": name, "arguments": arguments });
            message["tool_calls"] = answer
                .tools
                .iter()
                .map(|call| {
                    let function = function(&call.name, &call.arguments);
                    json!({ "id": call.id, "type": "function", "function": function })
                })
                .collect();
        }
        json!({
            "id": ID, "object": "chat.completion", "created": 0, "model": self.model,
            "choices": [{ "index": 0, "message": message, "finish_reason": word }],
            "usage": usage_json(&answer.usage),
        })
        .to_string()
    }

    fn word(&self, reason: &FinishReason) -> String {
        reason.as_str().to_owned()
    }
}

fn usage_json(usage: &Usage) -> Value {
    let mut json = json!({
        "prompt_tokens": usage.input_tokens,
        "completion_tokens": usage.output_tokens,
        "total_tokens": usage.input_tokens + usage.output_tokens,
    });
    if let Some(cached) = usage.cached_tokens {
        json["prompt_tokens_details"] = json!({ "cached_tokens": cached });
    }
    if let Some(reasoning) = usage.reasoning_tokens {
        json["completion_tokens_details"] = json!({ "reasoning_tokens": reasoning });
    }
    json
}
