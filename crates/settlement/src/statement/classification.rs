//! Charges of a classification service: by images, by month with overage, or by project; and
//! custom models. Serves class-3.1.3, class-4.3, class-5.1, class-5.2.

use alloc::vec::Vec;

use contract::terms::{ByImages, ClassificationTerms, Monthly, Plan, Price, RequestClass};
use units::{Date, Id, Metric, Window};

use super::draft::{Draft, Scene};
use super::{GapCode, Period, SettleError, training};
use crate::amount::Rated;
use crate::facts::{Facts, Sum, in_order, last_instant};
use crate::rate::rate;
use crate::storage::month_window;
use crate::working::LineCode;

/// The plan's charges, then custom models that reached their accuracy. Clause: class-5.1.
pub(super) fn charge(
    scene: &Scene<'_>,
    terms: &ClassificationTerms,
    draft: &mut Draft<'_>,
) -> Result<(), SettleError> {
    let by_quantity = matches!(scene.period, Period::Quantity { .. });
    match (&terms.plan, scene.period) {
        (Plan::Images(_) | Plan::Monthly(_), Period::Milestone { milestone, .. }) => {
            return Err(SettleError::NoSuchMilestone { milestone: milestone.clone() });
        }
        (Plan::Monthly(_) | Plan::Project(_), Period::Quantity { .. }) => {
            return Err(SettleError::NotByQuantity);
        }
        (Plan::Images(plan), Period::Quantity { through, .. }) => {
            by_total(scene, plan, *through, draft)?;
        }
        (Plan::Images(plan), _) => by_time(scene, plan, draft)?,
        (Plan::Monthly(plan), _) => monthly(scene, plan, draft)?,
        (Plan::Project(plan), _) => {
            let fee = Rated::fixed(plan.fee.figure, scene.rule.currency());
            let fee = Sum { value: fee, evidence: Vec::new() };
            training::milestones(scene, &plan.milestones, Some(&fee), "class-5.1", draft)?;
        }
    }
    if scene.period.is_time() && !by_quantity {
        custom_models(scene, terms, draft)?;
    }
    Ok(())
}

/// Images of a class; requests without a class are standard ones.
fn is_class(subject: Option<&str>, class: RequestClass) -> bool {
    subject.unwrap_or(RequestClass::Standard.code()) == class.code()
}

/// Images of the window. Tiers begin anew in each period. Clauses: class-5.1, class-4.3.
fn by_time(scene: &Scene<'_>, plan: &ByImages, draft: &mut Draft<'_>) -> Result<(), SettleError> {
    let images = |class| {
        let of_class = move |subject: Option<&str>| is_class(subject, class);
        draft.facts.counted(Metric::ImagesAnswered, scene.window, of_class)
    };
    let (standard, urgent) = (images(RequestClass::Standard)?, images(RequestClass::Urgent)?);
    if standard.is_none() && urgent.is_none() {
        draft.gap(GapCode::NotMeasured, "class-5.1", Metric::ImagesAnswered, None);
    }
    for (class, price, images) in by_class(plan, standard, urgent)? {
        charge_images(scene, class, price, images, 0, draft)?;
    }
    Ok(())
}

/// The next images up to a running total, in the order of time. Tiers run on. Clause: class-5.2.
fn by_total(
    scene: &Scene<'_>,
    plan: &ByImages,
    through: u64,
    draft: &mut Draft<'_>,
) -> Result<(), SettleError> {
    let billed = |class: RequestClass| class_id(class).map_or(0, |id| scene.carried.billed(&id));
    let (billed_standard, billed_urgent) =
        (billed(RequestClass::Standard), billed(RequestClass::Urgent));
    let already = billed_standard.saturating_add(billed_urgent);
    if through <= already {
        return Err(SettleError::AlreadySettled { billed: already, through });
    }
    let (standard, urgent) = first_images(&draft.facts, scene.until_end(), through)?;
    let have = standard.value.saturating_add(urgent.value);
    if have < through {
        return Err(SettleError::QuantityNotReached { have, through });
    }
    // A late record can change which images were the first; what was billed stays billed, and the
    // two classes still add up to the total that was asked for.
    let need = through - already;
    let urgent_new = urgent.value.saturating_sub(billed_urgent).min(need);
    let standard_new = need - urgent_new;
    let rows = [
        (RequestClass::Standard, standard_new, billed_standard, standard.evidence),
        (RequestClass::Urgent, urgent_new, billed_urgent, urgent.evidence),
    ];
    if plan.urgent_price.is_none() {
        let evidence = in_order(rows.iter().flat_map(|row| row.3.iter().cloned()).collect());
        let images = Sum { value: need, evidence };
        charge_images(scene, RequestClass::Standard, &plan.price, images, already, draft)?;
    } else {
        for (class, value, already, evidence) in rows.clone() {
            let price = match (class, &plan.urgent_price) {
                (RequestClass::Urgent, Some(price)) => price,
                _ => &plan.price,
            };
            if value > 0 {
                charge_images(scene, class, price, Sum { value, evidence }, already, draft)?;
            }
        }
    }
    for (class, value, already, _) in rows {
        if let Some(id) = class_id(class) {
            draft.carry.units_billed.insert(id, already + value);
        }
    }
    Ok(())
}

/// How many of the first `through` images were standard and urgent ones.
fn first_images(
    facts: &Facts<'_>,
    window: Window,
    through: u64,
) -> Result<(Sum<u64>, Sum<u64>), SettleError> {
    let none = || Sum { value: 0, evidence: Vec::new() };
    let (mut standard, mut urgent) = (none(), none());
    let mut rows: Vec<_> = facts
        .metric(Metric::ImagesAnswered)
        .filter(|fact| window.contains(last_instant(fact.window)))
        .collect();
    rows.sort_by(|a, b| (a.window, &a.subject).cmp(&(b.window, &b.subject)));
    let mut left = through;
    for fact in rows {
        let of = crate::facts::exact(fact)?;
        let units = u64::try_from(of.num()).unwrap_or(u64::MAX).min(left);
        let is_urgent = is_class(fact.subject.as_ref().map(Id::as_str), RequestClass::Urgent);
        let sum = if is_urgent { &mut urgent } else { &mut standard };
        if units > 0 {
            sum.value += units;
            sum.evidence.extend(fact.evidence.iter().cloned());
        }
        left -= units;
    }
    standard.evidence = in_order(standard.evidence);
    urgent.evidence = in_order(urgent.evidence);
    Ok((standard, urgent))
}

type Classes<'a> = Vec<(RequestClass, &'a Price, Sum<u64>)>;

/// Standard and urgent images, or both in one where urgent ones have no price of their own.
fn by_class(
    plan: &ByImages,
    standard: Option<Sum<u64>>,
    urgent: Option<Sum<u64>>,
) -> Result<Classes<'_>, SettleError> {
    let Some(urgent_price) = &plan.urgent_price else {
        let both = match (standard, urgent) {
            (Some(standard), Some(urgent)) => {
                let value = standard.value.checked_add(urgent.value);
                let value = value.ok_or(crate::rate::RateError::Units)?;
                let evidence = standard.evidence.into_iter().chain(urgent.evidence).collect();
                Some(Sum { value, evidence: in_order(evidence) })
            }
            (one, other) => one.or(other),
        };
        return Ok(both
            .into_iter()
            .map(|sum| (RequestClass::Standard, &plan.price, sum))
            .collect());
    };
    let standard = standard.map(|sum| (RequestClass::Standard, &plan.price, sum));
    let urgent = urgent.map(|sum| (RequestClass::Urgent, urgent_price, sum));
    Ok(standard.into_iter().chain(urgent).collect())
}

fn charge_images(
    scene: &Scene<'_>,
    class: RequestClass,
    price: &Price,
    images: Sum<u64>,
    already: u64,
    draft: &mut Draft<'_>,
) -> Result<(), SettleError> {
    let (code, clause) = match class {
        RequestClass::Standard => (LineCode::Images, "class-5.1"),
        RequestClass::Urgent => (LineCode::UrgentImages, "class-4.3"),
    };
    let rated = rate(price, images.value, already, "image", scene.rule.currency())?;
    let rated = Sum { value: rated, evidence: images.evidence };
    draft.charge(scene, code, class_id(class).as_ref(), clause, rated)
}

/// The fee of each month, and images beyond those that it includes. Clause: class-5.1.
fn monthly(scene: &Scene<'_>, plan: &Monthly, draft: &mut Draft<'_>) -> Result<(), SettleError> {
    let zone = &scene.agreement.zone;
    let term = &scene.agreement.term;
    let life = Window::new(term.starts.start(zone), term.ends.end(zone));
    let months = scene.period.whole_months(zone).ok_or(SettleError::NotWholeMonths)?;
    for month in months {
        let whole = month_window(month, zone);
        if whole.intersect(life).is_none() {
            continue;
        }
        let subject = month_id(month);
        let fee = Sum { value: plan.fee.figure, evidence: Vec::new() };
        draft.charge_fixed(scene, LineCode::MonthlyFee, Some(&subject), "class-5.1", fee)?;
        if plan.included.is_none() && plan.overage.is_none() {
            continue;
        }
        let window = whole.intersect(scene.window).unwrap_or(whole);
        let images = draft.facts.counted(Metric::ImagesAnswered, window, |_| true)?;
        let Some(images) = images else {
            let metric = Metric::ImagesAnswered;
            draft.gap_in(GapCode::NotMeasured, "class-5.1", metric, None, Some(window));
            continue;
        };
        let over = images.value.saturating_sub(plan.included.map_or(0, |images| images));
        match &plan.overage {
            _ if over == 0 => {}
            None => {
                let metric = Metric::ImagesAnswered;
                draft.gap_in(GapCode::NoPrice, "class-5.1", metric, None, Some(window));
            }
            Some(price) => {
                let rated = rate(price, over, 0, "image", scene.rule.currency())?;
                let rated = Sum { value: rated, evidence: images.evidence };
                draft.charge(scene, LineCode::Overage, Some(&subject), "class-5.1", rated)?;
            }
        }
    }
    Ok(())
}

/// Custom models that reached their accuracy, each once. Clause: class-3.1.3.
fn custom_models(
    scene: &Scene<'_>,
    terms: &ClassificationTerms,
    draft: &mut Draft<'_>,
) -> Result<(), SettleError> {
    for model in &terms.custom_models {
        if scene.carried.one_off_charged.contains(&model.id) {
            continue;
        }
        if let Some(reached) = training::reached(scene, &model.id, draft)? {
            let fee = Sum { value: model.fee.figure, evidence: reached.evidence };
            draft.charge_fixed(
                scene,
                LineCode::CustomModel,
                Some(&model.id),
                "class-3.1.3",
                fee,
            )?;
            draft.carry.one_off_charged.insert(model.id.clone());
        }
    }
    Ok(())
}

fn class_id(class: RequestClass) -> Option<Id> {
    Id::new(class.code()).ok()
}

fn month_id(month: Date) -> Id {
    let text = alloc::format!("{:04}-{:02}", month.year(), month.month());
    Id::new(&text).expect("digits and a dash make an id")
}
