#![allow(clippy::unwrap_used)]
use super::*;
use crate::catalog::{Prefill, Quirks};
use crate::chat::{Request, Schema};

fn encoded(call: &Call) -> Value {
    let setup =
        Setup { id: "a".into(), quirks: Quirks::NONE, extra_body: Map::new(), prefill: Prefill::Trailing };
    Value::Object(body(&setup, call, &Abilities::default()))
}

fn reasoning(origin: &str) -> Part {
    Part::Reasoning(Reasoning {
        text: "hm".into(),
        signature: Some("sig".into()),
        origin: Some(origin.into()),
    })
}

#[test]
fn a_conversation_is_turned_into_alternating_turns() {
    let call = ToolCall { id: "c1".into(), name: "f".into(), arguments: "{\"x\":1}".into() };
    let request = Request::new([
        Message::system("s"),
        Message::user("hi"),
        Message {
            role: Role::Assistant,
            content: vec![reasoning("a"), reasoning("b"), Part::ToolCall(call)],
        },
        Message::tool("c1", "42"),
        Message::user("so?"),
    ]);
    let body = encoded(&Call::new("m", request));
    assert_eq!(body["system"], "s");
    let expected = json!([
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": [
            {"type": "thinking", "thinking": "hm", "signature": "sig"},
            {"type": "tool_use", "id": "c1", "name": "f", "input": {"x": 1}},
        ]},
        {"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "c1", "content": "42"},
            {"type": "text", "text": "so?"},
        ]},
    ]);
    assert_eq!(body["messages"], expected);
}

#[test]
fn the_options_are_in_this_wires_words() {
    let mut request = Request::user("hi").schema(Schema::new("n", json!({"type": "object"}))).stop("x");
    request.reasoning = Some(Effort::High);
    request.parallel_tool_calls = Some(false);
    request.user = Some("u".into());
    let tool = Tool { name: "f".into(), description: String::new(), parameters: json!({}) };
    let body = encoded(&Call::new("m", request.tool(tool).tool_choice(ToolChoice::Required)));
    let format = json!({"type": "json_schema", "schema": {"type": "object"}});
    for (field, value) in [
        ("max_tokens", json!(4096)),
        ("tool_choice", json!({"type": "any", "disable_parallel_tool_use": true})),
        ("output_config", json!({"effort": "high", "format": format})),
        ("thinking", json!({"type": "adaptive"})),
        ("stop_sequences", json!(["x"])),
        ("metadata", json!({"user_id": "u"})),
        ("tools", json!([{"name": "f", "input_schema": {}}])),
    ] {
        assert_eq!(body[field], value, "{field}");
    }
}

#[test]
fn a_prefilled_answer_is_not_asked_to_think() {
    let tail = Tail::Prefill { text: "Once".into() };
    let call = Call { tail, ..Call::new("m", Request::user("hi").reasoning(Effort::High)) };
    let body = encoded(&call);
    assert_eq!(body["messages"][1], json!({"role": "assistant", "content": "Once"}));
    assert_eq!(body["thinking"], json!({"type": "disabled"}));
}
