//! Charges of a training agreement, and of a classification project: a price in milestones.
//! Serves train-5.1, train-5.3, train-6.1, class-5.1.

use alloc::vec::Vec;

use contract::terms::{
    FactorFee, Milestone, MilestoneEvent, ModelOwnership, Side, TrainingFee, TrainingTerms,
    VendorOwns,
};
use units::{Currency, Date, Decimal, Fraction, Id, Metric, Money, Quantity, Window};

use super::draft::{Draft, Scene};
use super::{GapCode, Period, SettleError};
use crate::amount::{Rated, add, mul, sub};
use crate::facts::{Sum, last_instant};
use crate::revenue::{Licence, RevenueReport, licence_fees, revenue_split};
use crate::working::{Input, LineCode};

/// Milestones that were reached, then what the model earns. Clauses: train-5.3, train-6.1.
pub(super) fn charge(
    scene: &Scene<'_>,
    terms: &TrainingTerms,
    draft: &mut Draft<'_>,
) -> Result<(), SettleError> {
    if matches!(scene.period, Period::Quantity { .. }) {
        return Err(SettleError::NotByQuantity);
    }
    let (fee, missing) = match &terms.fee {
        TrainingFee::Fixed(fixed) => {
            let rated = Rated::fixed(fixed.amount.figure, scene.rule.currency());
            (Some(Sum { value: rated, evidence: Vec::new() }), Vec::new())
        }
        TrainingFee::Factors(factors) => factor_fee(scene, factors, draft)?,
    };
    milestones(scene, &terms.milestones, fee.as_ref(), "train-5.3", draft)?;
    if draft.gaps.iter().any(|gap| gap.code == GapCode::FeeUnknown) {
        for metric in missing {
            draft.gap(GapCode::NotMeasured, "train-5.1", metric, None);
        }
    }
    if scene.period.is_time() {
        match &terms.model {
            ModelOwnership::Customer(_) => {}
            ModelOwnership::Vendor(owns) => licence(scene, terms, owns, draft)?,
            ModelOwnership::Shared(shared) => revenue(scene, shared, draft)?,
        }
    }
    Ok(())
}

/// The parts of a price whose milestones were reached and not billed before. Each part is its
/// share of the price; the last of the list takes what rounding left, so that the parts add up to
/// the price whichever comes first. Clauses: train-5.3, train-5.3.1, train-5.3.2, class-5.1.
pub(super) fn milestones(
    scene: &Scene<'_>,
    milestones: &[Milestone],
    fee: Option<&Sum<Rated>>,
    clause: &str,
    draft: &mut Draft<'_>,
) -> Result<(), SettleError> {
    let asked = match scene.period {
        Period::Milestone { milestone, .. } => {
            if !milestones.iter().any(|one| one.id == *milestone) {
                return Err(SettleError::NoSuchMilestone { milestone: milestone.clone() });
            }
            Some(milestone)
        }
        _ => None,
    };
    for (index, milestone) in milestones.iter().enumerate() {
        let wanted = asked.is_none_or(|asked| *asked == milestone.id);
        if !wanted || scene.carried.milestones_billed.contains_key(&milestone.id) {
            continue;
        }
        let clause = if clause == "train-5.3" { training_clause(milestone.on) } else { clause };
        let subject = Some(milestone.id.clone());
        let Some(reached) = reached(scene, &milestone.id, draft)? else {
            if asked.is_some() {
                draft.gap(GapCode::NotReached, clause, Metric::MilestoneReached, subject);
            }
            continue;
        };
        let Some(fee) = fee else {
            draft.gap(GapCode::FeeUnknown, clause, Metric::MilestoneReached, subject);
            continue;
        };
        let evidence = reached.evidence.into_iter().chain(fee.evidence.iter().cloned()).collect();
        let evidence = crate::facts::in_order(evidence);
        let last = index + 1 == milestones.len();
        let rated = match last {
            true => remainder(scene, milestones, &fee.value)?,
            false => share(milestone, &fee.value)?,
        };
        let rated = Sum { value: rated, evidence };
        draft.charge(scene, LineCode::Milestone, Some(&milestone.id), clause, rated)?;
        if let Some(line) = draft.lines.last_mut() {
            draft.carry.milestones_billed.insert(milestone.id.clone(), line.amount);
            if last {
                line.working.rounding = Some(scene.rule.rounding());
            }
        }
    }
    Ok(())
}

const fn training_clause(on: MilestoneEvent) -> &'static str {
    match on {
        MilestoneEvent::Signing => "train-5.3.1",
        MilestoneEvent::Acceptance | MilestoneEvent::Delivery => "train-5.3.2",
        MilestoneEvent::Documentation => "train-5.3",
    }
}

/// The evidence of a milestone that was reached by the end of the period.
pub(super) fn reached(
    scene: &Scene<'_>,
    id: &Id,
    draft: &Draft<'_>,
) -> Result<Option<Sum<u64>>, SettleError> {
    let of_id = |subject: Option<&str>| subject == Some(id.as_str());
    let found = draft.facts.counted(Metric::MilestoneReached, scene.until_end(), of_id)?;
    Ok(found.filter(|found| found.value > 0))
}

fn share(milestone: &Milestone, fee: &Rated) -> Result<Rated, SettleError> {
    let exact = mul(fee.exact, milestone.share.share())?;
    let mut inputs = fee.inputs.clone();
    inputs.push(Input::new("share", milestone.share.points(), "percent"));
    Ok(Rated::new(exact, &alloc::format!("({}) * share", fee.formula), inputs))
}

/// The rounded price less the other parts, billed or still to come.
fn remainder(
    scene: &Scene<'_>,
    milestones: &[Milestone],
    fee: &Rated,
) -> Result<Rated, SettleError> {
    let unit = scene.rule.currency().code();
    let mut exact = scene.rule.round(fee.exact)?.to_fraction();
    let mut formula = alloc::format!("round({})", fee.formula);
    let mut inputs = fee.inputs.clone();
    let others = milestones.iter().take(milestones.len().saturating_sub(1));
    for (number, other) in (1..).zip(others) {
        let amount = match scene.carried.milestones_billed.get(&other.id) {
            Some(billed) => *billed,
            None => scene.rule.round(share(other, fee)?.exact)?,
        };
        exact = sub(exact, amount.to_fraction())?;
        formula.push_str(&alloc::format!(" - part_{number}"));
        inputs.push(Input::new(&alloc::format!("part_{number}"), amount.amount(), unit));
    }
    Ok(Rated::new(exact, &formula, inputs))
}

/// The fee by complexity, data size and training time; `None` until all three are measured, with
/// what is missing. Clause: train-5.1.
fn factor_fee(
    scene: &Scene<'_>,
    terms: &FactorFee,
    draft: &Draft<'_>,
) -> Result<(Option<Sum<Rated>>, Vec<Metric>), SettleError> {
    let currency: Currency = scene.rule.currency();
    let mut missing = Vec::new();
    let mut exact = terms.base.to_fraction();
    let mut formula = alloc::string::String::from("base");
    let mut inputs = alloc::vec![Input::new("base", terms.base, currency.code())];
    let mut evidence = Vec::new();
    for factor in factors(terms) {
        let Factor { metric, name, unit, per, price_name, price } = factor;
        let Some(sum) = draft.facts.summed(metric, scene.until_end(), |_| true)? else {
            // A factor without a price is not needed.
            missing.extend((!price.is_zero()).then_some(metric));
            continue;
        };
        let units = mul(sum.value, Fraction::new(1, per))?;
        exact = add(exact, mul(units, price.to_fraction())?)?;
        formula.push_str(&alloc::format!(" + {name} / {per} * {price_name}"));
        inputs.push(Input::new(name, sum.value, unit));
        inputs.push(Input::new(price_name, price, currency.code()));
        evidence.extend(sum.evidence);
    }
    if !missing.is_empty() {
        return Ok((None, missing));
    }
    if let Some(most) = terms.at_most {
        exact = exact.min(most.to_fraction());
        formula = alloc::format!("min({formula}, at_most)");
        inputs.push(Input::new("at_most", most, currency.code()));
    }
    Ok((Some(Sum { value: Rated { exact, formula, inputs }, evidence }), missing))
}

/// A factor of the fee: so much for each `per` units of a metric.
struct Factor {
    metric: Metric,
    name: &'static str,
    unit: &'static str,
    per: i128,
    price_name: &'static str,
    price: Decimal,
}

const fn factors(terms: &FactorFee) -> [Factor; 3] {
    [
        Factor {
            metric: Metric::ModelParameters,
            name: "parameters",
            unit: "parameter",
            per: 1_000_000,
            price_name: "per_million_parameters",
            price: terms.per_million_parameters,
        },
        Factor {
            metric: Metric::DataBytes,
            name: "bytes",
            unit: "byte",
            per: 1_000_000_000,
            price_name: "per_gigabyte",
            price: terms.per_gigabyte,
        },
        Factor {
            metric: Metric::TrainingSeconds,
            name: "seconds",
            unit: "second",
            per: 3_600,
            price_name: "per_hour",
            price: terms.per_hour,
        },
    ]
}

/// Licence fees from the day on which the model was accepted. Clause: train-6.1.2.
fn licence(
    scene: &Scene<'_>,
    terms: &TrainingTerms,
    owns: &VendorOwns,
    draft: &mut Draft<'_>,
) -> Result<(), SettleError> {
    let zone = &scene.agreement.zone;
    let on = |event| terms.milestones.iter().find(|milestone| milestone.on == event);
    let begins = on(MilestoneEvent::Acceptance).or(on(MilestoneEvent::Delivery));
    let begins = begins.map(|milestone| &milestone.id);
    let mut reached = draft.facts.metric(Metric::MilestoneReached);
    let accepted = reached.find(|fact| begins.is_some() && fact.subject.as_ref() == begins);
    // Until the model is accepted there is nothing to license.
    let Some(accepted) = accepted else { return Ok(()) };
    let first: Date = last_instant(accepted.window).date(zone);
    let licence = Licence { first, last: None, evidence: accepted.evidence.clone() };
    draft.lines.extend(licence_fees(owns, zone, scene.rule, &licence, scene.window)?);
    Ok(())
}

/// Shares of the revenue that both parties reported for a period that ended in the window.
/// Clause: train-6.1.3.
fn revenue(
    scene: &Scene<'_>,
    terms: &contract::terms::SharedOwnership,
    draft: &mut Draft<'_>,
) -> Result<(), SettleError> {
    let mut periods: alloc::collections::BTreeMap<Window, Vec<RevenueReport>> = Default::default();
    for fact in draft.facts.metric(Metric::RevenueReported) {
        let side = Side::ALL.iter().find(|(code, _)| {
            fact.subject.as_ref().is_some_and(|subject| subject.as_str() == *code)
        });
        let amount: Option<Money> = match &fact.quantity {
            Quantity::Money(amount) => Some(*amount),
            _ => None,
        };
        let (Some((_, by)), Some(amount)) = (side, amount) else {
            let (metric, subject) = (fact.metric, fact.subject.clone());
            return Err(crate::facts::WrongQuantity { metric, subject }.into());
        };
        let Some(evidence) = fact.evidence.first().cloned() else { continue };
        if scene.window.contains(last_instant(fact.window)) {
            let report = RevenueReport { by: *by, amount, evidence };
            periods.entry(fact.window).or_default().push(report);
        }
    }
    for (period, reports) in periods {
        let split = revenue_split(terms, scene.rule, period, &reports)?;
        for side in split.missing {
            let subject = Id::new(side.code()).ok();
            let metric = Metric::RevenueReported;
            draft.gap_in(GapCode::NotReported, "train-6.1.3", metric, subject, Some(period));
        }
        draft.lines.extend(split.line);
    }
    Ok(())
}
