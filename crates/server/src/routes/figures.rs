//! Figures of a project, its gold and consensus, and its labels in and out. Serves anno-3.5,
//! anno-3.6 and anno-4.1.

use std::collections::BTreeSet;

use axum::response::{IntoResponse as _, Response};
use desk::labelling::{
    Against, ConsensusView, GoldChange, GoldView, ImportedLabels, MistakesView, PayrollView,
    ProgressView, ProjectQualityView, ReplicasView, Taken, WorkView, WorkerView,
};
use document::words::Words;
use formats::{Format, OutFile};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::Date;

use super::session::{NOTHING, Nothing};
use crate::auth::{At, Gate, Operation};
use crate::download::{Download, file_name, safe_name};
use crate::extract::{Body, Json, Language, Path, Query};
use crate::problem::{Code, Problem};
use crate::route::{Class, Route};
use crate::views::{List, Text};
use crate::words::DeskWords as _;

/// How many findings an answer holds.
const FINDINGS: usize = 500;

/// Which days, and how they are written.
#[derive(Debug, Deserialize, JsonSchema)]
struct PayrollQuery {
    /// The first day.
    from: Option<Date>,
    /// The last day.
    to: Option<Date>,
    /// `json` or `csv`.
    format: Option<PayrollFormat>,
}

/// How a payroll is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum PayrollFormat {
    Json,
    Csv,
}

/// Which mistakes.
#[derive(Debug, Deserialize, JsonSchema)]
struct MistakesQuery {
    /// `gold` or `review`.
    against: Against,
    /// Behind this number: the `next_cursor` of the answer before.
    #[schemars(range(min = 0, max = 999_999_999))]
    after: Option<u64>,
}

/// In which format labels go out.
#[derive(Debug, Deserialize, JsonSchema)]
struct ExportQuery {
    /// `coco`, `voc`, `yolo`, `cvat`, `label-studio`, `datumaro`, `activitynet`, `csv`, `jsonl`,
    /// `parquet` or `croissant`.
    format: Text<1, 20>,
}

/// How a file of labels is taken.
#[derive(Debug, Deserialize, JsonSchema)]
struct ImportLabelsQuery {
    /// The format; seen by the content where it is absent.
    format: Option<Text<1, 20>>,
    /// `import`, `model` or `gold`.
    taken: Option<TakenCode>,
    /// The name of the file: its ending tells a table from a text.
    name: Option<Text<1, 200>>,
}

/// As what labels are taken.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum TakenCode {
    Import,
    Model,
    Gold,
}

/// What became of a file of labels.
#[derive(Debug, Serialize, JsonSchema)]
struct ImportedView {
    #[serde(flatten)]
    done: ImportedLabels,
    /// What the reader of the file found, as sentences.
    findings: Vec<String>,
    /// How many findings are left out.
    more: u64,
}

/// What a format cannot hold of the accepted labels.
#[derive(Debug, Serialize, JsonSchema)]
struct ExportReportView {
    /// The format.
    format: String,
    /// How many items are accepted.
    items: u64,
    /// How many labels go out.
    labels: u64,
    /// Keyframes, and tracks of a video without frames, which no dataset holds.
    left_out: u64,
    /// What the format holds not, or in another form.
    losses: Vec<LossView>,
}

/// One kind of loss.
#[derive(Debug, Serialize, JsonSchema)]
struct LossView {
    /// What, in the reader's language.
    what: String,
    /// Whether it is gone or changed, in the reader's language.
    effect: String,
    /// How often.
    count: u64,
    /// The first places.
    places: Vec<String>,
}

/// Items of which the replicas are merged anew.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ItemsBody {
    /// Their numbers.
    #[schemars(length(min = 1, max = 100))]
    items: Vec<u64>,
}

/// What a person can do.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SkillsBody {
    /// Skills as items ask for them; everything where it is absent.
    #[schemars(length(max = 100))]
    skills: Option<BTreeSet<String>>,
}

pub(crate) fn routes() -> Vec<Route> {
    let read = Gate::At(Operation::ReadWork);
    let manage = Gate::At(Operation::ManageWork);
    vec![
        Route::get("/agreements/{id}/projects/{project}/progress", "project_progress", progress)
            .about("How far a project is, and when it will be done")
            .gate(read)
            .gives::<ProgressView>(),
        Route::get("/agreements/{id}/projects/{project}/people", "project_people", people)
            .about("Speed and quality of the people of a project")
            .gate(read)
            .gives::<List<WorkerView>>(),
        Route::put("/agreements/{id}/projects/{project}/people/{person}", "set_skills", skills)
            .about("Says what a person can do in a project")
            .gate(manage)
            .free()
            .takes::<SkillsBody>()
            .nothing(),
        Route::get("/agreements/{id}/projects/{project}/payroll", "project_payroll", payroll)
            .about("Hours and pieces by person, as JSON or CSV")
            .gate(Gate::At(Operation::ReadPayroll))
            .query::<PayrollQuery>()
            .gives::<PayrollView>(),
        Route::get("/agreements/{id}/projects/{project}/quality", "project_quality", quality)
            .about("Quality against gold and review, by class")
            .gate(read)
            .gives::<ProjectQualityView>(),
        Route::get("/agreements/{id}/projects/{project}/mistakes", "project_mistakes", mistakes)
            .about("What was wrong, item by item, against gold or review")
            .gate(read)
            .query::<MistakesQuery>()
            .gives::<MistakesView>(),
        Route::get("/agreements/{id}/projects/{project}/replicas", "project_replicas", replicas)
            .about("How far people who labelled the same items agree, and where they do not")
            .gate(read)
            .gives::<ReplicasView>(),
        Route::post("/agreements/{id}/projects/{project}/gold", "change_gold", gold)
            .about("Makes accepted items gold, or gold no more")
            .gate(manage)
            .takes::<GoldChange>()
            .gives::<GoldView>(),
        Route::post("/agreements/{id}/projects/{project}/consensus", "merge_replicas", consensus)
            .about("Merges the replicas of items to a new revision")
            .gate(manage)
            .takes::<ItemsBody>()
            .gives::<ConsensusView>(),
        Route::post("/agreements/{id}/projects/{project}/labels/import", "import_labels", import)
            .about("Takes a file of pre-labels or gold, by the names of the items")
            .gate(manage)
            .class(Class::Upload)
            .query::<ImportLabelsQuery>()
            .takes_bytes(&[
                "application/octet-stream",
                "application/json",
                "application/zip",
                "text/csv",
                "text/plain",
            ])
            .gives::<ImportedView>(),
        Route::get("/agreements/{id}/projects/{project}/export", "export_labels", export)
            .about("The accepted labels in a format, with the report of what it cannot hold")
            .gate(read)
            .class(Class::Upload)
            .query::<ExportQuery>()
            .gives_media("application/zip"),
        Route::get(
            "/agreements/{id}/projects/{project}/export/report",
            "export_report",
            export_report,
        )
        .about("What a format cannot hold of the accepted labels")
        .gate(read)
        .class(Class::Upload)
        .query::<ExportQuery>()
        .gives::<ExportReportView>(),
    ]
}

async fn progress(
    at: At,
    Path((_, project)): Path<(String, String)>,
) -> Result<Json<ProgressView>, Problem> {
    Ok(Json(at.people().progress(&at.entry, &project).await?))
}

async fn people(
    at: At,
    Path((_, project)): Path<(String, String)>,
) -> Result<Json<List<WorkerView>>, Problem> {
    Ok(Json(at.people().workers(&at.caller, &at.entry, &project).await?.into()))
}

async fn skills(
    at: At,
    Path((_, project, person)): Path<(String, String, String)>,
    Json(body): Json<SkillsBody>,
) -> Nothing {
    at.people().set_skills(&at.caller, &at.entry, &project, &person, body.skills).await?;
    NOTHING
}

async fn payroll(
    at: At,
    Path((_, project)): Path<(String, String)>,
    Query(query): Query<PayrollQuery>,
) -> Result<Response, Problem> {
    let view = at.people().payroll(&at.entry, &project, query.from, query.to).await?;
    if query.format != Some(PayrollFormat::Csv) {
        return Ok(Json(view).into_response());
    }
    let name = file_name(&["payroll", &project], "csv");
    Ok(Download::bytes(&name, "text/csv; charset=utf-8", csv(&view).into_bytes()))
}

/// A line a person. A name that begins as a formula would is made a text for spreadsheets.
fn csv(view: &PayrollView) -> String {
    let head = "person,name,days,label_seconds,review_seconds,submitted,submitted_labels,\
                corrected,skipped,accepted,returned,reviewed,made,changed,deleted\r\n";
    let mut text = head.to_owned();
    for line in &view.lines {
        let name = line.name.replace('"', "\"\"");
        let formula = name.starts_with(['=', '+', '-', '@', '\t', '\r']);
        let name = if formula { format!("'{name}") } else { name };
        let WorkView { days, label_seconds, review_seconds, submitted, .. } = line.work;
        let WorkView { submitted_labels, corrected, skipped, accepted, .. } = line.work;
        let WorkView { returned, reviewed, made, changed, deleted, .. } = line.work;
        let figures = [
            days,
            label_seconds,
            review_seconds,
            submitted,
            submitted_labels,
            corrected,
            skipped,
            accepted,
            returned,
            reviewed,
            made,
            changed,
            deleted,
        ];
        let figures = figures.map(|figure| figure.to_string()).join(",");
        text.push_str(&format!("{},\"{name}\",{figures}\r\n", line.person));
    }
    text
}

async fn quality(
    at: At,
    Path((_, project)): Path<(String, String)>,
) -> Result<Json<ProjectQualityView>, Problem> {
    Ok(Json(at.people().work_quality(&at.entry, &project).await?))
}

async fn mistakes(
    at: At,
    Path((_, project)): Path<(String, String)>,
    Query(query): Query<MistakesQuery>,
) -> Result<Json<MistakesView>, Problem> {
    let after = query.after.unwrap_or(0);
    Ok(Json(at.people().mistakes(&at.entry, &project, query.against, after).await?))
}

async fn replicas(
    at: At,
    Path((_, project)): Path<(String, String)>,
) -> Result<Json<ReplicasView>, Problem> {
    Ok(Json(at.people().replicas(&at.entry, &project).await?))
}

async fn gold(
    at: At,
    Path((_, project)): Path<(String, String)>,
    Json(change): Json<GoldChange>,
) -> Result<Json<GoldView>, Problem> {
    Ok(Json(at.people().change_gold(&at.caller, &at.entry, &project, &change).await?))
}

async fn consensus(
    at: At,
    Path((_, project)): Path<(String, String)>,
    Json(body): Json<ItemsBody>,
) -> Result<Json<ConsensusView>, Problem> {
    let people = at.people();
    Ok(Json(people.merge_replicas(&at.caller, &at.entry, &project, &body.items).await?))
}

fn format_of(code: &str) -> Result<Format, Problem> {
    let found = Format::ALL.into_iter().find(|format| format.code() == code);
    found.ok_or_else(|| Problem::invalid("format"))
}

async fn import(
    at: At,
    Path((_, project)): Path<(String, String)>,
    Language(lang): Language,
    Query(query): Query<ImportLabelsQuery>,
    Body(bytes): Body,
) -> Result<Json<ImportedView>, Problem> {
    let format = query.format.as_ref().map(|format| format_of(&format.0)).transpose()?;
    let taken = match query.taken {
        None | Some(TakenCode::Import) => Taken::Import,
        Some(TakenCode::Model) => Taken::Model,
        Some(TakenCode::Gold) => Taken::Gold,
    };
    let name = query.name.map_or_else(|| "labels.json".to_owned(), |name| safe_name(&name.0));
    let folder = at.app.vault.scratch("folder").await?;
    let failed = |error: std::io::Error| Problem::fault(&error);
    tokio::fs::create_dir_all(folder.path()).await.map_err(failed)?;
    let file = folder.path().join(&name);
    tokio::fs::write(&file, &bytes).await.map_err(failed)?;
    let people = at.people();
    let done = people.import_labels(&at.caller, &at.entry, &project, &file, (format, taken)).await;
    let done = done?;
    // A place names the file as it was given, and no folder of ours.
    let ours = folder.path().display().to_string();
    let words = Words::new(lang);
    let say = |finding: &annotation::Finding| {
        words.delivery_finding(finding).replace(&format!("{ours}/"), "")
    };
    let findings = done.findings.iter().take(FINDINGS).map(say).collect();
    let more = done.findings.len().saturating_sub(FINDINGS) as u64;
    Ok(Json(ImportedView { done, findings, more }))
}

async fn export(
    at: At,
    Path((_, project)): Path<(String, String)>,
    Query(query): Query<ExportQuery>,
) -> Result<Response, Problem> {
    let format = format_of(&query.format.0)?;
    let people = at.people();
    let mut made = people.export_labels(&at.caller, &at.entry, &project, format).await?;
    let report = serde_json::to_vec_pretty(&made.report(format));
    let bytes = report.map_err(|error| Problem::fault(&error))?;
    made.exported.files.push(OutFile { name: "report.json".to_owned(), bytes });
    let scratch = at.app.vault.scratch("zip").await?;
    let (path, files) = (scratch.path().to_owned(), made.exported.files);
    let saved = tokio::task::spawn_blocking(move || formats::save(&files, &path)).await;
    let saved = saved.map_err(|_| Problem::new(Code::Fault))?;
    saved.map_err(|error| Problem::fault(&error))?;
    let name = file_name(&[&project, format.code()], "zip");
    Download::file(&name, "application/zip", scratch).await
}

async fn export_report(
    at: At,
    Path((_, project)): Path<(String, String)>,
    Language(lang): Language,
    Query(query): Query<ExportQuery>,
) -> Result<Json<ExportReportView>, Problem> {
    let format = format_of(&query.format.0)?;
    let made = at.people().export_labels(&at.caller, &at.entry, &project, format).await?;
    let report = made.report(format);
    let words = Words::new(lang);
    let losses = report.losses.into_iter().map(|loss| LossView {
        what: words.name(loss.code).to_owned(),
        effect: words.name(loss.effect).to_owned(),
        count: loss.count,
        places: loss.places,
    });
    Ok(Json(ExportReportView {
        format: format.code().to_owned(),
        items: report.items,
        labels: report.labels,
        left_out: report.left_out,
        losses: losses.collect(),
    }))
}
