//! Terms of a data annotation agreement.

use alloc::string::String;
use alloc::vec::Vec;

use units::{Date, Decimal, Duration, Id, Percent};

use super::Price;
use crate::form::{alternative, choice, record};

record! {
    /// What is labelled, how well, by when and for how much. Clauses: anno-3.1, anno-3.6.
    pub struct AnnotationTerms {
        /// What is labelled.
        pub items: Vec<WorkItem>,
        /// The guideline annex. Clause: anno-3.3.
        pub guideline: Guideline,
        /// When raw data is handed over. Clause: anno-3.4.
        pub data_schedule: Vec<DataBatch>,
        /// How a delivery is accepted. Clauses: anno-3.6, anno-4.1.1.
        pub acceptance: Acceptance,
        /// The day by which all is delivered. Clause: anno-3.6.
        pub completion: Date,
        /// Formats of the delivery. Clause: anno-3.5.
        pub delivery_formats: Vec<DeliveryFormat>,
    }

    /// A line of work of one modality. Clauses: anno-3.1, anno-3.2, anno-3.6.
    pub struct WorkItem {
        /// Its name within the agreement.
        pub id: Id,
        /// What is labelled and how.
        pub modality: Modality,
        /// How many units are ordered.
        pub quantity: u64,
        /// What one unit is.
        pub unit: WorkUnit,
        /// Classes, sentiments or event types.
        pub labels: Vec<String>,
        /// Price of accepted units.
        pub price: Price,
        /// The standards that a delivery must reach. Clause: anno-3.6.
        pub standards: Vec<QualityStandard>,
    }

    /// A standard of quality. Clause: anno-3.6.
    pub struct QualityStandard {
        /// What is measured.
        pub metric: QualityMetric,
        /// The IoU (boxes) or temporal IoU (events) from which a match counts.
        pub iou: Option<Decimal>,
        /// How many seconds a keyframe may lie from the right one; half a second where none is
        /// stated.
        /// Terms that were signed before there was a tolerance keep their bytes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub tolerance: Option<Decimal>,
        /// The share that must be reached.
        pub threshold: Percent,
    }

    /// The guideline annex. Clause: anno-3.3.
    pub struct Guideline {
        /// The annex's name in `documents`.
        pub annex: Id,
        /// By when the customer hands it over, counted from the signing.
        pub due: Duration,
    }

    /// A batch of raw data. Clause: anno-3.4.
    pub struct DataBatch {
        /// Its name within the agreement.
        pub id: Id,
        /// Which work item it is for.
        pub item: Id,
        /// How many units.
        pub quantity: u64,
        /// By which day.
        pub due: Date,
    }

    /// How a delivery is accepted. Clauses: anno-3.6, anno-4.1.1.
    pub struct Acceptance {
        /// The decision rule.
        pub rule: AcceptanceRule,
        /// What one inspected unit is.
        pub unit: InspectionUnit,
        /// How long the customer has to inspect.
        pub period: Duration,
        /// Whether a delivery that is not decided on in time counts as accepted.
        pub deemed: bool,
        /// How often a failed delivery may be reworked.
        pub max_rework: u32,
        /// How long the vendor has for each rework.
        pub rework_within: Duration,
    }

    /// The observed share on a sample of fixed size decides.
    pub struct ObservedShare {
        /// Sample size; the whole delivery where it is smaller.
        pub sample: u64,
    }

    /// The one-sided Clopper-Pearson lower bound on a sample of fixed size decides.
    pub struct LowerBound {
        /// Sample size; the whole delivery where it is smaller.
        pub sample: u64,
        /// Confidence, usually 95 %.
        pub confidence: Percent,
    }

    /// A single sampling plan by GB/T 2828.1 (ISO 2859-1), with switching.
    pub struct LotPlan {
        /// Inspection level.
        pub level: InspectionLevel,
        /// Acceptance quality limit in percent nonconforming, one of the standard's series.
        pub aql: Decimal,
    }

    /// A plan by GB/T 2828.4 (ISO 2859-4) for a declared quality.
    pub struct DeclaredQuality {
        /// Declared quality level in percent nonconforming.
        pub dql: Decimal,
        /// Limiting quality ratio level, 1 to 3.
        pub level: u8,
    }
}

alternative! {
    /// The signed rule by which a sample decides on a delivery.
    pub enum AcceptanceRule {
        /// The observed share.
        Observed(ObservedShare) = "observed",
        /// The lower confidence bound.
        LowerBound(LowerBound) = "lower_bound",
        /// GB/T 2828.1.
        LotPlan(LotPlan) = "gbt_2828_1",
        /// GB/T 2828.4.
        Declared(DeclaredQuality) = "gbt_2828_4",
    }
}

choice! {
    /// What is labelled and how.
    pub enum Modality {
        /// Bounding boxes with classes on images. Clause: anno-3.1.1.
        ImageBoxes = "image_boxes",
        /// Sentiment of texts. Clause: anno-3.1.2.
        TextSentiment = "text_sentiment",
        /// Keyframes of videos. Clause: anno-3.1.3.
        VideoKeyframes = "video_keyframes",
        /// Events in videos. Clause: anno-3.1.3.
        VideoEvents = "video_events",
    }

    /// What one unit of work is.
    pub enum WorkUnit {
        /// One image.
        Image = "image",
        /// One box.
        Box = "box",
        /// One text.
        Text = "text",
        /// One minute of video.
        VideoMinute = "video_minute",
        /// One hour of video.
        VideoHour = "video_hour",
        /// One keyframe.
        Keyframe = "keyframe",
        /// One event.
        Event = "event",
    }

    /// What one inspected unit is.
    pub enum InspectionUnit {
        /// An item with any error does not conform.
        Item = "item",
        /// Each object counts on its own.
        Object = "object",
    }

    /// What quality is measured by.
    pub enum QualityMetric {
        /// F1 of matched boxes.
        BoxF1 = "box_f1",
        /// Precision of matched boxes.
        BoxPrecision = "box_precision",
        /// Recall of matched boxes.
        BoxRecall = "box_recall",
        /// Mean IoU of matched boxes.
        MeanIou = "mean_iou",
        /// Share of right labels.
        Accuracy = "accuracy",
        /// F1 over events at the agreed temporal IoU.
        TemporalF1 = "temporal_f1",
        /// Share of keyframes hit.
        KeyframeRecall = "keyframe_recall",
        /// Share of conforming items in the sample.
        ConformingItems = "conforming_items",
    }

    /// Inspection level of GB/T 2828.1.
    pub enum InspectionLevel {
        /// Special level 1.
        S1 = "S-1",
        /// Special level 2.
        S2 = "S-2",
        /// Special level 3.
        S3 = "S-3",
        /// Special level 4.
        S4 = "S-4",
        /// General level I.
        I = "I",
        /// General level II, the usual one.
        II = "II",
        /// General level III.
        III = "III",
    }

    /// Format of a delivery. Clause: anno-3.5.
    pub enum DeliveryFormat {
        /// COCO JSON.
        Coco = "coco",
        /// Pascal VOC XML.
        Voc = "voc",
        /// YOLO text.
        Yolo = "yolo",
        /// CVAT XML.
        Cvat = "cvat",
        /// Label Studio JSON.
        LabelStudio = "label_studio",
        /// ActivityNet JSON.
        ActivityNet = "activitynet",
        /// Comma-separated values.
        Csv = "csv",
        /// JSON lines.
        Jsonl = "jsonl",
    }
}
