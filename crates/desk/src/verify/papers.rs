//! The papers of an agreement: the manifest, its parts, what the signatories signed, timestamps and
//! the seal; within a bundle, as a signed file by itself, or a sealed page alone.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Result};

use signing::{
    Anchors, ManifestState, PartState, SignatureState, SignedFile, TimestampCheck, check_tokens,
    seal,
};
use units::Id;

use super::archive::Archive;
use super::bundle::signatures;
use super::finding::VerifyFinding;
use super::fold::error_text;
use super::trust::Keys;
use super::{Reader, VerifiedKind, VerifyReport};
use crate::bundle::{JOURNAL, KEYS, MANIFEST, TERMS};
use crate::papers::SEALED;

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
    let unsigned = report.papers.iter().flat_map(|papers| papers.unsigned.clone());
    for person in unsigned.collect::<Vec<_>>() {
        let (side, signatory) = (person.side, person.signatory);
        report.find(VerifyFinding::SignatoryMissing { side, signatory });
    }
    keys.finish(0, &mut report);
    report
}

/// Checks the papers among files that were read, and the timestamps on signatures, which terms
/// that were signed without papers may have too.
pub(super) fn check(
    held: &BTreeMap<String, Vec<u8>>,
    keys: &Keys,
    authorities: &[&[u8]],
    report: &mut VerifyReport,
) {
    let below = |folder: &str| {
        let named = held.iter().filter_map(|(name, bytes)| {
            Some((name.strip_prefix(folder)?.strip_prefix('/')?, bytes.as_slice()))
        });
        named.collect::<BTreeMap<&str, &[u8]>>()
    };
    let Some(manifest) = held.get(signing::MANIFEST_NAME) else {
        let checks = check_tokens(&below("timestamps"), &below("signatures"), authorities);
        return timestamps(checks, authorities, report);
    };
    let mut parts = below("parts");
    parts.extend(held.get(TERMS).map(|bytes| (TERMS, bytes.as_slice())));
    let sealed = held.get(SEALED).map(|bytes| (SEALED, bytes.as_slice()));
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
    if let ManifestState::Unreadable { reason } = &verdict.manifest {
        report.find(VerifyFinding::BadManifest { detail: reason.clone() });
    }
    for part in verdict.parts.iter().filter(|part| part.state != PartState::Intact) {
        let (name, state) = (part.name.clone(), part.state);
        report.find(VerifyFinding::Part { name, state });
    }
    for signature in verdict.signatures.iter().filter(|one| one.state != SignatureState::Valid) {
        let (name, state) = (signature.name.clone(), signature.state);
        report.find(VerifyFinding::PaperSignature { name, state });
    }
    timestamps(verdict.timestamps.clone(), authorities, report);
    for seal in verdict.seals.iter().filter(|seal| !seal.holds()) {
        let detail = match &seal.result {
            Err(error) => error_text(error),
            Ok(_) => "another page, or another key".to_owned(),
        };
        report.find(VerifyFinding::Seal { name: seal.name.clone(), detail });
    }
    if report.agreement.is_none() {
        let read = signing::Manifest::from_bytes(manifest).ok();
        report.agreement = read.map(|manifest| manifest.agreement);
    }
    report.papers = Some(verdict);
}

/// Says of each timestamp whether it holds, and on whose word.
fn timestamps(checks: Vec<TimestampCheck>, authorities: &[&[u8]], report: &mut VerifyReport) {
    for check in &checks {
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
