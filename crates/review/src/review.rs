//! The review of one document: its checks, then the clauses of the playbook, the worst said first.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use serde::Serialize;
use wording::Wording;

use crate::checks::{self, Facts};
use crate::clause::{self, Case};
use crate::kind::Kind;
use crate::parties::Parties;
use crate::phrases;
use crate::playbook::Playbook;
use crate::said;
use crate::scan::Document;
use crate::{Finding, Risk, Side, Status};

/// What a review found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Review {
    /// From whose view.
    pub side: Side,
    /// The playbook's id.
    pub playbook: String,
    /// The kind of document, guessed.
    pub kind: Kind,
    /// The names of the parties, as the document uses them.
    pub parties: Parties,
    /// What undoes all else first, then by risk and place.
    pub findings: Vec<Finding>,
    /// Numbers.
    pub summary: Summary,
}

/// A review in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Summary {
    /// The worst status of each clause of the playbook.
    pub clauses: BTreeMap<String, Status>,
    /// Findings by risk: high, medium, low.
    pub risks: [usize; 3],
}

/// Reviews a document from one side. Every clause of the playbook gets at least one finding, unless
/// its rules are switched off.
#[must_use]
pub fn review(wording: &Wording, playbook: &Playbook, side: Side) -> Review {
    review_knowing(wording, playbook, side, &Facts::ordinary())
}

/// Reviews a document of which more is known than its words say: the names of the parties, the
/// prime rate of the day, the checks that are wanted.
#[must_use]
pub fn review_knowing(wording: &Wording, playbook: &Playbook, side: Side, facts: &Facts) -> Review {
    let document = Document::new(wording, &facts.parties);
    let survey = OnceCell::new();
    let mut clauses = Vec::new();
    for clause in &playbook.clauses {
        clauses.extend(clause::judge(&Case { document: &document, clause, side, survey: &survey }));
        clauses.extend(phrases::judge(&document, clause));
    }
    let mut findings = checks::run_knowing(wording, facts, &document.parties);
    said::once(&mut findings, &mut clauses, side);
    findings.append(&mut clauses);
    findings.sort_by(|a, b| checks::order(a).cmp(&checks::order(b)));
    let summary = summary(&findings, playbook);
    Review {
        side,
        playbook: playbook.id.clone(),
        kind: document.kind,
        parties: document.parties,
        findings,
        summary,
    }
}

fn summary(findings: &[Finding], playbook: &Playbook) -> Summary {
    let mut clauses: BTreeMap<String, Status> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| playbook.clause(&finding.clause).is_some()) {
        let worst = clauses.entry(finding.clause.clone()).or_insert(finding.status);
        if finding.status.weight() > worst.weight() {
            *worst = finding.status;
        }
    }
    let count = |risk: Risk| findings.iter().filter(|finding| finding.risk == risk).count();
    Summary { clauses, risks: [count(Risk::High), count(Risk::Medium), count(Risk::Low)] }
}
