//! What printed documents are made from: statements, invoices and credit notes with the part of
//! the journal that they rest on. Serves lease-3.2, class-5.2, train-5.2. Knows no words and no
//! layout: those are `document`'s.

use contract::event::{Event, evidence_id};
use document::pdf::{CreditNoteSheet, Head, InvoiceSheet, Proofs, StatementSheet, evidence};
use journal::{Frontier, Hash};
use settlement::Statement;
use units::{EvidenceId, Id};

use crate::book::{Book, DeskError};
use crate::desk::{Desk, origin, unwritable};
use crate::money::{Settled, sha256, statement_bytes};
use crate::record::decode;

/// How many records are read at once.
const PAGE: u32 = 10_000;

/// The most entries whose hashes are looked up for one document.
const MOST_ENTRIES: u64 = 10_000;

/// Where a document stands in the journal.
struct Place {
    /// Entries before it.
    size: u64,
    /// The entry that recorded it.
    recorded: Option<EvidenceId>,
    /// SHA-256 of its canonical JSON.
    sha256: String,
}

impl Desk {
    /// A recorded statement, or a draft as of the end of the journal, ready to print. A draft that
    /// equals the recorded statement is that one.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn statement_sheet(
        &self,
        book: &Book,
        settled: &Settled,
    ) -> Result<StatementSheet, DeskError> {
        let statement = &settled.statement;
        let sha256 = hex::encode(Hash::of(&statement_bytes(statement)?).bytes());
        let known = book.state.money.statements.get(&statement.name);
        let known = known.filter(|known| known.summary.sha256 == sha256);
        let (at, place) = match known {
            Some(known) => {
                let (at, seq) = known.submitted;
                (at, Place { size: seq, recorded: Some(evidence_id(seq)), sha256 })
            }
            None => {
                let size = book.frontier.size();
                (book.instant(self.clock.now()), Place { size, recorded: None, sha256 })
            }
        };
        let agreement = settled.agreement();
        Ok(StatementSheet {
            head: Head::of(agreement, self.settings.rehearsal),
            prepared: at.date(&agreement.zone),
            proofs: self.proofs(&book.agreement, place, statement).await?,
            statement: statement.clone(),
        })
    }

    /// An issued invoice, ready to print. Clauses: lease-3.2, class-5.2.
    ///
    /// # Errors
    /// When there is none, or the journal cannot be read.
    pub async fn invoice_sheet(&self, book: &Book, number: u32) -> Result<InvoiceSheet, DeskError> {
        let unknown = || contract::Refusal::Unknown { what: "invoice", name: number.to_string() };
        let mut invoices = book.state.money.invoices.iter();
        let found = invoices.find(|invoice| invoice.summary.number == number);
        let found = found.ok_or_else(unknown)?;
        let settled = book.settled.get(&found.summary.statement).ok_or_else(unknown)?;
        let billed = book.billed(&found.summary.statement)?;
        let sha256 = found.summary.sha256.clone();
        let place = Place { size: found.seq, recorded: Some(evidence_id(found.seq)), sha256 };
        Ok(InvoiceSheet {
            head: Head::of(settled.agreement(), self.settings.rehearsal),
            invoice: book.invoice(number)?,
            proofs: self.proofs(&book.agreement, place, &billed).await?,
            billed,
        })
    }

    /// An issued credit note, ready to print.
    ///
    /// # Errors
    /// When there is none, or the journal cannot be read.
    pub async fn credit_note_sheet(
        &self,
        book: &Book,
        number: u32,
    ) -> Result<CreditNoteSheet, DeskError> {
        let unknown =
            || contract::Refusal::Unknown { what: "credit_note", name: number.to_string() };
        let mut notes = book.state.money.credit_notes.iter();
        let found = notes.find(|note| note.number == number).ok_or_else(unknown)?;
        let InvoiceSheet { head, invoice, billed, .. } =
            self.invoice_sheet(book, found.invoice).await?;
        let mut earlier = book.credit_notes(found.invoice)?;
        let at = earlier.iter().position(|note| note.number.sequence == number);
        let at = at.ok_or_else(unknown)?;
        let note = earlier.remove(at);
        earlier.truncate(at);
        let (_, sha256) = sha256(&note, "credit note")?;
        let seq = self.credit_note_entry(&book.agreement, number).await?.ok_or_else(unknown)?;
        let place = Place { size: seq, recorded: Some(evidence_id(seq)), sha256 };
        let proofs = self.proofs(&book.agreement, place, &billed).await?;
        Ok(CreditNoteSheet { head, note, invoice, earlier, proofs })
    }

    /// The entry that issued a credit note.
    async fn credit_note_entry(
        &self,
        agreement: &Id,
        number: u32,
    ) -> Result<Option<u64>, DeskError> {
        let mut from = 0;
        loop {
            let page = self.store.read(&self.scope(), agreement, from, PAGE).await?;
            let Some(last) = page.last() else { return Ok(None) };
            from = last.seq + 1;
            for record in &page {
                let event = decode(record.seq, &record.line)?.event;
                if matches!(event, Event::CreditNoteIssued(note) if note.number == number) {
                    return Ok(Some(record.seq));
                }
            }
        }
    }

    /// The root over the entries before a document, and the hashes of those that prove its figures.
    async fn proofs(
        &self,
        agreement: &Id,
        place: Place,
        statement: &Statement,
    ) -> Result<Proofs, DeskError> {
        let leaves = self.store.leaves(&self.scope(), agreement, 0, place.size).await?;
        let mut frontier = Frontier::new();
        for leaf in &leaves {
            frontier.append(Hash::new(*leaf));
        }
        if frontier.size() != place.size {
            return Err(unwritable("proofs"));
        }
        let mut entries = Vec::new();
        for seq in sequences(&evidence(statement)) {
            let leaf = usize::try_from(seq).ok().and_then(|at| leaves.get(at));
            entries.extend(leaf.map(|leaf| (evidence_id(seq), *leaf)));
        }
        Ok(Proofs {
            origin: origin(agreement),
            size: place.size,
            root: *frontier.root().bytes(),
            recorded: place.recorded,
            sha256: place.sha256,
            entries,
        })
    }
}

/// The entries that evidence names, `e12` or `e12-e90`, in the order of the journal.
fn sequences(evidence: &[EvidenceId]) -> std::collections::BTreeSet<u64> {
    let number = |text: &str| text.strip_prefix('e').and_then(|digits| digits.parse::<u64>().ok());
    let ranges = evidence.iter().filter_map(|id| {
        let (first, last) = id.as_str().split_once('-').unwrap_or((id.as_str(), id.as_str()));
        let first = number(first)?;
        Some(first..=number(last)?.min(first + MOST_ENTRIES))
    });
    ranges.flatten().collect()
}
