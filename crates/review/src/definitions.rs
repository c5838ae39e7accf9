//! What the document's own definitions mean: `“Services Data” means … prompts …` is customer data,
//! `“Usage Data” … excludes Customer Data` is not. Serves pb-01 and pb-02.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::lexicon::{Group, Hit};

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
pub(crate) fn resolve(text: &str, hits: &mut [Hit]) {
    let mut terms: HashMap<String, Group> = HashMap::new();
    for found in DEFINITION.captures_iter(text).take(MOST_TERMS) {
        let at = found.get(2).map_or(0, |body| body.start());
        learn(&found[1], &found[2], at, hits, &mut terms);
    }
    for found in BRACKETED.captures_iter(text).take(MOST_TERMS) {
        let at = found.get(1).map_or(0, |body| body.start());
        learn(&found[2], &found[1], at, hits, &mut terms);
    }
    for hit in hits.iter_mut().filter(|hit| is_data(hit.group)) {
        let word = text[hit.start..hit.end].to_lowercase();
        if let Some(group) = terms.get(&word) {
            hit.group = *group;
        }
    }
}

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
