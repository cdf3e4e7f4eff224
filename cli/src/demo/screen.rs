//! How the demonstration looks: 80 columns, an answer growing beside its label, the seam visible in it.

use std::io::{self, Write};

use anstyle::Style;

use super::plain::Seen;
use super::run::Outcome;
use super::scenarios::{ANSWER, Scenario};
use crate::terminal::{Palette, paint, sanitise};

const WIDTH: usize = 80;
const LABEL: usize = 14;
/// Behind this column of the text a space becomes a new line: no word is longer than what is left.
const WRAP: usize = 56;
/// Behind this column a wide character, which needs no space before it, goes to the next line.
const EDGE: usize = 62;

/// Where it is shown.
pub(super) struct Screen<'a> {
    out: &'a mut dyn Write,
    palette: Palette,
    column: usize,
    style: Style,
}

impl<'a> Screen<'a> {
    pub(super) fn new(out: &'a mut dyn Write, palette: Palette) -> Self {
        Self { out, palette, column: 0, style: Style::new() }
    }

    pub(super) fn title(&mut self, scenario: &Scenario) -> io::Result<()> {
        let rule = "─".repeat(WIDTH - 4 - scenario.name.chars().count());
        let name = paint(self.palette.bold, scenario.name);
        writeln!(self.out, "── {name} {}", paint(self.palette.dim, rule))?;
        writeln!(self.out, "{}\n", paint(self.palette.dim, scenario.story))
    }

    /// Begins a block of text.
    pub(super) fn label(&mut self, label: &str, style: Style) -> io::Result<()> {
        self.column = 0;
        self.style = style;
        write!(self.out, "{label:LABEL$}")?;
        self.out.flush()
    }

    /// Adds a piece to the text of the block.
    pub(super) fn text(&mut self, text: &str) -> io::Result<()> {
        let mut shown = String::new();
        for char in sanitise(text).chars() {
            let wide = is_wide(char);
            if char == '\n'
                || (char == ' ' && self.column >= WRAP)
                || (wide && !is_stop(char) && self.column >= EDGE)
            {
                shown.push('\n');
                shown.push_str(&" ".repeat(LABEL));
                self.column = 0;
            }
            if !matches!(char, ' ' | '\n') || (char == ' ' && self.column > 0) {
                shown.push(char);
                self.column += if wide { 2 } else { 1 };
            }
        }
        write!(self.out, "{}", paint(self.style, shown))?;
        self.out.flush()
    }

    /// Marks the place where another provider goes on.
    pub(super) fn seam(&mut self) -> io::Result<()> {
        self.column += 1;
        self.style = self.palette.good;
        write!(self.out, "{}", paint(self.palette.note, "┃"))?;
        self.out.flush()
    }

    /// Ends a block with a verdict on it.
    pub(super) fn verdict(&mut self, good: bool, text: &str) -> io::Result<()> {
        let (mark, style) = if good { ("✓", self.palette.good) } else { ("✗", self.palette.bad) };
        if self.column > 0 {
            write!(self.out, "\n{:LABEL$}", "")?;
        }
        self.column = 0;
        writeln!(self.out, "{}", paint(style, format!("{mark} {}", sanitise(text))))
    }

    pub(super) fn outcome(&mut self, outcome: &Outcome) -> io::Result<()> {
        self.verdict(outcome.exact, &outcome.in_words())
    }

    pub(super) fn witness(&mut self, seen: &Seen) -> io::Result<()> {
        self.label("plain client", self.palette.dim)?;
        self.text(seen.text.trim_end())?;
        let (got, all) = (seen.text.chars().count(), ANSWER.chars().count());
        self.verdict(seen.text == ANSWER, &format!("{}: {got} of {all} characters", seen.end))?;
        writeln!(self.out)
    }

    pub(super) fn score(&mut self, exact: usize, plain: usize, of: usize) -> io::Result<()> {
        let style = if exact == of { self.palette.good } else { self.palette.bad };
        let score = paint(style, format!("{exact} of {of} answers exact"));
        writeln!(self.out, "{score}; a plain client: {plain} of {of}")
    }
}

/// Whether this character never begins a line.
fn is_stop(char: char) -> bool {
    matches!(char, '，' | '。')
}

/// Whether a terminal gives this character two columns, as far as the answer needs it.
fn is_wide(char: char) -> bool {
    matches!(char, '\u{2e80}'..='\u{9fff}' | '\u{ff00}'..='\u{ff60}' | '\u{1f300}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use crate::args::When;
    use crate::terminal::Terminal;

    #[test]
    fn no_line_is_wider_than_80_columns() {
        let mut out = Vec::new();
        let palette = Terminal::of_process(When::Never).stdout_palette();
        let mut screen = Screen::new(&mut out, palette);
        screen.label("mainstay", Style::new()).unwrap();
        for char in ANSWER.trim_end().chars() {
            screen.text(&char.to_string()).unwrap();
        }
        screen.verdict(true, "exact").unwrap();
        let shown = String::from_utf8(out).unwrap();
        for line in shown.lines() {
            let width: usize = line.chars().map(|char| if is_wide(char) { 2 } else { 1 }).sum();
            assert!(width <= WIDTH, "{width}: {line}");
        }
        let words = |text: &str| text.split_whitespace().collect::<String>();
        assert_eq!(words(&shown), words(&format!("mainstay {ANSWER} ✓ exact")));
    }
}
