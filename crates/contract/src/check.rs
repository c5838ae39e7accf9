//! Rules between terms.

use alloc::vec::Vec;

use crate::form::{Node, Problem};
use crate::terms::Agreement;

/// Checks the terms against each other.
#[must_use]
pub fn check(_agreement: &Agreement, _root: Option<&Node>) -> Vec<Problem> {
    Vec::new()
}
