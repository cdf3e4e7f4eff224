//! The ordered list of targets a request may be served by.

use serde::{Deserialize, Serialize};

use crate::chat::Target;

/// An ordered list of targets, and what to do when an answer breaks.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Chain {
    /// The targets.
    pub links: Vec<Link>,
    /// In which order they are tried.
    pub order: Order,
    /// What happens to an answer whose provider dies in the middle.
    pub on_break: OnBreak,
    /// How many times a request may move to another target, mid-answer moves included. `None` is one less
    /// than there are targets, but at least 3. 0 switches failover off.
    pub max_failovers: Option<u32>,
}

impl Chain {
    /// A chain of these targets, in this order. Nothing is checked here; what uses it says what it checks.
    pub fn new(targets: impl IntoIterator<Item = Target>) -> Self {
        Self {
            links: targets.into_iter().map(Link::from).collect(),
            order: Order::default(),
            on_break: OnBreak::default(),
            max_failovers: None,
        }
    }

    /// Sets what happens to an answer whose provider dies in the middle.
    #[must_use]
    pub fn on_break(mut self, on_break: OnBreak) -> Self {
        self.on_break = on_break;
        self
    }

    /// Sets how many times a request may move to another target, mid-answer moves included. 0 switches failover off.
    #[must_use]
    pub fn max_failovers(mut self, moves: u32) -> Self {
        self.max_failovers = Some(moves);
        self
    }

    /// The targets, in order.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        self.links.iter().map(|link| &link.target)
    }

    pub(crate) fn moves(&self) -> u32 {
        self.max_failovers.unwrap_or_else(|| (self.links.len().saturating_sub(1) as u32).max(3))
    }
}

/// One target of a chain and what is particular about asking it there.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Link {
    /// Who is asked.
    pub target: Target,
    /// The most tokens to generate there; the smaller of this and the request's own limit counts.
    pub max_tokens: Option<u32>,
    /// The randomness there, over the request's own.
    pub temperature: Option<f64>,
}

impl From<Target> for Link {
    fn from(target: Target) -> Self {
        Self { target, max_tokens: None, temperature: None }
    }
}

/// In which order the targets of a chain are tried.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Order {
    /// As they are listed.
    #[default]
    Listed,
}

/// What happens to an answer whose provider dies in the middle.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnBreak {
    /// It goes on elsewhere; where it cannot, it ends as incomplete.
    #[default]
    Continue,
    /// As [`Continue`](Self::Continue), but an answer that cannot go on begins again, after
    /// [`Event::Restart`](crate::chat::Event::Restart).
    Restart,
    /// It ends as incomplete.
    Fail,
}
