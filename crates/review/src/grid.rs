//! Many reviews as rows: a document a row, a clause of the playbook a column. Data alone; whoever
//! shows it makes a table, a sheet or a page of it.

use serde::Serialize;

use crate::kind::Kind;
use crate::playbook::Playbook;
use crate::{Parameters, Review, Risk, Status};

/// One document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// What the caller calls the document.
    pub name: String,
    /// The kind of document.
    pub kind: Kind,
    /// One cell for each clause of the playbook, in its order.
    pub cells: Vec<Cell>,
    /// Findings of the document beyond the playbook, by risk: high, medium, low.
    pub checks: [usize; 3],
}

/// One clause of one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// The clause.
    pub clause: String,
    /// The worst status of its findings.
    pub status: Status,
    /// The highest risk of its findings.
    pub risk: Risk,
    /// The words of the worst finding.
    pub quote: String,
    /// What was read from them.
    pub parameters: Parameters,
}

/// The rows of a grid.
#[must_use]
pub fn grid(reviews: &[(String, Review)], playbook: &Playbook) -> Vec<Row> {
    reviews.iter().map(|(name, review)| row(name, review, playbook)).collect()
}

fn row(name: &str, review: &Review, playbook: &Playbook) -> Row {
    let cells = playbook
        .clauses
        .iter()
        .filter_map(|clause| {
            let own = || review.findings.iter().filter(|finding| finding.clause == clause.id);
            let worst = own().max_by_key(|finding| finding.status.weight())?;
            Some(Cell {
                clause: clause.id.clone(),
                status: worst.status,
                risk: own().map(|finding| finding.risk).max().unwrap_or(worst.risk),
                quote: worst.quote.clone(),
                parameters: worst.parameters.clone(),
            })
        })
        .collect();
    let count = |risk: Risk| {
        let beyond = |clause: &str| playbook.clause(clause).is_none();
        review
            .findings
            .iter()
            .filter(|finding| beyond(&finding.clause) && finding.risk == risk)
            .count()
    };
    Row {
        name: name.to_owned(),
        kind: review.kind,
        cells,
        checks: [count(Risk::High), count(Risk::Medium), count(Risk::Low)],
    }
}
