//! The engine: one logical request over several targets.
//!
//! A [`Chain`] says who may serve a request and in which order. The journey decides what happens next, the
//! seam joins two halves of an answer, the driver does the waiting.

mod book;
mod chain;
mod drive;
mod estimate;
mod journey;
mod ledger;
mod observe;
mod seam;
mod setting;

pub(crate) use book::Book;
pub use chain::{Chain, Link, OnBreak, Order};
pub(crate) use drive::Drive;
pub(crate) use setting::Setting;
