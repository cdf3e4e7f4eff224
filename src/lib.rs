//! Several LLM providers as one that never fails.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod catalog;
pub mod chat;
pub mod error;
pub mod failover;
pub mod provider;
pub mod resilience;
#[cfg(feature = "testing")]
pub mod testing;
