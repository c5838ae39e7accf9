//! What is kept of datasets and jobs: rows of the register. Knows no rule.

use contract::event::Actor;
use contract::terms::Side;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use training::Part;
use units::{Id, Lang, Timestamp};

use crate::jobs::Ticket;
use crate::labelling::{KeptObject, PersonalData};
use crate::people::Row;

/// What a dataset is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DatasetPurpose {
    /// To learn from: both parties see it.
    Training,
    /// To judge by: whoever brought it sees it, and the evaluator on record.
    Test,
}

/// A dataset of an agreement.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DatasetRow {
    pub(crate) agreement: Id,
    pub(crate) side: Side,
    pub(crate) name: String,
    pub(crate) purpose: DatasetPurpose,
    pub(crate) licence: String,
    pub(crate) origin: String,
    pub(crate) consents: Vec<String>,
    pub(crate) personal_data: PersonalData,
    pub(crate) images: u64,
    pub(crate) bytes: u64,
    pub(crate) digest: String,
    pub(crate) classes: Vec<DatasetClassView>,
    /// Its images, as [`ImageList`].
    pub(crate) list: KeptObject,
    /// What was found when it was taken.
    pub(crate) report: KeptObject,
    pub(crate) at: Timestamp,
    pub(crate) by: String,
}

/// How many images a class has in each part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DatasetClassView {
    /// The class.
    pub class: String,
    /// Images to learn from.
    pub train: u64,
    /// Images by which settings are chosen.
    pub validation: u64,
    /// Images to judge by.
    pub test: u64,
}

/// The images of a dataset, by part and name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ImageList {
    pub(crate) images: Vec<KeptImage>,
}

/// An image of a dataset.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct KeptImage {
    /// `PART/CLASS/FILE`.
    pub(crate) name: String,
    pub(crate) part: Part,
    pub(crate) class: String,
    pub(crate) original: KeptObject,
    pub(crate) thumbnail: Option<KeptObject>,
}

/// How a head is to be trained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TrainOptions {
    /// The pretrained backbone.
    pub backbone: BackboneName,
    /// Passes over the images.
    #[schemars(range(min = 1, max = 1000))]
    pub epochs: u32,
    /// Width of a hidden layer; 0 for none.
    #[schemars(range(min = 0, max = 4096))]
    pub hidden: u32,
    /// Whether rare classes weigh more.
    pub balance: bool,
    /// What the order of images comes from.
    pub seed: u32,
}

/// The pretrained backbones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BackboneName {
    /// The smallest and fastest.
    EfficientnetLite0,
    /// Between the two.
    EfficientnetLite1,
    /// The largest.
    #[default]
    EfficientnetLite2,
}

impl Default for TrainOptions {
    fn default() -> Self {
        let backbone = BackboneName::default();
        Self { backbone, epochs: 40, hidden: 0, balance: false, seed: 1 }
    }
}

/// What a job does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum JobWork {
    /// Trains a model, which becomes the next round.
    Train {
        /// How.
        options: TrainOptions,
    },
    /// Opens the sealed test set on record and judges the model of a round.
    Evaluate {
        /// The round.
        round: u32,
    },
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Its files are being laid out.
    Preparing,
    /// It works.
    Running,
    /// Somebody halted it.
    Paused,
    /// It did what it should, and that is recorded.
    Done,
    /// It failed.
    Failed,
    /// Somebody ended it.
    Cancelled,
}

impl JobState {
    /// Whether something is still to come of it.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Preparing | Self::Running | Self::Paused)
    }
}

/// A job.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct JobRow {
    pub(crate) agreement: Id,
    pub(crate) side: Side,
    pub(crate) actor: Actor,
    pub(crate) by: String,
    pub(crate) lang: Lang,
    pub(crate) dataset: String,
    pub(crate) work: JobWork,
    pub(crate) state: JobState,
    pub(crate) ticket: Option<Ticket>,
    pub(crate) created: Timestamp,
    pub(crate) ended: Option<Timestamp>,
    /// Seconds for which it was halted.
    pub(crate) halted: u64,
    /// Seconds for which it worked, once it is over.
    pub(crate) seconds: u64,
    /// The round that it made or judged.
    pub(crate) round: Option<u32>,
    /// Why it failed: what it said last.
    pub(crate) problem: Option<String>,
    /// The files of the package that it made.
    pub(crate) package: Vec<PackageFile>,
    /// What it said at its end.
    pub(crate) outcome: Option<KeptObject>,
}

/// A file of a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PackageFile {
    pub(crate) name: String,
    pub(crate) object: KeptObject,
}

impl Row for DatasetRow {
    const KIND: &'static str = "dataset";
}

impl Row for JobRow {
    const KIND: &'static str = "job";
}
