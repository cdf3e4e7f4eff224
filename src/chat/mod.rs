//! What is said to and by a model: requests, messages, events and replies.
//!
//! This is the vocabulary shared by Rust, Python, the command line and its JSON output. Everything here is
//! plain data with a serde form; nothing here does I/O and nothing here depends on the rest of the crate.

mod attempt;
mod event;
mod failure;
mod handle;
mod message;
mod reply;
mod request;
mod target;
mod usage;

pub use attempt::{Attempt, Mode, Outcome};
pub use event::{Event, Skipped};
pub use failure::{Kind, Phase};
pub use handle::Handle;
pub use message::{Image, Message, Part, Reasoning, Role, ToolCall, ToolResult};
pub use reply::Reply;
pub use request::{Effort, Request, Schema, Tool, ToolChoice};
pub use target::{ParseTargetError, Target};
pub use usage::{Cost, FinishReason, Usage};
