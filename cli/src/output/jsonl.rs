//! `-o jsonl`: every event as one JSON object on a line, flushed at once; the last is `finish` or `error`.

use std::io::{self, Write};

use mainstay::chat::{Event, Reply};
use mainstay::error::Error;
use serde::Serialize;

use super::trouble::Trouble;
use super::{Notices, Output};

/// Prints events as they come.
pub(super) struct Jsonl<O, E> {
    out: O,
    notices: Notices<E>,
}

impl<O: Write, E: Write> Jsonl<O, E> {
    pub(super) fn new(out: O, notices: Notices<E>) -> Self {
        Self { out, notices }
    }

    fn line(&mut self, value: &impl Serialize) -> io::Result<()> {
        let mut line = serde_json::to_vec(value)?;
        line.push(b'\n');
        self.out.write_all(&line)?;
        self.out.flush()
    }
}

#[derive(Serialize)]
struct ErrorLine<'a> {
    r#type: &'static str,
    #[serde(flatten)]
    trouble: Trouble<'a>,
}

impl<O: Write, E: Write> Output for Jsonl<O, E> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        self.line(event)
    }

    fn end(&mut self, reply: &Reply, error: Option<&Error>) -> io::Result<()> {
        let Some(error) = error else { return Ok(()) };
        self.line(&ErrorLine { r#type: "error", trouble: Trouble::new(error, reply) })?;
        self.notices.error(error, !reply.text.is_empty());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use mainstay::chat::Kind;
    use serde_json::Value;

    use super::*;

    #[test]
    fn an_error_is_a_line_of_its_own_with_every_field_of_the_contract() {
        let mut out = Vec::new();
        let mut jsonl = Jsonl::new(&mut out, Notices::silent());
        jsonl.event(&Event::Text { text: "half\n".to_owned() }).unwrap();
        let mut reply = Reply::default();
        reply.text.push_str("half\n");
        jsonl.end(&reply, Some(&Error::new(Kind::Reset, "gone"))).unwrap();
        let lines: Vec<Value> =
            std::str::from_utf8(&out).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        assert_eq!(lines[0], serde_json::json!({"type": "text", "text": "half\n"}));
        assert_eq!(
            lines[1],
            serde_json::json!({
                "type": "error", "kind": "reset", "phase": "before_send", "message": "gone",
                "partial": true, "attempts": []
            })
        );
        assert_eq!(lines.len(), 2);
    }
}
