//! Ask two providers as if they were one. The first dies in the middle of its answer; the reader gets all of it.
//!
//! `cargo run --example 01_quick_start --features testing`

#![allow(clippy::print_stdout)]

use std::error::Error;

use mainstay::catalog::Wire;
use mainstay::testing::{Fault, FaultServer, Script};
use mainstay::{Chain, Client, Endpoint};

const ANSWER: &str = "Rain dissolves rock, rivers carry the salt down, and the sea keeps it.";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // Two servers on this machine stand for two providers, so that no key and no network is needed.
    let dying = FaultServer::start(Script::answer(ANSWER).fault(Fault::ResetAfter(20))).await?;
    let healthy = FaultServer::start(Script::answer(ANSWER)).await?;

    // With real ones, whose keys are in the environment, `Client::from_env()?` takes the place of all this.
    let client = Client::builder()
        .endpoint(Endpoint::new("first", Wire::OpenAiChat, dying.openai_url()))
        .endpoint(Endpoint::new("second", Wire::OpenAiChat, healthy.openai_url()))
        .chain("main", Chain::new(["first/model".parse()?, "second/model".parse()?]))
        .build()?;

    let reply = client.ask("Why is the sea salty?").await?;

    println!("{}", reply.text);
    for target in &reply.served_by {
        println!("  by {target}");
    }

    assert_eq!(reply.text, ANSWER);
    assert_eq!(reply.served_by.len(), 2);
    Ok(())
}
