//! What a party should know of: what is due soon, what was not done in time, what waits for a
//! decision, a payment or a signature. Derived from an agreement's state as of an instant.
//!
//! Decides whom it concerns, by side and role. A notice's key stays while its ground stays, so that
//! it is told once. Knows nothing of how it is told.

mod tell;

use contract::obligation::{ObligationKind, ObligationStatus};
use contract::state::State;
use contract::terms::Side;
use contract::{ObligationView, Position};
use desk::people::Role;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{ClauseId, Id, Timestamp, Zone};

pub use tell::{Standing, TellError, Teller, notice_id};

/// How long before its time something is due soon.
#[derive(Debug, Clone, Copy)]
pub struct Ahead {
    seconds: i64,
}

impl Ahead {
    /// Where people are written to: three days.
    pub const TOLD: Self = Self { seconds: 3 * 86_400 };
    /// Where people look of themselves: two weeks.
    pub const SHOWN: Self = Self { seconds: 14 * 86_400 };
}

/// What a notice tells of.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// An obligation is due before long.
    DueSoon,
    /// An obligation was not met in its time.
    Breached,
    /// A statement waits for the customer's decision.
    StatementAwaits,
    /// An invoice is late.
    InvoiceOverdue,
    /// A paper waits for the side's signature.
    SignatureAwaited,
}

/// Something that a party should know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The same ground has the same key, within one agreement and side.
    pub key: String,
    /// What it tells of.
    pub kind: NoticeKind,
    /// Which obligation, and what it is.
    pub obligation: Option<(Id, ObligationKind)>,
    /// Which statement, invoice or document.
    pub subject: Option<String>,
    /// Whose side is to act.
    pub acts: Side,
    /// By when.
    pub due: Option<Timestamp>,
    /// The clause that demands it.
    pub clause: Option<ClauseId>,
    /// Since when it is so.
    pub since: Timestamp,
    /// Whom of the side it concerns.
    pub roles: &'static [Role],
}

impl NoticeKind {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::DueSoon,
        Self::Breached,
        Self::StatementAwaits,
        Self::InvoiceOverdue,
        Self::SignatureAwaited,
    ];

    /// Its code, such as `due_soon`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::DueSoon => "due_soon",
            Self::Breached => "breached",
            Self::StatementAwaits => "statement_awaits",
            Self::InvoiceOverdue => "invoice_overdue",
            Self::SignatureAwaited => "signature_awaited",
        }
    }
}

const MONEY: &[Role] = &[Role::Owner, Role::Finance];
const WORK: &[Role] = &[Role::Owner, Role::Operator];
const QUALITY: &[Role] = &[Role::Owner, Role::Operator, Role::Reviewer];
const LAW: &[Role] = &[Role::Owner, Role::Signatory, Role::Negotiator];

/// What a side should know of as of the instant of the position, the oldest first.
#[must_use]
pub fn of(state: &State, position: &Position, side: Side, ahead: Ahead) -> Vec<Notice> {
    let mut all: Vec<Notice> = Vec::new();
    let as_of = position.as_of;
    let obligations = position.obligations.iter();
    all.extend(obligations.filter_map(|view| obligation(view, side, as_of, ahead)));
    money(state, position, side, &mut all);
    all.extend(signatures(state, side));
    all.sort_by(|a, b| (a.since, &a.key).cmp(&(b.since, &b.key)));
    all
}

fn obligation(view: &ObligationView, side: Side, as_of: Timestamp, ahead: Ahead) -> Option<Notice> {
    let soon = view.due.plus_seconds(-ahead.seconds);
    let (kind, since) = match view.status {
        // The creditor learns of what was not done, not of what the other side still has time for.
        ObligationStatus::Pending if view.debtor == side && as_of >= soon => {
            (NoticeKind::DueSoon, soon.max(view.start))
        }
        ObligationStatus::Breached => (NoticeKind::Breached, view.due),
        _ => return None,
    };
    let opened = view.evidence.first().map(ToString::to_string).unwrap_or_default();
    Some(Notice {
        key: format!("{} {} {opened}", kind.code(), view.name),
        kind,
        obligation: Some((view.name.clone(), view.kind)),
        subject: None,
        acts: view.debtor,
        due: Some(view.due),
        clause: Some(view.clause.clone()),
        since,
        roles: concerned(view.kind),
    })
}

fn concerned(kind: ObligationKind) -> &'static [Role] {
    use ObligationKind::{
        AnswerPatent, Cure, Defend, Inspect, Negotiate, NotifyClaim, NotifyForceMajeure, Pay,
        Prepay, ProveForceMajeure, ReportRevenue, ReviewStatement, Rework, SubmitStatement,
    };
    match kind {
        Pay | Prepay | ReviewStatement | SubmitStatement | ReportRevenue => MONEY,
        Inspect | Rework => QUALITY,
        Cure | NotifyClaim | Defend | Negotiate | AnswerPatent | NotifyForceMajeure
        | ProveForceMajeure => LAW,
        _ => WORK,
    }
}

fn money(state: &State, position: &Position, side: Side, all: &mut Vec<Notice>) {
    let Some(money) = &position.money else { return };
    let zone = state.agreement.as_ref().map_or_else(Zone::shanghai, |terms| terms.zone.clone());
    let of_money = |kind: NoticeKind, subject: String, since| Notice {
        key: format!("{} {subject}", kind.code()),
        kind,
        obligation: None,
        subject: Some(subject),
        acts: Side::Customer,
        due: None,
        clause: None,
        since,
        roles: MONEY,
    };
    if side == Side::Customer {
        for name in &money.awaiting_review {
            let Some(statement) = state.money.statements.get(name) else { continue };
            let (submitted, _) = statement.submitted;
            all.push(of_money(NoticeKind::StatementAwaits, name.to_string(), submitted));
        }
    }
    for invoice in money.invoices.iter().filter(|invoice| invoice.overdue) {
        let due = invoice.due.end(&zone);
        let late = of_money(NoticeKind::InvoiceOverdue, invoice.number.to_string(), due);
        all.push(Notice { due: Some(due), ..late });
    }
}

fn signatures(state: &State, side: Side) -> Vec<Notice> {
    let awaited = |subject: String, hash: &str, since| Notice {
        key: format!("{} {hash}", NoticeKind::SignatureAwaited.code()),
        kind: NoticeKind::SignatureAwaited,
        obligation: None,
        subject: Some(subject),
        acts: side,
        due: None,
        clause: None,
        since,
        roles: LAW,
    };
    let since = state.last_at.unwrap_or(Timestamp::from_micros(0));
    let mut all = Vec::new();
    if state.ended.is_some() {
        return all;
    }
    let unsigned = !state.signings.iter().any(|signing| signing.side == side);
    if let Some(drafted) = state.drafted.as_ref().filter(|_| state.effective.is_none() && unsigned)
    {
        all.push(awaited(drafted.id.to_string(), &state.terms_sha256, since));
    }
    for (name, proposed) in &state.documents {
        if !proposed.signed.contains_key(&side) {
            all.push(awaited(name.to_string(), &proposed.terms_sha256, since));
        }
    }
    all
}
