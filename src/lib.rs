//! Several LLM providers as one that never fails.
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
