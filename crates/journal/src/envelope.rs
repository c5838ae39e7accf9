//! Signed envelopes: one form for agreements, bundles, probe reports, documents and models, so
//! that one command verifies them all. Decides what exactly a signature covers; knows nothing of
//! the statement inside.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use units::{Id, IdError};

use crate::canonical::{self, ReadError, WriteError};
use crate::hash::Hash;
use crate::key::{KeyError, KeyType, SignerKey, VerifierKey};
use crate::scheme::Algorithm;

const FORMAT: &str = "tallystick.envelope/1";

/// A statement about some content, and who signed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// `tallystick.envelope/1`.
    format: String,
    /// What is enveloped.
    pub kind: EnvelopeKind,
    /// The version of that kind's statement.
    pub version: u32,
    /// The contents that the statement is about, by hash.
    pub subject: Vec<Subject>,
    /// What is stated; integers only, so that it has a canonical text.
    pub statement: serde_json::Value,
    /// Who signed.
    pub signatures: Vec<EnvelopeSignature>,
}

/// What an envelope holds. Later kinds join as [`EnvelopeKind::Other`] before they get a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum EnvelopeKind {
    /// The signed terms of an agreement.
    Agreement,
    /// An exported bundle: journal, checkpoints, objects.
    Bundle,
    /// A checkpoint with its context.
    Checkpoint,
    /// What a probe measured.
    ProbeReport,
    /// A rendered document.
    Document,
    /// A delivered model.
    Model,
    /// A certificate, such as of deletion.
    Certificate,
    /// A kind that this version of the program does not name.
    Other(Id),
}

/// One content by name, hash and size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Its name, such as the path within the bundle.
    pub name: String,
    /// The SHA-256 of its bytes.
    pub sha256: Hash,
    /// Its length in bytes.
    pub size: u64,
}

/// One signature and in which role it was given; the role and the key are signed too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnvelopeSignature {
    /// The signature scheme, as [`Algorithm::code`] has it.
    pub algorithm: String,
    /// The key, as `name+hash+base64`.
    pub key: String,
    /// As whom the signer signs, such as `customer`.
    pub role: Id,
    /// The signature, Base64.
    pub signature: String,
}

/// What became of one signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignatureCheck {
    /// The key, as the envelope has it.
    pub key: String,
    /// As whom the signer signs.
    pub role: Id,
    /// Whether it holds.
    pub verdict: Verdict,
}

/// Whether a signature holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// A known key signed exactly this.
    Valid,
    /// The stated key signed exactly this, but the reader does not know the key.
    UnknownKey,
    /// The content, the role, the key or the signature was altered.
    Invalid,
    /// The key or the signature cannot be read.
    Malformed,
    /// A scheme that this program cannot check; proves nothing here.
    UnknownAlgorithm,
}

/// Why bytes are no envelope, or an envelope cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
    /// Not canonical JSON, or without the members of an envelope.
    #[error("not an envelope")]
    Read(#[from] ReadError),
    /// An envelope of another format.
    #[error("the envelope has the format {format:?}; this program reads tallystick.envelope/1")]
    Format {
        /// The format it names.
        format: String,
    },
    /// The statement has no canonical text.
    #[error("the statement has no canonical text")]
    Statement(#[from] WriteError),
    /// The key is one for checkpoints.
    #[error("a cosignature key signs checkpoints only")]
    KeyType,
    /// A signature made elsewhere that does not hold.
    #[error("the signature of {key} does not hold for this envelope")]
    Signature {
        /// The key.
        key: String,
    },
}

impl Envelope {
    /// An envelope that nobody has signed yet.
    #[must_use]
    pub fn new(
        kind: EnvelopeKind,
        version: u32,
        subject: Vec<Subject>,
        statement: serde_json::Value,
    ) -> Self {
        let format = FORMAT.to_string();
        Self { format, kind, version, subject, statement, signatures: Vec::new() }
    }

    /// The canonical text of the envelope.
    ///
    /// # Errors
    /// When the statement has no canonical text.
    pub fn to_bytes(&self) -> Result<Vec<u8>, EnvelopeError> {
        Ok(canonical::to_vec(self)?)
    }

    /// Reads an envelope of at most `max_bytes`.
    ///
    /// # Errors
    /// When the bytes are not the canonical text of an envelope of this format.
    pub fn from_bytes(bytes: &[u8], max_bytes: usize) -> Result<Self, EnvelopeError> {
        #[derive(Deserialize)]
        struct Format {
            format: String,
        }
        let Format { format } = canonical::read(bytes, max_bytes)?;
        if format != FORMAT {
            return Err(EnvelopeError::Format { format });
        }
        Ok(canonical::read(bytes, max_bytes)?)
    }

    /// What a signature under a role and a key covers:
    ///
    /// ```text
    /// tallystick.envelope/1 SP len SP role SP len SP key SP len SP body
    /// ```
    ///
    /// `len` is the number of bytes of what follows, decimal; `body` is the canonical JSON of
    /// every member but `signatures`.
    ///
    /// # Errors
    /// When the statement has no canonical text.
    pub fn signed_bytes(&self, role: &Id, key: &str) -> Result<Vec<u8>, EnvelopeError> {
        #[derive(Serialize)]
        struct Body<'a> {
            format: &'a str,
            kind: &'a EnvelopeKind,
            version: u32,
            subject: &'a [Subject],
            statement: &'a serde_json::Value,
        }
        let body = canonical::to_vec(&Body {
            format: &self.format,
            kind: &self.kind,
            version: self.version,
            subject: &self.subject,
            statement: &self.statement,
        })?;
        let mut bytes = FORMAT.as_bytes().to_vec();
        for part in [role.as_str().as_bytes(), key.as_bytes(), &body] {
            bytes.extend_from_slice(alloc::format!(" {} ", part.len()).as_bytes());
            bytes.extend_from_slice(part);
        }
        Ok(bytes)
    }

    /// Signs in a role. A signature of the same key in the same role is replaced.
    ///
    /// # Errors
    /// When the statement has no canonical text, or the key is a cosignature key.
    pub fn sign(&mut self, role: Id, signer: &SignerKey) -> Result<(), EnvelopeError> {
        if signer.key_type() != KeyType::Note {
            return Err(EnvelopeError::KeyType);
        }
        let key = signer.verifier();
        let signature = signer.sign(&self.signed_bytes(&role, &key.to_string())?);
        self.put(role, &key, &signature);
        Ok(())
    }

    /// Adds a signature that was made elsewhere, such as in a browser, over
    /// [`Envelope::signed_bytes`]: 64 bytes. A signature of the same key in the same role is
    /// replaced.
    ///
    /// # Errors
    /// When it does not hold, the statement has no canonical text, or the key is a cosignature
    /// key.
    pub fn attach(
        &mut self,
        role: Id,
        key: &VerifierKey,
        signature: &[u8],
    ) -> Result<(), EnvelopeError> {
        if key.key_type() != KeyType::Note {
            return Err(EnvelopeError::KeyType);
        }
        let name = key.to_string();
        if !key.verifies(&self.signed_bytes(&role, &name)?, signature) {
            return Err(EnvelopeError::Signature { key: name });
        }
        self.put(role, key, signature);
        Ok(())
    }

    fn put(&mut self, role: Id, key: &VerifierKey, signature: &[u8]) {
        let (algorithm, key) = (key.algorithm().code().to_string(), key.to_string());
        self.signatures.retain(|other| other.key != key || other.role != role);
        let signature = STANDARD.encode(signature);
        self.signatures.push(EnvelopeSignature { algorithm, key, role, signature });
    }

    /// Checks every signature against the keys that the reader knows, in order.
    ///
    /// # Errors
    /// When the statement has no canonical text.
    pub fn verify(&self, known: &[VerifierKey]) -> Result<Vec<SignatureCheck>, EnvelopeError> {
        let check = |signature: &EnvelopeSignature| {
            Ok(SignatureCheck {
                key: signature.key.clone(),
                role: signature.role.clone(),
                verdict: self.verdict(signature, known)?,
            })
        };
        self.signatures.iter().map(check).collect()
    }

    fn verdict(
        &self,
        signature: &EnvelopeSignature,
        known: &[VerifierKey],
    ) -> Result<Verdict, EnvelopeError> {
        let Some(algorithm) = Algorithm::of_code(&signature.algorithm) else {
            return Ok(Verdict::UnknownAlgorithm);
        };
        let key: VerifierKey = match signature.key.parse() {
            Ok(key) => key,
            Err(KeyError::Type { .. }) => return Ok(Verdict::UnknownAlgorithm),
            Err(_) => return Ok(Verdict::Malformed),
        };
        if key.key_type() != KeyType::Note || key.algorithm() != algorithm {
            return Ok(Verdict::Malformed);
        }
        let Ok(bytes) = STANDARD.decode(&signature.signature) else {
            return Ok(Verdict::Malformed);
        };
        let message = self.signed_bytes(&signature.role, &signature.key)?;
        Ok(if !key.verifies(&message, &bytes) {
            Verdict::Invalid
        } else if known.contains(&key) {
            Verdict::Valid
        } else {
            Verdict::UnknownKey
        })
    }
}

impl Subject {
    /// The subject of some bytes.
    #[must_use]
    pub fn of(name: &str, content: &[u8]) -> Self {
        Self { name: name.to_string(), sha256: Hash::of(content), size: content.len() as u64 }
    }

    /// Whether these are the bytes.
    #[must_use]
    pub fn matches(&self, content: &[u8]) -> bool {
        self.size == content.len() as u64 && self.sha256 == Hash::of(content)
    }
}

const KINDS: [(&str, EnvelopeKind); 7] = [
    ("agreement", EnvelopeKind::Agreement),
    ("bundle", EnvelopeKind::Bundle),
    ("certificate", EnvelopeKind::Certificate),
    ("checkpoint", EnvelopeKind::Checkpoint),
    ("document", EnvelopeKind::Document),
    ("model", EnvelopeKind::Model),
    ("probe_report", EnvelopeKind::ProbeReport),
];

impl fmt::Display for EnvelopeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, KINDS.iter().find(|(_, kind)| kind == self)) {
            (_, Some((name, _))) => f.pad(name),
            (Self::Other(name), None) => fmt::Display::fmt(name, f),
            (_, None) => unreachable!("every named kind stands in the table"),
        }
    }
}

impl FromStr for EnvelopeKind {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        match KINDS.iter().find(|(name, _)| *name == text) {
            Some((_, kind)) => Ok(kind.clone()),
            None => Id::new(text).map(Self::Other),
        }
    }
}

impl Serialize for EnvelopeKind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for EnvelopeKind {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <alloc::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
