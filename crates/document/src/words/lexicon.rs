//! The lexicon: every named code in both languages, table by table, for a face that is written in
//! another language than Rust. It is made from the same tables as the sentences.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use contract::Refusal;
use contract::command::Action;
use contract::event::{
    Actor, ClaimBasis, DisputeSubject, Event, Fact, PaymentPurpose, TerminationGround,
};
use contract::form::Severity;
use contract::obligation::{ObligationKind, ObligationStatus};
use contract::state::Phase;
use contract::terms as t;
use serde::Serialize;
use settlement::{
    AccountClass, CreditRoute, GapCode, LineCode, NotBilledReason, Part, Period, TransactionKind,
};
use units::{
    Comparison, Currency, DayKind, DurationUnit, EndState, Lang, Metric, RoundingMode,
    ServiceState, Verdict,
};

use super::clauses::{CLAUSE_STATUS, titles};
use super::fields::FORM_FIELDS;
use super::lines::{INPUTS, UNITS};
use super::roles::ROLES;
use super::statement::{StatementSection, StatementTotal};
use super::term_fields::TERM_FIELDS;
use super::things::{FIELDS, STEPS, THINGS};
use super::{Code, Codes, Named, Word};

/// A name in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Both {
    /// In Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
}

/// Names by a code, as it stands in JSON.
pub type Table = BTreeMap<String, Both>;

/// Every name, by `table.code`: of enums the table is the name of the type in snake case, codes are
/// those of serde. Titles of clauses stand as `clause.lease-3.4`, labels of fields as
/// `form_field.due` or, where a place has its own, `form_field.issue_invoice.due`.
#[must_use]
pub fn lexicon() -> Table {
    tables()
        .into_iter()
        .flat_map(|(name, table)| {
            table.into_iter().map(move |(code, both)| (format!("{name}.{code}"), both))
        })
        .collect()
}

fn tables() -> BTreeMap<&'static str, Table> {
    let mut all: BTreeMap<_, _> =
        enums().into_iter().map(|(name, _, table)| (name, table)).collect();
    all.extend(CODES.iter().map(|(name, codes)| (*name, table(codes.0))));
    all.insert("clause", titles().collect());
    all
}

/// Tables of codes that are text.
const CODES: [(&str, &Codes); 9] = [
    ("clause_status", &CLAUSE_STATUS),
    ("field", &FIELDS),
    ("form_field", &FORM_FIELDS),
    ("input", &INPUTS),
    ("role", &ROLES),
    ("step", &STEPS),
    ("term_field", &TERM_FIELDS),
    ("thing", &THINGS),
    ("unit", &UNITS),
];

/// How a code is held against the type that it belongs to.
pub(super) type Known = fn(&str) -> bool;

/// Declares the tables of enums: those whose codes serde reads alone, and those with fields, whose
/// codes are held against their schema, or that JSON never has alone.
macro_rules! enums {
    (
        plain { $( $plain:literal: $plain_type:ty, )* }
        tagged { $( $tagged:literal: $tagged_type:ty, )* }
    ) => {
        pub(super) fn enums() -> Vec<(&'static str, Option<Known>, Table)> {
            vec![
                $( (
                    $plain,
                    Some(|code| serde_json::from_value::<$plain_type>(code.into()).is_ok()),
                    of::<$plain_type>(),
                ), )*
                $( ($tagged, None, of::<$tagged_type>()), )*
            ]
        }
    };
}

enums! {
    plain {
        "allocation_target": t::AllocationTarget,
        "average": t::Average,
        "breach_kind": t::BreachKind,
        "calendar_name": t::CalendarName,
        "carve_out": t::CarveOut,
        "comparison": Comparison,
        "credit_at_end": t::CreditAtEnd,
        "credit_base": t::CreditBase,
        "credit_route": CreditRoute,
        "currency": Currency,
        "damages_basis": t::DamagesBasis,
        "day_count": t::DayCount,
        "day_inclusion": t::DayInclusion,
        "degraded_as": t::DegradedAs,
        "deletion_start": t::DeletionStart,
        "delivery_format": t::DeliveryFormat,
        "document_rank": t::DocumentRank,
        "documentation_section": t::DocumentationSection,
        "due_event": t::DueEvent,
        "due_month": t::DueMonth,
        "duty_kind": t::DutyKind,
        "end_state": EndState,
        "exclusion_reason": t::ExclusionReason,
        "flops_basis": t::FlopsBasis,
        "forum": t::Forum,
        "gap_code": GapCode,
        "gigabyte": t::Gigabyte,
        "grain": t::Grain,
        "hour_rounding": t::HourRounding,
        "indemnity_scope": t::IndemnityScope,
        "inspection_level": t::InspectionLevel,
        "inspection_unit": t::InspectionUnit,
        "job_end": t::JobEnd,
        "lang": Lang,
        "late_base": t::LateBase,
        "licence_period": t::LicencePeriod,
        "line_code": LineCode,
        "loss_scope": t::LossScope,
        "metric": Metric,
        "milestone_event": t::MilestoneEvent,
        "modality": t::Modality,
        "model_metric": t::ModelMetric,
        "month_length": t::MonthLength,
        "not_billed_reason": NotBilledReason,
        "obligation": ObligationKind,
        "obligation_status": ObligationStatus,
        "one_off_kind": t::OneOffKind,
        "ownership_of_outputs": t::OwnershipOfOutputs,
        "part": Part,
        "partial_package": t::PartialPackage,
        "precision": t::Precision,
        "purpose": t::Purpose,
        "quality_metric": t::QualityMetric,
        "request_class": t::RequestClass,
        "rounded_per": t::RoundedPer,
        "rounding_mode": RoundingMode,
        "service_state": ServiceState,
        "side": t::Side,
        "statement_section": StatementSection,
        "statement_total": StatementTotal,
        "storage_integral": t::StorageIntegral,
        "support_hours": t::SupportHours,
        "tax_rounding": t::TaxRounding,
        "termination_ground": TerminationGround,
        "training_policy": t::TrainingPolicy,
        "transaction_kind": TransactionKind,
        "unknown_as": t::UnknownAs,
        "verdict": Verdict,
        "work_unit": t::WorkUnit,
    }
    tagged {
        "acceptance_rule": t::AcceptanceRule,
        "account_class": AccountClass,
        "action": Action,
        "actor": Actor,
        "claim_basis": ClaimBasis,
        "credit_method": t::CreditMethod,
        "day_kind": DayKind,
        "dispute_subject": DisputeSubject,
        "duration_unit": DurationUnit,
        "event": Event,
        "fact": Fact,
        "late_cap": t::LateCap,
        "late_rate": t::LateRate,
        "liability_cap": t::LiabilityCap,
        "model_ownership": t::ModelOwnership,
        "payment_due": t::PaymentDue,
        "payment_purpose": PaymentPurpose,
        "period": Period,
        "phase": Phase,
        "plan": t::Plan,
        "price": t::Price,
        "refusal": Refusal,
        "service": t::Service,
        "settlement_cycle": t::SettlementCycle,
        "severity": Severity,
        "training_fee": t::TrainingFee,
        "position_reached": review::Reached,
        "proposal_dropped": review::proposal::Dropped,
        "review_confidence": review::Confidence,
        "review_kind": review::Kind,
        "review_risk": review::Risk,
        "review_side": review::Side,
        "review_status": review::Status,
    }
}

fn of<T: Named>() -> Table {
    table(T::TABLE)
}

fn table(words: &[Word]) -> Table {
    words.iter().map(|word| (written(word.code), Both { zh: word.zh, en: word.en })).collect()
}

pub(super) fn written(code: Code) -> String {
    match code {
        Code::Variant(variant) => snake_case(variant),
        Code::Written(code) => code.to_owned(),
    }
}

/// `JobRan` as `job_ran`, as serde writes it.
fn snake_case(variant: &str) -> String {
    let mut code = String::new();
    for (index, letter) in variant.chars().enumerate() {
        if letter.is_ascii_uppercase() && index > 0 {
            code.push('_');
        }
        code.push(letter.to_ascii_lowercase());
    }
    code
}
