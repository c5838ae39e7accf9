//! A contract's wording against a playbook: headings, lexicon and sentence frames with typed
//! parameters decide; a small linear model finds where to look and decides nothing.
//!
//! Does no I/O and reads no clock.

pub mod checks;
mod finding;

pub use finding::{Confidence, Finding, Parameters, Reached, Risk, Side, Status, Text, Value};
