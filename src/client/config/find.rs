//! Which file is read, and how much it is trusted.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{ConfigError, Trust};
use crate::client::env::World;

/// The name looked for in the working directory.
const LOCAL: &str = "mainstay.toml";
/// A configuration is a page of text. What is larger is something else.
const LARGEST: u64 = 1024 * 1024;

/// A file to read.
#[derive(Debug, PartialEq)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    pub(super) trust: Trust,
}

/// The first there is of: the explicit path, `$MAINSTAY_CONFIG`, `mainstay.toml` in `dir`, and the user's own.
/// The first two must exist, the others need not.
pub(super) fn find(explicit: Option<&Path>, world: &World, dir: &Path) -> Option<Found> {
    let named = explicit.map(Path::to_owned).or_else(|| world.var("MAINSTAY_CONFIG").map(PathBuf::from));
    if let Some(path) = named {
        return Some(Found { path, trust: Trust::Full });
    }
    let local = dir.join(LOCAL);
    if fs::symlink_metadata(&local).is_ok() {
        return Some(Found { path: local, trust: Trust::WorkingDirectory });
    }
    let own = user_file(world)?;
    fs::symlink_metadata(&own).is_ok().then_some(Found { path: own, trust: Trust::Full })
}

fn user_file(world: &World) -> Option<PathBuf> {
    let absolute = |name| world.var(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || absolute("HOME").or_else(|| absolute("USERPROFILE")).map(|home| home.join(".config"));
    Some(absolute("XDG_CONFIG_HOME").or_else(home)?.join("mainstay").join("config.toml"))
}

/// The text of a file.
pub(super) fn read(found: &Found) -> Result<String, ConfigError> {
    let Found { path, trust } = found;
    let refuse = |why: &str| ConfigError::new(format!("{}: {why}", path.display()));
    let cannot = |error: io::Error| refuse(&format!("cannot be read: {error}"));
    if *trust == Trust::WorkingDirectory && !fs::metadata(path).map_err(cannot)?.is_file() {
        return Err(refuse("is not a file"));
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(cannot)?;
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() as u64 > LARGEST {
        return Err(refuse("is larger than 1 MiB, which no configuration is"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        refuse(&format!("is not UTF-8 text (line {line})"))
    })
}
