//! Random but valid agreements of the four kinds: every alternative of prices, dues, late fees,
//! credits, caps, ownership and deletion turns up. Written as the JSON of agreement files.

use contract::terms::Agreement;
use serde_json::{Value, json};
use units::{Currency, Date};

use super::services;
use crate::dice::Dice;

/// The kinds, in the order in which seeds take them.
pub(super) const KINDS: [&str; 4] = ["annotation", "training", "lease", "classification"];

/// What the generator decides once and the parts rest on.
pub(super) struct Frame {
    pub(super) starts: Date,
    pub(super) ends: Date,
    pub(super) outputs: &'static str,
}

/// An agreement of a seed.
pub(super) fn agreement(dice: &mut Dice, kind: &str, name: &str) -> Agreement {
    let (zone, calendar, currency) = *dice.pick(&[
        ("Asia/Shanghai", "china", "CNY"),
        ("Asia/Shanghai", "china", "CNY"),
        ("Europe/Berlin", "weekends", "EUR"),
        ("Asia/Tokyo", "weekends", "JPY"),
    ]);
    let digits = currency.parse::<Currency>().unwrap().exponent();
    // From before a leap day to after one; month ends and the hours that summer time takes and
    // gives lie within.
    let starts = Date::new(2023, 11, 1).unwrap().plus_days(dice.between(0, 1_000));
    let months = dice.between(2, 15);
    let ends = if dice.once_in(2) {
        starts.plus_months(months).plus_days(-1)
    } else {
        starts.plus_days(months * 30 + dice.between(0, 9))
    };
    let outputs = *dice.pick(&["customer", "vendor", "shared"]);
    let frame = Frame { starts, ends, outputs };
    let service = services::service(dice, kind, &frame);
    let value = json!({
        "format": "tallystick.agreement/1",
        "id": name,
        "title": {"zh": "模拟", "en": "Simulation"},
        "prevailing_language": dice.pick(&["zh", "en"]),
        "zone": zone,
        "calendar": calendar,
        "currency": currency,
        "rounding": {"mode": rounding(dice), "scale": digits},
        "precedence": ["supplement", "quotation", "agreement", "annex"],
        "customer": party("Customer Ltd"),
        "vendor": party("Vendor Ltd"),
        "term": {
            "starts": starts, "ends": ends,
            "renewal_notice": dice.pick(&[Value::Null, json!("1mo"), json!("10d")]),
        },
        "documents": [{
            "id": "guideline", "rank": "annex", "title": {"zh": "附件", "en": "Annex"},
            "sha256": null, "effective": null, "replaces": [],
        }],
        "service": service,
        "payment": payment(dice),
        "data_rights": {
            "input_owner": "customer",
            "output_owner": if outputs == "vendor" { "vendor" } else { "customer" },
            "vendor_purposes": ["provide_service", "statistics"],
            "delete_within": dice.pick(&["30d", "10wd", "72h", "3mo"]),
            "delete_after": dice.pick(&["termination", "export"]),
        },
        "training_use": {
            "policy": dice.pick(&["forbidden", "with_consent", "allowed"]),
            "liquidated_damages": dice.pick(&[Value::Null, written("5000")]),
        },
        "security": {
            "certifications": ["SOC 2 Type II"], "report_before_signing": dice.once_in(3),
            "report_every": dice.pick(&[Value::Null, json!("6mo"), json!("1y")]),
            "breach_notice": dice.pick(&["72h", "24h", "5d"]),
            "confidentiality_after_end": dice.pick(&["3y", "24mo"]),
        },
        "service_level": service_level(dice, kind),
        "intellectual_property": {
            "outputs": outputs, "third_party_use": dice.once_in(4),
            "licence_after_end": dice.pick(&[Value::Null, json!("1y")]),
        },
        "liability": liability(dice),
        "termination": termination(dice),
        "compliance": {
            "laws": ["PIPL"], "audits_per_year": dice.range(0, 2), "audit_notice": "30d",
            "report_instead": dice.once_in(2), "answer_within": dice.pick(&["10wd", "15d"]),
        },
        "force_majeure": {
            "notice": "15d", "proof": "30d", "suspends_payment": dice.once_in(3),
        },
        "disputes": {
            "negotiation": dice.pick(&["30d", "10wd", "2mo"]), "forum": "arbitration",
            "forum_name": "CIETAC", "governing_law": "PRC",
        },
        "support": dice.pick(&[Value::Null, json!({
            "hours": "always", "first_response": "1h", "resolution": "2d",
            "free_consulting_hours": 2, "consulting_hour_price": "500",
        })]),
        "customer_duties": [
            {"id": "knowledge", "duty": "provide_knowledge", "due": "10d", "detail": ["talk"]},
        ],
    });
    // Whole amounts suit every currency; finer prices than it has are what rounding is for.
    serde_json::from_value(value).expect("the generator writes agreements")
}

fn party(name: &str) -> Value {
    json!({
        "name": name, "credit_code": null, "representative": null, "address": "Shanghai",
        "contact": null,
        "account": {"holder": name, "bank": "Bank of Communications", "number": "3100-1"},
    })
}

pub(super) fn rounding(dice: &mut Dice) -> &'static str {
    dice.pick::<&str>(&["half_up", "half_up", "half_even", "up", "down", "ceiling", "floor"])
}

pub(super) fn written(figure: &str) -> Value {
    json!({"figure": figure, "words": null})
}

fn payment(dice: &mut Dice) -> Value {
    let due = match dice.range(0, 3) {
        0 => json!({
            "type": "monthly_day", "day": dice.pick(&[1, 10, 28, 31]),
            "month": dice.pick(&["same", "next"]),
        }),
        _ => json!({
            "type": "after", "event": dice.pick(&["approval", "invoice", "signing"]),
            "within": dice.pick(&["10d", "5wd", "1mo", "15d"]),
        }),
    };
    let mut allocation = vec!["costs", "interest", "principal"];
    dice.shuffle(&mut allocation);
    let prepayment = json!({
        "amount": written("3000"), "due": "10d", "drawdown": dice.once_in(2),
        "refundable": dice.once_in(2),
    });
    json!({
        "due": due,
        "review": dice.pick(&["3wd", "5d", "72h"]),
        "deemed_approval": dice.once_in(2),
        "late_fee": late_fee(dice),
        "allocation": allocation,
        "tax": {
            "rate": dice.pick(&["6%", "13%", "3%", "0%"]),
            "prices_include_tax": dice.once_in(2),
            "rounded": dice.pick(&["line", "total"]),
        },
        "minimum": dice.pick(&[Value::Null, Value::Null, json!("1000")]),
        "prepayment": if dice.once_in(3) { prepayment } else { Value::Null },
    })
}

fn late_fee(dice: &mut Dice) -> Value {
    if dice.once_in(5) {
        return Value::Null;
    }
    let rate = if dice.once_in(2) {
        json!({"type": "daily", "rate": dice.pick(&["0.05%", "0.1%", "0.03%"])})
    } else {
        let count = *dice.pick(&["actual_360", "actual_365", "actual_actual"]);
        json!({"type": "annual", "rate": "13.8%", "day_count": count})
    };
    let cap = match dice.range(0, 2) {
        0 => json!({"type": "none"}),
        1 => json!({"type": "principal", "share": dice.pick(&["5%", "20%"])}),
        _ => json!({"type": "lpr", "lpr": "3.45%", "times": 4}),
    };
    json!({
        "rate": rate,
        "base": dice.pick(&["with_tax", "without_tax"]),
        "inclusion": dice.pick(&["neither", "end_only", "start_only", "both"]),
        "grace": dice.pick(&[Value::Null, json!("3d"), json!("2wd")]),
        "cap": cap,
        "rounding": rounding(dice),
    })
}

fn service_level(dice: &mut Dice, kind: &str) -> Value {
    if !matches!(kind, "lease" | "classification") || dice.once_in(5) {
        return Value::Null;
    }
    let degraded_as = *dice.pick(&["separate", "down", "up"]);
    let degraded = match degraded_as {
        "separate" => dice.pick(&[Value::Null, json!("0.1%")]).clone(),
        _ => Value::Null,
    };
    let method = if dice.once_in(2) {
        json!({
            "type": "hourly", "rate": "0.5%", "degraded_rate": degraded,
            "hours": dice.pick(&["floor", "ceiling", "pro_rata"]),
        })
    } else {
        json!({
            "type": "tiered", "degraded_rate": degraded,
            "tiers": [{"below": "99%", "credit": "5%"}, {"below": "95%", "credit": "12%"}],
        })
    };
    let (excluded, reasons) = (dice.once_in(2), json!(["maintenance", "customer_cause"]));
    json!({
        "availability": {
            "target": dice.pick(&["99%", "99.9%", "99.5%"]),
            "grain": dice.pick(&[
                "exact", "full_minute", "touched_minute", "touched_five_minutes",
            ]),
            "min_outage": dice.pick(&[Value::Null, json!("5min")]),
            "unknown_as": dice.pick(&["up", "down", "excluded"]),
            "degraded_as": degraded_as,
            "exclusions": if excluded { reasons } else { json!([]) },
            "max_excluded": if excluded { json!("8h") } else { Value::Null },
            "service_hours": dice.pick(&[
                Value::Null, Value::Null, json!({"from_minute": 480, "to_minute": 1_320}),
            ]),
        },
        "credits": {
            "method": method, "base": dice.pick(&["without_tax", "with_tax"]),
            "cap": dice.pick(&["10%", "30%"]), "automatic": !dice.once_in(3),
            "at_end": dice.pick(&["refund", "forfeit"]),
        },
    })
}

fn liability(dice: &mut Dice) -> Value {
    let cap = match dice.range(0, 2) {
        0 => json!({"type": "trailing_fees", "months": dice.pick(&[6, 12])}),
        1 => json!({"type": "fixed", "amount": written("4000")}),
        _ => json!({"type": "unlimited"}),
    };
    let carve_outs = match dice.range(0, 2) {
        0 => json!([]),
        1 => json!(["data_security"]),
        _ => json!(["confidentiality", "fees", "ip_infringement"]),
    };
    json!({
        "loss": dice.pick(&["direct", "direct_and_indirect"]),
        "cap": cap,
        "carve_outs": carve_outs,
        "liquidated": [{
            "id": "late", "breach": "late_delivery", "by": "vendor", "basis": "day",
            "amount": written("100"), "cap": dice.pick(&[Value::Null, json!("1000")]),
        }],
        "indemnities": [{
            "id": "ip", "against": "ip_infringement", "by": "vendor", "notice": "10d",
            "defence": "15d",
        }],
    })
}

fn termination(dice: &mut Dice) -> Value {
    json!({
        "cure": dice.pick(&["30d", "10wd"]), "insolvency": dice.once_in(2),
        "force_majeure": dice.pick(&[Value::Null, json!("60d")]),
        "late_payment": dice.pick(&[Value::Null, json!("30d")]),
        "convenience": dice.pick(&[json!([]), json!([{"by": "customer", "notice": "30d"}])]),
        "stop_use": dice.pick(&[Value::Null, json!("5d")]),
        "export_window": dice.pick(&["30d", "90d"]),
        "export_formats": ["jsonl"],
        "free_migration_hours": dice.pick(&[Value::Null, json!(10)]),
        "migration_hour_price": "800",
    })
}
