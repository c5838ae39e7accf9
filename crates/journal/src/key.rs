//! Keys as C2SP notes name them: `name+hash+base64`, with the signature type inside. Secrets are
//! passed in; this crate draws none and stores none.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::hash::Hash;
use crate::scheme::{Algorithm, PublicKey, SecretKey};

/// What a key signs, by C2SP's type byte; the two are different keys to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyType {
    /// Over the note text; the deployment's key, and envelopes. `0x01` for Ed25519; the other
    /// schemes have a name of their own behind C2SP's `0xff`.
    Note,
    /// `0x04`: Ed25519 over the note text and a time; a party's own key on a checkpoint.
    Cosignature,
}

/// A public key with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key_type: KeyType,
    key: PublicKey,
}

/// A private key with its name. It has no text and its `Debug` hides the seed.
#[derive(Clone)]
pub struct SignerKey {
    name: String,
    key_type: KeyType,
    key: SecretKey,
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
    /// The bytes are no public key of the scheme.
    #[error("the bytes are not a public key of that scheme")]
    Point,
    /// A scalar outside the curve's order.
    #[error("the bytes are not a private key of that scheme")]
    Secret,
}

/// What stands before the public key: C2SP's type byte, or `0xff` and a name of our own.
const PREFIXES: [(&[u8], KeyType, Algorithm); 4] = [
    (b"\x01", KeyType::Note, Algorithm::Ed25519),
    (b"\x04", KeyType::Cosignature, Algorithm::Ed25519),
    (b"\xfftallystick/ecdsa-p256-sha256:", KeyType::Note, Algorithm::EcdsaP256),
    (b"\xfftallystick/sm2-sm3:", KeyType::Note, Algorithm::Sm2),
];

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
        let key = PublicKey::new(Algorithm::Ed25519, key).ok_or(KeyError::Point)?;
        Ok(Self { name: name.to_string(), key_type, key })
    }

    /// A key of any scheme that signs notes and envelopes: from 32 bytes of Ed25519, or an
    /// uncompressed point of 65 bytes (`04 || x || y`).
    ///
    /// # Errors
    /// When the name cannot stand in a note, or the bytes are no public key.
    pub fn of(name: &str, algorithm: Algorithm, key: &[u8]) -> Result<Self, KeyError> {
        if !is_name(name) {
            return Err(KeyError::Name);
        }
        let key = PublicKey::new(algorithm, key).ok_or(KeyError::Point)?;
        Ok(Self { name: name.to_string(), key_type: KeyType::Note, key })
    }

    /// The same bytes under the same name as a key of another type. Only Ed25519 has a type for
    /// checkpoints; a key of another scheme stays what it is.
    #[must_use]
    pub fn with_type(&self, key_type: KeyType) -> Self {
        match self.algorithm() {
            Algorithm::Ed25519 => Self { key_type, ..self.clone() },
            Algorithm::EcdsaP256 | Algorithm::Sm2 => self.clone(),
        }
    }

    /// The scheme.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.key.algorithm()
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

    /// The 32 bytes of an Ed25519 public key, or the 65 of an uncompressed point.
    #[must_use]
    pub fn public_key(&self) -> Vec<u8> {
        self.key.bytes()
    }

    /// What stands before the public key in the text and in the hash.
    fn prefix(&self) -> &'static [u8] {
        let of = (self.key_type, self.algorithm());
        let row = PREFIXES.iter().find(|(_, key_type, algorithm)| of == (*key_type, *algorithm));
        row.expect("a key for checkpoints is one of Ed25519").0
    }

    /// The first four bytes of `SHA-256(name || 0x0A || type || public key)`.
    #[must_use]
    pub fn id(&self) -> u32 {
        let key = self.public_key();
        let hash = Hash::of_parts(&[self.name.as_bytes(), b"\n", self.prefix(), &key]);
        let [a, b, c, d, ..] = *hash.bytes();
        u32::from_be_bytes([a, b, c, d])
    }

    /// Whether 64 bytes are this key's signature of a message.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verifies(message, signature)
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
        let key = SecretKey::new(Algorithm::Ed25519, seed).ok_or(KeyError::Secret)?;
        Ok(Self { name: name.to_string(), key_type, key })
    }

    /// A key of any scheme that signs notes and envelopes, from its secret: an Ed25519 seed, or
    /// the private scalar, big-endian.
    ///
    /// # Errors
    /// When the name cannot stand in a note, or the scalar is zero or not below the order.
    pub fn of(name: &str, algorithm: Algorithm, secret: &[u8; 32]) -> Result<Self, KeyError> {
        if !is_name(name) {
            return Err(KeyError::Name);
        }
        let key = SecretKey::new(algorithm, secret).ok_or(KeyError::Secret)?;
        Ok(Self { name: name.to_string(), key_type: KeyType::Note, key })
    }

    /// The public half.
    #[must_use]
    pub fn verifier(&self) -> VerifierKey {
        let key = self.key.public();
        VerifierKey { name: self.name.clone(), key_type: self.key_type, key }
    }

    /// What it signs.
    #[must_use]
    pub const fn key_type(&self) -> KeyType {
        self.key_type
    }

    /// The secret, to be written to a file of its owner and nowhere else.
    #[must_use]
    pub fn secret(&self) -> [u8; 32] {
        self.key.secret()
    }

    /// The 64 bytes of a signature of a message. The caller answers for what the message means;
    /// agreements are signed through [`crate::Envelope::sign`].
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.key.sign(message)
    }
}

impl fmt::Debug for SignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SignerKey").field(&self.name).field(&self.key_type).finish()
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.prefix().to_vec();
        bytes.extend_from_slice(&self.public_key());
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
        let type_byte = *bytes.first().ok_or(KeyError::Form)?;
        let known = PREFIXES.iter().find_map(|(prefix, key_type, algorithm)| {
            Some((bytes.strip_prefix(*prefix)?, *key_type, *algorithm))
        });
        let (key, key_type, algorithm) = known.ok_or(KeyError::Type { key_type: type_byte })?;
        if algorithm == Algorithm::Ed25519 && key.len() != 32 {
            return Err(KeyError::Form);
        }
        let key = PublicKey::new(algorithm, key).ok_or(KeyError::Point)?;
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
