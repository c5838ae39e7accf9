//! Rules of the parties, the term and the eight common clauses.

use alloc::format;

use super::{Report, about_hours};
use crate::form::Severity;
use crate::terms::{
    Agreement, BreachKind, DamagesBasis, DeletionStart, DocumentRank, Forum, LiabilityCap,
    OwnershipOfOutputs, Party, Purpose, Side, TrainingPolicy,
};

pub(super) fn check(agreement: &Agreement, report: &mut Report<'_>) {
    term(agreement, report);
    party(&agreement.customer, "customer", report);
    party(&agreement.vendor, "vendor", report);
    if agreement.customer.name == agreement.vendor.name {
        report.error("vendor.name", "parties_are_the_same", &[&agreement.vendor.name]);
    }
    data(agreement, report);
    security(agreement, report);
    liability(agreement, report);
    termination(agreement, report);
    disputes(agreement, report);
    support(agreement, report);
    duties(agreement, report);
}

/// Clauses: lease-2.1, lease-2.2.
fn term(agreement: &Agreement, report: &mut Report<'_>) {
    let term = &agreement.term;
    if term.ends < term.starts {
        report.error("term.ends", "ends_before_starts", &[&term.starts, &term.ends]);
    } else if let Some(notice) = term.renewal_notice {
        let days = term.ends.days_since(term.starts) + 1;
        if i128::from(about_hours(notice)) > i128::from(days) * 24 {
            let path = "term.renewal_notice";
            report.error(path, "renewal_notice_longer_than_term", &[&notice, &days]);
        }
    }
    let digits = agreement.currency.exponent();
    if agreement.rounding.scale != digits {
        let (scale, code) = (agreement.rounding.scale, agreement.currency.code());
        let values: [&dyn core::fmt::Display; 3] = [&scale, &code, &digits];
        report.error("rounding.scale", "rounding_differs_from_currency", &values);
    }
    let ranks = agreement.precedence.iter().map(|rank| rank.code());
    report.once("precedence", "", "precedence_repeats", ranks);
    if !agreement.precedence.contains(&DocumentRank::Agreement) {
        report.error("precedence", "precedence_lacks_agreement", &[]);
    }
}

fn party(party: &Party, path: &str, report: &mut Report<'_>) {
    if let Some(code) = &party.credit_code
        && !units::is_credit_code(code)
    {
        report.malformed(&format!("{path}.credit_code"), code, "unified_social_credit_code");
    }
    if let Some(contact) = &party.contact
        && !is_email(&contact.email)
    {
        report.malformed(&format!("{path}.contact.email"), &contact.email, "email");
    }
    // Clauses: class-5.2, lease-3.3. The lease's own text lets the lessee name the account.
    if let Some(account) = &party.account
        && account.holder != party.name
    {
        let path = format!("{path}.account.holder");
        report.error(&path, "account_of_another", &[&account.holder, &party.name]);
    }
    if path == "vendor" && party.account.is_none() {
        report.warn("vendor.account", "no_receiving_account", &[&party.name]);
    }
}

fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else { return false };
    let plain = |part: &str| !part.is_empty() && !part.contains(char::is_whitespace);
    plain(name) && plain(host) && host.contains('.') && !host.starts_with('.')
}

/// Clauses: pb-01, pb-02, pb-05.
fn data(agreement: &Agreement, report: &mut Report<'_>) {
    let rights = &agreement.data_rights;
    report.positive("data_rights.delete_within", rights.delete_within);
    let purposes = rights.vendor_purposes.iter().map(|purpose| purpose.code());
    report.once("data_rights.vendor_purposes", "", "value_repeats", purposes);
    let window = agreement.termination.export_window;
    if rights.delete_after == DeletionStart::Termination
        && about_hours(rights.delete_within) < about_hours(window)
    {
        let values: [&dyn core::fmt::Display; 2] = [&rights.delete_within, &window];
        report.warn("data_rights.delete_within", "deletion_before_export_ends", &values);
    }
    let improves = rights.vendor_purposes.contains(&Purpose::ModelImprovement);
    if improves && agreement.training_use.policy == TrainingPolicy::Forbidden {
        let path = "data_rights.vendor_purposes";
        let code = Purpose::ModelImprovement.code();
        report.error(path, "purpose_is_forbidden", &[&code]);
    }
    if agreement.training_use.policy == TrainingPolicy::Allowed && !improves {
        let code = Purpose::ModelImprovement.code();
        report.warn("training_use.policy", "training_allowed_beyond_purposes", &[&code]);
    }
    let outputs = agreement.intellectual_property.outputs;
    let contradicts = matches!(
        (rights.output_owner, outputs),
        (Side::Customer, OwnershipOfOutputs::Vendor) | (Side::Vendor, OwnershipOfOutputs::Customer)
    );
    if contradicts {
        let values: [&dyn core::fmt::Display; 2] = [&rights.output_owner.code(), &outputs.code()];
        report.error("intellectual_property.outputs", "output_owner_contradicts", &values);
    }
    let property = &agreement.intellectual_property;
    if property.third_party_use && outputs == OwnershipOfOutputs::Customer {
        let path = "intellectual_property.third_party_use";
        report.warn(path, "customer_outputs_used_for_others", &[]);
    }
}

/// Clauses: pb-03, pb-08.
fn security(agreement: &Agreement, report: &mut Report<'_>) {
    let security = &agreement.security;
    report.positive("security.breach_notice", security.breach_notice);
    if let Some(every) = security.report_every {
        report.positive("security.report_every", every);
    }
    if security.certifications.is_empty()
        && (security.report_before_signing || security.report_every.is_some())
    {
        report.error("security.certifications", "report_of_no_certification", &[]);
    }
    let compliance = &agreement.compliance;
    report.positive("compliance.answer_within", compliance.answer_within);
    report.not_empty("compliance.laws", "no_law_named", &compliance.laws);
    if compliance.audits_per_year == 0 && !compliance.report_instead {
        report.warn("compliance.audits_per_year", "no_audit_and_no_report", &[]);
    }
    if compliance.audits_per_year > 366 {
        report.range("compliance.audits_per_year", compliance.audits_per_year, 0, 366);
    }
}

/// Clauses: pb-06, train-8.1, train-8.2.
fn liability(agreement: &Agreement, report: &mut Report<'_>) {
    let liability = &agreement.liability;
    let carve_outs = liability.carve_outs.iter().map(|carve_out| carve_out.code());
    report.once("liability.carve_outs", "", "value_repeats", carve_outs);
    match &liability.cap {
        LiabilityCap::TrailingFees(cap) => {
            report.at_least_one("liability.cap.months", cap.months, 120);
        }
        LiabilityCap::Fixed(cap) => {
            report.written("liability.cap.amount", &cap.amount);
            if cap.amount.figure.is_zero() {
                report.error("liability.cap.amount.figure", "cap_is_zero", &[]);
            }
        }
        LiabilityCap::Unlimited(_) if !liability.carve_outs.is_empty() => {
            report.warn("liability.carve_outs", "carve_outs_without_cap", &[]);
        }
        LiabilityCap::Unlimited(_) => {}
    }
    report.unique("liability.liquidated", liability.liquidated.iter().map(|found| &found.id));
    for (index, damages) in liability.liquidated.iter().enumerate() {
        let path = format!("liability.liquidated[{index}]");
        report.written(&format!("{path}.amount"), &damages.amount);
        if let Some(cap) = damages.cap {
            report.amount(&format!("{path}.cap"), cap);
            if cap < damages.amount.figure {
                let values: [&dyn core::fmt::Display; 2] = [&cap, &damages.amount.figure];
                report.error(&format!("{path}.cap"), "damages_cap_below_amount", &values);
            }
        }
        if damages.basis == DamagesBasis::Day && !has_days(damages.breach) {
            let path = format!("{path}.basis");
            report.error(&path, "breach_has_no_days", &[&damages.breach.code()]);
        }
    }
    report.unique("liability.indemnities", liability.indemnities.iter().map(|found| &found.id));
    for (index, indemnity) in liability.indemnities.iter().enumerate() {
        let path = format!("liability.indemnities[{index}]");
        report.positive(&format!("{path}.notice"), indemnity.notice);
        report.positive(&format!("{path}.defence"), indemnity.defence);
    }
    if let Some(damages) = &agreement.training_use.liquidated_damages {
        report.written("training_use.liquidated_damages", damages);
    }
}

/// Whether a breach lasts, so that its days can be counted.
const fn has_days(breach: BreachKind) -> bool {
    matches!(
        breach,
        BreachKind::LateDelivery
            | BreachKind::StandardNotMet
            | BreachKind::LatePayment
            | BreachKind::LateRepair
            | BreachKind::Other
    )
}

/// Clauses: pb-07, lease-7.2.1, lease-7.2.3, lease-7.3.
fn termination(agreement: &Agreement, report: &mut Report<'_>) {
    let termination = &agreement.termination;
    report.positive("termination.cure", termination.cure);
    report.positive("termination.export_window", termination.export_window);
    let formats = &termination.export_formats;
    report.not_empty("termination.export_formats", "no_export_format", formats);
    if let Some(price) = termination.migration_hour_price {
        report.amount("termination.migration_hour_price", price);
    }
    let sides = termination.convenience.iter().map(|convenience| convenience.by.code());
    report.once("termination.convenience", ".by", "value_repeats", sides);
    let periods = [
        ("termination.force_majeure", termination.force_majeure),
        ("termination.late_payment", termination.late_payment),
        ("termination.stop_use", termination.stop_use),
    ];
    for (path, period) in periods {
        if let Some(period) = period {
            report.positive(path, period);
        }
    }
    report.positive("force_majeure.notice", agreement.force_majeure.notice);
    let (notice, proof) = (agreement.force_majeure.notice, agreement.force_majeure.proof);
    if about_hours(proof) < about_hours(notice) {
        report.error("force_majeure.proof", "proof_before_notice", &[&proof, &notice]);
    }
}

/// A clause that names a court and an arbitration institution is void as to arbitration; a name
/// that says the one where the other was chosen invites that reading. Clause: train-9.1.
fn disputes(agreement: &Agreement, report: &mut Report<'_>) {
    let (disputes, lower) = (&agreement.disputes, agreement.disputes.forum_name.to_lowercase());
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let arbitration = says(&["仲裁", "arbitra"]);
    let court = says(&["法院", "court"]);
    let contradicts = match disputes.forum {
        Forum::Court => arbitration,
        // The London Court of International Arbitration and its like are no courts.
        Forum::Arbitration => court && !arbitration,
    };
    if contradicts || (disputes.forum == Forum::Arbitration && lower.contains("法院")) {
        let values: [&dyn core::fmt::Display; 2] = [&disputes.forum.code(), &disputes.forum_name];
        report.error("disputes.forum_name", "forum_contradicts_name", &values);
    }
}

/// Clauses: lease-6.1, class-3.1.5.
fn support(agreement: &Agreement, report: &mut Report<'_>) {
    let Some(support) = &agreement.support else { return };
    report.positive("support.first_response", support.first_response);
    if let Some(resolution) = support.resolution
        && about_hours(resolution) < about_hours(support.first_response)
    {
        let values: [&dyn core::fmt::Display; 2] = [&resolution, &support.first_response];
        report.error("support.resolution", "resolution_before_response", &values);
    }
    if let Some(price) = support.consulting_hour_price {
        report.amount("support.consulting_hour_price", price);
    }
}

/// Clauses: class-3.2.1, train-2.1.5, anno-4.1.2.
fn duties(agreement: &Agreement, report: &mut Report<'_>) {
    report.unique("customer_duties", agreement.customer_duties.iter().map(|duty| &duty.id));
    for (index, duty) in agreement.customer_duties.iter().enumerate() {
        if duty.detail.is_empty() {
            let path = format!("customer_duties[{index}].detail");
            let kind = super::broken("duty_says_nothing", &[&duty.duty.code()]);
            report.push(&path, Severity::Warning, kind);
        }
    }
}
