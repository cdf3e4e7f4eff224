//! `mainstay providers`: who can be asked, and whether the keys are there. Never a key itself.

use std::collections::BTreeMap;
use std::env;
use std::io::{self, Write};

use mainstay::catalog::{Prefill, VENDORS, Vendor, Wire};
use mainstay::chat::Kind;
use mainstay::client::config::Config;
use mainstay::error::Error;
use serde::{Deserialize, Serialize};

use crate::args::{Common, Format};
use crate::exit::{Exit, Stop};
use crate::table;

/// Lists the built-in providers and those of the configuration.
///
/// # Errors
///
/// [`Kind::Config`] for a configuration that cannot be used, and those of standard output.
pub(crate) fn list(args: &Common) -> Result<Exit, Stop> {
    let config = Config::load(args.config.as_deref()).map_err(Error::from)?;
    let rows = rows(&config)?;
    let mut out = io::stdout().lock();
    match args.output {
        Format::Text => {
            writeln!(out, "{}", as_table(&rows))?;
            if rows.iter().any(|row| row.configured) {
                writeln!(out, "\n* from {}", config.path().map_or("".into(), |path| path.to_string_lossy()))?;
            }
        }
        Format::Json => writeln!(out, "{}", table::json(&rows))?,
        Format::Jsonl => rows.iter().try_for_each(|row| writeln!(out, "{}", table::json(row)))?,
    }
    Ok(Exit::Complete)
}

#[derive(Debug, Serialize)]
struct Row {
    provider: String,
    wire: Wire,
    configured: bool,
    key_env: Vec<String>,
    /// The variable that holds the key.
    key_found: Option<String>,
    prefill: Prefill,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_model: Option<&'static str>,
}

/// A provider of the configuration, as far as a row needs it.
#[derive(Debug, Deserialize)]
struct Entry {
    wire: Wire,
    api_key_env: Option<String>,
    #[serde(default)]
    prefill: Prefill,
}

#[derive(Debug, Deserialize)]
struct Shown {
    #[serde(default)]
    providers: BTreeMap<String, Entry>,
}

/// What is shown of the configuration is all that is needed here: a header value cannot slip through.
fn rows(config: &Config) -> Result<Vec<Row>, Error> {
    let mut shown: Shown =
        toml::from_str(&config.redacted()).map_err(|error| Error::new(Kind::Internal, error.to_string()))?;
    let mut rows: Vec<_> =
        VENDORS.iter().map(|vendor| built_in(vendor, shown.providers.remove(vendor.id))).collect();
    rows.extend(shown.providers.into_iter().map(|(name, entry)| configured(name, entry, None)));
    Ok(rows)
}

fn built_in(vendor: &Vendor, entry: Option<Entry>) -> Row {
    match entry {
        Some(entry) => configured(vendor.id.to_owned(), entry, Some(vendor.default_model)),
        None => {
            let key_env: Vec<_> = vendor.key_env.iter().map(|&name| name.to_owned()).collect();
            Row {
                provider: vendor.id.to_owned(),
                wire: vendor.wire,
                configured: false,
                key_found: first_set(&key_env),
                key_env,
                prefill: vendor.prefill,
                default_model: Some(vendor.default_model),
            }
        }
    }
}

fn configured(provider: String, entry: Entry, default_model: Option<&'static str>) -> Row {
    let key_env: Vec<_> = entry.api_key_env.into_iter().collect();
    Row {
        provider,
        wire: entry.wire,
        configured: true,
        key_found: first_set(&key_env),
        key_env,
        prefill: entry.prefill,
        default_model,
    }
}

fn first_set(names: &[String]) -> Option<String> {
    let is_set = |name: &&String| env::var(name).is_ok_and(|value| !value.trim().is_empty());
    names.iter().find(is_set).cloned()
}

fn as_table(rows: &[Row]) -> String {
    let head = ["PROVIDER", "WIRE", "KEY", "PREFILL", "DEFAULT MODEL"].map(str::to_owned);
    let body = rows.iter().map(|row| {
        [
            format!("{}{}", row.provider, if row.configured { " *" } else { "" }),
            row.wire.to_string(),
            key_in_words(row),
            row.prefill.to_string(),
            row.default_model.unwrap_or("-").to_owned(),
        ]
    });
    table::plain(std::iter::once(head).chain(body))
}

fn key_in_words(row: &Row) -> String {
    match &row.key_found {
        Some(name) => format!("✓ {name}"),
        None if row.key_env.is_empty() => "none needed".to_owned(),
        None => format!("  {} not set", row.key_env.join(" or ")),
    }
}
