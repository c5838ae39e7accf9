//! Trainings: datasets, rounds by the signed standards, and jobs. Serves train-2.1.3, train-2.1,
//! train-2.2.3, train-4.1, train-4.2, train-4.3.

use axum::extract::State;
use axum::response::Response;
use desk::labelling::PersonalData;
use desk::rounds::{
    Control, DatasetDetail, DatasetImagesView, DatasetProblem, DatasetPurpose, DatasetReport,
    DatasetView, ImageFilter, JobView, JobWork, NewDataset, NewImage, NewJob, ProgressLine,
    RoundDocument, RoundsView, TrainingError,
};
use media::{Finding, Options, Report, Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::ObjectRef;

use super::material::send;
use super::session::{NOTHING, Nothing};
use crate::app::App;
use crate::auth::{At, Gate, Operation};
use crate::extract::{Json, Language, Path, Query};
use crate::problem::{Code, Problem};
use crate::route::{Class, Route};
use crate::views::{List, RecordedView, Text};
use crate::words::training as words;

/// A dataset to be.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DatasetBody {
    /// What it is called.
    name: Text<1, 200>,
    /// What it is for.
    purpose: DatasetPurpose,
    /// Uploads that are whole: archives with a folder for each class, or images named with theirs.
    #[schemars(length(min = 1, max = 1000))]
    uploads: Vec<Text<1, 64>>,
    /// Under which licence the images are.
    licence: Option<Text<1, 200>>,
    /// Where they come from.
    origin: Option<Text<1, 2000>>,
    /// What the people shown agreed to.
    #[schemars(length(max = 20))]
    #[serde(default)]
    consents: Vec<Text<1, 500>>,
    /// The class of personal data, as it is declared.
    personal_data: PersonalData,
}

/// Which image.
#[derive(Debug, Deserialize, JsonSchema)]
struct PictureQuery {
    /// Its name in the dataset.
    name: Text<1, 1000>,
}

/// A job to be.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct JobBody {
    /// What it is to do.
    work: JobWork,
    /// From which dataset it learns; a judgement is always on the sealed test set.
    dataset: Option<Text<1, 64>>,
}

/// A job that was asked for.
#[derive(Debug, Serialize, JsonSchema)]
struct AskedView {
    /// Its id.
    id: String,
}

/// What is done with a job.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ControlBody {
    control: ControlCode,
}

/// See [`ControlBody`].
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum ControlCode {
    Pause,
    Resume,
    Cancel,
}

/// Why a model is handed over although a standard was not seen to be reached.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DeliverBody {
    although: Option<Text<1, 4000>>,
}

pub(crate) fn routes() -> Vec<Route> {
    let (read, record) = (Gate::At(Operation::ReadWork), Gate::At(Operation::Record));
    let manage = Gate::At(Operation::ManageWork);
    vec![
        Route::get("/agreements/{id}/datasets", "list_datasets", datasets)
            .about("Datasets of a training, those that this side sees")
            .gate(read)
            .gives::<List<DatasetView>>(),
        Route::post("/agreements/{id}/datasets", "add_dataset", add)
            .about("Takes uploads as a dataset: checked, hashed, by the folders of classes")
            .gate(manage)
            .class(Class::Stream)
            .takes::<DatasetBody>()
            .makes::<DatasetView>(),
        Route::get("/agreements/{id}/datasets/{dataset}", "get_dataset", dataset)
            .about("A dataset and what was found in it")
            .gate(read)
            .gives::<DatasetDetail>(),
        Route::get("/agreements/{id}/datasets/{dataset}/images", "dataset_images", images)
            .about("Images of a dataset, a page at a time")
            .gate(read)
            .query::<ImageFilter>()
            .gives::<DatasetImagesView>(),
        Route::get("/agreements/{id}/datasets/{dataset}/picture", "dataset_picture", picture)
            .about("A small picture of an image, by its name")
            .gate(read)
            .query::<PictureQuery>()
            .gives_media("image/jpeg"),
        Route::post("/agreements/{id}/datasets/{dataset}/seal", "seal_dataset", seal)
            .about("Seals a dataset as the test set that decides; train-4.2")
            .gate(record)
            .gives::<RecordedView>(),
        Route::get("/agreements/{id}/rounds", "list_rounds", rounds)
            .about("Rounds of a training by the signed standards")
            .gate(read)
            .gives::<RoundsView>(),
        Route::get("/agreements/{id}/rounds/{round}/run", "round_run", run)
            .about("What a run said of itself: the manifest of its package")
            .gate(read)
            .gives_media("application/json"),
        Route::get("/agreements/{id}/rounds/{round}/evaluation", "round_evaluation", evaluation)
            .about("The whole judgement of a round's model on the sealed test set")
            .gate(read)
            .gives_media("application/json"),
        Route::get("/agreements/{id}/rounds/{round}/files/{name}", "round_file", file)
            .about("A file of a round's package; the customer's once it was handed over")
            .gate(read)
            .gives_media("application/octet-stream"),
        Route::post("/agreements/{id}/rounds/{round}/deliver", "deliver_round", deliver)
            .about("Hands a round's model over; below a standard with the reason why")
            .gate(Gate::At(Operation::Deliver))
            .takes::<DeliverBody>()
            .gives::<RecordedView>(),
        Route::get("/agreements/{id}/jobs", "list_jobs", jobs)
            .about("Trainings and evaluations, the newest first")
            .gate(read)
            .gives::<List<JobView>>(),
        Route::post("/agreements/{id}/jobs", "start_job", start)
            .about("Starts a training or an evaluation as a process of its own")
            .gate(record)
            .takes::<JobBody>()
            .makes::<AskedView>(),
        Route::get("/agreements/{id}/jobs/{job}/progress", "job_progress", progress)
            .about("How far a job is, line by line: stages, epochs, losses")
            .gate(read)
            .gives::<List<ProgressLine>>(),
        Route::post("/agreements/{id}/jobs/{job}/control", "control_job", control)
            .about("Halts a job, lets it go on, or ends it")
            .gate(record)
            .takes::<ControlBody>()
            .nothing(),
    ]
}

impl From<TrainingError> for Problem {
    fn from(error: TrainingError) -> Self {
        match error {
            TrainingError::People(error) => error.into(),
            TrainingError::Desk(error) => (*error).into(),
            TrainingError::Classes { classes, least } => {
                let (zh, en) = words::classes(classes, least);
                Self::invalid("uploads").field("classes", classes).said(zh, en)
            }
            TrainingError::Leak { images } => {
                let (zh, en) = words::leak(images);
                let problem = Self::new(Code::NotNow).field("images", images).said(zh, en);
                problem.clause("train-4.2")
            }
            TrainingError::NotNow => {
                let (zh, en) = words::not_now();
                Self::new(Code::NotNow).said(zh, en)
            }
            TrainingError::Busy => {
                let (zh, en) = words::busy();
                Self::new(Code::NotNow).said(zh, en)
            }
            TrainingError::Io(error) => Self::fault(&error),
        }
    }
}

async fn datasets(at: At) -> Result<Json<List<DatasetView>>, Problem> {
    Ok(Json(List::from(at.people().datasets(&at.entry).await?)))
}

async fn add(
    at: At,
    State(app): State<App>,
    Json(body): Json<DatasetBody>,
) -> Result<Json<DatasetView>, Problem> {
    let uploads: Vec<&str> = body.uploads.iter().map(|upload| upload.0.as_str()).collect();
    let options = Options {
        modality: Some(media::Modality::Image),
        copies: true,
        threads: 2,
        ..Options::default()
    };
    let (report, items) = super::raw_data::look(&at, &app, &uploads, options, false).await?;
    let image = |item: desk::labelling::NewItem| NewImage {
        name: item.name,
        original: item.original,
        thumbnail: item.thumbnail,
    };
    let new = NewDataset {
        name: body.name.0,
        purpose: body.purpose,
        licence: body.licence.map_or_else(String::new, |text| text.0),
        origin: body.origin.map_or_else(String::new, |text| text.0),
        consents: body.consents.into_iter().map(|text| text.0).collect(),
        personal_data: body.personal_data,
        images: items.into_iter().map(image).collect(),
        report: found(report),
    };
    let view = at.people().add_dataset(&at.caller, &at.entry, new).await?;
    for upload in uploads {
        app.vault.uploads().remove(upload);
    }
    Ok(Json(view))
}

/// What an intake found, by the names of images.
fn found(report: Report) -> DatasetReport {
    let problem = |finding: &Finding| DatasetProblem {
        name: finding.place.file.clone(),
        byte: finding.place.byte,
        code: finding.problem.code().to_owned(),
    };
    let told = |severity: Severity| {
        let of = report.findings.iter().filter(|finding| finding.severity == severity);
        of.map(problem).collect()
    };
    DatasetReport {
        refused: told(Severity::Error),
        notices: told(Severity::Notice),
        duplicates: report.duplicates.iter().map(|d| (d.name.clone(), d.of.clone())).collect(),
        near: report.near.clone(),
    }
}

type DatasetPath = Path<(String, String)>;

async fn dataset(at: At, Path((_, id)): DatasetPath) -> Result<Json<DatasetDetail>, Problem> {
    Ok(Json(at.people().dataset(&at.entry, &id).await?))
}

async fn images(
    at: At,
    Path((_, id)): DatasetPath,
    Query(filter): Query<ImageFilter>,
) -> Result<Json<DatasetImagesView>, Problem> {
    Ok(Json(at.people().dataset_images(&at.entry, &id, &filter).await?))
}

async fn picture(
    at: At,
    Path((_, id)): DatasetPath,
    Query(query): Query<PictureQuery>,
) -> Result<Response, Problem> {
    let object = at.people().dataset_picture(&at.entry, &id, &query.name.0).await?;
    send(&at, &object, "picture.jpg", "image/jpeg").await
}

async fn seal(at: At, Path((_, id)): DatasetPath) -> Result<Json<RecordedView>, Problem> {
    let recorded = at.people().seal_dataset(&at.entry, &at.actor(), &id).await?;
    at.recorded(&recorded).await
}

async fn rounds(at: At) -> Result<Json<RoundsView>, Problem> {
    Ok(Json(at.people().rounds(&at.entry).await?))
}

type RoundPath = Path<(String, u32)>;

async fn document(
    at: &At,
    round: u32,
    what: RoundDocument,
    name: &str,
    media: &str,
) -> Result<Response, Problem> {
    let object: ObjectRef = at.people().round_document(&at.entry, round, &what).await?;
    send(at, &object, name, media).await
}

async fn run(at: At, Path((_, round)): RoundPath) -> Result<Response, Problem> {
    document(&at, round, RoundDocument::Run, "manifest.json", "application/json").await
}

async fn evaluation(at: At, Path((_, round)): RoundPath) -> Result<Response, Problem> {
    document(&at, round, RoundDocument::Evaluation, "evaluation.json", "application/json").await
}

async fn file(
    at: At,
    Path((_, round, name)): Path<(String, u32, String)>,
) -> Result<Response, Problem> {
    let what = RoundDocument::File(name.clone());
    document(&at, round, what, &name, "application/octet-stream").await
}

async fn deliver(
    at: At,
    Path((_, round)): RoundPath,
    Json(body): Json<DeliverBody>,
) -> Result<Json<RecordedView>, Problem> {
    let although = body.although.as_ref().map(|text| text.0.as_str());
    let recorded = at.people().deliver_round(&at.entry, round, although).await?;
    at.recorded(&recorded).await
}

async fn jobs(at: At) -> Result<Json<List<JobView>>, Problem> {
    Ok(Json(List::from(at.people().jobs(&at.entry).await?)))
}

async fn start(
    at: At,
    State(app): State<App>,
    Language(lang): Language,
    Json(body): Json<JobBody>,
) -> Result<Json<AskedView>, Problem> {
    let new = NewJob { work: body.work, dataset: body.dataset.map(|id| id.0), lang };
    let id = app.trainer.ask(at.people(), (&at.caller, &at.entry), new).await?;
    Ok(Json(AskedView { id }))
}

async fn progress(
    at: At,
    State(app): State<App>,
    Path((_, job)): Path<(String, String)>,
) -> Result<Json<List<ProgressLine>>, Problem> {
    let lines = app.trainer.progress(at.people(), &at.entry, &job).await?;
    Ok(Json(List::from(lines)))
}

async fn control(
    at: At,
    State(app): State<App>,
    Path((_, job)): Path<(String, String)>,
    Json(body): Json<ControlBody>,
) -> Nothing {
    let control = match body.control {
        ControlCode::Pause => Control::Pause,
        ControlCode::Resume => Control::Resume,
        ControlCode::Cancel => Control::Cancel,
    };
    app.trainer.control(at.people(), (&at.caller, &at.entry), &job, control).await?;
    NOTHING
}
