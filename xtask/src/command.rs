//! One command that a step runs: shown before it runs, and shown again, ready to be repeated, if it fails.
//!
//! The output of a command is never held back: its last lines are what CI reads.

use std::env;
use std::ffi::OsString;
use std::fmt;
use std::path::Path;
use std::process::{self, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Why a step failed.
#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
    repeat: Option<String>,
}

impl Failure {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), repeat: None }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        match &self.repeat {
            Some(command) => write!(f, "\nto repeat it: {command}"),
            None => Ok(()),
        }
    }
}

/// A command and how it is written in a shell.
pub(crate) struct Command {
    inner: process::Command,
    shown: Vec<String>,
    variables: Vec<String>,
}

impl Command {
    pub(crate) fn new(program: impl Into<OsString>, folder: &Path) -> Self {
        let program = program.into();
        let shown = vec![quoted(&program.to_string_lossy())];
        let mut inner = process::Command::new(program);
        inner.current_dir(folder).stdin(Stdio::null());
        for (name, _) in env::vars_os().filter(|(name, _)| is_of_this_task(&name.to_string_lossy())) {
            inner.env_remove(name);
        }
        Self { inner, shown, variables: Vec::new() }
    }

    /// Shows another name for the program.
    pub(crate) fn shown_as(mut self, name: &str) -> Self {
        name.clone_into(&mut self.shown[0]);
        self
    }

    /// Adds arguments, split at spaces.
    pub(crate) fn words(self, words: &str) -> Self {
        words.split_whitespace().fold(self, |command, word| command.arg(word))
    }

    /// Adds one argument.
    pub(crate) fn arg(mut self, arg: impl Into<OsString>) -> Self {
        let arg = arg.into();
        self.shown.push(quoted(&arg.to_string_lossy()));
        self.inner.arg(arg);
        self
    }

    /// Sets a variable of its environment.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.variables.push(format!("{name}={}", quoted(value)));
        self.inner.env(name, value);
        self
    }

    /// Runs it to its end.
    pub(crate) fn run(mut self) -> Result<(), Failure> {
        println!("$ {}", self.text());
        match self.inner.status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(self.failure(&ended(status))),
            Err(error) => Err(self.failure(&format!("did not start: {error}"))),
        }
    }

    /// Runs it; ends it, as a failure, when it takes longer than `limit`.
    pub(crate) fn run_within(mut self, limit: Duration) -> Result<(), Failure> {
        println!("$ {}", self.text());
        let began = Instant::now();
        let mut child =
            self.inner.spawn().map_err(|error| self.failure(&format!("did not start: {error}")))?;
        loop {
            match child.try_wait() {
                Ok(Some(status)) if status.success() => return Ok(()),
                Ok(Some(status)) => return Err(self.failure(&ended(status))),
                Ok(None) if began.elapsed() < limit => thread::sleep(Duration::from_millis(20)),
                Ok(None) => {
                    let _ = child.kill();
                    let _ = child.wait();
                    return Err(self.failure(&format!("was ended after {} s", limit.as_secs())));
                }
                Err(error) => return Err(self.failure(&format!("was lost: {error}"))),
            }
        }
    }

    /// Runs it and returns what it wrote to standard output.
    pub(crate) fn read(mut self) -> Result<String, Failure> {
        println!("$ {}", self.text());
        let output = self.inner.stderr(Stdio::inherit()).output();
        match output {
            Ok(output) if output.status.success() => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
            Ok(output) => Err(self.failure(&ended(output.status))),
            Err(error) => Err(self.failure(&format!("did not start: {error}"))),
        }
    }

    /// Whether it runs and succeeds; says nothing.
    pub(crate) fn succeeds(mut self) -> bool {
        let status = self.inner.stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    }

    fn text(&self) -> String {
        [&self.variables[..], &self.shown[..]].concat().join(" ")
    }

    fn failure(&self, what: &str) -> Failure {
        let folder = self.inner.get_current_dir().map(|folder| quoted(&folder.to_string_lossy()));
        let repeat = format!("(cd {} && {})", folder.unwrap_or_default(), self.text());
        Failure { what: format!("`{}` {what}", self.shown[0]), repeat: Some(repeat) }
    }
}

/// Whether Cargo set the variable for this task. Build scripts that watch it would run again, and all that depends
/// on them would be built again, whenever a command is given now through the task and now by hand.
fn is_of_this_task(variable: &str) -> bool {
    variable.starts_with("CARGO_PKG_") || variable.starts_with("CARGO_MANIFEST_")
}

fn ended(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("ended with exit code {code}"),
        None => format!("was ended: {status}"),
    }
}

/// The word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:=,+@%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        Command::new("sh", Path::new("/")).arg("-c").arg(script)
    }

    #[test]
    fn a_failure_says_how_to_repeat_the_command() {
        let failure = shell("exit 3").env("A", "b c").run().unwrap_err().to_string();
        assert_eq!(failure, "`sh` ended with exit code 3\nto repeat it: (cd / && A='b c' sh -c 'exit 3')");
    }

    #[test]
    fn a_program_that_is_not_there_is_a_failure_and_not_a_panic() {
        let failure = Command::new("no-such-program", Path::new("/")).run().unwrap_err().to_string();
        assert!(failure.starts_with("`no-such-program` did not start"), "{failure}");
    }

    #[test]
    fn a_command_that_hangs_is_ended_at_its_limit() {
        let failure = shell("exec sleep 60").run_within(Duration::from_millis(50)).unwrap_err().to_string();
        assert!(failure.contains("was ended after"), "{failure}");
    }

    #[test]
    fn a_command_does_not_see_which_package_the_task_is() {
        let seen = shell("echo $CARGO_PKG_NAME$CARGO_MANIFEST_DIR").read().unwrap();
        assert_eq!((seen.as_str(), env::var("CARGO_PKG_NAME").as_deref()), ("\n", Ok("xtask")));
    }

    #[test]
    fn what_a_command_writes_can_be_read() {
        assert_eq!(shell("echo it\\'s").read().unwrap(), "it's\n");
    }

    #[test]
    fn a_word_with_a_quote_survives_the_shell() {
        let word = "it's \"so\" $HOME";
        let echoed = shell(&format!("printf %s {}", quoted(word))).read().unwrap();
        assert_eq!(echoed, word);
    }
}
