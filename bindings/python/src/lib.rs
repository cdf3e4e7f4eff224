//! The extension module behind the Python package `mainstay`.
//!
//! It translates: Python values in, the library's public items asked, Python values or exceptions out. What the
//! package offers under which name is decided in `python/mainstay/__init__.py`, and described to type checkers in
//! `_native.pyi` beside it.

use mainstay_core::catalog::VENDORS;
use mainstay_core::chat::Target;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// Splits `provider/model` at the first slash.
#[pyfunction]
#[pyo3(signature = (text, /))]
fn parse_target(text: &str) -> PyResult<(String, String)> {
    let target: Target = text.parse().map_err(|error| PyValueError::new_err(format!("{error}")))?;
    Ok((target.provider().to_owned(), target.model().to_owned()))
}

/// The names of the built-in providers, in the order in which a chain is made from the keys in the environment.
#[pyfunction]
fn providers() -> Vec<&'static str> {
    VENDORS.iter().map(|vendor| vendor.id).collect()
}

#[pymodule]
mod _native {
    #[pymodule_export]
    use super::{parse_target, providers};

    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "the name that Python gives to it")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
