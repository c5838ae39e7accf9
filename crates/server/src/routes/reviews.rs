//! Contracts in review: a file in, its clauses and the findings out; two Word files in, a redline
//! out. Nothing of it is kept. Clauses: pb-01 to pb-08.

use std::collections::BTreeMap;

use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use docx::{Compare, Package};
use reading::{ReadOptions, Reading};
use review::{Finding, Playbook, Review, Side};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use units::{Id, Timestamp};

use crate::auth::{Gate, Signed};
use crate::download::{Download, safe_name};
use crate::extract::{Body, Json, Language, Query};
use crate::problem::{Code, FieldError, Problem};
use crate::route::{Class, Route};
use crate::views::{Both, Text};
use crate::words::{DeskWords as _, Words};

use super::models::{self, Asked, AskedModelView, ProposalView, Said};

pub(super) const DOCX: &str =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// How a file is reviewed.
#[derive(Debug, Deserialize, JsonSchema)]
struct ReviewQuery {
    /// From whose side; the customer's where absent.
    side: Option<ReviewSide>,
    /// The name of the file.
    name: Option<Text<0, 200>>,
    /// The id of the playbook; the built-in one where absent.
    playbook: Option<Text<1, 100>>,
    /// Whether the deployment's language model is asked too. It proposes and decides nothing.
    model: Option<bool>,
    /// The agreement for which the document is reviewed. It decides, with every other agreement
    /// that has a say, whether a model may read the document.
    agreement: Option<Id>,
}

/// A side of a contract.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum ReviewSide {
    Customer,
    Vendor,
}

/// A document and what was found in it. Places are characters of `text`.
#[derive(Debug, Serialize, JsonSchema)]
struct ReviewView {
    /// What the file is: `word`, `pdf`, `html`, `markdown` or `text`.
    format: String,
    /// The language of most of it.
    lang: String,
    /// The kind of document, guessed, as a code.
    kind: String,
    /// Names of the customer as the document uses them.
    customer: Vec<String>,
    /// Names of the vendor as the document uses them.
    vendor: Vec<String>,
    /// The canonical text: one line a block.
    text: String,
    blocks: Vec<ReviewBlockView>,
    findings: Vec<ReviewFindingView>,
    /// The language model that was asked; absent where none was.
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<AskedModelView>,
    /// What it proposes: decided by nobody, and no finding depends on it.
    proposals: Vec<ProposalView>,
    /// How many of its proposals were dropped, by reason.
    dropped: BTreeMap<String, u64>,
    /// The worst status of each clause of the playbook.
    summary: BTreeMap<String, String>,
    /// Whether the text breaks off in the middle of a sentence.
    truncated: bool,
    /// How many passages were left out as belonging to a page and not to the document.
    cut: u64,
    /// What the reader of the file left out or could not tell.
    warnings: Vec<String>,
}

/// A line of the text.
#[derive(Debug, Serialize, JsonSchema)]
struct ReviewBlockView {
    anchor: String,
    start: u64,
    end: u64,
    depth: u8,
    heading: bool,
}

/// What the review says about one place.
#[derive(Debug, Serialize, JsonSchema)]
struct ReviewFindingView {
    /// The clause of the playbook, or the check.
    clause: String,
    status: String,
    risk: String,
    /// The position of the playbook that is reached.
    reached: String,
    /// `D` decided by the words, `H` a rule of thumb, `J` for a person.
    confidence: String,
    /// The words, verbatim; empty where nothing is written.
    quote: String,
    start: u64,
    end: u64,
    anchor: Option<String>,
    /// What was read from the words, by name.
    parameters: BTreeMap<String, Value>,
    reason: Both,
    advice: Both,
    /// Words to put in its place, in the language of the document.
    suggestion: Option<String>,
}

/// A clause of the playbook.
#[derive(Debug, Serialize, JsonSchema)]
struct PlaybookClauseView {
    id: String,
    title: Both,
    risk: String,
    strategy: Both,
    preferred: Both,
    fallback: Both,
    walk_away: Both,
    sample: Both,
}

/// A playbook.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PlaybookView {
    id: String,
    title: Both,
    clauses: Vec<PlaybookClauseView>,
}

/// Two versions of a Word file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RedlineBody {
    /// The file as it was, as Base64.
    old: String,
    /// The file as it is, as Base64.
    new: String,
    /// The author of the tracked changes.
    author: Option<Text<1, 100>>,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/playbook", "get_playbook", playbook)
            .about("The playbook that reviews hold contracts against")
            .gives::<PlaybookView>(),
        Route::post("/reviews", "review_document", review_document)
            .about("Reviews a contract; keeps nothing of it")
            .gate(Gate::Signed)
            .class(Class::Upload)
            .free()
            .query::<ReviewQuery>()
            .takes_bytes(&["application/octet-stream", "text/plain"])
            .gives::<ReviewView>(),
        Route::post("/redlines", "redline_documents", redline)
            .about("Marks what differs between two Word files as tracked changes; keeps nothing")
            .gate(Gate::Signed)
            .class(Class::Upload)
            .free()
            .takes::<RedlineBody>()
            .gives_media(DOCX),
    ]
}

async fn playbook(_: Signed) -> Json<PlaybookView> {
    Json(PlaybookView::new(&Playbook::ai_vendor()))
}

impl PlaybookView {
    pub(super) fn new(playbook: &Playbook) -> Self {
        let clauses = playbook.clauses.iter().map(|clause| PlaybookClauseView {
            id: clause.id.clone(),
            title: both(&clause.title),
            risk: code(clause.risk),
            strategy: both(&clause.strategy),
            preferred: both(&clause.preferred),
            fallback: both(&clause.fallback),
            walk_away: both(&clause.walk_away),
            sample: both(&clause.sample),
        });
        let clauses = clauses.collect();
        Self { id: playbook.id.clone(), title: both(&playbook.title), clauses }
    }
}

/// A document that was read and reviewed.
struct Done {
    reading: Reading,
    review: Review,
    playbook: Playbook,
    sha256: String,
}

async fn review_document(
    signed: Signed,
    Language(lang): Language,
    Query(query): Query<ReviewQuery>,
    Body(bytes): Body,
) -> Result<Json<ReviewView>, Problem> {
    let name = query.name.map_or_else(|| "file".to_owned(), |name| safe_name(&name.0));
    let side = match query.side {
        Some(ReviewSide::Vendor) => Side::Vendor,
        Some(ReviewSide::Customer) | None => Side::Customer,
    };
    let playbook = match &query.playbook {
        Some(id) => signed.people().playbook(&signed.caller, &id.0).await?.0,
        None => Playbook::ai_vendor(),
    };
    let work = move || {
        let reading = reading::read_with(&bytes, &name, ReadOptions::default())?;
        let review = review::review(&reading.wording, &playbook, side);
        let sha256 = hex::encode(Sha256::digest(&bytes));
        Ok(Done { reading, review, playbook, sha256 })
    };
    let done: Result<Done, reading::Fault> = apart(work).await?;
    let words = Words::new(lang);
    let done = done.map_err(|fault| unreadable(words.reading_fault(&fault)))?;
    let Done { reading, review, playbook, sha256 } = &done;
    let model = match query.model {
        Some(true) => {
            let (agreement, wording) = (query.agreement.as_ref(), &reading.wording);
            let asked = Asked { agreement, wording, playbook, review, sha256 };
            Some(models::ask(&signed, &asked, &words).await?)
        }
        Some(false) | None => None,
    };
    Ok(Json(ReviewView::new(&done.reading, done.review, model, &words)))
}

async fn redline(
    signed: Signed,
    Language(lang): Language,
    Json(body): Json<RedlineBody>,
) -> Result<Response, Problem> {
    let decode = |text: &str, field| STANDARD.decode(text).map_err(|_| Problem::invalid(field));
    let (old, new) = (decode(&body.old, "old")?, decode(&body.new, "new")?);
    let author = body.author.map_or_else(|| "Tallystick".to_owned(), |author| author.0);
    let at = Timestamp::from_seconds(signed.app.vault.now().seconds()).to_string();
    let words = Words::new(lang);
    let not_marked = words.not_marked();
    let work = move || {
        let (old, new) = (Package::read(&old)?, Package::read(&new)?);
        let compare = Compare { author, at, terms: Vec::new(), words: not_marked };
        docx::redline(&old, &new, &compare).map(|(package, _)| package.write())
    };
    let done = apart(work).await?.map_err(|fault| unreadable(words.docx_fault(&fault)))?;
    Ok(Download::bytes("redline.docx", DOCX, done))
}

/// Work for the processor, on a thread of its own.
pub(super) async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Problem::fault(&error))
}

pub(super) fn unreadable(detail: String) -> Problem {
    let code = "file".to_owned();
    Problem::new(Code::UnreadableFile).at(FieldError { code, detail, ..FieldError::default() })
}

impl ReviewView {
    fn new(reading: &Reading, review: Review, said: Option<Said>, words: &Words) -> Self {
        let wording = &reading.wording;
        let (model, proposals, dropped) = match said {
            Some(Said { model, proposals, dropped }) => (Some(model), proposals, dropped),
            None => (None, Vec::new(), BTreeMap::new()),
        };
        let blocks = wording.blocks.iter().zip(wording.in_characters());
        let blocks = blocks.map(|(block, place)| ReviewBlockView {
            anchor: block.anchor.clone(),
            start: place.start as u64,
            end: place.end as u64,
            depth: block.depth,
            heading: block.heading,
        });
        let summary = review.summary.clauses.iter();
        Self {
            format: code(reading.format),
            lang: wording.lang.code().to_owned(),
            kind: code(review.kind),
            customer: review.parties.customer,
            vendor: review.parties.vendor,
            text: wording.text.clone(),
            blocks: blocks.collect(),
            summary: summary.map(|(clause, status)| (clause.clone(), code(status))).collect(),
            findings: review.findings.into_iter().map(ReviewFindingView::from).collect(),
            model,
            proposals,
            dropped,
            truncated: wording.truncated.is_some(),
            cut: wording.cut.len() as u64,
            warnings: reading.warnings.iter().map(|one| words.reading_warning(one)).collect(),
        }
    }
}

impl From<Finding> for ReviewFindingView {
    fn from(finding: Finding) -> Self {
        let values = finding.parameters.iter();
        Self {
            status: code(finding.status),
            risk: code(finding.risk),
            reached: code(finding.reached),
            confidence: code(finding.confidence),
            parameters: values
                .map(|(name, value)| {
                    ((*name).to_owned(), serde_json::to_value(value).unwrap_or_default())
                })
                .collect(),
            reason: both(&finding.reason),
            advice: both(&finding.advice),
            clause: finding.clause,
            quote: finding.quote,
            start: finding.start as u64,
            end: finding.end as u64,
            anchor: finding.anchor,
            suggestion: finding.suggestion,
        }
    }
}

pub(super) fn both(text: &review::Text) -> Both {
    Both { zh: text.zh.clone(), en: text.en.clone() }
}

/// A value that JSON writes as one word.
pub(super) fn code(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(code)) => code,
        _ => String::new(),
    }
}
