//! `failures`, part 1: before the first content.

use mainstay::testing::{Failure, Step};

use super::*;

fn failure(kind: Kind, retry_after: Option<u64>) -> Failure {
    Failure { kind, status: None, retry_after: retry_after.map(secs), refuses_prefill: false }
}

#[tokio::test(start_paused = true)]
async fn what_is_no_fault_of_the_request_moves_to_the_next_target_at_once() {
    for kind in [
        Kind::Connect,
        Kind::Tls,
        Kind::TimeoutConnect,
        Kind::Overloaded,
        Kind::Quota,
        Kind::Billing,
        Kind::Auth,
        Kind::BadResponse,
        Kind::ContextTooLong,
        Kind::ModelNotFound,
        Kind::Unsupported,
        Kind::InvalidRequest,
    ] {
        let (a, b) = (Arc::new(Scripted::failing("a", kind)), Arc::new(answering("b")));
        let begun = tokio::time::Instant::now();
        let seen = run(&client(&[&a, &b]), "Hi").await;
        assert_eq!(begun.elapsed(), secs(0), "{kind}");
        assert_eq!((seen.text().as_str(), a.calls().len()), (ANSWER, 1), "{kind}");
        assert_eq!(seen.failovers(), [("a".into(), "b".into(), kind, Mode::Fresh, 0)]);
        assert_eq!(seen.trail(), [format!("a failed {kind}"), "b completed".to_owned()]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_error_or_a_reset_is_tried_once_more_within_a_tenth_of_a_second() {
    for kind in [Kind::ServerError, Kind::Reset] {
        let once = Arc::new(answering("a").reply([Step::fail(kind)]));
        let b = Arc::new(answering("b"));
        let begun = tokio::time::Instant::now();
        let seen = run(&client(&[&once, &b]), "Hi").await;
        assert!(begun.elapsed() <= Duration::from_millis(100));
        assert_eq!((seen.text().as_str(), b.calls().len(), seen.failovers().len()), (ANSWER, 0, 0), "{kind}");

        let always = Arc::new(Scripted::failing("a", kind));
        let seen = run(&client(&[&always, &b]), "Hi").await;
        assert_eq!((seen.text().as_str(), always.calls().len()), (ANSWER, 2), "{kind}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_target_that_failed_others_lately_is_not_tried_once_more() {
    let (a, b) = (Arc::new(Scripted::failing("a", Kind::ServerError)), Arc::new(answering("b")));
    let client = client(&[&a, &b]);
    run(&client, "one").await;
    run(&client, "two").await;
    assert_eq!(a.calls().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_short_retry_after_is_waited_for_once_and_a_long_one_is_not() {
    let a = Arc::new(answering("a").reply([Step::fail(failure(Kind::RateLimited, Some(2)))]));
    let b = Arc::new(answering("b"));
    let begun = tokio::time::Instant::now();
    let seen = run(&client(&[&a, &b]), "Hi").await;
    assert_eq!((begun.elapsed(), seen.text().as_str(), b.calls().len()), (secs(2), ANSWER, 0));

    let a = Arc::new(Scripted::failing("a", failure(Kind::RateLimited, Some(30))));
    let client = client(&[&a, &b]);
    let begun = tokio::time::Instant::now();
    run(&client, "Hi").await;
    let seen = run(&client, "Hi again").await;
    assert_eq!((begun.elapsed(), a.calls().len()), (secs(0), 1), "paced, so not even asked");
    let Event::Start { skipped, .. } = &seen.events[0] else { panic!("{:?}", seen.events[0]) };
    assert!(skipped[0].reason.contains("rate_limited, next try in 30"), "{}", skipped[0].reason);
}

#[tokio::test(start_paused = true)]
async fn an_empty_account_is_left_alone_for_a_quarter_of_an_hour() {
    let (a, b) = (Arc::new(answering("a").reply([Step::fail(Kind::Billing)])), Arc::new(answering("b")));
    let client = client(&[&a, &b]);
    for _ in 0..3 {
        run(&client, "Hi").await;
    }
    assert_eq!(a.calls().len(), 1);
    tokio::time::advance(secs(15 * 60)).await;
    run(&client, "Hi").await;
    assert_eq!(a.calls().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_finish_with_no_content_is_no_answer() {
    let (a, b) = (Arc::new(Scripted::new("a").reply([Step::finish()])), Arc::new(answering("b")));
    let seen = run(&client(&[&a, &b]), "Hi").await;
    assert_eq!((seen.text().as_str(), seen.trail()[0].as_str()), (ANSWER, "a failed bad_response"));
}

#[tokio::test(start_paused = true)]
async fn refused_content_is_given_to_the_caller() {
    let (a, b) = (Arc::new(Scripted::failing("a", Kind::ContentFilter)), Arc::new(answering("b")));
    let seen = run(&client(&[&a, &b]), "Hi").await;
    assert_eq!((seen.kind(), b.calls().len()), (Some(Kind::ContentFilter), 0));
    assert!(seen.error.unwrap().handle().is_none());
}

#[tokio::test(start_paused = true)]
async fn two_providers_that_call_a_request_broken_end_it() {
    let [a, b] = ["a", "b"].map(|id| Arc::new(Scripted::failing(id, Kind::InvalidRequest)));
    let c = Arc::new(answering("c"));
    let seen = run(&client(&[&a, &b, &c]), "Hi").await;
    assert_eq!((seen.kind(), c.calls().len()), (Some(Kind::InvalidRequest), 0));
}

#[tokio::test(start_paused = true)]
async fn a_conversation_too_long_goes_to_a_larger_window_only() {
    let window = |tokens| {
        let mut abilities = Abilities::default();
        abilities.context_window = Some(tokens);
        abilities
    };
    let a = Arc::new(Scripted::failing("a", Kind::ContextTooLong).abilities(window(8_000)));
    let b = Arc::new(answering("b").abilities(window(8_000)));
    let c = Arc::new(answering("c").abilities(window(64_000)));
    let seen = run(&client(&[&a, &b, &c]), "Hi").await;
    assert_eq!((seen.text().as_str(), b.calls().len(), c.calls().len()), (ANSWER, 0, 1));
}

#[tokio::test(start_paused = true)]
async fn without_another_target_a_transient_failure_is_tried_twice_and_a_lasting_one_once() {
    for (kind, calls) in [
        (Kind::Overloaded, 2),
        (Kind::Connect, 2),
        (Kind::Auth, 1),
        (Kind::Billing, 1),
        (Kind::ModelNotFound, 1),
    ] {
        let a = Arc::new(Scripted::failing("a", kind));
        let seen = run(&client(&[&a]), "Hi").await;
        assert_eq!((seen.kind(), a.calls().len()), (Some(kind), calls), "{kind}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_error_is_the_first_one_and_says_what_was_tried() {
    let a = Arc::new(Scripted::failing("a", Kind::Auth));
    let b = Arc::new(Scripted::failing("b", Kind::Billing));
    let seen = run(&client(&[&a, &b]), "Hi").await;
    assert_eq!(seen.trail(), ["a failed auth", "b failed billing"]);
    let error = seen.error.unwrap();
    assert_eq!((error.kind(), error.partial()), (Kind::Auth, None));
    assert!(error.to_string().contains("b/m: the key rests after billing, next try in 900"), "{error}");
    assert!(error.handle().is_some() && error.is_exhausted());
}
