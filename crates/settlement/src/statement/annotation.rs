//! Charges of an annotation agreement: accepted units of each work item. Serves anno-3.6.

use contract::terms::AnnotationTerms;
use units::Metric;

use super::draft::{Draft, Scene};
use super::{GapCode, SettleError};
use crate::facts::Sum;
use crate::rate::rate;
use crate::working::LineCode;

/// One line for each work item of which units were accepted in the window. Tiers run over the
/// whole order. Units beyond the order are listed and not charged: nobody ordered them.
/// Clauses: anno-3.6, anno-4.1.1.
pub(super) fn charge(
    scene: &Scene<'_>,
    terms: &AnnotationTerms,
    draft: &mut Draft<'_>,
) -> Result<(), SettleError> {
    if let super::Period::Milestone { milestone, .. } = scene.period {
        return Err(SettleError::NoSuchMilestone { milestone: milestone.clone() });
    }
    if matches!(scene.period, super::Period::Quantity { .. }) {
        return Err(SettleError::NotByQuantity);
    }
    for item in &terms.items {
        let metric = Metric::ItemsAccepted;
        let of_item = |subject: Option<&str>| subject == Some(item.id.as_str());
        let Some(accepted) = draft.facts.counted(metric, scene.window, of_item)? else {
            draft.gap(GapCode::NotMeasured, "anno-3.6", metric, Some(item.id.clone()));
            continue;
        };
        let already = scene.carried.billed(&item.id);
        let units = accepted.value.min(item.quantity.saturating_sub(already));
        if units < accepted.value {
            draft.gap(GapCode::BeyondOrder, "anno-3.6", metric, Some(item.id.clone()));
        }
        let unit = item.unit.code();
        let rated = rate(&item.price, units, already, unit, scene.rule.currency())?;
        let rated = Sum { value: rated, evidence: accepted.evidence };
        draft.charge(scene, LineCode::AcceptedItems, Some(&item.id), "anno-3.6", rated)?;
        draft.carry.units_billed.insert(item.id.clone(), already + units);
    }
    Ok(())
}
