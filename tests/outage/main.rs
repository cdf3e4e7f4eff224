//! The whole through real sockets: every fault, both wires in all combinations, streamed and not.
#![allow(clippy::unwrap_used, clippy::expect_used)]
#![allow(clippy::disallowed_methods, reason = "sockets live in real time")]

mod cancel;
mod matrix;

use std::time::Duration;

use mainstay::catalog::{Prefill, Wire};
use mainstay::chat::{Event, Kind};
use mainstay::resilience::Timeouts;
use mainstay::testing::{FaultServer, Script};
use mainstay::{Chain, Client, ClientBuilder, Endpoint, Error, EventStream, Reply};

const ANSWER: &str = "The sea is salty because rain is a little acid: it dissolves rock.\n\n```rust\nfn salt() -> f64 { 35.0 }\n```\n\n\
                      海水之所以咸，是因为河流不断带来盐分。 Living things use up most of the rest, so sodium and chloride are what you taste. 🌊";

fn endpoint(id: &str, wire: Wire, server: &FaultServer) -> Endpoint {
    let url = if wire == Wire::Anthropic { server.anthropic_url() } else { server.openai_url() };
    Endpoint::new(id, wire, url).key("sk-test-0123456789")
}

fn builder(endpoints: impl IntoIterator<Item = Endpoint>) -> ClientBuilder {
    let mut targets = Vec::new();
    let mut builder = Client::builder().seed(1).timeouts(quick());
    for endpoint in endpoints {
        targets.push(format!("{}/m", endpoint.id()).parse().unwrap());
        builder = builder.endpoint(endpoint);
    }
    builder.chain("main", Chain::new(targets))
}

/// Times short enough for a test, long enough for a loaded machine.
fn quick() -> Timeouts {
    let mut timeouts = Timeouts::default();
    timeouts.first_token = Some(Duration::from_millis(400));
    timeouts.idle = Some(Duration::from_millis(400));
    timeouts.total = Duration::from_secs(20);
    timeouts
}

async fn healthy() -> FaultServer {
    FaultServer::start(Script::answer(ANSWER)).await.unwrap()
}

struct Seen {
    events: Vec<Event>,
    error: Option<Error>,
}

async fn collect(mut stream: EventStream) -> Seen {
    let mut seen = Seen { events: Vec::new(), error: None };
    while let Some(event) = stream.next().await {
        match event {
            Ok(event) => seen.events.push(event),
            Err(error) => seen.error = Some(error),
        }
    }
    seen
}

impl Seen {
    fn reply(&self) -> Reply {
        let mut reply = Reply::default();
        self.events.iter().cloned().for_each(|event| reply.absorb(event));
        reply
    }

    fn reason(&self) -> Option<Kind> {
        self.events.iter().find_map(|event| match event {
            Event::Failover { reason, .. } => Some(*reason),
            _ => None,
        })
    }
}

fn prefilling(endpoint: Endpoint) -> Endpoint {
    endpoint.prefill(Prefill::Trailing)
}
