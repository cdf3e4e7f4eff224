//! What a user of the library gets: how much comes with it, under which licences, and whether the package builds.

use std::collections::BTreeSet;

use crate::command::Failure;
use crate::test::{Done, Outcome};
use crate::workspace::Workspace;

/// The most crates in the library's default tree, itself included.
const CRATES: usize = 112;

pub(crate) fn size(workspace: &Workspace) -> Outcome {
    let tree = workspace.cargo("tree --locked -p mainstay -e normal --prefix none --format {p}").read()?;
    let count = distinct(&tree);
    println!("{count} crates; the most is {CRATES}");
    if count > CRATES {
        return Err(Failure::new(format!(
            "the library's default tree has {count} crates; the most is {CRATES}"
        )));
    }
    Ok(Done::Passed)
}

/// How many different packages, by name and version, the lines name.
fn distinct(tree: &str) -> usize {
    let package = |line: &str| line.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    tree.lines().map(package).filter(|package| !package.is_empty()).collect::<BTreeSet<_>>().len()
}

/// What would be published, unpacked and built.
pub(crate) fn verify(workspace: &Workspace) -> Outcome {
    workspace.cargo("package --locked -p mainstay --allow-dirty").run()?;
    Ok(Done::Passed)
}

/// Without the advisories: their database is not in a package registry.
pub(crate) fn deny(workspace: &Workspace) -> Outcome {
    if !workspace.cargo("deny --version").succeeds() {
        return Ok(Done::Skipped(
            "cargo-deny is not installed (cargo install --locked cargo-deny)".to_owned(),
        ));
    }
    workspace.cargo("deny --offline check bans licenses sources").run()?;
    Ok(Done::Passed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_counts_once_and_each_of_its_versions_by_itself() {
        let tree = "a v1.0.0 (/here)\nb v1.0.0\nb v1.0.0 (*)\nb v2.0.0 (proc-macro)\n\n";
        assert_eq!(distinct(tree), 3);
    }
}
