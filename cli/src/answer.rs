//! One answer from its first event to its last: the stream is read, shown, and given up on Ctrl-C.

use std::io;

use mainstay::chat::{Event, Kind, Reply};
use mainstay::client::EventStream;
use mainstay::error::Error;

use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::output::Output;

/// How an answer went.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// What came.
    pub(crate) reply: Reply,
    /// Why it is not whole.
    pub(crate) error: Option<Error>,
    /// Another target than the first took part.
    pub(crate) moved: bool,
}

impl Answer {
    /// The code the program ends with after this answer.
    pub(crate) fn exit(&self, strict: bool) -> Exit {
        match &self.error {
            Some(error) => Exit::of_error(error, !self.reply.text.is_empty()),
            None => Exit::of_answer(&self.reply.finish_reason, self.moved, strict),
        }
    }
}

/// Reads an answer to its end and shows it as it comes.
///
/// # Errors
///
/// Those of writing the output. The request is then given up.
pub(crate) async fn drive(
    mut stream: EventStream,
    output: &mut dyn Output,
    interrupt: &Interrupt,
) -> io::Result<Answer> {
    let mut answer = Answer::default();
    answer.error = loop {
        let item = tokio::select! {
            biased;
            () = interrupt.next() => break Some(stream.cancel()),
            item = stream.next() => item,
        };
        match item {
            Some(Ok(event)) => {
                output.event(&event)?;
                let last = matches!(event, Event::Finish { .. });
                answer.moved |= shows_a_move(&event);
                answer.reply.absorb(event);
                if last {
                    break None;
                }
            }
            Some(Err(error)) => break Some(error),
            None => break Some(Error::new(Kind::Internal, "the stream ended without its last event")),
        }
    };
    output.end(&answer.reply, answer.error.as_ref())?;
    Ok(answer)
}

fn shows_a_move(event: &Event) -> bool {
    match event {
        Event::Failover { .. } => true,
        Event::Finish { served_by, .. } => served_by.len() > 1,
        _ => false,
    }
}
