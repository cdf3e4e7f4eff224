//! Answers cut, split and corrupted anywhere.

use mainstay::chat::{FinishReason, Kind};
use mainstay::provider::Delta;
use proptest::prelude::*;

use crate::tape::{Fixture, Heard, STREAMS, WHOLE, hear, play};

fn expected(fixture: &Fixture) -> Heard {
    let (heard, result) = hear(fixture.wire, fixture.name, fixture.body.as_bytes());
    assert_eq!(result, Ok(()), "{}", fixture.name);
    heard
}

#[test]
fn every_recorded_answer_is_heard_in_full() {
    let heard: Vec<Heard> = STREAMS.iter().map(expected).collect();
    assert_eq!(heard[0].text, "你好，world 👩‍🚀!\n\t\"quoted\" \\ é😀");
    assert_eq!(heard[0].reasoning, "用户想要 a \"greeting\"\n");
    assert_eq!(heard[1].text, "我来查一下。");
    assert_eq!(heard[1].calls[0].arguments, "{\"city\": \"杭州\"}");
    assert_eq!((&*heard[1].calls[0].id, &*heard[1].calls[0].name), ("call_ab12", "weather"));
    assert_eq!(heard[2].text, "Hello! <b>你好</b> 🙂");
    assert_eq!(heard[2].reasoning, "\nThe user says hi. 我应该回答。\n");
    assert_eq!(heard[3].text, "Both cities: 東京 ☀️\n```rust\nfn main() {}\n```");
    assert_eq!(heard[3].calls.len(), 2);
    assert_eq!(heard[3].calls[1].arguments, "{}");
    assert_eq!(heard[4].text, "Bonjour à toi 你好 \"quoted\"\n👋🏽");
    assert_eq!(heard[4].reasoning, "Let me think 思考");
    assert_eq!(heard[4].calls[0].arguments, "{\"city\": \"北京\"}");
    let usages: Vec<_> = heard.iter().map(|heard| heard.usage.unwrap()).collect();
    let numbers: Vec<_> = usages.iter().map(|usage| (usage.input_tokens, usage.output_tokens)).collect();
    assert_eq!(numbers, [(9, 12), (30, 22), (40, 20), (50, 31), (20, 42)]);
    assert_eq!(usages[4].cached_tokens, Some(5));
    let ends: Vec<_> = heard.into_iter().map(|heard| heard.finish.unwrap()).collect();
    use FinishReason::{Stop, ToolCalls};
    assert_eq!(ends, [Stop, ToolCalls, Stop, ToolCalls, ToolCalls]);
}

#[test]
fn an_answer_in_one_piece_is_heard_in_full() {
    for fixture in WHOLE {
        for body in [fixture.body.to_owned(), format!("\n\n \n{}\n", fixture.body)] {
            let (heard, result) = hear(fixture.wire, "", body.as_bytes());
            assert_eq!(result, Ok(()), "{}", fixture.name);
            assert_eq!(heard.text, "Both \"cities\": 東京 ☀️");
            assert_eq!(heard.reasoning, "考える");
            assert_eq!(heard.calls[0].arguments, "{\"city\":\"東京\"}");
            assert_eq!(heard.finish, Some(FinishReason::ToolCalls));
        }
    }
}

#[test]
fn an_answer_is_the_same_in_any_pieces() {
    for fixture in STREAMS.iter().chain(WHOLE) {
        let (whole, _) = play(fixture.wire, fixture.name, [fixture.body.as_bytes()]);
        for size in [1, 2, 3, 7, 64, 1460] {
            let (deltas, result) = play(fixture.wire, fixture.name, fixture.body.as_bytes().chunks(size));
            assert!(result.is_ok());
            assert_eq!(deltas, whole, "{} by {size}", fixture.name);
        }
        let windows = fixture.body.replace('\n', "\r\n");
        if fixture.body.contains("data: ") {
            assert_eq!(play(fixture.wire, fixture.name, windows.as_bytes().chunks(1)).0, whole);
        }
    }
}

#[test]
fn a_cut_answer_is_never_taken_for_a_whole_one() {
    for fixture in STREAMS.iter().chain(WHOLE) {
        let all = expected(fixture);
        for at in 0..fixture.body.len() {
            let (heard, result) = hear(fixture.wire, fixture.name, &fixture.body.as_bytes()[..at]);
            assert_eq!(result.is_ok(), heard.finish.is_some(), "{} at {at}", fixture.name);
            assert!(all.text.starts_with(&heard.text), "{} at {at}", fixture.name);
            assert!(all.reasoning.starts_with(&heard.reasoning), "{} at {at}", fixture.name);
            if heard.finish.is_some() {
                assert_eq!((&heard.text, &heard.calls), (&all.text, &all.calls), "{} at {at}", fixture.name);
            } else {
                assert!(heard.calls.is_empty(), "{} at {at}: half a turn has no calls", fixture.name);
            }
        }
    }
}

#[test]
fn a_corrupt_event_is_never_passed_over() {
    for fixture in STREAMS {
        let all = expected(fixture);
        let events: Vec<&str> = fixture.body.split_inclusive("\n\n").collect();
        let end = events.iter().position(|event| event.contains("_reason\":\"")).unwrap();
        for at in 0..end {
            for garbage in ["data: {\"choices\":[{\"delta\":{\"con\n\n", "data: \u{1}\n\n<html>\n\n"] {
                let body = [&events[..at], &[garbage], &events[at..]].concat().concat();
                let (heard, result) = hear(fixture.wire, fixture.name, body.as_bytes());
                let failed = matches!(result, Err(Kind::BadStream | Kind::BadResponse));
                assert!(failed, "{} at {at}: {result:?}", fixture.name);
                assert!(all.text.starts_with(&heard.text));
                assert_eq!(heard.finish, None);
            }
        }
    }
}

#[test]
fn a_byte_that_is_no_text_is_never_passed_over() {
    for fixture in STREAMS {
        let end = fixture.body.find("_reason\":\"").unwrap();
        for at in (0..end).step_by(7) {
            let mut body = fixture.body.as_bytes().to_vec();
            body[at] = 0xff;
            let (heard, result) = hear(fixture.wire, fixture.name, &body);
            assert_eq!((result, heard.finish), (Err(Kind::BadStream), None), "{} at {at}", fixture.name);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn random_pieces_change_nothing(which in 0..STREAMS.len(), sizes in prop::collection::vec(1usize..200, 1..50)) {
        let fixture = &STREAMS[which];
        let (mut rest, mut pieces) = (fixture.body.as_bytes(), Vec::new());
        for size in sizes.iter().cycle() {
            if rest.is_empty() { break; }
            let (piece, more) = rest.split_at((*size).min(rest.len()));
            pieces.push(piece);
            rest = more;
        }
        let whole = play(fixture.wire, fixture.name, [fixture.body.as_bytes()]).0;
        prop_assert_eq!(play(fixture.wire, fixture.name, pieces).0, whole);
    }

    #[test]
    fn no_bytes_at_all_make_it_panic(which in 0..STREAMS.len(), bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let fixture = &STREAMS[which];
        let (deltas, result) = play(fixture.wire, fixture.name, bytes.chunks(5));
        prop_assert_eq!(result.is_ok(), deltas.iter().any(|delta| matches!(delta, Delta::Finish(_))));
    }

    #[test]
    fn no_change_of_an_answer_makes_it_panic(
        which in 0..STREAMS.len(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>(),
    ) {
        let fixture = &STREAMS[which];
        let mut body = fixture.body.as_bytes().to_vec();
        let at = at.index(body.len());
        body[at] = byte;
        let from = cut.index(body.len());
        body.drain(from..(from + 3).min(fixture.body.len()));
        let (deltas, result) = play(fixture.wire, fixture.name, body.chunks(11));
        prop_assert_eq!(result.is_ok(), deltas.iter().any(|delta| matches!(delta, Delta::Finish(_))));
    }
}
