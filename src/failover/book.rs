//! What a client remembers from one request to the next: the health of its targets and the retry budget.
//!
//! It is locked when an attempt begins and when it ends, never for a token.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::observe;
use crate::chat::{Kind, Target};
use crate::error::{Blame, Error};
use crate::resilience::backoff::{FullJitter, Schedule};
use crate::resilience::{
    CircuitSettings, Expect, Health, HealthSnapshot, Pass, Refusal, Retry, RetryBudget, Timeouts,
};

/// The memory of a client.
pub(crate) struct Book {
    retry: Retry,
    circuit: CircuitSettings,
    state: Mutex<State>,
}

struct State {
    health: HashMap<Target, Health>,
    /// Keys that rest, by provider.
    resting: HashMap<String, (Instant, Kind)>,
    budget: RetryBudget,
    rng: fastrand::Rng,
    requests: u64,
}

/// How long a target is waited for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) first_token: Duration,
    pub(crate) idle: Duration,
}

/// One attempt at a target: who, for which request, with which leave.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) target: Target,
    pub(crate) request: u64,
    pub(crate) pass: Pass,
}

impl Book {
    #[expect(clippy::disallowed_methods, reason = "this is the client's one source of randomness")]
    pub(crate) fn new(retry: Retry, circuit: CircuitSettings, seed: Option<u64>) -> Self {
        let state = State {
            health: HashMap::new(),
            resting: HashMap::new(),
            budget: RetryBudget::new(&retry),
            rng: seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed),
            requests: 0,
        };
        Self { retry, circuit, state: Mutex::new(state) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<T>(&self, target: &Target, now: Instant, act: impl FnOnce(&mut Health) -> T) -> T {
        let state = &mut *self.lock();
        let resting = state.resting.get(target.provider()).filter(|(until, _)| now < *until);
        let health = state.health.entry(target.clone()).or_insert_with(|| Health::new(self.circuit.clone()));
        if let Some((until, kind)) = resting {
            health.rest(*kind, Some(*until - now), now);
        }
        act(health)
    }

    /// A request begins; it gets a number.
    pub(crate) fn begin(&self, now: Instant) -> u64 {
        let mut state = self.lock();
        state.budget.deposit(now);
        state.requests += 1;
        state.requests
    }

    /// Whether the budget allows one more retry; if so, it is spent.
    pub(crate) fn may_retry(&self, now: Instant) -> bool {
        self.lock().budget.withdraw(now)
    }

    pub(crate) fn schedule(&self) -> Schedule {
        let seed = self.lock().rng.u64(..);
        Box::new(FullJitter::new(&self.retry, seed))
    }

    /// A time between zero and `most`.
    pub(crate) fn jitter(&self, most: Duration) -> Duration {
        most.mul_f64(self.lock().rng.f64())
    }

    pub(crate) fn check(&self, target: &Target, now: Instant) -> Result<(), Refusal> {
        self.with(target, now, |health| health.check(now))
    }

    pub(crate) fn admit(&self, target: &Target, request: u64, now: Instant) -> Result<Entry, Refusal> {
        let pass = self.with(target, now, |health| health.admit(now))?;
        Ok(Entry { target: target.clone(), request, pass })
    }

    pub(crate) fn failed_lately(&self, target: &Target, request: u64, now: Instant) -> bool {
        self.with(target, now, |health| health.failed_lately(request, now))
    }

    pub(crate) fn limits(
        &self,
        target: &Target,
        timeouts: &Timeouts,
        expect: Expect,
        now: Instant,
    ) -> Limits {
        self.with(target, now, |health| Limits {
            first_token: health.patience.first_token(timeouts, expect),
            idle: health.patience.idle(timeouts),
        })
    }

    pub(crate) fn refuses_prefill(&self, target: &Target, now: Instant) -> bool {
        self.with(target, now, |health| health.refuses_prefill)
    }

    pub(crate) fn remember_prefill_refused(&self, target: &Target, now: Instant) {
        self.with(target, now, |health| health.refuses_prefill = true);
    }

    pub(crate) fn succeeded(
        &self,
        entry: &Entry,
        first_token: Duration,
        longest_gap: Duration,
        now: Instant,
    ) {
        self.with(&entry.target, now, |health| health.succeeded(entry.pass, first_token, longest_gap, now));
    }

    /// An attempt failed; whoever is to blame is remembered.
    pub(crate) fn failed(&self, entry: &Entry, error: &Error, blame: Blame, now: Instant) {
        let (kind, wait) = (error.kind(), error.retry_after());
        match blame {
            Blame::Nobody => self.release(entry, now),
            Blame::Target => self.weigh(entry, kind, 1.0, now),
            Blame::Pace => self
                .with(&entry.target, now, |health| health.pace(entry.pass, entry.request, kind, wait, now)),
            Blame::Key => {
                let until = self.with(&entry.target, now, |health| {
                    health.release(entry.pass);
                    health.rest(kind, wait, now)
                });
                self.lock().resting.insert(entry.target.provider().to_owned(), (until, kind));
            }
        }
    }

    /// A failure counts with this weight.
    pub(crate) fn weigh(&self, entry: &Entry, kind: Kind, weight: f64, now: Instant) {
        let jitter = self.lock().rng.f64();
        let (before, after) = self.with(&entry.target, now, |health| {
            let before = health.snapshot(now).circuit;
            health.failed(entry.pass, entry.request, kind, weight, jitter, now);
            (before, health.snapshot(now).circuit)
        });
        if before != after {
            observe::circuit(&entry.target, after);
        }
    }

    pub(crate) fn release(&self, entry: &Entry, now: Instant) {
        self.with(&entry.target, now, |health| health.release(entry.pass));
    }

    pub(crate) fn snapshot(&self, target: &Target, now: Instant) -> HealthSnapshot {
        self.with(target, now, |health| health.snapshot(now))
    }
}
