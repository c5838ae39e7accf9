//! Rules of annexes, quotations and supplements: what they replace must exist, must read, and
//! must leave terms that keep every other rule. Clauses: class-5.1, train-11.1.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::vec::Vec;

use core::fmt::Display;

use units::Date;

use super::{Report, rules};
use crate::effective::{at, changes, replace_terms};
use crate::form::{Node, Problem, Severity, Value, to_node};
use crate::terms::{Agreement, Document, DocumentRank};

pub(super) fn check(agreement: &Agreement, report: &mut Report<'_>) {
    report.unique("documents", agreement.documents.iter().map(|document| &document.id));
    for (index, document) in agreement.documents.iter().enumerate() {
        let path = format!("documents[{index}]");
        if document.rank == DocumentRank::Agreement {
            report.error(&format!("{path}.rank"), "document_is_the_agreement", &[&document.id]);
        } else if !document.replaces.is_empty() && !agreement.precedence.contains(&document.rank) {
            let code = document.rank.code();
            report.error(&format!("{path}.rank"), "rank_not_in_precedence", &[&code]);
        }
        if let Some(sha256) = &document.sha256
            && !(sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit()))
        {
            report.malformed(&format!("{path}.sha256"), sha256, "sha256");
        }
        if let Some(day) = document.effective
            && day > agreement.term.ends
        {
            let values: [&dyn Display; 2] = [&day, &agreement.term.ends];
            report.warn(&format!("{path}.effective"), "document_after_the_end", &values);
        }
    }
    replacements(agreement, report);
}

/// Checks a document proposed after the signing as if it had been signed with the agreement.
pub(super) fn check_one(agreement: &Agreement, document: &Document) -> Vec<Problem> {
    let mut before = Report::new(agreement, None);
    check(agreement, &mut before);
    let mut with = agreement.clone();
    with.documents.push(document.clone());
    let own = format!("documents[{}].", agreement.documents.len());
    let mut after = Report::new(&with, None);
    check(&with, &mut after);
    after.problems.retain(|found| !before.problems.contains(found));
    for found in &mut after.problems {
        found.path = found.path.strip_prefix(&own).unwrap_or(&found.path).into();
    }
    after.problems
}

fn replacements(agreement: &Agreement, report: &mut Report<'_>) {
    let mut days: BTreeSet<Date> =
        agreement.documents.iter().filter_map(|document| document.effective).collect();
    days.insert(agreement.term.starts);
    if agreement.documents.iter().all(|document| document.replaces.is_empty()) {
        return;
    }
    if let Ok(drafted) = to_node(agreement) {
        without_effect(agreement, &drafted, report);
    }
    let mut own = Report::new(agreement, None);
    rules(agreement, &mut own);
    let mut told: Vec<Problem> = Vec::new();
    for day in days {
        let (terms, problems) = replace_terms(agreement, &[], day);
        let mut after = Report::new(&terms, None);
        rules(&terms, &mut after);
        after.problems.retain(|found| !own.problems.contains(found));
        for found in after.problems {
            told.extend((!told.contains(&found)).then(|| made_by(agreement, found, day)));
        }
        for found in problems {
            told.extend((!told.contains(&found)).then_some(found));
        }
    }
    let mut seen: Vec<Problem> = Vec::new();
    for found in told {
        if !seen.contains(&found) {
            report.push(&found.path, found.severity, found.kind.clone());
            seen.push(found);
        }
    }
}

/// A rule that the replaced terms break, told at the replacement that breaks it.
fn made_by(agreement: &Agreement, found: Problem, day: Date) -> Problem {
    let all = changes(agreement, &[], day);
    let change = all.iter().rev().find(|change| change.replacement.path == found.path);
    match change {
        Some(change) => Problem { path: format!("{}.value", change.at), ..found },
        None => {
            let values = [found.path.as_str(), found.kind.code()].map(Into::into).to_vec();
            let rule = "replaced_terms_break_a_rule";
            let kind = crate::form::ProblemKind::Rule { rule, values };
            Problem { path: "documents".into(), kind, ..found }
        }
    }
}

/// A document that ranks below the agreement fills only what the agreement leaves open.
fn without_effect(agreement: &Agreement, drafted: &Node, report: &mut Report<'_>) {
    let last = agreement.documents.iter().filter_map(|document| document.effective).max();
    let last = last.unwrap_or(agreement.term.starts).max(agreement.term.starts);
    for change in changes(agreement, &[], last) {
        let stands = at(drafted, &change.replacement.path);
        if change.only_where_silent && stands.is_some_and(|found| found.value != Value::Null) {
            let path = format!("{}.path", change.at);
            let kind = super::broken("replacement_without_effect", &[&change.replacement.path]);
            report.push(&path, Severity::Warning, kind);
        }
    }
}
