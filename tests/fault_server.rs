//! Each fault does on the wire what its name says, read with a plain socket.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]
#![allow(clippy::disallowed_methods, reason = "sockets live in real time")]

#[path = "fault_server/client.rs"]
mod client;
#[path = "fault_server/continuation.rs"]
mod continuation;
#[path = "fault_server/faults.rs"]
mod faults;
#[path = "fault_server/healthy.rs"]
mod healthy;
#[path = "fault_server/scripted.rs"]
mod scripted;
