//! Test your app against an outage, without a network and without keys.
//!
//! [`FaultServer`] is a real HTTP server on loopback that fails on purpose, in every way in which providers
//! do: point any client at it. A [`Script`] says what it answers, a [`Fault`] how it fails, a
//! [`Continuation`] what it does when it is asked to go on with an answer that broke elsewhere.
//!
//! [`Scripted`] is a [`Provider`](crate::provider::Provider) in memory: no socket, so it runs under Tokio's
//! paused clock, where hours of outage pass in milliseconds.

mod ask;
mod continuation;
mod fault;
mod http;
mod pieces;
mod plan;
mod received;
mod render;
mod script;
mod scripted;
mod server;

pub use continuation::Continuation;
pub use fault::Fault;
pub use received::Received;
pub use script::Script;
pub use scripted::{Failure, Scripted, Step};
pub use server::{FaultServer, RefusedAddress};
