//! A chain of four providers on two wires, three of them in trouble: one answer, and a record of who did what.
//!
//! `cargo run --example 03_failover_chain --features testing`

#![allow(clippy::print_stdout)]

use std::error::Error;

use mainstay::catalog::{Prefill, Wire};
use mainstay::chat::{Kind, Mode, Outcome};
use mainstay::testing::{Continuation, Fault, FaultServer, Script};
use mainstay::{Chain, Client, Endpoint};

const ANSWER: &str = "Rain is a little acid: it dissolves rock, and rivers carry what is dissolved down to the sea. \
                      The water leaves again as vapour, the salt stays. 海水之所以咸，是因为河流不断带来盐分。";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let answer = Script::answer(ANSWER);
    let busy = FaultServer::start(answer.clone().fault(Fault::busy())).await?;
    // Says 40 characters, then the connection is reset.
    let dies = FaultServer::start(answer.clone().fault(Fault::ResetAfter(40))).await?;
    // Takes the 40 characters as the beginning of its own answer, says 60 more, and ends without its marker.
    let ends = FaultServer::start(answer.clone().fault(Fault::CloseCleanly(60))).await?;
    // Knows no prefill: it is asked in words to go on, and first repeats the last few of them.
    let healthy = FaultServer::start(answer.continuation(Continuation::Anchor)).await?;

    let client = Client::builder()
        .endpoint(Endpoint::new("busy", Wire::OpenAiChat, busy.openai_url()))
        .endpoint(Endpoint::new("dies", Wire::OpenAiChat, dies.openai_url()))
        .endpoint(Endpoint::new("ends", Wire::OpenAiChat, ends.openai_url()).prefill(Prefill::Prefix))
        .endpoint(Endpoint::new("healthy", Wire::Anthropic, healthy.anthropic_url()))
        .chain(
            "main",
            Chain::new(["busy/m".parse()?, "dies/m".parse()?, "ends/m".parse()?, "healthy/m".parse()?]),
        )
        .build()?;

    let reply = client.ask("Why is the sea salty?").await?;

    println!("{}\n", reply.text);
    for attempt in &reply.attempts {
        let kind = attempt.kind.map_or("", Kind::as_str);
        let mode = attempt.mode.as_str();
        println!("{:10} {:9} {:10} {kind}", attempt.target.as_str(), mode, attempt.outcome.as_str());
    }

    assert_eq!(reply.text, ANSWER);
    let trail: Vec<_> =
        reply.attempts.iter().map(|a| (a.target.provider(), a.mode, a.outcome, a.kind)).collect();
    assert_eq!(
        trail,
        [
            ("busy", Mode::Fresh, Outcome::Failed, Some(Kind::Overloaded)),
            ("dies", Mode::Fresh, Outcome::Cut, Some(Kind::Reset)),
            ("ends", Mode::Prefill, Outcome::Cut, Some(Kind::Truncated)),
            ("healthy", Mode::Instruct, Outcome::Completed, None),
        ]
    );
    Ok(())
}
