//! What goes into a provider and what comes out of it.

use std::pin::Pin;
use std::sync::Arc;

use futures_util::Stream;

use crate::chat::{FinishReason, Message, Request, ToolCall, Usage};
use crate::error::Error;

/// One request to one provider.
#[derive(Debug, Clone)]
pub struct Call {
    /// The model, without the provider's name.
    pub model: Arc<str>,
    /// What is asked. Shared by all attempts.
    pub request: Arc<Request>,
    /// The most tokens to generate: what earlier attempts have left of the request's own limit.
    pub max_tokens: Option<u32>,
    /// What follows the request's messages.
    pub tail: Tail,
    /// Whether to ask for a stream. Without, the answer comes as one piece.
    pub stream: bool,
}

impl Call {
    /// A fresh, streamed call.
    pub fn new(model: impl Into<Arc<str>>, request: impl Into<Arc<Request>>) -> Self {
        let request = request.into();
        Self { model: model.into(), max_tokens: request.max_tokens, request, tail: Tail::Fresh, stream: true }
    }

    /// The messages that follow those of the request, where any wire can send them as they are: none for a
    /// fresh call or a prefilled one, two for an instructed continuation.
    pub fn tail_messages(&self) -> Vec<Message> {
        match &self.tail {
            Tail::Fresh | Tail::Prefill { .. } => Vec::new(),
            Tail::Instruct { text, ask } => vec![Message::assistant(&**text), Message::user(&**ask)],
        }
    }
}

/// What follows the messages of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tail {
    /// Nothing: the answer starts at its beginning.
    Fresh,
    /// `text` is the beginning of the answer, to be sent in the vendor's own prefill form. It is never empty
    /// and ends in no white space where [`Abilities::trims_prefill`] says so.
    Prefill {
        /// The answer so far.
        text: Arc<str>,
    },
    /// `text` is the answer so far, `ask` the user's message that asks to go on.
    Instruct {
        /// The answer so far.
        text: Arc<str>,
        /// The instruction.
        ask: Arc<str>,
    },
}

/// What a model can do at a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Abilities {
    /// It can ask for tools.
    pub tools: bool,
    /// It reads images.
    pub images: bool,
    /// It honours a JSON schema by itself. Without, the schema is put into words.
    pub json_schema: bool,
    /// It thinks before it speaks and shows nothing of it: it is given more time for its first token.
    pub silent: bool,
    /// The size of its context, in tokens, if known.
    pub context_window: Option<u64>,
    /// The most tokens it can generate, if known.
    pub max_output: Option<u64>,
    /// It continues a prefilled answer.
    pub prefill: bool,
    /// It refuses a prefilled text that ends in white space.
    pub trims_prefill: bool,
    /// It repeats the prefilled text at the head of its answer.
    pub echoes: bool,
    /// It can stream. Without, it is asked for the whole answer at once.
    pub streams: bool,
}

impl Default for Abilities {
    /// What is assumed of an unknown model: everything in the request may be tried, nothing more.
    fn default() -> Self {
        Self {
            tools: true,
            images: true,
            json_schema: true,
            silent: false,
            context_window: None,
            max_output: None,
            prefill: false,
            trims_prefill: false,
            echoes: false,
            streams: true,
        }
    }
}

/// A piece of an answer as a provider yields it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Delta {
    /// A piece of the text. May be empty, which means nothing.
    Text(String),
    /// A piece of the thinking.
    Reasoning(String),
    /// A part of a tool call came in: the model is at work, there is nothing to show.
    ToolProgress,
    /// A complete tool call; its arguments are valid JSON text.
    ToolCall(ToolCall),
    /// What was used so far. A later one replaces an earlier one.
    Usage(Usage),
    /// The answer is complete. Only usage, or an error that no longer matters, may follow.
    Finish(FinishReason),
}

impl Delta {
    /// Whether this is content: the sign that the model is at work.
    pub fn is_content(&self) -> bool {
        match self {
            Self::Text(text) | Self::Reasoning(text) => !text.is_empty(),
            Self::ToolProgress | Self::ToolCall(_) => true,
            Self::Usage(_) | Self::Finish(_) => false,
        }
    }
}

/// The pieces of one answer. Dropping it closes the connection.
pub type DeltaStream = Pin<Box<dyn Stream<Item = Result<Delta, Error>> + Send>>;
