//! The events of a journal, read and folded again: signatures on the terms, statements computed
//! again, numbers of invoices, gaps of sources. Runs on a journal whose entries are whole; what
//! the tree already shows as damage is not explained twice.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use contract::event::{Event, Papers, Recorded, Signing};
use contract::terms::{Agreement, Document};
use journal::Hash;
use signing::timestamp::TimestampError;
use units::Id;

use super::{VerifyFinding, VerifyReport};
use crate::book::{Book, DeskError};
use crate::papers::{TERMS, folder_of};
use crate::record::decode;
use crate::signing::{
    Paper, check_signing, check_stamp, document_bytes, proposed, signing_envelope, stamp_file,
    terms_bytes,
};

/// The fold of a journal, with what it found.
pub(super) struct Fold {
    book: Book,
    next: u64,
    stopped: bool,
    invoices: u32,
    credit_notes: u32,
    /// Objects that the journal names and a bundle must have, with their entries.
    pub(super) objects: Vec<(u64, String)>,
    /// The manifests of the papers and the later documents that the journal names, by file name.
    pub(super) papers: BTreeMap<String, Hash>,
    /// The signature envelopes and timestamps that the journal stands for, by file name.
    pub(super) signings: Vec<(u64, String, Vec<u8>)>,
    findings: Vec<VerifyFinding>,
}

impl Fold {
    pub(super) fn new(agreement: &Id) -> Self {
        Self {
            book: Book::empty(agreement),
            next: 0,
            stopped: false,
            invoices: 0,
            credit_notes: 0,
            objects: Vec::new(),
            papers: BTreeMap::new(),
            signings: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// The terms that the journal laid down.
    pub(super) fn drafted(&self) -> Option<&Agreement> {
        self.book.state.drafted.as_ref()
    }

    /// Takes the next line.
    pub(super) fn line(&mut self, line: &[u8]) {
        let entry = self.next;
        self.next += 1;
        if self.stopped {
            return;
        }
        // The fold is written for journals that were checked when they were written. One that was
        // made up may hold sums that no journal reaches; arithmetic then stops, and says where.
        let taken = catch_unwind(AssertUnwindSafe(|| self.take(entry, line)));
        if taken.is_err() {
            self.stop(entry, "an amount or a time is out of range".to_owned());
        }
    }

    fn stop(&mut self, entry: u64, detail: String) {
        self.stopped = true;
        self.findings.push(VerifyFinding::FoldFailed { entry, detail });
    }

    fn take(&mut self, entry: u64, line: &[u8]) {
        let recorded = match decode(entry, line) {
            Ok(recorded) => recorded,
            Err(error) => {
                self.stopped = true;
                let detail = error_text(&error);
                self.findings.push(VerifyFinding::NotAnEvent { entry, detail });
                return;
            }
        };
        self.check(&recorded);
        self.book.take(&recorded, Hash::leaf(line));
    }

    fn check(&mut self, recorded: &Recorded) {
        let entry = recorded.seq;
        match &recorded.event {
            Event::AgreementDrafted { agreement, terms_sha256 } => {
                if agreement.id != self.book.agreement {
                    let stated = Some(self.book.agreement.clone());
                    let found = Some(agreement.id.clone());
                    self.findings.push(VerifyFinding::OtherAgreement { stated, found });
                }
                self.terms(agreement, terms_sha256);
            }
            Event::VersionOffered(version) => {
                if let Some(terms) = &version.terms {
                    self.terms(terms, &version.terms_sha256);
                }
                // What was signed before is off the table.
                self.signings.clear();
                self.papers.clear();
                self.manifest("", version.papers.as_ref());
            }
            Event::PartySigned(signing) => {
                let side = signing.side;
                let Ok(paper) = Paper::standing(&self.book.state) else {
                    self.findings.push(VerifyFinding::PartySignature { side, entry });
                    return;
                };
                let wrong = signing.terms_sha256 != self.book.state.terms_sha256
                    || signing.manifest_sha256 != paper.manifest_sha256()
                    || check_signing(&paper, signing).is_err();
                let envelope = signing_envelope(&paper, signing).ok();
                if wrong {
                    self.findings.push(VerifyFinding::PartySignature { side, entry });
                }
                if let Some(bytes) = envelope.and_then(|envelope| envelope.to_bytes().ok()) {
                    let name = format!("signatures/{}.json", signing.side.code());
                    self.signings.push((entry, name, bytes));
                }
            }
            Event::DocumentProposed { document, terms_sha256, papers } => {
                self.document(document, terms_sha256, papers.as_ref());
            }
            Event::DocumentSigned { document, signing } => {
                self.document_signed(entry, document, signing);
            }
            Event::SignatureStamped { side, document, token } => {
                let folder = document.as_ref().map(folder_of).unwrap_or_default();
                let name = format!("{folder}timestamps/{}.tst", side.code());
                let kept = match document {
                    None => true,
                    Some(document) => self.has_papers(document),
                };
                match check_stamp(&self.book.state, (*side, document.as_ref()), token) {
                    Err(error) => {
                        let name = format!("e{entry} ({name})");
                        let error = match error {
                            DeskError::Timestamp(error) => error,
                            _ => TimestampError::Imprint,
                        };
                        self.findings.push(VerifyFinding::Timestamp { name, error });
                    }
                    Ok(_) if kept => {
                        let bytes = stamp_file(token).unwrap_or_default();
                        self.signings.push((entry, name, bytes));
                    }
                    Ok(_) => {}
                }
            }
            Event::StatementSubmitted(summary) => {
                self.objects.push((entry, summary.sha256.clone()));
            }
            Event::InvoiceIssued(invoice) => {
                let expected = self.invoices.saturating_add(1);
                self.number("invoice", entry, expected, invoice.number);
                self.invoices = invoice.number;
            }
            Event::CreditNoteIssued(note) => {
                let expected = self.credit_notes.saturating_add(1);
                self.number("credit_note", entry, expected, note.number);
                self.credit_notes = note.number;
            }
            Event::SourceConflict { have, .. } => {
                let (source, id) = (have.source.clone(), have.id.clone());
                self.findings.push(VerifyFinding::SourceConflict { source, id, entry });
            }
            _ => {}
        }
    }

    fn manifest(&mut self, folder: &str, papers: Option<&Papers>) {
        if let Some(Ok(sha256)) = papers.map(|papers| papers.sha256.parse()) {
            self.papers.insert(format!("{folder}{}", signing::MANIFEST_NAME), sha256);
        }
    }

    /// A document that was proposed: its hash, and what its folder must hold.
    fn document(&mut self, document: &Document, recorded: &str, papers: Option<&Papers>) {
        let found = document_bytes(document).map(|bytes| Hash::of(&bytes)).ok();
        self.recorded(recorded, found);
        let folder = folder_of(&document.id);
        self.manifest(&folder, papers);
        if let Some(found) = found.filter(|_| papers.is_some()) {
            self.papers.insert(format!("{folder}{TERMS}"), found);
        }
    }

    fn has_papers(&self, document: &Id) -> bool {
        self.book.state.documents.get(document).is_some_and(|one| one.papers.is_some())
    }

    fn document_signed(&mut self, entry: u64, document: &Id, signing: &Signing) {
        let Ok(found) = proposed(&self.book.state, document) else { return };
        let paper = Paper::proposed(&self.book.agreement, found);
        let wrong = signing.terms_sha256 != found.terms_sha256
            || signing.manifest_sha256 != paper.manifest_sha256()
            || check_signing(&paper, signing).is_err();
        let envelope = signing_envelope(&paper, signing).ok();
        let side = signing.side;
        if wrong {
            self.findings.push(VerifyFinding::PartySignature { side, entry });
        }
        let bytes = envelope.and_then(|envelope| envelope.to_bytes().ok());
        if let Some(bytes) = bytes.filter(|_| self.has_papers(document)) {
            let name = format!("{}signatures/{}.json", folder_of(document), side.code());
            self.signings.push((entry, name, bytes));
        }
    }

    fn terms(&mut self, agreement: &Agreement, recorded: &str) {
        self.recorded(recorded, terms_bytes(agreement).map(|bytes| Hash::of(&bytes)).ok());
    }

    fn recorded(&mut self, recorded: &str, found: Option<Hash>) {
        let found = found.map(|found| found.to_string()).unwrap_or_default();
        if found != recorded {
            let recorded = recorded.to_owned();
            self.findings.push(VerifyFinding::TermsDiffer { recorded, found });
        }
    }

    fn number(&mut self, series: &str, entry: u64, expected: u32, found: u32) {
        if expected != found {
            let series = series.to_owned();
            self.findings.push(VerifyFinding::OutOfSeries { series, entry, expected, found });
        }
    }

    /// Ends the fold and reports.
    pub(super) fn finish(self, report: &mut VerifyReport) {
        let undrafted = self.next > 0 && self.book.state.drafted.is_none() && !self.stopped;
        report.findings.extend(self.findings);
        report.folded = !self.stopped;
        if undrafted {
            let stated = Some(self.book.agreement.clone());
            report.find(VerifyFinding::OtherAgreement { stated, found: None });
        }
        for (source, state) in &self.book.state.facts.sources {
            for (from_seq, to_seq) in state.gaps() {
                let source = source.clone();
                report.find(VerifyFinding::SourceGap { source, from_seq, to_seq });
            }
        }
        for recomputed in self.book.recomputed.iter().filter(|row| !row.equal) {
            let (statement, entry) = (recomputed.statement.clone(), recomputed.entry.clone());
            report.find(VerifyFinding::StatementDiffers { statement, entry });
        }
        report.statements = self.book.recomputed;
    }
}

/// An error with what lies below it.
pub(super) fn error_text(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(error) = below {
        text = format!("{text}: {error}");
        below = error.source();
    }
    text
}
