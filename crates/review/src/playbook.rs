//! The playbook as data: clauses with positions, sample wording, limits, and phrases of one's own.
//! Parsed strictly: an unknown key, a missing translation, an unknown limit are problems with their
//! place. Knows nothing of any document.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use units::Decimal;

use crate::{Risk, Text};

mod parse;
#[cfg(test)]
mod tests;

pub use parse::Problem;

/// What a side wants of a contract, clause by clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Playbook {
    /// Stable id.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// The clauses in their order.
    pub clauses: Vec<Clause>,
}

/// How hard a position is to get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Difficulty {
    /// Usually given.
    Low,
    /// Given for something.
    Medium,
    /// Rarely given.
    High,
}

/// One clause of a playbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// `pb-01` to `pb-08`, or an id of one's own.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// What hangs on it.
    pub risk: Risk,
    /// How hard it is to get.
    pub difficulty: Difficulty,
    /// How to go about it.
    pub strategy: Text,
    /// What to ask for.
    pub preferred: Text,
    /// What may be accepted.
    pub fallback: Text,
    /// What must not be signed.
    pub walk_away: Text,
    /// Words that say the preferred position.
    pub sample: Text,
    /// What the words add to the source's sample, which misses its own guidance.
    pub delta: Text,
    /// Thresholds by name.
    pub limits: BTreeMap<String, Decimal>,
    /// Rules that are switched off.
    pub off: BTreeSet<String>,
    /// Phrases that the contract must or must not contain.
    pub phrases: Vec<Phrase>,
}

/// Whether a phrase is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wants {
    /// A sentence of the contract must have a word of each group.
    MustContain,
    /// No sentence may.
    MustNotContain,
}

/// A check of one's own: a sentence that has a word of each group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Phrase {
    /// Its id, part of the rule's name.
    pub id: String,
    /// Whether it is wanted.
    pub wants: Wants,
    /// Groups of words; one word of each must stand in one sentence.
    pub groups: Vec<Vec<String>>,
    /// What hangs on it.
    pub risk: Risk,
    /// Why.
    pub reason: Text,
}

/// The text of the playbook that comes with the program.
pub const AI_VENDOR: &str = include_str!("../../../playbooks/ai-vendor.toml");

/// The limits that the rules of each clause read. Every one must be given.
const LIMITS: &[(&str, &[&str])] = &[
    ("pb-01", &["deletion_days", "backup_days"]),
    ("pb-02", &[]),
    ("pb-03", &["notice_hours", "confidentiality_years"]),
    ("pb-04", &["uptime_percent", "claim_days", "credit_cap_percent"]),
    ("pb-05", &[]),
    ("pb-06", &["cap_months", "nominal_cap"]),
    ("pb-07", &["export_days", "fallback_export_days", "notice_days", "cure_days"]),
    ("pb-08", &["audit_notice_days", "subprocessor_notice_days"]),
];

impl Playbook {
    /// The playbook that comes with the program: contracts with AI vendors.
    #[must_use]
    pub fn ai_vendor() -> Self {
        Self::parse(AI_VENDOR).expect("the playbook that comes with the program is tested")
    }

    /// Reads a playbook.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its place.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        parse::parse(text)
    }

    /// The clause of that id.
    #[must_use]
    pub fn clause(&self, id: &str) -> Option<&Clause> {
        self.clauses.iter().find(|clause| clause.id == id)
    }
}

impl Clause {
    /// Whether rules of the program judge it, and not phrases alone.
    #[must_use]
    pub fn is_built_in(&self) -> bool {
        LIMITS.iter().any(|(id, _)| *id == self.id)
    }

    /// A limit in whole numbers; parsing made sure that it is there and whole.
    pub(crate) fn whole(&self, name: &str) -> i64 {
        let limit = self.limits.get(name).map_or(0, |limit| limit.normalized().mantissa());
        i64::try_from(limit).unwrap_or(i64::MAX)
    }

    /// A limit as it is written.
    pub(crate) fn exact(&self, name: &str) -> Decimal {
        self.limits.get(name).copied().unwrap_or(Decimal::ZERO)
    }
}
