//! Test your own app against an outage: what does its user see when a provider fails in every way there is?
//!
//! `cargo run --example 05_testing_an_outage --features testing`

#![allow(clippy::print_stdout)]

use std::error::Error;
use std::time::Duration;

use mainstay::catalog::Wire;
use mainstay::resilience::Timeouts;
use mainstay::testing::{Fault, FaultServer, Script};
use mainstay::{Chain, Client, Endpoint};

const ANSWER: &str = "Rain dissolves rock, rivers carry the salt down, and the sea keeps it.";

/// The app under test: it shows an answer, or else what it has of it and an apology.
async fn app(client: &Client, question: &str) -> String {
    match client.ask(question).await {
        Ok(reply) => reply.text,
        Err(error) => format!("{}… (sorry: {})", error.partial().unwrap_or_default(), error.kind()),
    }
}

/// A client of these servers, quick to lose patience so that the test is quick.
fn client(servers: &[&FaultServer]) -> Result<Client, Box<dyn Error>> {
    let mut timeouts = Timeouts::default();
    timeouts.first_token = Some(Duration::from_millis(200));
    timeouts.idle = Some(Duration::from_millis(200));
    timeouts.total = Duration::from_secs(2);
    let (mut builder, mut targets) = (Client::builder().timeouts(timeouts), Vec::new());
    for (number, server) in servers.iter().enumerate() {
        let name = format!("server{number}");
        targets.push(format!("{name}/m").parse()?);
        builder = builder.endpoint(Endpoint::new(name, Wire::OpenAiChat, server.openai_url()));
    }
    Ok(builder.chain("main", Chain::new(targets)).build()?)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let healthy = FaultServer::start(Script::answer(ANSWER)).await?;

    for (what, fault) in [
        ("answers 503, busy", Fault::busy()),
        ("refuses the key", Fault::unauthorized()),
        ("sends keep-alive comments only", Fault::CommentsOnly(Duration::from_millis(50))),
        ("resets the connection", Fault::ResetAfter(33)),
        ("breaks off in an HTTP chunk", Fault::CutMidChunk(33)),
        ("closes as if it were done", Fault::CloseCleanly(33)),
        ("falls silent", Fault::Stall(33)),
        ("says that it is overloaded", Fault::overloaded_after(33)),
        ("sends a broken event", Fault::CorruptEvent(33)),
        ("turns into a page of HTML", Fault::TurnsToHtml(33)),
    ] {
        let failing = FaultServer::start(Script::answer(ANSWER).fault(fault)).await?;
        let shown = app(&client(&[&failing, &healthy])?, "Why is the sea salty?").await;
        println!("{what:32} {shown}");
        assert_eq!(shown, ANSWER, "{what}");
        assert_eq!(failing.requests().len(), 1, "nobody hammers a provider in trouble");
    }

    // With nobody left to go on, the user sees what there is, and the app knows that it is not all.
    let dying =
        FaultServer::start(Script::answer(ANSWER).fault_once(Fault::ResetAfter(33)).fault(Fault::busy()))
            .await?;
    let shown = app(&client(&[&dying])?, "Why is the sea salty?").await;
    println!("{:32} {shown}", "dies, and there is no other");
    assert_eq!(shown, format!("{}… (sorry: reset)", &ANSWER[..33]));
    Ok(())
}
