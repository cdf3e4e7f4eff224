//! What a provider says about a failure, whatever the shape it says it in.
//!
//! It reads; what kind of failure it is, is decided by `judge`.

use serde_json::Value;

/// The words of a failure. Nothing of it is trusted, and nothing of it is cleaned yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Complaint {
    /// What it says, in prose.
    pub message: String,
    /// Every code, type and number that names the failure.
    pub codes: Vec<String>,
    /// The HTTP status it names inside its body.
    pub status: Option<u16>,
}

impl Complaint {
    /// Reads the body of a refusal.
    pub(super) fn of_body(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let text = text.trim_start_matches('\u{feff}').trim();
        match serde_json::from_str(text) {
            Ok(value) => Self::of_value(&value),
            Err(_) if text.starts_with('<') => Self::saying("the server answered with a page of HTML"),
            Err(_) => Self::saying(text),
        }
    }

    /// Reads a failure inside a stream: the value of its `error`.
    pub(super) fn of_error(error: &str) -> Self {
        let mut complaint = Self::default();
        if let Ok(value) = serde_json::from_str(error) {
            complaint.read(&value);
        }
        complaint.numbers();
        complaint
    }

    /// Reads a body that is JSON.
    pub(super) fn of_value(value: &Value) -> Self {
        let mut complaint = Self::default();
        let body = value.get(0).unwrap_or(value);
        complaint.read(body);
        for part in ["error", "base_resp"] {
            if let Some(inner) = body.get(part) {
                complaint.read(inner);
            }
        }
        if complaint.message.is_empty() && complaint.codes.is_empty() {
            complaint.message = body.to_string();
        }
        complaint.numbers();
        complaint
    }

    /// A complaint of these words.
    pub(super) fn saying(message: &str) -> Self {
        Self { message: message.to_owned(), ..Self::default() }
    }

    fn read(&mut self, value: &Value) {
        if let Some(text) = value.as_str() {
            text.clone_into(&mut self.message);
        }
        for field in ["message", "msg", "status_msg", "detail", "error"] {
            match value.get(field) {
                Some(Value::String(text)) => text.clone_into(&mut self.message),
                Some(list @ Value::Array(_)) => self.message = list.to_string(),
                _ => {}
            }
        }
        for field in ["code", "type", "status_code", "error_type", "error_code", "status"] {
            self.code(value.get(field));
        }
        for field in ["metadata", "details"] {
            if let Some(inner) = value.get(field).filter(|inner| inner.is_object()) {
                self.code(inner.get("error_type"));
                self.code(inner.get("error_code"));
                if inner.get("flagged_input").is_some() || inner.get("reasons").is_some() {
                    self.codes.push("flagged_input".to_owned());
                }
            }
        }
    }

    fn code(&mut self, value: Option<&Value>) {
        match value {
            Some(Value::String(code)) if !code.is_empty() && code != "error" => self.codes.push(code.clone()),
            Some(Value::Number(code)) => self.codes.push(code.to_string()),
            _ => return,
        }
        let status =
            self.codes.last().and_then(|code| code.parse().ok()).filter(|code| (400..600).contains(code));
        self.status = self.status.or(status);
    }

    /// Codes that stand in the message only: `… (1008)` at its end, `[1305][…` at its head or after a status.
    fn numbers(&mut self) {
        let message = self.message.trim_end();
        let tail = message.strip_suffix(')').and_then(|text| text.rsplit_once('(')).map(|(_, code)| code);
        let head = message.split_once('[').filter(|(before, _)| before.len() <= 4);
        let head = head.and_then(|(_, text)| text.split_once(']')).map(|(code, _)| code);
        let found: Vec<String> =
            [tail, head].into_iter().flatten().filter(|code| is_number(code)).map(String::from).collect();
        self.codes.extend(found);
    }
}

fn is_number(code: &str) -> bool {
    (3..=6).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_shape_is_read() {
        for (body, message, code) in [
            (r#"{"error":{"message":"no","type":"t","code":null}}"#, "no", "t"),
            (r#"{"error":{"message":"no","code":429}}"#, "no", "429"),
            (r#"{"code":"invalid-argument","error":"no"}"#, "no", "invalid-argument"),
            (r#"[{"error":{"message":"no","status":"INTERNAL"}}]"#, "no", "INTERNAL"),
            (r#"{"base_resp":{"status_code":1004,"status_msg":"no"}}"#, "no", "1004"),
            (r#"{"type":"error","error":{"type":"api_error","message":"no (1008)"}}"#, "no (1008)", "1008"),
            (r#"{"error":{"message":"[1305][busy]"}}"#, "[1305][busy]", "1305"),
            (r#"{"object":"error","message":"no","type":"invalid_model","code":"1500"}"#, "no", "1500"),
            (r#"{"code":20012,"message":"no","data":null}"#, "no", "20012"),
            (
                r#"{"error":{"message":"no","metadata":{"error_type":"provider_overloaded"}}}"#,
                "no",
                "provider_overloaded",
            ),
        ] {
            let complaint = Complaint::of_body(body.as_bytes());
            assert_eq!(complaint.message, message, "{body}");
            assert!(complaint.codes.iter().any(|c| c == code), "{body}: {:?}", complaint.codes);
        }
        assert_eq!(Complaint::of_body(b"\n\n upstream died ").message, "upstream died");
        assert_eq!(Complaint::of_body(br#"{"detail":"Invalid API Key"}"#).message, "Invalid API Key");
        assert!(Complaint::of_body(b"<html>secret</html>").message.contains("HTML"));
    }
}
