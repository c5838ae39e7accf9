//! The checks of a whole document, one module a family: what every contract needs whatever its
//! playbook says. Used by the review of foreign contracts and by the drafting check.
//!
//! Knows the words alone: no file, no clock, no market. What it cannot read from the words (the
//! prime rate, the parties' names) comes in as [`Facts`].

mod allocation;
mod alternatives;
mod blanks;
mod change;
mod charges;
mod defined;
mod deletion;
mod disputes;
mod duties;
mod interest;
mod liability;
mod metering;
mod missing;
mod names;
mod numbers;
mod references;
mod rule;
mod sample;
mod source;
mod standards;
mod texts;
mod tongues;

use std::cmp::Reverse;
use std::collections::BTreeSet;

use units::{Date, Decimal};
use wording::Wording;

use crate::finding::{Finding, Risk, Side};
use crate::parties::{self, Parties};
pub(crate) use references::stands;
use source::Source;

/// What the checks cannot read from the words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// The parties by their names, where they are known.
    pub parties: Vec<Party>,
    /// The prime rate to hold a default interest against; without it that flag stays down.
    pub prime_rate: Option<PrimeRate>,
    /// The checks to run, by id; all where it is `None`.
    pub on: Option<BTreeSet<String>>,
}

impl Facts {
    /// What holds for every document: the last prime rate that is known here.
    #[must_use]
    pub fn ordinary() -> Self {
        Self { prime_rate: PrimeRate::last_known(), ..Self::default() }
    }
}

/// A party of the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// On which side it stands.
    pub side: Side,
    /// Its name in full.
    pub name: String,
}

/// A loan prime rate (LPR) as it was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrimeRate {
    /// Percent a year: 3 for 3 %.
    pub percent: Decimal,
    /// The day of publication.
    pub on: Date,
}

impl PrimeRate {
    /// The one-year LPR of the newest publication that changed it and is known here: data to be
    /// brought up to date, which is why a finding names its day.
    #[must_use]
    pub fn last_known() -> Option<Self> {
        let on = Date::new(2025, 5, 20)?;
        Some(Self { percent: Decimal::new(30, 1), on })
    }
}

/// A check of a document.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// Its id, stable over versions.
    pub id: &'static str,
    /// The highest risk that it gives.
    pub risk: Risk,
    /// What it finds, in Chinese.
    pub zh: &'static str,
    /// What it finds, in English.
    pub en: &'static str,
    run: fn(&Source<'_>) -> Vec<Finding>,
}

/// The most findings of one check that are kept: a page full of one finding helps nobody.
const MOST: usize = 200;

/// All checks, in the order of their families.
pub fn list() -> impl Iterator<Item = &'static Check> {
    const FAMILIES: &[&[Check]] = &[
        change::CHECKS,
        blanks::CHECKS,
        alternatives::CHECKS,
        texts::CHECKS,
        names::CHECKS,
        duties::CHECKS,
        allocation::CHECKS,
        charges::CHECKS,
        metering::CHECKS,
        interest::CHECKS,
        numbers::CHECKS,
        standards::CHECKS,
        deletion::CHECKS,
        liability::CHECKS,
        disputes::CHECKS,
        references::CHECKS,
        tongues::CHECKS,
        defined::CHECKS,
        missing::CHECKS,
        sample::CHECKS,
    ];
    FAMILIES.iter().copied().flatten()
}

/// Runs the checks over a document. What undoes all other clauses comes first, then by risk, then
/// by place.
#[must_use]
pub fn run(wording: &Wording, facts: &Facts) -> Vec<Finding> {
    run_knowing(wording, facts, &parties::find(&wording.text, &facts.parties))
}

/// The same where it is read already what the document calls its parties.
pub(crate) fn run_knowing(wording: &Wording, facts: &Facts, parties: &Parties) -> Vec<Finding> {
    let source = Source::new(wording, facts, parties);
    let on = |check: &&Check| facts.on.as_ref().is_none_or(|on| on.contains(check.id));
    let mut findings: Vec<Finding> =
        list().filter(on).flat_map(|check| (check.run)(&source).into_iter().take(MOST)).collect();
    findings.sort_by(|a, b| order(a).cmp(&order(b)));
    findings
}

/// What findings are sorted by.
pub(crate) fn order(finding: &Finding) -> (bool, Reverse<Risk>, usize, usize, &str, &str) {
    let first = finding.clause == change::UNILATERAL;
    let Finding { risk, start, end, clause, rule, .. } = finding;
    (!first, Reverse(*risk), *start, *end, clause, rule)
}
