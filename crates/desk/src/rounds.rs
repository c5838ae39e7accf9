//! Rounds of a training under its agreement: the test set is sealed before the first, each run is
//! recorded with what it took, the test set is opened on record before a model is judged on it, and
//! the model is judged by the signed standards. Clauses: train-2.2.3, train-4.2, train-4.3.
//!
//! Knows images by their hashes and a judgement by its counts; looks at no image and runs no model:
//! that is done by jobs, processes of their own.

mod datasets;
mod error;
mod form;
mod jobs;
mod progress;
mod rows;
mod view;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use contract::event::{Actor, Fact, ModelResult, Recorded};
use contract::state::State;
use contract::terms::{Agreement, Average, ModelMetric, ModelStandard, Service, TrainingTerms};
use contract::{Action, Command, Refusal};
use journal::{Hash, canonical};
use serde::{Deserialize, Serialize};
use units::{Fraction, Id, Ratio};

use crate::book::{Book, DeskError};
use crate::desk::{Desk, unwritable};

pub use datasets::{
    DatasetDetail, DatasetImageView, DatasetImagesView, DatasetProblem, DatasetReport, DatasetView,
    ImageFilter, NewDataset, NewImage,
};
pub use error::TrainingError;
pub use jobs::{Control, NewJob, Trainer};
pub use progress::{EpochLine, ProgressLine, TrainingStage};
pub use rows::{BackboneName, DatasetClassView, DatasetPurpose, JobState, JobWork, TrainOptions};
pub use view::{JobView, OpeningView, PackageFileView, RoundDocument, RoundView, RoundsView};

/// The form of a sealed test set.
const FORMAT: &str = "tallystick.test-set/1";
/// Bytes of a sealed list at most.
const LARGEST: usize = 256 << 20;

/// An image of a test set: never its content.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestImage {
    /// SHA-256 of its bytes in hexadecimal digits.
    pub sha256: String,
    /// The class that it has.
    pub class: String,
}

/// A test set as it is sealed: names do not count, images and their classes do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestSet {
    /// `tallystick.test-set/1`.
    format: String,
    /// In order.
    images: Vec<TestImage>,
}

/// What a run took. Clause: train-5.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Trainable parameters.
    pub parameters: u64,
    /// Bytes of the images that were learned from.
    pub data_bytes: u64,
    /// Seconds that it took.
    pub training_seconds: u64,
}

/// How images of one class were judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ClassCount {
    /// Images that have it.
    pub support: u64,
    /// Images that were given it.
    pub predicted: u64,
    /// Images that have it and were given it.
    pub hits: u64,
}

/// A standard against a judgement. Clause: train-4.2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// The signed standard.
    pub standard: ModelStandard,
    /// The exact value, absent where no image can show it; of very many classes rounded down to
    /// eighteen places.
    pub value: Option<Fraction>,
    /// Images that it was measured on.
    pub items: u64,
    /// Whether the value reaches the threshold.
    pub met: bool,
}

impl TestSet {
    /// The set of these images, whatever their order.
    #[must_use]
    pub fn new(mut images: Vec<TestImage>) -> Self {
        images.sort();
        Self { format: FORMAT.to_owned(), images }
    }

    /// How many images.
    #[must_use]
    pub const fn items(&self) -> u64 {
        self.images.len() as u64
    }

    /// The hashes of its images.
    #[must_use]
    pub fn hashes(&self) -> BTreeSet<&str> {
        self.images.iter().map(|image| image.sha256.as_str()).collect()
    }

    fn bytes(&self) -> Result<Vec<u8>, DeskError> {
        canonical::to_vec(self).map_err(|_| unwritable("test set"))
    }

    /// SHA-256 of the sealed form, in hexadecimal.
    ///
    /// # Errors
    /// When it has no canonical form.
    pub fn hash(&self) -> Result<String, DeskError> {
        Ok(Hash::of(&self.bytes()?).to_string())
    }
}

/// What `tally evaluate --json` says, as far as a judgement needs it.
#[derive(Debug, Clone, Deserialize)]
pub struct Judgement {
    /// The measures.
    pub evaluation: training::Evaluation,
    /// Images that could not be judged.
    pub refused: Vec<serde_json::Value>,
}

impl Judgement {
    /// How the images of each class were judged.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<String, ClassCount> {
        let row = |class: &training::ClassFigures| {
            let (support, predicted, hits) = (class.support, class.predicted, class.hits);
            (class.class.clone(), ClassCount { support, predicted, hits })
        };
        self.evaluation.classes.iter().map(row).collect()
    }
}

/// Parameters of a trained head from its safetensors file: its values, four bytes each.
#[must_use]
pub fn trained_parameters(head: &[u8]) -> u64 {
    let header = head.first_chunk::<8>().map_or(0, |length| u64::from_le_bytes(*length));
    (head.len() as u64).saturating_sub(8).saturating_sub(header) / 4
}

/// Seals the test set. Clause: train-4.2.
///
/// # Errors
/// When it has another count of images than agreed, is sealed already, or the contract refuses.
pub async fn seal(
    desk: &Desk,
    actor: &Actor,
    agreement: &Id,
    set: &TestSet,
) -> Result<Vec<Recorded>, DeskError> {
    let mut book = desk.open_book(agreement).await?;
    let test_set = terms_of(&book.state)?.test_set.id.clone();
    desk.put(agreement, &set.bytes()?).await?;
    let sha256 = set.hash()?;
    let fact = Fact::TestSetSealed { test_set, items: set.items(), sha256 };
    record(desk, actor, &mut book, fact).await
}

/// The sealed list; none where nothing is sealed, or it was sealed by its hash alone.
///
/// # Errors
/// When the journal or the list cannot be read.
pub async fn sealed(desk: &Desk, agreement: &Id) -> Result<Option<TestSet>, DeskError> {
    let book = desk.open_book(agreement).await?;
    let Some(sealed) = &book.state.facts.test_set else { return Ok(None) };
    let mut hash = [0; 32];
    if hex::decode_to_slice(&sealed.sha256, &mut hash).is_err() {
        return Ok(None);
    }
    let kept = desk.find(agreement, &HashSet::from([hash])).await?;
    let Some(object) = kept.into_iter().next() else { return Ok(None) };
    let bytes = desk.get(agreement, &object).await?;
    Ok(canonical::read(&bytes, LARGEST).ok())
}

/// The round that a run would be, asked before hours are spent on it.
///
/// # Errors
/// What the contract would refuse it for: no test set is sealed, or no round is owed.
pub async fn may_run(desk: &Desk, actor: &Actor, agreement: &Id) -> Result<u32, DeskError> {
    let book = desk.open_book(agreement).await?;
    let round = next_round(&book.state);
    let fact = Fact::RunFinished {
        round,
        parameters: 0,
        data_bytes: 0,
        training_seconds: 0,
        report: None,
    };
    let command = Command::new(actor.clone(), Action::Record { fact, source: None });
    book.decide(&command, desk.clock.now())?;
    Ok(round)
}

/// Records a finished run as the next round, with its report. The same report a second time, after
/// a break, is the same round.
///
/// # Errors
/// When the contract refuses.
pub async fn finish(
    desk: &Desk,
    actor: &Actor,
    agreement: &Id,
    run: Run,
    report: &[u8],
) -> Result<u32, DeskError> {
    let mut book = desk.open_book(agreement).await?;
    let hash = Hash::of(report).to_string();
    let last = book.state.facts.rounds.iter().next_back();
    if let Some((round, _)) = last.filter(|(_, last)| last.report.as_ref() == Some(&hash)) {
        return Ok(*round);
    }
    desk.put(agreement, report).await?;
    let round = next_round(&book.state);
    let Run { parameters, data_bytes, training_seconds } = run;
    let report = Some(hash);
    let fact = Fact::RunFinished { round, parameters, data_bytes, training_seconds, report };
    record(desk, actor, &mut book, fact).await?;
    Ok(round)
}

/// Records that the test set is opened for a model, before the model sees it.
///
/// # Errors
/// When it is not what was sealed, or the contract refuses.
pub async fn open(
    desk: &Desk,
    actor: &Actor,
    agreement: &Id,
    round: u32,
    (set, model): (&TestSet, &Hash),
) -> Result<Vec<Recorded>, DeskError> {
    let mut book = desk.open_book(agreement).await?;
    let test_set = terms_of(&book.state)?.test_set.id.clone();
    let sha256 = set.hash()?;
    let fact = Fact::TestSetOpened { round, test_set, sha256, model: model.to_string() };
    record(desk, actor, &mut book, fact).await
}

/// Records what a model of a round came to on the opened test set, by the signed standards.
///
/// # Errors
/// When no opening stands before it, or the contract refuses.
pub async fn judge(
    desk: &Desk,
    actor: &Actor,
    agreement: &Id,
    round: u32,
    (counts, report): (&BTreeMap<String, ClassCount>, &[u8]),
) -> Result<Vec<Judged>, DeskError> {
    let mut book = desk.open_book(agreement).await?;
    let terms = terms_of(&book.state)?;
    let judged = standards(terms, counts);
    let opened = book.state.facts.test_set.as_ref();
    let opened = opened.is_some_and(|set| set.openings.iter().any(|(own, _)| *own == round));
    if !opened {
        return Err(Refusal::ComesAfter { first: "test_set_opened" }.into());
    }
    let results = judged.iter().filter_map(|one| {
        Some(ModelResult {
            metric: one.standard.metric,
            average: one.standard.average,
            class: one.standard.class.clone(),
            value: one.value?,
            items: one.items,
        })
    });
    desk.put(agreement, report).await?;
    let fact = Fact::ModelEvaluated {
        round,
        test_set: terms.test_set.id.clone(),
        results: results.collect(),
        report: Some(Hash::of(report).to_string()),
    };
    record(desk, actor, &mut book, fact).await?;
    Ok(judged)
}

/// The standards of a training against a judgement.
#[must_use]
pub fn standards(terms: &TrainingTerms, counts: &BTreeMap<String, ClassCount>) -> Vec<Judged> {
    let images = counts.values().map(|class| class.support).sum();
    let each = terms.standards.iter().map(|standard| {
        let value = measured(standard, counts);
        let items = match &standard.class {
            Some(class) => counts.get(class).map_or(0, |class| class.support),
            None => images,
        };
        let met = value.is_some_and(|value| value >= standard.threshold.share());
        Judged { standard: standard.clone(), value, items, met }
    });
    each.collect()
}

/// A measure from counts; none where nothing can show it. A class that neither has images nor was
/// given counts in no mean; one without a right or a wrong answer counts as zero, as in the field.
#[must_use]
pub fn measured(
    standard: &ModelStandard,
    counts: &BTreeMap<String, ClassCount>,
) -> Option<Fraction> {
    let part = |of: &ClassCount| match standard.metric {
        ModelMetric::Accuracy | ModelMetric::Recall => Ratio::new(of.hits, of.support),
        ModelMetric::Precision => Ratio::new(of.hits, of.predicted),
        ModelMetric::F1 => Ratio::new(2 * of.hits, of.support + of.predicted),
    };
    let seen = counts.values().filter(|class| class.support + class.predicted > 0).map(part);
    match (standard.average, &standard.class) {
        (Average::Class, class) => part(counts.get(class.as_ref()?)?).value(),
        (Average::Micro, _) => {
            let add =
                |sum: Ratio, one: Ratio| Ratio::new(sum.hits + one.hits, sum.total + one.total);
            seen.fold(Ratio::new(0, 0), add).value()
        }
        (Average::Macro, _) => training::mean(&seen.collect::<Vec<_>>()),
    }
}

/// Whether a round reached every signed standard; none where it was not judged.
#[must_use]
pub fn reached(state: &State, round: u32) -> Option<bool> {
    let terms = terms_of(state).ok()?;
    let (results, _) = state.facts.rounds.get(&round)?.results.as_ref()?;
    let met = |standard: &ModelStandard| {
        let found = results.iter().find(|row| view::measures(row, standard));
        found.is_some_and(|row| row.value >= standard.threshold.share())
    };
    Some(terms.standards.iter().all(met))
}

/// Hands a package over as the model of a round: `manifest` names every file of it by its hash.
/// One that did not reach its standards goes with the reason why.
///
/// # Errors
/// [`Refusal::NotReached`] without a reason, and what the contract refuses.
pub async fn deliver(
    desk: &Desk,
    actor: &Actor,
    agreement: &Id,
    round: u32,
    (manifest, although): (&[u8], Option<&str>),
) -> Result<Vec<Recorded>, DeskError> {
    let mut book = desk.open_book(agreement).await?;
    let reached = reached(&book.state, round) == Some(true);
    let although = match although.filter(|_| !reached) {
        Some(why) => {
            desk.put(agreement, why.as_bytes()).await?;
            Some(Hash::of(why.as_bytes()).to_string())
        }
        None => None,
    };
    if !reached && although.is_none() {
        return Err(Refusal::NotReached { round }.into());
    }
    desk.put(agreement, manifest).await?;
    let fact = Fact::ModelDelivered { round, sha256: Hash::of(manifest).to_string(), although };
    record(desk, actor, &mut book, fact).await
}

fn next_round(state: &State) -> u32 {
    state.facts.rounds.keys().next_back().map_or(1, |last| last.saturating_add(1))
}

fn terms_of(state: &State) -> Result<&TrainingTerms, DeskError> {
    let agreement: &Agreement = state.agreement.as_ref().ok_or(Refusal::NotDrafted)?;
    match &agreement.service {
        Service::Training(terms) => Ok(terms),
        _ => Err(Refusal::OtherKind { need: "training" }.into()),
    }
}

async fn record(
    desk: &Desk,
    actor: &Actor,
    book: &mut Book,
    fact: Fact,
) -> Result<Vec<Recorded>, DeskError> {
    let action = Action::Record { fact, source: None };
    desk.execute_on(book, &Command::new(actor.clone(), action)).await
}
