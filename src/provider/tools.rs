//! Tool calls put together from their fragments.
//!
//! A call is handed out whole or not at all. It decides what belongs to which call; when they are handed out
//! is left to the wires.

use std::collections::VecDeque;

use serde::de::IgnoredAny;

use super::call::Delta;
use super::sse::CAP;
use crate::chat::{FinishReason, Kind, ToolCall};
use crate::error::Error;

const MOST_CALLS: usize = 512;

/// A piece of a tool call.
#[derive(Debug, Default)]
pub(super) struct Fragment<'a> {
    /// Which call of the answer, where the provider counts them.
    pub index: Option<u64>,
    /// Its name; empty means nothing.
    pub id: &'a str,
    /// The tool; empty means nothing.
    pub name: &'a str,
    /// A piece of the arguments.
    pub arguments: &'a str,
}

/// The tool calls of one answer.
#[derive(Debug, Default)]
pub(super) struct ToolCalls {
    calls: Vec<(Option<u64>, ToolCall)>,
    size: usize,
}

impl ToolCalls {
    pub(super) fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// Whether a call of this number was begun.
    pub(super) fn has(&self, index: Option<u64>) -> bool {
        self.calls.iter().any(|(at, _)| *at == index)
    }

    /// Takes a fragment in.
    pub(super) fn push(&mut self, fragment: &Fragment<'_>) -> Result<(), Error> {
        self.size += fragment.arguments.len() + fragment.name.len() + fragment.id.len();
        if self.size > CAP || self.calls.len() > MOST_CALLS {
            return Err(Error::new(Kind::BadStream, "the tool calls of the answer are too large"));
        }
        let call = self.call(fragment);
        if call.id.is_empty() {
            call.id.push_str(fragment.id);
        }
        if call.name.is_empty() {
            call.name.push_str(fragment.name);
        }
        call.arguments.push_str(fragment.arguments);
        Ok(())
    }

    /// The call that this fragment goes on with, or a new one. Without a number, a fragment that has a name
    /// of its own begins a call; some servers also give every call the same number.
    fn call(&mut self, fragment: &Fragment<'_>) -> &mut ToolCall {
        let known = match fragment.index {
            Some(index) => self.calls.iter().rposition(|(at, _)| *at == Some(index)),
            None => self.calls.len().checked_sub(1),
        };
        let known = known.filter(|at| !begins_another(&self.calls[*at].1, fragment));
        let at = known.unwrap_or_else(|| {
            let call = ToolCall { id: String::new(), name: String::new(), arguments: String::new() };
            self.calls.push((fragment.index, call));
            self.calls.len() - 1
        });
        &mut self.calls[at].1
    }

    /// Hands out all calls. Arguments that are not valid JSON fail the answer, unless its end explains them:
    /// a call that was cut off by a limit or by a policy is dropped.
    pub(super) fn finish(&mut self, reason: &FinishReason, out: &mut VecDeque<Delta>) -> Result<(), Error> {
        let cut = matches!(reason, FinishReason::Length | FinishReason::ContentFilter);
        for (at, (_, mut call)) in std::mem::take(&mut self.calls).into_iter().enumerate() {
            if call.arguments.trim().is_empty() && !cut {
                call.arguments = "{}".to_owned();
            }
            let whole = !call.name.is_empty() && serde_json::from_str::<IgnoredAny>(&call.arguments).is_ok();
            if whole {
                if call.id.is_empty() {
                    call.id = format!("call_{at}");
                }
                out.push_back(Delta::ToolCall(call));
            } else if !cut {
                return Err(Error::new(Kind::BadStream, "a tool call of the answer is incomplete"));
            }
        }
        Ok(())
    }
}

fn begins_another(known: &ToolCall, fragment: &Fragment<'_>) -> bool {
    !fragment.id.is_empty()
        && !known.id.is_empty()
        && fragment.id != known.id
        && (!fragment.name.is_empty() || fragment.index.is_none())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn fragment<'a>(index: Option<u64>, id: &'a str, name: &'a str, arguments: &'a str) -> Fragment<'a> {
        Fragment { index, id, name, arguments }
    }

    fn calls(
        fragments: &[Fragment<'_>],
        reason: FinishReason,
    ) -> Result<Vec<(String, String, String)>, Kind> {
        let (mut tools, mut out) = (ToolCalls::default(), VecDeque::new());
        fragments.iter().for_each(|fragment| tools.push(fragment).unwrap());
        tools.finish(&reason, &mut out).map_err(|error| error.kind())?;
        let call = |delta| match delta {
            Delta::ToolCall(call) => (call.id, call.name, call.arguments),
            other => unreachable!("{other:?}"),
        };
        Ok(out.into_iter().map(call).collect())
    }

    fn one(id: &str, name: &str, arguments: &str) -> (String, String, String) {
        (id.to_owned(), name.to_owned(), arguments.to_owned())
    }

    #[test]
    fn an_empty_id_or_name_overwrites_nothing() {
        let fragments = [
            fragment(Some(3), "a", "f", ""),
            fragment(Some(3), "", "", "{\"x\""),
            fragment(Some(7), "b", "g", ""),
            fragment(Some(3), "", "", ":1}"),
        ];
        let expected = vec![one("a", "f", "{\"x\":1}"), one("b", "g", "{}")];
        assert_eq!(calls(&fragments, FinishReason::ToolCalls), Ok(expected));
    }

    #[test]
    fn calls_without_or_with_the_same_number_are_told_apart_by_their_id() {
        for index in [None, Some(0)] {
            let fragments = [
                fragment(index, "a", "f", "{"),
                fragment(index, "", "", "}"),
                fragment(index, "b", "f", "{}"),
            ];
            assert_eq!(
                calls(&fragments, FinishReason::ToolCalls),
                Ok(vec![one("a", "f", "{}"), one("b", "f", "{}")])
            );
        }
    }

    #[test]
    fn a_missing_id_is_made_up() {
        assert_eq!(
            calls(&[fragment(Some(0), "", "f", "{}")], FinishReason::Stop),
            Ok(vec![one("call_0", "f", "{}")])
        );
    }

    #[test]
    fn a_half_call_is_dropped_at_a_limit_and_fails_otherwise() {
        let half = [fragment(Some(0), "a", "f", "{\"x")];
        assert_eq!(calls(&half, FinishReason::Length), Ok(vec![]));
        assert_eq!(calls(&half, FinishReason::ToolCalls), Err(Kind::BadStream));
    }
}
