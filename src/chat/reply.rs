//! A whole answer.

use serde::{Deserialize, Serialize};

use super::{Attempt, Cost, Event, FinishReason, Message, Part, Reasoning, Role, Target, ToolCall, Usage};

/// A complete answer, collected from its events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Reply {
    /// The text.
    pub text: String,
    /// The thinking the model showed.
    pub reasoning: String,
    /// The tools it asks for.
    pub tool_calls: Vec<ToolCall>,
    /// Why it stopped.
    pub finish_reason: FinishReason,
    /// Who contributed, in order.
    pub served_by: Vec<Target>,
    /// What all attempts used.
    pub usage: Usage,
    /// What all attempts cost, where all prices are known and of one currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<Cost>,
    /// All attempts.
    pub attempts: Vec<Attempt>,
}

impl Default for Reply {
    fn default() -> Self {
        Self {
            text: String::new(),
            reasoning: String::new(),
            tool_calls: Vec::new(),
            finish_reason: FinishReason::Stop,
            served_by: Vec::new(),
            usage: Usage::default(),
            cost: None,
            attempts: Vec::new(),
        }
    }
}

impl Reply {
    /// Takes in one event. After the last one the reply is whole.
    pub fn absorb(&mut self, event: Event) {
        match event {
            Event::Text { text } => self.text.push_str(&text),
            Event::Reasoning { text, restarted } => {
                if restarted {
                    self.reasoning.clear();
                }
                self.reasoning.push_str(&text);
            }
            Event::ToolCall(call) => self.tool_calls.push(call),
            Event::Restart { .. } => {
                self.text.clear();
                self.reasoning.clear();
                self.tool_calls.clear();
            }
            Event::Finish { reason, served_by, usage, cost, attempts, .. } => {
                self.finish_reason = reason;
                self.served_by = served_by;
                self.usage = usage;
                self.cost = cost;
                self.attempts = attempts;
            }
            Event::Start { .. } | Event::Waiting { .. } | Event::Failover { .. } | Event::Seam { .. } => {}
        }
    }

    /// The answer as the assistant's message, to be appended to the conversation.
    pub fn into_message(self) -> Message {
        let mut content = Vec::new();
        if !self.reasoning.is_empty() {
            let origin = self.served_by.last().map(|target| target.provider().to_owned());
            content.push(Part::Reasoning(Reasoning { text: self.reasoning, signature: None, origin }));
        }
        if !self.text.is_empty() {
            content.push(Part::Text { text: self.text });
        }
        content.extend(self.tool_calls.into_iter().map(Part::ToolCall));
        Message { role: Role::Assistant, content }
    }
}
