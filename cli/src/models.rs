//! `mainstay models`: what is known about the built-in models.

use std::collections::BTreeSet;
use std::io::{self, Write};

use mainstay::catalog::{MODELS, Model, Price, VENDORS};
use serde::Serialize;

use crate::args::{Common, Format};
use crate::exit::{Exit, Stop};
use crate::table;

/// Lists the models, or those of one provider.
///
/// # Errors
///
/// A usage error for a provider of which no model is known, and those of standard output.
pub(crate) fn list(provider: Option<&str>, args: &Common) -> Result<Exit, Stop> {
    let rows: Vec<_> = MODELS.iter().map(|(target, model)| Row::new(target, model)).collect();
    let rows: Vec<_> = rows.into_iter().filter(|row| provider.is_none_or(|name| row.is_of(name))).collect();
    if let (Some(name), true) = (provider, rows.is_empty()) {
        return Err(Stop::usage(nothing_of(name)));
    }
    let mut out = io::stdout().lock();
    match args.output {
        Format::Text => writeln!(out, "{}", as_table(&rows))?,
        Format::Json => writeln!(out, "{}", table::json(&rows))?,
        Format::Jsonl => rows.iter().try_for_each(|row| writeln!(out, "{}", table::json(row)))?,
    }
    Ok(Exit::Complete)
}

#[derive(Debug, Serialize)]
struct Row {
    target: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    context_window: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_output: Option<u64>,
    abilities: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<Price>,
}

impl Row {
    fn new(target: &'static str, model: &Model) -> Self {
        let abilities = [
            (model.tools, "tools"),
            (model.images, "images"),
            (model.json_schema, "json_schema"),
            (model.thinks, "reasoning"),
        ];
        Self {
            target,
            context_window: model.context_window,
            max_output: model.max_output,
            abilities: abilities
                .iter()
                .filter(|(has, _)| *has == Some(true))
                .map(|(_, name)| *name)
                .collect(),
            price: model.price.clone(),
        }
    }

    fn is_of(&self, provider: &str) -> bool {
        self.target.split_once('/').is_some_and(|(name, _)| name == provider)
    }
}

fn nothing_of(name: &str) -> String {
    let known: BTreeSet<_> = MODELS.iter().filter_map(|(target, _)| target.split_once('/')).collect();
    let known: BTreeSet<_> = known.into_iter().map(|(provider, _)| provider).collect();
    let known: Vec<_> = known.into_iter().collect();
    if VENDORS.iter().any(|vendor| vendor.id == name) {
        return format!("nothing is known about the models of `{name}`; any model name can still be used");
    }
    format!("no provider `{name}` is known; there are {}", known.join(", "))
}

fn as_table(rows: &[Row]) -> String {
    let head = ["MODEL", "CONTEXT", "OUTPUT", "PRICE IN/OUT PER MILLION", "ABILITIES"].map(str::to_owned);
    let body = rows.iter().map(|row| {
        let price =
            row.price.as_ref().map(|price| format!("{} / {} {}", price.input, price.output, price.currency));
        [
            row.target.to_owned(),
            tokens(row.context_window),
            tokens(row.max_output),
            price.unwrap_or_else(|| "-".to_owned()),
            row.abilities.join(" "),
        ]
    });
    table::plain(std::iter::once(head).chain(body))
}

fn tokens(count: Option<u64>) -> String {
    match count {
        None => "-".to_owned(),
        Some(count) if count >= 1_000_000 => format!("{}M", count / 1_000_000),
        Some(count) => format!("{}k", count / 1000),
    }
}
