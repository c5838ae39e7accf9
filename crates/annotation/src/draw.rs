//! The sample that is inspected, drawn so that neither party can steer it and a stranger can draw
//! it again. Serves anno-4.1.1.
//!
//! Before the delivery each party chooses 32 secret bytes and gives the other their commitment,
//! `SHA-256("tallystick sample commitment v1" || 0x00 || bytes)`. After the delivery both reveal.
//! Then:
//!
//! 1. key = `SHA-256("tallystick sample seed v1" || 0x00 || customer's 32 bytes || vendor's 32
//!    bytes || lot name as UTF-8)`;
//! 2. the items' ids are sorted by their bytes, `a[0] .. a[N-1]`;
//! 3. the key stream is ChaCha20 (20 rounds) with that key, a zero nonce and the block counter
//!    from 0, read as little-endian 64-bit words;
//! 4. for `i` from 0 to `n - 1`: take words until one is below the largest multiple of `N - i`
//!    that 64 bits hold, `j = i + word mod (N - i)`, and swap `a[i]` with `a[j]`;
//! 5. the sample is `a[0] .. a[n-1]`, listed in order of the ids.

use std::collections::BTreeSet;

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// A party's secret bytes.
pub type Seed = [u8; 32];

/// Why a sample could not be drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DrawError {
    /// Fewer items than the sample takes.
    #[error("the lot has {have} items and the sample takes {need}")]
    LotTooSmall {
        /// Items there are.
        have: u64,
        /// Items the sample takes.
        need: u64,
    },
    /// An id occurs twice.
    #[error("id {id} occurs twice")]
    DuplicateId {
        /// The id.
        id: String,
    },
    /// A revealed seed is not the one that was committed to.
    #[error("the revealed seed is not the committed one")]
    NotCommitted,
}

/// The commitment that a party gives before the delivery.
#[must_use]
pub fn commitment(seed: &Seed) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"tallystick sample commitment v1\0");
    hash.update(seed);
    hash.finalize().into()
}

/// Checks a revealed seed against its commitment.
///
/// # Errors
/// When it is another seed.
pub fn check_commitment(seed: &Seed, committed: &[u8; 32]) -> Result<(), DrawError> {
    if commitment(seed) == *committed { Ok(()) } else { Err(DrawError::NotCommitted) }
}

/// Draws `count` of the items of a lot by both parties' revealed seeds. The result is in order of
/// the ids and does not depend on the order of `items`.
///
/// # Errors
/// When the lot is too small or names an item twice.
pub fn draw_sample<'a>(
    items: &[&'a str],
    count: u64,
    customer: &Seed,
    vendor: &Seed,
    lot: &str,
) -> Result<Vec<&'a str>, DrawError> {
    let have = items.len() as u64;
    if count > have {
        return Err(DrawError::LotTooSmall { have, need: count });
    }
    let mut ids = items.to_vec();
    ids.sort_unstable();
    for pair in ids.windows(2) {
        if let [a, b] = pair
            && a == b
        {
            return Err(DrawError::DuplicateId { id: (*a).to_owned() });
        }
    }
    let mut hash = Sha256::new();
    hash.update(b"tallystick sample seed v1\0");
    hash.update(customer);
    hash.update(vendor);
    hash.update(lot.as_bytes());
    let mut random = ChaCha20Rng::from_seed(hash.finalize().into());
    let count = usize::try_from(count).unwrap_or(ids.len());
    for at in 0..count {
        let left = (ids.len() - at) as u64;
        let step = usize::try_from(below(&mut random, left));
        ids.swap(at, at + step.expect("a step is below the number of items"));
    }
    ids.truncate(count);
    Ok(ids.into_iter().collect::<BTreeSet<_>>().into_iter().collect())
}

/// A number below `bound`, each equally likely: words at or above the largest multiple of `bound`
/// are passed over. `bound` is not zero.
pub(crate) fn below(random: &mut ChaCha20Rng, bound: u64) -> u64 {
    let excess = (u64::MAX % bound + 1) % bound;
    loop {
        let word = random.next_u64();
        if word <= u64::MAX - excess {
            return word % bound;
        }
    }
}
