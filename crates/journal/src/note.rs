//! Signed notes (c2sp.org/signed-note): a text and the signatures under it. Decides whether known
//! keys signed; knows nothing of what the text says.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use units::Timestamp;

use crate::key::{KeyType, SignerKey, VerifierKey, is_name};

const MAX_BYTES: usize = 1_000_000;
const MAX_SIGNATURES: usize = 100;

/// A text and the signatures under it; nothing is verified until [`Note::verify`] says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    name: String,
    key_id: u32,
    bytes: Vec<u8>,
}

/// A known key that signed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Verified {
    /// The key.
    pub key: VerifierKey,
    /// The second that a cosignature states; a plain note signature has none.
    pub at: Option<Timestamp>,
}

/// Why a text is no note, or a note is not to be believed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum NoteError {
    /// Longer than 1,000,000 bytes, or more than 100 signatures.
    #[error("the note is too large")]
    TooLarge,
    /// A control character, or a text without its final newline.
    #[error("the note text is not lines of plain text")]
    Text,
    /// No blank line between text and signatures, or none of either.
    #[error("the note has no signatures under a blank line")]
    Form,
    /// A signature line that is not `— name base64`.
    #[error("line {line} of the note is not a signature")]
    Line {
        /// The line, from 1.
        line: usize,
    },
    /// A known key's signature that does not verify: the text or the signature was altered.
    #[error("the signature of {name} does not verify")]
    BadSignature {
        /// The key's name.
        name: String,
    },
    /// Nobody known has signed.
    #[error("no known key has signed")]
    NoKnownKey,
}

impl Note {
    /// A text that nobody has signed yet.
    ///
    /// # Errors
    /// When it is too long, has a control character or lacks its final newline.
    pub fn new(text: &str) -> Result<Self, NoteError> {
        if text.len() > MAX_BYTES {
            return Err(NoteError::TooLarge);
        }
        let refused = |letter: char| letter < ' ' && letter != '\n';
        if !text.ends_with('\n') || text.contains(refused) {
            return Err(NoteError::Text);
        }
        Ok(Self { text: text.to_string(), signatures: Vec::new() })
    }

    /// The text of a note under one signature line alone, so that this line is verified and no
    /// other.
    ///
    /// # Errors
    /// When the first is no note or the second no signature line.
    pub fn of_line(note: &str, line: &str) -> Result<Self, NoteError> {
        let mut note: Self = note.parse()?;
        let signature = NoteSignature::parse(line).ok_or(NoteError::Line { line: 1 })?;
        note.signatures = alloc::vec![signature];
        Ok(note)
    }

    /// The text, with its final newline.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures, verified or not.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Adds a signature. `at` is the second that a [`KeyType::Cosignature`] states; a
    /// [`KeyType::Note`] key states none. A signature of the same key is replaced.
    pub fn cosign(&mut self, key: &SignerKey, at: Timestamp) {
        let bytes = match key.key_type() {
            KeyType::Note => key.sign(self.text.as_bytes()),
            KeyType::Cosignature => {
                // The format has no times before 1970.
                let seconds = at.seconds().max(0).unsigned_abs();
                let mut bytes = seconds.to_be_bytes().to_vec();
                bytes.extend(key.sign(cosigned(seconds, &self.text).as_bytes()));
                bytes
            }
        };
        let verifier = key.verifier();
        let (name, key_id) = (verifier.name().to_string(), verifier.id());
        self.signatures.retain(|other| other.name != name || other.key_id != key_id);
        self.signatures.push(NoteSignature { name, key_id, bytes });
    }

    /// The known keys that signed; unknown signatures are passed over.
    ///
    /// # Errors
    /// When a known key's signature does not verify, or no known key has signed.
    pub fn verify(&self, known: &[VerifierKey]) -> Result<Vec<Verified>, NoteError> {
        let mut verified: Vec<Verified> = Vec::new();
        for signature in &self.signatures {
            let by =
                |key: &&VerifierKey| key.name() == signature.name && key.id() == signature.key_id;
            let Some(key) = known.iter().find(by) else { continue };
            if verified.iter().any(|other| other.key == *key) {
                continue;
            }
            let Some(at) = signature.check(key, &self.text) else {
                return Err(NoteError::BadSignature { name: signature.name.clone() });
            };
            verified.push(Verified { key: key.clone(), at });
        }
        if verified.is_empty() { Err(NoteError::NoKnownKey) } else { Ok(verified) }
    }
}

impl NoteSignature {
    /// The signer's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The signer's key id.
    #[must_use]
    pub const fn key_id(&self) -> u32 {
        self.key_id
    }

    /// The stated time when the signature verifies.
    fn check(&self, key: &VerifierKey, text: &str) -> Option<Option<Timestamp>> {
        match key.key_type() {
            KeyType::Note => key.verifies(text.as_bytes(), &self.bytes).then_some(None),
            KeyType::Cosignature => {
                let (time, signature) = self.bytes.split_first_chunk::<8>()?;
                let seconds = u64::from_be_bytes(*time);
                // Beyond this the instant has no microseconds; no honest clock is there.
                let at = i64::try_from(seconds).ok()?.checked_mul(1_000_000)?;
                let message = cosigned(seconds, text);
                key.verifies(message.as_bytes(), signature)
                    .then_some(Some(Timestamp::from_micros(at)))
            }
        }
    }

    fn parse(line: &str) -> Option<Self> {
        let (name, encoded) = line.strip_prefix("— ")?.split_once(' ')?;
        let bytes = STANDARD.decode(encoded).ok()?;
        let (key_id, bytes) = bytes.split_first_chunk::<4>()?;
        if !is_name(name) || bytes.is_empty() {
            return None;
        }
        let key_id = u32::from_be_bytes(*key_id);
        Some(Self { name: name.to_string(), key_id, bytes: bytes.to_vec() })
    }
}

/// What a cosignature signs (c2sp.org/tlog-cosignature, Ed25519).
fn cosigned(seconds: u64, text: &str) -> String {
    alloc::format!("cosignature/v1\ntime {seconds}\n{text}")
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for signature in &self.signatures {
            let mut bytes = signature.key_id.to_be_bytes().to_vec();
            bytes.extend_from_slice(&signature.bytes);
            writeln!(f, "— {} {}", signature.name, STANDARD.encode(bytes))?;
        }
        Ok(())
    }
}

impl FromStr for Note {
    type Err = NoteError;
    fn from_str(text: &str) -> Result<Self, NoteError> {
        if text.len() > MAX_BYTES {
            return Err(NoteError::TooLarge);
        }
        let blank = text.rfind("\n\n").ok_or(NoteError::Form)?;
        let (body, lines) = (&text[..=blank], &text[blank + 2..]);
        let mut note = Self::new(body)?;
        let lines = lines.strip_suffix('\n').ok_or(NoteError::Form)?;
        let first = body.lines().count() + 2;
        for (index, line) in lines.split('\n').enumerate() {
            if index == MAX_SIGNATURES {
                return Err(NoteError::TooLarge);
            }
            let signature = NoteSignature::parse(line);
            note.signatures.push(signature.ok_or(NoteError::Line { line: first + index })?);
        }
        Ok(note)
    }
}
