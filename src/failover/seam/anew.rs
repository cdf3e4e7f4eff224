//! Whether a continuation that repeats nothing is a new answer rather than the rest of the old one.
//!
//! Why judge by capitals? A sentence does not go on with a capital letter glued to a small one, and seldom with
//! the very word the answer opened with. Where neither is the case nothing can be told, and the text is taken
//! as it comes. Code has its own rules and is left alone.

/// Whether `new` cannot be what follows `delivered`.
pub(super) fn begins_anew(delivered: &str, new: &str) -> bool {
    let Some(first) = prose_word(new) else { return false };
    let last = delivered.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let glued = last.chars().count() >= 2 && last.chars().all(char::is_lowercase);
    let in_sentence = delivered.trim_end().ends_with(|c: char| c.is_lowercase() || c == ',');
    let in_line = !delivered.ends_with('\n');
    glued || (in_sentence && in_line && prose_word(delivered) == Some(first))
}

/// The capitalised word of prose that a text begins with.
fn prose_word(text: &str) -> Option<&str> {
    let word = &text[..text.find([' ', ',']).filter(|end| *end > 1)?];
    let mut letters = word.chars();
    let capitalised = letters.next().is_some_and(char::is_uppercase);
    (capitalised && letters.all(|c| c.is_lowercase() || c == '\'' || c == '’')).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capital_glued_to_a_small_letter_is_a_new_answer() {
        assert!(begins_anew("It dissolves roc", "Well, sea water holds salt."));
        assert!(begins_anew("one two three four five", "Uno dos tres"));
        assert!(begins_anew(
            "The keeper counted the ships, and one of them ",
            "The keeper of the light was old."
        ));
    }

    #[test]
    fn what_may_go_on_is_believed() {
        for (delivered, new) in [
            ("It dissolves roc", "k, and rivers"),
            ("It dissolves", " rock"),
            ("It is over. ", "The end is near."),
            ("I met ", "Bob and Alice."),
            ("call getUser", "Name(id) to"),
            ("my i", "Phone is"),
            ("the Mac", "Donald clan"),
            ("A list\n", "A second line here"),
            ("海水之所以咸", "是因为河流"),
            ("and then", ""),
        ] {
            assert!(!begins_anew(delivered, new), "{delivered:?} + {new:?}");
        }
    }
}
