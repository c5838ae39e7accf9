//! The order of entries. Keeps the maximal runs of consecutive numbers, of which a sound log has
//! one, and says from them what was dropped, doubled, swapped or moved.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use units::Timestamp;

use super::report::Finding;

/// Beyond this many runs the order is not followed any more, so that memory stays bounded.
const MAX_RUNS: usize = 2_048;

/// The runs of consecutive numbers, by position.
#[derive(Debug, Default)]
pub(super) struct Runs {
    list: Vec<Run>,
    shuffled_from: Option<u64>,
}

/// Entries `seq .. seq + count` at positions from `position` on.
#[derive(Debug, Clone, Copy)]
struct Run {
    position: u64,
    seq: u64,
    count: u64,
    first_at: Option<Timestamp>,
    last_at: Option<Timestamp>,
}

impl Run {
    /// One more than the last number.
    fn end(&self) -> u64 {
        self.seq + self.count
    }
}

impl Runs {
    /// Adds the next entry. Answers the time before it when it goes backwards within a run.
    pub(super) fn add(
        &mut self,
        position: u64,
        seq: u64,
        at: Option<Timestamp>,
    ) -> Option<Timestamp> {
        if self.shuffled_from.is_some() {
            return None;
        }
        if let Some(run) = self.list.last_mut()
            && run.end() == seq
        {
            run.count += 1;
            run.first_at = run.first_at.or(at);
            let backwards = run.last_at.filter(|last| at.is_some_and(|at| at < *last));
            run.last_at = at.or(run.last_at);
            return backwards;
        }
        if self.list.len() == MAX_RUNS {
            self.shuffled_from = Some(position);
        } else {
            self.list.push(Run { position, seq, count: 1, first_at: at, last_at: at });
        }
        None
    }

    /// The number that continues the last run.
    pub(super) fn expected(&self) -> u64 {
        self.list.last().map_or(0, Run::end)
    }

    /// One more than the highest number.
    pub(super) fn next_seq(&self) -> u64 {
        self.list.iter().map(Run::end).max().unwrap_or(0)
    }

    /// The first position whose entry does not have its position as number.
    pub(super) fn damaged_from(&self, positions: u64) -> Option<u64> {
        let run = self.list.iter().find(|run| run.seq != run.position);
        run.map(|run| run.position).or(self.shuffled_from).filter(|at| *at < positions)
    }

    /// What is wrong with the order.
    pub(super) fn diagnose(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        if let Some(position) = self.shuffled_from {
            findings.push(Finding::Shuffled { position });
        }
        let pieces = self.without_doubles(&mut findings);
        let mut sorted = pieces.clone();
        sorted.sort_by_key(|piece| piece.seq);
        // After a shuffle the rest is unknown, so a gap proves nothing.
        if self.shuffled_from.is_none() {
            find_dropped(&sorted, &mut findings);
        }
        find_moved(pieces, &sorted, &mut findings);
        find_backwards(&sorted, &mut findings);
        findings
    }

    /// The runs less what came before; what came before is reported.
    fn without_doubles(&self, findings: &mut Vec<Finding>) -> Vec<Run> {
        // Disjoint ranges of numbers seen so far, start to end.
        let mut seen: BTreeMap<u64, u64> = BTreeMap::new();
        let mut pieces = Vec::new();
        for run in &self.list {
            let before = seen.range(..=run.seq).next_back().filter(|(_, end)| **end > run.seq);
            let overlaps: Vec<(u64, u64)> = before
                .into_iter()
                .chain(seen.range(run.seq + 1..run.end()))
                .map(|(start, end)| ((*start).max(run.seq), (*end).min(run.end())))
                .collect();
            let mut next = run.seq;
            let mut keep = |from: u64, to: u64| {
                if from < to {
                    let whole = from == run.seq && to == run.end();
                    let (first_at, last_at) =
                        if whole { (run.first_at, run.last_at) } else { (None, None) };
                    let position = run.position + (from - run.seq);
                    let count = to - from;
                    pieces.push(Run { position, seq: from, count, first_at, last_at });
                    seen.insert(from, to);
                }
            };
            for (start, end) in overlaps {
                keep(next, start);
                let position = run.position + (start - run.seq);
                let (from_seq, to_seq) = (start, end - 1);
                findings.push(Finding::Duplicated { from_seq, to_seq, position });
                next = end;
            }
            keep(next, run.end());
        }
        pieces
    }
}

fn find_dropped(sorted: &[Run], findings: &mut Vec<Finding>) {
    let mut next = 0;
    for piece in sorted {
        if piece.seq > next {
            findings.push(Finding::Dropped { from_seq: next, to_seq: piece.seq - 1 });
        }
        next = piece.end();
    }
}

fn find_moved(pieces: Vec<Run>, sorted: &[Run], findings: &mut Vec<Finding>) {
    // The place that each piece would have among what is there, by its number.
    let mut places: BTreeMap<u64, u64> = BTreeMap::new();
    let mut place = 0;
    for piece in sorted {
        places.insert(piece.seq, place);
        place += piece.count;
    }
    let mut have = 0;
    let placed: Vec<(Run, u64, u64)> = pieces
        .into_iter()
        .map(|piece| {
            let want = places[&piece.seq];
            have += piece.count;
            (piece, want, have - piece.count)
        })
        .collect();
    // Two single entries that hold each other's place were swapped.
    let displaced: BTreeMap<u64, (Run, u64)> = placed
        .iter()
        .filter(|(piece, want, have)| want != have && piece.count == 1)
        .map(|(piece, want, have)| (*have, (*piece, *want)))
        .collect();
    let mut in_place = Vec::new();
    for (piece, want, have) in &placed {
        let partner = displaced.get(want).filter(|(other, _)| other.count == 1);
        let swapped = piece.count == 1 && want != have;
        match partner.filter(|(_, wanted)| swapped && wanted == have) {
            Some((other, _)) if have < want => findings.push(Finding::Swapped {
                first_seq: piece.seq,
                first_position: piece.position,
                second_seq: other.seq,
                second_position: other.position,
            }),
            Some(_) => {}
            None => in_place.push(*piece),
        }
    }
    for piece in outside_longest_ascent(&in_place) {
        let (from_seq, to_seq, position) = (piece.seq, piece.end() - 1, piece.position);
        findings.push(Finding::Moved { from_seq, to_seq, position });
    }
}

/// The pieces that have to move so that the rest ascends, as few entries as possible.
fn outside_longest_ascent(pieces: &[Run]) -> Vec<Run> {
    if pieces.is_sorted_by_key(|piece| piece.seq) {
        return Vec::new();
    }
    // For each piece: the most entries in an ascent that ends there, and the piece before it.
    let mut best: Vec<(u64, Option<usize>)> = Vec::with_capacity(pieces.len());
    for (index, piece) in pieces.iter().enumerate() {
        let before = (0..index).filter(|other| pieces[*other].seq < piece.seq);
        let before = before.max_by_key(|other| best[*other].0);
        best.push((before.map_or(0, |other| best[other].0) + piece.count, before));
    }
    let mut kept = alloc::vec![false; pieces.len()];
    let mut at = (0..pieces.len()).max_by_key(|index| best[*index].0);
    while let Some(index) = at {
        kept[index] = true;
        at = best[index].1;
    }
    pieces.iter().zip(kept).filter(|(_, kept)| !kept).map(|(piece, _)| *piece).collect()
}

/// Times that go backwards from one run to the run that follows it by number.
fn find_backwards(sorted: &[Run], findings: &mut Vec<Finding>) {
    for pair in sorted.windows(2) {
        if let (Some(previous), Some(at)) = (pair[0].last_at, pair[1].first_at)
            && at < previous
        {
            findings.push(Finding::TimeBackwards { seq: pair[1].seq, at, previous });
        }
    }
}
