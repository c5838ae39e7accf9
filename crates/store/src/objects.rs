//! Files that belong to an agreement, named by the hash of their content.
//!
//! Decides what every place of objects must do. Knows nothing of what an object holds; a key id
//! names the key that seals it, so that sealing can come without a change of the format.

use std::collections::HashSet;
use std::path::PathBuf;

use async_trait::async_trait;
use bytes::Bytes;
use tokio::io::AsyncRead;
use units::Id;

use crate::errors::{KeyIdError, ObjectError};
use crate::scope::Scope;

/// The name of the key that seals an object: 1 to 64 lower case letters, digits and dashes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(String);

/// Where an object is: the hash and size of the kept bytes, and the key that seals them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectRef {
    /// The key.
    pub key_id: KeyId,
    /// SHA-256 of the kept bytes.
    pub sha256: [u8; 32],
    /// How many bytes are kept.
    pub size: u64,
}

/// An object's bytes, piece by piece.
///
/// The last piece is given only after hash and size proved right, so that who reads to the end
/// has read what was put.
#[async_trait]
pub trait Content: Send {
    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// [`ObjectError::Altered`] in the place of the last piece when the bytes are not those that
    /// were put.
    async fn next(&mut self) -> Result<Option<Bytes>, ObjectError>;
}

/// Objects of agreements.
///
/// For a party the objects of another agreement are [`ObjectError::NotFound`]. Whether a party
/// may see an object of its own agreement is decided by the entry that names it.
#[async_trait]
pub trait Objects: Send + Sync {
    /// Keeps the bytes under their hash; on disk when it returns. The same bytes again change
    /// nothing.
    ///
    /// # Errors
    /// [`ObjectError::TooLarge`]; [`ObjectError::Input`] when reading fails. Nothing is kept then.
    async fn put(
        &self,
        scope: &Scope,
        agreement: &Id,
        key_id: &KeyId,
        bytes: &mut (dyn AsyncRead + Send + Unpin),
    ) -> Result<ObjectRef, ObjectError>;

    /// Opens an object for reading.
    ///
    /// # Errors
    /// [`ObjectError::NotFound`].
    async fn get(
        &self,
        scope: &Scope,
        agreement: &Id,
        object: &ObjectRef,
    ) -> Result<Box<dyn Content>, ObjectError>;

    /// The file in which an object lies, for programs that read files and for parts of an object;
    /// `None` where it lies in none, or sealed. Its bytes are not checked.
    ///
    /// # Errors
    /// [`ObjectError::NotFound`].
    async fn file(
        &self,
        scope: &Scope,
        agreement: &Id,
        object: &ObjectRef,
    ) -> Result<Option<PathBuf>, ObjectError>;

    /// Whether an object is kept; its bytes are not read.
    ///
    /// # Errors
    /// [`ObjectError::NotFound`] for a foreign agreement.
    async fn exists(
        &self,
        scope: &Scope,
        agreement: &Id,
        object: &ObjectRef,
    ) -> Result<bool, ObjectError>;

    /// Those objects of an agreement whose SHA-256 is one of these, ordered by key and hash. Who
    /// knows a hash has read it in the journal, so a party may ask too.
    ///
    /// # Errors
    /// [`ObjectError::NotFound`] for a foreign agreement.
    async fn find(
        &self,
        scope: &Scope,
        agreement: &Id,
        hashes: &HashSet<[u8; 32]>,
    ) -> Result<Vec<ObjectRef>, ObjectError>;

    /// Everything kept for an agreement, ordered by key and hash. Operator only.
    ///
    /// # Errors
    /// Trouble with the machine.
    async fn list(&self, scope: &Scope, agreement: &Id) -> Result<Vec<ObjectRef>, ObjectError>;

    /// Removes an object; says whether it was there. Operator only.
    ///
    /// # Errors
    /// Trouble with the machine.
    async fn delete(
        &self,
        scope: &Scope,
        agreement: &Id,
        object: &ObjectRef,
    ) -> Result<bool, ObjectError>;
}

impl KeyId {
    /// Checks a name.
    ///
    /// # Errors
    /// When it is empty, too long or has another character.
    pub fn new(text: &str) -> Result<Self, KeyIdError> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if text.is_empty() || text.len() > 64 || !text.bytes().all(allowed) {
            return Err(KeyIdError);
        }
        Ok(Self(text.to_owned()))
    }

    /// No key: the bytes are kept as they are.
    #[must_use]
    pub fn none() -> Self {
        Self("none".to_owned())
    }

    /// Whether the bytes are kept as they are.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.0 == "none"
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl ObjectRef {
    /// The hash in hexadecimal.
    #[must_use]
    pub fn hex(&self) -> String {
        hex::encode(self.sha256)
    }
}

/// Reads an object whole, at most `limit` bytes.
///
/// # Errors
/// Those of [`Content::next`], and [`ObjectError::TooLarge`].
pub async fn read_whole(content: &mut dyn Content, limit: u64) -> Result<Vec<u8>, ObjectError> {
    let mut bytes = Vec::new();
    while let Some(piece) = content.next().await? {
        bytes.extend_from_slice(&piece);
        if u64::try_from(bytes.len()).map_or(true, |size| size > limit) {
            return Err(ObjectError::TooLarge { limit });
        }
    }
    Ok(bytes)
}
