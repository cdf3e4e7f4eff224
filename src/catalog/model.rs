//! What is known about a model, and what a caller adds to it.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::Prefill;
use super::models::MODELS;
use crate::chat::{Cost, Target, Usage};

/// What is known about one model; `None` is unknown.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Model {
    /// Size of the context, in tokens.
    pub context_window: Option<u64>,
    /// The most tokens it generates.
    pub max_output: Option<u64>,
    /// It can ask for tools.
    pub tools: Option<bool>,
    /// It reads images.
    pub images: Option<bool>,
    /// It honours a JSON schema by itself.
    pub json_schema: Option<bool>,
    /// It thinks before it speaks.
    pub thinks: Option<bool>,
    /// It shows nothing of its thinking: its first word may be a long time coming.
    pub silent: Option<bool>,
    /// In which form it takes the beginning of an answer, where that is not its vendor's.
    pub prefill: Option<Prefill>,
    /// Whether it repeats that beginning, where that is not as its vendor's.
    pub echoes: Option<bool>,
    /// Its price.
    pub price: Option<Price>,
}

impl Model {
    /// Nothing known.
    pub const UNKNOWN: Self = Self {
        context_window: None,
        max_output: None,
        tools: None,
        images: None,
        json_schema: None,
        thinks: None,
        silent: None,
        prefill: None,
        echoes: None,
        price: None,
    };

    /// This, with the gaps filled from `other`.
    #[must_use]
    pub fn or(self, other: &Self) -> Self {
        Self {
            context_window: self.context_window.or(other.context_window),
            max_output: self.max_output.or(other.max_output),
            tools: self.tools.or(other.tools),
            images: self.images.or(other.images),
            json_schema: self.json_schema.or(other.json_schema),
            thinks: self.thinks.or(other.thinks),
            silent: self.silent.or(other.silent),
            prefill: self.prefill.or(other.prefill),
            echoes: self.echoes.or(other.echoes),
            price: self.price.or_else(|| other.price.clone()),
        }
    }
}

/// A price per million tokens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// ISO 4217 code.
    pub currency: Cow<'static, str>,
    /// A million input tokens.
    pub input: f64,
    /// A million output tokens.
    pub output: f64,
    /// A million input tokens read from the vendor's cache; as `input` if unknown.
    #[serde(default)]
    pub cached_input: Option<f64>,
}

impl Price {
    /// What this usage costs.
    pub fn of(&self, usage: &Usage) -> Cost {
        let cached = usage.cached_tokens.unwrap_or(0).min(usage.input_tokens);
        let fresh = usage.input_tokens - cached;
        let sum = fresh as f64 * self.input
            + cached as f64 * self.cached_input.unwrap_or(self.input)
            + usage.output_tokens as f64 * self.output;
        Cost { amount: sum / 1e6, currency: self.currency.clone().into_owned(), estimated: usage.estimated }
    }
}

/// The built-in models, and what the caller says about these and others.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    extra: HashMap<Target, Model>,
}

impl Catalog {
    /// Adds to, or overrides, what is built in about a model.
    pub fn set(&mut self, target: Target, model: Model) {
        self.extra.insert(target, model);
    }

    /// What is known about a model. An unknown one has [`Model::UNKNOWN`].
    pub fn model(&self, target: &Target) -> Model {
        let built_in = MODELS.iter().find(|(name, _)| *name == target.as_str()).map(|(_, model)| model);
        let extra = self.extra.get(target).cloned().unwrap_or_default();
        extra.or(built_in.unwrap_or(&Model::UNKNOWN))
    }
}
