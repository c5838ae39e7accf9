//! What nobody in their senses asks for: the wrong party, names that do not exist, amounts and
//! times out of all bounds, steps out of order. A refusal is the right answer more often than not;
//! that nothing breaks and nothing is left behind is what counts.

use contract::Action;
use contract::event::{
    Actor, Claim, ClaimBasis, CreditNoteSummary, DisputeSubject, Fact, InvoiceSummary, ItemCount,
    Payment, PaymentPurpose, Signing, TerminationGround,
};
use contract::state::Phase;
use contract::terms::{BreachKind, Purpose, Side};
use units::{Currency, Id, Metric, Money, Timestamp, Window};

use super::life::{Life, customer, machine, vendor};
use super::work::{id, sha};

impl Life {
    fn anybody(&mut self) -> Actor {
        self.dice.pick(&[customer(), vendor(), machine()]).clone()
    }

    fn any_name(&mut self) -> Id {
        let known = ["d1", "x", "1", "2026-02", "round-1", "milestone:signing", "gold", "e3"];
        if self.dice.once_in(2) {
            return id(self.dice.pick::<&str>(&known));
        }
        let state = &self.book().state;
        let names = state.facts.deliveries.keys().chain(state.money.statements.keys());
        let names = names.chain(state.claims.keys()).chain(state.disputes.keys());
        let names = names.chain(state.reminders.keys()).chain(state.force_majeure.keys());
        let mut all: Vec<Id> = names.cloned().collect();
        all.push(id("nothing"));
        self.dice.pick(&all).clone()
    }

    fn any_money(&mut self) -> Money {
        let currency = self.agreement.currency;
        let currency = if self.dice.once_in(6) { Currency::Gbp } else { currency };
        let minor = *self.dice.pick(&[
            0,
            1,
            -1,
            99,
            1_000_000,
            -500_000,
            i128::from(i64::MAX),
            i128::MAX,
            i128::MIN,
        ]);
        Money::new(minor, currency)
    }

    fn any_time(&mut self) -> Timestamp {
        let days = *self.dice.pick(&[-40_000, -400, -1, 0, 1, 400, 40_000]);
        self.now.plus_seconds(days * 86_400)
    }

    fn any_window(&mut self) -> Window {
        let (from, to) = (self.any_time(), self.any_time());
        Window { from, to }
    }

    pub(super) async fn nonsense(&mut self) {
        let actor = self.anybody();
        let action = match self.dice.range(0, 3) {
            0 => self.odd_fact(),
            1 => self.odd_money(),
            2 => self.odd_claim(),
            _ => self.odd_life(),
        };
        let phase = self.book().state.phase();
        let round = matches!(
            &action,
            Action::Record { fact: Fact::DeliverySubmitted { .. } | Fact::RunFinished { .. }, .. }
        );
        let done = self.ask(&actor, action).await;
        assert!(!(done && round && phase == Phase::Ended), "a round after the end was accepted");
    }

    fn odd_fact(&mut self) -> Action {
        let huge = *self.dice.pick(&[0, 1, u64::MAX]);
        let (name, window, taken) = (self.any_name(), self.any_window(), self.any_time());
        let side = *self.dice.pick(&[Side::Customer, Side::Vendor]);
        let round = *self.dice.pick(&[0, 1, 2, 99, u32::MAX]);
        let sha256 = sha("x");
        let items = vec![ItemCount { item: id("boxes"), quantity: huge }];
        let fact = match self.dice.range(0, 15) {
            0 => Fact::GuidelineProvided { version: round, sha256 },
            1 => Fact::DataProvided { batch: name, quantity: huge, sha256 },
            2 | 3 => Fact::DeliverySubmitted { delivery: name, round, items, sha256 },
            4 => Fact::SeedCommitted { delivery: name, side, commitment: "zz".to_owned() },
            5 => Fact::SeedRevealed { delivery: name, side, seed: "zz".to_owned() },
            6 => Fact::Inspected { delivery: name, round, results: Vec::new(), sha256 },
            7 | 8 => Fact::RunFinished {
                round,
                parameters: huge,
                data_bytes: huge,
                training_seconds: huge,
                report: None,
            },
            9 => Fact::ModelDelivered { round, sha256, although: None },
            10 => Fact::RevenueReported { side, window, amount: self.any_money() },
            11 => Fact::StorageSampled { taken: self.any_time(), bytes: 1 },
            12 => Fact::ExportAccepted,
            13 => Fact::DataDeleted { sha256 },
            14 => {
                let (purpose, resource) = (Purpose::LanguageModel, "x".repeat(300));
                Fact::ResourceUsed { side, purpose, resource }
            }
            _ => Fact::BreachDiscovered { incident: name, discovered: taken },
        };
        Action::Record { fact, source: None }
    }

    fn odd_money(&mut self) -> Action {
        let (name, amount, gross) = (self.any_name(), self.any_money(), self.any_money());
        let day = self.now.date(&self.agreement.zone).plus_days(self.dice.between(-900, 900));
        let number = *self.dice.pick(&[0, 1, 2, 50, u32::MAX]);
        match self.dice.range(0, 5) {
            0 => Action::ApproveStatement { statement: name },
            1 => {
                let lines = vec![0, number];
                let (disputed, undisputed, reason) = (amount, gross, "other".to_owned());
                Action::ObjectToStatement { statement: name, lines, disputed, undisputed, reason }
            }
            2 => Action::IssueInvoice(InvoiceSummary {
                number,
                statement: name,
                net: amount,
                tax: gross,
                gross,
                payable: gross,
                issued: day,
                due: day,
                sha256: sha("invoice"),
            }),
            3 => Action::IssueCreditNote(CreditNoteSummary {
                number,
                invoice: number,
                gross,
                tax: amount,
                reason: "error".to_owned(),
                issued: day,
                sha256: sha("note"),
            }),
            _ => {
                // A payment that a bank could report, by whoever, for whatever.
                let most = *self.dice.pick(&[0, 5, 70_000]);
                let amount =
                    if amount.minor() > 1_000_000_000 { self.amount(most) } else { amount };
                let by = *self.dice.pick(&[Side::Customer, Side::Vendor]);
                let towards = *self.dice.pick(&[
                    PaymentPurpose::Open,
                    PaymentPurpose::Invoice { number },
                    PaymentPurpose::Refund,
                ]);
                Action::RecordPayment(Payment { payment: name, by, amount, on: day, towards })
            }
        }
    }

    fn odd_claim(&mut self) -> Action {
        let (name, amount) = (self.any_name(), self.any_money());
        let maybe = self.dice.once_in(2).then_some(amount);
        match self.dice.range(0, 9) {
            0 | 1 => Action::RaiseClaim(Claim {
                claim: name,
                by: *self.dice.pick(&[Side::Customer, Side::Vendor]),
                basis: ClaimBasis::Liquidated { damages: id("nothing") },
                breach: BreachKind::Other,
                clause: id("train-8.1"),
                direct: amount,
                indirect: self.any_money(),
                occurred: self.any_time(),
                evidence: vec![id("e999999")],
            }),
            2 => Action::AnswerClaim { claim: name, accepted: amount },
            3 => Action::AssumeDefence { claim: name },
            4 => Action::SettleClaim { claim: name, amount },
            5 => {
                let subject = DisputeSubject::Measurement { evidence: id("e999999") };
                Action::OpenDispute { dispute: name, subject, clause: id("x") }
            }
            6 => Action::SettleDispute { dispute: name, amount: maybe },
            7 => Action::FileDispute { dispute: name, docket: String::new() },
            8 => Action::RecordDecision { dispute: name, amount: maybe },
            _ => Action::AnswerPatent { proposal: name, joins: true },
        }
    }

    fn odd_life(&mut self) -> Action {
        let (name, time) = (self.any_name(), self.any_time());
        match self.dice.range(0, 11) {
            0 => Action::Draft {
                agreement: Box::new(self.agreement.clone()),
                terms_sha256: sha("terms"),
            },
            1 => Action::SignDocument { document: name, signing: self.odd_signing() },
            2 => Action::Accept { delivery: name },
            3 => Action::Reject { delivery: name, failed: vec![Metric::BoxF1] },
            4 => Action::Waive { obligation: name },
            5 => Action::DeclareForceMajeure { case: name, from: time },
            6 => Action::EndForceMajeure { case: name, to: time },
            7 => Action::ConfirmCure { reminder: name },
            8 | 9 => {
                let ground = *self.dice.pick(&[
                    TerminationGround::Expiry,
                    TerminationGround::Breach,
                    TerminationGround::ForceMajeure,
                    TerminationGround::LatePayment,
                    TerminationGround::Convenience,
                ]);
                Action::GiveNotice { ground, support: Some(name), effective: time }
            }
            10 => Action::AgreeRenewal,
            _ => Action::Tick,
        }
    }

    fn odd_signing(&mut self) -> Signing {
        Signing {
            side: Side::Customer,
            signatory: "nobody".to_owned(),
            key: "no key".to_owned(),
            terms_sha256: sha("other"),
            manifest_sha256: None,
            signature: "none".to_owned(),
        }
    }
}
