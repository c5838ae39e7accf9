//! Readers of what real systems produce: Slurm's accounting, CloudEvents, usage and probe tables.
//!
//! Decides what a file says, line by line; what is bad is reported with its place and the rest is
//! taken. Knows nothing of agreements, periods or prices. No clock and no randomness: the same
//! bytes give the same records.
//!
//! Every record has a natural key, `(source, id)`, and the hash of what its source said. The same
//! key with the same hash is the same fact told twice; with another hash it is a conflict.

mod collect;
mod detect;
mod finding;
mod json;
mod lines;
mod read;
mod row;

pub mod cloudevents;
pub mod probe;
pub mod slurm;
pub mod usage_csv;

use serde::Serialize;
use units::{Decimal, EndState, Metric, ServiceState, Timestamp};

pub use detect::{Format, detect};
pub use finding::{Encoding, Finding, Place, Problem, Severity, Shape};

/// How much of a file is read. Nesting of JSON is limited to 128 levels besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Bytes of one line.
    pub line_bytes: usize,
    /// Bytes of one text field.
    pub text_bytes: usize,
    /// Records taken.
    pub records: usize,
    /// Findings kept; the others are counted.
    pub findings: usize,
    /// Nodes, and GPUs, of one job.
    pub job_devices: usize,
    /// Devices of all jobs of the file together.
    pub devices: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 4 << 30,
            line_bytes: 1 << 20,
            text_bytes: 1_024,
            records: 20_000_000,
            findings: 10_000,
            job_devices: 65_536,
            devices: 10_000_000,
        }
    }
}

/// What a file says, and what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// The facts, in the order of the file.
    pub records: Vec<SourceRecord>,
    /// What was noticed, refused or contradictory, in the order of the file.
    pub findings: Vec<Finding>,
}

impl Imported {
    /// Whether every record of the file was taken: nothing refused and no conflict.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity() == Severity::Notice)
    }
}

/// One fact with its natural key and its place in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRecord {
    /// Who says so, such as `slurm:lease` or a CloudEvents source.
    pub source: String,
    /// The source's own stable key of this fact.
    pub id: String,
    /// The dense number that the source gave it, where it numbers its records.
    pub seq: Option<u64>,
    /// When the fact happened; the end where it lasted.
    pub at: Timestamp,
    /// SHA-256 of the canonical JSON of what the source said.
    pub content: [u8; 32],
    /// Where it stands.
    pub place: Place,
    /// What was said.
    pub fact: Fact,
}

/// What a record says. The serialised form is what is hashed: without anything derived here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Fact {
    /// A job held devices.
    Job(Job),
    /// A node was out of service.
    NodeEvent(NodeEvent),
    /// A quantity was used.
    Usage(Usage),
    /// A service was in a state.
    Probe(Probe),
    /// Storage was occupied.
    StorageSample(StorageSample),
    /// A value was measured.
    ProbeResult(ProbeResult),
}

/// One stretch in which a job held nodes and GPUs. A job that was requeued has several, told
/// apart by `from`. Clause: lease-3.1.1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Job {
    /// The cluster.
    pub cluster: String,
    /// The scheduler's id, such as `12`, `12_3` (array) or `12+1` (heterogeneous).
    pub job: String,
    /// Who ran it.
    pub user: Option<String>,
    /// The account that it is charged to.
    pub account: Option<String>,
    /// The state in the scheduler's own word.
    pub state: String,
    /// The same as an end of a job. `REQUEUED` is [`EndState::Preempted`]: it was taken off its
    /// devices and begins again.
    pub end: EndState,
    /// When it got its devices.
    pub from: Timestamp,
    /// When it gave them back; `None` while it runs. The record of the finished job has an id of
    /// its own and replaces the running one of the same `job` and `from`.
    pub to: Option<Timestamp>,
    /// The nodes, in the scheduler's order.
    pub nodes: Vec<String>,
    /// How many GPUs, on all nodes together.
    #[serde(serialize_with = "as_text")]
    pub gpus: u64,
    /// One name for each GPU, `node:gpu0`. Accounting keeps the count alone, so these are
    /// assigned by [`slurm::assign_devices`] within the file and are not part of the content.
    #[serde(skip)]
    pub devices: Vec<String>,
}

/// A stretch in which a node was out of service. Clause: lease-5.2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NodeEvent {
    /// The cluster.
    pub cluster: String,
    /// The node.
    pub node: String,
    /// What was wrong.
    pub state: NodeState,
    /// Since when.
    pub from: Timestamp,
    /// Until when; `None` while it lasts. The record of the ended event has an id of its own and
    /// replaces the open one of the same `node` and `from`.
    pub to: Option<Timestamp>,
    /// The administrator's or the scheduler's reason, as written.
    pub reason: String,
}

/// Why a node takes no jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeState {
    /// Unusable: down, failed, does not respond, or its configuration is invalid.
    Down,
    /// Takes no new jobs; those on it may finish.
    Drain,
    /// Under maintenance or being started again on purpose.
    Maintenance,
    /// Switched off to save power.
    PoweredDown,
}

/// A used quantity. Clauses: class-5.1, lease-3.1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Usage {
    /// The name of the meter.
    pub meter: String,
    /// What or who used it.
    pub subject: Option<String>,
    /// How much, in the meter's unit.
    #[serde(serialize_with = "as_text")]
    pub quantity: u64,
    /// When.
    pub at: Timestamp,
    /// How long the answer took, in milliseconds.
    #[serde(serialize_with = "option_as_text")]
    pub latency_ms: Option<u64>,
}

/// A service state over `[from, to)`. Clauses: class-4.1, pb-04.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Probe {
    /// First instant.
    pub from: Timestamp,
    /// First instant after.
    pub to: Timestamp,
    /// Which state.
    pub state: ServiceState,
    /// How long the probe took, in milliseconds, where it was measured.
    #[serde(serialize_with = "option_as_text")]
    pub latency_ms: Option<u64>,
}

/// Occupied bytes at an instant. Clause: lease-3.1.2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StorageSample {
    /// When.
    pub at: Timestamp,
    /// How many bytes.
    #[serde(serialize_with = "as_text")]
    pub bytes: u64,
    /// The volume or tenant.
    pub subject: Option<String>,
}

/// A measured value, such as achieved FLOPS. Clause: lease-1.1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProbeResult {
    /// What was measured.
    pub metric: Metric,
    /// On what.
    pub subject: Option<String>,
    /// The value.
    pub value: Decimal,
    /// When.
    pub at: Timestamp,
}

// Canonical JSON keeps integers to 2^53; a quantity may be larger and is written as text.
fn as_text<S: serde::Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn option_as_text<S: serde::Serializer>(
    value: &Option<u64>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}
