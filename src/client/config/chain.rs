//! `[chains.name]`.

use std::ops::Range;

use toml::de::DeValue;

use super::diagnose::Notes;
use super::read::{Fields, Text, Value, entries, list, start_of, text};
use crate::chat::Target;
use crate::client::names::hint;
use crate::failover::{Chain, Link, OnBreak};

const KEYS: &[&str] = &["targets", "order", "on_break", "max_failovers"];

const ON_BREAK: &[(&str, OnBreak)] =
    &[("continue", OnBreak::Continue), ("restart", OnBreak::Restart), ("fail", OnBreak::Fail)];

/// Orders that are named but not to be had.
const NOT_YET: &[&str] = &["fastest", "cheapest", "weighted"];

/// One chain and where its parts stand.
#[derive(Clone)]
pub(super) struct ChainEntry {
    pub(super) name: Text,
    pub(super) chain: Chain,
    /// Where the provider's name of each target stands.
    pub(super) spans: Vec<Range<usize>>,
}

pub(super) fn read(notes: &mut Notes, source: &str, value: &Value<'_>) -> Vec<ChainEntry> {
    let mut chains = Vec::new();
    for (name, value) in entries(notes, "`chains`", value) {
        if name.get_ref().is_empty() || name.get_ref().contains('/') {
            let help = "a `/` is for targets: provider/model".to_owned();
            notes.error(name.span(), format!("`{name}` cannot name a chain"), help);
        }
        let (chain, spans) = chain(notes, source, &name, value);
        chains.push(ChainEntry { name, chain, spans });
    }
    chains
}

fn chain(notes: &mut Notes, source: &str, name: &Text, value: &Value<'_>) -> (Chain, Vec<Range<usize>>) {
    let mut chain = Chain::new([]);
    let mut spans = Vec::new();
    let Some(mut fields) = Fields::open(notes, "a chain", value, KEYS) else { return (chain, spans) };
    order(&mut fields);
    chain.on_break = fields.word("on_break", ON_BREAK).unwrap_or_default();
    chain.max_failovers = fields.count("max_failovers", 0);
    let Some(value) = fields.get("targets") else {
        let help = "add targets = [\"provider/model\", …]".to_owned();
        notes.error(name.span(), format!("chain `{name}` has no targets"), help);
        return (chain, spans);
    };
    let Some(items) = list(notes, "`targets`", value) else { return (chain, spans) };
    if items.is_empty() {
        let help = "name at least one \"provider/model\"".to_owned();
        notes.error(value.span(), format!("chain `{name}` has no targets"), help);
    }
    for (link, span) in items.into_iter().filter_map(|item| link(notes, source, item)) {
        chain.links.push(link);
        spans.push(span);
    }
    (chain, spans)
}

fn order(fields: &mut Fields<'_, '_>) {
    let Some(word) = fields.text("order") else { return };
    let (written, known) = (word.get_ref().as_str(), &["listed"]);
    if NOT_YET.contains(&written) {
        let message = format!("order `{written}` is not available yet");
        fields.notes.error(word.span(), message, "use `listed`".to_owned());
    } else if !known.contains(&written) {
        fields.notes.error(word.span(), format!("unknown order `{written}`"), hint(written, known));
    }
}

fn link(notes: &mut Notes, source: &str, item: &Value<'_>) -> Option<(Link, Range<usize>)> {
    if !matches!(item.get_ref(), DeValue::Table(_)) {
        let written = text(notes, "a target", item)?;
        return target(notes, source, &written);
    }
    let mut fields = Fields::open(notes, "a target", item, &["target", "max_tokens", "temperature"])?;
    let (max_tokens, temperature) = (fields.count("max_tokens", 1), fields.amount("temperature"));
    if fields.get("target").is_none() {
        fields.notes.error(item.span(), "`target` is missing", "add target = \"provider/model\"".to_owned());
    }
    let written = fields.text("target")?;
    let (link, span) = target(notes, source, &written)?;
    Some((Link { max_tokens, temperature, ..link }, span))
}

fn target(notes: &mut Notes, source: &str, written: &Text) -> Option<(Link, Range<usize>)> {
    match written.get_ref().parse::<Target>() {
        Ok(target) => {
            let span = start_of(source, written, target.provider());
            Some((Link::from(target), span))
        }
        Err(error) => {
            notes.error(written.span(), error.to_string(), None);
            None
        }
    }
}
