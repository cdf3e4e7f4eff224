//! What all requests of a client share.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::book::Book;
use crate::catalog::Catalog;
use crate::provider::Provider;
use crate::resilience::{Retry, Timeouts};

/// The surroundings of a request.
pub(crate) struct Setting {
    pub(crate) providers: BTreeMap<String, Arc<dyn Provider>>,
    /// Providers that cannot be asked, and why.
    pub(crate) missing: BTreeMap<String, String>,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) book: Book,
    pub(crate) timeouts: Timeouts,
    pub(crate) retry: Retry,
    /// Whether answers are streamed from providers that can.
    pub(crate) streaming: bool,
}
