//! Lines to clauses: furniture off, numbers read, tree built, text written.

use units::Lang;

use crate::item::{Item, items};
use crate::letters::{is_ended, is_han, language, tidy};
use crate::marker::Family;
use crate::tree::{Place, places};
use crate::{Block, Line, Part, Wording, furniture, run_in};

/// The longest document, in blocks; what lies behind is cut and said by the reader.
pub const MOST_LINES: usize = 200_000;

/// The clauses of a document. Empty lines are dropped, white space is brought to one form; nothing
/// else changes but the number, which is followed by one space.
#[must_use]
pub fn segment(lines: Vec<Line>) -> Wording {
    let lines: Vec<Line> = lines
        .into_iter()
        .take(MOST_LINES)
        .map(|line| Line { text: tidy(&line.text), ..line })
        .filter(|line| !line.text.is_empty() || line.number.is_some())
        .collect();
    let (lines, cut) = furniture::cut(lines);
    let items = items(run_in::apart(lines));
    let title = title(&items);
    let places = places(&items, title);
    let signatures = signatures(&items);
    let truncated = truncated(&items, &places, signatures);
    let (text, blocks) = write(&items, places);
    let lang = language(&text);
    Wording { lang, text, blocks, cut, truncated, title, signatures }
}

/// The canonical text, one line a block.
fn write(items: &[Item], places: Vec<Place>) -> (String, Vec<Block>) {
    let size = items.iter().map(|item| item.line.text.len() + 8).sum();
    let mut text = String::with_capacity(size);
    let mut blocks = Vec::with_capacity(items.len());
    for (item, place) in items.iter().zip(places) {
        if !blocks.is_empty() {
            text.push('\n');
        }
        let start = text.len();
        let number = item.marker.as_ref().map(|marker| marker.number.clone());
        let number = number.filter(|number| !number.is_empty());
        if let Some(number) = &number {
            text.push_str(&shown(item, number));
            if !item.body.is_empty() {
                text.push(' ');
            }
        }
        let body = text.len();
        text.push_str(&item.body);
        blocks.push(Block {
            start,
            body,
            end: text.len(),
            number,
            bullet: item.marker.as_ref().is_some_and(|marker| marker.family == Family::Bullet),
            parent: place.parent,
            depth: place.depth,
            heading: place.heading,
            anchor: place.anchor,
            part: item.line.part,
            cell: item.line.cell,
            page: item.line.page,
            source: item.line.source,
        });
    }
    (text, blocks)
}

/// The number as the canonical text shows it: with the stop that its family has.
fn shown(item: &Item, number: &str) -> String {
    match item.marker.as_ref().map(|marker| marker.family) {
        Some(
            Family::Dotted
            | Family::Upper
            | Family::RomanUpper
            | Family::Lower
            | Family::RomanLower,
        ) => {
            format!("{number}.")
        }
        Some(Family::Han) => format!("{number}、"),
        _ => number.to_owned(),
    }
}

/// The item that names the document: a heading, or the line that names a contract, before the first
/// number.
fn title(items: &[Item]) -> Option<usize> {
    let before = items.iter().take(12).take_while(|item| {
        item.marker.as_ref().is_none_or(|marker| marker.family == Family::Bullet)
    });
    let candidates: Vec<usize> = before
        .enumerate()
        .filter(|(_, item)| {
            item.marker.is_none() && item.line.cell.is_none() && item.line.part == Part::Body
        })
        .filter(|(_, item)| item.line.heading.is_some() || furniture::names_contract(&item.body))
        .map(|(at, _)| at)
        .collect();
    let first = *candidates.first()?;
    let headed = candidates.iter().copied().find(|at| items[*at].line.heading.is_some());
    let at = headed.unwrap_or(first);
    // A heading among equals is a section unless it names a contract.
    let level = items[at].line.heading;
    let equals =
        items.iter().filter(|item| item.line.heading == level && item.marker.is_none()).count();
    (level.is_none() || equals == 1 || furniture::names_contract(&items[at].body)).then_some(at)
}

/// The first item of the signatures.
fn signatures(items: &[Item]) -> Option<usize> {
    let half = items.len() / 2;
    let at = items.iter().enumerate().skip(half).find(|(_, item)| is_signature(&item.body))?.0;
    Some(at)
}

fn is_signature(text: &str) -> bool {
    let lower = text.to_lowercase();
    let short = text.chars().count() <= 60;
    lower.contains("in witness whereof")
        || lower.starts_with("signature page")
        || short
            && (lower.contains("/s/")
                || lower.starts_with("by: ")
                || lower == "by:"
                || lower.starts_with("by:_"))
        || short
            && [
                "（盖章",
                "(盖章",
                "（签字",
                "(签字",
                "（签章",
                "(签章",
                "（公章",
                "(公章",
                "签署页",
            ]
            .iter()
            .any(|word| text.contains(word))
        || short && text.starts_with("签字") && text.contains(['：', ':'])
}

/// The last item, where the document breaks off in the middle of a sentence.
fn truncated(items: &[Item], places: &[Place], signatures: Option<usize>) -> Option<usize> {
    let at = items.iter().rposition(|item| item.line.part == Part::Body)?;
    let (item, place) = (&items[at], &places[at]);
    let text = item.body.as_str();
    if signatures.is_some() || item.line.cell.is_some() || place.heading || is_ended(text) {
        return None;
    }
    let numbered = item.marker.as_ref().is_some_and(|marker| marker.family != Family::Bullet);
    let listed = item.marker.is_some() && !numbered;
    let length = text.chars().count();
    let is_sentence = match language(text) {
        Lang::Zh => {
            length >= 12 && text.contains(is_han) && (numbered || text.contains(['，', ',', '。']))
        }
        Lang::En => length >= 60 && text.split(' ').count() >= 10,
    };
    let signs = ["By:", "/s/", "Name:", "Title:", "Its:", "__", "Date:", "@", "http", "www."];
    let is_place = signs.iter().any(|word| text.contains(word))
        || text.ends_with(|c: char| c.is_ascii_digit());
    (is_sentence && !is_place && !listed && text.split(' ').next_back() != Some("reserved"))
        .then_some(at)
}
