//! What is worth looking at in a project, with its words in both languages. Serves anno-3.4 and
//! anno-3.6.

use std::collections::BTreeMap;

use desk::labelling::{Finding, FindingKind, Findings, FoundItem};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::auth::{At, Gate, Operation};
use crate::extract::{Json, Path, Query};
use crate::problem::Problem;
use crate::route::{Class, Route};
use crate::words::findings as words;

/// Which findings.
#[derive(Debug, Deserialize, JsonSchema)]
struct FindingsQuery {
    /// Only of this kind, of which more are listed then.
    kind: Option<FindingKind>,
}

/// Something worth looking at.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProjectFindingView {
    /// What it is about.
    kind: FindingKind,
    /// Why, as a code.
    reason: String,
    /// The items, the first twenty; none where it is about a person.
    items: Vec<FoundItem>,
    /// How many items more.
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<u64>,
    /// The class.
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<String>,
    /// The person.
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<String>,
    /// As a Chinese sentence.
    zh: String,
    /// As an English sentence.
    en: String,
}

/// What is worth looking at in a project.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProjectFindingsView {
    /// The findings, by kind and number; of each kind the first hundred, or of a kind that is asked
    /// for alone the first thousand.
    items: Vec<ProjectFindingView>,
    /// How many there are of each kind.
    counts: BTreeMap<String, u64>,
    /// How many items were looked at.
    looked: u64,
    /// How many of those have no fingerprint: they were taken before one was kept.
    unknown: u64,
    /// How many labels of finished items were looked at.
    labels: u64,
    /// Whether the project holds more than was looked at.
    more: bool,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/agreements/{id}/projects/{project}/findings", "project_findings", findings)
            .about("What is worth looking at: duplicates, outliers, conflicts, identifiers")
            .gate(Gate::At(Operation::ReadWork))
            .class(Class::Upload)
            .query::<FindingsQuery>()
            .gives::<ProjectFindingsView>(),
    ]
}

async fn findings(
    at: At,
    Path((_, project)): Path<(String, String)>,
    Query(query): Query<FindingsQuery>,
) -> Result<Json<ProjectFindingsView>, Problem> {
    let found = at.people().findings(&at.entry, &project, query.kind).await?;
    Ok(Json(found.into()))
}

impl From<Findings> for ProjectFindingsView {
    fn from(found: Findings) -> Self {
        let Findings { items, counts, looked, unknown, labels, more } = found;
        let items = items.into_iter().map(ProjectFindingView::from).collect();
        Self { items, counts, looked, unknown, labels, more }
    }
}

impl From<Finding> for ProjectFindingView {
    fn from(finding: Finding) -> Self {
        let (zh, en) = words::finding(&finding);
        let Finding { kind, reason, items, more, class, person, why: _ } = finding;
        Self {
            kind,
            reason,
            items,
            more: Some(more).filter(|more| *more > 0),
            class,
            person,
            zh,
            en,
        }
    }
}
