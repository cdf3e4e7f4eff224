//! Chunks in, deltas out.
//!
//! The finish reason proves that the answer is complete. `[DONE]` alone does not: some gateways write it
//! after an upstream that broke.

use std::collections::VecDeque;
use std::ops::Range;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::super::call::Delta;
use super::super::complaint::Complaint;
use super::super::json::{self, Content, First, Text, cut, span};
use super::super::judge::Judge;
use super::super::tape::{Decode, Progress, unreadable};
use super::super::think::Think;
use super::super::tools::{Fragment, ToolCalls};
use super::{error, usage};
use crate::chat::{FinishReason, Kind};
use crate::error::Error;

#[derive(Deserialize)]
struct Chunk<'a> {
    #[serde(borrow, default)]
    choices: First<Choice<'a>>,
    #[serde(borrow, default)]
    usage: Option<&'a RawValue>,
    #[serde(borrow, default)]
    error: Option<&'a RawValue>,
    #[serde(borrow, default)]
    base_resp: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Choice<'a> {
    #[serde(borrow, default)]
    delta: Option<Said<'a>>,
    /// The whole message: the place of an answer in one piece. In a stream it repeats what was said.
    #[serde(borrow, default)]
    message: Option<Box<Said<'a>>>,
    #[serde(borrow, default)]
    finish_reason: Option<Text<'a>>,
    #[serde(borrow, default)]
    usage: Option<&'a RawValue>,
    #[serde(borrow, default)]
    error: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
struct Said<'a> {
    #[serde(borrow, default)]
    content: Content<'a>,
    #[serde(borrow, default)]
    reasoning_content: Content<'a>,
    #[serde(borrow, default)]
    reasoning: Content<'a>,
    #[serde(borrow, default)]
    refusal: Option<Text<'a>>,
    #[serde(borrow, default)]
    tool_calls: Option<Vec<Tool<'a>>>,
}

#[derive(Deserialize)]
struct Tool<'a> {
    #[serde(default)]
    index: Option<u64>,
    #[serde(borrow, default)]
    id: Option<Text<'a>>,
    #[serde(borrow, default)]
    function: Option<Function<'a>>,
}

#[derive(Default, Deserialize)]
struct Function<'a> {
    #[serde(borrow, default)]
    name: Option<Text<'a>>,
    /// A string as a rule, an object at some.
    #[serde(borrow, default)]
    arguments: Option<&'a RawValue>,
}

/// The decoder of one answer.
pub(in crate::provider) struct Decoder {
    judge: Judge,
    side_field: Option<&'static str>,
    think: Think,
    tools: ToolCalls,
    refused: bool,
    progress: Progress,
    noise: u64,
}

impl Decoder {
    pub(in crate::provider) fn new(judge: Judge, side_field: Option<&'static str>) -> Self {
        Self {
            judge,
            side_field,
            think: Think::default(),
            tools: ToolCalls::default(),
            refused: false,
            progress: Progress::Open,
            noise: 0,
        }
    }

    fn marker(&mut self) -> Result<(), Error> {
        if self.progress == Progress::Open {
            return Err(Error::new(Kind::Truncated, "the stream says it is done, but the answer has no end"));
        }
        self.progress = Progress::Done;
        Ok(())
    }

    /// The common case: one piece of text, taken out of the event in place.
    fn lone(&mut self, data: String, lone: Lone, out: &mut VecDeque<Delta>) {
        match lone {
            Lone::Text(span) => self.think.push(cut(data, span), out),
            Lone::Reasoning(span) => {
                self.think.off();
                out.push_back(Delta::Reasoning(cut(data, span)));
            }
        }
    }

    /// Every other case.
    fn chunk(&mut self, chunk: &Chunk<'_>, data: &str, out: &mut VecDeque<Delta>) -> Result<(), Error> {
        if self.progress == Progress::Open {
            self.complaints(chunk, data)?;
        }
        let choice = chunk.choices.0.as_ref();
        if choice.is_none() && chunk.usage.is_none() {
            self.noise += 1;
        }
        let usage = chunk.usage.or(choice.and_then(|choice| choice.usage)).and_then(usage::read);
        if let (Some(choice), Progress::Open) = (choice, self.progress) {
            self.said(choice.delta.as_ref(), out)?;
            out.extend(usage.map(Delta::Usage));
            self.finish(choice, out)
        } else {
            out.extend(usage.map(Delta::Usage));
            Ok(())
        }
    }

    /// Failures that come in the place of an answer, or beside it.
    fn complaints(&self, chunk: &Chunk<'_>, data: &str) -> Result<(), Error> {
        if let Some(error) = chunk.error {
            return Err(self.judge.in_band(&Complaint::of_error(error.get())));
        }
        if let Some(complaint) = chunk.base_resp.and_then(failed) {
            return Err(self.judge.in_band(&complaint));
        }
        if let Some(field) = self.side_field
            && let Ok(value) = serde_json::from_str::<Value>(data)
            && let Some(error) =
                value.get(field).and_then(|side| side.get("error")).filter(|error| !error.is_null())
        {
            return Err(self.judge.in_band(&Complaint::of_error(&error.to_string())));
        }
        Ok(())
    }

    fn said(&mut self, said: Option<&Said<'_>>, out: &mut VecDeque<Delta>) -> Result<(), Error> {
        let Some(said) = said else { return Ok(()) };
        // Some send the same thinking in both fields: the first that holds any counts.
        let from = if is_empty(&said.reasoning_content) { &said.reasoning } else { &said.reasoning_content };
        from.texts(&mut |text, _| self.reason(text, out));
        said.content.texts(&mut |text, thinking| match thinking {
            true => self.reason(text, out),
            false => self.say(text, out),
        });
        if let Some(Text(refusal)) = said.refusal.as_ref().filter(|refusal| !refusal.0.is_empty()) {
            self.refused = true;
            self.say(refusal, out);
        }
        said.tool_calls.iter().flatten().try_for_each(|tool| {
            out.push_back(Delta::ToolProgress);
            self.tool(tool)
        })
    }

    fn say(&mut self, text: &str, out: &mut VecDeque<Delta>) {
        if !text.is_empty() {
            self.think.push(text.to_owned(), out);
        }
    }

    fn reason(&mut self, text: &str, out: &mut VecDeque<Delta>) {
        if !text.is_empty() {
            self.think.off();
            out.push_back(Delta::Reasoning(text.to_owned()));
        }
    }

    fn tool(&mut self, tool: &Tool<'_>) -> Result<(), Error> {
        let text =
            |text: &'_ Option<Text<'_>>| text.as_ref().map(|text| text.0.to_string()).unwrap_or_default();
        let name = tool.function.as_ref().map(|function| text(&function.name)).unwrap_or_default();
        let arguments = tool.function.as_ref().and_then(|function| function.arguments);
        let arguments = arguments.map(|raw| unquoted(raw.get())).transpose()?.unwrap_or_default();
        self.tools.push(&Fragment {
            index: tool.index,
            id: &text(&tool.id),
            name: &name,
            arguments: &arguments,
        })
    }

    fn finish(&mut self, choice: &Choice<'_>, out: &mut VecDeque<Delta>) -> Result<(), Error> {
        let complaint = choice.error.map(|error| Complaint::of_error(error.get()));
        let word = choice.finish_reason.as_ref().map_or("", |word| &*word.0);
        if word.is_empty() {
            return complaint.map_or(Ok(()), |complaint| Err(self.judge.in_band(&complaint)));
        }
        let reason =
            error::finish(word).map_err(|kind| self.judge.broken_off(kind, word, complaint.as_ref()))?;
        let reason = match reason {
            FinishReason::Stop if self.refused => FinishReason::ContentFilter,
            FinishReason::Stop if !self.tools.is_empty() => FinishReason::ToolCalls,
            reason => reason,
        };
        self.think.finish(out);
        self.tools.finish(&reason, out)?;
        out.push_back(Delta::Finish(reason));
        self.progress = Progress::Finished;
        Ok(())
    }
}

impl Decode for Decoder {
    fn event(&mut self, data: String, out: &mut VecDeque<Delta>) -> Result<(), Error> {
        if data.trim() == "[DONE]" {
            return self.marker();
        }
        if !json::looks_like_json(&data) {
            self.noise += 1;
            return Ok(());
        }
        if data.trim_start().starts_with('[') {
            return self.list(&data);
        }
        let chunk: Chunk<'_> = json::event(&data)?;
        match lone(&chunk, &data).filter(|_| self.progress == Progress::Open) {
            Some(found) => self.lone(data, found, out),
            None => self.chunk(&chunk, &data, out)?,
        }
        Ok(())
    }

    fn whole(&mut self, body: &str, out: &mut VecDeque<Delta>) -> Result<(), Error> {
        let complaint = || Complaint::of_body(body.as_bytes());
        if body.starts_with('[') {
            return Err(self.judge.in_body(&complaint()));
        }
        let mut chunk: Chunk<'_> = serde_json::from_str(body).map_err(|error| unreadable(&error))?;
        if chunk.error.is_some() || chunk.base_resp.and_then(failed).is_some() {
            return Err(self.judge.in_body(&complaint()));
        }
        let Some(choice) = &mut chunk.choices.0 else { return Err(self.judge.in_body(&complaint())) };
        choice.delta = choice.message.take().map(|message| *message).or(choice.delta.take());
        self.chunk(&chunk, body, out)?;
        match self.progress {
            Progress::Open => Err(Error::new(Kind::Truncated, "the answer has no end")),
            _ => {
                self.progress = Progress::Done;
                Ok(())
            }
        }
    }

    fn progress(&self) -> Progress {
        self.progress
    }

    fn noise(&self) -> u64 {
        self.noise
    }

    fn judge(&self) -> &Judge {
        &self.judge
    }
}

impl Decoder {
    /// A list is the shape of an error at some, and of an answer at none.
    fn list(&self, data: &str) -> Result<(), Error> {
        let value: Value = json::event(data)?;
        match value.get(0).is_some_and(|first| first.get("error").is_some()) {
            true => Err(self.judge.in_band(&Complaint::of_value(&value))),
            false => Err(Error::new(Kind::BadStream, "an event of the stream is a list")),
        }
    }
}

enum Lone {
    Text(Range<usize>),
    Reasoning(Range<usize>),
}

/// The one piece of text that is all this chunk says, if that is so and it had no escapes.
fn lone(chunk: &Chunk<'_>, data: &str) -> Option<Lone> {
    let choice = chunk.choices.0.as_ref()?;
    let said = choice.delta.as_ref()?;
    let more = chunk.usage.or(chunk.error).or(chunk.base_resp).or(choice.usage).or(choice.error).is_some();
    let ends = choice.finish_reason.as_ref().is_some_and(|word| !word.0.is_empty());
    if more || ends || said.tool_calls.is_some() || said.refusal.is_some() || !is_empty(&said.reasoning) {
        return None;
    }
    match (&said.content, &said.reasoning_content) {
        (Content::Text(text), rest) if !text.is_empty() && is_empty(rest) => span(data, text).map(Lone::Text),
        (rest, Content::Text(text)) if !text.is_empty() && is_empty(rest) => {
            span(data, text).map(Lone::Reasoning)
        }
        _ => None,
    }
}

fn is_empty(content: &Content<'_>) -> bool {
    match content {
        Content::None => true,
        Content::Text(text) => text.is_empty(),
        Content::Parts(parts) => parts.is_empty(),
    }
}

/// What `base_resp` says, if it is a failure.
fn failed(base: &RawValue) -> Option<Complaint> {
    let value: Value = json::lenient(base)?;
    let code = value.get("status_code")?;
    let fine = code.as_i64() == Some(0) || code.is_null();
    (!fine).then(|| Complaint::of_error(base.get()))
}

fn unquoted(raw: &str) -> Result<String, Error> {
    if raw.starts_with('"') { json::event(raw) } else { Ok(raw.to_owned()) }
}
