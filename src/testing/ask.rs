//! What a chat request says, read leniently: what is missing or odd is taken as absent.

use serde_json::Value;

use crate::catalog::Wire;

/// A chat request, as far as a scripted answer depends on it.
#[derive(Debug)]
pub(super) struct Ask {
    pub(super) wire: Wire,
    pub(super) model: String,
    pub(super) stream: bool,
    pub(super) wants_usage: bool,
    /// Role and text of each message.
    messages: Vec<(String, String)>,
    /// The top-level form of a prefill.
    prefix: Option<String>,
}

/// The beginning of an answer, as a request brings it along.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Brought<'a> {
    /// Nothing.
    Nothing,
    /// At the end of the conversation: the answer is to begin with it.
    Prefill(&'a str),
    /// Before a last message of the user that may ask to go on.
    Quoted { text: &'a str, ask: &'a str },
}

impl Ask {
    /// Reads a request body; `None` if it is not a JSON object.
    pub(super) fn read(wire: Wire, body: &str) -> Option<Self> {
        let body: Value = serde_json::from_str(body).ok().filter(Value::is_object)?;
        let messages = body["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
        Some(Self {
            wire,
            model: body["model"].as_str().unwrap_or("test-model").to_owned(),
            stream: body["stream"].as_bool().unwrap_or(false),
            wants_usage: body["stream_options"]["include_usage"].as_bool().unwrap_or(false),
            messages: messages.iter().map(role_and_text).collect(),
            prefix: body["prefix"].as_str().filter(|text| !text.is_empty()).map(str::to_owned),
        })
    }

    /// Which beginning of an answer it brings along.
    pub(super) fn brought(&self) -> Brought<'_> {
        if let Some(text) = &self.prefix {
            return Brought::Prefill(text);
        }
        match self.messages.as_slice() {
            [.., (role, text)] if role == "assistant" && !text.is_empty() => Brought::Prefill(text),
            [.., (first, text), (last, ask)]
                if first == "assistant" && last == "user" && !text.is_empty() =>
            {
                Brought::Quoted { text, ask }
            }
            _ => Brought::Nothing,
        }
    }
}

fn role_and_text(message: &Value) -> (String, String) {
    let role = message["role"].as_str().unwrap_or_default().to_owned();
    let text = match &message["content"] {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().filter_map(|part| part["text"].as_str()).collect(),
        _ => String::new(),
    };
    (role, text)
}
