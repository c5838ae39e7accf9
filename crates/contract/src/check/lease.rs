//! Rules of lease terms: what can be measured, billed and verified.
//! Clauses: lease-1.1, lease-1.2, lease-3.1, lease-6.3.

use alloc::format;

use core::fmt::Display;

use units::Decimal;

use super::{Report, about_hours};
use crate::terms::{JobEnd, LeaseTerms, OneOffKind};

pub(super) fn check(terms: &LeaseTerms, report: &mut Report<'_>) {
    servers(terms, report);
    storage(terms, report);
    report.unique("service.datasets", terms.datasets.iter().map(|dataset| &dataset.id));
    for (index, dataset) in terms.datasets.iter().enumerate() {
        let path = format!("service.datasets[{index}].records");
        report.at_least_one(&path, dataset.records, u64::MAX);
    }
    let software = terms.software.iter().map(|software| software.name.as_str());
    report.once("service.software", ".name", "value_repeats", software);
    gpu_price(terms, report);
    one_off(terms, report);
    if let Some(total) = &terms.total {
        report.written("service.total", total);
    }
    report.not_empty("service.permitted_purposes", "no_purpose", &terms.permitted_purposes);
    report.positive("service.repair_within", terms.repair_within);
    if let Some(price) = terms.late_repair_hour {
        report.amount("service.late_repair_hour", price);
    }
    if let Some(upgrades) = &terms.upgrades {
        report.positive("service.upgrades.every", upgrades.every);
        if about_hours(upgrades.notice) >= about_hours(upgrades.every) {
            let values: [&dyn Display; 2] = [&upgrades.notice, &upgrades.every];
            report.error("service.upgrades.notice", "upgrade_notice_too_long", &values);
        }
    }
    let verification = &terms.verification;
    report.at_least_one("service.verification.runs", verification.runs, 1_000);
    if verification.required == 0 || verification.required > verification.runs {
        let (required, runs) = (verification.required, verification.runs);
        report.range("service.verification.required", required, 1, runs);
    }
}

/// Clause: lease-1.1.1.
fn servers(terms: &LeaseTerms, report: &mut Report<'_>) {
    report.not_empty("service.servers", "no_server", &terms.servers);
    report.unique("service.servers", terms.servers.iter().map(|server| &server.id));
    for (index, server) in terms.servers.iter().enumerate() {
        let path = format!("service.servers[{index}]");
        report.at_least_one(&format!("{path}.count"), server.count, 1_000_000);
        report.at_least_one(&format!("{path}.gpus_per_server"), server.gpus_per_server, 1_000);
        report.quantity(&format!("{path}.teraflops"), server.teraflops);
    }
    if let Some(network) = &terms.network {
        report.quantity("service.network.gigabits", network.gigabits);
    }
}

/// Clauses: lease-1.1.2, lease-3.1.2.
fn storage(terms: &LeaseTerms, report: &mut Report<'_>) {
    if let Some(storage) = &terms.storage {
        report.quantity("service.storage.terabytes", storage.terabytes);
        report.at_least_one("service.storage.iops", storage.iops, u64::MAX);
        report.quantity("service.storage.latency_ms", storage.latency_ms);
        report.at_least_one("service.storage.queue_depth", storage.queue_depth, 1_000_000);
        let percentile = storage.latency_percentile.points();
        if percentile.is_zero() || percentile >= Decimal::from(100) {
            let found = storage.latency_percentile;
            report.range("service.storage.latency_percentile", found, "1%", "99.99%");
        }
    }
    match (&terms.storage, &terms.storage_price) {
        (Some(_), None) => report.warn("service.storage", "storage_without_price", &[]),
        (None, Some(_)) => report.error("service.storage_price", "price_of_no_storage", &[]),
        _ => {}
    }
    if let Some(price) = &terms.storage_price {
        report.amount("service.storage_price.price", price.price);
    }
}

/// Clause: lease-3.1.1.
fn gpu_price(terms: &LeaseTerms, report: &mut Report<'_>) {
    let price = &terms.gpu_price;
    let path = "service.gpu_price";
    report.amount(&format!("{path}.price"), price.price);
    report.at_least_one(&format!("{path}.step_seconds"), price.step_seconds, 86_400);
    report.not_empty(&format!("{path}.billable_ends"), "no_billable_end", &price.billable_ends);
    let ends = price.billable_ends.iter().map(|end| end.code());
    report.once(&format!("{path}.billable_ends"), "", "value_repeats", ends);
    // A failure of the lessor's own machine at the lessee's cost is possible, and rarely meant.
    for (index, end) in price.billable_ends.iter().enumerate() {
        if matches!(end, JobEnd::NodeFail | JobEnd::BootFail) {
            let path = format!("{path}.billable_ends[{index}]");
            report.warn(&path, "vendor_failure_is_billed", &[&end.code()]);
        }
    }
}

/// Clauses: lease-3.1.3, lease-3.1.4.
fn one_off(terms: &LeaseTerms, report: &mut Report<'_>) {
    report.unique("service.one_off", terms.one_off.iter().map(|fee| &fee.id));
    for (index, fee) in terms.one_off.iter().enumerate() {
        let path = format!("service.one_off[{index}]");
        report.written(&format!("{path}.amount"), &fee.amount);
        let nothing = match fee.kind {
            OneOffKind::Dataset => terms.datasets.is_empty(),
            OneOffKind::Software => terms.software.is_empty(),
            OneOffKind::Setup => false,
        };
        if nothing {
            report.error(&format!("{path}.kind"), "fee_for_nothing", &[&fee.kind.code()]);
        }
    }
}
