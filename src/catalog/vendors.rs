//! The vendor table.

use super::errors;
use super::{Prefill, Quirks, Vendor, Wire};

/// Every built-in provider, in the order in which a chain is made from the keys in the environment.
pub const VENDORS: &[Vendor] = &[
    Vendor {
        id: "deepseek",
        name: "DeepSeek",
        base_url: "https://api.deepseek.com",
        key_env: &["DEEPSEEK_API_KEY"],
        default_model: "deepseek-v4-pro",
        prefill: Prefill::Prefix,
        quirks: Quirks {
            prefill_url: Some("https://api.deepseek.com/beta"),
            // Without its own reasoning at hand the model would begin a new one before it goes on.
            prefill_body: Some(r#"{"thinking":{"type":"disabled"}}"#),
            thinking_on: Some(r#"{"thinking":{"type":"enabled"}}"#),
            thinking_off: Some(r#"{"thinking":{"type":"disabled"}}"#),
            sends_reasoning: true,
            json_schema: false,
            user_field: "user_id",
            ..Quirks::NONE
        },
        errors: errors::DEEPSEEK,
        ..OPENAI_CHAT
    },
    Vendor {
        id: "qwen",
        name: "Qwen (Alibaba Cloud Model Studio)",
        base_url: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
        key_env: &["DASHSCOPE_API_KEY"],
        default_model: "qwen3.7-max",
        prefill: Prefill::Partial,
        quirks: Quirks {
            prefill_body: Some(r#"{"enable_thinking":false}"#),
            thinking_on: Some(r#"{"enable_thinking":true}"#),
            thinking_off: Some(r#"{"enable_thinking":false}"#),
            effort: false,
            ..Quirks::NONE
        },
        errors: errors::QWEN,
        ..OPENAI_CHAT
    },
    Vendor {
        id: "minimax",
        name: "MiniMax",
        base_url: "https://api.minimax.io/v1",
        key_env: &["MINIMAX_API_KEY"],
        default_model: "MiniMax-M3",
        quirks: Quirks {
            max_tokens_field: "max_completion_tokens",
            body: Some(r#"{"reasoning_split":true}"#),
            thinking_on: Some(r#"{"thinking":{"type":"adaptive"}}"#),
            thinking_off: Some(r#"{"thinking":{"type":"disabled"}}"#),
            sends_reasoning: true,
            json_schema: false,
            effort: false,
            ..Quirks::NONE
        },
        errors: errors::MINIMAX,
        ..OPENAI_CHAT
    },
    Vendor {
        id: "moonshot",
        name: "Moonshot Kimi",
        base_url: "https://api.moonshot.ai/v1",
        key_env: &["MOONSHOT_API_KEY"],
        default_model: "kimi-k3",
        prefill: Prefill::Partial,
        quirks: Quirks {
            max_tokens_field: "max_completion_tokens",
            thinking_off: Some(r#"{"thinking":{"type":"disabled"}}"#),
            sends_reasoning: true,
            ..Quirks::NONE
        },
        errors: errors::MOONSHOT,
        ..OPENAI_CHAT
    },
    Vendor {
        id: "zai",
        name: "Z.ai (Zhipu GLM)",
        base_url: "https://api.z.ai/api/paas/v4",
        key_env: &["ZAI_API_KEY", "ZHIPUAI_API_KEY"],
        default_model: "glm-5.2",
        quirks: Quirks {
            thinking_on: Some(r#"{"thinking":{"type":"enabled"}}"#),
            thinking_off: Some(r#"{"thinking":{"type":"disabled"}}"#),
            sends_reasoning: true,
            json_schema: false,
            ..Quirks::NONE
        },
        errors: errors::ZAI,
        ..OPENAI_CHAT
    },
    Vendor {
        id: "openai",
        name: "OpenAI",
        base_url: "https://api.openai.com/v1",
        key_env: &["OPENAI_API_KEY"],
        default_model: "gpt-5.6-terra",
        quirks: Quirks { max_tokens_field: "max_completion_tokens", ..Quirks::NONE },
        ..OPENAI_CHAT
    },
    Vendor {
        id: "anthropic",
        name: "Anthropic",
        wire: Wire::Anthropic,
        base_url: "https://api.anthropic.com",
        key_env: &["ANTHROPIC_API_KEY"],
        default_model: "claude-sonnet-5",
        // Only models of the generation 4.5 and before it take one: it stands with these.
        quirks: Quirks { trims_prefill: true, ..Quirks::NONE },
        ..OPENAI_CHAT
    },
    Vendor {
        id: "mistral",
        name: "Mistral",
        base_url: "https://api.mistral.ai/v1",
        key_env: &["MISTRAL_API_KEY"],
        default_model: "mistral-medium-latest",
        prefill: Prefill::Prefix,
        echoes: true,
        quirks: Quirks {
            seed_field: "random_seed",
            stream_usage: false,
            short_tool_ids: true,
            ..Quirks::NONE
        },
        errors: errors::MISTRAL,
        ..OPENAI_CHAT
    },
    Vendor {
        id: "groq",
        name: "Groq",
        base_url: "https://api.groq.com/openai/v1",
        key_env: &["GROQ_API_KEY"],
        default_model: "openai/gpt-oss-120b",
        prefill: Prefill::Trailing,
        quirks: Quirks {
            max_tokens_field: "max_completion_tokens",
            side_field: Some("x_groq"),
            ..Quirks::NONE
        },
        errors: errors::GROQ,
        ..OPENAI_CHAT
    },
    Vendor {
        id: "xai",
        name: "xAI",
        base_url: "https://api.x.ai/v1",
        key_env: &["XAI_API_KEY"],
        default_model: "grok-4.6",
        errors: errors::XAI,
        ..OPENAI_CHAT
    },
    Vendor {
        id: "openrouter",
        name: "OpenRouter",
        base_url: "https://openrouter.ai/api/v1",
        key_env: &["OPENROUTER_API_KEY"],
        default_model: "openrouter/auto",
        errors: errors::OPENROUTER,
        ..OPENAI_CHAT
    },
    Vendor {
        id: "ollama",
        name: "Ollama",
        base_url: "http://127.0.0.1:11434/v1",
        key_env: &[],
        default_model: "llama3.3",
        errors: errors::OLLAMA,
        ..OPENAI_CHAT
    },
];

/// A vendor that departs from the commonest wire in nothing.
const OPENAI_CHAT: Vendor = Vendor {
    id: "",
    name: "",
    wire: Wire::OpenAiChat,
    base_url: "",
    key_env: &[],
    default_model: "",
    prefill: Prefill::None,
    echoes: false,
    quirks: Quirks::NONE,
    errors: &[],
};

impl Vendor {
    /// The vendor of this name.
    pub fn find(id: &str) -> Option<&'static Self> {
        VENDORS.iter().find(|vendor| vendor.id == id)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::HashSet;

    use super::*;
    use crate::catalog::{Catalog, MODELS};
    use crate::chat::Target;

    #[test]
    fn all_fields_of_the_table_are_json_objects() {
        for vendor in VENDORS {
            let quirks = &vendor.quirks;
            for fields in [quirks.body, quirks.prefill_body, quirks.thinking_on, quirks.thinking_off] {
                let value: Option<serde_json::Value> = fields.map(|text| serde_json::from_str(text).unwrap());
                assert!(value.is_none_or(|value| value.is_object()), "{}", vendor.id);
            }
        }
    }

    #[test]
    fn names_are_unique_and_models_belong_to_vendors() {
        let ids: HashSet<_> = VENDORS.iter().map(|vendor| vendor.id).collect();
        assert_eq!(ids.len(), VENDORS.len());
        let models: HashSet<_> = MODELS.iter().map(|(name, _)| name).collect();
        assert_eq!(models.len(), MODELS.len());
        for (name, _) in MODELS {
            let target: Target = name.parse().unwrap();
            assert!(ids.contains(target.provider()), "{name}");
        }
    }

    #[test]
    fn a_rule_on_a_text_is_in_lower_case() {
        for rule in VENDORS.iter().flat_map(|vendor| vendor.errors) {
            assert!(rule.text.is_none_or(|text| text == text.to_lowercase()), "{rule:?}");
        }
    }

    #[test]
    fn what_a_caller_says_of_a_model_wins_over_the_table() {
        let target: Target = "deepseek/deepseek-v4-pro".parse().unwrap();
        let mut catalog = Catalog::default();
        let built_in = catalog.model(&target);
        catalog.set(target.clone(), crate::catalog::Model { max_output: Some(7), ..Default::default() });
        assert_eq!(catalog.model(&target).max_output, Some(7));
        assert_eq!(catalog.model(&target).context_window, built_in.context_window);
        assert!(built_in.context_window.is_some());
    }
}
