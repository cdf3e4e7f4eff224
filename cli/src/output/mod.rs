//! What an answer looks like on standard output, and what is said about it on standard error.
//!
//! One file per form. The forms only render: when an answer ends and with which exit code is decided in
//! `answer` and `exit`.

mod json;
mod jsonl;
mod notices;
mod text;
mod trouble;

use std::io;

use mainstay::chat::{Event, Reply};
use mainstay::error::Error;

pub(crate) use notices::Notices;
pub(crate) use trouble::explain;

use crate::args::{Common, Format};
use crate::exit::{Exit, Stop};
use crate::terminal::Terminal;

/// A form of showing an answer.
pub(crate) trait Output {
    /// Shows what happened, at once.
    fn event(&mut self, event: &Event) -> io::Result<()>;

    /// Shows the end. `reply` is what came, `error` why it is not whole.
    fn end(&mut self, reply: &Reply, error: Option<&Error>) -> io::Result<()>;
}

/// The form that was asked for. `restarts`: the text may yet be made void, so where it could not be taken
/// back it is held until the end.
pub(crate) fn of(args: &Common, terminal: &Terminal, restarts: bool) -> Box<dyn Output> {
    let notices = Notices::new(io::stderr(), args.quiet, terminal);
    match args.output {
        Format::Json => Box::new(json::Json::new(io::stdout(), notices)),
        Format::Jsonl => Box::new(jsonl::Jsonl::new(io::stdout(), notices)),
        Format::Text => {
            let style =
                text::Style { terminal: terminal.stdout, raw: args.raw, hold: restarts && !terminal.stdout };
            Box::new(text::Text::new(io::stdout(), notices, style))
        }
    }
}

/// Shows a failure from before there was a stream, in the form that was asked for.
///
/// # Errors
///
/// Those of standard output.
pub(crate) fn fail(args: &Common, terminal: &Terminal, error: &Error) -> Result<Exit, Stop> {
    of(args, terminal, false).end(&Reply::default(), Some(error))?;
    Ok(Exit::of_error(error, false))
}
