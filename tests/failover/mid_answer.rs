//! `failures`, part 2: in the middle of the answer.

use mainstay::chat::{Message, ToolCall};
use mainstay::failover::OnBreak;
use mainstay::provider::{Delta, Tail};
use mainstay::testing::Step;

use super::*;

const BREAKS: [Kind; 8] = [
    Kind::Reset,
    Kind::Truncated,
    Kind::BadStream,
    Kind::Overloaded,
    Kind::ServerError,
    Kind::RateLimited,
    Kind::Auth,
    Kind::Billing,
];

#[tokio::test(start_paused = true)]
async fn a_cut_answer_goes_on_elsewhere_and_is_read_once() {
    for kind in BREAKS {
        for cut in [1, 30, 130, ANSWER.chars().count()] {
            let (a, b) = (Arc::new(answering("a").cut_after(cut, kind)), Arc::new(prefilling("b")));
            let seen = run(&client(&[&a, &b]), "Hi").await;
            assert_eq!(seen.text(), ANSWER, "{kind} after {cut}");
            assert_eq!(seen.failovers(), [("a".into(), "b".into(), kind, Mode::Prefill, cut as u64)]);
            assert_eq!(seen.trail(), [format!("a cut {kind}"), "b completed".to_owned()]);
            let Tail::Prefill { text } = &b.calls()[0].tail else { panic!("{:?}", b.calls()[0].tail) };
            assert_eq!(**text, *ANSWER.chars().take(cut).collect::<String>());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_target_without_prefill_is_asked_in_words() {
    let (a, b) = (Arc::new(answering("a").cut_after(60, Kind::Reset)), Arc::new(answering("b")));
    let seen = run(&client(&[&a, &b]), Request::user("Tell me").system("Be brief.")).await;
    assert_eq!(seen.text(), ANSWER);
    let call = &b.calls()[0];
    let [said, ask] = &call.tail_messages()[..] else { panic!("{:?}", call.tail) };
    assert_eq!(said, &Message::assistant(ANSWER.chars().take(60).collect::<String>()));
    assert!(ask.text().contains("cut off"));
    assert_eq!(call.request.messages, [Message::system("Be brief."), Message::user("Tell me")]);
}

#[tokio::test(start_paused = true)]
async fn a_refused_prefill_is_asked_again_in_words_and_remembered() {
    let refusal = mainstay::testing::Failure { refuses_prefill: true, ..Kind::InvalidRequest.into() };
    let a = Arc::new(answering("a").cut_after(60, Kind::Reset).cut_after(60, Kind::Reset));
    let b = Arc::new(prefilling("b").reply([Step::fail(refusal)]));
    let client = client(&[&a, &b]);
    let seen = run(&client, "Hi").await;
    assert_eq!(seen.text(), ANSWER);
    assert_eq!(seen.trail(), ["a cut reset", "b failed invalid_request", "b completed"]);
    let seen = run(&client, "Hi").await;
    assert_eq!((seen.text().as_str(), seen.attempts().len()), (ANSWER, 2), "asked in words at once");
}

#[tokio::test(start_paused = true)]
async fn a_second_and_a_third_cut_are_handled_like_the_first() {
    let a = Arc::new(prefilling("a").cut_after(20, Kind::Reset).cut_after(20, Kind::Reset));
    let b = Arc::new(prefilling("b").cut_after(30, Kind::Truncated));
    let c = Arc::new(prefilling("c").cut_after(40, Kind::BadStream));
    let seen = run(&client(&[&a, &b, &c]), "Hi").await;
    assert_eq!(seen.text().chars().count(), 20 + 30 + 40 + 20, "{:?}", seen.trail());
    let seen_starts = ANSWER.starts_with(&seen.text());
    assert!(seen_starts && seen.kind() == Some(Kind::Reset));
    let handle = seen.error.as_ref().unwrap().handle().unwrap().clone();
    assert_eq!(handle.text, seen.text());
}

#[tokio::test(start_paused = true)]
async fn the_only_target_goes_on_with_its_own_answer_after_a_backoff() {
    let a = Arc::new(prefilling("a").cut_after(50, Kind::Reset));
    let seen = run(&client(&[&a]), "Hi").await;
    assert_eq!(seen.text(), ANSWER);
    assert_eq!(seen.failovers(), [("a".into(), "a".into(), Kind::Reset, Mode::Prefill, 50)]);
}

#[tokio::test(start_paused = true)]
async fn a_continuation_that_fails_reports_the_original_error_with_text_and_handle() {
    let a = Arc::new(answering("a").cut_after(50, Kind::Reset));
    let b = Arc::new(Scripted::failing("b", Kind::Auth));
    let client = builder(&[&a, &b]).chain("main", chain(&[&a, &b]).max_failovers(1)).build().unwrap();
    let seen = run(&client, "Hi").await;
    let error = seen.error.as_ref().unwrap();
    let half: String = ANSWER.chars().take(50).collect();
    assert_eq!((error.kind(), error.phase()), (Kind::Reset, mainstay::chat::Phase::MidStream));
    assert_eq!(error.partial(), Some(half.as_str()));

    let handle = serde_json::to_string(error.handle().unwrap()).unwrap();
    let rest = collect(client.resume(serde_json::from_str(&handle).unwrap()).unwrap()).await;
    assert_eq!(half + &rest.text(), ANSWER);
}

#[tokio::test(start_paused = true)]
async fn never_continue_means_incomplete() {
    for (on_break, moves) in [(OnBreak::Fail, None), (OnBreak::Continue, Some(0))] {
        let (a, b) = (Arc::new(answering("a").cut_after(50, Kind::Reset)), Arc::new(answering("b")));
        let mut chain = chain(&[&a, &b]).on_break(on_break);
        chain.max_failovers = moves;
        let client = builder(&[&a, &b]).chain("main", chain).build().unwrap();
        let seen = run(&client, "Hi").await;
        assert_eq!((seen.kind(), seen.text().len(), b.calls().len()), (Some(Kind::Reset), 50, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn half_a_tool_call_is_dropped_and_whole_ones_are_given_once() {
    let call = ToolCall { id: "1".into(), name: "look".into(), arguments: "{}".into() };
    let steps = |fails| {
        let mut steps = vec![
            Step::text("Let me see. "),
            Delta::ToolProgress.into(),
            Delta::ToolCall(call.clone()).into(),
        ];
        steps.push(if fails { Step::fail(Kind::Reset) } else { Delta::Finish("tool_calls".into()).into() });
        steps
    };
    let a = Arc::new(Scripted::new("a").reply(steps(true)));
    let b = Arc::new(Scripted::new("b").reply(steps(false).split_off(1)));
    let seen = run(&client(&[&a, &b]), "Hi").await;
    let calls: Vec<_> = seen.events.iter().filter(|event| matches!(event, Event::ToolCall(_))).collect();
    assert_eq!((seen.text().as_str(), calls.len()), ("Let me see. ", 1));
}

#[tokio::test(start_paused = true)]
async fn structured_output_is_released_whole_or_begun_again() {
    let json = r#"{"name": "Ida", "age": 7}"#;
    let a = Arc::new(Scripted::answering("a", json).cut_after(10, Kind::Reset));
    let b = Arc::new(Scripted::answering("b", json));
    let schema = mainstay::chat::Schema::new("person", serde_json::json!({"type": "object"}));
    let seen = run(&client(&[&a, &b]), Request::user("Hi").schema(schema.clone())).await;
    assert_eq!((seen.text().as_str(), seen.failovers()[0].3), (json, Mode::Fresh));
    assert_eq!(b.calls()[0].tail, Tail::Fresh);

    let a = Arc::new(Scripted::answering("a", "Sure! {\"name\""));
    let seen = run(&client(&[&a, &b]), Request::user("Hi").schema(schema)).await;
    assert_eq!((seen.text().as_str(), seen.trail()[0].as_str()), (json, "a cut invalid_output"));
}

#[tokio::test(start_paused = true)]
async fn thinking_begins_again_after_a_seam_and_is_marked() {
    let think = |text: &str| Step::from(Delta::Reasoning(text.into()));
    let a = Arc::new(Scripted::new("a").reply([think("Hm. "), Step::text("One, "), Step::fail(Kind::Reset)]));
    let b = Arc::new(Scripted::new("b").reply([think("Well. "), Step::text("two."), Step::finish()]));
    let seen = run(&client(&[&a, &b]), "Count").await;
    let thoughts = seen.events.iter().filter_map(|event| match event {
        Event::Reasoning { text, restarted } => Some((text.as_str(), *restarted)),
        _ => None,
    });
    assert_eq!(thoughts.collect::<Vec<_>>(), [("Hm. ", false), ("Well. ", true)]);
    assert_eq!(seen.text(), "One, two.");
}

#[tokio::test(start_paused = true)]
async fn usage_of_a_cut_attempt_is_estimated_and_what_is_left_of_max_tokens_is_handed_on() {
    let (a, b) = (Arc::new(answering("a").cut_after(80, Kind::Reset)), Arc::new(prefilling("b")));
    let seen = run(&client(&[&a, &b]), Request::user("Hi").max_tokens(100)).await;
    assert_eq!((a.calls()[0].max_tokens, b.calls()[0].max_tokens), (Some(100), Some(80)));
    let usage = seen.attempts()[0].usage;
    assert!(usage.estimated && usage.output_tokens == 20, "{usage:?}");
}

#[tokio::test(start_paused = true)]
async fn an_error_after_the_end_changes_nothing() {
    let a =
        Arc::new(Scripted::new("a").reply([Step::text("Done."), Step::finish(), Step::fail(Kind::Reset)]));
    let b = Arc::new(answering("b"));
    let seen = run(&client(&[&a, &b]), "Hi").await;
    assert_eq!((seen.text().as_str(), seen.finished(), b.calls().len()), ("Done.", true, 0));
    assert_eq!(seen.attempts()[0].message.as_deref(), Some("after the end: reset"));
}
