//! How a figure came about. Each line names its formula, its exact inputs, its one rounding, the
//! clause that demands it and the evidence that proves it, so that a person can recompute it.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{ClauseId, EvidenceId, Fraction, Id, Money, Rounding};

/// What a line of a statement is for. The code is stable; words are made at the edge.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum LineCode {
    /// Accepted units of a work item. Clause: anno-3.6.
    AcceptedItems,
    /// Classified images. Clause: class-5.1.
    Images,
    /// Classified images of the urgent class. Clause: class-4.3.
    UrgentImages,
    /// A monthly fee. Clause: class-5.1.
    MonthlyFee,
    /// Images beyond those that the monthly fee includes. Clause: class-5.1.
    Overage,
    /// A custom model. Clause: class-3.1.3.
    CustomModel,
    /// GPU-hours. Clause: lease-3.1.1.
    GpuHours,
    /// Storage. Clause: lease-3.1.2.
    Storage,
    /// A fee charged once. Clauses: lease-3.1.3, lease-3.1.4.
    OneOff,
    /// A milestone of a fixed fee. Clause: train-5.3.
    Milestone,
    /// A licence fee. Clause: train-6.1.2.
    LicenceFee,
    /// A share of reported revenue. Clause: train-6.1.3.
    RevenueShare,
    /// Consulting or migration help. Clauses: class-3.1.5, pb-07.
    Consulting,
    /// What is missing to the agreed minimum.
    Minimum,
    /// A late repair. Clause: lease-6.2.
    LateRepair,
    /// A service credit, negative. Clause: pb-04.
    ServiceCredit,
    /// A prepayment that is asked for. Clauses: class-5.2, train-5.3.1.
    Prepayment,
    /// A charge taken from the prepayment, negative. Clause: class-5.2.
    Drawdown,
    /// Late payment fee. Clause: lease-3.4.
    LateFee,
    /// Damages, agreed or found. Clauses: train-8.1, pb-06.
    Damages,
    /// Tax.
    Tax,
}

/// A line of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// What it is for.
    pub code: LineCode,
    /// The work item, resource, milestone or incident it is about.
    pub subject: Option<Id>,
    /// The clause that demands it.
    pub clause: ClauseId,
    /// The amount, rounded once.
    pub amount: Money,
    /// How it came about.
    pub working: Working,
    /// The evidence that proves it.
    pub evidence: Vec<EvidenceId>,
}

/// The formula of a figure with its exact inputs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Working {
    /// The formula over the names of the inputs, such as `gpu_seconds / 3600 * price`.
    pub formula: String,
    /// The inputs in the order of the formula.
    pub inputs: Vec<Input>,
    /// The exact value before rounding, in major units of money.
    pub exact: Fraction,
    /// The rounding that made the amount; absent where nothing was rounded.
    pub rounding: Option<Rounding>,
}

/// An input of a formula.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Its name in the formula.
    pub name: String,
    /// Its exact value: an integer, a decimal or a fraction.
    pub value: String,
    /// Its unit: a code such as `gpu_second`, `byte_second`, `image`, `day`, `CNY`, `percent`.
    pub unit: String,
}

impl Input {
    /// An input of a formula.
    #[must_use]
    pub fn new(name: &str, value: impl ToString, unit: &str) -> Self {
        Self { name: name.to_string(), value: value.to_string(), unit: unit.to_string() }
    }
}
