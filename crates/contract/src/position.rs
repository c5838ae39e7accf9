//! The position: where an agreement stands as of an instant. Obligations with their clocks,
//! measures against standards, money by principal, rights, claims, gaps in the evidence. Codes and
//! exact values; words and late fees are made elsewhere.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use schemars::JsonSchema;
use serde::Serialize;
use units::{
    ClauseId, Date, EvidenceId, Fraction, Id, Metric, Money, Ratio, Standard, Timestamp, Verdict,
    Window,
};

use crate::access::{Resource, may};
use crate::event::{TerminationGround, evidence_id};
use crate::obligation::{ObligationKind, ObligationStatus};
use crate::paid;
use crate::rules::clause;
use crate::state::{Phase, State};
use crate::terms::{
    Agreement, Average, ModelMetric, Purpose, QualityMetric, RequestClass, Service, Side,
};

/// Where an agreement stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Position {
    /// The agreement.
    pub agreement: Option<Id>,
    /// As of when.
    pub as_of: Timestamp,
    /// `empty`, `draft`, `in_force` or `ended`.
    pub phase: &'static str,
    /// The day from which it holds.
    pub effective: Option<Date>,
    /// The last day.
    pub ends: Option<Date>,
    /// Why and when it ended.
    pub ended: Option<(Timestamp, TerminationGround)>,
    /// What is owed, in the order in which it came to be owed.
    pub obligations: Vec<ObligationView>,
    /// Measures against standards.
    pub standards: Vec<StandardView>,
    /// Money by principal.
    pub money: Option<MoneyView>,
    /// What the vendor may use the customer's data for.
    pub rights: Vec<RightView>,
    /// Open claims and disputes by name.
    pub claims: Vec<ClaimView>,
    /// Disputes that have not ended.
    pub disputes: Vec<Id>,
    /// Cases of force majeure that last.
    pub force_majeure: Vec<Id>,
    /// Numbers missing from dense sources.
    pub gaps: BTreeMap<String, Vec<(u64, u64)>>,
    /// Records that came again with other content.
    pub conflicts: u64,
    /// Whether any deadline rests on days that are not published yet.
    pub provisional: bool,
}

/// An obligation as of an instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ObligationView {
    /// Its name.
    pub name: Id,
    /// What is owed.
    pub kind: ObligationKind,
    /// Who owes it.
    pub debtor: Side,
    /// The clause that demands it.
    pub clause: ClauseId,
    /// From when the clock runs.
    pub start: Timestamp,
    /// The first instant after the time.
    pub due: Timestamp,
    /// Whether the due instant may still move.
    pub provisional: bool,
    /// Where it stands.
    pub status: ObligationStatus,
    /// When it was met.
    pub met: Option<Timestamp>,
    /// The entries that opened and met it.
    pub evidence: Vec<EvidenceId>,
}

/// A measure against its standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StandardView {
    /// What is measured.
    pub metric: Metric,
    /// On what: a work item, a class, a resource.
    pub subject: Option<Id>,
    /// Over which classes, for models.
    pub average: Option<Average>,
    /// The threshold.
    pub threshold: Fraction,
    /// The latest value; absent when nothing was measured.
    pub value: Option<Fraction>,
    /// Whether the standard is reached.
    pub verdict: Verdict,
    /// The clause that demands it.
    pub clause: ClauseId,
    /// The entries that prove the value.
    pub evidence: Vec<EvidenceId>,
}

/// Money by principal; late fees are accounted apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MoneyView {
    /// All invoices, with tax.
    pub invoiced: Money,
    /// All credit notes.
    pub credited: Money,
    /// All payments towards invoices.
    pub paid: Money,
    /// What is left to pay.
    pub open: Money,
    /// What is left to pay after its day.
    pub overdue: Money,
    /// What was paid beforehand.
    pub prepaid: Money,
    /// What was taken from it.
    pub drawn: Money,
    /// Invoices.
    pub invoices: Vec<InvoiceView>,
    /// Statements that are not decided on.
    pub awaiting_review: Vec<Id>,
}

/// An invoice as of an instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InvoiceView {
    /// Its number.
    pub number: u32,
    /// The statement.
    pub statement: Id,
    /// With tax.
    pub gross: Money,
    /// What is left to pay.
    pub open: Money,
    /// By which day.
    pub due: Date,
    /// Whether it is late.
    pub overdue: bool,
    /// The entry.
    pub evidence: EvidenceId,
}

/// A right of the vendor over the customer's data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RightView {
    /// The purpose.
    pub purpose: Purpose,
    /// Whether it is permitted now.
    pub permitted: bool,
    /// The clause that forbids it, where one does.
    pub clause: Option<ClauseId>,
}

/// A claim as of an instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ClaimView {
    /// Its name.
    pub claim: Id,
    /// Who claims.
    pub by: Side,
    /// What was claimed.
    pub amount: Money,
    /// What is owed in the end.
    pub settled: Option<Money>,
    /// The clause.
    pub clause: ClauseId,
    /// The entry.
    pub evidence: EvidenceId,
}

/// Where an agreement stands as of an instant.
#[must_use]
pub fn position(state: &State, as_of: Timestamp) -> Position {
    let agreement = state.agreement.as_ref();
    let obligations = agreement.map_or_else(Vec::new, |terms| obligations(state, terms, as_of));
    let provisional = obligations.iter().any(|view| view.provisional);
    let lasting = state
        .force_majeure
        .iter()
        .filter(|(_, case)| case.from <= as_of && case.to.is_none_or(|to| as_of < to));
    let disputes = state.disputes.iter().filter(|(_, dispute)| dispute.ended.is_none());
    let gaps = state.facts.sources.iter().map(|(name, source)| (name.clone(), source.gaps()));
    Position {
        agreement: agreement.map(|terms| terms.id.clone()),
        as_of,
        phase: match state.phase() {
            Phase::Empty => "empty",
            Phase::Draft => "draft",
            Phase::InForce => "in_force",
            Phase::Ended => "ended",
        },
        effective: state.effective.map(|effective| effective.on),
        ends: agreement.map(|terms| terms.term.ends),
        ended: state.ended.map(|ended| (ended.at, ended.ground)),
        obligations,
        standards: agreement.map_or_else(Vec::new, |terms| standards(state, terms)),
        money: agreement.map(|terms| money(state, terms, as_of)),
        rights: agreement.map_or_else(Vec::new, |_| rights(state, as_of)),
        claims: state.claims.values().map(claim_view).collect(),
        disputes: disputes.map(|(name, _)| name.clone()).collect(),
        force_majeure: lasting.map(|(name, _)| name.clone()).collect(),
        gaps: gaps.filter(|(_, gaps)| !gaps.is_empty()).collect(),
        conflicts: state.facts.conflicts.len() as u64,
        provisional,
    }
}

fn obligations(state: &State, agreement: &Agreement, as_of: Timestamp) -> Vec<ObligationView> {
    let view = |obligation: &crate::obligation::Obligation| {
        let deadline = obligation.deadline(agreement, state, as_of);
        let closing = obligation.met.map(|(_, seq)| seq).or(obligation.waived);
        ObligationView {
            name: obligation.name.clone(),
            kind: obligation.kind,
            debtor: obligation.debtor,
            clause: obligation.clause.clone(),
            start: obligation.start,
            due: deadline.at,
            provisional: deadline.provisional,
            status: obligation.status(agreement, state, as_of),
            met: obligation.met.map(|(at, _)| at),
            evidence: [obligation.opened_by].into_iter().chain(closing).map(evidence_id).collect(),
        }
    };
    state.obligations.iter().map(view).collect()
}

/// Measures against standards. Clauses: anno-3.6, train-4.2, class-4.2, class-4.3, lease-1.2.
fn standards(state: &State, agreement: &Agreement) -> Vec<StandardView> {
    match &agreement.service {
        Service::Annotation(terms) => annotation_standards(state, terms),
        Service::Training(terms) => training_standards(state, terms),
        Service::Lease(terms) => lease_standards(state, terms),
        Service::Classification(terms) => classification_standards(state, terms),
    }
}

fn view(
    standard: Standard,
    subject: Option<Id>,
    id: &str,
    measured: Option<(Option<Fraction>, Vec<u64>)>,
) -> StandardView {
    let (value, seqs) = measured.unwrap_or((None, Vec::new()));
    StandardView {
        metric: standard.metric,
        subject,
        average: None,
        threshold: standard.threshold,
        value,
        verdict: standard.verdict(value),
        clause: clause(id),
        evidence: seqs.into_iter().map(evidence_id).collect(),
    }
}

/// The latest inspection decides, by the signed acceptance rule. Clauses: anno-3.6, anno-4.2.2.
fn annotation_standards(state: &State, terms: &crate::terms::AnnotationTerms) -> Vec<StandardView> {
    let mut views = Vec::new();
    for item in &terms.items {
        for standard in &item.standards {
            let metric = quality_metric(standard.metric);
            let inspections = state.facts.deliveries.values().filter_map(|d| d.inspected.as_ref());
            let rows = inspections
                .flat_map(|(_, results, seq)| results.iter().map(move |result| (result, *seq)));
            let of_item = rows.filter(|(row, _)| row.item == item.id && row.metric == metric);
            let latest = of_item.max_by_key(|(_, seq)| *seq);
            let threshold = standard.threshold.share();
            let measured = latest.map(|(row, seq)| {
                (row.value.or_else(|| row.ratio.and_then(Ratio::value)), alloc::vec![seq])
            });
            let subject = Some(item.id.clone());
            let standard = Standard::at_least(metric, threshold);
            let mut view = view(standard, subject, "anno-3.6", measured);
            if let Some((row, _)) = latest {
                view.verdict = row.verdict;
            }
            views.push(view);
        }
    }
    views
}

/// Clauses: train-2.2.2, train-4.2.
fn training_standards(state: &State, terms: &crate::terms::TrainingTerms) -> Vec<StandardView> {
    let latest = state.facts.rounds.values().rev().find_map(|round| round.results.as_ref());
    let each = terms.standards.iter().map(|standard| {
        let metric = model_metric(standard.metric);
        let measured = latest.and_then(|(results, seq)| {
            let row = results.iter().find(|row| {
                row.metric == standard.metric
                    && row.average == standard.average
                    && row.class == standard.class
            });
            row.map(|row| (Some(row.value), alloc::vec![*seq]))
        });
        let subject = standard.class.as_deref().map(crate::rules::subject_of);
        let subject = subject.and_then(|text| Id::new(&text).ok());
        let at_least = Standard::at_least(metric, standard.threshold.share());
        StandardView {
            average: Some(standard.average),
            ..view(at_least, subject, "train-4.2", measured)
        }
    });
    each.collect()
}

/// Of the valid probes of a resource, so many must reach the promise; the value that decides is
/// the one that ranks there. Clauses: lease-1.1, lease-1.2.
fn lease_standards(state: &State, terms: &crate::terms::LeaseTerms) -> Vec<StandardView> {
    use units::Comparison::{AtLeast, LessThan};
    let mut promised = Vec::new();
    let tera = |value: units::Decimal| value.to_fraction() * Fraction::whole(1_000_000_000_000);
    for servers in &terms.servers {
        let id = servers.id.as_str().to_string();
        promised.push((id, Metric::Flops, AtLeast, tera(servers.teraflops), "lease-1.1.1"));
    }
    if let Some(network) = &terms.network {
        let bits = network.gigabits.to_fraction() * Fraction::whole(1_000_000_000);
        let id = "network".to_string();
        promised.push((id, Metric::BandwidthBits, AtLeast, bits, "lease-1.1.1"));
    }
    if let Some(storage) = &terms.storage {
        let iops = Fraction::whole(i128::from(storage.iops));
        let micros = storage.latency_ms.to_fraction() * Fraction::whole(1_000);
        let id = || "storage".to_string();
        promised.push((id(), Metric::Iops, AtLeast, iops, "lease-1.1.2"));
        promised.push((id(), Metric::LatencyMicros, LessThan, micros, "lease-1.1.2"));
    }
    let max_load = terms.verification.max_load.share();
    let each = promised.into_iter().map(|(resource, metric, comparison, threshold, id)| {
        let standard = Standard { metric, comparison, threshold };
        let mut valid: Vec<(Fraction, u64)> = state
            .facts
            .probes
            .iter()
            .filter(|probe| probe.resource.as_str() == resource && probe.metric == metric)
            .filter(|probe| Fraction::new(i128::from(probe.load_percent), 100) <= max_load)
            .map(|probe| (probe.value, probe.seq))
            .collect();
        let runs = terms.verification.runs as usize;
        if valid.len() > runs {
            valid.drain(..valid.len() - runs);
        }
        let seqs: Vec<u64> = valid.iter().map(|(_, seq)| *seq).collect();
        valid.sort_unstable();
        if comparison == AtLeast {
            valid.reverse();
        }
        let rank = (terms.verification.required as usize).max(1) - 1;
        let value = valid.get(rank).map(|(value, _)| *value);
        view(standard, Id::new(&resource).ok(), id, Some((value, seqs)))
    });
    each.collect()
}

/// Clauses: class-4.2, class-4.3.
fn classification_standards(
    state: &State,
    terms: &crate::terms::ClassificationTerms,
) -> Vec<StandardView> {
    let evaluations = &state.facts.evaluations;
    let initial = evaluations.first();
    let latest = evaluations.last();
    let measured = |row: Option<&crate::state::Evaluation>| {
        row.map(|row| (row.ratio.value(), alloc::vec![row.seq]))
    };
    let accuracy = |share| Standard::at_least(Metric::Accuracy, share);
    let mut views = alloc::vec![
        view(
            accuracy(terms.accuracy.initial.share()),
            Id::new("initial").ok(),
            "class-4.2",
            measured(initial)
        ),
        view(
            accuracy(terms.accuracy.ongoing.share()),
            Id::new("ongoing").ok(),
            "class-4.2",
            measured(latest)
        ),
    ];
    let shares = [
        (RequestClass::Standard, Some(terms.response.standard_share)),
        (RequestClass::Urgent, terms.response.urgent_share),
    ];
    for (class, share) in shares {
        let Some(share) = share else { continue };
        let buckets = state.facts.images.iter().filter(|((_, of), _)| *of == class);
        let (mut ratio, mut seqs) = (Ratio::new(0, 0), Vec::new());
        for (_, bucket) in buckets {
            ratio.hits = ratio.hits.saturating_add(bucket.in_time);
            ratio.total = ratio.total.saturating_add(bucket.count);
            seqs.extend([bucket.first_seq, bucket.last_seq]);
        }
        let ends = seqs.iter().min().into_iter().chain(seqs.iter().max()).copied().collect();
        let standard = Standard::at_least(Metric::ResponsesInTime, share.share());
        let subject = Id::new(class.code()).ok();
        views.push(view(standard, subject, "class-4.3", Some((ratio.value(), ends))));
    }
    views
}

/// Money by principal: what was invoiced, credited, paid, and is open or overdue.
/// Clauses: lease-3.3, class-5.2, train-5.2.
fn money(state: &State, agreement: &Agreement, as_of: Timestamp) -> MoneyView {
    let amount = |minor: i128| Money::new(minor, agreement.currency);
    let open = paid::open_minor(state);
    let today = as_of.date(&agreement.zone);
    let mut invoices = Vec::new();
    for invoice in &state.money.invoices {
        let summary = &invoice.summary;
        let left = open.get(&summary.number).copied().unwrap_or_else(|| invoice.owed_minor());
        invoices.push(InvoiceView {
            number: summary.number,
            statement: summary.statement.clone(),
            gross: summary.gross,
            open: amount(left),
            due: summary.due,
            overdue: left > 0 && today > summary.due,
            evidence: evidence_id(invoice.seq),
        });
    }
    let sum = |values: &mut dyn Iterator<Item = i128>| amount(values.fold(0, i128::saturating_add));
    let prepaid = paid::prepaid_minor(state);
    let total_paid = state.money.payments.iter().map(|(payment, _)| payment);
    let towards_invoices = total_paid.filter(|payment| {
        !matches!(
            payment.towards,
            crate::event::PaymentPurpose::Prepayment | crate::event::PaymentPurpose::Refund
        )
    });
    let statements = state.money.statements.values();
    let drawn = statements.clone().filter(|statement| statement.invoice.is_some());
    let awaiting = statements.filter(|statement| statement.approved.is_none());
    MoneyView {
        invoiced: sum(&mut state.money.invoices.iter().map(|i| i.summary.gross.minor())),
        credited: sum(&mut state.money.credit_notes.iter().map(|note| note.gross.minor())),
        paid: sum(&mut towards_invoices.map(|payment| payment.amount.minor())),
        open: sum(&mut invoices.iter().map(|view| view.open.minor())),
        overdue: sum(&mut invoices.iter().filter(|v| v.overdue).map(|v| v.open.minor())),
        prepaid: amount(prepaid),
        drawn: sum(&mut drawn.map(|statement| statement.summary.drawdown.minor())),
        awaiting_review: awaiting.map(|statement| statement.summary.statement.clone()).collect(),
        invoices,
    }
}

/// What the vendor may use the customer's data for. Clauses: pb-01, pb-02.
fn rights(state: &State, as_of: Timestamp) -> Vec<RightView> {
    let each = Purpose::ALL.iter().map(|(_, purpose)| {
        let answer = may(state, Side::Vendor, Resource::CustomerData, *purpose, as_of);
        RightView {
            purpose: *purpose,
            permitted: answer.is_ok(),
            clause: answer.err().and_then(|refusal| refusal.clause()),
        }
    });
    each.collect()
}

fn claim_view(claim: &crate::state::ClaimState) -> ClaimView {
    let direct = claim.claim.direct;
    let total = direct.minor().saturating_add(claim.claim.indirect.minor());
    ClaimView {
        claim: claim.claim.claim.clone(),
        by: claim.claim.by,
        amount: Money::new(total, direct.currency()),
        settled: claim.settled,
        clause: claim.claim.clause.clone(),
        evidence: evidence_id(claim.raised.1),
    }
}

/// The metric of a quality standard.
#[must_use]
pub const fn quality_metric(metric: QualityMetric) -> Metric {
    match metric {
        QualityMetric::BoxF1 => Metric::BoxF1,
        QualityMetric::BoxPrecision => Metric::BoxPrecision,
        QualityMetric::BoxRecall => Metric::BoxRecall,
        QualityMetric::MeanIou => Metric::MeanIou,
        QualityMetric::Accuracy => Metric::Accuracy,
        QualityMetric::TemporalF1 => Metric::TemporalF1,
        QualityMetric::KeyframeRecall => Metric::KeyframeRecall,
        QualityMetric::ConformingItems => Metric::ConformingItems,
    }
}

/// The metric of a model standard.
#[must_use]
pub const fn model_metric(metric: ModelMetric) -> Metric {
    match metric {
        ModelMetric::Accuracy => Metric::Accuracy,
        ModelMetric::Precision => Metric::Precision,
        ModelMetric::Recall => Metric::Recall,
        ModelMetric::F1 => Metric::F1,
    }
}

/// The stretch of a civil month in the agreement's zone.
#[must_use]
pub fn month_window(agreement: &Agreement, day: Date) -> Window {
    let zone = &agreement.zone;
    Window::new(day.first_of_month().start(zone), day.last_of_month().end(zone))
}
