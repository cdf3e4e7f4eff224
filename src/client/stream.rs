//! The stream of one answer.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::Stream;

use crate::chat::{Event, Kind, Reply};
use crate::error::Error;

/// The events of one answer, ending with [`Event::Finish`] or with an error.
///
/// An error carries the trail of attempts, the text that was delivered ([`Error::partial`]) and, where the
/// answer can be gone on with, a handle ([`Error::handle`]).
///
/// Dropping it cancels the request: the connection is closed, nothing else is started, nobody is blamed.
#[derive(Default)]
pub struct EventStream {}

impl EventStream {
    /// The next event; `None` after the last one. May be cancelled: no event is lost.
    pub async fn next(&mut self) -> Option<Result<Event, Error>> {
        None
    }

    /// Collects the rest into a whole answer.
    ///
    /// # Errors
    ///
    /// The error the stream ends with.
    pub async fn reply(mut self) -> Result<Reply, Error> {
        let mut reply = Reply::default();
        while let Some(event) = self.next().await {
            reply.absorb(event?);
        }
        Ok(reply)
    }

    /// Gives the request up: the connection is closed and the error says how far it had come, with the trail,
    /// the partial text and the handle. Its kind is [`Kind::Cancelled`].
    pub fn cancel(self) -> Error {
        Error::new(Kind::Cancelled, "the request was given up")
    }
}

impl Stream for EventStream {
    type Item = Result<Event, Error>;

    fn poll_next(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(None)
    }
}
