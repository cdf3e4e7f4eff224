//! Events in, deltas out.
//!
//! `message_stop` after a stop reason proves that the answer is complete; nothing else does.

use std::collections::VecDeque;
use std::ops::Range;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::super::call::Delta;
use super::super::complaint::Complaint;
use super::super::json::{self, Count, Text, cut, lenient, span};
use super::super::judge::Judge;
use super::super::tape::{Decode, Progress, unreadable};
use super::super::tools::{Fragment, ToolCalls};
use super::error;
use crate::chat::{FinishReason, Kind, Usage};
use crate::error::Error;

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(rename = "type", borrow, default)]
    kind: Option<Text<'a>>,
    #[serde(default)]
    index: Option<u64>,
    #[serde(borrow, default)]
    delta: Option<Piece<'a>>,
    #[serde(borrow, default)]
    content_block: Option<Block<'a>>,
    #[serde(borrow, default)]
    message: Option<&'a RawValue>,
    #[serde(borrow, default)]
    usage: Option<&'a RawValue>,
    #[serde(borrow, default)]
    error: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Piece<'a> {
    #[serde(borrow, default)]
    text: Option<Text<'a>>,
    #[serde(borrow, default)]
    thinking: Option<Text<'a>>,
    #[serde(borrow, default)]
    partial_json: Option<Text<'a>>,
    #[serde(borrow, default)]
    stop_reason: Option<Text<'a>>,
}

/// A block at its start, or as a whole.
#[derive(Deserialize)]
struct Block<'a> {
    #[serde(rename = "type", borrow, default)]
    kind: Option<Text<'a>>,
    #[serde(borrow, default)]
    text: Option<Text<'a>>,
    #[serde(borrow, default)]
    thinking: Option<Text<'a>>,
    #[serde(borrow, default)]
    id: Option<Text<'a>>,
    #[serde(borrow, default)]
    name: Option<Text<'a>>,
    #[serde(borrow, default)]
    input: Option<&'a RawValue>,
}

/// An answer in one piece.
#[derive(Deserialize)]
struct Whole<'a> {
    #[serde(borrow, default)]
    content: Option<Vec<Block<'a>>>,
    #[serde(borrow, default)]
    stop_reason: Option<Text<'a>>,
    #[serde(borrow, default)]
    usage: Option<&'a RawValue>,
    #[serde(borrow, default)]
    error: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawUsage {
    input_tokens: Count,
    cache_creation_input_tokens: Count,
    cache_read_input_tokens: Count,
    output_tokens: Count,
    output_tokens_details: Option<Details>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Details {
    thinking_tokens: Count,
}

/// The decoder of one answer.
pub(in crate::provider) struct Decoder {
    judge: Judge,
    tools: ToolCalls,
    counts: RawUsage,
    stop_reason: Option<FinishReason>,
    progress: Progress,
    noise: u64,
}

impl Decoder {
    pub(in crate::provider) fn new(judge: Judge) -> Self {
        Self {
            judge,
            tools: ToolCalls::default(),
            counts: RawUsage::default(),
            stop_reason: None,
            progress: Progress::Open,
            noise: 0,
        }
    }

    fn take(&mut self, event: &Event<'_>, out: &mut VecDeque<Delta>) -> Result<(), Error> {
        if let Some(error) = event.error {
            return Err(self.judge.in_band(&Complaint::of_error(error.get())));
        }
        match event.kind.as_ref().map_or("", |kind| &*kind.0) {
            "error" => return Err(self.judge.in_band(&Complaint::default())),
            "message_start" => {
                let message = event.message.and_then(lenient::<Value>);
                let usage =
                    message.and_then(|message| serde_json::from_value(message.get("usage")?.clone()).ok());
                self.count(usage, out);
            }
            "content_block_start" => {
                event.content_block.iter().try_for_each(|block| self.block(event.index, block, out))?
            }
            "content_block_delta" => {
                event.delta.iter().try_for_each(|piece| self.piece(event.index, piece, out))?
            }
            "message_delta" => {
                let word = event.delta.as_ref().and_then(|piece| piece.stop_reason.as_ref());
                self.stop_reason = word.map(|word| error::finish(&word.0)).or(self.stop_reason.take());
                self.count(event.usage.and_then(lenient), out);
            }
            "message_stop" => return self.stop(out),
            "content_block_stop" | "ping" => {}
            _ => self.noise += 1,
        }
        Ok(())
    }

    fn block(
        &mut self,
        index: Option<u64>,
        block: &Block<'_>,
        out: &mut VecDeque<Delta>,
    ) -> Result<(), Error> {
        say(Delta::Reasoning, block.thinking.as_ref(), out);
        match block.kind.as_ref().map_or("", |kind| &*kind.0) {
            "text" => say(Delta::Text, block.text.as_ref(), out),
            "tool_use" => {
                out.push_back(Delta::ToolProgress);
                let input = block.input.map(RawValue::get).filter(|input| !is_blank(input));
                self.tools.push(&Fragment {
                    index,
                    id: block.id.as_ref().map_or("", |id| &*id.0),
                    name: block.name.as_ref().map_or("", |name| &*name.0),
                    arguments: input.unwrap_or(""),
                })?;
            }
            _ => {}
        }
        Ok(())
    }

    fn piece(
        &mut self,
        index: Option<u64>,
        piece: &Piece<'_>,
        out: &mut VecDeque<Delta>,
    ) -> Result<(), Error> {
        say(Delta::Reasoning, piece.thinking.as_ref(), out);
        say(Delta::Text, piece.text.as_ref(), out);
        let Some(Text(json)) = &piece.partial_json else { return Ok(()) };
        // Tools that run at the provider send their arguments too; they were not begun as ours.
        if self.tools.has(index) {
            out.push_back(Delta::ToolProgress);
            self.tools.push(&Fragment { index, arguments: json, ..Fragment::default() })?;
        }
        Ok(())
    }

    /// The numbers are sums so far, and not all of them come every time.
    fn count(&mut self, usage: Option<RawUsage>, out: &mut VecDeque<Delta>) {
        let Some(usage) = usage else { return };
        let counts = &mut self.counts;
        let update = |old: &mut Count, new: Count| old.0 = new.0.or(old.0);
        update(&mut counts.input_tokens, usage.input_tokens);
        update(&mut counts.cache_creation_input_tokens, usage.cache_creation_input_tokens);
        update(&mut counts.cache_read_input_tokens, usage.cache_read_input_tokens);
        update(&mut counts.output_tokens, usage.output_tokens);
        counts.output_tokens_details = usage.output_tokens_details.or(counts.output_tokens_details.take());
        out.push_back(Delta::Usage(sum(counts)));
    }

    fn stop(&mut self, out: &mut VecDeque<Delta>) -> Result<(), Error> {
        let Some(reason) = self.stop_reason.take() else {
            return Err(Error::new(Kind::Truncated, "the stream stopped without a reason"));
        };
        self.tools.finish(&reason, out)?;
        out.push_back(Delta::Finish(reason));
        self.progress = Progress::Done;
        Ok(())
    }
}

impl Decode for Decoder {
    fn event(&mut self, data: String, out: &mut VecDeque<Delta>) -> Result<(), Error> {
        if !json::looks_like_json(&data) {
            self.noise += 1;
            return Ok(());
        }
        let event: Event<'_> = json::event(&data)?;
        match lone(&event, &data) {
            Some((delta, span)) => out.push_back(delta(cut(data, span))),
            None => self.take(&event, out)?,
        }
        Ok(())
    }

    fn whole(&mut self, body: &str, out: &mut VecDeque<Delta>) -> Result<(), Error> {
        let complaint = || Complaint::of_body(body.as_bytes());
        if body.starts_with('[') {
            return Err(self.judge.in_body(&complaint()));
        }
        let whole: Whole<'_> = serde_json::from_str(body).map_err(|error| unreadable(&error))?;
        let (None, Some(blocks)) = (whole.error, &whole.content) else {
            return Err(self.judge.in_body(&complaint()));
        };
        for (at, block) in blocks.iter().enumerate() {
            self.block(Some(at as u64), block, out)?;
        }
        self.count(whole.usage.and_then(lenient), out);
        self.stop_reason = whole.stop_reason.map(|word| error::finish(&word.0));
        self.stop(out)
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

/// What a piece of text is, and where in the event it stands.
type Lone = (fn(String) -> Delta, Range<usize>);

/// The one piece of text that is all this event says, if that is so and it had no escapes.
fn lone(event: &Event<'_>, data: &str) -> Option<Lone> {
    let piece = event.delta.as_ref().filter(|_| event.error.is_none())?;
    if event.kind.as_ref()?.0 != "content_block_delta" || piece.partial_json.is_some() {
        return None;
    }
    match (&piece.text, &piece.thinking) {
        (Some(text), None) if !text.0.is_empty() => Some((Delta::Text, span(data, &text.0)?)),
        (None, Some(text)) if !text.0.is_empty() => Some((Delta::Reasoning, span(data, &text.0)?)),
        _ => None,
    }
}

fn say(delta: fn(String) -> Delta, text: Option<&Text<'_>>, out: &mut VecDeque<Delta>) {
    if let Some(Text(text)) = text.filter(|text| !text.0.is_empty()) {
        out.push_back(delta(text.to_string()));
    }
}

fn is_blank(input: &str) -> bool {
    input.chars().all(|c| c.is_whitespace() || matches!(c, '{' | '}')) || input == "null"
}

/// The three numbers of the input exclude each other here; the output includes the thinking.
fn sum(counts: &RawUsage) -> Usage {
    let get = |count: Count| count.0.unwrap_or(0);
    let fresh = get(counts.input_tokens).saturating_add(get(counts.cache_creation_input_tokens));
    Usage {
        input_tokens: fresh.saturating_add(get(counts.cache_read_input_tokens)),
        output_tokens: get(counts.output_tokens),
        cached_tokens: counts.cache_read_input_tokens.0,
        reasoning_tokens: counts.output_tokens_details.as_ref().and_then(|details| details.thinking_tokens.0),
        estimated: false,
    }
}
