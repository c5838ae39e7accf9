//! A text cut into words, so that they are as few and as well known as can be.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::quantity::quantity;
use super::{han, word};

/// Chinese words of contracts, our own list: white space between them.
static WORDS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("words.txt").split_whitespace().collect());

/// The longest word of the list, in characters.
const LONGEST: usize = 6;

/// What a word adds: the cut with the least is taken. What is always whole adds nothing, so that
/// nothing that overlaps it is taken in its place; a character that is no known word adds more.
const WHOLE: u32 = 0;
const KNOWN: u32 = 2;
const UNKNOWN: u32 = 3;

/// The text in tokens, nothing left out.
pub(crate) fn tokens<'t>(text: &'t str, terms: &[String]) -> Vec<&'t str> {
    // For every place that a cut can reach: what the best way there adds, and its last cut.
    let mut best: Vec<Option<(u32, usize)>> = vec![None; text.len() + 1];
    best[0] = Some((0, 0));
    for at in 0..text.len() {
        let Some((cost, _)) = best[at] else { continue };
        let mut reach = |length: usize, adds: u32| {
            let place = &mut best[at + length];
            // Of two equal ways the one with the longer last word is taken.
            if place.is_none_or(|(known, _)| cost + adds < known) {
                *place = Some((cost + adds, at));
            }
        };
        step(text, at, terms, &mut reach);
    }
    let mut found = Vec::new();
    let mut end = text.len();
    while end > 0 {
        let Some((_, start)) = best[end] else { break };
        found.push(&text[start..end]);
        end = start;
    }
    found.reverse();
    found
}

/// Whether the list holds a word.
pub(super) fn known(text: &str) -> bool {
    WORDS.contains(text)
}

/// The words that can begin at a place.
fn step(text: &str, at: usize, terms: &[String], reach: &mut impl FnMut(usize, u32)) {
    let rest = &text[at..];
    let Some(first) = rest.chars().next() else { return };
    let after_word = text[..at].chars().next_back().is_some_and(word);
    if let Some(length) = term(rest, terms, after_word) {
        reach(length, WHOLE);
        return;
    }
    let amount = quantity(rest, after_word);
    if let Some((length, sure)) = amount {
        reach(length, if sure { WHOLE } else { KNOWN });
        if sure {
            return;
        }
    }
    if !han(first) {
        reach(simple(rest, first), KNOWN);
        return;
    }
    reach(first.len_utf8(), UNKNOWN);
    let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8());
    for end in ends.skip(1).take(LONGEST - 1) {
        if known(&rest[..end]) {
            reach(end, KNOWN);
        }
    }
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
