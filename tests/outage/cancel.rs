//! The caller who leaves, and the one who asks for too much.

use mainstay::testing::Fault;

use super::*;

async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = std::time::Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(5), "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_dropped_stream_is_seen_closed_by_the_server_and_nobody_else_is_asked() {
    for wire in [Wire::OpenAiChat, Wire::Anthropic] {
        let a = FaultServer::start(Script::answer(ANSWER).fault(Fault::Stall(20))).await.unwrap();
        let b = healthy().await;
        let client = builder([endpoint("a", wire, &a), endpoint("b", wire, &b)]).build().unwrap();
        let mut stream = client.stream("Hi");
        while !matches!(stream.next().await, Some(Ok(Event::Text { .. }))) {}
        drop(stream);
        eventually("the server sees the connection closed", || a.requests()[0].left_early.is_some()).await;
        assert_eq!(b.requests().len(), 0);
        assert_eq!(client.health(client.default_chain())[0].1.failures, 0);
    }
}

#[tokio::test]
async fn the_loser_of_a_race_is_closed_and_seen_closed() {
    let a = FaultServer::start(Script::answer(ANSWER).fault(Fault::HeadersThenSilence)).await.unwrap();
    let b = healthy().await;
    let client =
        builder([endpoint("a", Wire::OpenAiChat, &a), endpoint("b", Wire::OpenAiChat, &b)]).build().unwrap();
    assert_eq!(client.ask("Hi").await.unwrap().text, ANSWER);
    eventually("the loser is closed", || a.requests()[0].left_early.is_some()).await;
}

#[tokio::test]
async fn ten_thousand_words_and_two_megabytes_pass_through() {
    let word = |n: usize| match n % 50 {
        10 => "```rust\nlet x = 1;\n```\n".to_owned(),
        20 => "海水之所以咸。".to_owned(),
        30 => "👩‍👩‍👧‍👦 ".to_owned(),
        _ => format!("word{n} "),
    };
    let answer: String = (0..10_000).map(word).collect();
    let middle = answer.chars().count() / 2;
    let a = FaultServer::start(Script::answer(&*answer).fault(Fault::ResetAfter(middle))).await.unwrap();
    let b = FaultServer::start(Script::answer(&*answer)).await.unwrap();
    let endpoints = [endpoint("a", Wire::OpenAiChat, &a), endpoint("b", Wire::Anthropic, &b)];
    let client = builder(endpoints).timeouts(Timeouts::default()).build().unwrap();
    let reply = client.ask("long ".repeat(400_000)).await.unwrap();
    assert!(reply.text == answer, "{} characters of {}", reply.text.chars().count(), answer.chars().count());
    assert_eq!(reply.attempts.len(), 2, "{:#?}", reply.attempts);
}

#[tokio::test]
async fn no_error_shows_a_key() {
    let key = "sk-test-0123456789";
    let body = format!(r#"{{"error":{{"message":"Incorrect API key provided: {key}","type":"auth"}}}}"#);
    let fault = Fault::Status { code: 401, body, headers: Vec::new() };
    let a = FaultServer::start(Script::answer(ANSWER).fault(fault)).await.unwrap();
    for wire in [Wire::OpenAiChat, Wire::Anthropic] {
        let endpoint = endpoint("a", wire, &a);
        assert!(!format!("{endpoint:?}").contains(key));
        let client = builder([endpoint]).build().unwrap();
        let error = client.ask("Hi").await.unwrap_err();
        assert_eq!(error.kind(), Kind::Auth);
        let shown = format!(
            "{error} {error:?} {:?} {}",
            error.attempts(),
            serde_json::to_string(&error.handle()).unwrap()
        );
        assert!(!shown.contains(key) && !shown.contains("0123456789"), "{shown}");
    }
}
