//! How one provider is asked: the [`Provider`] trait and its wires.
//!
//! A provider opens one stream and reports truthfully how it went. It never retries, never fails over and
//! keeps no state about its own health: that would double the retries of the engine above it.

mod anthropic;
mod call;
mod complaint;
mod endpoint;
mod http;
mod json;
mod judge;
mod openai_chat;
mod retry_after;
mod secret;
mod setup;
mod sse;
mod stream;
mod tape;
mod think;
mod tools;
mod wired;

use async_trait::async_trait;
pub use call::{Abilities, Call, Delta, DeltaStream, Tail};
pub use endpoint::Endpoint;
pub use http::{Http, HttpOptions};
#[doc(hidden)]
pub use tape::Tape;

use crate::error::Error;

/// A source of answers.
///
/// Implement it for a service that none of the built-in wires speaks.
#[async_trait]
pub trait Provider: Send + Sync {
    /// The name used in targets, before the `/`.
    fn id(&self) -> &str;

    /// What `model` can do. Called often; must not block.
    fn abilities(&self, model: &str) -> Abilities;

    /// Opens one answer.
    ///
    /// Resolves once it is known that the provider has accepted the request (for HTTP: after the status), so
    /// that a refused key or a rate limit is an error here and never an item of the stream.
    ///
    /// The stream must yield [`Delta::Finish`] exactly if the wire's own terminal marker was seen, and an
    /// error in every other case of ending. Dropping the future or the stream must close the connection.
    ///
    /// # Errors
    ///
    /// An [`Error`] with the true kind. The phase is set by the caller.
    async fn open(&self, call: Call) -> Result<DeltaStream, Error>;
}
