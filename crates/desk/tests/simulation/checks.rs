//! What must hold after each step, for each statement, and for the whole journal at the end.

use contract::event::{Event, Recorded};
use contract::obligation::{ObligationKind, ObligationStatus};
use contract::state::State;
use contract::terms::LiabilityCap;
use desk::account::{account, liability};
use journal::{Hash, LogVerifier};
use settlement::{Carried, Statement};
use units::{Id, Money, Timestamp};

use super::life::{Life, scope};

/// What was closed stays closed: when obligations were met, by their place.
pub(super) type Closed = Vec<(Id, Option<(Timestamp, u64)>, Option<u64>)>;

fn minor(amounts: impl Iterator<Item = Money>) -> i128 {
    amounts.map(Money::minor).sum()
}

impl Life {
    /// Reads what is new in the store: each line is the only text of its entry.
    pub(super) async fn absorb(&mut self) {
        let from = self.seen;
        let page = self.desk.store.read(&scope(), &self.agreement.id, from, u32::MAX).await;
        for record in page.unwrap() {
            let recorded = desk::decode(record.seq, &record.line).unwrap();
            assert_eq!(recorded.seq, self.seen);
            let Recorded { seq, at, actor, event } = &recorded;
            let again = desk::encode(*seq, *at, actor, event).unwrap().line();
            assert_eq!(again, record.line, "an entry has one text");
            assert_eq!(*Hash::leaf(&record.line).bytes(), record.leaf);
            self.truth.see(&recorded);
            if let Event::AgreementEnded { .. } = event {
                self.tell(format!("ended at {at}"));
            }
            self.seen += 1;
        }
    }

    pub(super) fn check_step(&mut self) {
        let at = self.instant();
        self.check_obligations();
        self.check_series();
        if self.dice.once_in(2) {
            self.check_position(at);
        }
        if self.dice.once_in(8) {
            self.check_account(at);
            self.check_liability();
        }
    }

    /// Obligations that were met or waived stay as they are. Repairs follow from the order of the
    /// outages themselves, so that a report that comes late may still change them.
    fn check_obligations(&mut self) {
        let state = &self.book.as_ref().expect("a life begins with a draft").state;
        let lasting = state.obligations.iter().filter(|one| one.kind != ObligationKind::Repair);
        let now: Vec<_> = lasting.collect();
        assert!(now.len() >= self.closed.len(), "an obligation is gone");
        for (before, now) in self.closed.iter().zip(&now) {
            let (name, met, waived) = before;
            assert_eq!(*name, now.name);
            if met.is_some() || waived.is_some() {
                assert_eq!((*met, *waived), (now.met, now.waived), "{name} was closed before");
            }
        }
        self.closed = now.iter().map(|one| (one.name.clone(), one.met, one.waived)).collect();
    }

    fn check_position(&mut self, at: Timestamp) {
        let state = &self.book().state;
        let position = contract::position(state, at);
        let open =
            [ObligationStatus::Pending, ObligationStatus::Breached, ObligationStatus::Suspended];
        for view in &position.obligations {
            assert!(view.met.is_none() || !open.contains(&view.status), "{view:?}");
        }
        assert_eq!(position.gaps, self.truth.gaps());
        let Some(money) = &position.money else { return };
        assert_eq!(money.open.minor(), minor(money.invoices.iter().map(|view| view.open)));
        let overdue = money.invoices.iter().filter(|view| view.overdue);
        assert_eq!(money.overdue.minor(), minor(overdue.map(|view| view.open)));
        assert!(money.invoices.iter().all(|view| !view.open.is_negative()), "{money:?}");
        assert_eq!(money.invoiced.minor(), minor(money.invoices.iter().map(|view| view.gross)));
        let notes = state.money.credit_notes.iter().map(|note| note.gross);
        assert_eq!(money.credited.minor(), minor(notes));
        assert!(money.drawn.minor() <= money.prepaid.minor().max(0), "{money:?}");
        for row in &state.money.invoices {
            let credited = row.credited_minor;
            assert!(credited <= row.summary.gross.minor().max(0), "{row:?}");
            assert!(!row.summary.payable.is_negative(), "{row:?}");
        }
    }

    /// Invoices and credit notes are numbered without gaps; each bills one approved statement.
    fn check_series(&self) {
        let money = &self.book().state.money;
        let numbers = money.invoices.iter().map(|invoice| invoice.summary.number);
        assert!(numbers.eq(1..=money.invoices.len() as u32));
        let numbers = money.credit_notes.iter().map(|note| note.number);
        assert!(numbers.eq(1..=money.credit_notes.len() as u32));
        for invoice in &money.invoices {
            let statement = &money.statements[&invoice.summary.statement];
            assert!(statement.approved.is_some());
            assert_eq!(statement.invoice, Some(invoice.summary.number));
        }
    }

    /// Late fees never fall as days go by; what was paid is all accounted for.
    fn check_account(&mut self, at: Timestamp) {
        let state = &self.book().state;
        let Some(terms) = &state.agreement else { return };
        let today = at.date(&terms.zone);
        let mut before: Option<desk::account::Account> = None;
        for days in [0, 1, 40] {
            let now = account(state, terms, today.plus_days(days));
            let now = now.unwrap_or_else(|error| panic!("the account fails: {error:?}"));
            for row in &now.invoices {
                assert!(!row.open_principal.is_negative(), "{row:?}");
                assert!(!row.open_late_fee.is_negative(), "{row:?}");
            }
            for payment in &now.payments {
                let parts = minor(payment.allocation.parts.iter().map(|part| part.amount));
                let left = payment.allocation.left.minor();
                assert_eq!(parts + left, payment.amount.minor(), "{payment:?}");
            }
            let open = minor(now.invoices.iter().map(|row| row.open_principal));
            assert_eq!(now.open_principal.minor(), open);
            let rows = before.iter().flat_map(|before| before.invoices.iter().zip(&now.invoices));
            for (earlier, later) in rows {
                let fee = |row: &desk::account::InvoiceAccount| {
                    row.late_fee.as_ref().map_or(0, |accrual| accrual.accrued.minor())
                };
                assert!(fee(earlier) <= fee(later), "a late fee fell: {earlier:?} {later:?}");
            }
            before = Some(now);
        }
    }

    fn check_liability(&mut self) {
        let state = &self.book().state;
        let Some(terms) = &state.agreement else { return };
        let allowed = liability(state, terms).unwrap();
        let mut by_party = std::collections::BTreeMap::new();
        for row in &allowed {
            assert!(row.allowed.minor() <= row.recoverable.minor(), "{row:?}");
            assert!(!row.allowed.is_negative(), "{row:?}");
            let Some(cap) = row.cap.filter(|_| !row.carved_out) else { continue };
            let room = (cap.minor() - row.used_before.minor()).max(0);
            assert!(row.allowed.minor() <= room, "{row:?}");
            *by_party.entry(row.against).or_insert(0) += row.allowed.minor();
        }
        if let LiabilityCap::Fixed(cap) = &terms.liability.cap {
            let cap = Money::from_decimal(cap.amount.figure, terms.currency).unwrap();
            assert!(by_party.values().all(|sum| *sum <= cap.minor()), "{allowed:?}");
        }
        for claim in state.claims.values() {
            let Some(settled) = claim.settled else { continue };
            let claimed = claim.claim.direct.minor() + claim.claim.indirect.minor();
            assert!(settled.minor() <= claimed, "{claim:?}");
        }
    }

    /// Sums add up, credits stay under their cap, and neither the order of measurements nor a
    /// repetition changes a byte. Then the oracle.
    pub(super) fn check_statement(&mut self, statement: &Statement) {
        let totals = &statement.totals;
        let sum = |lines: &[settlement::Line]| minor(lines.iter().map(|line| line.amount));
        assert_eq!(totals.subtotal.minor(), sum(&statement.lines));
        assert_eq!(totals.tax.minor(), sum(&statement.tax_lines));
        assert_eq!(totals.gross.minor(), totals.net.minor() + totals.tax.minor());
        assert_eq!(totals.adjustments.minor(), sum(&statement.adjustments));
        assert_eq!(totals.due.minor(), totals.gross.minor() + totals.adjustments.minor());
        assert_eq!(totals.refund.minor(), -sum(&statement.refunds));
        assert!(totals.gross.is_negative() || !totals.due.is_negative(), "{totals:?}");
        let book = self.book();
        let state = &book.state;
        let zone = &self.agreement.zone;
        let last = Timestamp::from_micros(statement.window.to.micros() - 1).date(zone);
        let terms = contract::terms_on(state, last).unwrap();
        let falls = statement.lines.iter().any(|line| line.amount.is_negative());
        if let (Some(credit), Some(level)) = (&statement.credit, &terms.service_level)
            && !falls
        {
            let base = totals.gross.minor().max(totals.net.minor());
            let fees = base * level.credits.cap.points().mantissa();
            let hundred = 100 * 10_i128.pow(u32::from(level.credits.cap.points().scale()));
            let given = -credit.line.amount.minor();
            assert!(given >= 0 && given * hundred <= fees, "{credit:?} of {totals:?}");
        }
        let carried = carried(book, &terms);
        let mut measurements = contract::measurements(state);
        let again = measurements.clone();
        measurements.extend(again.into_iter().take(3));
        self.dice.shuffle(&mut measurements);
        let again = settlement::settle(&terms, &measurements, &statement.period, &carried).unwrap();
        let bytes = |statement: &Statement| desk::money::statement_bytes(statement).unwrap();
        assert!(bytes(&again) == bytes(statement), "the order of measurements changed a statement");
        let deliveries = &self.book().state.facts.deliveries;
        let silence = |name: &str| {
            let found = deliveries.iter().find(|(delivery, _)| delivery.as_str() == name);
            found.and_then(|(_, found)| found.accepted).map(|(at, _)| at)
        };
        let compared = self.truth.compare(&terms, statement, silence);
        self.lived.compared += u64::from(compared);
    }

    /// The whole journal: its checkpoint verifies, it folds from any prefix to the same state, and
    /// a changed byte, a dropped entry and a swap are found.
    pub(super) async fn check_journal(&mut self) {
        let id = &self.agreement.id;
        let note = self.desk.checkpoint(id).await.unwrap().to_string();
        let mut lines: Vec<(Vec<u8>, Hash)> = Vec::new();
        let page = self.desk.store.read(&scope(), id, 0, u32::MAX).await.unwrap();
        for record in page {
            lines.push((record.line, Hash::new(record.leaf)));
        }
        let origin = desk::origin(id);
        let key = self.desk.key.verifier();
        let sound = |lines: &[(Vec<u8>, Hash)]| {
            let mut verifier = LogVerifier::new(&origin, std::slice::from_ref(&key), &[&note]);
            lines.iter().for_each(|(line, leaf)| verifier.entry(line, *leaf));
            verifier.finish().is_sound()
        };
        assert!(sound(&lines), "the journal of a whole life verifies");
        let last = lines.len() as u64 - 1;
        let at = usize::try_from(self.dice.range(0, last)).unwrap();
        let mut changed = lines.clone();
        let byte = usize::try_from(self.dice.range(0, changed[at].0.len() as u64 - 1)).unwrap();
        changed[at].0[byte] ^= 1 << self.dice.range(0, 7);
        assert!(!sound(&changed), "byte {byte} of entry {at} was changed unseen");
        let leaf = Hash::leaf(&changed[at].0);
        changed[at].1 = leaf;
        assert!(!sound(&changed), "entry {at} was changed unseen, hash and all");
        let mut dropped = lines.clone();
        dropped.remove(at);
        assert!(!sound(&dropped), "entry {at} was dropped unseen");
        let mut swapped = lines.clone();
        swapped.swap(at, lines.len() - 1 - at);
        assert!(2 * at == lines.len() - 1 || !sound(&swapped), "entries changed places unseen");
        // A fold that stops anywhere and goes on is the whole fold.
        let mut state = State::default();
        for (seq, (line, _)) in (0..).zip(&lines) {
            if seq == at as u64 {
                state = state.clone();
            }
            contract::apply(&mut state, &desk::decode(seq, line).unwrap());
        }
        assert!(state == self.book().state, "the fold of the journal is the state");
        assert_eq!(self.book().recomputed.len() as u64, self.lived.statements);
    }
}

/// What earlier statements left, from the journal alone.
fn carried(book: &desk::Book, terms: &contract::terms::Agreement) -> Carried {
    let mut carried = book.carry.clone().unwrap_or(Carried::nothing(terms.currency));
    let state = &book.state;
    let mut left = contract::paid::prepaid_minor(state);
    left -= minor(state.money.statements.values().map(|found| found.summary.drawdown));
    carried.prepayment_left = Money::new(left.max(0), terms.currency);
    carried
}
