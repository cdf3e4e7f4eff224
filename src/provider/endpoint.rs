//! Where a provider is and how it is spoken to, as a value.

use std::fmt;
use std::sync::Arc;

use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use serde_json::{Map, Value};

use super::Provider;
use super::http::{Http, is_loopback};
use super::secret::Secret;
use super::setup::{RESERVED, Setup};
use super::wired::Wired;
use crate::catalog::{Catalog, Prefill, Quirks, Vendor, Wire};
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
        let url = self.address(&self.base_url)?;
        let (headers, secrets) = (self.header_map()?, self.secrets());
        if let Some(name) = RESERVED.iter().find(|name| self.extra_body.contains_key(**name)) {
            return Err(self.refuse(&format!("extra_body may not set `{name}`")));
        }
        let quirks = self.vendor.map_or(Quirks::NONE, |vendor| vendor.quirks);
        Ok(Arc::new(Wired {
            http: http.clone(),
            catalog: catalog.clone(),
            wire: self.wire,
            prefill_url: self.prefill_address(&url, &quirks)?,
            url,
            headers,
            secrets,
            errors: self.vendor.map_or(&[], |vendor| vendor.errors),
            echoes: self.echoes,
            streams: self.stream,
            setup: Setup { id: self.id, quirks, extra_body: self.extra_body, prefill: self.prefill },
        }))
    }

    fn refuse(&self, why: &str) -> Error {
        Error::new(Kind::Config, format!("provider {}: {why}", self.id))
    }

    /// The address that calls are posted to.
    fn address(&self, base: &str) -> Result<Url, Error> {
        let mut url: Url = base.parse().map_err(|_| self.refuse("base_url is not an address"))?;
        match url.scheme() {
            "https" => {}
            "http" if self.insecure || is_loopback(&url) => {}
            "http" => {
                return Err(
                    self.refuse("base_url is http:// to another host: use https://, or set insecure = true")
                );
            }
            _ => return Err(self.refuse("base_url must begin with https:// or http://")),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(
                self.refuse("base_url holds a user name or a password: put the key where keys belong")
            );
        }
        let base = url.path().trim_end_matches('/').to_owned();
        let end = match self.wire {
            Wire::OpenAiChat => "/chat/completions",
            Wire::Anthropic if base.ends_with("/v1") => "/messages",
            Wire::Anthropic => "/v1/messages",
        };
        url.set_path(&(base + end));
        url.set_fragment(None);
        Ok(url)
    }

    /// The vendor's other address for prefilled calls, as long as the calls go to that vendor at all.
    fn prefill_address(&self, url: &Url, quirks: &Quirks) -> Result<Option<Url>, Error> {
        let other = quirks.prefill_url.map(|base| self.address(base)).transpose()?;
        Ok(other.filter(|other| other.origin() == url.origin()))
    }

    fn secrets(&self) -> Arc<[Secret]> {
        self.key.iter().chain(self.headers.iter().map(|(_, value)| value)).cloned().collect()
    }

    fn header_map(&self) -> Result<HeaderMap, Error> {
        let mut map = HeaderMap::new();
        if let Some(key) = &self.key {
            let (name, value) = match self.wire {
                Wire::OpenAiChat => (AUTHORIZATION, format!("Bearer {}", key.expose())),
                Wire::Anthropic => (HeaderName::from_static("x-api-key"), key.expose().to_owned()),
            };
            map.insert(name, self.sensitive("the key", &value)?);
        }
        if self.wire == Wire::Anthropic {
            map.insert(HeaderName::from_static("anthropic-version"), HeaderValue::from_static("2023-06-01"));
        }
        for (name, value) in &self.headers {
            let field: HeaderName =
                name.parse().map_err(|_| self.refuse(&format!("header name {name:?} is malformed")))?;
            map.insert(field, self.sensitive(&format!("header {name}"), value.expose())?);
        }
        Ok(map)
    }

    fn sensitive(&self, what: &str, value: &str) -> Result<HeaderValue, Error> {
        let mut value = HeaderValue::from_str(value).map_err(|_| {
            self.refuse(&format!("{what} holds a character that no HTTP header may hold (a line break?)"))
        })?;
        value.set_sensitive(true);
        Ok(value)
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
