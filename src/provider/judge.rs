//! What kind of failure it is that a provider complains of.
//!
//! The vendor's own table is asked first, then the wire's, then the HTTP status. What is done about a failure
//! is decided elsewhere.

mod clean;

use std::sync::Arc;
use std::time::SystemTime;

use reqwest::header::HeaderMap;

use super::complaint::Complaint;
use super::retry_after::retry_after;
use super::secret::Secret;
use crate::catalog::ErrorRule;
use crate::chat::Kind;
use crate::error::Error;

/// The judge of one call.
#[derive(Debug, Clone)]
pub(super) struct Judge {
    /// The vendor's own rules.
    pub vendor: &'static [ErrorRule],
    /// The wire's rules.
    pub wire: &'static [ErrorRule],
    /// What must not be shown.
    pub secrets: Arc<[Secret]>,
    /// Whether the call ended with the beginning of the answer.
    pub prefilled: bool,
}

/// Said of a prefilled text, by whom does not matter.
const PREFILL: &[&str] = &[
    "assistant message prefill",
    "last element must be a user message",
    "list index out of range",
    "ending with a model turn",
    "prefill is incompatible",
    "does not support prefill",
    "does not support prefix",
    "last message must be",
];

impl Judge {
    /// The error of a refused request.
    #[expect(
        clippy::disallowed_methods,
        reason = "a Retry-After may be a date, and dates are the wall clock's"
    )]
    pub(super) fn refusal(&self, status: u16, headers: &HeaderMap, body: &[u8]) -> Error {
        if (300..400).contains(&status) {
            let message =
                "the server answered with a redirect; redirects are not followed: check the address";
            return Error::new(Kind::BadResponse, message).with_status(status);
        }
        let complaint = Complaint::of_body(body);
        let kind = self.listed(status, &complaint).unwrap_or_else(|| of_status(status));
        let wait = retry_after(headers, SystemTime::now());
        self.error(kind, &complaint).with_status(status).with_retry_after(wait)
    }

    /// The error of a failure inside an answer that was accepted.
    pub(super) fn in_band(&self, complaint: &Complaint) -> Error {
        let by_status = || complaint.status.map_or_else(|| of_type(complaint), of_status);
        let kind = self.listed(0, complaint).unwrap_or_else(by_status);
        self.error(kind, complaint)
    }

    /// The error of an accepted request whose answer is a failure as a whole.
    pub(super) fn in_body(&self, complaint: &Complaint) -> Error {
        let known = self.listed(0, complaint).or(complaint.status.map(of_status));
        let known = known.or(Some(of_type(complaint)).filter(|kind| *kind == Kind::InvalidRequest));
        self.error(known.unwrap_or(Kind::BadResponse), complaint)
    }

    /// The error of an answer that says itself that it was broken off.
    pub(super) fn broken_off(&self, kind: Kind, word: &str, complaint: Option<&Complaint>) -> Error {
        match complaint {
            Some(complaint) => {
                let kind = self.listed(0, complaint).or(complaint.status.map(of_status)).unwrap_or(kind);
                self.error(kind, complaint)
            }
            None => self.error(kind, &Complaint::saying(&format!("the answer was broken off: {word}"))),
        }
    }

    fn listed(&self, status: u16, complaint: &Complaint) -> Option<Kind> {
        let text = complaint.message.to_lowercase();
        let rules = self.vendor.iter().chain(self.wire);
        rules.into_iter().find(|rule| fits(rule, status, complaint, &text)).map(|rule| rule.kind)
    }

    fn error(&self, kind: Kind, complaint: &Complaint) -> Error {
        let text = complaint.message.to_lowercase();
        let vague = matches!(kind, Kind::InvalidRequest | Kind::Unsupported);
        let named = vague || kind == Kind::ServerError;
        let about_prefill = named && PREFILL.iter().any(|part| text.contains(part));
        let kind = if about_prefill { Kind::Unsupported } else { kind };
        let error = Error::new(kind, clean::message(complaint, &self.secrets));
        if self.prefilled && (about_prefill || vague) { error.refusing_prefill() } else { error }
    }
}

fn fits(rule: &ErrorRule, status: u16, complaint: &Complaint, text: &str) -> bool {
    // A status inside the body stands in for that of a stream, which is always 200.
    let status_fits =
        rule.status.is_none_or(|want| want == status || (status == 0 && complaint.status == Some(want)));
    let code_fits = rule.code.is_none_or(|want| complaint.codes.iter().any(|code| code == want));
    let text_fits = rule.text.is_none_or(|want| text.contains(want));
    status_fits && code_fits && text_fits
}

/// What a status means where nothing more is known.
pub(super) fn of_status(status: u16) -> Kind {
    match status {
        401 | 403 => Kind::Auth,
        402 => Kind::Billing,
        404 | 410 => Kind::ModelNotFound,
        408 | 409 | 425 => Kind::ServerError,
        413 => Kind::ContextTooLong,
        429 => Kind::RateLimited,
        501 => Kind::Unsupported,
        503 | 529 => Kind::Overloaded,
        400..500 => Kind::InvalidRequest,
        500..600 => Kind::ServerError,
        _ => Kind::BadResponse,
    }
}

/// Whether the body of a refusal can change what is made of its status.
pub(super) fn is_plain(status: u16) -> bool {
    matches!(status, 300..400 | 502..=504 | 520..=529)
}

/// What a general type means; beside a status these say less than the status.
fn of_type(complaint: &Complaint) -> Kind {
    let has = |code: &str| complaint.codes.iter().any(|have| have == code);
    if has("invalid_request_error") || has("bad_request_error") || has("BadRequestError") {
        Kind::InvalidRequest
    } else {
        Kind::ServerError
    }
}

#[cfg(test)]
mod tests;
