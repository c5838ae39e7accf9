//! Late repair of leased hardware: what hours beyond the promised time cost the vendor.
//! Clause: lease-6.2. Knows outages of nodes; knows no tickets and no scheduler.
//!
//! An incident is priced once, in the period in which it was repaired, by its exact hours beyond
//! the promise (a begun hour costs its share). Force majeure stops the clock before and after it
//! ran out. An incident that is not repaired yet gives no line.

use alloc::collections::BTreeMap;
use alloc::collections::btree_map::Entry;
use alloc::vec::Vec;

use contract::terms::LeaseTerms;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{Calendar, EvidenceId, Id, MoneyError, Window, Zone, deadline_suspended};

use crate::amount::{AmountRule, Rated, mul};
use crate::availability::seconds;
use crate::stretches::Stretches;
use crate::working::{Input, Line, LineCode};

/// A repaired outage of a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RepairIncident {
    /// Its name within the agreement.
    pub id: Id,
    /// From down to repaired.
    pub outage: Window,
    /// The evidence of both ends.
    pub evidence: Vec<EvidenceId>,
}

/// Why late repair cannot be priced.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RepairError {
    /// Two incidents of one name that are not the same.
    #[error("incident {id} was given twice with different content")]
    Conflict {
        /// The incident.
        id: Id,
    },
    /// An amount is out of range.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// A line for each incident that was repaired too late, negative, in the order of their names. An
/// incident that is given twice counts once.
///
/// Clause: lease-6.2.
///
/// # Errors
/// When two incidents share a name, or an amount is out of range.
pub fn late_repair(
    terms: &LeaseTerms,
    zone: &Zone,
    calendar: Calendar,
    rule: AmountRule,
    incidents: &[RepairIncident],
    suspensions: &[Window],
) -> Result<Vec<Line>, RepairError> {
    let Some(price) = terms.late_repair_hour else { return Ok(Vec::new()) };
    let suspended = Stretches::of(suspensions.iter().copied());
    let mut lines = Vec::new();
    for incident in distinct(incidents)?.into_values() {
        let Window { from, to } = incident.outage;
        let promised = deadline_suspended(from, terms.repair_within, zone, calendar, suspensions);
        let late = Stretches::of([Window::new(promised.at, to)]).without(&suspended);
        let late = seconds(late.micros());
        if late.is_zero() {
            continue;
        }
        let exact = -mul(mul(late, units::Fraction::new(1, 3_600))?, price.to_fraction())?;
        let inputs = alloc::vec![
            Input::new("late_seconds", late, "second"),
            Input::new("price", price, rule.currency().code()),
        ];
        let rated = Rated::new(exact, "-late_seconds / 3600 * price", inputs);
        let subject = Some(incident.id.clone());
        let evidence = incident.evidence.clone();
        lines.push(rule.line(LineCode::LateRepair, subject, "lease-6.2", rated, evidence)?);
    }
    Ok(lines)
}

fn distinct(incidents: &[RepairIncident]) -> Result<BTreeMap<&Id, &RepairIncident>, RepairError> {
    let mut found = BTreeMap::new();
    for incident in incidents {
        match found.entry(&incident.id) {
            Entry::Vacant(place) => {
                place.insert(incident);
            }
            Entry::Occupied(have) if *have.get() == incident => {}
            Entry::Occupied(_) => return Err(RepairError::Conflict { id: incident.id.clone() }),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
