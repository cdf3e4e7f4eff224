//! What is needed to go on with an answer later.

use serde::{Deserialize, Serialize};

use super::{Request, Target};

/// An incomplete answer that can be gone on with, in this process or another.
///
/// It holds the request and the text so far, so keep it as private as the conversation. It holds no key,
/// no address and no header.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Handle {
    /// The form of this handle; 1.
    pub version: u32,
    /// The request as it was made.
    pub request: Request,
    /// The chain it was made to, in order.
    pub targets: Vec<Target>,
    /// The answer so far.
    pub text: String,
}

impl Handle {
    /// A handle on an answer that has come as far as `text`.
    pub fn new(request: Request, targets: Vec<Target>, text: String) -> Self {
        Self { version: 1, request, targets, text }
    }
}
