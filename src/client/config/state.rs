//! Where a program may keep what it remembers between runs.

use std::path::PathBuf;

/// What the configuration says about remembered state. The library keeps none by itself; a program that does,
/// such as the command line, asks here.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct State {
    /// Whether anything may be remembered. True.
    pub enabled: bool,
    /// The folder for it, where it is not the usual one.
    pub dir: Option<PathBuf>,
}

impl Default for State {
    fn default() -> Self {
        Self { enabled: true, dir: None }
    }
}
