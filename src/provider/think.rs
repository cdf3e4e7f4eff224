//! Thinking that comes inside the text, between `<think>` and `</think>` at its head.
//!
//! Only the head of an answer is looked at: the tag later on is text like any other. White space before the
//! tag and after its end belongs to neither.

use std::collections::VecDeque;

use super::call::Delta;

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";

/// Tells thinking from text, however the pieces are cut.
#[derive(Debug, Default)]
pub(super) struct Think {
    state: State,
    held: String,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing but perhaps a part of the opening tag, which is held.
    #[default]
    Head,
    /// In the thinking; perhaps a part of the closing tag is held.
    Inside,
    /// After it, before the first character of the text.
    Gap,
    /// In the text.
    Text,
}

impl Think {
    /// Takes all that follows as text, because the thinking comes in a field of its own.
    pub(super) fn off(&mut self) {
        if self.state == State::Head && self.held.is_empty() {
            self.state = State::Text;
        }
    }

    pub(super) fn push(&mut self, piece: String, out: &mut VecDeque<Delta>) {
        match self.state {
            State::Text => say(Delta::Text, piece, out),
            State::Head => self.head(&piece, out),
            State::Inside => self.inside(&piece, out),
            State::Gap => self.gap(&piece, out),
        }
    }

    /// Hands out what is held: no more will come.
    pub(super) fn finish(&mut self, out: &mut VecDeque<Delta>) {
        let held = std::mem::take(&mut self.held);
        match self.state {
            State::Inside => say(Delta::Reasoning, held, out),
            _ => say(Delta::Text, held, out),
        }
        self.state = State::Text;
    }

    fn head(&mut self, piece: &str, out: &mut VecDeque<Delta>) {
        self.held.push_str(piece);
        let start = self.held.trim_start();
        if let Some(rest) = start.strip_prefix(OPEN) {
            let rest = rest.to_owned();
            self.held.clear();
            self.state = State::Inside;
            self.inside(&rest, out);
        } else if !OPEN.starts_with(start) {
            self.state = State::Text;
            say(Delta::Text, std::mem::take(&mut self.held), out);
        }
    }

    fn inside(&mut self, piece: &str, out: &mut VecDeque<Delta>) {
        self.held.push_str(piece);
        if let Some(at) = self.held.find(CLOSE) {
            let rest = self.held.split_off(at + CLOSE.len());
            self.held.truncate(at);
            say(Delta::Reasoning, std::mem::take(&mut self.held), out);
            self.state = State::Gap;
            self.gap(&rest, out);
        } else {
            let tail = self.held.split_off(self.held.len() - begun(&self.held));
            say(Delta::Reasoning, std::mem::replace(&mut self.held, tail), out);
        }
    }

    fn gap(&mut self, piece: &str, out: &mut VecDeque<Delta>) {
        let text = piece.trim_start();
        if !text.is_empty() {
            self.state = State::Text;
            say(Delta::Text, text.to_owned(), out);
        }
    }
}

/// How many bytes at the end of `text` may be the beginning of the closing tag.
fn begun(text: &str) -> usize {
    (1..CLOSE.len()).rev().find(|len| text.ends_with(&CLOSE[..*len])).unwrap_or(0)
}

fn say(delta: fn(String) -> Delta, text: String, out: &mut VecDeque<Delta>) {
    if !text.is_empty() {
        out.push_back(delta(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(pieces: &[&str]) -> (String, String) {
        let (mut think, mut out) = (Think::default(), VecDeque::new());
        pieces.iter().for_each(|piece| think.push((*piece).to_owned(), &mut out));
        think.finish(&mut out);
        let (mut reasoning, mut text) = (String::new(), String::new());
        for delta in out {
            match delta {
                Delta::Reasoning(piece) => reasoning.push_str(&piece),
                Delta::Text(piece) => text.push_str(&piece),
                other => unreachable!("{other:?}"),
            }
        }
        (reasoning, text)
    }

    #[test]
    fn thinking_is_told_from_text_at_every_cut() {
        for (whole, reasoning, text) in [
            (
                "\n<think>\n我想 a<b</thin </think>\n\nHello <think>x</think>",
                "\n我想 a<b</thin ",
                "Hello <think>x</think>",
            ),
            ("<thinner> text", "", "<thinner> text"),
            ("  text", "", "  text"),
            ("<think>only", "only", ""),
            ("<think>a</thi", "a</thi", ""),
            ("<thi", "", "<thi"),
            ("", "", ""),
        ] {
            let expected = (reasoning.to_owned(), text.to_owned());
            for (at, _) in whole.char_indices() {
                assert_eq!(split(&[&whole[..at], &whole[at..]]), expected);
            }
            let chars: Vec<String> = whole.chars().map(String::from).collect();
            assert_eq!(split(&chars.iter().map(String::as_str).collect::<Vec<_>>()), expected);
        }
    }
}
