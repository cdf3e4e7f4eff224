//! `failures`, part 3: what holds for a whole request, and for a client.

use mainstay::testing::Step;

use super::*;

#[tokio::test(start_paused = true)]
async fn two_dead_providers_cost_half_a_request_per_call_and_the_caller_hears_at_once() {
    let [a, b] = ["a", "b"].map(|id| Arc::new(Scripted::failing(id, Kind::Overloaded)));
    let client = client(&[&a, &b]);
    let mut waits = Vec::new();
    for _ in 0..10 {
        let calls = (0..20).map(|n| {
            let client = client.clone();
            async move {
                let begun = tokio::time::Instant::now();
                let seen = run(&client, format!("question {n}")).await;
                assert!(matches!(seen.kind(), Some(Kind::Overloaded | Kind::NoTarget)), "{:?}", seen.kind());
                begun.elapsed()
            }
        });
        waits.extend(futures_util::future::join_all(calls).await);
    }
    waits.sort();
    let requests = a.calls().len() + b.calls().len();
    assert!(requests <= 100, "{requests} requests for 200 calls");
    assert!(waits[100] <= Duration::from_millis(10), "{:?}", waits[100]);
}

#[tokio::test(start_paused = true)]
async fn a_short_outage_is_over_within_half_a_minute() {
    let a = Arc::new(Scripted::failing("a", Kind::Overloaded));
    let b = Arc::new(answering("b"));
    let client = client(&[&a, &b]);
    let asked = |a: &Arc<Scripted>| a.calls().len();
    for _ in 0..15 {
        run(&client, "Hi").await;
        tokio::time::advance(secs(4)).await;
    }
    let during = asked(&a);
    assert!(during <= 9, "{during} requests to a dead provider in a minute");
    let up = tokio::time::Instant::now();
    while asked(&a) == during {
        tokio::time::advance(secs(4)).await;
        run(&client, "Hi").await;
    }
    assert!(up.elapsed() <= secs(30), "{:?}", up.elapsed());
}

#[tokio::test(start_paused = true)]
async fn the_deadline_covers_all_attempts() {
    let steps = |n: u64| [Step::Accept, Step::Wait(secs(n)), Step::fail(Kind::Overloaded)];
    let [a, b, c] = ["a", "b", "c"].map(|id| Arc::new(Scripted::new(id).reply(steps(4))));
    let mut limits = timeouts(60, 60);
    limits.total = secs(10);
    let client = builder(&[&a, &b, &c]).chain("main", chain(&[&a, &b, &c])).timeouts(limits).build().unwrap();
    let begun = tokio::time::Instant::now();
    let seen = run(&client, "Hi").await;
    assert_eq!((begun.elapsed(), seen.kind()), (secs(10), Some(Kind::Deadline)));
}

#[tokio::test(start_paused = true)]
async fn dropping_the_stream_closes_the_connection_and_blames_nobody() {
    let a = Arc::new(Scripted::new("a").reply([Step::text("One, "), Step::Hang]));
    let b = Arc::new(answering("b"));
    let client = client(&[&a, &b]);
    for _ in 0..20 {
        let mut stream = client.stream("Hi");
        while !matches!(stream.next().await, Some(Ok(Event::Text { .. }))) {}
        drop(stream);
    }
    assert_eq!((a.open_streams(), b.calls().len()), (0, 0));
    let health = &client.health(client.default_chain())[0].1;
    assert_eq!((health.failures, health.refused.as_deref()), (0, None));
}

#[tokio::test(start_paused = true)]
async fn giving_up_says_how_far_it_had_come() {
    let a = Arc::new(Scripted::new("a").reply([Step::text("One, "), Step::Hang]));
    let client = client(&[&a]);
    let mut stream = client.stream("Hi");
    while !matches!(stream.next().await, Some(Ok(Event::Text { .. }))) {}
    let error = stream.cancel();
    assert_eq!((error.kind(), error.partial(), a.open_streams()), (Kind::Cancelled, Some("One, "), 0));
    assert_eq!(error.attempts()[0].outcome, Outcome::Cancelled);
    assert_eq!(error.handle().unwrap().text, "One, ");
}

#[tokio::test(start_paused = true)]
async fn one_request_that_fails_everywhere_does_not_close_the_chain_to_others() {
    let a = Arc::new(answering("a").reply([Step::fail(Kind::Reset)]).reply([Step::fail(Kind::Reset)]));
    let client = client(&[&a]);
    assert_eq!(run(&client, "poison").await.kind(), Some(Kind::Reset));
    assert_eq!(run(&client, "fine").await.text(), ANSWER);
}

#[tokio::test(start_paused = true)]
async fn tools_and_images_go_only_to_those_who_can() {
    let mut abilities = Abilities::default();
    (abilities.tools, abilities.images) = (false, false);
    let (a, b) = (Arc::new(answering("a").abilities(abilities)), Arc::new(answering("b")));
    let tool = mainstay::chat::Tool {
        name: "look".into(),
        description: String::new(),
        parameters: serde_json::json!({}),
    };
    let seen = run(&client(&[&a, &b]), Request::user("Hi").tool(tool.clone())).await;
    let Event::Start { target, skipped, .. } = &seen.events[0] else { panic!() };
    assert_eq!((target.provider(), skipped[0].reason.as_str()), ("b", "it cannot call tools"));
    let seen = run(&client(&[&a]), Request::user("Hi").tool(tool)).await;
    assert_eq!(seen.kind(), Some(Kind::NoTarget));
}

#[tokio::test(start_paused = true)]
async fn the_order_of_the_chain_is_kept_after_a_success() {
    let (a, b) = (Arc::new(answering("a").reply([Step::fail(Kind::Overloaded)])), Arc::new(answering("b")));
    let client = client(&[&a, &b]);
    run(&client, "one").await;
    run(&client, "two").await;
    assert_eq!((a.calls().len(), b.calls().len()), (2, 1));
}
