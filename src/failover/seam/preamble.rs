//! What models say before they go on: "Sure, here is the rest:".
//!
//! Only a first line of a known form is taken for a preamble. One that could also be part of an answer
//! ("Continuing with step 3:") counts only if the delivered text is repeated right after it.

/// The longest line that can be a preamble, in characters.
const LONGEST: usize = 120;

/// Lines that are nothing but a preamble.
const PLAIN: &[&str] = &[
    "continuing",
    "continued",
    "continuation",
    "to continue",
    "continuing from where i left off",
    "continuing where i left off",
    "continuing exactly where i left off",
    "继续",
    "接上文",
    "续上文",
    "接着",
    "続き",
    "続けます",
    "계속",
    "продолжение",
    "продолжаю",
    "продолжаем",
    "suite",
    "fortsetzung",
    "continuación",
    "continuação",
    "تابع",
    "تتمة",
];

/// How a preamble opens.
const OPENERS: &[&str] = &[
    "sure",
    "certainly",
    "of course",
    "okay",
    "ok",
    "here is",
    "here's",
    "here’s",
    "i'll continue",
    "i’ll continue",
    "i will continue",
    "let me continue",
    "continuing",
    "apologies",
    "sorry",
    "好的",
    "当然",
    "以下是",
    "下面",
    "接下来",
    "继续",
    "抱歉",
    "もちろん",
    "はい",
    "以下",
    "承知",
    "네",
    "물론",
    "конечно",
    "хорошо",
    "вот",
    "bien sûr",
    "voici",
    "natürlich",
    "gerne",
    "hier ist",
    "hier geht",
    "claro",
    "por supuesto",
    "aquí",
    "aqui",
    "بالتأكيد",
    "بالطبع",
    "حسن",
];

/// What a preamble speaks of.
const SUBJECTS: &[&str] = &[
    "continu",
    "the rest",
    "left off",
    "cut off",
    "where it stopped",
    "继续",
    "续写",
    "接着",
    "余下",
    "剩余",
    "后续",
    "続",
    "계속",
    "이어",
    "продолж",
    "suite",
    "fortsetz",
    "geht es weiter",
    "fortfahren",
    "تابع",
    "تكملة",
    "متابعة",
    "بقية",
];

/// The length in bytes of a preamble at the head of `text`, with the blank lines after it, and whether it is
/// certain to be one.
pub(super) fn length(text: &str) -> Option<(usize, bool)> {
    let lead = text.len() - text.trim_start().len();
    let line = text[lead..].split_inclusive('\n').next()?;
    if !line.ends_with('\n') || line.chars().count() > LONGEST {
        return None;
    }
    let certain = certainty(line)?;
    let after = lead + line.len();
    let blank = text[after..].len() - text[after..].trim_start_matches(['\n', '\r']).len();
    Some((after + blank, certain))
}

fn certainty(line: &str) -> Option<bool> {
    let line = line.trim().trim_matches(['*', '_', '(', ')', '（', '）', '[', ']', '【', '】']);
    let bare = line.trim_end_matches([':', '：', '.', '。', '…', '!', '！', '-', '—']).trim().to_lowercase();
    if PLAIN.contains(&bare.as_str()) {
        return Some(bare.len() != line.trim().len());
    }
    let opens = OPENERS.iter().any(|opener| bare.starts_with(opener));
    let speaks_of_it = SUBJECTS.iter().any(|subject| bare.contains(subject));
    let announces = line.ends_with([':', '：', '。', '.', '…', '!', '！']);
    match (opens, speaks_of_it) {
        (true, true) if announces => Some(!bare.starts_with("continuing") || bare.contains("left off")),
        (true, _) | (_, true) if announces => Some(false),
        _ => None,
    }
}
