//! The checkpoints of one verification: their signatures first, then their roots as the log
//! reaches their sizes.

use alloc::vec::Vec;

use super::report::{CheckpointResult, Finding};
use crate::checkpoint::Checkpoint;
use crate::hash::Hash;
use crate::key::VerifierKey;
use crate::note::Note;
use crate::tree::Frontier;

#[derive(Debug)]
pub(super) struct Checkpoints {
    /// Ascending by size; those before `reached` have their root compared.
    list: Vec<CheckpointResult>,
    /// The root that the log had at the size, beside each in `list`.
    computed: Vec<Option<Hash>>,
    reached: usize,
}

impl Checkpoints {
    pub(super) fn new(
        origin: &str,
        known: &[VerifierKey],
        texts: &[&str],
        findings: &mut Vec<Finding>,
    ) -> Self {
        let mut list = Vec::new();
        for (checkpoint, text) in texts.iter().enumerate() {
            match read(origin, known, checkpoint, text) {
                Ok(result) => list.push(result),
                Err(finding) => findings.push(finding),
            }
        }
        list.sort_by_key(|result| result.size);
        for pair in list.windows(2) {
            let (first, second) = (&pair[0], &pair[1]);
            if first.size == second.size && first.root != second.root {
                findings.push(Finding::SplitView {
                    size: first.size,
                    first: first.checkpoint,
                    second: second.checkpoint,
                    first_root: first.root,
                    second_root: second.root,
                });
            }
        }
        let computed = alloc::vec![None; list.len()];
        Self { list, computed, reached: 0 }
    }

    pub(super) fn next_size(&self) -> Option<u64> {
        self.list.get(self.reached).map(|result| result.size)
    }

    /// Compares the checkpoints of the size that the log has now.
    pub(super) fn reach(&mut self, recorded: &Frontier, lines: Option<&Frontier>) {
        while self.next_size() == Some(recorded.size()) {
            let result = &mut self.list[self.reached];
            let root = recorded.root();
            result.by_lines = lines.is_some_and(|lines| lines.root() == result.root);
            result.holds = root == result.root || result.by_lines;
            self.computed[self.reached] = Some(root);
            self.reached += 1;
        }
    }

    /// The results, and what is wrong with those that do not hold. `damaged_from` is the first
    /// position where the order of entries is broken; `have` is one more than the highest number.
    pub(super) fn finish(
        &mut self,
        damaged_from: Option<u64>,
        have: u64,
    ) -> (Vec<CheckpointResult>, Vec<Finding>) {
        let mut findings = Vec::new();
        let mut same_up_to = 0;
        for (result, computed) in self.list.iter().zip(&self.computed) {
            let (checkpoint, size, signed) = (result.checkpoint, result.size, result.root);
            if result.holds {
                same_up_to = size;
                continue;
            }
            let damaged = damaged_from.is_some_and(|position| position < size);
            findings.push(match *computed {
                Some(computed) if !damaged => {
                    Finding::Forked { checkpoint, size, signed, computed, same_up_to }
                }
                None if size > have => Finding::Truncated { checkpoint, size, have },
                computed => Finding::NotReached { checkpoint, size, signed, computed },
            });
        }
        (core::mem::take(&mut self.list), findings)
    }
}

fn read(
    origin: &str,
    known: &[VerifierKey],
    checkpoint: usize,
    text: &str,
) -> Result<CheckpointResult, Finding> {
    let bad_note = |error| Finding::BadNote { checkpoint, error };
    let note: Note = text.parse().map_err(bad_note)?;
    let signers = note.verify(known).map_err(bad_note)?;
    let stated = Checkpoint::of(&note);
    let stated = stated.map_err(|error| Finding::BadCheckpoint { checkpoint, error })?;
    if stated.origin != origin {
        return Err(Finding::WrongOrigin { checkpoint, origin: stated.origin });
    }
    let (size, root) = (stated.size, stated.root);
    Ok(CheckpointResult { checkpoint, size, root, signers, holds: false, by_lines: false })
}
