//! How many retries a client may make, over all its requests.
//!
//! Why a budget and not a maximum per request? When a provider is down, every request fails, and two retries
//! each treble the load on it. A budget lets a few requests retry when failures are rare and nearly none when
//! they are common.

use std::time::Instant;

use super::Retry;

const REFILL_PER_SECOND: f64 = 0.1;

/// A bucket of retries: each request pays a little in, each retry takes one out, and a slow refill keeps a
/// quiet client able to retry at all.
#[derive(Debug, Clone)]
pub struct RetryBudget {
    tokens: f64,
    size: f64,
    deposit: f64,
    refilled: Option<Instant>,
}

impl RetryBudget {
    /// A full bucket.
    pub fn new(retry: &Retry) -> Self {
        Self { tokens: retry.budget, size: retry.budget, deposit: retry.deposit, refilled: None }
    }

    /// A request begins.
    pub fn deposit(&mut self, now: Instant) {
        self.refill(now);
        self.tokens = (self.tokens + self.deposit).min(self.size);
    }

    /// Takes one retry out, if there is one.
    pub fn withdraw(&mut self, now: Instant) -> bool {
        self.refill(now);
        let granted = self.tokens >= 1.0;
        if granted {
            self.tokens -= 1.0;
        }
        granted
    }

    fn refill(&mut self, now: Instant) {
        let since = self.refilled.replace(now).map_or(0.0, |then| (now - then).as_secs_f64());
        self.tokens = (self.tokens + since * REFILL_PER_SECOND).min(self.size);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::resilience::settings::test_epoch;

    #[test]
    fn an_empty_bucket_grants_nothing_until_requests_or_time_fill_it() {
        let now = test_epoch();
        let mut budget = RetryBudget::new(&Retry::default());
        assert_eq!((0..20).filter(|_| budget.withdraw(now)).count(), 10);
        (0..11).for_each(|_| budget.deposit(now));
        assert!(budget.withdraw(now) && !budget.withdraw(now));
        assert!(budget.withdraw(now + Duration::from_secs(10)));
    }

    proptest! {
        #[test]
        fn retries_never_exceed_the_bucket_plus_what_was_paid_in(steps in prop::collection::vec(any::<bool>(), 0..500)) {
            let now = test_epoch();
            let mut budget = RetryBudget::new(&Retry::default());
            let (mut paid, mut granted) = (10.0, 0.0);
            for deposit in steps {
                if deposit { budget.deposit(now); paid += 0.1; } else if budget.withdraw(now) { granted += 1.0; }
            }
            prop_assert!(granted <= paid + 1e-9);
        }
    }
}
