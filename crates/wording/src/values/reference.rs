//! References to other places of the document: `第三条`, `3.1条`, `Section 8.2(a)`, `附件一`,
//! `Exhibit B`; found in the tree or dangling, or in another document altogether.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use super::Kind;
use crate::numeral::{roman, zh_whole};
use crate::{Span, Wording};

/// Where each number of the document stands.
#[derive(Debug, Clone, Default)]
pub struct Index {
    blocks: HashMap<String, usize>,
}

static ZH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"第\s*([0-9]{1,3}(?:\.[0-9]{1,3}){0,4}|[一二三四五六七八九十百零〇两]{1,6})\s*[条章节](?:\s",
        r"*第?\s*([0-9]{1,3}(?:\.[0-9]{1,3}){0,4}|[一二三四五六七八九十]{1,3})\s*[款项])?(?:\s*",
        r"第?\s*[（(]?([0-9]{1,3}|[一二三四五六七八九十]{1,3})[）)]?\s*[项目])?|([0-9]{1,3}(?:\.[0",
        r"-9]{1,3}){1,4})\s*[条款项]|(附件|附录|附表)\s*([0-9]{1,3}|[一二三四五六七八九十]{1,3})",
    ))
        .expect("a fixed pattern")
});
static EN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"\b((?i:sections?|articles?|clauses?|paragraphs?|exhibits?|annex(?:es)?|a",
        r"ppendix|appendices|schedules?|attachments?))\s+((?:[A-Z]|[IVXLC]{1,6}|[0",
        r"-9]{1,3})(?:\.[0-9A-Za-z]{1,3}){0,5}(?:\([0-9A-Za-z]{1,4}\)){0,3})(?:((?:",
        r",?\s*(?:and|or|through|to|,)\s+(?:[A-Z]\.)?[0-9]{1,3}(?:\.[0-9A-Za-z]{1,",
        r"3}){0,4}(?:\([0-9A-Za-z]{1,4}\)){0,3})+))?",
    ))
    .expect("a fixed pattern")
});
static MORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:[A-Z]\.)?[0-9]{1,3}(?:\.[0-9A-Za-z]{1,3}){0,4}(?:\([0-9A-Za-z]{1,4}\)){0,3}")
        .expect("a fixed pattern")
});

/// The index of a document.
#[must_use]
pub fn index(wording: &Wording) -> Index {
    let mut blocks = HashMap::new();
    for (at, block) in wording.blocks.iter().enumerate() {
        if block.number.is_none() || block.anchor.len() > 120 {
            continue;
        }
        let parts: Vec<String> = block
            .anchor
            .split('/')
            .map(|part| part.split('~').next().unwrap_or(part))
            .filter(|part| !is_count(part))
            .map(normal)
            .collect();
        let mut key = String::new();
        for part in &parts {
            let goes_on = key.is_empty()
                || part.starts_with(&format!("{key}."))
                || (part.contains('.') && !part.starts_with(&format!("{key}.")));
            key = if goes_on { part.clone() } else { format!("{key}.{part}") };
        }
        blocks.entry(key).or_insert(at);
        if let Some(last) = parts.last() {
            let joined = parts.join(".");
            blocks.entry(joined).or_insert(at);
            if block.depth == 0 || last.contains('.') {
                blocks.entry(last.clone()).or_insert(at);
            }
            if let Some(value) = roman(last).filter(|_| parts.len() == 1) {
                blocks.entry(value.to_string()).or_insert(at);
            }
            if let Some(value) = zh_whole(last).filter(|_| parts.len() == 1) {
                blocks.entry(value.to_string()).or_insert(at);
            }
        }
    }
    Index { blocks }
}

/// `p3` counts a block without a number.
fn is_count(part: &str) -> bool {
    part.strip_prefix('p')
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
}

/// One spelling for each place: `(a)` and `a` are one.
fn normal(part: &str) -> String {
    part.trim_matches(['(', ')', '.']).to_owned()
}

impl Index {
    /// The block that a label means: `3.1`, `3.1.a`, `附件1`, `EXHIBIT-A`.
    #[must_use]
    pub fn find(&self, label: &str) -> Option<usize> {
        if let Some(at) = self.blocks.get(label) {
            return Some(*at);
        }
        // Letters in another case, and a Roman numeral for a figure.
        let (head, rest) = label.split_once('.').map_or((label, ""), |(head, rest)| (head, rest));
        let value = roman(head)?;
        let other = if rest.is_empty() { value.to_string() } else { format!("{value}.{rest}") };
        self.blocks.get(&other).copied()
    }
}

/// Finds the references of a text.
pub(super) fn find(text: &str, index: &Index, found: &mut Vec<(Span, Kind)>) {
    if text.contains(['第', '附', '条', '款', '项']) {
        chinese(text, index, found);
    }
    if text.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        english(text, index, found);
    }
}

fn chinese(text: &str, index: &Index, found: &mut Vec<(Span, Kind)>) {
    for parts in ZH.captures_iter(text) {
        let Some(whole) = parts.get(0) else { continue };
        let number = |at: usize| {
            parts.get(at).map(|part| {
                let part = part.as_str();
                if part.contains('.') {
                    part.to_owned()
                } else {
                    zh_whole(part).map_or_else(|| part.to_owned(), |value| value.to_string())
                }
            })
        };
        let before = &text[..whole.start()];
        let statute = before.ends_with(['》', '法', '例']) || before.ends_with("规定》");
        let label = if let (Some(word), Some(value)) = (parts.get(5), number(6)) {
            format!("{}{value}", word.as_str())
        } else if let Some(path) = number(4) {
            path
        } else if let Some(article) = number(1) {
            match (number(2), number(3)) {
                (Some(item), _) if item.contains('.') => item,
                (Some(item), None) => format!("{article}.{item}"),
                (Some(item), Some(part)) => format!("{article}.{item}.{part}"),
                (None, Some(part)) => format!("{article}.{part}"),
                (None, None) => article,
            }
        } else {
            continue;
        };
        let article = label.split('.').next().unwrap_or(&label);
        let target = if statute {
            None
        } else {
            index.find(&label).or_else(|| nearest(index, &label, article))
        };
        let place = Span { start: whole.start(), end: whole.end() };
        found.push((place, Kind::Reference { label, target, external: statute }));
    }
}

/// `第三条第二款` counts paragraphs, which have no number of their own: the article is meant.
fn nearest(index: &Index, label: &str, article: &str) -> Option<usize> {
    if label == article { None } else { index.find(article) }
}

fn english(text: &str, index: &Index, found: &mut Vec<(Span, Kind)>) {
    for parts in EN.captures_iter(text) {
        let (Some(whole), Some(word), Some(number)) = (parts.get(0), parts.get(1), parts.get(2))
        else {
            continue;
        };
        let kind = word.as_str().to_lowercase();
        let external = is_external(&text[whole.end()..], &text[..whole.start()]);
        let prefix = match kind.as_str() {
            "exhibit" | "exhibits" => "EXHIBIT-",
            "annex" | "annexes" => "ANNEX-",
            "appendix" | "appendices" => "APPENDIX-",
            "schedule" | "schedules" => "SCHEDULE-",
            "attachment" | "attachments" => "ATTACHMENT-",
            _ => "",
        };
        let mut push = |start: usize, end: usize, number: &str| {
            let label = format!("{prefix}{}", dotted(number));
            let target = if external { None } else { index.find(&label) };
            found.push((Span { start, end }, Kind::Reference { label, target, external }));
        };
        push(word.start(), number.end(), number.as_str());
        if let Some(more) = parts.get(3) {
            for other in MORE.find_iter(more.as_str()) {
                push(more.start() + other.start(), more.start() + other.end(), other.as_str());
            }
        }
    }
}

/// `8.2(a)(i)` as `8.2.a.i`.
fn dotted(number: &str) -> String {
    number
        .trim_end_matches('.')
        .replace(['(', ')'], ".")
        .replace("..", ".")
        .trim_matches('.')
        .to_owned()
}

/// Whether the place is in another document: `of the GDPR`, `of Regulation (EU)`, `U.S.C.`.
fn is_external(after: &str, before: &str) -> bool {
    const OWN: [&str; 10] = [
        "this ",
        "these ",
        "the agreement",
        "the terms",
        "our ",
        "your ",
        "such ",
        "the contract",
        "the msa",
        "the main body",
    ];
    if before.ends_with("GDPR ") || before.ends_with("CCPA ") || before.ends_with("U.S.C. ") {
        return true;
    }
    let rest = after.trim_start_matches([' ', ',', '(', ')']);
    let of = rest.strip_prefix("of ").or_else(|| rest.strip_prefix("under the "));
    let Some(of) = of else {
        return ["GDPR", "CCPA", "U.S.C", "UK GDPR", "EU GDPR"]
            .iter()
            .any(|law| rest.starts_with(law));
    };
    let lower: String = of.chars().take(24).collect::<String>().to_lowercase();
    !OWN.iter().any(|own| lower.starts_with(own))
        && (of.starts_with("the ") && of[4..].starts_with(char::is_uppercase)
            || of.starts_with(char::is_uppercase))
}
