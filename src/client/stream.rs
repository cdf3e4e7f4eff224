//! The stream of one answer.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::Stream;

use crate::chat::{Event, Reply};
use crate::error::Error;
use crate::failover::Drive;

/// The events of one answer, ending with [`Event::Finish`] or with an error.
///
/// An error carries the trail of attempts, the text that was delivered ([`Error::partial`]) and, where the
/// answer can be gone on with, a handle ([`Error::handle`]).
///
/// Dropping it cancels the request: the connection is closed, nothing else is started, nobody is blamed. It
/// must be polled inside a Tokio runtime with time and I/O enabled.
#[must_use = "nothing is sent before the stream is polled"]
pub struct EventStream {
    drive: Box<Drive>,
}

impl EventStream {
    pub(super) fn new(drive: Drive) -> Self {
        Self { drive: Box::new(drive) }
    }

    /// The next event; `None` after the last one, however often it is asked. The future may be dropped before it is
    /// ready, as in `select!`: no event is lost.
    pub async fn next(&mut self) -> Option<Result<Event, Error>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// Collects the rest into a whole answer. Dropping the future cancels the request.
    ///
    /// # Errors
    ///
    /// The error the stream ends with. It holds the whole text that had come, that of earlier events included.
    pub async fn reply(mut self) -> Result<Reply, Error> {
        let mut reply = Reply::default();
        while let Some(event) = self.next().await {
            reply.absorb(event?);
        }
        Ok(reply)
    }

    /// Gives the request up: the connection is closed and the error says how far it had come, with the trail,
    /// the partial text and the handle. Its kind is [`Kind::Cancelled`](crate::chat::Kind::Cancelled).
    pub fn cancel(self) -> Error {
        self.drive.cancel()
    }
}

impl Stream for EventStream {
    type Item = Result<Event, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut *self.drive).poll_next(cx)
    }
}
