//! What is done about a failure: one total table of kind × phase.
//!
//! The table decides for a target that has others beside it. What happens when no other target may be used
//! is the journey's business: transient kinds are then tried again here.

use crate::chat::{Kind, Phase};

/// What follows from a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Where the request goes now.
    pub step: Step,
    /// Who is held responsible.
    pub blame: Blame,
}

/// Where a request goes after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Once more here at once, if this target has no other recent failure; else to the next one.
    RetryHere,
    /// Here again after the wait the provider asked for, if that is short; else to the next one.
    WaitHere,
    /// To the next target. With none left, here again after a backoff.
    Next,
    /// To the next target; nothing would change here.
    Leave,
    /// To a target with a larger context window.
    Larger,
    /// To the next target; two providers that say the same end the request.
    Agree,
    /// To the caller.
    Stop,
}

impl Step {
    /// Whether the same target may be asked again when there is no other.
    pub fn is_transient(self) -> bool {
        matches!(self, Self::RetryHere | Self::WaitHere | Self::Next)
    }
}

/// Who is held responsible for a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// Nobody: it says nothing about the target's health.
    Nobody,
    /// The target: it counts for its circuit.
    Target,
    /// Our pace: the target is left alone for the time it asked for.
    Pace,
    /// The key: it rests.
    Key,
}

/// The table.
pub fn verdict(kind: Kind, phase: Phase) -> Verdict {
    use Blame::{Key, Nobody, Pace, Target};
    use Kind as K;
    use Step::{Agree, Larger, Leave, Next, RetryHere, Stop, WaitHere};

    let before = phase != Phase::MidStream;
    let (step, blame) = match kind {
        K::ServerError | K::Reset if before => (RetryHere, Target),
        K::ServerError | K::Reset | K::Truncated | K::BadStream | K::TimeoutIdle => (Next, Target),
        K::Connect | K::TimeoutConnect | K::TimeoutFirstToken | K::Overloaded | K::BadResponse => {
            (Next, Target)
        }
        K::Tls => (Leave, Target),
        K::RateLimited if before => (WaitHere, Pace),
        K::RateLimited => (Next, Pace),
        K::Quota | K::Billing => (Leave, Key),
        K::Auth => (Leave, Target),
        K::ContextTooLong => (Larger, Nobody),
        K::ModelNotFound | K::Unsupported => (Leave, Nobody),
        K::InvalidRequest => (Agree, Nobody),
        K::InvalidOutput => (Next, Nobody),
        K::ContentFilter => (Stop, Nobody),
        K::Deadline | K::Budget | K::Offline | K::NoTarget | K::Cancelled | K::Config | K::Internal => {
            (Stop, Nobody)
        }
    };
    Verdict { step, blame }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_in_mid_answer_never_asks_the_same_target_again_first() {
        for kind in Kind::ALL {
            let step = verdict(*kind, Phase::MidStream).step;
            assert!(!matches!(step, Step::RetryHere | Step::WaitHere), "{kind}: {step:?}");
        }
    }

    #[test]
    fn a_failed_login_does_not_end_the_request() {
        assert_eq!(verdict(Kind::Auth, Phase::BeforeFirstToken).step, Step::Leave);
    }

    #[test]
    fn our_own_limits_do_not_blame_the_target() {
        for kind in [Kind::RateLimited, Kind::Quota, Kind::Billing, Kind::ContextTooLong, Kind::Cancelled] {
            for phase in Phase::ALL {
                assert_ne!(verdict(kind, *phase).blame, Blame::Target, "{kind}");
            }
        }
    }
}
