//! A conversation through a pipe.

use mainstay::testing::{Fault, Script};
use serde_json::json;

use crate::bench::{ANSWER, Bench};

#[tokio::test]
async fn the_history_holds_the_answer() {
    let bench = Bench::healthy().await;
    let ran = bench.run_with(&["chat", "-s", "Be brief."], "Count.\nAgain.\n/quit\nunheard\n").await;
    assert_eq!((ran.out.as_str(), ran.code), (ANSWER.repeat(2).as_str(), Some(0)), "{}", ran.err);
    let messages = bench.first.requests().pop().unwrap().json()["messages"].clone();
    assert_eq!(
        messages,
        json!([
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Count."},
            {"role": "assistant", "content": ANSWER},
            {"role": "user", "content": "Again."},
        ])
    );
}

#[tokio::test]
async fn an_answer_that_broke_off_is_gone_on_with() {
    let script = Script::answer(ANSWER).fault_once(Fault::ResetAfter(23));
    let bench = Bench::with(script).await;
    let ran = bench.run_with(&["chat", "-m", "alone"], "Count.\n/continue\nAgain.\n").await;
    assert_eq!(ran.out, ANSWER.repeat(2), "{}", ran.err);
    let messages = bench.first.requests().pop().unwrap().json()["messages"].clone();
    assert_eq!(messages[1], json!({"role": "assistant", "content": ANSWER}), "{messages}");
}

#[tokio::test]
async fn a_piped_conversation_ends_with_the_code_of_its_last_answer() {
    let bench = Bench::with(Script::answer(ANSWER).fault(Fault::ResetAfter(23))).await;
    let ran = bench.run_with(&["chat", "-m", "alone"], "Count.\n").await;
    assert_eq!((ran.code, ran.out.as_str()), (Some(5), &ANSWER[..23]), "{}", ran.err);
}

#[tokio::test]
async fn another_model_can_be_asked() {
    let bench = Bench::healthy().await;
    let ran = bench.run_with(&["chat"], "/model second/two\nCount.\n/model nobody/x\n/attempts\n").await;
    assert_eq!((ran.out.as_str(), ran.code), (ANSWER, Some(0)), "{}", ran.err);
    assert_eq!((bench.first.requests().len(), bench.second.requests().len()), (0, 1));
    assert!(ran.err.contains("unknown provider `nobody`") && ran.err.contains("completed"), "{}", ran.err);
}
