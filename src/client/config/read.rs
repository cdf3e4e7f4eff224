//! Typed access to a parsed table, which notes what is not as it should be and goes on.
//!
//! What a key means is left to the file of its section.

use std::ops::Range;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnose::Notes;
use super::secret::resembles_plain;
use crate::client::names::{did_you_mean, hint};

pub(super) type Value<'d> = Spanned<DeValue<'d>>;

/// A text and where it stands.
pub(super) type Text = Spanned<String>;

/// One table, its keys checked.
pub(super) struct Fields<'n, 'd> {
    pub(super) notes: &'n mut Notes,
    pub(super) table: &'d DeTable<'d>,
}

impl<'n, 'd> Fields<'n, 'd> {
    /// Reads `value` as a table of these keys. `what` names it.
    pub(super) fn open(
        notes: &'n mut Notes,
        what: &str,
        value: &'d Value<'d>,
        known: &[&str],
    ) -> Option<Self> {
        let table = table(notes, what, value)?;
        Some(Self::of(notes, table, known))
    }

    /// Reads a table of these keys.
    pub(super) fn of(notes: &'n mut Notes, table: &'d DeTable<'d>, known: &[&str]) -> Self {
        for (key, value) in table {
            if !known.contains(&key.get_ref().as_ref()) {
                if !resembles_plain(key.get_ref(), known) {
                    hide(notes, value);
                }
                notes.error(key.span(), format!("unknown key `{key}`"), key_hint(key.get_ref(), known));
            }
        }
        Self { notes, table }
    }

    pub(super) fn get(&self, key: &str) -> Option<&'d Value<'d>> {
        self.table.get(key)
    }

    pub(super) fn text(&mut self, key: &str) -> Option<Text> {
        let value = self.get(key)?;
        text(self.notes, &format!("`{key}`"), value)
    }

    pub(super) fn flag(&mut self, key: &str) -> Option<bool> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Boolean(flag) => Some(*flag),
            _ => self.refuse(key, value, "true or false"),
        }
    }

    /// A whole number from `least` up.
    pub(super) fn count<T: TryFrom<i64>>(&mut self, key: &str, least: i64) -> Option<T> {
        let value = self.get(key)?;
        let number = integer(value.get_ref());
        match number.filter(|number| *number >= least).and_then(|number| T::try_from(number).ok()) {
            Some(number) => Some(number),
            None if number.is_some() => {
                let message = format!("`{key}` is out of range");
                self.notes.error(value.span(), message, format!("a whole number from {least} up"));
                None
            }
            None => self.refuse(key, value, &format!("a whole number from {least} up")),
        }
    }

    /// A number that is not negative.
    pub(super) fn amount(&mut self, key: &str) -> Option<f64> {
        let value = self.get(key)?;
        let Some(number) = number(value.get_ref()) else { return self.refuse(key, value, "a number") };
        if number.is_finite() && number >= 0.0 {
            return Some(number);
        }
        self.notes.error(value.span(), format!("`{key}` cannot be negative or infinite"), None);
        None
    }

    /// A length of time; zero only where it means something.
    pub(super) fn duration(&mut self, key: &str, zero: bool) -> Option<Duration> {
        const FORM: &str = "a duration is written \"250ms\", \"5s\" or \"10m\"";
        let value = self.get(key)?;
        let DeValue::String(written) = value.get_ref() else {
            return self.refuse(key, value, "a duration such as \"250ms\", \"5s\" or \"10m\"");
        };
        match humantime::parse_duration(written) {
            Ok(time) if zero || !time.is_zero() => return Some(time),
            Ok(_) => self.notes.error(value.span(), format!("`{key}` cannot be zero"), None),
            Err(_) => {
                self.notes.error(value.span(), format!("`{written}` is not a duration"), FORM.to_owned());
            }
        }
        None
    }

    /// One of a few words.
    pub(super) fn word<T: Copy>(&mut self, key: &str, words: &[(&str, T)]) -> Option<T> {
        let word = self.text(key)?;
        word_of(self.notes, key, &word, words)
    }

    fn refuse<T>(&mut self, key: &str, value: &Value<'d>, expected: &str) -> Option<T> {
        refuse(self.notes, &format!("`{key}`"), value, expected)
    }
}

fn key_hint(key: &str, known: &[&str]) -> String {
    did_you_mean(key, known).unwrap_or_else(|| hint(key, known))
}

/// One of a few words, or else a note with the nearest.
pub(super) fn word_of<T: Copy>(notes: &mut Notes, what: &str, word: &Text, words: &[(&str, T)]) -> Option<T> {
    let written = word.get_ref().as_str();
    if let Some((_, value)) = words.iter().find(|(known, _)| *known == written) {
        return Some(*value);
    }
    let known: Vec<_> = words.iter().map(|(known, _)| *known).collect();
    notes.error(word.span(), format!("unknown {what} `{written}`"), hint(written, &known));
    None
}

/// The entries of a table of named things, in the order of the file.
pub(super) fn entries<'d>(notes: &mut Notes, what: &str, value: &'d Value<'d>) -> Vec<(Text, &'d Value<'d>)> {
    let Some(table) = table(notes, what, value) else { return Vec::new() };
    let mut entries: Vec<_> = table
        .iter()
        .map(|(key, value)| (Spanned::new(key.span(), key.get_ref().clone().into_owned()), value))
        .collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

pub(super) fn table<'d>(notes: &mut Notes, what: &str, value: &'d Value<'d>) -> Option<&'d DeTable<'d>> {
    match value.get_ref() {
        DeValue::Table(table) => Some(table),
        _ => refuse(notes, what, value, "a table"),
    }
}

pub(super) fn list<'d>(notes: &mut Notes, what: &str, value: &'d Value<'d>) -> Option<Vec<&'d Value<'d>>> {
    match value.get_ref() {
        DeValue::Array(list) => Some(list.iter().collect()),
        _ => refuse(notes, what, value, "a list"),
    }
}

pub(super) fn text(notes: &mut Notes, what: &str, value: &Value<'_>) -> Option<Text> {
    match value.get_ref() {
        DeValue::String(text) => Some(Spanned::new(value.span(), text.clone().into_owned())),
        _ => refuse(notes, what, value, "a text"),
    }
}

/// Notes a value of the wrong type, without showing it.
fn refuse<T>(notes: &mut Notes, what: &str, value: &Value<'_>, expected: &str) -> Option<T> {
    hide(notes, value);
    let found = match value.get_ref() {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    notes.error(value.span(), format!("{what} must be {expected}, not {found}"), None);
    None
}

/// Hides a value, and everything in it.
pub(super) fn hide(notes: &mut Notes, value: &Value<'_>) {
    match value.get_ref() {
        DeValue::Table(table) => table.iter().for_each(|(_, value)| hide(notes, value)),
        DeValue::Array(list) => list.iter().for_each(|value| hide(notes, value)),
        _ => notes.hide(value.span()),
    }
}

pub(super) fn integer(value: &DeValue<'_>) -> Option<i64> {
    let number = value.as_integer()?;
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

pub(super) fn number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Float(number) => number.as_str().parse().ok(),
        _ => integer(value).map(|number| number as f64),
    }
}

/// Where the word `part` stands in a text that begins with it; the whole text if it is not written plainly.
pub(super) fn start_of(source: &str, text: &Text, part: &str) -> Range<usize> {
    let span = text.span();
    let plain = source.get(span.start + 1..).is_some_and(|rest| rest.starts_with(part));
    if plain { span.start + 1..span.start + 1 + part.len() } else { span }
}
