//! The policies: pure state, the time passed in, no provider known.
//!
//! Each file is one idea and opens with why it exists. Nothing here waits, sends or reads a clock; the engine
//! in `failover` does.

pub mod backoff;
mod budget;
mod circuit;
mod health;
mod patience;
mod settings;

pub use budget::RetryBudget;
pub use circuit::{Circuit, CircuitState, Pass};
pub use health::{Health, HealthSnapshot, Refusal};
pub use patience::{Expect, Patience};
pub use settings::{CircuitSettings, Retry, Timeouts};
