//! The quality of a delivery against gold in one call, whatever was labelled, and the measurements
//! that settlement reads. Serves anno-3.6 and anno-4.1.1.

use serde::Serialize;
use units::{EvidenceId, Id, Measurement, Metric, Quantity, Ratio, Window};

use crate::average_precision::{AveragePrecisionError, average_precision};
use crate::delivery::{Delivery, labelled_texts, labels};
use crate::events::EventError;
use crate::report::{BoxOptions, BoxReport, box_quality};
use crate::spans::{SpanReport, span_quality};
use crate::text::{LabelReport, Mean, label_quality};
use crate::videos::{VideoReport, video_average_precision, video_quality};

/// How a delivery is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QualityOptions {
    /// Thresholds and limits; the IoU is the temporal one for events.
    pub boxes: BoxOptions,
    /// Whether average precision is added for what has scores: COCO's for boxes, ActivityNet's for
    /// events.
    pub average_precision: bool,
    /// How far from gold's a keyframe may lie, in microseconds.
    pub tolerance_micros: i64,
}

/// The report on a delivery.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum QualityReport {
    /// Boxes in images.
    Boxes(Box<BoxReport>),
    /// One label an item.
    Labels(Box<LabelReport>),
    /// Events and keyframes of videos.
    Events(Box<VideoReport>),
    /// Marked passages of texts.
    Spans(Box<SpanReport>),
}

/// Why a delivery cannot be judged against gold.
#[derive(Debug, thiserror::Error)]
pub enum QualityError {
    /// One side has boxes and the other has labels, or events.
    #[error("the delivery and gold are not of the same kind")]
    DifferentKinds,
    /// Gold has no item.
    #[error("gold has nothing to judge by")]
    EmptyGold,
    /// Average precision was asked for and cannot be computed.
    #[error("average precision cannot be computed")]
    AveragePrecision(#[source] AveragePrecisionError),
    /// An event of the work has no score, and average precision was asked for.
    #[error("an event has no score")]
    NoScore,
    /// The times of an event are wrong.
    #[error("events cannot be matched")]
    Events(#[source] EventError),
}

/// Judges `work` against `gold`, whatever the format of each.
///
/// # Errors
/// When the two are of different kinds, gold is empty, an event has no valid times, or average
/// precision was asked for and there are no scores.
pub fn quality(
    work: &Delivery,
    gold: &Delivery,
    options: &QualityOptions,
) -> Result<QualityReport, QualityError> {
    match (work, gold) {
        (Delivery::Boxes(work), Delivery::Boxes(gold)) => {
            if gold.images.is_empty() {
                return Err(QualityError::EmptyGold);
            }
            let mut report = box_quality(work, gold, &options.boxes);
            if options.average_precision {
                let figures = average_precision(work, gold);
                report.average_precision = Some(figures.map_err(QualityError::AveragePrecision)?);
            }
            Ok(QualityReport::Boxes(Box::new(report)))
        }
        (Delivery::Labels(work), Delivery::Labels(gold)) => {
            if gold.labels.is_empty() {
                return Err(QualityError::EmptyGold);
            }
            let report = label_quality(work, gold, &options.boxes.limits);
            Ok(QualityReport::Labels(Box::new(report)))
        }
        (Delivery::Events(work), Delivery::Events(gold)) => {
            if gold.videos.is_empty() {
                return Err(QualityError::EmptyGold);
            }
            let report = video_quality(work, gold, options.boxes.iou, options.tolerance_micros);
            let mut report = report.map_err(QualityError::Events)?;
            if options.average_precision {
                let figures = video_average_precision(work, gold).ok_or(QualityError::NoScore)?;
                report.average_precision = Some(figures);
            }
            Ok(QualityReport::Events(Box::new(report)))
        }
        (Delivery::Spans(work), Delivery::Spans(gold)) => {
            let report = span_quality(work, gold, &options.boxes.limits);
            Ok(QualityReport::Spans(Box::new(report)))
        }
        // Work without passages missed all of gold's; gold without any says nothing of them.
        (Delivery::Labels(work), Delivery::Spans(gold)) => {
            let report = span_quality(&labelled_texts(work), gold, &options.boxes.limits);
            Ok(QualityReport::Spans(Box::new(report)))
        }
        (Delivery::Spans(work), Delivery::Labels(gold)) => {
            let work = Delivery::Labels(labels(work));
            quality(&work, &Delivery::Labels(gold.clone()), options)
        }
        _ => Err(QualityError::DifferentKinds),
    }
}

impl QualityReport {
    /// Share of judged items (images, texts or videos) without any error; what the acceptance
    /// rules take.
    #[must_use]
    pub fn conforming_items(&self) -> Ratio {
        match self {
            Self::Boxes(report) => Ratio::new(report.images.conforming, report.images.judged),
            Self::Labels(report) => report.accuracy.ratio(),
            Self::Events(report) => Ratio::new(report.videos.conforming, report.videos.judged),
            Self::Spans(report) => Ratio::new(report.texts.conforming, report.texts.judged),
        }
    }

    /// Share of judged objects that are right: of gold objects and extra ones together, or of
    /// texts.
    #[must_use]
    pub fn conforming_objects(&self) -> Ratio {
        match self {
            Self::Boxes(report) => report.accuracy.ratio(),
            Self::Labels(report) => report.accuracy.ratio(),
            Self::Events(report) => report.conforming_objects(),
            Self::Spans(report) => report.conforming_objects(),
        }
    }

    /// The measured values by metric, ready to become measurements.
    #[must_use]
    pub fn quantities(&self) -> Vec<(Metric, Quantity)> {
        let mut values = vec![(Metric::ConformingItems, Quantity::Ratio(self.conforming_items()))];
        match self {
            Self::Boxes(report) => {
                values.extend([
                    (Metric::BoxPrecision, Quantity::Ratio(report.precision.ratio())),
                    (Metric::BoxRecall, Quantity::Ratio(report.recall.ratio())),
                    (Metric::BoxF1, Quantity::Ratio(report.f1.ratio())),
                ]);
                values.extend(report.mean_iou.map(|mean| (Metric::MeanIou, Quantity::Exact(mean))));
            }
            Self::Labels(report) => values.extend(of_labels(report)),
            Self::Spans(report) => values.extend(report.labels.iter().flat_map(of_labels)),
            Self::Events(report) => values.extend(report.quantities()),
        }
        values
    }

    /// The report as measurements of one subject (a work item) over a window.
    #[must_use]
    pub fn measurements(
        &self,
        subject: Option<&Id>,
        window: Window,
        evidence: &[EvidenceId],
    ) -> Vec<Measurement> {
        let measured = |(metric, quantity)| Measurement {
            metric,
            subject: subject.cloned(),
            window,
            quantity,
            evidence: evidence.to_vec(),
        };
        self.quantities().into_iter().map(measured).collect()
    }
}

/// The measured values of labels.
fn of_labels(report: &LabelReport) -> Vec<(Metric, Quantity)> {
    let means = [
        (Metric::Precision, &report.macro_precision),
        (Metric::Recall, &report.macro_recall),
        (Metric::F1, &report.macro_f1),
    ];
    let accuracy = (Metric::Accuracy, Quantity::Ratio(report.accuracy.ratio()));
    let exact = |(metric, mean): (Metric, &Option<Mean>)| {
        Some((metric, Quantity::Exact(mean.as_ref()?.value)))
    };
    [accuracy].into_iter().chain(means.into_iter().filter_map(exact)).collect()
}
