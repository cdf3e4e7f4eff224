#![allow(clippy::unwrap_used)]
use super::*;
use crate::catalog::Quirks;
use crate::chat::{Reasoning, Request};

fn setup(quirks: Quirks) -> Setup {
    Setup { id: "a".into(), quirks, extra_body: Map::new(), prefill: Prefill::Trailing }
}

fn encoded(quirks: Quirks, request: Request) -> Value {
    Value::Object(body(&setup(quirks), &Call::new("m", request), &Abilities::default()))
}

#[test]
fn what_is_left_out_is_not_sent() {
    let expected = json!({
        "model": "m", "messages": [{"role": "user", "content": "hi"}],
        "stream": true, "stream_options": {"include_usage": true},
    });
    assert_eq!(encoded(Quirks::NONE, Request::user("hi")), expected);
}

#[test]
fn everything_else_is_sent() {
    let mut request = Request::user("hi").temperature(0.5).max_tokens(9).stop("x").reasoning(Effort::High);
    request.top_p = Some(0.25);
    request.seed = Some(-3);
    request.user = Some("u".into());
    request.parallel_tool_calls = Some(false);
    let tool = Tool { name: "f".into(), description: "d".into(), parameters: json!({"type": "object"}) };
    let body = encoded(Quirks::NONE, request.tool(tool).tool_choice(ToolChoice::Tool("f".into())));
    let function = json!({"name": "f", "description": "d", "parameters": {"type": "object"}});
    for (field, value) in [
        ("temperature", json!(0.5)),
        ("top_p", json!(0.25)),
        ("seed", json!(-3)),
        ("user", json!("u")),
        ("max_tokens", json!(9)),
        ("stop", json!(["x"])),
        ("reasoning_effort", json!("high")),
        ("parallel_tool_calls", json!(false)),
        ("tools", json!([{"type": "function", "function": function}])),
        ("tool_choice", json!({"type": "function", "function": {"name": "f"}})),
    ] {
        assert_eq!(body[field], value, "{field}");
    }
}

fn history() -> Request {
    let image = Image::Data { media_type: "image/png".into(), data: "QUJD".into() };
    let call = ToolCall { id: "c1".into(), name: "f".into(), arguments: "{}".into() };
    let thought = Reasoning { text: "hm".into(), signature: None, origin: None };
    Request::new([
        Message::system("s"),
        Message { role: Role::User, content: vec![Part::text("see"), Part::Image(image)] },
        Message { role: Role::Assistant, content: vec![Part::ToolCall(call)] },
        Message::tool("c1", "42"),
        Message { role: Role::Assistant, content: vec![Part::Reasoning(thought), Part::text("so")] },
        Message::user("go"),
    ])
}

#[test]
fn a_conversation_keeps_its_tools_images_and_thinking() {
    let body = encoded(Quirks { sends_reasoning: true, ..Quirks::NONE }, history());
    let call = json!([{"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]);
    let image = json!({"type": "image_url", "image_url": {"url": "data:image/png;base64,QUJD"}});
    let expected = json!([
        {"role": "system", "content": "s"},
        {"role": "user", "content": [{"type": "text", "text": "see"}, image]},
        {"role": "assistant", "content": "", "reasoning_content": "", "tool_calls": call},
        {"role": "tool", "tool_call_id": "c1", "content": "42"},
        {"role": "assistant", "content": "so", "reasoning_content": "hm"},
        {"role": "user", "content": "go"},
    ]);
    assert_eq!(body["messages"], expected);
    let without = encoded(Quirks::NONE, history());
    assert!(!without.to_string().contains("reasoning_content"));
}

#[test]
fn a_schema_is_demanded_or_put_into_words_but_never_into_the_system_role() {
    let schema =
        Schema::new("my answer", json!({"type": "object", "properties": {}, "additionalProperties": false}));
    let request = Request::user("hi").system("s").schema(schema);
    let format = &encoded(Quirks::NONE, request.clone())["response_format"];
    assert_eq!(
        (&format["json_schema"]["name"], &format["json_schema"]["strict"]),
        (&json!("my_answer"), &json!(true))
    );
    let able = Abilities { json_schema: false, ..Abilities::default() };
    let body = body(&setup(Quirks::NONE), &Call::new("m", request), &able);
    assert_eq!(body["response_format"], json!({"type": "json_object"}));
    assert_eq!(body["messages"][0]["content"], "s");
    assert!(body["messages"][1]["content"].as_str().unwrap().contains("additionalProperties"));
}

#[test]
fn an_instructed_continuation_quotes_the_text_and_asks() {
    let tail = Tail::Instruct { text: "Once".into(), ask: "go on".into() };
    let call = Call { tail, ..Call::new("m", Request::user("hi")) };
    let body = body(&setup(Quirks::NONE), &call, &Abilities::default());
    assert_eq!(body["messages"][1], json!({"role": "assistant", "content": "Once"}));
    assert_eq!(body["messages"][2], json!({"role": "user", "content": "go on"}));
}
