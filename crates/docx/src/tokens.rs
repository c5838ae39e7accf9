//! Words as they are compared: a number with its sign and separators, an amount, a defined term are
//! one token; Chinese is compared by character, with runs of Chinese numerals whole, and what is
//! left of a sentence between two changes is not kept for a single character.
//!
//! A dictionary of Chinese words was left out: its five megabytes and its loading time would be
//! paid by every program, and joining short remains gives changes that read as well.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// More tokens than this are not compared one by one: the whole paragraph is replaced.
const MOST: usize = 60_000;
/// Equal text of at most this many characters between two changes is changed with them.
const REMAINS: usize = 2;

/// One change: characters of the old text and what comes in their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) old: Range<usize>,
    pub(crate) new: Range<usize>,
}

/// The changes from one text to another, as ranges of characters.
pub(crate) fn changes(old: &str, new: &str, terms: &[String]) -> Vec<Change> {
    if old == new {
        return Vec::new();
    }
    let (a, b) = (tokens(old, terms), tokens(new, terms));
    if a.len() + b.len() > MOST {
        return vec![Change { old: 0..old.chars().count(), new: 0..new.chars().count() }];
    }
    let (from, to) = (starts(&a), starts(&b));
    let mut found: Vec<Change> = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &a, &b) {
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        let (x, y) = (op.old_range(), op.new_range());
        let change = Change { old: from[x.start]..from[x.end], new: to[y.start]..to[y.end] };
        match found.last_mut() {
            Some(last) if joined(old, last, &change) => {
                last.old.end = change.old.end;
                last.new.end = change.new.end;
            }
            _ => found.push(change),
        }
    }
    found
}

/// Whether what stands between two changes is too short to be kept.
fn joined(old: &str, last: &Change, next: &Change) -> bool {
    let between = next.old.start - last.old.end;
    if between == 0 {
        return true;
    }
    // Two small changes that stand apart say more than one large one.
    let replaced = |change: &Change| !change.old.is_empty() && !change.new.is_empty();
    if between > REMAINS || !replaced(last) || !replaced(next) {
        return false;
    }
    let kept = old.chars().skip(last.old.end).take(between);
    kept.into_iter().all(|c| c.is_whitespace() || han(c))
}

fn starts(tokens: &[&str]) -> Vec<usize> {
    let mut at = 0;
    let mut all = vec![0];
    for token in tokens {
        at += token.chars().count();
        all.push(at);
    }
    all
}

/// The text in tokens, nothing left out.
pub(crate) fn tokens<'t>(text: &'t str, terms: &[String]) -> Vec<&'t str> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut after_word = false;
    while let Some(first) = rest.chars().next() {
        let length = term(rest, terms, after_word)
            .or_else(|| number(rest))
            .unwrap_or_else(|| simple(rest, first));
        let (token, behind) = rest.split_at(length.max(first.len_utf8()));
        after_word = token.chars().next_back().is_some_and(word);
        found.push(token);
        rest = behind;
    }
    found
}

/// A defined term at the start, as a word of its own; the longest.
fn term(text: &str, terms: &[String], after_word: bool) -> Option<usize> {
    let hit = |term: &&String| {
        let Some(rest) = text.strip_prefix(term.as_str()) else { return false };
        let inside =
            |c: Option<char>, next: Option<char>| c.is_some_and(word) && next.is_some_and(word);
        let torn = after_word && term.chars().next().is_some_and(word)
            || inside(term.chars().next_back(), rest.chars().next());
        !term.is_empty() && !torn
    };
    terms.iter().filter(hit).map(String::len).max()
}

/// A number with its sign, currency, separators, fraction and percent at the start; or a run of
/// Chinese numerals with its unit.
fn number(text: &str) -> Option<usize> {
    let mut at = 0;
    let mut chars = text.char_indices().peekable();
    while let Some(&(_, c)) = chars.peek()
        && at < 8
        && matches!(c, '$' | '€' | '£' | '¥' | '￥')
    {
        chars.next();
        at += c.len_utf8();
    }
    let digits = &text[at..];
    let mut end = 0;
    for (place, c) in digits.char_indices() {
        let next = || digits[place + c.len_utf8()..].chars().next();
        let inner = matches!(c, ',' | '.' | '，' | '-' | '/' | ':' | '．');
        if c.is_numeric() && !numeral(c)
            || end > 0 && inner && next().is_some_and(|c| c.is_ascii_digit())
        {
            end = place + c.len_utf8();
        } else {
            break;
        }
    }
    if end > 0 {
        let behind = digits[end..].chars().next();
        let sign = behind.filter(|c| matches!(c, '%' | '％' | '‰')).map_or(0, char::len_utf8);
        return Some(at + end + sign);
    }
    let count = text.chars().take_while(|&c| numeral(c)).map(char::len_utf8).sum::<usize>();
    (count > '一'.len_utf8()).then_some(count)
}

fn numeral(c: char) -> bool {
    "〇零一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟萬億".contains(c)
}

/// A Latin word, white space, or a single character.
fn simple(text: &str, first: char) -> usize {
    let run = |held: fn(char) -> bool| {
        text.chars().take_while(|&c| held(c)).map(char::len_utf8).sum::<usize>()
    };
    if word(first) {
        run(word)
    } else if first.is_whitespace() {
        run(char::is_whitespace)
    } else {
        first.len_utf8()
    }
}

/// A letter of a script that writes words apart.
fn word(c: char) -> bool {
    (c.is_alphanumeric() || matches!(c, '\'' | '’' | '_')) && !han(c)
}

/// A character of a script that does not.
fn han(c: char) -> bool {
    matches!(c as u32, 0x2E80..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF | 0xAC00..=0xD7AF)
}
