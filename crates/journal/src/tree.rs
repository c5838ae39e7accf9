//! The RFC 6962 Merkle tree over leaf hashes: its root, and proofs that an entry is in it or that
//! one tree continues another. Knows nothing of entries.

use alloc::vec::Vec;

use crate::hash::Hash;

/// The right edge of a tree: enough to append and to know the root, 32 bytes for each bit of size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    /// The roots of the complete subtrees, largest first: one for each bit set in `size`.
    peaks: Vec<Hash>,
}

/// A whole tree in memory, 64 bytes an entry: proofs for any size in logarithmic time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    /// `levels[k][i]` is the root of the complete subtree over leaves `i << k .. (i + 1) << k`.
    levels: Vec<Vec<Hash>>,
}

/// Why a proof cannot be made or does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// No such leaf in a tree of that size.
    #[error("there is no entry {index} in a tree of {size}")]
    Index {
        /// The leaf, from 0.
        index: u64,
        /// The tree's size.
        size: u64,
    },
    /// The tree is smaller than the size asked for, or the sizes do not ascend.
    #[error("a tree of {have} cannot answer for a tree of {size}")]
    Size {
        /// The size asked for.
        size: u64,
        /// The size there is.
        have: u64,
    },
    /// The proof has too few or too many hashes.
    #[error("the proof has the wrong length, {have} hashes")]
    Length {
        /// Hashes given.
        have: usize,
    },
    /// The proof leads to another root.
    #[error("the proof leads to the root {computed}, not to {expected}")]
    Root {
        /// The root that should come out.
        expected: Hash,
        /// The root that came out.
        computed: Hash,
    },
}

impl Default for Frontier {
    fn default() -> Self {
        Self::new()
    }
}

impl Frontier {
    /// The empty tree.
    #[must_use]
    pub const fn new() -> Self {
        Self { size: 0, peaks: Vec::new() }
    }

    /// From a stored size and stored peaks; `None` when their counts do not agree.
    #[must_use]
    pub fn from_parts(size: u64, peaks: Vec<Hash>) -> Option<Self> {
        (size.count_ones() as usize == peaks.len()).then_some(Self { size, peaks })
    }

    /// The roots of the complete subtrees, largest first.
    #[must_use]
    pub fn peaks(&self) -> &[Hash] {
        &self.peaks
    }

    /// Leaves appended so far.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf hash.
    pub fn append(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            let left = self.peaks.pop().expect("every set bit of the size has a peak");
            hash = Hash::node(&left, &hash);
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root of the tree; of the empty tree, `SHA-256("")`.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else { return Hash::of(b"") };
        peaks.fold(*last, |right, left| Hash::node(left, &right))
    }
}

impl Tree {
    /// The empty tree.
    #[must_use]
    pub const fn new() -> Self {
        Self { levels: Vec::new() }
    }

    /// Leaves appended so far.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }

    /// The leaf hashes, in order.
    #[must_use]
    pub fn leaves(&self) -> &[Hash] {
        self.levels.first().map_or(&[], Vec::as_slice)
    }

    /// Appends a leaf hash.
    pub fn append(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            let nodes = &mut self.levels[level];
            nodes.push(hash);
            if nodes.len() % 2 == 1 {
                return;
            }
            hash = Hash::node(&nodes[nodes.len() - 2], &nodes[nodes.len() - 1]);
        }
    }

    /// The root of the whole tree.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.range(0, self.size())
    }

    /// The root that the tree had at an earlier size.
    ///
    /// # Errors
    /// When the tree is smaller than that.
    pub fn root_at(&self, size: u64) -> Result<Hash, ProofError> {
        self.need(size)?;
        Ok(self.range(0, size))
    }

    /// The audit path of a leaf in the tree of a size, from the leaf's sibling upwards.
    ///
    /// # Errors
    /// When the tree is smaller than that or has no such leaf.
    pub fn inclusion_proof(&self, index: u64, size: u64) -> Result<Vec<Hash>, ProofError> {
        self.need(size)?;
        if index >= size {
            return Err(ProofError::Index { index, size });
        }
        let mut path = Vec::new();
        let (mut start, mut end) = (0, size);
        while end - start > 1 {
            let middle = start + split(end - start);
            if index < middle {
                path.push(self.range(middle, end));
                end = middle;
            } else {
                path.push(self.range(start, middle));
                start = middle;
            }
        }
        path.reverse();
        Ok(path)
    }

    /// The proof that the tree of size `new` continues the tree of size `old`.
    ///
    /// # Errors
    /// When the tree is smaller than `new`, or `old` is larger than `new`.
    pub fn consistency_proof(&self, old: u64, new: u64) -> Result<Vec<Hash>, ProofError> {
        self.need(new)?;
        if old > new {
            return Err(ProofError::Size { size: old, have: new });
        }
        let mut path = Vec::new();
        if old == 0 || old == new {
            return Ok(path);
        }
        let (mut start, mut end) = (0, new);
        while end != old {
            let middle = start + split(end - start);
            if old <= middle {
                path.push(self.range(middle, end));
                end = middle;
            } else {
                path.push(self.range(start, middle));
                start = middle;
            }
        }
        // The old root itself is known to the reader, so it is left out when it is a whole subtree.
        if start != 0 {
            path.push(self.range(start, end));
        }
        path.reverse();
        Ok(path)
    }

    fn need(&self, size: u64) -> Result<(), ProofError> {
        let have = self.size();
        if size > have { Err(ProofError::Size { size, have }) } else { Ok(()) }
    }

    /// The root over leaves `start .. end`, a range that the tree's own division yields.
    fn range(&self, start: u64, end: u64) -> Hash {
        let length = end - start;
        if length == 0 {
            return Hash::of(b"");
        }
        if length.is_power_of_two() {
            let level = length.trailing_zeros();
            return self.levels[level as usize][(start >> level) as usize];
        }
        let middle = start + split(length);
        Hash::node(&self.range(start, middle), &self.range(middle, end))
    }
}

impl FromIterator<Hash> for Tree {
    fn from_iter<I: IntoIterator<Item = Hash>>(leaves: I) -> Self {
        let mut tree = Self::new();
        leaves.into_iter().for_each(|leaf| tree.append(leaf));
        tree
    }
}

/// The largest power of two below a length of at least 2.
const fn split(length: u64) -> u64 {
    1 << (63 - (length - 1).leading_zeros())
}

/// Checks that a leaf stands at an index of the tree of a size and root (RFC 9162, 2.1.3.2).
///
/// # Errors
/// When there is no such leaf, or the path has the wrong length or leads elsewhere.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    path: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Index { index, size });
    }
    let length = ProofError::Length { have: path.len() };
    let (mut node, mut last, mut hash) = (index, size - 1, *leaf);
    for step in path {
        if last == 0 {
            return Err(length);
        }
        if node & 1 == 1 || node == last {
            hash = Hash::node(step, &hash);
            while node & 1 == 0 && node != 0 {
                (node, last) = (node >> 1, last >> 1);
            }
        } else {
            hash = Hash::node(&hash, step);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    if last != 0 {
        return Err(length);
    }
    same(root, hash)
}

/// Checks that the tree of size `new` continues the tree of size `old` (RFC 9162, 2.1.4.2).
///
/// # Errors
/// When the sizes do not ascend, or the proof has the wrong length or leads to another root.
pub fn verify_consistency(
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
    path: &[Hash],
) -> Result<(), ProofError> {
    if old > new {
        return Err(ProofError::Size { size: old, have: new });
    }
    let length = ProofError::Length { have: path.len() };
    if old == 0 || old == new {
        if !path.is_empty() {
            return Err(length);
        }
        let expected = if old == 0 { Hash::of(b"") } else { *new_root };
        return same(old_root, expected);
    }
    let (mut node, mut last) = (old - 1, new - 1);
    let complete = node.trailing_ones();
    (node, last) = (node >> complete, last >> complete);
    let mut steps = path.iter();
    // The first hash is the old tree's last complete subtree; where that is the whole old tree,
    // the proof leaves it out.
    let seed = if node == 0 { *old_root } else { *steps.next().ok_or(length)? };
    let (mut from_old, mut from_new) = (seed, seed);
    for step in steps {
        if last == 0 {
            return Err(length);
        }
        if node & 1 == 1 || node == last {
            from_old = Hash::node(step, &from_old);
            from_new = Hash::node(step, &from_new);
            while node & 1 == 0 && node != 0 {
                (node, last) = (node >> 1, last >> 1);
            }
        } else {
            from_new = Hash::node(&from_new, step);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    if last != 0 {
        return Err(length);
    }
    same(old_root, from_old)?;
    same(new_root, from_new)
}

fn same(expected: &Hash, computed: Hash) -> Result<(), ProofError> {
    if *expected == computed {
        Ok(())
    } else {
        Err(ProofError::Root { expected: *expected, computed })
    }
}
