//! Taking what real systems report into the journal of an agreement. Decides what each record means
//! under the contract, what was told before, and what contradicts it; the readers decide what a
//! file says. Serves lease-3.1.1, lease-3.1.2, lease-6.2, lease-1.2, class-5.1, class-4.1 and
//! anno-3.5.
//!
//! The same record again changes nothing. The same record with other content is a conflict: it is
//! recorded once, and the first one stands. Entries of one batch stand on disk together or not at
//! all.

mod deliver;
mod map;
mod take;

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use contract::event::Actor;
use contract::terms::RequestClass;
use contract::{Action, Command, Refusal};
use serde::Serialize;
use units::{Id, Zone};

use crate::book::{Book, DeskError};
use crate::desk::Desk;
use crate::import::probe::{self, Prober};
use crate::import::{
    self, Format, Imported, Limits, NodeState, Place, Problem, Severity, cloudevents, slurm,
    usage_csv,
};

pub use deliver::files_of;
pub use deliver::{
    DeliveredItem, DeliveryError, DeliveryImport, DeliveryManifest, ManifestFile, ManifestItem,
};
pub(crate) use deliver::{hash_file, work_item};

/// How a file is taken.
#[derive(Debug, Clone)]
pub struct ImportOptions {
    /// The zone of local times in the file; the agreement's where absent.
    pub zone: Option<Zone>,
    /// The cluster, for tables of Slurm that do not name it.
    pub cluster: String,
    /// How the prober was set up, for probe tables.
    pub prober: Prober,
    /// Whether nothing is taken when anything is refused or contradicts itself.
    pub strict: bool,
    /// Whether all is decided and nothing appended.
    pub dry_run: bool,
    /// How much of a file is read.
    pub limits: Limits,
    /// The declared purpose of jobs. Clause: lease-4.1.
    pub purpose: Option<String>,
    /// The class of requests by the subject of their usage. Clause: class-4.3.
    pub classes: BTreeMap<String, RequestClass>,
    /// The class of requests whose usage names no subject.
    pub class: RequestClass,
    /// The resource of measured values that name none. Clause: lease-1.2.
    pub resource: Option<Id>,
    /// The load under which values were measured, in percent; the sources say nothing about it.
    pub load_percent: u32,
    /// The states in which a node counts as failed. A drained node finishes its jobs and
    /// maintenance is announced, so neither starts the repair clock unless both say so.
    /// Clause: lease-6.2.
    pub outages: Vec<NodeState>,
}

/// What became of a file.
#[derive(Debug, Clone, Serialize)]
pub struct ImportReport {
    /// The format; absent when it is none that is known.
    pub format: Option<Format>,
    /// Records that the file holds.
    pub records: u64,
    /// Records that were taken.
    pub taken: u64,
    /// Records that were taken before.
    pub duplicates: u64,
    /// Records that contradict an earlier one.
    pub conflicts: u64,
    /// Of those, conflicts that were recorded now.
    pub conflicts_recorded: u64,
    /// Records that the contract does not allow or that mean nothing under it.
    pub refused: u64,
    /// Records that say nothing yet or nothing that is billed, such as running jobs.
    pub skipped: u64,
    /// Whether something was appended.
    pub appended: bool,
    /// The first and the last entry, where something was appended.
    pub entries: Option<(u64, u64)>,
    /// What was noticed, in the order of the file.
    pub findings: Vec<IntakeFinding>,
}

/// Something about a record, with its place in the file.
#[derive(Debug, Clone, Serialize)]
pub struct IntakeFinding {
    /// Where.
    pub place: Place,
    /// What.
    #[serde(flatten)]
    pub problem: IntakeProblem,
}

/// What was noticed about a record.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum IntakeProblem {
    /// By the reader of the file.
    Read(Problem),
    /// By the contract.
    Taken(TakeProblem),
}

/// What was noticed when a record was held against the agreement.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
#[allow(missing_docs, reason = "the fields repeat the words of their variant")]
pub enum TakeProblem {
    /// The file is of no known format; nothing was read.
    UnknownFormat,
    /// The job still runs; it is taken when it has ended.
    StillRunning { job: String },
    /// The job held no GPU; there is nothing to bill.
    NoDevices { job: String },
    /// The node was in a state that does not count as failed.
    NotAnOutage { node: String, state: NodeState },
    /// A meter that the agreement does not bill.
    UnknownMeter { meter: String },
    /// A subject that is no class of requests.
    UnknownClass { subject: String },
    /// No time was measured, so that nothing shows that the answer came in time.
    NoLatency,
    /// Storage of another volume than the one that the file began with: the two are not one sum.
    OtherVolume { subject: String, first: String },
    /// A measured value that names no resource of the agreement.
    NoResource,
    /// The contract does not allow it.
    Refused { refusal: Refusal },
    /// The source said something else before; what it said first stands.
    Conflict { source: String, id: String, stands: String, came: String },
    /// More records than one transaction holds; with strict nothing is taken in parts.
    TooManyForOneStep { have: u64, limit: u64 },
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self {
            zone: None,
            cluster: "cluster".to_owned(),
            prober: Prober {
                source: "prober".to_owned(),
                interval_seconds: NonZeroU32::MIN.saturating_add(59),
                tolerance_seconds: 5,
                degraded_above_ms: None,
            },
            strict: false,
            dry_run: false,
            limits: Limits::default(),
            purpose: None,
            classes: [RequestClass::Standard, RequestClass::Urgent]
                .map(|class| (class.code().to_owned(), class))
                .into(),
            class: RequestClass::Standard,
            resource: None,
            load_percent: 0,
            outages: vec![NodeState::Down],
        }
    }
}

impl ImportReport {
    fn new(format: Option<Format>) -> Self {
        Self {
            format,
            records: 0,
            taken: 0,
            duplicates: 0,
            conflicts: 0,
            conflicts_recorded: 0,
            refused: 0,
            skipped: 0,
            appended: false,
            entries: None,
            findings: Vec::new(),
        }
    }

    /// Whether every record was taken, now or before.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity() == Severity::Notice)
    }
}

impl IntakeFinding {
    pub(crate) const fn new(place: Place, problem: TakeProblem) -> Self {
        Self { place, problem: IntakeProblem::Taken(problem) }
    }

    /// What follows from it.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match &self.problem {
            IntakeProblem::Read(problem) => problem.severity(),
            IntakeProblem::Taken(problem) => problem.severity(),
        }
    }
}

impl TakeProblem {
    const fn severity(&self) -> Severity {
        match self {
            Self::StillRunning { .. }
            | Self::NoDevices { .. }
            | Self::NotAnOutage { .. }
            | Self::NoLatency => Severity::Notice,
            Self::Conflict { .. } => Severity::Conflict,
            Self::UnknownFormat
            | Self::UnknownMeter { .. }
            | Self::UnknownClass { .. }
            | Self::OtherVolume { .. }
            | Self::NoResource
            | Self::Refused { .. }
            | Self::TooManyForOneStep { .. } => Severity::Refused,
        }
    }
}

impl Desk {
    /// Takes a file of a real system into an agreement's journal. The format is recognised when
    /// none is given.
    ///
    /// # Errors
    /// Faults of the journal and the store. What is wrong with the file stands in the report.
    pub async fn import(
        &self,
        agreement: &Id,
        actor: &Actor,
        format: Option<Format>,
        bytes: &[u8],
        options: &ImportOptions,
    ) -> Result<ImportReport, DeskError> {
        let mut book = self.open_book(agreement).await?;
        self.import_into(&mut book, actor, format, bytes, options).await
    }

    /// The same into an opened journal, which need not be of now.
    ///
    /// # Errors
    /// As [`Desk::import`].
    pub async fn import_into(
        &self,
        book: &mut Book,
        actor: &Actor,
        format: Option<Format>,
        bytes: &[u8],
        options: &ImportOptions,
    ) -> Result<ImportReport, DeskError> {
        let mut report = ImportReport::new(format.or_else(|| import::detect(bytes)));
        let Some(format) = report.format else {
            report.findings.push(IntakeFinding::new(Place::File, TakeProblem::UnknownFormat));
            return Ok(report);
        };
        let terms = book.state.agreement.clone().ok_or(Refusal::NotDrafted)?;
        let zone = options.zone.clone().unwrap_or_else(|| terms.zone.clone());
        let imported = read(format, bytes, &zone, options);
        report.records = imported.records.len() as u64;
        let claims = map::claims(imported, &terms, options, &mut report);
        self.take_claims(book, actor, &claims, options, &mut report).await?;
        report.findings.sort_by_key(|finding| place_order(&finding.place));
        Ok(report)
    }
}

/// Reads a file of a format.
fn read(format: Format, bytes: &[u8], zone: &Zone, options: &ImportOptions) -> Imported {
    let ImportOptions { cluster, prober, limits, .. } = options;
    match format {
        Format::SacctJson => slurm::read_json(bytes, limits),
        Format::SacctText => slurm::read_text(bytes, zone, cluster, limits),
        Format::SlurmEvents => slurm::read_events(bytes, zone, cluster, limits),
        Format::CloudEvents => cloudevents::read(bytes, limits),
        Format::UsageCsv => usage_csv::read(bytes, limits),
        Format::ProbeCsv => probe::read(bytes, prober, limits),
    }
}

/// The order of places within a file: the whole file first; list elements by their number.
fn place_order(place: &Place) -> (u8, u64, String) {
    match place {
        Place::File => (0, 0, String::new()),
        Place::Line(line) => (1, *line, String::new()),
        Place::Pointer(pointer) => {
            let number = pointer.split('/').filter_map(|part| part.parse().ok()).next();
            (2, number.unwrap_or(u64::MAX), pointer.clone())
        }
    }
}

/// The command that a claim asks for.
fn command(actor: &Actor, action: Action) -> Command {
    Command::new(actor.clone(), action)
}
