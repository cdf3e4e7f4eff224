//! What is said on standard error. Nothing that fails here ends the program.

use std::io::Write;

use mainstay::chat::{Event, FinishReason, Phase, Target};
use mainstay::error::Error;

use super::explain;
use crate::terminal::{Palette, Terminal, paint, sanitise};

const ERASE_LINE: &str = "\r\x1b[K";

/// The voice on standard error.
pub(crate) struct Notices<E> {
    err: E,
    quiet: bool,
    /// A line may be written that is erased later.
    fleeting: bool,
    /// Answer and notices share a screen.
    shared: bool,
    palette: Palette,
    /// The answer's cursor stands in the middle of a line.
    mid_line: bool,
    /// A fleeting line is on the screen.
    shown: bool,
}

impl<E: Write> Notices<E> {
    pub(crate) fn new(err: E, quiet: bool, terminal: &Terminal) -> Self {
        Self {
            err,
            quiet,
            fleeting: terminal.stderr,
            shared: terminal.stdout && terminal.stderr,
            palette: terminal.stderr_palette(),
            mid_line: false,
            shown: false,
        }
    }

    /// The answer is about to be written: the screen is cleared of what was fleeting. `ends_line`: its last
    /// character is a newline.
    pub(crate) fn before_text(&mut self, ends_line: bool) {
        self.clear();
        self.mid_line = !ends_line;
    }

    /// Says something, on a line of its own.
    pub(crate) fn say(&mut self, text: &str) {
        if !self.quiet {
            self.line(&paint(self.palette.note, sanitise(text)));
        }
    }

    /// Says something about an event, if there is anything to say.
    pub(crate) fn event(&mut self, event: &Event) {
        match event {
            Event::Waiting { target, silent_ms, next_ms } => self.waiting(target, *silent_ms, *next_ms),
            event => {
                if let Some(text) = in_words(event) {
                    self.say(&text);
                }
            }
        }
    }

    /// The end of an answer after a failover.
    pub(crate) fn served(&mut self, served_by: &[Target], longest_gap_ms: u64) {
        let names: Vec<_> = served_by.iter().map(Target::as_str).collect();
        let text =
            format!("✓ complete, by {}; longest silence {}", names.join(" → "), duration(longest_gap_ms));
        if !self.quiet {
            self.line(&paint(self.palette.good, sanitise(&text)));
        }
    }

    /// A failure; said even when quiet.
    pub(crate) fn error(&mut self, error: &Error, printed: bool) {
        self.complain(&explain(error, printed));
    }

    /// A failure in words; said even when quiet.
    pub(crate) fn complain(&mut self, text: &str) {
        let text = sanitise(text);
        let (first, rest) = text.split_at(text.find('\n').unwrap_or(text.len()));
        let name = paint(self.palette.bad, "mainstay:");
        self.line(&format!("{name} {first}{}", paint(self.palette.dim, rest)));
    }

    /// A text of the library's own making that has a form already; said even when quiet.
    pub(crate) fn raw(&mut self, text: &str) {
        self.line(&sanitise(text));
    }

    fn waiting(&mut self, target: &Target, silent_ms: u64, next_ms: u64) {
        if self.quiet || !self.fleeting {
            return;
        }
        let text =
            format!("… {target} has been silent for {}; on in {}", duration(silent_ms), duration(next_ms));
        self.fresh_line();
        let _ = write!(self.err, "{ERASE_LINE}{}", paint(self.palette.dim, sanitise(&text)));
        let _ = self.err.flush();
        self.shown = true;
    }

    fn line(&mut self, text: &str) {
        self.clear();
        self.fresh_line();
        let _ = writeln!(self.err, "{text}");
        let _ = self.err.flush();
    }

    fn clear(&mut self) {
        if std::mem::take(&mut self.shown) {
            let _ = write!(self.err, "{ERASE_LINE}");
            let _ = self.err.flush();
        }
    }

    fn fresh_line(&mut self) {
        if std::mem::take(&mut self.mid_line) && self.shared {
            let _ = writeln!(self.err);
        }
    }
}

#[cfg(test)]
impl Notices<Vec<u8>> {
    /// Notices that nobody reads.
    pub(super) fn silent() -> Self {
        let terminal = Terminal::of_process(crate::args::When::Never);
        Self::new(Vec::new(), true, &terminal)
    }
}

#[cfg(test)]
impl<E> Notices<E> {
    /// Notices on a screen that the answer is on too.
    pub(super) fn on_a_shared_screen(err: E) -> Self
    where
        E: Write,
    {
        let terminal = Terminal::of_process(crate::args::When::Never);
        Self { fleeting: true, shared: true, ..Self::new(err, false, &terminal) }
    }
}

fn in_words(event: &Event) -> Option<String> {
    match event {
        Event::Failover { from, to, reason, phase, after_chars, .. } => {
            let when = match phase {
                Phase::BeforeSend => "before anything was sent".to_owned(),
                Phase::BeforeFirstToken if *after_chars == 0 => "before the first token".to_owned(),
                _ => format!("after {after_chars} characters"),
            };
            Some(format!("⤷ {from} → {to}: {reason} ({when})"))
        }
        Event::Start { skipped, .. } if !skipped.is_empty() => {
            let each: Vec<_> =
                skipped.iter().map(|s| format!("passing over {}: {}", s.target, s.reason)).collect();
            Some(each.join("\n"))
        }
        Event::Restart { reason } => Some(format!("⤷ the answer begins again ({reason})")),
        Event::ToolCall(call) => Some(format!("tool call: {} {}", call.name, call.arguments)),
        Event::Finish { reason: FinishReason::Length, .. } => {
            Some("the answer stopped at the limit of its length".to_owned())
        }
        Event::Finish { reason: FinishReason::ContentFilter, .. } => {
            Some("the provider cut the answer by its content policy".to_owned())
        }
        _ => None,
    }
}

/// Milliseconds as a person reads them.
fn duration(ms: u64) -> String {
    match ms {
        0..1000 => format!("{ms} ms"),
        1000..10_000 => format!("{}.{} s", ms / 1000, ms % 1000 / 100),
        _ => format!("{} s", ms / 1000),
    }
}
