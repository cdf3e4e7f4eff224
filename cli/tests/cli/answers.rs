//! What an answer looks like in each form.

use mainstay::testing::{Continuation, Fault, Script};
use serde_json::Value;

use crate::bench::{ANSWER, Bench, text_of};

#[tokio::test]
async fn text_through_a_pipe_is_the_answer_and_not_a_byte_more() {
    let ran = Bench::healthy().await.run(&["ask", "Count."]).await;
    assert_eq!((ran.out.as_str(), ran.code), (ANSWER, Some(0)), "{}", ran.err);
    assert_eq!(ran.err, "");
}

#[tokio::test]
async fn control_characters_pass_a_pipe_unchanged() {
    let wild = "\x1b[31mred\x07\r\n\u{202e}turned";
    let ran = Bench::with(Script::answer(wild)).await.run(&["ask", "Paint."]).await;
    assert_eq!(ran.out, wild);
}

#[tokio::test]
async fn an_answer_cut_in_the_middle_is_whole_in_every_form() {
    let bench = Bench::with(Script::answer(ANSWER).fault(Fault::ResetAfter(23))).await;
    for extra in [&[][..], &["--no-stream"]] {
        let ask = |form: &'static str| [&["ask", "-o", form, "Count."], extra].concat();

        let ran = bench.run(&ask("text")).await;
        assert_eq!((ran.out.as_str(), ran.code), (ANSWER, Some(0)), "{}", ran.err);
        assert!(ran.err.contains("⤷ first/one → second/two: reset"), "{}", ran.err);
        assert!(!ran.err.contains('\x1b'), "{}", ran.err);

        let ran = bench.run(&ask("jsonl")).await;
        let events = ran.events();
        assert_eq!((text_of(&events).as_str(), ran.code), (ANSWER, Some(0)));
        assert_eq!(events[0]["type"], "start");
        let failover = events.iter().find(|event| event["type"] == "failover").unwrap();
        assert_eq!((&failover["from"], &failover["to"]), (&"first/one".into(), &"second/two".into()));

        let ran = bench.run(&ask("json")).await;
        let reply: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!((reply["text"].as_str(), ran.code), (Some(ANSWER), Some(0)));
    }
}

#[tokio::test]
async fn the_attempts_of_a_streamed_failover_are_told_truly() {
    let bench = Bench::with(Script::answer(ANSWER).fault(Fault::ResetAfter(23))).await;
    let end = bench.run(&["ask", "-o", "jsonl", "Count."]).await.end();
    let attempts = end["attempts"].as_array().unwrap();
    assert_eq!(attempts.len(), 2, "{end}");
    assert_eq!((&attempts[0]["outcome"], &attempts[0]["kind"]), (&"cut".into(), &"reset".into()));
    assert_eq!((&attempts[1]["outcome"], &attempts[1]["mode"]), (&"completed".into(), &"prefill".into()));
    assert_eq!(end["served_by"], serde_json::json!(["first/one", "second/two"]));
}

#[tokio::test]
async fn quiet_says_nothing_about_a_failover() {
    let bench = Bench::with(Script::answer(ANSWER).fault(Fault::busy())).await;
    let ran = bench.run(&["ask", "-q", "Count."]).await;
    assert_eq!((ran.out.as_str(), ran.err.as_str(), ran.code), (ANSWER, "", Some(0)));
}

#[tokio::test]
async fn verbose_never_shows_what_was_said() {
    let bench = Bench::with(Script::answer(ANSWER).fault(Fault::ResetAfter(23))).await;
    let ran = bench.run(&["ask", "-vvv", "Count the numbers."]).await;
    assert_eq!(ran.out, ANSWER);
    assert!(!ran.err.contains("Count the") && !ran.err.contains("two three"), "{}", ran.err);
}

#[tokio::test]
async fn restart_through_a_pipe_shows_only_the_answer_that_holds() {
    let ask = async |form| {
        let first =
            Script::answer(ANSWER).fault_once(Fault::ResetAfter(23)).continuation(Continuation::Refuse);
        let second = Script::answer(ANSWER).continuation(Continuation::Refuse);
        let bench = Bench::new(first, second).await;
        bench.run(&["ask", "--on-break", "restart", "-o", form, "Count."]).await
    };
    let ran = ask("text").await;
    assert_eq!((ran.out.as_str(), ran.code), (ANSWER, Some(0)), "{}", ran.err);

    let ran = ask("jsonl").await;
    let events = ran.events();
    assert!(events.iter().any(|event| event["type"] == "restart"), "{}", ran.out);
    assert_eq!(text_of(&events), ANSWER);
}

#[tokio::test]
async fn colour_can_be_forced_on_standard_error_and_never_reaches_the_answer() {
    let bench = Bench::with(Script::answer(ANSWER).fault(Fault::busy())).await;
    let ran = bench.run(&["ask", "--color", "always", "Count."]).await;
    assert!(ran.err.contains('\x1b'), "{}", ran.err);
    assert_eq!(ran.out, ANSWER);
}
