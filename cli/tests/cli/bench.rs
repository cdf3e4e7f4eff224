//! Two fault servers, a configuration that names them, and the program run against it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use mainstay::testing::{FaultServer, Script};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};

/// The key of the first provider. It must never be seen anywhere.
pub(crate) const KEY: &str = "sk-0123456789-very-secret";

/// What both servers answer, unless a test says otherwise.
pub(crate) const ANSWER: &str =
    "One two three four five six seven eight nine ten, 十一 🌊 twelve.\n\n```rust\nfn main() {}\n```";

/// A place to run the program in: its own home, its own configuration.
pub(crate) struct Bench {
    pub(crate) first: FaultServer,
    pub(crate) second: FaultServer,
    dir: TempDir,
}

impl Bench {
    /// `first/one` speaks `openai_chat`, `second/two` speaks `anthropic`; the chain `main` is both.
    pub(crate) async fn new(first: Script, second: Script) -> Self {
        let bench = Self {
            first: FaultServer::start(first).await.unwrap(),
            second: FaultServer::start(second).await.unwrap(),
            dir: tempfile::tempdir().unwrap(),
        };
        let config = format!(
            r#"
            [providers.first]
            wire = "openai_chat"
            base_url = "{}"
            api_key_env = "FIRST_KEY"
            headers = {{ "X-Team" = "hush-hush" }}
            prefill = "prefix"

            [providers.second]
            wire = "anthropic"
            base_url = "{}"
            prefill = "trailing"

            [chains.main]
            targets = ["first/one", "second/two"]

            [chains.alone]
            targets = ["first/one"]
            max_failovers = 0

            [timeouts]
            first_token = "2s"
            idle = "700ms"
            total = "20s"
            "#,
            bench.first.openai_url(),
            bench.second.anthropic_url()
        );
        bench.file("config.toml", config);
        bench
    }

    /// Both servers answer; the first one as `script` says.
    pub(crate) async fn with(script: Script) -> Self {
        Self::new(script, Script::answer(ANSWER)).await
    }

    /// A bench where all is well.
    pub(crate) async fn healthy() -> Self {
        Self::with(Script::answer(ANSWER)).await
    }

    /// Writes a file and returns its path.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.dir.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }

    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// The program with these arguments, in an environment of its own. The proxy leads nowhere: it must not
    /// be used for loopback.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mainstay"));
        command
            .args(args)
            .current_dir(self.dir())
            .env_clear()
            .env("HOME", self.dir())
            .env("MAINSTAY_CONFIG", self.dir().join("config.toml"))
            .env("FIRST_KEY", KEY)
            .env("HTTP_PROXY", "http://127.0.0.1:9")
            .env("http_proxy", "http://127.0.0.1:9")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    pub(crate) async fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output().await.unwrap())
    }

    /// Runs the program with this on its standard input.
    pub(crate) async fn run_with(&self, args: &[&str], input: impl AsRef<[u8]>) -> Ran {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.as_ref().to_vec();
        let writing = tokio::spawn(async move {
            let _ = stdin.write_all(&input).await;
        });
        let ran = Ran::of_child(child).await;
        writing.await.unwrap();
        ran
    }
}

/// What came of a run.
pub(crate) struct Ran {
    /// The exit code; `None` if a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        let ran = Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        };
        assert!(!ran.out.contains(KEY) && !ran.err.contains(KEY), "a key was shown");
        ran
    }

    pub(crate) async fn of_child(child: Child) -> Self {
        Self::of(child.wait_with_output().await.unwrap())
    }

    /// The lines of `-o jsonl`, of which exactly the last is an end.
    pub(crate) fn events(&self) -> Vec<Value> {
        let events: Vec<Value> = self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let ends = |event: &Value| event["type"] == "finish" || event["type"] == "error";
        assert_eq!(events.iter().filter(|event| ends(event)).count(), 1, "{}", self.out);
        assert!(events.last().is_some_and(ends), "{}", self.out);
        assert!(self.out.ends_with('\n'));
        events
    }

    /// The last line of `-o jsonl`.
    pub(crate) fn end(&self) -> Value {
        self.events().pop().unwrap()
    }
}

/// The text of an answer: everything after the last restart.
pub(crate) fn text_of(events: &[Value]) -> String {
    let begin = events.iter().rposition(|event| event["type"] == "restart").map_or(0, |at| at + 1);
    events[begin..].iter().filter(|e| e["type"] == "text").filter_map(|e| e["text"].as_str()).collect()
}
