//! Messages and their parts.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Instructions that stand above the conversation.
    System,
    /// The person, or the application.
    User,
    /// The model.
    Assistant,
    /// The result of a tool the model asked for.
    Tool,
}

/// One message: a role and its parts.
///
/// In JSON, `content` is a string or a list of parts:
///
/// ```
/// use mainstay::chat::{Message, Part, Role};
///
/// let message: Message = serde_json::from_str(r#"{"role":"user","content":"Hello"}"#)?;
/// assert_eq!(message, Message::user("Hello"));
/// let same: Message = serde_json::from_str(r#"{"role":"user","content":[{"type":"text","text":"Hello"}]}"#)?;
/// assert_eq!(same, message);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What is said, in order.
    #[serde(serialize_with = "write_content", deserialize_with = "read_content")]
    pub content: Vec<Part>,
}

impl Message {
    /// A message of any role, of one text.
    pub fn new(role: Role, text: impl Into<String>) -> Self {
        Self { role, content: vec![Part::text(text)] }
    }

    /// A system message of one text.
    pub fn system(text: impl Into<String>) -> Self {
        Self::new(Role::System, text)
    }

    /// A user message of one text.
    pub fn user(text: impl Into<String>) -> Self {
        Self::new(Role::User, text)
    }

    /// An assistant message of one text.
    pub fn assistant(text: impl Into<String>) -> Self {
        Self::new(Role::Assistant, text)
    }

    /// The answer of a tool to the call named `id`.
    pub fn tool(id: impl Into<String>, text: impl Into<String>) -> Self {
        let result = ToolResult { id: id.into(), content: vec![Part::text(text)], is_error: false };
        Self { role: Role::Tool, content: vec![Part::ToolResult(result)] }
    }

    /// All text parts, joined.
    pub fn text(&self) -> String {
        self.content.iter().filter_map(Part::as_text).collect()
    }
}

/// A piece of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Part {
    /// Plain text.
    Text {
        /// The text.
        text: String,
    },
    /// An image, by address or by its bytes.
    Image(Image),
    /// A tool call the model made.
    ToolCall(ToolCall),
    /// What a tool answered.
    ToolResult(ToolResult),
    /// Thinking the model showed.
    Reasoning(Reasoning),
}

impl Part {
    /// A text part.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into() }
    }

    /// The text, if this is a text part.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text { text } => Some(text),
            _ => None,
        }
    }
}

/// An image: either `url`, or `media_type` and base64 `data`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Image {
    /// An address the provider fetches.
    Url {
        /// An `https://` address.
        url: String,
    },
    /// The image itself.
    Data {
        /// For example `image/png`.
        media_type: String,
        /// The bytes in base64, without line breaks.
        data: String,
    },
}

/// A complete call of a tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolCall {
    /// The provider's name of this call; the result refers to it.
    pub id: String,
    /// The tool.
    pub name: String,
    /// The arguments: complete, valid JSON text.
    pub arguments: String,
}

/// What a tool answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToolResult {
    /// The `id` of the call this answers.
    pub id: String,
    /// The result: a string or a list of parts in JSON.
    #[serde(serialize_with = "write_content", deserialize_with = "read_content")]
    pub content: Vec<Part>,
    /// True if the tool failed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_error: bool,
}

/// Thinking the model showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reasoning {
    /// The text of it.
    pub text: String,
    /// The vendor's seal over it; only that vendor accepts it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// The provider that produced it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

fn write_content<S: Serializer>(parts: &[Part], serializer: S) -> Result<S::Ok, S::Error> {
    match parts {
        [Part::Text { text }] => serializer.serialize_str(text),
        parts => parts.serialize(serializer),
    }
}

fn read_content<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Part>, D::Error> {
    struct Content;

    impl<'de> serde::de::Visitor<'de> for Content {
        type Value = Vec<Part>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a string or a list of parts")
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
            Ok(vec![Part::text(text)])
        }

        fn visit_string<E: serde::de::Error>(self, text: String) -> Result<Self::Value, E> {
            Ok(vec![Part::Text { text }])
        }

        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            let mut parts = Vec::new();
            while let Some(part) = seq.next_element()? {
                parts.push(part);
            }
            Ok(parts)
        }
    }

    deserializer.deserialize_any(Content)
}
