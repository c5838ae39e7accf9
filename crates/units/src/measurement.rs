//! Measurements: quantities derived from evidence. A service returns them, `settlement` reads
//! them; neither knows the other. Each names the evidence that proves it.

use alloc::string::String;
use alloc::vec::Vec;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fraction::Fraction;
use crate::id::{EvidenceId, Id};
use crate::money::Money;
use crate::ratio::Ratio;
use crate::span::Window;
use crate::standard::Metric;
use crate::time::Timestamp;

/// A quantity of one metric, over a window or for one subject, with its evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measurement {
    /// What was measured.
    pub metric: Metric,
    /// What it was measured on: a work item, a class, a milestone, a service, an incident.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Id>,
    /// When the measured facts happened; the window that decides which period they belong to.
    pub window: Window,
    /// The measured value.
    pub quantity: Quantity,
    /// The evidence that proves it.
    pub evidence: Vec<EvidenceId>,
}

/// A measured value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum Quantity {
    /// A number of things.
    Count(u64),
    /// Hits of a total.
    Ratio(Ratio),
    /// An exact value: a mean, hours, an achieved rate.
    Exact(Fraction),
    /// An amount of money, such as reported revenue.
    Money(Money),
    /// GPU allocation intervals.
    Allocations(Vec<Allocation>),
    /// Storage samples in order of time.
    Storage(Vec<StorageSample>),
    /// Service states.
    States(Vec<StateInterval>),
    /// Stretches of time with a reason.
    Intervals(Vec<Interval>),
    /// Usage sums by hour.
    Buckets(Vec<UsageBucket>),
}

/// One job's hold on one device, `[from, to)`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Allocation {
    /// The device: node and index, such as `vm:gpu0`.
    pub device: String,
    /// The scheduler's job id.
    pub job: String,
    /// When the device was held.
    pub window: Window,
    /// How the job ended.
    pub end: EndState,
    /// The evidence of this interval.
    pub evidence: EvidenceId,
}

/// How a job ended, in the words of Slurm's accounting.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum EndState {
    /// Finished with exit code zero.
    Completed,
    /// Finished with another exit code.
    Failed,
    /// Cancelled by the user or an administrator.
    Cancelled,
    /// Reached its time limit.
    Timeout,
    /// Ran out of memory.
    OutOfMemory,
    /// The node failed under it.
    NodeFail,
    /// The node did not boot for it.
    BootFail,
    /// Pre-empted by another job.
    Preempted,
    /// Reached its deadline.
    Deadline,
    /// Still running when recorded.
    Running,
}

/// Occupied bytes from an instant on, until the next sample.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StorageSample {
    /// When the sample was taken.
    pub at: Timestamp,
    /// Occupied bytes.
    pub bytes: u64,
    /// The evidence of this sample.
    pub evidence: EvidenceId,
}

/// The state of a service over a stretch of time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StateInterval {
    /// When.
    pub window: Window,
    /// Which state.
    pub state: ServiceState,
    /// The evidence of this interval.
    pub evidence: EvidenceId,
}

/// Whether a service answered.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ServiceState {
    /// Answers as agreed.
    Up,
    /// Answers, but below the agreed function or speed.
    Degraded,
    /// Does not answer.
    Down,
    /// The prober itself was blind.
    Unknown,
}

/// A stretch of time with a reason, such as agreed maintenance.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    /// When.
    pub window: Window,
    /// A code: `maintenance`, `force_majeure`, `customer_cause`.
    pub reason: String,
    /// The evidence of this interval.
    pub evidence: EvidenceId,
}

/// A sum of usage within one hour.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UsageBucket {
    /// First instant of the hour.
    pub hour: Timestamp,
    /// The summed quantity.
    pub quantity: u64,
    /// How many records were summed.
    pub records: u64,
    /// The evidence of this bucket.
    pub evidence: EvidenceId,
}
