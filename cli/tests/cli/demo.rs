//! The demonstration keeps its word.

use std::time::{Duration, Instant};

use crate::bench::Bench;

#[tokio::test]
async fn six_of_six_answers_are_exact_and_none_at_a_plain_client() {
    let bench = Bench::healthy().await;
    let begun = Instant::now();
    let ran = bench.run(&["demo"]).await;
    assert!(ran.out.ends_with("6 of 6 answers exact; a plain client: 0 of 6\n"), "{}{}", ran.out, ran.err);
    assert_eq!(ran.code, Some(0));
    assert!(begun.elapsed() < Duration::from_secs(45));
    assert!(!ran.out.contains('\x1b'));
}

#[tokio::test]
async fn every_scenario_of_the_list_is_exact() {
    let bench = Bench::healthy().await;
    let list = bench.run(&["demo", "--list"]).await.out;
    let names: Vec<_> = list.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.len() > 6);
    let ran = bench.run(&[&["demo"], &names[6..]].concat()).await;
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
}
