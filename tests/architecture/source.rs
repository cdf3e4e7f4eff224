//! A Rust file as its rules see it: code without comments, the string literals, the paths it names.
//!
//! This reads text, not syntax: enough to tell code from comments, literals and test-only items, and to expand a
//! `use` tree. What may be named where is decided in `architecture.rs`.

use std::fs;
use std::path::Path;

/// One file, without what is compiled for tests only.
pub(crate) struct Source {
    /// Where it is, relative to the root, with `/`.
    pub(crate) path: String,
    /// The text with comments, the contents of literals and test-only items blanked; the length is unchanged.
    pub(crate) code: String,
    /// The string literals outside comments and test-only items, each with its place in `code`.
    pub(crate) strings: Vec<(usize, String)>,
    /// How many lines it has, tests and comments included.
    pub(crate) lines: usize,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let (mut code, mut strings) = blank(text);
        for (from, to) in test_only(&code) {
            let hole: String = code[from..to].chars().map(|c| if c == '\n' { c } else { ' ' }).collect();
            code.replace_range(from..to, &hole);
            strings.retain(|(at, _)| !(from..to).contains(at));
        }
        Self { path: path.to_owned(), code, strings, lines: text.lines().count() }
    }

    /// Every path that begins with `root::`, as its segments after `root`; a `use` tree counts as its leaves.
    pub(crate) fn paths(&self, root: &str) -> Vec<Vec<String>> {
        let mut found = Vec::new();
        for at in words(&self.code, root) {
            let rest = &self.code[at + root.len()..];
            if let Some(rest) = rest.trim_start().strip_prefix("::") {
                leaves(rest, &[], &mut found);
            }
        }
        found
    }

    /// Every path into the crate, whether it is written from `crate` or climbs to it with `super`.
    pub(crate) fn crate_paths(&self) -> Vec<Vec<String>> {
        let mut found = self.paths("crate");
        let own = self.module();
        for at in words(&self.code, "super") {
            let mut rest = self.code[at..].trim_start();
            let mut climbed = 0;
            while let Some(next) = rest.strip_prefix("super").and_then(|r| r.trim_start().strip_prefix("::"))
            {
                climbed += 1;
                rest = next.trim_start();
            }
            let is_head = !self.code[..at].trim_end().ends_with("::");
            if is_head && climbed > 0 && climbed >= own.len() {
                leaves(rest, &[], &mut found);
            }
        }
        found
    }

    /// The names it makes public: its `pub` items and the leaves of its `pub use`.
    pub(crate) fn exports(&self) -> Vec<String> {
        let mut found = Vec::new();
        for at in words(&self.code, "pub") {
            let item = self.code[at + "pub".len()..].trim_start();
            if item.starts_with('(') {
                continue;
            }
            if let Some(tree) = item.strip_prefix("use ") {
                let mut paths = Vec::new();
                leaves(tree, &[], &mut paths);
                found.extend(paths.into_iter().filter_map(|mut path| path.pop()));
            } else {
                let mut names = item.split(|c| !is_word(c)).filter(|word| !word.is_empty());
                found.extend(names.find(|word| !KEYWORDS.contains(word)).map(str::to_owned));
            }
        }
        found
    }

    /// The module this file is: `src/failover/seam/align.rs` is `failover`, `seam`, `align`.
    pub(crate) fn module(&self) -> Vec<&str> {
        let path = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        path.split('/').filter(|part| !matches!(*part, "mod" | "lib")).collect()
    }

    /// Whether the whole file is compiled for tests only.
    pub(crate) fn is_test(&self) -> bool {
        self.module().contains(&"tests")
    }
}

/// What may stand between `pub` and the name of an item.
const KEYWORDS: &[&str] =
    &["async", "const", "enum", "fn", "mod", "static", "struct", "trait", "type", "union", "unsafe"];

/// Every Rust file below `root/folder`, in order of path. A folder that is not there has none.
pub(crate) fn read(root: &Path, folder: &str) -> Vec<Source> {
    let Ok(entries) = fs::read_dir(root.join(folder)) else { return Vec::new() };
    let mut names: Vec<_> = entries.map(|entry| entry.expect("a readable folder").file_name()).collect();
    names.sort();
    let mut found = Vec::new();
    for name in names {
        let path = format!("{folder}/{}", name.to_string_lossy());
        if root.join(&path).is_dir() {
            found.extend(read(root, &path));
        } else if path.ends_with(".rs") {
            let text = fs::read_to_string(root.join(&path)).expect("a readable file");
            found.push(Source::new(&path, &text));
        }
    }
    found
}

/// Adds the leaves of the use tree, or the single path, at the head of `text`; returns what follows it.
fn leaves<'a>(text: &'a str, above: &[String], found: &mut Vec<Vec<String>>) -> &'a str {
    let text = text.trim_start();
    if let Some(group) = text.strip_prefix('{') {
        return group_leaves(group, above, found);
    }
    let end = text.find(|c: char| !is_word(c) && c != '*').unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let mut path = above.to_vec();
    match word.trim_start_matches("r#") {
        "" | "self" => {}
        word => path.push(word.to_owned()),
    }
    match rest.trim_start().strip_prefix("::") {
        Some(below) if !below.trim_start().starts_with('<') => leaves(below, &path, found),
        _ => {
            found.push(path);
            rest
        }
    }
}

fn group_leaves<'a>(mut text: &'a str, above: &[String], found: &mut Vec<Vec<String>>) -> &'a str {
    loop {
        text = text.trim_start();
        if text.is_empty() {
            return text;
        }
        if let Some(rest) = text.strip_prefix('}') {
            return rest;
        }
        text = leaves(text, above, found);
        // `as name`, if any, and the comma.
        let next = text.find([',', '}']).unwrap_or(text.len());
        text = text[next..].strip_prefix(',').unwrap_or(&text[next..]);
    }
}

/// The places where `word` stands as a word of its own and not as a part of a longer path.
fn words(code: &str, word: &str) -> Vec<usize> {
    code.match_indices(word)
        .map(|(at, _)| at)
        .filter(|&at| !code[..at].ends_with(is_word) && !code[at + word.len()..].starts_with(is_word))
        .collect()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Blanks comments and the contents of literals, and collects the string literals.
fn blank(text: &str) -> (String, Vec<(usize, String)>) {
    let mut code = String::with_capacity(text.len());
    let mut strings = Vec::new();
    while code.len() < text.len() {
        let rest = &text[code.len()..];
        if let Some((open, close)) = string(rest).filter(|_| !code.ends_with(is_word)) {
            strings.push((code.len(), rest[open..close].to_owned()));
            code.push_str(&rest[..open]);
            hide(&mut code, &rest[open..close]);
            // What closes it is as long as what opened it, less the letters before it.
            let end = close + rest[..open].trim_start_matches(char::is_alphabetic).len();
            code.push_str(&rest[close..end.min(rest.len())]);
        } else if let Some(length) = comment(rest).or_else(|| character(rest)) {
            hide(&mut code, &rest[..length]);
        } else {
            code.extend(rest.chars().next());
        }
    }
    (code, strings)
}

/// Spaces in the place of `text`, byte for byte, lines kept.
fn hide(code: &mut String, text: &str) {
    code.extend(text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
}

/// The length of the comment at the head of `text`.
fn comment(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if !text.starts_with("/*") {
        return None;
    }
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        let (step, change) = match text.as_bytes()[at..] {
            [b'/', b'*', ..] => (2, 1),
            [b'*', b'/', ..] => (2, -1),
            _ => (1, 0),
        };
        at += step;
        depth = depth.saturating_add_signed(change);
        if depth == 0 {
            break;
        }
    }
    Some(at)
}

/// The length of the character literal at the head of `text`. A lifetime is none.
fn character(text: &str) -> Option<usize> {
    let body = text.strip_prefix('\'')?;
    if body.starts_with('\\') {
        return Some(body[2..].find('\'')? + 4);
    }
    let first = body.chars().next()?;
    body[first.len_utf8()..].starts_with('\'').then(|| first.len_utf8() + 2)
}

/// Where the contents of the string literal at the head of `text` begin and end.
fn string(text: &str) -> Option<(usize, usize)> {
    let letters = text.bytes().take(3).take_while(|byte| matches!(byte, b'b' | b'c' | b'r')).count();
    let is_raw = text[..letters].ends_with('r');
    let hashes = text[letters..].bytes().take_while(|byte| is_raw && *byte == b'#').count();
    let body = text[letters + hashes..].strip_prefix('"')?;
    let length = if is_raw { body.find(&format!("\"{}", "#".repeat(hashes))) } else { closing_quote(body) };
    let open = letters + hashes + 1;
    Some((open, length.map_or(text.len(), |length| open + length)))
}

fn closing_quote(body: &str) -> Option<usize> {
    let mut escaped = false;
    body.find(|c| {
        let closes = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        closes
    })
}

/// The items behind `#[cfg(test)]`, each from its attribute to its `;` or closing brace.
fn test_only(code: &str) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for mark in ["#[cfg(test)]", "#[cfg(all(test,"] {
        for (at, _) in code.match_indices(mark) {
            found.push((at, at + item_length(&code[at..])));
        }
    }
    found
}

fn item_length(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in code.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            '}' if depth <= 1 => return at + 1,
            '}' => depth -= 1,
            ';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

mod tests {
    use super::Source;

    fn paths(text: &str) -> Vec<String> {
        let source = Source::new("src/a/b.rs", text);
        source.crate_paths().iter().map(|path| path.join("::")).collect()
    }

    #[test]
    fn a_use_tree_is_read_to_its_leaves() {
        let text =
            "use crate::{chat::{self, Event as E}, error::*};\npub(crate) use crate :: client::Client;";
        assert_eq!(paths(text), ["chat", "chat::Event", "error::*", "client::Client"]);
    }

    #[test]
    fn a_path_in_the_middle_of_code_is_read() {
        let text = "fn f(x: &crate::chat::Event) -> Vec<crate::error::Error> { crate::client::f::<u8>() }";
        assert_eq!(paths(text), ["chat::Event", "error::Error", "client::f"]);
    }

    #[test]
    fn a_path_that_climbs_to_the_root_is_read() {
        let text = "use super::near; use super::super::client::{A, B}; fn f() { super::super::chat::x() }";
        assert_eq!(paths(text), ["client::A", "client::B", "chat::x"]);
    }

    #[test]
    fn comments_literals_and_test_items_name_no_path() {
        let text = r##"
            // use crate::a;
            /* crate::b /* crate::c */ crate::d */
            const S: &str = "crate::e \" crate::f";
            const R: &str = r#"crate::g " crate::h"#;
            fn f<'a>(c: char) -> bool { c == '"' || c == '\'' || crate::seen::it() }
            #[cfg(test)]
            use crate::i;
            #[cfg(test)]
            mod tests { use crate::j; fn f() { crate::k(); } }
            #[cfg(test)]
            #[path = "x.rs"]
            mod more;
            use crate::after;
        "##;
        assert_eq!(paths(text), ["seen::it", "after"]);
    }

    #[test]
    fn string_literals_are_collected_except_in_tests_and_comments() {
        let text = "// \"no\"\nconst A: &str = \"yes\"; const B: &[u8] = br#\"raw \" too\"#;\n\
                    #[cfg(test)] mod t { const C: &str = \"no\"; }";
        let source = Source::new("src/a.rs", text);
        let strings: Vec<_> = source.strings.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(strings, ["yes", "raw \" too"]);
        assert_eq!(source.code.len(), text.len());
    }

    #[test]
    fn what_a_module_makes_public_is_known_by_name() {
        let text =
            "mod a; pub mod b; pub use a::{C, d::E}; pub(crate) use a::F; pub async fn g() {} struct H;";
        assert_eq!(Source::new("src/a.rs", text).exports(), ["b", "C", "E", "g"]);
    }

    #[test]
    fn code_in_other_scripts_keeps_its_length() {
        let text = "const A: &str = \"字\"; // 字字\nconst B: char = '字'; use crate::chat;";
        let source = Source::new("src/a.rs", text);
        assert_eq!(source.code.len(), text.len());
        assert_eq!(source.crate_paths(), [["chat"]]);
    }
}
