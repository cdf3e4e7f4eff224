#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::catalog::{Model, Wire};

fn builder(vars: &[(&str, &str)]) -> ClientBuilder {
    ClientBuilder { world: World::of(vars), ..ClientBuilder::default() }
}

fn chain(targets: &[&str]) -> Chain {
    Chain::new(targets.iter().map(|target| target.parse().unwrap()))
}

fn plan(mut builder: ClientBuilder) -> Plan {
    Plan::of(&mut builder).unwrap_or_else(|error| panic!("{error}"))
}

fn refusal(mut builder: ClientBuilder) -> String {
    let error = Plan::of(&mut builder).err().expect("a refusal");
    assert_eq!(error.kind(), Kind::Config);
    error.message().to_owned()
}

fn names(chain: &Chain) -> Vec<&str> {
    chain.targets().map(Target::as_str).collect()
}

fn key_of(plan: &Plan, id: &str) -> Option<String> {
    match &plan.sources[id] {
        Source::Endpoint { endpoint, .. } => endpoint.key.as_ref().map(|key| key.expose().to_owned()),
        Source::Provider(_) => None,
    }
}

#[test]
fn the_env_chain_holds_the_vendors_with_keys_in_table_order() {
    let all = plan(builder(&[("BETA_KEY", "b"), ("ALPHA_OLD_KEY", "a")]).vendors_from_env());
    assert_eq!(all.default_chain, "env");
    assert_eq!(names(&all.chains["env"]), ["alpha/default-model", "beta/default-model"]);

    let one = plan(builder(&[("BETA_KEY", "b"), ("ALPHA_KEY", " ")]).vendors_from_env());
    assert_eq!(names(&one.chains["env"]), ["beta/default-model"]);
}

#[test]
fn no_key_at_all_names_every_variable_and_the_demo() {
    let message = refusal(builder(&[]).vendors_from_env());
    for word in ["ALPHA_KEY", "ALPHA_OLD_KEY", "BETA_KEY", "mainstay demo"] {
        assert!(message.contains(word), "{message}");
    }
}

#[test]
fn a_chain_beside_the_environment_needs_no_key_in_it() {
    let plan = plan(builder(&[]).vendors_from_env().chain("home", chain(&["local/m"])));
    assert_eq!((plan.default_chain.as_str(), plan.chains.len()), ("home", 1));
}

#[test]
fn an_unknown_provider_is_told_with_the_nearest_names() {
    let message = refusal(builder(&[]).chain("main", chain(&["local/m", "betta/m"])));
    assert_eq!(
        message,
        "unknown provider `betta` in chain `main`; did you mean `beta`? Known: alpha, beta, local"
    );
}

#[test]
fn an_unknown_default_chain_is_told_with_the_nearest_names() {
    let message = refusal(builder(&[]).chain("main", chain(&["local/m"])).default_chain("mian"));
    assert_eq!(message, "the default chain `mian` is not defined; did you mean `main`? Known: main");
}

#[test]
fn a_built_in_vendor_needs_no_entry() {
    let plan = plan(builder(&[("ALPHA_KEY", "one, two")]).chain("main", chain(&["alpha/m"])));
    assert_eq!(key_of(&plan, "alpha").as_deref(), Some("one"));
}

#[test]
fn a_target_without_its_key_is_kept_with_the_reason_where_another_can_be_asked() {
    let plan = plan(builder(&[("BETA_KEY", "b")]).chain("main", chain(&["alpha/m", "beta/m"])));
    assert_eq!(names(&plan.chains["main"]), ["alpha/m", "beta/m"]);
    assert_eq!(plan.missing_keys["alpha"], "no key: set ALPHA_KEY or ALPHA_OLD_KEY");
    assert!(!plan.missing_keys.contains_key("beta") && !plan.missing_keys.contains_key("local"));
}

#[test]
fn a_key_that_cannot_be_sent_is_as_good_as_none() {
    let vars = [("ALPHA_KEY", "sk-to\npsecret"), ("BETA_KEY", "b")];
    let plan = plan(builder(&vars).chain("main", chain(&["alpha/m", "beta/m"])));
    let reason = &plan.missing_keys["alpha"];
    assert!(reason.contains("ALPHA_KEY") && !reason.contains("psecret"), "{reason}");
}

#[test]
fn a_default_chain_without_any_key_says_which_variables_to_set() {
    let message = refusal(builder(&[]).chain("main", chain(&["alpha/m", "beta/m", "beta/n"])));
    assert_eq!(
        message,
        "chain `main` has no target that could be asked: alpha has no key: set ALPHA_KEY or ALPHA_OLD_KEY; \
         beta has no key: set BETA_KEY"
    );
}

#[test]
fn another_chain_without_a_key_does_not_stop_the_client() {
    let plan = plan(builder(&[]).chain("main", chain(&["local/m"])).chain("big", chain(&["alpha/m"])));
    assert_eq!(plan.chains.len(), 2);
}

#[test]
fn a_key_given_in_the_program_counts_before_the_environment() {
    let given = Endpoint::vendor(World::of(&[]).vendor("alpha").unwrap()).key("mine");
    let plan = plan(builder(&[("ALPHA_KEY", "theirs")]).endpoint(given).chain("main", chain(&["alpha/m"])));
    assert_eq!(key_of(&plan, "alpha").as_deref(), Some("mine"));
}

#[test]
fn an_endpoint_of_ones_own_takes_no_key_from_the_environment() {
    let own = Endpoint::new("alpha", Wire::OpenAiChat, "http://127.0.0.1:1/v1");
    let plan = plan(builder(&[("ALPHA_KEY", "secret")]).endpoint(own).chain("main", chain(&["alpha/m"])));
    assert_eq!(key_of(&plan, "alpha"), None);
    assert!(!plan.missing_keys.contains_key("alpha"));
}

#[test]
fn what_cannot_be_right_is_refused() {
    let fine = || builder(&[]).chain("main", chain(&["local/m"]));
    let zero = Timeouts { idle: Some(Duration::ZERO), ..Timeouts::default() };
    for (builder, word) in [
        (builder(&[]), "there is no chain"),
        (builder(&[]).chain("main", chain(&[])), "chain `main` has no targets"),
        (builder(&[]).chain("a/b", chain(&["local/m"])), "`a/b` cannot name a chain"),
        (fine().model("lokal/m".parse().unwrap(), Model::UNKNOWN), "did you mean `local`?"),
        (fine().timeouts(zero), "`idle`"),
        (fine().retry(Retry { attempts: 0, ..Retry::default() }), "`retry.attempts`"),
        (fine().retry(Retry { deposit: f64::NAN, ..Retry::default() }), "`retry.deposit`"),
        (fine().circuit(CircuitSettings { threshold: 0.0, ..CircuitSettings::default() }), "threshold"),
        (
            fine().circuit(CircuitSettings { max_open: Duration::ZERO, ..CircuitSettings::default() }),
            "`circuit.max_open`",
        ),
    ] {
        let message = refusal(builder);
        assert!(message.contains(word), "{message}");
    }
}

#[test]
fn the_time_to_connect_is_one_for_all() {
    let fine = || builder(&[]).chain("main", chain(&["local/m"]));
    let second = Duration::from_secs(1);
    let timeouts = plan(fine().timeouts(Timeouts { connect: second, ..Timeouts::default() }));
    let http = plan(fine().http(HttpOptions { connect: second, ..HttpOptions::default() }));
    for plan in [timeouts, http] {
        assert_eq!((plan.timeouts.connect, plan.http.connect), (second, second));
    }
}

#[test]
fn an_endless_time_is_one_that_can_be_reckoned_with() {
    let endless = Timeouts { total: Duration::MAX, ..Timeouts::default() };
    let plan = plan(builder(&[]).chain("main", chain(&["local/m"])).timeouts(endless));
    assert!(tokio::time::Instant::now().checked_add(plan.timeouts.total).is_some());
}
