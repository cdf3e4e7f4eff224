//! A provider in memory that does what it is told, call by call.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream;

use super::pieces::{Piece, pieces};
use super::script::Pieces;
use crate::chat::{FinishReason, Kind};
use crate::error::Error;
use crate::provider::{Abilities, Call, Delta, DeltaStream, Provider, Tail};

/// One thing that a [`Scripted`] provider does.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Step {
    /// `open` resolves here; what stands before it happens inside `open`.
    Accept,
    /// Yields this.
    Give(Delta),
    /// Waits, on Tokio's clock.
    Wait(Duration),
    /// Fails.
    Fail(Failure),
    /// Does nothing for ever.
    Hang,
    /// Ends the stream, without a finish if none was given.
    End,
}

impl Step {
    /// Yields a piece of text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Give(Delta::Text(text.into()))
    }

    /// Finishes with [`FinishReason::Stop`].
    pub fn finish() -> Self {
        Self::Give(Delta::Finish(FinishReason::Stop))
    }

    /// Fails with this kind, or with a [`Failure`] that says more.
    pub fn fail(failure: impl Into<Failure>) -> Self {
        Self::Fail(failure.into())
    }
}

impl From<Delta> for Step {
    fn from(delta: Delta) -> Self {
        Self::Give(delta)
    }
}

/// A failure to be, made into an [`Error`] each time it happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What kind of failure.
    pub kind: Kind,
    /// The HTTP status.
    pub status: Option<u16>,
    /// How long the provider asks to be left alone.
    pub retry_after: Option<Duration>,
    /// Whether only the prefilled text is refused.
    pub refuses_prefill: bool,
}

impl From<Kind> for Failure {
    fn from(kind: Kind) -> Self {
        Self { kind, status: None, retry_after: None, refuses_prefill: false }
    }
}

impl Failure {
    fn error(&self) -> Error {
        let mut error = Error::new(self.kind, "scripted").with_retry_after(self.retry_after);
        if let Some(status) = self.status {
            error = error.with_status(status);
        }
        if self.refuses_prefill { error.refusing_prefill() } else { error }
    }
}

/// A provider without a network, for tests of what is built on [`Provider`].
///
/// Each call takes the next reply queued by [`reply`](Self::reply) or [`cut_after`](Self::cut_after). When
/// they are used up, a provider made by [`answering`](Self::answering) answers in full, one made by
/// [`failing`](Self::failing) fails, and one made by [`new`](Self::new) gives its last reply again.
///
/// ```
/// use std::sync::Arc;
/// use futures_util::StreamExt;
/// use mainstay::chat::{Kind, Request};
/// use mainstay::provider::{Call, Delta, Provider};
/// use mainstay::testing::Scripted;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), mainstay::error::Error> {
/// let provider = Arc::new(Scripted::answering("a", "Hello, world.").cut_after(5, Kind::Reset));
/// let mut stream = provider.open(Call::new("m", Request::user("Hi"))).await?;
/// assert_eq!(stream.next().await.unwrap()?, Delta::Text("Hello".into()));
/// assert_eq!(stream.next().await.unwrap().unwrap_err().kind(), Kind::Reset);
/// drop(stream);
/// assert_eq!((provider.calls().len(), provider.open_streams()), (1, 0));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Scripted {
    id: String,
    abilities: Abilities,
    pace: Duration,
    otherwise: Otherwise,
    replies: Mutex<VecDeque<Reply>>,
    calls: Mutex<Vec<Call>>,
    closed: Arc<AtomicUsize>,
}

#[derive(Debug, Clone)]
enum Reply {
    Steps(Vec<Step>),
    Cut { after: usize, failure: Failure },
}

/// What happens when the replies are used up.
#[derive(Debug)]
enum Otherwise {
    Again,
    Answer(String),
    Fail(Failure),
}

impl Scripted {
    /// A provider of this name that does what [`reply`](Self::reply) says.
    pub fn new(id: impl Into<String>) -> Self {
        Self::of(id.into(), Otherwise::Again)
    }

    /// A provider that answers this, word by word. When a call brings the beginning of it along, in
    /// whatever form, it goes on exactly behind that.
    pub fn answering(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self::of(id.into(), Otherwise::Answer(text.into()))
    }

    /// A provider of which `open` fails.
    pub fn failing(id: impl Into<String>, failure: impl Into<Failure>) -> Self {
        Self::of(id.into(), Otherwise::Fail(failure.into()))
    }

    fn of(id: String, otherwise: Otherwise) -> Self {
        Self {
            id,
            abilities: Abilities::default(),
            pace: Duration::ZERO,
            otherwise,
            replies: Mutex::default(),
            calls: Mutex::default(),
            closed: Arc::default(),
        }
    }

    /// Sets what all its models can do.
    #[must_use]
    pub fn abilities(mut self, abilities: Abilities) -> Self {
        self.abilities = abilities;
        self
    }

    /// Waits this long before each word of an [`answering`](Self::answering) provider.
    #[must_use]
    pub fn pace(mut self, pace: Duration) -> Self {
        self.pace = pace;
        self
    }

    /// Queues what is done for one call.
    ///
    /// `open` resolves at [`Step::Accept`], or else at once; but a reply that fails before it gives anything
    /// fails in `open`. After the last step the stream ends.
    #[must_use]
    pub fn reply(self, steps: impl IntoIterator<Item = impl Into<Step>>) -> Self {
        self.queue(Reply::Steps(steps.into_iter().map(Into::into).collect()))
    }

    /// Queues, for one call, the answer of [`answering`](Self::answering) cut off in the stream after so
    /// many characters of this call's text. Call it again for the next call.
    #[must_use]
    pub fn cut_after(self, chars: usize, failure: impl Into<Failure>) -> Self {
        self.queue(Reply::Cut { after: chars, failure: failure.into() })
    }

    fn queue(self, reply: Reply) -> Self {
        lock(&self.replies).push_back(reply);
        self
    }

    /// All calls so far, in order.
    pub fn calls(&self) -> Vec<Call> {
        lock(&self.calls).clone()
    }

    /// How many calls are over: ended by the caller, who dropped the stream or gave up opening it, or failed
    /// in `open`.
    pub fn closed(&self) -> usize {
        self.closed.load(Ordering::SeqCst)
    }

    /// How many calls are not over: being opened, or with a stream that was not dropped.
    pub fn open_streams(&self) -> usize {
        lock(&self.calls).len() - self.closed()
    }

    fn next_steps(&self, call: &Call) -> VecDeque<Step> {
        match (self.next_reply(), &self.otherwise) {
            (Some(Reply::Steps(steps)), _) => steps.into(),
            (Some(Reply::Cut { after, failure }), Otherwise::Answer(text)) => {
                let mut steps = self.words(rest_of(text, call), call.stream, after);
                steps.extend([Step::Fail(failure)]);
                steps.insert(0, Step::Accept);
                steps.into()
            }
            (None, Otherwise::Answer(text)) => {
                let mut steps = self.words(rest_of(text, call), call.stream, usize::MAX);
                steps.push(Step::finish());
                steps.into()
            }
            (Some(Reply::Cut { failure, .. }), _) => [Step::Accept, Step::Fail(failure)].into(),
            (None, Otherwise::Fail(failure)) => [Step::Fail(failure.clone())].into(),
            (None, Otherwise::Again) => VecDeque::new(),
        }
    }

    fn next_reply(&self) -> Option<Reply> {
        let mut replies = lock(&self.replies);
        match self.otherwise {
            Otherwise::Again if replies.len() == 1 => replies.front().cloned(),
            _ => replies.pop_front(),
        }
    }

    fn words(&self, text: &str, stream: bool, chars: usize) -> Vec<Step> {
        let how = if stream { Pieces::Words } else { Pieces::Chars(usize::MAX) };
        let (pieces, _) = super::pieces::divide(pieces("", text, &[], how), chars);
        let mut steps = Vec::new();
        for piece in pieces {
            if !self.pace.is_zero() {
                steps.push(Step::Wait(self.pace));
            }
            if let Piece::Text(text) = piece {
                steps.push(Step::text(text));
            }
        }
        steps
    }
}

#[async_trait]
impl Provider for Scripted {
    fn id(&self) -> &str {
        &self.id
    }

    fn abilities(&self, _model: &str) -> Abilities {
        self.abilities.clone()
    }

    async fn open(&self, call: Call) -> Result<DeltaStream, Error> {
        let mut steps = self.next_steps(&call);
        lock(&self.calls).push(call);
        let closing = Closing(self.closed.clone());
        let opening = opening(&steps);
        for step in steps.drain(..opening) {
            match step {
                Step::Wait(wait) => tokio::time::sleep(wait).await,
                Step::Fail(failure) => return Err(failure.error()),
                Step::Hang => std::future::pending().await,
                Step::Accept | Step::Give(_) | Step::End => {}
            }
        }
        Ok(Box::pin(stream::unfold((steps, closing), next)))
    }
}

/// How many of the steps happen inside `open`.
fn opening(steps: &VecDeque<Step>) -> usize {
    let accept = steps.iter().position(|step| *step == Step::Accept).map(|at| at + 1);
    let failure = || {
        let first = steps.iter().position(|step| !matches!(step, Step::Wait(_)));
        first.filter(|&at| matches!(steps[at], Step::Fail(_))).map(|at| at + 1)
    };
    accept.or_else(failure).unwrap_or(0)
}

type State = (VecDeque<Step>, Closing);

async fn next((mut steps, closing): State) -> Option<(Result<Delta, Error>, State)> {
    while let Some(step) = steps.pop_front() {
        match step {
            Step::Give(delta) => return Some((Ok(delta), (steps, closing))),
            Step::Fail(failure) => return Some((Err(failure.error()), (VecDeque::new(), closing))),
            Step::Wait(wait) => tokio::time::sleep(wait).await,
            Step::Hang => std::future::pending().await,
            Step::End => break,
            Step::Accept => {}
        }
    }
    None
}

/// Counts a call as closed when it is dropped.
#[derive(Debug)]
struct Closing(Arc<AtomicUsize>);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// What is left to say of the answer: all of it if what the call brings along is no beginning of it.
fn rest_of<'a>(answer: &'a str, call: &Call) -> &'a str {
    match &call.tail {
        Tail::Fresh => answer,
        Tail::Prefill { text } | Tail::Instruct { text, .. } => {
            answer.strip_prefix(&**text).unwrap_or(answer)
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
