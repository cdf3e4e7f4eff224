//! What a client takes from outside of the program: the environment, and the vendor table.
//!
//! Both are passed in as one value, so that a test has its own. Nothing is read before a client is built or a
//! configuration looked up.

use std::fmt;
use std::sync::Arc;

use crate::catalog::{VENDORS, Vendor};

type Look = dyn Fn(&str) -> Option<String> + Send + Sync;

/// The environment and the vendors.
#[derive(Clone)]
pub(crate) struct World {
    look: Arc<Look>,
    vendors: &'static [Vendor],
}

impl Default for World {
    /// The process's own environment, in which a variable that is not Unicode is not set.
    fn default() -> Self {
        Self { look: Arc::new(|name| std::env::var(name).ok()), vendors: VENDORS }
    }
}

impl World {
    /// The same with another environment.
    pub(crate) fn with_env(self, look: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self { look: Arc::new(look), ..self }
    }

    pub(crate) fn vendors(&self) -> &'static [Vendor] {
        self.vendors
    }

    #[cfg(feature = "config")]
    pub(crate) fn vendor(&self, id: &str) -> Option<&'static Vendor> {
        self.vendors.iter().find(|vendor| vendor.id == id)
    }

    /// A variable that is set and not blank.
    pub(crate) fn var(&self, name: &str) -> Option<String> {
        (self.look)(name).filter(|value| !value.trim().is_empty())
    }

    /// The key in the first of these variables that holds one. Of several keys, separated by commas, it is
    /// the first.
    pub(crate) fn key<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
        names.into_iter().find_map(|name| first_key(&self.var(name)?))
    }
}

fn first_key(value: &str) -> Option<String> {
    value.split(',').map(str::trim).find(|key| !key.is_empty()).map(str::to_owned)
}

impl fmt::Debug for World {
    /// No variable is looked at.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").finish_non_exhaustive()
    }
}

#[cfg(test)]
impl World {
    /// A world with these variables and three vendors: `alpha` (two key variables), `beta` (one) and `local`
    /// (none).
    pub(crate) fn of(vars: &[(&str, &str)]) -> Self {
        let vars: std::collections::HashMap<String, String> =
            vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { look: Arc::new(move |name| vars.get(name).cloned()), vendors: &tests::VENDORS }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Prefill, Quirks, Wire};

    const fn vendor(id: &'static str, key_env: &'static [&'static str]) -> Vendor {
        Vendor {
            id,
            name: id,
            wire: Wire::OpenAiChat,
            base_url: "https://api.example.com/v1",
            key_env,
            default_model: "default-model",
            prefill: Prefill::Prefix,
            echoes: false,
            quirks: Quirks::NONE,
            errors: &[],
        }
    }

    pub(super) static VENDORS: [Vendor; 3] = [
        vendor("alpha", &["ALPHA_KEY", "ALPHA_OLD_KEY"]),
        vendor("beta", &["BETA_KEY"]),
        vendor("local", &[]),
    ];

    #[test]
    fn the_first_variable_with_a_key_counts() {
        let names = ["ALPHA_KEY", "ALPHA_OLD_KEY"];
        for (vars, key) in [
            (vec![("ALPHA_KEY", "one"), ("ALPHA_OLD_KEY", "two")], Some("one")),
            (vec![("ALPHA_KEY", "  "), ("ALPHA_OLD_KEY", "two")], Some("two")),
            (vec![("ALPHA_KEY", " , one , two"), ("ALPHA_OLD_KEY", "three")], Some("one")),
            (vec![("ALPHA_KEY", " , ")], None),
            (vec![], None),
        ] {
            assert_eq!(World::of(&vars).key(names).as_deref(), key, "{vars:?}");
        }
    }
}
