//! A call as a request body.
//!
//! This wire demands a limit on the output: it is what the caller set, or else all that the model can, or
//! else [`SOME_TOKENS`]. It has no seed. Thinking is sent back only with its seal, and only to who sealed it.

use serde_json::{Map, Value, json};

use super::super::call::{Abilities, Call, Tail};
use super::super::setup::Setup;
use crate::chat::{Effort, Image, Message, Part, Reasoning, Role, Tool, ToolCall, ToolChoice, ToolResult};

/// The limit of an output that nothing is known about.
const SOME_TOKENS: u64 = 4096;

/// The body of a call.
pub(in crate::provider) fn body(setup: &Setup, call: &Call, able: &Abilities) -> Map<String, Value> {
    let request = &call.request;
    let limit = call.max_tokens.map(u64::from).or(able.max_output).unwrap_or(SOME_TOKENS);
    let mut body = setup.fixed();
    let mut set = |field: &str, value: Option<Value>| {
        if let Some(value) = value {
            body.insert(field.to_owned(), value);
        }
    };
    set("model", Some(json!(&*call.model)));
    set("max_tokens", Some(json!(limit)));
    set("system", system(call));
    set("messages", Some(Value::Array(messages(setup, call))));
    set("stream", call.stream.then_some(Value::Bool(true)));
    set("temperature", request.temperature.map(Value::from));
    set("top_p", request.top_p.map(Value::from));
    set("stop_sequences", (!request.stop.is_empty()).then(|| json!(request.stop)));
    set("metadata", request.user.as_ref().map(|user| json!({"user_id": user})));
    set("tools", (!request.tools.is_empty()).then(|| request.tools.iter().map(tool).collect()));
    set("tool_choice", tool_choice(call));
    set("thinking", thinking(call));
    set("output_config", output_config(call));
    setup.add_extra(&mut body);
    if matches!(call.tail, Tail::Prefill { .. }) {
        setup.add(setup.quirks.prefill_body, &mut body);
    }
    body
}

fn system(call: &Call) -> Option<Value> {
    let texts =
        call.request.messages.iter().filter(|message| message.role == Role::System).map(Message::text);
    let texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
    (!texts.is_empty()).then(|| json!(texts.join("\n\n")))
}

fn tool(tool: &Tool) -> Value {
    let mut value = json!({"name": tool.name, "input_schema": tool.parameters});
    if !tool.description.is_empty() {
        value["description"] = json!(tool.description);
    }
    value
}

fn tool_choice(call: &Call) -> Option<Value> {
    let request = &call.request;
    let one_at_a_time = request.parallel_tool_calls == Some(false) && !request.tools.is_empty();
    let mut choice = match &request.tool_choice {
        None if one_at_a_time => json!({"type": "auto"}),
        None => return None,
        Some(ToolChoice::Auto) => json!({"type": "auto"}),
        Some(ToolChoice::None) => return Some(json!({"type": "none"})),
        Some(ToolChoice::Required) => json!({"type": "any"}),
        Some(ToolChoice::Tool(name)) => json!({"type": "tool", "name": name}),
    };
    if one_at_a_time {
        choice["disable_parallel_tool_use"] = json!(true);
    }
    Some(choice)
}

/// A prefilled answer cannot begin with thinking, so none is asked for.
fn thinking(call: &Call) -> Option<Value> {
    let effort = call.request.reasoning?;
    let none = effort == Effort::Off || matches!(call.tail, Tail::Prefill { .. });
    Some(json!({"type": if none { "disabled" } else { "adaptive" }}))
}

fn output_config(call: &Call) -> Option<Value> {
    let mut config = Map::new();
    let effort = match call.request.reasoning {
        None | Some(Effort::Off) => None,
        Some(Effort::Low) => Some("low"),
        Some(Effort::Medium) => Some("medium"),
        Some(Effort::High) => Some("high"),
        Some(Effort::Max) => Some("max"),
    };
    if let Some(effort) = effort {
        config.insert("effort".into(), json!(effort));
    }
    if let Some(schema) = &call.request.schema {
        config.insert("format".into(), json!({"type": "json_schema", "schema": schema.schema}));
    }
    (!config.is_empty()).then_some(Value::Object(config))
}

/// The turns, those of one side in a row merged into one.
fn messages(setup: &Setup, call: &Call) -> Vec<Value> {
    let mut turns: Vec<(&str, Vec<Value>)> = Vec::new();
    let mut push = |side: &'static str, blocks: Vec<Value>| match turns.last_mut() {
        _ if blocks.is_empty() => {}
        Some((last, list)) if *last == side => list.extend(blocks),
        _ => turns.push((side, blocks)),
    };
    let tail = call.tail_messages();
    for message in call.request.messages.iter().chain(&tail) {
        match message.role {
            Role::System => {}
            Role::User | Role::Tool => push("user", of_user(message)),
            Role::Assistant => push("assistant", of_assistant(setup, message)),
        }
    }
    if let Tail::Prefill { text } = &call.tail {
        push("assistant", vec![json!({"type": "text", "text": &**text})]);
    }
    turns.into_iter().map(|(role, content)| json!({"role": role, "content": plain(content)})).collect()
}

/// One text needs no list.
fn plain(blocks: Vec<Value>) -> Value {
    match blocks.as_slice() {
        [block] if block["type"] == "text" => block["text"].clone(),
        _ => Value::Array(blocks),
    }
}

/// The results of tools must stand before anything else.
fn of_user(message: &Message) -> Vec<Value> {
    let results = message.content.iter().filter_map(|part| match part {
        Part::ToolResult(result) => Some(tool_result(result)),
        _ => None,
    });
    results.chain(message.content.iter().filter_map(block)).collect()
}

fn of_assistant(setup: &Setup, message: &Message) -> Vec<Value> {
    let block = |part: &Part| match part {
        Part::Reasoning(reasoning) => thought(setup, reasoning),
        Part::ToolCall(call) => Some(tool_use(call)),
        part => block(part),
    };
    message.content.iter().filter_map(block).collect()
}

fn block(part: &Part) -> Option<Value> {
    match part {
        Part::Text { text } => (!text.is_empty()).then(|| json!({"type": "text", "text": text})),
        Part::Image(image) => Some(json!({"type": "image", "source": source(image)})),
        Part::ToolCall(_) | Part::ToolResult(_) | Part::Reasoning(_) => None,
    }
}

fn source(image: &Image) -> Value {
    match image {
        Image::Url { url } => json!({"type": "url", "url": url}),
        Image::Data { media_type, data } => json!({"type": "base64", "media_type": media_type, "data": data}),
    }
}

fn tool_result(result: &ToolResult) -> Value {
    let blocks = result.content.iter().filter_map(block).collect();
    let mut value = json!({"type": "tool_result", "tool_use_id": result.id, "content": plain(blocks)});
    if result.is_error {
        value["is_error"] = json!(true);
    }
    value
}

fn tool_use(call: &ToolCall) -> Value {
    let input: Value = serde_json::from_str(&call.arguments).unwrap_or_else(|_| json!({}));
    json!({"type": "tool_use", "id": call.id, "name": call.name, "input": input})
}

fn thought(setup: &Setup, reasoning: &Reasoning) -> Option<Value> {
    let signature = reasoning.signature.as_ref()?;
    let ours = reasoning.origin.as_deref() == Some(setup.id.as_str());
    ours.then(|| json!({"type": "thinking", "thinking": reasoning.text, "signature": signature}))
}

#[cfg(test)]
mod tests;
