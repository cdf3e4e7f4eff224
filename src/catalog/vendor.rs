//! What a row of the vendor table says.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::chat::Kind;

/// The HTTP format a provider speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Wire {
    /// OpenAI's Chat Completions, and all who imitate it.
    #[serde(rename = "openai_chat")]
    OpenAiChat,
    /// Anthropic's Messages.
    Anthropic,
}

impl Wire {
    /// Every wire.
    pub const ALL: &'static [Self] = &[Self::OpenAiChat, Self::Anthropic];

    /// The word used in the configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenAiChat => "openai_chat",
            Self::Anthropic => "anthropic",
        }
    }
}

impl fmt::Display for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// In which form a vendor takes the beginning of an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prefill {
    /// In none.
    #[default]
    None,
    /// A trailing assistant message.
    Trailing,
    /// A trailing assistant message marked `"prefix": true`.
    Prefix,
    /// A trailing assistant message marked `"partial": true`.
    Partial,
    /// A top-level string `prefix`.
    TopLevel,
    /// A trailing assistant message with `continue_final_message` and without a generation prompt.
    ContinueFinalMessage,
}

impl Prefill {
    /// The word used in the configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Trailing => "trailing",
            Self::Prefix => "prefix",
            Self::Partial => "partial",
            Self::TopLevel => "top_level",
            Self::ContinueFinalMessage => "continue_final_message",
        }
    }
}

impl fmt::Display for Prefill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One built-in provider.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Vendor {
    /// The name used in targets.
    pub id: &'static str,
    /// The name used in prose.
    pub name: &'static str,
    /// The wire it speaks.
    pub wire: Wire,
    /// Where it is, as the vendor documents it: with `/v1` for `openai_chat`, without for `anthropic`.
    pub base_url: &'static str,
    /// The environment variables that may hold the key; the first one set is used. Empty: no key is needed.
    pub key_env: &'static [&'static str],
    /// The model used when a chain is made from the keys in the environment.
    pub default_model: &'static str,
    /// In which form it takes the beginning of an answer.
    pub prefill: Prefill,
    /// Whether it repeats that beginning.
    pub echoes: bool,
    /// Where it departs from its wire.
    pub quirks: Quirks,
    /// Its own error codes, looked at in order before the wire's.
    pub errors: &'static [ErrorRule],
}

/// Where a vendor departs from its wire. The default is the wire as OpenAI or Anthropic speak it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Quirks {
    /// The request field that limits the output.
    pub max_tokens_field: &'static str,
    /// Whether `stream_options.include_usage` may be sent.
    pub stream_usage: bool,
    /// The address to use instead of `base_url` for a prefilled call.
    pub prefill_url: Option<&'static str>,
    /// Fields, as a JSON object, added to a prefilled call.
    pub prefill_body: Option<&'static str>,
    /// Fields, as a JSON object, added to every call.
    pub body: Option<&'static str>,
    /// Whether earlier reasoning is sent back as `reasoning_content` on assistant messages.
    pub sends_reasoning: bool,
    /// Whether a prefilled text may not end in white space.
    pub trims_prefill: bool,
    /// The request field that seeds the sampling.
    pub seed_field: &'static str,
    /// The request field that names the end user.
    pub user_field: &'static str,
    /// Whether how hard to think is sent as `reasoning_effort`.
    pub effort: bool,
    /// Fields, as a JSON object, that ask for thinking.
    pub thinking_on: Option<&'static str>,
    /// Fields, as a JSON object, that forbid thinking. Without, `reasoning_effort` is `none`.
    pub thinking_off: Option<&'static str>,
    /// Whether a JSON schema is honoured by models that nothing else is known about.
    pub json_schema: bool,
    /// An object beside the answer in whose `error` a failure may stand.
    pub side_field: Option<&'static str>,
    /// Whether the names of tool calls must be nine letters and digits.
    pub short_tool_ids: bool,
}

impl Quirks {
    /// No departure.
    pub const NONE: Self = Self {
        max_tokens_field: "max_tokens",
        stream_usage: true,
        prefill_url: None,
        prefill_body: None,
        body: None,
        sends_reasoning: false,
        trims_prefill: false,
        seed_field: "seed",
        user_field: "user",
        effort: true,
        thinking_on: None,
        thinking_off: None,
        json_schema: true,
        side_field: None,
        short_tool_ids: false,
    };
}

/// One row of an error table. A field that is `None` matches anything.
#[derive(Debug, Clone, Copy)]
pub struct ErrorRule {
    /// The HTTP status; 0 stands for an error inside a stream with status 200.
    pub status: Option<u16>,
    /// The code or the type in the body, exactly.
    pub code: Option<&'static str>,
    /// A part of the message, in lower case.
    pub text: Option<&'static str>,
    /// What kind of failure it is.
    pub kind: Kind,
}

impl ErrorRule {
    /// This code, whatever the status.
    pub const fn code(code: &'static str, kind: Kind) -> Self {
        Self { status: None, code: Some(code), text: None, kind }
    }

    /// This part of the message, whatever the status.
    pub const fn text(text: &'static str, kind: Kind) -> Self {
        Self { status: None, code: None, text: Some(text), kind }
    }

    /// This part of the message, with this status.
    pub const fn on(status: u16, text: &'static str, kind: Kind) -> Self {
        Self { status: Some(status), code: None, text: Some(text), kind }
    }

    /// This code, with this status.
    pub const fn both(status: u16, code: &'static str, kind: Kind) -> Self {
        Self { status: Some(status), code: Some(code), text: None, kind }
    }

    /// This status, whatever is said.
    pub const fn status(status: u16, kind: Kind) -> Self {
        Self { status: Some(status), code: None, text: None, kind }
    }
}
