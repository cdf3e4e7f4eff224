//! Where a continuation stands in the text that was delivered.
//!
//! Why must a repetition be unique? In a table, a refrain or a row of closing brackets the next line may
//! rightly begin as the last one ended. Words that occur once in the delivered text cannot be a coincidence.

use super::{anew, preamble};

/// The weight a repetition needs to be believed.
const REPEATED: usize = 8;
/// The weight of a whole answer whose exact repetition cannot be a coincidence.
const UNMISTAKABLE: usize = 24;
/// The weight from which agreement with the top of the answer means that the model started over.
const FROM_TOP: usize = 16;
/// How far back a repetition is looked for, in bytes.
const REACH: usize = 8 * 1024;

/// What the head of a continuation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Head {
    /// Not to be told yet.
    Unclear,
    /// It goes on cleanly.
    Clean,
    /// Its first `bytes` bytes repeat the end of the delivered text.
    Repeats { bytes: usize },
    /// It is the beginning of another answer.
    New,
    /// It runs along inside the delivered text, all of it so far.
    Aligned(Alignment),
}

/// From byte `skip` on, a continuation runs along the delivered text from byte `at` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Alignment {
    skip: usize,
    at: usize,
}

impl Alignment {
    /// Whether it is the answer from its beginning.
    pub(super) fn is_from_top(self) -> bool {
        self.at == 0
    }
}

/// How an alignment went on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Follow {
    /// The same so far.
    Same,
    /// The same to the end of the delivered text; new text begins after so many bytes.
    PastEnd { bytes: usize },
    /// It differs.
    Differs,
}

/// Says what the head of `held` is. `enough`: no more will come to judge by.
pub(super) fn find_head(delivered: &str, anchor: usize, held: &str, enough: bool) -> Head {
    let starts = starts(delivered, held);
    let anchor_text = delivered[anchor..].trim_end();
    for start in &starts {
        if !anchor_text.is_empty() && held[start.at..].starts_with(anchor_text) {
            return Head::Repeats { bytes: start.at + anchor_text.len() };
        }
    }
    if !enough {
        return Head::Unclear;
    }
    for start in &starts {
        if let Some(bytes) = repeated_tail(delivered, &held[start.at..]) {
            return Head::Repeats { bytes: start.at + bytes };
        }
        if let Some(at) = running_along(delivered, &held[start.at..]) {
            return Head::Aligned(Alignment { skip: start.at, at });
        }
    }
    match starts.iter().rev().find(|start| start.certain) {
        Some(start) if start.at > 0 => Head::Repeats { bytes: start.at },
        _ if open_fence(delivered).is_none() && anew::begins_anew(delivered, held) => Head::New,
        _ => Head::Clean,
    }
}

/// Goes along an alignment as far as both texts reach.
pub(super) fn follow(delivered: &str, alignment: Alignment, held: &str) -> Follow {
    let (old, new) = (&delivered[alignment.at..], &held[alignment.skip..]);
    let same = common_prefix(old, new);
    if same == new.len() {
        Follow::Same
    } else if same >= old.trim_end().len() {
        Follow::PastEnd { bytes: alignment.skip + same.min(old.trim_end().len()) }
    } else {
        Follow::Differs
    }
}

/// Whether a text is long and varied enough that its exact repetition cannot be a coincidence.
pub(super) fn is_unmistakable(text: &str) -> bool {
    weight(text) >= UNMISTAKABLE && !repeats_itself(text)
}

/// Whether a text ends, for a third of it or more, as it began: "row, row, row". It may as well be said once
/// more.
fn repeats_itself(text: &str) -> bool {
    let mut shifts = (1..=text.len() * 2 / 3).filter(|n| text.is_char_boundary(*n));
    text.len() <= REACH && shifts.any(|n| text.starts_with(&text[n..]))
}

/// How many bytes two texts have in common at their heads, to a character boundary.
pub(super) fn common_prefix(a: &str, b: &str) -> usize {
    let mut same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    while !a.is_char_boundary(same) {
        same -= 1;
    }
    same
}

/// How many bytes of white space a text ends in.
pub(super) fn trailing_space(text: &str) -> usize {
    text.len() - text.trim_end().len()
}

/// A place where the continuation proper may begin.
struct Start {
    at: usize,
    /// What stands before is known not to be part of the answer, whatever follows.
    certain: bool,
}

/// After nothing, after white space, after a preamble, after a fence opened again, after a quotation mark.
fn starts(delivered: &str, held: &str) -> Vec<Start> {
    let mut starts = vec![Start { at: 0, certain: true }];
    let mut at = 0;
    if let Some((bytes, certain)) = preamble::length(held) {
        at = bytes;
        starts.push(Start { at, certain });
    }
    if let Some(bytes) = reopened_fence(delivered, &held[at..]) {
        at += bytes;
        let certain = starts.last().is_some_and(|last| last.certain);
        starts.push(Start { at, certain });
    }
    let space = held[at..].len() - held[at..].trim_start().len();
    if space > 0 {
        starts.push(Start { at: at + space, certain: false });
    }
    let quoted = held[at + space..].strip_prefix(['"', '“', '«', '「', '…', '`', '\'']);
    if let Some(rest) = quoted {
        starts.push(Start { at: held.len() - rest.len(), certain: false });
    }
    starts
}

/// The length of a line that opens the code fence once more in which the delivered text stopped. A fence
/// without a language may as well be the one that closes it.
fn reopened_fence(delivered: &str, held: &str) -> Option<usize> {
    let line = held.split_inclusive('\n').next().filter(|line| is_fence(line))?;
    let open = open_fence(delivered)?;
    let has_language = !open.trim_matches(['`', '~', ' ']).is_empty();
    (has_language && line.ends_with('\n') && line.trim_end() == open).then_some(line.len())
}

/// The line that opened the code fence the text is still in.
fn open_fence(text: &str) -> Option<&str> {
    let mut open = None;
    for line in text.lines() {
        if is_fence(line) {
            open = if open.is_some() { None } else { Some(line.trim()) };
        }
    }
    open
}

fn is_fence(line: &str) -> bool {
    line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~")
}

/// The longest head of `new` that is the end of `delivered`, if it is weighty and unique.
fn repeated_tail(delivered: &str, new: &str) -> Option<usize> {
    let old = delivered.trim_end();
    let from = old.len().saturating_sub(new.len().min(REACH));
    (from..old.len())
        .filter(|at| old.is_char_boundary(*at) && new.starts_with(&old[*at..]))
        .map(|at| &old[at..])
        .find(|tail| weight(tail) >= REPEATED && is_unique_in(old, tail) && !repeats_itself(tail))
        .map(str::len)
}

/// Where in `delivered` the whole of `new` runs along.
fn running_along(delivered: &str, new: &str) -> Option<usize> {
    let same = common_prefix(delivered, new);
    if weight(&new[..same]) >= FROM_TOP || (same == new.len() && weight(new) >= REPEATED) {
        return Some(0);
    }
    let mut from = delivered.len().saturating_sub(REACH);
    while !delivered.is_char_boundary(from) {
        from += 1;
    }
    let unique = weight(new) >= UNMISTAKABLE && is_unique_in(&delivered[from..], new);
    unique.then(|| delivered[from..].find(new)).flatten().map(|at| from + at)
}

fn is_unique_in(text: &str, part: &str) -> bool {
    let mut from = text.len().saturating_sub(REACH.max(part.len()));
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let text = &text[from..];
    text.find(part).is_some_and(|first| {
        let next = first + part.chars().next().map_or(1, char::len_utf8);
        !text[next..].contains(part)
    })
}

/// How much a text says: letters and digits count, those of scripts without spaces three times.
pub(super) fn weight(text: &str) -> usize {
    text.chars()
        .map(|c| match c {
            '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'.. => 3,
            c if c.is_whitespace() => 0,
            _ => 1,
        })
        .sum()
}
