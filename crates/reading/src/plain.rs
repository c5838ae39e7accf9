//! Plain text: decoded, wrapped lines joined to paragraphs, paragraphs that run together on one
//! line taken apart at their numbers.

use wording::{Line, is_han};

use crate::{LONGEST, WIDEST, Warning, line};

/// The text of a file: UTF-8, UTF-16 by its mark, or the bytes that are none replaced and counted.
pub(crate) fn decode(bytes: &[u8], warnings: &mut Vec<Warning>) -> String {
    let mut text = match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    };
    if text.len() > LONGEST {
        let mut end = LONGEST;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        warnings.push(Warning::TextTooLong { read: end });
    }
    let count = text.matches('\u{fffd}').count();
    if count > 0 {
        warnings.push(Warning::UnknownLetters { count });
    }
    text
}

fn utf16(bytes: &[u8], read: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| read([pair[0], pair[1]]));
    char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')).collect()
}

/// The paragraphs of a plain text.
pub(crate) fn lines(text: &str) -> Vec<Line> {
    let wrapped = is_wrapped(text);
    let mut out: Vec<Line> = Vec::new();
    let mut open = false;
    for (at, row) in text.split(['\n', '\u{c}']).enumerate() {
        let source = u32::try_from(at + 1).unwrap_or(u32::MAX);
        let row = row.trim_end_matches('\r');
        if row.trim().is_empty() {
            open = false;
            continue;
        }
        if wrapped
            && open
            && !begins(row)
            && out.last().is_some_and(|before| continues(before, row))
        {
            if let Some(before) = out.last_mut() {
                join(&mut before.text, row.trim());
            }
            continue;
        }
        for piece in pieces(row) {
            out.push(line(piece.to_owned(), source));
        }
        open = true;
    }
    out
}

/// Joins a wrapped line to the one before: no space between Han letters, a hyphen at the end of a
/// Latin line taken away.
pub(crate) fn join(text: &mut String, next: &str) {
    let (last, first) = (text.chars().next_back(), next.chars().next());
    match (last, first) {
        (Some(last), Some(first)) if wording::is_wide(last) || is_han(first) => {}
        (Some('-'), Some(first)) if first.is_lowercase() && ends_in_word(text) => {
            text.pop();
        }
        _ => text.push(' '),
    }
    text.push_str(next);
}

fn ends_in_word(text: &str) -> bool {
    text[..text.len() - 1].ends_with(|letter: char| letter.is_ascii_lowercase())
}

/// Whether the lines of a text are cut at a width, so that a paragraph is several lines.
fn is_wrapped(text: &str) -> bool {
    let (mut runs, mut full, mut widest) = (0_usize, 0_usize, 0_usize);
    let rows: Vec<usize> =
        text.lines().take(5_000).map(|row| row.trim_end().chars().count()).collect();
    for width in &rows {
        widest = widest.max(*width);
    }
    if !(40..=160).contains(&widest) {
        return false;
    }
    for pair in rows.windows(2) {
        if pair[0] > 0 && pair[1] > 0 {
            runs += 1;
            full += usize::from(pair[0] * 4 >= widest * 3);
        }
    }
    runs >= 4 && full * 2 >= runs
}

/// Whether a line begins a paragraph of its own.
fn begins(row: &str) -> bool {
    let text = row.trim_start();
    wording::has_number(text)
}

/// Whether `row` can go on with the paragraph `before`.
fn continues(before: &Line, row: &str) -> bool {
    let text = before.text.as_str();
    let title = text.chars().count() < 40
        && text.chars().any(char::is_alphabetic)
        && !text.chars().any(char::is_lowercase)
        && !text.chars().any(is_han);
    !title && before.text.len() + row.len() < WIDEST
}

/// A line that holds several paragraphs, apart: where three spaces or a tab stand before a number.
fn pieces(row: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let bytes = row.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b' ' {
            at += 1;
            continue;
        }
        let gap = at;
        while at < bytes.len() && bytes[at] == b' ' {
            at += 1;
        }
        if at - gap >= 2 && gap > start && wording::has_firm_number(&row[at..]) {
            out.push(&row[start..gap]);
            start = at;
        }
    }
    out.push(&row[start..]);
    out.into_iter().flat_map(within_width).collect()
}

/// Pieces of at most the widest line.
fn within_width(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = text;
    while rest.len() > WIDEST {
        let mut end = WIDEST;
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let (head, tail) = rest.split_at(end);
        out.push(head);
        rest = tail;
    }
    out.push(rest);
    out
}
