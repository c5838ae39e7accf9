//! Agreements: the list with what needs the reader first, one agreement, its position and its
//! account; laying down terms and proposing documents.

use std::collections::{BTreeMap, BTreeSet};

use axum::response::Response;
use contract::Position;
use contract::event::Signing;
use contract::form::Severity;
use contract::obligation::{ObligationKind, ObligationStatus};
use contract::terms::{Agreement, Document, Side};
use desk::Book;
use desk::account::Account;
use desk::agreement_file::{CheckedFile, FileProblem, Limits, check_agreement};
use desk::papers::{NewDocument, SEALED};
use desk::people::Role;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use settlement::Transaction;
use units::{ClauseId, Date, Id, Money, Timestamp};

use super::versions::{ManifestView, SignatoriesBody, media_of};
use crate::auth::{At, Gate, Operation, Signed};
use crate::download::{Download, safe_name};
use crate::extract::{Body, Json, Language, Path, Query};
use crate::problem::{Code, FieldError, Problem};
use crate::route::{Class, Route};
use crate::views::{Both, BothWords, Page, PageQuery, RecordedView, Text};
use crate::words::Words;

/// How many open obligations of the reader's side a row of the list names.
const NAMED: usize = 10;

/// Which agreements.
#[derive(Debug, Deserialize, JsonSchema)]
struct AgreementsQuery {
    /// How many at most.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    #[schemars(length(min = 1, max = 512), regex(pattern = "^[A-Za-z0-9_-]+$"))]
    cursor: Option<String>,
    /// In this phase: `empty`, `draft`, `in_force` or `ended`.
    phase: Option<PhaseCode>,
    /// With this text in the title, the name or a party.
    q: Option<Text<0, 200>>,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum PhaseCode {
    Empty,
    Draft,
    InForce,
    Ended,
}

/// An agreement in the list.
#[derive(Debug, Serialize, JsonSchema)]
struct AgreementRow {
    id: Id,
    /// `annotation`, `training`, `lease` or `classification`.
    kind: String,
    title: Both,
    /// The reader's side.
    side: Side,
    /// `empty`, `draft`, `in_force` or `ended`.
    phase: String,
    /// The customer's name.
    customer: Option<String>,
    /// The vendor's name.
    vendor: Option<String>,
    /// The last day.
    ends: Option<Date>,
    /// How many entries the journal has.
    entries: u64,
    /// What the reader's side owes, the first due first.
    needs_me: Vec<NeedView>,
    /// When the next obligation of either side is due.
    next_due: Option<Timestamp>,
    /// Obligations of both sides whose time has run out.
    breached: u32,
    /// What is left to pay; absent where the reader may not see money.
    open: Option<Money>,
    /// What is left to pay after its day.
    overdue: Option<Money>,
}

/// Something that is owed.
#[derive(Debug, Serialize, JsonSchema)]
struct NeedView {
    obligation: Id,
    kind: ObligationKind,
    due: Timestamp,
    clause: ClauseId,
    status: ObligationStatus,
}

/// One agreement.
#[derive(Debug, Serialize, JsonSchema)]
struct AgreementView {
    id: Id,
    title: Both,
    kind: String,
    /// The reader's side.
    side: Side,
    /// What the reader is here.
    roles: BTreeSet<Role>,
    /// What the reader may do here.
    may: Vec<Operation>,
    phase: String,
    /// The terms as they hold.
    agreement: Option<Agreement>,
    /// The terms as they were laid down, while they are not in force or differ from those that are.
    drafted: Option<Agreement>,
    customer: Option<String>,
    vendor: Option<String>,
    seats: SeatsView,
    /// SHA-256 of the laid down terms.
    terms_sha256: Option<String>,
    signed: Vec<SignedView>,
    /// Documents proposed after the signing.
    documents: Vec<ProposedView>,
    entries: u64,
}

/// Which seats are taken.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
pub(crate) struct SeatsView {
    pub(crate) customer: bool,
    pub(crate) vendor: bool,
}

/// A signature on the terms.
#[derive(Debug, Serialize, JsonSchema)]
struct SignedView {
    side: Side,
    signatory: String,
    /// The public key.
    key: String,
}

/// A document proposed after the signing.
#[derive(Debug, Serialize, JsonSchema)]
struct ProposedView {
    document: Document,
    terms_sha256: String,
    /// What is signed; absent where the document alone is.
    #[serde(skip_serializing_if = "Option::is_none")]
    manifest: Option<ManifestView>,
    /// Who signed.
    signed: Vec<Side>,
    /// The entry of its proposal.
    evidence: String,
}

/// As of when.
#[derive(Debug, Deserialize, JsonSchema)]
struct AsOf {
    /// As of this instant; now where absent.
    as_of: Option<Timestamp>,
}

/// As of which day.
#[derive(Debug, Deserialize, JsonSchema)]
struct AsOfDay {
    /// As of this day; today in the agreement's zone where absent.
    as_of: Option<Date>,
}

/// The account between the parties and the vendor's books.
#[derive(Debug, Serialize, JsonSchema)]
struct AccountView {
    account: Account,
    books: BooksView,
}

/// The vendor's books: balanced transactions, and what they leave on each account.
#[derive(Debug, Serialize, JsonSchema)]
struct BooksView {
    transactions: Vec<Transaction>,
    balances: BTreeMap<String, Money>,
}

/// What a file of terms says, and what is wrong with it.
#[derive(Debug, Serialize, JsonSchema)]
struct CheckView {
    problems: Vec<ProblemView>,
    /// The terms; absent where they do not read.
    agreement: Option<Agreement>,
    /// Whether nothing stands in the way of signing.
    can_be_signed: bool,
}

/// Something wrong with terms.
#[derive(Debug, Serialize, JsonSchema)]
struct ProblemView {
    /// `error` or `warning`.
    severity: String,
    /// The broken rule, as a code.
    rule: String,
    path: String,
    line: u64,
    column: u64,
    clause: Option<ClauseId>,
    detail: String,
}

/// Terms to lay down.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewAgreement {
    /// The terms, TOML or JSON.
    #[schemars(length(min = 1, max = 1_000_000))]
    text: String,
    /// The side of the caller's organisation.
    side: Side,
    /// The organisation that takes the other seat.
    counterparty: Option<Text<1, 128>>,
}

/// A new agreement.
#[derive(Debug, Serialize, JsonSchema)]
struct MadeAgreement {
    id: Id,
    #[serde(flatten)]
    recorded: RecordedView,
}

/// Changed terms.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TermsBody {
    /// The terms, TOML or JSON.
    #[schemars(length(min = 1, max = 1_000_000))]
    text: String,
}

/// A document to propose.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DocumentBody {
    document: Document,
    /// Who signs, where the agreement was signed by its papers; whoever signed last where absent.
    #[serde(default)]
    signatories: SignatoriesBody,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/agreements", "list_agreements", list)
            .about("Agreements that the caller may see, what needs the caller first")
            .query::<AgreementsQuery>()
            .gives::<Page<AgreementRow>>(),
        Route::post("/agreements/check", "check_agreement", check)
            .about("Reads terms and says what is wrong with them; keeps nothing")
            .free()
            .takes_bytes(&["text/plain", "application/json", "application/toml"])
            .gives::<CheckView>(),
        Route::post("/agreements", "create_agreement", create)
            .about("Lays down the terms of a new agreement")
            .gate(Gate::Office(Operation::Draft))
            .takes::<NewAgreement>()
            .makes::<MadeAgreement>(),
        Route::get("/agreements/{id}", "get_agreement", get)
            .about("One agreement with its terms, seats and signatures")
            .gate(Gate::At(Operation::ReadPosition))
            .gives::<AgreementView>(),
        Route::post("/agreements/{id}/terms", "change_terms", change_terms)
            .about("Lays down changed terms, while nobody has signed")
            .gate(Gate::At(Operation::Draft))
            .takes::<TermsBody>()
            .makes::<RecordedView>(),
        Route::get("/agreements/{id}/position", "get_position", position)
            .about("Where the agreement stands: obligations, measures, money, rights")
            .gate(Gate::At(Operation::ReadPosition))
            .query::<AsOf>()
            .gives::<Position>(),
        Route::get("/agreements/{id}/account", "get_account", account)
            .about("The account between the parties, with late fees, and the vendor's books")
            .gate(Gate::At(Operation::ReadMoney))
            .query::<AsOfDay>()
            .gives::<AccountView>(),
        Route::post("/agreements/{id}/documents", "propose_document", propose)
            .about("Proposes a supplement, quotation or annex")
            .gate(Gate::At(Operation::Propose))
            .takes::<DocumentBody>()
            .makes::<RecordedView>(),
        Route::get(
            "/agreements/{id}/documents/{document}/files/{name}",
            "get_document_file",
            document_file,
        )
        .about("A file of a later document's papers, to save; `sealed.pdf` once both have signed")
        .gate(Gate::At(Operation::ReadDocuments))
        .class(Class::Upload)
        .gives_media("application/octet-stream"),
    ]
}

async fn list(
    signed: Signed,
    Query(query): Query<AgreementsQuery>,
) -> Result<Json<Page<AgreementRow>>, Problem> {
    let paging = PageQuery::new(query.limit, query.cursor.clone());
    let (limit, after) = (paging.limit()?, paging.after::<SortKey>()?);
    let mut rows: Vec<(SortKey, AgreementRow)> = Vec::new();
    for at in signed.agreements().await? {
        let book = at.book().await?;
        let row = AgreementRow::new(&at, &book);
        if row.matches(&query) {
            rows.push((row.key(), row));
        }
    }
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    rows.retain(|(key, _)| after.as_ref().is_none_or(|after| key > after));
    rows.truncate(limit + 1);
    let page = Page::of(rows, limit, |(key, _)| key.clone());
    let items = page.items.into_iter().map(|(_, row)| row).collect();
    Ok(Json(Page { items, next_cursor: page.next_cursor }))
}

/// What needs the reader first, by its due instant; then by name.
type SortKey = (bool, i64, String);

impl AgreementRow {
    fn new(at: &At, book: &Book) -> Self {
        let state = &book.state;
        let now = at.now();
        let position = contract::position(state, now);
        let terms = state.agreement.as_ref().or(state.drafted.as_ref());
        let open =
            |status| matches!(status, ObligationStatus::Pending | ObligationStatus::Breached);
        let mut mine: Vec<_> = position
            .obligations
            .iter()
            .filter(|view| open(view.status) && view.debtor == at.side())
            .collect();
        mine.sort_by_key(|view| view.due);
        let needs_me = mine.into_iter().take(NAMED).map(|view| NeedView {
            obligation: view.name.clone(),
            kind: view.kind,
            due: view.due,
            clause: view.clause.clone(),
            status: view.status,
        });
        let pending = position.obligations.iter().filter(|v| v.status == ObligationStatus::Pending);
        let breached = position.obligations.iter();
        let breached = breached.filter(|view| view.status == ObligationStatus::Breached).count();
        let money = position.money.as_ref().filter(|_| at.allows(Operation::ReadMoney));
        Self {
            id: at.id.clone(),
            kind: terms.map(|terms| terms.service.kind().to_owned()).unwrap_or_default(),
            title: title(&at.id, terms),
            side: at.side(),
            phase: position.phase.to_owned(),
            customer: terms.map(|terms| terms.customer.name.clone()),
            vendor: terms.map(|terms| terms.vendor.name.clone()),
            ends: position.ends,
            entries: state.next_seq,
            needs_me: needs_me.collect(),
            next_due: pending.map(|view| view.due).min(),
            breached: u32::try_from(breached).unwrap_or(u32::MAX),
            open: money.map(|money| money.open),
            overdue: money.map(|money| money.overdue),
        }
    }

    fn key(&self) -> SortKey {
        let due = self.needs_me.first().map(|need| need.due.micros());
        (due.is_none(), due.unwrap_or(0), self.id.to_string())
    }

    fn matches(&self, query: &AgreementsQuery) -> bool {
        let phase = query.phase.map(|phase| match phase {
            PhaseCode::Empty => "empty",
            PhaseCode::Draft => "draft",
            PhaseCode::InForce => "in_force",
            PhaseCode::Ended => "ended",
        });
        let names = [Some(&self.title.zh), Some(&self.title.en)];
        let names = names.into_iter().chain([self.customer.as_ref(), self.vendor.as_ref()]);
        let mut names = names.flatten().map(|name| name.to_lowercase());
        let id = self.id.as_str().to_lowercase();
        phase.is_none_or(|phase| phase == self.phase)
            && query
                .q
                .as_ref()
                .map(|q| q.0.to_lowercase())
                .is_none_or(|q| id.contains(&q) || names.any(|name| name.contains(&q)))
    }
}

fn title(id: &Id, terms: Option<&Agreement>) -> Both {
    match terms {
        Some(terms) => Both { zh: terms.title.zh.clone(), en: terms.title.en.clone() },
        None => Both { zh: id.to_string(), en: id.to_string() },
    }
}

async fn get(at: At) -> Result<Json<AgreementView>, Problem> {
    let book = at.book().await?;
    let state = &book.state;
    let terms = state.agreement.as_ref().or(state.drafted.as_ref());
    let shown = at.allows(Operation::ReadDocuments);
    let seats = at.app.vault.people().seats(&at.entry).await?;
    let seats = SeatsView { customer: seats.customer.is_some(), vendor: seats.vendor.is_some() };
    let signed = state.signings.iter().map(|signing: &Signing| SignedView {
        side: signing.side,
        signatory: signing.signatory.clone(),
        key: signing.key.clone(),
    });
    let mut documents = Vec::new();
    for (id, proposed) in state.documents.iter().filter(|_| shown) {
        let manifest = at.desk.document_manifest(&book, id).await?;
        let papers = proposed.papers.clone().zip(manifest);
        documents.push(ProposedView {
            document: proposed.document.clone(),
            terms_sha256: proposed.terms_sha256.clone(),
            manifest: papers
                .map(|(papers, manifest)| ManifestView::new(papers.sha256, papers.size, manifest)),
            signed: proposed.signed.keys().copied().collect(),
            evidence: format!("e{}", proposed.seq),
        });
    }
    let drafted = state.drafted.as_ref().filter(|_| state.drafted != state.agreement);
    Ok(Json(AgreementView {
        id: at.id.clone(),
        title: title(&at.id, terms),
        kind: terms.map(|terms| terms.service.kind().to_owned()).unwrap_or_default(),
        side: at.side(),
        roles: at.roles().clone(),
        may: Operation::ALL.into_iter().filter(|operation| at.allows(*operation)).collect(),
        phase: contract::position(state, at.now()).phase.to_owned(),
        agreement: state.agreement.clone().filter(|_| shown),
        drafted: drafted.cloned().filter(|_| shown),
        customer: terms.map(|terms| terms.customer.name.clone()),
        vendor: terms.map(|terms| terms.vendor.name.clone()),
        seats,
        terms_sha256: terms.map(|_| state.terms_sha256.clone()),
        signed: signed.collect(),
        documents,
        entries: state.next_seq,
    }))
}

async fn position(at: At, Query(query): Query<AsOf>) -> Result<Json<Position>, Problem> {
    let book = at.book().await?;
    let mut position = contract::position(&book.state, query.as_of.unwrap_or_else(|| at.now()));
    if !at.allows(Operation::ReadMoney) {
        position.money = None;
    }
    Ok(Json(position))
}

async fn account(at: At, Query(query): Query<AsOfDay>) -> Result<Json<AccountView>, Problem> {
    let book = at.book().await?;
    let terms = book.state.agreement.as_ref().ok_or(contract::Refusal::NotInForce)?;
    let day = query.as_of.unwrap_or_else(|| at.now().date(&terms.zone));
    let account = desk::account::account(&book.state, terms, day);
    let account = account.map_err(|error| Problem::from(desk::DeskError::from(error)))?;
    let ledger = desk::books::books(&book, day)?;
    let balances = ledger.balances().map_err(desk::DeskError::from)?;
    let code = |account: settlement::Account| match serde_json::to_value(account) {
        Ok(serde_json::Value::String(code)) => code,
        _ => format!("{account:?}"),
    };
    let books = BooksView {
        transactions: ledger.transactions().to_vec(),
        balances: balances.into_iter().map(|(account, sum)| (code(account), sum)).collect(),
    };
    Ok(Json(AccountView { account, books }))
}

async fn check(
    _signed: Signed,
    Language(lang): Language,
    Body(bytes): Body,
) -> Result<Json<CheckView>, Problem> {
    if bytes.is_empty() {
        return Err(Code::UnreadableFile.into());
    }
    let checked = check_agreement(&bytes, &Limits::default());
    let words = Words::new(lang);
    let can_be_signed = checked.can_be_signed();
    let problems = checked.problems.iter().map(|found| ProblemView::new(found, &words));
    Ok(Json(CheckView {
        problems: problems.collect(),
        can_be_signed,
        agreement: checked.agreement.map(|(agreement, _)| agreement),
    }))
}

impl ProblemView {
    fn new(found: &FileProblem, words: &Words) -> Self {
        let problem = &found.problem;
        let severity = match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        Self {
            severity: severity.to_owned(),
            rule: problem.kind.code().to_owned(),
            path: problem.path.clone(),
            line: found.line as u64,
            column: found.column as u64,
            clause: problem.clause.clone(),
            detail: words.problem(problem),
        }
    }
}

/// Terms that can be laid down, or all that is wrong with them.
fn read_terms(text: &str, lang: units::Lang) -> Result<Agreement, Problem> {
    let checked: CheckedFile = check_agreement(text.as_bytes(), &Limits::default());
    let signable = checked.can_be_signed();
    match checked.agreement {
        Some((agreement, _)) if signable => Ok(agreement),
        _ => {
            let words = Words::new(lang);
            let mut problem = Problem::new(Code::BadTerms);
            for found in checked.problems.iter().take(100) {
                let view = ProblemView::new(found, &words);
                problem = problem.at(FieldError {
                    pointer: view.path,
                    line: Some(view.line),
                    column: Some(view.column),
                    code: view.rule,
                    detail: view.detail,
                });
            }
            Err(problem)
        }
    }
}

async fn create(
    signed: Signed,
    Language(lang): Language,
    Json(body): Json<NewAgreement>,
) -> Result<Json<MadeAgreement>, Problem> {
    let agreement = read_terms(&body.text, lang)?;
    let recorded = signed
        .found(&agreement, body.side, body.counterparty.as_ref().map(|other| other.0.as_str()))
        .await?;
    let words = BothWords::about(Some(&agreement));
    let recorded = RecordedView::new(&recorded, &words);
    Ok(Json(MadeAgreement { id: agreement.id, recorded }))
}

async fn change_terms(
    at: At,
    Language(lang): Language,
    Json(body): Json<TermsBody>,
) -> Result<Json<RecordedView>, Problem> {
    let agreement = read_terms(&body.text, lang)?;
    if agreement.id != at.id {
        return Err(Problem::invalid("id"));
    }
    let recorded = at.desk.lay_down(&at.actor(), &agreement).await?;
    at.recorded(&recorded).await
}

async fn propose(at: At, Json(body): Json<DocumentBody>) -> Result<Json<RecordedView>, Problem> {
    let (customer, vendor) = body.signatories.signers();
    let new = NewDocument { document: body.document, customer, vendor };
    let recorded = at.desk.propose(&at.id, &at.actor(), new).await?;
    at.recorded(&recorded).await
}

async fn document_file(
    at: At,
    Path((_, document, name)): Path<(String, Id, String)>,
) -> Result<Response, Problem> {
    let book = at.book().await?;
    let save_as = safe_name(&format!("{}-{document}-{name}", at.id));
    if name == SEALED {
        let sealed = at.desk.sealed(&book, Some(&document)).await?;
        let sealed = sealed.ok_or(Problem::new(Code::NotFound))?;
        return Ok(Download::bytes(&save_as, "application/pdf", sealed));
    }
    let (bytes, media) = at.desk.document_file(&book, &document, &name).await?;
    Ok(Download::bytes(&save_as, media_of(&media), bytes))
}
