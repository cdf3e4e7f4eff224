//! The configuration in effect, as TOML, without anything that must not be shown.

use std::time::Duration;

use toml::{Table, Value};

use super::address;
use super::file::File;
use super::provider::ProviderEntry;
use crate::catalog::Model;
use crate::failover::{Chain, Link, OnBreak, Order};
use crate::resilience::{CircuitSettings, Retry, Timeouts};

const REDACTED: &str = "<redacted>";

/// Everything that holds, defaults included. Header values are `<redacted>`; keys are not in it, only the
/// names of their variables.
pub(super) fn render(file: &File) -> String {
    let mut top = Table::new();
    put(&mut top, "default_chain", file.default_chain.as_ref().map(|name| name.get_ref().clone()));
    put_table(
        &mut top,
        "providers",
        file.providers.iter().map(|entry| (entry.name.get_ref(), provider(entry))),
    );
    put_table(
        &mut top,
        "models",
        file.models.iter().map(|entry| (entry.target.as_str(), model(&entry.model))),
    );
    put_table(
        &mut top,
        "chains",
        file.chains.iter().map(|entry| (entry.name.get_ref(), chain(&entry.chain))),
    );
    put(&mut top, "timeouts", Some(timeouts(&file.timeouts)));
    put(&mut top, "retry", Some(retry(&file.retry)));
    put(&mut top, "circuit", Some(circuit(&file.circuit)));
    put(&mut top, "http", Some(http(file)).filter(|table| !table.is_empty()));
    put(&mut top, "state", Some(state(file)));
    // A table of plain values always has a form.
    toml::to_string(&top).unwrap_or_default()
}

fn put(table: &mut Table, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        table.insert(key.to_owned(), value.into());
    }
}

fn put_table(top: &mut Table, key: &str, entries: impl Iterator<Item = (impl AsRef<str>, Table)>) {
    let table: Table = entries.map(|(name, table)| (name.as_ref().to_owned(), Value::Table(table))).collect();
    put(top, key, Some(table).filter(|table| !table.is_empty()));
}

fn provider(entry: &ProviderEntry) -> Table {
    let endpoint = &entry.endpoint;
    let mut table = Table::new();
    put(&mut table, "wire", Some(endpoint.wire.as_str()));
    put(&mut table, "base_url", Some(address::redacted(&endpoint.base_url)));
    put(&mut table, "api_key_env", entry.key_env.first().cloned());
    let headers: Table =
        endpoint.headers.iter().map(|(name, _)| (name.clone(), Value::from(REDACTED))).collect();
    put(&mut table, "headers", Some(headers).filter(|headers| !headers.is_empty()));
    let body = Value::try_from(&endpoint.extra_body).ok();
    put(&mut table, "extra_body", body.filter(|_| !endpoint.extra_body.is_empty()));
    put(&mut table, "prefill", Some(endpoint.prefill.as_str()));
    put(&mut table, "echoes", Some(endpoint.echoes));
    put(&mut table, "stream", Some(endpoint.stream));
    put(&mut table, "insecure", Some(endpoint.insecure));
    table
}

fn model(model: &Model) -> Table {
    let mut table = Table::new();
    put(&mut table, "context_window", model.context_window.map(whole));
    put(&mut table, "max_output", model.max_output.map(whole));
    put(&mut table, "abilities", abilities(model));
    put(&mut table, "prefill", model.prefill.map(|prefill| prefill.as_str()));
    put(&mut table, "echoes", model.echoes);
    put(&mut table, "price", model.price.as_ref().and_then(|price| Value::try_from(price).ok()));
    table
}

fn abilities(model: &Model) -> Option<Vec<String>> {
    let has = [
        ("tools", model.tools?),
        ("images", model.images?),
        ("json_schema", model.json_schema?),
        ("reasoning", model.thinks?),
    ];
    Some(has.iter().filter(|(_, has)| *has).map(|(word, _)| (*word).to_owned()).collect())
}

fn chain(chain: &Chain) -> Table {
    let mut table = Table::new();
    put(&mut table, "targets", Some(chain.links.iter().map(link).collect::<Vec<Value>>()));
    let order = match chain.order {
        Order::Listed => "listed",
    };
    put(&mut table, "order", Some(order));
    let on_break = match chain.on_break {
        OnBreak::Continue => "continue",
        OnBreak::Restart => "restart",
        OnBreak::Fail => "fail",
    };
    put(&mut table, "on_break", Some(on_break));
    put(&mut table, "max_failovers", Some(i64::from(chain.moves())));
    table
}

fn link(link: &Link) -> Value {
    let target = link.target.to_string();
    if link.max_tokens.is_none() && link.temperature.is_none() {
        return target.into();
    }
    let mut table = Table::new();
    put(&mut table, "target", Some(target));
    put(&mut table, "max_tokens", link.max_tokens);
    put(&mut table, "temperature", link.temperature);
    table.into()
}

fn timeouts(times: &Timeouts) -> Table {
    let mut table = Table::new();
    put(&mut table, "connect", Some(time(times.connect)));
    put(&mut table, "first_token", times.first_token.map(time));
    put(&mut table, "idle", times.idle.map(time));
    put(&mut table, "total", Some(time(times.total)));
    table
}

fn retry(retry: &Retry) -> Table {
    let mut table = Table::new();
    put(&mut table, "attempts", Some(retry.attempts));
    put(&mut table, "base", Some(time(retry.base)));
    put(&mut table, "cap", Some(time(retry.cap)));
    put(&mut table, "max_retry_after", Some(time(retry.max_retry_after)));
    put(&mut table, "budget", Some(retry.budget));
    put(&mut table, "deposit", Some(retry.deposit));
    table
}

fn circuit(circuit: &CircuitSettings) -> Table {
    let mut table = Table::new();
    put(&mut table, "enabled", Some(circuit.enabled));
    put(&mut table, "threshold", Some(circuit.threshold));
    put(&mut table, "min_open", Some(time(circuit.min_open)));
    put(&mut table, "max_open", Some(time(circuit.max_open)));
    table
}

fn http(file: &File) -> Table {
    let mut table = Table::new();
    put(&mut table, "proxy", file.http.proxy.as_deref().map(address::redacted));
    put(&mut table, "ca_file", file.http.ca_file.as_ref().map(|path| path.display().to_string()));
    table
}

fn state(file: &File) -> Table {
    let mut table = Table::new();
    put(&mut table, "enabled", Some(file.state.enabled));
    put(&mut table, "dir", file.state.dir.as_ref().map(|path| path.display().to_string()));
    table
}

fn time(time: Duration) -> String {
    humantime::format_duration(time).to_string()
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
