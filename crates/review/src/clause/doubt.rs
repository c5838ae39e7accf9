//! What the words leave open: they point at a text that is not in the file, a figure cannot be
//! read, a definition that decides is absent or goes in a circle, a ban and a permission both have
//! exceptions. Such a finding is `unclear`, for a person; it never takes the place of an adverse
//! one, and never counts as met.

use std::sync::LazyLock;

use regex::Regex;
use wording::values::{Definition, Kind, blanks, definitions, quantities};

use super::training;
use super::{CONTENT, Case, Place, lower, place, says};
use crate::checks::stands;
use crate::frame;
use crate::lexicon::Group;
use crate::scan::{Document, Groups, Sentence};
use crate::topic::Topic;
use crate::{Confidence, Finding, Side, Status, Value};

/// Makes unclear what cannot be decided.
pub(super) fn weigh(case: &Case<'_>, found: Vec<Finding>) -> Vec<Finding> {
    found.into_iter().map(|finding| one(case, &finding).unwrap_or(finding)).collect()
}

fn one(case: &Case<'_>, finding: &Finding) -> Option<Finding> {
    let silent = finding.status == Status::Missing || finding.quote.is_empty();
    match finding.status {
        Status::Adverse | Status::Conflict | Status::Unclear => None,
        _ if silent => unreadable(case, finding)
            .or_else(|| elsewhere(case, finding))
            .or_else(|| object(case, finding)),
        Status::Below => unreadable(case, finding).or_else(|| pointing(case, finding)),
        _ => unreadable(case, finding)
            .or_else(|| defined(case, finding))
            .or_else(|| precedence(case, finding)),
    }
}

fn unclear(case: &Case<'_>, from: &Finding, rule: &str, zh: &str, en: &str, at: Place) -> Finding {
    let mut finding = case.finding(rule, Status::Unclear, zh, en).sure(Confidence::J);
    finding.parameters.clone_from(&from.parameters);
    case.quoting(finding, Some(at))
}

/// Words of a sentence that speaks of a clause: one of each group.
fn about(clause: &str) -> &'static [Groups] {
    const ABOUT: [(&str, &[Groups]); 8] = [
        ("pb-01", &[Groups::of(&[Group::Delete, Group::Own, Group::BelongsTo]), CONTENT]),
        ("pb-02", &[Groups::of(&[Group::Train]), CONTENT]),
        (
            "pb-03",
            &[Groups::of(&[Group::Security, Group::Incident, Group::Certificate, Group::Encrypt])],
        ),
        ("pb-04", &[Groups::of(&[Group::Uptime])]),
        ("pb-05", &[Groups::of(&[Group::Rights, Group::Own]), Groups::of(&[Group::Output])]),
        ("pb-06", &[Groups::of(&[Group::Liability, Group::Indemnify])]),
        ("pb-07", &[Groups::of(&[Group::Export, Group::Migration]), CONTENT]),
        ("pb-08", &[Groups::of(&[Group::Audit, Group::Report])]),
    ];
    ABOUT.iter().find(|(id, _)| *id == clause).map_or(&[], |(_, groups)| groups)
}

static POINTS: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"\b(?:(?i:set (?:forth|out)|described|specified|stated|detailed|contained|listed|found",
        r"|provided(?: for)?|defined|governed|subject|according|pursuant|refer|available|as per",
        r"|in accordance with|meaning (?:given|set out|ascribed)(?: to it)?)\b)[^.;]{0,40}?",
        r"\b(?P<en>(?:Schedule|Annex|Exhibit|Appendix|Attachment)\s+(?:[A-Z]{1,2}|[IVX]{1,4}",
        r"|\d{1,2})\b|https?://[^\s)]+|www\.[^\s)]+|(?:[A-Z][\w&'’-]* ){1,4}(?:Policy|Addendum|SLA)\b",
        r"|Service Level (?:Agreement|Terms|Policy)|Data Processing (?:Agreement|Addendum)|DPA\b)",
    ))
});
static POINTS_ZH: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"(?:见|参照|载于|列于|规定于|按照?|依照?|根据|适用|遵守|遵循|以)[^。；;，,]{0,16}?",
        r"(?P<zh>附件\s?(?:[一二三四五六七八九十]{1,3}|\d{1,2}|[A-Z]\b)|《[^》]{2,30}》|https?://[^\s）)]+)",
    ))
});
/// Endings of the title of a law or a standard.
const LAWS: [&str; 6] = ["法》", "条例》", "规定》", "办法》", "标准》", "规范》"];

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a fixed pattern compiles")
}

/// The text that the words point at and that the document does not hold.
fn outside(document: &Document<'_>, text: &str) -> Option<String> {
    let hit = POINTS.captures(text).and_then(|hit| hit.name("en"));
    let hit = hit.or_else(|| POINTS_ZH.captures(text).and_then(|hit| hit.name("zh")))?;
    let name = hit.as_str().trim_end_matches(['.', ',']);
    let before = text[..hit.start()].trim_end().to_lowercase();
    // `processed under this DPA` is the paper itself; what a term means elsewhere decides nothing.
    let itself = before.ends_with("this") || before.ends_with("these") || before.ends_with("本");
    let term = ["term is defined in", "terms are defined in", "term defined in"]
        .iter()
        .any(|means| before.trim_end_matches(" our").trim_end_matches(" the").ends_with(means));
    if itself || term {
        return None;
    }
    let plain = name.trim_matches(['《', '》']);
    let own = document.wording.title.is_some_and(|title| {
        let title = document.wording.block(title);
        !title.contains(text) && title.to_lowercase().contains(&plain.to_lowercase())
    });
    let law = LAWS.iter().any(|end| name.ends_with(end));
    (!own && !law && !stands(document.wording, plain)).then(|| name.to_owned())
}

/// Whether the sentence speaks of the clause.
pub(super) fn speaks(case: &Case<'_>, sentence: &Sentence) -> bool {
    let wanted = about(&case.clause.id);
    // `availability` is said of many things.
    let level = ["service level", "sla", "uptime", "可用", "服务水平", "服务等级"];
    !wanted.is_empty()
        && wanted.iter().all(|groups| sentence.groups.any(*groups))
        && (case.clause.id != "pb-04" || says(&lower(case.document, sentence), &level))
}

/// A sentence on the clause that points at a text which is not there.
fn elsewhere(case: &Case<'_>, finding: &Finding) -> Option<Finding> {
    let document = case.document;
    let (target, at) = document.running().find_map(|(_, sentence)| {
        let speaks = speaks(case, sentence);
        let target = outside(document, document.text(sentence)).filter(|_| speaks)?;
        Some((target, place(sentence)))
    })?;
    Some(pointed(case, finding, target, at))
}

/// The quoted sentence itself points at a text which is not there.
fn pointing(case: &Case<'_>, finding: &Finding) -> Option<Finding> {
    let target = outside(case.document, &finding.quote)?;
    let sentence = quoted(case.document, finding)?;
    speaks(case, sentence).then(|| pointed(case, finding, target, place(sentence)))
}

fn pointed(case: &Case<'_>, finding: &Finding, target: String, at: Place) -> Finding {
    unclear(
        case,
        finding,
        "elsewhere",
        "这一条指向文件之外的文本,那里约定了什么无从判断;请取得该文本。",
        "The words point at a text that is not in the file; obtain it, since it decides.",
        at,
    )
    .with("refers_to", Value::Word(target))
}

/// Where the figure of a clause stands, and the parameters that it becomes.
fn figure(clause: &str) -> Option<(Groups, &'static [&'static str])> {
    Some(match clause {
        "pb-01" => (Groups::of(&[Group::Delete]), &["deletion_days"]),
        "pb-03" => (Groups::of(&[Group::Incident, Group::Notify]), &["notice_hours"]),
        "pb-04" => (Groups::of(&[Group::Uptime]), &["uptime"]),
        "pb-06" => (Groups::of(&[Group::Liability, Group::Exceed]), &["cap_months", "cap_amount"]),
        "pb-07" => (Groups::of(&[Group::Export]), &["export_days"]),
        _ => return None,
    })
}

/// Units that a blank stands in front of.
const UNITS: [&str; 14] = [
    "hour",
    "day",
    "business day",
    "working day",
    "week",
    "month",
    "year",
    "%",
    "小时",
    "日",
    "天",
    "个",
    "年",
    "工作日",
];

/// A figure that was left blank, or whose words are not its digits.
fn unreadable(case: &Case<'_>, finding: &Finding) -> Option<Finding> {
    let (groups, names) = figure(&case.clause.id)?;
    let document = case.document;
    let known = names.iter().any(|name| finding.parameters.contains_key(name));
    let at = document.running().find_map(|(_, sentence)| {
        let text = document.text(sentence);
        let odd = sentence.groups.all(groups) && (disagrees(text) || !known && left_blank(text));
        odd.then(|| place(sentence))
    })?;
    Some(unclear(
        case,
        finding,
        "unreadable",
        "决定本条的数值留空,或文字与数字不一致,无法判断。",
        "The figure that decides is left blank, or its words are not its digits.",
        at,
    ))
}

fn disagrees(text: &str) -> bool {
    quantities(text).iter().any(|(_, kind)| match kind {
        Kind::Duration { number, .. }
        | Kind::Percent { number, .. }
        | Kind::Money { number, .. } => number.is_mismatch(),
        _ => false,
    })
}

fn left_blank(text: &str) -> bool {
    blanks(text).iter().any(|(span, kind)| {
        let behind = text[span.end..].trim_start_matches([' ', ')', '）', '(', '（']);
        matches!(kind, Kind::Blank { .. }) && UNITS.iter().any(|unit| behind.starts_with(unit))
    })
}

/// A term on which the clause hangs and whose definition is not there or leads back to itself.
fn defined(case: &Case<'_>, finding: &Finding) -> Option<Finding> {
    if !matches!(case.clause.id.as_str(), "pb-01" | "pb-02") {
        return None;
    }
    let document = case.document;
    let sentence = quoted(document, finding)?;
    let all = definitions(document.wording);
    let term = document
        .hits(sentence)
        .iter()
        .filter(|hit| Groups::of(&[hit.group]).any(CONTENT))
        .map(|hit| &document.wording.text[hit.start..hit.end])
        .find_map(|word| all.iter().find(|known| known.term.eq_ignore_ascii_case(word)))?;
    let at = (term.place.start, term.meaning.end.max(term.place.end));
    let words = &document.wording.text[at.0..at.1];
    let circle = circular(document, &all, term, &mut Vec::new());
    if !circle && outside(document, words).is_none() {
        return None;
    }
    let finding = unclear(
        case,
        finding,
        "definition",
        "本条取决于一个术语,而它的定义不在文件之中,或绕回自身。",
        "The clause hangs on a term whose definition is not in the file or goes in a circle.",
        at,
    );
    Some(finding.with("term", Value::Word(term.term.clone())))
}

/// Words that add nothing to a definition.
const EMPTY: [&str; 30] = [
    "means",
    "mean",
    "the",
    "a",
    "an",
    "any",
    "all",
    "as",
    "is",
    "of",
    "in",
    "under",
    "this",
    "and",
    "or",
    "to",
    "by",
    "that",
    "agreement",
    "defined",
    "meaning",
    "given",
    "it",
    "including",
    "provided",
    "指",
    "是指",
    "本协议",
    "项下的",
    "的",
];

/// Whether the meaning of a term is nothing but terms that lead back to it.
fn circular<'d>(
    document: &Document<'_>,
    all: &'d [Definition],
    term: &'d Definition,
    path: &mut Vec<&'d str>,
) -> bool {
    if path.contains(&term.term.as_str()) {
        return true;
    }
    path.push(&term.term);
    let mut words = document.wording.text[term.meaning.start..term.meaning.end].to_owned();
    let mut named = Vec::new();
    for known in all {
        if words.contains(&known.term) {
            words = words.replace(&known.term, " ");
            named.push(known);
        }
    }
    let rest = words
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && !EMPTY.contains(&word.to_lowercase().as_str()))
        .count();
    let round = rest == 0
        && !named.is_empty()
        && named.into_iter().all(|known| circular(document, all, known, path));
    path.pop();
    round
}

static THINGS: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"\b(?:use|using|process|access)\s+(?:any |the |such )?",
        r"([A-Z][\w’'-]*(?: [A-Z][\w’'-]*){0,3})",
        r"|(?:将|使用|利用)(?:任何)?[“\x22]([^”\x22]{2,12})[”\x22]",
    ))
});

/// A ban on training whose object is a term that the rules cannot place.
fn object(case: &Case<'_>, finding: &Finding) -> Option<Finding> {
    if case.clause.id != "pb-02" {
        return None;
    }
    let document = case.document;
    let objects = CONTENT.and(Groups::of(&[Group::UsageData, Group::Feedback, Group::Product]));
    let (term, at) = document.running().find_map(|(_, sentence)| {
        let own = !sentence.groups.has(Group::Competing)
            && !sentence.topics.has(Topic::Restriction)
            && sentence.groups.has(Group::Train);
        let banned = own
            && frame::frames(document, sentence).iter().any(|frame| {
                frame.verb == Group::Train && frame.negative && frame.actor == Some(Side::Vendor)
            });
        let text = document.text(sentence);
        let hit = THINGS.captures(text).filter(|_| banned)?;
        let term = hit.get(1).or_else(|| hit.get(2))?;
        let start = sentence.start + term.start();
        let known = document.hits(sentence).iter().any(|hit| {
            hit.start < start + term.len()
                && start < hit.end
                && Groups::of(&[hit.group]).any(objects)
        });
        (!known).then(|| (term.as_str().to_owned(), place(sentence)))
    })?;
    let finding = unclear(
        case,
        finding,
        "object",
        "禁止训练所针对的对象是一个无法判断是否包括客户数据的术语。",
        "The ban on training covers a term of which it is open whether it holds customer data.",
        at,
    );
    Some(finding.with("term", Value::Word(term)))
}

/// A ban and a permission that both have exceptions, without a word on which goes first.
fn precedence(case: &Case<'_>, finding: &Finding) -> Option<Finding> {
    if case.clause.id != "pb-02" || case.side != Side::Customer {
        return None;
    }
    let at = training::undecided(case.document)?;
    Some(unclear(
        case,
        finding,
        "precedence",
        "禁止训练与允许训练的表述各有例外,哪一个优先没有写明。",
        "A ban and a permission both have exceptions, and which of them prevails is not said.",
        at,
    ))
}

/// The sentence that a finding quotes.
pub(super) fn quoted<'d>(document: &'d Document<'_>, finding: &Finding) -> Option<&'d Sentence> {
    let (byte, _) = document.wording.text.char_indices().nth(finding.start)?;
    let after = document.sentences.partition_point(|sentence| sentence.start <= byte);
    let sentence = document.sentences.get(after.checked_sub(1)?)?;
    (!finding.quote.is_empty()).then_some(sentence)
}
