//! What holds whatever the providers do.

use mainstay::provider::Delta;
use mainstay::testing::Step;
use proptest::prelude::*;

use super::*;

fn step() -> impl Strategy<Value = Step> {
    let kinds = prop::sample::select(Kind::ALL.to_vec());
    prop_oneof![
        6 => "[a-z ]{0,12}".prop_map(Step::text),
        2 => "[a-z ]{0,6}".prop_map(|text| Step::from(Delta::Reasoning(text))),
        1 => Just(Step::from(Delta::ToolProgress)),
        1 => (0..40_u64).prop_map(|wait| Step::Wait(secs(wait))),
        2 => Just(Step::finish()),
        3 => kinds.prop_map(Step::fail),
        1 => Just(Step::Hang),
        1 => Just(Step::End),
        1 => Just(Step::Accept),
    ]
}

fn provider(id: &'static str) -> impl Strategy<Value = Scripted> {
    let replies = prop::collection::vec(prop::collection::vec(step(), 0..8), 1..4);
    (replies, any::<bool>()).prop_map(move |(replies, prefill)| {
        let mut abilities = Abilities::default();
        abilities.prefill = prefill;
        replies.into_iter().fold(Scripted::new(id).abilities(abilities), Scripted::reply)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn text_only_grows_and_there_is_one_end_in_time(a in provider("a"), b in provider("b"), c in provider("c"), restart in any::<bool>()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let providers = [Arc::new(a), Arc::new(b), Arc::new(c)];
        let refs: Vec<&Arc<Scripted>> = providers.iter().collect();
        runtime.block_on(async {
            let mut limits = Timeouts::default();
            limits.total = secs(300);
            let mut chain = chain(&refs);
            if restart {
                chain = chain.on_break(mainstay::failover::OnBreak::Restart);
            }
            let client = builder(&refs).timeouts(limits).chain("main", chain).build().unwrap();
            let begun = tokio::time::Instant::now();
            let seen = run(&client, "Hi").await;
            assert!(begun.elapsed() <= secs(303), "{:?}", begun.elapsed());

            let restarts = seen.events.iter().filter(|event| matches!(event, Event::Restart { .. })).count();
            assert!(restarts <= 3 && (restart || restarts == 0));
            if let Some(error) = &seen.error {
                assert_eq!(error.partial().unwrap_or(""), seen.text(), "the partial text is what was delivered");
                if let Some(handle) = error.handle() {
                    assert_eq!(handle.text, seen.text());
                }
            }
            let attempts = seen.attempts();
            assert!(attempts.len() <= 24, "{} attempts", attempts.len());
            assert_eq!(attempts.len(), providers.iter().map(|p| p.calls().len()).sum::<usize>(), "every attempt is listed");
            assert!(providers.iter().all(|p| p.open_streams() == 0), "nothing stays open");
            let chars = |event: &Event| matches!(event, Event::Failover { after_chars, .. } if *after_chars > seen.text().len() as u64 + 500);
            assert!(!seen.events.iter().any(chars));
        });
    }
}
