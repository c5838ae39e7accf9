//! Rules of amounts, prices, payment, tax and late fees.

use alloc::format;
use alloc::string::ToString;

use core::fmt::Display;

use units::{AmountWords, Currency, Decimal, Fraction, Id, Money, Percent};

use super::Report;
use crate::form::{ProblemKind, Severity};
use crate::terms::{
    Agreement, AllocationTarget, LateCap, LateFee, LateRate, Milestone, MilestoneEvent, PaymentDue,
    Plan, Price, Service, Tier, TrainingFee, WrittenAmount,
};

/// Clauses: class-5.2, lease-3.3, lease-3.4, train-5.2, train-5.3.
pub(super) fn check(agreement: &Agreement, report: &mut Report<'_>) {
    let payment = &agreement.payment;
    report.positive("payment.review", payment.review);
    if let PaymentDue::MonthlyDay(due) = &payment.due
        && !(1..=31).contains(&due.day)
    {
        report.range("payment.due.day", due.day, 1, 31);
    }
    let targets = payment.allocation.iter().map(|target| target.code());
    report.once("payment.allocation", "", "value_repeats", targets);
    if !payment.allocation.is_empty() && !payment.allocation.contains(&AllocationTarget::Principal)
    {
        report.error("payment.allocation", "allocation_lacks_principal", &[]);
    }
    if let Some(fee) = &payment.late_fee {
        late_fee(fee, report);
    }
    vat(payment.tax.rate, agreement.currency, report);
    if let Some(minimum) = payment.minimum {
        report.amount("payment.minimum", minimum);
    }
    if let Some(prepayment) = &payment.prepayment {
        report.written("payment.prepayment.amount", &prepayment.amount);
        if prepayment.amount.figure.is_zero() {
            report.error("payment.prepayment.amount.figure", "prepayment_is_zero", &[]);
        }
        let at_signing = milestones_of(agreement).iter().any(|m| m.on == MilestoneEvent::Signing);
        if at_signing {
            report.warn("payment.prepayment", "prepayment_beside_signing_milestone", &[]);
        }
    }
}

fn milestones_of(agreement: &Agreement) -> &[Milestone] {
    match &agreement.service {
        Service::Training(terms) => &terms.milestones,
        Service::Classification(terms) => match &terms.plan {
            Plan::Project(project) => &project.milestones,
            _ => &[],
        },
        _ => &[],
    }
}

/// Clauses: lease-3.4, lease-8.1. Four times the one-year LPR limits private loans, not service
/// fees; it is the yardstick of reviewers, so it warns and does not block.
fn late_fee(fee: &LateFee, report: &mut Report<'_>) {
    let (path, rate, yearly) = match &fee.rate {
        LateRate::Daily(daily) => ("payment.late_fee.rate.rate", daily.rate, Fraction::whole(365)),
        LateRate::Annual(annual) => ("payment.late_fee.rate.rate", annual.rate, Fraction::whole(1)),
    };
    report.above_zero(path, rate);
    match &fee.cap {
        LateCap::None(_) => report.warn("payment.late_fee.cap", "late_fee_without_cap", &[&rate]),
        LateCap::Principal(cap) => report.above_zero("payment.late_fee.cap.share", cap.share),
        LateCap::Lpr(cap) => {
            report.above_zero("payment.late_fee.cap.lpr", cap.lpr);
            report.at_least_one("payment.late_fee.cap.times", cap.times, 100);
            let limit = cap.lpr.share().checked_mul(Fraction::whole(4));
            let agreed = rate.share().checked_mul(yearly);
            if let (Some(limit), Some(agreed)) = (limit, agreed)
                && agreed > limit
            {
                report.warn(path, "late_rate_above_four_lpr", &[&rate, &cap.lpr]);
            }
        }
    }
}

/// The rates of value-added tax in China, and none at all for the exempt.
fn vat(rate: Percent, currency: Currency, report: &mut Report<'_>) {
    let usual = [0, 1, 3, 5, 6, 9, 13].map(|points| Percent::new(Decimal::from(points)));
    if currency == Currency::Cny && !usual.contains(&rate) {
        report.warn("payment.tax.rate", "unusual_tax_rate", &[&rate]);
    }
}

/// Parts of a price: each above nothing, all together the whole. Clauses: train-5.3, class-5.1.
pub(super) fn milestones(path: &str, milestones: &[Milestone], report: &mut Report<'_>) {
    report.unique(path, milestones.iter().map(|milestone| &milestone.id));
    for (index, milestone) in milestones.iter().enumerate() {
        report.above_zero(&format!("{path}[{index}].share"), milestone.share);
    }
    let sum = milestones
        .iter()
        .try_fold(Fraction::whole(0), |sum, milestone| sum.checked_add(milestone.share.share()));
    if milestones.is_empty() {
        report.error(path, "no_milestone", &[]);
    } else if sum != Some(Fraction::whole(1)) {
        let points = sum.and_then(|sum| sum.checked_mul(Fraction::whole(100)));
        let points = points.map(|points| points.to_decimal(6, units::RoundingMode::HalfUp));
        let points = points.map_or("?".to_string(), |points| points.normalized().to_string());
        report.error(path, "milestones_are_not_100_percent", &[&format!("{points}%")]);
    }
}

/// A fee of factors is known only when the work is done. Clauses: train-5.1, train-5.3.1.
pub(super) fn share_at_signing(
    fee: &TrainingFee,
    milestones: &[Milestone],
    report: &mut Report<'_>,
) {
    let TrainingFee::Factors(_) = fee else { return };
    for (index, milestone) in milestones.iter().enumerate() {
        if milestone.on == MilestoneEvent::Signing {
            let path = format!("service.milestones[{index}].on");
            report.warn(&path, "signing_share_of_open_fee", &[&milestone.id]);
        }
    }
}

/// A price of units. Clauses: class-5.1, anno-3.6.
pub(super) fn price(path: &str, price: &Price, report: &mut Report<'_>) {
    match price {
        Price::PerUnit(term) => report.amount(&format!("{path}.price"), term.price),
        Price::Graduated(term) => tiers(&format!("{path}.tiers"), &term.tiers, report),
        Price::Volume(term) => tiers(&format!("{path}.tiers"), &term.tiers, report),
        Price::Package(term) => {
            report.at_least_one(&format!("{path}.size"), term.size, u64::from(u32::MAX));
            report.amount(&format!("{path}.price"), term.price);
        }
        Price::Flat(term) => report.written(&format!("{path}.amount"), &term.amount),
    }
}

fn tiers(path: &str, tiers: &[Tier], report: &mut Report<'_>) {
    report.not_empty(path, "no_tier", tiers);
    let mut below = 0;
    for (index, tier) in tiers.iter().enumerate() {
        let path = format!("{path}[{index}]");
        report.amount(&format!("{path}.price"), tier.price);
        if let Some(flat) = tier.flat {
            report.amount(&format!("{path}.flat"), flat);
        }
        match (tier.up_to, index + 1 == tiers.len()) {
            (None, true) => {}
            (None, false) => report.error(&path, "inner_tier_without_bound", &[]),
            (Some(up_to), true) => {
                report.error(&format!("{path}.up_to"), "last_tier_with_bound", &[&up_to]);
            }
            (Some(up_to), false) if up_to <= below => {
                let values: [&dyn Display; 2] = [&up_to, &below];
                report.error(&format!("{path}.up_to"), "tiers_do_not_ascend", &values);
            }
            (Some(up_to), false) => below = up_to,
        }
    }
}

impl Report<'_> {
    /// An amount in figures, no finer than the currency, and in words that say the same. Words
    /// are compared in Chinese yuan. Clause: lease-3.2.
    pub(super) fn written(&mut self, path: &str, amount: &WrittenAmount) {
        let figure = format!("{path}.figure");
        self.amount(&figure, amount.figure);
        let Ok(money) = Money::from_decimal(amount.figure, self.currency) else {
            self.error(&figure, "finer_than_currency", &[&amount.figure, &self.currency.code()]);
            return;
        };
        let Some(words) = &amount.words else { return };
        if self.currency != Currency::Cny {
            return;
        }
        let read = match AmountWords::compare(words, money) {
            Ok(AmountWords::Match(_)) => return,
            Ok(AmountWords::Mismatch { words, .. }) => Some(words.amount().to_string()),
            Err(_) => None,
        };
        let kind = ProblemKind::WordsDiffer {
            figure: amount.figure.to_string(),
            words: words.clone(),
            read,
        };
        self.push(&format!("{path}.words"), Severity::Error, kind);
    }

    /// A day that must lie within the term.
    pub(super) fn within_term(&mut self, path: &str, day: units::Date, agreement: &Agreement) {
        let term = &agreement.term;
        if day < term.starts || day > term.ends {
            self.error(path, "day_outside_term", &[&day, &term.starts, &term.ends]);
        }
    }

    /// A name that must stand in a list.
    pub(super) fn known<'i>(
        &mut self,
        path: &str,
        id: &Id,
        mut known: impl Iterator<Item = &'i Id>,
        rule: &'static str,
    ) {
        if !known.any(|known| known == id) {
            self.error(path, rule, &[id]);
        }
    }
}
