//! How a client is put together.

use std::sync::Arc;

use super::Client;
use crate::catalog::Model;
use crate::chat::{Kind, Target};
use crate::error::Error;
use crate::failover::Chain;
use crate::provider::{Endpoint, HttpOptions, Provider};
use crate::resilience::{CircuitSettings, Retry, Timeouts};

/// A client to be. All checks are made by [`build`](Self::build).
#[derive(Default)]
pub struct ClientBuilder {}

impl ClientBuilder {
    /// Adds a provider by its address. One of the same name is replaced.
    #[must_use]
    pub fn endpoint(self, endpoint: Endpoint) -> Self {
        let _ = endpoint;
        self
    }

    /// Adds a provider of your own making. One of the same name is replaced.
    #[must_use]
    pub fn provider(self, provider: Arc<dyn Provider>) -> Self {
        let _ = provider;
        self
    }

    /// Adds the built-in providers whose keys are in the environment, and those that need none. A chain named
    /// `env` of those with keys is added, and is the default unless another is set.
    #[must_use]
    pub fn vendors_from_env(self) -> Self {
        self
    }

    /// Adds a chain.
    #[must_use]
    pub fn chain(self, name: impl Into<String>, chain: Chain) -> Self {
        let _ = (name.into(), chain);
        self
    }

    /// Sets which chain is used where none is named. Otherwise it is the first one added.
    #[must_use]
    pub fn default_chain(self, name: impl Into<String>) -> Self {
        let _ = name.into();
        self
    }

    /// Says something about a model, over what is built in.
    #[must_use]
    pub fn model(self, target: Target, model: Model) -> Self {
        let _ = (target, model);
        self
    }

    /// Sets how long things may take. `connect` is taken from here for HTTP too.
    #[must_use]
    pub fn timeouts(self, timeouts: Timeouts) -> Self {
        let _ = timeouts;
        self
    }

    /// Sets when the same target is tried again.
    #[must_use]
    pub fn retry(self, retry: Retry) -> Self {
        let _ = retry;
        self
    }

    /// Sets when a target is left alone.
    #[must_use]
    pub fn circuit(self, circuit: CircuitSettings) -> Self {
        let _ = circuit;
        self
    }

    /// Sets how HTTP is done.
    #[must_use]
    pub fn http(self, http: HttpOptions) -> Self {
        let _ = http;
        self
    }

    /// Sets whether answers are streamed from providers that can. True.
    #[must_use]
    pub fn streaming(self, streaming: bool) -> Self {
        let _ = streaming;
        self
    }

    /// Seeds the source of all randomness, for repeatable tests.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        let _ = seed;
        self
    }

    /// Makes the client.
    ///
    /// # Errors
    ///
    /// [`Kind::Config`] for anything that cannot be right: no chain, an empty one, an unknown provider in one
    /// (with the nearest names), a malformed address.
    pub fn build(self) -> Result<Client, Error> {
        Err(Error::new(Kind::Internal, "not built yet"))
    }
}
