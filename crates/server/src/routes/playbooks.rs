//! Playbooks of an organisation's own, beside the built-in one. Clauses: pb-01 to pb-08.

use desk::people::PlaybookError;
use review::Playbook;
use schemars::JsonSchema;
use serde::Serialize;

use super::reviews::{PlaybookView, both};
use crate::auth::{Gate, Operation, Signed};
use crate::extract::{Body, Json, Path};
use crate::problem::{Code, FieldError, Problem};
use crate::route::{Class, Route};
use crate::routes::session::{NOTHING, Nothing};
use crate::views::{Both, List};

/// A playbook in the list.
#[derive(Debug, Serialize, JsonSchema)]
struct PlaybookEntryView {
    id: String,
    title: Both,
    /// Whether it comes with the program and cannot be changed.
    built_in: bool,
}

/// A playbook with its text.
#[derive(Debug, Serialize, JsonSchema)]
struct PlaybookTextView {
    /// TOML.
    toml: String,
    playbook: PlaybookView,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/playbooks", "list_playbooks", list)
            .about("The built-in playbook and those of the organisation")
            .gate(Gate::Office(Operation::ReadDocuments))
            .gives::<List<PlaybookEntryView>>(),
        Route::get("/playbooks/{id}", "get_playbook_text", get)
            .about("A playbook with its text")
            .gate(Gate::Office(Operation::ReadDocuments))
            .gives::<PlaybookTextView>(),
        Route::put("/playbooks/{id}", "keep_playbook", keep)
            .about("Keeps a playbook of the organisation under its id")
            .gate(Gate::Office(Operation::Draft))
            .class(Class::Upload)
            .free()
            .takes_bytes(&["text/plain"])
            .gives::<PlaybookTextView>(),
        Route::delete("/playbooks/{id}", "drop_playbook", drop_playbook)
            .about("Removes a playbook of the organisation")
            .gate(Gate::Office(Operation::Draft))
            .nothing(),
    ]
}

async fn list(signed: Signed) -> Result<Json<List<PlaybookEntryView>>, Problem> {
    let entry = |playbook: &Playbook, built_in| PlaybookEntryView {
        id: playbook.id.clone(),
        title: both(&playbook.title),
        built_in,
    };
    let mut all = vec![entry(&Playbook::ai_vendor(), true)];
    for (_, text) in signed.people().playbooks(&signed.caller).await? {
        let playbook = Playbook::parse(&text).map_err(PlaybookError::Problems)?;
        all.push(entry(&playbook, false));
    }
    Ok(Json(all.into()))
}

async fn get(signed: Signed, Path(id): Path<String>) -> Result<Json<PlaybookTextView>, Problem> {
    let (playbook, toml) = signed.people().playbook(&signed.caller, &id).await?;
    Ok(Json(PlaybookTextView { toml, playbook: PlaybookView::new(&playbook) }))
}

async fn keep(
    signed: Signed,
    Path(id): Path<String>,
    Body(bytes): Body,
) -> Result<Json<PlaybookTextView>, Problem> {
    let text = String::from_utf8(bytes.to_vec()).map_err(|_| Problem::new(Code::UnreadableFile))?;
    let playbook = signed.people().keep_playbook(&signed.caller, &id, &text).await?;
    Ok(Json(PlaybookTextView { toml: text, playbook: PlaybookView::new(&playbook) }))
}

async fn drop_playbook(signed: Signed, Path(id): Path<String>) -> Nothing {
    signed.people().drop_playbook(&signed.caller, &id).await?;
    NOTHING
}

impl From<PlaybookError> for Problem {
    fn from(error: PlaybookError) -> Self {
        match error {
            PlaybookError::People(error) => error.into(),
            PlaybookError::Name => Self::invalid("id"),
            PlaybookError::Problems(problems) => {
                problems.into_iter().fold(Self::invalid("playbook"), |all, problem| {
                    all.at(FieldError {
                        line: Some(problem.line as u64),
                        column: Some(problem.column as u64),
                        code: "playbook".to_owned(),
                        detail: problem.message,
                        ..FieldError::default()
                    })
                })
            }
        }
    }
}
