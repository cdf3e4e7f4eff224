//! What is asked: words, pipes, files and whole requests.

use serde_json::{Value, json};

use crate::bench::{ANSWER, Bench};

/// The content of the last message that the first server received.
fn asked(bench: &Bench) -> Value {
    let request = bench.first.requests().pop().unwrap().json();
    request["messages"].as_array().unwrap().last().unwrap()["content"].clone()
}

#[tokio::test]
async fn words_are_joined_and_piped_text_follows() {
    let bench = Bench::healthy().await;
    assert_eq!(bench.run(&["ask", "Why", "so", "salty?"]).await.code, Some(0));
    assert_eq!(asked(&bench), "Why so salty?");
    assert_eq!(bench.run_with(&["ask", "Summarise:"], "the sea\n").await.code, Some(0));
    assert_eq!(asked(&bench), "Summarise:\n\nthe sea\n");
    assert_eq!(bench.run_with(&["ask"], "the sea").await.code, Some(0));
    assert_eq!(asked(&bench), "the sea");
}

#[tokio::test]
async fn without_a_command_a_piped_prompt_is_asked() {
    let bench = Bench::healthy().await;
    let ran = bench.run_with(&[], "the sea").await;
    assert_eq!((ran.out.as_str(), ran.code), (ANSWER, Some(0)), "{}", ran.err);
}

#[tokio::test]
async fn two_megabytes_arrive_whole() {
    let bench = Bench::healthy().await;
    let prompt = "0123456789 咸 ".repeat(140_000);
    assert!(prompt.len() > 2_000_000);
    let ran = bench.run_with(&["ask"], &prompt).await;
    assert_eq!((ran.out.as_str(), ran.code), (ANSWER, Some(0)), "{}", ran.err);
    assert!(asked(&bench) == prompt.as_str());
}

#[tokio::test]
async fn bytes_that_are_not_text_are_refused() {
    let ran = Bench::healthy().await.run_with(&["ask"], b"caf\xe9").await;
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert!(ran.err.contains("standard input is not UTF-8"), "{}", ran.err);
}

#[tokio::test]
async fn attachments_become_parts_in_their_order() {
    let bench = Bench::healthy().await;
    let image = bench.file("a.bin", b"\x89PNG\r\n\x1a\nrest");
    let notes = bench.file("notes.md", "# Notes\n");
    let (image, notes) = (image.to_str().unwrap(), notes.to_str().unwrap());
    let url = "https://example.com/sea.png";
    let ran = bench.run(&["ask", "-a", image, "-a", notes, "-a", url, "What is it?"]).await;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let content = asked(&bench);
    let parts = content.as_array().unwrap();
    assert!(parts[0]["image_url"]["url"].as_str().unwrap().starts_with("data:image/png;base64,iVBORw0KGgp"));
    assert_eq!(parts[1]["text"], "File: notes.md\n\n# Notes\n\n");
    assert_eq!(parts[2]["image_url"]["url"], url);
    assert_eq!(parts[3]["text"], "What is it?");
}

#[tokio::test]
async fn files_that_cannot_be_used_are_named() {
    let bench = Bench::healthy().await;
    bench.file("data.bin", b"\x00\x01\x02");
    for args in [
        &["ask", "-a", "gone.png", "x"][..],
        &["ask", "-a", "data.bin", "x"],
        &["ask", "-s", "@gone.txt", "x"],
        &["ask", "--schema", "gone.json", "x"],
        &["ask", "--request", "gone.json"],
    ] {
        let ran = bench.run(args).await;
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{args:?}");
        let name = args.iter().find(|arg| arg.contains('.')).unwrap().trim_start_matches('@');
        assert!(ran.err.contains(name), "{args:?}: {}", ran.err);
    }
    assert_eq!(bench.first.requests().len(), 0);
}

#[tokio::test]
async fn the_system_message_comes_from_the_line_or_a_file() {
    let bench = Bench::healthy().await;
    bench.file("pirate.txt", "Talk like a pirate.");
    for system in ["Talk like a pirate.", "@pirate.txt"] {
        bench.run(&["ask", "-s", system, "Hello"]).await;
        let request = bench.first.requests().pop().unwrap().json();
        assert_eq!(request["messages"][0], json!({"role": "system", "content": "Talk like a pirate."}));
    }
}

#[tokio::test]
async fn flags_reach_the_provider() {
    let bench = Bench::healthy().await;
    bench.run(&["ask", "--temperature", "0.5", "--max-tokens", "77", "Hello"]).await;
    let request = bench.first.requests().pop().unwrap().json();
    assert_eq!((&request["temperature"], &request["max_tokens"]), (&json!(0.5), &json!(77)));
    assert_eq!(request["stream"], true);
    bench.run(&["ask", "--no-stream", "Hello"]).await;
    assert_ne!(bench.first.requests().pop().unwrap().json()["stream"], true);
}

#[tokio::test]
async fn a_whole_request_comes_from_a_file_or_the_pipe() {
    let bench = Bench::healthy().await;
    let request = r#"{"messages": [{"role": "user", "content": "Count."}], "max_tokens": 9}"#;
    bench.file("r.json", request);
    for ran in [
        bench.run(&["ask", "--request", "r.json"]).await,
        bench.run_with(&["ask", "--request", "-"], request).await,
    ] {
        assert_eq!((ran.out.as_str(), ran.code), (ANSWER, Some(0)), "{}", ran.err);
        assert_eq!(asked(&bench), "Count.");
    }
    bench.file("bad.json", "{\n  \"messages\": [],\n  \"tols\": []\n}");
    let ran = bench.run(&["ask", "--request", "bad.json"]).await;
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("bad.json:3:8: unknown field `tols`"), "{}", ran.err);
}

#[tokio::test]
async fn an_ad_hoc_chain_is_asked_in_its_order() {
    let bench = Bench::healthy().await;
    let ran = bench.run(&["ask", "-m", "second/two", "-m", "first/one", "-o", "jsonl", "Count."]).await;
    assert_eq!(ran.events()[0]["chain"], json!(["second/two", "first/one"]));
    assert_eq!(bench.first.requests().len(), 0);
}
