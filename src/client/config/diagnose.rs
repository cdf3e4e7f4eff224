//! Findings, and how one points at its place in the file.
//!
//! A line is shown as a compiler shows it, but a file may hold what must not be shown: whoever reads a value
//! that may be a secret says so ([`Notes::hide`]), and it is masked in every excerpt. Control characters are
//! replaced, since a file may come from anywhere.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

/// A file can hold more mistakes than anybody reads.
const MOST: usize = 100;
/// The longest part of a line that is shown, in characters, and how much of it stands before the place.
const WIDTH: usize = 120;
const BEFORE: usize = 40;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The file cannot be used.
    Error,
    /// It can be used, but perhaps not as intended.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// Something in a configuration that is wrong, or may be. It shows no key and no header value.
///
/// Its `Display` is that of a compiler: the message, the place, the line with a caret under the word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// What it is.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The file, as the caller named it.
    pub origin: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, in characters, from 1.
    pub column: usize,
    /// The line itself and the one with the caret, secrets masked.
    pub excerpt: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { severity, message, origin, line, column, excerpt, .. } = self;
        let gutter = digits(*line);
        write!(f, "{severity}: {message}\n{:gutter$}--> {origin}:{line}:{column}\n{excerpt}", "")
    }
}

fn digits(line: usize) -> usize {
    line.to_string().len()
}

struct Note {
    severity: Severity,
    span: Range<usize>,
    message: String,
    help: Option<String>,
}

/// What is found while a file is read.
#[derive(Default)]
pub(super) struct Notes {
    notes: Vec<Note>,
    hidden: Vec<Range<usize>>,
}

impl Notes {
    pub(super) fn error(
        &mut self,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<Option<String>>,
    ) {
        self.note(Severity::Error, span, message.into(), help.into());
    }

    pub(super) fn warning(
        &mut self,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<Option<String>>,
    ) {
        self.note(Severity::Warning, span, message.into(), help.into());
    }

    fn note(&mut self, severity: Severity, span: Range<usize>, message: String, help: Option<String>) {
        if self.notes.len() < MOST {
            let (message, help) = (printable(&message), help.as_deref().map(printable));
            self.notes.push(Note { severity, span, message, help });
        }
    }

    /// What stands here is never shown.
    pub(super) fn hide(&mut self, span: Range<usize>) {
        self.hidden.push(span);
    }

    /// The findings, in the order of the file.
    pub(super) fn findings(mut self, text: &str, origin: &str) -> Vec<Finding> {
        self.notes.sort_by_key(|note| note.span.start);
        let source = Source { text, origin, hidden: self.hidden };
        self.notes.into_iter().map(|note| source.finding(note)).collect()
    }
}

fn printable(text: &str) -> String {
    text.chars().map(visible).collect()
}

/// Controls, and the characters that turn the direction of writing, are not let through.
fn visible(c: char) -> char {
    match c {
        '\t' => ' ',
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => char::REPLACEMENT_CHARACTER,
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}

struct Source<'t> {
    text: &'t str,
    origin: &'t str,
    hidden: Vec<Range<usize>>,
}

impl Source<'_> {
    fn finding(&self, note: Note) -> Finding {
        let mut start = note.span.start.min(self.text.len());
        while !self.text.is_char_boundary(start) {
            start -= 1;
        }
        let head = &self.text[..start];
        let line_start = head.rfind('\n').map_or(0, |at| at + 1);
        let line = head.matches('\n').count() + 1;
        let column = self.text[line_start..start].chars().count() + 1;
        let excerpt = self.excerpt(line, line_start, start..note.span.end, note.help.as_deref());
        Finding {
            severity: note.severity,
            message: note.message,
            help: note.help,
            origin: self.origin.to_owned(),
            line,
            column,
            excerpt,
        }
    }

    fn excerpt(&self, line: usize, line_start: usize, span: Range<usize>, help: Option<&str>) -> String {
        let row = self.row(line_start, &span);
        let (mut shown, mut pad, mut carets) = (String::new(), 0, 0);
        for (at, c) in row {
            shown.push(c);
            match at {
                at if at < span.start => pad += width(c),
                at if at < span.end => carets += width(c),
                _ => {}
            }
        }
        let (pad, carets) = (" ".repeat(pad), "^".repeat(carets.max(1)));
        let help = help.map(|help| format!(" {help}")).unwrap_or_default();
        let gutter = digits(line);
        format!("{line} | {}\n{:gutter$} | {pad}{carets}{help}", shown.trim_end(), "")
    }

    /// The part of a line that is shown: each character with its place in the file.
    fn row(&self, line_start: usize, span: &Range<usize>) -> Vec<(usize, char)> {
        let line = self.text[line_start..].lines().next().unwrap_or_default();
        let before = self.text[line_start..span.start].chars().count();
        let from = if before + 1 > WIDTH - BEFORE { before - BEFORE } else { 0 };
        let chars = line.char_indices().map(|(at, c)| (line_start + at, c)).skip(from).take(WIDTH);
        chars.map(|(at, c)| (at, self.masked(at, c))).collect()
    }

    fn masked(&self, at: usize, c: char) -> char {
        let hidden = self.hidden.iter().any(|span| span.contains(&at));
        if hidden && !matches!(c, '"' | '\'' | '[' | ']' | '{' | '}' | ',' | ' ') { '*' } else { visible(c) }
    }
}

/// How many columns of a terminal a character takes; near enough to put a caret under it.
fn width(c: char) -> usize {
    match c as u32 {
        0x0300..=0x036F | 0x200B..=0x200F | 0xFE00..=0xFE0F => 0,
        0x1100..=0x115F
        | 0x2E80..=0xA4CF
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F
        | 0xFF00..=0xFF60
        | 0xFFE0..=0xFFE6
        | 0x1F300..=0x1FAFF
        | 0x20000..=0x3FFFD => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(text: &str, span: Range<usize>, hidden: Option<Range<usize>>) -> Finding {
        let mut notes = Notes::default();
        if let Some(hidden) = hidden {
            notes.hide(hidden);
        }
        notes.error(span, "wrong", "do better".to_owned());
        notes.findings(text, "f.toml").remove(0)
    }

    #[test]
    fn a_finding_reads_like_a_compilers() {
        let text = "\n".repeat(11) + "tagets = []\n";
        assert_eq!(
            finding(&text, 11..17, None).to_string(),
            "error: wrong\n  --> f.toml:12:1\n12 | tagets = []\n   | ^^^^^^ do better"
        );
    }

    #[test]
    fn the_caret_stands_under_the_word_after_wide_characters() {
        let found = finding("名 = x", 6..7, None);
        assert_eq!((found.column, found.excerpt.as_str()), (5, "1 | 名 = x\n  |      ^ do better"));
    }

    #[test]
    fn a_place_at_or_behind_the_end_is_still_a_place() {
        for (text, span, place) in
            [("", 0..0, (1, 1)), ("a", 1..1, (1, 2)), ("a\n", 9..12, (2, 1)), ("é", 1..2, (1, 1))]
        {
            let found = finding(text, span, None);
            assert_eq!((found.line, found.column), place, "{text:?}");
        }
    }

    #[test]
    fn a_hidden_value_is_masked_and_the_caret_stays_in_place() {
        let found = finding("k = \"secret\" # x", 0..1, Some(4..12));
        assert_eq!(found.excerpt, "1 | k = \"******\" # x\n  | ^ do better");
    }

    #[test]
    fn a_long_line_is_shown_in_part() {
        let text = "x".repeat(100_000);
        let found = finding(&text, 50_000..50_003, None);
        assert_eq!(found.column, 50_001);
        assert!(found.excerpt.len() < 400, "{}", found.excerpt.len());
        assert!(found.excerpt.ends_with("^^^ do better"));
    }

    #[test]
    fn nothing_in_a_file_reaches_the_terminal_as_a_control() {
        let found = finding("a\u{1b}[31m = \u{202e}b", 0..1, None);
        assert!(!found.to_string().contains(['\u{1b}', '\u{202e}']));
    }
}
