//! The `mainstay` command: exit codes and closed pipes are decided here, everything else where it belongs.

mod answer;
mod args;
mod ask;
mod chat;
mod config;
mod demo;
mod exit;
mod input;
mod interrupt;
mod models;
mod output;
mod providers;
mod setup;
mod shell;
mod table;
mod terminal;

use std::io::{self, IsTerminal};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Arc;

use clap::FromArgMatches;

use args::{Ask, Cli, Command, ProvidersVerb};
use exit::{Exit, Stop};
use interrupt::Interrupt;
use output::Notices;
use terminal::Terminal;

fn main() -> ExitCode {
    let cli = match Cli::from_arg_matches(&args::command().get_matches()) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    let terminal = Terminal::of_process(cli.common.color);
    listen_in(cli.common.verbose, &terminal);
    let quiet = cli.common.quiet;
    let exit = match catch_unwind(AssertUnwindSafe(|| run(cli))) {
        Ok(Ok(exit)) => exit,
        Ok(Err(stop)) => {
            if let Some(message) = stop.message() {
                Notices::new(io::stderr(), quiet, &terminal).complain(&message);
            }
            stop.exit()
        }
        Err(_) => Exit::Internal,
    };
    ExitCode::from(exit.code())
}

/// Runs a command to its end. A thread that still reads standard input is left behind.
///
/// Why a second thread beside this one? Ctrl-C must be heard while this one is blocked in a write.
fn run(cli: Cli) -> Result<Exit, Stop> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| Stop::Internal(format!("no thread could be started: {error}")))?;
    let exit = runtime.block_on(dispatch(cli));
    runtime.shutdown_background();
    exit
}

async fn dispatch(cli: Cli) -> Result<Exit, Stop> {
    let interrupt = Interrupt::listen();
    let args = Arc::new(cli.common);
    match cli.command {
        Some(Command::Ask(ask)) => ask::run(ask, args, &interrupt).await,
        Some(Command::Chat) => chat::run(args, &interrupt).await,
        None if io::stdin().is_terminal() => chat::run(args, &interrupt).await,
        None => ask::run(Ask::default(), args, &interrupt).await,
        Some(Command::Demo(demo)) => tokio::select! {
            exit = demo::run(&demo, &args) => exit,
            () = interrupt.next() => Err(Stop::Interrupted),
        },
        Some(Command::Providers { verb: None | Some(ProvidersVerb::List) }) => providers::list(&args),
        Some(Command::Models { provider }) => models::list(provider.as_deref(), &args),
        Some(Command::Config { verb }) => config::run(verb, &args),
        Some(Command::Completions { shell }) => shell::completions(shell),
        Some(Command::Man) => shell::man(),
    }
}

/// Says on standard error what the library decides. Nothing of a conversation is ever in it.
fn listen_in(verbose: u8, terminal: &Terminal) {
    use tracing_subscriber::filter::{LevelFilter, Targets};
    use tracing_subscriber::layer::SubscriberExt;
    use tracing_subscriber::util::SubscriberInitExt;

    let level = match verbose {
        0 => return,
        1 => LevelFilter::INFO,
        2 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr).with_ansi(terminal.colours_stderr());
    let _ = tracing_subscriber::registry()
        .with(lines)
        .with(Targets::new().with_target("mainstay", level))
        .try_init();
}
