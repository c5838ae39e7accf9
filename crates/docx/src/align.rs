//! Which block of one version is which of the other: equal ones first, then those that are
//! alike, in order.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::tokens::{han, tokens};

/// Blocks that have at least this share of their words in common, in 1000, can be the same.
const ALIKE: u32 = 450;
/// The share that an equal number adds.
const NUMBER: u32 = 80;
/// How far from the diagonal of a gap a pair is looked for.
const BAND: usize = 80;

/// The largest table of pairs.
const MOST: usize = 4_000_000;

/// What is compared of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    /// Blocks of two kinds are never the same.
    pub(crate) kind: u32,
    pub(crate) text: String,
    pub(crate) number: Option<String>,
}

/// A step from the old blocks to the new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Same(usize, usize),
    Delete(usize),
    Insert(usize),
}

/// The steps, in order.
pub(crate) fn align(old: &[Key], new: &[Key]) -> Vec<Step> {
    let id = |key: &Key| (key.kind, hash(&key.text));
    let a: Vec<(u32, u64)> = old.iter().map(id).collect();
    let b: Vec<(u32, u64)> = new.iter().map(id).collect();
    let mut steps = Vec::new();
    let (mut gone, mut come): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    for op in capture_diff_slices(Algorithm::Patience, &a, &b) {
        if let DiffOp::Equal { old_index, new_index, len } = op {
            gap(old, new, &gone, &come, &mut steps);
            gone.clear();
            come.clear();
            steps.extend((0..len).map(|at| Step::Same(old_index + at, new_index + at)));
        } else {
            gone.extend(op.old_range());
            come.extend(op.new_range());
        }
    }
    gap(old, new, &gone, &come, &mut steps);
    steps
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// The words of a text as sorted hashes; of Chinese the characters, of which more stay the same.
fn bag(text: &str) -> Vec<u64> {
    let mut bag: Vec<u64> = Vec::new();
    for token in tokens(text, &[]) {
        if token.chars().any(han) {
            let characters = token.split("").filter(|c| c.chars().any(char::is_alphanumeric));
            bag.extend(characters.map(hash));
        } else if token.chars().any(char::is_alphanumeric) {
            bag.push(hash(token));
        }
    }
    bag.sort_unstable();
    bag
}

/// Twice the common words over all words, in 1000.
fn alike(a: &[u64], b: &[u64]) -> u32 {
    let (mut i, mut j, mut common) = (0, 0, 0usize);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                common += 1;
                i += 1;
                j += 1;
            }
        }
    }
    (2_000 * common).checked_div(a.len() + b.len()).unwrap_or(0) as u32
}

/// Pairs what is alike between two equal places, for the largest likeness as a whole.
fn gap(old: &[Key], new: &[Key], gone: &[usize], come: &[usize], steps: &mut Vec<Step>) {
    let (n, m) = (gone.len(), come.len());
    if n == 0 || m == 0 {
        steps.extend(gone.iter().map(|&at| Step::Delete(at)));
        steps.extend(come.iter().map(|&at| Step::Insert(at)));
        return;
    }
    if n > 1 && m > 1 && n * m > MOST {
        // No contract comes here. Halves keep the table small.
        gap(old, new, &gone[..n / 2], &come[..m / 2], steps);
        gap(old, new, &gone[n / 2..], &come[m / 2..], steps);
        return;
    }
    let bags =
        |keys: &[Key], at: &[usize]| at.iter().map(|&at| bag(&keys[at].text)).collect::<Vec<_>>();
    let (a, b) = (bags(old, gone), bags(new, come));
    let score = |i: usize, j: usize| {
        let (x, y) = (&old[gone[i]], &new[come[j]]);
        let near = (i * m / n).abs_diff(j) <= BAND;
        if x.kind != y.kind || !near {
            return 0;
        }
        // Two blocks without words (empty lines, rules) are the same where nothing speaks against.
        let words = if a[i].is_empty() && b[j].is_empty() { ALIKE } else { alike(&a[i], &b[j]) };
        let number = if x.number.is_some() && x.number == y.number { NUMBER } else { 0 };
        let total = words + number;
        if total >= ALIKE { total } else { 0 }
    };
    let width = m + 1;
    let mut best = vec![0u32; (n + 1) * width];
    let mut scores = vec![0u32; n * m];
    for i in (0..n).rev() {
        for j in (0..m).rev() {
            let own = score(i, j);
            scores[i * m + j] = own;
            let skip = best[(i + 1) * width + j].max(best[i * width + j + 1]);
            let take = if own > 0 { own + best[(i + 1) * width + j + 1] } else { 0 };
            best[i * width + j] = skip.max(take);
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < n && j < m {
        let own = scores[i * m + j];
        let here = best[i * width + j];
        if own > 0 && here == own + best[(i + 1) * width + j + 1] {
            steps.push(Step::Same(gone[i], come[j]));
            i += 1;
            j += 1;
        } else if here == best[(i + 1) * width + j] {
            steps.push(Step::Delete(gone[i]));
            i += 1;
        } else {
            steps.push(Step::Insert(come[j]));
            j += 1;
        }
    }
    steps.extend(gone[i..].iter().map(|&at| Step::Delete(at)));
    steps.extend(come[j..].iter().map(|&at| Step::Insert(at)));
}
