//! What a terminal may be shown: colour where it is wanted, and no control character of a stranger's.

use std::borrow::Cow;
use std::env;
use std::io::{self, IsTerminal};

use anstyle::{AnsiColor, Style};

use crate::args::When;

/// What standard output and standard error are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal {
    /// Standard output is a terminal.
    pub(crate) stdout: bool,
    /// Standard error is a terminal.
    pub(crate) stderr: bool,
    when: When,
}

impl Terminal {
    /// Looks at the streams of this process.
    pub(crate) fn of_process(when: When) -> Self {
        Self { stdout: io::stdout().is_terminal(), stderr: io::stderr().is_terminal(), when }
    }

    /// The styles for standard error.
    pub(crate) fn stderr_palette(&self) -> Palette {
        self.palette(self.stderr)
    }

    /// The styles for standard output.
    pub(crate) fn stdout_palette(&self) -> Palette {
        self.palette(self.stdout)
    }

    /// Whether standard error has colour.
    pub(crate) fn colours_stderr(&self) -> bool {
        self.colours(self.stderr)
    }

    fn palette(&self, is_terminal: bool) -> Palette {
        if self.colours(is_terminal) { Palette::COLOUR } else { Palette::PLAIN }
    }

    fn colours(&self, is_terminal: bool) -> bool {
        match self.when {
            When::Always => true,
            When::Never => false,
            When::Auto => {
                is_terminal && !is_set("NO_COLOR") && env::var_os("TERM").is_none_or(|t| t != "dumb")
            }
        }
    }
}

fn is_set(name: &str) -> bool {
    env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// The few styles there are; all empty where there is no colour.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Palette {
    /// What stands back.
    pub(crate) dim: Style,
    /// What stands out.
    pub(crate) bold: Style,
    /// What went well.
    pub(crate) good: Style,
    /// What is to be noticed.
    pub(crate) note: Style,
    /// What went wrong.
    pub(crate) bad: Style,
}

impl Palette {
    const PLAIN: Self = Self {
        dim: Style::new(),
        bold: Style::new(),
        good: Style::new(),
        note: Style::new(),
        bad: Style::new(),
    };
    const COLOUR: Self = Self {
        dim: Style::new().dimmed(),
        bold: Style::new().bold(),
        good: AnsiColor::Green.on_default(),
        note: AnsiColor::Yellow.on_default(),
        bad: AnsiColor::Red.on_default(),
    };
}

/// The text in a style.
pub(crate) fn paint(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// The text with everything that could move a cursor, colour a screen or turn the reading direction shown
/// escaped. Newline and tab stay.
pub(crate) fn sanitise(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for char in text.chars() {
        if is_unsafe(char) {
            shown.extend(char.escape_unicode());
        } else {
            shown.push(char);
        }
    }
    Cow::Owned(shown)
}

fn is_unsafe(char: char) -> bool {
    match char {
        '\n' | '\t' => false,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        char => char.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_and_direction_marks_are_shown_escaped() {
        for (text, shown) in [
            ("\x1b[2J", "\\u{1b}[2J"),
            ("a\rb\x07", "a\\u{d}b\\u{7}"),
            ("\u{7f}\u{9b}31m", "\\u{7f}\\u{9b}31m"),
            ("\u{202e}evil\u{2066}", "\\u{202e}evil\\u{2066}"),
        ] {
            assert_eq!(sanitise(text), shown);
        }
    }

    #[test]
    fn ordinary_text_is_left_alone() {
        let text = "fn main() {\n\tprintln!(\"你好 🌊 e\u{301}\");\n}\n";
        assert!(matches!(sanitise(text), Cow::Borrowed(same) if same == text));
    }
}
