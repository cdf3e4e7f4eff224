//! How an answer is cut into the pieces that its events carry.

use super::script::Pieces;
use crate::chat::ToolCall;

/// What one event carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Some of the thinking.
    Reasoning(String),
    /// Some of the text.
    Text(String),
    /// The beginning of a tool call.
    Tool {
        /// Which of the answer's calls, from 0.
        index: usize,
        id: String,
        name: String,
    },
    /// Some of the arguments of the call with this number.
    Arguments(usize, String),
}

/// A piece of text never has more characters than this: as with real tokens, long words come in several.
const LONGEST_WORD: usize = 12;

/// Cuts a whole answer into pieces, in the order in which they are sent.
pub(super) fn pieces(reasoning: &str, text: &str, tools: &[ToolCall], how: Pieces) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = cut(reasoning, how).into_iter().map(Piece::Reasoning).collect();
    pieces.extend(cut(text, how).into_iter().map(Piece::Text));
    for (index, call) in tools.iter().enumerate() {
        pieces.push(Piece::Tool { index, id: call.id.clone(), name: call.name.clone() });
        pieces.extend(cut(&call.arguments, how).into_iter().map(|json| Piece::Arguments(index, json)));
    }
    pieces
}

/// Divides pieces so that the first part holds exactly `after` characters, or all there are.
pub(super) fn divide(pieces: Vec<Piece>, after: usize) -> (Vec<Piece>, Vec<Piece>) {
    let (mut before, mut behind) = (Vec::new(), Vec::new());
    let mut left = after;
    for piece in pieces {
        match piece {
            Piece::Reasoning(_) => before.push(piece),
            _ if left == 0 => behind.push(piece),
            Piece::Tool { .. } => before.push(piece),
            Piece::Text(text) => halve(&text, &mut left, Piece::Text, &mut before, &mut behind),
            Piece::Arguments(index, json) => {
                halve(&json, &mut left, |json| Piece::Arguments(index, json), &mut before, &mut behind);
            }
        }
    }
    (before, behind)
}

fn halve(
    text: &str,
    left: &mut usize,
    piece: impl Fn(String) -> Piece,
    before: &mut Vec<Piece>,
    behind: &mut Vec<Piece>,
) {
    let at = text.char_indices().nth(*left).map_or(text.len(), |(at, _)| at);
    let (head, tail) = text.split_at(at);
    *left -= head.chars().count();
    before.push(piece(head.to_owned()));
    if !tail.is_empty() {
        behind.push(piece(tail.to_owned()));
    }
}

fn cut(text: &str, how: Pieces) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let (mut len, mut in_word) = (0, false);
    for c in text.chars() {
        let begins = match how {
            Pieces::Words => (c.is_whitespace() && in_word) || len == LONGEST_WORD,
            Pieces::Chars(chars) => len == chars,
        };
        match pieces.last_mut() {
            Some(piece) if !begins => piece.push(c),
            _ => {
                pieces.push(c.to_string());
                len = 0;
            }
        }
        len += 1;
        in_word = !c.is_whitespace();
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_into_words_with_the_space_before_them() {
        assert_eq!(cut("Hello,  big\nworld.", Pieces::Words), ["Hello,", "  big", "\nworld."]);
        assert_eq!(cut("四五六", Pieces::Chars(2)), ["四五", "六"]);
        assert_eq!(cut("a".repeat(30).as_str(), Pieces::Words).len(), 3);
    }

    #[test]
    fn a_position_falls_inside_a_word_and_inside_tool_arguments() {
        let call = ToolCall { id: "1".into(), name: "f".into(), arguments: r#"{"a":1}"#.into() };
        let all = pieces("hm", "one two", &[call], Pieces::Words);
        let (before, behind) = divide(all.clone(), 5);
        assert_eq!(before[1..], [Piece::Text("one".into()), Piece::Text(" t".into())]);
        assert_eq!(behind[0], Piece::Text("wo".into()));
        let (before, _) = divide(all, 9);
        assert_eq!(before.last(), Some(&Piece::Arguments(0, "{\"".into())));
    }
}
