//! `mainstay completions` and `mainstay man`: what a package for this program needs.

use std::io::{self, Write};

use clap_complete::Shell;

use crate::args;
use crate::exit::{Exit, Stop};

/// Prints a completion script.
///
/// # Errors
///
/// Those of standard output.
pub(crate) fn completions(shell: Shell) -> Result<Exit, Stop> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut args::command(), "mainstay", &mut script);
    print(&script)
}

/// Prints the manual page.
///
/// # Errors
///
/// Those of standard output.
pub(crate) fn man() -> Result<Exit, Stop> {
    let mut page = Vec::new();
    clap_mangen::Man::new(args::command()).render(&mut page)?;
    print(&page)
}

fn print(bytes: &[u8]) -> Result<Exit, Stop> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(Exit::Complete)
}
