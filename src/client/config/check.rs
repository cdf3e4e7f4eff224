//! What does not hold between the sections of a file: names that lead nowhere, keys that are not there.

use toml::de::DeTable;

use super::Trust;
use super::diagnose::{Finding, Notes, Severity};
use super::file::File;
use super::read::Text;
use super::secret::is_plain;
use crate::client::builder::ENV_CHAIN;
use crate::client::env::World;
use crate::client::names::hint;

/// What a text comes to, and all that is found in it. With an error among the findings the file is not to be
/// used.
pub(super) fn check(text: &str, origin: &str, trust: Trust, world: &World) -> (File, Vec<Finding>) {
    let mut notes = Notes::default();
    let file = match DeTable::parse(text) {
        Ok(table) => {
            let file = File::read(&mut notes, text, table.get_ref(), trust, world);
            names(&mut notes, &file, world);
            keys(&mut notes, &file, world);
            file
        }
        Err(error) => {
            syntax(&mut notes, text, &error);
            File::default()
        }
    };
    (file, notes.findings(text, origin))
}

pub(super) fn is_fatal(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

fn syntax(notes: &mut Notes, text: &str, error: &toml::de::Error) {
    let span = error.span().unwrap_or(0..0);
    let start = (0..=span.start.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line = text[line_start..].lines().next().unwrap_or_default();
    let (key, value_at) = match line.split_once('=') {
        Some((key, _)) => (key.trim(), line_start + key.len() + 1),
        None => ("", line_start),
    };
    if !is_plain(key) && !line.trim_start().starts_with('[') {
        notes.hide(value_at..line_start + line.len());
    }
    notes.error(span, error.message(), None);
}

fn names(notes: &mut Notes, file: &File, world: &World) {
    let mut known: Vec<_> = world.vendors().iter().map(|vendor| vendor.id).collect();
    let own = file.providers.iter().map(|entry| entry.name.get_ref().as_str());
    known.extend(own.filter(|name| world.vendor(name).is_none()));
    let in_chains = file.chains.iter().flat_map(|entry| entry.chain.targets().zip(&entry.spans));
    let in_models = file.models.iter().map(|entry| (&entry.target, &entry.span));
    for (target, span) in in_chains.chain(in_models) {
        let name = target.provider();
        if !known.contains(&name) {
            notes.error(span.clone(), format!("unknown provider `{name}`"), hint(name, &known));
        }
    }
    if let Some(name) = &file.default_chain {
        default_chain(notes, name, file);
    }
}

fn default_chain(notes: &mut Notes, name: &Text, file: &File) {
    let known: Vec<_> = file.chains.iter().map(|entry| entry.name.get_ref().as_str()).collect();
    let from_env = known.is_empty() && name.get_ref() == ENV_CHAIN;
    if !from_env && !known.contains(&name.get_ref().as_str()) {
        notes.error(name.span(), format!("chain `{name}` is not defined"), hint(name.get_ref(), &known));
    }
}

fn keys(notes: &mut Notes, file: &File, world: &World) {
    for entry in &file.providers {
        let Some(variable) = &entry.api_key_env else { continue };
        if world.key([variable.get_ref().as_str()]).is_none() {
            let help = format!("until then targets of `{}` are skipped", entry.name);
            notes.warning(variable.span(), format!("`{variable}` is not set in the environment"), help);
        }
    }
}

#[cfg(test)]
mod tests;
