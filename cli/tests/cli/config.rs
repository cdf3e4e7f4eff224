//! `config` and `providers`.

use serde_json::Value;

use crate::bench::{Bench, KEY};

#[tokio::test]
async fn show_redacts_and_path_names_the_file() {
    let bench = Bench::healthy().await;
    let ran = bench.run(&["config", "show"]).await;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("FIRST_KEY") && !ran.out.contains("hush-hush"), "{}", ran.out);
    let ran = bench.run(&["config", "path"]).await;
    assert_eq!(ran.out.trim_end(), bench.dir().join("config.toml").to_str().unwrap());
}

#[tokio::test]
async fn check_points_at_the_mistake() {
    let bench = Bench::healthy().await;
    assert_eq!(bench.run(&["config", "check"]).await.code, Some(0));
    let bad = bench.file("bad.toml", "default_chian = \"main\"\n");
    let ran = bench.run(&["config", "check", bad.to_str().unwrap()]).await;
    assert_eq!((ran.code, ran.out.as_str()), (Some(3), ""));
    for part in ["bad.toml", "default_chian", "^", "default_chain"] {
        assert!(ran.err.contains(part), "{part}: {}", ran.err);
    }
    let ran = bench.run(&["ask", "-o", "jsonl", "--config", bad.to_str().unwrap(), "Count."]).await;
    assert_eq!((ran.code, &ran.end()["kind"]), (Some(3), &"config".into()));
}

#[tokio::test]
async fn a_strangers_folder_cannot_send_prompts_elsewhere() {
    let bench = Bench::healthy().await;
    let url = bench.first.openai_url();
    bench.file("mainstay.toml", format!("[providers.evil]\nwire = \"openai_chat\"\nbase_url = \"{url}\"\n"));
    let output = bench
        .command(&["ask", "-m", "evil/x", "Count."])
        .env_remove("MAINSTAY_CONFIG")
        .output()
        .await
        .unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{err}");
    assert!(err.contains("--config"), "{err}");
    assert_eq!(bench.first.requests().len(), 0);
}

#[tokio::test]
async fn providers_say_whether_a_key_is_there_and_never_which() {
    let bench = Bench::healthy().await;
    let ran = bench.run(&["providers"]).await;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("first *") && ran.out.contains("✓ FIRST_KEY"), "{}", ran.out);
    assert!(ran.out.contains("OPENAI_API_KEY not set"), "{}", ran.out);
    assert!(!ran.out.contains(KEY));
    let ran = bench.run(&["providers", "list", "-o", "json"]).await;
    let rows: Value = serde_json::from_str(&ran.out).unwrap();
    let first = rows.as_array().unwrap().iter().find(|row| row["provider"] == "first").unwrap();
    assert_eq!((&first["wire"], &first["key_found"]), (&"openai_chat".into(), &"FIRST_KEY".into()));
}

#[tokio::test]
async fn models_can_be_listed_by_provider() {
    let bench = Bench::healthy().await;
    let ran = bench.run(&["models", "-o", "jsonl"]).await;
    let first: Value = serde_json::from_str(ran.out.lines().next().unwrap()).unwrap();
    let provider = first["target"].as_str().unwrap().split('/').next().unwrap().to_owned();
    let ran = bench.run(&["models", &provider]).await;
    assert!(ran.out.lines().skip(1).all(|line| line.starts_with(&format!("{provider}/"))), "{}", ran.out);
    assert_eq!(bench.run(&["models", "nobody"]).await.code, Some(2));
}
