//! The knobs, with their defaults.

use std::time::Duration;

/// How long each thing may take.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// To make a connection. 5 s.
    pub connect: Duration,
    /// From sending a request to its first content; after it the next target is started beside this one.
    /// `None` adapts to what the target normally does: at most 12 s, or 120 s for a model that thinks in
    /// silence and for an answer that is not streamed.
    pub first_token: Option<Duration>,
    /// Between two pieces of content. `None` adapts: between 5 and 20 s.
    pub idle: Option<Duration>,
    /// For the whole request, over all attempts. 10 min.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            first_token: None,
            idle: None,
            total: Duration::from_secs(600),
        }
    }
}

/// When and how often the same target is tried again.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Retry {
    /// The most tries at one target before the first content. 2.
    pub attempts: u32,
    /// The upper bound of the first wait; it doubles with each further one. 50 ms.
    pub base: Duration,
    /// The upper bound of any wait. 2 s.
    pub cap: Duration,
    /// The longest Retry-After that is waited for with other targets at hand. 2 s.
    pub max_retry_after: Duration,
    /// How many retries a client may have in hand; each costs one. 10.
    pub budget: f64,
    /// What each request pays back into the budget. 0.1.
    pub deposit: f64,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            attempts: 2,
            base: Duration::from_millis(50),
            cap: Duration::from_secs(2),
            max_retry_after: Duration::from_secs(2),
            budget: 10.0,
            deposit: 0.1,
        }
    }
}

/// When a target is left alone, and for how long.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CircuitSettings {
    /// Whether there are circuits at all. True.
    pub enabled: bool,
    /// The score at which a circuit opens: a failure adds 1.79, a success takes off 0.305. 6.0, which is four
    /// failures in a row.
    pub threshold: f64,
    /// The shortest time before the next trial. 5 s.
    pub min_open: Duration,
    /// The longest time before the next trial. 120 s.
    pub max_open: Duration,
}

impl Default for CircuitSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            threshold: 6.0,
            min_open: Duration::from_secs(5),
            max_open: Duration::from_secs(120),
        }
    }
}

/// A moment to count from in tests.
#[cfg(test)]
#[expect(
    clippy::disallowed_methods,
    reason = "policies take the time as an argument; a test has to start somewhere"
)]
pub(crate) fn test_epoch() -> std::time::Instant {
    std::time::Instant::now()
}
