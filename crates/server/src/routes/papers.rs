//! Files of an agreement, checking what somebody hands over, and the published schemas and clauses.

use std::collections::HashSet;

use axum::extract::State;
use axum::response::Response;
use contract::event::{Event, Fact};
use contract::{Action, Position};
use desk::verify::{FindingSeverity, Reader};
use schemars::{JsonSchema, schema_for};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use units::{ClauseId, Lang, Timestamp};

use crate::app::App;
use crate::auth::{At, Gate, Operation};
use crate::download::{Download, safe_name};
use crate::extract::{Body, Json, Language, Path, Query};
use crate::problem::{Code, Problem};
use crate::route::{Class, Route};
use crate::views::{Both, List, Text};
use crate::words::{DeskWords as _, Words};

/// A file that the journal names.
#[derive(Debug, Serialize, JsonSchema)]
struct FileView {
    sha256: String,
    /// How many bytes; absent where it is not kept here.
    size: Option<u64>,
    /// `terms`, `document`, `statement`, `invoice`, `credit_note`, `delivery`, `sample`,
    /// `inspection` or `other`.
    kind: String,
    /// What it would be saved as.
    name: String,
    at: Timestamp,
    /// The entry that names it.
    evidence: String,
}

/// Under which name to save a file.
#[derive(Debug, Deserialize, JsonSchema)]
struct FileQuery {
    name: Option<Text<0, 200>>,
}

/// What was checked, and what is wrong with it.
#[derive(Debug, Serialize, JsonSchema)]
struct VerifyView {
    /// Whether nothing is wrong.
    sound: bool,
    /// The report in full.
    report: Value,
    /// The findings as sentences.
    findings: Vec<VerifyFindingView>,
}

/// One thing that was found.
#[derive(Debug, Serialize, JsonSchema)]
struct VerifyFindingView {
    /// `notice` or `error`.
    severity: String,
    code: String,
    detail: String,
}

/// A clause of the catalogue.
#[derive(Debug, Serialize, JsonSchema)]
struct ClauseView {
    id: ClauseId,
    title: Both,
    /// How the product answers it: `rule`, `planned` or `prose`; a heading has none.
    status: Option<String>,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/agreements/{id}/files", "list_files", files)
            .about("Files that the journal names, the newest first")
            .gate(Gate::At(Operation::ReadDocuments))
            .gives::<List<FileView>>(),
        Route::get("/agreements/{id}/files/{sha256}", "get_file", file)
            .about("A file, to save")
            .gate(Gate::At(Operation::ReadDocuments))
            .query::<FileQuery>()
            .gives_media("application/octet-stream"),
        Route::post("/verify", "verify", verify)
            .about("Checks a bundle, a checkpoint, a proof or a journal; keeps nothing")
            .gate(Gate::Public)
            .free()
            .class(Class::Upload)
            .takes_bytes(&["application/octet-stream", "application/zip", "text/plain"])
            .gives::<VerifyView>(),
        Route::get("/schemas/{schema}", "get_schema", schema)
            .about("The JSON Schema of fact, action, agreement, event or position")
            .gate(Gate::Public)
            .gives::<Value>(),
        Route::get("/clauses", "list_clauses", clauses)
            .about("The clauses that the product serves")
            .gate(Gate::Public)
            .gives::<List<ClauseView>>(),
    ]
}

/// What an event names: the kind of file, its hash and its name.
fn named(event: &Event) -> Option<(&'static str, &str, String)> {
    Some(match event {
        Event::AgreementDrafted { terms_sha256, .. } => {
            ("terms", terms_sha256, "terms.json".to_owned())
        }
        Event::DocumentProposed { document, terms_sha256, .. } => {
            ("document", terms_sha256, format!("{}.json", document.id))
        }
        Event::StatementSubmitted(summary) => {
            ("statement", &summary.sha256, format!("{}.json", summary.statement))
        }
        Event::InvoiceIssued(summary) => {
            ("invoice", &summary.sha256, format!("invoice-{}.json", summary.number))
        }
        Event::CreditNoteIssued(summary) => {
            ("credit_note", &summary.sha256, format!("credit-note-{}.json", summary.number))
        }
        Event::FactRecorded { fact, .. } => match fact {
            Fact::DeliverySubmitted { delivery, round, sha256, .. } => {
                ("delivery", sha256, format!("{delivery}-{round}.json"))
            }
            Fact::SampleDrawn { delivery, sha256, .. } => {
                ("sample", sha256, format!("{delivery}-sample.json"))
            }
            Fact::Inspected { delivery, round, sha256, .. } => {
                ("inspection", sha256, format!("{delivery}-{round}-inspection.json"))
            }
            _ => return None,
        },
        _ => return None,
    })
}

/// Every file that the journal names, in its order.
async fn all_files(at: &At) -> Result<Vec<FileView>, Problem> {
    let mut all: Vec<FileView> = Vec::new();
    let mut from = 0;
    loop {
        let page = at.read(from, 2_000).await?;
        let Some((last, _)) = page.last() else { break };
        from = last.seq + 1;
        for (entry, _) in &page {
            if let Some((kind, sha256, name)) = named(&entry.event) {
                all.push(FileView {
                    sha256: sha256.to_owned(),
                    size: None,
                    kind: kind.to_owned(),
                    name: safe_name(&format!("{}-{name}", at.id).replace('/', "-")),
                    at: entry.at,
                    evidence: format!("e{}", entry.seq),
                });
            }
        }
    }
    let mut hashes = HashSet::new();
    for file in &all {
        let mut hash = [0; 32];
        if hex::decode_to_slice(&file.sha256, &mut hash).is_ok() {
            hashes.insert(hash);
        }
    }
    for object in at.desk.find(&at.id, &hashes).await? {
        let hex = hex::encode(object.sha256);
        for file in all.iter_mut().filter(|file| file.sha256 == hex) {
            file.size = Some(object.size);
        }
    }
    Ok(all)
}

/// Whether the reader may see files of a kind.
fn shows(at: &At, kind: &str) -> bool {
    match kind {
        "statement" | "invoice" | "credit_note" => at.allows(Operation::ReadMoney),
        _ => true,
    }
}

async fn files(at: At) -> Result<Json<List<FileView>>, Problem> {
    let mut all = all_files(&at).await?;
    all.retain(|file| shows(&at, &file.kind));
    all.reverse();
    Ok(Json(all.into()))
}

async fn file(
    at: At,
    Path((_, sha256)): Path<(String, String)>,
    Query(query): Query<FileQuery>,
) -> Result<Response, Problem> {
    let mut hash = [0; 32];
    hex::decode_to_slice(&sha256, &mut hash).map_err(|_| Problem::new(Code::NotFound))?;
    let all = all_files(&at).await?;
    let named = all.iter().find(|file| file.sha256 == sha256 && shows(&at, &file.kind));
    let named = named.ok_or(Problem::new(Code::NotFound))?;
    let found = at.desk.find(&at.id, &HashSet::from([hash])).await?.into_iter().next();
    let bytes = at.desk.get(&at.id, &found.ok_or(Problem::new(Code::NotFound))?).await?;
    let name = query.name.as_ref();
    let name = name.map_or_else(|| named.name.clone(), |name| safe_name(&name.0));
    Ok(Download::bytes(&name, "application/octet-stream", bytes))
}

async fn verify(
    State(app): State<App>,
    Language(lang): Language,
    Body(bytes): Body,
) -> Result<Json<VerifyView>, Problem> {
    if bytes.is_empty() {
        return Err(Code::UnreadableFile.into());
    }
    let scratch = app.vault.scratch("verify").await?;
    let written = tokio::fs::write(scratch.path(), &bytes).await;
    written.map_err(|error| Problem::fault(&error))?;
    // A whole journal may be folded: that is work for a thread of its own.
    let checked = tokio::task::spawn_blocking(move || {
        let report = desk::verify::verify(scratch.path(), &Reader::default());
        drop(scratch);
        report
    });
    let report = checked.await.map_err(|error| Problem::fault(&error))??;
    let words = Words::new(lang);
    let findings = report.findings.iter().map(|finding| {
        let value = serde_json::to_value(finding).unwrap_or(Value::Null);
        let severity = match finding.severity() {
            FindingSeverity::Error => "error",
            FindingSeverity::Notice => "notice",
        };
        VerifyFindingView {
            severity: severity.to_owned(),
            code: value["code"].as_str().unwrap_or_default().to_owned(),
            detail: words.verify_finding(finding),
        }
    });
    Ok(Json(VerifyView {
        sound: report.is_sound(),
        findings: findings.collect(),
        report: serde_json::to_value(&report).map_err(|error| Problem::fault(&error))?,
    }))
}

async fn schema(Path(name): Path<String>) -> Result<Json<Value>, Problem> {
    let schema = match name.as_str() {
        "fact" => schema_for!(Fact),
        "action" => schema_for!(Action),
        "agreement" => contract::schema(),
        "event" => contract::event_schema(),
        "position" => schema_for!(Position),
        _ => return Err(Code::NotFound.into()),
    };
    Ok(Json(schema.to_value()))
}

async fn clauses() -> Json<List<ClauseView>> {
    let words = (Words::new(Lang::Zh), Words::new(Lang::En));
    let all = document::words::catalogue().map(|(id, status)| {
        let title = |words: &Words| words.clause_title(&id).unwrap_or_default().to_owned();
        let title = Both { zh: title(&words.0), en: title(&words.1) };
        ClauseView { title, status: status.map(str::to_owned), id }
    });
    Json(all.collect::<Vec<_>>().into())
}
