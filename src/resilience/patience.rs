//! How long to wait for content before another target is asked.
//!
//! Why adapt? Five seconds of silence are nothing for one model and a sure sign of death for another. What a
//! target normally does, with room to spare, tells a slow answer from a dead one. Only content counts: a
//! connection kept alive by comments proves that a proxy lives, not that a model works.

use std::collections::VecDeque;
use std::time::Duration;

use super::Timeouts;

const SAMPLES: usize = 64;
const ENOUGH: usize = 20;
const SPARE: u32 = 3;

/// What is asked of a target: it decides how long its first content may take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Expect {
    /// The model thinks before it speaks and shows nothing of it.
    pub silent: bool,
    /// The answer comes as one piece.
    pub whole: bool,
    /// Tokens of the prompt, roughly.
    pub prompt_tokens: u64,
}

/// What a target normally does.
#[derive(Debug, Clone, Default)]
pub struct Patience {
    first: VecDeque<Duration>,
    gaps: VecDeque<Duration>,
}

impl Patience {
    /// An answer was completed: its time to first content and the longest gap within it.
    pub fn learn(&mut self, first_token: Duration, longest_gap: Duration) {
        for (samples, value) in [(&mut self.first, first_token), (&mut self.gaps, longest_gap)] {
            if samples.len() == SAMPLES {
                samples.pop_front();
            }
            samples.push_back(value);
        }
    }

    /// How long to wait for the first content.
    pub fn first_token(&self, timeouts: &Timeouts, expect: Expect) -> Duration {
        if let Some(exact) = timeouts.first_token {
            return exact;
        }
        if expect.silent || expect.whole {
            return Duration::from_secs(120);
        }
        let usual = adapted(&self.first, Duration::from_secs(8), 4, 12);
        usual + Duration::from_secs(expect.prompt_tokens / 50_000)
    }

    /// How long to wait between two pieces of content.
    pub fn idle(&self, timeouts: &Timeouts) -> Duration {
        timeouts.idle.unwrap_or_else(|| adapted(&self.gaps, Duration::from_secs(10), 5, 20))
    }
}

fn adapted(samples: &VecDeque<Duration>, unknown: Duration, least: u64, most: u64) -> Duration {
    if samples.len() < ENOUGH {
        return unknown;
    }
    let worst = samples.iter().max().copied().unwrap_or_default();
    (worst * SPARE).clamp(Duration::from_secs(least), Duration::from_secs(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(value: u64) -> Duration {
        Duration::from_millis(value)
    }

    #[test]
    fn a_configured_time_is_exact() {
        let timeouts = Timeouts { first_token: Some(ms(70)), idle: Some(ms(30)), ..Timeouts::default() };
        let expect = Expect { silent: true, whole: true, prompt_tokens: 1_000_000 };
        assert_eq!(Patience::default().first_token(&timeouts, expect), ms(70));
        assert_eq!(Patience::default().idle(&timeouts), ms(30));
    }

    #[test]
    fn a_quick_target_is_given_less_time_and_a_slow_one_at_most_twelve_seconds() {
        let limit = |usual| {
            let mut patience = Patience::default();
            (0..ENOUGH).for_each(|_| patience.learn(ms(usual), ms(10)));
            patience.first_token(&Timeouts::default(), Expect::default())
        };
        assert_eq!((limit(200), limit(2_000), limit(30_000)), (ms(4_000), ms(6_000), ms(12_000)));
    }

    #[test]
    fn silent_models_whole_answers_and_long_prompts_get_more() {
        let wait = |expect| Patience::default().first_token(&Timeouts::default(), expect);
        assert_eq!(wait(Expect { silent: true, ..Expect::default() }), ms(120_000));
        assert_eq!(wait(Expect { whole: true, ..Expect::default() }), ms(120_000));
        assert_eq!(wait(Expect { prompt_tokens: 500_000, ..Expect::default() }), ms(18_000));
    }
}
