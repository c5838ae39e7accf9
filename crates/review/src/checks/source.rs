//! A document as the checks read it: sentences with their places, the parties and the words that
//! name them, and whose duties a block lists.
//!
//! Judges nothing.

use std::collections::BTreeMap;

use regex::Regex;
pub(super) use wording::Span as Place;
use wording::Wording;
use wording::values::{Role, role_of};

use super::Facts;
use crate::parties::Parties;

/// Patterns that are compiled once: alternatives, each in one or more pieces, with `<party>` for
/// any word that names a party. Capitals make no difference unless the pattern is `cased`.
macro_rules! pattern {
    () => {};
    (cased $name:ident = $($($piece:literal)+),+; $($rest:tt)*) => {
        static $name: std::sync::LazyLock<regex::Regex> =
            std::sync::LazyLock::new(|| super::source::compiled("", &[$(&[$($piece),+]),+]));
        super::source::pattern! { $($rest)* }
    };
    ($name:ident = $($($piece:literal)+),+; $($rest:tt)*) => {
        static $name: std::sync::LazyLock<regex::Regex> =
            std::sync::LazyLock::new(|| super::source::compiled("(?i)", &[$(&[$($piece),+]),+]));
        super::source::pattern! { $($rest)* }
    };
}
pub(super) use pattern;

/// The pattern of some alternatives. Word boundaries are those of Latin words, so that they hold
/// between Latin and Chinese letters too.
pub(super) fn compiled(flags: &str, alternatives: &[&[&str]]) -> Regex {
    let joined = alternatives.iter().map(|pieces| pieces.concat()).collect::<Vec<_>>().join("|");
    let text = format!("{flags}{joined}").replace("<party>", PARTY).replace(r"\b", r"(?-u:\b)");
    Regex::new(&text).expect("a fixed pattern")
}

/// A sentence: a place inside one block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sentence {
    pub(super) block: usize,
    pub(super) place: Place,
}

/// A document prepared for the checks.
#[derive(Debug)]
pub(super) struct Source<'a> {
    pub(super) wording: &'a Wording,
    pub(super) facts: &'a Facts,
    pub(super) sentences: Vec<Sentence>,
    groups: BTreeMap<String, usize>,
    /// Which party the words for a vendor and for a customer name.
    sides: [usize; 2],
}

/// The words that name a party, as one group of a pattern.
pub(super) const PARTY: &str = "(甲方|乙方|丙方|服务提供方|服务接受方|被许可方|许可方|出租方|承租方\
|委托方|受托方|标注方|采购方|供应商|服务商|服务方|供方|需方|买方|卖方|客户|用户\
|Customer|Client|Subscriber|Licensee|Lessee|Buyer|Purchaser\
|Vendor|Provider|Supplier|Licensor|Lessor|Seller|Contractor|Service Provider)";

pattern! {
    HEADER =
        r"(甲方|乙方|丙方)\s*[（(]\s*(?:即|以下简称)?[“\x22]?"
        r"([^（()）“”\x22]{2,12})[”\x22]?\s*[）)]";
    DUTIES = "^[^。;；]{0,8}<party>的?(?:主要)?(?:权利|义务|责任|职责|承诺|保证)";
    BINDS =
        "本(?:协议|合同|条款)",
        r"\b(?:this|these) (?:agreement|terms|contract|addendum|dpa|sla)\b";
}

impl<'a> Source<'a> {
    pub(super) fn new(wording: &'a Wording, facts: &'a Facts, named: &Parties) -> Self {
        let (groups, sides) = parties(wording, named);
        Self { wording, facts, sentences: sentences(wording), groups, sides }
    }

    pub(super) fn text(&self) -> &'a str {
        &self.wording.text
    }

    /// The words at a place.
    pub(super) fn at(&self, place: Place) -> &'a str {
        &self.wording.text[place.start..place.end]
    }

    /// The place of a whole block, its number included.
    pub(super) fn block(&self, index: usize) -> Place {
        let block = &self.wording.blocks[index];
        Place { start: block.start, end: block.end }
    }

    /// The block that holds a byte.
    pub(super) fn block_at(&self, byte: usize) -> usize {
        self.wording.blocks.partition_point(|block| block.start <= byte).saturating_sub(1)
    }

    /// Whether the document says it anywhere.
    pub(super) fn says(&self, pattern: &Regex) -> bool {
        self.sentences.iter().any(|sentence| pattern.is_match(self.at(sentence.place)))
    }

    /// The first place that the pattern finds, within one sentence.
    pub(super) fn first(&self, pattern: &Regex) -> Option<Place> {
        self.all(pattern).next()
    }

    /// Each place that the pattern finds, within one sentence.
    pub(super) fn all<'s>(&'s self, pattern: &'s Regex) -> impl Iterator<Item = Place> + 's {
        self.sentences.iter().flat_map(move |sentence| {
            let from = sentence.place.start;
            pattern
                .find_iter(self.at(sentence.place))
                .map(move |hit| Place { start: from + hit.start(), end: from + hit.end() })
        })
    }

    /// The sentences that the pattern finds.
    pub(super) fn sentences_with<'s>(
        &'s self,
        pattern: &'s Regex,
    ) -> impl Iterator<Item = Sentence> + 's {
        self.sentences.iter().copied().filter(|sentence| pattern.is_match(self.at(sentence.place)))
    }

    /// The sentence that holds a byte.
    pub(super) fn sentence_at(&self, byte: usize) -> Place {
        let after = self.sentences.partition_point(|sentence| sentence.place.start <= byte);
        self.sentences[after.saturating_sub(1)].place
    }

    /// Which party a word names. Words of one party have one number.
    pub(super) fn party(&self, word: &str) -> Option<usize> {
        let known = self.groups.get(&word.to_lowercase()).copied();
        known.or_else(|| side(word).map(|side| self.sides[side]))
    }

    /// Whose rights or duties a block lists, by the sub-heading above it.
    pub(super) fn listed_for(&self, block: usize) -> Option<&'a str> {
        const FAR: usize = 25;
        for index in (block.saturating_sub(FAR)..=block).rev() {
            let text = self.wording.body(index);
            if let Some(found) = DUTIES.captures(text)
                && text.chars().count() < 30
            {
                return found.get(1).map(|word| word.as_str());
            }
            if self.wording.blocks[index].heading && self.wording.blocks[index].depth == 0 {
                return None;
            }
        }
        None
    }

    /// Whether the words bind parties: a contract or terms, and no article on contracts.
    pub(super) fn binds(&self) -> bool {
        self.says(&BINDS)
    }

    /// Whether the document breaks off, so that what is missing may stand in the lost part.
    pub(super) fn breaks_off(&self) -> bool {
        self.wording.truncated.is_some()
    }
}

/// Which party each word names, and which one stands on the side of the vendor and the customer.
fn parties(wording: &Wording, named: &Parties) -> (BTreeMap<String, usize>, [usize; 2]) {
    let letters = ["甲方", "乙方", "丙方"];
    let mut groups: BTreeMap<String, usize> =
        letters.into_iter().enumerate().map(|(group, word)| (word.to_owned(), group)).collect();
    let mut sides = [None; 2];
    for found in HEADER.captures_iter(&wording.text).take(20) {
        let (to, alias) = (groups[&found[1]], found[2].to_lowercase());
        if let Some(side) = side(&alias) {
            sides[side].get_or_insert(to);
        } else {
            groups.entry(alias).or_insert(to);
        }
    }
    for (side, names) in [&named.vendor, &named.customer].into_iter().enumerate() {
        let letter = letters.iter().position(|letter| names.iter().any(|name| name == letter));
        sides[side] = sides[side].or(letter);
    }
    let apart = [letters.len(), letters.len() + 1];
    (groups, [sides[0].unwrap_or(apart[0]), sides[1].unwrap_or(apart[1])])
}

fn side(word: &str) -> Option<usize> {
    match role_of(word) {
        Role::Vendor => Some(0),
        Role::Customer => Some(1),
        Role::Unknown => None,
    }
}

fn sentences(wording: &Wording) -> Vec<Sentence> {
    (0..wording.blocks.len())
        .flat_map(|block| {
            let spans = wording::sentences(wording, block);
            spans.into_iter().map(move |place| Sentence { block, place })
        })
        .collect()
}
