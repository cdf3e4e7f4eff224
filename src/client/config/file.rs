//! A file as a whole: its sections, and what each of them comes to.

use toml::de::DeTable;

use super::chain::ChainEntry;
use super::diagnose::Notes;
use super::model::ModelEntry;
use super::provider::ProviderEntry;
use super::read::{Fields, Text};
use super::state::State;
use super::{Trust, chain, model, provider, settings};
use crate::client::env::World;
use crate::provider::HttpOptions;
use crate::resilience::{CircuitSettings, Retry, Timeouts};

/// The sections, in the order of the documentation.
const SECTIONS: &[&str] = &[
    "default_chain",
    "providers",
    "models",
    "chains",
    "timeouts",
    "retry",
    "circuit",
    "limits",
    "http",
    "state",
];

/// What a file found in the working directory may hold.
const HARMLESS: &[&str] = &["default_chain", "chains", "timeouts", "retry", "circuit"];

/// What a file says, over what holds without it.
#[derive(Clone, Default)]
pub(super) struct File {
    pub(super) default_chain: Option<Text>,
    pub(super) providers: Vec<ProviderEntry>,
    pub(super) models: Vec<ModelEntry>,
    pub(super) chains: Vec<ChainEntry>,
    pub(super) timeouts: Timeouts,
    pub(super) retry: Retry,
    pub(super) circuit: CircuitSettings,
    pub(super) http: HttpOptions,
    pub(super) state: State,
}

impl File {
    /// Reads every section. What does not hold within one is noted; what does not hold between them is left
    /// to [`check`](super::check).
    pub(super) fn read(
        notes: &mut Notes,
        source: &str,
        table: &DeTable<'_>,
        trust: Trust,
        world: &World,
    ) -> Self {
        let mut fields = Fields::of(notes, table, SECTIONS);
        if trust == Trust::WorkingDirectory {
            refuse_harmful(&mut fields);
        }
        let mut file = Self { default_chain: fields.text("default_chain"), ..Self::default() };
        for (name, value) in table {
            let notes = &mut *fields.notes;
            match name.get_ref().as_ref() {
                "providers" => file.providers = provider::read(notes, value, world),
                "models" => file.models = model::read(notes, source, value),
                "chains" => file.chains = chain::read(notes, source, value),
                "timeouts" => file.timeouts = settings::timeouts(notes, value),
                "retry" => file.retry = settings::retry(notes, value),
                "circuit" => file.circuit = settings::circuit(notes, value),
                "limits" => settings::limits(notes, value),
                "http" => file.http = settings::http(notes, value),
                "state" => file.state = settings::state(notes, value),
                _ => {}
            }
        }
        file.http.connect = file.timeouts.connect;
        file
    }
}

/// A cloned repository must not be able to send keys or prompts elsewhere.
fn refuse_harmful(fields: &mut Fields<'_, '_>) {
    for (key, _) in fields.table {
        let name = key.get_ref().as_ref();
        if SECTIONS.contains(&name) && !HARMLESS.contains(&name) {
            fields.notes.error(
                key.span(),
                format!("`{name}` is not accepted from a file found in the working directory"),
                "pass the file with `--config` to trust it".to_owned(),
            );
        }
    }
}
