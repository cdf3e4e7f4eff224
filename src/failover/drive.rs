//! The one place that waits: it polls the open legs and a timer, and hands what happens to the journey.
//!
//! Why polled by hand? Nothing is spawned, so dropping the stream closes every connection at once, an event
//! costs no allocation and no lock, and the caller's own pace is the back-pressure.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::Stream;
use futures_util::future::BoxFuture;
use tokio::time::{Instant, Sleep, sleep_until};

use super::Chain;
use super::journey::{Action, Input, Journey, LegId};
use super::setting::Setting;
use crate::chat::{Event, Kind, Request, Target};
use crate::error::Error;
use crate::provider::{Call, DeltaStream};

/// A running request.
pub(crate) struct Drive {
    setting: Arc<Setting>,
    journey: Journey,
    legs: Vec<(LegId, Line)>,
    timer: Option<Pin<Box<Sleep>>>,
    begun: bool,
    /// The time since this was last woken: one reading of the clock serves all that has come by then.
    time: Option<std::time::Instant>,
    /// The caller has had something to do since it was last here.
    away: bool,
}

/// The connection of a leg.
enum Line {
    Opening(BoxFuture<'static, Result<DeltaStream, Error>>),
    Open(DeltaStream),
}

impl Drive {
    /// A request that begins when it is first polled. `delivered` is what the caller already has.
    pub(crate) fn new(setting: Arc<Setting>, chain: Chain, request: Request, delivered: String) -> Self {
        let journey = Journey::new(setting.clone(), chain, request, delivered, now());
        Self { setting, journey, legs: Vec::new(), timer: None, begun: false, time: None, away: false }
    }

    /// Gives the request up and says how far it had come.
    pub(crate) fn cancel(mut self) -> Error {
        self.legs.clear();
        self.journey.cancel(now())
    }

    /// Does what the journey has decided.
    fn act(&mut self) {
        while let Some(action) = self.journey.next_action() {
            match action {
                Action::Open { leg, target, call } => self.legs.push((leg, self.open(&target, call))),
                Action::Close(leg) => self.legs.retain(|(id, _)| *id != leg),
            }
        }
    }

    fn open(&self, target: &Target, call: Call) -> Line {
        let provider = self.setting.providers.get(target.provider()).cloned();
        let target = target.clone();
        Line::Opening(Box::pin(async move {
            match provider {
                Some(provider) => provider.open(call).await,
                None => Err(Error::new(Kind::Internal, format!("{target} is of no provider"))),
            }
        }))
    }

    fn time(&mut self) -> std::time::Instant {
        *self.time.get_or_insert_with(now)
    }

    /// Nothing is ready: from here on time counts again.
    fn wait(&mut self, cx: &mut Context<'_>) -> bool {
        self.time = None;
        if std::mem::take(&mut self.away) {
            self.journey.resumed(now());
        }
        self.poll_timer(cx)
    }

    /// Hands one thing that happened to a leg to the journey, if anything did.
    fn poll_legs(&mut self, cx: &mut Context<'_>) -> bool {
        let ready = self.legs.iter_mut().find_map(|(id, line)| match line.poll(cx) {
            Poll::Ready(input) => Some((*id, input)),
            Poll::Pending => None,
        });
        let Some((id, input)) = ready else { return false };
        let time = self.time();
        self.journey.receive(id, input, time);
        true
    }

    /// Wakes the journey if something is due. The timer is only moved when it fires, not for every token.
    fn poll_timer(&mut self, cx: &mut Context<'_>) -> bool {
        let Some(due) = self.journey.wake_at() else { return false };
        let at = Instant::from_std(due);
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(at)));
        if timer.deadline() > at {
            timer.as_mut().reset(at);
        }
        while timer.as_mut().poll(cx).is_ready() {
            if now() >= due {
                self.timer = None;
                self.journey.tick(due, now());
                return true;
            }
            timer.as_mut().reset(at);
        }
        false
    }
}

fn now() -> std::time::Instant {
    Instant::now().into_std()
}

impl Line {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Input> {
        match self {
            Self::Opening(opening) => opening.as_mut().poll(cx).map(|opened| match opened {
                Ok(stream) => {
                    *self = Self::Open(stream);
                    Input::Opened
                }
                Err(error) => Input::Failed(error),
            }),
            Self::Open(stream) => stream.as_mut().poll_next(cx).map(|item| match item {
                Some(Ok(delta)) => Input::Delta(delta),
                Some(Err(error)) => Input::Failed(error),
                None => Input::Ended,
            }),
        }
    }
}

impl Stream for Drive {
    type Item = Result<Event, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if !std::mem::replace(&mut this.begun, true) {
            this.journey.begin(now());
        }
        loop {
            this.act();
            if let Some(event) = this.journey.next_event() {
                this.away = true;
                return Poll::Ready(Some(event));
            }
            if this.journey.is_over() {
                return Poll::Ready(None);
            }
            if !this.poll_legs(cx) && !this.wait(cx) {
                return Poll::Pending;
            }
        }
    }
}
