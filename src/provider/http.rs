//! One HTTP exchange, and how it can fail.

use std::path::PathBuf;
use std::time::Duration;

/// How HTTP is done, for all providers of a client.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct HttpOptions {
    /// To make a connection.
    pub connect: Duration,
    /// A proxy for everything but loopback, over what the environment says.
    pub proxy: Option<String>,
    /// A PEM file with the certificates to trust instead of the machine's own.
    pub ca_file: Option<PathBuf>,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), proxy: None, ca_file: None }
    }
}

/// The connections of a client. Cloning shares them.
#[derive(Debug, Clone)]
pub struct Http {
    options: HttpOptions,
}

impl Http {
    /// Nothing is opened and no certificate store is read before it is needed.
    pub fn new(options: HttpOptions) -> Self {
        Self { options }
    }
}
