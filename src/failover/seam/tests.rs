use proptest::prelude::*;

use super::*;

const STORY: &str = "The lighthouse keeper counted the ships each evening. On the ninth of March there were eleven, and one of them";
const REST: &str = " carried no lights at all. He wrote it down twice.";

/// What the reader sees after `delivered`, when the model sends `continuation` in these pieces.
fn join(mut seam: Seam, pieces: &[&str]) -> Option<String> {
    let mut seen = String::new();
    let mut made = false;
    for piece in pieces {
        if made {
            seen.push_str(piece);
            continue;
        }
        match seam.push(piece) {
            Joint::Hold => {}
            Joint::Made { text, .. } => {
                seen.push_str(&text);
                made = true;
            }
            Joint::StartedOver { .. } => return None,
        }
    }
    if !made {
        match seam.settle() {
            Joint::Made { text, .. } => seen.push_str(&text),
            Joint::Hold => panic!("nothing may be held back in the end"),
            Joint::StartedOver { .. } => return None,
        }
    }
    Some(seen)
}

fn instructed(delivered: &str, continuation: &str) -> Option<String> {
    let seam = || Seam::instruct(delivered.into(), ask("", delivered).anchor);
    let whole = join(seam(), &[continuation]);
    let letters: Vec<String> = continuation.chars().map(String::from).collect();
    let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
    assert_eq!(join(seam(), &letters), whole, "the pieces a continuation comes in must not matter");
    whole
}

fn prefilled(delivered: &str, sent: usize, echoes: bool, continuation: &str) -> Option<String> {
    join(Seam::prefill(delivered.into(), sent, echoes), &[continuation])
}

#[test]
fn what_an_instructed_model_repeats_is_dropped() {
    let anchor = &STORY[ask("", STORY).anchor..];
    for continuation in [
        REST.to_owned(),
        format!("{anchor}{REST}"),
        format!("On the ninth of March there were eleven, and one of them{REST}"),
        format!("{STORY}{REST}"),
        format!("Sure, here is the continuation:\n\n{anchor}{REST}"),
        format!("Continuing from where I left off:\n{anchor}{REST}"),
        format!("\"{anchor}{REST}"),
        format!("… {anchor}{REST}"),
        format!("Sure, I'll continue where it stopped:\n\n{STORY}{REST}"),
    ] {
        assert_eq!(instructed(STORY, &continuation).as_deref(), Some(REST), "{continuation}");
    }
}

#[test]
fn chinese_is_joined_like_english() {
    let delivered = "灯塔看守人每天傍晚都数船。三月九日那天一共有十一艘，其中一艘";
    let rest = "完全没有灯光。他把这件事记了两遍。";
    let anchor = &delivered[ask("", delivered).anchor..];
    assert!(ask("请写一个故事", delivered).text.contains("继续"));
    for continuation in [
        rest.to_owned(),
        format!("{anchor}{rest}"),
        format!("其中一艘{rest}"),
        format!("{delivered}{rest}"),
        format!("好的，以下是继续的内容：\n\n{anchor}{rest}"),
    ] {
        assert_eq!(instructed(delivered, &continuation).as_deref(), Some(rest), "{continuation}");
    }
}

#[test]
fn a_real_repetition_is_never_lost() {
    for (delivered, continuation) in [
        ("| a | b |\n|---|---|\n| 1 | 1 |\n| 1 | 1 |\n", "| 1 | 1 |\n| 2 | 2 |\n"),
        ("Row, row, row your boat, row, row, ", "row, row, row!"),
        ("fn f() {\n    {\n        {\n        }\n", "    }\n}\n"),
        ("It was very ", "very cold."),
        ("1. **Step one**: wash.\n2. ", "**Step two**: rinse."),
        ("That had ", "had no effect."),
    ] {
        assert_eq!(instructed(delivered, continuation).as_deref(), Some(continuation), "{delivered:?}");
    }
}

#[test]
fn an_answer_begun_again_in_other_words_is_told_apart() {
    let other =
        "The lighthouse keeper counted the ships each morning, not each evening, and found there were none.";
    assert_eq!(instructed(STORY, other), None);
}

#[test]
fn a_fence_opened_again_is_dropped_and_one_that_closes_is_kept() {
    let code = "Here:\n\n```rust\nfn main() {\n    let answer = 42;\n";
    let rest = "    println!(\"{answer}\");\n}\n```\n";
    assert_eq!(instructed(code, &format!("```rust\n{rest}")).as_deref(), Some(rest));
    let plain = "Here:\n\n```\nfirst line of the listing\n";
    assert_eq!(instructed(plain, "```\nAnd that is all.").as_deref(), Some("```\nAnd that is all."));
}

#[test]
fn white_space_at_the_joint_is_not_doubled() {
    let delivered = format!("{STORY}\n\n");
    let anchor = &STORY[ask("", &delivered).anchor..];
    for (continuation, seen) in [
        (format!("{anchor}\n\nThe end."), "The end."),
        (format!("{anchor}\nThe end."), "The end."),
        (format!("{anchor} The end."), " The end."),
        ("The end.".to_owned(), "The end."),
    ] {
        assert_eq!(instructed(&delivered, &continuation).as_deref(), Some(seen), "{continuation:?}");
    }
    assert_eq!(prefilled("Hello, ", 6, false, " world").as_deref(), Some("world"));
    assert_eq!(prefilled("Hello, ", 6, false, "world").as_deref(), Some("world"));
    assert_eq!(prefilled("One.\n\n", 4, false, "\nTwo.").as_deref(), Some("Two."));
}

#[test]
fn a_prefilled_model_loses_only_a_full_exact_echo() {
    assert_eq!(prefilled(STORY, STORY.len(), false, REST).as_deref(), Some(REST));
    assert_eq!(prefilled(STORY, STORY.len(), false, &format!("{STORY}{REST}")).as_deref(), Some(REST));
    assert_eq!(prefilled(STORY, STORY.len(), false, "one of them").as_deref(), Some("one of them"));
    assert_eq!(prefilled(STORY, STORY.len(), false, &STORY[..60]).as_deref(), Some(&STORY[..60]));
    assert_eq!(prefilled("la la ", 6, false, "la la la").as_deref(), Some("la la la"));
    assert_eq!(prefilled("la la ", 6, true, "la la la").as_deref(), Some("la"));
    assert_eq!(prefilled("A", 1, false, "A rose").as_deref(), Some("A rose"));
}

#[test]
fn nothing_to_add_adds_nothing() {
    let anchor = &STORY[ask("", STORY).anchor..];
    for continuation in ["", anchor, STORY] {
        assert_eq!(instructed(STORY, continuation).as_deref(), Some(""), "{continuation:?}");
    }
}

#[test]
fn a_known_preamble_is_dropped_and_an_answers_own_line_is_kept() {
    let seen = instructed(STORY, "Sure, here is the continuation:\n\n carried no lights.");
    assert_eq!(seen.as_deref(), Some(" carried no lights."));
    for own in [
        "Continuing with step three:\nadd salt.",
        "Here's the thing: nobody knew.\nNobody.",
        "Sure.\nAnd then?",
    ] {
        assert_eq!(instructed(&format!("{STORY} was late. "), own).as_deref(), Some(own));
    }
}

#[test]
fn an_anchor_is_made_long_enough_to_be_unique() {
    let table = "| 1 | 1 |\n".repeat(3) + "| 2 | 3 |\n" + &"| 1 | 1 |\n".repeat(2);
    let anchor = &table[ask("", &table).anchor..];
    assert!(anchor.contains("| 2 | 3 |"), "{anchor:?}");
}

#[test]
fn the_instruction_is_in_the_conversations_language() {
    for (question, word) in [
        ("Why is the sea salty?", "answer was cut off"),
        ("为什么海水是咸的？", "中断"),
        ("なぜ海はしょっぱいのですか", "切れました"),
        ("Почему море солёное?", "оборвался"),
        ("لماذا البحر مالح؟", "انقطعت"),
        ("Warum ist das Meer salzig und nicht süß?", "brach ab"),
        ("Pourquoi la mer est-elle salée, et pas les lacs ?", "coupée"),
        ("바다는 왜 짠가요?", "끊겼습니다"),
    ] {
        assert!(ask(question, STORY).text.contains(word), "{question}");
    }
}

proptest! {
    #[test]
    fn a_clean_or_anchored_continuation_of_any_text_is_exact(text in "[a-zA-Z0-9 .,\\n中文é😀|`#-]{0,600}", cut in 0.0..1.0_f64, anchored in any::<bool>()) {
        let at = (0..=text.len()).filter(|at| text.is_char_boundary(*at)).min_by_key(|at| at.abs_diff((text.len() as f64 * cut) as usize)).unwrap();
        let (delivered, rest) = text.split_at(at);
        prop_assume!(!delivered.trim().is_empty() && anchored);
        let anchor = ask("", delivered).anchor;
        let continuation = format!("{}{rest}", &delivered[anchor..]);
        prop_assert_eq!(join(Seam::instruct(delivered.into(), anchor), &[&continuation]).unwrap(), rest);
    }

    #[test]
    fn no_input_panics(delivered in "\\PC{0,300}", pieces in prop::collection::vec("\\PC{0,80}", 0..8)) {
        let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
        join(Seam::instruct(delivered.as_str().into(), ask("", &delivered).anchor), &pieces);
        join(Seam::prefill(delivered.as_str().into(), delivered.trim_end().len(), true), &pieces);
    }
}
