//! Rules of annotation terms: what fits a modality, what adds up, which plans exist.
//! Clauses: anno-3.1, anno-3.4, anno-3.6.

use alloc::format;

use core::fmt::Display;

use units::Decimal;

use super::{Report, money};
use crate::terms::{
    Acceptance, AcceptanceRule, Agreement, AnnotationTerms, DeliveryFormat, DocumentRank, Modality,
    QualityMetric, QualityStandard, WorkItem, WorkUnit,
};

/// Acceptance quality limits of GB/T 2828.1 in percent nonconforming, times one thousand.
const AQL_SERIES: [i128; 16] =
    [10, 15, 25, 40, 65, 100, 150, 250, 400, 650, 1_000, 1_500, 2_500, 4_000, 6_500, 10_000];

/// Seconds that a keyframe may be off at most: beyond a minute it is another one.
const LONGEST_TOLERANCE: i64 = 60;

pub(super) fn check(terms: &AnnotationTerms, agreement: &Agreement, report: &mut Report<'_>) {
    report.not_empty("service.items", "no_work_item", &terms.items);
    report.unique("service.items", terms.items.iter().map(|item| &item.id));
    for (index, item) in terms.items.iter().enumerate() {
        work_item(&format!("service.items[{index}]"), item, report);
        formats(index, item, &terms.delivery_formats, report);
    }
    let formats = terms.delivery_formats.iter().map(|format| format.code());
    report.once("service.delivery_formats", "", "value_repeats", formats);
    report.positive("service.guideline.due", terms.guideline.due);
    let annexes = agreement.documents.iter().filter(|found| found.rank == DocumentRank::Annex);
    let annexes = annexes.map(|document| &document.id);
    let annex = &terms.guideline.annex;
    report.known("service.guideline.annex", annex, annexes, "guideline_is_no_annex");
    data_schedule(terms, agreement, report);
    acceptance(&terms.acceptance, report);
    report.within_term("service.completion", terms.completion, agreement);
}

fn work_item(path: &str, item: &WorkItem, report: &mut Report<'_>) {
    report.at_least_one(&format!("{path}.quantity"), item.quantity, u64::from(u32::MAX));
    report.not_empty(&format!("{path}.labels"), "no_label", &item.labels);
    let labels = item.labels.iter().map(|label| label.as_str());
    report.once(&format!("{path}.labels"), "", "value_repeats", labels);
    if !unit_fits(item.modality, item.unit) {
        let values: [&dyn Display; 2] = [&item.unit.code(), &item.modality.code()];
        report.error(&format!("{path}.unit"), "unit_does_not_fit_modality", &values);
    }
    money::price(&format!("{path}.price"), &item.price, report);
    report.not_empty(&format!("{path}.standards"), "no_standard", &item.standards);
    let metrics = item.standards.iter().map(|standard| standard.metric.code());
    report.once(&format!("{path}.standards"), ".metric", "value_repeats", metrics);
    for (index, found) in item.standards.iter().enumerate() {
        standard(&format!("{path}.standards[{index}]"), found, item.modality, report);
    }
    let mut tolerances = item.standards.iter().filter_map(|standard| standard.tolerance);
    if let Some(first) = tolerances.next()
        && let Some(other) = tolerances.find(|other| *other != first)
    {
        report.error(&format!("{path}.standards"), "tolerances_differ", &[&first, &other]);
    }
}

const fn unit_fits(modality: Modality, unit: WorkUnit) -> bool {
    match modality {
        Modality::ImageBoxes => matches!(unit, WorkUnit::Image | WorkUnit::Box),
        Modality::TextSentiment => matches!(unit, WorkUnit::Text),
        Modality::VideoKeyframes => {
            matches!(unit, WorkUnit::Keyframe | WorkUnit::VideoMinute | WorkUnit::VideoHour)
        }
        Modality::VideoEvents => {
            matches!(unit, WorkUnit::Event | WorkUnit::VideoMinute | WorkUnit::VideoHour)
        }
    }
}

/// Clause: anno-3.6.
fn standard(path: &str, standard: &QualityStandard, modality: Modality, report: &mut Report<'_>) {
    use QualityMetric as Metric;
    report.above_zero(&format!("{path}.threshold"), standard.threshold);
    let metric = standard.metric;
    let fits = match metric {
        Metric::BoxF1 | Metric::BoxPrecision | Metric::BoxRecall | Metric::MeanIou => {
            modality == Modality::ImageBoxes
        }
        Metric::Accuracy => modality == Modality::TextSentiment,
        Metric::TemporalF1 => modality == Modality::VideoEvents,
        Metric::KeyframeRecall => modality == Modality::VideoKeyframes,
        Metric::ConformingItems => true,
    };
    if !fits {
        let values: [&dyn Display; 2] = [&metric.code(), &modality.code()];
        report.error(&format!("{path}.metric"), "metric_does_not_fit_modality", &values);
        return;
    }
    // Conforming items of boxes and events are matched as well, so they too need an IoU.
    let matched = matches!(modality, Modality::ImageBoxes | Modality::VideoEvents);
    match standard.iou {
        None if matched => report.error(path, "iou_is_missing", &[&metric.code()]),
        Some(iou) if !matched => {
            let values: [&dyn Display; 2] = [&iou, &metric.code()];
            report.error(&format!("{path}.iou"), "iou_has_no_use", &values);
        }
        Some(iou) if iou <= Decimal::ZERO || iou > Decimal::ONE => {
            report.range(&format!("{path}.iou"), iou, "0", "1");
        }
        _ => {}
    }
    tolerance(path, standard, modality, report);
}

/// How near a keyframe must be. Clauses: anno-3.1.3, anno-3.6.
fn tolerance(path: &str, standard: &QualityStandard, modality: Modality, report: &mut Report<'_>) {
    let Some(tolerance) = standard.tolerance else { return };
    let path = format!("{path}.tolerance");
    if modality != Modality::VideoKeyframes {
        let values: [&dyn Display; 2] = [&tolerance, &standard.metric.code()];
        report.error(&path, "tolerance_has_no_use", &values);
    } else if tolerance < Decimal::ZERO || tolerance > Decimal::from(LONGEST_TOLERANCE) {
        report.range(&path, tolerance, "0", "60");
    }
}

/// Whether some agreed format can hold the work. Clause: anno-3.5.
fn formats(index: usize, item: &WorkItem, agreed: &[DeliveryFormat], report: &mut Report<'_>) {
    use DeliveryFormat as Format;
    let holds = |format: &Format| match format {
        Format::LabelStudio | Format::Jsonl | Format::Csv => true,
        Format::Coco | Format::Voc | Format::Yolo => item.modality == Modality::ImageBoxes,
        Format::Cvat => {
            matches!(item.modality, Modality::ImageBoxes | Modality::VideoKeyframes)
        }
        Format::ActivityNet => item.modality == Modality::VideoEvents,
    };
    if !agreed.iter().any(holds) {
        let path = format!("service.items[{index}].modality");
        report.error(&path, "no_format_for_modality", &[&item.modality.code()]);
    }
}

/// Clause: anno-3.4.
fn data_schedule(terms: &AnnotationTerms, agreement: &Agreement, report: &mut Report<'_>) {
    let path = "service.data_schedule";
    report.unique(path, terms.data_schedule.iter().map(|batch| &batch.id));
    for (index, batch) in terms.data_schedule.iter().enumerate() {
        let path = format!("{path}[{index}]");
        let items = terms.items.iter().map(|item| &item.id);
        report.known(&format!("{path}.item"), &batch.item, items, "batch_of_unknown_item");
        report.at_least_one(&format!("{path}.quantity"), batch.quantity, u64::from(u32::MAX));
        report.within_term(&format!("{path}.due"), batch.due, agreement);
        if batch.due > terms.completion {
            let values: [&dyn Display; 2] = [&batch.due, &terms.completion];
            report.error(&format!("{path}.due"), "data_after_completion", &values);
        }
    }
    for (index, item) in terms.items.iter().enumerate() {
        let batches = || terms.data_schedule.iter().filter(|batch| batch.item == item.id);
        let scheduled = batches().fold(0_u64, |sum, batch| sum.saturating_add(batch.quantity));
        if batches().next().is_some() && scheduled != item.quantity {
            let path = format!("service.items[{index}].quantity");
            let values: [&dyn Display; 2] = [&item.quantity, &scheduled];
            report.error(&path, "batches_differ_from_quantity", &values);
        }
    }
}

/// Clauses: anno-3.6, anno-4.1.1.
fn acceptance(terms: &Acceptance, report: &mut Report<'_>) {
    let path = "service.acceptance";
    report.positive(&format!("{path}.period"), terms.period);
    if terms.max_rework > 0 {
        report.positive(&format!("{path}.rework_within"), terms.rework_within);
    }
    if terms.max_rework > 100 {
        report.range(&format!("{path}.max_rework"), terms.max_rework, 0, 100);
    }
    let path = format!("{path}.rule");
    let most = u64::from(u32::MAX);
    match &terms.rule {
        AcceptanceRule::Observed(rule) => {
            report.at_least_one(&format!("{path}.sample"), rule.sample, most);
        }
        AcceptanceRule::LowerBound(rule) => {
            report.at_least_one(&format!("{path}.sample"), rule.sample, most);
            let points = rule.confidence.points();
            if points < Decimal::from(50) || points >= Decimal::from(100) {
                report.range(&format!("{path}.confidence"), rule.confidence, "50%", "99.99%");
            }
        }
        AcceptanceRule::LotPlan(plan) => series(&format!("{path}.aql"), plan.aql, report),
        AcceptanceRule::Declared(plan) => {
            series(&format!("{path}.dql"), plan.dql, report);
            if !(1..=3).contains(&plan.level) {
                report.range(&format!("{path}.level"), plan.level, 1, 3);
            }
        }
    }
}

fn series(path: &str, limit: Decimal, report: &mut Report<'_>) {
    let known = |value: &i128| Decimal::new(*value, 3) == limit;
    if !AQL_SERIES.iter().any(known) {
        report.error(path, "limit_not_in_series", &[&limit]);
    }
}
