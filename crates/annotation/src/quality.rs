//! The quality of a delivery against gold in one call, whatever was labelled, and the measurements
//! that settlement reads. Serves anno-3.6 and anno-4.1.1.

use serde::Serialize;
use units::{EvidenceId, Id, Measurement, Metric, Quantity, Ratio, Window};

use crate::average_precision::{AveragePrecisionError, average_precision};
use crate::read::Delivery;
use crate::report::{BoxOptions, BoxReport, box_quality};
use crate::text::{LabelReport, label_quality};

/// How a delivery is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QualityOptions {
    /// For boxes: thresholds and limits.
    pub boxes: BoxOptions,
    /// Whether COCO average precision is added for boxes with scores.
    pub average_precision: bool,
}

/// The report on a delivery.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum QualityReport {
    /// Boxes in images.
    Boxes(Box<BoxReport>),
    /// One label an item.
    Labels(Box<LabelReport>),
}

/// Why a delivery cannot be judged against gold.
#[derive(Debug, thiserror::Error)]
pub enum QualityError {
    /// One side has boxes and the other has labels.
    #[error("the delivery and gold are not of the same kind")]
    DifferentKinds,
    /// Gold has no item.
    #[error("gold has nothing to judge by")]
    EmptyGold,
    /// Average precision was asked for and cannot be computed.
    #[error("average precision cannot be computed")]
    AveragePrecision(#[source] AveragePrecisionError),
}

/// Judges `work` against `gold`. A COCO delivery may be judged against Pascal VOC gold and the
/// other way round.
///
/// # Errors
/// When the two are of different kinds, gold is empty, or average precision was asked for and the
/// boxes have no scores.
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
        (Delivery::Boxes(_), Delivery::Labels(_)) | (Delivery::Labels(_), Delivery::Boxes(_)) => {
            Err(QualityError::DifferentKinds)
        }
    }
}

impl QualityReport {
    /// Share of judged items (images or texts) without any error; what the acceptance rules take.
    #[must_use]
    pub fn conforming_items(&self) -> Ratio {
        match self {
            Self::Boxes(report) => Ratio::new(report.images.conforming, report.images.judged),
            Self::Labels(report) => report.accuracy.ratio(),
        }
    }

    /// Share of judged objects that are right: of gold objects and extra boxes together, or of
    /// texts.
    #[must_use]
    pub fn conforming_objects(&self) -> Ratio {
        match self {
            Self::Boxes(report) => report.accuracy.ratio(),
            Self::Labels(report) => report.accuracy.ratio(),
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
            Self::Labels(report) => {
                values.push((Metric::Accuracy, Quantity::Ratio(report.accuracy.ratio())));
                let exact = |mean: &crate::text::Mean| Quantity::Exact(mean.value);
                let means = [
                    (Metric::Precision, &report.macro_precision),
                    (Metric::Recall, &report.macro_recall),
                    (Metric::F1, &report.macro_f1),
                ];
                let means =
                    means.into_iter().filter_map(|(metric, mean)| Some((metric, mean.as_ref()?)));
                values.extend(means.map(|(metric, mean)| (metric, exact(mean))));
            }
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
