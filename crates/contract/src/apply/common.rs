//! Facts of every kind of agreement: support, security, audits, consent, wind-down. Clauses:
//! pb-01, pb-02, pb-03, pb-06, pb-07, pb-08, lease-6.1, lease-7.3.

use units::Timestamp;

use super::with_terms;
use crate::event::Fact;
use crate::obligation::ObligationKind as Kind;
use crate::rules;
use crate::state::{State, SupportWork, Use};
use crate::terms::DeletionStart;

pub(super) fn apply(state: &mut State, fact: &Fact, at: Timestamp, seq: u64) {
    match fact {
        Fact::TicketOpened { ticket } => {
            let openings = with_terms(state, |agreement| rules::ticket(agreement, ticket, at));
            state.open_all(openings, seq);
        }
        Fact::TicketAnswered { ticket } => {
            state.close(Kind::AnswerTicket, ticket.as_str(), at, seq);
        }
        Fact::TicketResolved { ticket } => {
            state.close(Kind::AnswerTicket, ticket.as_str(), at, seq);
            state.close(Kind::ResolveTicket, ticket.as_str(), at, seq);
        }
        Fact::SupportRendered { window, hours, migration } => {
            let (window, hours, migration) = (*window, *hours, *migration);
            state.facts.support.push(SupportWork { window, hours, migration, seq });
        }
        Fact::BreachDiscovered { incident, discovered } => {
            let opening =
                with_terms(state, |terms| Some(rules::breach(terms, incident, *discovered)));
            state.open_all(opening, seq);
        }
        Fact::BreachNotified { incident } => {
            state.close(Kind::NotifyBreach, incident.as_str(), at, seq);
        }
        Fact::SecurityReportProvided { .. } => {
            state.close(Kind::ReportSecurity, "", at, seq);
            state.open_recurring(|agreement| rules::security_report(agreement, at), seq);
        }
        Fact::AuditRequested { audit } => {
            state.facts.audits.entry(audit.clone()).or_insert(at);
            let opening = with_terms(state, |agreement| Some(rules::audit(agreement, audit, at)));
            state.open_all(opening, seq);
        }
        Fact::AuditAnswered { audit } => state.close(Kind::AnswerAudit, audit.as_str(), at, seq),
        Fact::ConsentGiven { purpose } => {
            state.consents.insert(*purpose, seq);
        }
        Fact::ConsentWithdrawn { purpose } => {
            state.consents.remove(purpose);
        }
        Fact::ResourceUsed { side, purpose, resource } => state.facts.uses.push(Use {
            side: *side,
            purpose: *purpose,
            resource: resource.clone(),
            at,
            seq,
        }),
        Fact::UseStopped => {
            state.facts.use_stopped.get_or_insert(at);
            state.close(Kind::StopUse, "", at, seq);
        }
        Fact::ExportProvided { .. } => {
            state.facts.exported.get_or_insert(at);
            state.close(Kind::Export, "", at, seq);
        }
        Fact::ExportAccepted if state.facts.export_accepted.is_none() => {
            state.facts.export_accepted = Some(at);
            let runs_from_export = with_terms(state, |agreement| {
                agreement.data_rights.delete_after == DeletionStart::Export
            });
            if runs_from_export {
                state.restart(Kind::Delete, "", at);
            }
        }
        Fact::DataDeleted { .. } => {
            state.facts.deleted.get_or_insert(at);
            state.close(Kind::Delete, "", at, seq);
        }
        Fact::IndemnityNotified { claim, scope } => {
            if let Some(found) = state.claims.get_mut(claim) {
                found.notified.get_or_insert((at, *scope));
            }
            state.close(Kind::NotifyClaim, claim.as_str(), at, seq);
        }
        _ => {}
    }
}
