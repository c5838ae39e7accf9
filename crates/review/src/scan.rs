//! A document prepared for the rules: sentences with their words, the topic that the headings give
//! them, what its own definitions mean, which kind of document it is.
//!
//! Judges nothing.

use std::collections::HashMap;
use std::ops::Range;

use wording::Wording;

use crate::checks::Party;
use crate::definitions;
use crate::kind::{self, Kind};
use crate::lexicon::{self, Group, Hit};
use crate::parties::{self, Parties};
use crate::topic::{self, Topic, Topics};

/// A set of groups of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Groups(u128);

impl Groups {
    pub(crate) const fn of(groups: &[Group]) -> Self {
        let mut bits = 0;
        let mut at = 0;
        while at < groups.len() {
            bits |= 1 << (groups[at] as u32);
            at += 1;
        }
        Self(bits)
    }

    pub(crate) fn add(&mut self, group: Group) {
        self.0 |= 1 << (group as u32);
    }

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn has(self, group: Group) -> bool {
        self.0 & (1 << (group as u32)) != 0
    }

    pub(crate) const fn all(self, groups: Self) -> bool {
        self.0 & groups.0 == groups.0
    }

    pub(crate) const fn any(self, groups: Self) -> bool {
        self.0 & groups.0 != 0
    }
}

/// One sentence.
#[derive(Debug, Clone)]
pub(crate) struct Sentence {
    /// First byte.
    pub(crate) start: usize,
    /// Byte after the last.
    pub(crate) end: usize,
    /// The block that holds it.
    pub(crate) block: usize,
    /// Which of the hits stand in it.
    pub(crate) hits: Range<usize>,
    /// Their groups.
    pub(crate) groups: Groups,
    /// What the headings above it speak of.
    pub(crate) topics: Topics,
    /// The sentence that leads into it (`You may not:`).
    pub(crate) lead: Option<usize>,
    /// Whether its block is a heading.
    pub(crate) heading: bool,
}

/// A document prepared for the rules.
#[derive(Clone)]
pub(crate) struct Document<'a> {
    pub(crate) wording: &'a Wording,
    pub(crate) hits: Vec<Hit>,
    pub(crate) sentences: Vec<Sentence>,
    pub(crate) parties: Parties,
    pub(crate) kind: Kind,
}

impl<'a> Document<'a> {
    /// Prepares a document.
    pub(crate) fn new(wording: &'a Wording, known: &[Party]) -> Self {
        let parties = parties::find(&wording.text, known);
        let mut hits = lexicon::hits(&wording.text);
        hits.retain(|hit| {
            let address = hit.group == Group::Encrypt && wording.text[hit.end..].starts_with("://");
            let other = other_us(&wording.text, *hit) || weak_content(&wording.text, *hit);
            hit.group != Group::Plain && !address && !other
        });
        name_parties(&wording.text, &parties, &mut hits);
        definitions::resolve(&wording.text, &mut hits);
        let sentences = sentences(wording, &hits);
        let kind = kind::guess(wording);
        Self { wording, hits, sentences, parties, kind }
    }

    /// The words of a sentence.
    pub(crate) fn text(&self, sentence: &Sentence) -> &'a str {
        &self.wording.text[sentence.start..sentence.end]
    }

    /// The hits of a sentence.
    pub(crate) fn hits(&self, sentence: &Sentence) -> &[Hit] {
        &self.hits[sentence.hits.clone()]
    }

    /// The document with some blocks read as if a heading named their topic.
    pub(crate) fn read_as(&self, blocks: &[usize], topic: Topic) -> Self {
        let mut document = self.clone();
        for sentence in document.sentences.iter_mut().filter(|at| blocks.contains(&at.block)) {
            sentence.topics = sentence.topics.with(topic);
        }
        document
    }

    /// The sentences that are no headings.
    pub(crate) fn running(&self) -> impl Iterator<Item = (usize, &Sentence)> {
        self.sentences.iter().enumerate().filter(|(_, sentence)| !sentence.heading)
    }

    /// Bytes of a sentence with the ones before and behind it in its block.
    pub(crate) fn around(&self, index: usize) -> (usize, usize) {
        let block = self.sentences[index].block;
        let inside = |at: Option<usize>| {
            at.and_then(|at| self.sentences.get(at)).filter(|near| near.block == block)
        };
        let start = inside(index.checked_sub(1)).unwrap_or(&self.sentences[index]).start;
        let end = inside(index.checked_add(1)).unwrap_or(&self.sentences[index]).end;
        (start, end)
    }
}

/// `US` is a country, or a pronoun in a paragraph of capitals.
fn other_us(text: &str, hit: Hit) -> bool {
    let word = &text[hit.start..hit.end];
    word == "US" && text[hit.end..].starts_with(['$', '-', 'D', ' ', '.']) && {
        let behind = text[hit.end..].chars().filter(|c| c.is_alphabetic()).take(6);
        behind.into_iter().any(char::is_lowercase) || text[hit.end..].starts_with(['$', 'D'])
    }
}

/// `content` in small letters, and 内容, mean the customer's only behind a word that says so.
fn weak_content(text: &str, hit: Hit) -> bool {
    let word = &text[hit.start..hit.end];
    let behind = |count: usize| -> String {
        let tail: Vec<char> = text[..hit.start].chars().rev().take(count).collect();
        tail.into_iter().rev().collect::<String>().to_lowercase()
    };
    match word {
        "content" | "materials" => {
            let before = behind(24);
            let given: String = text[hit.end..].chars().take(24).collect::<String>().to_lowercase();
            if [" you ", " that you ", " submitted by you", " provided by you", " uploaded by you"]
                .iter()
                .any(|whose| given.starts_with(whose))
            {
                return false;
            }
            ![
                "your", "user", "customer", "their", "such", "this", "any", "upload", "submit",
                "post ",
            ]
            .iter()
            .any(|whose| before.contains(whose))
        }
        "内容" | "数据" => {
            let before = behind(8);
            ![
                "你", "您", "用户", "客户", "输入", "输出", "上传", "生成", "其", "该", "甲方",
                "乙方",
            ]
            .iter()
            .any(|whose| before.contains(whose))
        }
        _ => false,
    }
}

/// Puts the names that this document gives its parties among the hits.
fn name_parties(text: &str, parties: &Parties, hits: &mut Vec<Hit>) {
    let mut names = Vec::new();
    let mut groups = Vec::new();
    for (list, group) in [(&parties.vendor, Group::Vendor), (&parties.customer, Group::Customer)] {
        for name in list {
            names.push(name.as_str());
            groups.push(group);
        }
    }
    let Ok(finder) = aho_corasick::AhoCorasick::builder()
        .match_kind(aho_corasick::MatchKind::LeftmostLongest)
        .ascii_case_insensitive(true)
        .build(&names)
    else {
        return;
    };
    let mut named: Vec<Hit> = finder
        .find_iter(text)
        .filter(|hit| lexicon::stands_alone(text, hit.start(), hit.end(), false))
        .map(|hit| Hit {
            group: groups[hit.pattern().as_usize()],
            start: hit.start(),
            end: hit.end(),
        })
        .collect();
    if named.is_empty() {
        return;
    }
    // A word of the lexicon that begins with the name is longer and wins.
    let mut at = 0;
    named.retain(|name| {
        while hits.get(at).is_some_and(|hit| hit.end <= name.start) {
            at += 1;
        }
        !hits.get(at).is_some_and(|hit| hit.start <= name.start && hit.end > name.end)
    });
    let mut taken = named.iter().peekable();
    hits.retain(|hit| {
        while taken.peek().is_some_and(|name| name.end <= hit.start) {
            taken.next();
        }
        !taken.peek().is_some_and(|name| name.start < hit.end && hit.start < name.end)
    });
    hits.append(&mut named);
    hits.sort_unstable_by_key(|hit| hit.start);
}

fn sentences(wording: &Wording, hits: &[Hit]) -> Vec<Sentence> {
    let topics = topic::of_blocks(wording);
    let mut leads: HashMap<usize, usize> = HashMap::new();
    let mut found: Vec<Sentence> = Vec::new();
    let mut next = 0;
    let mut open: Option<(usize, usize)> = None;
    for (index, block) in wording.blocks.iter().enumerate() {
        let own = block.parent.and_then(|parent| leads.get(&parent)).copied();
        // A list behind `…:` belongs to it even where the tree does not say so.
        let follows =
            open.filter(|(from, _)| continues(wording, *from, index)).map(|(_, lead)| lead);
        let lead = own.or(follows);
        if lead.is_none() {
            open = None;
        }
        for wording::Span { start, end } in wording::sentences(wording, index) {
            while hits.get(next).is_some_and(|hit| hit.start < start) {
                next += 1;
            }
            let first = next;
            let mut groups = Groups::default();
            while let Some(hit) = hits.get(next).filter(|hit| hit.start < end) {
                groups.add(hit.group);
                next += 1;
            }
            found.push(Sentence {
                start,
                end,
                block: index,
                hits: first..next,
                groups,
                topics: topics[index],
                lead,
                heading: block.heading,
            });
        }
        let body = wording.body(index).trim_end();
        if body.ends_with([':', '：']) && !found.is_empty() {
            leads.insert(index, found.len() - 1);
            open = Some((index, found.len() - 1));
        }
    }
    found
}

/// Whether block `index` still belongs to the list that block `from` opens.
fn continues(wording: &Wording, from: usize, index: usize) -> bool {
    let block = &wording.blocks[index];
    let opener = &wording.blocks[from];
    if block.heading || opener.heading || index - from > 40 {
        return false;
    }
    let body = wording.body(index).trim_start();
    let item = body.starts_with(|c: char| c.is_lowercase() || matches!(c, '(' | '-' | '•' | '·'));
    let numbered = block.number.is_some() && block.number != opener.number;
    item || block.bullet || block.depth > opener.depth || (numbered && opener.number.is_none())
}
