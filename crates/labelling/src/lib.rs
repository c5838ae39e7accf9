//! Labelling work: the guideline, labels and how two people's operations merge, the states of an
//! item, who is given what, hidden gold, consensus, and the figures of people. Serves anno-3.2,
//! anno-3.3 and anno-4.1.
//!
//! Pure: reads no clock, draws no random number, makes no id, opens no file. Instants, seeds and
//! ids are arguments. No decision rests on floating point.

mod assignment;
mod change;
mod consensus;
mod forecast;
mod gold;
mod guideline;
mod label;
mod merge;
mod outliers;
mod quality;
mod read;
mod state;
mod work;

pub use assignment::{Asker, Candidate, Hold, Stage, choose, hold_until};
pub use change::{Change, Touch, changes, touched};
pub use consensus::{Consensus, ConsensusError, ConsensusRule, Replica, Voted, consensus};
pub use forecast::{Forecast, Pace, forecast};
pub use gold::{choose_gold, is_gold_due};
pub use guideline::{
    AttributeKind, AttributeRule, Both, ClassRule, Example, Guideline, GuidelineError,
    GuidelineProblem, MOST_GUIDELINE_BYTES, Occlusion, Page, Value,
};
pub use label::{Attribute, Extent, KeyBox, Kind, Label, Shape, Source, decimal};
pub use merge::{Document, Gone, MOST_LABELS, Merged, merge};
pub use outliers::{Beyond, FENCED, Fences, HandPace, PACED, PACED_ITEMS, far, middle_pace};
pub use quality::{ClassTally, Judged, Mistake, MistakeKind, Tally, judge};
pub use read::{BodyError, Operation, Refused, RefusedCode, Save, check, read_label, read_save};
pub use state::{Action, Part, State, allowed, next_state};
pub use work::{Line, Stint, lines};
