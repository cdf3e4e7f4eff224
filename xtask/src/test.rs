//! `cargo xtask test`: the steps, in the order in which they are likely to fail.
//!
//! A step is a name and a function; the first that fails ends the run. No step needs more of the network than the
//! package registries.

use std::time::{Duration, Instant};

use crate::command::Failure;
use crate::workspace::Workspace;
use crate::{examples, package, python};

/// What became of a step that did not fail.
pub(crate) enum Done {
    Passed,
    /// It could not be run here, for this reason, and need not be.
    Skipped(String),
}

pub(crate) type Outcome = Result<Done, Failure>;

/// A step's name and what it does.
pub(crate) type Step = (&'static str, fn(&Workspace) -> Outcome);

/// Everything.
pub(crate) const ALL: &[Step] = &[
    ("format", format),
    ("lints", lints),
    ("lints of each feature alone", features),
    ("tests", tests),
    ("tests in the documentation", doc_tests),
    ("documentation", documentation),
    ("examples", examples::run),
    ("python bindings", python::run),
    ("size of the dependency tree", package::size),
    ("package", package::verify),
    ("licences, bans and sources", package::deny),
];

/// What is worth running before every commit.
pub(crate) const QUICK: &[Step] = &[("format", format), ("lints", lints), ("tests", tests)];

/// Runs the steps up to the first failure; true if there was none.
pub(crate) fn run(workspace: &Workspace, steps: &[Step]) -> bool {
    let began = Instant::now();
    let mut skipped = Vec::new();
    for (number, (name, step)) in steps.iter().enumerate() {
        println!("\n== {}/{} {name}", number + 1, steps.len());
        let since = Instant::now();
        let outcome = step(workspace);
        let took = seconds(since.elapsed());
        match outcome {
            Ok(Done::Passed) => println!("== {name}: passed in {took}"),
            Ok(Done::Skipped(why)) => {
                println!("== {name}: skipped: {why}");
                skipped.push(*name);
            }
            Err(failure) => {
                println!("== {name}: FAILED after {took}: {failure}");
                return false;
            }
        }
    }
    if !skipped.is_empty() {
        println!("\nskipped: {}", skipped.join("; "));
    }
    println!(
        "\n{} of {} steps done in {}",
        steps.len() - skipped.len(),
        steps.len(),
        seconds(began.elapsed())
    );
    true
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

fn format(workspace: &Workspace) -> Outcome {
    workspace.cargo("fmt --all --check").run()?;
    Ok(Done::Passed)
}

fn lints(workspace: &Workspace) -> Outcome {
    workspace.cargo("clippy --workspace --all-targets --all-features -- -D warnings").run()?;
    Ok(Done::Passed)
}

/// The library must build, without a warning, for those who switch on nothing or one thing.
fn features(workspace: &Workspace) -> Outcome {
    workspace.cargo("clippy -p mainstay --lib -- -D warnings").run()?;
    for feature in workspace.features()? {
        let words =
            format!("clippy -p mainstay --lib --no-default-features --features {feature} -- -D warnings");
        workspace.cargo(&words).run()?;
    }
    Ok(Done::Passed)
}

fn tests(workspace: &Workspace) -> Outcome {
    if workspace.cargo("nextest --version").succeeds() {
        workspace.cargo("nextest run --workspace --all-features").run()?;
    } else {
        workspace.cargo("test --workspace --all-features --lib --bins --tests").run()?;
    }
    Ok(Done::Passed)
}

fn doc_tests(workspace: &Workspace) -> Outcome {
    workspace.cargo("test --doc -p mainstay --all-features").run()?;
    Ok(Done::Passed)
}

fn documentation(workspace: &Workspace) -> Outcome {
    let doc = workspace.cargo("doc --no-deps -p mainstay --all-features");
    doc.env("RUSTDOCFLAGS", "-D warnings").run()?;
    Ok(Done::Passed)
}
