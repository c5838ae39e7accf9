//! Measurements from the facts of a state: what `settlement` reads. Each names the entries that
//! prove it. Decides which facts count; prices nothing.

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use units::{
    Allocation, EvidenceId, Fraction, Id, Interval, Measurement, Metric, Quantity, Ratio,
    StateInterval, StorageSample, Timestamp, Window,
};

use crate::event::evidence_id;
use crate::state::State;
use crate::terms::{Agreement, Milestone, MilestoneEvent, Plan, Service, Side};

/// Every measurement that the facts yield, in a fixed order.
#[must_use]
pub fn measurements(state: &State) -> Vec<Measurement> {
    let Some(agreement) = &state.agreement else { return Vec::new() };
    let mut all = Vec::new();
    match &agreement.service {
        Service::Annotation(_) => accepted_items(state, &mut all),
        Service::Training(terms) => {
            training(state, &mut all);
            milestones(state, agreement, &terms.milestones, &mut all);
            revenue(state, &mut all);
        }
        Service::Lease(_) => lease(state, &mut all),
        Service::Classification(terms) => {
            images(state, &mut all);
            custom_models(state, agreement, &mut all);
            if let Plan::Project(project) = &terms.plan {
                milestones(state, agreement, &project.milestones, &mut all);
            }
        }
    }
    service(state, &mut all);
    support(state, &mut all);
    all
}

/// Units of accepted deliveries. Clause: anno-3.6.
fn accepted_items(state: &State, all: &mut Vec<Measurement>) {
    for delivery in state.facts.deliveries.values() {
        let Some((at, seq)) = delivery.accepted else { continue };
        let mut evidence = alloc::vec![evidence_id(delivery.submitted.1)];
        if let Some((_, _, inspected)) = &delivery.inspected {
            evidence.push(evidence_id(*inspected));
        }
        evidence.push(evidence_id(seq));
        for count in &delivery.items {
            let quantity = Quantity::Count(count.quantity);
            all.push(Measurement {
                metric: Metric::ItemsAccepted,
                subject: Some(count.item.clone()),
                window: instant(at),
                quantity,
                evidence: evidence.clone(),
            });
        }
    }
}

/// Complexity and data size of the accepted round, time of all rounds. Clause: train-5.1.
fn training(state: &State, all: &mut Vec<Measurement>) {
    let accepted = state.facts.rounds.values().rev().find(|round| round.accepted.is_some());
    let Some(round) = accepted else { return };
    let Some((at, accepted_seq)) = round.accepted else { return };
    if let Some((parameters, bytes, _, seq)) = round.run {
        let evidence = alloc::vec![evidence_id(seq), evidence_id(accepted_seq)];
        let rows = [(Metric::ModelParameters, parameters), (Metric::DataBytes, bytes)];
        for (metric, value) in rows {
            all.push(count(metric, None, instant(at), value, evidence.clone()));
        }
    }
    let runs: Vec<(u64, u64)> = state
        .facts
        .rounds
        .values()
        .filter_map(|round| round.run.map(|(_, _, seconds, seq)| (seconds, seq)))
        .collect();
    let seconds = runs.iter().fold(0_u64, |sum, (seconds, _)| sum.saturating_add(*seconds));
    let evidence = runs.iter().map(|(_, seq)| evidence_id(*seq)).collect();
    all.push(count(Metric::TrainingSeconds, None, instant(at), seconds, evidence));
}

/// Milestones that were reached. Clause: train-5.3.
fn milestones(
    state: &State,
    agreement: &Agreement,
    milestones: &[Milestone],
    all: &mut Vec<Measurement>,
) {
    for milestone in milestones {
        let Some((at, seqs)) = reached(state, agreement, milestone.on) else { continue };
        let evidence = seqs.into_iter().map(evidence_id).collect();
        let subject = Some(milestone.id.clone());
        all.push(count(Metric::MilestoneReached, subject, instant(at), 1, evidence));
    }
}

/// When an event of a milestone happened, and the entries that prove it.
/// Clauses: train-5.3.1, train-5.3.2, train-2.2.4.
fn reached(
    state: &State,
    agreement: &Agreement,
    on: MilestoneEvent,
) -> Option<(Timestamp, Vec<u64>)> {
    match on {
        MilestoneEvent::Signing => {
            state.effective.map(|effective| (effective.at, alloc::vec![effective.seq]))
        }
        MilestoneEvent::Documentation => {
            state.facts.documentation.map(|(at, seq)| (at, alloc::vec![seq]))
        }
        MilestoneEvent::Delivery => match agreement.service {
            Service::Classification(_) => {
                state.facts.service_delivered.map(|(at, seq)| (at, alloc::vec![seq]))
            }
            _ => {
                let mut delivered = state.facts.rounds.values().filter_map(|r| r.delivered);
                delivered.next().map(|(at, seq)| (at, alloc::vec![seq]))
            }
        },
        MilestoneEvent::Acceptance => match &agreement.service {
            Service::Classification(terms) => {
                let mut good = state.facts.evaluations.iter();
                let met = good.find(|row| row.ratio.reaches(terms.accuracy.initial))?;
                Some((met.at, alloc::vec![met.seq]))
            }
            _ => {
                let mut rounds = state.facts.rounds.values();
                let round = rounds.find(|round| round.accepted.is_some())?;
                let (at, seq) = round.accepted?;
                let results = round.results.as_ref().map(|(_, seq)| *seq);
                Some((at, results.into_iter().chain([seq]).collect()))
            }
        },
    }
}

/// Reported revenue by party. Clause: train-6.1.3.
fn revenue(state: &State, all: &mut Vec<Measurement>) {
    for report in &state.facts.revenue {
        all.push(Measurement {
            metric: Metric::RevenueReported,
            subject: Some(side_id(report.side)),
            window: report.window,
            quantity: Quantity::Money(report.amount),
            evidence: alloc::vec![evidence_id(report.seq)],
        });
    }
}

/// Device hours, storage and outages. Clauses: lease-3.1.1, lease-3.1.2, lease-6.2.
fn lease(state: &State, all: &mut Vec<Measurement>) {
    let facts = &state.facts;
    if !facts.jobs.is_empty() {
        let mut rows = Vec::new();
        for job in &facts.jobs {
            for device in &job.devices {
                rows.push(Allocation {
                    device: device.clone(),
                    job: job.job.clone(),
                    window: job.window,
                    end: job.end,
                    evidence: evidence_id(job.seq),
                });
            }
        }
        let window = cover(facts.jobs.iter().map(|job| job.window));
        let evidence = facts.jobs.iter().map(|job| evidence_id(job.seq)).collect();
        let quantity = Quantity::Allocations(rows);
        let metric = Metric::GpuAllocations;
        all.push(Measurement { metric, subject: None, window, quantity, evidence });
    }
    if !facts.storage.is_empty() {
        let sample = |point: &crate::state::StoragePoint| StorageSample {
            at: point.at,
            bytes: point.bytes,
            evidence: evidence_id(point.seq),
        };
        let window = cover(facts.storage.iter().map(|point| instant(point.at)));
        let evidence = facts.storage.iter().map(|point| evidence_id(point.seq)).collect();
        let mut samples: Vec<StorageSample> = facts.storage.iter().map(sample).collect();
        samples.sort();
        let quantity = Quantity::Storage(samples);
        let metric = Metric::StorageSamples;
        all.push(Measurement { metric, subject: None, window, quantity, evidence });
    }
    for (node, outages) in &facts.outages {
        for outage in outages {
            let Some(to) = outage.to else { continue };
            let window = Window::new(outage.from, to);
            let hours = Fraction::new(i128::from(window.micros()), 3_600_000_000);
            all.push(Measurement {
                metric: Metric::RepairHours,
                subject: Id::new(&crate::rules::subject_of(node)).ok(),
                window,
                quantity: Quantity::Exact(hours),
                evidence: outage.seqs.iter().map(|seq| evidence_id(*seq)).collect(),
            });
        }
    }
}

/// Images by hour and class; an hour's images belong to the hour in which their window begins.
/// Clauses: class-3.1.2, class-5.1, class-4.3.
fn images(state: &State, all: &mut Vec<Measurement>) {
    for ((hour, class), bucket) in &state.facts.images {
        let from = Timestamp::from_seconds(hour * 3_600);
        let window = Window::new(from, from.plus_seconds(3_600));
        let subject = Id::new(class.code()).ok();
        let evidence = alloc::vec![range_id(bucket.first_seq, bucket.last_seq)];
        let answered = evidence.clone();
        let metric = Metric::ImagesAnswered;
        all.push(count(metric, subject.clone(), window, bucket.count, answered));
        all.push(Measurement {
            metric: Metric::ResponsesInTime,
            subject,
            window,
            quantity: Quantity::Ratio(Ratio::new(bucket.in_time, bucket.count)),
            evidence,
        });
    }
}

/// Custom models that reached their accuracy. Clause: class-3.1.3.
fn custom_models(state: &State, agreement: &Agreement, all: &mut Vec<Measurement>) {
    let Service::Classification(terms) = &agreement.service else { return };
    for model in &terms.custom_models {
        let Some((ratio, at, seq)) = state.facts.custom_models.get(&model.id) else { continue };
        if ratio.reaches(model.accuracy) {
            let evidence = alloc::vec![evidence_id(*seq)];
            let subject = Some(model.id.clone());
            all.push(count(Metric::MilestoneReached, subject, instant(*at), 1, evidence));
        }
    }
}

/// Service states and what both agreed to leave out. Clauses: pb-04, class-4.1.
fn service(state: &State, all: &mut Vec<Measurement>) {
    let stretches = &state.facts.service;
    if !stretches.is_empty() {
        let row = |stretch: &crate::state::ServiceStretch| StateInterval {
            window: stretch.window,
            state: stretch.state,
            evidence: evidence_id(stretch.seq),
        };
        let window = cover(stretches.iter().map(|stretch| stretch.window));
        let evidence = stretches.iter().map(|stretch| evidence_id(stretch.seq)).collect();
        let quantity = Quantity::States(stretches.iter().map(row).collect());
        let metric = Metric::ServiceStates;
        all.push(Measurement { metric, subject: None, window, quantity, evidence });
    }
    let agreed = state.facts.exclusions.values().filter(|row| row.sides.len() == 2);
    let rows: Vec<Interval> = agreed
        .map(|row| Interval {
            window: row.window,
            reason: row.reason.code().to_string(),
            evidence: evidence_id(row.seq),
        })
        .collect();
    if !rows.is_empty() {
        let window = cover(rows.iter().map(|row| row.window));
        let evidence = rows.iter().map(|row| row.evidence.clone()).collect();
        let quantity = Quantity::Intervals(rows);
        let metric = Metric::Exclusions;
        all.push(Measurement { metric, subject: None, window, quantity, evidence });
    }
}

/// Hours of consulting and migration help. Clauses: class-3.1.5, pb-07.
fn support(state: &State, all: &mut Vec<Measurement>) {
    for work in &state.facts.support {
        let subject = if work.migration { "migration" } else { "consulting" };
        all.push(Measurement {
            metric: Metric::SupportHours,
            subject: Id::new(subject).ok(),
            window: work.window,
            quantity: Quantity::Exact(work.hours),
            evidence: alloc::vec![evidence_id(work.seq)],
        });
    }
}

fn count(
    metric: Metric,
    subject: Option<Id>,
    window: Window,
    value: u64,
    evidence: Vec<EvidenceId>,
) -> Measurement {
    Measurement { metric, subject, window, quantity: Quantity::Count(value), evidence }
}

/// The window of something that happened at an instant: the microsecond of it.
fn instant(at: Timestamp) -> Window {
    Window::new(at, Timestamp::from_micros(at.micros().saturating_add(1)))
}

fn cover(windows: impl Iterator<Item = Window>) -> Window {
    let cover = |left: Window, right: Window| Window {
        from: left.from.min(right.from),
        to: left.to.max(right.to),
    };
    windows
        .reduce(cover)
        .unwrap_or(Window::new(Timestamp::from_micros(0), Timestamp::from_micros(0)))
}

/// Entries of one kind between two sequences, cited as `e12-e90`.
fn range_id(first: u64, last: u64) -> EvidenceId {
    if first == last {
        return evidence_id(first);
    }
    Id::new(&format!("e{first}-e{last}")).expect("letters, digits and a hyphen make an id")
}

/// A party as the subject of a measurement.
fn side_id(side: Side) -> Id {
    Id::new(side.code()).expect("a code makes an id")
}
