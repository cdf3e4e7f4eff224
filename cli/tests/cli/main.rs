//! The real program against real sockets: what the outside contract promises about streams, files and codes.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod bench;

mod answers;
mod chat;
mod config;
mod demo;
mod exits;
mod input;
#[cfg(unix)]
mod signals;
