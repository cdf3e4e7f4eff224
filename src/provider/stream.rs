//! A response as a stream of deltas.

use std::collections::VecDeque;

use futures_util::{FutureExt, stream};
use reqwest::Response;

use super::call::{Delta, DeltaStream};
use super::http::transport;
use super::tape::Tape;
use crate::error::Error;

struct Reading {
    response: Option<Response>,
    tape: Tape,
    ready: VecDeque<Delta>,
    failure: Option<Error>,
}

/// Reads the body of an accepted request. Nothing is read ahead of the caller; dropping it closes the
/// connection.
pub(super) fn read(response: Response, tape: Tape) -> DeltaStream {
    let reading = Reading { response: Some(response), tape, ready: VecDeque::new(), failure: None };
    Box::pin(stream::unfold(Box::new(reading), |mut reading| async move {
        let item = reading.next().await?;
        Some((item, reading))
    }))
}

impl Reading {
    async fn next(&mut self) -> Option<Result<Delta, Error>> {
        loop {
            if let Some(delta) = self.ready.pop_front() {
                return Some(Ok(delta));
            }
            if let Some(error) = self.failure.take() {
                return Some(Err(error));
            }
            let response = self.response.as_mut()?;
            let result = match response.chunk().await {
                Ok(Some(bytes)) => self.tape.push(&bytes, &mut self.ready),
                Ok(None) => self.tape.end(&mut self.ready),
                Err(_) if self.tape.is_finished() => Ok(()).inspect(|()| self.response = None),
                Err(error) => Err(transport(error)),
            };
            if result.is_err() || self.tape.is_over() {
                self.close();
            }
            self.failure = result.err();
        }
    }

    /// Lets go of the connection. If the end of the body is there already it is taken, so that the connection
    /// can be used again.
    fn close(&mut self) {
        if let Some(mut response) = self.response.take() {
            let _ = response.chunk().now_or_never();
        }
    }
}
