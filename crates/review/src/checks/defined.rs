//! Defined terms: used and never defined, defined and never used. Serves the definitions of every
//! contract (train-1).
//!
//! English terms are told by their capitals: only words that contracts define as a rule are asked
//! for, since any name has capitals. Chinese terms are told by their quotation marks.

use std::collections::{BTreeMap, BTreeSet};

use super::Check;
use super::rule::{NONE, Rule, word, words};
use super::source::{Place, Source, pattern};
use crate::finding::{Confidence, Finding, Risk, Status};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "doc-term-undefined",
        risk: Risk::Low,
        zh: "使用了没有定义的术语",
        en: "a term is used and nowhere defined",
        run: undefined,
    },
    Check {
        id: "doc-term-unused",
        risk: Risk::Low,
        zh: "定义了却没有使用的术语",
        en: "a term is defined and nowhere used",
        run: unused,
    },
];

const UNDEFINED: Rule = Rule {
    check: "doc-term-undefined",
    name: "used-not-defined",
    status: Status::Missing,
    risk: Risk::Low,
    sure: Confidence::H,
    reason: words(
        "“{term}”作为术语使用了 {uses} 次,没有定义:范围由谁解释不确定。",
        "“{term}” is used as a term ({uses} times) and nowhere defined: its scope is open.",
    ),
    advice: words("补写定义,或改用日常用语。", "Define it, or use plain words."),
    suggestion: NONE,
};
const UNUSED: Rule = Rule {
    check: "doc-term-unused",
    name: "defined-not-used",
    status: Status::Unclear,
    risk: Risk::Low,
    sure: Confidence::D,
    reason: words(
        "“{term}”定义之后没有再使用:或多余,或正文用了别的词。",
        "“{term}” is defined and not used again: superfluous, or the text uses another word.",
    ),
    advice: words("删去定义,或在正文中统一使用。", "Strike it out, or use it in the text."),
    suggestion: NONE,
};

pattern! {
    cased TERM =
        r"\b(?:Customer Data|Customer Content|Confidential Information|Security Incident"
        "|Service Credit|Intellectual Property Rights|Order Form|Authorized User"
        "|Personal Data|Feedback|Usage Data|Output|Input|Documentation|Affiliate"
        "|Deliverable|Effective Date|Services|Subscription Term|Change of Control"
        "|Territory|Net Sales|Licensed Product|AI-Generated Output|Data Breach|Business"
        " Day|Professional Services|Acceptance Criteria|Service Level|Training Data)s?"
        r"\b";
    cased QUOTED =
        r#"[“"‘'*]\s*(?:[Tt]he\s+)?([A-Z][\w-]*(?:\s+(?:of|and|the|or|to|[A-Z]"#
        r#"[\w-]*)){0,5})[,.]?\s*[”"’'*]"#;
    cased BOLD_HEAD =
        r"^(?:[\d.()a-z]+\s+)?([A-Z][\w-]*(?:\s+[A-Z][\w-]*){0,4})\s*(?:[:.]|means\b"
        r"|shall mean\b|has the meaning|is defined)";
    cased EN_DEFINES =
        r#"[“"]([A-Z][\w-]*(?:\s+(?:of|and|the|or|to|[A-Z][\w-]*)){0,5})[”"]\s*(?:(?:or"#
        r#"|and)\s+[“"][^”"]{1,40}[”"]\s*)?(?:means|shall mean|refers to|has the meaning)"#;
    ZH_DEFINES =
        r"^[“\x22]?([\p{Han}A-Za-z]{2,16}?)[”\x22]?\s*(?:[:：,，]\s*(?:系|是)?指|(?:系|是)指)",
        r"(?:以下简称|下称|简称)(?:为)?[“\x22]([^”\x22]{2,16})[”\x22]";
    ZH_QUOTED = r"[“]([\p{Han}]{2,12})[”]";
    ZH_GIVES =
        "(?:系|是)?指",
        "以下(?:简)?称",
        "下称",
        "简称",
        "统称",
        "合称",
        "定义",
        "即",
        "所谓",
        "按",
        "「",
        "点击",
        "选择",
        "按钮";
    ELSEWHERE =
        "(?:terms|capitali[sz]ed)[^.;]{0,80}(?:not (?:otherwise )?defined|defined in"
        r"|meaning\w* (?:given|set forth|ascribed|assigned))";
}

fn undefined(source: &Source<'_>) -> Vec<Finding> {
    if !source.binds() && source.facts.parties.is_empty() && !drafts(source) {
        return Vec::new();
    }
    let mut found = if source.says(&ELSEWHERE) { Vec::new() } else { english(source) };
    found.extend(chinese(source));
    found
}

/// Whether the text is made of clauses, even where it does not call itself an agreement.
fn drafts(source: &Source<'_>) -> bool {
    pattern! { CLAUSES = r"\b(?:Vendor|Provider|Supplier|Customer|Licensee) shall\b"; }
    source.says(&CLAUSES)
}

fn english(source: &Source<'_>) -> Vec<Finding> {
    let mut defined: BTreeSet<String> =
        QUOTED.captures_iter(source.text()).map(|hit| singular(&hit[1])).collect();
    for index in 0..source.wording.blocks.len() {
        if let Some(hit) = BOLD_HEAD.captures(source.wording.body(index)) {
            defined.insert(singular(&hit[1]));
        }
        // A short block that is the term alone is a heading or an entry of a glossary.
        if source.wording.body(index).split_whitespace().count() <= 4 {
            defined.insert(singular(source.wording.body(index)));
        }
    }
    let mut uses: BTreeMap<String, (Place, usize)> = BTreeMap::new();
    for sentence in &source.sentences {
        let text = source.at(sentence.place);
        if text.split_whitespace().count() < 8 || shouting(text) {
            continue;
        }
        for hit in TERM.find_iter(text).filter(|hit| hit.start() > 0) {
            // A longer name, or the first word of a sentence, is no use of the term.
            let before = text[..hit.start()].trim_end();
            let inside = before.rsplit(' ').next().is_some_and(|last| {
                last.starts_with(char::is_uppercase) && !before.ends_with(['.', ',', ';', ':', ')'])
            }) || text[hit.end()..].trim_start().starts_with(char::is_uppercase);
            if !inside {
                let from = sentence.place.start;
                let place = Place { start: from + hit.start(), end: from + hit.end() };
                uses.entry(singular(hit.as_str())).or_insert((place, 0)).1 += 1;
            }
        }
    }
    uses.into_iter()
        .filter(|(term, (_, uses))| *uses >= 2 && !defined.contains(term))
        .map(|(term, (place, uses))| {
            UNDEFINED.at(source, place, &[("term", word(term)), ("uses", word(uses.to_string()))])
        })
        .collect()
}

fn shouting(text: &str) -> bool {
    let upper = text.chars().filter(|c| c.is_uppercase()).count();
    let lower = text.chars().filter(|c| c.is_lowercase()).count();
    upper > lower
}

fn singular(term: &str) -> String {
    let term = term.split_whitespace().collect::<Vec<_>>().join(" ");
    term.strip_suffix('s').unwrap_or(&term).to_owned()
}

fn chinese(source: &Source<'_>) -> Vec<Finding> {
    let text = source.text();
    let mut uses: BTreeMap<&str, Vec<Place>> = BTreeMap::new();
    for hit in ZH_QUOTED.captures_iter(text) {
        if let (Some(all), Some(term)) = (hit.get(0), hit.get(1)) {
            uses.entry(term.as_str())
                .or_default()
                .push(Place { start: all.start(), end: all.end() });
        }
    }
    let gives = |place: &Place| {
        let behind: String = text[place.end..].chars().take(12).collect();
        let before: String = {
            let back: Vec<char> = text[..place.start].chars().rev().take(8).collect();
            back.into_iter().rev().collect()
        };
        ZH_GIVES.is_match(&behind) || ZH_GIVES.is_match(&before)
    };
    uses.into_iter()
        .filter(|(_, places)| places.len() >= 3 && !places.iter().any(gives))
        .map(|(term, places)| {
            let values = [("term", word(term)), ("uses", word(places.len().to_string()))];
            UNDEFINED.at(source, places[0], &values)
        })
        .collect()
}

fn unused(source: &Source<'_>) -> Vec<Finding> {
    let lower = source.text().to_ascii_lowercase();
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for sentence in &source.sentences {
        let here = source.at(sentence.place);
        let zh = ZH_DEFINES.captures(here).and_then(|hit| hit.get(1).or(hit.get(2)));
        let en = EN_DEFINES.captures(here).and_then(|hit| hit.get(1));
        let Some(term) = zh.or(en) else { continue };
        let stem = singular(term.as_str());
        let start = sentence.place.start + term.start();
        let place = Place { start, end: start + term.as_str().len() };
        // Its own definition may say it again; any other sentence counts as a use.
        let used = lower
            .match_indices(&stem.to_ascii_lowercase())
            .any(|(at, _)| at < sentence.place.start || at >= sentence.place.end);
        if !used && !source.breaks_off() && seen.insert(stem) {
            found.push(UNUSED.at(source, place, &[("term", word(term.as_str()))]));
        }
    }
    found
}
