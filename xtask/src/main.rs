//! Project tasks: `cargo xtask TASK`.
//!
//! This reads the command line; what a task does is decided in the file that is called like it.

mod command;
mod examples;
mod package;
mod python;
mod test;
mod workspace;

use std::env;
use std::process::ExitCode;

use workspace::Workspace;

const USAGE: &str = "\
cargo xtask test            set up what the tests need and run everything that CI runs
cargo xtask test --quick    format, lints and the tests of the workspace only";

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["test"] => test::run(&Workspace::here(), test::ALL),
        ["test", "--quick"] => test::run(&Workspace::here(), test::QUICK),
        [] | ["help" | "-h" | "--help"] => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("unknown task: {}\n\n{USAGE}", words.join(" "));
            return ExitCode::from(2);
        }
    };
    if done { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
