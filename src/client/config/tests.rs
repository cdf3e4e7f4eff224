#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::time::Duration;

use super::*;
use crate::catalog::{Prefill, Wire};
use crate::failover::OnBreak;

/// As the documentation shows it, with names of the test's own vendors.
const FULL: &str = r#"
default_chain = "main"

[providers.work]
wire = "openai_chat"
base_url = "http://127.0.0.1:8080/v1?version=topsecret1"
api_key_env = "WORK_KEY"
headers = { "X-Team" = "topsecret2", "api-key" = "topsecret3" }
extra_body = { service_tier = "flex", nested = { list = [1, 2.5, true] } }
prefill = "partial"
echoes = true
stream = false

[providers.beta]
base_url = "https://eu.example.com/v1"

[models."work/big"]
context_window = 1_000_000
max_output = 32_000
abilities = ["tools", "json_schema"]
price = { currency = "USD", input = 0.30, output = 1.20, cached_input = 0.03 }
prefill = "none"

[chains.zuerst]
targets = ["local/m"]

[chains.main]
targets = ["alpha/pro", "work/big", { target = "local/llama3.3:70b", max_tokens = 2048, temperature = 0.5 }]
order = "listed"
on_break = "restart"
max_failovers = 5

[timeouts]
connect = "2s"
first_token = "12s"
total = "5m"

[retry]
attempts = 3
base = "10ms"
budget = 5

[circuit]
enabled = false
max_open = "1m"

[limits]

[http]
proxy = "http://me:topsecret4@proxy.example:3128"
ca_file = "/etc/ca.pem"

[state]
enabled = false
dir = "/tmp/state"
"#;

fn world() -> World {
    World::of(&[("WORK_KEY", "topsecret5"), ("ALPHA_KEY", "topsecret6"), ("BETA_KEY", "topsecret7")])
}

fn full() -> Config {
    Config::parse_in(FULL, "f.toml", Trust::Full, world()).unwrap_or_else(|error| panic!("{error}"))
}

fn refusal(text: &str, trust: Trust) -> String {
    Config::parse_in(text, "f.toml", trust, world()).unwrap_err().to_string()
}

#[test]
fn every_key_of_the_documentation_is_read() {
    let config = full();
    assert_eq!(config.warnings(), []);
    assert_eq!(config.chains().map(|(name, _)| name).collect::<Vec<_>>(), ["zuerst", "main"]);
    assert_eq!(config.default_chain(), Some("main"));
    assert!(!config.state().enabled && config.state().dir.is_some());
    let (_, main) = config.chains().nth(1).unwrap();
    assert_eq!((main.on_break, main.max_failovers), (OnBreak::Restart, Some(5)));
    assert_eq!((main.links[2].max_tokens, main.links[2].temperature), (Some(2048), Some(0.5)));
    let File { providers, models, timeouts, retry, circuit, http, .. } = config.file;
    let (work, beta) = (&providers[0].endpoint, &providers[1].endpoint);
    assert_eq!((work.prefill, work.echoes, work.stream), (Prefill::Partial, true, false));
    assert_eq!(work.extra_body["nested"], serde_json::json!({ "list": [1, 2.5, true] }));
    assert_eq!((beta.base_url.as_str(), beta.prefill), ("https://eu.example.com/v1", Prefill::Prefix));
    assert!(beta.vendor.is_some(), "a built-in provider keeps its row");
    assert_eq!(providers[1].key_env, ["BETA_KEY"]);
    let model = &models[0].model;
    assert_eq!((model.tools, model.images, model.thinks), (Some(true), Some(false), Some(false)));
    assert_eq!((model.prefill, model.max_output), (Some(Prefill::None), Some(32_000)));
    assert_eq!((timeouts.idle, timeouts.total), (None, Duration::from_secs(300)));
    assert_eq!((retry.attempts, retry.base, retry.budget), (3, Duration::from_millis(10), 5.0));
    assert_eq!((circuit.enabled, circuit.max_open), (false, Duration::from_secs(60)));
    assert_eq!(http.connect, Duration::from_secs(2));
}

#[test]
fn no_secret_is_ever_shown() {
    let config = full();
    let shown = [config.redacted(), format!("{config:?}"), format!("{:?}", config.builder())];
    for text in shown {
        assert!(!text.contains("topsecret"), "{text}");
    }
    let redacted = config.redacted();
    for line in ["X-Team = \"<redacted>\"", "api_key_env = \"WORK_KEY\"", "service_tier = \"flex\""] {
        assert!(redacted.contains(line), "{redacted}");
    }
}

#[test]
fn what_is_shown_can_be_read_again() {
    let shown = full().redacted();
    let again = Config::parse_in(&shown, "shown.toml", Trust::Full, world()).unwrap();
    let order = |config: &Config| {
        let brief = |(name, chain): (&str, &Chain)| (name.to_owned(), chain.links.clone(), chain.moves());
        let mut chains: Vec<_> = config.chains().map(brief).collect();
        chains.sort_by(|a, b| a.0.cmp(&b.0));
        chains
    };
    assert_eq!(order(&again), order(&full()));
    assert_eq!(again.file.timeouts, full().file.timeouts);
    assert_eq!(again.file.models[0].model, full().file.models[0].model);
}

#[test]
fn a_provider_tells_which_variables_may_hold_its_key() {
    let text = "[providers.alpha]\nstream = false\n[providers.beta]\napi_key_env = \"OTHER\"\n";
    let config = Config::parse_in(text, "f.toml", Trust::Full, world()).unwrap();
    assert_eq!(config.key_env("alpha").unwrap(), ["ALPHA_KEY", "ALPHA_OLD_KEY"]);
    assert_eq!(config.key_env("beta").unwrap(), ["OTHER"]);
    assert_eq!(config.key_env("local"), None);
}

#[test]
fn nothing_at_all_is_a_configuration() {
    let config = Config::parse_in("", "f.toml", Trust::Full, world()).unwrap();
    assert_eq!((config.default_chain(), config.path()), (None, None));
    let mut builder = config.builder();
    let plan = crate::client::plan::Plan::of(&mut builder).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(plan.default_chain, "env");
}

#[test]
fn the_builder_has_everything_applied() {
    let mut builder = full().builder();
    let plan = crate::client::plan::Plan::of(&mut builder).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(plan.default_chain, "main");
    assert!(plan.missing_keys.is_empty(), "{:?}", plan.missing_keys);
    assert_eq!(plan.timeouts.connect, Duration::from_secs(2));
    assert_eq!(builder.retry.attempts, 3);
    let Source::Endpoint { endpoint, .. } = &plan.sources["work"] else { panic!("an endpoint") };
    assert_eq!(endpoint.key.as_ref().unwrap().expose(), "topsecret5");
    assert_eq!(plan.catalog.model(&"work/big".parse().unwrap()).context_window, Some(1_000_000));
}

#[test]
fn the_first_chain_of_the_file_is_the_default() {
    let text = "[chains.z]\ntargets = [\"local/m\"]\n[chains.a]\ntargets = [\"local/m\"]\n";
    let config = Config::parse_in(text, "f.toml", Trust::Full, world()).unwrap();
    assert_eq!(config.default_chain(), Some("z"));
}

#[test]
fn a_built_in_provider_over_another_wire_keeps_its_key_but_not_its_quirks() {
    let text = "[providers.beta]\nwire = \"anthropic\"\nbase_url = \"https://h.example\"\n";
    let config = Config::parse_in(text, "f.toml", Trust::Full, world()).unwrap();
    let beta = &config.file.providers[0];
    assert_eq!((beta.endpoint.wire, beta.endpoint.prefill), (Wire::Anthropic, Prefill::None));
    assert!(beta.endpoint.vendor.is_none());
    assert_eq!(beta.key_env, ["BETA_KEY"]);
}

#[test]
fn a_file_of_the_working_directory_cannot_send_anything_elsewhere() {
    for section in [
        "[providers.beta]\nbase_url = \"https://evil.example/v1\"\n",
        "[models.\"beta/m\"]\n",
        "[http]\nproxy = \"https://evil.example\"\n",
        "[state]\ndir = \"/tmp\"\n",
        "[limits]\n",
    ] {
        let message = refusal(section, Trust::WorkingDirectory);
        assert!(message.contains("f.toml:1:2") && message.contains("--config"), "{message}");
        Config::parse_in(section, "f.toml", Trust::Full, world()).unwrap();
    }
    let message = refusal("[chains.main]\ntargets = [\"work/m\"]\n", Trust::WorkingDirectory);
    assert!(message.contains("unknown provider `work`"), "{message}");
    let harmless =
        "default_chain = \"a\"\n[chains.a]\ntargets = [\"local/m\"]\n[timeouts]\n[retry]\n[circuit]\n";
    Config::parse_in(harmless, "f.toml", Trust::WorkingDirectory, world()).unwrap();
}

#[test]
fn an_error_of_the_file_is_one_of_kind_config() {
    let error: Error = Config::parse("tagets = 1", "f.toml", Trust::Full).unwrap_err().into();
    assert_eq!(error.kind(), crate::chat::Kind::Config);
    assert!(error.to_string().contains("f.toml:1:1"), "{error}");
}

mod look_up {
    use super::*;

    /// A folder of the test's own with these files in it.
    fn folder(name: &str, files: &[(&str, &[u8])]) -> PathBuf {
        let root = std::env::temp_dir().join(format!("mainstay-config-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        for (path, bytes) in files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        root
    }

    fn load(explicit: Option<&Path>, vars: &[(&str, &Path)], dir: &Path) -> Result<Config, ConfigError> {
        let vars: Vec<_> = vars.iter().map(|(name, path)| (*name, path.to_str().unwrap())).collect();
        Config::load_in(explicit, World::of(&vars), dir)
    }

    #[test]
    fn the_nearest_to_the_user_counts() {
        let root = folder(
            "order",
            &[
                ("here/mainstay.toml", b""),
                ("xdg/mainstay/config.toml", b""),
                ("home/.config/mainstay/config.toml", b""),
                ("named.toml", b""),
                ("flag.toml", b""),
            ],
        );
        let at = |name: &str| root.join(name);
        let (named, xdg, home, here, flag) =
            (at("named.toml"), at("xdg"), at("home"), at("here"), at("flag.toml"));
        let vars: [(&str, &Path); 3] =
            [("MAINSTAY_CONFIG", &named), ("XDG_CONFIG_HOME", &xdg), ("HOME", &home)];
        let path = |explicit, vars, dir: &Path| load(explicit, vars, dir).unwrap().path().map(Path::to_owned);
        assert_eq!(path(Some(&flag), &vars, &here), Some(flag.clone()));
        assert_eq!(path(None, &vars, &here), Some(named.clone()));
        assert_eq!(path(None, &vars[1..], &here), Some(here.join("mainstay.toml")));
        assert_eq!(path(None, &vars[1..], &root), Some(xdg.join("mainstay/config.toml")));
        assert_eq!(path(None, &vars[2..], &root), Some(home.join(".config/mainstay/config.toml")));
        assert_eq!(path(None, &[], &root), None);
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn the_file_found_in_the_working_directory_is_trusted_only_if_named() {
        let root = folder("trust", &[("mainstay.toml", b"[http]\n")]);
        assert!(load(None, &[], &root).unwrap_err().to_string().contains("--config"));
        load(Some(&root.join("mainstay.toml")), &[], &root).unwrap();
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn a_file_that_cannot_be_read_says_why() {
        let large = vec![b'#'; 1024 * 1024 + 1];
        let files: [(&str, &[u8]); 3] =
            [("large.toml", &large), ("latin1.toml", b"\n# caf\xe9\n"), ("mainstay.toml/x", b"")];
        let root = folder("unreadable", &files);
        for (path, word) in [
            ("large.toml", "larger than 1 MiB"),
            ("latin1.toml", "is not UTF-8 text (line 2)"),
            ("absent.toml", "cannot be read"),
        ] {
            let error = load(Some(&root.join(path)), &[], &root).unwrap_err();
            assert!(error.to_string().contains(word) && error.to_string().contains(path), "{error}");
            assert!(error.findings().is_empty());
        }
        assert!(load(None, &[], &root).unwrap_err().to_string().contains("is not a file"));
        let absent = root.join("absent.toml");
        assert!(load(None, &[("MAINSTAY_CONFIG", &absent)], &root).is_err());
        fs::remove_dir_all(root).unwrap();
    }
}
