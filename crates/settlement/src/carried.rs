//! What earlier statements leave to the next one: what is billed already, and credits and
//! prepayments that are not used up. Knows no prices.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{Currency, Fraction, Id, Money};

use crate::working::Line;

/// What earlier statements left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Carried {
    /// Money paid beforehand that is not used up. Clause: class-5.2.
    pub prepayment_left: Money,
    /// Credits that are not used up, oldest first. Clauses: pb-04, lease-6.2.
    pub open_credits: Vec<OpenCredit>,
    /// Units billed for each work item, or for each class of images. Clauses: anno-3.6, class-5.1.
    pub units_billed: BTreeMap<Id, u64>,
    /// One-off fees and custom models that were charged. Clauses: lease-3.1.3, class-3.1.3.
    pub one_off_charged: BTreeSet<Id>,
    /// Milestones that were billed, and for how much. Clause: train-5.3.
    pub milestones_billed: BTreeMap<Id, Money>,
    /// Hours of migration help that were given. Clause: pb-07.
    pub migration_hours: Fraction,
    /// Whether the customer asked for the service credit of this period, where it must be asked
    /// for. Clause: pb-04.
    pub credit_claimed: bool,
}

/// A credit that is not used up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenCredit {
    /// The statement that gave it.
    pub statement: Id,
    /// The line as it was given, negative.
    pub line: Line,
    /// What of it is left, positive.
    pub left: Money,
}

impl Carried {
    /// Nothing billed, nothing paid, nothing credited.
    #[must_use]
    pub const fn nothing(currency: Currency) -> Self {
        Self {
            prepayment_left: Money::zero(currency),
            open_credits: Vec::new(),
            units_billed: BTreeMap::new(),
            one_off_charged: BTreeSet::new(),
            milestones_billed: BTreeMap::new(),
            migration_hours: Fraction::ZERO,
            credit_claimed: false,
        }
    }

    /// Units of an item that were billed.
    #[must_use]
    pub fn billed(&self, item: &Id) -> u64 {
        self.units_billed.get(item).map_or(0, |units| *units)
    }
}
