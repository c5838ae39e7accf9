//! The manifest: what exactly the parties sign. It names every part of the signed file by hash,
//! who the parties are, who signs for them by which authority, and in which words.
//!
//! Serves train-11.1 and class-5.1. Knows no contents: a part is its name, length and hash, so
//! what the terms say is held by the part `terms` alone, and no value is written twice.

mod check;

use journal::canonical::{self, ReadError};
use journal::{Envelope, EnvelopeKind, Hash, Subject};
use serde::{Deserialize, Serialize};
use units::{Id, Lang, Timestamp};

/// The name of the manifest within a signed file, and in the envelopes over it.
pub const NAME: &str = "manifest.json";
/// The largest manifest.
pub const MAX_BYTES: usize = 1 << 20;
/// The most parts, annexes included.
pub const MOST_PARTS: usize = 200;
/// The most parties, and the most signatories.
pub const MOST_PEOPLE: usize = 20;
const FORMAT: &str = "tallystick.manifest/1";
/// The version of the agreement envelope's statement that is about a manifest; version 1 is about
/// the terms alone.
pub const STATEMENT_VERSION: u32 = 2;

/// What the parties sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// `tallystick.manifest/1`.
    format: String,
    /// Which agreement.
    pub agreement: Id,
    /// 1 for the agreement itself, one more for each amendment.
    pub version: u32,
    /// The hash of the manifest that this one supersedes; an amendment has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Hash>,
    /// The language of the intent, and of the agreement where one of two prevails.
    pub language: Lang,
    /// What a signature means, in words: the sentence that a signatory reads when signing.
    pub intent: String,
    /// How it is signed.
    pub method: Method,
    /// When the manifest was made, by the clock of who made it.
    pub at: Timestamp,
    /// The files, by name.
    pub parts: Vec<Part>,
    /// Who contracts.
    pub parties: Vec<Party>,
    /// Who signs for them, in order.
    pub signatories: Vec<Signatory>,
}

/// How an agreement is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Each signatory with a key of the party's own, that nobody else holds.
    OwnKey,
}

/// One file of the signed agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Where it lies within the folder `parts` of the signed file, such as `agreement.zh.txt`.
    pub name: String,
    /// What it is.
    pub kind: PartKind,
    /// The language of a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Lang>,
    /// Its media type, such as `application/pdf`.
    pub media_type: String,
    /// Its length in bytes.
    pub size: u64,
    /// The SHA-256 of its bytes.
    pub sha256: Hash,
}

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// The typed terms that run: exactly one.
    Terms,
    /// The Word file: one for each language at most.
    Docx,
    /// The printed page: one for each language at most.
    Pdf,
    /// The canonical text: one for each language at most.
    Text,
    /// Anything that the agreement names as an annex.
    Annex,
    /// The picture of a party's seal, as it stands on the printed page: an image, no signature.
    SealPicture,
}

/// A party to the agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// Which side: `customer` or `vendor`.
    pub side: Id,
    /// The registered name.
    pub name: String,
    /// The number it is registered under; in China the unified social credit code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration_number: Option<String>,
}

/// Who signs for a party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signatory {
    /// For which side.
    pub side: Id,
    /// The person's name.
    pub name: String,
    /// The person's position, such as legal representative.
    pub role: String,
    /// By what authority the person signs, such as a power of attorney and its date.
    pub authority: String,
    /// Whose turn: 1 first. Those with the same number sign in any order.
    pub order: u32,
}

/// Why bytes are no manifest, or a manifest cannot be signed.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// Not canonical JSON, or not the members of a manifest; the cause has the place.
    #[error("not a manifest")]
    Read(#[from] ReadError),
    /// A manifest of another format.
    #[error("the manifest has the format {format:?}; this program reads tallystick.manifest/1")]
    Format {
        /// The format it names.
        format: String,
    },
    /// An instant with an offset, or a null where a member would be left out: not the one text.
    #[error("an instant or an absent member is not written in its one form")]
    Form,
    /// A member that cannot stand.
    #[error("{place}: {fault}")]
    Member {
        /// Where, such as `parts[2].name`.
        place: String,
        /// What is wrong.
        fault: Fault,
    },
}

/// What is wrong with a member of a manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No text where there must be one.
    #[error("must not be empty")]
    Empty,
    /// More than the limit.
    #[error("more than {limit}")]
    TooMany {
        /// The most allowed: entries of a list, bytes of a text.
        limit: usize,
    },
    /// A control character or a line break.
    #[error("has a control character")]
    Control,
    /// A name that could leave the signed file, or that no zip carries.
    #[error("is not a plain relative path")]
    Path,
    /// Named or given twice.
    #[error("stands twice")]
    Twice,
    /// Not of the form `type/subtype`.
    #[error("is not a media type")]
    MediaType,
    /// A text part without its language, or another part with one it cannot have.
    #[error("a text has a language, and terms have none")]
    Language,
    /// No part holds the terms.
    #[error("has no typed terms")]
    NoTerms,
    /// A side that no party has.
    #[error("names a side that no party has")]
    NoParty,
    /// A party for whom nobody signs.
    #[error("nobody signs for this party")]
    NoSignatory,
    /// The first version has no predecessor, each later one has.
    #[error("version 1 supersedes nothing, and each later version names what it supersedes")]
    Previous,
    /// Zero, or an order with a gap.
    #[error("must count from 1 without a gap")]
    Count,
}

impl Manifest {
    /// A manifest of the first version, in the order of its parts' names.
    ///
    /// # Errors
    /// The first member that cannot stand.
    pub fn new(
        agreement: Id,
        (language, intent): (Lang, &str),
        at: Timestamp,
        mut parts: Vec<Part>,
        (parties, signatories): (Vec<Party>, Vec<Signatory>),
    ) -> Result<Self, ManifestError> {
        parts.sort_by(|a, b| a.name.cmp(&b.name));
        let (format, intent) = (FORMAT.to_owned(), intent.to_owned());
        let (version, previous, method) = (1, None, Method::OwnKey);
        let manifest = Self {
            format,
            agreement,
            version,
            previous,
            language,
            intent,
            method,
            at,
            parts,
            parties,
            signatories,
        };
        manifest.check()?;
        Ok(manifest)
    }

    /// The same as an amendment of another manifest: one version more, naming what it supersedes.
    ///
    /// # Errors
    /// When the other one has no canonical text, or its version is the last.
    pub fn amending(mut self, previous: &Self) -> Result<Self, ManifestError> {
        let next = previous.version.checked_add(1);
        self.version = next.ok_or_else(|| at("version", Fault::Count))?;
        self.previous = Some(previous.sha256()?);
        self.check()?;
        Ok(self)
    }

    /// The canonical text: what is hashed.
    ///
    /// # Errors
    /// The first member that cannot stand.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ManifestError> {
        self.check()?;
        let text = canonical::to_vec(self);
        Ok(text.expect("a manifest has texts and small integers only"))
    }

    /// Reads the canonical text, and no other form of it.
    ///
    /// # Errors
    /// The first place that cannot stand.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ManifestError> {
        #[derive(Deserialize)]
        struct Format {
            format: String,
        }
        let Format { format } = canonical::read(bytes, MAX_BYTES)?;
        if format != FORMAT {
            return Err(ManifestError::Format { format });
        }
        let manifest: Self = canonical::read(bytes, MAX_BYTES)?;
        if manifest.to_bytes()? != bytes {
            return Err(ManifestError::Form);
        }
        Ok(manifest)
    }

    /// The hash that signatures are about.
    ///
    /// # Errors
    /// The first member that cannot stand.
    pub fn sha256(&self) -> Result<Hash, ManifestError> {
        Ok(Hash::of(&self.to_bytes()?))
    }

    /// The unsigned envelope of one signatory, over the hash of the manifest: sign it with
    /// [`Envelope::sign`] or [`Envelope::attach`], in the role of the side.
    ///
    /// # Errors
    /// The first member that cannot stand.
    pub fn envelope(&self, signatory: &Signatory) -> Result<Envelope, ManifestError> {
        let subject = vec![Subject::of(NAME, &self.to_bytes()?)];
        let statement = Statement {
            agreement: self.agreement.clone(),
            side: signatory.side.clone(),
            signatory: signatory.name.clone(),
        };
        let statement = serde_json::to_value(statement).expect("three texts have a JSON value");
        Ok(Envelope::new(EnvelopeKind::Agreement, STATEMENT_VERSION, subject, statement))
    }
}

/// What an agreement's envelope states beside the hash; the members are those of version 1.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Statement {
    pub(crate) agreement: Id,
    pub(crate) side: Id,
    pub(crate) signatory: String,
}

impl Part {
    /// The part of some bytes.
    #[must_use]
    pub fn of(
        name: &str,
        kind: PartKind,
        language: Option<Lang>,
        media_type: &str,
        bytes: &[u8],
    ) -> Self {
        let (name, media_type) = (name.to_owned(), media_type.to_owned());
        let (size, sha256) = (bytes.len() as u64, Hash::of(bytes));
        Self { name, kind, language, media_type, size, sha256 }
    }

    /// Whether these are the bytes.
    #[must_use]
    pub fn matches(&self, bytes: &[u8]) -> bool {
        self.size == bytes.len() as u64 && self.sha256 == Hash::of(bytes)
    }
}

fn at(place: impl Into<String>, fault: Fault) -> ManifestError {
    ManifestError::Member { place: place.into(), fault }
}
