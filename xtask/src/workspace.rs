//! Where things are.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::command::{Command, Failure};

/// The tree this task was built from.
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    /// Where Cargo builds.
    pub(crate) target: PathBuf,
}

impl Workspace {
    pub(crate) fn here() -> Self {
        let own = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = own.parent().unwrap_or(own).to_path_buf();
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
        let target = root.join(target);
        Self { root, target }
    }

    /// Cargo, at the root of the tree. `words` are split at spaces.
    pub(crate) fn cargo(&self, words: &str) -> Command {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        Command::new(cargo, &self.root).shown_as("cargo").words(words)
    }

    /// The library's features, as its manifest lists them.
    pub(crate) fn features(&self) -> Result<Vec<String>, Failure> {
        let manifest = self.root.join("Cargo.toml");
        let text = fs::read_to_string(&manifest)
            .map_err(|error| Failure::new(format!("{} cannot be read: {error}", manifest.display())))?;
        Ok(features(&text))
    }
}

/// The keys of the table `[features]` but `default`.
fn features(manifest: &str) -> Vec<String> {
    manifest
        .lines()
        .skip_while(|line| line.trim() != "[features]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.starts_with([' ', '#', ']']))
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name.trim().trim_matches('"').to_owned())
        .filter(|name| name != "default")
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_features_of_a_manifest_are_listed_without_the_default() {
        let manifest = "[package]\nname = \"a\"\n\n[features]\ndefault = []\n# Not = this.\nconfig = [\n    \"b=c\",\n]\n\
                        testing = [\"x\"]\n\n[dependencies]\ntokio = \"1\"\n";
        assert_eq!(features(manifest), ["config", "testing"]);
    }

    #[test]
    fn the_library_has_features_to_be_checked_one_by_one() {
        assert!(!Workspace::here().features().unwrap().is_empty());
    }
}
