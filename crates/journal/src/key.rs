//! Keys as C2SP notes name them: `name+hash+base64`, with the signature type inside. Seeds are
//! passed in; this crate draws none and stores none.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use crate::hash::Hash;

/// What a key signs, by C2SP's type byte; the two are different keys to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyType {
    /// `0x01`: Ed25519 over the note text; the deployment's key, and envelopes.
    Note,
    /// `0x04`: Ed25519 over the note text and a time; a party's own key on a checkpoint.
    Cosignature,
}

/// A public key with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key_type: KeyType,
    key: VerifyingKey,
}

/// A private key with its name. It has no text and its `Debug` hides the seed.
#[derive(Clone)]
pub struct SignerKey {
    name: String,
    key_type: KeyType,
    key: SigningKey,
}

/// Why a text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Empty, or with white space, a control character or `+`.
    #[error("a key name is not empty and has no spaces and no plus")]
    Name,
    /// Not `name+hash+base64`.
    #[error("a verifier key is name+hash+base64")]
    Form,
    /// The hash does not belong to the name and the key.
    #[error("the hash in the key does not belong to its name and bytes; a character is wrong")]
    Id,
    /// A type that this program does not verify.
    #[error("keys of type {key_type} are not supported")]
    Type {
        /// C2SP's type byte.
        key_type: u8,
    },
    /// The bytes are no Ed25519 public key.
    #[error("the bytes are not an Ed25519 public key")]
    Point,
}

impl KeyType {
    const fn byte(self) -> u8 {
        match self {
            Self::Note => 1,
            Self::Cosignature => 4,
        }
    }
}

/// Whether a name can stand in a note: not empty, no Unicode white space, no control, no plus.
pub(crate) fn is_name(name: &str) -> bool {
    let refused = |letter: char| letter.is_whitespace() || letter.is_control() || letter == '+';
    !name.is_empty() && !name.contains(refused)
}

impl VerifierKey {
    /// From a name, what it signs and the 32 bytes of the Ed25519 public key.
    ///
    /// # Errors
    /// When the name cannot stand in a note, or the bytes are no public key.
    pub fn new(name: &str, key_type: KeyType, key: &[u8; 32]) -> Result<Self, KeyError> {
        if !is_name(name) {
            return Err(KeyError::Name);
        }
        let key = VerifyingKey::from_bytes(key).map_err(|_| KeyError::Point)?;
        Ok(Self { name: name.to_string(), key_type, key })
    }

    /// The same bytes under the same name as a key of another type.
    #[must_use]
    pub fn with_type(&self, key_type: KeyType) -> Self {
        Self { key_type, ..self.clone() }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it signs.
    #[must_use]
    pub const fn key_type(&self) -> KeyType {
        self.key_type
    }

    /// The 32 bytes of the Ed25519 public key.
    #[must_use]
    pub fn public_key(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// The first four bytes of `SHA-256(name || 0x0A || type || public key)`.
    #[must_use]
    pub fn id(&self) -> u32 {
        let hash = Hash::of_parts(&[
            self.name.as_bytes(),
            b"\n",
            &[self.key_type.byte()],
            self.key.as_bytes(),
        ]);
        let [a, b, c, d, ..] = *hash.bytes();
        u32::from_be_bytes([a, b, c, d])
    }

    /// Whether 64 bytes are this key's Ed25519 signature of a message.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let signature = Signature::from_slice(signature);
        signature.is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
    }
}

impl SignerKey {
    /// From a name, what it signs and its 32-byte seed.
    ///
    /// # Errors
    /// When the name cannot stand in a note.
    pub fn new(name: &str, key_type: KeyType, seed: &[u8; 32]) -> Result<Self, KeyError> {
        if !is_name(name) {
            return Err(KeyError::Name);
        }
        Ok(Self { name: name.to_string(), key_type, key: SigningKey::from_bytes(seed) })
    }

    /// The public half.
    #[must_use]
    pub fn verifier(&self) -> VerifierKey {
        let key = self.key.verifying_key();
        VerifierKey { name: self.name.clone(), key_type: self.key_type, key }
    }

    /// What it signs.
    #[must_use]
    pub const fn key_type(&self) -> KeyType {
        self.key_type
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.key.sign(message).to_bytes().to_vec()
    }
}

impl fmt::Debug for SignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SignerKey").field(&self.name).field(&self.key_type).finish()
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = alloc::vec![self.key_type.byte()];
        bytes.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{:08x}+{}", self.name, self.id(), STANDARD.encode(bytes))
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (name, rest) = text.split_once('+').ok_or(KeyError::Form)?;
        let (id, key) = rest.split_once('+').ok_or(KeyError::Form)?;
        if !is_name(name) {
            return Err(KeyError::Name);
        }
        let bytes = STANDARD.decode(key).map_err(|_| KeyError::Form)?;
        let (type_byte, key) = bytes.split_first().ok_or(KeyError::Form)?;
        let key_type = match type_byte {
            1 => KeyType::Note,
            4 => KeyType::Cosignature,
            other => return Err(KeyError::Type { key_type: *other }),
        };
        let key: [u8; 32] = key.try_into().map_err(|_| KeyError::Form)?;
        let key = VerifyingKey::from_bytes(&key).map_err(|_| KeyError::Point)?;
        let verifier = Self { name: name.to_string(), key_type, key };
        if id != alloc::format!("{:08x}", verifier.id()) {
            return Err(KeyError::Id);
        }
        Ok(verifier)
    }
}

impl serde::Serialize for VerifierKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for VerifierKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <alloc::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
