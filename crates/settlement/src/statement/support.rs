//! Hours of consulting beyond the free ones, and of migration help at the end.
//! Serves class-3.1.5, lease-6.1, pb-07.

use units::{Decimal, Fraction, Metric};

use super::draft::{Draft, Scene, beyond};
use super::{GapCode, SettleError};
use crate::amount::add;
use crate::facts::Sum;
use crate::rate::rate_exact;
use crate::storage::{calendar_months, month_window};
use crate::working::{Input, LineCode};

/// The subject of hours of migration help.
const MIGRATION: &str = "migration";

/// Consulting of each month, then migration help. Clauses: class-3.1.5, pb-07.
pub(super) fn charge(scene: &Scene<'_>, draft: &mut Draft<'_>) -> Result<(), SettleError> {
    consulting(scene, draft)?;
    migration(scene, draft)
}

/// Free hours are those of a calendar month; they do not run on. Clause: class-3.1.5.
fn consulting(scene: &Scene<'_>, draft: &mut Draft<'_>) -> Result<(), SettleError> {
    let support = scene.agreement.support.as_ref();
    let free = support.and_then(|support| support.free_consulting_hours).map_or(0, |hours| hours);
    let price = support.and_then(|support| support.consulting_hour_price);
    let zone = &scene.agreement.zone;
    for month in calendar_months(scene.window, zone) {
        let Some(window) = month_window(month, zone).intersect(scene.window) else { continue };
        let wanted = |subject: Option<&str>| subject != Some(MIGRATION);
        let Some(hours) = draft.facts.summed(Metric::SupportHours, window, wanted)? else {
            continue;
        };
        let free = Fraction::whole(i128::from(free));
        charge_hours(scene, hours, free, free, price, "class-3.1.5", draft)?;
    }
    Ok(())
}

/// Free hours of migration help are those of the whole agreement. Clause: pb-07.
fn migration(scene: &Scene<'_>, draft: &mut Draft<'_>) -> Result<(), SettleError> {
    let terms = &scene.agreement.termination;
    let wanted = |subject: Option<&str>| subject == Some(MIGRATION);
    let Some(hours) = draft.facts.summed(Metric::SupportHours, scene.window, wanted)? else {
        return Ok(());
    };
    let used = scene.carried.migration_hours;
    draft.carry.migration_hours = add(used, hours.value)?;
    let agreed = Fraction::whole(i128::from(terms.free_migration_hours.map_or(0, |hours| hours)));
    let free = beyond(agreed, used);
    charge_hours(scene, hours, agreed, free, terms.migration_hour_price, "pb-07", draft)
}

fn charge_hours(
    scene: &Scene<'_>,
    hours: Sum<Fraction>,
    agreed: Fraction,
    free: Fraction,
    price: Option<Decimal>,
    clause: &str,
    draft: &mut Draft<'_>,
) -> Result<(), SettleError> {
    let over = beyond(hours.value, free);
    if over.is_zero() {
        return Ok(());
    }
    let Some(price) = price else {
        draft.gap(GapCode::NoPrice, clause, Metric::SupportHours, None);
        return Ok(());
    };
    let currency = scene.rule.currency();
    let mut rated = rate_exact(over, price, "hours_beyond", "hour", currency)?;
    rated.inputs.push(Input::new("hours", hours.value, "hour"));
    rated.inputs.push(Input::new("free_hours", agreed, "hour"));
    let rated = Sum { value: rated, evidence: hours.evidence };
    draft.charge(scene, LineCode::Consulting, None, clause, rated)
}
