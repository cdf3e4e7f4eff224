//! How a model is asked to go on with an answer that is not its own.
//!
//! Why an anchor? A model that is told to repeat the last few words before it goes on shows where it takes up
//! the thread: what follows them is new. Why the conversation's language? An English instruction in a Chinese
//! conversation makes some models answer in English.

use super::overlap::weight;

/// What an anchor weighs at least.
const ANCHOR_WEIGHT: usize = 24;
/// How long an anchor may become to be unique, in characters.
const LONGEST_ANCHOR: usize = 240;
/// How much of the answer an anchor should be unique in, in bytes.
const UNIQUE_IN: usize = 8 * 1024;

/// A request to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ask {
    /// Where the anchor begins in the delivered text, in bytes.
    pub(crate) anchor: usize,
    /// The user's message.
    pub(crate) text: String,
}

struct Language {
    speaks: fn(&str) -> bool,
    /// The instruction; `{}` stands for the anchor.
    text: &'static str,
}

/// In the order in which they are tried; the last one is English.
const LANGUAGES: &[Language] = &[
    Language {
        speaks: |text| share(text, |c| matches!(c, '\u{3040}'..='\u{30ff}')) > 0.05,
        text: "あなたの回答は途中で切れました。切れた箇所からそのまま続けてください。まず、次の最後の言葉を一字一句そのまま繰り返し、\
               前置きなしで続きを書いてください。それより前の部分は繰り返さないでください。\n\n{}",
    },
    Language {
        speaks: |text| share(text, |c| matches!(c, '\u{4e00}'..='\u{9fff}')) > 0.15,
        text: "你的回答中断了。请从中断处原样接着写：先逐字重复下面这最后几个词，然后直接继续，不要任何开场白，也不要重复更前面的内容。\n\n{}",
    },
    Language {
        speaks: |text| share(text, |c| matches!(c, '\u{ac00}'..='\u{d7af}')) > 0.15,
        text: "답변이 중간에 끊겼습니다. 끊긴 곳부터 그대로 이어서 써 주세요. 먼저 아래의 마지막 말을 글자 그대로 반복한 다음, \
               머리말 없이 바로 이어 가고, 그 앞부분은 반복하지 마세요.\n\n{}",
    },
    Language {
        speaks: |text| share(text, |c| matches!(c, '\u{0400}'..='\u{04ff}')) > 0.3,
        text: "Твой ответ оборвался. Продолжи его ровно с того места, где он остановился: сначала дословно повтори эти последние \
               слова, затем продолжай без вступления и не повторяй то, что было раньше.\n\n{}",
    },
    Language {
        speaks: |text| share(text, |c| matches!(c, '\u{0600}'..='\u{06ff}')) > 0.3,
        text: "انقطعت إجابتك. تابعها من حيث توقفت بالضبط: كرّر أولاً هذه الكلمات الأخيرة حرفياً، ثم تابع دون أي مقدمة ودون تكرار ما سبقها.\n\n{}",
    },
    Language {
        speaks: |text| {
            has_words(text, &["der", "die", "und", "ist", "nicht", "ein", "eine", "wie", "ich", "das"])
        },
        text: "Deine Antwort brach ab. Setze sie genau dort fort, wo sie aufhörte: Wiederhole zuerst wörtlich diese letzten Worte und \
               fahre dann ohne Einleitung fort, ohne früher Gesagtes zu wiederholen.\n\n{}",
    },
    Language {
        speaks: |text| {
            has_words(text, &["le", "les", "est", "une", "des", "pas", "pour", "dans", "que", "moi"])
        },
        text: "Ta réponse a été coupée. Reprends-la exactement là où elle s'est arrêtée : répète d'abord mot pour mot ces derniers mots, \
               puis continue sans introduction et sans répéter ce qui précède.\n\n{}",
    },
    Language {
        speaks: |text| {
            has_words(text, &["el", "los", "las", "una", "para", "como", "qué", "por", "del", "es"])
        },
        text: "Tu respuesta se cortó. Continúala exactamente donde se detuvo: primero repite palabra por palabra estas últimas palabras \
               y luego sigue sin introducción y sin repetir lo anterior.\n\n{}",
    },
    Language {
        speaks: |_| true,
        text: "Your answer was cut off. Go on exactly where it stopped: first repeat these last words verbatim, then continue without any \
               preamble, and do not repeat anything before them.\n\n{}",
    },
];

/// Asks to go on after `delivered`, in the language of `question`, the user's last words.
pub(crate) fn ask(question: &str, delivered: &str) -> Ask {
    let anchor = anchor(delivered);
    let sample = if weight(question) >= 4 { question } else { delivered };
    let language = LANGUAGES.iter().find(|language| (language.speaks)(sample));
    let text = language.map_or("{}", |language| language.text).replace("{}", delivered[anchor..].trim_end());
    Ask { anchor, text }
}

/// Where the last few words begin: enough of them to say something, and if possible only once.
fn anchor(delivered: &str) -> usize {
    let text = delivered.trim_end();
    let mut recent = text.len().saturating_sub(UNIQUE_IN);
    while !text.is_char_boundary(recent) {
        recent += 1;
    }
    let mut best = text.len();
    for (count, (at, _)) in text.char_indices().rev().enumerate() {
        let candidate = &text[at..];
        if count >= LONGEST_ANCHOR {
            break;
        }
        if !begins_word(text, at) {
            continue;
        }
        best = at;
        if weight(candidate) >= ANCHOR_WEIGHT && text[recent..].matches(candidate).count() == 1 {
            break;
        }
    }
    if best == text.len() { fallback(text) } else { best }
}

/// One endless word: its last characters.
fn fallback(text: &str) -> usize {
    text.char_indices().rev().take(ANCHOR_WEIGHT).last().map_or(0, |(at, _)| at)
}

fn begins_word(text: &str, at: usize) -> bool {
    let here = text[at..].chars().next();
    let wide = here.is_some_and(|c| weight(c.encode_utf8(&mut [0; 4])) == 3);
    let before = text[..at].chars().next_back();
    here.is_some_and(|c| !c.is_whitespace()) && (wide || before.is_none_or(char::is_whitespace))
}

fn share(text: &str, is: fn(char) -> bool) -> f64 {
    let (mut of, mut all) = (0_u32, 0_u32);
    for c in text.chars().filter(|c| c.is_alphabetic()).take(2000) {
        all += 1;
        of += u32::from(is(c));
    }
    f64::from(of) / f64::from(all.max(1))
}

/// Whether at least two in ten words are among these, with two different ones.
fn has_words(text: &str, words: &[&str]) -> bool {
    let lower = text.chars().take(2000).collect::<String>().to_lowercase();
    let all: Vec<&str> = lower.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    let hits = all.iter().filter(|word| words.contains(word)).count();
    let distinct = words.iter().filter(|word| all.contains(word)).count();
    distinct >= 2 && hits * 5 >= all.len()
}
