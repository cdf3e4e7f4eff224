//! The wires from outside: recorded shapes of answers, cut, split and corrupted anywhere, and real HTTP on
//! loopback.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod cuts;
mod ends;
mod http;
mod refusals;
mod tape;
