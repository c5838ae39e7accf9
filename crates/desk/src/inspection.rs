//! Inspecting a delivery by a sample that neither party could pick: how many units the signed rule
//! wants, which ones both parties' seeds draw, what they show against gold, and what the rule
//! decides. Serves anno-3.6 and anno-4.1.1.
//!
//! | rule | sample | a standard is met when |
//! | --- | --- | --- |
//! | observed share | as agreed | its measure on the sample reaches the threshold |
//! | lower bound | as agreed | its bound does; a mean has none, and its measure does |
//! | GB/T 2828.1 | by lot size, level, AQL and the history of the series | its measure does |
//! | GB/T 2828.4 | by the declared quality | its measure does |
//!
//! Under the last two the plan decides besides, on the nonconforming units; its decision is a
//! result of its own, of the metric `conforming_items`. Where units are objects, images are drawn
//! that hold about as many, since an image is inspected whole.

mod lot;
mod rule;

use std::path::Path;

use annotation::{
    BoxOptions, Decision, Delivery, IouThreshold, OperatingPoint, QualityOptions, QualityReport,
    TOLERANCE_MICROS, quality,
};
use contract::event::{Actor, Fact, Recorded, StandardResult};
use contract::state::State;
use contract::terms::{
    AcceptanceRule, InspectionUnit, QualityMetric, QualityStandard, Service, WorkItem,
};
use contract::{Action, Command, Refusal, quality_metric};
use formats::read_delivery;
use journal::{Hash, canonical};
use serde::Serialize;
use units::{Decimal, Fraction, Id, Metric, Percent, Quantity, Ratio, Verdict};

use crate::book::{Book, DeskError};
use crate::desk::{Desk, unwritable};
use crate::intake::{DeliveryError, work_item};
use crate::sampling;
use lot::Lot;
use rule::Plan;

const FORMAT: &str = "tallystick.inspection/1";
/// Where boxes match when no standard of the item says.
const HALF: (i128, i128) = (1, 2);

/// A sample as it is drawn.
#[derive(Debug, Clone, Serialize)]
pub struct Sample {
    /// The delivery.
    pub delivery: Id,
    /// Its round.
    pub round: u32,
    /// The work item.
    pub item: Id,
    /// Units in the lot, counted as the agreement counts them.
    pub lot: u64,
    /// Units that the rule wants inspected.
    pub wanted: u64,
    /// Most nonconforming units with which the plan accepts; for plans alone.
    pub accept: Option<u64>,
    /// How strictly the series is inspected at present, for GB/T 2828.1: `normal`, `tightened`,
    /// `reduced`.
    pub severity: Option<annotation::InspectionSeverity>,
    /// The drawn items: names of images or ids of texts, in order.
    pub items: Vec<String>,
}

/// What an inspection found. Its canonical JSON is kept as an object, and its hash stands in the
/// journal.
#[derive(Debug, Clone, Serialize)]
pub struct InspectionReport {
    /// `tallystick.inspection/1`.
    pub format: String,
    /// The sample.
    pub sample: Sample,
    /// The signed rule.
    pub rule: AcceptanceRule,
    /// What one inspected unit is.
    pub unit: InspectionUnit,
    /// Drawn items that gold does not cover; they were not inspected.
    pub not_in_gold: Vec<String>,
    /// Labels of the work that the agreement does not have.
    pub unknown_labels: Vec<String>,
    /// Each standard with its decision.
    pub standards: Vec<StandardDecision>,
    /// The decision of the plan on nonconforming units; for plans alone.
    pub plan: Option<Decision>,
    /// `met` when every standard and the plan are, `not_met` when one is not.
    pub verdict: Verdict,
    /// The chance to accept at each true share of nonconforming units.
    pub operating_characteristic: Vec<OperatingPoint>,
    /// What was measured and which items failed why, at each agreed IoU.
    pub quality: Vec<QualityAt>,
}

/// A standard with its decision.
#[derive(Debug, Clone, Serialize)]
pub struct StandardDecision {
    /// What was measured.
    pub metric: Metric,
    /// The IoU from which a match counts.
    pub iou: Option<Decimal>,
    /// The share that must be reached.
    pub threshold: Percent,
    /// The value as counted.
    pub ratio: Option<Ratio>,
    /// The exact value.
    pub value: Option<Fraction>,
    /// The working, where the rule has one.
    pub decision: Option<Decision>,
    /// The outcome.
    pub verdict: Verdict,
}

/// Quality at one IoU.
#[derive(Debug, Clone, Serialize)]
pub struct QualityAt {
    /// The IoU from which a match counts; absent for labels.
    pub iou: Option<Fraction>,
    /// The report.
    pub report: QualityReport,
}

/// Why a delivery was not inspected.
#[derive(Debug, thiserror::Error)]
pub enum InspectionError {
    /// The journal or the contract.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// The files of the delivery.
    #[error(transparent)]
    Delivery(#[from] DeliveryError),
    /// Work or gold cannot be read.
    #[error("{what} cannot be read")]
    Read {
        /// `work` or `gold`.
        what: &'static str,
        /// What is wrong.
        #[source]
        source: annotation::ReadError,
    },
    /// The two cannot be compared.
    #[error("the work cannot be held against gold")]
    Quality(#[from] annotation::QualityError),
    /// The sample cannot be drawn.
    #[error("the sample cannot be drawn")]
    Draw(#[from] annotation::DrawError),
    /// The plan cannot be looked up.
    #[error("there is no plan for this lot")]
    Plan(#[from] annotation::LotPlanError),
    /// The rule cannot be applied.
    #[error("the rule cannot be applied")]
    Acceptance(#[from] annotation::AcceptanceError),
    /// The files are not those that were handed over.
    #[error("{name} is not what was handed over")]
    NotAsDelivered {
        /// The first file that differs.
        name: String,
    },
    /// Five lots failed under tightened inspection: GB/T 2828.1 stops until the work is better.
    #[error("inspection of {item} is stopped: too many deliveries failed under tightened rules")]
    Stopped {
        /// The work item.
        item: Id,
    },
}

impl From<Refusal> for InspectionError {
    fn from(refusal: Refusal) -> Self {
        Self::Desk(refusal.into())
    }
}

/// Draws the sample of a delivered work item from its files; whoever has both seeds draws it too.
///
/// # Errors
/// When a seed is missing, the files are not those handed over, or the rule has no plan for them.
pub async fn sample(
    desk: &Desk,
    agreement: &Id,
    delivery: &Id,
    item: &Id,
    work: &Path,
) -> Result<Sample, InspectionError> {
    let prepared = prepare(desk, agreement, delivery, item, work).await?;
    Ok(prepared.sample)
}

/// Inspects a delivered work item against gold, records the sample and the result, and keeps the
/// report. Results of other work items of the same round stay. What stands in the journal already
/// is not recorded again.
///
/// # Errors
/// As for [`sample`], and when gold cannot be read or the contract does not allow it.
pub async fn inspect(
    desk: &Desk,
    actor: &Actor,
    agreement: &Id,
    delivery: &Id,
    item: &Id,
    work: &Path,
    gold: &Path,
) -> Result<InspectionReport, InspectionError> {
    let mut prepared = prepare(desk, agreement, delivery, item, work).await?;
    let (gold, _) = read_delivery(gold, &annotation::Limits::default(), false)
        .map_err(|source| InspectionError::Read { what: "gold", source })?;
    let report = decide(&prepared, &gold)?;
    let list = canonical::to_vec(&report.sample.items).map_err(|_| unwritable("sample"))?;
    // Areas in millionths of a pixel squared are beyond what canonical JSON holds; the fields stand
    // in the order of the type, so that the bytes are the same on every machine.
    let bytes = serde_json::to_vec(&report).map_err(|_| unwritable("report"))?;
    desk.put(agreement, &list).await?;
    desk.put(agreement, &bytes).await?;
    let drawn = Fact::SampleDrawn {
        delivery: delivery.clone(),
        item: item.clone(),
        lot: report.sample.lot,
        sample: report.sample.wanted,
        sha256: Hash::of(&list).to_string(),
    };
    let round = report.sample.round;
    let inspected = Fact::Inspected {
        delivery: delivery.clone(),
        round,
        results: results(&prepared.book.state, delivery, item, &report),
        sha256: Hash::of(&bytes).to_string(),
    };
    // A process may have ended between an entry and what was to follow it.
    let said = [prepared.said.drawn.take(), prepared.said.inspected.take()];
    let fresh = [drawn, inspected].into_iter().zip(said);
    let fresh = fresh.filter(|(fact, said)| said.as_ref() != Some(fact)).map(|(fact, _)| fact);
    let command = |fact| Command::new(actor.clone(), Action::Record { fact, source: None });
    let commands: Vec<Command> = fresh.map(command).collect();
    desk.execute_all(&mut prepared.book, &commands).await?;
    Ok(report)
}

/// A delivery with its sample drawn.
struct Prepared {
    book: Book,
    said: lot::Said,
    item: WorkItem,
    rule: AcceptanceRule,
    unit: InspectionUnit,
    work: Delivery,
    plan: Plan,
    sample: Sample,
}

async fn prepare(
    desk: &Desk,
    agreement: &Id,
    delivery: &Id,
    item: &Id,
    path: &Path,
) -> Result<Prepared, InspectionError> {
    let (mut series, mut said) = (lot::Series::new(item), lot::Said::default());
    let mut book = Book::empty(agreement);
    desk.store.agreement(&desk.scope(), agreement).await.map_err(DeskError::from)?;
    let see = |recorded: &Recorded| {
        series.see(recorded);
        said.see(recorded, delivery, item);
    };
    book.catch_up(desk.store.as_ref(), &desk.scope(), see).await?;
    let terms = book.state.agreement.clone().ok_or(Refusal::NotDrafted)?;
    let work_item = work_item(&terms, item)?.clone();
    let Service::Annotation(annotation) = &terms.service else {
        return Err(Refusal::OtherKind { need: "annotation" }.into());
    };
    let unknown = || Refusal::Unknown { what: "delivery", name: delivery.to_string() };
    let found = book.state.facts.deliveries.get(delivery).ok_or_else(unknown)?;
    let round = found.round;
    let [customer, vendor] = sampling::seeds(&book.state, delivery)
        .ok_or(Refusal::ComesAfter { first: "seed_revealed" })?;
    lot::check_files(desk, &book, delivery, item, path).await?;
    let (work, _) = read_delivery(path, &annotation::Limits::default(), false)
        .map_err(|source| InspectionError::Read { what: "work", source })?;
    let lot = Lot::of(&work);
    let acceptance = &annotation.acceptance;
    let units = lot.units(acceptance.unit);
    let plan = Plan::of(&acceptance.rule, units, &series, delivery)?;
    if plan.stopped {
        return Err(InspectionError::Stopped { item: item.clone() });
    }
    let count = lot.items_for(acceptance.unit, plan.sample);
    let ids: Vec<&str> = lot.ids.iter().map(String::as_str).collect();
    let name = format!("{delivery}/{item}/{round}");
    let drawn = annotation::draw_sample(&ids, count, &customer, &vendor, &name)?;
    let sample = Sample {
        delivery: delivery.clone(),
        round,
        item: item.clone(),
        lot: units,
        wanted: plan.sample,
        accept: plan.accept(),
        severity: plan.severity,
        items: drawn.into_iter().map(str::to_owned).collect(),
    };
    let (rule, unit) = (acceptance.rule.clone(), acceptance.unit);
    Ok(Prepared { item: work_item, rule, unit, work, plan, sample, book, said })
}

/// Measures the sample and applies the rule.
fn decide(prepared: &Prepared, gold: &Delivery) -> Result<InspectionReport, InspectionError> {
    let Prepared { item, rule, unit, work, plan, sample, .. } = prepared;
    let (gold, not_in_gold) = lot::restrict(work, gold, &sample.items);
    let mut reports: Vec<QualityAt> = Vec::new();
    let tolerance_micros = tolerance(item)?;
    for iou in ious(item, work)? {
        let threshold = iou.unwrap_or_else(half);
        let options = QualityOptions {
            boxes: BoxOptions::at(threshold),
            average_precision: false,
            tolerance_micros,
        };
        let report = quality(work, &gold, &options)?;
        reports.push(QualityAt { iou: iou.map(IouThreshold::fraction), report });
    }
    let conforming = reports.first().map_or(Ratio::new(0, 0), |first| match unit {
        InspectionUnit::Item => first.report.conforming_items(),
        InspectionUnit::Object => first.report.conforming_objects(),
    });
    let mut standards = Vec::new();
    for standard in &item.standards {
        standards.push(decide_standard(standard, &reports, conforming, plan)?);
    }
    let decision = plan.decide(conforming)?;
    let verdicts = standards.iter().map(|standard| standard.verdict);
    let verdicts = verdicts.chain(decision.iter().map(|decision| decision.verdict));
    let verdict = worst(verdicts);
    let highest = item.standards.iter().map(|standard| standard.threshold).max();
    Ok(InspectionReport {
        format: FORMAT.to_owned(),
        sample: sample.clone(),
        rule: rule.clone(),
        unit: *unit,
        not_in_gold,
        unknown_labels: lot::unknown_labels(work, item),
        standards,
        plan: decision,
        verdict,
        operating_characteristic: plan.operating_characteristic(highest)?,
        quality: reports,
    })
}

/// One that is not met outweighs all; one that cannot be decided leaves the whole open.
fn worst(verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    let rank = |verdict: &Verdict| match verdict {
        Verdict::NotMet => 2,
        Verdict::Undecidable => 1,
        Verdict::Met => 0,
    };
    verdicts.max_by_key(rank).unwrap_or(Verdict::Undecidable)
}

/// The IoUs of an item's standards, each once, in their order; one `None` for labels.
fn ious(item: &WorkItem, work: &Delivery) -> Result<Vec<Option<IouThreshold>>, InspectionError> {
    if matches!(work, Delivery::Labels(_) | Delivery::Spans(_)) {
        return Ok(vec![None]);
    }
    let mut ious = Vec::new();
    for standard in &item.standards {
        let iou = Some(iou_of(standard)?);
        if !ious.contains(&iou) {
            ious.push(iou);
        }
    }
    if ious.is_empty() {
        ious.push(Some(half()));
    }
    Ok(ious)
}

/// How many microseconds a keyframe may be off.
fn tolerance(item: &WorkItem) -> Result<i64, InspectionError> {
    let agreed = item.standards.iter().find_map(|standard| standard.tolerance);
    let Some(agreed) = agreed else { return Ok(TOLERANCE_MICROS) };
    let micros = agreed.mantissa().checked_mul(i128::from(annotation::MICROS));
    let micros = micros.and_then(|whole| i64::try_from(whole / agreed.denominator()).ok());
    micros.ok_or_else(|| unwritable("tolerance").into())
}

fn half() -> IouThreshold {
    IouThreshold::new(Fraction::new(HALF.0, HALF.1)).expect("one half is a threshold")
}

fn iou_of(standard: &QualityStandard) -> Result<IouThreshold, InspectionError> {
    let Some(iou) = standard.iou else { return Ok(half()) };
    IouThreshold::new(iou.to_fraction()).map_err(|_| unwritable("IoU").into())
}

fn decide_standard(
    standard: &QualityStandard,
    reports: &[QualityAt],
    conforming: Ratio,
    plan: &Plan,
) -> Result<StandardDecision, InspectionError> {
    let iou = iou_of(standard)?.fraction();
    let at = reports.iter().find(|row| row.iou.is_none_or(|own| own == iou));
    let metric = quality_metric(standard.metric);
    let measured = at.and_then(|at| {
        let quantities = at.report.quantities();
        quantities.into_iter().find(|(found, _)| *found == metric).map(|(_, quantity)| quantity)
    });
    let (ratio, value) = match measured {
        Some(Quantity::Ratio(ratio)) => (Some(ratio), ratio.value()),
        Some(Quantity::Exact(value)) => (None, Some(value)),
        _ => (None, None),
    };
    let bounded = ratio.filter(|ratio| ratio.total > 0).map(|ratio| match standard.metric {
        QualityMetric::BoxF1 => trials_of_f1(ratio, standard.threshold),
        _ => (ratio, standard.threshold),
    });
    let decision = bounded.map(|(ratio, required)| plan.bounded(ratio, required)).transpose()?;
    let decision = decision.flatten();
    let verdict = if conforming.total < plan.sample || value.is_none() {
        Verdict::Undecidable
    } else if let Some(decision) = &decision {
        decision.verdict
    } else if value.is_some_and(|value| value >= standard.threshold.share()) {
        Verdict::Met
    } else {
        Verdict::NotMet
    };
    Ok(StandardDecision {
        metric,
        iou: standard.iou,
        threshold: standard.threshold,
        ratio,
        value,
        decision,
        verdict,
    })
}

/// F1 counts each right box twice, so that it has no trials. With `R` right boxes it is `2R / S`,
/// and reaches `t` exactly when `R` of `S - R`, the boxes of both sides with each right pair once,
/// reach `t / (2 - t)`; that share has trials. Rounded up, so that it is never easier to reach.
fn trials_of_f1(f1: Ratio, threshold: Percent) -> (Ratio, Percent) {
    let right = f1.hits / 2;
    let share = threshold.share();
    let points = Fraction::new(100 * share.num(), 2 * share.den() - share.num());
    let required = Percent::new(points.to_decimal(6, units::RoundingMode::Ceiling));
    (Ratio::new(right, f1.total - right), required)
}

/// The results of a round: those of this item, and what stood there of others.
fn results(
    state: &State,
    delivery: &Id,
    item: &Id,
    report: &InspectionReport,
) -> Vec<StandardResult> {
    let before = state.facts.deliveries.get(delivery).and_then(|found| found.inspected.as_ref());
    let before = before.filter(|(round, ..)| *round == report.sample.round);
    let others = before.into_iter().flat_map(|(_, results, _)| results);
    let mut results: Vec<StandardResult> =
        others.filter(|row| row.item != *item).cloned().collect();
    results.extend(report.standards.iter().map(|standard| StandardResult {
        item: item.clone(),
        metric: standard.metric,
        ratio: standard.ratio,
        value: standard.value,
        verdict: standard.verdict,
    }));
    if let Some(decision) = &report.plan {
        results.push(StandardResult {
            item: item.clone(),
            metric: Metric::ConformingItems,
            ratio: Some(decision.observed),
            value: decision.observed.value(),
            verdict: decision.verdict,
        });
    }
    results
}
