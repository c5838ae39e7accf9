//! The document with its findings marked in it: blocks cut into pieces at the ends of quotes, so
//! that findings that overlap are all told.

use review::Finding;
use serde::Serialize;
use wording::Wording;

/// A block with its pieces.
#[derive(Debug, Serialize)]
pub(super) struct Block {
    anchor: String,
    heading: bool,
    depth: u8,
    cell: bool,
    pieces: Vec<Piece>,
}

/// Text that the same findings quote.
#[derive(Debug, Serialize)]
struct Piece {
    text: String,
    /// Numbers of the findings, from 1.
    findings: Vec<usize>,
    /// The first finding that begins here: where a link leads.
    begins: Vec<usize>,
    /// The highest risk of them, as a code.
    risk: String,
}

/// Every block of a document.
pub(super) fn blocks(wording: &Wording, findings: &[Finding]) -> Vec<Block> {
    let bytes = bytes_of(wording, findings);
    wording
        .blocks
        .iter()
        .map(|block| Block {
            anchor: block.anchor.clone(),
            heading: block.heading,
            depth: block.depth.min(6),
            cell: block.cell.is_some(),
            pieces: pieces(wording, findings, &bytes, (block.start, block.end)),
        })
        .collect()
}

/// The quotes in bytes; an empty one where nothing is quoted.
fn bytes_of(wording: &Wording, findings: &[Finding]) -> Vec<(usize, usize)> {
    let mut ends: Vec<usize> =
        findings.iter().flat_map(|finding| [finding.start, finding.end]).collect();
    ends.sort_unstable();
    ends.dedup();
    let mut places = std::collections::BTreeMap::new();
    let mut wanted = ends.into_iter().peekable();
    for (count, (byte, _)) in wording.text.char_indices().enumerate() {
        while wanted.next_if_eq(&count).is_some() {
            places.insert(count, byte);
        }
    }
    let all = wording.text.len();
    let byte = |count: usize| places.get(&count).copied().unwrap_or(all);
    let quoted = findings.iter().map(|finding| match finding.quote.is_empty() {
        true => (0, 0),
        false => (byte(finding.start), byte(finding.end)),
    });
    quoted.collect()
}

fn pieces(
    wording: &Wording,
    findings: &[Finding],
    bytes: &[(usize, usize)],
    (start, end): (usize, usize),
) -> Vec<Piece> {
    let here: Vec<usize> = (0..findings.len())
        .filter(|at| bytes[*at].0 < bytes[*at].1 && bytes[*at].0 < end && bytes[*at].1 > start)
        .collect();
    let mut cuts = vec![start, end];
    for at in &here {
        cuts.extend([bytes[*at].0.clamp(start, end), bytes[*at].1.clamp(start, end)]);
    }
    cuts.sort_unstable();
    cuts.dedup();
    let piece = |pair: &[usize]| {
        let (from, to) = (pair[0], pair[1]);
        let within: Vec<usize> =
            here.iter().copied().filter(|at| bytes[*at].0 <= from && bytes[*at].1 >= to).collect();
        let begins = within.iter().filter(|at| bytes[**at].0.max(start) == from);
        let risk = within.iter().map(|at| findings[*at].risk).max();
        Piece {
            text: wording.text[from..to].to_owned(),
            begins: begins.filter(|at| bytes[**at].0 >= start).map(|at| at + 1).collect(),
            findings: within.iter().map(|at| at + 1).collect(),
            risk: risk.map(super::code).unwrap_or_default(),
        }
    };
    cuts.windows(2).map(piece).collect()
}
