//! A playbook from TOML: first its form, then what the form cannot say (known ids, limits, words in
//! both languages), each problem with line and column.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;
use units::Decimal;

use super::{Clause, Difficulty, LIMITS, Phrase, Playbook, Wants};
use crate::{Risk, Text};

/// Longest playbook, in bytes.
const LONGEST: usize = 1 << 20;
/// Most clauses, phrases of a clause and words of a group.
const MOST: usize = 200;

/// Something that is wrong with a playbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: Spanned<u32>,
    id: Spanned<String>,
    title: Spanned<Words>,
    #[serde(default)]
    clause: Vec<FileClause>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    zh: String,
    en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct FileClause {
    id: Spanned<String>,
    title: Spanned<Words>,
    risk: Level,
    difficulty: Difficulty,
    strategy: Spanned<Words>,
    preferred: Spanned<Words>,
    fallback: Spanned<Words>,
    walk_away: Spanned<Words>,
    sample: Spanned<Words>,
    #[serde(default)]
    delta: Option<Spanned<Words>>,
    #[serde(default)]
    limits: BTreeMap<Spanned<String>, Spanned<Number>>,
    #[serde(default)]
    off: Vec<Spanned<String>>,
    #[serde(default)]
    phrase: Vec<FilePhrase>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Whole(i64),
    Exact(String),
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
enum Level {
    Low,
    Medium,
    High,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FilePhrase {
    id: Spanned<String>,
    wants: Wants,
    groups: Spanned<Vec<Vec<String>>>,
    risk: Level,
    reason: Spanned<Words>,
}

impl From<Level> for Risk {
    fn from(level: Level) -> Self {
        match level {
            Level::Low => Self::Low,
            Level::Medium => Self::Medium,
            Level::High => Self::High,
        }
    }
}

struct Report<'a> {
    text: &'a str,
    problems: Vec<Problem>,
}

impl Report<'_> {
    fn add(&mut self, span: &Range<usize>, message: impl Into<String>) {
        let (line, column) = at(self.text, span.start);
        self.problems.push(Problem { line, column, message: message.into() });
    }

    fn words(&mut self, name: &str, words: Spanned<Words>) -> Text {
        let span = words.span();
        let words = words.into_inner();
        for (lang, text) in [("zh", &words.zh), ("en", &words.en)] {
            if text.trim().is_empty() {
                self.add(&span, format!("{name}.{lang} is empty, write it"));
            }
        }
        Text { zh: words.zh.trim().to_owned(), en: words.en.trim().to_owned() }
    }
}

fn at(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    (line, column)
}

pub(super) fn parse(text: &str) -> Result<Playbook, Vec<Problem>> {
    if text.len() > LONGEST {
        let message = format!("a playbook of {} bytes is too long, {LONGEST} are read", text.len());
        return Err(vec![Problem { line: 1, column: 1, message }]);
    }
    let file: File = toml::from_str(text).map_err(|error| {
        let (line, column) = at(text, error.span().map_or(0, |span| span.start));
        vec![Problem { line, column, message: error.message().to_owned() }]
    })?;
    let mut report = Report { text, problems: Vec::new() };
    if *file.format.get_ref() != 1 {
        report.add(&file.format.span(), "this program reads format = 1");
    }
    let title = report.words("title", file.title);
    if file.clause.is_empty() || file.clause.len() > MOST {
        report.add(&file.id.span(), format!("a playbook has 1 to {MOST} clauses"));
    }
    let mut ids = BTreeSet::new();
    let clauses = file
        .clause
        .into_iter()
        .map(|clause| {
            if !ids.insert(clause.id.get_ref().clone()) {
                let id = clause.id.get_ref();
                report.add(&clause.id.span(), format!("clause {id} stands twice, keep one"));
            }
            read_clause(&mut report, clause)
        })
        .collect();
    let id = file.id.into_inner();
    if report.problems.is_empty() {
        Ok(Playbook { id, title, clauses })
    } else {
        report.problems.sort_by_key(|problem| (problem.line, problem.column));
        Err(report.problems)
    }
}

fn read_clause(report: &mut Report<'_>, clause: FileClause) -> Clause {
    let span = clause.id.span();
    let id = clause.id.into_inner();
    if id.is_empty()
        || !id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    {
        report.add(&span, "an id has small letters, digits and hyphens alone");
    }
    let known = LIMITS.iter().find(|(known, _)| *known == id).map(|(_, names)| *names);
    if known.is_none() && id.starts_with("pb-") {
        report.add(
            &span,
            format!("{id} is no clause of the program (pb-01 to pb-08); name it otherwise"),
        );
    }
    if known.is_none() && clause.phrase.is_empty() {
        report.add(&span, format!("no rule judges {id}; give it a phrase"));
    }
    let limits = read_limits(report, &span, known.unwrap_or(&[]), clause.limits);
    let off = clause
        .off
        .into_iter()
        .map(|rule| {
            if !rule.get_ref().starts_with(&format!("{id}.")) {
                report.add(&rule.span(), format!("a rule of {id} begins with {id}."));
            }
            rule.into_inner()
        })
        .collect();
    Clause {
        title: report.words("title", clause.title),
        risk: clause.risk.into(),
        difficulty: clause.difficulty,
        strategy: report.words("strategy", clause.strategy),
        preferred: report.words("preferred", clause.preferred),
        fallback: report.words("fallback", clause.fallback),
        walk_away: report.words("walk-away", clause.walk_away),
        sample: report.words("sample", clause.sample),
        delta: clause.delta.map_or_else(Text::none, |delta| report.words("delta", delta)),
        limits,
        off,
        phrases: clause.phrase.into_iter().map(|phrase| read_phrase(report, phrase)).collect(),
        id,
    }
}

fn read_limits(
    report: &mut Report<'_>,
    clause: &Range<usize>,
    known: &[&str],
    given: BTreeMap<Spanned<String>, Spanned<Number>>,
) -> BTreeMap<String, Decimal> {
    let mut limits = BTreeMap::new();
    for (name, value) in given {
        if !known.contains(&name.get_ref().as_str()) {
            let names = known.join(", ");
            report.add(&name.span(), format!("no rule reads {}; known: {names}", name.get_ref()));
        }
        let percent = name.get_ref().ends_with("_percent");
        let number = match value.get_ref() {
            Number::Whole(number) => Some(Decimal::from(*number)),
            Number::Exact(text) if percent => text.parse().ok(),
            Number::Exact(_) => None,
        };
        match number {
            Some(number) if !number.is_negative() => {
                limits.insert(name.into_inner(), number);
            }
            _ if percent => report.add(&value.span(), "a percentage is written as \"99.9\""),
            _ => report.add(&value.span(), "a whole number, 0 or more, is wanted here"),
        }
    }
    for name in known {
        if !limits.contains_key(*name) {
            report.add(clause, format!("limits.{name} is missing, give it"));
        }
    }
    limits
}

fn read_phrase(report: &mut Report<'_>, phrase: FilePhrase) -> Phrase {
    let groups = phrase.groups.get_ref();
    let empty = groups.is_empty()
        || groups.iter().any(|group| group.iter().all(|word| word.trim().is_empty()));
    if empty || groups.len() > MOST || groups.iter().any(|group| group.len() > MOST) {
        report.add(&phrase.groups.span(), format!("groups need 1 to {MOST} words each"));
    }
    Phrase {
        id: phrase.id.into_inner(),
        wants: phrase.wants,
        groups: phrase
            .groups
            .into_inner()
            .into_iter()
            .map(|group| group.into_iter().map(|word| word.to_lowercase()).collect())
            .collect(),
        risk: phrase.risk.into(),
        reason: report.words("reason", phrase.reason),
    }
}
