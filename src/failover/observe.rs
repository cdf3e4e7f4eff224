//! What is traced: every place where a decision is taken, without a word of prompt or answer.

use std::time::Duration;

use crate::chat::{Attempt, Kind, Mode, Phase, Target};
use crate::error::Verdict;
use crate::resilience::CircuitState;

pub(super) fn attempt(request: u64, target: &Target, mode: Mode) {
    tracing::debug!(request, %target, %mode, "attempt");
}

pub(super) fn ended(request: u64, attempt: &Attempt) {
    let kind = attempt.kind.map(Kind::as_str);
    let took_ms = attempt.ended_ms - attempt.started_ms;
    tracing::debug!(request, target = %attempt.target, outcome = %attempt.outcome, kind, status = attempt.status, took_ms, "attempt ended");
}

pub(super) fn verdict(request: u64, target: &Target, kind: Kind, phase: Phase, verdict: Verdict) {
    tracing::debug!(request, %target, %kind, %phase, step = ?verdict.step, blame = ?verdict.blame, "verdict");
}

pub(super) fn failover(request: u64, from: &Target, to: &Target, reason: Kind, mode: Mode, after_chars: u64) {
    tracing::warn!(request, %from, %to, %reason, %mode, after_chars, "failover");
}

pub(super) fn wait(request: u64, target: &Target, wait: Duration) {
    tracing::debug!(request, %target, wait_ms = wait.as_millis() as u64, "waits before the next attempt");
}

pub(super) fn seam(request: u64, target: &Target, mode: Mode, dropped_chars: u64, silence_ms: u64) {
    tracing::info!(request, %target, %mode, dropped_chars, silence_ms, "seam");
}

pub(super) fn circuit(target: &Target, state: CircuitState) {
    tracing::warn!(%target, ?state, "circuit");
}

pub(super) fn given_up(request: u64, kind: Kind, attempts: usize) {
    tracing::warn!(request, %kind, attempts, "given up");
}
