#![allow(clippy::unwrap_used)]
use eventsource_stream::Eventsource;
use futures_util::{StreamExt, stream};
use proptest::prelude::*;

use super::*;

fn read(pieces: &[&[u8]]) -> (Vec<String>, Option<Stop>) {
    let (mut sse, mut events) = (Sse::new(), Vec::new());
    for piece in pieces {
        let result: Result<(), Stop> = sse.push(piece, |data| {
            events.push(data);
            Ok(())
        });
        if let Err(stop) = result {
            return (events, Some(stop));
        }
    }
    (events, None)
}

fn bytewise(text: &[u8]) -> (Vec<String>, Option<Stop>) {
    read(&text.chunks(1).collect::<Vec<_>>())
}

#[test]
fn every_line_end_and_comment_is_read() {
    let text = ": hello\r\n\r\ndata: a\r\rdata: b\ndata: c\n\nevent: x\ndata:d\n\n\n".as_bytes();
    let expected = ["a", "b\nc", "d"].map(String::from).to_vec();
    assert_eq!(read(&[text]), (expected.clone(), None));
    assert_eq!(bytewise(text), (expected, None));
}

#[test]
fn what_is_no_event_stream_stops_after_the_events_before_it() {
    for (tail, stop) in [
        (&b"<html>"[..], Stop::Html),
        (b"data: \xff\n\n", Stop::NotText),
        (b"data: \xe4\xbd\n\n", Stop::NotText),
    ] {
        let text = [b"data: a\n\n", tail].concat();
        assert_eq!(read(&[&text]), (vec!["a".to_owned()], Some(stop)));
        assert_eq!(bytewise(&text), (vec!["a".to_owned()], Some(stop)));
    }
    assert_eq!(read(&[b"data: a\n\n{\"error\":1}"]).1, Some(Stop::Json(9)));
}

#[test]
fn a_character_may_be_split_anywhere() {
    let text = "\u{feff}data: 你好 👩‍👩‍👧 \u{fffd}\n\n".as_bytes();
    let expected = (vec!["你好 👩‍👩‍👧 \u{fffd}".to_owned()], None);
    assert_eq!(bytewise(text), expected);
    for at in 0..text.len() {
        assert_eq!(read(&[&text[..at], &text[at..]]), expected);
    }
}

#[test]
fn an_event_over_the_cap_stops() {
    let text = [b"data: ".to_vec(), vec![b'a'; CAP + 1], b"\n\n".to_vec()].concat();
    assert_eq!(read(&[&text]), (vec![], Some(Stop::TooLarge)));
}

fn event() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        4 => "data: [a-z{}\" 你é👍]{0,12}",
        1 => ": ?[a-z]{0,5}",
        1 => "event: [a-z]{1,5}",
        1 => "id: [a-z0-9]{0,3}",
        1 => "[a-z]{1,6}",
    ];
    let end = prop_oneof![Just("\n"), Just("\r\n"), Just("\r")];
    (prop::collection::vec(line, 0..4), end)
        .prop_map(|(lines, end)| lines.into_iter().map(|line| line + end).chain([end.to_owned()]).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn valid_streams_read_as_the_other_implementation_reads_them(
        events in prop::collection::vec(event(), 0..6), size in 1usize..40,
    ) {
        // The other one waits to see whether a carriage return at the very end belongs to a line feed.
        let text: String = events.concat() + ":\n";
        let source = stream::iter(text.as_bytes().chunks(text.len().max(1)).map(|piece| {
            Ok::<_, std::convert::Infallible>(piece.to_vec())
        }));
        let expected: Vec<String> =
            futures_util::FutureExt::now_or_never(source.eventsource().map(|event| event.unwrap().data).collect())
                .unwrap();
        // The other one passes over events of empty data; for us they are noise.
        let (mut found, stop) = read(&text.as_bytes().chunks(size).collect::<Vec<_>>());
        found.retain(|data| !data.is_empty());
        let expected: Vec<String> = expected.into_iter().filter(|data| !data.is_empty()).collect();
        prop_assert_eq!((found, stop), (expected, None));
    }
}
