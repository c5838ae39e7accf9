//! The papers of an agreement and of its later documents: the manifest, its parts, what the
//! signatories signed, timestamps and the seal; within a bundle, as a signed file by itself, or a
//! sealed page alone.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Result};

use signing::{
    Anchors, Manifest, ManifestState, PartState, SignatureState, SignedFile, TimestampCheck,
    check_tokens, seal,
};
use units::Id;

use super::archive::Archive;
use super::bundle::signatures;
use super::finding::VerifyFinding;
use super::fold::error_text;
use super::trust::Keys;
use super::{Reader, VerifiedKind, VerifyReport};
use crate::bundle::{JOURNAL, KEYS, MANIFEST, TERMS};
use crate::papers::{SEALED, folder_of, in_folder};

/// The largest sealed page that is read.
const MOST_PAGE: u64 = 64 << 20;
const DEPLOYMENT: &str = "deployment";

/// Whether an archive is a signed file by itself and no bundle.
pub(super) fn is_alone(archive: &Archive) -> bool {
    archive.has(signing::MANIFEST_NAME) && !archive.has(MANIFEST) && !archive.has(JOURNAL)
}

/// Checks a signed file by itself.
pub(super) fn alone(
    archive: &mut Archive,
    reader: &Reader<'_>,
    mut report: VerifyReport,
) -> VerifyReport {
    report.kind = VerifiedKind::SignedFile;
    let mut keys = Keys::given(reader.known);
    let text = archive.bytes(KEYS, &mut report);
    keys.read(KEYS, &String::from_utf8_lossy(&text.unwrap_or_default()), &mut report);
    let mut held = BTreeMap::new();
    for name in archive.names() {
        if let Some(bytes) = archive.bytes(&name, &mut report) {
            held.insert(name, bytes);
        }
    }
    signatures(&held, &mut keys, &mut report);
    check(&held, &keys, reader.authorities, &mut report);
    let all = report.papers.iter().chain(report.documents.values());
    let unsigned = all.flat_map(|papers| papers.unsigned.clone());
    for person in unsigned.collect::<Vec<_>>() {
        let (side, signatory) = (person.side, person.signatory);
        report.find(VerifyFinding::SignatoryMissing { side, signatory });
    }
    keys.finish(0, &mut report);
    report
}

/// Checks the papers among files that were read, those of later documents each in its folder, and
/// the timestamps on signatures, which terms that were signed without papers may have too.
pub(super) fn check(
    held: &BTreeMap<String, Vec<u8>>,
    keys: &Keys,
    authorities: &[&[u8]],
    report: &mut VerifyReport,
) {
    report.papers = check_folder("", held, keys, authorities, report);
    for (document, folder) in folders(held) {
        if let Some(verdict) = check_folder(&folder, held, keys, authorities, report) {
            follows(&folder, held, report);
            report.documents.insert(document, verdict);
        } else {
            let name = format!("{folder}{}", signing::MANIFEST_NAME);
            report.find(VerifyFinding::MissingFile { name });
        }
    }
}

/// The later documents that have a folder.
fn folders(held: &BTreeMap<String, Vec<u8>>) -> BTreeMap<Id, String> {
    let ids = held.keys().filter_map(|name| in_folder(name));
    ids.map(|(id, _)| (id.clone(), folder_of(&id))).collect()
}

/// Whether the manifest of a later document is of the same agreement and supersedes one that is
/// here. One that cannot be read was reported.
fn follows(folder: &str, held: &BTreeMap<String, Vec<u8>>, report: &mut VerifyReport) {
    let name = format!("{folder}{}", signing::MANIFEST_NAME);
    let Some(manifest) = held.get(&name).and_then(|bytes| Manifest::from_bytes(bytes).ok()) else {
        return;
    };
    if report.agreement.as_ref().is_some_and(|agreement| *agreement != manifest.agreement) {
        let (stated, found) = (report.agreement.clone(), Some(manifest.agreement.clone()));
        report.find(VerifyFinding::OtherAgreement { stated, found });
    }
    let mut others = held.iter().filter(|(other, _)| {
        **other != name && other.rsplit('/').next() == Some(signing::MANIFEST_NAME)
    });
    let Some(previous) = manifest.previous else { return };
    if !others.any(|(_, bytes)| journal::Hash::of(bytes) == previous) {
        let detail = format!("{name}: the manifest that it supersedes, {previous}, is not here");
        report.find(VerifyFinding::BadManifest { detail });
    }
}

/// Checks the papers at the top, or in a folder such as `documents/<id>/`; nothing where it has
/// no manifest.
fn check_folder(
    folder: &str,
    held: &BTreeMap<String, Vec<u8>>,
    keys: &Keys,
    authorities: &[&[u8]],
    report: &mut VerifyReport,
) -> Option<signing::Verdict> {
    let here = |name: &str| held.get(&format!("{folder}{name}"));
    let below = |inner: &str| {
        let named = held.iter().filter_map(|(name, bytes)| {
            let rest = name.strip_prefix(folder)?.strip_prefix(inner)?.strip_prefix('/')?;
            Some((rest, bytes.as_slice()))
        });
        named.collect::<BTreeMap<&str, &[u8]>>()
    };
    let Some(manifest) = here(signing::MANIFEST_NAME) else {
        let checks = check_tokens(&below("timestamps"), &below("signatures"), authorities);
        timestamps(folder, checks, authorities, report);
        return None;
    };
    let mut parts = below("parts");
    parts.extend(here(TERMS).map(|bytes| (TERMS, bytes.as_slice())));
    let sealed = here(SEALED).map(|bytes| (SEALED, bytes.as_slice()));
    let file = SignedFile {
        manifest,
        parts,
        envelopes: below("signatures"),
        tokens: below("timestamps"),
        sealed: sealed.into_iter().collect(),
    };
    let of_sides: Vec<(Id, journal::VerifierKey)> = keys.of_sides();
    let sealers = keys.of(DEPLOYMENT);
    let anchors = Anchors { keys: &of_sides, authorities, sealers: &sealers };
    let verdict = signing::verify(&file, &anchors);
    let named = |name: &str| format!("{folder}{name}");
    if let ManifestState::Unreadable { reason } = &verdict.manifest {
        let detail = match folder {
            "" => reason.clone(),
            _ => format!("{}: {reason}", named(signing::MANIFEST_NAME)),
        };
        report.find(VerifyFinding::BadManifest { detail });
    }
    for part in verdict.parts.iter().filter(|part| part.state != PartState::Intact) {
        report.find(VerifyFinding::Part { name: named(&part.name), state: part.state });
    }
    for signature in verdict.signatures.iter().filter(|one| one.state != SignatureState::Valid) {
        let (name, state) = (named(&signature.name), signature.state);
        report.find(VerifyFinding::PaperSignature { name, state });
    }
    timestamps(folder, verdict.timestamps.clone(), authorities, report);
    for seal in verdict.seals.iter().filter(|seal| !seal.holds()) {
        let detail = match &seal.result {
            Err(error) => error_text(error),
            Ok(_) => "another page, or another key".to_owned(),
        };
        report.find(VerifyFinding::Seal { name: named(&seal.name), detail });
    }
    if report.agreement.is_none() {
        let read = Manifest::from_bytes(manifest).ok();
        report.agreement = read.map(|manifest| manifest.agreement);
    }
    Some(verdict)
}

/// Says of each timestamp whether it holds, and on whose word.
fn timestamps(
    folder: &str,
    mut checks: Vec<TimestampCheck>,
    authorities: &[&[u8]],
    report: &mut VerifyReport,
) {
    for check in &mut checks {
        check.name.insert_str(0, folder);
        let name = check.name.clone();
        match &check.result {
            Err(error) => report.find(VerifyFinding::Timestamp { name, error: *error }),
            Ok(stamp) if authorities.is_empty() => report.find(VerifyFinding::AuthorityUnknown {
                name,
                at: stamp.at,
                authority: stamp.authority.clone(),
                certificate: stamp.certificate,
            }),
            Ok(_) => {}
        }
    }
    report.timestamps.extend(checks);
}

/// Checks a sealed page by itself.
pub(super) fn page(file: File, reader: &Reader<'_>) -> Result<VerifyReport> {
    let mut report = VerifyReport::new(VerifiedKind::SealedPage);
    let mut bytes = Vec::new();
    file.take(MOST_PAGE + 1).read_to_end(&mut bytes)?;
    let name = SEALED.to_owned();
    if bytes.len() as u64 > MOST_PAGE {
        let (size, limit) = (bytes.len() as u64, MOST_PAGE);
        report.find(VerifyFinding::FileTooLarge { name, size, limit });
        return Ok(report);
    }
    match seal::verify(&bytes, reader.known, reader.authorities) {
        Ok(sealed) => report.sealed = Some(sealed),
        Err(error) => report.find(VerifyFinding::Seal { name, detail: error_text(&error) }),
    }
    Ok(report)
}
