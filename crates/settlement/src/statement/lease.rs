//! Charges of a lease: GPU-hours, storage, one-off fees, late repairs.
//! Serves lease-3.1.1 to lease-3.1.4, lease-6.2.

use alloc::vec::Vec;

use contract::terms::{ExclusionReason, LeaseTerms, OneOffKind, StoragePrice};
use units::{Id, Metric, Window};

use super::draft::{Draft, Scene};
use super::{GapCode, Period, SettleError, VolumeUsage};
use crate::amount::{Rated, mul};
use crate::facts::{Sum, in_order, last_instant};
use crate::gpu::{GpuUsage, gpu_usage};
use crate::repair::{RepairIncident, late_repair};
use crate::storage::{StorageMonth, gb_months};
use crate::working::{Input, LineCode};

/// Storage samples further apart than this are marked: a daily peak needs one for each day.
const SAMPLE_GAP_SECONDS: i64 = 86_400;

/// GPU-hours, storage, one-off fees that were not charged yet; repairs that came too late.
pub(super) fn charge(
    scene: &Scene<'_>,
    terms: &LeaseTerms,
    draft: &mut Draft<'_>,
) -> Result<(), SettleError> {
    match scene.period {
        Period::Milestone { milestone, .. } => {
            return Err(SettleError::NoSuchMilestone { milestone: milestone.clone() });
        }
        Period::Quantity { .. } => return Err(SettleError::NotByQuantity),
        _ => {}
    }
    gpu_hours(scene, terms, draft)?;
    if let Some(price) = &terms.storage_price {
        storage(scene, price, draft)?;
    }
    one_off(scene, terms, draft)?;
    repairs(scene, terms, draft)
}

/// GPU-hours of the window. Clause: lease-3.1.1.
fn gpu_hours(
    scene: &Scene<'_>,
    terms: &LeaseTerms,
    draft: &mut Draft<'_>,
) -> Result<(), SettleError> {
    let Some(allocations) = draft.facts.allocations() else {
        draft.gap(GapCode::NotMeasured, "lease-3.1.1", Metric::GpuAllocations, None);
        return Ok(());
    };
    let usage = gpu_usage(&allocations, scene.window, &terms.gpu_price)?;
    let evidence = usage.jobs.iter().flat_map(|job| job.evidence.iter().cloned()).collect();
    let rated = gpu_rated(scene, terms, &usage)?;
    let rated = Sum { value: rated, evidence: in_order(evidence) };
    draft.charge(scene, LineCode::GpuHours, None, "lease-3.1.1", rated)?;
    draft.gpu = Some(usage);
    Ok(())
}

fn gpu_rated(
    scene: &Scene<'_>,
    terms: &LeaseTerms,
    usage: &GpuUsage,
) -> Result<Rated, SettleError> {
    let price = terms.gpu_price.price;
    let hours = units::Fraction::new(usage.billed_seconds, 3_600);
    let exact = mul(hours, price.to_fraction())?;
    let held = units::Fraction::new(usage.held_micros, 1_000_000);
    let inputs = alloc::vec![
        Input::new("gpu_seconds", usage.billed_seconds, "gpu_second"),
        Input::new("price", price, scene.rule.currency().code()),
        Input::new("held", held, "gpu_second"),
        Input::new("jobs", usage.jobs.len(), "count"),
        Input::new("step", terms.gpu_price.step_seconds, "second"),
    ];
    Ok(Rated::new(exact, "gpu_seconds / 3600 * price", inputs))
}

/// A line for each volume and calendar month. Clause: lease-3.1.2.
fn storage(
    scene: &Scene<'_>,
    price: &StoragePrice,
    draft: &mut Draft<'_>,
) -> Result<(), SettleError> {
    let volumes = draft.facts.samples();
    if volumes.is_empty() {
        draft.gap(GapCode::NotMeasured, "lease-3.1.2", Metric::StorageSamples, None);
    }
    let zone = &scene.agreement.zone;
    for (volume, samples) in volumes {
        let max_gap = Some(SAMPLE_GAP_SECONDS);
        let usage = gb_months(&samples, scene.window, zone, price, max_gap)?;
        for month in &usage.months {
            let rated = storage_rated(scene, price, month)?;
            let rated = Sum { value: rated, evidence: in_order(month.evidence.clone()) };
            draft.charge(scene, LineCode::Storage, volume.as_ref(), "lease-3.1.2", rated)?;
        }
        for gap in &usage.gaps {
            let metric = Metric::StorageSamples;
            let code = GapCode::SampleGap;
            draft.gap_in(code, "lease-3.1.2", metric, volume.clone(), Some(*gap));
        }
        draft.storage.push(VolumeUsage { volume, usage });
    }
    Ok(())
}

fn storage_rated(
    scene: &Scene<'_>,
    price: &StoragePrice,
    month: &StorageMonth,
) -> Result<Rated, SettleError> {
    let exact = mul(month.gb_months, price.price.to_fraction())?;
    let inputs = alloc::vec![
        Input::new("byte_seconds", month.byte_seconds, "byte_second"),
        Input::new("gigabyte", month.gigabyte_bytes, "byte"),
        Input::new("month", month.month_seconds, "second"),
        Input::new("price", price.price, scene.rule.currency().code()),
    ];
    Ok(Rated::new(exact, "byte_seconds / gigabyte / month * price", inputs))
}

/// Fees that are charged once: with the first statement. Clauses: lease-3.1.3, lease-3.1.4.
fn one_off(
    scene: &Scene<'_>,
    terms: &LeaseTerms,
    draft: &mut Draft<'_>,
) -> Result<(), SettleError> {
    for fee in &terms.one_off {
        if scene.carried.one_off_charged.contains(&fee.id) {
            continue;
        }
        let clause = match fee.kind {
            OneOffKind::Dataset => "lease-3.1.3",
            OneOffKind::Software => "lease-3.1.4",
            OneOffKind::Setup => "lease-3.1",
        };
        let amount = Sum { value: fee.amount.figure, evidence: Vec::new() };
        draft.charge_fixed(scene, LineCode::OneOff, Some(&fee.id), clause, amount)?;
        draft.carry.one_off_charged.insert(fee.id.clone());
    }
    Ok(())
}

/// Outages that were repaired in the window, later than promised. Clause: lease-6.2.
fn repairs(
    scene: &Scene<'_>,
    terms: &LeaseTerms,
    draft: &mut Draft<'_>,
) -> Result<(), SettleError> {
    let repaired = draft
        .facts
        .metric(Metric::RepairHours)
        .filter(|fact| scene.window.contains(last_instant(fact.window)));
    let incidents: Vec<RepairIncident> = repaired
        .map(|fact| RepairIncident {
            id: incident_id(fact.subject.as_ref(), fact.window),
            outage: fact.window,
            evidence: fact.evidence.clone(),
        })
        .collect();
    let force_majeure = ExclusionReason::ForceMajeure.code();
    let suspensions: Vec<Window> = draft
        .facts
        .exclusions()
        .into_iter()
        .filter(|interval| interval.reason == force_majeure)
        .map(|interval| interval.window)
        .collect();
    let agreement = scene.agreement;
    let calendar = agreement.calendar.calendar();
    draft.repairs =
        late_repair(terms, &agreement.zone, calendar, scene.rule, &incidents, &suspensions)?;
    Ok(())
}

/// A device can fail more than once: its outages are told apart by their first second.
fn incident_id(device: Option<&Id>, outage: Window) -> Id {
    let begins = outage.from.seconds();
    let named = device.and_then(|id| Id::new(&alloc::format!("{id}:{begins}")).ok());
    named.unwrap_or_else(|| {
        Id::new(&alloc::format!("outage:{begins}")).expect("a number and a word make an id")
    })
}
