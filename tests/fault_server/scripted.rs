//! The provider in memory, under a paused clock.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use mainstay::chat::{Kind, Request};
use mainstay::error::Error;
use mainstay::provider::{Call, Delta, Provider, Tail};
use mainstay::testing::{Failure, Scripted, Step};
use tokio::time::Instant;

fn call() -> Call {
    Call::new("m", Request::user("Hi"))
}

/// The text of one call, and how it ended: finished, or with which kind.
async fn ask(provider: &Scripted, call: Call) -> (String, Result<bool, Kind>) {
    let mut text = String::new();
    let mut finished = false;
    let mut stream = match provider.open(call).await {
        Ok(stream) => stream,
        Err(error) => return (text, Err(error.kind())),
    };
    while let Some(delta) = stream.next().await {
        match delta {
            Ok(Delta::Text(piece)) => text.push_str(&piece),
            Ok(Delta::Finish(_)) => finished = true,
            Ok(_) => {}
            Err(error) => return (text, Err(error.kind())),
        }
    }
    (text, Ok(finished))
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_cut_once_per_cut_and_whole_after() {
    let provider =
        Scripted::answering("a", "one two three").cut_after(5, Kind::Reset).cut_after(1, Kind::Truncated);
    assert_eq!(ask(&provider, call()).await, ("one t".into(), Err(Kind::Reset)));
    assert_eq!(ask(&provider, call()).await, ("o".into(), Err(Kind::Truncated)));
    assert_eq!(ask(&provider, call()).await, ("one two three".into(), Ok(true)));
}

#[tokio::test(start_paused = true)]
async fn an_answer_goes_on_exactly_behind_what_the_call_brings() {
    let provider = Scripted::answering("a", "one two three");
    for tail in [
        Tail::Prefill { text: "one t".into() },
        Tail::Instruct { text: "one t".into(), ask: "Go on.".into() },
    ] {
        let call = Call { tail: tail.clone(), ..call() };
        assert_eq!(ask(&provider, call).await, ("wo three".into(), Ok(true)));
        assert_eq!(provider.calls().last().unwrap().tail, tail);
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_before_anything_is_given_fails_in_open() {
    let mut limited = Failure::from(Kind::RateLimited);
    limited.retry_after = Some(Duration::from_secs(2));
    limited.status = Some(429);
    let provider = Scripted::new("a").reply([Step::Wait(Duration::from_secs(60)), Step::Fail(limited)]);
    let start = Instant::now();
    let error: Error = provider.open(call()).await.err().unwrap();
    assert_eq!(start.elapsed(), Duration::from_secs(60));
    assert_eq!((error.kind(), error.status()), (Kind::RateLimited, Some(429)));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(2)));
    assert_eq!(provider.open_streams(), 0);
}

#[tokio::test(start_paused = true)]
async fn steps_happen_in_order_and_the_last_reply_is_given_again() {
    let provider = Scripted::new("a").reply([Step::Accept, Step::fail(Kind::BadStream)]).reply([
        Step::text("a"),
        Step::Wait(Duration::from_secs(3600)),
        Step::text("b"),
        Step::End,
        Step::finish(),
    ]);
    assert!(provider.open(call()).await.is_ok());
    for _ in 0..2 {
        let start = Instant::now();
        assert_eq!(ask(&provider, call()).await, ("ab".into(), Ok(false)));
        assert_eq!(start.elapsed(), Duration::from_secs(3600));
    }
}

#[tokio::test(start_paused = true)]
async fn a_failing_provider_always_fails() {
    let provider = Scripted::failing("a", Kind::Overloaded);
    for _ in 0..3 {
        assert_eq!(ask(&provider, call()).await, (String::new(), Err(Kind::Overloaded)));
    }
    assert_eq!((provider.calls().len(), provider.closed()), (3, 3));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_stream_and_a_dropped_opening_are_counted_as_closed() {
    let provider = Arc::new(Scripted::new("a").reply([Step::Hang, Step::Accept]).reply([Step::Hang]));
    let opening = tokio::time::timeout(Duration::from_secs(1), provider.open(call())).await;
    assert!(opening.is_err());
    assert_eq!(provider.closed(), 1);
    let stream = provider.open(call()).await.unwrap();
    assert_eq!((provider.closed(), provider.open_streams()), (1, 1));
    drop(stream);
    assert_eq!((provider.closed(), provider.open_streams()), (2, 0));
}
