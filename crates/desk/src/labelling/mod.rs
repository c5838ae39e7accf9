//! Labelling work at an agreement: projects, items, labels, their states and the people's figures.
//! Serves anno-3.2, anno-3.3, anno-3.5 and anno-4.1. The rules stand in `labelling`; this module
//! keeps what they decide. A change of an item and its project's counts stand in one write; a row
//! that somebody else changed meanwhile is read again and decided again, a bounded number of times.
//!
//! ```text
//! next ──> Turn ──save──> Labels + Save ──submit──> Item ──review──> accepted
//! ```
//!
//! A person sees the items that they took. Gold and replicas look like any other item: each is a
//! turn with labels of its own.

mod acceptance;
mod delivery;
mod error;
mod figures;
mod findings;
mod gold;
mod guidelines;
mod items;
mod mistakes;
mod place;
mod projects;
mod raw_data;
mod rows;
mod saves;
mod seen;
mod taking;
mod view;
mod work;

pub use acceptance::{
    Deliver, DeliveredFile, DeliveredView, Done, DrawnView, InspectionView, ResultView,
    ReworkFilter, ReworkView, ReworkWanted, SampleView, StandardResultView,
};
pub use delivery::{ExportReport, WorkExport};
pub use error::LabellingError;
pub use figures::{
    CountsView, PayrollLine, PayrollView, ProgressView, ProjectQualityView, QualityDay,
    QualityView, ShareView, WorkView, WorkerView,
};
pub use findings::{Finding, FindingKind, Findings, FoundItem, Why};
pub use gold::{ConsensusView, GoldChange, GoldView};
pub use guidelines::{GuidelineView, NewQuestion, QuestionView, TouchedItems, TouchedView};
pub use items::{Added, Duplicate, ItemObjects, NewItem};
pub use mistakes::{
    Against, CoefficientView, ConflictView, MistakeView, MistakesView, ReplicasView, TakenFor,
};
pub use projects::{NewProject, ProjectChange, ProjectView};
pub use raw_data::{
    Declared, PersonalData, RawDataFile, RawDataView, RawIntakeView, RawManifestView,
};
pub(crate) use rows::KeptObject;
pub use rows::{
    AgreedStandard, FoundIdentifier, MOST_IDENTIFIERS, MOST_ITEMS, Modality, Prints,
    ProjectSettings,
};
pub use saves::{RefusedView, SaveAnswer, SaveView};
pub use seen::AtItem;
pub use taking::{ImportRefusal, ImportedLabels, Taken};
pub use view::{ItemRow, ItemView, KeyBoxView, LabelView};
pub use work::{IssueMistake, IssuePlace, IssueView, NewIssue, Wanted};

/// How often a change is decided again when somebody else came first.
const TRIES: usize = 12;

/// Does something again while somebody else came first.
macro_rules! again {
    ($once:expr) => {{
        let mut tries = 0;
        loop {
            tries += 1;
            match $once.await {
                Err(error) if error.is_stale() && tries < crate::labelling::TRIES => {
                    tokio::task::yield_now().await;
                }
                answer => break answer,
            }
        }
    }};
}
use again;
