//! The words that rules look for, in groups, zh and en, and one automaton that finds all of them
//! in one pass over a text. Serves every clause of the playbook.
//!
//! Knows words alone: who speaks and what is denied is the frame's matter. A pattern that ends in
//! `*` may go on (`train*` finds `training`); others are whole words. Chinese has no word ends.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

mod group;
mod table;

pub(crate) use group::Group;

/// Occurrence of a word of a group. Offsets are bytes of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) group: Group,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

struct Lexicon {
    words: AhoCorasick,
    /// For each pattern its group, and whether the word may go on behind it.
    patterns: Vec<(Group, bool)>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut texts = Vec::new();
    let mut patterns = Vec::new();
    for (group, words) in table::TABLE {
        for word in words.split('|').map(str::trim).filter(|word| !word.is_empty()) {
            let stem = word.strip_suffix('*');
            texts.push(stem.unwrap_or(word));
            patterns.push((*group, stem.is_some()));
        }
    }
    let words = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .ascii_case_insensitive(true)
        .build(texts)
        .expect("a fixed list of short words fits an automaton");
    Lexicon { words, patterns }
});

/// All words of the lexicon in the text, in order, none inside another.
pub(crate) fn hits(text: &str) -> Vec<Hit> {
    let lexicon = &*LEXICON;
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(hit) = lexicon.words.find(aho_corasick::Input::new(text).range(from..)) {
        let (group, open) = lexicon.patterns[hit.pattern().as_usize()];
        if stands_alone(text, hit.start(), hit.end(), open) {
            found.push(Hit { group, start: hit.start(), end: hit.end() });
            from = hit.end();
        } else {
            // A part of another word: go on behind its first character.
            from = hit.start() + text[hit.start()..].chars().next().map_or(1, char::len_utf8);
        }
    }
    found
}

/// Whether `start..end` is a word of its own: Latin letters must end there, unless it is `open`.
pub(crate) fn stands_alone(text: &str, start: usize, end: usize, open: bool) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric();
    let first = text[start..].chars().next().is_some_and(letter);
    let last = text[..end].chars().next_back().is_some_and(letter);
    let before = first && text[..start].chars().next_back().is_some_and(letter);
    let behind = last && !open && text[end..].chars().next().is_some_and(letter);
    !before && !behind
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(Group, &str)]) {
        let found = hits(text);
        let shown: Vec<_> =
            found.iter().map(|hit| (hit.group, &text[hit.start..hit.end])).collect();
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn the_longest_word_wins_and_parts_of_words_are_none() {
        check("Customer Data", &[(Group::CustomerData, "Customer Data")]);
        check("customers", &[(Group::Customer, "customers")]);
        check("restrain", &[]);
        check(
            "不得用于训练",
            &[(Group::Not, "不得"), (Group::Use, "用于"), (Group::Train, "训练")],
        );
    }
}
