//! Every example must run to its end by itself: without a key, without a network, without anybody typing.

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::command::{Command, Failure};
use crate::test::{Done, Outcome};
use crate::workspace::Workspace;

const LIMIT: Duration = Duration::from_secs(60);

pub(crate) fn run(workspace: &Workspace) -> Outcome {
    let names = names(&workspace.root.join("examples"))?;
    if names.is_empty() {
        return Ok(Done::Skipped("there is none in examples/".to_owned()));
    }
    workspace.cargo("build -p mainstay --examples --features testing,config").run()?;
    for name in names {
        // Not with `cargo run`: ending Cargo at the limit would leave the example running.
        let program = workspace.target.join("debug/examples").join(format!("{name}{EXE_SUFFIX}"));
        Command::new(program, &workspace.root).run_within(LIMIT)?;
    }
    Ok(Done::Passed)
}

/// The names of the Rust files in `folder`, in order. A folder that is not there has none.
fn names(folder: &Path) -> Result<Vec<String>, Failure> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let unreadable = |error| Failure::new(format!("{} cannot be read: {error}", folder.display()));
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rust_files_are_found_in_order_and_nothing_else() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(names(&here.join("src")).unwrap().first().unwrap(), "command");
        assert!(names(here).unwrap().is_empty());
        assert!(names(&here.join("not-there")).unwrap().is_empty());
    }
}
