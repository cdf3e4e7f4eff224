//! The name of one model at one provider.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One model at one provider, written `provider/model`.
///
/// The text is split at the first `/`, so a model's own name may hold further ones. Cloning is cheap.
///
/// ```
/// use mainstay::chat::Target;
///
/// let target: Target = "openrouter/meta/llama-3.3".parse()?;
/// assert_eq!(target.provider(), "openrouter");
/// assert_eq!(target.model(), "meta/llama-3.3");
/// # Ok::<(), mainstay::chat::ParseTargetError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Target {
    name: Arc<str>,
    slash: usize,
}

impl Target {
    /// A target from its two halves. An empty half is refused, as is a `/` in the provider's name.
    pub fn new(provider: &str, model: &str) -> Result<Self, ParseTargetError> {
        let text = format!("{provider}/{model}");
        if provider.is_empty() || model.is_empty() || provider.contains('/') {
            return Err(ParseTargetError { text });
        }
        Ok(Self { slash: provider.len(), name: text.into() })
    }

    /// The provider: what stands before the first `/`.
    pub fn provider(&self) -> &str {
        &self.name[..self.slash]
    }

    /// The model: what stands after the first `/`.
    pub fn model(&self) -> &str {
        &self.name[self.slash + 1..]
    }

    /// The whole name, `provider/model`.
    pub fn as_str(&self) -> &str {
        &self.name
    }
}

/// A text that is not of the form `provider/model`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a target: write provider/model, for example ollama/llama3.3:70b")]
pub struct ParseTargetError {
    text: String,
}

impl FromStr for Target {
    type Err = ParseTargetError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('/') {
            Some((provider, model)) => Self::new(provider, model),
            None => Err(ParseTargetError { text: text.to_owned() }),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Serialize for Target {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name)
    }
}

impl<'de> Deserialize<'de> for Target {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_splits_at_the_first_slash() {
        for (text, provider, model) in [
            ("deepseek/deepseek-v4-pro", "deepseek", "deepseek-v4-pro"),
            ("openrouter/meta/llama-3.3", "openrouter", "meta/llama-3.3"),
            ("ollama/llama3.3:70b", "ollama", "llama3.3:70b"),
        ] {
            let target: Target = text.parse().unwrap();
            assert_eq!((target.provider(), target.model(), target.as_str()), (provider, model, text));
        }
    }

    #[test]
    fn half_a_target_is_refused_with_the_form_to_use() {
        for text in ["", "deepseek", "/m", "deepseek/"] {
            let error = text.parse::<Target>().unwrap_err().to_string();
            assert!(error.contains("provider/model"), "{error}");
        }
    }
}
