//! CUAD v1 as rows: contracts as text, and the experts' quotations found again in their passages.

use std::collections::HashMap;
use std::path::Path;

use review::locator::{Passage, Topic};
use wording::Wording;

use crate::corpus::{Document, Failure, folded, read_text};

/// Columns of `master_clauses.csv` and the topics that they label.
const COLUMNS: &[(&str, Topic)] = &[
    ("Audit Rights", Topic::AuditRights),
    ("Cap on Liability", Topic::LiabilityCap),
    ("Uncapped Liability", Topic::UncappedLiability),
    ("IP Ownership Assignment", Topic::IpAssignment),
    ("Post-Termination Services", Topic::PostTermination),
    ("Liquidated Damages", Topic::LiquidatedDamages),
    ("Termination for Convenience", Topic::ConvenienceTermination),
    ("Minimum Commitment", Topic::MinimumCommitment),
    ("Irrevocable or Perpetual License", Topic::IrrevocableLicence),
    ("Renewal Term", Topic::Renewal),
    ("Governing Law", Topic::GoverningLaw),
];
/// Columns whose passages are neither right nor wrong for a topic, and are not trained on for it:
/// joint ownership is a kind of assignment that the experts keep apart.
const UNSURE: &[(&str, Topic)] = &[("Joint IP Ownership", Topic::IpAssignment)];
/// A part of a quotation that is shorter, in folded characters, is not looked for.
const SHORTEST: usize = 16;
/// A quotation that is not found whole is looked for in pieces of so many folded characters.
const PIECE: usize = 48;
/// A passage is labelled when it shares so many folded characters with a quotation.
const SHARED: usize = 30;

/// The topics that CUAD labels.
pub(crate) fn topics() -> Vec<Topic> {
    COLUMNS.iter().map(|(_, topic)| *topic).collect()
}

/// What became of the quotations of a topic.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Matched {
    /// Quotations found whole.
    pub(crate) whole: usize,
    /// Quotations of which pieces were found.
    pub(crate) pieces: usize,
    /// Quotations not found.
    pub(crate) lost: usize,
    /// Documents with quotations of which none was found.
    pub(crate) documents: usize,
}

/// What became of the quotations, a line a topic.
pub(crate) fn report(matched: &HashMap<Topic, Matched>) {
    for (topic, found) in
        topics().into_iter().filter_map(|topic| Some((topic, matched.get(&topic)?)))
    {
        let Matched { whole, pieces, lost, documents } = found;
        println!(
            "{:24} {whole} quotations found, {pieces} in pieces, {lost} not; \
             {documents} documents without any",
            topic.name()
        );
    }
}

impl Matched {
    fn add(&mut self, other: Self) {
        self.whole += other.whole;
        self.pieces += other.pieces;
        self.lost += other.lost;
        self.documents += other.documents;
    }
}

/// The contracts in `folder`, by name.
pub(crate) fn read(folder: &Path) -> Result<(Vec<Document>, HashMap<Topic, Matched>), Failure> {
    let mut labels = labels(&folder.join("master_clauses.csv"))?;
    let mut files: Vec<_> = std::fs::read_dir(folder.join("contracts"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    let mut matched: HashMap<Topic, Matched> = HashMap::new();
    let mut found = Vec::new();
    for file in files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let Some(quotes) = labels.remove(&name_key(&name)) else {
            println!("no labels for {name}");
            continue;
        };
        let wording = read_text(&file)?;
        let mut document = Document::new(name, wording, known());
        for (topic, quotes, sure) in &quotes {
            let (labels, tally) = quoted(&document, quotes);
            let bit = 1 << *topic as u32;
            let into = if *sure { &mut document.labels } else { &mut document.unsure };
            for (into, found) in into.iter_mut().zip(labels) {
                *into |= if found { bit } else { 0 };
            }
            if *sure {
                document.lost |= if tally.documents > 0 { bit } else { 0 };
                matched.entry(*topic).or_default().add(tally);
            }
        }
        found.push(document);
    }
    Ok((found, matched))
}

fn known() -> u32 {
    topics().into_iter().fold(0, |known, topic| known | 1 << topic as u32)
}

fn name_key(name: &str) -> String {
    name.replace(['É', 'é'], "e")
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// The quotations of one contract, by topic, and whether they make a passage right.
type Quotes = Vec<(Topic, Vec<String>, bool)>;

fn labels(file: &Path) -> Result<HashMap<String, Quotes>, Failure> {
    let mut reader = csv::Reader::from_path(file)?;
    let headers = reader.headers()?.clone();
    let place = |name: &str| headers.iter().position(|header| header == name);
    let mut found = HashMap::new();
    for record in reader.records() {
        let record = record?;
        let name = record.get(0).unwrap_or_default();
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let mut quotes = Vec::new();
        let sure = COLUMNS.iter().map(|column| (column, true));
        for ((column, topic), sure) in sure.chain(UNSURE.iter().map(|column| (column, false))) {
            let at = place(column).ok_or_else(|| format!("no column {column:?}"))?;
            let listed = listed(record.get(at).unwrap_or_default());
            if !listed.is_empty() {
                quotes.push((*topic, listed, sure));
            }
        }
        found.insert(name_key(stem), quotes);
    }
    Ok(found)
}

/// The strings of a list as Python writes it.
fn listed(cell: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut chars = cell.chars();
    while let Some(quote) = chars.find(|c| matches!(c, '\'' | '"')) {
        let mut text = String::new();
        while let Some(c) = chars.next() {
            match c {
                '\\' => match chars.next() {
                    Some('n' | 't' | 'r') => text.push(' '),
                    Some('x') => {
                        chars.nth(1);
                        text.push(' ');
                    }
                    Some(other) => text.push(other),
                    None => break,
                },
                c if c == quote => break,
                c => text.push(c),
            }
        }
        found.push(text);
    }
    found
}

/// Of each passage whether it is quoted, and what became of the quotations.
fn quoted(document: &Document, quotes: &[String]) -> (Vec<bool>, Matched) {
    let (text, places) = folded(&document.wording.text);
    let mut found = vec![false; document.passages.len()];
    let mut tally = Matched::default();
    for quote in quotes {
        let mut ranges = Vec::new();
        let mut whole = true;
        for part in quote.split("<omitted>") {
            let (part, _) = folded(part);
            if part.len() < SHORTEST {
                continue;
            }
            if let Some(at) = text.find(&part) {
                ranges.push(at..at + part.len());
                continue;
            }
            whole = false;
            let mut at = 0;
            while at + PIECE <= part.len() {
                if let Some(found) = text.find(&part[at..at + PIECE]) {
                    ranges.push(found..found + PIECE);
                }
                at += PIECE;
            }
        }
        if ranges.is_empty() {
            tally.lost += 1;
            continue;
        }
        if whole {
            tally.whole += 1;
        } else {
            tally.pieces += 1;
        }
        for range in ranges {
            for (found, passage) in found.iter_mut().zip(&document.passages) {
                *found |= shares(&document.wording, passage, &places, &range);
            }
        }
    }
    tally.documents = usize::from(tally.whole + tally.pieces == 0);
    (found, tally)
}

fn shares(
    wording: &Wording,
    passage: &Passage,
    places: &[usize],
    range: &std::ops::Range<usize>,
) -> bool {
    debug_assert!(passage.end <= wording.text.len(), "a passage lies in its text");
    let start = places.partition_point(|place| *place < passage.start);
    let end = places.partition_point(|place| *place < passage.end);
    let common = end.min(range.end).saturating_sub(start.max(range.start));
    let least = SHARED.min(range.len()).min((end - start).max(1));
    // Of a short passage, such as the words of a heading, the most must be quoted.
    common >= least && (end - start >= 12 || common * 2 > range.len())
}
