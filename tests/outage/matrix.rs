//! Whatever the first provider does, the caller reads the whole answer once.

use mainstay::testing::{Continuation, Fault, RefusedAddress};

use super::*;

const AT: usize = 90;
const EVERY: Duration = Duration::from_millis(20);

/// Faults of the first provider, and the kinds they may be told as: streamed, and not.
fn faults() -> Vec<(Fault, Kind, Option<Kind>)> {
    use Kind as K;
    let both = |fault, kind| (fault, kind, Some(kind));
    vec![
        both(Fault::busy(), K::Overloaded),
        both(Fault::status(529, "overloaded_error", "Overloaded"), K::Overloaded),
        both(Fault::server_error(), K::ServerError),
        both(Fault::status(502, "", "bad gateway"), K::ServerError),
        both(Fault::status(504, "", "gateway timeout"), K::ServerError),
        both(Fault::rate_limited(Duration::from_secs(30)), K::RateLimited),
        both(Fault::rate_limited(None), K::RateLimited),
        both(Fault::unauthorized(), K::Auth),
        both(Fault::billing(), K::Billing),
        both(Fault::model_not_found(), K::ModelNotFound),
        both(Fault::invalid_request(), K::InvalidRequest),
        both(Fault::context_too_long(), K::ContextTooLong),
        both(Fault::SilenceBeforeHeaders, K::TimeoutFirstToken),
        both(Fault::HeadersThenSilence, K::TimeoutFirstToken),
        both(Fault::CommentsOnly(EVERY), K::TimeoutFirstToken),
        both(Fault::ResetBeforeHeaders, K::Reset),
        both(Fault::Html200, K::BadResponse),
        both(Fault::EmptyBody200, K::BadResponse),
        both(
            Fault::ErrorObject200(r#"{"error":{"type":"overloaded_error","message":"busy"}}"#.into()),
            K::Overloaded,
        ),
        both(Fault::FinishWithoutContent, K::BadResponse),
        (Fault::ResetAfter(AT), K::Reset, Some(K::Reset)),
        (Fault::CutMidChunk(AT), K::Reset, Some(K::Reset)),
        (Fault::CloseCleanly(AT), K::Truncated, Some(K::Truncated)),
        (Fault::Stall(AT), K::TimeoutIdle, Some(K::TimeoutFirstToken)),
        (Fault::StallWithComments(AT, EVERY), K::TimeoutIdle, Some(K::TimeoutFirstToken)),
        (Fault::EmptyDeltas(AT, EVERY), K::TimeoutIdle, Some(K::TimeoutFirstToken)),
        (Fault::overloaded_after(AT), K::Overloaded, Some(K::Overloaded)),
        (Fault::CorruptEvent(AT), K::BadStream, None),
        (Fault::TurnsToHtml(AT), K::BadStream, None),
    ]
}

/// Faults that one wire has and the other has not.
fn faults_of_openai_chat() -> Vec<(Fault, Kind)> {
    vec![
        (Fault::DoneWithoutFinish(AT), Kind::Truncated),
        (Fault::FinishReason(AT, "insufficient_system_resource".into()), Kind::Overloaded),
        (Fault::FinishReason(AT, "network_error".into()), Kind::ServerError),
        (Fault::BaseResp(1002), Kind::RateLimited),
        (Fault::BaseResp(1004), Kind::Auth),
        (Fault::BaseResp(1008), Kind::Billing),
    ]
}

async fn survive(
    first: Wire,
    second: Wire,
    fault: &Fault,
    how: Continuation,
    prefills: bool,
    streaming: bool,
) -> Seen {
    let a = FaultServer::start(Script::answer(ANSWER).fault(fault.clone())).await.unwrap();
    let b = FaultServer::start(Script::answer(ANSWER).continuation(how)).await.unwrap();
    let second = endpoint("b", second, &b);
    let second = if prefills { prefilling(second) } else { second };
    let client = builder([endpoint("a", first, &a), second]).streaming(streaming).build().unwrap();
    collect(client.stream("Why is the sea salty?")).await
}

fn assert_whole(seen: &Seen, kind: Kind, case: &str) {
    let reply = seen.reply();
    assert!(seen.error.is_none(), "{case}: {:?}", seen.error);
    assert_eq!(reply.text, ANSWER, "{case}");
    assert_eq!(seen.reason(), Some(kind), "{case}");
    let first = &reply.attempts[0];
    assert_eq!((first.target.provider(), first.kind), ("a", Some(kind)), "{case}");
    assert_eq!(reply.served_by.last().unwrap().provider(), "b", "{case}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_a_stream_is_survived_on_all_wires_in_both_forms() {
    for (fault, kind, _) in &faults() {
        let cases = pairs().flat_map(|pair| [(pair, true), (pair, false)]);
        let runs = cases.map(async |((first, second), prefills)| {
            let seen = survive(first, second, fault, Continuation::GoOn, prefills, true).await;
            assert_whole(&seen, *kind, &format!("{first} → {second}, {fault:?}, prefill {prefills}"));
        });
        futures_util::future::join_all(runs).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_a_whole_answer_is_survived_on_all_wires() {
    for (fault, _, kind) in &faults() {
        let Some(kind) = *kind else { continue };
        let runs = pairs().map(async |(first, second)| {
            let seen = survive(first, second, fault, Continuation::GoOn, false, false).await;
            assert_whole(&seen, kind, &format!("{first} → {second}, {fault:?}, not streamed"));
        });
        futures_util::future::join_all(runs).await;
    }
}

#[tokio::test]
async fn the_faults_of_one_wire_only_are_survived() {
    for (fault, kind) in faults_of_openai_chat() {
        let seen = survive(Wire::OpenAiChat, Wire::Anthropic, &fault, Continuation::GoOn, false, true).await;
        if matches!(fault, Fault::BaseResp(_)) && seen.reason().is_none() {
            panic!("{fault:?} went unseen");
        }
        if !matches!(fault, Fault::BaseResp(_)) {
            assert_whole(&seen, kind, &format!("{fault:?}"));
        }
        assert_eq!(seen.reply().text, ANSWER, "{fault:?}");
    }
    let seen =
        survive(Wire::Anthropic, Wire::OpenAiChat, &Fault::MissingDone, Continuation::GoOn, true, true).await;
    assert_whole(&seen, Kind::Truncated, "message_stop is missing");
}

#[tokio::test]
async fn whatever_the_second_provider_repeats_is_read_once() {
    for (first, second) in pairs() {
        for how in [
            Continuation::GoOn,
            Continuation::Echo,
            Continuation::Anchor,
            Continuation::StartOver,
            Continuation::Preamble("Sure, here is the continuation:\n\n".into()),
            Continuation::Overlap(20),
            Continuation::Overlap(45),
        ] {
            let seen = survive(first, second, &Fault::ResetAfter(AT), how.clone(), false, true).await;
            assert_whole(&seen, Kind::Reset, &format!("{first} → {second}, {how:?}"));
        }
        for how in
            [Continuation::GoOn, Continuation::Echo, Continuation::StartOver, Continuation::RefusePrefill]
        {
            let seen = survive(first, second, &Fault::ResetAfter(AT), how.clone(), true, true).await;
            assert_whole(&seen, Kind::Reset, &format!("{first} → {second}, prefill, {how:?}"));
        }
    }
}

#[tokio::test]
async fn a_refused_connection_moves_on() {
    let (nobody, b) = (RefusedAddress::new().unwrap(), healthy().await);
    let a = Endpoint::new("a", Wire::OpenAiChat, format!("{}/v1", nobody.url()));
    let client = builder([a, endpoint("b", Wire::Anthropic, &b)]).build().unwrap();
    assert_whole(&collect(client.stream("Hi")).await, Kind::Connect, "refused");
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_moves_on() {
    let (a, b) = (healthy().await, healthy().await);
    let url = a.openai_url().replace("http://", "https://");
    let client = builder([Endpoint::new("a", Wire::OpenAiChat, url), endpoint("b", Wire::OpenAiChat, &b)])
        .build()
        .unwrap();
    let seen = collect(client.stream("Hi")).await;
    assert_whole(&seen, Kind::Tls, &format!("{:?}", seen.reply().attempts[0]));
}

#[tokio::test]
async fn healthy_streams_of_any_shape_are_left_alone() {
    for wire in [Wire::OpenAiChat, Wire::Anthropic] {
        let mut faults = vec![Fault::Healthy, Fault::Noise, Fault::OneByteWrites];
        faults.extend((0..40).map(|n| Fault::SplitAt(n * 37)));
        if wire == Wire::OpenAiChat {
            faults.extend([Fault::MissingDone, Fault::NeverDone, Fault::ErrorAfterFinish]);
        }
        for fault in faults {
            let a = FaultServer::start(Script::answer(ANSWER).fault(fault.clone())).await.unwrap();
            let b = healthy().await;
            let client = builder([endpoint("a", wire, &a), endpoint("b", wire, &b)]).build().unwrap();
            let seen = collect(client.stream("Hi")).await;
            assert_eq!((seen.reply().text.as_str(), b.requests().len()), (ANSWER, 0), "{wire} {fault:?}");
            assert!(seen.error.is_none() && seen.reply().usage.output_tokens > 0, "{wire} {fault:?}");
        }
    }
}

fn pairs() -> impl Iterator<Item = (Wire, Wire)> {
    let wires = [Wire::OpenAiChat, Wire::Anthropic];
    wires.into_iter().flat_map(move |first| wires.map(|second| (first, second)))
}
