//! Gold items hidden among the work: whether the next item of a person is one, and which. Follows
//! from a secret seed, so that it can be done again and not be guessed. Serves anno-3.6.

use sha2::{Digest, Sha256};

/// Whether the item that a person gets as their `nth` (from 0) is a gold item, when so many of
/// 10,000 shall be. Of any 100 items in a row about that share is; never two before the first.
#[must_use]
pub fn is_gold_due(seed: &[u8; 32], project: &str, person: &str, nth: u64, of_10000: u32) -> bool {
    word(seed, "due", project, person, nth) % 10_000 < u64::from(of_10000.min(10_000))
}

/// Which of `count` gold items; `None` where there is none.
#[must_use]
pub fn choose_gold(
    seed: &[u8; 32],
    project: &str,
    person: &str,
    nth: u64,
    count: usize,
) -> Option<usize> {
    let count = u64::try_from(count).ok().filter(|count| *count > 0)?;
    usize::try_from(word(seed, "which", project, person, nth) % count).ok()
}

/// 64 bits of SHA-256 over the seed and the question. The remainder by a small number is as good as
/// even: it is off by less than one in 2^40.
fn word(seed: &[u8; 32], what: &str, project: &str, person: &str, nth: u64) -> u64 {
    let mut hash = Sha256::new();
    hash.update(b"tallystick gold v1\0");
    hash.update(seed);
    for part in [what, project, person] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.update(nth.to_be_bytes());
    let bytes: [u8; 32] = hash.finalize().into();
    bytes.iter().take(8).fold(0, |word, byte| word << 8 | u64::from(*byte))
}
