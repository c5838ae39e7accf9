//! A whole bundle: the files against the signed list, the journal against its checkpoints, the
//! terms against the parties' signatures, and every statement against its terms and evidence.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};

use journal::{Envelope, EnvelopeKind, Hash, LogVerifier, Subject, Verdict, VerifierKey};
use serde::Deserialize;
use units::Id;

use super::archive::{Archive, Summed};
use super::finding::VerifyFinding;
use super::fold::{Fold, error_text};
use super::lines::{for_each_record, line_of};
use super::trust::{Keys, Signed};
use super::{Reader, VerifiedKind, VerifyReport, papers};
use crate::bundle::{JOURNAL, KEYS, MANIFEST, TERMS, VERSION};
use crate::desk::origin;
use crate::papers::in_folder;

/// The largest list of files.
const MOST_MANIFEST: usize = 64 << 20;

/// What the deployment states of a bundle.
#[derive(Deserialize)]
struct Statement {
    agreement: Id,
    entries: String,
    root: Hash,
}

/// Checks a bundle.
pub(super) fn check(file: File, reader: &Reader<'_>) -> VerifyReport {
    let mut report = VerifyReport::new(VerifiedKind::Bundle);
    let mut keys = Keys::given(reader.known);
    let Some(mut archive) = Archive::open(file, &mut report) else { return report };
    if papers::is_alone(&archive) {
        return papers::alone(&mut archive, reader, report);
    }
    let text = archive.bytes(KEYS, &mut report);
    keys.read(KEYS, &String::from_utf8_lossy(&text.unwrap_or_default()), &mut report);
    let envelope = manifest(&mut archive, &mut keys, &mut report);
    let statement = envelope.as_ref().and_then(|envelope| {
        let statement = Statement::deserialize(&envelope.statement).ok();
        if statement.is_none() {
            report.find(VerifyFinding::BadStatement { name: MANIFEST.to_owned() });
        }
        statement
    });
    let held = files(&mut archive, envelope.as_ref(), &mut report);
    signatures(&held, &mut keys, &mut report);
    papers::check(&held, &keys, reader.authorities, &mut report);
    let agreement = statement.as_ref().map(|statement| statement.agreement.clone());
    let agreement = agreement.or_else(|| agreement_of_terms(&held));
    report.agreement.clone_from(&agreement);
    let kept_from = log(&mut archive, reader, &held, &keys, envelope.as_ref(), &mut report);
    if let (Some(statement), Some(log)) = (&statement, &report.log) {
        compare(statement, log.entries, log.root).into_iter().for_each(|found| report.find(found));
    }
    let whole = report.log.is_some()
        && !report.findings.iter().any(|found| matches!(found, VerifyFinding::Log { .. }));
    if let Some(agreement) = agreement.filter(|_| whole) {
        fold(&mut archive, &agreement, &held, &mut report);
    }
    keys.finish(kept_from, &mut report);
    report
}

/// The signed list of files.
fn manifest(archive: &mut Archive, keys: &mut Keys, report: &mut VerifyReport) -> Option<Envelope> {
    let bytes = archive.bytes(MANIFEST, report)?;
    let name = MANIFEST.to_owned();
    let envelope = match Envelope::from_bytes(&bytes, MOST_MANIFEST) {
        Ok(envelope) => envelope,
        Err(error) => {
            report.find(VerifyFinding::NotAnEnvelope { name, detail: error_text(&error) });
            return None;
        }
    };
    if envelope.kind != EnvelopeKind::Bundle || envelope.version != VERSION {
        let (kind, version) = (envelope.kind.to_string(), envelope.version);
        report.find(VerifyFinding::OtherEnvelope { name, kind, version });
        return None;
    }
    check_signatures(MANIFEST, &envelope, keys, |_| Signed::Bundle, report);
    Some(envelope)
}

/// Checks every signature of an envelope, and that there is one.
pub(super) fn check_signatures(
    name: &str,
    envelope: &Envelope,
    keys: &mut Keys,
    what: impl Fn(&Id) -> Signed,
    report: &mut VerifyReport,
) {
    let checks = envelope.verify(&keys.all()).unwrap_or_default();
    if checks.is_empty() {
        report.find(VerifyFinding::NotSigned { name: name.to_owned() });
    }
    for check in checks {
        let name = name.to_owned();
        match (check.verdict, check.key.parse::<VerifierKey>()) {
            (Verdict::Valid, Ok(key)) => keys.signed(&key, what(&check.role)),
            (Verdict::UnknownKey, Ok(key)) => {
                keys.add(&key, None, false);
                keys.signed(&key, what(&check.role));
                report.find(VerifyFinding::UnknownSigner { name, key: check.key });
            }
            (verdict, _) => {
                let (key, role) = (check.key, check.role);
                report.find(VerifyFinding::Signature { name, key, role, verdict });
            }
        }
    }
}

/// Compares every file but the journal with the list; answers those that are looked into.
fn files(
    archive: &mut Archive,
    envelope: Option<&Envelope>,
    report: &mut VerifyReport,
) -> BTreeMap<String, Vec<u8>> {
    let listed: BTreeMap<&str, &Subject> = envelope
        .iter()
        .flat_map(|envelope| &envelope.subject)
        .map(|subject| (subject.name.as_str(), subject))
        .collect();
    let mut held = BTreeMap::new();
    for name in archive.names() {
        if name == MANIFEST || name == JOURNAL {
            continue;
        }
        let found = if name.starts_with("objects/") {
            let found = archive.hash(&name, report);
            let stated: Option<Hash> = name.strip_prefix("objects/").and_then(|n| n.parse().ok());
            if let (Some((found, _)), Some(stated)) = (found, stated)
                && found != stated
            {
                report.find(VerifyFinding::FileDiffers { name: name.clone(), stated, found });
                continue;
            }
            found
        } else {
            archive.bytes(&name, report).map(|bytes| {
                let found = (Hash::of(&bytes), bytes.len() as u64);
                held.insert(name.clone(), bytes);
                found
            })
        };
        let Some(found) = found.filter(|_| envelope.is_some()) else { continue };
        compare_file(&name, listed.get(name.as_str()).copied(), found, report);
    }
    for name in listed.keys().filter(|name| !archive.has(name)) {
        report.find(VerifyFinding::MissingFile { name: (*name).to_owned() });
    }
    held
}

fn compare_file(
    name: &str,
    listed: Option<&Subject>,
    (found, size): (Hash, u64),
    report: &mut VerifyReport,
) {
    let name = name.to_owned();
    match listed {
        None => report.find(VerifyFinding::UnlistedFile { name }),
        Some(subject) if subject.sha256 != found || subject.size != size => {
            report.find(VerifyFinding::FileDiffers { name, stated: subject.sha256, found });
        }
        Some(_) => {}
    }
}

/// The envelopes that the parties signed over the terms or the papers.
pub(super) fn signatures(
    held: &BTreeMap<String, Vec<u8>>,
    keys: &mut Keys,
    report: &mut VerifyReport,
) {
    let is_signature =
        |name: &str| in_folder(name).map_or(name, |(_, rest)| rest).starts_with("signatures/");
    for (name, bytes) in held.iter().filter(|(name, _)| is_signature(name)) {
        match Envelope::from_bytes(bytes, MOST_MANIFEST) {
            Ok(envelope) => {
                let mut subjects = envelope.subject.iter();
                let papers = subjects.any(|subject| subject.name == signing::MANIFEST_NAME);
                let what = |role: &Id| {
                    let role = role.to_string();
                    if papers { Signed::Papers { role } } else { Signed::Terms { role } }
                };
                check_signatures(name, &envelope, keys, what, report);
                let terms = held.get(TERMS).map_or(&[][..], Vec::as_slice);
                let subject = envelope.subject.iter().find(|subject| subject.name == TERMS);
                if let Some(stated) = subject.filter(|subject| !subject.matches(terms)) {
                    let (stated, found) = (stated.sha256, Hash::of(terms));
                    report.find(VerifyFinding::FileDiffers {
                        name: TERMS.to_owned(),
                        stated,
                        found,
                    });
                }
            }
            Err(error) => {
                let (name, detail) = (name.clone(), error_text(&error));
                report.find(VerifyFinding::NotAnEnvelope { name, detail });
            }
        }
    }
}

fn agreement_of_terms(held: &BTreeMap<String, Vec<u8>>) -> Option<Id> {
    #[derive(Deserialize)]
    struct Named {
        id: Id,
    }
    serde_json::from_slice::<Named>(held.get(TERMS)?).ok().map(|named| named.id)
}

/// Streams the journal through the verifier; answers the number of the reader's first checkpoint.
fn log(
    archive: &mut Archive,
    reader: &Reader<'_>,
    held: &BTreeMap<String, Vec<u8>>,
    keys: &Keys,
    envelope: Option<&Envelope>,
    report: &mut VerifyReport,
) -> usize {
    let notes: BTreeMap<u64, (&String, String)> = held
        .iter()
        .filter_map(|(name, bytes)| {
            let size = name.strip_prefix("checkpoints/")?.strip_suffix(".note")?.parse().ok()?;
            Some((size, (name, String::from_utf8_lossy(bytes).into_owned())))
        })
        .collect();
    let mut texts: Vec<&str> = notes.values().map(|(_, text)| text.as_str()).collect();
    let kept_from = texts.len();
    report.checkpoints = notes.values().map(|(name, _)| (*name).clone()).collect();
    for (number, kept) in reader.kept.iter().enumerate() {
        texts.push(kept);
        report.checkpoints.push(format!("kept/{number}"));
    }
    let Some(agreement) = &report.agreement else { return kept_from };
    let mut verifier = LogVerifier::new(&origin(agreement), &keys.all(), &texts);
    let mut summed = Summed::default();
    let read = archive.stream(JOURNAL, report, |from| {
        let summing = Summing { from, summed: &mut summed };
        for_each_record(BufReader::with_capacity(1 << 16, summing), |record| {
            verifier.record(record);
        })
    });
    if let Some(envelope) = envelope.filter(|_| read) {
        let listed = envelope.subject.iter().find(|subject| subject.name == JOURNAL);
        compare_file(JOURNAL, listed, summed.finish(), report);
    }
    report.take_log(verifier.finish());
    not_covered(report);
    kept_from
}

/// Reports entries that no checkpoint covers.
pub(super) fn not_covered(report: &mut VerifyReport) {
    if let Some(log) = &report.log
        && log.covered < log.entries
    {
        let (from_entry, to_entry) = (log.covered, log.entries - 1);
        // Damage already explains why checkpoints do not hold.
        if !report.findings.iter().any(|found| matches!(found, VerifyFinding::Log { .. })) {
            report.find(VerifyFinding::NotCovered { from_entry, to_entry });
        }
    }
}

fn compare(statement: &Statement, entries: u64, root: Hash) -> Option<VerifyFinding> {
    let stated_entries = statement.entries.parse().unwrap_or(u64::MAX);
    let stated_root = statement.root;
    (stated_entries != entries || stated_root != root).then_some(VerifyFinding::JournalDiffers {
        stated_entries,
        entries,
        stated_root,
        root,
    })
}

/// Reads and folds every event again.
fn fold(
    archive: &mut Archive,
    agreement: &Id,
    held: &BTreeMap<String, Vec<u8>>,
    report: &mut VerifyReport,
) {
    let mut fold = Fold::new(agreement);
    archive.stream(JOURNAL, report, |from| {
        for_each_record(BufReader::with_capacity(1 << 16, from), |record| {
            fold.line(line_of(record));
        })
    });
    if let Some(drafted) = fold.drafted() {
        let recorded = crate::terms_bytes(drafted).map(|bytes| Hash::of(&bytes));
        let terms = held.get(TERMS).map(|bytes| Hash::of(bytes));
        if let (Ok(recorded), Some(found)) = (recorded, terms)
            && recorded != found
        {
            let (recorded, found) = (recorded.to_string(), found.to_string());
            report.find(VerifyFinding::TermsDiffer { recorded, found });
        }
    }
    for (entry, name, bytes) in &fold.signings {
        if held.get(name) != Some(bytes) {
            let (name, entry) = (name.clone(), *entry);
            report.find(VerifyFinding::SigningDiffers { name, entry });
        }
    }
    for (name, stated) in &fold.papers {
        match held.get(name).map(|bytes| Hash::of(bytes)) {
            None => report.find(VerifyFinding::MissingFile { name: name.clone() }),
            Some(found) if found != *stated => {
                let (name, stated) = (name.clone(), *stated);
                report.find(VerifyFinding::FileDiffers { name, stated, found });
            }
            Some(_) => {}
        }
    }
    for (entry, sha256) in &fold.objects {
        if !archive.has(&format!("objects/{sha256}")) {
            let (entry, sha256) = (*entry, sha256.clone());
            report.find(VerifyFinding::ObjectMissing { entry, sha256 });
        }
    }
    fold.finish(report);
}

/// Hashes what passes through.
struct Summing<'a> {
    from: &'a mut dyn Read,
    summed: &'a mut Summed,
}

impl Read for Summing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.from.read(buffer)?;
        self.summed.update(&buffer[..read]);
        Ok(read)
    }
}
