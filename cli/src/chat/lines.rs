//! The lines of standard input, read on a thread of their own: a read cannot be cancelled.

use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::thread;

use tokio::sync::mpsc;

use crate::exit::Stop;

const LONGEST: u64 = 16 << 20;

/// Lines as they come.
pub(super) struct Lines {
    lines: mpsc::Receiver<Result<String, Stop>>,
    /// They are typed by a person.
    pub(super) person: bool,
    prompts: bool,
}

impl Lines {
    pub(super) fn of_stdin() -> Self {
        let (sender, lines) = mpsc::channel(1);
        thread::spawn(move || {
            let mut input = io::stdin().lock();
            while let Some(line) = read(&mut input) {
                if sender.blocking_send(line).is_err() {
                    break;
                }
            }
        });
        let person = io::stdin().is_terminal();
        Self { lines, person, prompts: person && io::stderr().is_terminal() }
    }

    /// Shows that it is the person's turn.
    pub(super) fn prompt(&self) {
        if self.prompts {
            let mut err = io::stderr().lock();
            let _ = write!(err, "> ").and_then(|()| err.flush());
        }
    }

    /// The next line; `None` at the end of the input.
    pub(super) async fn next(&mut self) -> Option<Result<String, Stop>> {
        self.lines.recv().await
    }
}

fn read(input: &mut impl BufRead) -> Option<Result<String, Stop>> {
    let mut line = Vec::new();
    match input.by_ref().take(LONGEST).read_until(b'\n', &mut line) {
        Ok(0) => None,
        Ok(_) => Some(String::from_utf8(line).map_err(|_| Stop::usage("standard input is not UTF-8 text"))),
        Err(error) => Some(Err(Stop::usage(format!("standard input cannot be read: {error}")))),
    }
}
