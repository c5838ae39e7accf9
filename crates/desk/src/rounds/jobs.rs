//! Trainings and evaluations as jobs: laid out, started, watched, and recorded when they end. A
//! job goes on when the server is restarted; what was begun twice is recorded once. Serves
//! train-2.1.3, train-4.1, train-4.2, train-4.3.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use training::Part;
use units::{Id, Lang};

use super::datasets::read_list;
use super::error::TrainingError;
use super::form::test_set;
use super::rows::{
    BackboneName, DatasetPurpose, DatasetRow, ImageList, JobRow, JobState, JobWork, PackageFile,
    TrainOptions,
};
use super::{Judgement, Run, trained_parameters};
use crate::desk::Desk;
use crate::jobs::{ERRORS, OUTPUT, Order, Port, Sight};
use crate::labelling::KeptObject;
use crate::people::{Caller, Entry, Kept, Operation, Outcome, People, given_for};

/// Under which subject open jobs lie.
const OPEN: &str = "open jobs";
/// Bytes of what a job prints that are read.
const PRINTED: u64 = 64 << 20;
/// Letters of a problem that are kept.
const SAID: usize = 500;
/// Folders of a job.
const DATA: &str = "data";
const PACKAGE: &str = "package";
/// The file of its progress.
pub(super) const PROGRESS: &str = "progress";
/// What marks since when it is halted; its time is when it was written.
const HALTED: &str = "halted";

/// A job that is wanted.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// What it is to do.
    pub work: JobWork,
    /// From which dataset; a judgement is always on the sealed one.
    pub dataset: Option<String>,
    /// In which language it speaks.
    pub lang: Lang,
}

/// What is done with a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// Halt it.
    Pause,
    /// Let it go on.
    Resume,
    /// End it.
    Cancel,
}

/// Starts and watches jobs.
#[derive(Clone)]
pub struct Trainer {
    port: Arc<dyn Port>,
    folder: PathBuf,
    program: PathBuf,
}

impl Trainer {
    /// Jobs in folders below `folder`, done by the program `tally`.
    #[must_use]
    pub fn new(port: Arc<dyn Port>, folder: PathBuf, program: PathBuf) -> Self {
        Self { port, folder, program }
    }

    pub(super) fn folder_of(&self, id: &str) -> PathBuf {
        self.folder.join(id)
    }

    /// Asks for a job, which begins with the next [`Trainer::tick`]; gives its id. The entry is one
    /// for [`Operation::Record`].
    ///
    /// # Errors
    /// When another job of the agreement works, the dataset is none to learn from, holds images of
    /// the sealed test set, or the contract would refuse the round.
    pub async fn ask(
        &self,
        people: &People,
        (caller, entry): (&Caller, &Entry),
        new: NewJob,
    ) -> Result<String, TrainingError> {
        given_for(entry, Operation::Record)?;
        let agreement = entry.agreement();
        let own = people.owned::<JobRow>(agreement.as_str()).await?;
        if own.iter().any(|kept| kept.row.state.is_open()) {
            return Err(TrainingError::Busy);
        }
        let dataset = match &new.work {
            JobWork::Train { options } => {
                possible(options)?;
                let id = new.dataset.as_deref().ok_or(TrainingError::field("dataset"))?;
                may_learn(people, entry, id).await?;
                id.to_owned()
            }
            JobWork::Evaluate { round } => {
                let made = |kept: &&Kept<JobRow>| made(&kept.row, *round);
                own.iter().find(made).ok_or(TrainingError::absent("round"))?;
                sealed_dataset(people, entry).await?
            }
        };
        let row = JobRow {
            agreement: agreement.clone(),
            side: entry.side(),
            actor: entry.actor().clone(),
            by: caller.person().to_owned(),
            lang: new.lang,
            dataset,
            work: new.work,
            state: JobState::Preparing,
            ticket: None,
            created: people.now(),
            ended: None,
            halted: 0,
            seconds: 0,
            round: None,
            problem: None,
            package: Vec::new(),
            outcome: None,
        };
        let kept = Kept::new(people.new_id_in_time()?, agreement.as_str(), row).about(OPEN);
        let audited =
            people.about_agreement(caller, entry, "start_job", &kept.id, Outcome::Allowed);
        people.write(vec![kept.insert()], vec![audited]).await?;
        Ok(kept.id)
    }

    /// Halts a job, lets it go on or ends it. The entry is one for [`Operation::Record`].
    ///
    /// # Errors
    /// When it is not in a state for it, or cannot be reached.
    pub async fn control(
        &self,
        people: &People,
        (caller, entry): (&Caller, &Entry),
        id: &str,
        control: Control,
    ) -> Result<(), TrainingError> {
        given_for(entry, Operation::Record)?;
        let mut kept = job_row(people, entry, id).await?;
        if kept.row.side != entry.side() {
            return Err(crate::people::EnterError::Forbidden.into());
        }
        let mark = self.folder_of(id).join(HALTED);
        let row = &mut kept.row;
        let state = row.state;
        let action = match (control, state, row.ticket.clone()) {
            (Control::Pause, JobState::Running, Some(ticket)) => {
                self.port.pause(&ticket)?;
                fs::write(&mark, [])?;
                row.state = JobState::Paused;
                "pause_job"
            }
            (Control::Resume, JobState::Paused, Some(ticket)) => {
                row.halted += since(&mark)?;
                self.port.resume(&ticket)?;
                row.state = JobState::Running;
                "resume_job"
            }
            (Control::Cancel, state, ticket) if state.is_open() => {
                ticket.map_or(Ok(()), |ticket| self.port.cancel(&ticket))?;
                row.state = JobState::Cancelled;
                row.ended = Some(people.now());
                "cancel_job"
            }
            _ => return Err(TrainingError::NotNow),
        };
        if !kept.row.state.is_open() {
            kept.subject = None;
        }
        let audited = people.about_agreement(caller, entry, action, id, Outcome::Allowed);
        people.write(vec![kept.replace()], vec![audited]).await?;
        if !kept.row.state.is_open() {
            self.clear(id)?;
        }
        Ok(())
    }

    /// Brings every open job as far as it can be; how many are open then. `desk` is the operator's.
    ///
    /// # Errors
    /// Trouble with the machine. A job that fails is no trouble.
    pub async fn tick(&self, people: &People, desk: &Desk) -> Result<usize, TrainingError> {
        let mut open = 0;
        for mut kept in people.about::<JobRow>(OPEN).await? {
            let before = kept.row.state;
            if let Err(error) = self.step(people, desk, &mut kept).await {
                kept.row.state = JobState::Failed;
                kept.row.problem = Some(cut(&said(&error)));
            }
            open += usize::from(kept.row.state.is_open());
            if kept.row.state == before {
                continue;
            }
            if !kept.row.state.is_open() {
                (kept.subject, kept.row.ended) = (None, Some(people.now()));
            }
            match people.write(vec![kept.replace()], Vec::new()).await {
                // Somebody ended it meanwhile.
                Err(store::RegisterError::Stale { .. }) => {}
                done => done?,
            }
            if !kept.row.state.is_open() {
                self.clear(&kept.id)?;
            }
        }
        Ok(open)
    }

    async fn step(
        &self,
        people: &People,
        desk: &Desk,
        kept: &mut Kept<JobRow>,
    ) -> Result<(), TrainingError> {
        let folder = self.folder_of(&kept.id);
        let Some(ticket) = kept.row.ticket.clone() else {
            let order = self.lay_out(people, desk, kept, &folder).await?;
            kept.row.ticket = Some(self.port.start(&order)?);
            kept.row.state = JobState::Running;
            return Ok(());
        };
        match self.port.look(&ticket, &folder)? {
            Sight::Running | Sight::Paused => return Ok(()),
            Sight::Ended(0) => {}
            Sight::Ended(_) | Sight::Gone => {
                kept.row.problem = Some(last_said(&folder)?);
                kept.row.state = JobState::Failed;
                return Ok(());
            }
        }
        let worked = between(&folder.join(PROGRESS_BEGUN), &folder.join(OUTPUT))?;
        kept.row.seconds = worked.saturating_sub(kept.row.halted).max(1);
        match kept.row.work.clone() {
            JobWork::Train { .. } => trained(desk, &mut kept.row, &folder, people).await?,
            JobWork::Evaluate { round } => judged(desk, &mut kept.row, &folder, round).await?,
        }
        kept.row.state = JobState::Done;
        Ok(())
    }

    /// Lays the files of a job out; what lay there of a start that was broken off goes.
    async fn lay_out(
        &self,
        people: &People,
        desk: &Desk,
        kept: &Kept<JobRow>,
        folder: &Path,
    ) -> Result<Order, TrainingError> {
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => fs::create_dir_all(folder)?,
        }
        let row = &kept.row;
        let dataset = people.get::<DatasetRow>(&row.dataset).await?;
        let dataset = dataset.ok_or(TrainingError::absent("dataset"))?.row;
        let list = read_list(desk, &dataset).await?;
        let arguments = match &row.work {
            JobWork::Train { options } => train_words(options, &dataset),
            JobWork::Evaluate { round } => {
                let all = people.owned::<JobRow>(row.agreement.as_str()).await?;
                let made = all.iter().find(|kept| made(&kept.row, *round));
                let made = made.ok_or(TrainingError::absent("round"))?;
                for file in &made.row.package {
                    let path = folder.join(PACKAGE).join(&file.name);
                    copy(desk, &row.agreement, &file.object, &path).await?;
                }
                let manifest = fs::read(folder.join(PACKAGE).join("manifest.json"))?;
                let model = journal::Hash::of(&manifest);
                let set = test_set(&list);
                super::open(desk, &row.actor, &row.agreement, *round, (&set, &model)).await?;
                ["evaluate", PACKAGE, DATA, "--json"].map(OsString::from).to_vec()
            }
        };
        let lang = ["--lang".into(), OsString::from(row.lang.code())];
        for image in &list.images {
            let path = folder.join(DATA).join(&image.name);
            copy(desk, &row.agreement, &image.original, &path).await?;
        }
        fs::write(folder.join(PROGRESS_BEGUN), [])?;
        let arguments = arguments.into_iter().chain(lang).collect();
        let folder = folder.to_owned();
        Ok(Order { program: self.program.clone(), arguments, folder })
    }

    /// Removes the data and the package of a job; what it said stays.
    fn clear(&self, id: &str) -> io::Result<()> {
        for folder in [DATA, PACKAGE] {
            match fs::remove_dir_all(self.folder_of(id).join(folder)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }
}

/// What marks when a job began.
const PROGRESS_BEGUN: &str = "begun";

fn made(row: &JobRow, round: u32) -> bool {
    matches!(row.work, JobWork::Train { .. }) && row.round == Some(round)
}

pub(super) async fn job_row(
    people: &People,
    entry: &Entry,
    id: &str,
) -> Result<Kept<JobRow>, TrainingError> {
    let found = people.get::<JobRow>(id).await?;
    let found = found.filter(|kept| kept.row.agreement == *entry.agreement());
    found.ok_or(TrainingError::absent("job"))
}

fn possible(options: &TrainOptions) -> Result<(), TrainingError> {
    let checks =
        [("epochs", (1..=1_000).contains(&options.epochs)), ("hidden", options.hidden <= 4_096)];
    match checks.into_iter().find(|(_, holds)| !holds) {
        Some((field, _)) => Err(TrainingError::field(field)),
        None => Ok(()),
    }
}

/// Whether a round may learn from a dataset now. Clauses: train-2.2.3, train-4.2, train-4.3.
async fn may_learn(people: &People, entry: &Entry, id: &str) -> Result<(), TrainingError> {
    let desk = people.desk(entry);
    super::may_run(&desk, entry.actor(), entry.agreement()).await?;
    let kept = people.dataset_row(entry, id).await?;
    if kept.row.purpose != DatasetPurpose::Training {
        return Err(TrainingError::field("dataset"));
    }
    let list = people.list_of(entry, &kept).await?;
    let sealed = super::sealed(&desk, entry.agreement()).await?;
    let hashes = sealed.as_ref().map(super::TestSet::hashes).unwrap_or_default();
    match leaks(&list, &hashes) {
        0 => Ok(()),
        images => Err(TrainingError::Leak { images }),
    }
}

fn leaks(list: &ImageList, sealed: &BTreeSet<&str>) -> u64 {
    let learned = list.images.iter().filter(|image| image.part != Part::Test);
    learned.filter(|image| sealed.contains(image.original.sha256.as_str())).count() as u64
}

/// The dataset that was sealed, whoever brought it: it is shown to the evaluator alone.
async fn sealed_dataset(people: &People, entry: &Entry) -> Result<String, TrainingError> {
    let desk = people.desk(entry);
    let sealed = super::sealed(&desk, entry.agreement()).await?;
    let sealed = sealed.ok_or(contract::Refusal::TestSetNotSealed)?;
    for kept in people.owned::<DatasetRow>(entry.agreement().as_str()).await? {
        let test = kept.row.purpose == DatasetPurpose::Test;
        if test && test_set(&read_list(&desk, &kept.row).await?) == sealed {
            return Ok(kept.id);
        }
    }
    Err(TrainingError::absent("dataset"))
}

fn train_words(options: &TrainOptions, dataset: &DatasetRow) -> Vec<OsString> {
    let backbone = match options.backbone {
        BackboneName::EfficientnetLite0 => "efficientnet-lite0",
        BackboneName::EfficientnetLite1 => "efficientnet-lite1",
        BackboneName::EfficientnetLite2 => "efficientnet-lite2",
    };
    let (epochs, hidden) = (options.epochs.to_string(), options.hidden.to_string());
    let seed = options.seed.to_string();
    let words = ["train", DATA, "--out", PACKAGE, "--progress", PROGRESS, "--json"];
    let settings =
        ["--backbone", backbone, "--epochs", &epochs, "--hidden", &hidden, "--seed", &seed];
    let mut words: Vec<OsString> = words.iter().chain(&settings).map(OsString::from).collect();
    if options.balance {
        words.push("--balance".into());
    }
    // With a sign of equality a text that begins with a hyphen is a value all the same.
    let stated = [("licence", &dataset.licence), ("origin", &dataset.origin)];
    let stated = stated.into_iter().filter(|(_, text)| !text.is_empty());
    words.extend(stated.map(|(name, text)| format!("--{name}={text}").into()));
    words.extend(dataset.consents.iter().map(|text| format!("--consent={text}").into()));
    words
}

async fn copy(
    desk: &Desk,
    agreement: &Id,
    object: &KeptObject,
    path: &Path,
) -> Result<(), TrainingError> {
    let bytes = desk.get(agreement, &object.object()?).await?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(fs::write(path, bytes)?)
}

/// Keeps what a training made and records it as the next round.
async fn trained(
    desk: &Desk,
    row: &mut JobRow,
    folder: &Path,
    people: &People,
) -> Result<(), TrainingError> {
    let package = folder.join(PACKAGE);
    let manifest = training::verify(&package).map_err(io::Error::other)?;
    let own = std::iter::once("manifest.json").chain(manifest.files.keys().map(String::as_str));
    let mut files = Vec::new();
    for name in own {
        let object = desk.put(&row.agreement, &fs::read(package.join(name))?).await?;
        files.push(PackageFile { name: name.to_owned(), object: KeptObject::from(&object) });
    }
    keep_outcome(desk, row, folder).await?;
    let dataset = people.get::<DatasetRow>(&row.dataset).await?;
    let dataset = dataset.ok_or(TrainingError::absent("dataset"))?.row;
    let list = read_list(desk, &dataset).await?;
    let learned = list.images.iter().filter(|image| image.part != Part::Test);
    let run = Run {
        parameters: trained_parameters(&fs::read(package.join("head.safetensors"))?),
        data_bytes: learned.map(|image| image.original.size).sum(),
        training_seconds: row.seconds,
    };
    let bytes = fs::read(package.join("manifest.json"))?;
    let round = super::finish(desk, &row.actor, &row.agreement, run, &bytes).await?;
    (row.package, row.round) = (files, Some(round));
    Ok(())
}

/// Judges what an evaluation came to by the signed standards and records it.
async fn judged(
    desk: &Desk,
    row: &mut JobRow,
    folder: &Path,
    round: u32,
) -> Result<(), TrainingError> {
    let bytes = fs::read(folder.join(OUTPUT))?;
    let said: Judgement = serde_json::from_slice(&bytes).map_err(io::Error::other)?;
    if !said.refused.is_empty() {
        let images = said.refused.len();
        let error = io::Error::other(format!("{images} images could not be judged"));
        return Err(error.into());
    }
    keep_outcome(desk, row, folder).await?;
    super::judge(desk, &row.actor, &row.agreement, round, (&said.counts(), &bytes)).await?;
    row.round = Some(round);
    Ok(())
}

async fn keep_outcome(desk: &Desk, row: &mut JobRow, folder: &Path) -> Result<(), TrainingError> {
    let path = folder.join(OUTPUT);
    if fs::metadata(&path)?.len() <= PRINTED {
        let object = desk.put(&row.agreement, &fs::read(path)?).await?;
        row.outcome = Some(KeptObject::from(&object));
    }
    Ok(())
}

/// Seconds between the times at which two files were written.
fn between(first: &Path, last: &Path) -> io::Result<u64> {
    let (first, last) = (fs::metadata(first)?.modified()?, fs::metadata(last)?.modified()?);
    // A clock that was set back in between counts as nothing.
    Ok(last.duration_since(first).map_or(0, |time| time.as_secs()))
}

/// Seconds since a mark was written; the mark is written anew.
fn since(mark: &Path) -> io::Result<u64> {
    let again = mark.with_extension("now");
    fs::write(&again, [])?;
    between(mark, &again)
}

fn last_said(folder: &Path) -> io::Result<String> {
    let bytes = fs::read(folder.join(ERRORS))?;
    let text = String::from_utf8_lossy(&bytes);
    let last = text.lines().rev().find(|line| !line.trim().is_empty());
    Ok(cut(last.unwrap_or_default().trim()))
}

fn said(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

fn cut(text: &str) -> String {
    text.chars().take(SAID).collect()
}
