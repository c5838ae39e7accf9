//! Words as they are compared: an amount with its currency and unit, a date, a number of a clause
//! and a defined term are one word each; Chinese is cut into words by a list of our own.
//!
//! Why there is no general dictionary: docs/decisions/0016-words-of-our-own.md.

mod cut;
mod quantity;
#[cfg(test)]
mod tests;

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

pub(crate) use cut::tokens;

/// More tokens than this are not compared one by one: the whole paragraph is replaced.
const MOST: usize = 60_000;
/// White space of at most this many characters between two changes is changed with them, and so is
/// a single Chinese character.
const REMAINS: usize = 2;

/// One change: characters of the old text and what comes in their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) old: Range<usize>,
    pub(crate) new: Range<usize>,
}

/// The changes from one text to another, as ranges of characters.
pub(crate) fn changes(old: &str, new: &str, terms: &[String]) -> Vec<Change> {
    if old == new {
        return Vec::new();
    }
    let (a, b) = (tokens(old, terms), tokens(new, terms));
    if a.len() + b.len() > MOST {
        return vec![Change { old: 0..old.chars().count(), new: 0..new.chars().count() }];
    }
    let (from, to) = (starts(&a), starts(&b));
    let mut found: Vec<Change> = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &a, &b) {
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        let (x, y) = (op.old_range(), op.new_range());
        let change = Change { old: from[x.start]..from[x.end], new: to[y.start]..to[y.end] };
        match found.last_mut() {
            Some(last) if joined(old, last, &change) => {
                last.old.end = change.old.end;
                last.new.end = change.new.end;
            }
            _ => found.push(change),
        }
    }
    found
}

/// Whether what stands between two changes is too short to be kept.
fn joined(old: &str, last: &Change, next: &Change) -> bool {
    let between = next.old.start - last.old.end;
    if between == 0 {
        return true;
    }
    // Two small changes that stand apart say more than one large one.
    let replaced = |change: &Change| !change.old.is_empty() && !change.new.is_empty();
    if between > REMAINS || !replaced(last) || !replaced(next) {
        return false;
    }
    let mut kept = old.chars().skip(last.old.end).take(between);
    kept.all(|c| c.is_whitespace() || between == 1 && han(c))
}

fn starts(tokens: &[&str]) -> Vec<usize> {
    let mut at = 0;
    let mut all = vec![0];
    for token in tokens {
        at += token.chars().count();
        all.push(at);
    }
    all
}

/// A letter of a script that writes words apart.
fn word(c: char) -> bool {
    (c.is_alphanumeric() || matches!(c, '\'' | '’' | '_')) && !han(c)
}

/// A character of a script that does not.
pub(crate) fn han(c: char) -> bool {
    matches!(c as u32, 0x2E80..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF | 0xAC00..=0xD7AF)
}
