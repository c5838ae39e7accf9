//! Standards: a threshold that a measure must reach, decided without rounding.

use core::cmp::Ordering;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fraction::Fraction;

/// What is measured. The codes are the field's standard terms; `docs/glossary.md` pairs each with
/// its Chinese term.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Items accepted by the customer (count; subject = work item id).
    ItemsAccepted,
    /// Items delivered (count; subject = work item id).
    ItemsDelivered,
    /// Share of boxes in the delivery that match a gold box at the agreed IoU and label.
    BoxPrecision,
    /// Share of gold boxes that the delivery matches at the agreed IoU and label.
    BoxRecall,
    /// Harmonic mean of box precision and recall.
    BoxF1,
    /// Mean IoU over matched pairs.
    MeanIou,
    /// Share of texts (or images, or events) whose label equals gold.
    Accuracy,
    /// Precision, averaged as the standard says.
    Precision,
    /// Recall, averaged as the standard says.
    Recall,
    /// F1, averaged as the standard says.
    F1,
    /// Share of events matched at the agreed temporal IoU.
    TemporalF1,
    /// Share of keyframes hit within the agreed tolerance.
    KeyframeRecall,
    /// Share of conforming items in an inspected sample.
    ConformingItems,
    /// GPU allocation intervals.
    GpuAllocations,
    /// Storage occupancy samples.
    StorageSamples,
    /// Intervals of service state.
    ServiceStates,
    /// Stretches that both parties agreed to leave out of availability.
    Exclusions,
    /// Images answered (count; subject = request class).
    ImagesAnswered,
    /// Share of requests answered within the agreed time.
    ResponsesInTime,
    /// Seconds of training that were used.
    TrainingSeconds,
    /// Bytes of data that were used.
    DataBytes,
    /// Model complexity in trainable parameters.
    ModelParameters,
    /// A milestone that was reached (subject = milestone id).
    MilestoneReached,
    /// Revenue that a party reported (subject = revenue share id).
    RevenueReported,
    /// Hours of paid support or consulting.
    SupportHours,
    /// Hours of outage of a faulty device from report to repair.
    RepairHours,
    /// Floating-point operations a second that a probe achieved.
    Flops,
    /// Input/output operations a second that a probe achieved.
    Iops,
    /// Storage latency in microseconds at the agreed percentile.
    LatencyMicros,
    /// Network bandwidth in bits a second.
    BandwidthBits,
    /// Share of up time in the agreed window.
    Availability,
}

/// The direction of a standard.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// `measure >= threshold`.
    AtLeast,
    /// `measure > threshold`.
    MoreThan,
    /// `measure <= threshold`.
    AtMost,
    /// `measure < threshold`.
    LessThan,
}

/// A measure, a direction and a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Standard {
    /// What is measured.
    pub metric: Metric,
    /// Which side of the threshold conforms.
    pub comparison: Comparison,
    /// The threshold as an exact fraction; 90 % is 9/10.
    pub threshold: Fraction,
}

/// The outcome of holding a measure against a standard.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The standard is reached.
    Met,
    /// The standard is not reached.
    NotMet,
    /// The evidence cannot decide: nothing measured, or the sample is too small for the rule.
    Undecidable,
}

impl Standard {
    /// `metric >= threshold`.
    #[must_use]
    pub const fn at_least(metric: Metric, threshold: Fraction) -> Self {
        Self { metric, comparison: Comparison::AtLeast, threshold }
    }

    /// Holds a value against the standard; no value is undecidable.
    #[must_use]
    pub fn verdict(&self, value: Option<Fraction>) -> Verdict {
        let Some(value) = value else { return Verdict::Undecidable };
        let order = value.cmp(&self.threshold);
        let met = match self.comparison {
            Comparison::AtLeast => order != Ordering::Less,
            Comparison::MoreThan => order == Ordering::Greater,
            Comparison::AtMost => order != Ordering::Greater,
            Comparison::LessThan => order == Ordering::Less,
        };
        if met { Verdict::Met } else { Verdict::NotMet }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_boundary_belongs_to_at_least_and_at_most_alone() {
        let half = Fraction::new(1, 2);
        for (comparison, want) in [
            (Comparison::AtLeast, Verdict::Met),
            (Comparison::AtMost, Verdict::Met),
            (Comparison::MoreThan, Verdict::NotMet),
            (Comparison::LessThan, Verdict::NotMet),
        ] {
            let standard = Standard { metric: Metric::MeanIou, comparison, threshold: half };
            assert_eq!(standard.verdict(Some(half)), want, "{comparison:?}");
        }
        assert_eq!(Standard::at_least(Metric::Accuracy, half).verdict(None), Verdict::Undecidable);
    }
}
