//! Statements, reviews, invoices, payments and credit notes, in time, late, partly or too much.

use contract::Action;
use contract::event::{Payment, PaymentPurpose};
use contract::terms::{Plan, Service, SettlementCycle, Side};
use desk::DeskError;
use settlement::{LineCode, SettleError};
use units::{Id, Money};

use super::life::{Life, customer, machine, vendor};

impl Life {
    pub(super) async fn money(&mut self) {
        match self.dice.range(0, 9) {
            0..=4 => self.submit().await,
            5 => self.review().await,
            6 | 7 => self.invoice().await,
            8 => self.pay().await,
            _ => self.credit().await,
        }
    }

    /// The names of statements that are due by now and were not submitted.
    fn due(&self) -> Vec<String> {
        let state = &self.book().state;
        let (Some(terms), Some(effective)) = (&state.agreement, &state.effective) else {
            return Vec::new();
        };
        let instant = self.instant();
        let fresh = |name: &String| !state.money.statements.keys().any(|key| key.as_str() == name);
        if state.money.statements.keys().any(|key| key.as_str() == "closing") {
            return Vec::new();
        }
        let mut names = Vec::new();
        if terms.payment.prepayment.is_some() {
            names.push("prepayment".to_owned());
        }
        let (milestones, by_quantity) = match &terms.service {
            Service::Training(terms) => (terms.milestones.as_slice(), false),
            Service::Classification(terms) => {
                let by_quantity = matches!(terms.settlement, SettlementCycle::Quantity(_));
                match &terms.plan {
                    Plan::Project(project) => (project.milestones.as_slice(), false),
                    _ => ([].as_slice(), by_quantity),
                }
            }
            _ => ([].as_slice(), false),
        };
        names.extend(milestones.iter().map(|one| format!("milestone:{}", one.id)));
        if by_quantity {
            let count = state.money.statements.len() as u64;
            names.push(format!("through:{}", 500 * (count + 1)));
        } else {
            let mut month = effective.at.date(&terms.zone).first_of_month();
            while month.last_of_month().end(&terms.zone) <= instant {
                let last = state.ended.is_none_or(|end| month.start(&terms.zone) < end.at);
                if last {
                    names.push(format!("{:04}-{:02}", month.year(), month.month()));
                }
                month = month.plus_months(1);
            }
        }
        names.retain(fresh);
        if state.ended.is_some() && !names.iter().any(|name| name.len() == 7) {
            names.push("closing".to_owned());
        }
        names
    }

    async fn submit(&mut self) {
        if !self.dice.once_in(4) {
            self.ask(&machine(), Action::Tick).await;
        }
        let names = self.due();
        if names.is_empty() {
            return;
        }
        // Months come in their order; milestones and the prepayment when somebody thinks of them.
        let name = match names.iter().find(|name| name.len() == 7) {
            Some(month) if !self.dice.once_in(3) => month.clone(),
            _ => self.dice.pick(&names).clone(),
        };
        if name.len() == 7 && names.iter().find(|name| name.len() == 7) != Some(&name) {
            return;
        }
        let period = desk::money::period(&self.book().state, &name, self.instant()).unwrap();
        let statement = match desk::money::statement(self.book(), &period) {
            Ok(statement) => statement,
            Err(DeskError::Settle(
                error @ (SettleError::QuantityNotReached { .. }
                | SettleError::AlreadySettled { .. }
                | SettleError::NotWholeMonths),
            )) => return self.tell(format!("{name}: {error}")),
            Err(error) => panic!("{name} cannot be settled: {error:?}"),
        };
        self.check_statement(&statement);
        let nothing = statement.lines.is_empty() && statement.adjustments.is_empty();
        if nothing && name.starts_with("milestone:") {
            return;
        }
        let mut book = self.book.take().expect("a life begins with a draft");
        let (size, recorded) = (book.state.next_seq, book.recomputed.len());
        let answer = self.desk.submit(&mut book, &vendor(), &statement).await;
        self.book = Some(book);
        if let Err(DeskError::StatementDiffers { .. }) = answer {
            // The clock decided something in the period just now; it is settled again later.
            self.absorb().await;
            return self.tell(format!("{name} changed as the clock went"));
        }
        // The clock may have had its say before a refusal.
        let size = if answer.is_err() { self.book().state.next_seq } else { size };
        self.absorb().await;
        let done = self.settle_answer(format!("submit {name}"), size, None, answer).await;
        if !done {
            return;
        }
        self.lived.statements += 1;
        let rows = &self.book().recomputed[recorded..];
        assert!(rows.len() == 1 && rows[0].equal, "{name} is not what was submitted: {rows:?}");
        self.truth.billed(&statement);
    }

    async fn review(&mut self) {
        let statements = self.book().state.money.statements.values();
        let open = statements.filter(|found| found.approved.is_none());
        let names: Vec<Id> = open.map(|found| found.summary.statement.clone()).collect();
        if names.is_empty() {
            return;
        }
        let statement = self.dice.pick(&names).clone();
        let lines = u64::from(self.book().state.money.statements[&statement].summary.lines);
        if lines == 0 || !self.dice.once_in(3) {
            self.ask(&customer(), Action::ApproveStatement { statement }).await;
            return;
        }
        let line = u32::try_from(self.dice.range(0, lines - 1)).unwrap();
        let mut book = self.book.take().expect("a life begins with a draft");
        let size = book.state.next_seq;
        let answer =
            self.desk.object(&mut book, &customer(), &statement, &[line], "quantity").await;
        self.book = Some(book);
        let told = format!("object to line {line} of {statement}");
        self.settle_answer(told, size, None, answer).await;
    }

    async fn invoice(&mut self) {
        let statements = self.book().state.money.statements.values();
        let open = statements.filter(|found| found.invoice.is_none());
        let names: Vec<Id> = open.map(|found| found.summary.statement.clone()).collect();
        if names.is_empty() {
            return;
        }
        let statement = self.dice.pick(&names).clone();
        let mut book = self.book.take().expect("a life begins with a draft");
        let size = book.state.next_seq;
        let answer = self.desk.invoice(&mut book, &vendor(), &statement).await;
        self.book = Some(book);
        self.settle_answer(format!("invoice {statement}"), size, None, answer).await;
    }

    async fn pay(&mut self) {
        let open = contract::paid::open_minor(&self.book().state);
        let open: Vec<(u32, i128)> = open.into_iter().filter(|(_, left)| *left > 0).collect();
        let currency = self.agreement.currency;
        let today = self.instant().date(&self.agreement.zone);
        let on = today.plus_days(-self.dice.between(0, 12));
        let (mut minor, mut towards) = (i128::from(self.dice.range(1, 400_000)), None);
        if !open.is_empty() {
            let (number, left) = *self.dice.pick(&open);
            minor = match self.dice.range(0, 5) {
                0 => (left / 3).max(1),
                1 => left + i128::from(self.dice.range(1, 5_000)),
                _ => left,
            };
            towards = self.dice.once_in(2).then_some(PaymentPurpose::Invoice { number });
        } else if self.dice.once_in(2) {
            let terms = self.book().state.agreement.as_ref();
            if terms.is_some_and(|terms| terms.payment.prepayment.is_some()) {
                (minor, towards) = (300_000, Some(PaymentPurpose::Prepayment));
            }
        }
        let (by, towards) = match self.dice.range(0, 19) {
            0 => (Side::Vendor, PaymentPurpose::Refund),
            _ => (Side::Customer, towards.unwrap_or(PaymentPurpose::Open)),
        };
        let (payment, amount) = (self.name("bank"), Money::new(minor, currency));
        let payment = Payment { payment, by, amount, on, towards };
        let actor = if self.dice.once_in(2) { vendor() } else { customer() };
        self.ask(&actor, Action::RecordPayment(payment)).await;
    }

    async fn credit(&mut self) {
        let invoices = &self.book().state.money.invoices;
        let all: Vec<(u32, i128)> =
            invoices.iter().map(|one| (one.summary.number, one.summary.gross.minor())).collect();
        if all.is_empty() || !self.dice.once_in(2) {
            return;
        }
        let (number, gross) = *self.dice.pick(&all);
        let part = gross.max(1) / i128::from(self.dice.range(1, 20));
        let gross = Money::new(part.max(1), self.agreement.currency);
        let mut book = self.book.take().expect("a life begins with a draft");
        let size = book.state.next_seq;
        let answer = self.desk.credit_note(&mut book, &vendor(), number, gross, "error").await;
        self.book = Some(book);
        // Whoever issues the document refuses more than is left before the contract does.
        if let Err(DeskError::Invoice(error)) = &answer {
            let told = format!("credit {gross} of {number}: {error}");
            assert_eq!(self.book().state.next_seq, size);
            return self.tell(told);
        }
        self.settle_answer(format!("credit {gross} of {number}"), size, None, answer).await;
    }
}

/// Whether a line is part of the recurring or one-off charges of the service itself.
pub(super) fn of_service(code: LineCode) -> bool {
    matches!(
        code,
        LineCode::AcceptedItems | LineCode::Images | LineCode::UrgentImages | LineCode::GpuHours
    )
}
