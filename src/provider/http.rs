//! The connections of a client: which HTTP client serves which address.
//!
//! It decides how a connection is made and what a transport failure is called. What is sent, and what an
//! answer means, is left to the wires. Time-outs other than for connecting are left to the caller.
//!
//! Why several clients? An `http://` target must work on a machine without any certificate store, and a
//! loopback target must never go through a proxy, whatever the environment says.

mod fault;
mod tls;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

pub(super) use fault::transport;
use reqwest::{Client, Proxy, Url};

use crate::chat::Kind;
use crate::error::Error;

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
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    options: HttpOptions,
    clients: [OnceLock<Client>; 4],
}

impl Http {
    /// Nothing is opened and no certificate store is read before it is needed.
    pub fn new(options: HttpOptions) -> Self {
        Self { shared: Arc::new(Shared { options, clients: Default::default() }) }
    }

    /// The client for this address. A failure to build it is not remembered: the certificate store may be
    /// there next time.
    pub(super) fn client(&self, url: &Url) -> Result<&Client, Error> {
        let (secure, local) = (url.scheme() == "https", is_loopback(url));
        let slot = &self.shared.clients[usize::from(secure) * 2 + usize::from(local)];
        if let Some(client) = slot.get() {
            return Ok(client);
        }
        let client = build(&self.shared.options, secure, local)?;
        Ok(slot.get_or_init(|| client))
    }
}

fn build(options: &HttpOptions, secure: bool, local: bool) -> Result<Client, Error> {
    let tls = if secure { tls::trusting(options.ca_file.as_deref())? } else { tls::trusting_nobody()? };
    let builder = Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(options.connect)
        .tcp_nodelay(true)
        .http2_max_header_list_size(64 * 1024)
        .user_agent(concat!("mainstay/", env!("CARGO_PKG_VERSION")));
    let builder = match &options.proxy {
        _ if local => builder.no_proxy(),
        Some(address) => builder.proxy(proxy(address)?),
        None => builder,
    };
    builder
        .build()
        .map_err(|error| Error::new(Kind::Config, "the HTTP client cannot be set up").with_source(error))
}

fn proxy(address: &str) -> Result<Proxy, Error> {
    Proxy::all(address)
        .map_err(|_| Error::new(Kind::Config, "the proxy's address is malformed: write http://host:port"))
}

/// Whether this address is on this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let host = host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.');
    match host.parse::<std::net::IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn loopback_is_known_by_its_address() {
        for (url, local) in [
            ("http://127.0.0.1:8080/v1", true),
            ("http://127.9.9.9", true),
            ("http://[::1]:1/", true),
            ("https://localhost", true),
            ("http://a.localhost/", true),
            ("http://10.0.0.1", false),
            ("http://localhost.example.com", false),
            ("https://api.example.com", false),
        ] {
            assert_eq!(is_loopback(&url.parse().unwrap()), local, "{url}");
        }
    }

    #[test]
    fn an_http_client_needs_no_certificate_store() {
        let http =
            Http::new(HttpOptions { ca_file: Some("/nonexistent/ca.pem".into()), ..HttpOptions::default() });
        assert!(http.client(&"http://127.0.0.1:1".parse().unwrap()).is_ok());
        let error = http.client(&"https://api.example.com".parse().unwrap()).unwrap_err();
        assert_eq!(error.kind(), Kind::Tls);
        assert!(error.message().contains("/nonexistent/ca.pem"), "{error}");
    }

    #[test]
    fn a_malformed_proxy_is_a_configuration_error() {
        let http = Http::new(HttpOptions { proxy: Some("http://[".into()), ..HttpOptions::default() });
        let error = http.client(&"http://example.com".parse().unwrap()).unwrap_err();
        assert_eq!(error.kind(), Kind::Config);
    }
}
