//! `mainstay config`: where the configuration is, what it says, whether it is right.

use std::io::{self, Write};
use std::path::Path;

use mainstay::client::config::Config;
use mainstay::error::Error;

use crate::args::{Common, ConfigVerb};
use crate::exit::{Exit, Stop};
use crate::output::Notices;
use crate::terminal::Terminal;

/// Answers a question about the configuration; without a verb, what it says.
///
/// # Errors
///
/// [`Kind::Config`](mainstay::chat::Kind::Config) where there is something wrong with it.
pub(crate) fn run(verb: Option<ConfigVerb>, args: &Common) -> Result<Exit, Stop> {
    match verb {
        Some(ConfigVerb::Path) => path(args),
        Some(ConfigVerb::Show) | None => show(args),
        Some(ConfigVerb::Check { file }) => check(file.as_deref(), args),
    }
}

fn path(args: &Common) -> Result<Exit, Stop> {
    let config = load(args.config.as_deref())?;
    match config.path() {
        Some(path) => writeln!(io::stdout(), "{}", path.display())?,
        None => notices(args).say(NO_FILE),
    }
    Ok(Exit::Complete)
}

fn show(args: &Common) -> Result<Exit, Stop> {
    let config = load(args.config.as_deref())?;
    let mut out = io::stdout().lock();
    match config.path() {
        Some(path) => writeln!(out, "# {}, with what holds by default", path.display())?,
        None => writeln!(out, "# {NO_FILE}")?,
    }
    write!(out, "{}", config.redacted())?;
    out.flush()?;
    Ok(Exit::Complete)
}

fn check(file: Option<&Path>, args: &Common) -> Result<Exit, Stop> {
    let mut notices = notices(args);
    let config = match Config::load(file.or(args.config.as_deref())) {
        Ok(config) => config,
        Err(error) => {
            notices.raw(&error.to_string());
            return Ok(Exit::Config);
        }
    };
    for warning in config.warnings() {
        notices.raw(&format!("{warning}\n"));
    }
    match config.path() {
        Some(path) => writeln!(io::stdout(), "{}: ok", path.display())?,
        None => notices.say(NO_FILE),
    }
    Ok(Exit::Complete)
}

const NO_FILE: &str = "no configuration file; everything holds by default";

fn load(path: Option<&Path>) -> Result<Config, Error> {
    Config::load(path).map_err(Error::from)
}

fn notices(args: &Common) -> Notices<io::Stderr> {
    Notices::new(io::stderr(), args.quiet, &Terminal::of_process(args.color))
}
