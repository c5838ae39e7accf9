//! The passage of a file around a problem, with a mark under it. Columns are counted in characters,
//! the mark is set by their width on the screen, so that it stands right under Chinese text.

use unicode_width::UnicodeWidthStr as _;

use crate::context::Context;
use crate::output::Paint;

/// Most columns of a line that are shown.
const LONGEST: usize = 160;

/// A place in a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot<'a> {
    /// The file as the user named it.
    pub file: &'a str,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// How many characters are marked; at least one is.
    pub length: usize,
}

/// The passage: the place, the line, and a mark below it.
pub(crate) fn excerpt(context: &Context, text: &str, spot: Spot<'_>) -> String {
    let place = format!("{}:{}:{}", spot.file, spot.line, spot.column);
    let dim = |text: &str| context.out.paint(Paint::Dim, text);
    let number = spot.line.to_string();
    let margin = " ".repeat(number.len());
    let head = format!("{margin}{} {}", dim("──▶"), context.out.paint(Paint::Blue, &place));
    let Some(line) = text.split('\n').nth(spot.line.saturating_sub(1)) else { return head };
    if text.is_empty() {
        return head;
    }
    let line: String = line.trim_end_matches('\r').replace('\t', " ");
    let shown: String = line.chars().take(LONGEST).collect();
    let before: String = shown.chars().take(spot.column.saturating_sub(1)).collect();
    let marked: String =
        shown.chars().skip(spot.column.saturating_sub(1)).take(spot.length.max(1)).collect();
    let indent = " ".repeat(before.width());
    let carets = context.out.paint(Paint::Red, &"^".repeat(marked.width().max(1)));
    let bar = dim("│");
    format!("{head}\n{} {bar} {shown}\n{margin} {bar} {indent}{carets}", dim(&number))
}
