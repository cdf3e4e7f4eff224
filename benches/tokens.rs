//! CPU per streamed token: a mainstay client beside a bare reqwest loop that parses the same chunks with serde.
//!
//! `cargo bench --bench tokens`. Both read the same recorded answer from a server in another thread, in turns; what is
//! counted is the processor time of the reading thread (Linux only), because the wall clock of a shared machine says
//! little.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::disallowed_methods)]

use std::borrow::Cow;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

use mainstay::catalog::Wire;
use mainstay::{Chain, Client, Endpoint, Event};
use serde::Deserialize;

const TOKENS: usize = 20_000;
const ROUNDS: usize = 15;

fn main() {
    let server = serve();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let bare = reqwest_client();
    let mainstay = Client::builder()
        .endpoint(Endpoint::new("a", Wire::OpenAiChat, format!("http://{server}/v1")))
        .chain("main", Chain::new(["a/m".parse().unwrap()]))
        .build()
        .unwrap();
    let (mut of_bare, mut of_mainstay) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let (bare_ns, bare_text) = measured(|| runtime.block_on(read_bare(&bare, server)));
        let (our_ns, our_text) = measured(|| runtime.block_on(read_mainstay(&mainstay)));
        assert_eq!(bare_text, our_text, "both must read the same");
        if round > 0 {
            of_bare.push(bare_ns / TOKENS as u64);
            of_mainstay.push(our_ns / TOKENS as u64);
        }
    }
    println!("CPU per token, {TOKENS} tokens, {ROUNDS} rounds in turns");
    let bare = report("bare reqwest + serde", &mut of_bare);
    let ours = report("mainstay", &mut of_mainstay);
    println!("mainstay ÷ bare: {:.2} by medians, {:.2} by minima", ours.0 / bare.0, ours.1 / bare.1);
}

fn report(name: &str, samples: &mut [u64]) -> (f64, f64) {
    samples.sort_unstable();
    let (median, least) = (samples[samples.len() / 2], samples[0]);
    println!("{name:24} median {median:>6} ns   minimum {least:>6} ns");
    (median as f64, least as f64)
}

/// Nanoseconds this thread has spent on a processor.
fn cpu() -> u64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    stat.split_whitespace().next().unwrap().parse().unwrap()
}

fn measured<T>(work: impl FnOnce() -> T) -> (u64, T) {
    let before = cpu();
    let result = work();
    (cpu() - before, result)
}

async fn read_mainstay(client: &Client) -> String {
    let (mut stream, mut text) = (client.stream("Hi"), String::new());
    while let Some(event) = stream.next().await {
        if let Event::Text { text: piece } = event.unwrap() {
            text.push_str(&piece);
        }
    }
    text
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
}

#[derive(Deserialize)]
struct Delta<'a> {
    #[serde(borrow, default)]
    content: Option<Cow<'a, str>>,
}

fn reqwest_client() -> reqwest::Client {
    let provider = rustls::crypto::ring::default_provider();
    let tls = rustls::ClientConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().build().unwrap()
}

/// As little as can be done: lines, JSON, text.
async fn read_bare(client: &reqwest::Client, server: SocketAddr) -> String {
    let url = format!("http://{server}/v1/chat/completions");
    let body = r#"{"model":"m","stream":true,"messages":[{"role":"user","content":"Hi"}]}"#;
    let mut response = client.post(url).body(body).send().await.unwrap();
    let (mut text, mut rest) = (String::new(), Vec::new());
    while let Some(bytes) = response.chunk().await.unwrap() {
        rest.extend_from_slice(&bytes);
        let mut start = 0;
        while let Some(end) = memchr::memchr(b'\n', &rest[start..]) {
            if let Some(data) =
                rest[start..start + end].strip_prefix(b"data: ").filter(|data| *data != b"[DONE]")
            {
                let chunk: Chunk<'_> = serde_json::from_slice(data).unwrap();
                text.extend(chunk.choices.into_iter().filter_map(|choice| choice.delta.content));
            }
            start += end + 1;
        }
        rest.drain(..start);
    }
    text
}

/// A server that writes the same answer to everybody, as fast as it is read.
fn serve() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let body = recording();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let body = body.clone();
            std::thread::spawn(move || answer(stream.unwrap(), &body));
        }
    });
    address
}

fn answer(mut stream: TcpStream, body: &[u8]) {
    let mut request = [0; 4096];
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    while stream.read(&mut request).is_ok_and(|read| read > 0) {
        if stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).is_err() {
            return;
        }
    }
}

fn recording() -> Vec<u8> {
    let frame = |delta: &str, finish: &str| {
        format!(
            "data: {{\"id\":\"chatcmpl-0123456789abcdef\",\"object\":\"chat.completion.chunk\",\"created\":1760000000,\
             \"model\":\"m\",\"system_fingerprint\":\"fp_0123456789\",\"choices\":[{{\"index\":0,\"delta\":{delta},\
             \"logprobs\":null,\"finish_reason\":{finish}}}],\"usage\":null}}\n\n"
        )
    };
    let mut body = frame(r#"{"role":"assistant","content":""}"#, "null");
    for n in 0..TOKENS {
        body += &frame(&format!(r#"{{"content":" token{n}"}}"#), "null");
    }
    body += &frame("{}", "\"stop\"");
    body += "data: [DONE]\n\n";
    body.into_bytes()
}
