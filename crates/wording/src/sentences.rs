//! Sentences of a block, in Chinese and English, with their bytes. An abbreviation, a number or an
//! initial ends no sentence; a list that is joined by semicolons is one.

use crate::Wording;
use crate::letters::is_wide;

/// A stretch of bytes of the canonical text, `[start, end)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// What stands before a stop without ending a sentence, lower case.
const ABBREVIATIONS: [&str; 36] = [
    "inc", "ltd", "co", "corp", "llc", "no", "nos", "art", "arts", "sec", "secs", "e.g", "i.e",
    "u.s", "u.k", "e.u", "v", "vs", "mr", "ms", "mrs", "dr", "st", "cf", "al", "para", "paras",
    "approx", "dept", "ref", "vol", "ed", "s.a", "b.v", "n.v", "p",
];

/// The longest sentence, in bytes: what is longer is cut there, so that nobody's work on one grows
/// without bound.
const LONGEST: usize = 6_000;

/// The sentences of block `index`, behind its number.
///
/// # Panics
/// Where there is no such block.
#[must_use]
pub fn sentences(wording: &Wording, index: usize) -> Vec<Span> {
    let block = &wording.blocks[index];
    split(&wording.text[block.body..block.end])
        .into_iter()
        .map(|span| Span { start: block.body + span.start, end: block.body + span.end })
        .collect()
}

/// The sentences of a text.
pub(crate) fn split(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut start = 0;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let ends = match letter {
            '。' | '！' | '？' | '!' | '?' => true,
            '.' => ends_sentence(text, start, at),
            _ => at - start > LONGEST && matches!(letter, ' ' | '；' | '，' | '、'),
        };
        if !ends {
            continue;
        }
        let mut end = at + letter.len_utf8();
        while let Some((at, closing)) = letters.peek().copied() {
            if !matches!(
                closing,
                '"' | '”' | '’' | '\'' | ')' | '）' | '」' | '』' | ']' | '。' | '.' | '!' | '?'
            ) {
                break;
            }
            end = at + closing.len_utf8();
            letters.next();
        }
        push(&mut spans, text, start, end);
        start = end;
    }
    push(&mut spans, text, start, text.len());
    spans
}

fn push(spans: &mut Vec<Span>, text: &str, start: usize, end: usize) {
    let piece = &text[start..end];
    let lead = piece.len() - piece.trim_start().len();
    let length = piece.trim().len();
    if length > 0 {
        spans.push(Span { start: start + lead, end: start + lead + length });
    }
}

/// Whether the stop at `at` ends the sentence that began at `start`.
fn ends_sentence(text: &str, start: usize, at: usize) -> bool {
    let behind = text[at + 1..].trim_start_matches(['"', '”', '’', '\'', ')', '）', ']']);
    let closed = behind.len() < text.len() - at - 1;
    let next = behind.chars().next();
    let spaced = next.is_none_or(char::is_whitespace);
    let before = &text[start..at];
    // A sentence that is glued on begins with one capital: `.Company`, and not `.AI`.
    let mut letters = behind.chars();
    let glued = letters.next().is_some_and(char::is_uppercase)
        && letters.next().is_some_and(char::is_lowercase)
        && before.ends_with(char::is_lowercase);
    if !spaced && !(next.is_some_and(is_wide)) && !closed && !glued {
        return false;
    }
    let mut letters = behind.trim_start().chars();
    let Some(first) = letters.next() else { return true };
    // `xAI` and `iOS` begin a sentence too.
    let name = letters.next().is_some_and(char::is_uppercase);
    if first.is_lowercase() && !name || matches!(first, ',' | ';' | ')') {
        return false;
    }
    let word = before.rsplit([' ', '(', '（', '"', '“']).next().unwrap_or("");
    let lower = word.to_lowercase();
    let initial = word.chars().count() == 1 && word.starts_with(|c: char| c.is_ascii_uppercase());
    let number =
        before.trim_start().len() == word.len() && word.chars().all(|c| c.is_ascii_digit());
    !(ABBREVIATIONS.contains(&lower.as_str()) || initial || number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = split(text).iter().map(|span| &text[span.start..span.end]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn chinese_sentences_end_at_their_stops() {
        check("甲方应付款。乙方应交付！“是否?”", &["甲方应付款。", "乙方应交付！", "“是否?”"]);
    }

    #[test]
    fn a_name_in_small_letters_and_a_glued_capital_begin_a_sentence() {
        check("We log in. xAI may act.", &["We log in.", "xAI may act."]);
        check("It ends here.The next one.", &["It ends here.", "The next one."]);
        check("Sense.AI and vendor.example/sla act.", &["Sense.AI and vendor.example/sla act."]);
        let long = "word ".repeat(2_000);
        assert!(split(&long).iter().all(|span| span.end - span.start <= LONGEST + 6));
    }

    #[test]
    fn abbreviations_numbers_and_initials_end_nothing() {
        check(
            "Acme Inc. shall pay 99.9 % of U.S. fees, e.g. Taxes. It is due (see Sec. 3). J. Doe signs.",
            &[
                "Acme Inc. shall pay 99.9 % of U.S. fees, e.g. Taxes.",
                "It is due (see Sec. 3).",
                "J. Doe signs.",
            ],
        );
    }
}
