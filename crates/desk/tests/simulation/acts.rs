//! What parties of every kind of agreement do: support, security, consent, force majeure,
//! reminders, claims, disputes, renewal, the end and what follows it.

use contract::Action;
use contract::event::{Claim, ClaimBasis, DisputeSubject, Fact, TerminationGround};
use contract::terms::{BreachKind, IndemnityScope, Purpose, Side};
use units::{Fraction, Id, Money, Window};

use super::life::{Life, customer, vendor};
use super::work::{id, sha};

impl Life {
    pub(super) async fn common(&mut self) {
        if self.book().state.ended.is_some() && self.dice.once_in(2) {
            return self.wind_down().await;
        }
        match self.dice.range(0, 9) {
            0 => self.ticket().await,
            1 => self.security().await,
            2 => self.consent().await,
            3 => self.force_majeure().await,
            4 => self.reminder().await,
            5 | 6 => self.claim().await,
            7 => self.dispute().await,
            8 => self.waive().await,
            _ => self.ending().await,
        }
    }

    async fn ticket(&mut self) {
        let ticket = self.name("ticket");
        self.record(Side::Customer, Fact::TicketOpened { ticket: ticket.clone() }).await;
        if self.dice.once_in(2) {
            self.record(Side::Vendor, Fact::TicketResolved { ticket }).await;
        }
        let from = self.now.plus_seconds(-self.dice.between(3_601, 86_400));
        let fact = Fact::SupportRendered {
            window: Window::new(from, from.plus_seconds(3_600)),
            hours: Fraction::new(i128::from(self.dice.range(1, 20)), 4),
            migration: self.dice.once_in(3),
        };
        self.record(Side::Vendor, fact).await;
    }

    async fn security(&mut self) {
        let incident = self.name("incident");
        let discovered = self.now.plus_seconds(-self.dice.between(0, 500_000));
        let fact = Fact::BreachDiscovered { incident: incident.clone(), discovered };
        self.record(Side::Vendor, fact).await;
        if self.dice.once_in(2) {
            self.record(Side::Vendor, Fact::BreachNotified { incident }).await;
        }
        let (standard, sha256) = ("SOC 2".to_owned(), sha("report"));
        self.record(Side::Vendor, Fact::SecurityReportProvided { standard, sha256 }).await;
        let audit = self.name("audit");
        self.record(Side::Customer, Fact::AuditRequested { audit: audit.clone() }).await;
        self.record(Side::Vendor, Fact::AuditAnswered { audit }).await;
    }

    /// Use without consent is refused, with it done. Clause: pb-02.
    async fn consent(&mut self) {
        let purpose = Purpose::ModelImprovement;
        let given = self.dice.once_in(2);
        let fact = match given {
            true => Fact::ConsentGiven { purpose },
            false => Fact::ConsentWithdrawn { purpose },
        };
        self.record(Side::Customer, fact).await;
        let resource = "batch".to_owned();
        let used = Fact::ResourceUsed { side: Side::Vendor, purpose, resource };
        let done = self.record(Side::Vendor, used).await;
        let state = &self.book().state;
        let policy = state.agreement.as_ref().map(|terms| terms.training_use.policy);
        let consents = state.consents.contains_key(&purpose);
        if policy == Some(contract::terms::TrainingPolicy::WithConsent) && !consents {
            assert!(!done, "data was used for a purpose without consent");
        }
        if state.ended.is_some() {
            assert!(!done, "data was used after the end");
        }
    }

    async fn force_majeure(&mut self) {
        let lasting = self.book().state.force_majeure.iter().find(|(_, case)| case.to.is_none());
        let lasting = lasting.map(|(name, case)| (name.clone(), case.side));
        let actor = |side| if side == Side::Customer { customer() } else { vendor() };
        match lasting {
            Some((case, side)) => {
                let sha256 = sha("proof");
                let prove = Action::ProveForceMajeure { case: case.clone(), sha256 };
                self.ask(&actor(side), prove).await;
                if self.dice.once_in(2) {
                    let to = self.now.plus_seconds(-self.dice.between(0, 86_400));
                    self.ask(&actor(side), Action::EndForceMajeure { case, to }).await;
                }
            }
            None => {
                let side = *self.dice.pick(&[Side::Customer, Side::Vendor]);
                let case = self.name("storm");
                let from = self.now.plus_seconds(-self.dice.between(0, 10 * 86_400));
                self.ask(&actor(side), Action::DeclareForceMajeure { case, from }).await;
            }
        }
    }

    async fn reminder(&mut self) {
        let open = self.book().state.reminders.iter().find(|(_, found)| found.cured.is_none());
        match open.map(|(name, _)| name.clone()) {
            Some(reminder) if self.dice.once_in(6) => {
                let (ground, support) = (TerminationGround::Breach, Some(reminder));
                let effective = self.instant();
                self.ask(&customer(), Action::GiveNotice { ground, support, effective }).await;
            }
            Some(reminder) => {
                self.ask(&customer(), Action::ConfirmCure { reminder }).await;
            }
            None => {
                let (reminder, breach) = (self.name("reminder"), BreachKind::StandardNotMet);
                let clause = id("lease-7.2.1");
                self.ask(&customer(), Action::RemindBreach { reminder, breach, clause }).await;
            }
        }
    }

    pub(super) fn amount(&mut self, most: u64) -> Money {
        Money::new(i128::from(self.dice.range(0, most)), self.agreement.currency)
    }

    async fn claim(&mut self) {
        let open = self.book().state.claims.values().find(|claim| claim.settled.is_none());
        let open = open.map(|claim| (claim.claim.clone(), claim.accepted));
        let actor = |side| if side == Side::Customer { customer() } else { vendor() };
        let Some((claim, accepted)) = open else { return self.raise_claim().await };
        let name = claim.claim.clone();
        let (claimant, debtor) = (actor(claim.by), actor(claim.by.other()));
        match (self.dice.range(0, 3), accepted) {
            (0, _) => {
                let scope = IndemnityScope::IpInfringement;
                let fact = Fact::IndemnityNotified { claim: name.clone(), scope };
                self.record(claim.by, fact).await;
                self.ask(&debtor, Action::AssumeDefence { claim: name }).await;
            }
            (1, None) => {
                let most = u64::try_from(claim.direct.minor()).unwrap();
                let accepted = self.amount(most);
                self.ask(&debtor, Action::AnswerClaim { claim: name, accepted }).await;
            }
            (_, Some(accepted)) => {
                // What the cap allows can be less than what was accepted.
                let amount = if self.dice.once_in(2) { accepted } else { self.amount(400_000) };
                let by = if self.dice.once_in(2) { debtor } else { claimant };
                self.ask(&by, Action::SettleClaim { claim: name, amount }).await;
            }
            _ => {}
        }
    }

    async fn raise_claim(&mut self) {
        let by = *self.dice.pick(&[Side::Customer, Side::Customer, Side::Vendor]);
        let basis = match self.dice.range(0, 3) {
            0 => ClaimBasis::Liquidated { damages: id("late") },
            1 => ClaimBasis::Indemnity { indemnity: id("ip") },
            _ => ClaimBasis::Loss,
        };
        let zero = Money::zero(self.agreement.currency);
        let claim = Claim {
            claim: self.name("claim"),
            by,
            basis,
            breach: *self.dice.pick(&[
                BreachKind::LateDelivery,
                BreachKind::Disclosure,
                BreachKind::DataBreach,
                BreachKind::LatePayment,
                BreachKind::Other,
            ]),
            clause: id("train-8.1"),
            direct: self.amount(600_000),
            indirect: if self.dice.once_in(3) { self.amount(90_000) } else { zero },
            occurred: self.now.plus_seconds(-self.dice.between(0, 30 * 86_400)),
            evidence: vec![id("e0")],
        };
        let actor = if by == Side::Customer { customer() } else { vendor() };
        self.ask(&actor, Action::RaiseClaim(claim)).await;
    }

    async fn dispute(&mut self) {
        let open = self.book().state.disputes.iter().find(|(_, found)| found.ended.is_none());
        let open = open.map(|(name, found)| (name.clone(), found.filed.is_some()));
        let Some((dispute, filed)) = open else { return self.open_dispute().await };
        let amount = self.dice.once_in(2).then(|| self.amount(50_000));
        match (self.dice.range(0, 2), filed) {
            (0, _) => {
                for actor in [customer(), vendor()] {
                    let dispute = dispute.clone();
                    self.ask(&actor, Action::SettleDispute { dispute, amount }).await;
                }
            }
            (_, false) => {
                let docket = "2026-17".to_owned();
                self.ask(&vendor(), Action::FileDispute { dispute, docket }).await;
            }
            (_, true) => {
                self.ask(&customer(), Action::RecordDecision { dispute, amount }).await;
            }
        }
    }

    async fn open_dispute(&mut self) {
        let state = &self.book().state;
        let statement = state.money.statements.keys().next_back().cloned();
        let claim = state.claims.keys().next_back().cloned();
        let subject = match (self.dice.range(0, 3), statement, claim) {
            (0, Some(statement), _) => DisputeSubject::Statement { statement },
            (1, _, Some(claim)) => DisputeSubject::Claim { claim },
            (2, ..) => DisputeSubject::Measurement { evidence: id("e1") },
            _ => DisputeSubject::Clause,
        };
        let (dispute, clause) = (self.name("dispute"), id("train-9.1"));
        self.ask(&customer(), Action::OpenDispute { dispute, subject, clause }).await;
    }

    async fn waive(&mut self) {
        let obligations = &self.book().state.obligations;
        let open = obligations.iter().filter(|one| one.met.is_none() && one.waived.is_none());
        let all: Vec<(Id, Side)> = open.map(|one| (one.name.clone(), one.debtor)).collect();
        if all.is_empty() || !self.dice.once_in(3) {
            return;
        }
        let (obligation, debtor) = self.dice.pick(&all).clone();
        let actor = if debtor == Side::Customer { vendor() } else { customer() };
        self.ask(&actor, Action::Waive { obligation }).await;
    }

    async fn ending(&mut self) {
        let notice = |ground, effective| Action::GiveNotice { ground, support: None, effective };
        match self.dice.range(0, 9) {
            0 => {
                let effective = self.instant().plus_seconds(self.dice.between(31, 60) * 86_400);
                self.ask(&customer(), notice(TerminationGround::Convenience, effective)).await;
            }
            1 if self.dice.once_in(4) => {
                let effective = self.instant();
                self.ask(&vendor(), notice(TerminationGround::Insolvency, effective)).await;
            }
            2 if self.dice.once_in(2) => {
                let effective = self.instant().plus_seconds(self.dice.between(0, 20) * 86_400);
                for actor in [customer(), vendor()] {
                    self.ask(&actor, notice(TerminationGround::Agreement, effective)).await;
                }
            }
            3 | 4 => {
                let ends = self.agreement.term.ends;
                let until = ends.plus_days(self.dice.between(1, 90));
                self.ask(&customer(), Action::RequestRenewal { until }).await;
                self.ask(&vendor(), Action::AgreeRenewal).await;
            }
            5 => {
                let proposal = self.name("patent");
                let propose = Action::ProposePatent { proposal: proposal.clone() };
                self.ask(&customer(), propose).await;
                self.ask(&vendor(), Action::AnswerPatent { proposal, joins: true }).await;
            }
            _ => {
                let duty = id("knowledge");
                self.record(Side::Customer, Fact::DutyFulfilled { duty }).await;
            }
        }
    }

    async fn wind_down(&mut self) {
        let (side, fact) = match self.dice.range(0, 3) {
            0 => (Side::Customer, Fact::UseStopped),
            1 => (Side::Vendor, Fact::ExportProvided { sha256: sha("export") }),
            2 => (Side::Customer, Fact::ExportAccepted),
            _ => (Side::Vendor, Fact::DataDeleted { sha256: sha("certificate") }),
        };
        self.record(side, fact).await;
    }
}
