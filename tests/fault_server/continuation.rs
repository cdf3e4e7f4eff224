//! A request that brings the beginning of the answer along, in every form, on both wires.

use mainstay::catalog::Wire;
use mainstay::testing::{Continuation, FaultServer, Script};
use serde_json::{Value, json};

use super::client::*;

const SO_FAR: &str = "Hello, big wo";
const REST: &str = "rld. 四五六 🦀!";

fn said(text: &str) -> Value {
    json!({ "role": "assistant", "content": text })
}

fn asked(text: &str) -> Value {
    json!({ "role": "user", "content": text })
}

/// A request in each prefill form.
fn prefills() -> Vec<Value> {
    let flagged = |flag: &str| {
        let mut message = said(SO_FAR);
        message[flag] = true.into();
        body(true, json!([asked("Hi"), message]))
    };
    let mut top_level = hello(true);
    top_level["prefix"] = SO_FAR.into();
    let mut continued = body(true, json!([asked("Hi"), said(SO_FAR)]));
    continued["continue_final_message"] = true.into();
    continued["add_generation_prompt"] = false.into();
    let parts = json!({ "role": "assistant", "content": [{ "type": "text", "text": SO_FAR }] });
    let plain = body(true, json!([asked("Hi"), said(SO_FAR)]));
    let in_parts = body(true, json!([asked("Hi"), parts]));
    vec![plain, flagged("prefix"), flagged("partial"), continued, top_level, in_parts]
}

fn instruct(ask: &str) -> Value {
    body(true, json!([asked("Hi"), said(SO_FAR), asked(ask)]))
}

async fn answer(wire: Wire, script: Script, request: &Value) -> Response {
    let server = FaultServer::start(script.reasoning("Hm.")).await.unwrap();
    post(server.address(), path(wire), request).await
}

fn scripted(continuation: Continuation) -> Script {
    Script::answer(TEXT).continuation(continuation)
}

#[tokio::test]
async fn every_prefill_form_is_gone_on_from_exactly() {
    for wire in WIRES {
        for request in prefills() {
            let response = answer(wire, Script::answer(TEXT), &request).await;
            assert_eq!(response.text(), REST, "{request}");
            assert!(response.finish().is_some() && response.is_marked_done());
        }
    }
}

#[tokio::test]
async fn each_continuation_says_what_its_name_says_in_both_forms() {
    for (how, expected) in [
        (Continuation::GoOn, REST.to_owned()),
        (Continuation::Echo, TEXT.to_owned()),
        (Continuation::Overlap(2), format!("wo{REST}")),
        (Continuation::StartOver, TEXT.to_owned()),
        (Continuation::StartOverOtherWords("Good day.".into()), "Good day.".to_owned()),
        (Continuation::Preamble("Sure:\n\n".into()), format!("Sure:\n\n{REST}")),
    ] {
        for wire in WIRES {
            for request in [&prefills()[0], &instruct("Please go on.")] {
                let response = answer(wire, scripted(how.clone()), request).await;
                assert_eq!(response.text(), expected, "{how:?}");
            }
        }
    }
}

#[tokio::test]
async fn the_anchor_that_the_user_quotes_is_repeated() {
    for wire in WIRES {
        let request = instruct("Go on; begin by repeating «big wo».");
        let response = answer(wire, scripted(Continuation::Anchor), &request).await;
        assert_eq!(response.text(), format!("big wo{REST}"));
    }
}

#[tokio::test]
async fn a_refused_prefill_is_a_400_and_an_instruction_is_not() {
    for wire in WIRES {
        for script in
            [scripted(Continuation::RefusePrefill), Script::answer(TEXT).on_prefill(Continuation::Refuse)]
        {
            let refused = answer(wire, script.clone(), &prefills()[0]).await;
            assert_eq!(refused.status, 400);
            assert!(refused.body().contains("prefill"));
            assert_eq!(answer(wire, script, &instruct("Go on.")).await.text(), REST);
        }
        assert_eq!(answer(wire, scripted(Continuation::Refuse), &instruct("Go on.")).await.status, 400);
    }
}

#[tokio::test]
async fn without_streaming_it_is_the_same() {
    for wire in WIRES {
        let mut request = prefills().remove(0);
        request["stream"] = false.into();
        let whole = answer(wire, Script::answer(TEXT), &request).await.json();
        let text =
            whole["choices"][0]["message"]["content"].as_str().or(whole["content"][0]["text"].as_str());
        assert_eq!(text, Some(REST));
    }
}

#[tokio::test]
async fn a_whole_earlier_answer_is_a_turn_of_the_conversation() {
    let request = body(true, json!([asked("Hi"), said(TEXT), asked("And then?")]));
    assert_eq!(answer(Wire::OpenAiChat, Script::answer(TEXT), &request).await.text(), TEXT);
}
