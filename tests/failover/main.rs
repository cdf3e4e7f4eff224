//! The engine over providers in memory, in virtual time.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod before_content;
mod continuation;
mod every_byte;
mod invariants;
mod limits;
mod mid_answer;
mod silence;

use std::sync::Arc;
use std::time::Duration;

use mainstay::chat::{Attempt, Event, Kind, Mode, Outcome, Request, Target};
use mainstay::provider::Abilities;
use mainstay::resilience::Timeouts;
use mainstay::testing::Scripted;
use mainstay::{Chain, Client, ClientBuilder, Error};

const ANSWER: &str = "The lighthouse keeper counted the ships each evening. On the ninth of March there were eleven, \
                      and one of them carried no lights at all. He wrote it down twice, 两次, and went to bed. 🌊";

/// A client of these providers, asked in this order, model `m` each.
fn builder(providers: &[&Arc<Scripted>]) -> ClientBuilder {
    providers
        .iter()
        .fold(Client::builder().seed(1), |builder, provider| builder.provider((*provider).clone()))
}

fn chain(providers: &[&Arc<Scripted>]) -> Chain {
    use mainstay::Provider;
    Chain::new(providers.iter().map(|provider| target(provider.id())))
}

fn client(providers: &[&Arc<Scripted>]) -> Client {
    builder(providers).chain("main", chain(providers)).build().unwrap()
}

fn target(provider: &str) -> Target {
    Target::new(provider, "m").unwrap()
}

fn answering(id: &str) -> Scripted {
    Scripted::answering(id, ANSWER)
}

fn prefilling(id: &str) -> Scripted {
    let mut abilities = Abilities::default();
    abilities.prefill = true;
    answering(id).abilities(abilities)
}

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn timeouts(first_token: u64, idle: u64) -> Timeouts {
    let mut timeouts = Timeouts::default();
    timeouts.first_token = Some(secs(first_token));
    timeouts.idle = Some(secs(idle));
    timeouts
}

/// All that a request told the caller.
struct Seen {
    events: Vec<Event>,
    error: Option<Error>,
}

impl Seen {
    /// The text after the last restart.
    fn text(&self) -> String {
        let mut reply = mainstay::Reply::default();
        self.events.iter().cloned().for_each(|event| reply.absorb(event));
        reply.text
    }

    fn attempts(&self) -> Vec<Attempt> {
        let finished = self.events.iter().find_map(|event| match event {
            Event::Finish { attempts, .. } => Some(attempts.clone()),
            _ => None,
        });
        finished
            .unwrap_or_else(|| self.error.as_ref().map(|error| error.attempts().to_vec()).unwrap_or_default())
    }

    /// The attempts as `provider outcome kind`.
    fn trail(&self) -> Vec<String> {
        let kind = |attempt: &Attempt| attempt.kind.map_or(String::new(), |kind| format!(" {kind}"));
        self.attempts().iter().map(|a| format!("{} {}{}", a.target.provider(), a.outcome, kind(a))).collect()
    }

    fn failovers(&self) -> Vec<(String, String, Kind, Mode, u64)> {
        self.events
            .iter()
            .filter_map(|event| match event {
                Event::Failover { from, to, reason, mode, after_chars, .. } => {
                    Some((from.provider().to_owned(), to.provider().to_owned(), *reason, *mode, *after_chars))
                }
                _ => None,
            })
            .collect()
    }

    fn finished(&self) -> bool {
        matches!(self.events.last(), Some(Event::Finish { .. })) && self.error.is_none()
    }

    fn kind(&self) -> Option<Kind> {
        self.error.as_ref().map(Error::kind)
    }
}

async fn run(client: &Client, request: impl Into<Request>) -> Seen {
    collect(client.stream(request)).await
}

async fn collect(mut stream: mainstay::EventStream) -> Seen {
    let mut seen = Seen { events: Vec::new(), error: None };
    while let Some(event) = stream.next().await {
        assert!(seen.error.is_none(), "an event after the error");
        match event {
            Ok(event) => seen.events.push(event),
            Err(error) => seen.error = Some(error),
        }
    }
    assert!(
        seen.finished() != seen.error.is_some(),
        "a stream ends with a finish or an error, and with one of them"
    );
    seen
}

fn outcomes(seen: &Seen) -> Vec<Outcome> {
    seen.attempts().iter().map(|attempt| attempt.outcome).collect()
}
