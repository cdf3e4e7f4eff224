//! Silence: before the first content, between two pieces, and after the end.

use mainstay::provider::Delta;
use mainstay::testing::Step;

use super::*;

fn silent(id: &str) -> Arc<Scripted> {
    Arc::new(Scripted::new(id).reply([Step::Accept, Step::Hang]))
}

fn patient(providers: &[&Arc<Scripted>], timeouts: Timeouts) -> Client {
    builder(providers).chain("main", chain(providers)).timeouts(timeouts).build().unwrap()
}

#[tokio::test(start_paused = true)]
async fn beside_a_silent_target_the_next_is_started_and_the_first_to_speak_wins() {
    let (a, b) = (silent("a"), Arc::new(answering("b")));
    let begun = tokio::time::Instant::now();
    let seen = run(&patient(&[&a, &b], timeouts(3, 5)), "Hi").await;
    assert_eq!((begun.elapsed(), seen.text().as_str()), (secs(3), ANSWER));
    assert_eq!(seen.failovers(), [("a".into(), "b".into(), Kind::TimeoutFirstToken, Mode::Fresh, 0)]);
    assert_eq!(seen.trail(), ["a lost_hedge timeout_first_token", "b completed"]);
    assert_eq!((a.closed(), b.closed()), (1, 1), "the loser is closed");
}

#[tokio::test(start_paused = true)]
async fn a_slow_target_that_speaks_first_after_all_wins() {
    let slow =
        [Step::Accept, Step::Wait(secs(4)), Step::text("Late but "), Step::text("here."), Step::finish()];
    let (a, b) = (Arc::new(Scripted::new("a").reply(slow)), silent("b"));
    let seen = run(&patient(&[&a, &b], timeouts(3, 5)), "Hi").await;
    assert_eq!((seen.text().as_str(), seen.failovers().len()), ("Late but here.", 0));
    assert_eq!(outcomes(&seen), [Outcome::LostHedge, Outcome::Completed]);
    assert_eq!(b.closed(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_loser_is_closed_before_the_winners_first_word_is_read() {
    let (a, b) = (silent("a"), Arc::new(answering("b")));
    let client = patient(&[&a, &b], timeouts(3, 5));
    let mut stream = client.stream("Hi");
    while let Some(event) = stream.next().await {
        if matches!(event.unwrap(), Event::Text { .. }) {
            return assert_eq!((a.closed(), b.closed()), (1, 0));
        }
    }
    panic!("no text");
}

#[tokio::test(start_paused = true)]
async fn two_silent_targets_start_a_third() {
    let (a, b, c) = (silent("a"), silent("b"), Arc::new(answering("c")));
    let begun = tokio::time::Instant::now();
    let seen = run(&patient(&[&a, &b, &c], timeouts(3, 5)), "Hi").await;
    assert_eq!((begun.elapsed(), seen.text().as_str()), (secs(6), ANSWER));
}

#[tokio::test(start_paused = true)]
async fn the_only_target_is_waited_for_up_to_the_deadline() {
    let mut limits = timeouts(3, 5);
    limits.total = secs(60);
    let begun = tokio::time::Instant::now();
    let seen = run(&patient(&[&silent("a")], limits), "Hi").await;
    assert_eq!((begun.elapsed(), seen.kind()), (secs(60), Some(Kind::Deadline)));
    assert_eq!(seen.trail(), ["a failed timeout_first_token"]);
}

#[tokio::test(start_paused = true)]
async fn a_failure_while_two_are_open_leaves_the_other_to_answer() {
    let (a, b) = (silent("a"), Arc::new(Scripted::new("b").reply([Step::fail(Kind::Overloaded)])));
    let late = [Step::Accept, Step::Wait(secs(5)), Step::text("Here."), Step::finish()];
    let c = Arc::new(Scripted::new("c").reply(late));
    let seen = run(&patient(&[&c, &b], timeouts(3, 5)), "Hi").await;
    assert_eq!((seen.text().as_str(), seen.failovers().len()), ("Here.", 0));

    let dies = [Step::Accept, Step::Wait(secs(4)), Step::fail(Kind::Reset)];
    let d = Arc::new(Scripted::new("d").reply(dies));
    let late = [Step::Accept, Step::Wait(secs(5)), Step::text("Here."), Step::finish()];
    let e = Arc::new(Scripted::new("e").reply(late));
    let seen = run(&patient(&[&d, &e, &a], timeouts(3, 5)), "Hi").await;
    assert_eq!(seen.text(), "Here.");
    assert_eq!(seen.failovers(), [("d".into(), "e".into(), Kind::Reset, Mode::Fresh, 0)]);
}

#[tokio::test(start_paused = true)]
async fn silence_in_mid_answer_counts_content_only() {
    let noise = [Step::text("One, "), Step::Wait(secs(3)), Step::text(""), Step::Wait(secs(3)), Step::Hang];
    let a = Arc::new(Scripted::new("a").reply(noise));
    let b = Arc::new(Scripted::answering("b", "One, two."));
    let begun = tokio::time::Instant::now();
    let seen = run(&patient(&[&a, &b], timeouts(3, 5)), "Hi").await;
    assert_eq!((begun.elapsed(), seen.text().as_str()), (secs(5), "One, two."));
    assert_eq!(seen.trail()[0], "a cut timeout_idle");
}

#[tokio::test(start_paused = true)]
async fn thinking_and_tool_calls_under_way_are_content() {
    let steps: Vec<Step> = (0..20)
        .flat_map(|n| {
            let delta = if n % 2 == 0 { Delta::Reasoning("Hm. ".into()) } else { Delta::ToolProgress };
            [Step::Wait(secs(4)), delta.into()]
        })
        .chain([Step::text("Done."), Step::finish()])
        .collect();
    let (a, b) = (Arc::new(Scripted::new("a").reply(steps)), Arc::new(answering("b")));
    let seen = run(&patient(&[&a, &b], timeouts(5, 5)), "Hi").await;
    assert_eq!((seen.text().as_str(), b.calls().len()), ("Done.", 0));
}

#[tokio::test(start_paused = true)]
async fn the_clock_stands_still_while_the_caller_does_not_ask() {
    let steps = [Step::text("One, "), Step::Wait(secs(4)), Step::text("two."), Step::finish()];
    let (a, b) = (Arc::new(Scripted::new("a").reply(steps)), Arc::new(answering("b")));
    let client = patient(&[&a, &b], timeouts(5, 5));
    let mut stream = client.stream("Hi");
    while !matches!(stream.next().await, Some(Ok(Event::Text { .. }))) {}
    tokio::time::sleep(secs(60)).await;
    let seen = collect(stream).await;
    assert_eq!((seen.text().as_str(), b.calls().len()), ("two.", 0));
}

#[tokio::test(start_paused = true)]
async fn after_the_end_only_two_seconds_are_spent_on_usage() {
    let a = Arc::new(Scripted::new("a").reply([Step::text("Done."), Step::finish(), Step::Hang]));
    let begun = tokio::time::Instant::now();
    let seen = run(&client(&[&a]), "Hi").await;
    assert_eq!((begun.elapsed(), seen.finished()), (secs(2), true));
}

#[tokio::test(start_paused = true)]
async fn the_caller_is_told_who_is_waited_for() {
    let (a, b) = (silent("a"), Arc::new(answering("b")));
    let seen = run(&patient(&[&a, &b], timeouts(12, 5)), "Hi").await;
    let notices = seen.events.iter().filter_map(|event| match event {
        Event::Waiting { target, silent_ms, next_ms } => {
            Some((target.provider().to_owned(), *silent_ms, *next_ms))
        }
        _ => None,
    });
    let notices: Vec<_> = notices.collect();
    assert_eq!(
        notices[..3],
        [("a".into(), 1000, 11000), ("a".into(), 2000, 10000), ("a".into(), 4000, 8000)]
    );
}

#[tokio::test(start_paused = true)]
async fn text_is_held_back_at_a_joint_for_a_second_and_a_half_at_most() {
    let a = Arc::new(answering("a").cut_after(60, Kind::Reset));
    let rest: String = ANSWER.chars().skip(60).collect();
    let (head, tail) = rest.split_at(10);
    let b = Arc::new(Scripted::new("b").reply([
        Step::text(head),
        Step::Wait(secs(4)),
        Step::text(tail),
        Step::finish(),
    ]));
    let client = patient(&[&a, &b], timeouts(5, 5));
    let mut stream = client.stream("Hi");
    let begun = tokio::time::Instant::now();
    let mut text = String::new();
    while let Some(event) = stream.next().await {
        if let Event::Text { text: piece } = event.unwrap() {
            text.push_str(&piece);
            if text.chars().count() == 70 {
                assert_eq!(begun.elapsed(), Duration::from_millis(1500));
            }
        }
    }
    assert_eq!(text, ANSWER);
}
