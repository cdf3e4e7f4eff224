//! Whom a connection trusts.

use std::path::Path;
use std::sync::Arc;

use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier};

use crate::chat::Kind;
use crate::error::Error;

/// Trusts the certificates of `ca_file`, or else those of this machine.
pub(super) fn trusting(ca_file: Option<&Path>) -> Result<ClientConfig, Error> {
    let (builder, provider) = builder()?;
    let config = match ca_file {
        Some(path) => builder.with_root_certificates(read(path)?).with_no_client_auth(),
        None => {
            builder.dangerous().with_custom_certificate_verifier(machine(provider)?).with_no_client_auth()
        }
    };
    Ok(offering_http2(config))
}

/// Trusts nobody: for a client that makes no TLS connections.
pub(super) fn trusting_nobody() -> Result<ClientConfig, Error> {
    Ok(builder()?.0.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
}

fn builder() -> Result<(ConfigBuilder<ClientConfig, WantsVerifier>, Arc<CryptoProvider>), Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::new(Kind::Tls, "TLS cannot be set up").with_source(error))?;
    Ok((builder, provider))
}

fn offering_http2(mut config: ClientConfig) -> ClientConfig {
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config
}

fn machine(provider: Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    let verifier = rustls_platform_verifier::Verifier::new(provider).map_err(|error| {
        let advice = "no trusted certificates on this machine: install the package `ca-certificates`, or set `ca_file`";
        Error::new(Kind::Tls, advice).with_source(error)
    })?;
    Ok(Arc::new(verifier))
}

fn read(path: &Path) -> Result<RootCertStore, Error> {
    let refuse = |why: String| Error::new(Kind::Tls, format!("ca_file {}: {why}", path.display()));
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| refuse(error.to_string()))? {
        let certificate = certificate.map_err(|error| refuse(error.to_string()))?;
        roots.add(certificate).map_err(|error| refuse(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(refuse("it holds no certificate in PEM form".to_owned()));
    }
    Ok(roots)
}
