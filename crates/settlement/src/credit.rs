//! Service credits: what a month below the promised availability costs the vendor. Clause: pb-04.
//! Knows a measured month and its fees; knows no probes and no invoices.
//!
//! - Full outage counts by the hour beyond the month's allowance, or by tier. Hours are summed over
//!   the month and rounded once.
//! - Degraded time that is counted apart has its own rate from its first second: it is up time for
//!   the target, so that the allowance is not consumed by it. With tiers its hours are pro rata.
//! - The sum of both never passes the cap, also after rounding.
//! - A credit is a reduction of price, not damages: it does not consume the liability cap.

use alloc::vec::Vec;

use contract::terms::{
    CreditAtEnd, CreditBase, CreditMethod, Credits, HourRounding, HourlyCredit, TieredCredit,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{Fraction, Id, Money, MoneyError, Percent, RoundingMode};

use crate::amount::{AmountRule, Rated, add, mul};
use crate::availability::{AvailabilityReport, seconds};
use crate::capped::capped_line;
use crate::working::{Input, Line, LineCode};

/// The month's fees of the affected service, before credits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MonthFees {
    /// Without tax.
    pub without_tax: Money,
    /// With tax.
    pub with_tax: Money,
}

/// What decides where a credit goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditRequest {
    /// Whether the customer asked for it.
    pub claimed: bool,
    /// Whether another invoice will come.
    pub next_invoice: bool,
}

/// A service credit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceCredit {
    /// The share of the fees that is credited.
    pub share: Fraction,
    /// Whether the cap made it smaller.
    pub capped: bool,
    /// Whether the amount holds tax.
    pub base: CreditBase,
    /// Where it goes.
    pub route: CreditRoute,
    /// The line, negative.
    pub line: Line,
}

/// Where a credit goes.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum CreditRoute {
    /// It is taken off the next invoice.
    NextInvoice,
    /// It is paid back, since no invoice will come.
    Refund,
    /// It is lost, since no invoice will come.
    Forfeit,
    /// It waits until the customer asks for it.
    Unclaimed,
}

/// Why a credit cannot be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CreditError {
    /// The month's fees are below zero.
    #[error("the month's fees are {fees}")]
    NegativeFees {
        /// The fees.
        fees: Money,
    },
    /// An agreed share is below zero.
    #[error("the agreed share {share} is below zero")]
    NegativeShare {
        /// The share.
        share: Percent,
    },
    /// An amount is of another currency or out of range.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// The credit of a month; `None` when there is nothing to credit. `subject` names the service.
///
/// Clause: pb-04.
///
/// # Errors
/// When fees or shares are negative, or an amount is out of range.
pub fn service_credit(
    terms: &Credits,
    report: &AvailabilityReport,
    fees: MonthFees,
    request: CreditRequest,
    rule: AmountRule,
    subject: Option<Id>,
) -> Result<Option<ServiceCredit>, CreditError> {
    check_shares(terms)?;
    let fees = match terms.base {
        CreditBase::WithoutTax => fees.without_tax,
        CreditBase::WithTax => fees.with_tax,
    };
    if fees.is_negative() {
        return Err(CreditError::NegativeFees { fees });
    }
    if fees.currency() != rule.currency() {
        return Err(MoneyError::Currency.into());
    }
    let mut inputs = alloc::vec![Input::new("fees", fees.amount(), fees.currency().code())];
    let (formula, full_share) = match &terms.method {
        CreditMethod::Hourly(hourly) => hourly_share(hourly, report, &mut inputs)?,
        CreditMethod::Tiered(tiered) => tiered_share(tiered, report, &mut inputs)?,
    };
    inputs.push(percent("cap", terms.cap));
    let share = full_share.min(terms.cap.share());
    let exact = -mul(fees.to_fraction(), share)?;
    if exact.is_zero() {
        return Ok(None);
    }
    let limit = mul(fees.to_fraction(), terms.cap.share())?;
    let rated = Rated::new(exact, formula, inputs);
    let code = LineCode::ServiceCredit;
    let line = capped_line(rule, code, subject, "pb-04", rated, Some(limit), report.evidence())?;
    let capped = full_share > share;
    let route = route(terms, request);
    Ok(Some(ServiceCredit { share, capped, base: terms.base, route, line }))
}

const fn route(terms: &Credits, request: CreditRequest) -> CreditRoute {
    match (terms.automatic || request.claimed, request.next_invoice, terms.at_end) {
        (false, _, _) => CreditRoute::Unclaimed,
        (true, true, _) => CreditRoute::NextInvoice,
        (true, false, CreditAtEnd::Refund) => CreditRoute::Refund,
        (true, false, CreditAtEnd::Forfeit) => CreditRoute::Forfeit,
    }
}

/// A share for each hour beyond the allowance, and one for each degraded hour. Clause: pb-04.
fn hourly_share(
    terms: &HourlyCredit,
    report: &AvailabilityReport,
    inputs: &mut Vec<Input>,
) -> Result<(&'static str, Fraction), MoneyError> {
    let down = seconds(report.counted_down);
    let allowance = mul(report.allowance, Fraction::new(1, 1_000_000))?;
    let over = (down - allowance).max(Fraction::ZERO);
    let outage_hours = hours(over, terms.hours);
    inputs.push(Input::new("down", down, "second"));
    inputs.push(Input::new("allowance", allowance, "second"));
    inputs.push(Input::new("outage_hours", outage_hours, "hour"));
    inputs.push(percent("rate", terms.rate));
    let share = mul(outage_hours, terms.rate.share())?;
    let Some(rate) = terms.degraded_rate else {
        return Ok(("-fees * min(outage_hours * rate, cap)", share));
    };
    let degraded_hours = hours(seconds(report.degraded), terms.hours);
    let degraded = degraded_share(degraded_hours, rate, report, inputs)?;
    let formula = "-fees * min(outage_hours * rate + degraded_hours * degraded_rate, cap)";
    Ok((formula, add(share, degraded)?))
}

/// The share of the lowest tier that the month stayed below, and one for each degraded hour.
/// Clause: pb-04.
fn tiered_share(
    terms: &TieredCredit,
    report: &AvailabilityReport,
    inputs: &mut Vec<Input>,
) -> Result<(&'static str, Fraction), MoneyError> {
    let reached = report.share().unwrap_or(Fraction::whole(1));
    let missed = terms.tiers.iter().filter(|tier| reached < tier.below.share());
    let lowest = missed.min_by_key(|tier| tier.below);
    inputs.push(Input::new("availability", reached, "share"));
    if let Some(tier) = lowest {
        inputs.push(percent("below", tier.below));
    }
    let credit = lowest.map_or(Percent::new(units::Decimal::ZERO), |tier| tier.credit);
    inputs.push(percent("credit", credit));
    let Some(rate) = terms.degraded_rate else {
        return Ok(("-fees * min(credit, cap)", credit.share()));
    };
    let degraded_hours = hours(seconds(report.degraded), HourRounding::ProRata);
    let degraded = degraded_share(degraded_hours, rate, report, inputs)?;
    let formula = "-fees * min(credit + degraded_hours * degraded_rate, cap)";
    Ok((formula, add(credit.share(), degraded)?))
}

fn degraded_share(
    hours: Fraction,
    rate: Percent,
    report: &AvailabilityReport,
    inputs: &mut Vec<Input>,
) -> Result<Fraction, MoneyError> {
    inputs.push(Input::new("degraded", seconds(report.degraded), "second"));
    inputs.push(Input::new("degraded_hours", hours, "hour"));
    inputs.push(percent("degraded_rate", rate));
    mul(hours, rate.share())
}

fn hours(seconds: Fraction, rounding: HourRounding) -> Fraction {
    let exact = seconds * Fraction::new(1, 3_600);
    match rounding {
        HourRounding::Floor => Fraction::whole(exact.scaled(0, RoundingMode::Floor)),
        HourRounding::Ceiling => Fraction::whole(exact.scaled(0, RoundingMode::Ceiling)),
        HourRounding::ProRata => exact,
    }
}

fn check_shares(terms: &Credits) -> Result<(), CreditError> {
    let mut shares = alloc::vec![terms.cap];
    match &terms.method {
        CreditMethod::Hourly(hourly) => {
            shares.push(hourly.rate);
            shares.extend(hourly.degraded_rate);
        }
        CreditMethod::Tiered(tiered) => {
            shares.extend(tiered.tiers.iter().map(|tier| tier.credit));
            shares.extend(tiered.degraded_rate);
        }
    }
    match shares.into_iter().find(|share| share.points().is_negative()) {
        Some(share) => Err(CreditError::NegativeShare { share }),
        None => Ok(()),
    }
}

fn percent(name: &str, value: Percent) -> Input {
    Input::new(name, value.points(), "percent")
}

#[cfg(test)]
mod tests;
