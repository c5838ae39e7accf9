//! Items of a project: dealt out, labelled, handed in, reviewed. What the caller may do to an item
//! stands in its `mode`. Serves anno-3.2, anno-3.6 and anno-4.1.

use desk::labelling::{
    AtItem, IssueView, ItemRow, ItemView, NewIssue, SaveAnswer, SaveView, Wanted,
};
use labelling::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use units::Lang;

use super::projects::{NumberView, TextBody};
use super::session::{NOTHING, Nothing};
use crate::auth::{At, Gate, Operation};
use crate::extract::{Body, Json, Language, Path, Query};
use crate::problem::{Code, Problem};
use crate::route::Route;
use crate::views::{List, Page, Text};

/// Which items.
#[derive(Debug, Deserialize, JsonSchema)]
struct ItemsQuery {
    /// In this state.
    state: Option<StateCode>,
    /// Taken by this person.
    person: Option<Text<1, 64>>,
    /// Behind this number: the `next_cursor` of the page before.
    #[schemars(range(min = 0, max = 999_999_999))]
    after: Option<u64>,
    /// How many at most.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
}

/// A state of an item.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum StateCode {
    Waiting,
    Annotating,
    Submitted,
    Reviewing,
    Accepted,
    Returned,
    Skipped,
}

/// What became of asking for work.
#[derive(Debug, Serialize, JsonSchema)]
struct NextView {
    /// The item, held by the caller; absent where nothing is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<ItemView>,
}

/// A save of labels.
#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "describes the body, which is read number by number")]
struct SaveBody {
    /// The revision that the client has seen.
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_u64))]
    base: Option<u64>,
    /// How long the person worked since the save before.
    #[schemars(range(min = 0, max = 86_400))]
    seconds: Option<u64>,
    /// `{"put": {label}}` or `{"delete": "label id"}`, in their order.
    #[schemars(length(max = 6000))]
    operations: Vec<SaveOperation>,
}

/// Something to be done to a label.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "describes the body, which is read number by number")]
enum SaveOperation {
    /// A label is as given: `id`, `kind`, `class`, and what its kind has.
    Put(Value),
    /// No label of this id any more.
    Delete(String),
}

/// Why an item is left out.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ReasonBody {
    /// Why.
    reason: Text<1, 1000>,
}

/// To whom an item is given.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PersonBody {
    /// The person's id.
    person: Text<1, 64>,
}

/// How early an item is labelled.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PriorityBody {
    /// Higher is labelled first.
    priority: u8,
}

/// Which saves.
#[derive(Debug, Deserialize, JsonSchema)]
struct HistoryQuery {
    /// Behind this revision.
    #[schemars(range(min = 0, max = 999_999))]
    after: Option<u64>,
    /// How many at most.
    #[schemars(range(min = 1, max = 100))]
    limit: Option<u32>,
}

/// Items below this path.
macro_rules! item {
    ($rest:literal) => {
        concat!("/agreements/{id}/projects/{project}/items/{seq}", $rest)
    };
}

type ItemPath = Path<(String, String, u64)>;

pub(crate) fn routes() -> Vec<Route> {
    let read = Gate::At(Operation::ReadWork);
    let work = Gate::At(Operation::Work);
    let manage = Gate::At(Operation::ManageWork);
    vec![
        Route::get("/agreements/{id}/projects/{project}/items", "list_items", items)
            .about("Items of a project, page by page")
            .gate(read)
            .query::<ItemsQuery>()
            .gives::<Page<ItemRow>>(),
        Route::post("/agreements/{id}/projects/{project}/next", "next_item", next)
            .about("The next item for the caller, held for them")
            .gate(work)
            .takes::<Wanted>()
            .gives::<NextView>(),
        Route::get(item!(""), "get_item", item)
            .about("An item with its labels, as the caller sees it")
            .gate(read)
            .gives::<ItemView>(),
        Route::post(item!("/labels"), "save_labels", save)
            .about("Saves operations on labels; gives what others did meanwhile")
            .gate(work)
            .takes::<SaveBody>()
            .gives::<SaveAnswer>(),
        Route::get(item!("/history"), "item_history", history)
            .about("The saves of an item, each with its author")
            .gate(read)
            .query::<HistoryQuery>()
            .gives::<Page<SaveView>>(),
        Route::post(item!("/hold"), "hold_item", hold)
            .about("Takes an item for review, or holds it for as long again")
            .gate(work)
            .gives::<ItemView>(),
        Route::post(item!("/submit"), "submit_item", submit)
            .about("Hands an item in")
            .gate(work)
            .nothing(),
        Route::post(item!("/skip"), "skip_item", skip)
            .about("Leaves an item out, with a reason")
            .gate(work)
            .takes::<ReasonBody>()
            .nothing(),
        Route::post(item!("/accept"), "accept_item", accept)
            .about("Accepts an item that the caller reviews")
            .gate(work)
            .nothing(),
        Route::post(item!("/return"), "return_item", send_back)
            .about("Sends an item back to who labelled it, with what is wrong")
            .gate(work)
            .takes::<TextBody>()
            .nothing(),
        Route::post(item!("/reopen"), "reopen_item", reopen)
            .about("Takes an item up again")
            .gate(manage)
            .nothing(),
        Route::post(item!("/assign"), "assign_item", assign)
            .about("Gives an item to a person")
            .gate(manage)
            .takes::<PersonBody>()
            .nothing(),
        Route::post(item!("/priority"), "prioritise_item", prioritise)
            .about("Says how early an item is labelled among those that wait")
            .gate(manage)
            .takes::<PriorityBody>()
            .nothing(),
        Route::get(item!("/issues"), "list_issues", issues)
            .about("The issues of an item")
            .gate(read)
            .gives::<List<IssueView>>(),
        Route::post(item!("/issues"), "raise_issue", raise)
            .about("Raises an issue at a place of an item")
            .gate(work)
            .takes::<NewIssue>()
            .makes::<NumberView>(),
        Route::post(item!("/issues/{issue}/resolve"), "resolve_issue", resolve)
            .about("Resolves an issue")
            .gate(work)
            .nothing(),
    ]
}

impl From<StateCode> for State {
    fn from(code: StateCode) -> Self {
        match code {
            StateCode::Waiting => Self::Waiting,
            StateCode::Annotating => Self::Annotating,
            StateCode::Submitted => Self::Submitted,
            StateCode::Reviewing => Self::Reviewing,
            StateCode::Accepted => Self::Accepted,
            StateCode::Returned => Self::Returned,
            StateCode::Skipped => Self::Skipped,
        }
    }
}

/// How many are wanted.
fn limit(limit: Option<u32>, usual: u32, most: u32) -> Result<u32, Problem> {
    match limit.unwrap_or(usual) {
        limit if (1..=most).contains(&limit) => Ok(limit),
        _ => Err(Code::BadRequest.into()),
    }
}

async fn items(
    at: At,
    Path((_, project)): Path<(String, String)>,
    Query(query): Query<ItemsQuery>,
) -> Result<Json<Page<ItemRow>>, Problem> {
    let limit = limit(query.limit, 50, 200)?;
    let person = query.person.as_ref().map(|person| person.0.as_str());
    let filter = (query.state.map(State::from), person);
    let after = query.after.unwrap_or(0);
    let people = at.people();
    let mut items = people.items(&at.caller, &at.entry, &project, filter, after, limit + 1).await?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next_cursor = items.last().filter(|_| more).map(|last| last.seq.to_string());
    Ok(Json(Page { items, next_cursor }))
}

async fn next(
    at: At,
    Path((_, project)): Path<(String, String)>,
    Json(wanted): Json<Wanted>,
) -> Result<Json<NextView>, Problem> {
    let people = at.people();
    let found = people.next_item(&at.caller, &at.entry, &project, &wanted).await?;
    let item = match found {
        Some(seq) => Some(shown(&at, &project, seq).await?),
        None => None,
    };
    Ok(Json(NextView { item }))
}

/// An item as the caller sees it, in the answer to a write.
async fn shown(at: &At, project: &str, seq: u64) -> Result<ItemView, Problem> {
    let people = at.people();
    let entry = people.enter(&at.caller, &at.id, Operation::ReadWork).await?;
    Ok(people.item(AtItem { caller: &at.caller, entry: &entry, project, seq }).await?)
}

async fn item(at: At, Path((_, project, seq)): ItemPath) -> Result<Json<ItemView>, Problem> {
    Ok(Json(at.people().item(at.item(&project, seq)).await?))
}

async fn save(
    at: At,
    Path((_, project, seq)): ItemPath,
    Body(bytes): Body,
) -> Result<Json<SaveAnswer>, Problem> {
    let people = at.people();
    Ok(Json(people.save_labels(at.item(&project, seq), &bytes).await?))
}

async fn history(
    at: At,
    Path((_, project, seq)): ItemPath,
    Query(query): Query<HistoryQuery>,
) -> Result<Json<Page<SaveView>>, Problem> {
    let limit = limit(query.limit, 20, 100)?;
    let after = query.after.unwrap_or(0);
    let people = at.people();
    let mut items = people.history(at.item(&project, seq), after, limit + 1).await?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next_cursor = items.last().filter(|_| more).map(|last| last.revision.to_string());
    Ok(Json(Page { items, next_cursor }))
}

async fn hold(at: At, Path((_, project, seq)): ItemPath) -> Result<Json<ItemView>, Problem> {
    at.people().hold_item(at.item(&project, seq)).await?;
    Ok(Json(shown(&at, &project, seq).await?))
}

async fn submit(at: At, Path((_, project, seq)): ItemPath) -> Nothing {
    at.people().submit_item(at.item(&project, seq)).await?;
    NOTHING
}

async fn skip(at: At, Path((_, project, seq)): ItemPath, Json(body): Json<ReasonBody>) -> Nothing {
    at.people().skip_item(at.item(&project, seq), &body.reason.0).await?;
    NOTHING
}

async fn accept(at: At, Path((_, project, seq)): ItemPath) -> Nothing {
    at.people().accept_item(at.item(&project, seq)).await?;
    NOTHING
}

async fn send_back(
    at: At,
    Path((_, project, seq)): ItemPath,
    Json(body): Json<TextBody>,
) -> Nothing {
    at.people().return_item(at.item(&project, seq), &body.text.0).await?;
    NOTHING
}

async fn reopen(at: At, Path((_, project, seq)): ItemPath) -> Nothing {
    at.people().reopen_item(at.item(&project, seq)).await?;
    NOTHING
}

async fn assign(
    at: At,
    Path((_, project, seq)): ItemPath,
    Json(body): Json<PersonBody>,
) -> Nothing {
    let people = at.people();
    people.assign_item(at.item(&project, seq), &body.person.0).await?;
    NOTHING
}

async fn prioritise(
    at: At,
    Path((_, project, seq)): ItemPath,
    Json(body): Json<PriorityBody>,
) -> Nothing {
    at.people().prioritise_item(at.item(&project, seq), body.priority).await?;
    NOTHING
}

async fn issues(
    at: At,
    Language(lang): Language,
    Path((_, project, seq)): ItemPath,
) -> Result<Json<List<IssueView>>, Problem> {
    let mut issues = at.people().issues(at.item(&project, seq)).await?;
    for issue in &mut issues {
        if let Some(mistake) = &issue.mistake {
            let (zh, en) = crate::words::labelling::mistake(mistake);
            issue.text = if lang == Lang::Zh { zh } else { en };
        }
    }
    Ok(Json(issues.into()))
}

async fn raise(
    at: At,
    Path((_, project, seq)): ItemPath,
    Json(new): Json<NewIssue>,
) -> Result<Json<NumberView>, Problem> {
    let n = at.people().raise_issue(at.item(&project, seq), &new).await?;
    Ok(Json(NumberView { n }))
}

async fn resolve(
    at: At,
    Path((_, project, seq, issue)): Path<(String, String, u64, u64)>,
) -> Nothing {
    at.people().resolve_issue(at.item(&project, seq), issue).await?;
    NOTHING
}
