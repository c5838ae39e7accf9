//! Statements and invoices from the journal: what was measured, what earlier statements left, the
//! statement that follows, and its recomputation by anybody. Clauses: class-5.2, lease-3.3,
//! train-5.3.

use contract::event::{
    Actor, CreditNoteSummary, Event, InvoiceSummary, ItemCount, Recorded, StatementSummary,
    evidence_id,
};
use contract::state::State;
use contract::terms::Agreement;
use contract::{Action, Command};
use journal::Hash;
use schemars::JsonSchema;
use serde::Serialize;
use settlement::{
    Carried, CreditNote, DueEvents, Invoice, InvoiceError, LineCode, Number, Period, Statement,
    StatementPart,
};
use units::{Date, Id, Measurement, Money, Timestamp, Window};

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

/// What a statement was settled from: enough to settle a part of it, or to check it.
#[derive(Debug, Clone)]
pub struct Settled {
    /// The statement.
    pub statement: Statement,
    agreement: Agreement,
    measurements: Vec<Measurement>,
    carried: Carried,
}

impl Settled {
    /// Settles a period as of the end of a journal.
    ///
    /// # Errors
    /// When the period cannot be settled.
    pub fn new(book: &Book, period: &Period) -> Result<Self, DeskError> {
        let agreement = terms_for(&book.state, period)?;
        let carried = carried(book)?;
        let measurements = contract::measurements(&book.state);
        let statement = settlement::settle(&agreement, &measurements, period, &carried)?;
        Ok(Self { statement, agreement, measurements, carried })
    }

    /// The terms that it was settled by.
    #[must_use]
    pub const fn agreement(&self) -> &Agreement {
        &self.agreement
    }

    /// The statement of a part of its lines: what is left when lines are disputed.
    ///
    /// # Errors
    /// When the part cannot be settled.
    pub fn part(&self, part: &StatementPart) -> Result<Statement, DeskError> {
        let Self { statement, agreement, measurements, carried } = self;
        let period = &statement.period;
        Ok(settlement::settle_part(agreement, measurements, period, carried, part)?)
    }
}

/// The statement of a period as of the end of a journal.
///
/// # Errors
/// When the period cannot be settled.
pub fn statement(book: &Book, period: &Period) -> Result<Statement, DeskError> {
    Ok(Settled::new(book, period)?.statement)
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
    // What happened at the very instant counts: a window ends before its end.
    let so_far = Window::new(begin, Timestamp::from_micros(until.micros() + 1));
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

impl Book {
    /// Takes note of what a recorded statement left, so that the next one starts from it. One that
    /// cannot be computed again is not equal; it never makes a journal unreadable.
    pub(crate) fn follow(&mut self, recorded: &Recorded) -> Option<Recomputed> {
        let Event::StatementSubmitted(recorded_summary) = &recorded.event else { return None };
        let entry = evidence_id(recorded.seq);
        let statement = recorded_summary.statement.clone();
        let equal = match self.settle_again(recorded_summary) {
            Ok((settled, equal)) => {
                self.carry = Some(settled.statement.carry.clone());
                self.settled.insert(statement.clone(), settled);
                equal
            }
            Err(_) => false,
        };
        Some(Recomputed { statement, entry, equal })
    }

    /// A recorded or proposed statement computed again, and whether it is the same.
    fn settle_again(&self, proposed: &StatementSummary) -> Result<(Settled, bool), DeskError> {
        let period = recorded_period(&self.state, proposed)?;
        let settled = Settled::new(self, &period)?;
        let equal = summary(&settled.statement)? == *proposed;
        Ok((settled, equal))
    }

    /// Refuses a statement that is not what its terms and evidence give.
    pub(crate) fn guard_statement(&self, proposed: &StatementSummary) -> Result<(), DeskError> {
        match self.settle_again(proposed)? {
            (_, true) => Ok(()),
            _ => Err(DeskError::StatementDiffers { statement: proposed.statement.clone() }),
        }
    }

    /// The invoice with a number, as it was issued. Clause: class-5.2.
    ///
    /// # Errors
    /// When there is none.
    pub fn invoice(&self, number: u32) -> Result<Invoice, DeskError> {
        let unknown = || contract::Refusal::Unknown { what: "invoice", name: number.to_string() };
        let mut invoices = self.state.money.invoices.iter();
        let found = invoices.find(|invoice| invoice.summary.number == number);
        let found = found.ok_or_else(unknown)?;
        self.draw_up(&found.summary.statement, number, found.at)
    }

    /// The credit notes of an invoice, as they were issued.
    ///
    /// # Errors
    /// When there is no such invoice, or an amount is out of range.
    pub fn credit_notes(&self, invoice: u32) -> Result<Vec<CreditNote>, DeskError> {
        let issued = self.invoice(invoice)?;
        let mut notes = Vec::new();
        for note in self.state.money.credit_notes.iter().filter(|note| note.invoice == invoice) {
            let number = Number::new(&credit_series(&self.agreement), note.number);
            let reason = Id::new(&note.reason).map_err(|_| unwritable("credit note"))?;
            let next = CreditNote::issue(&issued, &notes, number, note.issued, reason, note.gross)?;
            notes.push(next);
        }
        Ok(notes)
    }

    /// What an invoice of a statement bills: the undisputed part alone where lines are disputed.
    /// Clause: class-5.2.
    pub(crate) fn billed(&self, statement: &Id) -> Result<Statement, DeskError> {
        let unknown =
            || contract::Refusal::Unknown { what: "statement", name: statement.to_string() };
        let settled = self.settled.get(statement).ok_or_else(unknown)?;
        let found = self.state.money.statements.get(statement).ok_or_else(unknown)?;
        settled.part(&match &found.objected {
            Some(objected) => StatementPart::Without(objected.lines.clone()),
            None => StatementPart::Whole,
        })
    }

    /// The invoice of a statement as of an instant. Clauses: class-5.2, lease-3.3.
    fn draw_up(
        &self,
        statement: &Id,
        number: u32,
        issued: Timestamp,
    ) -> Result<Invoice, DeskError> {
        let unknown =
            || contract::Refusal::Unknown { what: "statement", name: statement.to_string() };
        let settled = self.settled.get(statement).ok_or_else(unknown)?;
        let found = self.state.money.statements.get(statement).ok_or_else(unknown)?;
        let billed = self.billed(statement)?;
        let agreement = &settled.agreement;
        let events = DueEvents {
            period: billed.window,
            approved: found.approved,
            invoiced: Some(issued),
            signed: self.state.effective.map(|effective| effective.at),
        };
        let calendar = agreement.calendar.calendar();
        let due = settlement::due(&agreement.payment.due, &events, &agreement.zone, calendar);
        let due = due.ok_or(contract::Refusal::ComesAfter { first: "approve_statement" })?;
        let number = Number::new(&self.agreement, number);
        let day = issued.date(&agreement.zone);
        Ok(Invoice::issue(agreement, &billed, number, day, due)?)
    }
}

/// The series of an agreement's credit notes.
fn credit_series(agreement: &Id) -> Id {
    Id::new(&format!("{agreement}/CN")).unwrap_or_else(|_| agreement.clone())
}

pub(crate) fn sha256(
    value: &impl Serialize,
    what: &'static str,
) -> Result<(Vec<u8>, String), DeskError> {
    let bytes = journal::canonical::to_vec(value).map_err(|_| unwritable(what))?;
    let hash = hex::encode(Hash::of(&bytes).bytes());
    Ok((bytes, hash))
}

/// A credit note over too much or nothing is refused as the contract refuses it.
fn not_credited(error: InvoiceError) -> DeskError {
    match error {
        InvoiceError::MoreThanLeft { left, .. } => {
            contract::Refusal::ExceedsInvoice { left_minor: left.minor() }.into()
        }
        InvoiceError::NothingCredited { .. } => {
            contract::Refusal::NotPositive { field: "gross" }.into()
        }
        other => other.into(),
    }
}

impl Desk {
    /// Puts a statement before the customer, and keeps its whole as an object. First the clock
    /// decides what silence has decided by now: a delivery accepted by it belongs to the period in
    /// which the time ran out. Clauses: anno-4.1.1, class-5.2.
    ///
    /// # Errors
    /// The contract's refusal, a period that cannot be settled, or
    /// [`DeskError::StatementDiffers`] when the clock's decisions changed it: settle it again.
    pub async fn submit(
        &self,
        book: &mut Book,
        actor: &Actor,
        statement: &Statement,
    ) -> Result<Vec<Recorded>, DeskError> {
        self.tick(book).await?;
        if Settled::new(book, &statement.period)?.statement != *statement {
            return Err(DeskError::StatementDiffers { statement: statement.name.clone() });
        }
        let bytes = statement_bytes(statement)?;
        self.put(&book.agreement, &bytes).await?;
        let action = Action::SubmitStatement(summary(statement)?);
        self.execute_on(book, &Command::new(actor.clone(), action)).await
    }

    /// Objects to lines of a statement; what stays due of the rest follows from them.
    ///
    /// # Errors
    /// The contract's refusal, or an amount out of range.
    pub async fn object(
        &self,
        book: &mut Book,
        actor: &Actor,
        statement: &Id,
        lines: &[u32],
        reason: &str,
    ) -> Result<Vec<Recorded>, DeskError> {
        let unknown =
            || contract::Refusal::Unknown { what: "statement", name: statement.to_string() };
        let settled = book.settled.get(statement).ok_or_else(unknown)?;
        let rest = settled.part(&StatementPart::Without(lines.to_vec()))?;
        let whole = settled.statement.totals.gross;
        let disputed = whole.checked_sub(rest.totals.gross)?;
        let action = Action::ObjectToStatement {
            statement: statement.clone(),
            lines: lines.to_vec(),
            disputed,
            undisputed: rest.totals.due,
            reason: reason.to_owned(),
        };
        self.execute_on(book, &Command::new(actor.clone(), action)).await
    }

    /// Issues the invoice of an approved statement, under the next number, and keeps it as an
    /// object.
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
        let invoices = &book.state.money.invoices;
        let numbers: Vec<u32> = invoices.iter().map(|invoice| invoice.summary.number).collect();
        let number = settlement::next_number(&numbers)?;
        let invoice = book.draw_up(statement, number, now)?;
        let (bytes, sha256) = sha256(&invoice, "invoice")?;
        let summary = InvoiceSummary {
            number,
            statement: statement.clone(),
            net: invoice.net,
            tax: invoice.total_tax()?,
            gross: invoice.gross,
            payable: invoice.payable,
            issued: invoice.issued,
            due: invoice.due.day,
            sha256,
        };
        let action = Action::IssueInvoice(summary);
        let recorded = self.execute_on(book, &Command::new(actor.clone(), action)).await?;
        self.put(&book.agreement, &bytes).await?;
        Ok(recorded)
    }

    /// Issues a credit note over a gross amount of an invoice, and keeps it as an object.
    ///
    /// # Errors
    /// The contract's refusal, or an amount out of range.
    pub async fn credit_note(
        &self,
        book: &mut Book,
        actor: &Actor,
        invoice: u32,
        gross: Money,
        reason: &str,
    ) -> Result<Vec<Recorded>, DeskError> {
        let now = book.instant(self.clock.now());
        let agreement = book.state.agreement.as_ref().ok_or(contract::Refusal::NotDrafted)?;
        let notes = &book.state.money.credit_notes;
        let numbers: Vec<u32> = notes.iter().map(|note| note.number).collect();
        let number = settlement::next_number(&numbers)?;
        let earlier = book.credit_notes(invoice)?;
        let issued = book.invoice(invoice)?;
        let day = now.date(&agreement.zone);
        let text = Number::new(&credit_series(&book.agreement), number);
        let code = Id::new(reason).map_err(|_| unwritable("credit note"))?;
        let note = CreditNote::issue(&issued, &earlier, text, day, code, gross);
        let note = note.map_err(not_credited)?;
        let (bytes, sha256) = sha256(&note, "credit note")?;
        let action = Action::IssueCreditNote(CreditNoteSummary {
            number,
            invoice,
            gross,
            tax: note.tax,
            reason: reason.to_owned(),
            issued: day,
            sha256,
        });
        let recorded = self.execute_on(book, &Command::new(actor.clone(), action)).await?;
        self.put(&book.agreement, &bytes).await?;
        Ok(recorded)
    }
}
