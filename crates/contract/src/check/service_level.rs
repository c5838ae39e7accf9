//! Rules of availability and service credits. Clauses: pb-04, class-4.1.

use alloc::format;

use core::fmt::Display;

use super::Report;
use crate::terms::{Availability, CreditMethod, CreditTier, DegradedAs, ServiceLevel};

pub(super) fn check(level: &ServiceLevel, report: &mut Report<'_>) {
    availability(&level.availability, report);
    let credits = &level.credits;
    report.above_zero("service_level.credits.cap", credits.cap);
    let path = "service_level.credits.method";
    let degraded_rate = match &credits.method {
        CreditMethod::Hourly(hourly) => {
            report.above_zero(&format!("{path}.rate"), hourly.rate);
            if hourly.rate > credits.cap {
                let values: [&dyn Display; 2] = [&hourly.rate, &credits.cap];
                report.warn(&format!("{path}.rate"), "credit_above_cap", &values);
            }
            hourly.degraded_rate
        }
        CreditMethod::Tiered(tiered) => {
            tiers(&tiered.tiers, level, report);
            tiered.degraded_rate
        }
    };
    if let Some(rate) = degraded_rate
        && level.availability.degraded_as != DegradedAs::Separate
    {
        let values: [&dyn Display; 2] = [&rate, &level.availability.degraded_as.code()];
        report.error(&format!("{path}.degraded_rate"), "degraded_rate_never_applies", &values);
    }
}

fn availability(terms: &Availability, report: &mut Report<'_>) {
    let path = "service_level.availability";
    report.above_zero(&format!("{path}.target"), terms.target);
    if let Some(shortest) = terms.min_outage {
        report.exact(&format!("{path}.min_outage"), shortest);
    }
    let reasons = terms.exclusions.iter().map(|reason| reason.code());
    report.once(&format!("{path}.exclusions"), "", "value_repeats", reasons);
    if let Some(most) = terms.max_excluded {
        report.exact(&format!("{path}.max_excluded"), most);
        if terms.exclusions.is_empty() {
            report.error(&format!("{path}.max_excluded"), "limit_of_no_exclusion", &[&most]);
        }
    }
    if let Some(hours) = &terms.service_hours {
        let path = format!("{path}.service_hours");
        if hours.to_minute > 1_440 {
            report.range(&format!("{path}.to_minute"), hours.to_minute, 1, 1_440);
        } else if hours.from_minute >= hours.to_minute {
            let values: [&dyn Display; 2] = [&hours.from_minute, &hours.to_minute];
            report.error(&path, "service_hours_are_empty", &values);
        }
    }
}

/// Thresholds descend from the promise, credits ascend.
fn tiers(tiers: &[CreditTier], level: &ServiceLevel, report: &mut Report<'_>) {
    let path = "service_level.credits.method.tiers";
    report.not_empty(path, "no_tier", tiers);
    let target = level.availability.target;
    for (index, tier) in tiers.iter().enumerate() {
        let path = format!("{path}[{index}]");
        report.above_zero(&format!("{path}.credit"), tier.credit);
        if tier.below > target {
            let values: [&dyn Display; 2] = [&tier.below, &target];
            report.error(&format!("{path}.below"), "credit_tier_above_target", &values);
        }
        if tier.credit > level.credits.cap {
            let values: [&dyn Display; 2] = [&tier.credit, &level.credits.cap];
            report.warn(&format!("{path}.credit"), "credit_above_cap", &values);
        }
        let Some(before) = index.checked_sub(1).and_then(|index| tiers.get(index)) else {
            continue;
        };
        if tier.below >= before.below {
            let values: [&dyn Display; 2] = [&tier.below, &before.below];
            report.error(&format!("{path}.below"), "credit_tiers_do_not_descend", &values);
        }
        if tier.credit <= before.credit {
            let values: [&dyn Display; 2] = [&tier.credit, &before.credit];
            report.error(&format!("{path}.credit"), "credits_do_not_ascend", &values);
        }
    }
}
