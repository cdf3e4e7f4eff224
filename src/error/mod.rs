//! What went wrong, how far things had come, and what follows from it.
//!
//! Every failure is an [`Error`] with a [`Kind`] and a [`Phase`]. A wire decides the kind and nothing else;
//! [`verdict`] is the one place that says what is done about it.

mod verdict;

use std::fmt;
use std::time::Duration;

pub use verdict::{Blame, Step, Verdict, verdict};

use crate::chat::{Attempt, Handle, Kind, Phase, Target};

type Source = Box<dyn std::error::Error + Send + Sync>;

/// A failure, of one attempt or of a whole request.
///
/// A request's error carries the trail of its attempts, the text that had already reached the caller, and,
/// where the answer can be gone on with, a [`Handle`]. No error ever holds a key.
#[derive(thiserror::Error)]
#[error("{}", self.describe())]
pub struct Error {
    #[source]
    source: Option<Source>,
    detail: Box<Detail>,
}

struct Detail {
    kind: Kind,
    phase: Phase,
    message: String,
    target: Option<Target>,
    status: Option<u16>,
    retry_after: Option<Duration>,
    refuses_prefill: bool,
    partial: Option<String>,
    handle: Option<Handle>,
    attempts: Vec<Attempt>,
}

impl Error {
    /// An error of this kind, before anything was sent. `message` says what happened and what to do about it.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            source: None,
            detail: Box::new(Detail {
                kind,
                phase: Phase::BeforeSend,
                message: message.into(),
                target: None,
                status: None,
                retry_after: None,
                refuses_prefill: false,
                partial: None,
                handle: None,
                attempts: Vec::new(),
            }),
        }
    }

    /// Sets how far the attempt had come.
    #[must_use]
    pub fn at(mut self, phase: Phase) -> Self {
        self.detail.phase = phase;
        self
    }

    /// Sets who failed.
    #[must_use]
    pub fn of(mut self, target: Target) -> Self {
        self.detail.target = Some(target);
        self
    }

    /// Sets the HTTP status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.detail.status = Some(status);
        self
    }

    /// Sets how long the provider asked to be left alone.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.detail.retry_after = wait;
        self
    }

    /// Marks a refusal that was about the prefilled text only: the same target can be asked in another form.
    #[must_use]
    pub fn refusing_prefill(mut self) -> Self {
        self.detail.refuses_prefill = true;
        self
    }

    /// Adds to what happened.
    #[must_use]
    pub fn and(mut self, more: impl AsRef<str>) -> Self {
        self.detail.message.push_str("; ");
        self.detail.message.push_str(more.as_ref());
        self
    }

    /// Sets the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Source>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Sets what had been delivered, and the handle to go on with it.
    #[must_use]
    pub fn with_partial(mut self, text: String, handle: Option<Handle>) -> Self {
        self.detail.partial = (!text.is_empty()).then_some(text);
        self.detail.handle = handle;
        self
    }

    /// Sets the trail of attempts.
    #[must_use]
    pub fn with_attempts(mut self, attempts: Vec<Attempt>) -> Self {
        self.detail.attempts = attempts;
        self
    }

    /// What kind of failure it was.
    pub fn kind(&self) -> Kind {
        self.detail.kind
    }

    /// How far things had come. On the error of a whole request it is [`Phase::MidStream`] as soon as any text had
    /// reached the caller.
    pub fn phase(&self) -> Phase {
        self.detail.phase
    }

    /// What happened, in words, without the target and the kind.
    pub fn message(&self) -> &str {
        &self.detail.message
    }

    /// Who failed, where it was one target.
    pub fn target(&self) -> Option<&Target> {
        self.detail.target.as_ref()
    }

    /// The HTTP status, where one was received.
    pub fn status(&self) -> Option<u16> {
        self.detail.status
    }

    /// How long the provider asked to be left alone, counted from its answer; `None` if it did not say.
    pub fn retry_after(&self) -> Option<Duration> {
        self.detail.retry_after
    }

    /// Whether the refusal was about the prefilled text only.
    pub fn refuses_prefill(&self) -> bool {
        self.detail.refuses_prefill
    }

    /// The text that had reached the caller, if any.
    pub fn partial(&self) -> Option<&str> {
        self.detail.partial.as_deref()
    }

    /// What is needed to go on with the answer later, in this process or another (`Client::resume`). `None` where
    /// asking again cannot help: the content was refused by policy, or the configuration is wrong.
    pub fn handle(&self) -> Option<&Handle> {
        self.detail.handle.as_ref()
    }

    /// All attempts of the request. Empty on the error of a single attempt.
    pub fn attempts(&self) -> &[Attempt] {
        &self.detail.attempts
    }

    /// True for an error that ends a request after mainstay has done all it may: retrying around it only
    /// adds load.
    pub fn is_exhausted(&self) -> bool {
        !self.detail.attempts.is_empty()
    }

    fn describe(&self) -> String {
        let detail = &self.detail;
        let mut text = String::new();
        if let Some(target) = &detail.target {
            text.push_str(target.as_str());
            text.push_str(": ");
        }
        text.push_str(detail.kind.as_str());
        if let Some(status) = detail.status {
            text.push_str(&format!(" (HTTP {status})"));
        }
        if !detail.message.is_empty() {
            text.push_str(": ");
            text.push_str(&detail.message);
        }
        text
    }
}

impl fmt::Debug for Error {
    /// The description and the cause, without the partial text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.detail.kind)
            .field("phase", &self.detail.phase)
            .field("description", &self.describe())
            .field("source", &self.source)
            .field("attempts", &self.detail.attempts.len())
            .finish()
    }
}
