//! JSON read without copying: the pieces that the wires' per-token structs are made of.
//!
//! Why not `Option<Cow<str>>`? serde always makes it an owned one; inside a transparent newtype it borrows.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

use serde::de::{DeserializeOwned, Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, de};
use serde_json::value::RawValue;

use crate::chat::Kind;
use crate::error::Error;

/// A string, borrowed unless it had escapes.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Text<'a>(#[serde(borrow)] pub Cow<'a, str>);

/// The first element of a list, read without making the list. `null` is an empty list.
#[derive(Debug)]
pub(super) struct First<T>(pub Option<T>);

impl<T> Default for First<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for First<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Elements<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Elements<T> {
            type Value = First<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
                Ok(First(None))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let first = list.next_element()?;
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(First(first))
            }
        }

        deserializer.deserialize_any(Elements(PhantomData))
    }
}

/// Text content: a string, `null`, or a list of typed parts.
#[derive(Debug, Default)]
pub(super) enum Content<'a> {
    #[default]
    None,
    Text(Cow<'a, str>),
    Parts(Vec<Part<'a>>),
}

/// A part of a content list: text, or thinking that is itself a list of texts.
#[derive(Debug, Deserialize)]
pub(super) struct Part<'a> {
    #[serde(borrow, default)]
    pub text: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub thinking: Option<Box<Content<'a>>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Content<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Forms;

        impl<'de> Visitor<'de> for Forms {
            type Value = Content<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a list of parts")
            }

            fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
                Ok(Content::None)
            }

            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Content::Text(Cow::Borrowed(text)))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Content::Text(Cow::Owned(text.to_owned())))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut parts = Vec::new();
                while let Some(part) = list.next_element()? {
                    parts.push(part);
                }
                Ok(Content::Parts(parts))
            }
        }

        deserializer.deserialize_any(Forms)
    }
}

impl Content<'_> {
    /// Calls `each` with every text, in order, and whether it is thinking.
    pub(super) fn texts(&self, each: &mut dyn FnMut(&str, bool)) {
        match self {
            Self::None => {}
            Self::Text(text) => each(text, false),
            Self::Parts(parts) => parts.iter().for_each(|part| {
                if let Some(thinking) = &part.thinking {
                    thinking.texts(&mut |text, _| each(text, true));
                }
                if let Some(text) = &part.text {
                    each(&text.0, false);
                }
            }),
        }
    }
}

/// Where `part` lies in `whole`, if it is a piece of it and no copy.
pub(super) fn span(whole: &str, part: &str) -> Option<Range<usize>> {
    let start = (part.as_ptr() as usize).checked_sub(whole.as_ptr() as usize)?;
    let end = start + part.len();
    (end <= whole.len()).then_some(start..end)
}

/// Cuts `whole` down to `span`, in place.
pub(super) fn cut(mut whole: String, span: Range<usize>) -> String {
    whole.truncate(span.end);
    whole.drain(..span.start);
    whole
}

/// Whether this begins like JSON that could hold an answer.
pub(super) fn looks_like_json(data: &str) -> bool {
    data.trim_start().starts_with(['{', '['])
}

/// Reads an event. What looks like JSON and cannot be read may have held text.
pub(super) fn event<'a, T: Deserialize<'a>>(data: &'a str) -> Result<T, Error> {
    serde_json::from_str(data).map_err(|error| {
        // The column is enough: the text of a serde error may quote the answer.
        let at = format!("an event of the stream cannot be decoded (column {})", error.column());
        Error::new(Kind::BadStream, at)
    })
}

/// Reads something that is of no consequence if it is malformed.
pub(super) fn lenient<T: DeserializeOwned>(raw: &RawValue) -> Option<T> {
    serde_json::from_str(raw.get()).ok()
}

/// A count of tokens, as forgiving as can be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Count(pub Option<u64>);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        let number = value.as_u64().or_else(|| value.as_f64().filter(|n| *n >= 0.0).map(|n| n as u64));
        Ok(Self(number))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[derive(Deserialize)]
    struct Probe<'a> {
        #[serde(borrow, default)]
        text: Option<Text<'a>>,
        #[serde(borrow, default)]
        content: Content<'a>,
    }

    #[test]
    fn a_plain_string_is_borrowed_and_cut_out_in_place() {
        let data = String::from(r#"{"text":"你好","content":"x"}"#);
        let probe: Probe<'_> = event(&data).unwrap();
        assert!(matches!(probe.content, Content::Text(Cow::Borrowed("x"))));
        let span = span(&data, &probe.text.unwrap().0).unwrap();
        assert_eq!(cut(data, span), "你好");
    }

    #[test]
    fn a_string_with_escapes_is_not_borrowed() {
        let data = r#"{"text":"a\nb","content":null}"#;
        let probe: Probe<'_> = event(data).unwrap();
        assert_eq!(span(data, &probe.text.unwrap().0), None);
        assert!(matches!(probe.content, Content::None));
    }
}
