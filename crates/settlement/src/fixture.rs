//! Agreements and measurements for the tests of this crate.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use contract::terms::Agreement;
use serde_json::{Value, json};
use units::{
    Allocation, EndState, EvidenceId, Id, Measurement, Metric, Quantity, StorageSample, Timestamp,
    Window,
};

/// An agreement of a service, with tax of 6 % on top of prices and no credits.
pub(crate) fn agreement(service: Value) -> Agreement {
    read(&plain(service))
}

/// As [`agreement`], with parts replaced by JSON pointers.
pub(crate) fn agreement_with(service: Value, changes: &[(&str, Value)]) -> Agreement {
    let mut value = plain(service);
    for (path, change) in changes {
        *value.pointer_mut(path).unwrap_or_else(|| panic!("no {path}")) = change.clone();
    }
    read(&value)
}

fn read(value: &Value) -> Agreement {
    serde_json::from_value(value.clone()).expect("the fixture is an agreement")
}

fn plain(service: Value) -> Value {
    let party = |name: &str| {
        json!({
            "name": name, "credit_code": null, "representative": null, "address": "Shanghai",
            "contact": null,
            "account": {"holder": name, "bank": "Bank of Communications", "number": "3100-1"},
        })
    };
    json!({
        "format": "tallystick.agreement/1",
        "id": "case-1",
        "title": {"zh": "协议", "en": "Agreement"},
        "prevailing_language": "zh",
        "zone": "Asia/Shanghai",
        "calendar": "china",
        "currency": "CNY",
        "rounding": {"mode": "half_up", "scale": 2},
        "precedence": ["supplement", "quotation", "agreement", "annex"],
        "customer": party("Customer Ltd"),
        "vendor": party("Vendor Ltd"),
        "term": {"starts": "2026-01-01", "ends": "2026-12-31", "renewal_notice": null},
        "documents": [],
        "service": service,
        "payment": {
            "due": {"type": "monthly_day", "day": 31, "month": "next"},
            "review": "5wd",
            "deemed_approval": true,
            "late_fee": null,
            "allocation": ["costs", "interest", "principal"],
            "tax": {"rate": "6%", "prices_include_tax": false, "rounded": "total"},
            "minimum": null,
            "prepayment": null,
        },
        "data_rights": {
            "input_owner": "customer", "output_owner": "customer",
            "vendor_purposes": ["provide_service"], "delete_within": "30d",
            "delete_after": "export",
        },
        "training_use": {"policy": "forbidden", "liquidated_damages": null},
        "security": {
            "certifications": [], "report_before_signing": false, "report_every": null,
            "breach_notice": "72h", "confidentiality_after_end": "3y",
        },
        "service_level": null,
        "intellectual_property": {
            "outputs": "customer", "third_party_use": false, "licence_after_end": null,
        },
        "liability": {
            "loss": "direct", "cap": {"type": "trailing_fees", "months": 12},
            "carve_outs": [], "liquidated": [], "indemnities": [],
        },
        "termination": {
            "cure": "30d", "insolvency": true, "force_majeure": "60d", "late_payment": null,
            "convenience": [], "stop_use": null, "export_window": "90d", "export_formats": [],
            "free_migration_hours": 40, "migration_hour_price": "800",
        },
        "compliance": {
            "laws": [], "audits_per_year": 1, "audit_notice": "30d", "report_instead": true,
            "answer_within": "10wd",
        },
        "force_majeure": {"notice": "15d", "proof": "30d", "suspends_payment": false},
        "disputes": {
            "negotiation": "30d", "forum": "court", "forum_name": "Shanghai",
            "governing_law": "PRC",
        },
        "support": {
            "hours": "always", "first_response": "1h", "resolution": null,
            "free_consulting_hours": 2, "consulting_hour_price": "500",
        },
        "customer_duties": [],
    })
}

pub(crate) fn annotation() -> Value {
    let item = |id: &str, unit: &str, quantity: u64, price: Value| {
        json!({
            "id": id, "modality": "image_boxes", "quantity": quantity, "unit": unit,
            "labels": [], "price": price, "standards": [],
        })
    };
    json!({
        "type": "annotation",
        "items": [
            item("boxes", "image", 10_000, json!({"type": "per_unit", "price": "0.35"})),
            item("texts", "text", 50_000, json!({"type": "graduated", "tiers": [
                {"up_to": 1_000, "price": "0.10", "flat": "50"},
                {"up_to": null, "price": "0.08", "flat": null},
            ]})),
        ],
        "guideline": {"annex": "guideline", "due": "3d"},
        "data_schedule": [],
        "acceptance": {
            "rule": {"type": "observed", "sample": 100}, "unit": "item", "period": "5wd",
            "deemed": true, "max_rework": 2, "rework_within": "5d",
        },
        "completion": "2026-06-30",
        "delivery_formats": ["coco"],
    })
}

pub(crate) fn lease() -> Value {
    json!({
        "type": "lease",
        "servers": [{
            "id": "a100", "count": 2, "model": "A100", "gpus_per_server": 4, "teraflops": "312",
            "precision": "bf16", "flops_basis": "achieved",
        }],
        "network": null,
        "storage": null,
        "datasets": [],
        "software": [],
        "gpu_price": {
            "price": "18.50", "step_seconds": 1, "step_rounding": "up", "rounded_per": "period",
            "billable_ends": ["completed", "failed", "cancelled", "timeout", "running"],
        },
        "storage_price": {
            "price": "0.60", "gigabyte": "decimal", "integral": "time_weighted",
            "month": "actual",
        },
        "one_off": [
            {"id": "corpus", "kind": "dataset", "amount": {"figure": "30000", "words": null}},
            {"id": "platform", "kind": "software", "amount": {"figure": "20000", "words": null}},
        ],
        "total": null,
        "permitted_purposes": [],
        "non_compete": false,
        "modifications_owner": "vendor",
        "repair_within": "4h",
        "late_repair_hour": "100",
        "upgrades": null,
        "verification": {"runs": 3, "required": 2, "max_load": "10%"},
    })
}

pub(crate) fn classification(plan: Value) -> Value {
    json!({
        "type": "classification",
        "classes": ["cat", "dog"],
        "delivery": "10wd",
        "accuracy": {
            "test_set": "gold", "initial": "90%", "ongoing": "88%", "evaluate_every": "1mo",
            "restore_within": "10wd",
        },
        "response": {
            "standard_within": "5min", "standard_share": "99%", "urgent_within": null,
            "urgent_share": null,
        },
        "plan": plan,
        "custom_models": [{
            "id": "defects", "fee": {"figure": "8000", "words": null}, "accuracy": "92%",
        }],
        "settlement": {"type": "month", "within": "5wd"},
    })
}

pub(crate) fn by_images() -> Value {
    json!({
        "type": "images",
        "price": {"type": "package", "size": 1_000, "price": "12.00", "partial": "full"},
        "urgent_price": {"type": "per_unit", "price": "0.03"},
    })
}

pub(crate) fn training(fee: Value, model: Value) -> Value {
    let milestone = |id: &str, on: &str, share: &str| json!({"id": id, "on": on, "share": share});
    json!({
        "type": "training",
        "task": "classify",
        "datasets": [],
        "test_set": {"id": "gold", "items": 1_000},
        "standards": [],
        "delivery": "2026-05-01",
        "max_rounds": 3,
        "round_within": "10d",
        "acceptance_period": "10d",
        "documentation": {"sections": [], "due": "5d"},
        "fee": fee,
        "milestones": [
            milestone("signing", "signing", "33.3%"),
            milestone("delivery", "delivery", "33.3%"),
            milestone("acceptance", "acceptance", "33.4%"),
        ],
        "model": model,
    })
}

pub(crate) fn id(text: &str) -> Id {
    Id::new(text).expect(text)
}

pub(crate) fn at(text: &str) -> Timestamp {
    let full: String = match text.len() {
        10 => alloc::format!("{text}T00:00:00+08:00"),
        16 => alloc::format!("{text}:00+08:00"),
        _ => text.to_string(),
    };
    full.parse().expect(text)
}

pub(crate) fn window(from: &str, to: &str) -> Window {
    Window::new(at(from), at(to))
}

pub(crate) fn count(
    metric: Metric,
    subject: &str,
    when: &str,
    units: u64,
    evidence: &str,
) -> Measurement {
    measurement(metric, subject, when, Quantity::Count(units), evidence)
}

/// A measurement of an hour.
pub(crate) fn measurement(
    metric: Metric,
    subject: &str,
    when: &str,
    quantity: Quantity,
    evidence: &str,
) -> Measurement {
    let from = at(when);
    Measurement {
        metric,
        subject: (!subject.is_empty()).then(|| id(subject)),
        window: Window::new(from, from.plus_seconds(3_600)),
        quantity,
        evidence: alloc::vec![id(evidence)],
    }
}

pub(crate) fn allocation(device: &str, job: &str, from: i64, to: i64, end: EndState) -> Allocation {
    let evidence: EvidenceId = id(&alloc::format!("job{job}"));
    let window = Window::new(Timestamp::from_seconds(from), Timestamp::from_seconds(to));
    Allocation { device: device.into(), job: job.into(), window, end, evidence }
}

pub(crate) fn sample(when: Timestamp, bytes: u64, evidence: &str) -> StorageSample {
    StorageSample { at: when, bytes, evidence: id(evidence) }
}

/// The measurements of a list of allocations.
pub(crate) fn gpu(rows: Vec<Allocation>) -> Measurement {
    let evidence = rows.iter().map(|row| row.evidence.clone()).collect();
    Measurement {
        metric: Metric::GpuAllocations,
        subject: None,
        window: window("2026-03-01", "2026-04-01"),
        quantity: Quantity::Allocations(rows),
        evidence,
    }
}
