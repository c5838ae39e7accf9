//! What a printed document is made from: plain data of the agreement, of the computed document, and
//! of the journal that it rests on. No words and no layout; the same sheet gives both languages.

use contract::terms::{Agreement, Bilingual, Party};
use settlement::{CreditNote, Invoice, Line, Statement};
use units::{Currency, Date, EvidenceId, Id, Percent, Zone};

/// What every document says of its agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The agreement.
    pub agreement: Id,
    /// Its title.
    pub title: Bilingual,
    /// The kind of service: `annotation`, `training`, `lease`, `classification`.
    pub kind: String,
    /// The zone in which instants are shown.
    pub zone: Zone,
    /// The currency of every amount.
    pub currency: Currency,
    /// The rate of value-added tax.
    pub tax_rate: Percent,
    /// Who is paid.
    pub vendor: Party,
    /// Who pays.
    pub customer: Party,
    /// Whether the deployment is a rehearsal: its documents bind nobody and carry a mark.
    pub rehearsal: bool,
}

/// What a document rests on: the journal up to a size, and the entries that prove its figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proofs {
    /// The origin line of the journal's checkpoints.
    pub origin: String,
    /// How many entries the document was computed from.
    pub size: u64,
    /// Root hash of the tree over them.
    pub root: [u8; 32],
    /// The entry that recorded the document; absent while it is a draft.
    pub recorded: Option<EvidenceId>,
    /// SHA-256 of the document's canonical JSON, in hexadecimal.
    pub sha256: String,
    /// Entries that prove figures, in the order of the journal, with their leaf hashes.
    pub entries: Vec<(EvidenceId, [u8; 32])>,
}

/// An invoice to be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceSheet {
    /// The agreement.
    pub head: Head,
    /// The invoice.
    pub invoice: Invoice,
    /// What was billed: the statement, or its undisputed part.
    pub billed: Statement,
    /// What it rests on.
    pub proofs: Proofs,
}

/// A credit note to be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditNoteSheet {
    /// The agreement.
    pub head: Head,
    /// The credit note.
    pub note: CreditNote,
    /// The invoice that it corrects.
    pub invoice: Invoice,
    /// Credit notes that were issued before it, for the same invoice.
    pub earlier: Vec<CreditNote>,
    /// What it rests on.
    pub proofs: Proofs,
}

/// A statement to be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementSheet {
    /// The agreement.
    pub head: Head,
    /// The statement.
    pub statement: Statement,
    /// The day on which it was computed.
    pub prepared: Date,
    /// What it rests on.
    pub proofs: Proofs,
}

impl Head {
    /// What documents say of an agreement, as its terms stand for the settled period.
    #[must_use]
    pub fn of(agreement: &Agreement, rehearsal: bool) -> Self {
        Self {
            agreement: agreement.id.clone(),
            title: agreement.title.clone(),
            kind: agreement.service.kind().to_owned(),
            zone: agreement.zone.clone(),
            currency: agreement.currency,
            tax_rate: agreement.payment.tax.rate,
            vendor: agreement.vendor.clone(),
            customer: agreement.customer.clone(),
            rehearsal,
        }
    }
}

/// The evidence that proves the figures of a statement, each once, in the order of the journal.
#[must_use]
pub fn evidence(statement: &Statement) -> Vec<EvidenceId> {
    let credit = statement.credit.iter().map(|credit| &credit.line);
    let lines = all_lines(statement).chain(credit);
    let mut ids: Vec<EvidenceId> = lines.flat_map(|line| line.evidence.iter().cloned()).collect();
    ids.sort_by_cached_key(|id| (number(id), id.clone()));
    ids.dedup();
    ids
}

fn all_lines(statement: &Statement) -> impl Iterator<Item = &Line> {
    let groups = [
        &statement.lines,
        &statement.tax_lines,
        &statement.adjustments,
        &statement.refunds,
        &statement.forfeits,
    ];
    groups.into_iter().flatten()
}

/// The place of an entry in the journal; others come last.
fn number(id: &EvidenceId) -> u64 {
    let digits = id.as_str().strip_prefix('e').and_then(|rest| rest.split('-').next());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(u64::MAX)
}
