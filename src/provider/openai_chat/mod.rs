//! The wire `openai_chat`: Chat Completions, as most of the world speaks it.
//!
//! Where they differ is data: a vendor's quirks and its error table.

mod decode;
mod encode;
mod error;
mod usage;

pub(super) use decode::Decoder;
pub(super) use encode::body;
pub(super) use error::RULES;
