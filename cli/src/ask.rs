//! `mainstay ask`: one answer to one prompt.

use std::sync::Arc;

use mainstay::chat::{Kind, Request};
use mainstay::error::Error;

use crate::answer::drive;
use crate::args::{Ask, Common};
use crate::exit::{Exit, Stop};
use crate::input;
use crate::interrupt::Interrupt;
use crate::output;
use crate::setup::Setup;
use crate::terminal::Terminal;

/// Asks, and shows the answer.
///
/// # Errors
///
/// Usage errors and those of standard output. All others are shown in the form that was asked for.
pub(crate) async fn run(ask: Ask, args: Arc<Common>, interrupt: &Interrupt) -> Result<Exit, Stop> {
    let terminal = Terminal::of_process(args.color);
    let reader = args.clone();
    let gathering = tokio::task::spawn_blocking(move || gather(&ask, &reader));
    let request = tokio::select! {
        biased;
        () = interrupt.next() => return output::fail(&args, &terminal, &interrupted()),
        request = gathering => request.map_err(|error| Error::new(Kind::Internal, error.to_string()))??,
    };
    let setup = match Setup::load(&args) {
        Ok(setup) => setup,
        Err(error) => return output::fail(&args, &terminal, &error),
    };
    setup.introduce(&args, &terminal);
    let mut output = output::of(&args, &terminal, setup.restarts());
    let stream = setup.client.stream_on(&setup.chain, request);
    let answer = drive(stream, &mut *output, interrupt).await?;
    Ok(answer.exit(args.strict))
}

fn interrupted() -> Error {
    Error::new(Kind::Cancelled, "interrupted before anything was sent")
}

fn gather(ask: &Ask, args: &Common) -> Result<Request, Stop> {
    match &ask.request {
        Some(path) => input::with_flags(input::read_request(path)?, args),
        None => input::compose(args, &input::prompt(&ask.prompt)?),
    }
}
