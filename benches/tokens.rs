//! The cost of it all: CPU time per streamed token, beside a bare loop that reads the same answer.
//!
//! `cargo bench --bench tokens`
//!
//! The bare loop is what one would write by hand: reqwest, the same parser of server-sent events, serde structs that
//! borrow, one `push_str` per token. It knows no failure. Both sides read the same prepared answer from the same
//! server, which runs on a thread of its own and is not counted: only the CPU time of the thread that reads is.
//!
//! Rounds of both sides alternate, so that what else runs on the machine hits both. Of noise there is only more, never
//! less: the minimum is the figure to compare between machines, the median the one to believe on a quiet one.

#![allow(clippy::print_stdout)]

use std::borrow::Cow;
use std::error::Error;
use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::num::NonZeroUsize;
use std::sync::Arc;

use mainstay::catalog::Wire;
use mainstay::{Chain, Client, Endpoint, Event};
use serde::Deserialize;
use sse_core::{SseDecoder, SseEvent};
use tokio::runtime::{Builder, Runtime};

const TOKENS: usize = 5_000;
const ANSWERS: usize = 8;
const ROUNDS: usize = 25;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    // `cargo test --all-targets` runs benches too: it only wants to know that they work.
    let rounds = if std::env::args().any(|arg| arg == "--bench") { ROUNDS } else { 1 };
    println!("CPU time per token, ns; {rounds} rounds of {ANSWERS} answers of {TOKENS} tokens\n");
    println!("{:34} {:>16} {:>16} {:>16}", "an HTTP chunk holds", "bare", "mainstay", "ratio");
    println!("{:34} {:>16} {:>16} {:>16}", "", "median   min", "median   min", "median   min");
    for (name, chunk, padded) in [
        ("one event, as providers send them", 1, false),
        ("one event, padded at random", 1, true),
        ("16 KiB of events", 16 * 1024, false),
    ] {
        let address = serve(answer(chunk, padded))?;
        let (bare, ours) = measure(rounds, &Bare::new(address)?, &Mainstay::new(address)?)?;
        let show = |(median, min): (f64, f64), digits: usize| format!("{median:>7.digits$} {min:>6.digits$}");
        let ratio = (ours.0 / bare.0, ours.1 / bare.1);
        println!("{name:34} {:>16} {:>16} {:>16}", show(bare, 0), show(ours, 0), show(ratio, 2));
    }
    Ok(())
}

/// A way to read an answer; it returns the text.
trait Side {
    fn read(&self) -> Result<String>;
}

/// The median and the minimum of both sides, in ns per token.
fn measure(rounds: usize, bare: &dyn Side, ours: &dyn Side) -> Result<((f64, f64), (f64, f64))> {
    let text: String = (0..TOKENS).map(token).collect();
    let (mut of_bare, mut of_ours) = (Vec::new(), Vec::new());
    for round in 0..=rounds {
        for (side, times) in [(bare, &mut of_bare), (ours, &mut of_ours)] {
            let begun = cpu();
            for _ in 0..ANSWERS {
                assert!(side.read()? == text, "not the whole answer");
            }
            // The first round warms up.
            if round > 0 {
                times.push((cpu() - begun) * 1e9 / (ANSWERS * TOKENS) as f64);
            }
        }
    }
    Ok((summary(of_bare), summary(of_ours)))
}

fn summary(mut times: Vec<f64>) -> (f64, f64) {
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], times[0])
}

/// Seconds of CPU time of this thread.
#[cfg(unix)]
fn cpu() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Seconds that pass, for want of something better.
#[cfg(not(unix))]
fn cpu() -> f64 {
    static BEGUN: std::sync::OnceLock<tokio::time::Instant> = std::sync::OnceLock::new();
    BEGUN.get_or_init(tokio::time::Instant::now).elapsed().as_secs_f64()
}

fn runtime() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

struct Mainstay {
    runtime: Runtime,
    client: Client,
}

impl Mainstay {
    fn new(address: SocketAddr) -> Result<Self> {
        let endpoint = Endpoint::new("bench", Wire::OpenAiChat, format!("http://{address}/v1"));
        let chain = Chain::new(["bench/model".parse()?]);
        let client = Client::builder().endpoint(endpoint).chain("main", chain).build()?;
        Ok(Self { runtime: runtime()?, client })
    }
}

impl Side for Mainstay {
    fn read(&self) -> Result<String> {
        self.runtime.block_on(async {
            let mut text = String::new();
            let mut stream = self.client.stream("Go on for long.");
            while let Some(event) = stream.next().await {
                if let Event::Text { text: piece } = event? {
                    text.push_str(&piece);
                }
            }
            Ok(text)
        })
    }
}

struct Bare {
    runtime: Runtime,
    client: reqwest::Client,
    url: String,
}

impl Bare {
    fn new(address: SocketAddr) -> Result<Self> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth();
        let client = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().build()?;
        Ok(Self { runtime: runtime()?, client, url: format!("http://{address}/v1/chat/completions") })
    }
}

#[derive(Deserialize)]
struct Chunk<'a> {
    #[serde(borrow)]
    choices: Vec<Choice<'a>>,
}

#[derive(Deserialize)]
struct Choice<'a> {
    #[serde(borrow)]
    delta: Delta<'a>,
    finish_reason: Option<&'a str>,
}

#[derive(Deserialize)]
struct Delta<'a> {
    #[serde(borrow)]
    content: Option<Words<'a>>,
}

/// serde borrows a `Cow` only outside of an `Option`.
#[derive(Deserialize)]
#[serde(transparent)]
struct Words<'a>(#[serde(borrow)] Cow<'a, str>);

impl Side for Bare {
    fn read(&self) -> Result<String> {
        self.runtime.block_on(async {
            let body =
                r#"{"model":"model","stream":true,"messages":[{"role":"user","content":"Go on for long."}]}"#;
            let mut response = self.client.post(&self.url).body(body).send().await?.error_for_status()?;
            let mut decoder = SseDecoder::with_limit(NonZeroUsize::MAX);
            let (mut text, mut finished) = (String::new(), false);
            while let Some(bytes) = response.chunk().await? {
                let mut rest = &bytes[..];
                while let Some(event) = decoder.next(&mut rest) {
                    let Ok(SseEvent::Message(message)) = event else { continue };
                    if message.data == "[DONE]" {
                        continue;
                    }
                    let chunk: Chunk = serde_json::from_str(&message.data)?;
                    for choice in &chunk.choices {
                        text.push_str(choice.delta.content.as_ref().map_or("", |words| &words.0));
                        finished |= choice.finish_reason.is_some();
                    }
                }
            }
            if finished { Ok(text) } else { Err("the answer was cut".into()) }
        })
    }
}

fn token(number: usize) -> &'static str {
    ["The", " salt", " of", " the", " sea", " comes", " from", " rivers", ",", " and", " stays", ".\n"]
        [number % 12]
}

/// A prepared response. An HTTP chunk holds so many bytes of events, but one event at least. Padding hides the length of
/// a token from who listens; with it no event looks like another.
fn answer(chunk: usize, padded: bool) -> Vec<u8> {
    let event = |number: usize, delta: String, finish: &str| {
        let noise = (number as u32).wrapping_mul(2_654_435_761);
        let padding = if padded { format!(",\"obfuscation\":\"{noise:08x}\"") } else { String::new() };
        format!(
            "data: {{\"id\":\"chatcmpl-6f1c2a7e\",\"object\":\"chat.completion.chunk\",\"created\":1774819200,\
             \"model\":\"model\",\"system_fingerprint\":\"fp_a1b2c3\",\"choices\":[{{\"index\":0,\
             \"delta\":{delta},\"logprobs\":null,\"finish_reason\":{finish}}}]{padding}}}\n\n"
        )
    };
    let tokens = (0..TOKENS).map(|n| event(n, format!("{{\"content\":{:?}}}", token(n)), "null"));
    let end = [event(TOKENS, "{}".to_owned(), "\"stop\""), "data: [DONE]\n\n".to_owned()];
    let events = tokens.chain(end);
    let mut out =
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n".to_owned();
    let mut held = String::new();
    for event in events {
        held.push_str(&event);
        if held.len() >= chunk {
            let _ = write!(out, "{:x}\r\n{held}\r\n", held.len());
            held.clear();
        }
    }
    if !held.is_empty() {
        let _ = write!(out, "{:x}\r\n{held}\r\n", held.len());
    }
    out.push_str("0\r\n\r\n");
    out.into_bytes()
}

/// Gives this response to every request, as fast as it is taken.
fn serve(response: Vec<u8>) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let response: Arc<[u8]> = response.into();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let response = response.clone();
            std::thread::spawn(move || converse(&stream, &response));
        }
    });
    Ok(address)
}

fn converse(stream: &TcpStream, response: &[u8]) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let (mut reader, mut writer) = (BufReader::new(stream), stream);
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let line = line.trim_end().to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
            if line.is_empty() {
                break;
            }
        }
        io::copy(&mut reader.by_ref().take(length), &mut io::sink())?;
        writer.write_all(response)?;
    }
}
