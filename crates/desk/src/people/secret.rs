//! Tokens: 256 random bits in hexadecimal, kept by their hash. Comparisons take the same time
//! whatever the difference.

use journal::Hash;
use subtle::ConstantTimeEq as _;

use super::{Fault, People};

/// The characters of a token.
pub(super) const TOKEN: usize = 64;

/// What is kept of a token.
pub(super) fn hash(token: &str) -> String {
    hex::encode(Hash::of(token.as_bytes()).bytes())
}

/// Whether two secrets are the same.
pub(super) fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

impl People {
    /// 32 random bytes.
    pub(crate) fn random(&self) -> Result<[u8; 32], Fault> {
        Ok(self.secrets.bytes()?)
    }

    /// A token of 256 bits.
    pub(super) fn token(&self) -> Result<String, Fault> {
        Ok(hex::encode(self.random()?))
    }

    /// A name of 128 bits that nobody else has; no secret.
    pub(super) fn new_id(&self) -> Result<String, Fault> {
        Ok(hex::encode(&self.random()?[..16]))
    }

    /// A name that sorts by the time at which it was made; no secret.
    pub(crate) fn new_id_in_time(&self) -> Result<String, Fault> {
        let micros = self.now().micros().max(0).unsigned_abs();
        Ok(format!("{micros:016x}{}", hex::encode(&self.random()?[..8])))
    }
}
