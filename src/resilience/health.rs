//! What is known about one target: may it be asked, and how has it done?
//!
//! Why one place? A request wants one answer, yes or no and why; circuit, pace and a resting key are three
//! reasons for the same no.

use std::time::{Duration, Instant};

use super::{Circuit, CircuitSettings, CircuitState, Pass, Patience};
use crate::chat::Kind;

const KEY_REST: Duration = Duration::from_secs(15 * 60);
const MIN_PACE: Duration = Duration::from_secs(5);
const RECENT: Duration = Duration::from_secs(30);

/// Why a target may not be asked now.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// What it is resting from.
    pub kind: Option<Kind>,
    /// When it may be asked again, where that is known.
    pub until: Option<Instant>,
    why: &'static str,
}

impl Refusal {
    /// In words, with the time from `now`.
    pub fn describe(&self, now: Instant) -> String {
        let mut text = self.why.to_owned();
        if let Some(kind) = self.kind {
            text.push_str(&format!(" after {kind}"));
        }
        if let Some(until) = self.until {
            text.push_str(&format!(
                ", next try in {:.1} s",
                until.saturating_duration_since(now).as_secs_f64()
            ));
        }
        text
    }
}

/// The health of one target.
#[derive(Debug, Clone)]
pub struct Health {
    circuit: Circuit,
    /// What it normally does.
    pub patience: Patience,
    /// True once the target has refused a prefilled answer.
    pub refuses_prefill: bool,
    paced_until: Option<Instant>,
    resting_until: Option<Instant>,
    last_failure: Option<(Instant, u64, Kind)>,
    /// The last failure of a request other than that of `last_failure`.
    failure_before: Option<Instant>,
    successes: u64,
    failures: u64,
}

impl Health {
    /// A target of which nothing is known.
    pub fn new(circuit: CircuitSettings) -> Self {
        Self {
            circuit: Circuit::new(circuit),
            patience: Patience::default(),
            refuses_prefill: false,
            paced_until: None,
            resting_until: None,
            last_failure: None,
            failure_before: None,
            successes: 0,
            failures: 0,
        }
    }

    /// Whether it may be asked now.
    pub fn check(&self, now: Instant) -> Result<(), Refusal> {
        let kind = self.last_failure.map(|(_, _, kind)| kind);
        for (until, why) in [(self.resting_until, "the key rests"), (self.paced_until, "paced")] {
            if until.is_some_and(|until| now < until) {
                return Err(Refusal { kind, until, why });
            }
        }
        let shut = |until: Option<Instant>| {
            let why = if until.is_some() { "circuit open" } else { "being tried by another request" };
            Refusal { kind, until, why }
        };
        self.circuit.check(now).map_err(shut)
    }

    /// Leave to ask it once.
    pub fn admit(&mut self, now: Instant) -> Result<Pass, Refusal> {
        self.check(now)?;
        self.circuit.admit(now).map_err(|until| Refusal { kind: None, until, why: "circuit open" })
    }

    /// Whether another request than this one failed here lately.
    pub fn failed_lately(&self, request: u64, now: Instant) -> bool {
        let of_another = match self.last_failure {
            Some((at, by, _)) if by != request => Some(at),
            _ => self.failure_before,
        };
        of_another.is_some_and(|at| now.saturating_duration_since(at) < RECENT)
    }

    fn note(&mut self, request: u64, kind: Kind, now: Instant) {
        let last = self.last_failure.replace((now, request, kind));
        if let Some((at, _, _)) = last.filter(|(_, by, _)| *by != request) {
            self.failure_before = Some(at);
        }
    }

    /// It completed an answer.
    pub fn succeeded(&mut self, pass: Pass, first_token: Duration, longest_gap: Duration, now: Instant) {
        self.successes += 1;
        self.patience.learn(first_token, longest_gap);
        self.circuit.success(pass, now);
    }

    /// It failed by its own fault. `weight` and `jitter` as in [`Circuit::failure`].
    pub fn failed(&mut self, pass: Pass, request: u64, kind: Kind, weight: f64, jitter: f64, now: Instant) {
        self.failures += 1;
        self.note(request, kind, now);
        self.circuit.failure(pass, request, weight, jitter, now);
    }

    /// It asked to be left alone for a while. Nobody's fault.
    pub fn pace(&mut self, pass: Pass, request: u64, kind: Kind, wait: Option<Duration>, now: Instant) {
        self.note(request, kind, now);
        self.paced_until = Some(later(self.paced_until, now + wait.unwrap_or(MIN_PACE)));
        self.circuit.release(pass);
    }

    /// Its key has run out of quota or credit. Returns until when it rests.
    pub fn rest(&mut self, kind: Kind, wait: Option<Duration>, now: Instant) -> Instant {
        self.note(0, kind, now);
        let until = later(self.resting_until, now + wait.unwrap_or(KEY_REST));
        self.resting_until = Some(until);
        until
    }

    /// An attempt ended without telling anything.
    pub fn release(&mut self, pass: Pass) {
        self.circuit.release(pass);
    }

    /// What there is to see.
    pub fn snapshot(&self, now: Instant) -> HealthSnapshot {
        HealthSnapshot {
            circuit: self.circuit.state(now),
            successes: self.successes,
            failures: self.failures,
            last_failure: self.last_failure.map(|(_, _, kind)| kind),
            refused: self.check(now).err().map(|refusal| refusal.describe(now)),
        }
    }
}

fn later(current: Option<Instant>, new: Instant) -> Instant {
    current.map_or(new, |current| current.max(new))
}

/// The health of a target at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HealthSnapshot {
    /// What its circuit lets through.
    pub circuit: CircuitState,
    /// Answers it has completed.
    pub successes: u64,
    /// Attempts it has failed by its own fault.
    pub failures: u64,
    /// The kind of its last failure.
    pub last_failure: Option<Kind>,
    /// Why it may not be asked now, and when next, in words.
    pub refused: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resilience::settings::test_epoch;

    #[test]
    fn a_rate_limit_paces_without_blame() {
        let now = test_epoch();
        let mut health = Health::new(CircuitSettings::default());
        let pass = health.admit(now).unwrap();
        health.pace(pass, 1, Kind::RateLimited, Some(Duration::from_secs(30)), now);
        let refusal = health.check(now).unwrap_err();
        assert_eq!(refusal.describe(now), "paced after rate_limited, next try in 30.0 s");
        assert_eq!(health.snapshot(now).failures, 0);
        assert!(health.check(now + Duration::from_secs(30)).is_ok());
    }

    #[test]
    fn an_empty_account_rests_for_a_quarter_of_an_hour() {
        let now = test_epoch();
        let mut health = Health::new(CircuitSettings::default());
        health.rest(Kind::Billing, None, now);
        assert!(health.check(now + Duration::from_secs(14 * 60)).is_err());
        assert!(health.check(now + Duration::from_secs(15 * 60)).is_ok());
    }

    #[test]
    fn a_failure_of_the_same_request_is_not_a_recent_one() {
        let now = test_epoch();
        let mut health = Health::new(CircuitSettings::default());
        let pass = health.admit(now).unwrap();
        health.failed(pass, 1, Kind::Reset, 1.0, 0.0, now);
        assert!(!health.failed_lately(1, now) && health.failed_lately(2, now));
        assert!(!health.failed_lately(2, now + Duration::from_secs(60)));
    }
}
