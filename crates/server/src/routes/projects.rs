//! Projects of labelling work under an agreement: made, changed, their guideline and its questions.
//! Serves anno-3.2 and anno-4.1.

use desk::labelling::{
    GuidelineView, LabellingError, Modality, NewProject, NewQuestion, ProjectChange,
    ProjectSettings, ProjectView, QuestionView, TouchedView,
};
use labelling::{BodyError, Guideline, GuidelineError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use units::{Id, Timestamp};

use crate::auth::{At, Gate, Operation};
use crate::extract::{Body, Json, Path, Query};
use crate::problem::{Code, FieldError, Problem};
use crate::route::Route;
use crate::views::{List, Text};
use crate::words::labelling as words;

/// A project to be.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ProjectBody {
    name: Text<1, 200>,
    modality: Modality,
    /// The guideline as an object, or as a text of TOML.
    guideline: Value,
    /// How it is worked on; what is absent is the usual.
    #[serde(default)]
    settings: ProjectSettings,
    /// The work item of the agreement that it is for.
    work_item: Option<Id>,
    /// How many items are agreed.
    #[schemars(range(min = 1, max = 1_000_000_000))]
    quantity: Option<u64>,
    /// Until when.
    deadline: Option<Timestamp>,
}

/// Something new.
#[derive(Debug, Serialize, JsonSchema)]
struct MadeView {
    /// Its id.
    id: String,
}

/// Something new with a number.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct NumberView {
    /// Its number.
    pub(super) n: u64,
}

/// Which version of a guideline.
#[derive(Debug, Deserialize, JsonSchema)]
struct VersionQuery {
    /// The version; the newest where it is absent.
    #[schemars(range(min = 1, max = 9999))]
    version: Option<u32>,
}

/// A text.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TextBody {
    /// What is said.
    pub(super) text: Text<1, 4000>,
}

pub(crate) fn routes() -> Vec<Route> {
    let read = Gate::At(Operation::ReadWork);
    let work = Gate::At(Operation::Work);
    let manage = Gate::At(Operation::ManageWork);
    vec![
        Route::get("/agreements/{id}/projects", "list_projects", list)
            .about("Projects of labelling work, of both sides")
            .gate(read)
            .gives::<List<ProjectView>>(),
        Route::post("/agreements/{id}/projects", "create_project", create)
            .about("Makes a project of labelling work with its guideline")
            .gate(manage)
            .takes::<ProjectBody>()
            .makes::<MadeView>(),
        Route::get("/agreements/{id}/projects/{project}", "get_project", get)
            .about("A project with its counts")
            .gate(read)
            .gives::<ProjectView>(),
        Route::patch("/agreements/{id}/projects/{project}", "change_project", change)
            .about("Changes how a project is worked on")
            .gate(manage)
            .takes::<ProjectChange>()
            .gives::<ProjectView>(),
        Route::get("/agreements/{id}/projects/{project}/guideline", "get_guideline", guideline)
            .about("The guideline, the newest version or an earlier one")
            .gate(read)
            .query::<VersionQuery>()
            .gives::<GuidelineView>(),
        Route::put("/agreements/{id}/projects/{project}/guideline", "put_guideline", put_guideline)
            .about("Lays down the next version of the guideline; says which items it touches")
            .gate(manage)
            .takes_bytes(&["application/json", "application/toml", "text/plain"])
            .gives::<TouchedView>(),
        Route::get("/agreements/{id}/projects/{project}/questions", "list_questions", questions)
            .about("Questions about the guideline, with their answers")
            .gate(read)
            .gives::<List<QuestionView>>(),
        Route::post("/agreements/{id}/projects/{project}/questions", "ask_question", ask)
            .about("Asks a question about the guideline")
            .gate(work)
            .takes::<NewQuestion>()
            .makes::<NumberView>(),
        Route::post(
            "/agreements/{id}/projects/{project}/questions/{question}/answer",
            "answer_question",
            answer,
        )
        .about("Answers a question: the answer belongs to the guideline")
        .gate(work)
        .takes::<TextBody>()
        .gives::<QuestionView>(),
    ]
}

async fn list(at: At) -> Result<Json<List<ProjectView>>, Problem> {
    Ok(Json(at.people().projects(&at.entry).await?.into()))
}

async fn create(at: At, Json(body): Json<ProjectBody>) -> Result<Json<MadeView>, Problem> {
    let text = match body.guideline {
        Value::String(text) => text,
        other => other.to_string(),
    };
    let new = NewProject {
        name: body.name.0,
        modality: body.modality,
        guideline: Guideline::parse(&text).map_err(LabellingError::from)?,
        settings: body.settings,
        work_item: body.work_item,
        quantity: body.quantity,
        deadline: body.deadline,
    };
    let id = at.people().create_project(&at.caller, &at.entry, new).await?;
    Ok(Json(MadeView { id }))
}

async fn get(
    at: At,
    Path((_, project)): Path<(String, String)>,
) -> Result<Json<ProjectView>, Problem> {
    Ok(Json(at.people().project(&at.entry, &project).await?))
}

async fn change(
    at: At,
    Path((_, project)): Path<(String, String)>,
    Json(change): Json<ProjectChange>,
) -> Result<Json<ProjectView>, Problem> {
    Ok(Json(at.people().change_project(&at.entry, &project, &change).await?))
}

async fn guideline(
    at: At,
    Path((_, project)): Path<(String, String)>,
    Query(query): Query<VersionQuery>,
) -> Result<Json<GuidelineView>, Problem> {
    Ok(Json(at.people().guideline(&at.entry, &project, query.version).await?))
}

async fn put_guideline(
    at: At,
    Path((_, project)): Path<(String, String)>,
    Body(bytes): Body,
) -> Result<Json<TouchedView>, Problem> {
    let text = std::str::from_utf8(&bytes).map_err(|_| Problem::new(Code::UnreadableFile))?;
    let guideline = Guideline::parse(text).map_err(LabellingError::from)?;
    let put = at.people().put_guideline(&at.caller, &at.entry, &project, guideline).await?;
    Ok(Json(put))
}

async fn questions(
    at: At,
    Path((_, project)): Path<(String, String)>,
) -> Result<Json<List<QuestionView>>, Problem> {
    Ok(Json(at.people().questions(&at.entry, &project).await?.into()))
}

async fn ask(
    at: At,
    Path((_, project)): Path<(String, String)>,
    Json(new): Json<NewQuestion>,
) -> Result<Json<NumberView>, Problem> {
    let n = at.people().ask(&at.caller, &at.entry, &project, &new).await?;
    Ok(Json(NumberView { n }))
}

async fn answer(
    at: At,
    Path((_, project, question)): Path<(String, String, u64)>,
    Json(body): Json<TextBody>,
) -> Result<Json<QuestionView>, Problem> {
    let people = at.people();
    Ok(Json(people.answer(&at.caller, &at.entry, &project, question, &body.text.0).await?))
}

impl From<LabellingError> for Problem {
    fn from(error: LabellingError) -> Self {
        match error {
            LabellingError::People(error) => error.into(),
            LabellingError::Desk(error) => (*error).into(),
            LabellingError::Guideline(error) => guideline_problem(error),
            LabellingError::Body(BodyError::Field { field }) => {
                Self::invalid("body").at(at_pointer(field, "value", &BodyError::Field { field }))
            }
            LabellingError::Body(error @ BodyError::Syntax { .. }) => {
                Self::new(Code::BadBody).at(at_pointer("", "syntax", &error))
            }
            LabellingError::Body(BodyError::TooMany { limit }) => {
                Self::new(Code::TooMany).field("limit", limit as u64)
            }
            LabellingError::NotNow { state, action } => {
                let (zh, en) = words::not_now(state, action);
                let problem = Self::new(Code::NotNow).field("state", state.code());
                problem.field("action", action.code()).said(zh, en)
            }
            LabellingError::Unfinished { label, attribute } => {
                let (zh, en) = words::unfinished(&attribute);
                let problem = Self::invalid("attributes").field("label", label);
                problem.field("attribute", attribute).said(zh, en)
            }
            LabellingError::Modality { modality } => {
                Self::invalid("modality").field("modality", modality)
            }
            LabellingError::Consensus(_) => Self::invalid("replicas"),
            LabellingError::Delivery(error) => (*error).into(),
            LabellingError::Inspection(error) => (*error).into(),
            LabellingError::Io(error) => Self::fault(&error),
            error @ (LabellingError::Delivered
            | LabellingError::Open { .. }
            | LabellingError::DeliveryFormat { .. }
            | LabellingError::OneName { .. }
            | LabellingError::NoInspection
            | LabellingError::NotDrawn
            | LabellingError::Undecided { .. }) => not_yet(&error),
            LabellingError::File(error) => {
                Self::new(Code::UnreadableFile).at(at_pointer("", "file", &*error))
            }
        }
    }
}

/// What a delivery does not allow now, with the clause that says so.
fn not_yet(error: &LabellingError) -> Problem {
    let problem = Problem::new(Code::NotNow);
    let problem = match error {
        LabellingError::Open { open } => problem.field("open", *open),
        LabellingError::Undecided { left } => problem.field("left", *left),
        LabellingError::OneName { name } => problem.field("name", name.as_str()),
        LabellingError::DeliveryFormat { format, agreed } => {
            problem.field("format", format.as_str()).field("agreed", agreed.join(", "))
        }
        _ => problem,
    };
    let clause = match error {
        LabellingError::Open { .. } => "anno-3.6",
        LabellingError::DeliveryFormat { .. } => "anno-3.5",
        _ => "anno-4.1.1",
    };
    let (zh, en) = words::delivery(error);
    problem.clause(clause).said(zh, en)
}

fn at_pointer(pointer: &str, code: &str, error: &dyn std::error::Error) -> FieldError {
    let (pointer, code) = (pointer.to_owned(), code.to_owned());
    FieldError { pointer, code, detail: error.to_string(), ..FieldError::default() }
}

fn guideline_problem(error: GuidelineError) -> Problem {
    match error {
        GuidelineError::TooLarge { limit } => {
            Problem::new(Code::TooLarge).field("limit", limit as u64)
        }
        GuidelineError::Problems(problems) => {
            problems.into_iter().fold(Problem::invalid("guideline"), |all, problem| {
                all.at(FieldError {
                    pointer: problem.pointer,
                    line: problem.line,
                    column: problem.column,
                    code: problem.code.to_owned(),
                    detail: problem.detail,
                })
            })
        }
    }
}
