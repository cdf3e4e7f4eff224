//! What a response does on the wire, step by step, before anything is sent.
//!
//! Every response has one shape: perhaps a head, then pieces of body with waits between them, then one of a
//! few ends. This file gives the plans that need no answer; `plan::stream` and `plan::whole` give those of an
//! answer in events and in one piece.

mod stream;
mod whole;

use std::time::Duration;

use serde_json::json;

use super::ask::Ask;
use super::continuation::{Says, says};
use super::fault::{Fault, error_body};
use super::pieces::{Piece, pieces};
use super::render::{Answer, COMMENT, Render, event, render};
use super::script::Script;
use crate::chat::{FinishReason, Usage};

/// A response, as it is to be performed.
#[derive(Debug)]
pub(super) struct Plan {
    /// Status and headers; `None` sends nothing at all before the end.
    pub(super) head: Option<Head>,
    /// The body. Each piece is an HTTP chunk and a write of its own.
    pub(super) steps: Vec<Step>,
    /// What comes after the body.
    pub(super) end: End,
}

#[derive(Debug)]
pub(super) struct Head {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    /// Whether the body is sent with its length, not in chunks.
    pub(super) sized: bool,
}

/// A piece of body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    /// The wait before it.
    pub(super) wait: Duration,
    pub(super) bytes: Vec<u8>,
}

/// How a response ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// Properly; the connection may be used again.
    Complete,
    /// Properly; the connection is closed.
    Close,
    /// Closed in the middle of a chunk.
    MidChunk,
    /// Reset.
    Reset,
    /// Never: silence until the client leaves.
    Silence,
    /// Never: this again and again until the client leaves.
    Repeat(String, Duration),
}

const HTML: &str = "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head>\n\
                    <body><h1>502 Bad Gateway</h1></body></html>\n";
const EVENTS: &str = "text/event-stream";
const JSON: &str = "application/json";

/// What is done with this request.
pub(super) fn plan(script: &Script, fault: &Fault, ask: &Ask) -> Plan {
    if let Some(plan) = without_answer(fault, ask) {
        return plan;
    }
    let said = says(script, &ask.brought());
    if said == Says::Refused {
        return refusal();
    }
    let answer = answer(script, said);
    let pieces = cut(script, &answer);
    let usage = answer.usage;
    match ask.stream {
        true => stream::Tape::new(script, render(ask, usage), answer, pieces).play(fault),
        false => whole::plan(script, render(ask, usage).as_ref(), &answer, fault),
    }
}

/// A response of one JSON text.
pub(super) fn json_plan(status: u16, body: impl Into<String>) -> Plan {
    fixed(status, JSON, body)
}

/// A plan for a fault that comes before any answer.
fn without_answer(fault: &Fault, ask: &Ask) -> Option<Plan> {
    let open = |end| Plan { head: Some(head(ask)), steps: Vec::new(), end };
    Some(match fault {
        Fault::Status { code, body, headers } => {
            let mut plan = json_plan(*code, body);
            if let Some(head) = &mut plan.head {
                head.headers
                    .retain(|(name, _)| !headers.iter().any(|(own, _)| own.eq_ignore_ascii_case(name)));
                head.headers.extend(headers.iter().cloned());
            }
            plan
        }
        Fault::SilenceBeforeHeaders => Plan { head: None, steps: Vec::new(), end: End::Silence },
        Fault::ResetBeforeHeaders => Plan { head: None, steps: Vec::new(), end: End::Reset },
        Fault::HeadersThenSilence => open(End::Silence),
        Fault::CommentsOnly(every) => open(End::Repeat(filler(ask).to_owned(), *every)),
        Fault::Html200 => fixed(200, "text/html; charset=utf-8", HTML),
        Fault::EmptyBody200 => fixed(200, if ask.stream { EVENTS } else { JSON }, ""),
        Fault::ErrorObject200(json) => json_plan(200, json),
        Fault::BaseResp(code) => base_resp(*code, ask),
        _ => return None,
    })
}

fn base_resp(code: i64, ask: &Ask) -> Plan {
    let body = json!({
        "base_resp": { "status_code": code, "status_msg": format!("failed ({code})") }, "choices": null,
    })
    .to_string();
    match ask.stream {
        true => fixed(200, EVENTS, event(None, &body)),
        false => json_plan(200, body),
    }
}

fn refusal() -> Plan {
    let message = "This model does not support assistant message prefill. \
                   The conversation must end with a user message.";
    json_plan(400, error_body("invalid_request_error", message))
}

fn fixed(status: u16, content_type: &str, body: impl Into<String>) -> Plan {
    let headers = vec![content(content_type)];
    let body = body.into().into_bytes();
    let steps = if body.is_empty() { Vec::new() } else { vec![Step { wait: Duration::ZERO, bytes: body }] };
    Plan { head: Some(Head { status, headers, sized: true }), steps, end: End::Complete }
}

fn head(ask: &Ask) -> Head {
    let headers = vec![content(if ask.stream { EVENTS } else { JSON })];
    Head { status: 200, headers, sized: false }
}

fn content(content_type: &str) -> (String, String) {
    ("content-type".to_owned(), content_type.to_owned())
}

/// What fills a silence without saying anything.
fn filler(ask: &Ask) -> &'static str {
    if ask.stream { COMMENT } else { "\n" }
}

fn answer(script: &Script, said: Says) -> Answer {
    let (reasoning, text) = match said {
        Says::On(text) => (String::new(), text),
        _ => (script.reasoning.clone().unwrap_or_default(), script.text.clone()),
    };
    let finish = match (&script.finish, script.tool_calls.is_empty()) {
        (Some(reason), _) => reason.clone(),
        (None, true) => FinishReason::Stop,
        (None, false) => FinishReason::ToolCalls,
    };
    let mut answer =
        Answer { reasoning, text, tools: script.tool_calls.clone(), finish, usage: Usage::default() };
    answer.usage = script.usage.unwrap_or_else(|| Usage {
        input_tokens: 10,
        output_tokens: cut(script, &answer).len() as u64,
        ..Usage::default()
    });
    answer
}

fn cut(script: &Script, answer: &Answer) -> Vec<Piece> {
    pieces(&answer.reasoning, &answer.text, &answer.tools, script.pieces)
}

/// The same bytes in other pieces: the first of `first` bytes, all further ones of `size`.
fn reshape(steps: Vec<Step>, first: usize, size: usize, every: Duration) -> Vec<Step> {
    let bytes: Vec<u8> = steps.into_iter().flat_map(|step| step.bytes).collect();
    let (head, tail) = bytes.split_at(first.min(bytes.len()));
    std::iter::once(head)
        .chain(tail.chunks(size.max(1)))
        .filter(|bytes| !bytes.is_empty())
        .map(|bytes| Step { wait: every, bytes: bytes.to_vec() })
        .collect()
}
