//! What the document's own definitions mean: `“Services Data” means … prompts …` is customer data,
//! `“Usage Data” … excludes Customer Data` is not. Serves pb-01 and pb-02.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;

use crate::lexicon::{self, Group, Hit};

/// A term and the words that define it.
static DEFINITION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"[“\x22]([A-Z][\w -]{1,40}|[^”“\x22，。；]{2,16})[”\x22]\s*(?:\)?\s*(?:also )?(?:means|",
        r"mean|includes|refers to|shall mean|is defined as|has the meaning|consists of)",
        r"|[:：]?\s*(?:是指|指|包括))([^\n]{0,900})",
    ))
    .expect("a fixed pattern compiles")
});
/// A term that stands in brackets behind its own words: `… technical data (“Usage Data”)`.
static BRACKETED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"([^\n.。]{20,400})[(（](?:collectively,? |together,? |the |",
        r"以下(?:统)?称(?:为)?)?[“\x22]([A-Z][\w -]{1,40}|",
        r"[^”“\x22，。；]{2,16})[”\x22][)）]",
    ))
    .expect("a fixed pattern compiles")
});

const EXCLUDES: &[&str] = &[
    "exclud",
    "does not include",
    "not including",
    "other than",
    "but not",
    "does not contain",
    "不包括",
    "不含",
];
const CONTENT: &[Group] = &[Group::Input, Group::Output, Group::CustomerData, Group::PersonalData];
const MOST_TERMS: usize = 400;

/// Gives each hit that is a defined term the group that its definition gives it.
pub(crate) fn resolve(text: &str, hits: &mut Vec<Hit>) {
    let mut terms: HashMap<String, Group> = HashMap::new();
    let mut named: BTreeMap<String, Group> = BTreeMap::new();
    for found in DEFINITION.captures_iter(text).take(MOST_TERMS) {
        let at = found.get(2).map_or(0, |body| body.start());
        learn(&found[1], &found[2], at, hits, &mut terms);
        name(&found[1], &found[2], at, hits, false, &mut named);
    }
    for found in BRACKETED.captures_iter(text).take(MOST_TERMS) {
        let at = found.get(1).map_or(0, |body| body.start());
        learn(&found[2], &found[1], at, hits, &mut terms);
        name(&found[2], &found[1], at, hits, true, &mut named);
    }
    place_named(text, &named, hits);
    for hit in hits.iter_mut().filter(|hit| is_data(hit.group)) {
        let word = text[hit.start..hit.end].to_lowercase();
        if let Some(group) = terms.get(&word) {
            hit.group = *group;
        }
    }
}

/// A term of the document's own for data (`“Interactions”`, `“Materials”`): what it is made of
/// stands right beside it. Words that other things are called by are left alone.
fn name(
    term: &str,
    body: &str,
    at: usize,
    hits: &[Hit],
    behind: bool,
    named: &mut BTreeMap<String, Group>,
) {
    let term = term.trim();
    let lower = term.to_lowercase();
    let capital = term.starts_with(|first: char| first.is_ascii_uppercase());
    if !capital || lower.len() < 5 || NO_DATA.iter().any(|word| lower.contains(word)) {
        return;
    }
    // In front of a bracket the nearest words count, behind `means` the first.
    let mut from = if behind { body.len().saturating_sub(NEAR_TERM) } else { 0 };
    while !body.is_char_boundary(from) {
        from += 1;
    }
    let mut to = if behind { body.len() } else { body.len().min(NEAR_TERM) };
    while !body.is_char_boundary(to) {
        to -= 1;
    }
    let first = hits.partition_point(|hit| hit.start < at + from);
    let content = hits[first..]
        .iter()
        .take_while(|hit| hit.start < at + to)
        .filter(|hit| CONTENT.contains(&hit.group))
        .count();
    let near = body[from..to].to_lowercase();
    let data = ["data", "content", "prompt", "input", "file", "text", "document"]
        .iter()
        .any(|word| near.contains(word));
    let gives = ["you ", "customer", "your", "user"].iter().any(|word| near.contains(word));
    if content > 0 && data && gives {
        named.entry(term.to_owned()).or_insert(Group::CustomerData);
    }
}

/// Puts the places of the document's own terms for data among the hits.
fn place_named(text: &str, named: &BTreeMap<String, Group>, hits: &mut Vec<Hit>) {
    let names: Vec<&String> = named.keys().collect();
    let Ok(finder) = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&names)
    else {
        return;
    };
    for found in finder.find_iter(text) {
        if !lexicon::stands_alone(text, found.start(), found.end(), false) {
            continue;
        }
        let at = hits.partition_point(|hit| hit.end <= found.start());
        let free = hits.get(at).is_none_or(|hit| hit.start >= found.end());
        if free {
            let group = named[names[found.pattern().as_usize()]];
            hits.insert(at, Hit { group, start: found.start(), end: found.end() });
        }
    }
}

/// How near the words of a term stand to it, in bytes.
const NEAR_TERM: usize = 220;
/// Words of terms that mean no data.
const NO_DATA: &[&str] = &[
    "service",
    "agreement",
    "term",
    "polic",
    "part",
    "affiliate",
    "fee",
    "claim",
    "addendum",
    "purpose",
    "law",
    "user",
    "customer",
    "order",
    "incident",
    "breach",
    "platform",
    "site",
    "software",
    "plan",
    "account",
    "licen",
    "model",
    "feature",
    "confidential",
    "feedback",
    "right",
    "product",
    "dpa",
    "subscription",
    "processor",
    "controller",
    "you",
    "company",
    "subject",
    "personal",
    "loss",
    "liabilit",
    "technology",
    "provider",
    "member",
    "device",
    "cookie",
    "app",
    "tool",
    "process",
    "security",
    "usage",
    "performance",
    "statistic",
    "log",
    "applicable",
    "standard",
    "damage",
];

fn is_data(group: Group) -> bool {
    CONTENT.contains(&group) || matches!(group, Group::UsageData | Group::Feedback)
}

fn learn(term: &str, body: &str, at: usize, hits: &[Hit], terms: &mut HashMap<String, Group>) {
    let term = term.trim().to_lowercase();
    let data = ["data", "content", "information", "material", "suggestion", "数据", "内容", "信息"]
        .iter()
        .any(|word| term.contains(word));
    if !data || terms.contains_key(&term) {
        return;
    }
    let lower = body.to_lowercase();
    let inner = EXCLUDES.iter().filter_map(|word| lower.find(word)).min().unwrap_or(body.len());
    let first = hits.partition_point(|hit| hit.start < at);
    let named: Vec<Group> = hits[first..]
        .iter()
        .take_while(|hit| hit.start < at + inner)
        .map(|hit| hit.group)
        .collect();
    let has = |group: Group| named.contains(&group);
    let usage = has(Group::UsageData) || has(Group::Deidentified);
    let content = CONTENT.iter().any(|group| has(*group));
    let group = if usage && (!content || term.contains("usage") || inner < body.len()) {
        Group::UsageData
    } else if term.contains("personal") || term.contains("个人") {
        Group::PersonalData
    } else if content {
        Group::CustomerData
    } else {
        return;
    };
    terms.insert(term, group);
}
