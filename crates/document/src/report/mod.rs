//! A review for people: one page of HTML with the document and the findings side by side, a Word
//! report, and the grid of many documents. Needs no other file and runs no script.
//!
//! Judges nothing: what is said here was said by `review`.

mod grid;
mod marked;
mod proposed;
mod word;

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Value, context};
use review::{Finding, Playbook, Proposals, Review};
use serde::Serialize;
use units::Lang;
use wording::Wording;

use crate::words::Words;

pub use grid::{grid_csv, grid_html};
pub use proposed::dropped;
pub use word::{grid_word, word};

/// A document that was reviewed.
#[derive(Debug, Clone, Copy)]
pub struct Reviewed<'a> {
    /// What it is called: the name of its file.
    pub name: &'a str,
    /// Its clauses.
    pub wording: &'a Wording,
    /// What was found.
    pub review: &'a Review,
    /// Against what.
    pub playbook: &'a Playbook,
    /// What a language model proposed, where one was asked.
    pub proposals: Option<&'a Proposals>,
}

/// A finding as it is shown.
#[derive(Debug, Serialize)]
struct Card<'a> {
    number: usize,
    clause: &'a str,
    title: String,
    status: &'static str,
    status_code: String,
    risk: &'static str,
    risk_code: String,
    reached: &'static str,
    confidence: &'static str,
    quote: &'a str,
    anchor: Option<&'a str>,
    parameters: Vec<(String, String)>,
    reason: &'a str,
    advice: &'a str,
    suggestion: Option<&'a str>,
}

const PAGE: &str = include_str!("page.html");
const GRID: &str = include_str!("grid.html");

/// The report as one page of HTML.
///
/// # Panics
/// Never: the template is part of the program and its values are complete.
#[must_use]
pub fn html(reviewed: &Reviewed<'_>, lang: Lang) -> String {
    let words = Words::new(lang);
    let cards = cards(reviewed, &words);
    let blocks = marked::blocks(reviewed.wording, &reviewed.review.findings);
    let summary = clauses(reviewed, &words);
    let values = context! {
        lang => lang_tag(lang),
        name => reviewed.name,
        kind => words.name(reviewed.review.kind),
        side => words.name(reviewed.review.side),
        parties => value(&reviewed.review.parties),
        playbook => title(&reviewed.playbook.title, lang),
        cards => value(cards),
        proposed => value(proposed::proposed(reviewed, &words)),
        asked => reviewed.proposals.is_some(),
        dropped => reviewed.proposals.map(|all| dropped(all, &words)),
        blocks => value(blocks),
        summary => value(summary),
        truncated => reviewed.wording.truncated.is_some(),
        cut => reviewed.wording.cut.len(),
        say => value(labels(lang)),
    };
    environment().get_template("page").expect("it was added").render(values).expect("complete")
}

/// Something of ours for a page.
fn value<T: Serialize>(of: T) -> Value {
    Value::from(Serde(of))
}

/// The environment with both pages; everything that is put into them is escaped.
fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template("page", PAGE).expect("a sound template");
    environment.add_template("grid", GRID).expect("a sound template");
    environment
}

/// The worst status of each clause of the playbook.
fn clauses(reviewed: &Reviewed<'_>, words: &Words) -> Vec<(String, String, &'static str, String)> {
    let of = |clause: &review::playbook::Clause| {
        let status = *reviewed.review.summary.clauses.get(&clause.id)?;
        let title = title(&clause.title, words.lang).to_owned();
        Some((clause.id.clone(), title, words.name(status), code(status)))
    };
    reviewed.playbook.clauses.iter().filter_map(of).collect()
}

fn cards<'a>(reviewed: &Reviewed<'a>, words: &Words) -> Vec<Card<'a>> {
    let (playbook, lang) = (reviewed.playbook, words.lang);
    let findings = reviewed.review.findings.iter().enumerate();
    findings.map(|(at, finding)| card(at + 1, finding, playbook, words, lang)).collect()
}

fn card<'a>(
    number: usize,
    finding: &'a Finding,
    playbook: &Playbook,
    words: &Words,
    lang: Lang,
) -> Card<'a> {
    Card {
        number,
        clause: &finding.clause,
        title: heading(finding, playbook, lang),
        status: words.name(finding.status),
        status_code: code(finding.status),
        risk: words.name(finding.risk),
        risk_code: code(finding.risk),
        reached: words.name(finding.reached),
        confidence: words.name(finding.confidence),
        quote: &finding.quote,
        anchor: finding.anchor.as_deref(),
        parameters: parameters(finding),
        reason: finding.reason.get(lang),
        advice: finding.advice.get(lang),
        suggestion: finding.suggestion.as_deref(),
    }
}

/// What a finding is about: the clause of the playbook, or what the check looks for.
#[must_use]
pub fn heading(finding: &Finding, playbook: &Playbook, lang: Lang) -> String {
    let clause = clause_title(&finding.clause, playbook, lang);
    let check = || review::checks::list().find(|check| check.id == finding.clause);
    let heading = clause.map(str::to_owned).or_else(|| {
        check().map(|check| match lang {
            Lang::Zh => check.zh.to_owned(),
            Lang::En => check.en.to_owned(),
        })
    });
    heading.unwrap_or_else(|| finding.clause.clone())
}

/// The name of a clause of the playbook.
#[must_use]
pub fn clause_title<'a>(clause: &str, playbook: &'a Playbook, lang: Lang) -> Option<&'a str> {
    playbook.clause(clause).map(|clause| title(&clause.title, lang))
}

/// The parameters of a finding, each as its name and its value.
#[must_use]
pub fn parameters(finding: &Finding) -> Vec<(String, String)> {
    let one = |(name, value): (&&str, &review::Value)| {
        let text = match value {
            review::Value::Flag(flag) => flag.to_string(),
            review::Value::Whole(whole) => whole.to_string(),
            review::Value::Exact(exact) => exact.to_string(),
            review::Value::Word(word) => word.clone(),
            review::Value::Words(words) => words.join(", "),
        };
        ((*name).to_owned(), text)
    };
    finding.parameters.iter().map(one).collect()
}

/// The code of a value, as it stands in JSON.
fn code(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(code)) => code,
        _ => String::new(),
    }
}

fn title(text: &review::Text, lang: Lang) -> &str {
    text.get(lang)
}

const fn lang_tag(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    }
}

/// The fixed words of the pages.
#[derive(Debug, Serialize)]
struct Labels {
    report: &'static str,
    against: &'static str,
    view: &'static str,
    document: &'static str,
    findings: &'static str,
    advice: &'static str,
    suggestion: &'static str,
    place: &'static str,
    nothing: &'static str,
    truncated: &'static str,
    cut: &'static str,
    customer: &'static str,
    vendor: &'static str,
    name: &'static str,
    kind: &'static str,
    checks: &'static str,
    proposed: &'static str,
    undecided: &'static str,
    look_here: &'static str,
    none_proposed: &'static str,
}

const fn labels(lang: Lang) -> Labels {
    match lang {
        Lang::Zh => Labels {
            report: "合同审查报告",
            against: "审查依据",
            view: "审查立场",
            document: "合同文本",
            findings: "审查意见",
            advice: "谈判建议",
            suggestion: "建议文本",
            place: "原文位置",
            nothing: "文中没有相应内容",
            truncated: "文本在句中截断，末条不完整",
            cut: "处与合同无关的内容（网页、页眉页脚）已剔除",
            customer: "客户",
            vendor: "供应商",
            name: "文件",
            kind: "类型",
            checks: "其他意见（高/中/低）",
            proposed: "语言模型的提示",
            undecided: "由语言模型提出，未经判定，不影响任何审查意见；引文与原文逐字相符",
            look_here: "规则未找到相应内容，请看此处",
            none_proposed: "语言模型没有可用的提示",
        },
        Lang::En => Labels {
            report: "Contract review",
            against: "Reviewed against",
            view: "Seen from",
            document: "The document",
            findings: "Findings",
            advice: "What to ask for",
            suggestion: "Words to propose",
            place: "Place",
            nothing: "The document says nothing of it",
            truncated: "The text breaks off in the middle of a sentence",
            cut: "passages that do not belong to the contract were left out",
            customer: "Customer",
            vendor: "Vendor",
            name: "File",
            kind: "Kind",
            checks: "Other findings (high/medium/low)",
            proposed: "Proposals",
            undecided: "Proposed by a language model, not decided; no finding depends on them. The \
                quotes stand in the document word for word",
            look_here: "The rules found nothing on this: look here",
            none_proposed: "The language model proposed nothing that can be used",
        },
    }
}
