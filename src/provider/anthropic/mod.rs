//! The wire `anthropic`: Messages.

mod decode;
mod encode;
mod error;

pub(super) use decode::Decoder;
pub(super) use encode::body;
pub(super) use error::RULES;
