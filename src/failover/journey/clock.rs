//! What is due when: patience, silence, the joint, the deadline.
//!
//! Why does silence not simply count from the last content? It must measure the provider, not us. The clock
//! stands still while the caller does not ask for more, and a timer that fires late has measured our own
//! slowness, which is forgiven.

use std::time::{Duration, Instant};

use super::{Journey, millis};
use crate::chat::{Event, Kind};
use crate::error::Error;

/// A timer that is later than this was not the provider's doing.
const LATE: Duration = Duration::from_millis(100);
/// How much longer a provider is then waited for.
const GRACE: Duration = Duration::from_secs(1);
/// After how much silence the caller is told of it the first time; then at twice that, and so on.
const NOTICE: Duration = Duration::from_secs(1);

/// The clocks of a request.
#[derive(Debug)]
pub(super) struct Clock {
    last: Instant,
    /// Since when silence is counted.
    quiet_since: Instant,
    /// At how much silence the caller is told next.
    notice: Duration,
}

impl Clock {
    pub(super) fn new(now: Instant) -> Self {
        Self { last: now, quiet_since: now, notice: NOTICE }
    }

    /// The last moment that is known.
    pub(super) fn last(&self) -> Instant {
        self.last
    }

    /// Content came.
    pub(super) fn content(&mut self, now: Instant) {
        self.last = now;
        self.quiet_since = now;
        self.notice = NOTICE;
    }
}

impl Journey {
    /// The caller asks for more, after having done something else.
    pub(crate) fn resumed(&mut self, now: Instant) {
        let away = now.saturating_duration_since(self.clock.last);
        self.clock.last = now;
        if self.legs.iter().any(|leg| leg.speaks) {
            self.clock.quiet_since += away;
        }
    }

    /// When something is due next.
    pub(crate) fn wake_at(&self) -> Option<Instant> {
        if self.over {
            return None;
        }
        let deadline = self.started + self.setting.timeouts.total;
        let notice = self.clock.quiet_since + self.clock.notice;
        let pending = self.pending.as_ref().map(|pending| pending.until);
        let legs = self.legs.iter().filter_map(|leg| match (&leg.finish, leg.speaks) {
            (Some(finish), _) => Some(finish.until),
            (None, false) => Some(leg.patience_until),
            (None, true) => {
                leg.hold_until.into_iter().chain([self.clock.quiet_since + leg.limits.idle]).min()
            }
        });
        legs.chain(pending).chain([deadline, notice]).min()
    }

    /// Time has passed. `due` is when the driver was to be woken.
    pub(crate) fn tick(&mut self, due: Instant, now: Instant) {
        if self.over {
            return;
        }
        self.clock.last = now;
        if now.saturating_duration_since(due) > LATE {
            self.forgive(now);
        }
        if now >= self.started + self.setting.timeouts.total {
            return self.run_out(now);
        }
        self.settle_joints(now);
        self.open_pending(now);
        self.close_silent(now);
        self.start_beside(now);
        self.tell_waiting(now);
    }

    /// We were late ourselves: whoever seems silent gets a little longer.
    fn forgive(&mut self, now: Instant) {
        for leg in self.legs.iter_mut().filter(|leg| leg.finish.is_none()) {
            if leg.speaks {
                let grace = leg.limits.idle.min(GRACE);
                self.clock.quiet_since = self.clock.quiet_since.max(now + grace - leg.limits.idle);
            } else {
                leg.patience_until = leg.patience_until.max(now + leg.limits.first_token.min(GRACE));
            }
        }
    }

    fn run_out(&mut self, now: Instant) {
        let total = self.setting.timeouts.total;
        let error =
            || Error::new(Kind::Deadline, format!("the time for the whole request ({total:?}) is used up"));
        if let Some(at) = self.legs.iter().position(|leg| leg.finish.is_some()) {
            return self.complete(at, None, now);
        }
        while let Some(leg) = self.legs.pop() {
            let kind = if leg.late { Kind::TimeoutFirstToken } else { Kind::Deadline };
            self.end_unanswered(leg, kind, now);
        }
        self.original = Some(error());
        self.give_up(now);
    }

    fn close_silent(&mut self, now: Instant) {
        let quiet_since = self.clock.quiet_since;
        if let Some(at) =
            self.legs.iter().position(|leg| leg.finish.as_ref().is_some_and(|finish| now >= finish.until))
        {
            return self.complete(at, None, now);
        }
        let silent =
            |leg: &super::Leg| leg.speaks && leg.finish.is_none() && now >= quiet_since + leg.limits.idle;
        if let Some(at) = self.legs.iter().position(silent) {
            let idle = self.legs[at].limits.idle;
            self.fail(at, Error::new(Kind::TimeoutIdle, format!("no content for {idle:?}")), now);
        }
    }

    /// Starts the next target beside one whose first content is late.
    fn start_beside(&mut self, now: Instant) {
        let late =
            self.legs.iter().position(|leg| !leg.speaks && leg.finish.is_none() && now >= leg.patience_until);
        if let Some(at) = late {
            let leg = &mut self.legs[at];
            leg.late = true;
            leg.patience_until = now + leg.limits.first_token.max(Duration::from_millis(1));
            self.hedge(at, now);
        }
    }

    fn tell_waiting(&mut self, now: Instant) {
        let silent = now.saturating_duration_since(self.clock.quiet_since);
        if self.over || silent < self.clock.notice {
            return;
        }
        self.clock.notice = silent * 2;
        let next = self.legs.iter().filter(|leg| leg.finish.is_none()).map(|leg| {
            let until =
                if leg.speaks { self.clock.quiet_since + leg.limits.idle } else { leg.patience_until };
            (leg.link, until)
        });
        let pending = self.pending.as_ref().map(|pending| (pending.link, pending.until));
        if let Some((link, until)) = next.chain(pending).next() {
            let next_ms = millis(until.saturating_duration_since(now));
            self.emit(Event::Waiting {
                target: self.target(link).clone(),
                silent_ms: millis(silent),
                next_ms,
            });
        }
    }
}
