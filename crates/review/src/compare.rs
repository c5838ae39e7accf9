//! Two versions of a document and their reviews: what became better or worse clause by clause, and
//! which blocks changed. Serves the watch on a vendor's terms. Judges nothing anew.

use std::collections::BTreeMap;

use serde::Serialize;
use wording::Wording;

use crate::{Finding, Review, Status, Value};

/// Which way a clause went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Turn {
    /// The status is better than before.
    Better,
    /// The status is worse than before.
    Worse,
    /// The status is the same, its parameters or words are not.
    Reworded,
    /// Nothing changed.
    Same,
}

/// One clause in both versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClauseTurn {
    /// The clause or check.
    pub clause: String,
    /// Its status before; none where there was no finding.
    pub before: Option<Status>,
    /// Its status now.
    pub after: Option<Status>,
    /// Which way it went.
    pub turn: Turn,
    /// Parameters that differ: name, before, after.
    pub parameters: Vec<(String, Option<Value>, Option<Value>)>,
    /// The words before.
    pub old_quote: String,
    /// The words now.
    pub new_quote: String,
}

/// What happened to a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Its words differ.
    Changed,
    /// Its words stand at another anchor.
    Moved,
}

/// A block that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BlockChange {
    /// Its anchor, in the new version where it is there.
    pub anchor: String,
    /// What happened.
    pub change: Change,
    /// Its words before.
    pub old: Option<String>,
    /// Its words now.
    pub new: Option<String>,
}

/// Two versions side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// Every clause of either review.
    pub clauses: Vec<ClauseTurn>,
    /// Blocks that differ, in the order of the new version; what is gone comes last.
    pub blocks: Vec<BlockChange>,
}

/// Compares two versions of a document and what was found in each.
#[must_use]
pub fn compare(old: (&Wording, &Review), new: (&Wording, &Review)) -> Comparison {
    Comparison { clauses: clauses(old.1, new.1), blocks: blocks(old.0, new.0) }
}

fn worst(review: &Review) -> BTreeMap<&str, &Finding> {
    let mut worst: BTreeMap<&str, &Finding> = BTreeMap::new();
    for finding in &review.findings {
        let known = worst.entry(&finding.clause).or_insert(finding);
        if finding.status.weight() > known.status.weight() {
            *known = finding;
        }
    }
    worst
}

fn clauses(old: &Review, new: &Review) -> Vec<ClauseTurn> {
    let before = worst(old);
    let after = worst(new);
    let mut ids: Vec<&str> = before.keys().chain(after.keys()).copied().collect();
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter().map(|id| turn(id, before.get(id).copied(), after.get(id).copied())).collect()
}

fn turn(id: &str, before: Option<&Finding>, after: Option<&Finding>) -> ClauseTurn {
    let weight = |finding: Option<&Finding>| finding.map_or(0, |finding| finding.status.weight());
    let parameters = differing(before, after);
    let quote = |finding: Option<&Finding>| {
        finding.map(|finding| finding.quote.clone()).unwrap_or_default()
    };
    let (old_quote, new_quote) = (quote(before), quote(after));
    let turn = match weight(after).cmp(&weight(before)) {
        std::cmp::Ordering::Less => Turn::Better,
        std::cmp::Ordering::Greater => Turn::Worse,
        std::cmp::Ordering::Equal if parameters.is_empty() && old_quote == new_quote => Turn::Same,
        std::cmp::Ordering::Equal => Turn::Reworded,
    };
    ClauseTurn {
        clause: id.to_owned(),
        before: before.map(|finding| finding.status),
        after: after.map(|finding| finding.status),
        turn,
        parameters,
        old_quote,
        new_quote,
    }
}

fn differing(
    before: Option<&Finding>,
    after: Option<&Finding>,
) -> Vec<(String, Option<Value>, Option<Value>)> {
    let value = |finding: Option<&Finding>, name: &str| {
        finding.and_then(|finding| finding.parameters.get(name)).cloned()
    };
    let mut names: Vec<&str> = [before, after]
        .into_iter()
        .flatten()
        .flat_map(|finding| finding.parameters.keys().copied())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .map(|name| (name.to_owned(), value(before, name), value(after, name)))
        .filter(|(_, before, after)| before != after)
        .collect()
}

/// FNV-1a over the words of a block, white space and case left out: the same on every machine.
fn fingerprint(text: &str) -> u64 {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .fold(0xcbf2_9ce4_8422_2325, |hash, c| {
            (hash ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01b3)
        })
}

fn blocks(old: &Wording, new: &Wording) -> Vec<BlockChange> {
    let mut there: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for index in (0..old.blocks.len()).rev() {
        there.entry(fingerprint(old.body(index))).or_default().push(index);
    }
    let anchors: BTreeMap<&str, usize> = old
        .blocks
        .iter()
        .enumerate()
        .map(|(index, block)| (block.anchor.as_str(), index))
        .collect();
    let mut kept = vec![false; old.blocks.len()];
    let mut open = Vec::new();
    let mut changes: Vec<(usize, BlockChange)> = Vec::new();
    for (index, block) in new.blocks.iter().enumerate() {
        let Some(from) = there.get_mut(&fingerprint(new.body(index))).and_then(Vec::pop) else {
            open.push(index);
            continue;
        };
        kept[from] = true;
        let renamed = old.blocks[from].number != block.number && block.number.is_some();
        if renamed {
            changes.push((
                index,
                change(&block.anchor, Change::Moved, Some(old.block(from)), Some(new.block(index))),
            ));
        }
    }
    for index in open {
        let block = &new.blocks[index];
        let from = anchors.get(block.anchor.as_str()).copied().filter(|from| !kept[*from]);
        if let Some(from) = from {
            kept[from] = true;
        }
        let kind = if from.is_some() { Change::Changed } else { Change::Added };
        changes.push((
            index,
            change(&block.anchor, kind, from.map(|from| old.block(from)), Some(new.block(index))),
        ));
    }
    changes.sort_by_key(|(index, _)| *index);
    let gone = (0..old.blocks.len()).filter(|index| !kept[*index]).map(|index| {
        change(&old.blocks[index].anchor, Change::Removed, Some(old.block(index)), None)
    });
    changes.into_iter().map(|(_, change)| change).chain(gone).collect()
}

fn change(anchor: &str, change: Change, old: Option<&str>, new: Option<&str>) -> BlockChange {
    BlockChange {
        anchor: anchor.to_owned(),
        change,
        old: old.map(str::to_owned),
        new: new.map(str::to_owned),
    }
}
