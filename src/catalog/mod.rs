//! Vendors and models as data: addresses, key variables, quirks, windows, prices.
//!
//! A vendor that speaks a known wire is a row here and nothing else; a `match` on a vendor's name anywhere
//! else is a defect.

mod errors;
mod model;
mod models;
mod vendor;
mod vendors;

pub use model::{Catalog, Model, Price};
pub use models::MODELS;
pub use vendor::{ErrorRule, Prefill, Quirks, Vendor, Wire};
pub use vendors::VENDORS;
