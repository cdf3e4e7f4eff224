//! The sections of knobs: `[timeouts]`, `[retry]`, `[circuit]`, `[limits]`, `[http]`, `[state]`.

use super::address;
use super::diagnose::Notes;
use super::read::{Fields, Value};
use super::state::State;
use crate::provider::HttpOptions;
use crate::resilience::{CircuitSettings, Retry, Timeouts};

fn set<T>(slot: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *slot = value;
    }
}

pub(super) fn timeouts(notes: &mut Notes, value: &Value<'_>) -> Timeouts {
    let mut times = Timeouts::default();
    let keys = &["connect", "first_token", "idle", "total"];
    if let Some(mut fields) = Fields::open(notes, "`timeouts`", value, keys) {
        set(&mut times.connect, fields.duration("connect", false));
        times.first_token = fields.duration("first_token", false);
        times.idle = fields.duration("idle", false);
        set(&mut times.total, fields.duration("total", false));
    }
    times
}

pub(super) fn retry(notes: &mut Notes, value: &Value<'_>) -> Retry {
    let mut retry = Retry::default();
    let keys = &["attempts", "base", "cap", "max_retry_after", "budget", "deposit"];
    if let Some(mut fields) = Fields::open(notes, "`retry`", value, keys) {
        set(&mut retry.attempts, fields.count("attempts", 1));
        set(&mut retry.base, fields.duration("base", true));
        set(&mut retry.cap, fields.duration("cap", true));
        set(&mut retry.max_retry_after, fields.duration("max_retry_after", true));
        set(&mut retry.budget, fields.amount("budget"));
        set(&mut retry.deposit, fields.amount("deposit"));
    }
    retry
}

pub(super) fn circuit(notes: &mut Notes, value: &Value<'_>) -> CircuitSettings {
    let mut circuit = CircuitSettings::default();
    let keys = &["enabled", "threshold", "min_open", "max_open"];
    let Some(mut fields) = Fields::open(notes, "`circuit`", value, keys) else { return circuit };
    set(&mut circuit.enabled, fields.flag("enabled"));
    set(&mut circuit.threshold, fields.amount("threshold"));
    set(&mut circuit.min_open, fields.duration("min_open", false));
    set(&mut circuit.max_open, fields.duration("max_open", false));
    if let Some(at) = fields.get("threshold").filter(|_| circuit.threshold == 0.0) {
        fields.notes.error(
            at.span(),
            "`threshold` must be above 0",
            Some("`enabled = false` switches it off".to_owned()),
        );
    }
    if let Some(at) =
        fields.get("min_open").or(fields.get("max_open")).filter(|_| circuit.min_open > circuit.max_open)
    {
        fields.notes.error(at.span(), "`min_open` is longer than `max_open`", None);
    }
    circuit
}

/// There is no limit to set yet; the section may stand there empty.
pub(super) fn limits(notes: &mut Notes, value: &Value<'_>) {
    let _ = Fields::open(notes, "`limits`", value, &[]);
}

pub(super) fn http(notes: &mut Notes, value: &Value<'_>) -> HttpOptions {
    let mut http = HttpOptions::default();
    if let Some(mut fields) = Fields::open(notes, "`http`", value, &["proxy", "ca_file"]) {
        http.proxy = fields.text("proxy").map(|proxy| {
            fields.notes.hide(proxy.span());
            if !address::is_proxy(proxy.get_ref()) {
                let help = "write http://host:port".to_owned();
                fields.notes.error(proxy.span(), "`proxy` is not an address", help);
            }
            proxy.into_inner()
        });
        http.ca_file = fields.text("ca_file").map(|path| path.into_inner().into());
    }
    http
}

pub(super) fn state(notes: &mut Notes, value: &Value<'_>) -> State {
    let mut state = State::default();
    if let Some(mut fields) = Fields::open(notes, "`state`", value, &["dir", "enabled"]) {
        set(&mut state.enabled, fields.flag("enabled"));
        state.dir = fields.text("dir").map(|path| path.into_inner().into());
    }
    state
}
