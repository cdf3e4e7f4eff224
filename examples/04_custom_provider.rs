//! A provider of your own: here a list of canned answers, the last resort when everything else is down.
//!
//! `cargo run --example 04_custom_provider --features testing`

#![allow(clippy::print_stdout)]

use std::error::Error as StdError;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::stream;
use mainstay::catalog::Wire;
use mainstay::chat::{FinishReason, Kind};
use mainstay::provider::{Abilities, Call, Delta, DeltaStream};
use mainstay::testing::{FaultServer, RefusedAddress, Script};
use mainstay::{Chain, Client, Endpoint, Error, Provider};

/// Questions and their answers, kept on this machine.
struct Canned(&'static [(&'static str, &'static str)]);

#[async_trait]
impl Provider for Canned {
    fn id(&self) -> &str {
        "canned"
    }

    fn abilities(&self, _model: &str) -> Abilities {
        let mut abilities = Abilities::default();
        abilities.tools = false; // requests with tools pass it by
        abilities
    }

    async fn open(&self, call: Call) -> Result<DeltaStream, Error> {
        let asked = call.request.messages.last().map(|message| message.text()).unwrap_or_default();
        let known = self.0.iter().find(|(question, _)| *question == asked);
        // Say truly what is wrong; what is done about it is not a provider's business.
        let (_, answer) = known.ok_or_else(|| Error::new(Kind::Unsupported, "no canned answer to this"))?;
        // `Finish` says that the answer is complete. A stream that ends without it counts as cut off.
        let words = answer.split_inclusive(' ').map(|word| Delta::Text(word.to_owned()));
        let deltas = words.chain([Delta::Finish(FinishReason::Stop)]).map(Ok);
        Ok(Box::pin(stream::iter(deltas.collect::<Vec<_>>())))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    let canned = Canned(&[("Are you open on Sunday?", "Yes, from ten to four.")]);
    let gone = RefusedAddress::new()?;
    let healthy = FaultServer::start(Script::answer("I cannot know your opening hours.")).await?;

    let client = Client::builder()
        .endpoint(Endpoint::new("gone", Wire::OpenAiChat, gone.url()))
        .endpoint(Endpoint::new("other", Wire::OpenAiChat, healthy.openai_url()))
        .provider(Arc::new(canned))
        .chain("main", Chain::new(["gone/m".parse()?, "canned/v1".parse()?, "other/m".parse()?]))
        .build()?;

    let known = client.ask("Are you open on Sunday?").await?;
    println!("{} (by {})", known.text, known.served_by[0]);
    assert_eq!(known.text, "Yes, from ten to four.");
    assert_eq!(known.attempts[0].kind, Some(Kind::Connect));

    let unknown = client.ask("And on Monday?").await?;
    println!("{} (by {})", unknown.text, unknown.served_by[0]);
    assert_eq!(unknown.served_by[0].provider(), "other");
    Ok(())
}
