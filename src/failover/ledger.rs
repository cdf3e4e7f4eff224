//! What the caller has been given, and when.
//!
//! Why one place? A continuation must begin exactly where the reader stopped, so there is one record of the
//! text, written in the same step that hands the text out, and everything else is computed from it.

use std::sync::Arc;
use std::time::{Duration, Instant};

/// The answer so far.
#[derive(Debug)]
pub(super) struct Ledger {
    text: String,
    chars: u64,
    /// Text under a schema: held back until it is whole.
    held: String,
    /// Whether any thinking was shown.
    pub(super) reasoned: bool,
    last_content: Instant,
    longest_gap: Duration,
}

impl Ledger {
    /// Begins with what was delivered in an earlier process, if anything.
    pub(super) fn new(delivered: String, now: Instant) -> Self {
        let chars = delivered.chars().count() as u64;
        Self {
            text: delivered,
            chars,
            held: String::new(),
            reasoned: false,
            last_content: now,
            longest_gap: Duration::ZERO,
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn snapshot(&self) -> Arc<str> {
        self.text.as_str().into()
    }

    /// Characters delivered.
    pub(super) fn chars(&self) -> u64 {
        self.chars
    }

    pub(super) fn longest_gap(&self) -> Duration {
        self.longest_gap
    }

    /// Records what is being handed to the caller.
    pub(super) fn write(&mut self, text: &str) {
        self.text.push_str(text);
        self.chars += text.chars().count() as u64;
    }

    pub(super) fn hold(&mut self, text: &str) {
        self.held.push_str(text);
    }

    /// What was held back. Nothing is held any more.
    pub(super) fn take_held(&mut self) -> String {
        std::mem::take(&mut self.held)
    }

    /// All that was delivered is void.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.chars = 0;
        self.held.clear();
    }

    /// Content came in, shown or not. Returns the silence before it.
    pub(super) fn touch(&mut self, now: Instant) -> Duration {
        let gap = now.saturating_duration_since(self.last_content);
        self.last_content = now;
        self.longest_gap = self.longest_gap.max(gap);
        gap
    }

    pub(super) fn last_content(&self) -> Instant {
        self.last_content
    }
}
