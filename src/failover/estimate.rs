//! How many tokens a text is, roughly, without a tokenizer.
//!
//! Four characters of an alphabet make a token, and so do one and a half of a script without spaces. Against
//! the vendors' own counts this is off by up to a third, which is enough for what it decides: patience, the
//! size of a window, and the price of an answer that was cut.

use crate::chat::{Image, Message, Part, Request};

const TOKENS_PER_IMAGE: f64 = 1000.0;
const TOKENS_PER_MESSAGE: f64 = 4.0;

/// The tokens of a text.
pub(crate) fn tokens(text: &str) -> u64 {
    raw(text).ceil() as u64
}

/// The tokens of all that is sent with a request.
pub(crate) fn prompt_tokens(request: &Request) -> u64 {
    let messages: f64 = request.messages.iter().map(message).sum();
    let tools: f64 =
        request.tools.iter().map(|tool| raw(&tool.description) + raw(&tool.parameters.to_string())).sum();
    (messages + tools).ceil() as u64
}

fn message(message: &Message) -> f64 {
    TOKENS_PER_MESSAGE + message.content.iter().map(part).sum::<f64>()
}

fn part(part: &Part) -> f64 {
    match part {
        Part::Text { text } => raw(text),
        Part::Image(Image::Url { .. } | Image::Data { .. }) => TOKENS_PER_IMAGE,
        Part::ToolCall(call) => raw(&call.name) + raw(&call.arguments),
        Part::ToolResult(result) => result.content.iter().map(self::part).sum(),
        Part::Reasoning(reasoning) => raw(&reasoning.text),
    }
}

fn raw(text: &str) -> f64 {
    let wide = text.chars().filter(|c| *c >= '\u{2e80}').count();
    let bytes_of_wide: usize =
        if wide == 0 { 0 } else { text.chars().filter(|c| *c >= '\u{2e80}').map(char::len_utf8).sum() };
    (text.len() - bytes_of_wide) as f64 / 4.0 + wide as f64 / 1.5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_letters_or_one_and_a_half_ideographs_are_a_token() {
        assert_eq!(tokens("four"), 1);
        assert_eq!(tokens("灯塔看守人每"), 4);
        assert_eq!(tokens(""), 0);
    }
}
