//! What an application holds: the client, its builder, and the stream of an answer.

mod builder;
#[cfg(feature = "config")]
pub mod config;
mod env;
mod names;
mod parts;
mod plan;
mod stream;

use std::sync::Arc;

pub use builder::ClientBuilder;
#[cfg(feature = "config")]
pub use config::Config;
use parts::Parts;
pub use stream::EventStream;

use crate::chat::{Handle, Reply, Request, Target};
use crate::error::Error;
use crate::failover::{Book, Chain, Drive, Setting};
use crate::resilience::HealthSnapshot;

/// Several providers as one.
///
/// Cloning is cheap and shares everything: connections, health, the retry budget. Nothing is sent before the
/// first request.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    parts: Parts,
    setting: Arc<Setting>,
}

impl Client {
    /// A client to be put together.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A client of all built-in providers whose keys are in the environment, in the order of
    /// [`VENDORS`](crate::catalog::VENDORS), each with its default model.
    ///
    /// # Errors
    ///
    /// [`Kind::Config`](crate::chat::Kind::Config) if there is no key at all; the message says which variables
    /// are looked at.
    pub fn from_env() -> Result<Self, Error> {
        Self::builder().vendors_from_env().build()
    }

    pub(crate) fn from_parts(parts: Parts) -> Self {
        let setting = Arc::new(Setting {
            providers: parts.providers.clone(),
            missing: parts.missing_keys.clone(),
            catalog: parts.catalog.clone(),
            book: Book::new(parts.retry.clone(), parts.circuit.clone(), parts.seed),
            timeouts: parts.timeouts.clone(),
            retry: parts.retry.clone(),
            streaming: parts.streaming,
        });
        Self { inner: Arc::new(Inner { parts, setting }) }
    }

    /// The chain used where none is named.
    pub fn default_chain(&self) -> &Chain {
        &self.inner.parts.chains[&self.inner.parts.default_chain]
    }

    /// All named chains.
    pub fn chains(&self) -> impl Iterator<Item = (&str, &Chain)> {
        self.inner.parts.chains.iter().map(|(name, chain)| (name.as_str(), chain))
    }

    /// The chain of this name, or else, if `name` is a target, a chain of that one target.
    ///
    /// # Errors
    ///
    /// [`Kind::Config`](crate::chat::Kind::Config) for an unknown chain or provider, with the nearest names, and
    /// where no target has the key it needs.
    pub fn chain(&self, name: &str) -> Result<Chain, Error> {
        self.inner.parts.chain(name)
    }

    /// A chain of these targets, in this order.
    ///
    /// # Errors
    ///
    /// [`Kind::Config`](crate::chat::Kind::Config) for no targets, for an unknown provider, with the nearest names,
    /// and where no target has the key it needs.
    pub fn chain_of(&self, targets: impl IntoIterator<Item = Target>) -> Result<Chain, Error> {
        self.inner.parts.chain_of(targets)
    }

    /// Asks the default chain and streams the answer. Nothing is sent before the stream is first polled.
    pub fn stream(&self, request: impl Into<Request>) -> EventStream {
        self.stream_on(self.default_chain(), request)
    }

    /// Asks this chain and streams the answer. Nothing is sent before the stream is first polled.
    ///
    /// Unlike those of [`chain`](Self::chain) and [`chain_of`](Self::chain_of), a chain made by hand is not checked
    /// beforehand: targets of unknown providers, and those without a key, are skipped, and said to be in
    /// [`Event::Start`](crate::chat::Event::Start).
    pub fn stream_on(&self, chain: &Chain, request: impl Into<Request>) -> EventStream {
        self.drive(chain.clone(), request.into(), String::new())
    }

    /// Asks the default chain and waits for the whole answer. Dropping the future cancels the request.
    ///
    /// # Errors
    ///
    /// That of the stream (see [`EventStream`]); it holds the text that had come ([`Error::partial`]).
    pub async fn ask(&self, request: impl Into<Request>) -> Result<Reply, Error> {
        self.stream(request).reply().await
    }

    /// Goes on with an answer that was left incomplete. The stream yields what is missing, not what had been
    /// delivered.
    ///
    /// # Errors
    ///
    /// [`Kind::Config`](crate::chat::Kind::Config) if the handle names a provider this client does not know, or if
    /// no target of it has the key it needs.
    pub fn resume(&self, handle: Handle) -> Result<EventStream, Error> {
        let chain = self.chain_of(handle.targets)?;
        Ok(self.drive(chain, handle.request, handle.text))
    }

    /// The health of the targets of a chain, as this client and its clones know it now. Nothing is sent.
    pub fn health(&self, chain: &Chain) -> Vec<(Target, HealthSnapshot)> {
        let now = tokio::time::Instant::now().into_std();
        chain
            .targets()
            .map(|target| (target.clone(), self.inner.setting.book.snapshot(target, now)))
            .collect()
    }

    fn drive(&self, chain: Chain, request: Request, delivered: String) -> EventStream {
        EventStream::new(Drive::new(self.inner.setting.clone(), chain, request, delivered))
    }
}
