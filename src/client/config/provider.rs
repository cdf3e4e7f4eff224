//! `[providers.name]`: an endpoint of one's own, or changes to a built-in one.

use serde_json::{Map, Number, Value as Json};
use toml::de::DeValue;

use super::address;
use super::diagnose::Notes;
use super::read::{Fields, Text, Value, entries, hide, integer, number, table, text, word_of};
use crate::catalog::{Prefill, Vendor, Wire};
use crate::client::env::World;
use crate::client::names::did_you_mean;
use crate::provider::Endpoint;

const KEYS: &[&str] =
    &["wire", "base_url", "api_key_env", "headers", "extra_body", "prefill", "echoes", "stream", "insecure"];

pub(super) const PREFILLS: &[(&str, Prefill)] = &[
    (Prefill::None.as_str(), Prefill::None),
    (Prefill::Trailing.as_str(), Prefill::Trailing),
    (Prefill::Prefix.as_str(), Prefill::Prefix),
    (Prefill::Partial.as_str(), Prefill::Partial),
    (Prefill::TopLevel.as_str(), Prefill::TopLevel),
    (Prefill::ContinueFinalMessage.as_str(), Prefill::ContinueFinalMessage),
];

/// Wires that are named but not to be had.
const NOT_YET: &[&str] = &["openai_responses", "gemini", "bedrock", "ollama"];

/// What a request body's own fields are: they are the request's to set.
const RESERVED: &[&str] = &["model", "messages", "stream"];

/// One provider and where its key is.
#[derive(Clone)]
pub(super) struct ProviderEntry {
    pub(super) name: Text,
    pub(super) endpoint: Endpoint,
    /// The variables that may hold the key.
    pub(super) key_env: Vec<String>,
    /// The one the file names.
    pub(super) api_key_env: Option<Text>,
}

pub(super) fn read(notes: &mut Notes, value: &Value<'_>, world: &World) -> Vec<ProviderEntry> {
    let entries = entries(notes, "`providers`", value);
    entries.into_iter().map(|(name, value)| provider(notes, name, value, world)).collect()
}

fn provider(notes: &mut Notes, name: Text, value: &Value<'_>, world: &World) -> ProviderEntry {
    if name.get_ref().is_empty() || name.get_ref().contains('/') {
        let help = "a target is split at its first `/`".to_owned();
        notes.error(name.span(), format!("`{name}` cannot name a provider"), help);
    }
    let vendor = world.vendor(name.get_ref());
    let Some(mut fields) = Fields::open(notes, "a provider", value, KEYS) else {
        let endpoint = Endpoint::new(name.get_ref(), Wire::OpenAiChat, "");
        return ProviderEntry { name, endpoint, key_env: Vec::new(), api_key_env: None };
    };
    let wire = wire(&mut fields);
    require(&mut fields, &name, vendor.filter(|vendor| wire.is_none_or(|wire| wire == vendor.wire)), world);
    let endpoint = address(&mut fields, base(&name, vendor, wire));
    let endpoint = particulars(&mut fields, endpoint);
    let api_key_env = key_variable(&mut fields);
    let key_env = match (&api_key_env, vendor) {
        (Some(variable), _) => vec![variable.get_ref().clone()],
        (None, Some(vendor)) => vendor.key_env.iter().map(|&name| name.to_owned()).collect(),
        (None, None) => Vec::new(),
    };
    ProviderEntry { name, endpoint, key_env, api_key_env }
}

/// What is particular about a vendor is particular to its wire: over another one it is an endpoint like any.
fn base(name: &Text, vendor: Option<&'static Vendor>, wire: Option<Wire>) -> Endpoint {
    match vendor {
        Some(vendor) if wire.is_none_or(|wire| wire == vendor.wire) => Endpoint::vendor(vendor),
        _ => Endpoint::new(name.get_ref(), wire.unwrap_or(Wire::OpenAiChat), ""),
    }
}

fn require(fields: &mut Fields<'_, '_>, name: &Text, row: Option<&Vendor>, world: &World) {
    if row.is_some() {
        return;
    }
    let vendors: Vec<_> = world.vendors().iter().map(|vendor| vendor.id).collect();
    let built_in =
        did_you_mean(name.get_ref(), &vendors).filter(|_| !vendors.contains(&name.get_ref().as_str()));
    for (key, example) in [("wire", "openai_chat"), ("base_url", "https://api.example.com/v1")] {
        if fields.get(key).is_none() {
            let help = built_in.clone().unwrap_or_else(|| format!("add {key} = \"{example}\""));
            fields.notes.error(name.span(), format!("provider `{name}` has no `{key}`"), help);
        }
    }
}

fn wire(fields: &mut Fields<'_, '_>) -> Option<Wire> {
    let word = fields.text("wire")?;
    let words: Vec<_> = Wire::ALL.iter().map(|wire| (wire.as_str(), *wire)).collect();
    if !NOT_YET.contains(&word.get_ref().as_str()) || words.iter().any(|(known, _)| known == word.get_ref()) {
        return word_of(fields.notes, "wire", &word, &words);
    }
    let known: Vec<_> = words.iter().map(|(known, _)| *known).collect();
    let help = format!("there are: {}", known.join(", "));
    fields.notes.error(word.span(), format!("wire `{word}` is not available yet"), help);
    None
}

fn address(fields: &mut Fields<'_, '_>, endpoint: Endpoint) -> Endpoint {
    let insecure = fields.flag("insecure").unwrap_or(false);
    let Some(url) = fields.text("base_url") else { return endpoint.insecure(insecure) };
    if let Some(problem) = address::problem(url.get_ref(), insecure) {
        if problem.secret {
            fields.notes.hide(url.span());
        }
        fields.notes.error(url.span(), problem.message, problem.help);
    }
    endpoint.base_url(url.into_inner()).insecure(insecure)
}

fn particulars(fields: &mut Fields<'_, '_>, mut endpoint: Endpoint) -> Endpoint {
    if let Some(prefill) = fields.word("prefill", PREFILLS) {
        endpoint = endpoint.prefill(prefill);
    }
    if let Some(echoes) = fields.flag("echoes") {
        endpoint = endpoint.echoes(echoes);
    }
    if let Some(stream) = fields.flag("stream") {
        endpoint = endpoint.stream(stream);
    }
    if let Some(value) = fields.get("headers") {
        endpoint = headers(fields.notes, value, endpoint);
    }
    if let Some(value) = fields.get("extra_body") {
        endpoint = extra_body(fields.notes, value, endpoint);
    }
    endpoint
}

fn headers(notes: &mut Notes, value: &Value<'_>, mut endpoint: Endpoint) -> Endpoint {
    hide(notes, value);
    for (name, value) in entries(notes, "`headers`", value) {
        if !name.get_ref().bytes().all(is_token) || name.get_ref().is_empty() {
            let help = "letters, digits and `-`".to_owned();
            notes.error(name.span(), format!("`{name}` cannot name a header"), help);
            continue;
        }
        let Some(value) = text(notes, "a header", value) else { continue };
        if !value.get_ref().bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t')) {
            let message = format!("the value of header `{name}` holds what a header cannot");
            notes.error(value.span(), message, "visible ASCII only".to_owned());
        }
        endpoint = endpoint.header(name.into_inner(), value.into_inner());
    }
    endpoint
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

fn extra_body(notes: &mut Notes, value: &Value<'_>, mut endpoint: Endpoint) -> Endpoint {
    for (name, value) in entries(notes, "`extra_body`", value) {
        if RESERVED.contains(&name.get_ref().as_str()) {
            let help = "that field is the request's own".to_owned();
            notes.error(name.span(), format!("`extra_body` may not set `{name}`"), help);
        } else if let Some(value) = json(notes, value) {
            endpoint = endpoint.extra_body(name.into_inner(), value);
        }
    }
    endpoint
}

fn json(notes: &mut Notes, value: &Value<'_>) -> Option<Json> {
    let json = match value.get_ref() {
        DeValue::String(text) => Some(Json::String(text.clone().into_owned())),
        DeValue::Boolean(flag) => Some(Json::Bool(*flag)),
        DeValue::Integer(_) => integer(value.get_ref()).map(Json::from),
        DeValue::Float(_) => number(value.get_ref()).and_then(Number::from_f64).map(Json::Number),
        DeValue::Datetime(_) => None,
        DeValue::Array(list) => return list.iter().map(|item| json(notes, item)).collect(),
        DeValue::Table(_) => {
            let mut object = Map::new();
            for (key, value) in table(notes, "`extra_body`", value)? {
                object.insert(key.get_ref().clone().into_owned(), json(notes, value)?);
            }
            Some(Json::Object(object))
        }
    };
    if json.is_none() {
        notes.error(value.span(), "this has no form in JSON", "write it as a text".to_owned());
    }
    json
}

/// The name of a variable. A key written here by mistake is refused and not shown.
fn key_variable(fields: &mut Fields<'_, '_>) -> Option<Text> {
    let name = fields.text("api_key_env")?;
    if is_variable(name.get_ref()) && !resembles_key(name.get_ref()) {
        return Some(name);
    }
    fields.notes.hide(name.span());
    let help = "name the variable that holds the key; the key itself does not belong in a file".to_owned();
    fields.notes.error(name.span(), "`api_key_env` is not the name of an environment variable", help);
    None
}

fn is_variable(name: &str) -> bool {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn resembles_key(name: &str) -> bool {
    let has = |test: fn(&u8) -> bool| name.as_bytes().iter().any(test);
    name.len() > 64 || (name.len() >= 20 && has(u8::is_ascii_digit) && has(u8::is_ascii_lowercase))
}
