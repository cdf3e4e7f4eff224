//! Every exit code of the contract.

use std::process::Stdio;
use std::time::Duration;

use mainstay::testing::{Continuation, Fault, Script};
use serde_json::Value;
use tokio::io::AsyncReadExt;

use crate::bench::{ANSWER, Bench};

async fn both(fault: Fault) -> Bench {
    let script = Script::answer(ANSWER).fault(fault);
    Bench::new(script.clone(), script).await
}

#[tokio::test]
async fn everything_down_is_4_at_once_with_both_reasons() {
    let bench = both(Fault::busy()).await;
    let ran = bench.run(&["ask", "-o", "jsonl", "Count."]).await;
    assert_eq!(ran.code, Some(4), "{}", ran.err);
    let end = ran.end();
    assert_eq!((&end["type"], &end["partial"]), (&"error".into(), &false.into()));
    let targets: Vec<_> = end["attempts"].as_array().unwrap().iter().map(|a| &a["target"]).collect();
    assert!(targets.contains(&&"first/one".into()) && targets.contains(&&"second/two".into()), "{end}");

    let ran = bench.run(&["ask", "Count."]).await;
    assert_eq!((ran.code, ran.out.as_str()), (Some(4), ""));
    assert!(ran.err.contains("overloaded (HTTP 503)"), "{}", ran.err);
}

#[tokio::test]
async fn a_refused_key_everywhere_is_3() {
    let ran = both(Fault::unauthorized()).await.run(&["ask", "Count."]).await;
    assert_eq!(ran.code, Some(3), "{}", ran.err);
}

#[tokio::test]
async fn a_broken_answer_is_5_with_its_text_and_a_handle() {
    let bench = Bench::with(Script::answer(ANSWER).fault(Fault::ResetAfter(23))).await;
    let ran = bench.run(&["ask", "-m", "alone", "Count."]).await;
    assert_eq!((ran.code, ran.out.as_str()), (Some(5), &ANSWER[..23]), "{}", ran.err);

    let end = bench.run(&["ask", "-m", "alone", "-o", "jsonl", "Count."]).await.end();
    assert_eq!(
        (&end["kind"], &end["phase"], &end["partial"]),
        (&"reset".into(), &"mid_stream".into(), &true.into())
    );
    assert_eq!(end["handle"]["text"], ANSWER[..23]);

    let ran = bench.run(&["ask", "-m", "alone", "-o", "json", "Count."]).await;
    let object: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((object["text"].as_str(), ran.code), (Some(&ANSWER[..23]), Some(5)));
    assert_eq!(object["error"]["kind"], "reset");
}

#[tokio::test]
async fn fail_on_break_and_no_failover_end_as_incomplete() {
    let bench = Bench::with(Script::answer(ANSWER).fault(Fault::ResetAfter(23))).await;
    for flags in [&["--on-break", "fail"][..], &["--no-failover"], &["--max-failovers", "0"]] {
        let ran = bench.run(&[&["ask", "Count."], flags].concat()).await;
        assert_eq!((ran.code, ran.out.as_str()), (Some(5), &ANSWER[..23]), "{flags:?}: {}", ran.err);
    }
    assert_eq!(bench.second.requests().len(), 0);
}

#[tokio::test]
async fn nothing_that_fits_is_incomplete_not_invented() {
    let second = Script::answer(ANSWER).continuation(Continuation::Refuse);
    let first = Script::answer(ANSWER).fault(Fault::ResetAfter(23)).continuation(Continuation::Refuse);
    let ran = Bench::new(first, second).await.run(&["ask", "Count."]).await;
    assert_eq!((ran.code, ran.out.as_str()), (Some(5), &ANSWER[..23]), "{}", ran.err);
}

#[tokio::test]
async fn a_refusal_by_policy_is_6() {
    let refused =
        r#"{"error":{"message":"content policy","type":"invalid_request_error","code":"content_filter"}}"#;
    let fault = Fault::Status { code: 400, body: refused.to_owned(), headers: Vec::new() };
    let ran =
        Bench::with(Script::answer(ANSWER).fault(fault)).await.run(&["ask", "-o", "jsonl", "Count."]).await;
    assert_eq!(ran.code, Some(6), "{}{}", ran.out, ran.err);

    let fault = Fault::FinishReason(23, "content_filter".to_owned());
    let ran = Bench::with(Script::answer(ANSWER).fault(fault)).await.run(&["ask", "Count."]).await;
    assert_eq!((ran.code, ran.out.as_str()), (Some(6), &ANSWER[..23]), "{}", ran.err);
}

#[tokio::test]
async fn strict_makes_a_failover_7_and_nothing_else() {
    let ran = Bench::with(Script::answer(ANSWER).fault(Fault::busy()))
        .await
        .run(&["ask", "--strict", "Count."])
        .await;
    assert_eq!((ran.code, ran.out.as_str()), (Some(7), ANSWER), "{}", ran.err);
    let ran = Bench::healthy().await.run(&["ask", "--strict", "Count."]).await;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
}

#[tokio::test]
async fn usage_is_2_and_leaves_standard_output_alone() {
    let bench = Bench::healthy().await;
    for args in [
        &["ask", "--nonsense"][..],
        &["ask", "-o", "jsonl"],
        &["nonsense"],
        &["ask", "--idle", "soon", "Count."],
        &["demo", "nonsense"],
    ] {
        let ran = bench.run(args).await;
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{args:?}: {}", ran.err);
        assert_ne!(ran.err, "", "{args:?}");
    }
}

#[tokio::test]
async fn an_unknown_provider_is_3_and_says_so_as_an_error_line_too() {
    let bench = Bench::healthy().await;
    let ran = bench.run(&["ask", "-m", "frist/one", "-o", "jsonl", "Count."]).await;
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    assert_eq!(ran.end()["kind"], "config");
    assert!(ran.err.contains("first"), "the nearest name is missing: {}", ran.err);
}

#[tokio::test]
async fn no_key_at_all_is_3_with_a_way_out() {
    let bench = Bench::healthy().await;
    let output = bench.command(&["ask", "Count."]).env_remove("MAINSTAY_CONFIG").output().await.unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{err}");
    assert!(err.contains("_API_KEY") && err.contains("mainstay demo"), "{err}");
}

#[tokio::test]
async fn a_closed_pipe_ends_quietly_and_cancels_the_request() {
    let slow = Script::answer(ANSWER.repeat(50)).pace(Duration::from_millis(20));
    let bench = Bench::with(slow).await;
    let mut child = bench.command(&["ask", "Count."]).stdin(Stdio::null()).spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut [0; 10]).await.unwrap();
    drop(stdout);
    let output =
        tokio::time::timeout(Duration::from_secs(5), child.wait_with_output()).await.unwrap().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
    assert_eq!(bench.second.requests().len(), 0);
}
