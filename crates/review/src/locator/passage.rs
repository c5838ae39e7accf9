//! Blocks as passages: text from a PDF glues several clauses into one line, and a passage of a
//! sentence or some is what a topic fills.
//!
//! A passage never crosses a block. Knows nothing of topics.

use wording::{Part, Wording};

/// The longest passage, in bytes; a longer one is cut at the end of a sentence where it has one.
const LONGEST: usize = 1_500;
/// The shortest piece that a cut for length may leave, in bytes.
const SHORTEST: usize = 500;
/// The longest line that is taken for a heading, in bytes.
const HEADING: usize = 90;
/// The longest block that is a title because the tree of clauses says so, in bytes.
const TITLE: usize = 160;
/// How many passages a heading reaches down where the tree of clauses names none.
const REACH: usize = 12;

/// A stretch of one block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passage {
    /// The block that holds it.
    pub block: usize,
    /// First byte in the text of the wording.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// The passage before it that reads like its heading.
    pub heading: Option<usize>,
    /// Whether it is the title of what follows: read with that, never a place of its own.
    pub title: bool,
}

/// The passages of a document in their order, furniture of pages left out.
#[must_use]
pub fn passages(wording: &Wording) -> Vec<Passage> {
    let mut found: Vec<Passage> = Vec::new();
    let mut heading: Option<usize> = None;
    for (index, block) in wording.blocks.iter().enumerate() {
        if block.part == Part::Margin {
            continue;
        }
        let text = &wording.text[block.start..block.end];
        for (start, end) in pieces(text) {
            let near = heading.filter(|at| found.len() - at <= REACH);
            if block.heading || reads_like_a_heading(&text[start..end]) {
                heading = Some(found.len());
            }
            found.push(Passage {
                block: index,
                start: block.start + start,
                end: block.start + end,
                heading: near,
                title: block.heading && end - start <= TITLE,
            });
        }
    }
    found
}

/// A short line without the end of a sentence that has words.
fn reads_like_a_heading(text: &str) -> bool {
    let text = text.trim();
    if text.len() > HEADING || text.chars().filter(|c| c.is_alphabetic()).count() < 3 {
        return false;
    }
    let words = text.split_whitespace().count();
    let capital = |word: &str| word.chars().next().is_some_and(|c| !c.is_lowercase());
    let capitals = text.split_whitespace().filter(|word| capital(word)).count();
    !text.ends_with([';', ',', '；', '，', '。']) && words <= 12 && capitals * 2 >= words
}

/// Cuts one line into stretches, white space at the edges left out.
fn pieces(text: &str) -> Vec<(usize, usize)> {
    let mut cuts = vec![0];
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b' ' {
            at += 1;
            continue;
        }
        let run = bytes[at..].iter().take_while(|byte| **byte == b' ').count();
        let next = at + run;
        if next < bytes.len() && begins_a_clause(&text[..at], run, &text[next..]) {
            cuts.push(next);
        }
        at = next;
    }
    cuts.push(text.len());
    let mut found = Vec::new();
    for pair in cuts.windows(2) {
        let mut rest = trimmed(text, pair[0], pair[1]);
        while rest.1 - rest.0 > LONGEST {
            let middle = sentence_end(&text[rest.0..rest.1]) + rest.0;
            found.push(trimmed(text, rest.0, middle));
            rest = trimmed(text, middle, rest.1);
        }
        found.push(rest);
    }
    found.retain(|(start, end)| start < end);
    found
}

fn trimmed(text: &str, start: usize, end: usize) -> (usize, usize) {
    let piece = &text[start..end];
    let front = piece.len() - piece.trim_start().len();
    let length = piece.trim().len();
    (start + front, start + front + length)
}

/// Whether what follows a run of spaces begins a clause of its own.
fn begins_a_clause(before: &str, run: usize, after: &str) -> bool {
    let Some(last) = before.chars().next_back() else { return false };
    let ends = matches!(last, '.' | ';' | ':' | '"' | '”' | ')' | ']');
    let first = after.chars().next().unwrap_or(' ');
    if first.is_lowercase() {
        return false;
    }
    let numbered = numbered(after);
    if ends && numbered {
        return true;
    }
    // A run of spaces is where a line ended on the page.
    run >= 3 && (numbered && run >= 4 || ends && last != ')' || run >= 5 && capitals(before))
}

/// `1.2 T`, `12. T`, `ARTICLE`, `Section 4`, with a capital or a quotation mark behind.
fn numbered(after: &str) -> bool {
    for word in ["ARTICLE ", "Article ", "SECTION ", "Section ", "EXHIBIT ", "SCHEDULE "] {
        if after.starts_with(word) {
            return true;
        }
    }
    let digits = after.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let number = &after[..digits];
    if digits == 0 || digits > 8 || !number.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let rest = after[digits..].trim_start_matches(' ');
    let spaced = rest.len() < after.len() - digits;
    number.contains('.')
        && (spaced || number.ends_with('.'))
        && rest.starts_with(|c: char| c.is_uppercase() || matches!(c, '"' | '“' | '('))
}

/// Whether a text ends with a word in capitals, as a heading does.
fn capitals(before: &str) -> bool {
    let word = before.split(' ').next_back().unwrap_or("");
    word.len() > 2 && word.chars().all(|c| c.is_uppercase() || !c.is_alphabetic())
}

/// Where to cut a long piece: after the last sentence within reach, else at a space, else hard.
fn sentence_end(text: &str) -> usize {
    let mut limit = LONGEST.min(text.len());
    while !text.is_char_boundary(limit) {
        limit -= 1;
    }
    let reach = &text[..limit];
    let mut least = SHORTEST;
    while !reach.is_char_boundary(least) {
        least += 1;
    }
    for mark in [". ", "。", "; ", "；", " "] {
        if let Some(at) = reach[least..].rfind(mark) {
            return least + at + mark.len();
        }
    }
    limit
}
