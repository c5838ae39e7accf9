//! Rules between the terms of an agreement: what no single field can break. Errors block signing;
//! warnings say what one of the parties may come to regret. Says nothing of whether a term is
//! fair: that is `review`.

mod annotation;
mod classification;
mod common;
mod documents;
mod lease;
mod money;
mod service_level;
mod training;

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use core::fmt::Display;

use units::{Currency, Decimal, Duration, DurationUnit, Id, Percent};

use crate::form::{Node, Place, Problem, ProblemKind, Severity, out_of_range};
use crate::terms::{Agreement, Document, Service, clause_of};

/// Checks the rules between the terms; `root` is the tree that they were read from and gives
/// each problem its place in the file.
#[must_use]
pub fn check(agreement: &Agreement, root: Option<&Node>) -> Vec<Problem> {
    let mut report = Report::new(agreement, root);
    rules(agreement, &mut report);
    documents::check(agreement, &mut report);
    report.problems
}

/// Checks a supplement, quotation or annex that is proposed after the signing; paths are those of
/// the document. Clauses: class-5.1, train-11.1.
#[must_use]
pub fn check_document(drafted: &Agreement, document: &Document) -> Vec<Problem> {
    documents::check_one(drafted, document)
}

/// Every rule but those of documents, which are checked by what they make of the terms.
fn rules(agreement: &Agreement, report: &mut Report<'_>) {
    common::check(agreement, report);
    money::check(agreement, report);
    if let Some(level) = &agreement.service_level {
        service_level::check(level, report);
    }
    match &agreement.service {
        Service::Annotation(terms) => annotation::check(terms, agreement, report),
        Service::Training(terms) => training::check(terms, agreement, report),
        Service::Lease(terms) => lease::check(terms, report),
        Service::Classification(terms) => classification::check(terms, agreement, report),
    }
}

/// Problems under way, and what it takes to place them.
struct Report<'a> {
    root: Option<&'a Node>,
    kind: &'static str,
    currency: Currency,
    problems: Vec<Problem>,
}

/// No sum of money here is larger: ten to the fifteenth of the major unit. It keeps every product
/// of a price and a quantity far inside the integers that money is counted in.
const LARGEST_AMOUNT: i64 = 1_000_000_000_000_000;

impl<'a> Report<'a> {
    fn new(agreement: &Agreement, root: Option<&'a Node>) -> Self {
        let (kind, currency) = (agreement.service.kind(), agreement.currency);
        Self { root, kind, currency, problems: Vec::new() }
    }

    fn push(&mut self, path: &str, severity: Severity, kind: ProblemKind) {
        let place = self.root.map_or(Place::default(), |root| root.nearest(path).place);
        let clause = clause_of(Some(self.kind), path);
        self.problems.push(Problem { path: path.to_string(), place, kind, clause, severity });
    }

    fn error(&mut self, path: &str, rule: &'static str, values: &[&dyn Display]) {
        self.push(path, Severity::Error, broken(rule, values));
    }

    fn warn(&mut self, path: &str, rule: &'static str, values: &[&dyn Display]) {
        self.push(path, Severity::Warning, broken(rule, values));
    }

    fn malformed(&mut self, path: &str, found: &str, expected: &'static str) {
        let kind = ProblemKind::Malformed { found: found.to_string(), expected };
        self.push(path, Severity::Error, kind);
    }

    fn range(&mut self, path: &str, found: impl ToString, min: impl ToString, max: impl ToString) {
        self.push(path, Severity::Error, out_of_range(found, min, max));
    }

    /// A count that cannot be zero.
    fn at_least_one(&mut self, path: &str, count: impl Into<u64>, max: u64) {
        let count = count.into();
        if count == 0 || count > max {
            self.range(path, count, 1, max);
        }
    }

    /// A share that cannot be zero.
    fn above_zero(&mut self, path: &str, share: Percent) {
        if share.points().is_zero() {
            self.error(path, "share_is_zero", &[&share]);
        }
    }

    /// A period that cannot be zero.
    fn positive(&mut self, path: &str, period: Duration) {
        if period.count == 0 {
            self.error(path, "period_is_zero", &[&period]);
        }
    }

    /// A period measured by a clock, not by a calendar.
    fn exact(&mut self, path: &str, period: Duration) {
        self.positive(path, period);
        if period.exact_seconds().is_none() {
            self.error(path, "period_not_in_hours", &[&period]);
        }
    }

    /// A price or another amount of money: neither negative nor absurd.
    fn amount(&mut self, path: &str, amount: Decimal) {
        let largest = Decimal::from(LARGEST_AMOUNT);
        if amount.is_negative() || amount > largest {
            self.range(path, amount, 0, largest);
        }
    }

    /// A quantity that is measured, not counted.
    fn quantity(&mut self, path: &str, quantity: Decimal) {
        let largest = Decimal::from(LARGEST_AMOUNT);
        if quantity.is_zero() || quantity.is_negative() || quantity > largest {
            self.range(path, quantity, "0", largest);
        }
    }

    /// Names within the agreement, each once.
    fn unique<'i>(&mut self, path: &str, ids: impl Iterator<Item = &'i Id>) {
        self.once(path, ".id", "duplicate_id", ids.map(Id::as_str));
    }

    /// Values of a list, each once.
    fn once<'i>(
        &mut self,
        path: &str,
        field: &str,
        rule: &'static str,
        values: impl Iterator<Item = &'i str>,
    ) {
        let mut seen = alloc::collections::BTreeSet::new();
        for (index, value) in values.enumerate() {
            if !seen.insert(value) {
                self.error(&format!("{path}[{index}]{field}"), rule, &[&value]);
            }
        }
    }

    /// A list that says nothing when it is empty.
    fn not_empty<T>(&mut self, path: &str, rule: &'static str, list: &[T]) {
        if list.is_empty() {
            self.error(path, rule, &[]);
        }
    }
}

fn broken(rule: &'static str, values: &[&dyn Display]) -> ProblemKind {
    let values: Vec<String> = values.iter().map(ToString::to_string).collect();
    ProblemKind::Rule { rule, values }
}

/// About how many hours a period has, for comparing periods of different units.
fn about_hours(period: Duration) -> u64 {
    let count = u64::from(period.count);
    match period.unit {
        DurationUnit::Minutes => count / 60,
        DurationUnit::Hours => count,
        DurationUnit::Days => count * 24,
        DurationUnit::WorkingDays => count * 24 * 7 / 5,
        DurationUnit::Months => count * 24 * 30,
        DurationUnit::Years => count * 24 * 365,
    }
}
