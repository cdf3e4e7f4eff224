//! Every vendor's refusals have their true kind.

use std::sync::Arc;

use mainstay::catalog::{Catalog, Vendor};
use mainstay::chat::{Kind, Message, Request};
use mainstay::error::Error;
use mainstay::provider::{Call, Endpoint, Http, HttpOptions};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

async fn refusal(server: &MockServer, vendor: &str, status: u16, body: &str) -> Error {
    server.reset().await;
    let answer = ResponseTemplate::new(status).set_body_string(body);
    Mock::given(any()).respond_with(answer).mount(server).await;
    let endpoint = Endpoint::vendor(Vendor::find(vendor).unwrap()).base_url(server.uri());
    let provider =
        endpoint.connect(&Http::new(HttpOptions::default()), &Arc::new(Catalog::default())).unwrap();
    let call = Call::new("m", Request::new([Message::user("hi")]));
    provider.open(call).await.err().expect("a refusal")
}

/// `{"error":{"message":…,"type":…,"code":…}}`
fn openai(message: &str, kind: &str, code: &str) -> String {
    format!(r#"{{"error":{{"message":"{message}","type":"{kind}","code":"{code}"}}}}"#)
}

#[tokio::test]
async fn every_vendors_refusals_have_their_true_kind() {
    let server = MockServer::start().await;
    let ire = "invalid_request_error";
    for (vendor, status, body, kind) in [
        ("deepseek", 401, openai("Authentication Fails (governor)", "authentication_error", ire), Kind::Auth),
        ("deepseek", 402, openai("Insufficient Balance", "unknown_error", ire), Kind::Billing),
        ("deepseek", 400, openai("This model's maximum context length is 1048576 tokens", ire, ire), Kind::ContextTooLong),
        ("deepseek", 400, openai("Thinking mode does not support this tool_choice", ire, ire), Kind::Unsupported),
        ("deepseek", 400, openai("Model Not Exist", ire, ire), Kind::ModelNotFound),
        ("deepseek", 503, openai("Server Overloaded", "", ""), Kind::Overloaded),
        ("qwen", 400, openai("Range of input length should be [1, 258048]", ire, "invalid_parameter_error"), Kind::ContextTooLong),
        ("qwen", 400, r#"{"code":"Arrearage","message":"Access denied"}"#.into(), Kind::Billing),
        ("qwen", 400, openai("inappropriate", "", "data_inspection_failed"), Kind::ContentFilter),
        ("qwen", 403, openai("x", "", "AllocationQuota.FreeTierOnly"), Kind::Quota),
        ("qwen", 429, openai("exceeded your current quota", "", "insufficient_quota"), Kind::RateLimited),
        ("qwen", 429, openai("Free allocated quota exceeded.", "", "insufficient_quota"), Kind::Quota),
        ("qwen", 429, openai("x", "", "PostpaidBillOverdue"), Kind::Billing),
        ("qwen", 500, openai("list index out of range", "", "InternalError.Algo"), Kind::Unsupported),
        ("qwen", 500, openai("x", "", "ModelServingError"), Kind::Overloaded),
        ("qwen", 500, openai("x", "", "InternalError"), Kind::ServerError),
        ("minimax", 500, r#"{"type":"error","error":{"type":"api_error","message":"insufficient balance (1008)"}}"#.into(), Kind::Billing),
        ("minimax", 429, r#"{"type":"error","error":{"type":"insufficient_balance_error","message":"insufficient balance (1008)","http_code":"429"}}"#.into(), Kind::Billing),
        ("minimax", 429, openai("usage limit exceeded (2056)", "rate_limit_error", ""), Kind::Quota),
        ("minimax", 429, openai("rate limit (1002)", "rate_limit_error", ""), Kind::RateLimited),
        ("minimax", 400, openai("invalid params, context window exceeds limit (2013)", "bad_request_error", ""), Kind::ContextTooLong),
        ("minimax", 400, openai("invalid params, unknown model 'x' (2013)", "bad_request_error", ""), Kind::ModelNotFound),
        ("minimax", 400, openai("invalid params, bad json (2013)", "bad_request_error", ""), Kind::InvalidRequest),
        ("minimax", 529, openai("server cluster is currently under high load", "", ""), Kind::Overloaded),
        ("moonshot", 429, openai("overloaded", "engine_overloaded_error", ""), Kind::Overloaded),
        ("moonshot", 429, openai("limit", "rate_limit_reached_error", ""), Kind::RateLimited),
        ("moonshot", 429, openai("balance", "exceeded_current_quota_error", ""), Kind::Billing),
        ("moonshot", 400, openai("Input token length too long", ire, ""), Kind::ContextTooLong),
        ("zai", 429, r#"{"error":{"code":"1305","message":"busy"}}"#.into(), Kind::Overloaded),
        ("zai", 429, r#"{"error":{"code":"1113","message":"arrears"}}"#.into(), Kind::Billing),
        ("zai", 429, r#"{"error":{"code":"1302","message":"concurrency"}}"#.into(), Kind::RateLimited),
        ("zai", 429, r#"{"error":{"code":"1308","message":"5 h, reset at x"}}"#.into(), Kind::Quota),
        ("openai", 400, openai("too long", ire, "context_length_exceeded"), Kind::ContextTooLong),
        ("openai", 400, openai("Unsupported parameter: 'temperature'", ire, "unsupported_parameter"), Kind::Unsupported),
        ("openai", 401, openai("Incorrect API key", ire, "invalid_api_key"), Kind::Auth),
        ("openai", 404, openai("no such model", ire, "model_not_found"), Kind::ModelNotFound),
        ("openai", 429, openai("slow", "tokens", "rate_limit_exceeded"), Kind::RateLimited),
        ("openai", 429, openai("Request too large for m on tokens per min", "tokens", "rate_limit_exceeded"), Kind::ContextTooLong),
        ("openai", 429, openai("no credit", "insufficient_quota", "insufficient_quota"), Kind::Billing),
        ("anthropic", 400, r#"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 2 tokens > 1 maximum"}}"#.into(), Kind::ContextTooLong),
        ("anthropic", 400, r#"{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access"}}"#.into(), Kind::Billing),
        ("anthropic", 429, r#"{"type":"error","error":{"type":"rate_limit_error","message":"x","details":{"error_code":"enforced_spend_limit_reached"}}}"#.into(), Kind::Billing),
        ("anthropic", 500, r#"{"type":"error","error":{"type":"api_error","message":"Overloaded"}}"#.into(), Kind::Overloaded),
        ("anthropic", 529, r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#.into(), Kind::Overloaded),
        ("mistral", 400, r#"{"object":"error","message":"Invalid model: x","type":"invalid_model","code":"1500"}"#.into(), Kind::ModelNotFound),
        ("mistral", 401, r#"{"detail":"Invalid API Key"}"#.into(), Kind::Auth),
        ("mistral", 429, r#"{"message":"Service tier capacity exceeded for this model."}"#.into(), Kind::Overloaded),
        ("groq", 413, openai("Request too large", "tokens", "rate_limit_exceeded"), Kind::ContextTooLong),
        ("groq", 429, openai("on tokens per day (TPD)", "tokens", "rate_limit_exceeded"), Kind::Quota),
        ("groq", 498, openai("flex", "", "capacity_exceeded"), Kind::Overloaded),
        ("xai", 400, r#"{"code":"invalid-argument","error":"Incorrect API key provided: xa***"}"#.into(), Kind::Auth),
        ("openrouter", 502, r#"{"error":{"code":502,"message":"x","metadata":{"error_type":"provider_unavailable"}}}"#.into(), Kind::ServerError),
        ("openrouter", 403, r#"{"error":{"code":403,"message":"x","metadata":{"reasons":["violence"],"flagged_input":"…"}}}"#.into(), Kind::ContentFilter),
        ("ollama", 404, r#"{"error":"model 'x' not found"}"#.into(), Kind::ModelNotFound),
        ("ollama", 503, r#"{"error":"server busy, please try again."}"#.into(), Kind::Overloaded),
    ] {
        let error = refusal(&server, vendor, status, &body).await;
        // With these statuses the body is only looked at if it is there at once.
        let either = (vendor, status) == ("openrouter", 502) && error.kind() == Kind::Overloaded;
        assert!(error.kind() == kind || either, "{vendor} {status} {body}: {error}");
        assert_eq!(error.status(), Some(status));
    }
}
