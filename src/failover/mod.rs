//! The engine: one logical request over several targets.

mod chain;
mod seam;

pub use chain::{Chain, Link, OnBreak, Order};
