use super::*;
use crate::resilience::settings::test_epoch;

fn fail(circuit: &mut Circuit, request: u64, now: Instant) -> bool {
    let Ok(pass) = circuit.admit(now) else { return false };
    circuit.failure(pass, request, 1.0, 1.0, now);
    true
}

fn succeed(circuit: &mut Circuit, now: Instant) -> bool {
    let Ok(pass) = circuit.admit(now) else { return false };
    circuit.success(pass, now);
    true
}

fn opened(at: Instant) -> Circuit {
    let mut circuit = Circuit::new(CircuitSettings::default());
    (0..4).for_each(|request| assert!(fail(&mut circuit, request, at)));
    assert_eq!(circuit.state(at), CircuitState::Open);
    circuit
}

#[test]
fn four_failures_in_a_row_of_two_requests_open_it() {
    let now = test_epoch();
    let mut circuit = Circuit::new(CircuitSettings::default());
    for request in [1, 2, 1] {
        fail(&mut circuit, request, now);
        assert_eq!(circuit.state(now), CircuitState::Closed);
    }
    fail(&mut circuit, 2, now);
    assert_eq!(circuit.state(now), CircuitState::Open);
}

#[test]
fn one_poisonous_request_cannot_open_it() {
    let now = test_epoch();
    let mut circuit = Circuit::new(CircuitSettings::default());
    (0..50).for_each(|_| assert!(fail(&mut circuit, 7, now)));
    assert_eq!(circuit.state(now), CircuitState::Closed);
}

#[test]
fn one_failure_in_twenty_never_opens_it() {
    let now = test_epoch();
    let mut circuit = Circuit::new(CircuitSettings::default());
    for request in 0..10_000 {
        let at = now + Duration::from_secs(request);
        if request % 20 == 0 {
            fail(&mut circuit, request, at)
        } else {
            succeed(&mut circuit, at)
        };
        assert_eq!(circuit.state(at), CircuitState::Closed);
    }
}

#[test]
fn a_minute_long_outage_is_over_within_half_a_minute_of_its_end() {
    let start = test_epoch();
    let mut circuit = opened(start);
    let mut second = 0;
    let back = loop {
        second += 4;
        let now = start + Duration::from_secs(second);
        let healthy = second >= 60;
        if healthy && succeed(&mut circuit, now) {
            break second;
        }
        fail(&mut circuit, second, now);
    };
    assert!(back <= 90, "first use {back} s after the beginning");
}

#[test]
fn only_one_trial_runs_at_a_time() {
    let start = test_epoch();
    let mut circuit = opened(start);
    let later = start + Duration::from_secs(6);
    let trial = circuit.admit(later);
    assert!(trial.is_ok());
    assert_eq!(circuit.admit(later), Err(None));
    circuit.release(trial.unwrap());
    assert!(circuit.admit(later).is_ok());
}

#[test]
fn a_recovered_target_is_ramped_up() {
    let start = test_epoch();
    let mut circuit = opened(start);
    let later = start + Duration::from_secs(6);
    assert!(succeed(&mut circuit, later));
    assert_eq!(circuit.state(later), CircuitState::Ramp);
    let passes: Vec<_> = std::iter::from_fn(|| circuit.admit(later).ok()).collect();
    assert_eq!(passes.len(), 2);
    passes.into_iter().for_each(|pass| circuit.success(pass, later));
    assert!(succeed(&mut circuit, later));
    assert_eq!(circuit.state(later), CircuitState::Closed);
}

#[test]
fn a_long_outage_is_tried_less_and_less_often() {
    let start = test_epoch();
    let mut circuit = opened(start);
    let trials: Vec<u64> =
        (1..7200).filter(|s| fail(&mut circuit, *s, start + Duration::from_secs(*s))).collect();
    assert!(trials.len() < 75, "{} trials in two hours", trials.len());
    assert!(trials.windows(2).all(|pair| pair[1] - pair[0] <= 121));
}

#[test]
fn flapping_stretches_the_wait_from_the_second_time_on() {
    let start = test_epoch();
    let mut circuit = Circuit::new(CircuitSettings::default());
    let mut waits = Vec::new();
    let mut now = start;
    for _ in 0..3 {
        (0..4).for_each(|request| assert!(fail(&mut circuit, request, now)));
        let until = circuit.check(now).unwrap_err().unwrap();
        waits.push(until - now);
        now = until;
        (0..5).for_each(|_| assert!(succeed(&mut circuit, now)));
    }
    assert!(waits[1] > waits[0] && waits[2] > waits[1], "{waits:?}");
}

#[test]
fn a_pass_from_before_the_trip_tells_nothing_about_the_trial() {
    let start = test_epoch();
    let mut circuit = Circuit::new(CircuitSettings::default());
    let old = circuit.admit(start).unwrap();
    (0..4).for_each(|request| assert!(fail(&mut circuit, request, start)));
    circuit.success(old, start);
    assert_eq!(circuit.state(start), CircuitState::Open);
}
