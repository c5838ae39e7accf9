//! What of an agreement can be settled: its months, its milestones, the prepayment and the closing,
//! each with how far it is. Serves class-5.2, train-5.3. Prices nothing.

use contract::state::State;
use contract::terms::{Agreement, Plan, Service};
use schemars::JsonSchema;
use serde::Serialize;
use units::{Date, Id, Timestamp};

/// The most months that are listed.
const MOST_MONTHS: usize = 600;

/// A period that can be settled.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PeriodView {
    /// Its name: with it a statement is asked for and submitted.
    name: String,
    /// The first day; absent for milestones and the prepayment.
    from: Option<Date>,
    /// The last day.
    to: Option<Date>,
    state: PeriodState,
}

/// How far a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PeriodState {
    /// It has not ended, or nothing was submitted.
    Open,
    Submitted,
    Approved,
    Invoiced,
}

/// The periods of an agreement, the newest first.
pub(crate) fn list(state: &State, now: Timestamp) -> Vec<PeriodView> {
    let Some(terms) = &state.agreement else { return Vec::new() };
    let zone = &terms.zone;
    let mut all = Vec::new();
    let ended = state.ended.map(|ended| ended.at.date(zone));
    let today = now.date(zone);
    let last = ended.unwrap_or(terms.term.ends).min(today);
    let mut month = terms.term.starts.first_of_month();
    while month <= last && all.len() < MOST_MONTHS {
        let name = format!("{:04}-{:02}", month.year(), month.month());
        let next = month.plus_months(1);
        all.push(view(state, name, Some((month, next.plus_days(-1)))));
        month = next;
    }
    for milestone in milestones(terms) {
        all.push(view(state, format!("milestone:{milestone}"), None));
    }
    if terms.payment.prepayment.is_some() {
        all.push(view(state, "prepayment".to_owned(), None));
    }
    if let Some(ended) = ended {
        all.push(view(state, "closing".to_owned(), Some((ended, ended))));
    }
    // Statements of stretches and of quantities were named by who submitted them.
    for name in state.money.statements.keys() {
        if !all.iter().any(|period| period.name == name.as_str()) {
            all.push(view(state, name.to_string(), None));
        }
    }
    all.reverse();
    all
}

fn view(state: &State, name: String, days: Option<(Date, Date)>) -> PeriodView {
    let found = Id::new(&name).ok();
    let found = found.and_then(|name| state.money.statements.get(&name));
    let step = match found {
        None => PeriodState::Open,
        Some(found) if found.invoice.is_some() => PeriodState::Invoiced,
        Some(found) if found.approved.is_some() => PeriodState::Approved,
        Some(_) => PeriodState::Submitted,
    };
    PeriodView { name, from: days.map(|days| days.0), to: days.map(|days| days.1), state: step }
}

fn milestones(terms: &Agreement) -> Vec<&Id> {
    match &terms.service {
        Service::Training(training) => training.milestones.iter().map(|one| &one.id).collect(),
        Service::Classification(service) => match &service.plan {
            Plan::Project(project) => project.milestones.iter().map(|one| &one.id).collect(),
            _ => Vec::new(),
        },
        Service::Annotation(_) | Service::Lease(_) => Vec::new(),
    }
}
