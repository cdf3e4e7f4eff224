//! What a builder comes to: every name resolved, every key looked up, every check made that needs no provider.
//!
//! Making the providers is left to [`parts`](super::parts), what a file may say to `config`.

use std::collections::BTreeMap;
use std::time::Duration;

use super::builder::{ClientBuilder, ENV_CHAIN, Source};
use super::env::World;
use super::names::hint;
use crate::catalog::{Catalog, Vendor};
use crate::chat::{Kind, Target};
use crate::error::Error;
use crate::failover::Chain;
use crate::provider::{Endpoint, HttpOptions};
use crate::resilience::{CircuitSettings, Retry, Timeouts};

/// No time is longer, so that a point in time can always be reckoned from it.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 3600);

/// A builder, checked.
pub(super) struct Plan {
    pub(super) sources: BTreeMap<String, Source>,
    pub(super) missing_keys: BTreeMap<String, String>,
    pub(super) catalog: Catalog,
    pub(super) chains: BTreeMap<String, Chain>,
    pub(super) default_chain: String,
    pub(super) timeouts: Timeouts,
    pub(super) http: HttpOptions,
}

impl Plan {
    pub(super) fn of(builder: &mut ClientBuilder) -> Result<Self, Error> {
        check_numbers(&builder.retry, &builder.circuit)?;
        let world = &builder.world;
        let mut sources = with_vendors(std::mem::take(&mut builder.sources), world);
        let missing_keys = give_keys(&mut sources, world);
        let mut chains = Vec::new();
        for (name, chain) in std::mem::take(&mut builder.chains) {
            if let Some(chain) = chain.or_else(|| env_chain(&sources, world)) {
                check_name(&name)?;
                check_chain(&format!("chain `{name}`"), &chain, &sources)?;
                chains.push((name, chain));
            }
        }
        let default_chain = pick_default(builder.default_chain.take(), &chains, world)?;
        let chains: BTreeMap<_, _> = chains.into_iter().collect();
        check_keys(&format!("chain `{default_chain}`"), &chains[&default_chain], &missing_keys)?;
        let catalog = catalog_of(std::mem::take(&mut builder.models), &sources)?;
        let (timeouts, http) = times(builder.timeouts.take(), builder.http.clone())?;
        Ok(Self { sources, missing_keys, catalog, chains, default_chain, timeouts, http })
    }
}

fn config(message: impl Into<String>) -> Error {
    Error::new(Kind::Config, message)
}

/// The built-in providers stand beside what was added, but never in its place.
fn with_vendors(mut sources: BTreeMap<String, Source>, world: &World) -> BTreeMap<String, Source> {
    for vendor in world.vendors() {
        sources.entry(vendor.id.to_owned()).or_insert_with(|| Source::Endpoint {
            endpoint: Endpoint::vendor(vendor),
            key_env: vendor.key_env.iter().map(|&name| name.to_owned()).collect(),
        });
    }
    sources
}

/// Gives every endpoint its key. Returns, by provider, why one that needs a key has none that can
/// be used.
fn give_keys(sources: &mut BTreeMap<String, Source>, world: &World) -> BTreeMap<String, String> {
    let mut missing = BTreeMap::new();
    for (id, source) in sources {
        let Source::Endpoint { endpoint, key_env } = source else { continue };
        if endpoint.key.is_some() || key_env.is_empty() {
            continue;
        }
        let names = key_env.join(" or ");
        match world.key(key_env.iter().map(String::as_str)) {
            Some(key) if is_sendable(&key) => *endpoint = endpoint.clone().key(key),
            Some(_) => {
                missing.insert(id.clone(), format!("a malformed key: {names} holds more than visible ASCII"));
            }
            None => {
                missing.insert(id.clone(), format!("no key: set {names}"));
            }
        }
    }
    missing
}

/// A stray character in the key of one provider must not stop a client that asks others.
fn is_sendable(key: &str) -> bool {
    key.bytes().all(|byte| byte.is_ascii_graphic())
}

fn env_chain(sources: &BTreeMap<String, Source>, world: &World) -> Option<Chain> {
    let has_key = |vendor: &&Vendor| match sources.get(vendor.id) {
        Some(Source::Endpoint { endpoint, key_env }) => endpoint.key.is_some() && !key_env.is_empty(),
        _ => false,
    };
    let targets: Vec<_> = world
        .vendors()
        .iter()
        .filter(has_key)
        .filter_map(|vendor| Target::new(vendor.id, vendor.default_model).ok())
        .collect();
    (!targets.is_empty()).then(|| Chain::new(targets))
}

fn check_name(name: &str) -> Result<(), Error> {
    if name.is_empty() || name.contains('/') {
        return Err(config(format!(
            "`{name}` cannot name a chain: it is empty or holds a `/`, as targets do"
        )));
    }
    Ok(())
}

/// Whether the chain has targets and their providers are known. `what` names it.
pub(super) fn check_chain<P>(
    what: &str,
    chain: &Chain,
    providers: &BTreeMap<String, P>,
) -> Result<(), Error> {
    if chain.links.is_empty() {
        return Err(config(format!("{what} has no targets")));
    }
    let known: Vec<_> = providers.keys().map(String::as_str).collect();
    match chain.targets().find(|target| !providers.contains_key(target.provider())) {
        Some(target) => {
            let name = target.provider();
            Err(config(format!("unknown provider `{name}` in {what}; {}", hint(name, &known))))
        }
        None => Ok(()),
    }
}

/// Whether at least one target of the chain has the key it needs. `what` names it.
pub(super) fn check_keys(what: &str, chain: &Chain, missing: &BTreeMap<String, String>) -> Result<(), Error> {
    let mut reasons = Vec::new();
    for target in chain.targets() {
        let Some(reason) = missing.get(target.provider()) else { return Ok(()) };
        let reason = format!("{} has {reason}", target.provider());
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    Err(config(format!("{what} has no target that could be asked: {}", reasons.join("; "))))
}

fn pick_default(wanted: Option<String>, chains: &[(String, Chain)], world: &World) -> Result<String, Error> {
    let known: Vec<_> = chains.iter().map(|(name, _)| name.as_str()).collect();
    let Some(wanted) = wanted.as_deref().or(known.first().copied()) else { return Err(no_chain(world)) };
    if known.contains(&wanted) {
        return Ok(wanted.to_owned());
    }
    if wanted == ENV_CHAIN {
        return Err(no_chain(world));
    }
    Err(config(format!("the default chain `{wanted}` is not defined; {}", hint(wanted, &known))))
}

fn no_chain(world: &World) -> Error {
    let names: Vec<_> = world.vendors().iter().flat_map(|vendor| vendor.key_env).copied().collect();
    config(format!(
        "there is no chain, and no key in the environment to make one from: set one of {} \
         (`mainstay demo` needs none)",
        names.join(", ")
    ))
}

fn catalog_of(
    models: Vec<(Target, crate::catalog::Model)>,
    sources: &BTreeMap<String, Source>,
) -> Result<Catalog, Error> {
    let mut catalog = Catalog::default();
    for (target, model) in models {
        check_chain(&format!("model `{target}`"), &Chain::new([target.clone()]), sources)?;
        catalog.set(target, model);
    }
    Ok(catalog)
}

/// One time to connect for both, whichever of them was set.
fn times(timeouts: Option<Timeouts>, mut http: HttpOptions) -> Result<(Timeouts, HttpOptions), Error> {
    let mut timeouts = timeouts.unwrap_or_else(|| Timeouts { connect: http.connect, ..Timeouts::default() });
    for (name, time) in [
        ("connect", Some(&mut timeouts.connect)),
        ("first_token", timeouts.first_token.as_mut()),
        ("idle", timeouts.idle.as_mut()),
        ("total", Some(&mut timeouts.total)),
    ] {
        let Some(time) = time else { continue };
        if time.is_zero() {
            return Err(config(format!("the `{name}` time is zero: nothing could ever be answered")));
        }
        *time = LONGEST.min(*time);
    }
    http.connect = timeouts.connect;
    Ok((timeouts, http))
}

fn check_numbers(retry: &Retry, circuit: &CircuitSettings) -> Result<(), Error> {
    let amount = |value: f64| value.is_finite() && value >= 0.0;
    let wrong = if retry.attempts == 0 {
        "`retry.attempts` is 0: at least the first try is one"
    } else if !amount(retry.budget) || !amount(retry.deposit) {
        "`retry.budget` and `retry.deposit` cannot be negative or infinite"
    } else if !amount(circuit.threshold) || circuit.threshold == 0.0 {
        "`circuit.threshold` must be above 0"
    } else if circuit.min_open > circuit.max_open {
        "`circuit.min_open` is longer than `circuit.max_open`"
    } else {
        return Ok(());
    };
    Err(config(wrong))
}

#[cfg(test)]
mod tests;
