//! Where a provider is and how it is spoken to, as a value.

use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::Provider;
use super::http::Http;
use super::secret::Secret;
use crate::catalog::{Catalog, Prefill, Vendor, Wire};
use crate::chat::Kind;
use crate::error::Error;

/// A provider to be: its name, wire, address, key and what is particular about it.
///
/// Nothing is sent and nothing is checked over the network until it is used.
#[derive(Clone)]
pub struct Endpoint {
    pub(crate) id: String,
    pub(crate) wire: Wire,
    pub(crate) base_url: String,
    pub(crate) key: Option<Secret>,
    pub(crate) headers: Vec<(String, Secret)>,
    pub(crate) extra_body: Map<String, Value>,
    pub(crate) prefill: Prefill,
    pub(crate) echoes: bool,
    pub(crate) stream: bool,
    pub(crate) insecure: bool,
    pub(crate) vendor: Option<&'static Vendor>,
}

impl Endpoint {
    /// An endpoint of your own. `base_url` is as its vendor documents it: with `/v1` for
    /// [`Wire::OpenAiChat`], without for [`Wire::Anthropic`].
    pub fn new(id: impl Into<String>, wire: Wire, base_url: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            wire,
            base_url: base_url.into(),
            key: None,
            headers: Vec::new(),
            extra_body: Map::new(),
            prefill: Prefill::None,
            echoes: false,
            stream: true,
            insecure: false,
            vendor: None,
        }
    }

    /// A built-in provider, without a key.
    pub fn vendor(vendor: &'static Vendor) -> Self {
        Self {
            prefill: vendor.prefill,
            echoes: vendor.echoes,
            vendor: Some(vendor),
            ..Self::new(vendor.id, vendor.wire, vendor.base_url)
        }
    }

    /// Sets the key.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(Secret::new(key));
        self
    }

    /// Sets the address.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// Adds an HTTP header to every request. Its value is treated as a secret.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), Secret::new(value)));
        self
    }

    /// Adds a field to every request body. It cannot set `model`, `messages` or `stream`.
    #[must_use]
    pub fn extra_body(mut self, name: impl Into<String>, value: Value) -> Self {
        self.extra_body.insert(name.into(), value);
        self
    }

    /// Sets in which form this endpoint takes the beginning of an answer.
    #[must_use]
    pub fn prefill(mut self, prefill: Prefill) -> Self {
        self.prefill = prefill;
        self
    }

    /// Sets whether it repeats that beginning.
    #[must_use]
    pub fn echoes(mut self, echoes: bool) -> Self {
        self.echoes = echoes;
        self
    }

    /// Sets whether it is asked for streams. Without, answers come as one piece.
    #[must_use]
    pub fn stream(mut self, stream: bool) -> Self {
        self.stream = stream;
        self
    }

    /// Allows `http://` to a host that is not this one. The conversation and the key then travel in the open.
    #[must_use]
    pub fn insecure(mut self, insecure: bool) -> Self {
        self.insecure = insecure;
        self
    }

    /// The name used in targets.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Makes the provider.
    ///
    /// # Errors
    ///
    /// [`Kind::Config`] if the address or a header is malformed, or if the address is `http://` to another
    /// host without [`insecure`](Self::insecure).
    pub fn connect(self, http: &Http, catalog: &Arc<Catalog>) -> Result<Arc<dyn Provider>, Error> {
        let _ = (http, catalog);
        Err(Error::new(Kind::Internal, "not built yet"))
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("id", &self.id)
            .field("wire", &self.wire)
            .field("base_url", &self.base_url)
            .field("has_key", &self.key.is_some())
            .finish_non_exhaustive()
    }
}
