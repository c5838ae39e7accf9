//! Quality of labelled data: reading deliveries, matching them with gold, and deciding by
//! sampling. Serves anno-3.5, anno-3.6 and anno-4.1.1.
//!
//! Knows nothing of contracts, money, HTTP or databases. Decisions at a threshold are integer
//! comparisons; floating point serves the display of statistics alone.

mod acceptance;
mod agreement;
mod assignment;
mod average_precision;
mod coco;
mod dataset;
mod draw;
mod events;
mod exact;
mod finding;
mod json;
mod labels;
mod link;
mod lot_plan;
mod matching;
mod pixel;
mod quality;
mod read;
mod report;
mod text;
mod voc;

pub use acceptance::{
    AcceptanceError, Decision, DeclaredPlan, OperatingPoint, declared_decision, declared_plan,
    lot_decision, lower_bound, observed_share, operating_characteristic,
};
pub use agreement::{Agreement, AgreementError, Coefficient, Interval, Ratings, agreement};
pub use average_precision::{AveragePrecision, AveragePrecisionError, average_precision};
pub use coco::read_coco;
pub use dataset::{BoxRecord, Class, Dataset, Image, Role};
pub use draw::{DrawError, Seed, check_commitment, commitment, draw_sample};
pub use events::{
    Event, EventError, EventPair, EventReport, KeyframeReport, match_events, match_keyframes,
};
pub use finding::{Finding, Limits, Place, Problem, Severity};
pub use labels::{LabelSet, read_labels_csv, read_labels_jsonl};
pub use link::Name;
pub use lot_plan::{
    InspectionLevel, InspectionSeverity, LotPlan, LotPlanError, LotResult, Switching, code_letter,
    lot_plan,
};
pub use matching::{Matching, Pair, Shape, match_shapes};
pub use pixel::{
    CoordinateError, IouThreshold, IouThresholdError, MICROS, Overlap, Rect, micros_text,
    parse_micros,
};
pub use quality::{QualityError, QualityOptions, QualityReport, quality};
pub use read::{Delivery, ReadError, read_delivery};
pub use report::{
    BoxItem, BoxOptions, BoxReport, ClassQuality, Counts, ImageCounts, ImageQuality, PairItem,
    Share, box_quality,
};
pub use text::{Confusion, LabelQuality, LabelReport, Mean, WrongLabel, label_quality};
pub use voc::read_voc;
