//! The scenarios of the demonstration, as data.

use std::time::Duration;

use mainstay::catalog::{Prefill, Wire};
use mainstay::testing::{Continuation, Fault};

/// How many scenarios are shown where none is named: the first ones.
pub(super) const SHOWN: usize = 6;

/// What both servers answer.
pub(super) const ANSWER: &str = "\
The sea is salty because rain is a little acid: it dissolves rock, and rivers carry what is dissolved \
down to the sea. The water leaves again as vapour; the salt stays, and it has been staying for a very \
long time. A litre of sea water holds about 35 grams of it. 海水之所以咸，是因为河流不断带来盐分。 Living things \
use up most of what else comes in, so sodium and chloride are what you taste. 🌊\n";

/// One way to fail, and who takes over.
pub(super) struct Scenario {
    /// What it is called on the command line.
    pub(super) name: &'static str,
    /// What happens, in a sentence.
    pub(super) story: &'static str,
    /// What the first server does.
    pub(super) fault: fn() -> Fault,
    /// What the first server speaks.
    pub(super) first: Wire,
    /// What the second server speaks.
    pub(super) second: Wire,
    /// In which form the second server takes the beginning of an answer.
    pub(super) prefill: Prefill,
    /// What the second server makes of that beginning.
    pub(super) continuation: fn() -> Continuation,
}

const BEAT: Duration = Duration::from_millis(100);

/// Every scenario; the first ones are those shown without arguments.
pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "cut",
        story: "the connection is reset in mid-word; south gets a prefill",
        fault: || Fault::ResetAfter(137),
        first: Wire::OpenAiChat,
        second: Wire::Anthropic,
        prefill: Prefill::Trailing,
        continuation: || Continuation::GoOn,
    },
    Scenario {
        name: "stall",
        story: "the stream stays open and says nothing more",
        fault: || Fault::Stall(190),
        first: Wire::Anthropic,
        second: Wire::OpenAiChat,
        prefill: Prefill::Prefix,
        continuation: || Continuation::GoOn,
    },
    Scenario {
        name: "busy",
        story: "north answers 503, server busy",
        fault: Fault::busy,
        first: Wire::OpenAiChat,
        second: Wire::OpenAiChat,
        prefill: Prefill::Prefix,
        continuation: || Continuation::GoOn,
    },
    Scenario {
        name: "login",
        story: "in its outage north no longer knows the key: 401",
        fault: Fault::unauthorized,
        first: Wire::Anthropic,
        second: Wire::Anthropic,
        prefill: Prefill::Trailing,
        continuation: || Continuation::GoOn,
    },
    Scenario {
        name: "garbage",
        story: "an event arrives broken, its text lost; south repeats some words",
        fault: || Fault::CorruptEvent(222),
        first: Wire::OpenAiChat,
        second: Wire::OpenAiChat,
        prefill: Prefill::None,
        continuation: || Continuation::Overlap(24),
    },
    Scenario {
        name: "silent",
        story: "north accepts, then sends keep-alive comments only",
        fault: || Fault::CommentsOnly(BEAT),
        first: Wire::OpenAiChat,
        second: Wire::Anthropic,
        prefill: Prefill::Trailing,
        continuation: || Continuation::GoOn,
    },
    Scenario {
        name: "start-over",
        story: "cut, and south begins the whole answer again",
        fault: || Fault::ResetAfter(180),
        first: Wire::Anthropic,
        second: Wire::OpenAiChat,
        prefill: Prefill::None,
        continuation: || Continuation::StartOver,
    },
    Scenario {
        name: "echo",
        story: "cut, and south repeats everything before it goes on",
        fault: || Fault::ResetAfter(150),
        first: Wire::OpenAiChat,
        second: Wire::OpenAiChat,
        prefill: Prefill::None,
        continuation: || Continuation::Echo,
    },
    Scenario {
        name: "refused",
        story: "cut, and south refuses the prefill (400): it is asked in words",
        fault: || Fault::ResetAfter(137),
        first: Wire::OpenAiChat,
        second: Wire::Anthropic,
        prefill: Prefill::Trailing,
        continuation: || Continuation::RefusePrefill,
    },
    Scenario {
        name: "mid-chunk",
        story: "the connection closes in the middle of an HTTP chunk",
        fault: || Fault::CutMidChunk(260),
        first: Wire::OpenAiChat,
        second: Wire::Anthropic,
        prefill: Prefill::Trailing,
        continuation: || Continuation::GoOn,
    },
    Scenario {
        name: "truncated",
        story: "the stream ends politely, but before the answer does",
        fault: || Fault::CloseCleanly(230),
        first: Wire::OpenAiChat,
        second: Wire::OpenAiChat,
        prefill: Prefill::Prefix,
        continuation: || Continuation::GoOn,
    },
    Scenario {
        name: "comments",
        story: "in mid-answer only keep-alive comments are left",
        fault: || Fault::StallWithComments(120, BEAT),
        first: Wire::Anthropic,
        second: Wire::OpenAiChat,
        prefill: Prefill::Prefix,
        continuation: || Continuation::GoOn,
    },
    Scenario {
        name: "overload",
        story: "an error event ends the stream: overloaded",
        fault: || Fault::overloaded_after(160),
        first: Wire::Anthropic,
        second: Wire::Anthropic,
        prefill: Prefill::Trailing,
        continuation: || Continuation::GoOn,
    },
    Scenario {
        name: "html",
        story: "status 200, and a page of HTML instead of an answer",
        fault: || Fault::Html200,
        first: Wire::OpenAiChat,
        second: Wire::OpenAiChat,
        prefill: Prefill::Prefix,
        continuation: || Continuation::GoOn,
    },
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_unique_and_those_shown_exist() {
        let names: HashSet<_> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
        assert_eq!(names.len(), SCENARIOS.len());
        assert!(SCENARIOS.len() >= SHOWN);
    }

    #[test]
    fn every_story_fits_a_line() {
        for scenario in SCENARIOS {
            assert!(scenario.story.chars().count() <= 67, "{}", scenario.name);
        }
    }

    #[test]
    fn the_shown_ones_cover_both_wires_in_all_combinations() {
        let pairs: HashSet<_> = SCENARIOS[..SHOWN].iter().map(|s| (s.first, s.second)).collect();
        assert_eq!(pairs.len(), 4);
    }
}
