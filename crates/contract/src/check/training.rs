//! Rules of training terms: standards, test set, fee and milestones.
//! Clauses: train-3.1, train-4.2, train-5.1, train-5.3, train-6.1.

use alloc::format;

use core::fmt::Display;

use super::{Report, money};
use crate::terms::{
    Agreement, Average, DocumentationSection, ModelOwnership, OwnershipOfOutputs, TrainingFee,
    TrainingTerms,
};

pub(super) fn check(terms: &TrainingTerms, agreement: &Agreement, report: &mut Report<'_>) {
    report.not_empty("service.datasets", "no_dataset", &terms.datasets);
    report.unique("service.datasets", terms.datasets.iter().map(|dataset| &dataset.id));
    for (index, dataset) in terms.datasets.iter().enumerate() {
        let path = format!("service.datasets[{index}]");
        if let Some(records) = dataset.records {
            report.at_least_one(&format!("{path}.records"), records, u64::MAX);
        }
        if dataset.id == terms.test_set.id {
            report.error(&format!("{path}.id"), "test_set_is_training_data", &[&dataset.id]);
        }
    }
    report.at_least_one("service.test_set.items", terms.test_set.items, u64::MAX);
    standards(terms, report);
    report.within_term("service.delivery", terms.delivery, agreement);
    report.at_least_one("service.max_rounds", terms.max_rounds, 1_000);
    report.positive("service.round_within", terms.round_within);
    report.positive("service.acceptance_period", terms.acceptance_period);
    let sections = &terms.documentation.sections;
    report.not_empty("service.documentation.sections", "no_section", sections);
    let codes = sections.iter().map(|section: &DocumentationSection| section.code());
    report.once("service.documentation.sections", "", "value_repeats", codes);
    fee(&terms.fee, report);
    money::milestones("service.milestones", &terms.milestones, report);
    money::share_at_signing(&terms.fee, &terms.milestones, report);
    model(&terms.model, agreement.intellectual_property.outputs, report);
}

/// Clause: train-4.2.
fn standards(terms: &TrainingTerms, report: &mut Report<'_>) {
    report.not_empty("service.standards", "no_standard", &terms.standards);
    for (index, standard) in terms.standards.iter().enumerate() {
        let path = format!("service.standards[{index}]");
        report.above_zero(&format!("{path}.threshold"), standard.threshold);
        match (standard.average, &standard.class) {
            (Average::Class, None) => report.error(&path, "class_is_missing", &[]),
            (Average::Macro | Average::Micro, Some(class)) => {
                let values: [&dyn Display; 2] = [class, &standard.average.code()];
                report.error(&format!("{path}.class"), "class_has_no_use", &values);
            }
            _ => {}
        }
        let same = |other: &&crate::terms::ModelStandard| {
            (other.metric, other.average, &other.class)
                == (standard.metric, standard.average, &standard.class)
        };
        if terms.standards.iter().take(index).any(|other| same(&other)) {
            report.error(&path, "value_repeats", &[&standard.metric.code()]);
        }
    }
}

/// Clause: train-5.1.
fn fee(fee: &TrainingFee, report: &mut Report<'_>) {
    match fee {
        TrainingFee::Fixed(fixed) => report.written("service.fee.amount", &fixed.amount),
        TrainingFee::Factors(factors) => {
            let rates = [
                ("base", factors.base),
                ("per_million_parameters", factors.per_million_parameters),
                ("per_gigabyte", factors.per_gigabyte),
                ("per_hour", factors.per_hour),
            ];
            for (name, rate) in rates {
                report.amount(&format!("service.fee.{name}"), rate);
            }
            if let Some(most) = factors.at_most {
                report.amount("service.fee.at_most", most);
                if most < factors.base {
                    let values: [&dyn Display; 2] = [&most, &factors.base];
                    report.error("service.fee.at_most", "fee_limit_below_base", &values);
                }
            }
        }
    }
}

/// Clauses: train-6.1, train-6.2.
fn model(model: &ModelOwnership, outputs: OwnershipOfOutputs, report: &mut Report<'_>) {
    let (code, agrees) = match model {
        ModelOwnership::Customer(_) => ("customer", outputs == OwnershipOfOutputs::Customer),
        ModelOwnership::Vendor(licence) => {
            report.amount("service.model.licence_fee", licence.licence_fee);
            ("vendor", outputs == OwnershipOfOutputs::Vendor)
        }
        ModelOwnership::Shared(shared) => {
            report.positive("service.model.report_every", shared.report_every);
            report.positive("service.model.report_within", shared.report_within);
            report.positive("service.model.patent_answer", shared.patent_answer);
            ("shared", outputs == OwnershipOfOutputs::Shared)
        }
    };
    if !agrees {
        let values: [&dyn Display; 2] = [&code, &outputs.code()];
        report.error("intellectual_property.outputs", "model_owner_contradicts", &values);
    }
}
