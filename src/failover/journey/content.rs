//! What a leg sends, and what of it reaches the caller.
//!
//! Why are tool calls and structured output held back until the end? Half of one is of no use and cannot be
//! continued by another model; as long as nothing of it was handed out, it can be begun again.

use std::time::{Duration, Instant};

use super::super::observe;
use super::super::seam::Joint;
use super::leg::Finish;
use super::{Journey, millis};
use crate::chat::{Event, FinishReason, Kind, Mode, Outcome};
use crate::error::Error;
use crate::provider::Delta;

/// How long text may be held back at a joint.
const HOLD: Duration = Duration::from_millis(1500);
/// How long usage is waited for after the end of an answer.
const TAIL: Duration = Duration::from_secs(2);

impl Journey {
    pub(super) fn take_in(&mut self, at: usize, delta: Delta, now: Instant) {
        if let Delta::Usage(usage) = delta {
            self.legs[at].usage = Some(usage);
            return;
        }
        if self.legs[at].finish.is_some() {
            return;
        }
        let at = if delta.is_content() { self.hear(at, now) } else { at };
        match delta {
            Delta::Text(text) if !text.is_empty() => self.take_text(at, text, now),
            Delta::Reasoning(text) if !text.is_empty() => self.take_reasoning(at, text),
            Delta::ToolCall(call) => self.legs[at].calls.push(call),
            Delta::Finish(reason) => self.take_finish(at, reason, now),
            Delta::Text(_) | Delta::Reasoning(_) | Delta::ToolProgress | Delta::Usage(_) => {}
        }
    }

    /// Content came from a leg: if it is its first, it has won. Returns where the leg is now.
    fn hear(&mut self, at: usize, now: Instant) -> usize {
        let gap = self.ledger.touch(now);
        self.clock.content(now);
        let leg = &mut self.legs[at];
        if leg.speaks {
            leg.longest_gap = leg.longest_gap.max(gap);
            return at;
        }
        self.win(at, now)
    }

    /// The others are closed at once; the caller learns who speaks now. Returns where the leg is now.
    fn win(&mut self, at: usize, now: Instant) -> usize {
        let mut winner = self.legs.remove(at);
        winner.speaks = true;
        winner.attempt.first_token_ms = Some(self.since_start(now));
        for loser in std::mem::take(&mut self.legs) {
            self.lose(loser, now);
        }
        let link = winner.link;
        self.legs.push(winner);
        self.tell_failover(0);
        self.links.iter_mut().for_each(|link| link.tries = 0);
        if self.served_by.last() != Some(self.target(link)) {
            self.served_by.push(self.target(link).clone());
        }
        if self.legs[0].restarts {
            self.start_over(0);
        }
        0
    }

    fn lose(&mut self, mut loser: super::Leg, now: Instant) {
        self.actions.push_back(super::Action::Close(loser.id));
        if loser.late {
            loser.attempt.kind = Some(Kind::TimeoutFirstToken);
            self.setting.book.weigh(&loser.entry, Kind::TimeoutFirstToken, 0.5, now);
        } else {
            self.setting.book.release(&loser.entry, now);
        }
        self.record(loser, Outcome::LostHedge, now);
    }

    fn start_over(&mut self, at: usize) {
        let reason = self.original.as_ref().map_or(Kind::Truncated, Error::kind);
        self.ledger.clear();
        self.served_by = vec![self.target(self.legs[at].link).clone()];
        self.legs[at].restarts = false;
        self.legs[at].attempt.mode = Mode::Restart;
        self.emit(Event::Restart { reason });
    }

    fn take_text(&mut self, at: usize, text: String, now: Instant) {
        let leg = &mut self.legs[at];
        leg.output.text = true;
        leg.output.bytes += text.len() as u64;
        let Some(seam) = &mut leg.seam else { return self.deliver(text) };
        leg.hold_until.get_or_insert(now + HOLD);
        let joint = seam.push(&text);
        self.join(at, joint, now);
    }

    fn take_reasoning(&mut self, at: usize, text: String) {
        let leg = &mut self.legs[at];
        let restarted = !leg.output.reasoning && self.ledger.reasoned && leg.attempt.mode != Mode::Fresh;
        leg.output.reasoning = true;
        leg.output.bytes += text.len() as u64;
        self.ledger.reasoned = true;
        self.emit(Event::Reasoning { text, restarted });
    }

    /// Hands text to the caller, or keeps it back where only the whole is of use.
    fn deliver(&mut self, text: String) {
        self.original = None;
        if self.request.schema.is_some() {
            return self.ledger.hold(&text);
        }
        if !text.is_empty() {
            self.ledger.write(&text);
            self.emit(Event::Text { text });
        }
    }

    pub(super) fn settle_joints(&mut self, now: Instant) {
        let due = |leg: &super::Leg| leg.hold_until.is_some_and(|until| now >= until);
        let Some(at) = self.legs.iter().position(due) else { return };
        let leg = &mut self.legs[at];
        leg.hold_until = None;
        if let Some(seam) = leg.seam.as_mut().filter(|seam| !seam.is_repeating()) {
            let joint = seam.settle();
            self.join(at, joint, now);
        }
    }

    fn join(&mut self, at: usize, joint: Joint, now: Instant) {
        match joint {
            Joint::Hold => {}
            Joint::Made { text, dropped } => {
                self.made(at, dropped as u64, now);
                self.deliver(text);
            }
            Joint::StartedOver { text } if self.chain.on_break == super::super::OnBreak::Restart => {
                self.legs[at].seam = None;
                self.legs[at].hold_until = None;
                self.start_over(at);
                self.deliver(text);
            }
            Joint::StartedOver { .. } => self.cannot_go_on(at, now),
        }
    }

    fn made(&mut self, at: usize, dropped_chars: u64, now: Instant) {
        let leg = &mut self.legs[at];
        leg.seam = None;
        leg.hold_until = None;
        let mode = leg.attempt.mode;
        let silence_ms = millis(now.saturating_duration_since(self.silent_since));
        observe::seam(
            self.number,
            &self.chain.links[self.legs[at].link].target,
            mode,
            dropped_chars,
            silence_ms,
        );
        if mode != Mode::Fresh {
            self.emit(Event::Seam { mode, dropped_chars, silence_ms });
        }
    }

    /// The model began its answer anew, in other words: what it says does not follow what the reader has.
    fn cannot_go_on(&mut self, at: usize, now: Instant) {
        let error = Error::new(Kind::BadResponse, "the model began its answer again in other words");
        self.end_failed(at, error, now);
        self.give_up(now);
    }

    fn take_finish(&mut self, at: usize, reason: FinishReason, now: Instant) {
        if reason == FinishReason::ContentFilter {
            return self.fail(
                at,
                Error::new(Kind::ContentFilter, "the provider's policy cut the answer"),
                now,
            );
        }
        if let Some(problem) = self.emptiness(at) {
            return self.fail(at, Error::new(Kind::BadResponse, problem), now);
        }
        let at = if self.legs[at].speaks { at } else { self.win(at, now) };
        if let Some(seam) = &mut self.legs[at].seam {
            let joint = seam.settle();
            self.join(at, joint, now);
        }
        if self.over {
            return;
        }
        if let Err(problem) = self.release_held(&reason, at) {
            return self.fail(at, Error::new(Kind::InvalidOutput, problem), now);
        }
        for call in std::mem::take(&mut self.legs[at].calls) {
            self.emit(Event::ToolCall(call));
        }
        self.legs[at].finish = Some(Finish { reason, until: now + TAIL });
    }

    /// Why an end is not the end of an answer. A continuation may have nothing to add.
    fn emptiness(&self, at: usize) -> Option<&'static str> {
        let leg = &self.legs[at];
        let says_nothing = !leg.output.text && leg.calls.is_empty();
        if says_nothing && !leg.output.reasoning && !self.has_delivered() {
            return Some("the provider finished without any content");
        }
        let continues = self.has_delivered() && leg.attempt.mode != Mode::Restart;
        (says_nothing && leg.output.reasoning && continues)
            .then_some("the provider thought, but did not go on")
    }

    /// Releases structured output, now that it is whole, if it is JSON.
    fn release_held(&mut self, reason: &FinishReason, at: usize) -> Result<(), String> {
        if self.request.schema.is_none() || !self.legs[at].calls.is_empty() {
            return Ok(());
        }
        let text = self.ledger.take_held();
        if let Err(problem) = serde_json::from_str::<serde::de::IgnoredAny>(&text) {
            return Err(format!(
                "the answer is not valid JSON ({problem}; the model stopped for `{reason}`)"
            ));
        }
        self.ledger.write(&text);
        self.emit(Event::Text { text });
        Ok(())
    }
}
