//! One envelope, checkpoint, proof or journal by itself.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Result, Seek as _};

use contract::event::Event;
use journal::{Checkpoint, Envelope, Hash, LogVerifier, Note, TlogProof};
use units::Id;

use super::bundle::{check_signatures, not_covered};
use super::finding::VerifyFinding;
use super::fold::{Fold, error_text};
use super::lines::{for_each_record, line_of};
use super::trust::{Keys, Signed};
use super::{EnvelopeView, ProvenEntry, Reader, VerifiedKind, VerifyReport};
use crate::desk::origin;
use crate::record::decode;

/// The largest envelope, note or proof.
const MOST_BYTES: u64 = 64 << 20;

/// Reads a small file; one byte more than allowed shows that it is larger.
fn load(file: File) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Checks an envelope: its signatures. What it is about is not at hand.
pub(super) fn envelope(file: File, reader: &Reader<'_>) -> Result<VerifyReport> {
    let mut report = VerifyReport::new(VerifiedKind::Envelope);
    let bytes = load(file)?;
    let name = "envelope".to_owned();
    match Envelope::from_bytes(&bytes, MOST_BYTES as usize) {
        Err(error) => {
            report.find(VerifyFinding::NotAnEnvelope { name, detail: error_text(&error) });
        }
        Ok(envelope) => {
            let mut keys = Keys::given(reader.known);
            let what = |role: &Id| Signed::Envelope { role: role.to_string() };
            let signatures = envelope.verify(reader.known).unwrap_or_default();
            check_signatures(&name, &envelope, &mut keys, what, &mut report);
            keys.finish(0, &mut report);
            let Envelope { kind, version, subject, statement, .. } = envelope;
            report.envelope = Some(EnvelopeView { kind, version, subject, statement, signatures });
        }
    }
    Ok(report)
}

/// Checks a checkpoint: its signatures, and that it does not contradict those that were kept.
pub(super) fn checkpoint(file: File, reader: &Reader<'_>) -> Result<VerifyReport> {
    let mut report = VerifyReport::new(VerifiedKind::Checkpoint);
    let text = String::from_utf8_lossy(&load(file)?).into_owned();
    let mut keys = Keys::given(reader.known);
    match text.parse::<Note>() {
        Err(error) => report.find(VerifyFinding::BadNote { detail: error_text(&error) }),
        Ok(note) => {
            note_holds(&note, reader, &mut keys, &mut report);
        }
    }
    keys.finish(0, &mut report);
    Ok(report)
}

/// Checks the note of a checkpoint and takes note of who signed it.
fn note_holds(
    note: &Note,
    reader: &Reader<'_>,
    keys: &mut Keys,
    report: &mut VerifyReport,
) -> Option<Checkpoint> {
    let stated = match Checkpoint::of(note) {
        Ok(stated) => stated,
        Err(error) => {
            report.find(VerifyFinding::BadNote { detail: error_text(&error) });
            return None;
        }
    };
    let named = stated.origin.strip_prefix("tallystick/agreement/");
    report.agreement = named.and_then(|id| Id::new(id).ok());
    match note.verify(reader.known) {
        Err(error) => {
            report.find(VerifyFinding::BadNote { detail: error_text(&error) });
            return None;
        }
        Ok(signers) => {
            for signer in signers {
                keys.signed(&signer.key, Signed::Checkpoint { size: stated.size });
            }
            report.covered_by_reader = stated.size;
        }
    }
    for (kept, text) in reader.kept.iter().enumerate() {
        let other = text.parse::<Note>().ok().and_then(|note| Checkpoint::of(&note).ok());
        let Some(other) = other.filter(|other| other.origin == stated.origin) else { continue };
        if other.size == stated.size && other.root != stated.root {
            let (size, root, kept_root) = (stated.size, stated.root, other.root);
            report.find(VerifyFinding::SplitView { size, root, kept, kept_root });
        }
    }
    Some(stated)
}

/// Checks the proof of one entry, whose line stands in it.
pub(super) fn proof(file: File, reader: &Reader<'_>) -> Result<VerifyReport> {
    let mut report = VerifyReport::new(VerifiedKind::Proof);
    let text = String::from_utf8_lossy(&load(file)?).into_owned();
    let mut keys = Keys::given(reader.known);
    match text.parse::<TlogProof>() {
        Err(error) => report.find(VerifyFinding::BadProof { detail: error_text(&error) }),
        Ok(proof) => entry_holds(&proof, reader, &mut keys, &mut report),
    }
    keys.finish(0, &mut report);
    Ok(report)
}

fn entry_holds(proof: &TlogProof, reader: &Reader<'_>, keys: &mut Keys, report: &mut VerifyReport) {
    let Some(line) = &proof.extra else {
        return report.find(VerifyFinding::ProofWithoutEntry);
    };
    let Some(stated) = note_holds(&proof.checkpoint, reader, keys, report) else { return };
    let leaf = Hash::leaf(line);
    if let Err(error) = proof.verify(&leaf, &stated.origin, reader.known) {
        return report.find(VerifyFinding::BadProof { detail: error_text(&error) });
    }
    match journal::EntryRef::scan(line) {
        Ok(entry) if entry.seq == proof.index => {
            report.entry = Some(ProvenEntry {
                seq: entry.seq,
                at: entry.at,
                actor: entry.actor.to_owned(),
                kind: entry.kind.to_owned(),
                leaf,
                log_size: stated.size,
                line: String::from_utf8_lossy(line).into_owned(),
            });
        }
        Ok(entry) => {
            let detail = format!("entry {} stands at {}", entry.seq, proof.index);
            report.find(VerifyFinding::BadProof { detail });
        }
        Err(error) => {
            let (entry, detail) = (proof.index, error_text(&error));
            report.find(VerifyFinding::NotAnEvent { entry, detail });
        }
    }
}

/// Checks a journal alone against the reader's keys and checkpoints.
pub(super) fn journal(mut file: File, reader: &Reader<'_>) -> Result<VerifyReport> {
    let mut report = VerifyReport::new(VerifiedKind::Journal);
    report.agreement = agreement_of(&file, reader)?;
    file.rewind()?;
    let origin = report.agreement.as_ref().map(origin).unwrap_or_default();
    let texts: Vec<&str> = reader.kept.iter().map(String::as_str).collect();
    report.checkpoints = (0..texts.len()).map(|number| format!("kept/{number}")).collect();
    let mut keys = Keys::given(reader.known);
    let mut verifier = LogVerifier::new(&origin, reader.known, &texts);
    for_each_record(BufReader::with_capacity(1 << 16, &file), |record| verifier.record(record))?;
    report.take_log(verifier.finish());
    let whole = !report.findings.iter().any(|found| matches!(found, VerifyFinding::Log { .. }));
    if reader.kept.is_empty() {
        report.find(VerifyFinding::NoCheckpoint);
    } else {
        not_covered(&mut report);
    }
    if let Some(agreement) = report.agreement.clone().filter(|_| whole) {
        file.rewind()?;
        let mut fold = Fold::new(&agreement);
        for_each_record(BufReader::with_capacity(1 << 16, &file), |record| {
            fold.line(line_of(record));
        })?;
        for (_, _, bytes) in &fold.signings {
            if let Ok(envelope) = Envelope::from_bytes(bytes, bytes.len()) {
                for signature in &envelope.signatures {
                    let Ok(key) = signature.key.parse() else { continue };
                    let role = signature.role.to_string();
                    keys.add(&key, Some(&role), false);
                    keys.signed(&key, Signed::Terms { role: role.clone() });
                }
            }
        }
        fold.finish(&mut report);
    }
    keys.finish(0, &mut report);
    Ok(report)
}

/// The agreement of a journal: its first entry says it, or a checkpoint that the reader kept.
fn agreement_of(file: &File, reader: &Reader<'_>) -> Result<Option<Id>> {
    let mut record = Vec::new();
    BufReader::new(file).take(MOST_BYTES).read_until(b'\n', &mut record)?;
    let line = record.strip_suffix(b"\n").unwrap_or(&record);
    let drafted = decode(0, line_of(line)).ok().and_then(|recorded| match recorded.event {
        Event::AgreementDrafted { agreement, .. } => Some(agreement.id.clone()),
        _ => None,
    });
    let kept = reader.kept.iter().find_map(|text| {
        let stated = Checkpoint::of(&text.parse().ok()?).ok()?;
        Id::new(stated.origin.strip_prefix("tallystick/agreement/")?).ok()
    });
    Ok(drafted.or(kept))
}
