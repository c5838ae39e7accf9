//! Why the contract does not allow something. A normal answer with a stable code, the values that
//! explain it, and the clause where one forbids it. Words are made at the edge.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;
use units::{ClauseId, Id, Timestamp};

use crate::event::Sha256;
use crate::rules::clause;
use crate::terms::{Purpose, Side};

/// Why a command or an access is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// No terms were laid down.
    NotDrafted,
    /// Terms were laid down already.
    AlreadyDrafted,
    /// The agreement is not in force: it is not signed by both, or it has ended.
    NotInForce,
    /// The agreement has ended; only what belongs to the wind-down is possible.
    HasEnded,
    /// The party has signed already.
    AlreadySigned {
        /// The party.
        side: Side,
    },
    /// What was signed is not what was laid down.
    TermsDiffer {
        /// SHA-256 of the terms.
        have: String,
        /// SHA-256 that was signed.
        got: String,
    },
    /// The agreement is signed by both; documents change it from now on.
    AlreadyInForce,
    /// The terms of another agreement.
    OtherAgreement {
        /// The one that this is about.
        need: Id,
    },
    /// The last version that was offered cannot be signed as it is.
    NotReady {
        /// Its number.
        version: u32,
    },
    /// What was signed is not the papers of the last version.
    ManifestDiffers {
        /// SHA-256 of their manifest; none where the terms alone are signed.
        have: Option<String>,
        /// SHA-256 that was signed.
        got: Option<String>,
    },
    /// Somebody other than the person whom the papers name.
    NotASignatory {
        /// Whom they name.
        need: String,
    },
    /// The terms have errors; the paths of the fields are named.
    TermsHaveErrors {
        /// The fields.
        paths: Vec<String>,
    },
    /// Only the other party may do this.
    WrongParty {
        /// The party that may.
        need: Side,
    },
    /// There is nothing of this name; `what` is the code of its type.
    Unknown {
        /// `delivery`, `statement`, `invoice`, `claim` ….
        what: &'static str,
        /// The name.
        name: String,
    },
    /// There is something of this name already.
    Exists {
        /// Its type.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// It was decided already.
    Decided {
        /// Its type.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// The agreement is of another kind.
    OtherKind {
        /// The kind that this belongs to.
        need: &'static str,
    },
    /// A round out of order.
    RoundOutOfOrder {
        /// The round that comes next.
        expected: u32,
        /// The round that came.
        got: u32,
    },
    /// More rounds than were agreed. Clauses: train-4.3, anno-3.6.
    TooManyRounds {
        /// The most that were agreed.
        max: u32,
        /// Under which clause.
        clause: ClauseId,
    },
    /// A quantity that must not be zero.
    Zero {
        /// The field.
        field: &'static str,
    },
    /// A part greater than its whole.
    PartExceedsWhole {
        /// The field of the part.
        field: &'static str,
        /// The part.
        part: u64,
        /// The whole.
        whole: u64,
    },
    /// A time that has not come yet.
    InFuture {
        /// The time.
        time: Timestamp,
    },
    /// A stretch of time without length.
    EmptyWindow,
    /// The entry would be older than the one before it.
    BeforeLastEntry {
        /// When the last entry was recorded.
        last: Timestamp,
    },
    /// Both parties must commit to their seeds before the delivery is handed over.
    SeedNotCommitted {
        /// The party whose commitment is missing.
        side: Side,
    },
    /// A seed that came after the delivery it samples.
    SeedTooLate,
    /// A seed that is not the one committed to.
    SeedMismatch,
    /// The test set must be sealed before training starts.
    TestSetNotSealed,
    /// The model of a round is another one.
    OtherModel {
        /// The model that the round's run made.
        trained: Sha256,
    },
    /// The model of a round was not seen to reach its standards.
    NotReached {
        /// The round.
        round: u32,
    },
    /// The test set is not what was sealed.
    TestSetChanged {
        /// The content that was sealed.
        sealed: Sha256,
    },
    /// A test set other than the agreed one.
    OtherTestSet {
        /// The agreed one.
        agreed: Id,
    },
    /// The order of steps: this one comes after another; `first` is its code.
    ComesAfter {
        /// The step that must come first.
        first: &'static str,
    },
    /// A purpose that the agreement does not permit. Clauses: pb-02, train-3.3, class-6.2.
    PurposeNotPermitted {
        /// The purpose.
        purpose: Purpose,
        /// Under which clause.
        clause: ClauseId,
    },
    /// A purpose that needs the customer's written consent. Clause: pb-02.
    ConsentMissing {
        /// The purpose.
        purpose: Purpose,
    },
    /// A use of leased resources that the lease does not permit. Clause: lease-4.1.
    UseNotPermitted {
        /// The purpose as declared.
        purpose: String,
    },
    /// An invoice or credit note out of its series.
    OutOfSeries {
        /// The number that comes next.
        expected: u32,
        /// The number that came.
        got: u32,
    },
    /// Amounts that do not agree with each other.
    AmountsDiffer {
        /// The field.
        field: &'static str,
        /// What it must be, in minor units.
        expected_minor: i128,
        /// What it is, in minor units.
        got_minor: i128,
    },
    /// An amount of another currency.
    OtherCurrency,
    /// An amount that must be above zero.
    NotPositive {
        /// The field.
        field: &'static str,
    },
    /// A credit note above what is left of its invoice.
    ExceedsInvoice {
        /// What is left, in minor units.
        left_minor: i128,
    },
    /// The time to decide has run out; what was not objected to counts as approved.
    TimeIsOver {
        /// When it ran out.
        at: Timestamp,
        /// Under which clause.
        clause: ClauseId,
    },
    /// A clock that still runs. Clauses: lease-7.2.1, train-9.1.
    ClockStillRuns {
        /// Until when.
        until: Timestamp,
        /// Under which clause.
        clause: ClauseId,
    },
    /// A ground of ending that the agreement does not have. Clause: lease-7.2.
    GroundNotAgreed {
        /// Under which clause grounds are listed.
        clause: ClauseId,
    },
    /// A notice shorter than agreed.
    NoticeTooShort {
        /// The earliest instant for which it would do.
        earliest: Timestamp,
        /// Under which clause.
        clause: ClauseId,
    },
    /// More than the liability cap allows. Clause: pb-06.
    AboveCap {
        /// What it allows, in minor units.
        allowed_minor: i128,
    },
    /// Indirect loss is not made good. Clause: train-8.2.
    IndirectLossExcluded,
    /// Data must not be deleted while the customer may still take it out. Clause: pb-07.
    ExportNotFinished {
        /// When the window ends.
        until: Timestamp,
    },
    /// The model is not owned by both. Clause: train-6.1.3.
    NotSharedOwnership,
    /// The audits of a year are used up. Clause: pb-08.
    AuditsUsedUp {
        /// How many a year has.
        max: u32,
    },
    /// An amount above what was claimed, accepted or awarded. Clause: train-8.1.
    ExceedsClaim {
        /// The most that it may be, in minor units.
        max_minor: i128,
    },
}

impl Refusal {
    /// The clause that forbids it, where one does.
    #[must_use]
    pub fn clause(&self) -> Option<ClauseId> {
        match self {
            Self::TooManyRounds { clause, .. }
            | Self::PurposeNotPermitted { clause, .. }
            | Self::TimeIsOver { clause, .. }
            | Self::ClockStillRuns { clause, .. }
            | Self::GroundNotAgreed { clause }
            | Self::NoticeTooShort { clause, .. } => Some(clause.clone()),
            Self::ConsentMissing { .. } => Some(clause("pb-02")),
            Self::UseNotPermitted { .. } => Some(clause("lease-4.1")),
            Self::AboveCap { .. } => Some(clause("pb-06")),
            Self::IndirectLossExcluded => Some(clause("train-8.2")),
            Self::ExportNotFinished { .. } => Some(clause("pb-07")),
            Self::NotSharedOwnership => Some(clause("train-6.1.3")),
            Self::AuditsUsedUp { .. } => Some(clause("pb-08")),
            Self::ExceedsClaim { .. } => Some(clause("train-8.1")),
            Self::TestSetNotSealed
            | Self::TestSetChanged { .. }
            | Self::OtherModel { .. }
            | Self::NotReached { .. }
            | Self::OtherTestSet { .. } => Some(clause("train-4.2")),
            Self::SeedNotCommitted { .. } | Self::SeedTooLate | Self::SeedMismatch => {
                Some(clause("anno-4.1.1"))
            }
            _ => None,
        }
    }
}
