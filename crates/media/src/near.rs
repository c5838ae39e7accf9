//! Images that look alike: the difference hash (dHash) of 64 bits, and groups of those whose hashes
//! differ in few bits. Two files of the same image in two sizes or qualities differ in a few; that
//! two images are alike proves nothing about who made them.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// Groups that are listed at most.
pub const MOST_GROUPS: usize = 10_000;
/// The most bits that may differ: one more band than that is compared.
const MOST_BITS: u32 = 7;
/// Hashes of one band that are compared with one another at most.
const MOST_IN_BAND: usize = 2_000;

/// How an image looks, in 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub u64);

/// Images that look alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NearGroup {
    /// The places in the list that was given, in order; at least two.
    pub members: Vec<usize>,
    /// Bits in which some two neighbours of the group differ most.
    pub bits: u32,
}

impl Fingerprint {
    /// Of 9 by 8 grey values, row by row: whether each is darker than its neighbour to the right.
    #[must_use]
    pub fn of(grey: &[u8]) -> Self {
        let mut bits = 0_u64;
        for row in grey.chunks_exact(9).take(8) {
            for two in row.windows(2) {
                bits = bits << 1 | u64::from(two[0] < two[1]);
            }
        }
        Self(bits)
    }

    /// Of a text: the first 64 bits of the SHA-256 of its letters and digits in small letters, so
    /// that blanks, punctuation and case make no difference; of the whole text where it has none.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let letters = text.chars().filter(|letter| letter.is_alphanumeric());
        let plain: String = letters.flat_map(char::to_lowercase).collect();
        let hash = Sha256::digest(if plain.is_empty() { text } else { &plain });
        Self(hash.iter().take(8).fold(0, |bits, byte| bits << 8 | u64::from(*byte)))
    }

    /// Bits in which two differ.
    #[must_use]
    pub const fn differs(self, other: Self) -> u32 {
        (self.0 ^ other.0).count_ones()
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Groups of those that differ from another of the group in at most `bits` bits, at most seven.
/// Two that differ in so few bits are equal in one of `bits + 1` bands, so bands are compared.
#[must_use]
pub fn near(prints: &[Fingerprint], bits: u32) -> Vec<NearGroup> {
    let bits = bits.min(MOST_BITS);
    let mut same: BTreeMap<Fingerprint, Vec<usize>> = BTreeMap::new();
    for (at, print) in prints.iter().enumerate() {
        same.entry(*print).or_default().push(at);
    }
    let distinct: Vec<Fingerprint> = same.keys().copied().collect();
    let mut sets = Sets::new(distinct.len());
    for band in 0..=bits {
        let (low, high) = (band * 64 / (bits + 1), (band + 1) * 64 / (bits + 1));
        let mask = (u64::MAX >> (64 - (high - low))) << low;
        let mut bands: HashMap<u64, Vec<usize>> = HashMap::new();
        for (at, print) in distinct.iter().enumerate() {
            bands.entry(print.0 & mask).or_default().push(at);
        }
        for members in bands.into_values() {
            let members = &members[..members.len().min(MOST_IN_BAND)];
            for (nth, one) in members.iter().enumerate() {
                for other in &members[nth + 1..] {
                    let differs = distinct[*one].differs(distinct[*other]);
                    if differs <= bits {
                        sets.join(*one, *other, differs);
                    }
                }
            }
        }
    }
    groups(&distinct, &same, &mut sets)
}

fn groups(
    distinct: &[Fingerprint],
    same: &BTreeMap<Fingerprint, Vec<usize>>,
    sets: &mut Sets,
) -> Vec<NearGroup> {
    let mut found: BTreeMap<usize, NearGroup> = BTreeMap::new();
    for (at, print) in distinct.iter().enumerate() {
        let root = sets.root(at);
        let group =
            found.entry(root).or_insert(NearGroup { members: Vec::new(), bits: sets.bits[root] });
        group.members.extend_from_slice(&same[print]);
    }
    let mut groups: Vec<NearGroup> = found.into_values().collect();
    groups.retain(|group| group.members.len() > 1);
    for group in &mut groups {
        group.members.sort_unstable();
    }
    groups.sort_by(|one, other| one.members.cmp(&other.members));
    groups.truncate(MOST_GROUPS);
    groups
}

/// Disjoint sets, the smallest place being the root.
struct Sets {
    parent: Vec<usize>,
    bits: Vec<u32>,
}

impl Sets {
    fn new(count: usize) -> Self {
        Self { parent: (0..count).collect(), bits: vec![0; count] }
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize, bits: u32) {
        let (one, other) = (self.root(one), self.root(other));
        let (low, high) = (one.min(other), one.max(other));
        self.parent[high] = low;
        self.bits[low] = self.bits[low].max(self.bits[high]).max(bits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_with_the_same_letters_have_one_fingerprint() {
        #[track_caller]
        fn check(one: &str, other: &str, same: bool) {
            assert_eq!(Fingerprint::of_text(one) == Fingerprint::of_text(other), same, "{one}");
        }
        check("房间很大，早餐不错。", "房间很大 早餐不错！\n", true);
        check("Good Room!", "good room", true);
        check("房间很大", "房间不大", false);
        check("???", "!!!", false);
        check("", "", true);
    }

    #[test]
    fn alike_are_grouped_and_the_others_left_alone() {
        let check = |prints: &[u64], bits, want: &[(&[usize], u32)]| {
            let prints: Vec<Fingerprint> = prints.iter().map(|bits| Fingerprint(*bits)).collect();
            let have = near(&prints, bits);
            let have: Vec<(&[usize], u32)> =
                have.iter().map(|group| (group.members.as_slice(), group.bits)).collect();
            assert_eq!(have, want, "{prints:?}");
        };
        check(&[0, u64::MAX, 0], 0, &[(&[0, 2], 0)]);
        check(&[0b111, 0, u64::MAX], 3, &[(&[0, 1], 3)]);
        check(&[0b1111, 0, u64::MAX], 3, &[]);
        // Each is near to the next, and so all are of one group.
        check(&[0, 0b11, 0b1111], 2, &[(&[0, 1, 2], 2)]);
        check(&[], 3, &[]);
    }

    /// Against comparing each with each.
    #[test]
    fn no_pair_escapes_the_bands() {
        let mut seed = 7_u64;
        let mut next = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            seed
        };
        let mut prints: Vec<Fingerprint> = (0..200).map(|_| Fingerprint(next())).collect();
        for at in 0..200 {
            let (one, other) = (next() >> 58, next() >> 58);
            prints.push(Fingerprint(prints[at].0 ^ 1 << one ^ 1 << other));
        }
        for bits in [0, 1, 3, 7] {
            let groups = near(&prints, bits);
            for one in 0..prints.len() {
                for other in one + 1..prints.len() {
                    let alike = prints[one].differs(prints[other]) <= bits;
                    let together = groups.iter().any(|group| {
                        group.members.contains(&one) && group.members.contains(&other)
                    });
                    assert!(!alike || together, "{one} and {other} at {bits}");
                }
            }
        }
    }
}
