//! Several LLM providers as one that never fails: when a provider dies in the middle of a streamed answer,
//! another one finishes it, and the reader sees every character once.
//!
//! ```
//! # use mainstay::{catalog::Wire, testing::{Fault, FaultServer, Script}};
//! use mainstay::{Chain, Client, Endpoint};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let answer = Script::answer("Rain dissolves rock, and rivers carry the salt down.");
//! # let dying = FaultServer::start(answer.clone().fault(Fault::ResetAfter(20))).await?;
//! # let healthy = FaultServer::start(answer).await?;
//! # let (first_url, second_url) = (dying.openai_url(), healthy.openai_url());
//! let client = Client::builder()
//!     .endpoint(Endpoint::new("first", Wire::OpenAiChat, first_url).key("…"))
//!     .endpoint(Endpoint::new("second", Wire::OpenAiChat, second_url).key("…"))
//!     .chain("main", Chain::new(["first/big".parse()?, "second/large".parse()?]))
//!     .build()?;
//!
//! // The first provider dies after twenty characters.
//! let reply = client.ask("Why is the sea salty?").await?;
//! assert_eq!(reply.text, "Rain dissolves rock, and rivers carry the salt down.");
//! assert_eq!(reply.served_by.len(), 2);
//! # Ok(())
//! # }
//! ```
//!
//! With keys in the environment, [`Client::from_env`] makes a chain of the built-in providers they belong to,
//! and with a configuration file `Client::from_config` (feature `config`) one of your own.
//!
//! # The map
//!
//! - [`Client`] holds providers, chains, health and the retry budget; [`EventStream`] is one answer, [`Reply`] a
//!   whole one.
//! - [`chat`] is what is said: requests, messages, events, replies, usage. All of it has a serde form.
//! - [`failover`] is the [`Chain`] and the engine that moves a request along it.
//! - [`resilience`] is the policies: circuits, backoff, budget, patience.
//! - [`provider`] is the [`Provider`] trait and the wires; [`catalog`] the vendors and models, as data.
//! - [`error`] is what went wrong, and the one table that says what follows from it.
//! - `testing` (feature) is a fault server and a scripted provider, to test an app against an outage.
//!
//! # When an answer is complete
//!
//! Only when the wire's own marker was seen: a finish reason, or `message_stop`. A connection that closes
//! without it has lost text, however cleanly it closed, and the answer goes on elsewhere. A stream ends with
//! [`Event::Finish`] or with an [`Error`], never with neither.
//!
//! # When an answer cannot go on
//!
//! If no target is left, or the next model begins again in other words, the request ends with an error that
//! holds what was delivered ([`Error::partial`]), all attempts ([`Error::attempts`]) and a
//! [`Handle`](chat::Handle) with which [`Client::resume`] goes on later, in this process or another. Who can
//! take back what was shown sets [`OnBreak::Restart`](failover::OnBreak::Restart) on the chain and heeds
//! [`Event::Restart`].
//!
//! # Retries
//!
//! Do not retry around a client: an error for which [`Error::is_exhausted`] is true has been through all that
//! the deadline and the budget allow, and asking again at once only adds to the outage.
//!
//! # Cancelling
//!
//! Drop the stream or the future: the connection is closed at once, nothing else is started and no provider is
//! blamed. [`EventStream::cancel`] does the same and says how far the answer had come.
//!
//! # Features
//!
//! None is on by default. `config`: TOML configuration files. `testing`: the fault server. `backoff`: a
//! `backoff::backoff::Backoff` as retry schedule, for those who have one; the crate is unmaintained.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod catalog;
pub mod chat;
pub mod client;
pub mod error;
pub mod failover;
pub mod provider;
pub mod resilience;
#[cfg(feature = "testing")]
pub mod testing;

pub use chat::{Event, Message, Reply, Request, Target};
pub use client::{Client, ClientBuilder, EventStream};
pub use error::Error;
pub use failover::Chain;
pub use provider::{Endpoint, Provider};

/// The README's code is compiled and run with the documentation.
#[cfg(all(doctest, feature = "testing"))]
#[doc = include_str!("../README.md")]
pub mod readme {}
