//! The error codes and finish reasons that all who speak this wire have in common.

use crate::catalog::ErrorRule;
use crate::chat::{FinishReason, Kind};

/// Asked after the vendor's own. General types such as `invalid_request_error` are not here: they come with
/// statuses that say more.
pub(in crate::provider) const RULES: &[ErrorRule] = &[
    ErrorRule::code("context_length_exceeded", Kind::ContextTooLong),
    ErrorRule::code("exceed_context_size_error", Kind::ContextTooLong),
    ErrorRule::code("string_above_max_length", Kind::ContextTooLong),
    ErrorRule::code("insufficient_quota", Kind::Billing),
    ErrorRule::code("credit_balance_exhausted", Kind::Billing),
    ErrorRule::code("organization_spend_limit_exceeded", Kind::Billing),
    ErrorRule::code("project_spend_limit_exceeded", Kind::Billing),
    ErrorRule::code("organization_usage_limit_exceeded", Kind::Billing),
    ErrorRule::code("billing_error", Kind::Billing),
    ErrorRule::code("invalid_api_key", Kind::Auth),
    ErrorRule::code("authentication_error", Kind::Auth),
    ErrorRule::code("permission_error", Kind::Auth),
    ErrorRule::code("model_not_found", Kind::ModelNotFound),
    ErrorRule::code("invalid_prompt", Kind::ContentFilter),
    ErrorRule::code("content_filter", Kind::ContentFilter),
    ErrorRule::code("content_policy_violation", Kind::ContentFilter),
    ErrorRule::code("unsupported_parameter", Kind::Unsupported),
    ErrorRule::code("unsupported_value", Kind::Unsupported),
    ErrorRule::code("not_supported_error", Kind::Unsupported),
    ErrorRule::text("request too large for", Kind::ContextTooLong),
    ErrorRule::code("rate_limit_exceeded", Kind::RateLimited),
    ErrorRule::code("rate_limit_error", Kind::RateLimited),
    ErrorRule::code("slow_down", Kind::RateLimited),
    ErrorRule::code("overloaded_error", Kind::Overloaded),
    ErrorRule::code("server_is_overloaded", Kind::Overloaded),
    ErrorRule::code("service_unavailable_error", Kind::Overloaded),
    ErrorRule::code("unavailable_error", Kind::Overloaded),
    ErrorRule::on(400, "maximum context length", Kind::ContextTooLong),
    ErrorRule::on(400, "context window", Kind::ContextTooLong),
    ErrorRule::on(400, "context length", Kind::ContextTooLong),
    ErrorRule::on(400, "prompt is too long", Kind::ContextTooLong),
    ErrorRule::on(400, "exceeds the maximum number of tokens", Kind::ContextTooLong),
    ErrorRule::on(422, "context length", Kind::ContextTooLong),
    ErrorRule::on(400, "does not support", Kind::Unsupported),
    ErrorRule::on(400, "unsupported parameter", Kind::Unsupported),
    ErrorRule::on(400, "incorrect api key", Kind::Auth),
    ErrorRule::on(500, "currently overloaded", Kind::Overloaded),
    ErrorRule::on(0, "maximum context length", Kind::ContextTooLong),
    ErrorRule::on(0, "overloaded", Kind::Overloaded),
];

/// A finish reason in our words, or the kind of failure that it stands for.
pub(super) fn finish(word: &str) -> Result<FinishReason, Kind> {
    Ok(match word {
        "stop" | "eos" | "end_turn" | "stop_sequence" => FinishReason::Stop,
        "length" | "model_length" | "max_tokens" | "model_context_window_exceeded" => FinishReason::Length,
        "tool_calls" | "function_call" | "tool_use" => FinishReason::ToolCalls,
        "content_filter" | "sensitive" => FinishReason::ContentFilter,
        "insufficient_system_resource" => return Err(Kind::Overloaded),
        "error" | "network_error" | "abort" => return Err(Kind::ServerError),
        other => FinishReason::Other(other.chars().filter(|c| !c.is_control()).take(64).collect()),
    })
}
