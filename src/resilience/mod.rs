//! The policies: pure state, the time passed in, no provider known.
//!
//! Each file is one idea and opens with why it exists. Nothing here waits, sends or reads a clock; the engine
//! in `failover` does.

mod settings;

pub use settings::{Circuit as CircuitSettings, Retry, Timeouts};
