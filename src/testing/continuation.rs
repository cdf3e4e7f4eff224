//! What is answered to a request that brings the beginning of the answer along.

use super::ask::Brought;
use super::script::Script;

/// What a server does with the beginning of an answer that a request brings along.
///
/// It comes in one of two forms. *Prefill*: the last message is the assistant's, with or without a flag
/// (`prefix`, `partial`, `continue_final_message`), or there is a top-level `prefix`. *Instruct*: an
/// assistant's message that is a beginning of the scripted answer is followed by a last message of the user.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Continuation {
    /// The scripted answer goes on exactly behind the text received. If that is no beginning of the answer,
    /// the answer comes whole.
    #[default]
    GoOn,
    /// The text received is repeated, then it goes on.
    Echo,
    /// The last so many characters are repeated, then it goes on.
    Overlap(usize),
    /// The last words are repeated as far as the user's last message quotes them, then it goes on. Goes on
    /// at once where nothing is quoted.
    Anchor,
    /// The scripted answer comes from its top.
    StartOver,
    /// Another text comes instead.
    StartOverOtherWords(String),
    /// This comes first, then it goes on.
    Preamble(String),
    /// A prefill is refused with status 400; an instruction is gone on from.
    RefusePrefill,
    /// Either form is refused with status 400.
    Refuse,
}

/// The quotation must be at least this long, so that a mere "the" does not count as one.
const SHORTEST_ANCHOR: usize = 4;
/// A longer quotation than this is not looked for.
const LONGEST_ANCHOR: usize = 400;

/// What the response says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// The scripted answer as a whole.
    Fresh,
    /// This text as the continuation of what was received.
    On(String),
    /// A refusal to continue.
    Refused,
}

/// What the script says to a request that brings this along.
pub(super) fn says(script: &Script, brought: &Brought<'_>) -> Says {
    match *brought {
        Brought::Nothing => Says::Fresh,
        Brought::Prefill(text) => match &script.on_prefill {
            Continuation::RefusePrefill => Says::Refused,
            how => go_on(how, &script.text, text, ""),
        },
        Brought::Quoted { text, ask } if is_instruction(&script.text, text, ask) => match &script.on_instruct
        {
            Continuation::RefusePrefill => go_on(&Continuation::GoOn, &script.text, text, ask),
            how => go_on(how, &script.text, text, ask),
        },
        Brought::Quoted { .. } => Says::Fresh,
    }
}

/// Tells an instruction to go on from the next turn of a conversation, in which the answer stands whole.
fn is_instruction(answer: &str, text: &str, ask: &str) -> bool {
    answer.starts_with(text) && (text.len() < answer.len() || anchor(text, ask).is_some())
}

fn go_on(how: &Continuation, answer: &str, text: &str, ask: &str) -> Says {
    let rest = answer.strip_prefix(text).unwrap_or(answer);
    let repeating = |from: usize| format!("{}{rest}", &text[from..]);
    Says::On(match how {
        Continuation::GoOn | Continuation::RefusePrefill => rest.to_owned(),
        Continuation::Echo => repeating(0),
        Continuation::Overlap(chars) => repeating(last_chars(text, *chars)),
        Continuation::Anchor => repeating(anchor(text, ask).unwrap_or(text.len())),
        Continuation::StartOver => answer.to_owned(),
        Continuation::StartOverOtherWords(other) => other.clone(),
        Continuation::Preamble(preamble) => format!("{preamble}{rest}"),
        Continuation::Refuse => return Says::Refused,
    })
}

/// Where the longest end of `text` begins that `ask` quotes.
fn anchor(text: &str, ask: &str) -> Option<usize> {
    let trimmed = text.trim_end();
    let longest = trimmed.chars().count().min(LONGEST_ANCHOR);
    (SHORTEST_ANCHOR..=longest)
        .rev()
        .map(|chars| last_chars(trimmed, chars))
        .find(|&from| !trimmed[from..].starts_with(char::is_whitespace) && ask.contains(&trimmed[from..]))
}

/// Where the last so many characters begin.
fn last_chars(text: &str, chars: usize) -> usize {
    match chars {
        0 => text.len(),
        n => text.char_indices().rev().nth(n - 1).map_or(0, |(at, _)| at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(how: Continuation, brought: Brought<'_>) -> Says {
        says(&Script::answer("one two three 四五 six").continuation(how), &brought)
    }

    #[test]
    fn each_form_goes_on_as_its_name_says() {
        for (how, expected) in [
            (Continuation::GoOn, " 四五 six"),
            (Continuation::Echo, "one two three 四五 six"),
            (Continuation::Overlap(5), "three 四五 six"),
            (Continuation::Overlap(99), "one two three 四五 six"),
            (Continuation::StartOver, "one two three 四五 six"),
            (Continuation::StartOverOtherWords("uno".into()), "uno"),
            (Continuation::Preamble("Sure: ".into()), "Sure:  四五 six"),
        ] {
            assert_eq!(
                on(how.clone(), Brought::Prefill("one two three")),
                Says::On(expected.into()),
                "{how:?}"
            );
            let quoted = Brought::Quoted { text: "one two three", ask: "Go on." };
            assert_eq!(on(how, quoted), Says::On(expected.into()));
        }
    }

    #[test]
    fn the_anchor_is_what_the_user_quotes_and_no_more() {
        let quoted = |ask| Brought::Quoted { text: "one two three ", ask };
        let anchored = on(Continuation::Anchor, quoted("Go on, first repeating \"two three\"."));
        assert_eq!(anchored, Says::On("two three 四五 six".into()));
        assert_eq!(on(Continuation::Anchor, quoted("Go on.")), Says::On("四五 six".into()));
    }

    #[test]
    fn a_refused_prefill_can_still_be_asked_for_by_instruction() {
        assert_eq!(on(Continuation::RefusePrefill, Brought::Prefill("one")), Says::Refused);
        let quoted = Brought::Quoted { text: "one", ask: "Go on." };
        assert_eq!(on(Continuation::RefusePrefill, quoted), Says::On(" two three 四五 six".into()));
    }

    #[test]
    fn the_next_turn_of_a_conversation_is_not_a_continuation() {
        let whole = "one two three 四五 six";
        assert_eq!(on(Continuation::GoOn, Brought::Quoted { text: whole, ask: "And then?" }), Says::Fresh);
        assert_eq!(on(Continuation::GoOn, Brought::Quoted { text: "Good day.", ask: "Why?" }), Says::Fresh);
    }
}
