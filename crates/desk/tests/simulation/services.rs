//! The services of random agreements: prices of every alternative, standards, milestones.

use serde_json::{Value, json};
use units::Date;

use super::terms::{Frame, rounding, written};
use crate::dice::Dice;

pub(super) fn service(dice: &mut Dice, kind: &str, frame: &Frame) -> Value {
    match kind {
        "annotation" => annotation(dice, frame),
        "training" => training(dice, frame),
        "lease" => lease(dice),
        _ => classification(dice),
    }
}

/// A price of any alternative. The amounts are coarse and fine, below a unit of money and above.
fn price(dice: &mut Dice) -> Value {
    match dice.range(0, 5) {
        0 | 1 => json!({"type": "per_unit", "price": dice.pick(&["0.35", "1.2345", "7"])}),
        2 => json!({"type": "graduated", "tiers": [
            {"up_to": 100, "price": "0.5", "flat": dice.pick(&[Value::Null, json!("50")])},
            {"up_to": 1_000, "price": "0.4125", "flat": null},
            {"up_to": null, "price": "0.3", "flat": "20"},
        ]}),
        3 => json!({"type": "volume", "tiers": [
            {"up_to": 200, "price": "0.5", "flat": null},
            {"up_to": null, "price": "0.45", "flat": dice.pick(&[Value::Null, json!("10")])},
        ]}),
        4 => json!({
            "type": "package", "size": dice.pick(&[7, 100, 1_000]), "price": "12.34",
            "partial": dice.pick(&["full", "pro_rata", "free"]),
        }),
        _ => json!({"type": "flat", "amount": written("900")}),
    }
}

/// A day of the term, from `first` to `last` tenths of it.
fn day(dice: &mut Dice, frame: &Frame, first: i64, last: i64) -> Date {
    let days = frame.ends.days_since(frame.starts);
    frame.starts.plus_days(days * dice.between(first, last) / 10)
}

fn annotation(dice: &mut Dice, frame: &Frame) -> Value {
    let boxes = dice.range(50, 3_000);
    let texts = dice.range(50, 3_000);
    let standard = json!({"metric": "box_f1", "iou": "0.5", "threshold": "90%"});
    let accuracy = json!({"metric": "accuracy", "iou": null, "threshold": "95%"});
    let rule = match dice.range(0, 3) {
        0 => json!({"type": "observed", "sample": 50}),
        1 => json!({"type": "lower_bound", "sample": 80, "confidence": "95%"}),
        2 => json!({"type": "gbt_2828_1", "level": "II", "aql": "1.0"}),
        _ => json!({"type": "gbt_2828_4", "dql": "1.0", "level": 1}),
    };
    let completion = day(dice, frame, 6, 10);
    let schedule = json!([
        {"id": "b1", "item": "boxes", "quantity": boxes, "due": day(dice, frame, 1, 3)},
        {"id": "t1", "item": "texts", "quantity": texts, "due": day(dice, frame, 2, 5)},
    ]);
    json!({
        "type": "annotation",
        "items": [
            {
                "id": "boxes", "modality": "image_boxes", "quantity": boxes, "unit": "image",
                "labels": ["car", "dog"], "price": price(dice), "standards": [standard],
            },
            {
                "id": "texts", "modality": "text_sentiment", "quantity": texts, "unit": "text",
                "labels": ["good", "bad"], "price": price(dice), "standards": [accuracy],
            },
        ],
        "guideline": {"annex": "guideline", "due": dice.pick(&["3d", "5wd"])},
        "data_schedule": if dice.once_in(2) { schedule } else { json!([]) },
        "acceptance": {
            "rule": rule, "unit": dice.pick(&["item", "object"]),
            "period": dice.pick(&["5wd", "72h", "10d"]), "deemed": dice.once_in(2),
            "max_rework": dice.range(0, 3), "rework_within": "7d",
        },
        "completion": completion,
        "delivery_formats": ["coco", "csv"],
    })
}

fn milestones(dice: &mut Dice, all: &[&str]) -> Value {
    let shares = *dice.pick(&[["33.3%", "33.3%", "33.4%"], ["10%", "20%", "70%"]]);
    let each = all.iter().zip(shares);
    each.map(|(on, share)| json!({"id": on, "on": on, "share": share})).collect()
}

fn training(dice: &mut Dice, frame: &Frame) -> Value {
    let fee = if dice.once_in(2) {
        json!({"type": "fixed", "amount": written("100001")})
    } else {
        json!({
            "type": "factors", "base": "1000", "per_million_parameters": "2.5",
            "per_gigabyte": "1.25", "per_hour": "33.3333",
            "at_most": dice.pick(&[Value::Null, json!("9000")]),
        })
    };
    let model = match frame.outputs {
        "customer" => json!({"type": "customer"}),
        "vendor" => json!({
            "type": "vendor", "licence_fee": "1200",
            "period": dice.pick(&["month", "year", "once"]),
        }),
        _ => json!({
            "type": "shared", "customer_share": "33.3333%", "report_every": "1mo",
            "report_within": "10d", "patent_answer": "30d",
        }),
    };
    json!({
        "type": "training",
        "task": "classify",
        "datasets": [
            {"id": "photos", "by": "customer", "due": "10d", "records": 1_000},
            {"id": "noise", "by": "vendor", "due": "20d", "records": null},
        ],
        "test_set": {"id": "gold", "items": 100},
        "standards": [
            {"metric": "accuracy", "average": "micro", "class": null, "threshold": "90%"},
            {"metric": "recall", "average": "class", "class": "crack", "threshold": "85%"},
        ],
        "delivery": day(dice, frame, 4, 9),
        "max_rounds": dice.range(1, 4),
        "round_within": "20d",
        "acceptance_period": "10d",
        "documentation": {"sections": ["structure", "parameters"], "due": "5d"},
        "fee": fee,
        "milestones": milestones(dice, &["signing", "delivery", "acceptance"]),
        "model": model,
    })
}

fn lease(dice: &mut Dice) -> Value {
    let mut ends = vec!["completed", "failed", "cancelled", "timeout", "running", "node_fail"];
    dice.shuffle(&mut ends);
    ends.truncate(usize::try_from(dice.range(3, 6)).unwrap());
    let priced = dice.once_in(2);
    let storage = json!({
        "terabytes": "200", "iops": 500_000, "latency_ms": "1.5", "latency_percentile": "99%",
        "queue_depth": 32,
    });
    let storage_price = json!({
        "price": "0.35", "gigabyte": dice.pick(&["decimal", "binary"]),
        "integral": dice.pick(&["time_weighted", "daily_peak"]),
        "month": dice.pick(&["actual", "days_30", "hours_744"]),
    });
    json!({
        "type": "lease",
        "servers": [{
            "id": "h800", "count": 2, "model": "H800", "gpus_per_server": 4,
            "teraflops": "41600", "precision": "bf16", "flops_basis": "achieved",
        }],
        "network": {"gigabits": "400"},
        "storage": if priced { storage } else { Value::Null },
        "datasets": [{"id": "corpus", "records": 5, "format": "jsonl", "purpose": "training"}],
        "software": [{"name": "PyTorch", "version": "2.9.1"}],
        "gpu_price": {
            "price": dice.pick(&["12.50", "18.3333", "3"]),
            "step_seconds": dice.pick(&[1, 60, 3_600]), "step_rounding": rounding(dice),
            "rounded_per": dice.pick(&["job", "period"]), "billable_ends": ends,
        },
        "storage_price": if priced { storage_price } else { Value::Null },
        "one_off": [
            {"id": "corpus-fee", "kind": "dataset", "amount": written("1200")},
            {"id": "platform-fee", "kind": "software", "amount": written("600")},
        ],
        "total": null,
        "permitted_purposes": ["training"],
        "non_compete": true,
        "modifications_owner": "vendor",
        "repair_within": dice.pick(&["4h", "72h", "2wd"]),
        "late_repair_hour": dice.pick(&[Value::Null, json!("20.5")]),
        "upgrades": dice.pick(&[Value::Null, json!({"every": "3mo", "notice": "7d"})]),
        "verification": {"runs": 3, "required": 2, "max_load": "10%"},
    })
}

fn classification(dice: &mut Dice) -> Value {
    let urgent = dice.once_in(2);
    let (plan, settlement) = match dice.range(0, 4) {
        0..=2 => {
            let urgent_price = if urgent { price(dice) } else { Value::Null };
            let plan =
                json!({"type": "images", "price": price(dice), "urgent_price": urgent_price});
            let settlement = if dice.once_in(4) {
                json!({"type": "quantity", "images": 500, "within": "5wd"})
            } else {
                json!({"type": "month", "within": "5wd"})
            };
            (plan, settlement)
        }
        3 => {
            let included = dice.pick(&[Value::Null, json!(300)]).clone();
            let overage = if included.is_null() { Value::Null } else { price(dice) };
            let fee = written("2500");
            let plan = json!({
                "type": "monthly", "fee": fee, "included": included, "overage": overage,
            });
            (plan, json!({"type": "month", "within": "5wd"}))
        }
        _ => {
            let milestones = milestones(dice, &["signing", "delivery", "acceptance"]);
            let plan = json!({
                "type": "project", "fee": written("50001"), "milestones": milestones,
            });
            (plan, json!({"type": "month", "within": "5wd"}))
        }
    };
    json!({
        "type": "classification",
        "classes": ["cat", "dog"],
        "delivery": "10wd",
        "accuracy": {
            "test_set": "gold", "initial": "90%", "ongoing": "88%", "evaluate_every": "1mo",
            "restore_within": "10wd",
        },
        "response": {
            "standard_within": "5min", "standard_share": "99%",
            "urgent_within": if urgent { json!("1min") } else { Value::Null },
            "urgent_share": if urgent { json!("95%") } else { Value::Null },
        },
        "plan": plan,
        "custom_models": [{"id": "defects", "fee": written("800"), "accuracy": "92%"}],
        "settlement": settlement,
    })
}
