//! What may be shown of a provider's words.

use super::super::complaint::Complaint;
use super::super::secret::Secret;

const MOST_CHARS: usize = 300;
/// A shorter secret is no key, and hiding it would eat innocent words.
const LEAST_SECRET: usize = 8;

/// The message, or else the codes, on one line, shortened, without anything that looks like a key.
pub(super) fn message(complaint: &Complaint, secrets: &[Secret]) -> String {
    let message = complaint.message.trim();
    let text = if message.is_empty() { complaint.codes.join(", ") } else { message.to_owned() };
    // A whole megabyte of message must not be searched: what is shown is its head.
    let head: String = text.chars().take(MOST_CHARS * 8).map(plain).collect();
    let hidden = hide(head, secrets);
    let words: Vec<&str> =
        hidden.split_whitespace().map(|word| if is_key(word, secrets) { "[key]" } else { word }).collect();
    shorten(&words.join(" "))
}

fn plain(c: char) -> char {
    let steers = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if c.is_control() || steers { ' ' } else { c }
}

fn hide(text: String, secrets: &[Secret]) -> String {
    let long = secrets.iter().map(Secret::expose).filter(|secret| secret.len() >= LEAST_SECRET);
    long.fold(text, |text, secret| text.replace(secret, "[key]"))
}

/// Whether this word is a key, or a vendor's masked form of one.
fn is_key(word: &str, secrets: &[Secret]) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '*');
    let begins_like_ours = |secret: &Secret| {
        secret.expose().get(..LEAST_SECRET).is_some_and(|head| word.contains(head))
            || secret
                .expose()
                .get(secret.expose().len().saturating_sub(LEAST_SECRET)..)
                .is_some_and(|tail| tail.len() == LEAST_SECRET && word.contains(tail))
    };
    word.contains("***")
        || (word.starts_with("sk-") && word.len() > 8)
        || secrets.iter().any(begins_like_ours)
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(MOST_CHARS - 1) {
        Some((at, _)) if text[at..].chars().count() > 1 => format!("{}…", &text[..at]),
        _ => text.to_owned(),
    }
}
