//! The error types and stop reasons of this wire.

use crate::catalog::ErrorRule;
use crate::chat::{FinishReason, Kind};

/// Asked after the vendor's own.
pub(in crate::provider) const RULES: &[ErrorRule] = &[
    ErrorRule::on(400, "prompt is too long", Kind::ContextTooLong),
    ErrorRule::on(400, "exceed context limit", Kind::ContextTooLong),
    ErrorRule::on(400, "credit balance is too low", Kind::Billing),
    ErrorRule::on(400, "api usage limits", Kind::Billing),
    ErrorRule::on(400, "does not support", Kind::Unsupported),
    ErrorRule::on(400, "is not supported", Kind::Unsupported),
    ErrorRule::code("enforced_spend_limit_reached", Kind::Billing),
    ErrorRule::code("billing_error", Kind::Billing),
    ErrorRule::code("authentication_error", Kind::Auth),
    ErrorRule::code("permission_error", Kind::Auth),
    ErrorRule::code("not_found_error", Kind::ModelNotFound),
    ErrorRule::code("request_too_large", Kind::ContextTooLong),
    ErrorRule::code("rate_limit_error", Kind::RateLimited),
    ErrorRule::code("overloaded_error", Kind::Overloaded),
    ErrorRule::text("overloaded", Kind::Overloaded),
    ErrorRule::on(0, "prompt is too long", Kind::ContextTooLong),
    ErrorRule::code("timeout_error", Kind::ServerError),
];

/// A stop reason in our words.
pub(super) fn finish(word: &str) -> FinishReason {
    match word {
        "end_turn" | "stop_sequence" => FinishReason::Stop,
        "max_tokens" | "model_context_window_exceeded" => FinishReason::Length,
        "tool_use" => FinishReason::ToolCalls,
        "refusal" => FinishReason::ContentFilter,
        other => FinishReason::Other(other.chars().filter(|c| !c.is_control()).take(64).collect()),
    }
}
