//! What is particular about one endpoint, as the encoders see it.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::catalog::{Prefill, Quirks};

/// The fields of a body that are not the endpoint's to set.
pub(super) const RESERVED: &[&str] = &["model", "messages", "stream"];

/// An endpoint without its address and its key.
#[derive(Debug, Clone)]
pub(super) struct Setup {
    /// Its name.
    pub id: String,
    /// Where it departs from its wire.
    pub quirks: Quirks,
    /// Fields added to every body.
    pub extra_body: Map<String, Value>,
    /// In which form it takes the beginning of an answer.
    pub prefill: Prefill,
}

impl Setup {
    /// The fields that the vendor wants in every body.
    pub(super) fn fixed(&self) -> Map<String, Value> {
        let mut body = Map::new();
        self.add(self.quirks.body, &mut body);
        body
    }

    /// Adds fields from the vendor table.
    pub(super) fn add(&self, fields: Option<&'static str>, body: &mut Map<String, Value>) {
        // That all of the table is valid is tested where the table is.
        if let Some(Ok(Value::Object(fields))) = fields.map(serde_json::from_str) {
            body.extend(fields);
        }
    }

    /// Adds the endpoint's own fields, over everything but those it may not set.
    pub(super) fn add_extra(&self, body: &mut Map<String, Value>) {
        let allowed = self.extra_body.iter().filter(|(name, _)| !RESERVED.contains(&name.as_str()));
        body.extend(allowed.map(|(name, value)| (name.clone(), value.clone())));
    }

    /// The name of a tool call in a form that this vendor takes; the same name gives the same form.
    pub(super) fn tool_id<'a>(&self, id: &'a str) -> Cow<'a, str> {
        let fits = id.len() == 9 && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if fits || !self.quirks.short_tool_ids { Cow::Borrowed(id) } else { Cow::Owned(short(id)) }
    }
}

/// Nine characters made of any name (FNV-1a, base 36).
fn short(id: &str) -> String {
    let mut hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let digit = |_| {
        let digit = (hash % 36) as u32;
        hash /= 36;
        char::from_digit(digit, 36).unwrap_or('0')
    };
    (0..9).map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_call_keeps_its_name_where_the_vendor_takes_it() {
        let setup = |short_tool_ids| Setup {
            id: "a".into(),
            quirks: Quirks { short_tool_ids, ..Quirks::NONE },
            extra_body: Map::new(),
            prefill: Prefill::None,
        };
        assert_eq!(setup(false).tool_id("call_00_x"), "call_00_x");
        assert_eq!(setup(true).tool_id("abcDEF123"), "abcDEF123");
        let made = setup(true).tool_id("call_00_x").into_owned();
        assert_eq!(made.len(), 9);
        assert_eq!(setup(true).tool_id("call_00_x"), made);
        assert_ne!(setup(true).tool_id("call_01_x"), made);
    }
}
