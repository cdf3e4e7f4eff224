//! A stream that breaks at any byte: what was delivered and what follows are the answer, once.
//!
//! The bytes go through the real decoders, the real engine and the real seam; only the socket is missing.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::task::Poll;

use async_trait::async_trait;
use futures_util::{StreamExt, stream};
use mainstay::Provider;
use mainstay::catalog::Wire;
use mainstay::provider::{Call, Delta, DeltaStream, Tape};
use mainstay::resilience::CircuitSettings;

use super::*;

const TEXT: &str = "Salt: 35 g/l — \"measured\".\n\n```rs\nlet a = [1, 2];\n```\n海水咸，因为 rivers\tcarry it. 👩‍👩‍👧 e\u{301} done.";

/// How a recording breaks.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Break {
    Reset,
    CleanEnd,
    Stall,
    /// The byte is damaged; the rest follows.
    Corrupt,
}

/// In which pieces it is read.
#[derive(Debug, Clone, Copy)]
enum Pieces {
    Whole,
    Bytes,
    Random(u64),
}

/// A provider that plays a recording up to a byte.
struct Recording {
    wire: Wire,
    bytes: Vec<u8>,
    case: Mutex<Case>,
}

#[derive(Debug, Clone, Copy)]
struct Case {
    at: usize,
    how: Break,
    pieces: Pieces,
}

impl Case {
    fn pieces(self, mut bytes: Vec<u8>) -> Vec<Vec<u8>> {
        if self.how == Break::Corrupt {
            bytes[self.at] = 0xff;
        } else {
            bytes.truncate(self.at);
        }
        match self.pieces {
            Pieces::Whole => vec![bytes],
            Pieces::Bytes => bytes.into_iter().map(|byte| vec![byte]).collect(),
            Pieces::Random(seed) => {
                let mut state = seed | 1;
                let mut pieces = Vec::new();
                while !bytes.is_empty() {
                    state =
                        state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    let rest = bytes.split_off(bytes.len().min(1 + (state >> 33) as usize % 90));
                    pieces.push(std::mem::replace(&mut bytes, rest));
                }
                pieces
            }
        }
    }
}

impl Recording {
    /// What the decoder makes of it.
    fn deltas(&self, case: Case) -> VecDeque<Result<Delta, Error>> {
        let mut tape = Tape::new(self.wire, &[]);
        let mut out = VecDeque::new();
        let mut result = Ok(());
        for piece in case.pieces(self.bytes.clone()) {
            result = tape.push(&piece, &mut out);
            if result.is_err() {
                break;
            }
        }
        let ended = matches!(case.how, Break::CleanEnd | Break::Corrupt);
        if result.is_ok() && ended {
            result = tape.end(&mut out);
        }
        let mut items: VecDeque<_> = out.into_iter().map(Ok).collect();
        match result {
            Err(error) => items.push_back(Err(error)),
            Ok(()) if case.how == Break::Reset => items.push_back(Err(Error::new(Kind::Reset, "reset"))),
            Ok(()) => {}
        }
        items
    }
}

#[async_trait]
impl Provider for Recording {
    fn id(&self) -> &str {
        "a"
    }

    fn abilities(&self, _model: &str) -> Abilities {
        Abilities::default()
    }

    async fn open(&self, _call: Call) -> Result<DeltaStream, Error> {
        let case = *self.case.lock().unwrap();
        let stalls = case.how == Break::Stall;
        let silence = stream::poll_fn(move |_| if stalls { Poll::Pending } else { Poll::Ready(None) });
        Ok(Box::pin(stream::iter(self.deltas(case)).chain(silence)))
    }
}

fn sse(events: impl IntoIterator<Item = (&'static str, serde_json::Value)>) -> Vec<u8> {
    let event = |(name, data): (&str, serde_json::Value)| match name {
        "" => format!("data: {data}\n\n"),
        name => format!("event: {name}\r\ndata: {data}\r\n\r\n"),
    };
    events.into_iter().map(event).collect::<String>().into_bytes()
}

fn words() -> impl Iterator<Item = &'static str> {
    TEXT.split_inclusive(['\n', '，', '.'])
}

fn openai_chat() -> Vec<u8> {
    let chunk = |delta: serde_json::Value, finish: Option<&str>| {
        (
            "",
            serde_json::json!({"id": "c", "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}),
        )
    };
    let mut events = vec![chunk(serde_json::json!({"role": "assistant", "content": ""}), None)];
    events.extend(words().map(|word| chunk(serde_json::json!({"content": word}), None)));
    events.push(chunk(serde_json::json!({}), Some("stop")));
    let mut bytes = b": keep-alive\n\n".to_vec();
    bytes.extend(sse(events));
    bytes.extend(b"data: [DONE]\n\n");
    bytes
}

fn anthropic() -> Vec<u8> {
    use serde_json::json;
    let mut events = vec![
        (
            "message_start",
            json!({"type": "message_start", "message": {"id": "m", "role": "assistant", "content": [], "usage": {"input_tokens": 9, "output_tokens": 1}}}),
        ),
        (
            "content_block_start",
            json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
        ),
        ("ping", json!({"type": "ping"})),
    ];
    events.extend(words().map(|word| {
        (
            "content_block_delta",
            json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": word}}),
        )
    }));
    events.push(("content_block_stop", json!({"type": "content_block_stop", "index": 0})));
    events.push(("message_delta", json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 40}})));
    events.push(("message_stop", json!({"type": "message_stop"})));
    sse(events)
}

async fn assert_read_once(wire: Wire, bytes: &[u8], prefills: bool, pieces: Pieces) {
    let mut abilities = Abilities::default();
    abilities.prefill = prefills;
    let case = Case { at: 0, how: Break::Reset, pieces };
    let recording = Arc::new(Recording { wire, bytes: bytes.to_vec(), case: Mutex::new(case) });
    let second = Arc::new(Scripted::answering("b", TEXT).abilities(abilities));
    let chain = Chain::new([target("a"), target("b")]);
    let mut circuit = CircuitSettings::default();
    circuit.enabled = false;
    let builder = Client::builder().provider(recording.clone()).provider(second).circuit(circuit);
    let client = builder.chain("main", chain).build().unwrap();
    for how in [Break::Reset, Break::CleanEnd, Break::Stall, Break::Corrupt] {
        for at in 0..bytes.len() {
            let case = Case { at, how, pieces };
            *recording.case.lock().unwrap() = case;
            let seen = run(&client, "Hi").await;
            assert!(
                seen.text() == TEXT && seen.finished(),
                "{wire} {case:?}: {:?} {:?}",
                seen.text(),
                seen.error
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_openai_chat_stream_may_break_at_any_byte() {
    for (prefills, pieces) in
        [(true, Pieces::Whole), (false, Pieces::Bytes), (true, Pieces::Random(7)), (false, Pieces::Random(8))]
    {
        assert_read_once(Wire::OpenAiChat, &openai_chat(), prefills, pieces).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_anthropic_stream_may_break_at_any_byte() {
    for (prefills, pieces) in
        [(true, Pieces::Whole), (false, Pieces::Bytes), (true, Pieces::Random(7)), (false, Pieces::Random(8))]
    {
        assert_read_once(Wire::Anthropic, &anthropic(), prefills, pieces).await;
    }
}
