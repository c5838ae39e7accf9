//! Rules of classification terms: accuracy, response, plan and settlement.
//! Clauses: class-3.1, class-4.1, class-4.2, class-4.3, class-5.1, class-5.2.

use alloc::format;

use core::fmt::Display;

use super::{Report, about_hours, money};
use crate::terms::{Agreement, ClassificationTerms, Plan, ResponseTerms, SettlementCycle};

pub(super) fn check(terms: &ClassificationTerms, agreement: &Agreement, report: &mut Report<'_>) {
    if terms.classes.len() < 2 {
        report.error("service.classes", "too_few_classes", &[&terms.classes.len()]);
    }
    let classes = terms.classes.iter().map(|class| class.as_str());
    report.once("service.classes", "", "value_repeats", classes);
    report.positive("service.delivery", terms.delivery);
    accuracy(terms, report);
    response(&terms.response, report);
    plan(terms, report);
    report.unique("service.custom_models", terms.custom_models.iter().map(|model| &model.id));
    for (index, model) in terms.custom_models.iter().enumerate() {
        let path = format!("service.custom_models[{index}]");
        report.written(&format!("{path}.fee"), &model.fee);
        report.above_zero(&format!("{path}.accuracy"), model.accuracy);
    }
    if let SettlementCycle::Quantity(cycle) = &terms.settlement {
        report.at_least_one("service.settlement.images", cycle.images, u64::MAX);
        if matches!(terms.plan, Plan::Monthly(_)) {
            let path = "service.settlement.type";
            report.error(path, "monthly_fee_settled_by_quantity", &[&cycle.images]);
        }
    }
    if agreement.service_level.is_none() {
        report.warn("service_level", "availability_without_terms", &[]);
    }
}

/// Clause: class-4.2.
fn accuracy(terms: &ClassificationTerms, report: &mut Report<'_>) {
    let accuracy = &terms.accuracy;
    report.above_zero("service.accuracy.initial", accuracy.initial);
    report.above_zero("service.accuracy.ongoing", accuracy.ongoing);
    if accuracy.ongoing > accuracy.initial {
        let values: [&dyn Display; 2] = [&accuracy.ongoing, &accuracy.initial];
        report.warn("service.accuracy.ongoing", "accuracy_rises_after_start", &values);
    }
    report.positive("service.accuracy.evaluate_every", accuracy.evaluate_every);
    report.positive("service.accuracy.restore_within", accuracy.restore_within);
}

/// Clause: class-4.3.
fn response(terms: &ResponseTerms, report: &mut Report<'_>) {
    let path = "service.response";
    report.exact(&format!("{path}.standard_within"), terms.standard_within);
    report.above_zero(&format!("{path}.standard_share"), terms.standard_share);
    match (terms.urgent_within, terms.urgent_share) {
        (Some(within), Some(share)) => {
            report.exact(&format!("{path}.urgent_within"), within);
            report.above_zero(&format!("{path}.urgent_share"), share);
            let seconds = within.exact_seconds().zip(terms.standard_within.exact_seconds());
            if seconds.is_some_and(|(urgent, standard)| urgent > standard) {
                let values: [&dyn Display; 2] = [&within, &terms.standard_within];
                report.error(&format!("{path}.urgent_within"), "urgent_is_slower", &values);
            }
        }
        (None, None) => {}
        (within, _) => {
            let missing = if within.is_none() { "urgent_within" } else { "urgent_share" };
            report.error(path, "urgent_response_incomplete", &[&missing]);
        }
    }
}

/// Clause: class-5.1.
fn plan(terms: &ClassificationTerms, report: &mut Report<'_>) {
    let path = "service.plan";
    match &terms.plan {
        Plan::Images(plan) => {
            money::price(&format!("{path}.price"), &plan.price, report);
            if let Some(price) = &plan.urgent_price {
                money::price(&format!("{path}.urgent_price"), price, report);
                if terms.response.urgent_within.is_none() {
                    report.error(&format!("{path}.urgent_price"), "urgent_price_of_no_class", &[]);
                }
            }
        }
        Plan::Monthly(plan) => {
            report.written(&format!("{path}.fee"), &plan.fee);
            if let Some(price) = &plan.overage {
                money::price(&format!("{path}.overage"), price, report);
            }
            match (&plan.included, &plan.overage) {
                (Some(images), None) => {
                    let path = format!("{path}.included");
                    report.warn(&path, "images_beyond_are_free", &[images]);
                }
                (None, Some(_)) => {
                    report.error(&format!("{path}.overage"), "overage_beyond_nothing", &[]);
                }
                _ => {}
            }
        }
        Plan::Project(plan) => {
            report.written(&format!("{path}.fee"), &plan.fee);
            money::milestones(&format!("{path}.milestones"), &plan.milestones, report);
        }
    }
    if about_hours(terms.accuracy.restore_within) > about_hours(terms.accuracy.evaluate_every) {
        let (restore, every) = (terms.accuracy.restore_within, terms.accuracy.evaluate_every);
        let values: [&dyn Display; 2] = [&restore, &every];
        report.warn("service.accuracy.restore_within", "restored_after_next_evaluation", &values);
    }
}
