//! One scenario: two servers on loopback, the first of which fails; one answer over both.

use std::io;
use std::time::Duration;

use mainstay::catalog::Wire;
use mainstay::chat::{Event, Kind, Reply, Target};
use mainstay::client::{Client, EventStream};
use mainstay::error::Error;
use mainstay::failover::Chain;
use mainstay::provider::Endpoint;
use mainstay::resilience::Timeouts;
use mainstay::testing::{FaultServer, Script};

use super::scenarios::{ANSWER, Scenario};
use super::screen::Screen;

/// Between two words of a server.
const PACE: Duration = Duration::from_millis(14);
/// When silence counts as silence. A real provider is given more time.
const SILENCE: Duration = Duration::from_millis(800);
/// For one answer, so that six stay under 45 s whatever happens.
const LIMIT: Duration = Duration::from_secs(7);

/// The two servers of a scenario and the client that knows them.
pub(super) struct Stage {
    pub(super) failing: FaultServer,
    healthy: FaultServer,
    client: Client,
}

impl Stage {
    pub(super) async fn set(scenario: &Scenario) -> Result<Self, Error> {
        let script = Script::answer(ANSWER).pace(PACE);
        let failing = start(script.clone().fault((scenario.fault)())).await?;
        let healthy = start(script.continuation((scenario.continuation)())).await?;
        let mut timeouts = Timeouts::default();
        timeouts.first_token = Some(SILENCE);
        timeouts.idle = Some(SILENCE);
        timeouts.total = LIMIT;
        let client = Client::builder()
            .endpoint(Endpoint::new("north", scenario.first, base_url(&failing, scenario.first)))
            .endpoint(
                Endpoint::new("south", scenario.second, base_url(&healthy, scenario.second))
                    .prefill(scenario.prefill),
            )
            .chain("demo", Chain::new([target("north", "one")?, target("south", "two")?]))
            .timeouts(timeouts)
            .build()?;
        Ok(Self { failing, healthy, client })
    }

    /// The answer, as a stream.
    pub(super) fn ask(&self) -> EventStream {
        debug_assert_ne!(self.failing.address(), self.healthy.address());
        self.client.stream(super::QUESTION)
    }
}

async fn start(script: Script) -> Result<FaultServer, Error> {
    FaultServer::start(script).await.map_err(|error| {
        Error::new(Kind::Internal, format!("no server could be started on loopback: {error}"))
    })
}

fn target(provider: &str, model: &str) -> Result<Target, Error> {
    Target::new(provider, model).map_err(|error| Error::new(Kind::Internal, error.to_string()))
}

fn base_url(server: &FaultServer, wire: Wire) -> String {
    match wire {
        Wire::Anthropic => server.anthropic_url(),
        _ => server.openai_url(),
    }
}

/// How an answer came out.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// It is the scripted answer, character for character.
    pub(super) exact: bool,
    reply: Reply,
    error: Option<Error>,
    /// Why the first one was left, and after how many characters.
    left: Option<(Kind, usize)>,
    gap_ms: u64,
}

impl Outcome {
    pub(super) fn in_words(&self) -> String {
        let got = self.reply.text.chars().count();
        if let Some(error) = &self.error {
            return format!("{error} ({got} characters)");
        }
        let exact = if self.exact { "exact" } else { "not the scripted answer" };
        match self.left {
            Some((kind, after)) => {
                format!(
                    "{exact}: {kind}; {after} characters + {}, gap {} ms",
                    got.saturating_sub(after),
                    self.gap_ms
                )
            }
            None => format!("{exact}: {got} characters"),
        }
    }
}

/// Shows the answer as it comes and checks it.
pub(super) async fn watch(mut stream: EventStream, screen: &mut Screen<'_>) -> io::Result<Outcome> {
    let mut outcome = Outcome::default();
    while let Some(event) = stream.next().await {
        match event {
            Ok(event) => {
                show(&event, &mut outcome, screen)?;
                outcome.reply.absorb(event);
            }
            Err(error) => outcome.error = Some(error),
        }
    }
    outcome.exact = outcome.error.is_none() && outcome.reply.text == ANSWER;
    Ok(outcome)
}

fn show(event: &Event, outcome: &mut Outcome, screen: &mut Screen<'_>) -> io::Result<()> {
    match event {
        // The answer's last newline would only leave an empty line.
        Event::Text { text } => screen.text(text.strip_suffix('\n').unwrap_or(text))?,
        Event::Failover { reason, after_chars, .. } => {
            let after = usize::try_from(*after_chars).unwrap_or(usize::MAX);
            outcome.left.get_or_insert((*reason, after));
            screen.seam()?;
        }
        Event::Finish { longest_gap_ms, .. } => outcome.gap_ms = *longest_gap_ms,
        _ => {}
    }
    Ok(())
}
