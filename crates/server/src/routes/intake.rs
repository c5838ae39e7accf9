//! Files of real systems and deliveries of labelled data: taken, sampled, inspected. Serves
//! lease-3.1.1, anno-3.5, anno-4.1.1. Names that came with a form are names of files in a folder of
//! this request and nothing else.

use std::path::{Path as FilePath, PathBuf};

use axum::extract::{FromRequest as _, Multipart, Request, State};
use contract::event::Actor;
use desk::import::Severity;
use desk::intake::{DeliveredItem, ImportOptions, ImportReport, IntakeFinding, IntakeProblem};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use units::{Id, Timestamp};

use crate::app::App;
use crate::auth::{At, Gate, Operation};
use crate::download::{Scratch, safe_name};
use crate::extract::{Body, Json, Language, Path, Query};
use crate::problem::{Code, Problem};
use crate::route::{Class, Route};
use crate::views::{List, Text};
use crate::words::{DeskWords as _, Words};

/// How many findings an answer holds; the counts tell of all.
const FINDINGS: usize = 500;
/// The most files of one form.
const FILES: usize = 2_000;

/// How a file is taken.
#[derive(Debug, Deserialize, JsonSchema)]
struct ImportQuery {
    /// Whether to decide everything and record nothing.
    preview: Option<bool>,
    /// Whether to take nothing when anything is refused.
    strict: Option<bool>,
    /// The name of the file, for findings.
    name: Option<Text<0, 200>>,
    /// The cluster, for tables of Slurm that do not name it.
    cluster: Option<Id>,
    /// The name of the prober, for probe tables.
    source: Option<Id>,
    /// The declared purpose of jobs.
    purpose: Option<Text<0, 200>>,
    /// The resource of measured values that name none.
    resource: Option<Id>,
}

/// What became of a file.
#[derive(Debug, Serialize, JsonSchema)]
struct ImportView {
    /// The format; absent when it is none that is known.
    format: Option<String>,
    /// Whether every record was taken, now or before.
    clean: bool,
    records: u64,
    taken: u64,
    duplicates: u64,
    conflicts: u64,
    conflicts_recorded: u64,
    refused: u64,
    skipped: u64,
    /// Whether something was recorded.
    appended: bool,
    /// The first and the last entry.
    entries: Option<(u64, u64)>,
    findings: Vec<FindingView>,
    /// How many findings are left out.
    more: u64,
}

/// Something about a file.
#[derive(Debug, Serialize, JsonSchema)]
struct FindingView {
    /// `notice`, `refused` or `conflict`.
    severity: String,
    /// `file`, `{"line": 3}` or `{"pointer": "/jobs/3"}`.
    place: Value,
    /// As a code.
    code: String,
    /// As a sentence.
    detail: String,
    /// The values of the finding.
    fields: Value,
}

/// A delivery to hand over.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes the form, which is read part by part")]
struct DeliveryForm {
    /// The delivery, the work item and, where the files do not say, how many units.
    meta: DeliveryMeta,
    /// The files.
    files: Vec<FileBytes>,
}

/// The bytes of a file.
#[derive(Debug, Deserialize)]
struct FileBytes;

impl JsonSchema for FileBytes {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FileBytes".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "contentMediaType": "application/octet-stream" })
    }
}

/// What a delivery is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DeliveryMeta {
    delivery: Id,
    /// The work item of the agreement.
    item: Id,
    /// Units, where the files do not say.
    #[schemars(range(min = 1, max = 1_000_000_000))]
    quantity: Option<u64>,
    /// Whether nothing is recorded when a file has an error.
    #[serde(default)]
    strict: bool,
}

/// What became of a delivery.
#[derive(Debug, Serialize, JsonSchema)]
struct DeliveryTaken {
    /// The manifest with every file and its hash.
    manifest: Value,
    sha256: String,
    images_without_boxes: u64,
    unknown_labels: Vec<String>,
    /// What the readers noticed, as sentences.
    findings: Vec<String>,
    /// The entry.
    entry: u64,
}

/// A delivery in the list.
#[derive(Debug, Serialize, JsonSchema)]
struct DeliveryRow {
    delivery: Id,
    round: u32,
    items: Vec<contract::event::ItemCount>,
    submitted_at: Timestamp,
    evidence: String,
    /// The round that was inspected last.
    inspected_round: Option<u32>,
    /// The results of the latest inspection.
    results: Vec<contract::event::StandardResult>,
    accepted_at: Option<Timestamp>,
    rejected_at: Option<Timestamp>,
    /// Parties that committed to their half of the sampling seed.
    committed: Vec<contract::terms::Side>,
    /// Parties that revealed it.
    revealed: Vec<contract::terms::Side>,
}

/// A sample of a delivery to draw.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes the form, which is read part by part")]
struct SampleForm {
    /// The work item.
    meta: SampleMeta,
    /// The files as they were handed over.
    files: Vec<FileBytes>,
}

/// A delivery to inspect.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes the form, which is read part by part")]
struct InspectionForm {
    /// The work item.
    meta: SampleMeta,
    /// The files as they were handed over.
    files: Vec<FileBytes>,
    /// The gold labels.
    gold: Vec<FileBytes>,
}

/// Which part of a delivery.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SampleMeta {
    item: Id,
}

pub(crate) fn routes() -> Vec<Route> {
    let read = Gate::At(Operation::ReadDeliveries);
    let inspect = Gate::At(Operation::Inspect);
    vec![
        Route::post("/agreements/{id}/imports", "import", import)
            .about("Takes a file of a real system, or shows what would be taken")
            .gate(Gate::At(Operation::Import))
            .class(Class::Upload)
            .query::<ImportQuery>()
            .takes_bytes(&[
                "application/octet-stream",
                "text/csv",
                "application/json",
                "text/plain",
            ])
            .gives::<ImportView>(),
        Route::get("/agreements/{id}/deliveries", "list_deliveries", deliveries)
            .about("Deliveries with their inspections and decisions")
            .gate(read)
            .gives::<List<DeliveryRow>>(),
        Route::post("/agreements/{id}/deliveries", "deliver", deliver)
            .about("Hands over a delivery of labelled data: its next round")
            .gate(Gate::At(Operation::Deliver))
            .class(Class::Upload)
            .takes_form::<DeliveryForm>()
            .makes::<DeliveryTaken>(),
        Route::post("/agreements/{id}/deliveries/{delivery}/sample", "draw_sample", sample)
            .about("Draws the sample that both seeds give; records nothing")
            .gate(inspect)
            .class(Class::Upload)
            .takes_form::<SampleForm>()
            .gives::<Value>(),
        Route::post("/agreements/{id}/deliveries/{delivery}/inspection", "inspect", inspection)
            .about("Inspects a delivery against gold and records the result")
            .gate(inspect)
            .class(Class::Upload)
            .takes_form::<InspectionForm>()
            .makes::<Value>(),
    ]
}

async fn import(
    at: At,
    Language(lang): Language,
    Query(query): Query<ImportQuery>,
    Body(bytes): Body,
) -> Result<Json<ImportView>, Problem> {
    if bytes.is_empty() {
        return Err(Code::UnreadableFile.into());
    }
    let mut options = ImportOptions {
        strict: query.strict.unwrap_or(false),
        dry_run: query.preview.unwrap_or(false),
        purpose: query.purpose.map(|purpose| purpose.0),
        resource: query.resource,
        ..ImportOptions::default()
    };
    if let Some(cluster) = query.cluster {
        options.cluster = cluster.to_string();
    }
    if let Some(source) = query.source {
        options.prober.source = source.to_string();
    }
    let actor = Actor::Deployment { name: format!("import by {}", at.caller.name()) };
    // A copy of its own: nobody who reads waits for a long file.
    let mut book = at.book().await?.clone();
    let report = at.desk.import_into(&mut book, &actor, None, &bytes, &options).await?;
    let words = Words::new(lang);
    let name = query.name.map_or_else(|| "file".to_owned(), |name| safe_name(&name.0));
    Ok(Json(ImportView::new(&report, &name, &words)))
}

impl ImportView {
    fn new(report: &ImportReport, file: &str, words: &Words) -> Self {
        let shown = report.findings.iter().take(FINDINGS);
        Self {
            format: report.format.and_then(|format| code_of(&format)),
            clean: report.is_clean(),
            records: report.records,
            taken: report.taken,
            duplicates: report.duplicates,
            conflicts: report.conflicts,
            conflicts_recorded: report.conflicts_recorded,
            refused: report.refused,
            skipped: report.skipped,
            appended: report.appended,
            entries: report.entries,
            findings: shown.map(|finding| FindingView::new(finding, file, words)).collect(),
            more: report.findings.len().saturating_sub(FINDINGS) as u64,
        }
    }
}

fn code_of(value: &impl Serialize) -> Option<String> {
    serde_json::to_value(value).ok()?.as_str().map(str::to_owned)
}

impl FindingView {
    fn new(finding: &IntakeFinding, file: &str, words: &Words) -> Self {
        let detail = match &finding.problem {
            IntakeProblem::Read(problem) => {
                let (place, problem) = (finding.place.clone(), problem.clone());
                words.import_finding(file, &desk::import::Finding { place, problem })
            }
            IntakeProblem::Taken(problem) => words.take_problem(file, &finding.place, problem),
        };
        let severity = match finding.severity() {
            Severity::Notice => "notice",
            Severity::Refused => "refused",
            Severity::Conflict => "conflict",
        };
        let mut fields = serde_json::to_value(&finding.problem).unwrap_or(Value::Null);
        let code = fields.as_object_mut().and_then(|fields| fields.remove("code"));
        Self {
            severity: severity.to_owned(),
            place: serde_json::to_value(&finding.place).unwrap_or(Value::Null),
            code: code.and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default(),
            detail,
            fields,
        }
    }
}

async fn deliveries(at: At) -> Result<Json<List<DeliveryRow>>, Problem> {
    let book = at.book().await?;
    let rows = book.state.facts.deliveries.iter().map(|(delivery, found)| DeliveryRow {
        delivery: delivery.clone(),
        round: found.round,
        items: found.items.clone(),
        submitted_at: found.submitted.0,
        evidence: format!("e{}", found.submitted.1),
        inspected_round: found.inspected.as_ref().map(|(round, _, _)| *round),
        results: found.inspected.as_ref().map(|(_, all, _)| all.clone()).unwrap_or_default(),
        accepted_at: found.accepted.map(|(at, _)| at),
        rejected_at: found.rejected.map(|(at, _)| at),
        committed: found.commitments.keys().copied().collect(),
        revealed: found.seeds.keys().copied().collect(),
    });
    Ok(Json(rows.collect::<Vec<_>>().into()))
}

/// A form with its files in a folder of this request.
struct Form<T> {
    meta: T,
    files: PathBuf,
    gold: PathBuf,
    _folder: Scratch,
}

impl<T: serde::de::DeserializeOwned> Form<T> {
    /// Reads the parts `meta`, `files` and `gold`. The whole body was read within the route's
    /// limits before, since the write is kept under its key.
    async fn read(app: &App, request: Request) -> Result<Self, Problem> {
        let wrong = |_| Problem::new(Code::UnsupportedMediaType);
        let mut parts = Multipart::from_request(request, app).await.map_err(wrong)?;
        let folder = app.vault.scratch("form").await?;
        let (files, gold) = (folder.path().join("files"), folder.path().join("gold"));
        for made in [&files, &gold] {
            tokio::fs::create_dir_all(made).await.map_err(|error| Problem::fault(&error))?;
        }
        let mut meta = None;
        let mut count = 0;
        while let Some(part) = parts.next_field().await.map_err(|_| Problem::new(Code::BadBody))? {
            let name = part.name().unwrap_or_default().to_owned();
            let file = part.file_name().map(safe_name);
            let bytes = part.bytes().await.map_err(|_| Problem::new(Code::BadBody))?;
            let place = match name.as_str() {
                "meta" => {
                    meta = Some(crate::extract::read_json(&bytes)?);
                    continue;
                }
                "files" => &files,
                "gold" => &gold,
                _ => return Err(Problem::invalid("part")),
            };
            count += 1;
            if count > FILES {
                return Err(Problem::new(Code::TooMany).field("limit", FILES));
            }
            let path = place.join(file.unwrap_or_else(|| format!("file-{count}")));
            write_new(&path, &bytes).await?;
        }
        let meta = meta.ok_or_else(|| Problem::invalid("meta"))?;
        Ok(Self { meta, files, gold, _folder: folder })
    }
}

/// Writes a file that is not there yet: two parts of one name are a mistake.
async fn write_new(path: &FilePath, bytes: &[u8]) -> Result<(), Problem> {
    let file = tokio::fs::OpenOptions::new().write(true).create_new(true).open(path).await;
    let mut file = file.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Problem::invalid("files"),
        _ => Problem::fault(&error),
    })?;
    file.write_all(bytes).await.map_err(|error| Problem::fault(&error))?;
    file.flush().await.map_err(|error| Problem::fault(&error))
}

/// Where the work of a form lies: the one file, or the folder of several.
fn work_at(folder: &FilePath) -> Result<PathBuf, Problem> {
    let mut files = std::fs::read_dir(folder).map_err(|error| Problem::fault(&error))?;
    match (files.next(), files.next()) {
        (Some(Ok(one)), None) => Ok(one.path()),
        (Some(_), _) => Ok(folder.to_path_buf()),
        (None, _) => Err(Problem::invalid("files")),
    }
}

async fn deliver(
    at: At,
    State(app): State<App>,
    Language(lang): Language,
    request: Request,
) -> Result<Json<DeliveryTaken>, Problem> {
    let form: Form<DeliveryMeta> = Form::read(&app, request).await?;
    let DeliveryMeta { delivery, item, quantity, strict } = form.meta;
    let items = [DeliveredItem { item, path: work_at(&form.files)?, quantity }];
    let done = at.desk.import_delivery(&at.id, &at.actor(), &delivery, &items, strict).await?;
    let words = Words::new(lang);
    let findings = done.findings.iter().take(FINDINGS).map(|found| words.delivery_finding(found));
    Ok(Json(DeliveryTaken {
        manifest: serde_json::to_value(&done.manifest).unwrap_or(Value::Null),
        sha256: done.sha256,
        images_without_boxes: done.images_without_boxes,
        unknown_labels: done.unknown_labels,
        findings: findings.collect(),
        entry: done.entry,
    }))
}

async fn sample(
    at: At,
    State(app): State<App>,
    Path((_, delivery)): Path<(String, Id)>,
    request: Request,
) -> Result<Json<Value>, Problem> {
    let form: Form<SampleMeta> = Form::read(&app, request).await?;
    let work = work_at(&form.files)?;
    let drawn =
        desk::inspection::sample(&at.desk, &at.id, &delivery, &form.meta.item, &work).await?;
    serde_json::to_value(drawn).map(Json).map_err(|error| Problem::fault(&error))
}

async fn inspection(
    at: At,
    State(app): State<App>,
    Path((_, delivery)): Path<(String, Id)>,
    request: Request,
) -> Result<Json<Value>, Problem> {
    let form: Form<SampleMeta> = Form::read(&app, request).await?;
    let (work, gold) = (work_at(&form.files)?, work_at(&form.gold)?);
    let item = &form.meta.item;
    let actor = at.actor();
    let report =
        desk::inspection::inspect(&at.desk, &actor, &at.id, &delivery, item, &work, &gold).await?;
    serde_json::to_value(report).map(Json).map_err(|error| Problem::fault(&error))
}
