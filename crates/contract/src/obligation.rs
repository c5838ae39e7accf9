//! Obligations: who owes what to whom by when, under which clause. One table opens them, one
//! closes them; due dates follow from the terms, the calendar and force majeure. Knows no money
//! but that an invoice must be paid.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{ClauseId, Date, Deadline, Duration, DurationUnit, Id, Timestamp};

use crate::form::choice;
use crate::state::State;
use crate::terms::{Agreement, BreachKind, Side};

/// Something that a party owes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obligation {
    /// Its name within the agreement, such as `guideline` or `invoice:3`; a recurring one keeps
    /// its name, and only one of a name is open at a time.
    pub name: Id,
    /// What is owed.
    pub kind: ObligationKind,
    /// What it is about: a delivery, a statement, a node; empty where there is only one.
    pub subject: String,
    /// Who owes it; the other party may demand it.
    pub debtor: Side,
    /// The clause that demands it.
    pub clause: ClauseId,
    /// From when the clock runs.
    pub start: Timestamp,
    /// How the due instant follows.
    pub due: Due,
    /// The entry that opened it.
    pub opened_by: u64,
    /// When it was met, and by which entry.
    pub met: Option<(Timestamp, u64)>,
    /// Whether it was waived, and by which entry.
    pub waived: Option<u64>,
}

/// How the due instant of an obligation follows from its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// A time after the start.
    After(Duration),
    /// By the end of a civil day.
    On(Date),
    /// By an instant that stands fixed: force majeure does not move it.
    Fixed(Timestamp),
}

choice! {
    /// What is owed.
    pub enum ObligationKind {
        /// Hand over the guideline. Clause: anno-3.3.
        ProvideGuideline = "provide_guideline",
        /// Hand over data. Clauses: anno-3.4, train-3.1.
        ProvideData = "provide_data",
        /// Do what else the customer promised. Clause: class-3.2.1.
        CustomerDuty = "customer_duty",
        /// Deliver all of the work. Clauses: anno-3.6, train-2.2.3, class-4.1.
        Deliver = "deliver",
        /// Decide on a delivery. Clause: anno-4.1.1.
        Inspect = "inspect",
        /// Rework a rejected delivery, or train another round. Clauses: anno-3.6, train-4.3.
        Rework = "rework",
        /// Hand over documentation. Clause: train-2.2.4.
        Document = "document",
        /// Pay. Clauses: lease-3.3, class-5.2, train-5.2.
        Pay = "pay",
        /// Pay beforehand. Clauses: class-5.2, train-5.3.1.
        Prepay = "prepay",
        /// Review a statement. Clause: class-5.2.
        ReviewStatement = "review_statement",
        /// Draw up a statement. Clause: class-5.2.
        SubmitStatement = "submit_statement",
        /// Repair hardware. Clause: lease-6.2.
        Repair = "repair",
        /// Upgrade software. Clause: lease-6.3.
        Upgrade = "upgrade",
        /// Answer a support ticket. Clause: lease-6.1.
        AnswerTicket = "answer_ticket",
        /// Resolve a support ticket. Clause: lease-6.1.
        ResolveTicket = "resolve_ticket",
        /// Evaluate the model. Clauses: class-3.1.4, class-4.2.
        Evaluate = "evaluate",
        /// Bring accuracy back. Clause: class-4.2.
        RestoreAccuracy = "restore_accuracy",
        /// Tell of a data breach. Clause: pb-03.
        NotifyBreach = "notify_breach",
        /// Hand over a security report. Clauses: pb-03, pb-08.
        ReportSecurity = "report_security",
        /// Give access to an auditor, or a report. Clause: pb-08.
        AnswerAudit = "answer_audit",
        /// Tell of force majeure. Clause: lease-7.2.3.
        NotifyForceMajeure = "notify_force_majeure",
        /// Prove force majeure. Clause: lease-7.2.3.
        ProveForceMajeure = "prove_force_majeure",
        /// Mend a breach. Clauses: lease-7.2.1, train-10.1.2.
        Cure = "cure",
        /// Tell of a third party's claim. Clause: pb-06.
        NotifyClaim = "notify_claim",
        /// Take over the defence. Clause: pb-06.
        Defend = "defend",
        /// Negotiate before turning to the forum. Clause: train-9.1.
        Negotiate = "negotiate",
        /// Answer a proposal to apply for a patent. Clause: train-6.2.
        AnswerPatent = "answer_patent",
        /// Report revenue. Clause: train-6.1.3.
        ReportRevenue = "report_revenue",
        /// Stop using leased resources. Clause: lease-7.3.
        StopUse = "stop_use",
        /// Hand back data. Clause: pb-07.
        Export = "export",
        /// Delete data. Clause: pb-01.
        Delete = "delete",
        /// Keep secrets after the end. Clauses: train-7.2, anno-5.3, lease-4.2, class-7.1.
        KeepSecret = "keep_secret",
    }
}

/// Where an obligation stands as of an instant.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ObligationStatus {
    /// Open, and there is time.
    Pending,
    /// Met in time.
    Met,
    /// Met after its time.
    Late,
    /// Open after its time.
    Breached,
    /// Open, with the clock stopped by force majeure.
    Suspended,
    /// Waived.
    Waived,
}

/// What an event opens: an obligation without its entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Opening {
    pub(crate) name: Id,
    pub(crate) kind: ObligationKind,
    pub(crate) subject: String,
    pub(crate) debtor: Side,
    pub(crate) clause: &'static str,
    pub(crate) start: Timestamp,
    pub(crate) due: Due,
}

impl Opening {
    /// An obligation of a name made of a kind and a subject.
    pub(crate) fn new(
        kind: ObligationKind,
        subject: &str,
        debtor: Side,
        clause: &'static str,
        start: Timestamp,
        due: Due,
    ) -> Self {
        let name = name(kind, subject);
        Self { name, kind, subject: subject.to_string(), debtor, clause, start, due }
    }
}

impl Obligation {
    /// When it is due, with the debtor's force majeure up to `as_of` counted in.
    #[must_use]
    pub fn deadline(&self, agreement: &Agreement, state: &State, as_of: Timestamp) -> Deadline {
        let stops = self.stops_in_force_majeure(agreement);
        let suspensions = if stops { state.suspensions(self.debtor, as_of) } else { Vec::new() };
        let (zone, calendar) = (&agreement.zone, agreement.calendar.calendar());
        let after = |duration| {
            units::deadline_suspended(self.start, duration, zone, calendar, &suspensions)
        };
        match self.due {
            Due::Fixed(at) => Deadline { at, provisional: false },
            Due::After(duration) => after(duration),
            Due::On(date) => match u32::try_from(date.days_since(self.start.date(zone))) {
                Ok(days) => after(Duration::new(days, DurationUnit::Days)),
                Err(_) => Deadline { at: date.end(zone), provisional: false },
            },
        }
    }

    /// Whether force majeure stops its clock: money runs on unless agreed otherwise, and telling of
    /// what happened and keeping silent are not hindered by it. Clause: lease-7.2.3.
    const fn stops_in_force_majeure(&self, agreement: &Agreement) -> bool {
        match self.kind {
            ObligationKind::Pay | ObligationKind::Prepay => {
                agreement.force_majeure.suspends_payment
            }
            ObligationKind::NotifyForceMajeure
            | ObligationKind::ProveForceMajeure
            | ObligationKind::NotifyBreach
            | ObligationKind::KeepSecret => false,
            _ => true,
        }
    }

    /// The last instant of its time: what silence decides is decided then.
    pub(crate) fn last_instant(
        &self,
        agreement: &Agreement,
        state: &State,
        as_of: Timestamp,
    ) -> Timestamp {
        let due = self.deadline(agreement, state, as_of).at;
        if self.is_exact() { due } else { just_before(due) }
    }

    /// Whether the last instant itself is in time: 72 hours hold their end, while a civil day ends
    /// where the next begins.
    const fn is_exact(&self) -> bool {
        match self.due {
            Due::After(duration) => duration.exact_seconds().is_some(),
            Due::On(_) => false,
            Due::Fixed(_) => true,
        }
    }

    /// Where it stands as of an instant. A duty to keep silent is met by the passing of its time,
    /// and breached by a disclosure that the other party reminded of and that was not made good.
    #[must_use]
    pub fn status(
        &self,
        agreement: &Agreement,
        state: &State,
        as_of: Timestamp,
    ) -> ObligationStatus {
        if self.waived.is_some() {
            return ObligationStatus::Waived;
        }
        let due = self.deadline(agreement, state, as_of).at;
        if self.kind == ObligationKind::KeepSecret {
            let mut reminders = state.reminders.values();
            let disclosed = reminders.any(|reminder| {
                reminder.breach == BreachKind::Disclosure
                    && reminder.breach_by == self.debtor
                    && reminder.at <= as_of
                    && reminder.cured.is_none_or(|cured| as_of < cured)
            });
            return match (disclosed, as_of < due) {
                (true, _) => ObligationStatus::Breached,
                (false, true) => ObligationStatus::Pending,
                (false, false) => ObligationStatus::Met,
            };
        }
        let in_time = |at: Timestamp| at < due || (at == due && self.is_exact());
        match self.met.filter(|(met, _)| *met <= as_of) {
            Some((met, _)) if in_time(met) => ObligationStatus::Met,
            Some(_) => ObligationStatus::Late,
            None if !in_time(as_of) => ObligationStatus::Breached,
            None => {
                let stopped = state.force_majeure.values().any(|case| {
                    case.side == self.debtor
                        && case.from <= as_of
                        && case.to.is_none_or(|to| as_of < to)
                });
                if stopped && self.stops_in_force_majeure(agreement) {
                    ObligationStatus::Suspended
                } else {
                    ObligationStatus::Pending
                }
            }
        }
    }
}

/// The last instant before another. What ends with a day has the first instant of the next day as
/// its end, and a period that follows must not leave that next day out as the day of its start.
pub(crate) const fn just_before(at: Timestamp) -> Timestamp {
    Timestamp::from_micros(at.micros().saturating_sub(1))
}

/// A subject that fits in so many bytes; a longer one is cut and ends with its fingerprint, so that
/// two that begin alike stay apart.
fn shortened(subject: &str, room: usize) -> String {
    if subject.len() <= room {
        return subject.to_string();
    }
    let kept: String = subject.chars().take(room - 17).collect();
    format!("{kept}-{:016x}", fingerprint(subject))
}

/// A short digest that tells names apart (FNV-1a); it proves nothing.
pub(crate) fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// The name of an obligation of a kind about a subject, which is made of characters of an id.
///
/// # Panics
/// Never: codes and ids are made of allowed characters and are short.
#[must_use]
pub fn name(kind: ObligationKind, subject: &str) -> Id {
    let text = if subject.is_empty() {
        kind.code().to_string()
    } else {
        format!("{}:{}", kind.code(), shortened(subject, 127 - kind.code().len()))
    };
    Id::new(&text).expect("codes and ids are made of allowed characters")
}
