//! The events of a journal, read and folded again: signatures on the terms, statements computed
//! again, numbers of invoices, gaps of sources. Runs on a journal whose entries are whole; what
//! the tree already shows as damage is not explained twice.

use std::panic::{AssertUnwindSafe, catch_unwind};

use contract::event::{Event, Recorded};
use contract::terms::Agreement;
use journal::Hash;
use signing::timestamp::TimestampError;
use units::Id;

use super::{VerifyFinding, VerifyReport};
use crate::book::{Book, DeskError};
use crate::record::decode;
use crate::signing::{
    Paper, check_signing, check_stamp, proposed, signing_envelope, stamp_file, terms_bytes,
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
            Event::DocumentSigned { document, signing } => {
                let state = &self.book.state;
                let Ok(found) = proposed(state, document) else { return };
                let paper = Paper::Document(&self.book.agreement, &found.document);
                let wrong = signing.terms_sha256 != found.terms_sha256
                    || check_signing(&paper, signing).is_err();
                if wrong {
                    let side = signing.side;
                    self.findings.push(VerifyFinding::PartySignature { side, entry });
                }
            }
            Event::SignatureStamped { side, document, token } => {
                let name = match document {
                    None => format!("timestamps/{}.tst", side.code()),
                    Some(document) => format!("{document}/timestamps/{}.tst", side.code()),
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
                    Ok(_) if document.is_none() => {
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

    fn terms(&mut self, agreement: &Agreement, recorded: &str) {
        let found = terms_bytes(agreement).map(|bytes| Hash::of(&bytes).to_string());
        let found = found.unwrap_or_default();
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
