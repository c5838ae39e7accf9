//! Statements and invoices from the journal: what was measured, what earlier statements left, the
//! statement that follows, and its recomputation by anybody. Clauses: class-5.2, lease-3.3,
//! train-5.3.

use contract::event::{
    Actor, Event, InvoiceSummary, ItemCount, Recorded, StatementSummary, evidence_id,
};
use contract::state::State;
use contract::terms::{Agreement, DueEvent, DueMonth, PaymentDue};
use contract::{Action, Command};
use journal::Hash;
use schemars::JsonSchema;
use serde::Serialize;
use settlement::{Carried, LineCode, Period, Statement, StatementPart};
use units::{Date, Duration, Id, Money, Timestamp, Window};

use crate::book::{Book, DeskError};
use crate::desk::{Desk, unwritable};

/// What was recorded as a statement, and what its terms and evidence give.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Recomputed {
    /// The statement.
    pub statement: Id,
    /// The entry that submitted it.
    pub entry: Id,
    /// Whether both are the same, byte for byte.
    pub equal: bool,
}

/// The statement of a period as of the end of a journal.
///
/// # Errors
/// When the period cannot be settled.
pub fn statement(book: &Book, period: &Period) -> Result<Statement, DeskError> {
    let agreement = terms_for(&book.state, period)?;
    let carried = carried(book)?;
    let measurements = contract::measurements(&book.state);
    Ok(settlement::settle(&agreement, &measurements, period, &carried)?)
}

/// The statement of a part of a period: what is left when lines are disputed.
///
/// # Errors
/// When the period cannot be settled.
pub fn statement_part(
    book: &Book,
    period: &Period,
    part: &StatementPart,
) -> Result<Statement, DeskError> {
    let agreement = terms_for(&book.state, period)?;
    let carried = carried(book)?;
    let measurements = contract::measurements(&book.state);
    Ok(settlement::settle_part(&agreement, &measurements, period, &carried, part)?)
}

/// The terms in force on the last day of a period.
fn terms_for(state: &State, period: &Period) -> Result<Agreement, DeskError> {
    let agreement = state.agreement.as_ref().ok_or(contract::Refusal::NotDrafted)?;
    let window = period.window(&agreement.zone);
    let last = Timestamp::from_micros(window.to.micros() - 1).date(&agreement.zone);
    Ok(contract::terms_on(state, last).unwrap_or_else(|| agreement.clone()))
}

/// What earlier statements left, with the prepayment as it was paid.
fn carried(book: &Book) -> Result<Carried, DeskError> {
    let state = &book.state;
    let agreement = state.agreement.as_ref().ok_or(contract::Refusal::NotDrafted)?;
    let mut carried = match &book.carry {
        Some(carry) => carry.clone(),
        None => Carried::nothing(agreement.currency),
    };
    let statements = state.money.statements.values();
    let drawn: i128 = statements.map(|statement| statement.summary.drawdown.minor()).sum();
    let left = contract::paid::prepaid_minor(state) - drawn;
    carried.prepayment_left = Money::new(left.max(0), agreement.currency);
    Ok(carried)
}

/// What the journal keeps of a statement.
///
/// # Errors
/// When the statement has no canonical text.
pub fn summary(statement: &Statement) -> Result<StatementSummary, DeskError> {
    let currency = statement.totals.currency;
    let sum = |codes: &[LineCode]| {
        let adjustments = statement.adjustments.iter();
        let lines = adjustments.filter(|line| codes.contains(&line.code));
        Money::new(-lines.map(|line| line.amount.minor()).sum::<i128>(), currency)
    };
    let bytes = statement_bytes(statement)?;
    let milestones = match &statement.period {
        Period::Milestone { milestone, .. } => vec![milestone.clone()],
        _ => Vec::new(),
    };
    let billed = statement.carry.units_billed.iter();
    Ok(StatementSummary {
        statement: statement.name.clone(),
        window: statement.window,
        milestones,
        billed: billed
            .map(|(item, quantity)| ItemCount { item: item.clone(), quantity: *quantity })
            .collect(),
        one_off: statement.carry.one_off_charged.iter().cloned().collect(),
        net: statement.totals.net,
        tax: statement.totals.tax,
        gross: statement.totals.gross,
        due: statement.totals.due,
        drawdown: sum(&[LineCode::Drawdown]),
        credits: sum(&[LineCode::ServiceCredit, LineCode::LateRepair]),
        lines: u32::try_from(statement.lines.len()).map_err(|_| unwritable("statement"))?,
        sha256: hex::encode(Hash::of(&bytes).bytes()),
    })
}

/// The canonical JSON of a statement.
///
/// # Errors
/// When it has none, which a statement always has.
pub fn statement_bytes(statement: &Statement) -> Result<Vec<u8>, DeskError> {
    journal::canonical::to_vec(statement).map_err(|_| unwritable("statement"))
}

/// The period that a name means in an agreement: `2026-03`, `2026-03-01/2026-03-16`,
/// `milestone:signing`, `through:100000`, `prepayment`, `closing`. Facts count until `until`.
///
/// # Errors
/// When the name is of no such form.
pub fn period(state: &State, name: &str, until: Timestamp) -> Result<Period, DeskError> {
    let agreement = state.agreement.as_ref().ok_or(contract::Refusal::NotDrafted)?;
    let zone = &agreement.zone;
    let unknown = || DeskError::Period { text: name.to_owned() };
    let begin = state.effective.map_or(until, |effective| effective.at);
    let so_far = Window::new(begin, until);
    if let Some(milestone) = name.strip_prefix("milestone:") {
        let milestone = Id::new(milestone).map_err(|_| unknown())?;
        return Ok(Period::Milestone { milestone, window: so_far });
    }
    if let Some(through) = name.strip_prefix("through:") {
        let through = through.parse().map_err(|_| unknown())?;
        return Ok(Period::Quantity { through, window: so_far });
    }
    match name {
        "prepayment" => return Ok(Period::Prepayment { window: so_far }),
        "closing" => {
            let billed = state.money.statements.values();
            let last = billed.map(|statement| statement.summary.window.to).max();
            let end = state.ended.map_or(until, |ended| ended.at);
            let window = Window::new(last.unwrap_or(begin), end);
            return Ok(Period::Closing { window });
        }
        _ => {}
    }
    if let Some((from, to)) = name.split_once('/') {
        let from: Date = from.parse().map_err(|_| unknown())?;
        let to: Date = to.parse().map_err(|_| unknown())?;
        if to <= from {
            return Err(unknown());
        }
        let window = Window::new(from.start(zone), to.start(zone));
        return Ok(Period::Window { window });
    }
    let month: Date = format!("{name}-01").parse().map_err(|_| unknown())?;
    Ok(Period::Month { month })
}

/// The period of a recorded statement.
fn recorded_period(state: &State, summary: &StatementSummary) -> Result<Period, DeskError> {
    let period = period(state, summary.statement.as_str(), summary.window.to)?;
    Ok(match period {
        Period::Milestone { milestone, .. } => {
            Period::Milestone { milestone, window: summary.window }
        }
        Period::Quantity { through, .. } => Period::Quantity { through, window: summary.window },
        Period::Prepayment { .. } => Period::Prepayment { window: summary.window },
        Period::Closing { .. } => Period::Closing { window: summary.window },
        other => other,
    })
}

/// The day by which an invoice must be paid.
/// Clauses: lease-3.3, class-5.2, train-5.2, train-5.3.1.
#[must_use]
pub fn due_date(
    agreement: &Agreement,
    window: Window,
    signed: Timestamp,
    approved: Timestamp,
    issued: Timestamp,
) -> Date {
    let zone = &agreement.zone;
    match &agreement.payment.due {
        PaymentDue::MonthlyDay(monthly) => {
            let end = Timestamp::from_micros(window.to.micros() - 1).date(zone);
            let month = match monthly.month {
                DueMonth::Same => end.first_of_month(),
                DueMonth::Next => end.first_of_month().plus_months(1),
            };
            let last = month.last_of_month();
            month.plus_days(i64::from(monthly.day.max(1)) - 1).min(last).max(issued.date(zone))
        }
        PaymentDue::After(after) => {
            let start = match after.event {
                DueEvent::Approval => approved,
                DueEvent::Invoice => issued,
                DueEvent::Signing => signed,
            };
            last_day(agreement, after.within, start)
        }
    }
}

/// The last civil day of a period from an instant.
fn last_day(agreement: &Agreement, within: Duration, start: Timestamp) -> Date {
    let end = within.after(start, &agreement.zone, agreement.calendar.calendar()).at;
    Timestamp::from_micros(end.micros() - 1).date(&agreement.zone)
}

impl Book {
    /// Takes note of what a recorded statement left, so that the next one starts from it.
    ///
    /// # Errors
    /// [`DeskError::StatementDiffers`] when it is not what its terms and evidence give.
    pub(crate) fn follow(&mut self, recorded: &Recorded) -> Result<Option<Recomputed>, DeskError> {
        let Event::StatementSubmitted(recorded_summary) = &recorded.event else { return Ok(None) };
        let period = recorded_period(&self.state, recorded_summary)?;
        let statement = statement(self, &period)?;
        let equal = summary(&statement)? == *recorded_summary;
        self.carry = Some(statement.carry);
        let entry = evidence_id(recorded.seq);
        Ok(Some(Recomputed { statement: recorded_summary.statement.clone(), entry, equal }))
    }
}

impl Desk {
    /// Puts a statement before the customer, and keeps its whole as an object.
    ///
    /// # Errors
    /// The contract's refusal, or a period that cannot be settled.
    pub async fn submit(
        &self,
        book: &mut Book,
        actor: &Actor,
        statement: &Statement,
    ) -> Result<Vec<Recorded>, DeskError> {
        let bytes = statement_bytes(statement)?;
        self.put(&book.agreement, &bytes).await?;
        let action = Action::SubmitStatement(summary(statement)?);
        self.execute_on(book, &Command::new(actor.clone(), action)).await
    }

    /// Issues the invoice of an approved statement, under the next number.
    ///
    /// # Errors
    /// The contract's refusal, or an amount out of range.
    pub async fn invoice(
        &self,
        book: &mut Book,
        actor: &Actor,
        statement: &Id,
    ) -> Result<Vec<Recorded>, DeskError> {
        let now = book.instant(self.clock.now());
        let summary = invoice_summary(&book.state, statement, now)?;
        let action = Action::IssueInvoice(summary);
        self.execute_on(book, &Command::new(actor.clone(), action)).await
    }
}

/// The invoice of an approved statement as it would be issued now: what is not disputed.
fn invoice_summary(
    state: &State,
    statement: &Id,
    now: Timestamp,
) -> Result<InvoiceSummary, DeskError> {
    let agreement = state.agreement.as_ref().ok_or(contract::Refusal::NotDrafted)?;
    let unknown = || contract::Refusal::Unknown { what: "statement", name: statement.to_string() };
    let found = state.money.statements.get(statement).ok_or_else(unknown)?;
    let approved = found.approved.unwrap_or(now);
    let summary = &found.summary;
    let disputed = found.objected.as_ref().map_or(0, |(_, disputed, _)| disputed.minor());
    let gross = Money::new(summary.gross.minor() - disputed, agreement.currency);
    // The disputed part holds tax in the proportion of the whole.
    let net_share = match summary.gross.minor() {
        0 => units::Fraction::whole(1),
        whole => units::Fraction::new(summary.net.minor(), whole),
    };
    let net = Money::from_fraction(
        gross.to_fraction() * net_share,
        agreement.currency,
        agreement.rounding.mode,
    );
    let number = u32::try_from(state.money.invoices.len()).map_err(|_| unwritable("invoice"))? + 1;
    let signed = state.effective.map_or(now, |effective| effective.at);
    let mut invoice = InvoiceSummary {
        number,
        statement: statement.clone(),
        net,
        tax: gross.checked_sub(net).map_err(crate::account::AccountError::Money)?,
        gross,
        payable: Money::new((summary.due.minor() - disputed).max(0), agreement.currency),
        issued: now.date(&agreement.zone),
        due: due_date(agreement, summary.window, signed, approved, now),
        sha256: String::new(),
    };
    let bytes = journal::canonical::to_vec(&invoice).map_err(|_| unwritable("invoice"))?;
    invoice.sha256 = hex::encode(Hash::of(&bytes).bytes());
    Ok(invoice)
}
