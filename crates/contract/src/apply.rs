//! The fold: one event into the state. Total: an event that does not fit changes nothing it does
//! not fit; refusing is `decide`'s work, before the event is written.

use alloc::vec::Vec;

use units::{Id, Timestamp};

use crate::event::{ClaimBasis, Event, Fact, PaymentPurpose, Recorded, StatementSummary};
use crate::obligation::{Due, ObligationKind as Kind, Opening};
use crate::rules;
use crate::state::{
    ClaimState, Delivery, Dispute, Effective, Ended, Evaluation, Exclusion, ForceMajeureCase,
    ImageBucket, Invoice, Job, Notice, Outage, PatentProposal, Probe, ProposedDocument, Reminder,
    Revenue, ServiceStretch, State, StatementState, StoragePoint, SupportWork, Use,
};
use crate::terms::{Agreement, DeletionStart, Service, Side};

/// Applies one recorded event.
pub fn apply(state: &mut State, recorded: &Recorded) {
    let (seq, at) = (recorded.seq, recorded.at);
    state.next_seq = seq + 1;
    state.last_at = Some(at);
    match &recorded.event {
        Event::AgreementDrafted { agreement, terms_sha256 } => {
            state.drafted = Some((**agreement).clone());
            state.agreement = Some((**agreement).clone());
            state.terms_sha256.clone_from(terms_sha256);
        }
        Event::PartySigned(signing) => state.signings.push(signing.clone()),
        Event::AgreementTookEffect { on } => {
            state.effective = Some(Effective { seq, at, on: *on });
            let openings = with_terms(state, |agreement| rules::on_effect(agreement, at));
            state.open_all(openings, seq);
        }
        Event::DocumentProposed { document, terms_sha256 } => {
            let proposed = ProposedDocument {
                document: document.clone(),
                terms_sha256: terms_sha256.clone(),
                signed: alloc::collections::BTreeMap::new(),
                seq,
            };
            state.documents.insert(document.id.clone(), proposed);
        }
        Event::DocumentSigned { document, signing } => {
            if let Some(proposed) = state.documents.get_mut(document) {
                proposed.signed.insert(signing.side, at);
                if proposed.signed.len() == 2 {
                    crate::effective::refresh(state);
                }
            }
        }
        Event::FactRecorded { fact, source } => {
            if let Some(source) = source
                && let Some(number) = source.seq
            {
                state.facts.sources.entry(source.source.clone()).or_default().insert(number);
            }
            apply_fact(state, fact, at, seq);
        }
        Event::SourceConflict { have, .. } => {
            state.facts.conflicts.push((have.source.clone(), have.id.clone(), seq));
        }
        Event::DeliveryAccepted { delivery, .. } => accept_delivery(state, delivery, at, seq),
        Event::DeliveryRejected { delivery, .. } => reject_delivery(state, delivery, at, seq),
        Event::ObligationWaived { obligation } => {
            if let Some(index) = state.open.remove(obligation) {
                state.obligations[index].waived = Some(seq);
            }
        }
        Event::StatementSubmitted(_)
        | Event::StatementApproved { .. }
        | Event::StatementObjected { .. }
        | Event::InvoiceIssued(_)
        | Event::CreditNoteIssued(_)
        | Event::PaymentRecorded(_) => apply_money(state, &recorded.event, at, seq),
        Event::ForceMajeureDeclared { .. }
        | Event::ForceMajeureProven { .. }
        | Event::ForceMajeureEnded { .. }
        | Event::BreachReminded { .. }
        | Event::BreachCured { .. }
        | Event::TerminationNotified { .. }
        | Event::AgreementEnded { .. }
        | Event::RenewalRequested { .. }
        | Event::RenewalAgreed { .. } => apply_life(state, &recorded.event, at, seq),
        _ => apply_claim(state, &recorded.event, at, seq),
    }
}

fn with_terms<T: Default>(state: &State, rule: impl FnOnce(&Agreement) -> T) -> T {
    state.agreement.as_ref().map(rule).unwrap_or_else(T::default)
}

fn accept_delivery(state: &mut State, delivery: &Id, at: Timestamp, seq: u64) {
    state.close(Kind::Inspect, delivery.as_str(), at, seq);
    if let Some(found) = state.facts.deliveries.get_mut(delivery) {
        found.accepted = Some((at, seq));
        found.rejected = None;
        if ordered_is_accepted(state) {
            state.close(Kind::Deliver, "", last_submission(state), seq);
        }
        return;
    }
    let round = state.facts.rounds.iter_mut().find(|(n, _)| rules::round_name(**n) == *delivery);
    if let Some((_, round)) = round {
        round.accepted = Some((at, seq));
        let delivered = round.delivered.map_or(at, |(delivered, _)| delivered);
        state.close(Kind::Deliver, "", delivered, seq);
        let sides = [Side::Customer, Side::Vendor];
        let openings: Vec<Opening> = with_terms(state, |agreement| {
            sides.iter().filter_map(|side| rules::revenue_report(agreement, *side, at)).collect()
        });
        state.open_all(openings, seq);
    }
}

fn reject_delivery(state: &mut State, delivery: &Id, at: Timestamp, seq: u64) {
    state.close(Kind::Inspect, delivery.as_str(), at, seq);
    if let Some(found) = state.facts.deliveries.get_mut(delivery) {
        found.rejected = Some((at, seq));
    }
    let round = state.facts.rounds.iter_mut().find(|(n, _)| rules::round_name(**n) == *delivery);
    if let Some((_, round)) = round {
        round.returned = Some(at);
    }
    let opening = with_terms(state, |agreement| rules::rework(agreement, delivery, at));
    state.open_all(opening, seq);
}

/// Whether accepted deliveries hold all that was ordered. Clause: anno-3.6.
fn ordered_is_accepted(state: &State) -> bool {
    let Some(Service::Annotation(terms)) = state.agreement.as_ref().map(|terms| &terms.service)
    else {
        return false;
    };
    terms.items.iter().all(|item| {
        let accepted = state.facts.deliveries.values().filter(|d| d.accepted.is_some());
        let units = accepted.flat_map(|delivery| &delivery.items);
        let of_item = units.filter(|count| count.item == item.id);
        of_item.map(|count| count.quantity).sum::<u64>() >= item.quantity
    })
}

/// When the last accepted delivery was handed over: that decides whether the work was in time.
fn last_submission(state: &State) -> Timestamp {
    let accepted = state.facts.deliveries.values().filter(|d| d.accepted.is_some());
    let last = accepted.map(|delivery| delivery.submitted.0).max();
    last.or(state.last_at).unwrap_or(Timestamp::from_micros(0))
}

fn apply_fact(state: &mut State, fact: &Fact, at: Timestamp, seq: u64) {
    match fact {
        Fact::GuidelineProvided { version, .. } => {
            state.facts.guidelines.insert(*version, seq);
            state.close(Kind::ProvideGuideline, "", at, seq);
        }
        Fact::DataProvided { batch, quantity, .. } => {
            let entry = state.facts.data.entry(batch.clone()).or_insert((0, seq));
            entry.0 += quantity;
            if data_is_complete(state, batch) {
                state.close(Kind::ProvideData, batch.as_str(), at, seq);
            }
        }
        Fact::DutyFulfilled { duty } => state.close(Kind::CustomerDuty, duty.as_str(), at, seq),
        Fact::DeliverySubmitted { .. }
        | Fact::SeedCommitted { .. }
        | Fact::SeedRevealed { .. }
        | Fact::SampleDrawn { .. }
        | Fact::Inspected { .. } => apply_delivery(state, fact, at, seq),
        Fact::TestSetSealed { .. }
        | Fact::RunFinished { .. }
        | Fact::ModelEvaluated { .. }
        | Fact::ModelDelivered { .. }
        | Fact::DocumentationDelivered { .. }
        | Fact::FeedbackGiven { .. }
        | Fact::RevenueReported { .. } => apply_training(state, fact, at, seq),
        Fact::JobRan { .. }
        | Fact::StorageSampled { .. }
        | Fact::NodeChanged { .. }
        | Fact::Probed { .. }
        | Fact::UpgradeAnnounced { .. }
        | Fact::Upgraded { .. } => apply_lease(state, fact, at, seq),
        Fact::ServiceDelivered { .. }
        | Fact::ImagesAnswered { .. }
        | Fact::ServiceObserved { .. }
        | Fact::AccuracyEvaluated { .. }
        | Fact::CustomModelDelivered { .. }
        | Fact::ExclusionAgreed { .. } => apply_service(state, fact, at, seq),
        Fact::SourceSealed { source, to_seq, .. } => {
            let source = state.facts.sources.entry(source.clone()).or_default();
            source.sealed_to = source.sealed_to.max(Some(*to_seq));
        }
        _ => apply_common(state, fact, at, seq),
    }
}

/// Whether a batch or dataset holds as many units as were agreed. Clauses: anno-3.4, train-3.1.
fn data_is_complete(state: &State, batch: &Id) -> bool {
    let have = state.facts.data.get(batch).map_or(0, |(quantity, _)| *quantity);
    let Some(agreement) = &state.agreement else { return false };
    let need = match &agreement.service {
        Service::Annotation(terms) => {
            terms.data_schedule.iter().find(|row| row.id == *batch).map(|row| row.quantity)
        }
        Service::Training(terms) => {
            terms.datasets.iter().find(|row| row.id == *batch).and_then(|row| row.records)
        }
        _ => None,
    };
    need.is_none_or(|need| have >= need)
}

fn apply_delivery(state: &mut State, fact: &Fact, at: Timestamp, seq: u64) {
    match fact {
        Fact::DeliverySubmitted { delivery, round, items, .. } => {
            let entry = state.facts.deliveries.entry(delivery.clone());
            let found = entry.or_insert_with(|| Delivery::new(at, seq));
            found.round = *round;
            found.items.clone_from(items);
            found.submitted = (at, seq);
            found.inspected = None;
            found.rejected = None;
            state.close(Kind::Rework, delivery.as_str(), at, seq);
            let opening = with_terms(state, |agreement| rules::inspection(agreement, delivery, at));
            state.open_all(opening, seq);
        }
        Fact::SeedCommitted { delivery, side, commitment } => {
            let entry = state.facts.deliveries.entry(delivery.clone());
            let found = entry.or_insert_with(|| Delivery::new(at, seq));
            found.commitments.insert(*side, commitment.clone());
        }
        Fact::SeedRevealed { delivery, side, seed } => {
            if let Some(found) = state.facts.deliveries.get_mut(delivery) {
                found.seeds.insert(*side, seed.clone());
            }
        }
        Fact::Inspected { delivery, round, results, .. } => {
            if let Some(found) = state.facts.deliveries.get_mut(delivery) {
                found.inspected = Some((*round, results.clone(), seq));
            }
        }
        _ => {}
    }
}

fn apply_training(state: &mut State, fact: &Fact, at: Timestamp, seq: u64) {
    match fact {
        Fact::TestSetSealed { test_set, .. } => {
            state.facts.test_set = Some((test_set.clone(), seq));
        }
        Fact::RunFinished { round, parameters, data_bytes, training_seconds } => {
            let entry = state.facts.rounds.entry(*round).or_default();
            entry.run = Some((*parameters, *data_bytes, *training_seconds, seq));
        }
        Fact::ModelEvaluated { round, results, .. } => {
            state.facts.rounds.entry(*round).or_default().results = Some((results.clone(), seq));
        }
        Fact::ModelDelivered { round, .. } => {
            state.facts.rounds.entry(*round).or_default().delivered = Some((at, seq));
            if let Some(earlier) = round.checked_sub(1) {
                state.close(Kind::Rework, rules::round_name(earlier).as_str(), at, seq);
            }
            let name = rules::round_name(*round);
            let first = state.facts.documentation.is_none();
            let openings: Vec<Opening> = with_terms(state, |agreement| {
                let documentation = rules::documentation(agreement, at).filter(|_| first);
                rules::inspection(agreement, &name, at).into_iter().chain(documentation).collect()
            });
            state.open_all(openings, seq);
        }
        Fact::DocumentationDelivered { sections, .. } => {
            let complete = match state.agreement.as_ref().map(|terms| &terms.service) {
                Some(Service::Training(terms)) => {
                    terms.documentation.sections.iter().all(|section| sections.contains(section))
                }
                _ => true,
            };
            if complete {
                state.facts.documentation = Some((at, seq));
                state.close(Kind::Document, "", at, seq);
            }
        }
        Fact::FeedbackGiven { round } => {
            state.facts.rounds.entry(*round).or_default().returned = Some(at);
            let name = rules::round_name(*round);
            state.close(Kind::Inspect, name.as_str(), at, seq);
            let opening = with_terms(state, |agreement| rules::rework(agreement, &name, at));
            state.open_all(opening, seq);
        }
        Fact::RevenueReported { side, window, amount } => {
            let revenue = Revenue { side: *side, window: *window, amount: *amount, seq };
            state.facts.revenue.push(revenue);
            state.close(Kind::ReportRevenue, side.code(), at, seq);
            let opening =
                with_terms(state, |agreement| rules::revenue_report(agreement, *side, window.to));
            state.open_all(opening, seq);
        }
        _ => {}
    }
}

fn apply_lease(state: &mut State, fact: &Fact, at: Timestamp, seq: u64) {
    match fact {
        Fact::JobRan { job, devices, window, end, .. } => state.facts.jobs.push(Job {
            job: job.clone(),
            devices: devices.clone(),
            window: *window,
            end: *end,
            seq,
        }),
        Fact::StorageSampled { taken, bytes } => {
            state.facts.storage.push(StoragePoint { at: *taken, bytes: *bytes, seq });
        }
        Fact::NodeChanged { node, since, up, reason } => {
            let outages = state.facts.outages.entry(node.clone()).or_default();
            let open = outages.last_mut().filter(|outage| outage.to.is_none());
            match (*up, open) {
                (false, None) => {
                    let reason = reason.clone();
                    outages.push(Outage { from: *since, to: None, reason, seqs: alloc::vec![seq] });
                    let opening =
                        with_terms(state, |agreement| rules::repair(agreement, node, *since));
                    state.open_all(opening, seq);
                }
                (true, Some(outage)) => {
                    outage.to = Some(*since);
                    outage.seqs.push(seq);
                    state.close(Kind::Repair, &rules::subject_of(node), *since, seq);
                }
                (false, Some(outage)) => outage.seqs.push(seq),
                (true, None) => {}
            }
        }
        Fact::Probed { resource, metric, value, load_percent, .. } => {
            state.facts.probes.push(Probe {
                resource: resource.clone(),
                metric: *metric,
                value: *value,
                load_percent: *load_percent,
                seq,
            });
        }
        Fact::Upgraded { .. } => {
            state.close(Kind::Upgrade, "", at, seq);
            let opening = with_terms(state, |agreement| rules::upgrade(agreement, at));
            state.open_all(opening, seq);
        }
        _ => {}
    }
}

fn apply_service(state: &mut State, fact: &Fact, at: Timestamp, seq: u64) {
    match fact {
        Fact::ImagesAnswered { class, window, count, in_time } => {
            let key = (window.from.seconds().div_euclid(3_600), *class);
            let empty =
                ImageBucket { count: 0, in_time: 0, records: 0, first_seq: seq, last_seq: seq };
            let bucket = state.facts.images.entry(key).or_insert(empty);
            bucket.count += count;
            bucket.in_time += in_time;
            bucket.records += 1;
            bucket.last_seq = seq;
        }
        Fact::ServiceObserved { window, state: service } => {
            state.facts.service.push(ServiceStretch { window: *window, state: *service, seq });
        }
        Fact::ServiceDelivered { .. } => {
            state.facts.service_delivered.get_or_insert((at, seq));
            state.close(Kind::Deliver, "", at, seq);
            let opening = with_terms(state, |agreement| rules::evaluation(agreement, at));
            state.open_all(opening, seq);
        }
        Fact::AccuracyEvaluated { test_set, ratio, .. } => {
            let evaluation = Evaluation { test_set: test_set.clone(), ratio: *ratio, at, seq };
            state.facts.evaluations.push(evaluation);
            state.close(Kind::Evaluate, "", at, seq);
            let (next, restore) = with_terms(state, |agreement| {
                let Service::Classification(terms) = &agreement.service else {
                    return (None, None);
                };
                let below = !ratio.reaches(terms.accuracy.ongoing);
                let restore = rules::restore_accuracy(agreement, at).filter(|_| below);
                (rules::evaluation(agreement, at), restore)
            });
            state.open_all(next, seq);
            match restore {
                Some(opening) if !state.open.contains_key(&opening.name) => {
                    state.open_all([opening], seq);
                }
                Some(_) => {}
                None => state.close(Kind::RestoreAccuracy, "", at, seq),
            }
        }
        Fact::CustomModelDelivered { model, ratio } => {
            state.facts.custom_models.insert(model.clone(), (*ratio, at, seq));
        }
        Fact::ExclusionAgreed { exclusion, side, window, reason } => {
            let fresh = Exclusion {
                window: *window,
                reason: *reason,
                sides: alloc::collections::BTreeSet::new(),
                seq,
            };
            let found = state.facts.exclusions.entry(exclusion.clone()).or_insert(fresh);
            if found.window == *window && found.reason == *reason {
                found.sides.insert(*side);
                found.seq = seq;
            }
        }
        _ => {}
    }
}

fn apply_common(state: &mut State, fact: &Fact, at: Timestamp, seq: u64) {
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
            let opening = with_terms(state, |agreement| rules::security_report(agreement, at));
            state.open_all(opening, seq);
        }
        Fact::AuditRequested { audit } => {
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
            state.facts.use_stopped = Some(at);
            state.close(Kind::StopUse, "", at, seq);
        }
        Fact::ExportProvided { .. } => {
            state.facts.exported = Some(at);
            state.close(Kind::Export, "", at, seq);
        }
        Fact::ExportAccepted => {
            state.facts.export_accepted = Some(at);
            let after_export = with_terms(state, |agreement| {
                let runs = agreement.data_rights.delete_after == DeletionStart::Export;
                runs.then(|| rules::deletion(agreement, at))
            });
            if let Some(opening) = after_export.filter(|_| state.facts.deleted.is_none()) {
                state.drop_open(Kind::Delete, "", seq);
                state.open_all([opening], seq);
            }
        }
        Fact::DataDeleted { .. } => {
            state.facts.deleted = Some(at);
            state.close(Kind::Delete, "", at, seq);
        }
        Fact::IndemnityNotified { claim, scope } => {
            if let Some(found) = state.claims.get_mut(claim) {
                found.notified = Some((at, *scope));
            }
            state.close(Kind::NotifyClaim, claim.as_str(), at, seq);
        }
        _ => {}
    }
}

fn apply_money(state: &mut State, event: &Event, at: Timestamp, seq: u64) {
    match event {
        Event::StatementSubmitted(summary) => submit_statement(state, summary, at, seq),
        Event::StatementApproved { statement, .. } => {
            state.close(Kind::ReviewStatement, statement.as_str(), at, seq);
            if let Some(found) = state.money.statements.get_mut(statement) {
                found.approved = Some(at);
            }
        }
        Event::StatementObjected { statement, lines, disputed, .. } => {
            state.close(Kind::ReviewStatement, statement.as_str(), at, seq);
            if let Some(found) = state.money.statements.get_mut(statement) {
                found.objected = Some((lines.clone(), *disputed, at));
                found.approved = Some(at);
            }
        }
        Event::InvoiceIssued(summary) => {
            let number = alloc::string::ToString::to_string(&summary.number);
            let (due, clause) = (Due::On(summary.due), with_terms(state, payment_clause));
            let opening = Opening::new(
                Kind::Pay,
                &number,
                Side::Customer,
                clause.unwrap_or("pb-04"),
                at,
                due,
            );
            if let Some(found) = state.money.statements.get_mut(&summary.statement) {
                found.invoice = Some(summary.number);
            }
            let summary = summary.clone();
            state.money.invoices.push(Invoice { summary, at, seq, credited_minor: 0 });
            state.open_all([opening], seq);
            settle_paid_invoices(state, at, seq);
        }
        Event::CreditNoteIssued(note) => {
            let found = state.money.invoices.iter_mut();
            if let Some(invoice) = found.into_iter().find(|i| i.summary.number == note.invoice) {
                invoice.credited_minor += note.gross.minor();
            }
            state.money.credit_notes.push(note.clone());
            settle_paid_invoices(state, at, seq);
        }
        Event::PaymentRecorded(payment) => {
            state.money.payments.push((payment.clone(), seq));
            if payment.towards == PaymentPurpose::Prepayment && prepaid_in_full(state) {
                let paid = paid_instant(state, payment.on);
                state.close(Kind::Prepay, "", paid, seq);
            }
            settle_paid_invoices(state, at, seq);
        }
        _ => {}
    }
}

fn payment_clause(agreement: &Agreement) -> Option<&'static str> {
    Some(rules::payment_clause(agreement))
}

fn submit_statement(state: &mut State, summary: &StatementSummary, at: Timestamp, seq: u64) {
    let id = summary.statement.clone();
    let opening = with_terms(state, |agreement| {
        let due = Due::After(agreement.payment.review);
        let side = Side::Customer;
        Some(Opening::new(Kind::ReviewStatement, id.as_str(), side, "class-5.2", at, due))
    });
    state.close(Kind::SubmitStatement, id.as_str(), at, seq);
    let fresh = StatementState {
        summary: summary.clone(),
        submitted: (at, seq),
        approved: None,
        objected: None,
        invoice: None,
    };
    state.money.statements.insert(id, fresh);
    state.open_all(opening, seq);
}

/// Closes the payment of every invoice that payments cover, as of the day they arrived. The
/// day-by-day view with late fees is `settlement`'s; this asks only whether the principal is paid.
fn settle_paid_invoices(state: &mut State, at: Timestamp, seq: u64) {
    for number in crate::paid::newly_paid(state) {
        let paid = state.money.payments.last().map(|(payment, _)| payment.on);
        let instant = paid.map_or(at, |day| paid_instant(state, day));
        state.close(Kind::Pay, &alloc::string::ToString::to_string(&number), instant, seq);
    }
}

fn prepaid_in_full(state: &State) -> bool {
    let Some(agreement) = &state.agreement else { return false };
    let Some(prepayment) = &agreement.payment.prepayment else { return false };
    let due = units::Money::from_decimal(prepayment.amount.figure, agreement.currency);
    due.is_ok_and(|due| crate::paid::prepaid_minor(state) >= due.minor())
}

/// A payment on a day counts from that day's beginning in the agreement's zone.
fn paid_instant(state: &State, day: units::Date) -> Timestamp {
    with_terms(state, |agreement| Some(day.start(&agreement.zone)))
        .or(state.last_at)
        .unwrap_or(Timestamp::from_micros(0))
}

fn apply_life(state: &mut State, event: &Event, at: Timestamp, seq: u64) {
    match event {
        Event::ForceMajeureDeclared { case, side, from } => {
            let fresh = ForceMajeureCase { side: *side, from: *from, to: None, proven: false, seq };
            state.force_majeure.insert(case.clone(), fresh);
            let openings: Vec<Opening> = with_terms(state, |agreement| {
                let terms = &agreement.force_majeure;
                let (id, clause) = (case.as_str(), "lease-7.2.3");
                let (notice, proof) = (Due::After(terms.notice), Due::After(terms.proof));
                alloc::vec![
                    Opening::new(Kind::NotifyForceMajeure, id, *side, clause, *from, notice),
                    Opening::new(Kind::ProveForceMajeure, id, *side, clause, *from, proof),
                ]
            });
            state.open_all(openings, seq);
            state.close(Kind::NotifyForceMajeure, case.as_str(), at, seq);
        }
        Event::ForceMajeureProven { case, .. } => {
            if let Some(found) = state.force_majeure.get_mut(case) {
                found.proven = true;
            }
            state.close(Kind::ProveForceMajeure, case.as_str(), at, seq);
        }
        Event::ForceMajeureEnded { case, to } => {
            if let Some(found) = state.force_majeure.get_mut(case) {
                found.to = Some(*to);
            }
        }
        Event::BreachReminded { reminder, breach_by, breach, .. } => {
            let fresh = Reminder { breach_by: *breach_by, breach: *breach, at, cured: None };
            state.reminders.insert(reminder.clone(), fresh);
            let opening = with_terms(state, |agreement| {
                let due = Due::After(agreement.termination.cure);
                let id = reminder.as_str();
                Some(Opening::new(Kind::Cure, id, *breach_by, "lease-7.2.1", at, due))
            });
            state.open_all(opening, seq);
        }
        Event::BreachCured { reminder } => {
            if let Some(found) = state.reminders.get_mut(reminder) {
                found.cured = Some(at);
            }
            state.close(Kind::Cure, reminder.as_str(), at, seq);
        }
        Event::TerminationNotified { by, ground, effective, .. } => {
            state.notice = Some(Notice { seq, by: *by, ground: *ground, effective: *effective });
        }
        Event::AgreementEnded { ground } => {
            state.ended = Some(Ended { seq, at, ground: *ground });
            for kind in [Kind::Upgrade, Kind::Evaluate, Kind::ReportSecurity] {
                state.drop_open(kind, "", seq);
            }
            let openings = with_terms(state, |agreement| rules::on_end(agreement, at));
            state.open_all(openings, seq);
        }
        Event::RenewalRequested { until } => state.renewal = Some(*until),
        Event::RenewalAgreed { until } => {
            state.renewal = None;
            if let Some(agreement) = &mut state.agreement {
                agreement.term.ends = *until;
            }
            if let Some(drafted) = &mut state.drafted {
                drafted.term.ends = *until;
            }
        }
        _ => {}
    }
}

fn apply_claim(state: &mut State, event: &Event, at: Timestamp, seq: u64) {
    match event {
        Event::ClaimRaised(claim) => {
            let openings: Vec<Opening> = match &claim.basis {
                ClaimBasis::Indemnity { indemnity } => with_terms(state, |agreement| {
                    let (id, by) = (&claim.claim, claim.by);
                    rules::indemnity(agreement, indemnity, id, by, claim.occurred, at)
                }),
                _ => Vec::new(),
            };
            let fresh = ClaimState {
                claim: claim.clone(),
                raised: (at, seq),
                accepted: None,
                notified: None,
                defended: None,
                settled: None,
            };
            state.claims.insert(claim.claim.clone(), fresh);
            state.open_all(openings, seq);
        }
        Event::ClaimAnswered { claim, accepted } => {
            if let Some(found) = state.claims.get_mut(claim) {
                found.accepted = Some(*accepted);
            }
        }
        Event::DefenceAssumed { claim } => {
            if let Some(found) = state.claims.get_mut(claim) {
                found.defended = Some(at);
            }
            state.close(Kind::Defend, claim.as_str(), at, seq);
        }
        Event::ClaimSettled { claim, amount } => {
            if let Some(found) = state.claims.get_mut(claim) {
                found.settled = Some(*amount);
            }
        }
        Event::DisputeOpened { dispute, by, subject, .. } => {
            let opening = with_terms(state, |agreement| {
                let due = Due::After(agreement.disputes.negotiation);
                let id = dispute.as_str();
                Some(Opening::new(Kind::Negotiate, id, by.other(), "train-9.1", at, due))
            });
            let (by, subject, opened) = (*by, subject.clone(), (at, seq));
            let fresh = Dispute { by, subject, opened, filed: None, ended: None };
            state.disputes.insert(dispute.clone(), fresh);
            state.open_all(opening, seq);
        }
        Event::DisputeSettled { dispute, amount } | Event::DisputeDecided { dispute, amount } => {
            if let Some(found) = state.disputes.get_mut(dispute) {
                found.ended = Some((at, *amount));
            }
            state.close(Kind::Negotiate, dispute.as_str(), at, seq);
        }
        Event::DisputeFiled { dispute, .. } => {
            if let Some(found) = state.disputes.get_mut(dispute) {
                found.filed = Some(at);
            }
            state.drop_open(Kind::Negotiate, dispute.as_str(), seq);
        }
        Event::PatentProposed { proposal, by } => {
            let (by, joins) = (*by, None);
            state.patents.insert(proposal.clone(), PatentProposal { by, at, joins });
            let opening = with_terms(state, |agreement| match &agreement.service {
                Service::Training(terms) => match &terms.model {
                    crate::terms::ModelOwnership::Shared(shared) => {
                        let due = Due::After(shared.patent_answer);
                        let (id, kind) = (proposal.as_str(), Kind::AnswerPatent);
                        Some(Opening::new(kind, id, by.other(), "train-6.2", at, due))
                    }
                    _ => None,
                },
                _ => None,
            });
            state.open_all(opening, seq);
        }
        Event::PatentAnswered { proposal, joins } => {
            if let Some(found) = state.patents.get_mut(proposal) {
                found.joins = Some(*joins);
            }
            state.close(Kind::AnswerPatent, proposal.as_str(), at, seq);
        }
        _ => {}
    }
}

impl Delivery {
    fn new(at: Timestamp, seq: u64) -> Self {
        Self {
            round: 0,
            items: Vec::new(),
            submitted: (at, seq),
            inspected: None,
            accepted: None,
            rejected: None,
            commitments: alloc::collections::BTreeMap::new(),
            seeds: alloc::collections::BTreeMap::new(),
        }
    }
}
