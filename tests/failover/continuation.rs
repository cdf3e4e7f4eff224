//! What the next target may send, and what the reader then sees.

use mainstay::failover::OnBreak;
use mainstay::provider::Tail;
use mainstay::testing::Step;

use super::*;

const CUT: usize = 100;
const OTHER: &str =
    "The lighthouse keeper counted the ships each morning instead, and there were none at all to see.";

/// A chain in which `a` is cut and `b`, asked in words, sends this.
async fn after_cut(on_break: OnBreak, sends: &str) -> Seen {
    let a = Arc::new(answering("a").cut_after(CUT, Kind::Reset));
    let words = sends.split_inclusive(' ').map(Step::text).chain([Step::finish()]);
    let b = Arc::new(Scripted::new("b").reply(words));
    let chain = chain(&[&a, &b]).on_break(on_break);
    run(&builder(&[&a, &b]).chain("main", chain).build().unwrap(), "Hi").await
}

fn split() -> (String, String) {
    (ANSWER.chars().take(CUT).collect(), ANSWER.chars().skip(CUT).collect())
}

#[tokio::test(start_paused = true)]
async fn repetitions_of_any_length_are_read_once() {
    let (said, rest) = split();
    for repeated in [0, 12, 30, 60, CUT] {
        let again: String = said.chars().skip(CUT - repeated).collect();
        let seen = after_cut(OnBreak::Continue, &format!("{again}{rest}")).await;
        assert_eq!(seen.text(), ANSWER, "{again:?}");
        let Some(Event::Seam { mode, dropped_chars, .. }) =
            seen.events.iter().find(|e| matches!(e, Event::Seam { .. }))
        else {
            panic!("no seam")
        };
        assert_eq!((*mode, *dropped_chars), (Mode::Instruct, repeated as u64));
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_to_add_completes_the_answer() {
    let a = Arc::new(answering("a").cut_after(ANSWER.chars().count(), Kind::Truncated));
    for b in [prefilling("b"), answering("b")] {
        let seen = run(&client(&[&a, &Arc::new(b)]), "Hi").await;
        assert_eq!((seen.text().as_str(), seen.finished()), (ANSWER, true));
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_begun_again_in_other_words_leaves_the_first_incomplete() {
    let seen = after_cut(OnBreak::Continue, OTHER).await;
    assert_eq!((seen.kind(), seen.text()), (Some(Kind::Reset), split().0));
    assert_eq!(seen.trail(), ["a cut reset", "b cut bad_response"]);
    assert!(seen.error.unwrap().handle().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_can_unshow_text_gets_the_new_answer_from_its_beginning() {
    let seen = after_cut(OnBreak::Restart, OTHER).await;
    assert_eq!((seen.text().as_str(), seen.finished()), (OTHER, true));
    assert!(seen.events.contains(&Event::Restart { reason: Kind::Reset }));
}

#[tokio::test(start_paused = true)]
async fn an_answer_nobody_will_continue_is_begun_again_if_that_is_asked_for() {
    let a = Arc::new(answering("a").cut_after(CUT, Kind::Auth));
    let b = Arc::new(answering("b").reply([Step::fail(Kind::Unsupported)]));
    let chain = chain(&[&a, &b]).on_break(OnBreak::Restart).max_failovers(5);
    let seen = run(&builder(&[&a, &b]).chain("main", chain).build().unwrap(), "Hi").await;
    assert_eq!((seen.text().as_str(), seen.finished()), (ANSWER, true), "{:?}", seen.trail());
    assert!(seen.events.iter().any(|event| matches!(event, Event::Restart { .. })));
}

#[tokio::test(start_paused = true)]
async fn white_space_a_vendor_refuses_is_withheld_and_not_lost() {
    let mut abilities = Abilities::default();
    (abilities.prefill, abilities.trims_prefill) = (true, true);
    let text = "One line.\n\nAnother line.";
    let a = Arc::new(Scripted::answering("a", text).cut_after(11, Kind::Reset));
    for rest in ["\n\nAnother line.", "Another line.", "\nAnother line."] {
        let b = Scripted::new("b").abilities(abilities.clone()).reply([Step::text(rest), Step::finish()]);
        let a = Arc::new(Scripted::answering("a", text).cut_after(11, Kind::Reset));
        let b = Arc::new(b);
        let seen = run(&client(&[&a, &b]), "Hi").await;
        assert_eq!(
            (seen.text().as_str(), &b.calls()[0].tail),
            (text, &Tail::Prefill { text: "One line.".into() })
        );
    }
    drop(a);
}
