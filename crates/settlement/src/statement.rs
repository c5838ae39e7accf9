//! Statements: the account of a period from terms and measurements. `settle` is the whole of it.
//! Serves class-5.2, lease-3.2, lease-3.3, train-5.2. Knows no journal and no clock: two parties
//! with the same terms and the same measurements get the same statement, byte for byte.
//!
//! - Lines are charges in the terms of the prices: without tax, or with it where prices hold it.
//! - Tax lines follow from them.
//! - Adjustments are settled against the gross amount: credits of earlier periods, late repairs,
//!   what is taken from the prepayment. They change no tax.

mod annotation;
mod classification;
mod draft;
mod lease;
mod support;
mod totals;
mod training;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use contract::terms::{Agreement, Service};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{ClauseId, Currency, Id, Measurement, Metric, Money, MoneyError, Rounding, Window};

use crate::availability::{AvailabilityError, AvailabilityReport};
use crate::carried::Carried;
use crate::credit::{CreditError, ServiceCredit};
use crate::facts::{Conflict, WrongQuantity};
use crate::gpu::{GpuError, GpuUsage};
use crate::period::Period;
use crate::rate::RateError;
use crate::repair::RepairError;
use crate::revenue::RevenueError;
use crate::storage::StorageUsage;
use crate::working::Line;
use draft::{Draft, Scene};

/// The account of a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// The agreement.
    pub agreement: Id,
    /// Its name within the agreement, such as `2026-03`.
    pub name: Id,
    /// The kind of service: `annotation`, `training`, `lease`, `classification`.
    pub kind: String,
    /// What it covers.
    pub period: Period,
    /// The facts that it covers.
    pub window: Window,
    /// Whether the amounts of the lines hold tax.
    pub prices_include_tax: bool,
    /// Charges; each names its clause, its evidence and its working.
    pub lines: Vec<Line>,
    /// Tax on them.
    pub tax_lines: Vec<Line>,
    /// What is settled against the gross amount; negative where it lowers what is due.
    pub adjustments: Vec<Line>,
    /// Repairs of this period that came too late, as they were given; negative. They are settled
    /// with the adjustments. Clause: lease-6.2.
    pub late_repairs: Vec<Line>,
    /// What is paid back to the customer; negative lines.
    pub refunds: Vec<Line>,
    /// What the customer loses at the end, by the terms; negative lines. Clause: pb-04.
    pub forfeits: Vec<Line>,
    /// The sums.
    pub totals: Totals,
    /// The service credit that this period gave. It is settled later. Clause: pb-04.
    pub credit: Option<ServiceCredit>,
    /// Availability of the period, where it is a calendar month. Clause: pb-04.
    pub availability: Option<AvailabilityReport>,
    /// GPU use by job. Clause: lease-3.1.1.
    pub gpu: Option<GpuUsage>,
    /// Storage use by volume. Clause: lease-3.1.2.
    pub storage: Vec<VolumeUsage>,
    /// What could not be computed. It is listed, never taken as nothing.
    pub gaps: Vec<Gap>,
    /// Evidence that was used twice with different content.
    pub conflicts: Vec<Conflict>,
    /// What the next statement starts from.
    pub carry: Carried,
}

/// The sums of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// The currency of every amount.
    pub currency: Currency,
    /// Sum of the lines.
    pub subtotal: Money,
    /// Without tax.
    pub net: Money,
    /// Sum of the tax lines.
    pub tax: Money,
    /// `net + tax`.
    pub gross: Money,
    /// Sum of the adjustments.
    pub adjustments: Money,
    /// `gross + adjustments`: what has to be paid.
    pub due: Money,
    /// What has to be paid back, positive.
    pub refund: Money,
    /// The gross amount in words. Clause: lease-3.2.
    pub gross_words: Words,
    /// What has to be paid in words.
    pub due_words: Words,
}

/// An amount in the words of both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// In Chinese capitals.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// Storage use of a volume.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VolumeUsage {
    /// The volume, where there is more than one.
    pub volume: Option<Id>,
    /// Its use.
    pub usage: StorageUsage,
}

/// Something that could not be computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// Why.
    pub code: GapCode,
    /// The clause that would have demanded it.
    pub clause: ClauseId,
    /// What is missing.
    pub metric: Option<Metric>,
    /// On what.
    pub subject: Option<Id>,
    /// When.
    pub window: Option<Window>,
}

/// Why something could not be computed.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum GapCode {
    /// No measurement.
    NotMeasured,
    /// The milestone is not reached.
    NotReached,
    /// The milestone is reached, but the fee is not known yet.
    FeeUnknown,
    /// The agreement names no price for it.
    NoPrice,
    /// More units were accepted than were ordered; the rest is not charged.
    BeyondOrder,
    /// Samples lie too far apart; the value before was carried on.
    SampleGap,
    /// Availability is agreed by the calendar month, and this period is not one.
    NotAMonth,
    /// A party has not reported its revenue.
    NotReported,
}

/// Which lines of the period are settled: objections split a statement. Lines are counted from 0
/// as in the whole statement. Clause: class-5.2.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum StatementPart {
    /// Every line.
    #[default]
    Whole,
    /// Every line but these: the undisputed part.
    Without(Vec<u32>),
    /// These alone, when the dispute over them has ended.
    Only(Vec<u32>),
}

/// Why a period cannot be settled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettleError {
    /// The agreement's rounding does not fit its currency.
    #[error("rounding to {} places does not fit {currency}", rounding.scale)]
    Scale {
        /// The agreed rounding.
        rounding: Rounding,
        /// The currency.
        currency: Currency,
    },
    /// What was carried is in another currency.
    #[error("carried amounts are in {carried}, the agreement is in {currency}")]
    CarriedCurrency {
        /// The currency of the carried amounts.
        carried: Currency,
        /// The currency of the agreement.
        currency: Currency,
    },
    /// A monthly fee needs whole calendar months.
    #[error("the period cuts a calendar month, and the fee is monthly")]
    NotWholeMonths,
    /// The agreement has no such milestone.
    #[error("the agreement has no milestone {milestone}")]
    NoSuchMilestone {
        /// The milestone.
        milestone: Id,
    },
    /// The agreement has no prepayment.
    #[error("the agreement has no prepayment")]
    NoPrepayment,
    /// The agreement is not settled by quantity.
    #[error("the agreement is not settled by quantity")]
    NotByQuantity,
    /// The quantity is not done.
    #[error("{have} of {through} images are done")]
    QuantityNotReached {
        /// Images that are done.
        have: u64,
        /// Images up to which the statement goes.
        through: u64,
    },
    /// The quantity is settled already.
    #[error("{billed} images are settled, {through} were asked for")]
    AlreadySettled {
        /// Images that are settled.
        billed: u64,
        /// Images up to which the statement goes.
        through: u64,
    },
    /// A measurement has a quantity that its metric cannot have.
    #[error(transparent)]
    Quantity(#[from] WrongQuantity),
    /// A price cannot be computed with.
    #[error(transparent)]
    Rate(#[from] RateError),
    /// GPU use cannot be computed.
    #[error(transparent)]
    Gpu(#[from] GpuError),
    /// Late repair cannot be priced.
    #[error(transparent)]
    Repair(#[from] RepairError),
    /// Revenue cannot be split.
    #[error(transparent)]
    Revenue(#[from] RevenueError),
    /// Availability cannot be computed.
    #[error(transparent)]
    Availability(#[from] AvailabilityError),
    /// A credit cannot be computed.
    #[error(transparent)]
    Credit(#[from] CreditError),
    /// An amount is of another currency or out of range.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// The statement of a period. Clauses: class-5.2, lease-3.2, lease-3.3, train-5.2.
///
/// Measurements may come in any order, repeat each other and cover more than the period: a
/// measurement belongs to the period in which its window ends. One that arrives after its period
/// was settled changes that period's statement, not the next one's: settle it again, and correct
/// the invoice by a credit note or a further one. `agreement` holds the terms in force.
///
/// # Errors
/// When the terms do not allow the period, a term cannot be computed with, or an amount is out of
/// range. What is only not measured is a [`Gap`].
pub fn settle(
    agreement: &Agreement,
    measurements: &[Measurement],
    period: &Period,
    carried: &Carried,
) -> Result<Statement, SettleError> {
    settle_part(agreement, measurements, period, carried, &StatementPart::Whole)
}

/// As [`settle`], for a part of the lines: the undisputed part falls due while an objection to the
/// rest is open. Credits and what counts as billed are those of the whole. Clause: class-5.2.
///
/// # Errors
/// As [`settle`].
pub fn settle_part(
    agreement: &Agreement,
    measurements: &[Measurement],
    period: &Period,
    carried: &Carried,
    part: &StatementPart,
) -> Result<Statement, SettleError> {
    let scene = Scene::new(agreement, period, carried)?;
    let mut draft = Draft::new(measurements, carried);
    if !matches!(period, Period::Prepayment { .. }) {
        match &agreement.service {
            Service::Annotation(terms) => annotation::charge(&scene, terms, &mut draft)?,
            Service::Training(terms) => training::charge(&scene, terms, &mut draft)?,
            Service::Lease(terms) => lease::charge(&scene, terms, &mut draft)?,
            Service::Classification(terms) => classification::charge(&scene, terms, &mut draft)?,
        }
    }
    if period.is_time() {
        support::charge(&scene, &mut draft)?;
        totals::minimum(&scene, &mut draft)?;
        totals::credit(&scene, &mut draft)?;
    }
    let lines = part.of(core::mem::take(&mut draft.lines));
    let late_repairs = draft.repairs.clone();
    let taxed = totals::tax(&scene, &lines)?;
    let settled = totals::adjust(&scene, &mut draft, taxed.gross)?;
    let totals = totals::totals(&scene, &taxed, &settled)?;
    draft.facts.conflicts.sort_by(|a, b| {
        let key = |one: &Conflict| (one.metric, one.subject.clone(), one.window);
        key(a).cmp(&key(b)).then_with(|| a.refused.cmp(&b.refused))
    });
    Ok(Statement {
        agreement: agreement.id.clone(),
        name: period.name(&agreement.zone),
        kind: agreement.service.kind().to_string(),
        period: period.clone(),
        window: scene.window,
        prices_include_tax: agreement.payment.tax.prices_include_tax,
        lines,
        tax_lines: taxed.lines,
        adjustments: settled.adjustments,
        late_repairs,
        refunds: settled.refunds,
        forfeits: settled.forfeits,
        totals,
        credit: draft.credit,
        availability: draft.availability,
        gpu: draft.gpu,
        storage: draft.storage,
        gaps: draft.gaps,
        conflicts: draft.facts.conflicts,
        carry: draft.carry,
    })
}

impl StatementPart {
    fn of(&self, lines: Vec<Line>) -> Vec<Line> {
        let (listed, keep) = match self {
            Self::Whole => return lines,
            Self::Without(listed) => (listed, false),
            Self::Only(listed) => (listed, true),
        };
        let numbered = (0_u32..).zip(lines);
        let kept = numbered.filter(|(number, _)| listed.contains(number) == keep);
        kept.map(|(_, line)| line).collect()
    }
}

#[cfg(test)]
mod tests;
