//! The engine: one logical request over several targets.

mod chain;

pub use chain::{Chain, Link, OnBreak, Order};
