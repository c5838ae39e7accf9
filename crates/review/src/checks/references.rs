//! What the words point at: annexes and clauses that are not there, texts at an address that
//! changes, documents without an order, languages without one that prevails.
//! Serves anno-3.3, class-5.1.

use std::collections::{BTreeMap, BTreeSet};

use wording::Wording;

use super::Check;
use super::rule::{NONE, Rule, word, words};
use super::source::{Place, Source, pattern};
use crate::finding::{Confidence, Finding, Risk, Status};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "doc-annex",
        risk: Risk::Medium,
        zh: "提到的附件不在文中",
        en: "an annex that is referred to is not there",
        run: annex,
    },
    Check {
        id: "doc-reference",
        risk: Risk::Medium,
        zh: "引用的条款不存在",
        en: "a clause that is referred to does not exist",
        run: dangling,
    },
    Check {
        id: "doc-floating-terms",
        risk: Risk::Medium,
        zh: "引用了“不时更新”的外部文本",
        en: "a text elsewhere belongs to the contract “as updated”",
        run: floating,
    },
    Check {
        id: "doc-precedence",
        risk: Risk::Medium,
        zh: "由几份文件组成而没有写冲突时以哪份为准",
        en: "several documents make up the contract and none prevails over another",
        run: precedence,
    },
];

const ANNEX: Rule = Rule {
    check: "doc-annex",
    name: "missing-annex",
    status: Status::Missing,
    risk: Risk::Medium,
    sure: Confidence::D,
    reason: words(
        "“{annex}”不在文中:它承载的标准或清单没有约定。",
        "“{annex}” is not in the document: what it was to set out is not agreed.",
    ),
    advice: words("附上该附件,再行签署。", "Attach it before signing."),
    suggestion: NONE,
};
const DANGLING: Rule = Rule {
    check: "doc-reference",
    name: "dangling-reference",
    status: Status::Conflict,
    risk: Risk::Medium,
    sure: Confidence::H,
    reason: words("没有“{target}”这一条。", "There is no “{target}”."),
    advice: words("改为正确的条款号。", "Correct the number."),
    suggestion: NONE,
};
const FLOATING: Rule = Rule {
    check: "doc-floating-terms",
    name: "floating-terms",
    status: Status::Adverse,
    risk: Risk::Medium,
    sure: Confidence::D,
    reason: words(
        "所引用的文本会“不时更新”:签的是今天的版本,适用的是将来的版本。",
        "The text referred to changes over time: today's version is signed, a later one applies.",
    ),
    advice: words(
        "附上固定版本,或约定更新不得降低保护水平。",
        "Attach a fixed version, or agree that updates lower nothing that was promised.",
    ),
    suggestion: NONE,
};
const PRECEDENCE: Rule = Rule {
    check: "doc-precedence",
    name: "no-order-of-documents",
    status: Status::Missing,
    risk: Risk::Medium,
    sure: Confidence::H,
    reason: words(
        "合同由 {documents} 等文件组成,没有写冲突时以哪份为准。",
        "The contract is made up of {documents}, and which of them prevails is not said.",
    ),
    advice: words(
        "写明顺序:数据处理协议在先,其次订单,再次主协议和政策。",
        "Give the order: data processing agreement, order form, main agreement, policies.",
    ),
    suggestion: words(
        "各文件不一致时,依次以数据处理协议、订单、本协议为准。",
        "In case of conflict, the Data Processing Agreement, the Order Form and this Agreement \
         prevail in that order.",
    ),
};

pattern! {
    cased ANNEXES =
        r"附件\s?(?P<zh>[一二三四五六七八九十]{1,3}|\d{1,2}|[A-Z]\b)",
        r"\b(?P<en>(?:Exhibit|Annex|Appendix|Schedule|Attachment)\s+"
        r"(?:[A-Z]{1,2}|[IVX]{1,4}|\d{1,2})(?:-\d)?)\b";
    POINTS =
        "附件",
        r"\b(?:attached|annexed|set (?:forth|out)|described|listed|specified|provided|contained"
        r"|defined|identified|included|form of|hereto|incorporated|part of this)\b";
    SCHEME =
        r"\bSCCs?\b",
        "Standard Contractual",
        r"\bUK Addendum\b",
        r"\bExhibit \d+\.\d",
        r"\.{4,}";
    ELSEWHERE =
        r"^[^.;,]{0,24}?\b(?:of|to|in|under)\s+(?:the\s+)?(?:standard|scc|eu |uk "
        "|clauses|regulation|gdpr|directive|dpa|data processing|addendum|main|master"
        r"|act\b|law|license|lease|order|credit|security|existing|prior|original|sow"
        "|registration|company'?s)",
        r"^\s*(?:of|to)\s+(?:that|such|the|any|each)\b";
    LAW_BEFORE =
        r"(?:GDPR|SCCs?|Clauses|Regulation|Directive|Act|Rule|Form [\w-]+|DPA|《[^》]*(?:法"
        r"|条例|规定|办法)》?|[^\s]{1,8}法)[^.;。；]{0,40}$";
    SECTIONS =
        r"\b(?:section|clause|article|paragraph)s?\s+(?P<en>\d{1,2}(?:\.\d{1,2}){0,3})\b",
        r"本(?:协议|合同)第(?P<zh>[一二三四五六七八九十百]{1,4}|\d{1,2}(?:\.\d{1,2}){0,2})条";
    LAW_BEHIND =
        r"^\s*(?:\([a-z0-9]+\)\s*)*(?:,\s*)?(?:(?:and|or|to|through)\s+[\d.()a-z]+\s*)?"
        r"(?:of|in|under|to|U\.?S\.?C|CFR)\b\s*(?:this (agreement|contract|addendum|dpa"
        r"|exhibit|section|article)|(?:\S+\s+){0,2}[A-Z(])?",
        "^[^。;；]{0,4}(?:法|条例|规定)";
    OURS = r"^\s*(?:\([a-z0-9]+\)\s*)*(?:of|in|under|to)\s+this\b";
    URL =
        "https?://",
        r"www\.",
        r"\bavailable at\b",
        r"\bposted (?:at|on)\b",
        r"\bwebsite\b",
        "网址",
        "官网",
        "网站",
        "平台公(?:布|示)";
    UPDATED =
        r"\bas (?:may be )?(?:updated|amended|modified|revised|changed)(?:,? (?:or|and)"
        r" \w+)*(?: (?:or replaced|by \w+))*(?: from time to time| at any time)",
        r"\b(?:as it|as they|which) may be (?:updated|amended|modified|changed)",
        r"\bthen[- ]current\b",
        "(?:不时|随时|定期)(?:更新|修订|修改|发布)",
        "以[^。;；]{0,16}(?:最新|公布的?|届时)[^。;；]{0,10}(?:版本|规则|为准)";
    LAWS =
        r"\b(?:law|act|regulation|statute|rule|directive|gdpr|code|exchange act|standard"
        r"|gaap)s?\b[^.;]{0,30}$",
        "法律",
        "法规",
        "(?:法|条例)》";
    DOCUMENTS =
        r"\b(?P<dpa>data processing (?:agreement|addendum)|DPA)\b",
        r"\b(?P<order>order forms?|statement of work|SOW)\b",
        r"\b(?P<sla>service level agreement|SLA)\b",
        r"\b(?P<policy>acceptable use policy|usage polic(?:y|ies)|AUP)\b",
        "(?P<quote>报价单)",
        "(?P<supplement>补充协议)",
        "(?P<zhorder>订单)",
        "(?P<zhdpa>数据处理协议)",
        "(?P<zhpolicy>隐私政策|平台规则|使用规范)";
    JOINED =
        r"incorporat\w+",
        r"\bform(?:s)? part\b",
        r"\bpart of (?:this|these|the)\b",
        r"\bentire agreement\b",
        r"\btogether with\b",
        "不可分割",
        "组成部分",
        "具有同等(?:法律)?效力",
        "构成[^。;；]{0,8}(?:完整|全部)";
    PREVAILS =
        r"\b(?:prevail|control|govern|take[sn]? precedence|order of precedence"
        r"|supersede)\w*\b[^.;]{0,160}",
        r"\b(?:conflict|inconsisten\w+|discrepanc\w+)\b[^.;]{0,200}\b(?:prevail|control"
        "|govern|precedence|apply|supersede)",
        "(?:不一致|冲突|抵触|歧义)[^。]{0,40}为准",
        "以[^。;；]{1,24}为准",
        "优先适用";
}

fn annex(source: &Source<'_>) -> Vec<Finding> {
    const FEW: usize = 3;
    let mut missing: Vec<(String, Place)> = Vec::new();
    let mut seen = BTreeSet::new();
    for sentence in &source.sentences {
        let text = source.at(sentence.place);
        if !POINTS.is_match(text) || SCHEME.is_match(text) {
            continue;
        }
        for hit in ANNEXES.captures_iter(text) {
            let Some(all) = hit.get(0) else { continue };
            let (before, behind) = (&text[..all.start()], &text[all.end()..]);
            let ours = behind.trim_start().starts_with("to this")
                || behind.trim_start().starts_with("of this");
            let foreign = hit.name("en").is_some()
                && (ELSEWHERE.is_match(behind) || LAW_BEFORE.is_match(before));
            let numbered = behind.starts_with('.') && behind[1..].starts_with(char::is_numeric);
            let name = all.as_str().split_whitespace().collect::<Vec<_>>().join(" ");
            let new = (ours || !foreign) && !numbered && seen.insert(name.to_lowercase());
            if new && !stands(source.wording, &name) {
                missing.push((name, sentence.place));
            }
        }
    }
    // Where none of many is there, the annexes as a whole are missing: one finding, not one each.
    if missing.len() > FEW {
        let place = missing[0].1;
        let names = missing.into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(", ");
        return vec![ANNEX.at(source, place, &[("annex", word(names))])];
    }
    missing
        .into_iter()
        .map(|(name, place)| ANNEX.at(source, place, &[("annex", word(name))]))
        .collect()
}

/// Whether a block opens the annex: its name alone, or its name and a title.
pub(crate) fn stands(wording: &Wording, name: &str) -> bool {
    let wanted = name.to_lowercase().replace(' ', "");
    // A heading in capitals counts wherever it stands: lines may have been joined.
    let capitals = name.to_uppercase();
    if capitals != name && !::wording::is_han(name.chars().next().unwrap_or(' ')) {
        let loud = wording.text.match_indices(&capitals).any(|(at, _)| {
            let behind = &wording.text[at + capitals.len()..];
            !behind.starts_with(|c: char| c.is_ascii_alphanumeric())
        });
        if loud {
            return true;
        }
    }
    (0..wording.blocks.len()).any(|at| {
        let number = wording.blocks[at].number.as_deref().unwrap_or_default();
        if number.to_lowercase().replace(' ', "") == wanted {
            return true;
        }
        let text = wording.block(at).trim_start_matches(['#', '*', '-', '"', '“', '(', ' ']);
        let short = text.chars().take(140).collect::<String>().to_lowercase().replace(' ', "");
        let Some(rest) = short.strip_prefix(&wanted) else { return false };
        let title = wording.blocks[at].heading || text.chars().count() <= 90;
        let ends = !rest.starts_with(|c: char| c.is_ascii_alphanumeric());
        title && ends && !text.trim_end().ends_with(['。', ';', '；'])
    })
}

fn dangling(source: &Source<'_>) -> Vec<Finding> {
    let known = numbers(source);
    let tops: BTreeSet<&str> = known.iter().filter_map(|number| number.split('.').next()).collect();
    if tops.len() < 4 {
        return Vec::new();
    }
    let (mut found, mut held) = (BTreeMap::new(), 0_usize);
    for sentence in &source.sentences {
        let text = source.at(sentence.place);
        for hit in SECTIONS.captures_iter(text) {
            let (Some(all), Some(number)) = (hit.get(0), hit.name("en").or(hit.name("zh"))) else {
                continue;
            };
            let behind = &text[all.end()..];
            if LAW_BEHIND.is_match(behind) && !OURS.is_match(behind)
                || LAW_BEFORE.is_match(&text[..all.start()])
            {
                continue;
            }
            let target = arabic(number.as_str());
            if known.contains(&target) {
                held += 1;
            } else if beyond(&known, &target) && numbered_so(source, all.as_str()) {
                let from = sentence.place.start;
                let place = Place { start: from + all.start(), end: from + all.end() };
                found.entry(target).or_insert((place, all.as_str()));
            }
        }
    }
    // Where most references miss, the numbers of the document were not read.
    if found.len() * 8 > held {
        return Vec::new();
    }
    found
        .into_values()
        .map(|(place, target)| DANGLING.at(source, place, &[("target", word(target))]))
        .collect()
}

/// Whether a number lies behind the last of its row: a gap inside a row may be one that was not
/// read.
fn beyond(known: &BTreeSet<String>, target: &str) -> bool {
    let (row, last) = target.rsplit_once('.').unwrap_or(("", target));
    let in_row = |number: &&String| number.rsplit_once('.').map_or("", |(row, _)| row) == row;
    let highest = known
        .iter()
        .filter(in_row)
        .filter_map(|number| number.rsplit('.').next()?.parse::<u32>().ok())
        .max();
    let last: u32 = last.parse().unwrap_or(0);
    highest.is_some_and(|highest| last > highest)
}

/// Articles and clauses are often those of a law; they count where the document has such numbers.
fn numbered_so(source: &Source<'_>, reference: &str) -> bool {
    let word: String = reference.chars().take_while(char::is_ascii_alphabetic).collect();
    let word = word.trim_end_matches('s').to_lowercase();
    if word.is_empty() || word == "section" {
        return true;
    }
    source.wording.blocks.iter().any(|block| {
        block.number.as_ref().is_some_and(|number| number.to_lowercase().starts_with(&word))
    })
}

/// The numbers of all clauses, without the words and marks around them.
fn numbers(source: &Source<'_>) -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    for block in &source.wording.blocks {
        let Some(number) = &block.number else { continue };
        let number = arabic(number);
        // 3.1(a) makes 3 and 3.1 known too.
        let parts: Vec<&str> = number.split('.').collect();
        for upto in 1..=parts.len() {
            known.insert(parts[..upto].join("."));
        }
        let path = block.anchor.split('/').map(arabic).filter(|part| !part.is_empty());
        known.insert(path.collect::<Vec<_>>().join("."));
    }
    known
}

/// A number of a clause as `3.1`: 第三条, `3.1.`, `Section 3.1` and `3.1` are one.
fn arabic(number: &str) -> String {
    let han: String = number.chars().filter(|c| "一二三四五六七八九十百".contains(*c)).collect();
    if let Some(value) = ::wording::zh_whole(&han).filter(|_| !han.is_empty()) {
        return value.to_string();
    }
    let digits: String =
        number.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect::<String>();
    digits.trim_matches('.').to_owned()
}

fn floating(source: &Source<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for sentence in &source.sentences {
        let text = source.at(sentence.place);
        if let Some(hit) = UPDATED.find(text)
            && URL.is_match(text)
            && !LAWS.is_match(&text[..hit.start()])
        {
            found.push(FLOATING.at(source, sentence.place, &[]));
        }
    }
    found
}

fn precedence(source: &Source<'_>) -> Vec<Finding> {
    if !source.binds() || source.breaks_off() || source.says(&PREVAILS) {
        return Vec::new();
    }
    let mut names = BTreeMap::new();
    let mut joined = None;
    for sentence in source.sentences_with(&DOCUMENTS) {
        let text = source.at(sentence.place);
        for hit in DOCUMENTS.captures_iter(text) {
            let kind = DOCUMENTS
                .capture_names()
                .flatten()
                .find(|name| hit.name(name).is_some())
                .unwrap_or_default();
            names.entry(kind).or_insert_with(|| hit[0].to_owned());
        }
        if joined.is_none() && JOINED.is_match(text) {
            joined = Some(sentence.place);
        }
    }
    match joined {
        Some(place) if names.len() >= 2 => {
            let documents = names.into_values().collect::<Vec<_>>().join(", ");
            vec![PRECEDENCE.at(source, place, &[("documents", word(documents))])]
        }
        _ => Vec::new(),
    }
}
