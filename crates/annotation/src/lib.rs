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
mod delivery;
mod draw;
mod events;
mod exact;
mod finding;
pub mod json;
mod labels;
mod link;
mod loss;
mod lot_plan;
mod matching;
mod mean_ap;
mod node;
mod pixel;
mod quality;
mod record;
mod report;
mod spans;
mod statistics;
mod text;
mod track;
mod videos;
mod voc;

pub use acceptance::{
    AcceptanceError, Decision, DeclaredPlan, OperatingPoint, declared_decision, declared_plan,
    lot_decision, lower_bound, observed_share, operating_characteristic,
};
pub use agreement::{Agreement, AgreementError, Coefficient, Interval, Ratings, agreement};
pub use average_precision::{AveragePrecision, AveragePrecisionError, average_precision};
pub use coco::read_coco;
pub use dataset::{BoxRecord, Class, Dataset, Image, Role, placed};
pub use delivery::{Delivery, ReadError};
pub use draw::{DrawError, Seed, check_commitment, commitment, draw_sample};
pub use events::{
    Event, EventError, EventPair, EventReport, KeyframeReport, match_events, match_keyframes,
};
pub use finding::{Finding, Findings, Limits, Place, Problem, Severity};
pub use labels::{LabelSet, read_labels_csv, read_labels_jsonl};
pub use link::{Name, same_file};
pub use loss::{Effect, Loss, LossEntry, Losses};
pub use lot_plan::{
    InspectionLevel, InspectionSeverity, LotPlan, LotPlanError, LotResult, Switching, code_letter,
    lot_plan,
};
pub use matching::{Matching, Pair, Shape, match_shapes};
pub use mean_ap::{EventAveragePrecision, Scored, event_average_precision};
pub use node::{Json, Node};
pub use pixel::{
    CoordinateError, IouThreshold, IouThresholdError, MICROS, Overlap, Rect, divided, exact_micros,
    micros_text, parse_micros,
};
pub use quality::{QualityError, QualityOptions, QualityReport, quality};
pub use record::{
    EventRecord, Item, LabelRecord, More, SpanRecord, Text, Time, Track, Value, Video,
};
pub use report::{
    BoxItem, BoxOptions, BoxReport, ClassQuality, Counts, ImageCounts, ImageQuality, PairItem,
    Share, box_quality,
};
pub use spans::{
    SpanCounts, SpanFigures, SpanItem, SpanPair, SpanReport, TextCounts, span_quality,
};
pub use statistics::{AuthorCount, ClassCount, Density, Marks, PartCount, Sizes, Statistics};
pub use text::{Confusion, LabelQuality, LabelReport, Mean, WrongLabel, label_quality};
pub use track::{FrameNames, Frames, between, interpolate, state_ends, stem};
pub use units::{Wilson, wilson};
pub use videos::{
    MomentReport, TOLERANCE_MICROS, VideoCounts, VideoReport, video_average_precision,
    video_quality,
};
pub use voc::{entity, read_voc};
