//! `[models."provider/model"]`.

use std::ops::Range;

use super::diagnose::Notes;
use super::provider::PREFILLS;
use super::read::{Fields, Value, entries, list, start_of, text, word_of};
use crate::catalog::{Model, Price};
use crate::chat::Target;

const KEYS: &[&str] = &["context_window", "max_output", "abilities", "price", "prefill", "echoes"];

/// What is said about one model.
#[derive(Clone)]
pub(super) struct ModelEntry {
    pub(super) target: Target,
    /// Where the provider's name stands.
    pub(super) span: Range<usize>,
    pub(super) model: Model,
}

pub(super) fn read(notes: &mut Notes, source: &str, value: &Value<'_>) -> Vec<ModelEntry> {
    let mut models = Vec::new();
    for (name, value) in entries(notes, "`models`", value) {
        match name.get_ref().parse::<Target>() {
            Ok(target) => {
                let span = start_of(source, &name, target.provider());
                models.push(ModelEntry { target, span, model: model(notes, value) });
            }
            Err(error) => {
                notes.error(name.span(), error.to_string(), "write [models.\"provider/model\"]".to_owned());
            }
        }
    }
    models
}

fn model(notes: &mut Notes, value: &Value<'_>) -> Model {
    let mut model = Model::UNKNOWN;
    let Some(mut fields) = Fields::open(notes, "a model", value, KEYS) else { return model };
    model.context_window = fields.count("context_window", 1);
    model.max_output = fields.count("max_output", 1);
    model.prefill = fields.word("prefill", PREFILLS);
    model.echoes = fields.flag("echoes");
    if let Some(value) = fields.get("abilities") {
        abilities(fields.notes, value, &mut model);
    }
    model.price = fields.get("price").and_then(|value| price(fields.notes, value));
    model
}

#[derive(Clone, Copy, PartialEq)]
enum Ability {
    Tools,
    Images,
    JsonSchema,
    Reasoning,
}

const ABILITIES: &[(&str, Ability)] = &[
    ("tools", Ability::Tools),
    ("images", Ability::Images),
    ("json_schema", Ability::JsonSchema),
    ("reasoning", Ability::Reasoning),
];

/// What is listed it has; what is not listed it has not.
fn abilities(notes: &mut Notes, value: &Value<'_>, model: &mut Model) {
    let Some(items) = list(notes, "`abilities`", value) else { return };
    let words: Vec<_> = items
        .into_iter()
        .filter_map(|item| {
            let word = text(notes, "an ability", item)?;
            word_of(notes, "ability", &word, ABILITIES)
        })
        .collect();
    model.tools = Some(words.contains(&Ability::Tools));
    model.images = Some(words.contains(&Ability::Images));
    model.json_schema = Some(words.contains(&Ability::JsonSchema));
    model.thinks = Some(words.contains(&Ability::Reasoning));
}

fn price(notes: &mut Notes, value: &Value<'_>) -> Option<Price> {
    let keys = &["currency", "input", "output", "cached_input"];
    let mut fields = Fields::open(notes, "`price`", value, keys)?;
    for key in ["currency", "input", "output"] {
        if fields.get(key).is_none() {
            fields.notes.error(
                value.span(),
                format!("a price needs `{key}`"),
                "per million tokens".to_owned(),
            );
        }
    }
    let cached_input = fields.amount("cached_input");
    let (input, output) = (fields.amount("input"), fields.amount("output"));
    let currency = fields.text("currency")?;
    if currency.get_ref().len() != 3 || !currency.get_ref().bytes().all(|byte| byte.is_ascii_uppercase()) {
        let help = "three capital letters, for example USD or CNY".to_owned();
        fields.notes.error(currency.span(), format!("`{currency}` is not a currency"), help);
    }
    Some(Price { currency: currency.into_inner().into(), input: input?, output: output?, cached_input })
}
