//! A classification service as it ran: images by day and class, the states that were recorded, what
//! is left out, evaluations. Figures for the eye; what is owed stands in position and statement.
//! Serves class-4.2, class-4.3, class-5.1.

use std::collections::BTreeMap;

use contract::terms::{ExclusionReason, RequestClass, Service, Side};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{Date, Id, ServiceState, Timestamp, Window};

use crate::auth::{At, Gate, Operation};
use crate::extract::{Json, Query};
use crate::problem::{Code, Problem};
use crate::route::Route;

/// Days of an answer at most.
const MOST_DAYS: i64 = 400;
/// Stretches of an answer at most; the latest are kept.
const MOST_STRETCHES: usize = 5_000;
/// Seconds of a day and of an hour.
const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;

/// Which days.
#[derive(Debug, Deserialize, JsonSchema)]
struct ServiceQuery {
    /// The first day; thirty days before the last where it is absent.
    from: Option<Date>,
    /// The last day; today where it is absent.
    to: Option<Date>,
}

/// A service over some days.
#[derive(Debug, Serialize, JsonSchema)]
struct ServiceFiguresView {
    /// The first day.
    from: Date,
    /// The last day.
    to: Date,
    /// Images of all days, also of those before.
    images_total: u64,
    /// Images by day, in order; days without images are left out.
    days: Vec<ServiceDayView>,
    /// What was recorded of the service, in order.
    states: Vec<StretchView>,
    /// What is left out of availability.
    exclusions: Vec<ExclusionView>,
    /// Evaluations on an agreed test set, in order.
    evaluations: Vec<ServiceEvaluationView>,
}

/// Images of a day.
#[derive(Debug, Serialize, JsonSchema)]
struct ServiceDayView {
    /// The day, in the agreement's zone.
    day: Date,
    /// Standard requests.
    standard: u64,
    /// Of these in time.
    standard_in_time: u64,
    /// Urgent requests.
    urgent: u64,
    /// Of these in time.
    urgent_in_time: u64,
}

/// A stretch of one state.
#[derive(Debug, Serialize, JsonSchema)]
struct StretchView {
    from: Timestamp,
    to: Timestamp,
    state: ServiceState,
    /// The entry.
    seq: u64,
}

/// A stretch that is left out of availability once both parties agreed.
#[derive(Debug, Serialize, JsonSchema)]
struct ExclusionView {
    id: Id,
    from: Timestamp,
    to: Timestamp,
    reason: ExclusionReason,
    /// Who agreed.
    sides: Vec<Side>,
    /// The entry.
    seq: u64,
}

/// An evaluation.
#[derive(Debug, Serialize, JsonSchema)]
struct ServiceEvaluationView {
    test_set: Id,
    /// Right answers.
    hits: u64,
    /// Of so many.
    total: u64,
    at: Timestamp,
    /// The entry.
    seq: u64,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/agreements/{id}/service", "service_figures", figures)
            .about("A classification service day by day: images, states, evaluations")
            .gate(Gate::At(Operation::ReadJournal))
            .query::<ServiceQuery>()
            .gives::<ServiceFiguresView>(),
    ]
}

async fn figures(
    at: At,
    Query(query): Query<ServiceQuery>,
) -> Result<Json<ServiceFiguresView>, Problem> {
    let book = at.book().await?;
    let state = &book.state;
    let terms = state
        .agreement
        .as_ref()
        .filter(|terms| matches!(terms.service, Service::Classification(_)));
    let zone = &terms.ok_or(Code::NotFound)?.zone;
    let to = query.to.unwrap_or_else(|| at.now().date(zone));
    let end = to.end(zone);
    let earlier = |days: i64| end.plus_seconds(-days * DAY);
    let from = query.from.unwrap_or_else(|| earlier(31).date(zone));
    let begin = from.start(zone);
    if begin >= end || begin < earlier(MOST_DAYS) {
        return Err(Problem::invalid("from"));
    }
    let window = Window { from: begin, to: end };
    let mut days: BTreeMap<Date, ServiceDayView> = BTreeMap::new();
    for ((hour, class), bucket) in &state.facts.images {
        let instant = Timestamp::from_seconds(hour.saturating_mul(HOUR));
        if instant < begin || instant >= end {
            continue;
        }
        let day = instant.date(zone);
        let row = days.entry(day).or_insert(ServiceDayView {
            day,
            standard: 0,
            standard_in_time: 0,
            urgent: 0,
            urgent_in_time: 0,
        });
        let (count, in_time) = match class {
            RequestClass::Standard => (&mut row.standard, &mut row.standard_in_time),
            RequestClass::Urgent => (&mut row.urgent, &mut row.urgent_in_time),
        };
        *count += bucket.count;
        *in_time += bucket.in_time;
    }
    let inside = state.facts.service.iter().filter_map(|stretch| {
        let window = stretch.window.intersect(window)?;
        Some(StretchView {
            from: window.from,
            to: window.to,
            state: stretch.state,
            seq: stretch.seq,
        })
    });
    let states: Vec<StretchView> = inside.collect();
    let skipped = states.len().saturating_sub(MOST_STRETCHES);
    let exclusions = state.facts.exclusions.iter().filter_map(|(id, exclusion)| {
        let window = exclusion.window.intersect(window)?;
        Some(ExclusionView {
            id: id.clone(),
            from: window.from,
            to: window.to,
            reason: exclusion.reason,
            sides: exclusion.sides.iter().copied().collect(),
            seq: exclusion.seq,
        })
    });
    let evaluations = state.facts.evaluations.iter().map(|one| ServiceEvaluationView {
        test_set: one.test_set.clone(),
        hits: one.ratio.hits,
        total: one.ratio.total,
        at: one.at,
        seq: one.seq,
    });
    Ok(Json(ServiceFiguresView {
        from,
        to,
        images_total: state.facts.images_total,
        days: days.into_values().collect(),
        states: states.into_iter().skip(skipped).collect(),
        exclusions: exclusions.collect(),
        evaluations: evaluations.collect(),
    }))
}
