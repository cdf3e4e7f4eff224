//! `-o json`: one object at the end.

use std::io::{self, Write};

use mainstay::chat::{Event, Reply};
use mainstay::error::Error;
use serde::Serialize;

use super::trouble::Trouble;
use super::{Notices, Output};

/// Prints the whole reply, or `{error, text}`.
pub(super) struct Json<O, E> {
    out: O,
    notices: Notices<E>,
}

impl<O: Write, E: Write> Json<O, E> {
    pub(super) fn new(out: O, notices: Notices<E>) -> Self {
        Self { out, notices }
    }
}

#[derive(Serialize)]
struct Failed<'a> {
    error: Trouble<'a>,
    text: &'a str,
}

impl<O: Write, E: Write> Output for Json<O, E> {
    fn event(&mut self, _event: &Event) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self, reply: &Reply, error: Option<&Error>) -> io::Result<()> {
        let object = match error {
            None => serde_json::to_string(reply)?,
            Some(error) => {
                serde_json::to_string(&Failed { error: Trouble::new(error, reply), text: &reply.text })?
            }
        };
        writeln!(self.out, "{object}")?;
        self.out.flush()?;
        if let Some(error) = error {
            self.notices.error(error, !reply.text.is_empty());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use mainstay::chat::Kind;
    use serde_json::Value;

    use super::*;

    fn printed(reply: &Reply, error: Option<&Error>) -> Value {
        let mut out = Vec::new();
        Json::new(&mut out, Notices::silent()).end(reply, error).unwrap();
        serde_json::from_slice(&out).unwrap()
    }

    #[test]
    fn a_whole_answer_is_the_reply() {
        let reply = Reply::default();
        assert_eq!(printed(&reply, None), serde_json::to_value(&reply).unwrap());
    }

    #[test]
    fn a_broken_answer_has_its_error_and_its_text() {
        let mut reply = Reply::default();
        reply.text.push_str("half");
        let value = printed(&reply, Some(&Error::new(Kind::Reset, "gone")));
        assert_eq!(value["text"], "half");
        assert_eq!(value["error"]["kind"], "reset");
        assert_eq!(value["error"]["partial"], true);
    }
}
