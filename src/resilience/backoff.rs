//! How long to wait before the same target is asked again.
//!
//! Why full jitter? Clients that failed together must not come back together: a wait drawn evenly between
//! zero and the bound spreads them best for the least total delay. The schedule is a seam: any iterator of
//! [`Duration`] fits, and when it ends, so do the retries.

use std::time::Duration;

use super::Retry;

/// The waits before the first, second, … retry. When it ends, no further retry is made.
pub type Schedule = Box<dyn Iterator<Item = Duration> + Send>;

/// Waits drawn evenly between zero and a bound that doubles up to a cap.
///
/// ```
/// use std::time::Duration;
///
/// use mainstay::resilience::{Retry, backoff::FullJitter};
///
/// let retry = Retry::default();
/// let waits: Vec<Duration> = FullJitter::new(&retry, 7).take(20).collect();
/// assert!(waits.iter().all(|wait| *wait <= retry.cap));
/// ```
#[derive(Debug, Clone)]
pub struct FullJitter {
    bound: Duration,
    cap: Duration,
    rng: fastrand::Rng,
}

impl FullJitter {
    /// The schedule of these settings; `seed` makes it repeatable.
    pub fn new(retry: &Retry, seed: u64) -> Self {
        Self { bound: retry.base, cap: retry.cap, rng: fastrand::Rng::with_seed(seed) }
    }
}

impl Iterator for FullJitter {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        let bound = self.bound.min(self.cap);
        self.bound = self.bound.saturating_mul(2);
        Some(bound.mul_f64(self.rng.f64()))
    }
}

/// The waits of any [`backoff::backoff::Backoff`], from its beginning.
#[cfg(feature = "backoff")]
pub fn from_backoff<B>(mut schedule: B) -> Schedule
where
    B: ::backoff::backoff::Backoff + Send + 'static,
{
    schedule.reset();
    Box::new(std::iter::from_fn(move || schedule.next_backoff()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_bounded_by_a_doubling_cap() {
        let retry = Retry::default();
        for seed in 0..50 {
            let mut bound = retry.base;
            for wait in FullJitter::new(&retry, seed).take(12) {
                assert!(wait <= bound.min(retry.cap));
                bound *= 2;
            }
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_waits() {
        let waits = |seed| FullJitter::new(&Retry::default(), seed).take(5).collect::<Vec<_>>();
        assert_eq!(waits(3), waits(3));
        assert_ne!(waits(3), waits(4));
    }

    #[cfg(feature = "backoff")]
    #[test]
    fn a_schedule_of_the_backoff_crate_is_followed_to_its_end() {
        let stop = from_backoff(::backoff::backoff::Stop {});
        assert_eq!(stop.count(), 0);
        let constant = ::backoff::backoff::Constant::new(Duration::from_millis(5));
        assert_eq!(from_backoff(constant).take(3).collect::<Vec<_>>(), [Duration::from_millis(5); 3]);
    }
}
