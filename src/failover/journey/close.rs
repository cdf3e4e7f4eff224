//! The end of an attempt, and of the request.

use std::time::Instant;

use super::super::observe;
use super::leg::Leg;
use super::{Action, Journey, millis};
use crate::chat::{Attempt, Cost, Event, Handle, Kind, Outcome, Phase, Usage};
use crate::error::{Error, Step, verdict};

/// How much of a provider's message is kept on an attempt, in characters.
const MESSAGE: usize = 200;

impl Journey {
    /// Ends a leg that failed, blames who is to blame, and returns how it failed.
    pub(super) fn end_failed(&mut self, at: usize, error: Error, now: Instant) -> (Leg, Kind, Phase) {
        let mut leg = self.legs.remove(at);
        self.actions.push_back(Action::Close(leg.id));
        let (kind, phase) = (error.kind(), leg.phase(error.kind()));
        let verdict = verdict(kind, phase);
        observe::verdict(self.number, &leg.entry.target, kind, phase, verdict);
        self.setting.book.failed(&leg.entry, &error, verdict.blame, now);
        leg.attempt.kind = Some(kind);
        leg.attempt.status = error.status();
        leg.attempt.message = Some(error.message().chars().take(MESSAGE).collect());
        self.ledger.take_held();
        if leg.speaks {
            self.silent_since = self.ledger.last_content();
        }
        let outcome = if leg.speaks { Outcome::Cut } else { Outcome::Failed };
        self.record_ref(&leg, outcome, now);
        let error = error.at(phase).of(leg.entry.target.clone());
        self.original.get_or_insert(error);
        (leg, kind, phase)
    }

    /// Ends a leg for which the time ran out.
    pub(super) fn end_unanswered(&mut self, mut leg: Leg, kind: Kind, now: Instant) {
        self.actions.push_back(Action::Close(leg.id));
        leg.attempt.kind = Some(kind);
        if leg.late {
            self.setting.book.weigh(&leg.entry, kind, 1.0, now);
        } else {
            self.setting.book.release(&leg.entry, now);
        }
        let outcome = if leg.speaks { Outcome::Cut } else { Outcome::Failed };
        self.record(leg, outcome, now);
    }

    /// Writes an attempt into the trail.
    pub(super) fn record(&mut self, leg: Leg, outcome: Outcome, now: Instant) {
        self.record_ref(&leg, outcome, now);
    }

    fn record_ref(&mut self, leg: &Leg, outcome: Outcome, now: Instant) {
        let usage = leg.usage(self.prompt_tokens);
        let attempt = Attempt {
            outcome,
            phase: leg.phase(leg.attempt.kind.unwrap_or(Kind::Internal)),
            ended_ms: self.since_start(now),
            usage,
            cost: self.cost(leg, &usage),
            ..leg.attempt.clone()
        };
        observe::ended(self.number, &attempt);
        self.trail.push(attempt);
    }

    fn cost(&self, leg: &Leg, usage: &Usage) -> Option<Cost> {
        let price = self.setting.catalog.model(&leg.entry.target).price?;
        Some(price.of(usage))
    }

    /// The answer is complete. A failure after its end is noted, and nothing more.
    pub(super) fn complete(&mut self, at: usize, after: Option<Error>, now: Instant) {
        let mut leg = self.legs.remove(at);
        self.actions.push_back(Action::Close(leg.id));
        let Some(finish) = &leg.finish else { return };
        let reason = finish.reason.clone();
        leg.attempt.message = after.map(|error| format!("after the end: {}", error.kind()));
        let first = leg.attempt.first_token_ms.unwrap_or(0).saturating_sub(leg.attempt.started_ms);
        let first = std::time::Duration::from_millis(first);
        self.setting.book.succeeded(&leg.entry, first, leg.longest_gap, now);
        self.record(leg, Outcome::Completed, now);
        let usage = self.trail.iter().fold(Usage::default(), |sum, attempt| sum.plus(attempt.usage));
        let finish = Event::Finish {
            reason,
            served_by: std::mem::take(&mut self.served_by),
            usage,
            cost: total(&self.trail),
            longest_gap_ms: millis(self.ledger.longest_gap()),
            attempts: std::mem::take(&mut self.trail),
        };
        self.emit(finish);
        self.over = true;
    }

    /// Ends the request with the error it is about.
    pub(super) fn give_up(&mut self, now: Instant) {
        while let Some(leg) = self.legs.pop() {
            self.actions.push_back(Action::Close(leg.id));
            self.setting.book.release(&leg.entry, now);
            self.record(leg, Outcome::Cancelled, now);
        }
        let error = self.original.take().unwrap_or_else(|| self.no_target(now));
        let error = self.with_trail(error, now);
        observe::given_up(self.number, error.kind(), error.attempts().len());
        self.out.push_back(Err(error));
        self.pending = None;
        self.over = true;
    }

    /// The caller gives the request up.
    pub(crate) fn cancel(&mut self, now: Instant) -> Error {
        let error = Error::new(Kind::Cancelled, "the request was given up");
        self.original = Some(error);
        self.give_up(now);
        match self.out.pop_back() {
            Some(Err(error)) => error,
            _ => Error::new(Kind::Cancelled, "the request was given up"),
        }
    }

    fn with_trail(&mut self, error: Error, now: Instant) -> Error {
        let resting = self.resting(now);
        let error = if resting.is_empty() { error } else { error.and(resting) };
        let error = if self.has_delivered() { error.at(Phase::MidStream) } else { error };
        let handle = is_resumable(error.kind()).then(|| {
            let targets = self.chain.targets().cloned().collect();
            Handle::new((*self.request).clone(), targets, self.ledger.text().to_owned())
        });
        error
            .with_partial(self.ledger.text().to_owned(), handle)
            .with_attempts(std::mem::take(&mut self.trail))
    }
}

/// Whether asking again later can help.
fn is_resumable(kind: Kind) -> bool {
    let stops = verdict(kind, Phase::MidStream).step == Step::Stop;
    !stops || matches!(kind, Kind::Deadline | Kind::NoTarget | Kind::Offline | Kind::Cancelled | Kind::Budget)
}

/// The cost of all attempts, if they are of one currency and none that used anything lacks a price.
fn total(trail: &[Attempt]) -> Option<Cost> {
    let mut sum: Option<Cost> = None;
    for attempt in trail.iter().filter(|attempt| attempt.usage != Usage::default()) {
        let cost = attempt.cost.as_ref()?;
        let so_far = sum.get_or_insert_with(|| Cost { amount: 0.0, ..cost.clone() });
        if so_far.currency != cost.currency {
            return None;
        }
        so_far.amount += cost.amount;
        so_far.estimated |= cost.estimated;
    }
    sum
}
