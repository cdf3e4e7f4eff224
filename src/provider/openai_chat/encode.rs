//! A call as a request body.
//!
//! What the caller left out is not sent. Where a model does not honour a JSON schema by itself, plain JSON is
//! demanded and the schema is put into words at the end of the last user message; nothing is ever added to
//! the system role.

use serde_json::{Map, Value, json};

use super::super::call::{Abilities, Call, Tail};
use super::super::setup::Setup;
use crate::catalog::Prefill;
use crate::chat::{Effort, Image, Message, Part, Role, Schema, Tool, ToolCall, ToolChoice, ToolResult};

/// The body of a call.
pub(in crate::provider) fn body(setup: &Setup, call: &Call, able: &Abilities) -> Map<String, Value> {
    let mut body = setup.fixed();
    body.insert("model".into(), json!(&*call.model));
    body.insert("messages".into(), Value::Array(messages(setup, call, able)));
    if call.stream {
        body.insert("stream".into(), json!(true));
        if setup.quirks.stream_usage {
            body.insert("stream_options".into(), json!({"include_usage": true}));
        }
    }
    sampling(setup, call, &mut body);
    tools(call, &mut body);
    thinking(setup, call, &mut body);
    if let Some(schema) = &call.request.schema {
        body.insert("response_format".into(), format(schema, able));
    }
    setup.add_extra(&mut body);
    prefill(setup, call, &mut body);
    body
}

fn sampling(setup: &Setup, call: &Call, body: &mut Map<String, Value>) {
    let (request, quirks) = (&call.request, &setup.quirks);
    let mut set = |field: &str, value: Option<Value>| {
        if let Some(value) = value {
            body.insert(field.to_owned(), value);
        }
    };
    set("temperature", request.temperature.map(Value::from));
    set("top_p", request.top_p.map(Value::from));
    set(quirks.seed_field, request.seed.map(Value::from));
    set(quirks.max_tokens_field, call.max_tokens.map(Value::from));
    set(quirks.user_field, request.user.clone().map(Value::from));
    set("stop", (!request.stop.is_empty()).then(|| json!(request.stop)));
}

fn tools(call: &Call, body: &mut Map<String, Value>) {
    let request = &call.request;
    if !request.tools.is_empty() {
        body.insert("tools".into(), request.tools.iter().map(tool).collect());
        if let Some(parallel) = request.parallel_tool_calls {
            body.insert("parallel_tool_calls".into(), json!(parallel));
        }
    }
    let choice = match &request.tool_choice {
        None => return,
        Some(ToolChoice::Auto) => json!("auto"),
        Some(ToolChoice::None) => json!("none"),
        Some(ToolChoice::Required) => json!("required"),
        Some(ToolChoice::Tool(name)) => json!({"type": "function", "function": {"name": name}}),
    };
    body.insert("tool_choice".into(), choice);
}

fn tool(tool: &Tool) -> Value {
    let mut function = Map::new();
    function.insert("name".into(), json!(tool.name));
    if !tool.description.is_empty() {
        function.insert("description".into(), json!(tool.description));
    }
    function.insert("parameters".into(), tool.parameters.clone());
    json!({"type": "function", "function": function})
}

fn thinking(setup: &Setup, call: &Call, body: &mut Map<String, Value>) {
    let Some(effort) = call.request.reasoning else { return };
    let switch = if effort == Effort::Off { setup.quirks.thinking_off } else { setup.quirks.thinking_on };
    setup.add(switch, body);
    let silent = effort == Effort::Off && switch.is_some();
    if setup.quirks.effort && !silent {
        let word = match effort {
            Effort::Off => "none",
            Effort::Low => "low",
            Effort::Medium => "medium",
            Effort::High => "high",
            Effort::Max => "max",
        };
        body.insert("reasoning_effort".into(), json!(word));
    }
}

fn format(schema: &Schema, able: &Abilities) -> Value {
    if !able.json_schema {
        return json!({"type": "json_object"});
    }
    let name: String =
        schema.name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect();
    let name: String = name.chars().take(64).collect();
    let strict = is_closed(&schema.schema);
    json!({"type": "json_schema", "json_schema": {"name": name, "schema": schema.schema, "strict": strict}})
}

/// Whether every object of the schema names all it may hold: else a strict reading of it is refused.
fn is_closed(schema: &Value) -> bool {
    match schema {
        Value::Array(list) => list.iter().all(is_closed),
        Value::Object(map) => {
            let properties = map.get("properties").and_then(Value::as_object);
            let open = map.get("type").is_some_and(|kind| kind == "object") || properties.is_some();
            let required = map.get("required").and_then(Value::as_array);
            let all = properties.is_none_or(|properties| {
                properties
                    .keys()
                    .all(|name| required.is_some_and(|list| list.iter().any(|r| r == name.as_str())))
            });
            let closed = !open || (map.get("additionalProperties") == Some(&Value::Bool(false)) && all);
            closed && map.values().all(is_closed)
        }
        _ => true,
    }
}

fn prefill(setup: &Setup, call: &Call, body: &mut Map<String, Value>) {
    let Tail::Prefill { text } = &call.tail else { return };
    setup.add(setup.quirks.prefill_body, body);
    match setup.prefill {
        Prefill::TopLevel => {
            body.insert("prefix".into(), json!(&**text));
        }
        Prefill::ContinueFinalMessage => {
            body.insert("continue_final_message".into(), json!(true));
            body.insert("add_generation_prompt".into(), json!(false));
        }
        Prefill::None | Prefill::Trailing | Prefill::Prefix | Prefill::Partial => {}
    }
}

fn messages(setup: &Setup, call: &Call, able: &Abilities) -> Vec<Value> {
    let mut list = Vec::with_capacity(call.request.messages.len() + 2);
    call.request.messages.iter().for_each(|message| push(setup, message, &mut list));
    if let Some(schema) = call.request.schema.as_ref().filter(|_| !able.json_schema) {
        say_schema(schema, &mut list);
    }
    call.tail_messages().iter().for_each(|message| push(setup, message, &mut list));
    if let Tail::Prefill { text } = &call.tail {
        list.extend(beginning(setup.prefill, text));
    }
    list
}

fn beginning(form: Prefill, text: &str) -> Option<Value> {
    match form {
        Prefill::TopLevel => None,
        Prefill::Prefix => Some(json!({"role": "assistant", "content": text, "prefix": true})),
        Prefill::Partial => Some(json!({"role": "assistant", "content": text, "partial": true})),
        Prefill::None | Prefill::Trailing | Prefill::ContinueFinalMessage => {
            Some(json!({"role": "assistant", "content": text}))
        }
    }
}

fn say_schema(schema: &Schema, list: &mut Vec<Value>) {
    let words = format!(
        "Answer with JSON that satisfies this JSON schema, and with nothing else:\n{}",
        schema.schema
    );
    let last = list.iter_mut().rfind(|message| message["role"] == "user");
    match last.map(|message| &mut message["content"]) {
        Some(Value::String(text)) => *text = format!("{text}\n\n{words}"),
        Some(Value::Array(parts)) => parts.push(json!({"type": "text", "text": words})),
        _ => list.push(json!({"role": "user", "content": words})),
    }
}

fn push(setup: &Setup, message: &Message, list: &mut Vec<Value>) {
    let results = message.content.iter().filter_map(|part| match part {
        Part::ToolResult(result) => Some(tool_result(setup, result)),
        _ => None,
    });
    list.extend(results);
    match message.role {
        Role::System => list.push(json!({"role": "system", "content": message.text()})),
        Role::User => {
            list.extend(content(&message.content).map(|content| json!({"role": "user", "content": content})))
        }
        Role::Assistant => list.extend(assistant(setup, message)),
        Role::Tool => {}
    }
}

fn tool_result(setup: &Setup, result: &ToolResult) -> Value {
    let content = content(&result.content).unwrap_or_else(|| json!(""));
    json!({"role": "tool", "tool_call_id": setup.tool_id(&result.id), "content": content})
}

/// One text as a string, anything else as a list of parts, nothing as nothing.
fn content(parts: &[Part]) -> Option<Value> {
    if let [Part::Text { text }] = parts {
        return Some(json!(text));
    }
    let list: Vec<Value> = parts.iter().filter_map(part).collect();
    (!list.is_empty()).then_some(Value::Array(list))
}

fn part(part: &Part) -> Option<Value> {
    match part {
        Part::Text { text } => Some(json!({"type": "text", "text": text})),
        Part::Image(image) => Some(json!({"type": "image_url", "image_url": {"url": address(image)}})),
        Part::ToolCall(_) | Part::ToolResult(_) | Part::Reasoning(_) => None,
    }
}

fn address(image: &Image) -> String {
    match image {
        Image::Url { url } => url.clone(),
        Image::Data { media_type, data } => format!("data:{media_type};base64,{data}"),
    }
}

fn assistant(setup: &Setup, message: &Message) -> Option<Value> {
    let calls = message.content.iter().filter_map(|part| match part {
        Part::ToolCall(call) => Some(tool_call(setup, call)),
        _ => None,
    });
    let calls: Vec<Value> = calls.collect();
    let (text, thought) = (message.text(), thought(message));
    if text.is_empty() && calls.is_empty() {
        return None;
    }
    let mut value = json!({"role": "assistant", "content": text});
    // A vendor that wants its reasoning back wants the field even where another vendor did the thinking.
    if setup.quirks.sends_reasoning && (!thought.is_empty() || !calls.is_empty()) {
        value["reasoning_content"] = json!(thought);
    }
    if !calls.is_empty() {
        value["tool_calls"] = Value::Array(calls);
    }
    Some(value)
}

fn thought(message: &Message) -> String {
    let thoughts = message.content.iter().filter_map(|part| match part {
        Part::Reasoning(reasoning) => Some(reasoning.text.as_str()),
        _ => None,
    });
    thoughts.collect()
}

fn tool_call(setup: &Setup, call: &ToolCall) -> Value {
    let function = json!({"name": call.name, "arguments": call.arguments});
    json!({"id": setup.tool_id(&call.id), "type": "function", "function": function})
}

#[cfg(test)]
mod tests;
