//! Which known names are near to one that is not known.
//!
//! It only ever suggests: a name is never guessed.

/// Longer than any name; keeps the comparison cheap whatever it is given.
const LONGEST: usize = 64;
/// More suggestions than this are noise.
const MOST: usize = 3;

/// The known names nearest to `word`, the nearest first; empty if none is near.
pub(crate) fn nearest<'a>(word: &str, known: &[&'a str]) -> Vec<&'a str> {
    if word.chars().count() > LONGEST {
        return Vec::new();
    }
    let word = word.to_lowercase();
    let mut near: Vec<_> =
        known.iter().filter_map(|name| distance(&word, name).map(|far| (far, *name))).collect();
    near.sort_unstable();
    near.into_iter().take(MOST).map(|(_, name)| name).collect()
}

fn distance(word: &str, name: &str) -> Option<usize> {
    let name = name.to_lowercase();
    let length = word.chars().count();
    let far = strsim::damerau_levenshtein(word, &name);
    let near = far <= ((length + 1) / 3).max(1) || (length >= 3 && name.starts_with(word));
    near.then_some(far)
}

/// "did you mean …? Known: …", to follow what was not known.
pub(crate) fn hint(word: &str, known: &[&str]) -> String {
    let list = known.join(", ");
    match did_you_mean(word, known) {
        Some(question) => format!("{question} Known: {list}"),
        None if known.is_empty() => "there are none".to_owned(),
        None => format!("known: {list}"),
    }
}

/// "did you mean …?", if anything is near.
pub(crate) fn did_you_mean(word: &str, known: &[&str]) -> Option<String> {
    let near: Vec<_> = nearest(word, known).into_iter().map(|name| format!("`{name}`")).collect();
    (!near.is_empty()).then(|| format!("did you mean {}?", near.join(" or ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[&str] = &["deepseek", "qwen", "openai", "openrouter", "work"];

    #[test]
    fn a_slip_of_the_finger_finds_its_name() {
        for (word, name) in
            [("deepsek", "deepseek"), ("DeepSeek", "deepseek"), ("wrok", "work"), ("opneai", "openai")]
        {
            assert_eq!(nearest(word, KNOWN), [name], "{word}");
        }
    }

    #[test]
    fn a_beginning_finds_all_that_go_on_from_it() {
        assert_eq!(nearest("open", KNOWN), ["openai", "openrouter"]);
    }

    #[test]
    fn what_resembles_nothing_gets_no_suggestion_but_the_list() {
        assert_eq!(hint("zzz", KNOWN), "known: deepseek, qwen, openai, openrouter, work");
        assert_eq!(hint("zzz", &[]), "there are none");
        assert_eq!(nearest(&"x".repeat(1 << 20), KNOWN), [""; 0]);
    }

    #[test]
    fn the_suggestion_reads_as_a_question() {
        assert_eq!(hint("wrk", &["work", "home"]), "did you mean `work`? Known: work, home");
    }
}
