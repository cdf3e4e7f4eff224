//! The model table.

use super::Model;

/// Every built-in model by its target. Prices are of the date in the comment and age fast.
pub const MODELS: &[(&str, Model)] = &[];
