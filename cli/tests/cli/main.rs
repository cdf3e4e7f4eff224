//! The real program against real sockets: what the outside contract promises about streams, files and codes.
#![allow(clippy::unwrap_used, clippy::expect_used)]
#![allow(clippy::disallowed_methods, reason = "the real program runs in real time")]

mod bench;

mod answers;
mod chat;
mod config;
mod demo;
mod exits;
mod input;
#[cfg(unix)]
mod signals;
