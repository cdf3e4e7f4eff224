//! Why a configuration cannot be used.

use std::fmt;

use super::diagnose::Finding;
use crate::chat::Kind;
use crate::error::Error;

/// A configuration that cannot be used: the file cannot be read, or there are errors in it.
///
/// Its `Display` is the list of findings, as a compiler would print it. It shows no key and no header value.
#[derive(Debug, Clone)]
pub struct ConfigError {
    message: String,
    findings: Vec<Finding>,
}

impl ConfigError {
    pub(super) fn new(message: String) -> Self {
        Self { message, findings: Vec::new() }
    }

    pub(super) fn of(findings: Vec<Finding>) -> Self {
        let all: Vec<_> = findings.iter().map(Finding::to_string).collect();
        Self { message: all.join("\n\n"), findings }
    }

    /// What was found in the file, warnings included, in its order. Empty if it could not be read at all.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ConfigError {}

impl From<ConfigError> for Error {
    fn from(error: ConfigError) -> Self {
        Self::new(Kind::Config, error.message)
    }
}
