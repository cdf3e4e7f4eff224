//! Where a request goes next, and what is sent there.
//!
//! The order is that of the chain, targets that have failed in this request last. A target that has not failed
//! is asked at once; one that has, after a backoff and only while the budget lasts. What a failure means is
//! the verdict table's business, not decided here.

use std::time::{Duration, Instant};

use super::super::book::{Entry, Limits};
use super::super::chain::OnBreak;
use super::super::seam::{Seam, ask};
use super::super::{estimate, observe};
use super::leg::{Cause, Leg, LegId, Output};
use super::{Action, Journey, Pending, mode_of};
use crate::chat::{Attempt, Event, Kind, Mode, Part, Phase, Role, Skipped, Target};
use crate::error::{Error, Step, verdict};
use crate::provider::{Abilities, Call, Tail};
use crate::resilience::Expect;

/// The longest wait before a target is tried once more at once.
const QUICK: Duration = Duration::from_millis(100);

impl Journey {
    /// The request begins.
    pub(crate) fn begin(&mut self, now: Instant) {
        self.started = now;
        self.silent_since = now;
        self.clock.content(now);
        let (ranked, skipped) = self.ranked(now);
        for link in ranked {
            let Ok(entry) = self.admit(link, now) else { continue };
            let target = self.target(link).clone();
            self.emit(Event::Start { target, chain: self.chain.targets().cloned().collect(), skipped });
            return self.open(link, entry, None, now);
        }
        self.give_up(now);
    }

    /// A leg failed.
    pub(super) fn fail(&mut self, at: usize, error: Error, now: Instant) {
        let (retry_after, refuses_prefill) = (error.retry_after(), error.refuses_prefill());
        let (leg, kind, phase) = self.end_failed(at, error, now);
        let link = leg.link;
        let cause = Cause { from: leg.entry.target, kind, phase };
        if refuses_prefill && leg.attempt.mode == Mode::Prefill {
            return self.ask_differently(link, cause, now);
        }
        self.links[link].fails += 1;
        self.links[link].tries += 1;
        if let Some(other) = self.legs.iter_mut().min_by_key(|leg| leg.id.0) {
            let waits = other.cause.is_some();
            if waits && leg.cause.is_none() {
                other.cause = Some(cause);
                self.tell_failover(0);
            }
            return;
        }
        if self.stays_here(link, &cause, retry_after, now) {
            return;
        }
        match verdict(kind, phase).step {
            Step::Stop => return self.give_up(now),
            Step::Leave => self.leave(link, kind.to_string()),
            Step::Larger => self.leave_smaller(link),
            Step::Agree if self.agrees(link) => return self.give_up(now),
            Step::Agree => self.leave(link, kind.to_string()),
            Step::RetryHere | Step::WaitHere | Step::Next => {}
        }
        self.go_on(cause, now);
    }

    /// The prefilled form was refused: the same target is asked in the other form, which is remembered.
    fn ask_differently(&mut self, link: usize, cause: Cause, now: Instant) {
        self.setting.book.remember_prefill_refused(&cause.from, now);
        match self.admit(link, now) {
            Ok(entry) => self.open(link, entry, None, now),
            Err(_) => self.go_on(cause, now),
        }
    }

    /// Whether the target is tried once more at once, or after the short wait it asked for.
    fn stays_here(
        &mut self,
        link: usize,
        cause: &Cause,
        retry_after: Option<Duration>,
        now: Instant,
    ) -> bool {
        if self.links[link].tries != 1 || self.setting.retry.attempts < 2 {
            return false;
        }
        let wait = match verdict(cause.kind, cause.phase).step {
            Step::RetryHere if self.setting.book.failed_lately(&cause.from, self.number, now) => None,
            Step::RetryHere if cause.kind == Kind::Reset => Some(Duration::ZERO),
            Step::RetryHere => Some(self.setting.book.jitter(QUICK)),
            Step::WaitHere => retry_after.filter(|wait| *wait <= self.setting.retry.max_retry_after),
            _ => None,
        };
        match wait {
            Some(wait) if self.fits(wait, now) && self.setting.book.may_retry(now) => {
                self.wait_for(link, wait, cause.clone(), now);
                true
            }
            _ => false,
        }
    }

    fn leave(&mut self, link: usize, why: String) {
        self.links[link].left = Some(why);
    }

    /// The conversation does not fit: neither does it fit any target with a window as small.
    fn leave_smaller(&mut self, link: usize) {
        let too_small = self.abilities(link).and_then(|abilities| abilities.context_window);
        self.leave(link, Kind::ContextTooLong.to_string());
        for other in 0..self.links.len() {
            let window = self.abilities(other).and_then(|abilities| abilities.context_window);
            if matches!((window, too_small), (Some(window), Some(limit)) if window <= limit) {
                self.leave(other, "its context window is no larger".to_owned());
            }
        }
    }

    /// Whether a second, different provider calls the request invalid.
    fn agrees(&mut self, link: usize) -> bool {
        let provider = self.target(link).provider().to_owned();
        if !self.invalid_at.contains(&provider) {
            self.invalid_at.push(provider);
        }
        self.invalid_at.len() >= 2
    }

    /// Goes on at the next target, or gives up.
    pub(super) fn go_on(&mut self, cause: Cause, now: Instant) {
        if self.has_delivered() && self.chain.on_break == OnBreak::Fail {
            return self.give_up(now);
        }
        if self.next(&cause, now) {
            return;
        }
        if self.may_restart() {
            self.restarting = true;
            self.links.iter_mut().for_each(|link| *link = super::LinkState::default());
            self.invalid_at.clear();
            if self.next(&cause, now) {
                return;
            }
        }
        self.give_up(now);
    }

    fn may_restart(&self) -> bool {
        self.has_delivered() && !self.restarting && self.chain.on_break == OnBreak::Restart
    }

    fn next(&mut self, cause: &Cause, now: Instant) -> bool {
        for link in self.ranked(now).0 {
            if self.is_move(link, cause) && self.moves >= self.chain.moves() {
                continue;
            }
            if self.links[link].fails == 0 {
                if let Ok(entry) = self.admit(link, now) {
                    self.moves += u32::from(self.is_move(link, cause));
                    self.open(link, entry, Some(cause.clone()), now);
                    self.tell_failover(self.legs.len() - 1);
                    return true;
                }
            } else if self.setting.book.may_retry(now) {
                let Some(wait) = self.schedule.next().filter(|wait| self.fits(*wait, now)) else {
                    return false;
                };
                self.moves += u32::from(self.is_move(link, cause));
                self.wait_for(link, wait, cause.clone(), now);
                return true;
            }
        }
        false
    }

    fn is_move(&self, link: usize, cause: &Cause) -> bool {
        *self.target(link) != cause.from || cause.phase == Phase::MidStream
    }

    /// Starts the next target beside one that is silent.
    pub(super) fn hedge(&mut self, at: usize, now: Instant) {
        if self.moves >= self.chain.moves() || self.legs.iter().any(|leg| leg.speaks) {
            return;
        }
        let from = self.legs[at].entry.target.clone();
        let cause = Cause { from, kind: Kind::TimeoutFirstToken, phase: Phase::BeforeFirstToken };
        for link in self.ranked(now).0 {
            if self.links[link].fails > 0 && !self.setting.book.may_retry(now) {
                continue;
            }
            if let Ok(entry) = self.admit(link, now) {
                self.moves += 1;
                return self.open(link, entry, Some(cause), now);
            }
        }
    }

    fn fits(&self, wait: Duration, now: Instant) -> bool {
        now + wait < self.started + self.setting.timeouts.total
    }

    fn wait_for(&mut self, link: usize, wait: Duration, cause: Cause, now: Instant) {
        observe::wait(self.number, self.target(link), wait);
        self.pending = Some(Pending { until: now + wait, link, cause });
        self.open_pending(now);
    }

    /// Opens the attempt that was waited for.
    pub(super) fn open_pending(&mut self, now: Instant) {
        let Some(Pending { link, cause, .. }) = self.pending.take_if(|pending| now >= pending.until) else {
            return;
        };
        let moves = self.is_move(link, &cause);
        match self.admit(link, now) {
            Ok(entry) => {
                self.open(link, entry, moves.then_some(cause), now);
                self.tell_failover(self.legs.len() - 1);
            }
            Err(_) => self.go_on(cause, now),
        }
    }

    fn admit(&self, link: usize, now: Instant) -> Result<Entry, ()> {
        self.setting.book.admit(self.target(link), self.number, now).map_err(|_| ())
    }

    /// The targets that may be asked now, best first, and the others, with the reason.
    fn ranked(&self, now: Instant) -> (Vec<usize>, Vec<Skipped>) {
        let (mut able, mut skipped) = (Vec::new(), Vec::new());
        for link in 0..self.links.len() {
            match self.obstacle(link, now) {
                None => able.push(link),
                Some(reason) => skipped.push(Skipped { target: self.target(link).clone(), reason }),
            }
        }
        let last = self.trail.last().map(|attempt| attempt.target.clone());
        able.sort_by_key(|link| (self.links[*link].fails, Some(self.target(*link)) == last.as_ref(), *link));
        (able, skipped)
    }

    /// Why a target may not be asked.
    fn obstacle(&self, link: usize, now: Instant) -> Option<String> {
        let (target, state) = (self.target(link), &self.links[link]);
        if let Some(why) = &state.left {
            return Some(why.clone());
        }
        if self.legs.iter().any(|leg| leg.link == link) {
            return Some("being asked".to_owned());
        }
        if state.tries >= self.setting.retry.attempts.max(1) {
            return Some("tried often enough".to_owned());
        }
        if let Some(why) = self.setting.missing.get(target.provider()) {
            return Some(why.clone());
        }
        let Some(abilities) = self.abilities(link) else { return Some("unknown provider".to_owned()) };
        self.inability(&abilities).or_else(|| {
            let refusal = self.setting.book.check(target, now).err()?;
            Some(refusal.describe(now))
        })
    }

    fn abilities(&self, link: usize) -> Option<Abilities> {
        let target = self.target(link);
        self.setting.providers.get(target.provider()).map(|provider| provider.abilities(target.model()))
    }

    /// What the request needs and a target lacks.
    fn inability(&self, abilities: &Abilities) -> Option<String> {
        let has_image = |part: &Part| matches!(part, Part::Image(_));
        if !self.request.tools.is_empty() && !abilities.tools {
            return Some("it cannot call tools".to_owned());
        }
        if !abilities.images
            && self.request.messages.iter().any(|message| message.content.iter().any(has_image))
        {
            return Some("it does not read images".to_owned());
        }
        // The estimate may be off by a third, so only what cannot possibly fit is kept from a target.
        let window =
            abilities.context_window.filter(|window| self.prompt_tokens > window.saturating_mul(2))?;
        Some(format!("the conversation does not fit its {window} tokens"))
    }

    /// Targets that may not be asked now, in words.
    pub(super) fn resting(&self, now: Instant) -> String {
        let words = self.chain.targets().filter_map(|target| {
            let refusal = self.setting.book.check(target, now).err()?;
            Some(format!("{target}: {}", refusal.describe(now)))
        });
        words.collect::<Vec<_>>().join("; ")
    }

    /// The error of a request for which there is nobody to ask.
    pub(super) fn no_target(&self, now: Instant) -> Error {
        let (_, skipped) = self.ranked(now);
        let words: Vec<_> = skipped.iter().map(|skip| format!("{}: {}", skip.target, skip.reason)).collect();
        let all_missing =
            self.chain.targets().all(|target| self.setting.missing.contains_key(target.provider()));
        let kind = if all_missing && !self.links.is_empty() { Kind::Config } else { Kind::NoTarget };
        Error::new(kind, format!("no target of the chain can be asked: {}", words.join("; ")))
    }

    fn open(&mut self, link: usize, entry: Entry, cause: Option<Cause>, now: Instant) {
        let id = LegId(self.next_leg);
        self.next_leg += 1;
        let abilities = self.abilities(link).unwrap_or_default();
        let (call, seam) = self.call(link, &abilities, now);
        let mode = mode_of(&call.tail, self.restarting);
        let limits = self.limits(&entry.target, &abilities, &call, now);
        observe::attempt(self.number, &entry.target, mode);
        self.actions.push_back(Action::Open { leg: id, target: entry.target.clone(), call });
        self.legs.push(Leg {
            id,
            link,
            attempt: Attempt::new(entry.target.clone(), mode, self.since_start(now)),
            entry,
            limits,
            opened: false,
            speaks: false,
            late: false,
            patience_until: now + limits.first_token,
            cause,
            seam,
            hold_until: None,
            restarts: self.restarting && self.has_delivered(),
            calls: Vec::new(),
            usage: None,
            output: Output::default(),
            longest_gap: Duration::ZERO,
            finish: None,
        });
    }

    fn limits(&self, target: &Target, abilities: &Abilities, call: &Call, now: Instant) -> Limits {
        let expect =
            Expect { silent: abilities.silent, whole: !call.stream, prompt_tokens: self.prompt_tokens };
        self.setting.book.limits(target, &self.setting.timeouts, expect, now)
    }

    /// What a target is sent, and the joint to make with what comes back.
    fn call(&self, link: usize, abilities: &Abilities, now: Instant) -> (Call, Option<Seam>) {
        let (tail, seam) = self.tail(link, abilities, now);
        let own = &self.chain.links[link];
        let mut request = self.request.clone();
        if own.temperature.is_some() && own.temperature != request.temperature {
            std::sync::Arc::make_mut(&mut request).temperature = own.temperature;
        }
        let limit = [own.max_tokens, self.request.max_tokens].into_iter().flatten().min();
        let used = if tail == Tail::Fresh { 0 } else { estimate::tokens(self.ledger.text()) };
        let max_tokens =
            limit.map(|limit| u32::try_from(u64::from(limit).saturating_sub(used)).unwrap_or(limit).max(1));
        let stream = self.setting.streaming && abilities.streams;
        (Call { model: own.target.model().into(), request, max_tokens, tail, stream }, seam)
    }

    /// The best form in which a target can go on with what was delivered.
    fn tail(&self, link: usize, abilities: &Abilities, now: Instant) -> (Tail, Option<Seam>) {
        let text = self.ledger.text();
        if text.is_empty() || self.restarting {
            return (Tail::Fresh, None);
        }
        if text.trim().is_empty() {
            return (Tail::Fresh, Some(Seam::prefill(self.ledger.snapshot(), 0, false)));
        }
        let target = self.target(link);
        if abilities.prefill && !self.setting.book.refuses_prefill(target, now) {
            let sent = if abilities.trims_prefill { text.trim_end() } else { text };
            let seam = Seam::prefill(self.ledger.snapshot(), sent.len(), abilities.echoes);
            return (Tail::Prefill { text: sent.into() }, Some(seam));
        }
        let question = self.request.messages.iter().rev().find(|message| message.role == Role::User);
        let ask = ask(&question.map(crate::chat::Message::text).unwrap_or_default(), text);
        let seam = Seam::instruct(self.ledger.snapshot(), ask.anchor);
        (Tail::Instruct { text: text.into(), ask: ask.text.into() }, Some(seam))
    }

    /// Tells the caller that a leg takes over, once.
    pub(super) fn tell_failover(&mut self, at: usize) {
        let leg = &mut self.legs[at];
        let Some(Cause { from, kind, phase }) = leg.cause.take() else { return };
        let (to, mode, after_chars) = (leg.entry.target.clone(), leg.attempt.mode, self.ledger.chars());
        observe::failover(self.number, &from, &to, kind, mode, after_chars);
        self.emit(Event::Failover { from, to, reason: kind, phase, mode, after_chars });
    }
}
