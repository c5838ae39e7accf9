//! Notices, claims and disputes: who may, on which ground, after which clock.

use contract::event::Event;
use serde_json::{Value, json};

use super::{check, check_facts, claim, money};
use crate::world::{World, action, customer, deployment, t, vendor};

#[test]
fn notice_needs_a_ground_that_has_come_about() {
    let notice = |ground: &str, support: Option<&str>, effective: &str| {
        json!({
            "do": "give_notice", "ground": ground, "support": support, "effective": t(effective),
        })
    };
    let mut world = World::signed("lease");
    let remind = json!({
        "do": "remind_breach", "reminder": "r", "breach": "late_repair", "clause": "lease-6.2",
    });
    world.did("2026-02-01", &customer(), action(remind.clone()));
    world.did(
        "2026-02-01",
        &vendor(),
        action(json!({"do": "declare_force_majeure", "case": "flood", "from": t("2026-02-01")})),
    );
    check(
        &world,
        "2026-02-10",
        &[
            (customer(), remind, "exists"),
            (vendor(), json!({"do": "confirm_cure", "reminder": "r"}), "wrong_party"),
            (customer(), json!({"do": "confirm_cure", "reminder": "r"}), "ok"),
            (customer(), notice("breach", Some("r"), "2026-02-10"), "clock_still_runs"),
            (vendor(), notice("breach", Some("r"), "2026-02-10"), "wrong_party"),
            (customer(), notice("breach", None, "2026-02-10"), "unknown"),
            (customer(), notice("expiry", None, "2026-02-10"), "ground_not_agreed"),
            (customer(), notice("convenience", None, "2026-02-10"), "notice_too_short"),
            (customer(), notice("convenience", None, "2026-03-13"), "ok"),
            (vendor(), notice("convenience", None, "2026-03-13"), "ground_not_agreed"),
            (vendor(), notice("force_majeure", Some("flood"), "2026-02-10"), "clock_still_runs"),
            (vendor(), notice("late_payment", Some("1"), "2026-02-10"), "unknown"),
            (customer(), notice("late_payment", Some("1"), "2026-02-10"), "wrong_party"),
            (customer(), notice("insolvency", None, "2026-02-09"), "notice_too_short"),
            (deployment(), notice("insolvency", None, "2026-02-10"), "wrong_party"),
            (
                customer(),
                json!({"do": "end_force_majeure", "case": "flood",
            "to": t("2026-02-09")}),
                "wrong_party",
            ),
            (
                vendor(),
                json!({"do": "end_force_majeure", "case": "flood",
            "to": t("2026-02-01")}),
                "empty_window",
            ),
            (
                vendor(),
                json!({"do": "end_force_majeure", "case": "flood",
            "to": t("2026-02-11")}),
                "in_future",
            ),
            (
                customer(),
                json!({"do": "prove_force_majeure", "case": "flood", "sha256": "p"}),
                "wrong_party",
            ),
        ],
    );
    // The vendor's own flood stops its clock: 20 days from 1 February, and the flood lasts.
    check(
        &world,
        "2026-03-10",
        &[(customer(), notice("breach", Some("r"), "2026-03-10"), "clock_still_runs")],
    );
    check(
        &world,
        "2026-04-10",
        &[(vendor(), notice("force_majeure", Some("flood"), "2026-04-10"), "ok")],
    );
    world.did(
        "2026-02-10",
        &vendor(),
        action(json!({"do": "end_force_majeure", "case": "flood", "to": t("2026-02-05")})),
    );
    check(&world, "2026-03-10", &[(customer(), notice("breach", Some("r"), "2026-03-10"), "ok")]);
    let mut waived = world.clone();
    waived.did("2026-02-11", &customer(), action(json!({"do": "waive", "obligation": "cure:r"})));
    check(
        &waived,
        "2026-03-10",
        &[(customer(), notice("breach", Some("r"), "2026-03-10"), "decided")],
    );
    let strict = World::signed_with(
        "lease",
        &[
            ("/termination/insolvency", json!(false)),
            ("/termination/force_majeure", Value::Null),
            ("/termination/late_payment", Value::Null),
        ],
    );
    check(
        &strict,
        "2026-02-10",
        &[
            (customer(), notice("insolvency", None, "2026-02-10"), "ground_not_agreed"),
            (customer(), notice("force_majeure", Some("x"), "2026-02-10"), "ground_not_agreed"),
            (vendor(), notice("late_payment", Some("1"), "2026-02-10"), "ground_not_agreed"),
        ],
    );
}

#[test]
fn claims_and_disputes_need_the_other_party_or_the_forum() {
    let loss = || json!({"basis": "loss"});
    let answer =
        |accepted: i128| json!({"do": "answer_claim", "claim": "c", "accepted": money(accepted)});
    let settle =
        |amount: i128| json!({"do": "settle_claim", "claim": "c", "amount": money(amount)});
    let settle_dispute = |amount: Option<i128>| json!({"do": "settle_dispute", "dispute": "d", "amount": amount.map(money)});
    let mut evidence = claim("c", "customer", loss(), 1, 0);
    evidence["evidence"] = json!(["e999"]);
    let mut world = World::signed("training");
    check(
        &world,
        "2026-03-01",
        &[
            (vendor(), claim("c", "customer", loss(), 1, 0), "wrong_party"),
            (customer(), claim("c", "customer", loss(), -1, 0), "not_positive"),
            (customer(), evidence, "unknown"),
            (
                customer(),
                claim("c", "customer", json!({"basis": "liquidated", "damages": "late"}), 1, 0),
                "ok",
            ),
            (
                vendor(),
                claim("c", "vendor", json!({"basis": "liquidated", "damages": "late"}), 1, 0),
                "wrong_party",
            ),
            (
                customer(),
                claim("c", "customer", json!({"basis": "liquidated", "damages": "x"}), 1, 0),
                "unknown",
            ),
            (
                vendor(),
                claim(
                    "c",
                    "vendor",
                    json!({"basis": "liquidated",
            "damages": "training_use"}),
                    1,
                    0,
                ),
                "wrong_party",
            ),
            (
                customer(),
                claim("c", "customer", json!({"basis": "indemnity", "indemnity": "ip"}), 1, 0),
                "ok",
            ),
            (
                vendor(),
                claim("c", "vendor", json!({"basis": "indemnity", "indemnity": "ip"}), 1, 0),
                "wrong_party",
            ),
        ],
    );
    let direct = World::signed_with("training", &[("/liability/loss", json!("direct"))]);
    check(
        &direct,
        "2026-03-01",
        &[(customer(), claim("c", "customer", loss(), 1, 1), "indirect_loss_excluded")],
    );
    world.did("2026-03-01", &customer(), action(claim("c", "customer", loss(), 100, 20)));
    let told = json!({"fact": "indemnity_notified", "claim": "c", "scope": "ip_infringement"});
    check_facts(&world, "2026-03-02", &[(customer(), told, "unknown")]);
    check(
        &world,
        "2026-03-02",
        &[
            (customer(), claim("c", "customer", loss(), 1, 0), "exists"),
            (customer(), answer(50), "wrong_party"),
            (vendor(), answer(121), "exceeds_claim"),
            (vendor(), answer(-1), "not_positive"),
            (vendor(), answer(50), "ok"),
            (customer(), settle(50), "comes_after"),
            (vendor(), json!({"do": "assume_defence", "claim": "c"}), "comes_after"),
        ],
    );
    world.did("2026-03-02", &vendor(), action(answer(50)));
    check(
        &world,
        "2026-03-03",
        &[
            (vendor(), answer(50), "decided"),
            (customer(), settle(51), "exceeds_claim"),
            (customer(), settle(40), "ok"),
            (deployment(), settle(50), "ok"),
            (vendor(), settle(40), "wrong_party"),
            (vendor(), settle(50), "ok"),
        ],
    );
    let dispute = json!({
        "do": "open_dispute", "dispute": "d", "subject": {"about": "claim", "claim": "c"},
        "clause": "train-8.1",
    });
    check(&world, "2026-03-03", &[(deployment(), dispute.clone(), "wrong_party")]);
    world.did("2026-03-03", &customer(), action(dispute.clone()));
    check(
        &world,
        "2026-03-10",
        &[
            (customer(), dispute, "exists"),
            (
                customer(),
                json!({"do": "file_dispute", "dispute": "d", "docket": "1"}),
                "clock_still_runs",
            ),
            (
                customer(),
                json!({"do": "record_decision", "dispute": "d", "amount": null}),
                "comes_after",
            ),
            (customer(), settle_dispute(Some(-1)), "not_positive"),
        ],
    );
    let mut agreed = world.clone();
    let offered = agreed.did("2026-03-10", &customer(), action(settle_dispute(Some(90))));
    assert!(matches!(offered[0], Event::DisputeSettlementOffered { .. }));
    let again = agreed.did("2026-03-10", &customer(), action(settle_dispute(Some(80))));
    assert!(matches!(again[0], Event::DisputeSettlementOffered { .. }), "alone nobody settles");
    let other = agreed.did("2026-03-11", &vendor(), action(settle_dispute(Some(90))));
    assert!(matches!(other[0], Event::DisputeSettlementOffered { .. }), "it was withdrawn");
    let settled = agreed.did("2026-03-11", &vendor(), action(settle_dispute(Some(80))));
    assert!(matches!(settled[0], Event::DisputeSettled { .. }));
    check(
        &agreed,
        "2026-03-12",
        &[
            (customer(), settle_dispute(Some(80)), "decided"),
            (customer(), settle(80), "ok"),
            (customer(), settle(81), "exceeds_claim"),
        ],
    );
    world.did(
        "2026-05-10",
        &customer(),
        action(json!({"do": "file_dispute", "dispute": "d", "docket": "1"})),
    );
    check(
        &world,
        "2026-05-11",
        &[
            (vendor(), json!({"do": "file_dispute", "dispute": "d", "docket": "1"}), "decided"),
            (
                vendor(),
                json!({"do": "record_decision", "dispute": "d", "amount": money(120)}),
                "ok",
            ),
        ],
    );
}
