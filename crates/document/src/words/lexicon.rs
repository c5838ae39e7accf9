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
use settlement::{AccountClass, CreditRoute, GapCode, LineCode, NotBilledReason, TransactionKind};
use units::{
    Comparison, DayKind, DurationUnit, EndState, Metric, RoundingMode, ServiceState, Verdict,
};

use super::clauses::{CLAUSE_STATUS, titles};
use super::fields::FORM_FIELDS;
use super::lines::{INPUTS, UNITS};
use super::roles::ROLES;
use super::statement::{StatementSection, StatementTotal};
use super::things::{FIELDS, STEPS, THINGS};
use super::{Codes, Named, Word};

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
    all.extend(CODES.iter().map(|(name, codes)| (*name, table(codes.0, str::to_owned))));
    all.insert("clause", titles().collect());
    all
}

/// Tables of codes that are text.
const CODES: [(&str, &Codes); 8] = [
    ("clause_status", &CLAUSE_STATUS),
    ("field", &FIELDS),
    ("form_field", &FORM_FIELDS),
    ("input", &INPUTS),
    ("role", &ROLES),
    ("step", &STEPS),
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
        "carve_out": t::CarveOut,
        "comparison": Comparison,
        "credit_at_end": t::CreditAtEnd,
        "credit_route": CreditRoute,
        "damages_basis": t::DamagesBasis,
        "deletion_start": t::DeletionStart,
        "document_rank": t::DocumentRank,
        "documentation_section": t::DocumentationSection,
        "duty_kind": t::DutyKind,
        "end_state": EndState,
        "exclusion_reason": t::ExclusionReason,
        "forum": t::Forum,
        "gap_code": GapCode,
        "indemnity_scope": t::IndemnityScope,
        "line_code": LineCode,
        "loss_scope": t::LossScope,
        "metric": Metric,
        "milestone_event": t::MilestoneEvent,
        "modality": t::Modality,
        "model_metric": t::ModelMetric,
        "not_billed_reason": NotBilledReason,
        "obligation": ObligationKind,
        "obligation_status": ObligationStatus,
        "one_off_kind": t::OneOffKind,
        "ownership_of_outputs": t::OwnershipOfOutputs,
        "purpose": t::Purpose,
        "quality_metric": t::QualityMetric,
        "request_class": t::RequestClass,
        "rounding_mode": RoundingMode,
        "service_state": ServiceState,
        "side": t::Side,
        "statement_section": StatementSection,
        "statement_total": StatementTotal,
        "termination_ground": TerminationGround,
        "training_policy": t::TrainingPolicy,
        "transaction_kind": TransactionKind,
        "verdict": Verdict,
        "work_unit": t::WorkUnit,
    }
    tagged {
        "acceptance_rule": t::AcceptanceRule,
        "account_class": AccountClass,
        "action": Action,
        "actor": Actor,
        "claim_basis": ClaimBasis,
        "day_kind": DayKind,
        "dispute_subject": DisputeSubject,
        "duration_unit": DurationUnit,
        "event": Event,
        "fact": Fact,
        "payment_purpose": PaymentPurpose,
        "phase": Phase,
        "refusal": Refusal,
        "service": t::Service,
        "severity": Severity,
    }
}

fn of<T: Named>() -> Table {
    table(T::TABLE, snake_case)
}

fn table(words: &[Word], code: fn(&str) -> String) -> Table {
    words.iter().map(|word| (code(word.code), Both { zh: word.zh, en: word.en })).collect()
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
