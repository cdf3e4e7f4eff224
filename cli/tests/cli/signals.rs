//! Ctrl-C at every moment.

use std::process::Stdio;
use std::time::Duration;

use mainstay::testing::{Fault, Script};
use tokio::io::AsyncReadExt;
use tokio::process::Child;

use crate::bench::{ANSWER, Bench, Ran};

const SOON: Duration = Duration::from_secs(5);

async fn interrupt(child: Child) -> Ran {
    let pid = child.id().unwrap().to_string();
    let status = tokio::process::Command::new("kill").args(["-INT", &pid]).status().await.unwrap();
    assert!(status.success());
    tokio::time::timeout(SOON, Ran::of_child(child)).await.unwrap()
}

/// Waits until the server has received a request.
async fn until_asked(bench: &Bench) {
    let asked = async {
        while bench.first.requests().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(SOON, asked).await.unwrap();
}

#[tokio::test]
async fn while_nothing_has_come() {
    let bench = Bench::with(Script::answer(ANSWER).fault(Fault::HeadersThenSilence)).await;
    let child = bench.command(&["ask", "-o", "jsonl", "Count."]).spawn().unwrap();
    until_asked(&bench).await;
    let ran = interrupt(child).await;
    assert_eq!(ran.code, Some(130), "{}", ran.err);
    let end = ran.end();
    assert_eq!((&end["kind"], &end["partial"]), (&"cancelled".into(), &false.into()));
    assert_eq!(bench.second.requests().len(), 0);
}

#[tokio::test]
async fn in_the_middle_of_the_answer() {
    let bench = Bench::with(Script::answer(ANSWER).fault(Fault::Drip(40, Duration::from_millis(200)))).await;
    let mut child = bench.command(&["ask", "Count."]).spawn().unwrap();
    let mut begun = vec![0; 3];
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut begun).await.unwrap();
    let reading = tokio::spawn(async move {
        let _ = stdout.read_to_end(&mut begun).await;
        begun
    });
    let ran = interrupt(child).await;
    assert_eq!(ran.code, Some(130));
    let shown = String::from_utf8(reading.await.unwrap()).unwrap();
    assert!(ANSWER.starts_with(&shown) && shown.len() < ANSWER.len(), "{shown}");
    assert!(ran.err.contains("interrupted"), "{}", ran.err);
}

#[tokio::test]
async fn while_the_prompt_is_read() {
    let bench = Bench::healthy().await;
    let mut child = bench.command(&["ask", "-o", "jsonl"]).stdin(Stdio::piped()).spawn().unwrap();
    let stdin = child.stdin.take();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let ran = interrupt(child).await;
    drop(stdin);
    assert_eq!(ran.code, Some(130), "{}", ran.err);
    assert_eq!(ran.end()["kind"], "cancelled");
}

#[tokio::test]
async fn while_nobody_reads_the_pipe() {
    let bench = Bench::with(Script::answer(ANSWER.repeat(20_000)).pieces_of(4000)).await;
    let mut child = bench.command(&["ask", "Count."]).spawn().unwrap();
    let unread = child.stdout.take();
    until_asked(&bench).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let ran = interrupt(child).await;
    drop(unread);
    assert_eq!(ran.code, Some(130), "{}", ran.err);
}
