//! The search: every line by every form, one rule for finds that overlap, and a second look at what
//! is left.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use units::Date;

use crate::line::Line;
use crate::{Certainty, Kind, Reason, codes, mask, network, numbers};

/// How often a line is looked at again after its finds are taken out of it.
const ROUNDS: usize = 8;

/// An identifier in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Find {
    /// What it is.
    pub kind: Kind,
    /// How certain that is.
    pub certainty: Certainty,
    /// Why.
    pub reason: Reason,
    /// The first byte in the text, from 0.
    pub start: usize,
    /// The byte behind the last.
    pub end: usize,
    /// The first letter in the text, from 0.
    pub first: usize,
    /// The letter behind the last.
    pub last: usize,
    /// The line, from 1.
    pub line: usize,
    /// The letter of the line, from 1.
    pub column: usize,
    /// As it stands in the text: never to be shown unasked.
    pub text: String,
}

/// What a form found in a line; places are letters of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) kind: Kind,
    pub(crate) certainty: Certainty,
    pub(crate) reason: Reason,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Hit {
    /// A hit without a check digit: certain by the word beside it, or by its form alone.
    pub(crate) const fn formed(kind: Kind, start: usize, end: usize, named: bool) -> Self {
        let (certainty, reason) = if named {
            (Certainty::Context, Reason::FormWord)
        } else {
            (Certainty::Form, Reason::FormAlone)
        };
        Self { kind, certainty, reason, start, end }
    }

    /// A hit whose check digit holds.
    pub(crate) const fn checked(kind: Kind, start: usize, end: usize, reason: Reason) -> Self {
        Self { kind, certainty: Certainty::Checked, reason, start, end }
    }
}

/// Every identifier in a text, in order and without overlap. Nobody is born after `on`.
///
/// Of finds that overlap the longest is taken; of equally long ones the most certain, then the
/// first, then the earlier kind. An identifier does not go on over the end of a line.
#[must_use]
pub fn find(text: &str, on: Date) -> Vec<Find> {
    let mut finds = Vec::new();
    let (mut start, mut first) = (0, 0);
    for (number, line) in text.split('\n').enumerate() {
        let letters = line.chars().count();
        // No identifier has fewer letters than an e-mail address, `a@b.cn`.
        if letters >= 6 {
            let hits = hits(line, on);
            if !hits.is_empty() {
                place(line, &hits, (start, first, number + 1), &mut finds);
            }
        }
        start += line.len() + 1;
        first += letters + 1;
    }
    finds
}

/// The hits of a line; what they leave is looked at again, for a boundary may have gone with them.
fn hits(line: &str, on: Date) -> Vec<Hit> {
    let mut taken = chosen(candidates(&Line::new(line), on));
    if taken.is_empty() {
        return taken;
    }
    let mut left: Vec<char> = line.chars().collect();
    let mut new = taken.clone();
    for _ in 0..ROUNDS {
        for hit in &new {
            left[hit.start..hit.end].iter_mut().for_each(|letter| *letter = mask::star(*letter));
        }
        new = chosen(candidates(&Line::new(&left.iter().collect::<String>()), on));
        if new.is_empty() {
            break;
        }
        taken.extend(&new);
    }
    taken.sort_by_key(|hit| hit.start);
    taken
}

fn candidates(line: &Line, on: Date) -> Vec<Hit> {
    let mut hits = Vec::new();
    numbers::find(line, on, &mut hits);
    codes::find(line, &mut hits);
    network::find(line, &mut hits);
    hits
}

/// The one rule for overlaps: longest, most certain, first, earlier kind.
fn chosen(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by_key(|hit| (Reverse(hit.end - hit.start), hit.certainty, hit.start, hit.kind));
    let mut taken: BTreeMap<usize, Hit> = BTreeMap::new();
    for hit in hits {
        let before = taken.range(..hit.end).next_back();
        if before.is_none_or(|(_, before)| before.end <= hit.start) {
            taken.insert(hit.start, hit);
        }
    }
    taken.into_values().collect()
}

/// Places of the line as places of the text.
fn place(line: &str, hits: &[Hit], from: (usize, usize, usize), finds: &mut Vec<Find>) {
    let (start, first, number) = from;
    let mut bytes = line.char_indices().map(|(at, _)| at).chain([line.len()]).enumerate();
    let mut byte_of = |letter: usize| {
        bytes.find(|(at, _)| *at == letter).map(|(_, byte)| byte).expect("a letter of the line")
    };
    let mut known = (0, 0);
    for hit in hits {
        // A find may begin where the one before it ended.
        let begin = if known.0 == hit.start { known.1 } else { byte_of(hit.start) };
        let end = byte_of(hit.end);
        known = (hit.end, end);
        finds.push(Find {
            kind: hit.kind,
            certainty: hit.certainty,
            reason: hit.reason,
            start: start + begin,
            end: start + end,
            first: first + hit.start,
            last: first + hit.end,
            line: number,
            column: hit.start + 1,
            text: line[begin..end].to_owned(),
        });
    }
}
