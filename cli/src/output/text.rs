//! `-o text`: the answer as it comes; byte-exact, except on a terminal.

use std::io::{self, Write};

use mainstay::chat::{Event, Reply};
use mainstay::error::Error;

use super::{Notices, Output};
use crate::terminal::sanitise;

/// How text is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    /// Standard output is a terminal.
    pub(super) terminal: bool,
    /// Not even a terminal is protected.
    pub(super) raw: bool,
    /// Nothing is written before the end, because it might be made void.
    pub(super) hold: bool,
}

/// Prints the text, and says on standard error what happened to it.
pub(super) struct Text<O, E> {
    out: O,
    notices: Notices<E>,
    style: Style,
    moved: bool,
    mid_line: bool,
}

impl<O: Write, E: Write> Text<O, E> {
    pub(super) fn new(out: O, notices: Notices<E>, style: Style) -> Self {
        Self { out, notices, style, moved: false, mid_line: false }
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        self.mid_line = !text.ends_with('\n');
        self.notices.before_text(!self.mid_line);
        if self.style.terminal && !self.style.raw {
            self.out.write_all(sanitise(text).as_bytes())?;
        } else {
            self.out.write_all(text.as_bytes())?;
        }
        self.out.flush()
    }

    /// On a terminal the text ends its line; anywhere else nothing is added to it.
    fn end_line(&mut self) -> io::Result<()> {
        if self.style.terminal && self.mid_line { self.write("\n") } else { Ok(()) }
    }
}

impl<O: Write, E: Write> Output for Text<O, E> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::Text { text } if self.style.hold => self.notices.before_text(text.ends_with('\n')),
            Event::Text { text } => self.write(text)?,
            Event::Finish { served_by, longest_gap_ms, .. } => {
                if !self.style.hold {
                    self.end_line()?;
                }
                self.notices.event(event);
                if self.moved {
                    self.notices.served(served_by, *longest_gap_ms);
                }
            }
            event => {
                self.moved |= matches!(event, Event::Failover { .. });
                self.notices.event(event);
            }
        }
        Ok(())
    }

    fn end(&mut self, reply: &Reply, error: Option<&Error>) -> io::Result<()> {
        if self.style.hold {
            self.write(&reply.text)?;
        }
        self.end_line()?;
        if let Some(error) = error {
            self.notices.error(error, !reply.text.is_empty());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use mainstay::chat::{Kind, Mode, Phase};

    use super::*;

    const PIPE: Style = Style { terminal: false, raw: false, hold: false };
    const TERMINAL: Style = Style { terminal: true, ..PIPE };

    fn text(text: &str) -> Event {
        Event::Text { text: text.to_owned() }
    }

    fn shown(style: Style, events: &[Event]) -> String {
        let mut out = Vec::new();
        let mut reply = Reply::default();
        let mut form = Text::new(&mut out, Notices::silent(), style);
        for event in events {
            form.event(event).unwrap();
            reply.absorb(event.clone());
        }
        form.end(&reply, None).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_pipe_gets_every_byte_and_none_more() {
        assert_eq!(shown(PIPE, &[text("\x1b[1mno"), text(" newline")]), "\x1b[1mno newline");
    }

    #[test]
    fn a_terminal_is_protected_and_its_line_ended() {
        assert_eq!(shown(TERMINAL, &[text("\x1b[1mno")]), "\\u{1b}[1mno\n");
        assert_eq!(shown(TERMINAL, &[text("line\n")]), "line\n");
        assert_eq!(shown(Style { raw: true, ..TERMINAL }, &[text("\x1b[1m")]), "\x1b[1m\n");
    }

    #[test]
    fn held_text_that_is_made_void_is_never_written() {
        let events = [text("void"), Event::Restart { reason: Kind::Reset }, text("good")];
        assert_eq!(shown(Style { hold: true, ..PIPE }, &events), "good");
    }

    #[test]
    fn a_notice_in_mid_line_starts_a_line_of_its_own() {
        let mut err = Vec::new();
        let notices = Notices::on_a_shared_screen(&mut err);
        let mut form = Text::new(io::sink(), notices, TERMINAL);
        form.event(&text("half a li")).unwrap();
        form.event(&Event::Failover {
            from: "a/x".parse().unwrap(),
            to: "b/y".parse().unwrap(),
            reason: Kind::Reset,
            phase: Phase::MidStream,
            mode: Mode::Prefill,
            after_chars: 9,
        })
        .unwrap();
        assert_eq!(String::from_utf8(err).unwrap(), "\n⤷ a/x → b/y: reset (after 9 characters)\n");
    }
}
