//! Read an answer as it comes, with everything that happens to it on the way.
//!
//! `cargo run --example 02_stream_events --features testing`

#![allow(clippy::print_stdout)]

use std::error::Error;
use std::time::Duration;

use mainstay::catalog::Wire;
use mainstay::chat::{Event, Request};
use mainstay::resilience::Timeouts;
use mainstay::testing::{Fault, FaultServer, Script};
use mainstay::{Chain, Client, Endpoint};

const ANSWER: &str = "Rain dissolves rock, rivers carry the salt down, and the sea keeps it.";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // The first server stops talking in the middle of a word, and leaves the connection open.
    let stalling = FaultServer::start(Script::answer(ANSWER).fault(Fault::Stall(25))).await?;
    let healthy = FaultServer::start(Script::answer(ANSWER)).await?;

    let mut timeouts = Timeouts::default();
    timeouts.idle = Some(Duration::from_millis(300)); // unset, it adapts to the target: 5 to 20 s
    let client = Client::builder()
        .endpoint(Endpoint::new("first", Wire::OpenAiChat, stalling.openai_url()))
        .endpoint(Endpoint::new("second", Wire::Anthropic, healthy.anthropic_url()))
        .chain("main", Chain::new(["first/model".parse()?, "second/model".parse()?]))
        .timeouts(timeouts)
        .build()?;

    let request = Request::user("Why is the sea salty?").system("Be brief.").max_tokens(200);
    let mut stream = client.stream(request);
    let (mut shown, mut moves) = (String::new(), 0);

    while let Some(event) = stream.next().await {
        match event? {
            Event::Text { text } => {
                println!("text      {text:?}");
                shown.push_str(&text);
            }
            Event::Waiting { target, silent_ms, next_ms } => {
                println!("waiting   for {target}: silent for {silent_ms} ms, {next_ms} ms left");
            }
            Event::Failover { from, to, reason, mode, after_chars, .. } => {
                println!("failover  {from} → {to}: {reason} after {after_chars} characters, {mode}");
                moves += 1;
            }
            Event::Seam { silence_ms, dropped_chars, .. } => {
                println!("seam      {dropped_chars} repeated characters dropped, silent for {silence_ms} ms");
            }
            Event::Restart { .. } => shown.clear(), // comes only with `OnBreak::Restart`
            Event::Finish { reason, usage, .. } => {
                println!("finish    {reason}, {} tokens", usage.output_tokens);
            }
            _ => {}
        }
    }

    assert_eq!(shown, ANSWER);
    assert_eq!(moves, 1);
    Ok(())
}
