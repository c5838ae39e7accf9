//! Lines with the number that they carry: bare numbers joined to their title, figures that only
//! begin a sentence set aside, `(i)` read as a letter or as a Roman numeral by its neighbours.

use crate::Line;
use crate::letters::{is_ended, tidy};
use crate::marker::{Family, Marker, marker};

/// How far a neighbour is looked for.
const NEAR: usize = 60;

/// A line and its number.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) line: Line,
    pub(crate) marker: Option<Marker>,
    /// The text behind the number.
    pub(crate) body: String,
}

/// The items of `lines`, which are tidied and hold no furniture.
pub(crate) fn items(lines: Vec<Line>) -> Vec<Item> {
    let mut items: Vec<Item> = lines.into_iter().map(item).collect();
    items = joined(items);
    drop_filing_head(&mut items);
    read_as_roman(&mut items);
    drop_unlikely(&mut items);
    items.retain(|item| {
        !item.body.is_empty() || item.marker.as_ref().is_some_and(|found| !found.number.is_empty())
    });
    items
}

fn item(line: Line) -> Item {
    if let Some(number) = line.number.as_deref().map(tidy).filter(|number| !number.is_empty()) {
        let marker = computed(&number);
        let body = line.text.clone();
        return Item { line, marker: Some(marker), body };
    }
    let found = marker(&line.text).filter(|found| line.cell.is_none() || fits_cell(found));
    let body =
        found.as_ref().map_or(line.text.as_str(), |found| &line.text[found.len..]).to_owned();
    Item { line, marker: found, body }
}

/// In a table only a number that nobody mistakes for a figure counts.
fn fits_cell(marker: &Marker) -> bool {
    marker.is_strong() || marker.family == Family::Path && !marker.weak
}

/// The marker of a number that the format computes.
fn computed(number: &str) -> Marker {
    let probe = format!("{number} X");
    match marker(&probe) {
        Some(mut found) if found.len + 1 >= probe.len() => {
            found.weak = false;
            found
        }
        _ if number.chars().all(|letter| !letter.is_alphanumeric()) => Marker {
            family: Family::Bullet,
            path: vec![0],
            roman: None,
            number: String::new(),
            label: String::new(),
            len: 0,
            weak: false,
        },
        _ => Marker {
            family: Family::Dotted,
            path: vec![0],
            roman: None,
            number: number.to_owned(),
            label: number.split_whitespace().collect(),
            len: 0,
            weak: false,
        },
    }
}

/// A number alone on its line takes the line below as its text.
fn joined(items: Vec<Item>) -> Vec<Item> {
    let mut out: Vec<Item> = Vec::with_capacity(items.len());
    for item in items {
        let takes = out.last().is_some_and(|before| {
            before.body.is_empty()
                && before.marker.as_ref().is_some_and(|marker| marker.family != Family::Bullet)
                && item.marker.is_none()
                && before.line.cell.is_none()
                && before.line.number.is_none()
                && item.line.cell.is_none()
                && before.line.part == item.line.part
        });
        match out.last_mut() {
            Some(before) if takes => {
                before.line.text = format!("{} {}", before.line.text, item.line.text);
                before.body = item.body;
                before.line.heading = before.line.heading.or(item.line.heading);
            }
            _ => out.push(item),
        }
    }
    out
}

/// `Exhibit 10.1` over a filed contract names the filing, not an annex.
fn drop_filing_head(items: &mut [Item]) {
    for item in items.iter_mut().take(3) {
        if item.marker.as_ref().is_some_and(|marker| marker.family == Family::Annex) {
            item.marker = None;
            item.body.clone_from(&item.line.text);
        }
    }
}

/// Decides for each marker that is a letter and a Roman numeral at once.
fn read_as_roman(items: &mut [Item]) {
    // The last value of each family that was seen, letters and Roman numerals apart.
    for at in 0..items.len() {
        let Some(found) = items[at].marker.clone() else { continue };
        let Some(value) = found.roman else { continue };
        let Some((letters, numerals)) = readings(found.family) else { continue };
        let after = neighbour(items[at + 1..].iter(), letters, numerals);
        let before = neighbour(items[..at].iter().rev(), letters, numerals);
        let letter = found.value();
        let follows =
            |marker: &Marker, family, value| marker.family == family && marker.value() == value;
        let next_roman = after.is_some_and(|marker| {
            marker.roman == Some(value + 1) && marker.value() != letter + 1
                || follows(marker, numerals, value + 1)
        });
        let is_roman = if next_roman {
            true
        } else if before.is_some_and(|marker| follows(marker, letters, letter - 1)) {
            false
        } else {
            before.is_some_and(|marker| follows(marker, numerals, value.saturating_sub(1)))
                || (value == 1 && letter == 9)
        };
        if is_roman && let Some(marker) = items[at].marker.as_mut() {
            marker.family = numerals;
            marker.path = vec![value];
        }
    }
}

const fn readings(family: Family) -> Option<(Family, Family)> {
    Some(match family {
        Family::LowerParen => (Family::LowerParen, Family::RomanParen),
        Family::UpperParen => (Family::UpperParen, Family::RomanUpperParen),
        Family::Upper => (Family::Upper, Family::RomanUpper),
        Family::Lower => (Family::Lower, Family::RomanLower),
        _ => return None,
    })
}

fn neighbour<'a>(
    items: impl Iterator<Item = &'a Item>,
    letters: Family,
    numerals: Family,
) -> Option<&'a Marker> {
    items
        .take(NEAR)
        .filter_map(|item| item.marker.as_ref())
        .find(|marker| marker.family == letters || marker.family == numerals)
}

/// Takes back the numbers that no neighbour supports: the line is text from its first letter.
fn drop_unlikely(items: &mut [Item]) {
    for at in 0..items.len() {
        let Some(found) = items[at].marker.as_ref().filter(|marker| marker.weak) else { continue };
        let item = &items[at];
        let as_heading = item.line.heading.is_some()
            || (item.body.chars().count() <= 60
                && !is_ended(&item.body)
                && starts_upper(&item.body));
        let before = items[..at].iter().rev().take(NEAR).filter_map(|item| item.marker.as_ref());
        let after = items[at + 1..].iter().take(NEAR).filter_map(|item| item.marker.as_ref());
        let backed = before.clone().any(|other| precedes(other, found))
            || after.clone().any(|other| precedes(found, other) && (as_heading || !other.weak));
        let keep =
            backed && (as_heading || found.family == Family::Path || starts_upper(&item.body));
        if keep {
            if let Some(marker) = items[at].marker.as_mut() {
                marker.weak = false;
            }
        } else {
            items[at].marker = None;
            items[at].body = items[at].line.text.clone();
        }
    }
}

fn starts_upper(text: &str) -> bool {
    text.starts_with(|letter: char| !letter.is_lowercase() && !letter.is_ascii_punctuation())
}

/// Whether `second` can come directly after `first` on the page.
pub(crate) fn precedes(first: &Marker, second: &Marker) -> bool {
    if second.family != Family::Path {
        return first.family == second.family && first.value() + 1 == second.value();
    }
    let Some((last, prefix)) = second.path.split_last() else { return false };
    if first.family != Family::Path {
        return *last == 1 && first.path == prefix;
    }
    match first.path.split_last() {
        Some((before, same)) if same == prefix => before + 1 == *last,
        _ => *last == 1 && (first.path == prefix || first.path.starts_with(prefix)),
    }
}
