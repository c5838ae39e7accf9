//! Manifests of a project's raw data, which both parties sign: what was declared, the proposal, the
//! files that the annex names. Serves anno-3.4, anno-6.2. The signing is that of any document.

use axum::response::Response;
use desk::labelling::{RawDataFile, RawDataView};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::Id;

use crate::auth::{At, Gate, Operation};
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::route::{Class, Route};
use crate::routes::material::send;

/// A proposal; there is nothing to choose.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ProposeBody {}

/// A manifest that was proposed.
#[derive(Debug, Serialize, JsonSchema)]
struct ManifestView {
    /// The annex, to be signed by both parties.
    document: Id,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/agreements/{id}/projects/{project}/raw-data", "get_raw_data", declared)
            .about("What was declared of a project's raw data, and the manifests to be signed")
            .gate(Gate::At(Operation::ReadDocuments))
            .gives::<RawDataView>(),
        Route::post("/agreements/{id}/projects/{project}/raw-data", "propose_raw_data", propose)
            .about("Proposes a manifest of all items as an annex, which both parties sign")
            .gate(Gate::At(Operation::Propose))
            .class(Class::Upload)
            .takes::<ProposeBody>()
            .makes::<ManifestView>(),
        Route::get(
            "/agreements/{id}/projects/{project}/raw-data/{number}/statement",
            "get_raw_data_statement",
            statement,
        )
        .about("The statement that a manifest's annex names by its SHA-256")
        .gate(Gate::At(Operation::ReadDocuments))
        .gives_media("application/json"),
        Route::get(
            "/agreements/{id}/projects/{project}/raw-data/{number}/items",
            "get_raw_data_items",
            items,
        )
        .about("The items of a manifest, a line of JSON each; the statement names its SHA-256")
        .gate(Gate::At(Operation::ReadDocuments))
        .class(Class::Upload)
        .gives_media("application/jsonl"),
    ]
}

async fn declared(
    at: At,
    Path((_, project)): Path<(String, String)>,
) -> Result<Json<RawDataView>, Problem> {
    let book = at.book().await?;
    Ok(Json(at.people().raw_data(&at.entry, &project, &book.state).await?))
}

async fn propose(
    at: At,
    Path((_, project)): Path<(String, String)>,
    Json(ProposeBody {}): Json<ProposeBody>,
) -> Result<Json<ManifestView>, Problem> {
    let document = at.people().propose_raw_data(&at.caller, &at.entry, &project).await?;
    Ok(Json(ManifestView { document }))
}

type ManifestPath = Path<(String, String, u32)>;

async fn statement(at: At, path: ManifestPath) -> Result<Response, Problem> {
    file(&at, path, RawDataFile::Statement, ("json", "application/json")).await
}

async fn items(at: At, path: ManifestPath) -> Result<Response, Problem> {
    file(&at, path, RawDataFile::List, ("jsonl", "application/jsonl")).await
}

async fn file(
    at: &At,
    Path((_, project, number)): ManifestPath,
    file: RawDataFile,
    (ending, media): (&str, &str),
) -> Result<Response, Problem> {
    let book = at.book().await?;
    let of = (project.as_str(), number);
    let object = at.people().raw_data_file(&at.entry, of, file, &book.state).await?;
    send(at, &object, &format!("raw-data-{project}-{number}.{ending}"), media).await
}
