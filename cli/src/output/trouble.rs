//! A failure in the two forms it is told in: as JSON for programs and in words for people.

use mainstay::chat::{Attempt, Handle, Kind, Phase, Reply};
use mainstay::error::Error;
use serde::Serialize;

/// A failure as the JSON forms tell it.
#[derive(Debug, Serialize)]
pub(super) struct Trouble<'a> {
    kind: Kind,
    phase: Phase,
    message: &'a str,
    partial: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    handle: Option<&'a Handle>,
    attempts: &'a [Attempt],
}

impl<'a> Trouble<'a> {
    pub(super) fn new(error: &'a Error, reply: &Reply) -> Self {
        let message = match error.message() {
            "" => error.kind().as_str(),
            message => message,
        };
        Self {
            kind: error.kind(),
            phase: error.phase(),
            message,
            partial: !reply.text.is_empty(),
            handle: error.handle(),
            attempts: error.attempts(),
        }
    }
}

/// A failure in words: what happened, then one line per attempt.
pub(crate) fn explain(error: &Error, printed: bool) -> String {
    let mut text = match error.kind() {
        Kind::Cancelled => "interrupted".to_owned(),
        _ => error.to_string(),
    };
    if printed {
        text.push_str("; the answer is incomplete");
    }
    if error.kind() == Kind::Cancelled {
        return text;
    }
    let width = error.attempts().iter().map(|a| a.target.as_str().chars().count()).max().unwrap_or(0);
    for attempt in error.attempts() {
        text.push_str(&format!("\n  {:width$}  {}", attempt.target.as_str(), attempt_in_words(attempt)));
    }
    text
}

fn attempt_in_words(attempt: &Attempt) -> String {
    let mut text = attempt.kind.map_or(attempt.outcome.as_str(), Kind::as_str).to_owned();
    if let Some(status) = attempt.status {
        text.push_str(&format!(" (HTTP {status})"));
    }
    text.push_str(&format!(" after {} ms", attempt.ended_ms.saturating_sub(attempt.started_ms)));
    if let Some(message) = &attempt.message {
        text.push_str(": ");
        text.push_str(message);
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use mainstay::chat::Mode;

    use super::*;

    #[test]
    fn every_attempt_is_told_with_its_reason() {
        let mut attempt = Attempt::new("work/big".parse().unwrap(), Mode::Fresh, 5);
        attempt.kind = Some(Kind::Overloaded);
        attempt.status = Some(503);
        attempt.ended_ms = 17;
        let error = Error::new(Kind::NoTarget, "every target failed").with_attempts(vec![attempt]);
        let text = explain(&error, false);
        assert_eq!(text, "no_target: every target failed\n  work/big  overloaded (HTTP 503) after 12 ms");
    }
}
