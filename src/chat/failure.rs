//! The words for what went wrong: the kind of a failure and the phase it happened in.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $word)] $variant,)* }

        impl $name {
            /// Every value, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word used in events, in logs and on the command line.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.as_str()) }
        }
    };
}
pub(crate) use words;

words! {
    /// What kind of failure it was. A provider's wire decides the kind, never what is done about it.
    #[non_exhaustive]
    Kind {
        /// The connection could not be made: refused, unreachable, or the name did not resolve.
        Connect = "connect",
        /// The TLS handshake failed, or no trusted certificates could be found on this machine.
        Tls = "tls",
        /// The connection was not made within the `connect` time.
        TimeoutConnect = "timeout_connect",
        /// No content came within the `first_token` time.
        TimeoutFirstToken = "timeout_first_token",
        /// The content stopped for longer than the `idle` time.
        TimeoutIdle = "timeout_idle",
        /// The time for the whole request (`total`) is used up.
        Deadline = "deadline",
        /// The connection was reset, or ended in the middle of a message.
        Reset = "reset",
        /// The stream ended cleanly but without the marker that proves it complete.
        Truncated = "truncated",
        /// The stream carried something that cannot be decoded and may have held text.
        BadStream = "bad_stream",
        /// The answer as a whole is not one: HTML, an empty body, no content.
        BadResponse = "bad_response",
        /// The provider has no capacity (503, 529, "busy").
        Overloaded = "overloaded",
        /// The provider failed inside (500, 502, 504 and their kin).
        ServerError = "server_error",
        /// Our own rate limit at this provider.
        RateLimited = "rate_limited",
        /// A period quota is used up.
        Quota = "quota",
        /// No credit, or the account is suspended.
        Billing = "billing",
        /// The key was refused.
        Auth = "auth",
        /// The conversation does not fit the model's context window.
        ContextTooLong = "context_too_long",
        /// The provider refused the content by its policy.
        ContentFilter = "content_filter",
        /// The provider does not know the model, or has retired it.
        ModelNotFound = "model_not_found",
        /// This provider or model cannot do something the request asks for.
        Unsupported = "unsupported",
        /// The request itself is broken.
        InvalidRequest = "invalid_request",
        /// The answer does not satisfy the requested schema.
        InvalidOutput = "invalid_output",
        /// A spending limit set by the caller is reached.
        Budget = "budget",
        /// This machine's own network is gone.
        Offline = "offline",
        /// No target of the chain may be used now.
        NoTarget = "no_target",
        /// The caller gave the request up.
        Cancelled = "cancelled",
        /// The configuration is wrong.
        Config = "config",
        /// A defect of mainstay itself.
        Internal = "internal",
    }
}

words! {
    /// How far an attempt had come when it ended.
    Phase {
        /// No byte of the request reached the provider.
        BeforeSend = "before_send",
        /// The request was sent; no content had come back.
        BeforeFirstToken = "before_first_token",
        /// Content had come back.
        MidStream = "mid_stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_is_the_serde_form() {
        for kind in Kind::ALL {
            assert_eq!(serde_json::to_string(kind).unwrap(), format!("\"{kind}\""));
        }
        for phase in Phase::ALL {
            assert_eq!(serde_json::to_string(phase).unwrap(), format!("\"{phase}\""));
        }
    }
}
