//! How the program ends: the exit codes, and the one mapping from what happened to a code.
//!
//! What is printed about it is decided by `output`; that a closed pipe is no failure is decided in `main`.

use std::io;

use mainstay::chat::{Attempt, FinishReason, Kind};
use mainstay::error::Error;

/// An exit code of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The answer is complete, also after a failover.
    Complete = 0,
    /// A defect of the program itself.
    Internal = 1,
    /// The command line, or what it names, cannot be right.
    Usage = 2,
    /// The configuration is wrong, or every attempt was refused its key.
    Config = 3,
    /// Every target failed and no text was printed.
    Failed = 4,
    /// The answer is incomplete.
    Incomplete = 5,
    /// The content was refused by policy.
    Refused = 6,
    /// The answer is complete, but `--strict` and a failover happened.
    FailedOver = 7,
    /// The program was interrupted.
    Interrupted = 130,
}

impl Exit {
    /// The number the shell sees.
    pub(crate) fn code(self) -> u8 {
        self as u8
    }

    /// How a request that failed ends. `printed`: text had been given out before.
    pub(crate) fn of_error(error: &Error, printed: bool) -> Self {
        match error.kind() {
            Kind::Cancelled => Self::Interrupted,
            Kind::ContentFilter => Self::Refused,
            Kind::Internal => Self::Internal,
            _ if printed => Self::Incomplete,
            Kind::Config | Kind::Auth => Self::Config,
            _ if only_auth(error.attempts()) => Self::Config,
            _ => Self::Failed,
        }
    }

    /// How a request that was answered ends. `moved`: another target than the first took part.
    pub(crate) fn of_answer(reason: &FinishReason, moved: bool, strict: bool) -> Self {
        match reason {
            FinishReason::ContentFilter => Self::Refused,
            _ if strict && moved => Self::FailedOver,
            _ => Self::Complete,
        }
    }
}

fn only_auth(attempts: &[Attempt]) -> bool {
    !attempts.is_empty() && attempts.iter().all(|attempt| attempt.kind == Some(Kind::Auth))
}

/// Why a command ended before its time.
#[derive(Debug)]
pub(crate) enum Stop {
    /// What was typed, or a file it names, cannot be used; the text says what to do.
    Usage(String),
    /// The library said no.
    Error(Error),
    /// Nobody reads standard output any more.
    ClosedPipe,
    /// Standard output cannot be written.
    Output(io::Error),
    /// Ctrl-C.
    Interrupted,
    /// A defect, or a machine that has nothing left.
    Internal(String),
}

impl Stop {
    /// What was typed cannot be used.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::Usage(message.into())
    }

    /// The code the program ends with. A closed pipe is the reader's wish, not a failure.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) => Exit::Usage,
            Self::Error(error) => Exit::of_error(error, false),
            Self::ClosedPipe => Exit::Complete,
            Self::Output(_) | Self::Internal(_) => Exit::Internal,
            Self::Interrupted => Exit::Interrupted,
        }
    }

    /// What there is to say about it, if anything.
    pub(crate) fn message(&self) -> Option<String> {
        match self {
            Self::Usage(message) | Self::Internal(message) => Some(message.clone()),
            Self::Error(error) => Some(error.to_string()),
            Self::ClosedPipe => None,
            Self::Output(error) => Some(format!("standard output cannot be written: {error}")),
            Self::Interrupted => Some("interrupted".to_owned()),
        }
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// An error of writing to standard output.
impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ClosedPipe,
            _ => Self::Output(error),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use mainstay::chat::{Mode, Target};

    use super::*;

    fn failed(kinds: &[Kind]) -> Vec<Attempt> {
        let target: Target = "a/x".parse().unwrap();
        let attempt = |kind: &Kind| {
            let mut attempt = Attempt::new(target.clone(), Mode::Fresh, 0);
            attempt.kind = Some(*kind);
            attempt
        };
        kinds.iter().map(attempt).collect()
    }

    #[test]
    fn every_failure_has_the_code_the_contract_gives_it() {
        let table: &[(Kind, &[Kind], bool, Exit)] = &[
            (Kind::Config, &[], false, Exit::Config),
            (Kind::Auth, &[Kind::Auth], false, Exit::Config),
            (Kind::NoTarget, &[Kind::Auth, Kind::Auth], false, Exit::Config),
            (Kind::NoTarget, &[Kind::Auth, Kind::Overloaded], false, Exit::Failed),
            (Kind::Overloaded, &[Kind::Overloaded], false, Exit::Failed),
            (Kind::Deadline, &[Kind::TimeoutFirstToken], false, Exit::Failed),
            (Kind::NoTarget, &[], false, Exit::Failed),
            (Kind::Reset, &[Kind::Reset], true, Exit::Incomplete),
            (Kind::Auth, &[Kind::Reset, Kind::Auth], true, Exit::Incomplete),
            (Kind::ContentFilter, &[Kind::ContentFilter], false, Exit::Refused),
            (Kind::ContentFilter, &[Kind::ContentFilter], true, Exit::Refused),
            (Kind::Cancelled, &[Kind::Cancelled], false, Exit::Interrupted),
            (Kind::Cancelled, &[Kind::Cancelled], true, Exit::Interrupted),
            (Kind::Internal, &[], false, Exit::Internal),
        ];
        for (kind, attempts, printed, exit) in table {
            let error = Error::new(*kind, "").with_attempts(failed(attempts));
            assert_eq!(
                Exit::of_error(&error, *printed),
                *exit,
                "{kind} after {attempts:?}, printed: {printed}"
            );
        }
    }

    #[test]
    fn a_failover_counts_only_when_strict() {
        let stop = FinishReason::Stop;
        assert_eq!(Exit::of_answer(&stop, true, false), Exit::Complete);
        assert_eq!(Exit::of_answer(&stop, false, true), Exit::Complete);
        assert_eq!(Exit::of_answer(&stop, true, true), Exit::FailedOver);
        assert_eq!(Exit::of_answer(&FinishReason::ContentFilter, true, true), Exit::Refused);
    }

    #[test]
    fn a_closed_pipe_is_quiet() {
        let stop = Stop::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!((stop.exit(), stop.message()), (Exit::Complete, None));
    }
}
