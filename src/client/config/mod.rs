//! Configuration files: TOML, never executed.
//!
//! Without any file everything works from the keys in the environment. This module decides which file counts,
//! what it may say and what it comes to; making a client of it is left to the
//! [`ClientBuilder`], which makes its own checks again.
//!
//! Why are tables walked by hand and not with serde? serde stops at the first mistake and knows no places.
//! Here all mistakes are told at once, each with its line, its column and what was probably meant.

mod address;
mod chain;
mod check;
mod diagnose;
mod error;
mod file;
mod find;
mod model;
mod provider;
mod read;
mod secret;
mod settings;
mod show;
mod state;

use std::fmt;
use std::path::{Path, PathBuf};

pub use diagnose::{Finding, Severity};
pub use error::ConfigError;
use file::File;
pub use state::State;

use super::builder::Source;
use super::env::World;
use super::{Client, ClientBuilder};
use crate::error::Error;
use crate::failover::Chain;
use crate::resilience::Timeouts;

/// How much a file is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// The user named it, or it is the user's own: it may say everything.
    Full,
    /// It was found in the working directory, which may be a stranger's repository. It may hold only
    /// `default_chain`, `[chains]`, `[timeouts]`, `[retry]` and `[circuit]`, and name only built-in providers:
    /// it cannot send keys or prompts elsewhere.
    WorkingDirectory,
}

/// A checked configuration.
///
/// It holds header values, but shows none: neither here, nor in `Debug`, nor in an error. Keys are read from
/// the environment only when the client is built.
///
/// ```
/// use mainstay::client::config::{Config, Trust};
///
/// let text = r#"
///     [providers.home]
///     wire = "openai_chat"
///     base_url = "http://127.0.0.1:8080/v1"
///
///     [chains.main]
///     targets = ["home/llama"]
/// "#;
/// let config = Config::parse(text, "mainstay.toml", Trust::Full)?;
/// assert_eq!(config.chains().next().unwrap().0, "main");
/// # Ok::<(), mainstay::client::config::ConfigError>(())
/// ```
#[derive(Clone, Default)]
pub struct Config {
    path: Option<PathBuf>,
    file: File,
    warnings: Vec<Finding>,
    world: World,
}

impl Config {
    /// Reads the first file there is of: `path`, `$MAINSTAY_CONFIG`, `mainstay.toml` in the working directory
    /// (with [`Trust::WorkingDirectory`]), and `mainstay/config.toml` in `$XDG_CONFIG_HOME`, which is
    /// `~/.config` if it is not set. Without any the configuration is the default one.
    ///
    /// # Errors
    ///
    /// The file cannot be read, is larger than 1 MiB, or there are errors in it. The first two must exist.
    pub fn load(path: Option<&Path>) -> Result<Self, ConfigError> {
        Self::load_in(path, World::default(), Path::new(""))
    }

    fn load_in(path: Option<&Path>, world: World, dir: &Path) -> Result<Self, ConfigError> {
        let Some(found) = find::find(path, &world, dir) else { return Ok(Self { world, ..Self::default() }) };
        let text = find::read(&found)?;
        let origin = found.path.display().to_string();
        let config = Self::parse_in(&text, &origin, found.trust, world)?;
        Ok(Self { path: Some(found.path), ..config })
    }

    /// Reads a text. `origin` is what findings call it.
    ///
    /// # Errors
    ///
    /// All errors in it.
    pub fn parse(text: &str, origin: &str, trust: Trust) -> Result<Self, ConfigError> {
        Self::parse_in(text, origin, trust, World::default())
    }

    fn parse_in(text: &str, origin: &str, trust: Trust, world: World) -> Result<Self, ConfigError> {
        let (file, findings) = check::check(text, origin, trust, &world);
        if check::is_fatal(&findings) {
            return Err(ConfigError::of(findings));
        }
        Ok(Self { path: None, file, warnings: findings, world })
    }

    /// Everything that is to be said about a text the user trusts: errors and warnings, in its order. An empty
    /// list is a good one. For a file, see also [`load`](Self::load) and [`ConfigError::findings`].
    pub fn check(text: &str, origin: &str) -> Vec<Finding> {
        check::check(text, origin, Trust::Full, &World::default()).1
    }

    /// The file it was read from, if any.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// What is perhaps not as intended.
    pub fn warnings(&self) -> &[Finding] {
        &self.warnings
    }

    /// The chains of the file, in its order.
    pub fn chains(&self) -> impl Iterator<Item = (&str, &Chain)> {
        self.file.chains.iter().map(|entry| (entry.name.get_ref().as_str(), &entry.chain))
    }

    /// The chain used where none is named: the one the file says, or else its first. `None` means the one made
    /// from the environment.
    pub fn default_chain(&self) -> Option<&str> {
        let said = self.file.default_chain.as_ref().map(|name| name.get_ref().as_str());
        said.or_else(|| self.chains().next().map(|(name, _)| name))
    }

    /// How long things may take, as the file says, for a program that changes some of it.
    pub fn timeouts(&self) -> &Timeouts {
        &self.file.timeouts
    }

    /// The variables that may hold the key of a provider that the file speaks of, the first one set being used.
    /// `None` for one it does not speak of.
    pub fn key_env(&self, provider: &str) -> Option<&[String]> {
        let entry = self.file.providers.iter().find(|entry| entry.name.get_ref() == provider)?;
        Some(&entry.key_env)
    }

    /// What a program may remember between runs.
    pub fn state(&self) -> &State {
        &self.file.state
    }

    /// The configuration in effect as TOML, defaults included. Header values, and passwords and queries in
    /// addresses, are `<redacted>`; of keys only the names of their variables are in it.
    pub fn redacted(&self) -> String {
        show::render(&self.file)
    }

    /// A builder to which everything is applied. Without chains it has the one from the environment.
    pub fn builder(&self) -> ClientBuilder {
        let File { providers, models, chains, timeouts, retry, circuit, http, .. } = self.file.clone();
        let mut builder = ClientBuilder { world: self.world.clone(), ..ClientBuilder::default() };
        for entry in providers {
            let source = Source::Endpoint { endpoint: entry.endpoint, key_env: entry.key_env };
            builder = builder.source(entry.name.into_inner(), source);
        }
        for entry in models {
            builder = builder.model(entry.target, entry.model);
        }
        if chains.is_empty() {
            builder = builder.vendors_from_env();
        }
        for entry in chains {
            builder = builder.chain(entry.name.into_inner(), entry.chain);
        }
        if let Some(name) = self.default_chain() {
            builder = builder.default_chain(name);
        }
        builder.timeouts(timeouts).retry(retry).circuit(circuit).http(http)
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chains: Vec<_> = self.chains().map(|(name, _)| name).collect();
        let providers: Vec<_> = self.file.providers.iter().map(|entry| entry.name.get_ref()).collect();
        f.debug_struct("Config")
            .field("path", &self.path)
            .field("providers", &providers)
            .field("chains", &chains)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// A client as this file says. See [`Config::load`] for the usual places.
    ///
    /// # Errors
    ///
    /// [`Kind::Config`](crate::chat::Kind::Config) for a file that cannot be read or has errors in it, and as
    /// [`ClientBuilder::build`].
    pub fn from_config(path: impl AsRef<Path>) -> Result<Self, Error> {
        Config::load(Some(path.as_ref()))?.builder().build()
    }
}

#[cfg(test)]
mod tests;
