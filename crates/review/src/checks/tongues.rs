//! A document in two languages: which one prevails, and whether both say the same numbers.
//! Knows no grammar: compares the figures of neighbours.

use std::collections::BTreeSet;

use super::Check;
use super::rule::{NONE, Rule, word, words};
use super::source::{Place, Source, pattern};
use crate::finding::{Confidence, Finding, Risk, Status};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "doc-language",
        risk: Risk::Medium,
        zh: "中英文两个版本没有写以哪个为准,或两处各写一个",
        en: "two languages, and none prevails or each does in one place",
        run: prevailing,
    },
    Check {
        id: "doc-language-differs",
        risk: Risk::High,
        zh: "中英文对照的两段数值不同",
        en: "the two languages of a passage state different figures",
        run: differs,
    },
];

const OPEN: Rule = Rule {
    check: "doc-language",
    name: "no-prevailing-language",
    status: Status::Missing,
    risk: Risk::Medium,
    sure: Confidence::H,
    reason: words(
        "文本有中英文两个版本,没有写不一致时以哪个为准。",
        "The text stands in Chinese and English, and which prevails is not said.",
    ),
    advice: words("写明以其中一种为准。", "Name the language that prevails."),
    suggestion: words(
        "中英文不一致时,以中文为准。",
        "In case of discrepancy, the Chinese version prevails.",
    ),
};
const BOTH: Rule = Rule {
    name: "both-prevail",
    status: Status::Conflict,
    risk: Risk::Medium,
    sure: Confidence::D,
    reason: words(
        "一处以中文为准,另一处以英文为准。",
        "In one place the Chinese version prevails, in another the English one.",
    ),
    ..OPEN
};
const DIFFERS: Rule = Rule {
    check: "doc-language-differs",
    name: "figures-differ",
    status: Status::Conflict,
    risk: Risk::High,
    sure: Confidence::H,
    reason: words(
        "中文写 {zh},英文写 {en}:两个版本不是同一约定。",
        "The Chinese says {zh}, the English {en}: the versions do not agree on the same.",
    ),
    advice: words("核对后改为一致。", "Find out which is meant and correct the other."),
    suggestion: NONE,
};

pattern! {
    TWO =
        "中英文",
        "中、英文",
        "英文版",
        "(?:in|both) (?:the )?(?:Chinese and English|English and Chinese)",
        "Chinese (?:version|translation|text)",
        "English (?:version|translation|text)";
    ZH_WINS =
        "以中文(?:版本?|文本|本)?(?:内容)?为准",
        "中文(?:版本?|文本)?[^。;；]{0,8}(?:为准|优先|效力)",
        r"\bChinese (?:language )?(?:version|text)?[^.;]{0,24}\b(?:prevail|control"
        "|govern)";
    EN_WINS =
        "以英文(?:版本?|文本|本)?(?:内容)?为准",
        "英文(?:版本?|文本)?[^。;；]{0,8}(?:为准|优先)",
        r"\bEnglish (?:language )?(?:version|text)?[^.;]{0,40}\b(?:prevail|control"
        "|govern)",
        r"\bgoverning language\b[^.;]{0,40}\bEnglish";
    FIGURE = r"\d+(?:,\d{3})*(?:\.\d+)?";
    HAN = r"\p{Han}";
    cased LATIN = "[A-Za-z]{2,}";
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tongue {
    Zh,
    En,
}

/// The language of a passage, where it is clear.
fn tongue(text: &str) -> Option<Tongue> {
    let (han, latin) = (HAN.find_iter(text).count(), LATIN.find_iter(text).count());
    match (han, latin) {
        (han, latin) if han >= 8 && han > latin * 3 => Some(Tongue::Zh),
        (han, latin) if latin >= 6 && latin > han * 2 => Some(Tongue::En),
        _ => None,
    }
}

fn prevailing(source: &Source<'_>) -> Vec<Finding> {
    let zh = source.first(&ZH_WINS);
    let en = source.first(&EN_WINS);
    match (zh, en) {
        (Some(zh), Some(en)) if source.sentence_at(zh.start) != source.sentence_at(en.start) => {
            return vec![BOTH.at(source, source.sentence_at(en.start), &[])];
        }
        (Some(_), _) | (_, Some(_)) => return Vec::new(),
        _ => {}
    }
    if !source.binds() {
        return Vec::new();
    }
    let (mut zh, mut en) = (0_usize, 0_usize);
    for sentence in &source.sentences {
        match tongue(source.at(sentence.place)) {
            Some(Tongue::Zh) => zh += 1,
            Some(Tongue::En) => en += 1,
            None => {}
        }
    }
    let bilingual = zh.min(en) * 4 >= zh.max(en) && zh.min(en) >= 3;
    let told = source.sentences_with(&TWO).next();
    match (bilingual, told) {
        (true, told) => {
            let place = told.map_or(Place { start: 0, end: 0 }, |told| told.place);
            vec![OPEN.at(source, place, &[])]
        }
        (false, Some(told)) if zh > en => vec![OPEN.at(source, told.place, &[])],
        _ => Vec::new(),
    }
}

fn differs(source: &Source<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut before: Option<(Place, Tongue)> = None;
    for index in 0..source.wording.blocks.len() {
        let body = source.wording.body(index);
        let here = tongue(body).map(|tongue| (source.block(index), tongue));
        if let (Some((zh, Tongue::Zh)), Some((en, Tongue::En))) = (before, here)
            && let Some((left, right)) = unmatched(source.at(zh), source.at(en))
        {
            let place = Place { start: zh.start, end: en.end };
            found.push(DIFFERS.at(source, place, &[("zh", word(left)), ("en", word(right))]));
        }
        before = here;
    }
    found
}

/// The figures that only one of the two has, where both have some.
fn unmatched(zh: &str, en: &str) -> Option<(String, String)> {
    let figures = |text: &str| -> BTreeSet<String> {
        FIGURE.find_iter(text).map(|hit| hit.as_str().replace(',', "")).collect()
    };
    let (zh, en) = (figures(zh), figures(en));
    let only = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
        one.difference(other).cloned().collect::<Vec<_>>().join(", ")
    };
    let (left, right) = (only(&zh, &en), only(&en, &zh));
    (!left.is_empty() && !right.is_empty()).then_some((left, right))
}
