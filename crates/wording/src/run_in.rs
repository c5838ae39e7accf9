//! Clauses that run on in one long line, as text exports of filed contracts have them: taken apart
//! where a number stands behind a stop and goes on with the numbers before it.

use crate::Line;
use crate::item::precedes;
use crate::marker::{Family, Marker, marker};

/// Shorter lines are left as they are, in bytes.
const LONG: usize = 1_200;
/// How many numbers back a number may go on.
const RECENT: usize = 12;

/// The lines, the long ones taken apart at their numbers.
pub(crate) fn apart(lines: Vec<Line>) -> Vec<Line> {
    let mut recent: Vec<Marker> = Vec::new();
    let mut out = Vec::with_capacity(lines.len());
    for line in lines {
        if let Some(found) = marker(&line.text).filter(|found| !found.weak && counts(found)) {
            remember(&mut recent, found);
        }
        let whole = line.cell.is_some() || line.number.is_some() || line.text.len() < LONG;
        if whole {
            out.push(line);
            continue;
        }
        let mut start = 0;
        for at in stops(&line.text) {
            let rest = &line.text[at..];
            let Some(found) = marker(head(rest)).filter(|found| !found.weak && counts(found))
            else {
                continue;
            };
            let body = &rest[found.len..];
            let named = body.starts_with(|c: char| c.is_uppercase() || matches!(c, '"' | '“'));
            let first = recent.is_empty() && found.path.iter().all(|part| *part == 1);
            if !named || !(first || recent.iter().any(|before| precedes(before, &found))) {
                continue;
            }
            let text = line.text[start..at].trim_end();
            if !text.is_empty() {
                out.push(Line { text: text.to_owned(), ..line.clone() });
            }
            start = at;
            remember(&mut recent, found);
        }
        out.push(Line { text: line.text[start..].to_owned(), ..line });
    }
    out
}

const fn counts(marker: &Marker) -> bool {
    matches!(marker.family, Family::Dotted | Family::Path | Family::Article | Family::Section)
}

fn remember(recent: &mut Vec<Marker>, found: Marker) {
    if recent.len() == RECENT {
        recent.remove(0);
    }
    recent.push(found);
}

/// Where something can begin: behind a stop and a space.
fn stops(text: &str) -> impl Iterator<Item = usize> + '_ {
    text.match_indices(['.', ';', ':', ')', '"', '”']).filter_map(|(at, stop)| {
        let behind = at + stop.len();
        text[behind..].starts_with(' ').then_some(behind + 1)
    })
}

/// As much of a line as a number can take.
fn head(text: &str) -> &str {
    let mut end = text.len().min(200);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
