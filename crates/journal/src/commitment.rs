//! Salted commitments for what may have to be deleted: the log holds the commitment for ever, the
//! salt and the content stand beside it and can go. Knows nothing of the content.

use core::fmt;

use crate::hash::Hash;

const TAG: &[u8] = b"tallystick commitment v1\n";

/// `SHA-256("tallystick commitment v1\n" || salt || content)`.
///
/// Once the salt is deleted, nobody can test a guess at the content. The salt is 32 random bytes,
/// drawn by the caller for each content.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct Commitment(Hash);

impl Commitment {
    /// Commits to a content under a fresh salt.
    #[must_use]
    pub fn new(salt: &[u8; 32], content: &[u8]) -> Self {
        Self(Hash::of_parts(&[TAG, salt, content]))
    }

    /// Whether the opened salt and content are what was committed to.
    #[must_use]
    pub fn opens(&self, salt: &[u8; 32], content: &[u8]) -> bool {
        *self == Self::new(salt, content)
    }

    /// The hash that stands in the log.
    #[must_use]
    pub const fn hash(&self) -> &Hash {
        &self.0
    }
}

impl fmt::Display for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
