//! When a target is left alone, and how it comes back.
//!
//! Why a circuit, when there is failover anyway? Failover saves the request; the circuit saves the wait for a
//! dead target that every request would otherwise pay, and spares the target load while it recovers.
//!
//! Why a running sum and not a failure rate over a window? It needs no minimum volume: the same number works
//! at one request a minute and at a thousand a second. A failure adds, a success takes off less; four
//! failures in a row open the circuit, so does about half of all requests failing for a while.
//!
//! Two different requests are needed to open it, so that one poisonous prompt cannot. The next trial is a
//! real request, one at a time, fully covered by failover, after about a quarter of the time that the target
//! has been down: a short outage is over within seconds of its end and a long one is left in peace. A target
//! that falls again soon after is believed less: from the second time on its waits are stretched, and that
//! fades with a half-life of forty minutes.

use std::time::{Duration, Instant};

use super::CircuitSettings;

const FAILURE: f64 = 1.79;
const SUCCESS: f64 = 0.305;
const SCORE_HALF_LIFE: f64 = 600.0;
const FLAP_HALF_LIFE: f64 = 2400.0;
const FLAP_STRETCH: f64 = 1.6;
const MAX_STRETCH: f64 = 4.0;
const RAMP_FRACTION: f64 = 0.7;
const RAMP_DONE: u32 = 16;

/// What a circuit lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CircuitState {
    /// Everything.
    Closed,
    /// Nothing.
    Open,
    /// One request, as a trial.
    HalfOpen,
    /// A number that doubles with each success.
    Ramp,
}

/// Leave to send one request. It must be given back by [`Circuit::success`], [`Circuit::failure`] or
/// [`Circuit::release`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Pass {
    generation: u32,
}

/// The circuit of one target.
#[derive(Debug, Clone)]
pub struct Circuit {
    settings: CircuitSettings,
    state: State,
    /// Passes of an older generation no longer count: they were given before the circuit opened.
    generation: u32,
    score: Fading,
    flaps: Fading,
    first_culprit: Option<u64>,
    several_culprits: bool,
}

#[derive(Debug, Clone, Copy)]
enum State {
    Closed,
    Open { since: Instant, until: Instant },
    HalfOpen { since: Instant, on_trial: bool },
    Ramp { allowed: u32, in_flight: u32 },
}

impl Circuit {
    /// A closed circuit.
    pub fn new(settings: CircuitSettings) -> Self {
        Self {
            settings,
            state: State::Closed,
            generation: 0,
            score: Fading::new(SCORE_HALF_LIFE),
            flaps: Fading::new(FLAP_HALF_LIFE),
            first_culprit: None,
            several_culprits: false,
        }
    }

    /// What it lets through now.
    pub fn state(&self, now: Instant) -> CircuitState {
        match self.state {
            State::Closed => CircuitState::Closed,
            State::Open { until, .. } if now < until => CircuitState::Open,
            State::Open { .. } | State::HalfOpen { .. } => CircuitState::HalfOpen,
            State::Ramp { .. } => CircuitState::Ramp,
        }
    }

    /// Whether a request would be let through; if not, when to ask again, where that is known.
    pub fn check(&self, now: Instant) -> Result<(), Option<Instant>> {
        match self.state {
            _ if !self.settings.enabled => Ok(()),
            State::Open { until, .. } if now < until => Err(Some(until)),
            State::HalfOpen { on_trial: true, .. } => Err(None),
            State::Ramp { allowed, in_flight } if in_flight >= allowed => Err(None),
            _ => Ok(()),
        }
    }

    /// Lets one request through, if it may pass.
    pub fn admit(&mut self, now: Instant) -> Result<Pass, Option<Instant>> {
        self.check(now)?;
        match &mut self.state {
            State::Closed => {}
            State::Open { since, .. } => self.state = State::HalfOpen { since: *since, on_trial: true },
            State::HalfOpen { on_trial, .. } => *on_trial = true,
            State::Ramp { in_flight, .. } => *in_flight += 1,
        }
        Ok(Pass { generation: self.generation })
    }

    /// The request went well.
    pub fn success(&mut self, pass: Pass, now: Instant) {
        if pass.generation != self.generation {
            return;
        }
        match &mut self.state {
            State::Closed => {
                self.score.add(-SUCCESS, now);
                if self.score.at(now) == 0.0 {
                    self.first_culprit = None;
                    self.several_culprits = false;
                }
            }
            State::HalfOpen { .. } => {
                self.score.clear();
                self.state = State::Ramp { allowed: 2, in_flight: 0 };
            }
            State::Ramp { allowed, in_flight } => {
                *in_flight = in_flight.saturating_sub(1);
                *allowed *= 2;
                if *allowed >= RAMP_DONE {
                    self.state = State::Closed;
                }
            }
            State::Open { .. } => {}
        }
    }

    /// The request of this number failed by the target's fault. `weight` is 1 for a plain failure, less for
    /// weaker evidence; `jitter`, between 0 and 1, spreads the trials of many clients.
    pub fn failure(&mut self, pass: Pass, request: u64, weight: f64, jitter: f64, now: Instant) {
        if pass.generation != self.generation {
            return;
        }
        match self.state {
            State::Closed => {
                self.several_culprits |= self.first_culprit.is_some_and(|first| first != request);
                self.first_culprit.get_or_insert(request);
                self.score.add(FAILURE * weight, now);
                if self.several_culprits && self.score.at(now) >= self.settings.threshold {
                    self.trip(now, jitter);
                }
            }
            State::HalfOpen { since, .. } => self.open(since, now, jitter),
            State::Ramp { allowed, in_flight } => {
                self.state = State::Ramp { allowed, in_flight: in_flight.saturating_sub(1) };
                self.score.add(FAILURE * weight, now);
                if self.score.at(now) >= self.settings.threshold * RAMP_FRACTION {
                    self.trip(now, jitter);
                }
            }
            State::Open { .. } => {}
        }
    }

    /// The request ended without telling anything about the target.
    pub fn release(&mut self, pass: Pass) {
        if pass.generation != self.generation {
            return;
        }
        match &mut self.state {
            State::HalfOpen { on_trial, .. } => *on_trial = false,
            State::Ramp { in_flight, .. } => *in_flight = in_flight.saturating_sub(1),
            State::Closed | State::Open { .. } => {}
        }
    }

    fn trip(&mut self, now: Instant, jitter: f64) {
        self.flaps.add(1.0, now);
        self.open(now, now, jitter);
    }

    fn open(&mut self, since: Instant, now: Instant, jitter: f64) {
        let quarter = (now - since).div_f64(4.0);
        let plain = quarter.clamp(self.settings.min_open, self.settings.max_open);
        let stretch = FLAP_STRETCH.powf((self.flaps.at(now) - 1.0).max(0.0)).min(MAX_STRETCH);
        let spread = 0.85 + 0.15 * jitter;
        self.state = State::Open { since, until: now + plain.mul_f64(stretch * spread) };
        self.generation = self.generation.wrapping_add(1);
        self.score.clear();
        self.first_culprit = None;
        self.several_culprits = false;
    }
}

/// A number at least zero that halves with time.
#[derive(Debug, Clone, Copy)]
struct Fading {
    value: f64,
    as_of: Option<Instant>,
    half_life: f64,
}

impl Fading {
    fn new(half_life: f64) -> Self {
        Self { value: 0.0, as_of: None, half_life }
    }

    fn at(&self, now: Instant) -> f64 {
        let age = self.as_of.map_or(Duration::ZERO, |then| now.saturating_duration_since(then));
        self.value * 0.5_f64.powf(age.as_secs_f64() / self.half_life)
    }

    fn add(&mut self, amount: f64, now: Instant) {
        self.value = (self.at(now) + amount).max(0.0);
        self.as_of = Some(now);
    }

    fn clear(&mut self) {
        self.value = 0.0;
    }
}

#[cfg(test)]
mod tests;
