//! Glyphs to lines, lines to paragraphs. Works on the order in which the file draws its text, which
//! for contracts is the order of reading, columns included.

use std::collections::HashMap;

use wording::{Line, Part, has_firm_number, is_han, is_wide};

use crate::plain::join;

/// A glyph: the left end of its baseline, in points from the lower left corner of the page.
pub(super) struct Glyph {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) size: f64,
    pub(super) text: String,
}

/// The glyphs of a page.
pub(super) struct Sheet {
    pub(super) page: u32,
    pub(super) glyphs: Vec<Glyph>,
}

/// A line of a page.
struct Row {
    page: u32,
    text: String,
    left: f64,
    right: f64,
    y: f64,
    size: f64,
}

/// The paragraphs of all pages.
pub(super) fn lines(sheets: Vec<Sheet>) -> Vec<Line> {
    let mut rows: Vec<Row> = Vec::new();
    for sheet in sheets {
        rows.append(&mut page_rows(sheet));
    }
    let margin = margins(&rows);
    let mut out: Vec<Line> = Vec::new();
    // The last row that was taken into the running text.
    let mut before: Option<usize> = None;
    for at in 0..rows.len() {
        let row = &rows[at];
        if margin[at] {
            out.push(line(row, Part::Margin, at));
            continue;
        }
        let joins = before.is_some_and(|before| continues(&rows, before, at));
        let open = out.iter_mut().rev().find(|line| line.part == Part::Body);
        match open.filter(|_| joins) {
            Some(open) => join(&mut open.text, &row.text),
            None => out.push(line(row, Part::Body, at)),
        }
        before = Some(at);
    }
    out
}

fn line(row: &Row, part: Part, at: usize) -> Line {
    Line {
        text: row.text.clone(),
        number: None,
        level: None,
        heading: None,
        part,
        cell: None,
        page: Some(row.page),
        source: u32::try_from(at + 1).unwrap_or(u32::MAX),
    }
}

/// The rows of a page, in the order in which they are drawn.
fn page_rows(sheet: Sheet) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for glyph in sheet.glyphs {
        let size = if glyph.size > 0.5 { glyph.size } else { 10.0 };
        let same = rows.last().is_some_and(|row| {
            let near = (row.y - glyph.y).abs() <= 0.35 * size.max(row.size);
            // Back to the left on the same height is a new column or a drawing over the old text.
            near && glyph.x >= row.right - 1.5 * size.max(row.size)
        });
        match rows.last_mut().filter(|_| same) {
            Some(row) => {
                let gap = glyph.x - row.right;
                let last = row.text.chars().next_back();
                let first = glyph.text.chars().next();
                let beside_han = last.is_some_and(is_wide) || first.is_some_and(is_wide);
                let blank = last == Some(' ') || first == Some(' ');
                // Han letters stand apart without a space; a wide gap is a new column even so.
                let apart = gap > 2.5 * size || gap > 0.17 * size && !beside_han;
                if apart && !blank {
                    row.text.push(' ');
                }
                row.text.push_str(&glyph.text);
                row.right = row.right.max(glyph.x + glyph.width);
                row.size = row.size.max(size);
            }
            None => rows.push(Row {
                page: sheet.page,
                left: glyph.x,
                right: glyph.x + glyph.width,
                y: glyph.y,
                size,
                text: glyph.text,
            }),
        }
    }
    for row in &mut rows {
        row.text = without_spaces_beside_han(&wording::tidy(&ligatures(&row.text)));
    }
    rows.retain(|row| !row.text.is_empty());
    rows
}

fn ligatures(text: &str) -> String {
    if !text.contains(['ﬀ', 'ﬁ', 'ﬂ', 'ﬃ', 'ﬄ']) {
        return text.to_owned();
    }
    text.replace('ﬀ', "ff")
        .replace('ﬁ', "fi")
        .replace('ﬂ', "fl")
        .replace('ﬃ', "ffi")
        .replace('ﬄ', "ffl")
}

/// Writers of PDF put room between Han and Latin letters that is no space of the text.
fn without_spaces_beside_han(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let beside = out.chars().next_back().is_some_and(is_wide)
            || letters.peek().is_some_and(|next| is_wide(*next));
        if letter != ' ' || !beside {
            out.push(letter);
        }
    }
    out
}

/// Which rows are headers, footers or page numbers: at the edge of a page, alike on several.
fn margins(rows: &[Row]) -> Vec<bool> {
    let mut margin = vec![false; rows.len()];
    let mut edges: HashMap<(String, bool), Vec<usize>> = HashMap::new();
    let mut start = 0;
    let mut pages = 0_usize;
    while start < rows.len() {
        let end = rows[start..].iter().position(|row| row.page != rows[start].page);
        let end = end.map_or(rows.len(), |length| start + length);
        pages += 1;
        let mut order: Vec<usize> = (start..end).collect();
        order.sort_by(|one, other| rows[*other].y.total_cmp(&rows[*one].y));
        for (rank, at) in order.iter().enumerate() {
            let (top, bottom) = (rank < 3, rank + 3 >= order.len());
            if (top || bottom) && rows[*at].text.chars().count() <= 160 {
                edges.entry((shape(&rows[*at].text), top)).or_default().push(*at);
            }
            let outermost = rank == 0 || rank + 1 == order.len();
            if outermost && is_page_number(&rows[*at].text) {
                margin[*at] = true;
            }
        }
        start = end;
    }
    for alike in edges.into_values() {
        let mut on: Vec<u32> = alike.iter().map(|at| rows[*at].page).collect();
        on.dedup();
        let enough = on.len() >= 3 || on.len() == 2 && pages <= 3;
        let sentence = rows[alike[0]].text.ends_with(['.', '。', ';', '；']) && on.len() < 4;
        if enough && !sentence && on.len() * 3 >= pages {
            for at in alike {
                margin[at] = true;
            }
        }
    }
    margin
}

fn shape(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        if !letter.is_ascii_digit() {
            out.push(letter);
        } else if !out.ends_with('0') {
            out.push('0');
        }
    }
    out
}

fn is_page_number(text: &str) -> bool {
    let inner = text.trim_matches(|c: char| matches!(c, '-' | '–' | '—' | ' ' | '第' | '页'));
    let lower = inner.to_lowercase();
    let rest = lower.strip_prefix("page").unwrap_or(&lower).trim();
    !rest.is_empty()
        && rest.chars().count() <= 12
        && rest.chars().any(|c| c.is_ascii_digit())
        && rest.chars().all(|c| c.is_ascii_digit() || " /of共页,，".contains(c))
}

/// Whether row `at` goes on with the paragraph of row `before`.
fn continues(rows: &[Row], before: usize, at: usize) -> bool {
    let (above, row) = (&rows[before], &rows[at]);
    if has_firm_number(&row.text) || (row.size - above.size).abs() > 0.18 * above.size.max(1.0) {
        return false;
    }
    let broad = column_right(rows, before);
    let full =
        above.right >= broad - 3.2 * above.size.max(6.0) - 0.08 * (broad - above.left).max(0.0);
    let han = above.text.chars().next_back().is_some_and(is_han);
    let ended = above.text.ends_with(['.', '。', '；', ';', ':', '：', '!', '！']);
    if row.page != above.page {
        let goes_on = row.text.starts_with(char::is_lowercase) || (!ended && full);
        return goes_on && !ended;
    }
    let drop = above.y - row.y;
    if drop < -above.size {
        // A new column begins above: as a new page.
        return !ended && full;
    }
    let close = drop <= 2.05 * above.size.max(row.size);
    let indented = row.left > above.left + 1.8 * row.size && !han;
    let heading = above.text.chars().count() < 60
        && above.text.chars().any(char::is_alphabetic)
        && !above.text.chars().any(char::is_lowercase)
        && !above.text.chars().any(is_han);
    close && full && !heading && !(indented && ended) && !(ended && new_paragraph(rows, before, at))
}

/// After a stop at the right edge, an indent or a wider step means a new paragraph.
fn new_paragraph(rows: &[Row], before: usize, at: usize) -> bool {
    let (above, row) = (&rows[before], &rows[at]);
    let usual = usual_step(rows, before);
    (above.y - row.y) > 1.18 * usual
        || row.left > above.left + 1.2 * row.size
            && above.left > 0.0
            && rows.get(at + 1).is_some_and(|next| next.left + 0.8 * row.size < row.left)
}

/// The distance of lines around a row.
fn usual_step(rows: &[Row], at: usize) -> f64 {
    let from = at.saturating_sub(12);
    let to = (at + 12).min(rows.len() - 1);
    let mut least = 2.0 * rows[at].size.max(1.0);
    for index in from..to {
        let (above, row) = (&rows[index], &rows[index + 1]);
        let step = above.y - row.y;
        if above.page == row.page && step > 0.6 * row.size && step < least {
            least = step;
        }
    }
    least
}

/// How far to the right the lines around a row reach.
fn column_right(rows: &[Row], at: usize) -> f64 {
    let from = at.saturating_sub(14);
    let to = (at + 14).min(rows.len());
    let left = rows[at].left;
    rows[from..to]
        .iter()
        .filter(|row| {
            (row.left - left).abs() < 14.0 * row.size.max(6.0)
                && row.page.abs_diff(rows[at].page) <= 1
        })
        .map(|row| row.right)
        .fold(rows[at].right, f64::max)
}
