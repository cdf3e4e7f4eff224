//! How a client is put together.
//!
//! The builder only collects. What it comes to is worked out, and checked, in [`plan`](super::plan).

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::Client;
use super::env::World;
use crate::catalog::Model;
use crate::chat::Target;
use crate::error::Error;
use crate::failover::Chain;
use crate::provider::{Endpoint, HttpOptions, Provider};
use crate::resilience::{CircuitSettings, Retry, Timeouts};

/// A client to be. All checks are made by [`build`](Self::build); until then nothing is read, opened or sent.
///
/// The built-in providers ([`VENDORS`](crate::catalog::VENDORS)) need not be added: a chain may name them, and
/// their keys are taken from the environment when the client is built. Where a variable holds several keys,
/// separated by commas, the first is used.
pub struct ClientBuilder {
    pub(super) world: World,
    pub(super) sources: BTreeMap<String, Source>,
    /// `None` stands for the chain made from the environment.
    pub(super) chains: Vec<(String, Option<Chain>)>,
    pub(super) default_chain: Option<String>,
    pub(super) models: Vec<(Target, Model)>,
    pub(super) timeouts: Option<Timeouts>,
    pub(super) retry: Retry,
    pub(super) circuit: CircuitSettings,
    pub(super) http: HttpOptions,
    pub(super) streaming: bool,
    pub(super) seed: Option<u64>,
}

/// Where a provider comes from.
pub(super) enum Source {
    /// It is made from its address. `key_env` names the variables that may hold its key.
    Endpoint { endpoint: Endpoint, key_env: Vec<String> },
    /// The caller has made it.
    Provider(Arc<dyn Provider>),
}

/// The name of the chain made from the environment.
pub(super) const ENV_CHAIN: &str = "env";

impl ClientBuilder {
    /// Adds a provider by its address. One of the same name is replaced. A built-in one without a key takes it
    /// from the environment.
    #[must_use]
    pub fn endpoint(self, endpoint: Endpoint) -> Self {
        let key_env = endpoint.vendor.map(|vendor| vendor.key_env).unwrap_or_default();
        let key_env = key_env.iter().map(|&name| name.to_owned()).collect();
        self.source(endpoint.id().to_owned(), Source::Endpoint { endpoint, key_env })
    }

    /// Adds a provider of your own making. One of the same name is replaced.
    #[must_use]
    pub fn provider(self, provider: Arc<dyn Provider>) -> Self {
        self.source(provider.id().to_owned(), Source::Provider(provider))
    }

    pub(super) fn source(mut self, id: String, source: Source) -> Self {
        self.sources.insert(id, source);
        self
    }

    /// Adds a chain named `env` of the built-in providers whose keys are in the environment, in the order of
    /// [`VENDORS`](crate::catalog::VENDORS), each with its default model. Without any key there is no such
    /// chain.
    #[must_use]
    pub fn vendors_from_env(self) -> Self {
        self.link(ENV_CHAIN.to_owned(), None)
    }

    /// Adds a chain. One of the same name is replaced.
    #[must_use]
    pub fn chain(self, name: impl Into<String>, chain: Chain) -> Self {
        self.link(name.into(), Some(chain))
    }

    fn link(mut self, name: String, chain: Option<Chain>) -> Self {
        match self.chains.iter_mut().find(|(known, _)| *known == name) {
            Some(slot) => slot.1 = chain,
            None => self.chains.push((name, chain)),
        }
        self
    }

    /// Sets which chain is used where none is named. Otherwise it is the first one added.
    #[must_use]
    pub fn default_chain(mut self, name: impl Into<String>) -> Self {
        self.default_chain = Some(name.into());
        self
    }

    /// Says something about a model, over what is built in. What was said about it before is replaced.
    #[must_use]
    pub fn model(mut self, target: Target, model: Model) -> Self {
        self.models.push((target, model));
        self
    }

    /// Sets how long things may take. `connect` is taken from here for HTTP too.
    #[must_use]
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = Some(timeouts);
        self
    }

    /// Sets when the same target is tried again.
    #[must_use]
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Sets when a target is left alone.
    #[must_use]
    pub fn circuit(mut self, circuit: CircuitSettings) -> Self {
        self.circuit = circuit;
        self
    }

    /// Sets how HTTP is done.
    #[must_use]
    pub fn http(mut self, http: HttpOptions) -> Self {
        self.http = http;
        self
    }

    /// Sets whether answers are streamed from providers that can. True.
    #[must_use]
    pub fn streaming(mut self, streaming: bool) -> Self {
        self.streaming = streaming;
        self
    }

    /// Seeds the source of all randomness, for repeatable tests.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Looks keys up with `look` instead of in the process's environment: in a vault, say, or in a test.
    ///
    /// ```
    /// use mainstay::Client;
    ///
    /// let nothing = Client::builder().environment(|_| None).vendors_from_env().build();
    /// assert!(nothing.is_err());
    /// ```
    #[must_use]
    pub fn environment(mut self, look: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        self.world = self.world.with_env(look);
        self
    }

    /// Makes the client.
    ///
    /// # Errors
    ///
    /// [`Kind::Config`](crate::chat::Kind::Config) for anything that cannot be right: no chain, an empty one,
    /// an unknown provider in one (with the nearest names), a default chain of which no target has a key, a
    /// malformed address, a time of zero, a number in [`Retry`] or [`CircuitSettings`] that makes no sense.
    pub fn build(self) -> Result<Client, Error> {
        self.parts().map(Client::from_parts)
    }
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            world: World::default(),
            sources: BTreeMap::new(),
            chains: Vec::new(),
            default_chain: None,
            models: Vec::new(),
            timeouts: None,
            retry: Retry::default(),
            circuit: CircuitSettings::default(),
            http: HttpOptions::default(),
            streaming: true,
            seed: None,
        }
    }
}

impl fmt::Debug for ClientBuilder {
    /// The names of what was added.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chains: Vec<_> = self.chains.iter().map(|(name, _)| name).collect();
        f.debug_struct("ClientBuilder")
            .field("providers", &self.sources.keys())
            .field("chains", &chains)
            .field("default_chain", &self.default_chain)
            .finish_non_exhaustive()
    }
}
