//! `--request`: a whole request as JSON.

use std::path::Path;

use mainstay::chat::Request;

use super::{standard_input, text_file};
use crate::exit::Stop;

/// Reads a request; `-` is standard input.
pub(crate) fn read_request(path: &Path) -> Result<Request, Stop> {
    let (name, text) = match path.to_str() {
        Some("-") => ("standard input".to_owned(), standard_input()?),
        _ => (path.display().to_string(), text_file(path)?),
    };
    let request: Request = serde_json::from_str(&text).map_err(|error| malformed(&name, &error))?;
    if request.messages.is_empty() {
        return Err(Stop::usage(format!("{name}: `messages` is empty: there is nothing to answer")));
    }
    Ok(request)
}

/// The message for JSON that cannot be used, with its place.
pub(super) fn malformed(name: &str, error: &serde_json::Error) -> Stop {
    let place = format!(" at line {} column {}", error.line(), error.column());
    let text = error.to_string();
    let what = text.strip_suffix(&place).unwrap_or(&text);
    Stop::usage(format!("{name}:{}:{}: {what}", error.line(), error.column()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn a_mistake_is_shown_with_its_place() {
        let error =
            serde_json::from_str::<Request>("{\n  \"messages\": [],\n  \"mesages\": 1\n}").unwrap_err();
        let message = malformed("r.json", &error).message().unwrap();
        assert!(message.starts_with("r.json:3:11: unknown field `mesages`"), "{message}");
        assert!(!message.contains("at line"), "{message}");
    }
}
