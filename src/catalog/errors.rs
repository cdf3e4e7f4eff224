//! The vendors' own error codes.
//!
//! A row is here where the code or the text says something else than its HTTP status would. Rows are looked
//! at in order.

use super::ErrorRule;
use crate::chat::Kind::{
    Auth, BadResponse, Billing, ContentFilter, ContextTooLong, InvalidRequest, ModelNotFound, Overloaded,
    Quota, RateLimited, ServerError, Unsupported,
};

const fn code(code: &'static str, kind: crate::chat::Kind) -> ErrorRule {
    ErrorRule::code(code, kind)
}

const fn on(status: u16, text: &'static str, kind: crate::chat::Kind) -> ErrorRule {
    ErrorRule::on(status, text, kind)
}

pub(super) const DEEPSEEK: &[ErrorRule] = &[
    on(400, "model not exist", ModelNotFound),
    on(400, "unknown variant `image_url`", Unsupported),
    on(400, "thinking mode", Unsupported),
    on(400, "supported api model names", ModelNotFound),
    ErrorRule::text("insufficient balance", Billing),
];

pub(super) const QWEN: &[ErrorRule] = &[
    on(400, "range of input length", ContextTooLong),
    on(400, "only support stream", Unsupported),
    on(400, "does not support http call", Unsupported),
    on(500, "list index out of range", Unsupported),
    code("Arrearage", Billing),
    code("CommodityNotPurchased", Billing),
    code("PrepaidBillOverdue", Billing),
    code("PostpaidBillOverdue", Billing),
    code("AllocationQuota.FreeTierOnly", Quota),
    ErrorRule::text("free allocated quota exceeded", Quota),
    // Elsewhere this code means that there is no credit; here it is a limit per minute.
    code("insufficient_quota", RateLimited),
    code("Throttling.AllocationQuota", RateLimited),
    code("Throttling.RateQuota", RateLimited),
    code("Throttling.BurstRate", RateLimited),
    code("Throttling", RateLimited),
    code("limit_requests", RateLimited),
    code("limit_burst_rate", RateLimited),
    code("DataInspectionFailed", ContentFilter),
    code("data_inspection_failed", ContentFilter),
    code("ModelNotFound", ModelNotFound),
    code("model_not_supported", ModelNotFound),
    code("ModelServingError", Overloaded),
    code("ModelUnavailable", Overloaded),
    ErrorRule::text("throttled due to system capacity", Overloaded),
    code("InvalidApiKey", Auth),
    code("RequestTimeOut", ServerError),
    code("InternalError", ServerError),
    code("InternalError.Algo", ServerError),
    code("SystemError", ServerError),
    code("ModelServiceFailed", ServerError),
];

/// These codes are numbers of the vendor's own; none is an HTTP status.
pub(super) const MINIMAX: &[ErrorRule] = &[
    code("1000", ServerError),
    code("1001", ServerError),
    code("1002", RateLimited),
    code("1004", Auth),
    code("1008", Billing),
    code("1024", ServerError),
    code("1026", ContentFilter),
    code("1027", ContentFilter),
    code("1033", Overloaded),
    code("1039", RateLimited),
    code("1041", RateLimited),
    code("1042", InvalidRequest),
    ErrorRule { status: None, code: Some("2013"), text: Some("context window"), kind: ContextTooLong },
    ErrorRule { status: None, code: Some("2013"), text: Some("unknown model"), kind: ModelNotFound },
    code("2013", InvalidRequest),
    code("2045", RateLimited),
    code("2049", Auth),
    code("2056", Quota),
    code("2061", ModelNotFound),
    ErrorRule::text("high load", Overloaded),
];

pub(super) const MOONSHOT: &[ErrorRule] = &[
    code("engine_overloaded_error", Overloaded),
    code("server_unavailable", Overloaded),
    code("exceeded_current_quota_error", Billing),
    code("rate_limit_reached_error", RateLimited),
    code("content_filter", ContentFilter),
    code("invalid_authentication_error", Auth),
    code("incorrect_api_key_error", Auth),
    code("permission_denied_error", Auth),
    code("resource_not_found_error", ModelNotFound),
    code("unexpected_output", ServerError),
    on(400, "input token length too long", ContextTooLong),
    on(400, "exceeded model token limit", ContextTooLong),
    on(400, "invalid thinking", Unsupported),
];

pub(super) const ZAI: &[ErrorRule] = &[
    code("1000", Auth),
    code("1001", Auth),
    code("1002", Auth),
    code("1003", Auth),
    code("1004", Auth),
    code("1110", Auth),
    code("1111", Auth),
    code("1112", Auth),
    code("1113", Billing),
    code("1120", Auth),
    code("1121", Auth),
    code("1210", InvalidRequest),
    code("1211", ModelNotFound),
    code("1212", Unsupported),
    code("1213", InvalidRequest),
    code("1214", InvalidRequest),
    code("1215", InvalidRequest),
    code("1220", Auth),
    code("1221", ModelNotFound),
    code("1222", ModelNotFound),
    code("1261", ContextTooLong),
    code("1300", ContentFilter),
    code("1301", ContentFilter),
    code("1302", RateLimited),
    code("1303", RateLimited),
    code("1304", Quota),
    code("1305", Overloaded),
    code("1308", Quota),
    code("1309", Billing),
    code("1310", Quota),
    code("1311", Auth),
    code("1312", Overloaded),
    code("1313", Auth),
    code("1200", ServerError),
    code("1230", ServerError),
    code("1234", ServerError),
    ErrorRule::status(434, Unsupported),
    ErrorRule::status(435, ContextTooLong),
];

pub(super) const MISTRAL: &[ErrorRule] = &[
    code("invalid_model", ModelNotFound),
    code("1500", ModelNotFound),
    code("rate_limited", RateLimited),
    ErrorRule::text("service tier capacity exceeded", Overloaded),
    on(400, "too many tokens", ContextTooLong),
    on(400, "too large for model", ContextTooLong),
];

pub(super) const GROQ: &[ErrorRule] = &[
    // Never fits with this key, however long one waits; the code says otherwise.
    ErrorRule::status(413, ContextTooLong),
    on(429, "per day", Quota),
    ErrorRule::status(498, Overloaded),
    // An accident of sampling: the model wrote a call that the vendor could not read.
    code("tool_use_failed", ServerError),
];

pub(super) const XAI: &[ErrorRule] = &[
    on(400, "incorrect api key", Auth),
    on(400, "model not found", ModelNotFound),
    on(400, "not supported on this model", Unsupported),
];

pub(super) const OPENROUTER: &[ErrorRule] = &[
    code("flagged_input", ContentFilter),
    code("max_tokens_exceeded", ContextTooLong),
    code("token_limit_exceeded", ContextTooLong),
    code("string_too_long", ContextTooLong),
    code("payload_too_large", ContextTooLong),
    code("payment_required", Billing),
    code("provider_overloaded", Overloaded),
    code("provider_unavailable", Overloaded),
    code("refusal", ContentFilter),
    code("unmapped", ServerError),
];

pub(super) const OLLAMA: &[ErrorRule] = &[
    on(400, "prompt too long", ContextTooLong),
    on(500, "requires more system memory", Unsupported),
    // An address without `/v1`, or no such server at all.
    on(404, "404 page not found", BadResponse),
];
