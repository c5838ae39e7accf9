//! Whether a signed file holds: every part against the manifest, every envelope against the
//! manifest and the keys that the reader trusts, every timestamp against what it stamps, and every
//! sealed copy against the part that it closes.
//!
//! Reads nothing and writes nothing: the caller hands in the bytes. Names everything that changed,
//! is missing or was added. Knows nothing of whether what was signed is wise or lawful.

use std::collections::BTreeMap;

use journal::{Envelope, EnvelopeKind, Hash, SignatureCheck, VerifierKey};
use serde::{Deserialize as _, Serialize, Serializer};
use units::Id;

use crate::manifest::{self, Manifest, Part, PartKind, Signatory, Statement};
use crate::seal::{self, SealError, Sealed};
use crate::timestamp::{self, Stamp, TimestampError};

/// The largest envelope.
const MAX_ENVELOPE: usize = 1 << 20;
/// The most envelopes, timestamps and seals that are looked at; more are reported unread.
const MOST_ENVELOPES: usize = 100;

/// Whom the reader trusts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Anchors<'a> {
    /// Keys by the side that they sign for.
    pub keys: &'a [(Id, VerifierKey)],
    /// Certificates of authorities for timestamps, in DER.
    pub authorities: &'a [&'a [u8]],
    /// Keys of those who may seal.
    pub sealers: &'a [VerifierKey],
}

/// A signed file, by the names within it.
#[derive(Debug, Clone, Default)]
pub struct SignedFile<'a> {
    /// `manifest.json`.
    pub manifest: &'a [u8],
    /// The files that the manifest names.
    pub parts: BTreeMap<&'a str, &'a [u8]>,
    /// What the signatories signed.
    pub envelopes: BTreeMap<&'a str, &'a [u8]>,
    /// Timestamps of the manifest or of an envelope.
    pub tokens: BTreeMap<&'a str, &'a [u8]>,
    /// Sealed copies of the PDF parts.
    pub sealed: BTreeMap<&'a str, &'a [u8]>,
}

/// What became of a signed file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The manifest itself.
    pub manifest: ManifestState,
    /// Its hash, which the signatures are about, where it can be read.
    pub sha256: Option<Hash>,
    /// Each part, by name: those of the manifest, then those that it does not name.
    pub parts: Vec<PartCheck>,
    /// Each signature of each envelope, in the order given.
    pub signatures: Vec<EnvelopeCheck>,
    /// Those who should have signed and did not, by a signature that holds.
    pub unsigned: Vec<Unsigned>,
    /// Each timestamp.
    pub timestamps: Vec<TimestampCheck>,
    /// Each sealed PDF.
    pub seals: Vec<SealCheck>,
}

/// Whether the manifest can be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum ManifestState {
    /// A manifest in canonical form. Whether anybody signed it is in the signatures.
    Read,
    /// Not a manifest; nothing else was checked against it.
    Unreadable {
        /// Why, with the place.
        reason: String,
    },
}

/// One part of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartCheck {
    /// Its name.
    pub name: String,
    /// What became of it.
    pub state: PartState,
}

/// What became of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PartState {
    /// The bytes that the manifest names.
    Intact,
    /// Other bytes.
    Changed,
    /// In the manifest, not in the file.
    Missing,
    /// In the file, not in the manifest: nobody signed it.
    Unsigned,
}

/// One signature, and whether it signs this manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EnvelopeCheck {
    /// The name of the envelope's file.
    pub name: String,
    /// For which side it was given, as the envelope says.
    pub side: Option<Id>,
    /// Who signed, as the envelope says.
    pub signatory: Option<String>,
    /// The key, as the envelope has it.
    pub key: Option<String>,
    /// Whether it holds.
    pub state: SignatureState,
}

/// Whether a signature holds for this manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureState {
    /// A key that the reader trusts for that side signed exactly this manifest.
    Valid,
    /// The stated key signed exactly this manifest; the reader does not know the key.
    UnknownKey,
    /// A key that the reader trusts, but for another side.
    OtherSide,
    /// The content, the role, the key or the signature was altered.
    Invalid,
    /// The key or the signature cannot be read.
    Malformed,
    /// A scheme that this program cannot check.
    UnknownAlgorithm,
    /// The envelope holds, and is about another manifest.
    OtherManifest,
    /// The manifest names no such signatory for that side.
    NotASignatory,
    /// Not an envelope of an agreement.
    NotAnEnvelope,
}

/// One timestamp.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimestampCheck {
    /// The name of its file.
    pub name: String,
    /// What it stamps: the manifest or an envelope, by name.
    pub of: Option<String>,
    /// Whether a chain leads from the authority to a certificate that the reader trusts. Without
    /// any such certificate the token was checked on the word of the authority's own.
    pub trusted: bool,
    /// What it proves, or why it proves nothing.
    #[serde(serialize_with = "outcome")]
    pub result: Result<Stamp, TimestampError>,
}

/// One sealed PDF.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SealCheck {
    /// The name of its file.
    pub name: String,
    /// The part that it closes, by name: the same bytes, and the seal behind them.
    pub of: Option<String>,
    /// Who sealed, or why the seal does not hold.
    #[serde(serialize_with = "outcome")]
    pub result: Result<Sealed, SealError>,
}

/// Somebody whose signature is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unsigned {
    /// For which side.
    pub side: Id,
    /// Who.
    pub signatory: String,
}

impl Verdict {
    /// Whether every part is intact, nothing was added, and every signatory signed with a trusted
    /// key. Only then is the file the agreement that the parties signed.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.manifest == ManifestState::Read
            && self.parts.iter().all(|part| part.state == PartState::Intact)
            && self.signatures.iter().all(|check| check.state == SignatureState::Valid)
            && self.unsigned.is_empty()
            && self.timestamps.iter().all(TimestampCheck::holds)
            && self.seals.iter().all(SealCheck::holds)
    }

    /// The names of everything that does not hold, each once, sorted.
    #[must_use]
    pub fn broken(&self) -> Vec<&str> {
        let manifest = (self.manifest != ManifestState::Read).then_some(manifest::NAME);
        let parts = self.parts.iter().filter(|part| part.state != PartState::Intact);
        let parts = parts.map(|part| part.name.as_str());
        let signatures =
            self.signatures.iter().filter(|check| check.state != SignatureState::Valid);
        let signatures = signatures.map(|check| check.name.as_str());
        let timestamps = self.timestamps.iter().filter(|check| !check.holds());
        let seals = self.seals.iter().filter(|check| !check.holds());
        let mut names: Vec<&str> = manifest.into_iter().chain(parts).chain(signatures).collect();
        names.extend(timestamps.map(|check| check.name.as_str()));
        names.extend(seals.map(|check| check.name.as_str()));
        names.sort_unstable();
        names.dedup();
        names
    }
}

impl TimestampCheck {
    /// Whether it stamps something of the file, holds, and is of an authority that the reader
    /// trusts.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.is_intact() && self.trusted
    }

    /// Whether it stamps something of the file and holds, whoever the authority is.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.of.is_some() && self.result.is_ok()
    }
}

impl SealCheck {
    /// Whether it closes a part of the file, holds, and is of somebody whom the reader trusts.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.of.is_some() && self.result.as_ref().is_ok_and(|sealed| sealed.trusted)
    }
}

/// `{"proves": …}` or `{"error": …}`.
fn outcome<T: Serialize, E: Serialize, S: Serializer>(
    result: &Result<T, E>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match result {
        Ok(proven) => serializer.collect_map([("proves", proven)]),
        Err(error) => serializer.collect_map([("error", error)]),
    }
}

/// Checks a signed file: its manifest, its parts, envelopes, timestamps and seals.
#[must_use]
pub fn verify(file: &SignedFile<'_>, anchors: &Anchors<'_>) -> Verdict {
    let manifest = file.manifest;
    let read = match Manifest::from_bytes(manifest) {
        Ok(read) => read,
        Err(error) => return unreadable(&error, file, anchors),
    };
    let sha256 = Hash::of(manifest);
    let signatures: Vec<EnvelopeCheck> = file
        .envelopes
        .iter()
        .enumerate()
        .flat_map(|(index, (name, bytes))| match index < MOST_ENVELOPES {
            true => check_envelope(name, bytes, (&read, manifest), anchors),
            false => vec![not_an_envelope(name)],
        })
        .collect();
    let signed = |person: &&Signatory| {
        signatures.iter().any(|check| {
            check.state == SignatureState::Valid
                && check.side.as_ref() == Some(&person.side)
                && check.signatory.as_ref() == Some(&person.name)
        })
    };
    let unsigned = read.signatories.iter().filter(|person| !signed(person));
    let unsigned = unsigned
        .map(|person| Unsigned { side: person.side.clone(), signatory: person.name.clone() })
        .collect();
    Verdict {
        manifest: ManifestState::Read,
        sha256: Some(sha256),
        parts: check_parts(&read, &file.parts),
        signatures,
        unsigned,
        timestamps: check_timestamps(file, anchors),
        seals: check_seals(file, &read.parts, anchors),
    }
}

fn unreadable(
    error: &manifest::ManifestError,
    file: &SignedFile<'_>,
    anchors: &Anchors<'_>,
) -> Verdict {
    let reason = match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    };
    let unsigned = |name: &&str| PartCheck { name: (*name).to_owned(), state: PartState::Unsigned };
    Verdict {
        manifest: ManifestState::Unreadable { reason },
        sha256: None,
        parts: file.parts.keys().map(unsigned).collect(),
        signatures: file.envelopes.keys().map(|name| not_an_envelope(name)).collect(),
        unsigned: Vec::new(),
        timestamps: check_timestamps(file, anchors),
        seals: check_seals(file, &[], anchors),
    }
}

fn check_parts(manifest: &Manifest, given: &BTreeMap<&str, &[u8]>) -> Vec<PartCheck> {
    let mut checks = Vec::new();
    for part in &manifest.parts {
        let state = match given.get(part.name.as_str()) {
            None => PartState::Missing,
            Some(bytes) if part.matches(bytes) => PartState::Intact,
            Some(_) => PartState::Changed,
        };
        checks.push(PartCheck { name: part.name.clone(), state });
    }
    let unnamed =
        given.keys().filter(|name| !manifest.parts.iter().any(|part| part.name == **name));
    let state = PartState::Unsigned;
    checks.extend(unnamed.map(|name| PartCheck { name: (*name).to_owned(), state }));
    checks
}

fn check_timestamps(file: &SignedFile<'_>, anchors: &Anchors<'_>) -> Vec<TimestampCheck> {
    let mut stamped = file.envelopes.clone();
    stamped.insert(manifest::NAME, file.manifest);
    check_tokens(&file.tokens, &stamped, anchors.authorities)
}

/// Checks tokens, each against the one of these contents that it says it stamps.
#[must_use]
pub fn check_tokens(
    tokens: &BTreeMap<&str, &[u8]>,
    contents: &BTreeMap<&str, &[u8]>,
    authorities: &[&[u8]],
) -> Vec<TimestampCheck> {
    let check = |(index, (name, token)): (usize, (&&str, &&[u8]))| {
        // What is too much is said to be so, and not looked at.
        let token = if index < MOST_ENVELOPES { *token } else { &[] };
        let of = contents.iter().find(|(_, bytes)| timestamp::stamps(token, bytes));
        let content = of.map_or(&[][..], |(_, bytes)| bytes);
        let result = match authorities {
            [] => timestamp::check_token(token, content),
            trusted => timestamp::verify_token(token, content, trusted),
        };
        TimestampCheck {
            name: (*name).to_owned(),
            of: of.map(|(name, _)| (*name).to_owned()),
            trusted: result.is_ok() && !authorities.is_empty(),
            result,
        }
    };
    tokens.iter().enumerate().map(check).collect()
}

fn check_seals(file: &SignedFile<'_>, parts: &[Part], anchors: &Anchors<'_>) -> Vec<SealCheck> {
    let check = |(index, (name, bytes)): (usize, (&&str, &&[u8]))| {
        let bytes = if index < MOST_ENVELOPES { *bytes } else { &[] };
        let mut pages = parts.iter().filter(|part| part.kind == PartKind::Pdf);
        SealCheck {
            name: (*name).to_owned(),
            of: pages.find(|part| seal::closes(bytes, part)).map(|part| part.name.clone()),
            result: seal::verify(bytes, anchors.sealers, anchors.authorities),
        }
    };
    file.sealed.iter().enumerate().map(check).collect()
}

fn not_an_envelope(name: &str) -> EnvelopeCheck {
    EnvelopeCheck {
        name: name.to_owned(),
        side: None,
        signatory: None,
        key: None,
        state: SignatureState::NotAnEnvelope,
    }
}

/// Each signature of an envelope; one entry that says so where there is none.
fn check_envelope(
    name: &str,
    bytes: &[u8],
    (manifest, text): (&Manifest, &[u8]),
    anchors: &Anchors<'_>,
) -> Vec<EnvelopeCheck> {
    let Ok(envelope) = Envelope::from_bytes(bytes, MAX_ENVELOPE) else {
        return vec![not_an_envelope(name)];
    };
    let statement = Statement::deserialize(&envelope.statement).ok();
    let about =
        envelope.kind == EnvelopeKind::Agreement && envelope.version == manifest::STATEMENT_VERSION;
    let Some(statement) = statement.filter(|_| about && !envelope.signatures.is_empty()) else {
        return vec![not_an_envelope(name)];
    };
    let keys: Vec<VerifierKey> = anchors.keys.iter().map(|(_, key)| key.clone()).collect();
    let Ok(checks) = envelope.verify(&keys) else { return vec![not_an_envelope(name)] };
    let this = matches!(&envelope.subject[..], [subject]
        if subject.name == manifest::NAME && subject.matches(text));
    let person = manifest
        .signatories
        .iter()
        .any(|person| person.side == statement.side && person.name == statement.signatory);
    let state = |check: &SignatureCheck| match check.verdict {
        journal::Verdict::Invalid => SignatureState::Invalid,
        journal::Verdict::Malformed => SignatureState::Malformed,
        journal::Verdict::UnknownAlgorithm => SignatureState::UnknownAlgorithm,
        _ if !this || statement.agreement != manifest.agreement => SignatureState::OtherManifest,
        _ if !person || check.role != statement.side => SignatureState::NotASignatory,
        journal::Verdict::UnknownKey => SignatureState::UnknownKey,
        journal::Verdict::Valid if trusted(check, anchors) => SignatureState::Valid,
        journal::Verdict::Valid => SignatureState::OtherSide,
    };
    let entry = |check: &SignatureCheck| EnvelopeCheck {
        name: name.to_owned(),
        side: Some(statement.side.clone()),
        signatory: Some(statement.signatory.clone()),
        key: Some(check.key.clone()),
        state: state(check),
    };
    checks.iter().map(entry).collect()
}

/// Whether the reader trusts the key for the side that it signs for.
fn trusted(check: &SignatureCheck, anchors: &Anchors<'_>) -> bool {
    anchors.keys.iter().any(|(side, key)| *side == check.role && key.to_string() == check.key)
}
