//! Which clause a term fills. One table for problems, the format's page and the console; a term
//! without a row takes the row of the table that it stands in.

use units::{ClauseId, Id};

/// The kind of service that a row is for; empty for all.
type Row = (&'static str, &'static str, &'static str);

/// Kind, path without list positions, clause.
const ROWS: &[Row] = &[
    ("annotation", "customer", "anno-2.1"),
    ("annotation", "vendor", "anno-2.2"),
    ("training", "payment.due", "train-5.2"),
    ("training", "payment.late_fee", "train-5.2"),
    ("training", "payment.prepayment", "train-5.3.1"),
    ("training", "security.confidentiality_after_end", "train-7.2"),
    ("training", "intellectual_property", "train-6.1"),
    ("training", "data_rights.vendor_purposes", "train-3.3"),
    ("training", "liability", "train-8.1"),
    ("training", "liability.loss", "train-8.2"),
    ("training", "termination", "train-10.1"),
    ("training", "customer_duties", "train-2.1.5"),
    ("training", "customer", "train-0.1"),
    ("training", "vendor", "train-0.1"),
    ("lease", "customer", "lease-0.1"),
    ("lease", "vendor", "lease-0.1"),
    ("classification", "customer", "class-1.2"),
    ("classification", "vendor", "class-1.1"),
    ("lease", "vendor.account", "lease-3.3"),
    ("lease", "payment.due", "lease-3.3"),
    ("lease", "payment.late_fee", "lease-3.4"),
    ("lease", "intellectual_property", "lease-5.1"),
    ("lease", "support", "lease-6.1"),
    ("lease", "termination.cure", "lease-7.2.1"),
    ("lease", "termination.insolvency", "lease-7.2.2"),
    ("lease", "termination.force_majeure", "lease-7.2.3"),
    ("lease", "termination.stop_use", "lease-7.3"),
    ("lease", "termination.late_payment", "lease-8.1"),
    ("lease", "force_majeure", "lease-7.2.3"),
    ("classification", "precedence", "class-5.1"),
    ("classification", "documents", "class-5.1"),
    ("classification", "vendor.account", "class-5.2"),
    ("classification", "payment", "class-5.2"),
    ("classification", "service_level.availability", "class-4.1"),
    ("classification", "security", "class-4.4"),
    ("classification", "intellectual_property", "class-6.1"),
    ("classification", "data_rights.vendor_purposes", "class-6.2"),
    ("classification", "support", "class-3.1.5"),
    ("classification", "customer_duties", "class-3.2.1"),
    ("annotation", "security.confidentiality_after_end", "anno-5.3"),
    ("annotation", "data_rights", "anno-5.1"),
    ("annotation", "data_rights.output_owner", "anno-5.2"),
    ("annotation", "intellectual_property", "anno-5.2"),
    ("annotation", "compliance", "anno-6.1"),
    ("annotation", "customer_duties", "anno-4.1.2"),
    ("", "precedence", "class-5.1"),
    ("", "documents", "class-5.1"),
    ("", "term", "lease-2.1"),
    ("", "term.renewal_notice", "lease-2.2"),
    ("", "vendor.account", "class-5.2"),
    ("", "payment", "class-5.2"),
    ("", "payment.late_fee", "lease-3.4"),
    ("", "data_rights", "pb-01"),
    ("", "training_use", "pb-02"),
    ("", "security", "pb-03"),
    ("", "service_level", "pb-04"),
    ("", "intellectual_property", "pb-05"),
    ("", "liability", "pb-06"),
    ("", "termination", "pb-07"),
    ("", "compliance", "pb-08"),
    ("", "force_majeure", "lease-7.2.3"),
    ("", "disputes", "train-9.1"),
    ("", "disputes.governing_law", "train-11.2"),
    ("", "support", "lease-6.1"),
    ("", "customer_duties", "class-3.2.1"),
    ("annotation", "service", "anno-3.1"),
    ("annotation", "service.items", "anno-3.6"),
    ("annotation", "service.items.modality", "anno-3.1"),
    ("annotation", "service.items.labels", "anno-3.1"),
    ("annotation", "service.guideline", "anno-3.3"),
    ("annotation", "service.data_schedule", "anno-3.4"),
    ("annotation", "service.acceptance", "anno-4.1.1"),
    ("annotation", "service.completion", "anno-3.6"),
    ("annotation", "service.delivery_formats", "anno-3.5"),
    ("training", "service", "train-4.1"),
    ("training", "service.datasets", "train-3.1"),
    ("training", "service.standards", "train-4.2"),
    ("training", "service.test_set", "train-4.2"),
    ("training", "service.delivery", "train-2.2.3"),
    ("training", "service.max_rounds", "train-4.3"),
    ("training", "service.round_within", "train-4.3"),
    ("training", "service.documentation", "train-2.2.4"),
    ("training", "service.fee", "train-5.1"),
    ("training", "service.milestones", "train-5.3"),
    ("training", "service.model", "train-6.1"),
    ("training", "service.model.patent_answer", "train-6.2"),
    ("lease", "service", "lease-1.1"),
    ("lease", "service.servers", "lease-1.1.1"),
    ("lease", "service.network", "lease-1.1.1"),
    ("lease", "service.storage", "lease-1.1.2"),
    ("lease", "service.datasets", "lease-1.1.3"),
    ("lease", "service.software", "lease-1.1.4"),
    ("lease", "service.verification", "lease-1.2"),
    ("lease", "service.gpu_price", "lease-3.1.1"),
    ("lease", "service.storage_price", "lease-3.1.2"),
    ("lease", "service.one_off", "lease-3.1.3"),
    ("lease", "service.total", "lease-3.2"),
    ("lease", "service.permitted_purposes", "lease-4.1"),
    ("lease", "service.non_compete", "lease-4.1.3"),
    ("lease", "service.modifications_owner", "lease-5.2"),
    ("lease", "service.repair_within", "lease-6.2"),
    ("lease", "service.late_repair_hour", "lease-6.2"),
    ("lease", "service.upgrades", "lease-6.3"),
    ("classification", "service", "class-3.1"),
    ("classification", "service.delivery", "class-4.1"),
    ("classification", "service.accuracy", "class-4.2"),
    ("classification", "service.response", "class-4.3"),
    ("classification", "service.plan", "class-5.1"),
    ("classification", "service.custom_models", "class-3.1.3"),
    ("classification", "service.settlement", "class-5.2"),
];

/// The clause that the term at a path fills, by the kind of service where it is known.
#[must_use]
pub fn clause_of(kind: Option<&str>, path: &str) -> Option<ClauseId> {
    let path: alloc::vec::Vec<&str> =
        path.split('.').map(|part| part.split_once('[').map_or(part, |(name, _)| name)).collect();
    let covers = |row: &&Row| {
        let names = row.1.split('.');
        (row.0.is_empty() || Some(row.0) == kind)
            && names.clone().count() <= path.len()
            && names.zip(&path).all(|(name, part)| name == *part)
    };
    // The longest path decides; of two equal ones the row of the kind.
    let best = ROWS.iter().filter(covers).max_by_key(|row| (row.1.len(), !row.0.is_empty()))?;
    Id::new(best.2).ok()
}

/// Every kind (empty for all) and path that has a clause of its own.
pub fn paths_with_clauses() -> impl Iterator<Item = (&'static str, &'static str)> {
    ROWS.iter().map(|(kind, path, _)| (*kind, *path))
}
