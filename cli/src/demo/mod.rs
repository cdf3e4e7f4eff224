//! `mainstay demo`: answers that outlive a server which fails on purpose, beside what a plain client shows.
//!
//! No key and no network: both servers listen on loopback. The answer is known beforehand, so the program
//! itself checks it, character for character.

mod plain;
mod run;
mod scenarios;
mod screen;

use std::io::{self, Write};

use anstyle::Style;
use run::{Stage, watch};
use scenarios::{ANSWER, SCENARIOS, SHOWN, Scenario};
use screen::Screen;

use crate::args::{Common, Demo};
use crate::exit::{Exit, Stop};
use crate::table;
use crate::terminal::Terminal;

const QUESTION: &str = "Why is the sea salty?";

const INTRODUCTION: &str = "\
Two servers on this machine, north and south, know the same answer; north fails
on purpose. Nothing leaves this machine. ┃ is where south took over.
";

/// Shows the scenarios and the score.
///
/// # Errors
///
/// A usage error for an unknown scenario; otherwise those of starting a server and of standard output.
pub(crate) async fn run(demo: &Demo, args: &Common) -> Result<Exit, Stop> {
    let mut out = io::stdout();
    if demo.list {
        let rows = SCENARIOS.iter().map(|scenario| [scenario.name.to_owned(), scenario.story.to_owned()]);
        writeln!(out, "{}", table::plain(rows))?;
        return Ok(Exit::Complete);
    }
    let scenarios = chosen(&demo.scenarios)?;
    let palette = Terminal::of_process(args.color).stdout_palette();
    writeln!(out, "{INTRODUCTION}")?;
    let mut screen = Screen::new(&mut out, palette);
    let (mut exact, mut plain) = (0, 0);
    for scenario in &scenarios {
        let (kept, seen) = play(scenario, &mut screen).await?;
        exact += usize::from(kept);
        plain += usize::from(seen);
    }
    screen.score(exact, plain, scenarios.len())?;
    Ok(if exact == scenarios.len() { Exit::Complete } else { Exit::Incomplete })
}

/// Plays one scenario. Says whether the answer was exact here, and at a plain client.
async fn play(scenario: &Scenario, screen: &mut Screen<'_>) -> Result<(bool, bool), Stop> {
    let stage = Stage::set(scenario).await?;
    screen.title(scenario)?;
    screen.label("mainstay", Style::new())?;
    let witness = plain::ask(stage.failing.address(), scenario.first);
    let (outcome, seen) = tokio::join!(watch(stage.ask(), screen), witness);
    let outcome = outcome?;
    screen.outcome(&outcome)?;
    screen.witness(&seen)?;
    Ok((outcome.exact, seen.text == ANSWER))
}

fn chosen(names: &[String]) -> Result<Vec<&'static Scenario>, Stop> {
    if names.is_empty() {
        return Ok(SCENARIOS.iter().take(SHOWN).collect());
    }
    names.iter().map(|name| find(name)).collect()
}

fn find(name: &str) -> Result<&'static Scenario, Stop> {
    SCENARIOS.iter().find(|scenario| scenario.name == name).ok_or_else(|| {
        let names: Vec<_> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
        Stop::usage(format!("there is no scenario `{name}`; there are {}", names.join(", ")))
    })
}
