//! What a failed exchange is called.

use std::error::Error as StdError;
use std::io;

use crate::chat::Kind;
use crate::error::Error;

/// The error of an exchange that failed below HTTP, before or after the status.
pub(in crate::provider) fn transport(error: reqwest::Error) -> Error {
    let kind = kind(&error);
    let error = error.without_url();
    let message = match kind {
        Kind::Tls => format!("the secure connection could not be made: {}", root(&error)),
        Kind::TimeoutConnect => "the connection was not made in time".to_owned(),
        Kind::Connect => format!("the connection could not be made: {}", root(&error)),
        Kind::Config => format!("the request cannot be built: {}", root(&error)),
        _ => format!("the connection broke: {}", root(&error)),
    };
    Error::new(kind, message).with_source(error)
}

fn kind(error: &reqwest::Error) -> Kind {
    if error.is_builder() {
        Kind::Config
    } else if !error.is_connect() {
        Kind::Reset
    } else if chain(error).any(is_tls) {
        Kind::Tls
    } else if error.is_timeout() || chain(error).any(is_timeout) {
        Kind::TimeoutConnect
    } else {
        Kind::Connect
    }
}

/// An error and its causes. What an [`io::Error`] wraps is looked into: its own `source` skips it.
fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| {
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(wrapped) => Some(wrapped as &(dyn StdError + 'static)),
            None => (**error).source(),
        }
    })
}

/// A connection that ends while it is being made has got as far as the handshake.
fn is_tls(error: &(dyn StdError + 'static)) -> bool {
    let io = error.downcast_ref::<io::Error>();
    error.is::<rustls::Error>() || io.is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof)
}

fn is_timeout(error: &(dyn StdError + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::TimedOut)
}

fn root(error: &(dyn StdError + 'static)) -> String {
    chain(error).last().unwrap_or(error).to_string()
}
