//! An answer as one JSON text, and what each fault makes of it.

use std::time::Duration;

use super::{Answer, End, HTML, Head, JSON, Plan, Render, Step, content, json_plan, reshape};
use crate::testing::fault::Fault;
use crate::testing::script::Script;

/// The plan for this fault.
pub(super) fn plan(script: &Script, render: &dyn Render, answer: &Answer, fault: &Fault) -> Plan {
    let word = render.word(&answer.finish);
    let body = render.whole(answer, Some(&word));
    let until = |after: usize| &body[..position(&body, &answer.text, after)];
    let mut plan = match fault {
        Fault::FinishWithoutContent => json_plan(200, render.whole(&shortened(answer, 0), Some(&word))),
        Fault::ResetAfter(after) => ending(until(*after), End::Reset),
        Fault::ResetAtByte(bytes) => ending(&body.as_bytes()[..(*bytes).min(body.len())], End::Reset),
        Fault::CutMidChunk(after) => ending(until(*after), End::MidChunk),
        Fault::CloseCleanly(after) => ending(until(*after), End::Close),
        Fault::DoneWithoutFinish(after) => json_plan(200, render.whole(&shortened(answer, *after), None)),
        Fault::Stall(after) => ending(until(*after), End::Silence),
        Fault::StallWithComments(after, every) | Fault::EmptyDeltas(after, every) => {
            ending(until(*after), End::Repeat("\n".to_owned(), *every))
        }
        Fault::InBandError(_, json) => json_plan(200, json),
        Fault::FinishReason(after, word) => {
            json_plan(200, render.whole(&shortened(answer, *after), Some(word)))
        }
        Fault::CorruptEvent(after) => json_plan(200, format!("{}\"}}]{{\"", until(*after))),
        Fault::TurnsToHtml(after) => json_plan(200, format!("{}{HTML}", until(*after))),
        Fault::NeverDone => ending(&body, End::Silence),
        Fault::Drip(bytes, every) => in_pieces(body, *bytes, *bytes, *every),
        Fault::SplitAt(byte) => in_pieces(body, *byte, usize::MAX, Duration::ZERO),
        Fault::OneByteWrites => in_pieces(body, 1, 1, Duration::ZERO),
        _ => json_plan(200, body),
    };
    if let Some(first) = plan.steps.first_mut() {
        first.wait += script.delay;
    }
    plan
}

fn ending(body: impl AsRef<[u8]>, end: End) -> Plan {
    let step = Step { wait: Duration::ZERO, bytes: body.as_ref().to_vec() };
    Plan { head: Some(chunked()), steps: vec![step], end }
}

fn in_pieces(body: String, first: usize, size: usize, every: Duration) -> Plan {
    let whole = Step { wait: Duration::ZERO, bytes: body.into_bytes() };
    let steps = reshape(vec![whole], first, size, every);
    Plan { head: Some(chunked()), steps, end: End::Complete }
}

fn chunked() -> Head {
    Head { status: 200, headers: vec![content(JSON)], sized: false }
}

/// The answer as if the model had stopped after this many characters.
fn shortened(answer: &Answer, after: usize) -> Answer {
    let text = answer.text.chars().take(after).collect();
    let whole = after > answer.text.chars().count();
    let tools = if whole { answer.tools.clone() } else { Vec::new() };
    let reasoning = if after == 0 { String::new() } else { answer.reasoning.clone() };
    Answer { text, tools, reasoning, ..answer.clone() }
}

/// Where in the body the text has come this many characters far.
fn position(body: &str, text: &str, after: usize) -> usize {
    let start: String = text.chars().take(after).collect();
    let holders = [r#""content":""#, r#""text":""#];
    let begins =
        |holder: &str| body.find(&format!("{holder}{}\"", escaped(text))).map(|at| at + holder.len());
    holders.into_iter().find_map(begins).unwrap_or(0) + escaped(&start).len()
}

fn escaped(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}
