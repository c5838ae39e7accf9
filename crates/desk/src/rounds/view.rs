//! A training as its parties see it: the test set, the rounds by the signed standards, the jobs and
//! how far they are. Serves train-2.1.3, train-4.2, train-4.3.

use std::collections::{BTreeMap, HashSet};

use contract::event::{ModelResult, Recorded};
use contract::state::{Round, State};
use contract::terms::{Average, ModelMetric, ModelStandard, Side, TrainingTerms};
use schemars::JsonSchema;
use serde::Serialize;
use store::ObjectRef;
use training::Manifest;
use units::{Fraction, Timestamp};

use super::error::TrainingError;
use super::jobs::{PROGRESS, Trainer, job_row};
use super::progress::{self, ProgressLine};
use super::rows::{DatasetRow, JobRow, JobState, JobWork};
use super::{reached, terms_of};
use crate::desk::Desk;
use crate::people::{Entry, Kept, Operation, People, given_for};

/// Bytes of a manifest at most.
const LARGEST: u64 = 64 << 20;

/// The rounds of a training.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RoundsView {
    /// The sealed test set; absent while nothing is sealed.
    pub test_set: Option<TestSetView>,
    /// How many images it must have.
    pub test_images: u64,
    /// How many rounds are owed at most.
    pub max_rounds: u32,
    /// The rounds, the first first.
    pub rounds: Vec<RoundView>,
}

/// The sealed test set.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TestSetView {
    /// SHA-256 of the list of its images.
    pub sha256: String,
    /// The entry that sealed it.
    pub seq: u64,
    /// Each time that it was opened.
    pub openings: Vec<OpeningView>,
}

/// The test set was opened.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OpeningView {
    /// For which round.
    pub round: u32,
    /// The entry.
    pub seq: u64,
}

/// A round.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RoundView {
    /// Its number, from 1.
    pub round: u32,
    /// Trainable parameters.
    pub parameters: Option<u64>,
    /// Bytes of the images that were learned from.
    pub data_bytes: Option<u64>,
    /// Seconds that it took.
    pub training_seconds: Option<u64>,
    /// The entry of the run.
    pub run_seq: Option<u64>,
    /// The signed standards against what was measured on the sealed test set, in their order.
    pub standards: Vec<RoundStandardView>,
    /// The entry of the judgement.
    pub evaluated_seq: Option<u64>,
    /// Whether every standard was reached; absent where it was not judged.
    pub reached: Option<bool>,
    /// When its model was handed over.
    pub delivered: Option<Timestamp>,
    /// The entry of the delivery.
    pub delivered_seq: Option<u64>,
    /// When it was accepted.
    pub accepted: Option<Timestamp>,
    /// When it was rejected, or feedback was given.
    pub returned: Option<Timestamp>,
    /// Whether what the run said of itself is kept here.
    pub has_run: bool,
    /// Whether the whole judgement is kept here.
    pub has_evaluation: bool,
    /// The files of its package, where this side may take them.
    pub files: Vec<PackageFileView>,
}

/// A signed standard against what was measured.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RoundStandardView {
    /// What is measured.
    pub metric: ModelMetric,
    /// Over which classes.
    pub average: Average,
    /// The class, where it is of one.
    pub class: Option<String>,
    /// The share that must be reached.
    pub threshold: Fraction,
    /// The exact value; absent where nothing was measured.
    pub value: Option<Fraction>,
    /// On how many images.
    pub items: Option<u64>,
    /// Whether the value reaches the threshold; absent where nothing was measured.
    pub met: Option<bool>,
}

/// A file of a package.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PackageFileView {
    /// Its name.
    pub name: String,
    /// SHA-256 of its content.
    pub sha256: String,
    /// Its bytes.
    pub bytes: u64,
}

/// What is kept of a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoundDocument {
    /// What the run said of itself: the manifest of the package.
    Run,
    /// The whole judgement.
    Evaluation,
    /// A file of the package.
    File(String),
}

/// A job, as it is shown.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct JobView {
    /// Its id.
    pub id: String,
    /// What it does.
    pub work: JobWork,
    /// How far it is.
    pub state: JobState,
    /// Whose it is.
    pub side: Side,
    /// The dataset, and its name where this side sees it.
    pub dataset: String,
    /// See `dataset`.
    pub dataset_name: Option<String>,
    /// When it was asked for.
    pub created: Timestamp,
    /// When it was over.
    pub ended: Option<Timestamp>,
    /// Seconds that it worked, once it is done.
    pub seconds: Option<u64>,
    /// The round that it made or judged.
    pub round: Option<u32>,
    /// Why it failed, as it said itself.
    pub problem: Option<String>,
    /// Whether the reader may halt and end it.
    pub own: bool,
}

impl People {
    /// The rounds of a training. The entry is one for [`Operation::ReadWork`].
    ///
    /// # Errors
    /// When the agreement is none about training, or trouble with the machine.
    pub async fn rounds(&self, entry: &Entry) -> Result<RoundsView, TrainingError> {
        given_for(entry, Operation::ReadWork)?;
        let desk = self.desk(entry);
        let book = desk.open_book(entry.agreement()).await?;
        let state = &book.state;
        let terms = terms_of(state)?;
        let test_set = state.facts.test_set.as_ref().map(|sealed| TestSetView {
            sha256: sealed.sha256.clone(),
            seq: sealed.seq,
            openings: sealed
                .openings
                .iter()
                .map(|(round, seq)| OpeningView { round: *round, seq: *seq })
                .collect(),
        });
        let mut rounds = Vec::new();
        for (number, round) in &state.facts.rounds {
            let kept = Package::of(&desk, entry, round).await?;
            rounds.push(round_view(state, terms, (*number, round), kept, entry.side()));
        }
        Ok(RoundsView {
            test_set,
            test_images: terms.test_set.items,
            max_rounds: terms.max_rounds,
            rounds,
        })
    }

    /// What is kept of a round. A package is the vendor's until it was handed over.
    ///
    /// # Errors
    /// [`crate::people::PeopleError::NotFound`] where it is not kept, or not for this side.
    pub async fn round_document(
        &self,
        entry: &Entry,
        number: u32,
        what: &RoundDocument,
    ) -> Result<ObjectRef, TrainingError> {
        given_for(entry, Operation::ReadWork)?;
        let desk = self.desk(entry);
        let book = desk.open_book(entry.agreement()).await?;
        let absent = || TrainingError::absent("document");
        let round = book.state.facts.rounds.get(&number).ok_or_else(absent)?;
        let hash = match what {
            RoundDocument::Run => round.report.clone(),
            RoundDocument::Evaluation => round.evaluation.clone(),
            RoundDocument::File(name) => {
                let package = Package::of(&desk, entry, round).await?;
                let seen = may_take(round, entry.side());
                let files = package.files.into_iter().filter(|_| seen);
                files.into_iter().find(|file| file.name == *name).map(|file| file.sha256)
            }
        };
        find(&desk, entry, &hash.ok_or_else(absent)?).await?.ok_or_else(absent)
    }

    /// Hands the model of a round over, with the reason why where a standard was not seen to be
    /// reached. The entry is one for [`Operation::Deliver`].
    ///
    /// # Errors
    /// When its package is not kept here, and what the contract refuses.
    pub async fn deliver_round(
        &self,
        entry: &Entry,
        number: u32,
        although: Option<&str>,
    ) -> Result<Vec<Recorded>, TrainingError> {
        given_for(entry, Operation::Deliver)?;
        let desk = self.desk(entry);
        let book = desk.open_book(entry.agreement()).await?;
        let round = book.state.facts.rounds.get(&number);
        let hash = round.and_then(|round| round.report.clone());
        let hash = hash.ok_or(TrainingError::absent("round"))?;
        let object = find(&desk, entry, &hash).await?.ok_or(TrainingError::absent("document"))?;
        let manifest = desk.get(entry.agreement(), &object).await?;
        let what = (manifest.as_slice(), although);
        Ok(super::deliver(&desk, entry.actor(), entry.agreement(), number, what).await?)
    }

    /// The jobs of the agreement, the newest first.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn jobs(&self, entry: &Entry) -> Result<Vec<JobView>, TrainingError> {
        given_for(entry, Operation::ReadWork)?;
        let agreement = entry.agreement().as_str();
        let all = self.owned::<DatasetRow>(agreement).await?;
        let seen = all.into_iter().filter(|kept| super::datasets::sees(entry, &kept.row));
        let names: BTreeMap<String, String> = seen.map(|kept| (kept.id, kept.row.name)).collect();
        let jobs = self.owned::<JobRow>(agreement).await?;
        Ok(jobs.into_iter().rev().map(|kept| job_view(kept, entry, &names)).collect())
    }
}

impl Trainer {
    /// How far a job is, line by line. Both sides may ask: train-2.1.3.
    ///
    /// # Errors
    /// [`crate::people::PeopleError::NotFound`] where the agreement has no such job.
    pub async fn progress(
        &self,
        people: &People,
        entry: &Entry,
        id: &str,
    ) -> Result<Vec<ProgressLine>, TrainingError> {
        given_for(entry, Operation::ReadWork)?;
        let kept = job_row(people, entry, id).await?;
        Ok(progress::read(&self.folder_of(&kept.id).join(PROGRESS))?)
    }
}

/// The files of a round's package that are kept here.
#[derive(Default)]
struct Package {
    manifest: bool,
    files: Vec<PackageFileView>,
    evaluation: bool,
}

impl Package {
    async fn of(desk: &Desk, entry: &Entry, round: &Round) -> Result<Self, TrainingError> {
        let mut package = Self::default();
        if let Some(hash) = &round.evaluation {
            package.evaluation = find(desk, entry, hash).await?.is_some();
        }
        let Some(hash) = &round.report else { return Ok(package) };
        let Some(object) = find(desk, entry, hash).await? else { return Ok(package) };
        if object.size > LARGEST {
            return Ok(package);
        }
        let bytes = desk.get(entry.agreement(), &object).await?;
        // A report of another program is kept as it is and names no files.
        let Ok(manifest) = serde_json::from_slice::<Manifest>(&bytes) else { return Ok(package) };
        package.manifest = true;
        let wanted: HashSet<[u8; 32]> =
            manifest.files.values().filter_map(|file| digest(&file.sha256)).collect();
        let kept = desk.find(entry.agreement(), &wanted).await?;
        let kept: HashSet<String> = kept.iter().map(ObjectRef::hex).collect();
        let (sha256, bytes) = (hash.clone(), object.size);
        let own = PackageFileView { name: "manifest.json".to_owned(), sha256, bytes };
        let files = manifest.files.into_iter().filter(|(_, file)| kept.contains(&file.sha256));
        let files = files.map(|(name, file)| PackageFileView {
            name,
            sha256: file.sha256,
            bytes: file.bytes,
        });
        package.files = std::iter::once(own).chain(files).collect();
        Ok(package)
    }
}

fn digest(hex: &str) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    hex::decode_to_slice(hex, &mut hash).ok()?;
    Some(hash)
}

async fn find(desk: &Desk, entry: &Entry, hash: &str) -> Result<Option<ObjectRef>, TrainingError> {
    let Some(hash) = digest(hash) else { return Ok(None) };
    Ok(desk.find(entry.agreement(), &HashSet::from([hash])).await?.into_iter().next())
}

/// Whether a side may take the package of a round.
const fn may_take(round: &Round, side: Side) -> bool {
    matches!(side, Side::Vendor) || round.delivered.is_some()
}

fn round_view(
    state: &State,
    terms: &TrainingTerms,
    (number, round): (u32, &Round),
    package: Package,
    side: Side,
) -> RoundView {
    let results = round.results.as_ref();
    let standard = |standard: &ModelStandard| {
        let found = results.and_then(|(rows, _)| rows.iter().find(|row| measures(row, standard)));
        RoundStandardView {
            metric: standard.metric,
            average: standard.average,
            class: standard.class.clone(),
            threshold: standard.threshold.share(),
            value: found.map(|row| row.value),
            items: found.map(|row| row.items),
            met: found.map(|row| row.value >= standard.threshold.share()),
        }
    };
    let Package { manifest, files, evaluation } = package;
    RoundView {
        round: number,
        parameters: round.run.map(|run| run.0),
        data_bytes: round.run.map(|run| run.1),
        training_seconds: round.run.map(|run| run.2),
        run_seq: round.run.map(|run| run.3),
        standards: terms.standards.iter().map(standard).collect(),
        evaluated_seq: results.map(|(_, seq)| *seq),
        reached: reached(state, number),
        delivered: round.delivered.map(|(at, _)| at),
        delivered_seq: round.delivered.map(|(_, seq)| seq),
        accepted: round.accepted.map(|(at, _)| at),
        returned: round.returned,
        has_run: manifest,
        has_evaluation: evaluation,
        files: if may_take(round, side) { files } else { Vec::new() },
    }
}

/// Whether a result is one of a standard.
pub(super) fn measures(row: &ModelResult, standard: &ModelStandard) -> bool {
    row.metric == standard.metric && row.average == standard.average && row.class == standard.class
}

fn job_view(kept: Kept<JobRow>, entry: &Entry, names: &BTreeMap<String, String>) -> JobView {
    let Kept { id, row, .. } = kept;
    JobView {
        id,
        state: row.state,
        side: row.side,
        dataset_name: names.get(&row.dataset).cloned(),
        dataset: row.dataset,
        created: row.created,
        ended: row.ended,
        seconds: Some(row.seconds).filter(|seconds| *seconds > 0),
        round: row.round,
        problem: row.problem,
        own: row.side == entry.side(),
        work: row.work,
    }
}
