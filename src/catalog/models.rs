//! The model table.

use std::borrow::Cow;

use super::{Model, Prefill, Price};

/// Every built-in model by its target. Prices are of the date in the comment and age fast; a price that
/// depends on the hour or on the length of the prompt is the lower one, and one that is not known is absent.
pub const MODELS: &[(&str, Model)] = &[
    // Per million tokens off-peak, since 2026-09-10; twice that at peak hours in Beijing.
    ("deepseek/deepseek-flash", cny(deepseek(YES), 1.0, 4.0, 0.02)),
    ("deepseek/deepseek-v4-pro", cny(deepseek(Some(false)), 4.5, 13.5, 0.15)),
    // International list, 2026-07.
    ("qwen/qwen3.7-max", usd(text(1_000_000, 65_536), 2.5, 7.5, 0.5)),
    ("qwen/qwen3.7-plus", usd(seeing(1_000_000, 65_536), 0.5, 3.0, 0.05)),
    ("qwen/qwen3.6-plus", usd(seeing(1_000_000, 65_536), 0.5, 3.0, 0.05)),
    ("qwen/qwen3.6-flash", priced(seeing(1_000_000, 65_536), 0.1875, 1.125)),
    ("qwen/qwen3.5-plus", priced(seeing(1_000_000, 65_536), 0.4, 2.4)),
    ("qwen/qwen3-max", priced(text(262_144, 65_536), 1.2, 6.0)),
    ("qwen/qwen-plus", priced(text(1_000_000, 32_768), 0.4, 1.2)),
    ("qwen/qwen-flash", priced(text(1_000_000, 32_768), 0.05, 0.4)),
    ("qwen/qwen3-coder-plus", priced(text(1_000_000, 65_536), 1.0, 5.0)),
    ("qwen/qwen3-coder-flash", priced(text(1_000_000, 65_536), 0.3, 1.5)),
    ("qwen/qwen3-vl-plus", priced(seeing(262_144, 32_768), 0.2, 1.6)),
    // 2026-06.
    ("minimax/MiniMax-M3", thinking(usd(seeing(1_000_000, 131_072), 0.3, 1.2, 0.06))),
    ("minimax/MiniMax-M2.7", thinking(usd(text(204_800, 131_072), 0.3, 1.2, 0.06))),
    ("minimax/MiniMax-M2.7-highspeed", thinking(priced(text(204_800, 131_072), 0.6, 2.4))),
    ("minimax/MiniMax-M2.5", thinking(usd(text(204_800, 131_072), 0.3, 1.2, 0.03))),
    ("minimax/MiniMax-M2.1", thinking(usd(text(204_800, 131_072), 0.3, 1.2, 0.03))),
    // 2026-07.
    ("moonshot/kimi-k3", thinking(usd(seeing(1_048_576, 1_048_576), 3.0, 15.0, 0.3))),
    ("moonshot/kimi-k2.7-code", no_prefill(thinking(usd(window(262_144), 0.95, 4.0, 0.19)))),
    ("moonshot/kimi-k2.6", thinking(usd(window(262_144), 0.95, 4.0, 0.16))),
    // 2026-07.
    ("zai/glm-5.2", thinking(usd(text(1_000_000, 131_072), 1.4, 4.4, 0.26))),
    ("zai/glm-5.1", thinking(usd(text(200_000, 131_072), 1.4, 4.4, 0.26))),
    ("zai/glm-5", thinking(usd(text(204_800, 131_072), 1.0, 3.2, 0.2))),
    ("zai/glm-4.7", thinking(usd(text(204_800, 131_072), 0.6, 2.2, 0.11))),
    ("zai/glm-4.6", thinking(usd(text(204_800, 131_072), 0.6, 2.2, 0.11))),
    ("zai/glm-4.7-flash", thinking(usd(text(200_000, 131_072), 0.0, 0.0, 0.0))),
    ("zai/glm-5v-turbo", thinking(usd(seeing(200_000, 131_072), 1.2, 4.0, 0.24))),
    // 2026-08; more above 272,000 tokens of input.
    ("openai/gpt-5.6", silent(usd(seeing(1_050_000, 128_000), 5.0, 30.0, 0.5))),
    ("openai/gpt-5.6-sol", silent(usd(seeing(1_050_000, 128_000), 5.0, 30.0, 0.5))),
    ("openai/gpt-5.6-terra", silent(usd(seeing(1_050_000, 128_000), 2.0, 12.0, 0.2))),
    ("openai/gpt-5.6-luna", silent(usd(seeing(1_050_000, 128_000), 0.2, 1.2, 0.02))),
    ("openai/gpt-5.5", silent(usd(seeing(1_050_000, 128_000), 5.0, 30.0, 0.5))),
    ("openai/gpt-5.4", silent(usd(seeing(1_050_000, 128_000), 2.5, 15.0, 0.25))),
    ("openai/gpt-5.4-mini", silent(usd(seeing(400_000, 128_000), 0.75, 4.5, 0.075))),
    ("openai/gpt-5.4-nano", silent(usd(seeing(400_000, 128_000), 0.2, 1.25, 0.02))),
    // 2026-08.
    ("anthropic/claude-opus-5", usd(seeing(1_000_000, 128_000), 5.0, 25.0, 0.5)),
    ("anthropic/claude-opus-4-8", usd(seeing(1_000_000, 128_000), 5.0, 25.0, 0.5)),
    ("anthropic/claude-opus-4-7", usd(seeing(1_000_000, 128_000), 5.0, 25.0, 0.5)),
    ("anthropic/claude-opus-4-6", usd(seeing(1_000_000, 128_000), 5.0, 25.0, 0.5)),
    ("anthropic/claude-sonnet-5", usd(seeing(1_000_000, 128_000), 3.0, 15.0, 0.3)),
    ("anthropic/claude-sonnet-4-6", usd(seeing(1_000_000, 128_000), 3.0, 15.0, 0.3)),
    ("anthropic/claude-fable-5", usd(seeing(1_000_000, 128_000), 10.0, 50.0, 1.0)),
    ("anthropic/claude-sonnet-4-5", prefilled(usd(seeing(200_000, 64_000), 3.0, 15.0, 0.3))),
    ("anthropic/claude-haiku-4-5", prefilled(usd(seeing(200_000, 64_000), 1.0, 5.0, 0.1))),
    ("anthropic/claude-opus-4-5", prefilled(Model::UNKNOWN)),
    ("anthropic/claude-opus-4-1", prefilled(Model::UNKNOWN)),
    // 2026-08.
    ("mistral/mistral-large-latest", usd(window(262_000), 0.5, 1.5, 0.05)),
    ("mistral/mistral-medium-latest", priced(window(262_000), 1.5, 7.5)),
    ("mistral/mistral-small-latest", usd(window(262_000), 0.15, 0.6, 0.015)),
    ("mistral/codestral-2508", usd(window(256_000), 0.3, 0.9, 0.03)),
    // 2026-08, from the vendor's own list.
    ("groq/openai/gpt-oss-120b", thinking(usd(text(131_072, 65_536), 0.15, 0.6, 0.075))),
    ("groq/openai/gpt-oss-20b", thinking(usd(text(131_072, 65_536), 0.075, 0.3, 0.0375))),
    ("groq/llama-3.3-70b-versatile", usd(text(131_072, 32_768), 0.59, 0.79, 0.295)),
    ("groq/llama-3.1-8b-instant", usd(text(131_072, 131_072), 0.05, 0.08, 0.025)),
    ("groq/qwen/qwen3.6-27b", thinking(usd(text(131_072, 16_384), 0.6, 3.0, 0.3))),
    // 2026-08.
    ("xai/grok-4.6", thinking(usd(window(500_000), 2.0, 6.0, 0.5))),
    ("xai/grok-4.5", thinking(usd(window(500_000), 2.0, 6.0, 0.3))),
    ("xai/grok-4.3", usd(window(1_000_000), 1.25, 2.5, 0.2)),
];

const YES: Option<bool> = Some(true);

const fn window(tokens: u64) -> Model {
    Model { context_window: Some(tokens), tools: YES, ..Model::UNKNOWN }
}

const fn text(window: u64, output: u64) -> Model {
    let mut model = seeing(window, output);
    model.images = Some(false);
    model
}

const fn seeing(window: u64, output: u64) -> Model {
    Model {
        context_window: Some(window),
        max_output: Some(output),
        tools: YES,
        images: YES,
        ..Model::UNKNOWN
    }
}

const fn deepseek(images: Option<bool>) -> Model {
    let mut model = thinking(seeing(1_000_000, 384_000));
    model.images = images;
    model.json_schema = Some(false);
    model
}

/// Its thinking is shown as it comes, so no more patience is due than with any other.
const fn thinking(model: Model) -> Model {
    with(model, YES, None)
}

/// Thinks without a sign of life.
const fn silent(model: Model) -> Model {
    let mut model = thinking(model);
    model.silent = YES;
    model
}

const fn prefilled(model: Model) -> Model {
    with(model, None, Some(Prefill::Trailing))
}

const fn no_prefill(model: Model) -> Model {
    with(model, YES, Some(Prefill::None))
}

const fn with(model: Model, thinks: Option<bool>, prefill: Option<Prefill>) -> Model {
    let mut model = model;
    model.thinks = thinks;
    model.prefill = prefill;
    model
}

const fn usd(model: Model, input: f64, output: f64, cached_input: f64) -> Model {
    at(model, "USD", input, output, Some(cached_input))
}

const fn cny(model: Model, input: f64, output: f64, cached_input: f64) -> Model {
    at(model, "CNY", input, output, Some(cached_input))
}

const fn priced(model: Model, input: f64, output: f64) -> Model {
    at(model, "USD", input, output, None)
}

const fn at(
    model: Model,
    currency: &'static str,
    input: f64,
    output: f64,
    cached_input: Option<f64>,
) -> Model {
    let mut model = model;
    let price = Price { currency: Cow::Borrowed(currency), input, output, cached_input };
    // An assignment would drop the old value, which a constant cannot.
    std::mem::forget(model.price.replace(price));
    model
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_model_that_hides_its_thinking_is_given_more_time() {
        let silent = |target: &str| {
            let row = MODELS.iter().find(|(name, _)| *name == target);
            row.and_then(|(_, model)| model.silent).unwrap_or(false)
        };
        assert!(silent("openai/gpt-5.6"));
        for target in ["deepseek/deepseek-v4-pro", "moonshot/kimi-k3", "zai/glm-5.2", "minimax/MiniMax-M3"] {
            assert!(!silent(target), "{target} shows what it thinks, so its silence means something");
        }
    }
}
