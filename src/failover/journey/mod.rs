//! One logical request: its attempts, what has been delivered, and what happens next.
//!
//! A state machine without `await`: it is told what came in ([`Input`]) and what time it is, and answers with
//! events for the caller and [`Action`]s for the driver. It covers first try, retries, failover and
//! continuation as one thing, because they share one deadline, one trail and one text.
//!
//! Why not layers of retry around a call? A retry layer is finished when the response begins; nothing built
//! that way can see a stream die.
//!
//! - `route` decides where a request goes after a failure, and what is sent there;
//! - `content` takes in what a leg sends;
//! - `close` ends attempts and the request.

mod clock;
mod close;
mod content;
mod leg;
mod route;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

pub(crate) use leg::LegId;
use leg::{Cause, Leg};

use super::chain::Chain;
use super::estimate;
use super::ledger::Ledger;
use super::setting::Setting;
use crate::chat::{Attempt, Event, Mode, Request, Target};
use crate::error::Error;
use crate::provider::{Call, Delta};
use crate::resilience::backoff::Schedule;

/// What happened to a leg.
pub(crate) enum Input {
    /// The provider accepted the request.
    Opened,
    /// A piece of the answer came.
    Delta(Delta),
    /// It failed.
    Failed(Error),
    /// It ended, by itself.
    Ended,
}

/// What the driver has to do.
pub(crate) enum Action {
    /// Open a call at the provider of this target.
    Open { leg: LegId, target: Target, call: Call },
    /// Close a leg. Nothing more of it may be handed in.
    Close(LegId),
}

/// One logical request.
pub(crate) struct Journey {
    setting: Arc<Setting>,
    chain: Chain,
    request: Arc<Request>,
    prompt_tokens: u64,
    number: u64,
    started: Instant,
    links: Vec<LinkState>,
    legs: Vec<Leg>,
    next_leg: u32,
    pending: Option<Pending>,
    ledger: Ledger,
    trail: Vec<Attempt>,
    served_by: Vec<Target>,
    moves: u32,
    /// The failure the caller is told of, if no other target makes up for it.
    original: Option<Error>,
    /// Providers that called the request invalid.
    invalid_at: Vec<String>,
    /// An answer that cannot go on is being begun again.
    restarting: bool,
    schedule: Schedule,
    /// Since when the answer stands still, if its provider died.
    silent_since: Instant,
    clock: clock::Clock,
    out: VecDeque<Result<Event, Error>>,
    actions: VecDeque<Action>,
    over: bool,
}

/// What this request knows about one target of its chain.
#[derive(Debug, Default)]
struct LinkState {
    /// Failures in this request.
    fails: u32,
    /// Failures since content last came from anywhere.
    tries: u32,
    /// Why it is of no use for this request.
    left: Option<String>,
}

/// An attempt that is waited for.
struct Pending {
    until: Instant,
    link: usize,
    cause: Cause,
}

impl Journey {
    /// A request that has not begun. `delivered` is what the caller already has of the answer.
    pub(crate) fn new(
        setting: Arc<Setting>,
        chain: Chain,
        request: Request,
        delivered: String,
        now: Instant,
    ) -> Self {
        let number = setting.book.begin(now);
        let schedule = setting.book.schedule();
        Self {
            prompt_tokens: estimate::prompt_tokens(&request),
            links: chain.links.iter().map(|_| LinkState::default()).collect(),
            ledger: Ledger::new(delivered, now),
            clock: clock::Clock::new(now),
            setting,
            chain,
            request: Arc::new(request),
            number,
            started: now,
            legs: Vec::new(),
            next_leg: 0,
            pending: None,
            trail: Vec::new(),
            served_by: Vec::new(),
            moves: 0,
            original: None,
            invalid_at: Vec::new(),
            restarting: false,
            schedule,
            silent_since: now,
            out: VecDeque::new(),
            actions: VecDeque::new(),
            over: false,
        }
    }

    /// The next event for the caller.
    pub(crate) fn next_event(&mut self) -> Option<Result<Event, Error>> {
        self.out.pop_front()
    }

    /// The next thing to do.
    pub(crate) fn next_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// Whether nothing more will come.
    pub(crate) fn is_over(&self) -> bool {
        self.over
    }

    /// Something happened to a leg. What comes from one that was closed is passed over.
    pub(crate) fn receive(&mut self, id: LegId, input: Input, now: Instant) {
        let Some(at) = self.legs.iter().position(|leg| leg.id == id) else { return };
        if self.over {
            return;
        }
        match input {
            Input::Opened => self.legs[at].opened = true,
            Input::Delta(delta) => self.take_in(at, delta, now),
            Input::Failed(error) if self.legs[at].finish.is_some() => self.complete(at, Some(error), now),
            Input::Failed(error) => self.fail(at, error, now),
            Input::Ended if self.legs[at].finish.is_some() => self.complete(at, None, now),
            Input::Ended => self.fail(at, leg::truncated(), now),
        }
    }

    fn since_start(&self, now: Instant) -> u64 {
        millis(now.saturating_duration_since(self.started))
    }

    fn target(&self, link: usize) -> &Target {
        &self.chain.links[link].target
    }

    fn emit(&mut self, event: Event) {
        self.out.push_back(Ok(event));
    }

    /// Whether some of the answer has reached the caller.
    fn has_delivered(&self) -> bool {
        !self.ledger.text().is_empty()
    }
}

impl Drop for Journey {
    /// A request that is dropped blames nobody.
    fn drop(&mut self) {
        for leg in &self.legs {
            self.setting.book.release(&leg.entry, self.clock.last());
        }
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// How the mode of an attempt follows from what it is told about the answer so far.
fn mode_of(tail: &crate::provider::Tail, restarting: bool) -> Mode {
    match tail {
        crate::provider::Tail::Fresh if restarting => Mode::Restart,
        crate::provider::Tail::Fresh => Mode::Fresh,
        crate::provider::Tail::Prefill { .. } => Mode::Prefill,
        crate::provider::Tail::Instruct { .. } => Mode::Instruct,
    }
}
