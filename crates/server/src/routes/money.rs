//! Statements with their workings, invoices, credit notes and payments. Clauses: class-5.2,
//! lease-3.3, lease-3.4.

use contract::event::{CreditNoteSummary, InvoiceSummary, Payment, StatementSummary};
use contract::{Action, Command};
use desk::Book;
use desk::money::Settled;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use settlement::{CreditNote, Invoice, Line, Statement};
use units::{ClauseId, EvidenceId, Id, Money, Timestamp};

use crate::auth::{At, Gate, Operation};
use crate::extract::{Json, Path, Query};
use crate::periods::{self, PeriodView};
use crate::problem::{Code, Problem};
use crate::route::Route;
use crate::views::{Both, BothWords, List, RecordedView, Text};

/// A statement in the list.
#[derive(Debug, Serialize, JsonSchema)]
struct StatementRow {
    name: Id,
    /// What the journal keeps of it.
    summary: StatementSummary,
    net: Money,
    tax: Money,
    gross: Money,
    credits: Money,
    due: Money,
    state: StatementState,
    submitted_at: Timestamp,
    decided_at: Option<Timestamp>,
    /// The number of its invoice.
    invoice: Option<u32>,
    /// The entry that submitted it.
    evidence: EvidenceId,
}

/// How far a statement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum StatementState {
    /// It was never put before the customer.
    Preview,
    /// It waits for the customer.
    Submitted,
    /// A part of it is disputed; the rest is approved.
    Objected,
    Approved,
    Invoiced,
}

/// Whether a statement is wanted that was not submitted.
#[derive(Debug, Deserialize, JsonSchema)]
struct StatementQuery {
    /// Settle the period now and keep nothing.
    preview: Option<bool>,
}

/// A statement with its workings.
#[derive(Debug, Serialize, JsonSchema)]
struct StatementView {
    state: StatementState,
    statement: Statement,
    /// Charges, taxes, adjustments, late repairs, refunds and forfeits, as people read them.
    lines: Vec<LineView>,
    /// What the journal keeps, or would keep, of it.
    summary: StatementSummary,
    /// What could not be computed, as sentences.
    gaps: Vec<Both>,
    /// Which lines the customer objects to.
    objection: Option<ObjectionView>,
}

/// An objection.
#[derive(Debug, Serialize, JsonSchema)]
struct ObjectionView {
    lines: Vec<u32>,
    /// Their gross amount.
    disputed: Money,
    /// What stays due of the rest.
    undisputed: Money,
    at: Timestamp,
}

/// A line as people read it.
#[derive(Debug, Serialize, JsonSchema)]
struct LineView {
    /// `lines`, `tax_lines`, `adjustments`, `late_repairs`, `refunds` or `forfeits`.
    part: String,
    /// Its place in that part, from 0: by it the customer objects.
    index: u32,
    text: Both,
    formula: Both,
    /// How it was rounded.
    rounding: Option<Both>,
    /// The working in full, a text for each row.
    working: WorkingTexts,
    clause: ClauseId,
    evidence: Vec<EvidenceId>,
    amount: Money,
}

/// A working as rows of text.
#[derive(Debug, Serialize, JsonSchema)]
struct WorkingTexts {
    zh: Vec<String>,
    en: Vec<String>,
}

/// A period to settle.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PeriodBody {
    /// `2026-03`, `2026-03-01/2026-03-16`, `milestone:NAME`, `through:N`, `prepayment` or
    /// `closing`.
    period: Text<1, 128>,
}

/// An objection to lines of a statement.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ObjectionBody {
    /// Places of lines, from 0.
    #[schemars(length(min = 1, max = 10_000))]
    lines: Vec<u32>,
    reason: ObjectionReason,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum ObjectionReason {
    Quantity,
    Price,
    Quality,
    Duplicate,
    Other,
}

/// An invoice in the list.
#[derive(Debug, Serialize, JsonSchema)]
struct InvoiceRow {
    #[serde(flatten)]
    summary: InvoiceSummary,
    /// What is left to pay.
    open: Option<Money>,
    overdue: bool,
    credit_notes: Vec<CreditNoteSummary>,
    evidence: EvidenceId,
}

/// An invoice with its credit notes.
#[derive(Debug, Serialize, JsonSchema)]
struct InvoiceDetail {
    invoice: Invoice,
    credit_notes: Vec<CreditNote>,
}

/// A credit note to issue.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CreditNoteBody {
    /// The gross amount to take off.
    gross: Money,
    reason: CreditReason,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum CreditReason {
    Objection,
    ServiceCredit,
    Dispute,
    Error,
}

/// Money that arrived.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PaymentBody {
    payment: Payment,
}

pub(crate) fn routes() -> Vec<Route> {
    let read = Gate::At(Operation::ReadMoney);
    vec![
        Route::get("/agreements/{id}/periods", "list_periods", list_periods)
            .about("What can be settled, and how far each period is")
            .gate(read)
            .gives::<List<PeriodView>>(),
        Route::get("/agreements/{id}/statements", "list_statements", list_statements)
            .about("Statements, the newest first")
            .gate(read)
            .gives::<List<StatementRow>>(),
        Route::get("/agreements/{id}/statements/{name}", "get_statement", get_statement)
            .about("A statement with its workings; with preview of a period that is not submitted")
            .gate(read)
            .query::<StatementQuery>()
            .gives::<StatementView>(),
        Route::post("/agreements/{id}/statements", "submit_statement", submit)
            .about("Puts the statement of a period before the customer")
            .gate(Gate::At(Operation::Submit))
            .takes::<PeriodBody>()
            .makes::<RecordedView>(),
        Route::post("/agreements/{id}/statements/{name}/approval", "approve_statement", approve)
            .about("Approves a statement")
            .gate(Gate::At(Operation::Approve))
            .makes::<RecordedView>(),
        Route::post("/agreements/{id}/statements/{name}/objection", "object_to_statement", object)
            .about("Objects to lines of a statement; the rest stays due")
            .gate(Gate::At(Operation::Object))
            .takes::<ObjectionBody>()
            .makes::<RecordedView>(),
        Route::post("/agreements/{id}/statements/{name}/invoice", "issue_invoice", invoice)
            .about("Issues the invoice of an approved statement")
            .gate(Gate::At(Operation::Invoice))
            .makes::<RecordedView>(),
        Route::get("/agreements/{id}/invoices", "list_invoices", list_invoices)
            .about("Invoices, the newest first")
            .gate(read)
            .gives::<List<InvoiceRow>>(),
        Route::get("/agreements/{id}/invoices/{number}", "get_invoice", get_invoice)
            .about("An invoice as it was issued, with its credit notes")
            .gate(read)
            .gives::<InvoiceDetail>(),
        Route::post("/agreements/{id}/invoices/{number}/credit-notes", "issue_credit_note", credit)
            .about("Issues a credit note: the only correction of an invoice")
            .gate(Gate::At(Operation::Credit))
            .takes::<CreditNoteBody>()
            .makes::<RecordedView>(),
        Route::post("/agreements/{id}/payments", "record_payment", pay)
            .about("Records that money arrived")
            .gate(Gate::At(Operation::Pay))
            .takes::<PaymentBody>()
            .makes::<RecordedView>(),
    ]
}

async fn list_periods(at: At) -> Result<Json<List<PeriodView>>, Problem> {
    let book = at.book().await?;
    Ok(Json(periods::list(&book.state, at.now()).into()))
}

fn state_of(book: &Book, statement: &Id) -> StatementState {
    let money = &book.state.money;
    let Some(found) = money.statements.get(statement) else { return StatementState::Preview };
    if found.invoice.is_some() {
        StatementState::Invoiced
    } else if found.objected.is_some() {
        StatementState::Objected
    } else if found.approved.is_some() {
        StatementState::Approved
    } else {
        StatementState::Submitted
    }
}

async fn list_statements(at: At) -> Result<Json<List<StatementRow>>, Problem> {
    let book = at.book().await?;
    let money = &book.state.money;
    let mut rows: Vec<StatementRow> = money
        .statements
        .iter()
        .map(|(name, found)| {
            let summary = &found.summary;
            let (net, tax, gross) = (summary.net, summary.tax, summary.gross);
            StatementRow {
                name: name.clone(),
                net,
                tax,
                gross,
                credits: summary.credits,
                due: summary.due,
                state: state_of(&book, name),
                submitted_at: found.submitted.0,
                decided_at: found.approved,
                invoice: found.invoice,
                evidence: contract::event::evidence_id(found.submitted.1),
                summary: summary.clone(),
            }
        })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.submitted_at));
    Ok(Json(rows.into()))
}

async fn get_statement(
    at: At,
    Path((_, name)): Path<(String, String)>,
    Query(query): Query<StatementQuery>,
) -> Result<Json<StatementView>, Problem> {
    let book = at.book().await?;
    let words = at.words(&book);
    let recorded = Id::new(&name).ok().and_then(|name| book.settled.get(&name));
    let statement = match recorded {
        Some(settled) => settled.statement.clone(),
        None if query.preview == Some(true) => {
            let period = desk::money::period(&book.state, &name, at.now())?;
            Settled::new(&book, &period)?.statement
        }
        None => return Err(Code::NotFound.into()),
    };
    let found = book.state.money.statements.get(&statement.name);
    let objection = found.and_then(|found| found.objected.as_ref());
    Ok(Json(StatementView {
        state: state_of(&book, &statement.name),
        lines: lines(&statement, &words),
        summary: desk::money::summary(&statement)?,
        gaps: statement.gaps.iter().map(|gap| words.say(|words| words.gap(gap))).collect(),
        objection: objection.map(|objected| ObjectionView {
            lines: objected.lines.clone(),
            disputed: objected.disputed,
            undisputed: objected.undisputed,
            at: objected.at,
        }),
        statement,
    }))
}

fn lines(statement: &Statement, words: &BothWords) -> Vec<LineView> {
    let parts: [(&str, &[Line]); 6] = [
        ("lines", &statement.lines),
        ("tax_lines", &statement.tax_lines),
        ("adjustments", &statement.adjustments),
        ("late_repairs", &statement.late_repairs),
        ("refunds", &statement.refunds),
        ("forfeits", &statement.forfeits),
    ];
    let mut all = Vec::new();
    for (part, lines) in parts {
        for (index, line) in (0..).zip(lines) {
            let rounding = line.working.rounding;
            let (zh, en) = words.each(|words| words.working(&line.working));
            all.push(LineView {
                part: part.to_owned(),
                index,
                text: words.say(|words| words.line(line)),
                formula: words.say(|words| words.formula(&line.working)),
                rounding: rounding.map(|rounding| words.say(|words| words.rounding(rounding))),
                working: WorkingTexts { zh, en },
                clause: line.clause.clone(),
                evidence: line.evidence.clone(),
                amount: line.amount,
            });
        }
    }
    all
}

async fn submit(at: At, Json(body): Json<PeriodBody>) -> Result<Json<RecordedView>, Problem> {
    let mut book = at.book_mut().await?;
    // The clock's decisions come first: they belong to the statement.
    at.desk.tick(&mut book).await?;
    let period = desk::money::period(&book.state, &body.period.0, at.now())?;
    let statement = Settled::new(&book, &period)?.statement;
    let recorded = at.desk.submit(&mut book, &at.actor(), &statement).await?;
    Ok(Json(RecordedView::new(&recorded, &at.words(&book))))
}

/// A name in a path. What cannot be a name names nothing.
fn named(name: &str) -> Result<Id, Problem> {
    Id::new(name).map_err(|_| Code::NotFound.into())
}

async fn approve(
    at: At,
    Path((_, name)): Path<(String, String)>,
) -> Result<Json<RecordedView>, Problem> {
    let statement = named(&name)?;
    let mut book = at.book_mut().await?;
    let command = Command::new(at.actor(), Action::ApproveStatement { statement });
    let recorded = at.desk.execute_on(&mut book, &command).await?;
    Ok(Json(RecordedView::new(&recorded, &at.words(&book))))
}

async fn object(
    at: At,
    Path((_, name)): Path<(String, String)>,
    Json(body): Json<ObjectionBody>,
) -> Result<Json<RecordedView>, Problem> {
    let statement = named(&name)?;
    let mut book = at.book_mut().await?;
    let reason = match body.reason {
        ObjectionReason::Quantity => "quantity",
        ObjectionReason::Price => "price",
        ObjectionReason::Quality => "quality",
        ObjectionReason::Duplicate => "duplicate",
        ObjectionReason::Other => "other",
    };
    let recorded = at.desk.object(&mut book, &at.actor(), &statement, &body.lines, reason).await?;
    Ok(Json(RecordedView::new(&recorded, &at.words(&book))))
}

async fn invoice(
    at: At,
    Path((_, name)): Path<(String, String)>,
) -> Result<Json<RecordedView>, Problem> {
    let statement = named(&name)?;
    let mut book = at.book_mut().await?;
    let recorded = at.desk.invoice(&mut book, &at.actor(), &statement).await?;
    Ok(Json(RecordedView::new(&recorded, &at.words(&book))))
}

async fn list_invoices(at: At) -> Result<Json<List<InvoiceRow>>, Problem> {
    let book = at.book().await?;
    let position = contract::position(&book.state, at.now());
    let money = &book.state.money;
    let views = position.money.map(|money| money.invoices).unwrap_or_default();
    let mut rows: Vec<InvoiceRow> = money
        .invoices
        .iter()
        .map(|issued| {
            let number = issued.summary.number;
            let view = views.iter().find(|view| view.number == number);
            let notes = money.credit_notes.iter().filter(|note| note.invoice == number);
            InvoiceRow {
                summary: issued.summary.clone(),
                open: view.map(|view| view.open),
                overdue: view.is_some_and(|view| view.overdue),
                credit_notes: notes.cloned().collect(),
                evidence: contract::event::evidence_id(issued.seq),
            }
        })
        .collect();
    rows.reverse();
    Ok(Json(rows.into()))
}

async fn get_invoice(
    at: At,
    Path((_, number)): Path<(String, u32)>,
) -> Result<Json<InvoiceDetail>, Problem> {
    let book = at.book().await?;
    let known = book.state.money.invoices.iter().any(|issued| issued.summary.number == number);
    if !known {
        return Err(Code::NotFound.into());
    }
    Ok(Json(InvoiceDetail {
        invoice: book.invoice(number)?,
        credit_notes: book.credit_notes(number)?,
    }))
}

async fn credit(
    at: At,
    Path((_, number)): Path<(String, u32)>,
    Json(body): Json<CreditNoteBody>,
) -> Result<Json<RecordedView>, Problem> {
    let mut book = at.book_mut().await?;
    let reason = match body.reason {
        CreditReason::Objection => "objection",
        CreditReason::ServiceCredit => "service_credit",
        CreditReason::Dispute => "dispute",
        CreditReason::Error => "error",
    };
    let recorded = at.desk.credit_note(&mut book, &at.actor(), number, body.gross, reason).await?;
    Ok(Json(RecordedView::new(&recorded, &at.words(&book))))
}

async fn pay(at: At, Json(body): Json<PaymentBody>) -> Result<Json<RecordedView>, Problem> {
    let mut book = at.book_mut().await?;
    let command = Command::new(at.actor(), Action::RecordPayment(body.payment));
    let recorded = at.desk.execute_on(&mut book, &command).await?;
    Ok(Json(RecordedView::new(&recorded, &at.words(&book))))
}
