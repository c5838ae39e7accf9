//! Facts: who may record what, in which order.

use serde_json::json;

use super::{check, check_facts, money};
use crate::world::{World, action, customer, deployment, fact, t, vendor, window};

#[test]
fn facts_of_an_annotation_are_taken_in_their_order() {
    let guideline =
        |version: u32| json!({"fact": "guideline_provided", "version": version, "sha256": "g"});
    let data = |batch: &str, quantity: u64, sha256: &str| json!({"fact": "data_provided", "batch": batch, "quantity": quantity, "sha256": sha256});
    let submit = |round: u32, item: &str, quantity: u64| {
        json!({
            "fact": "delivery_submitted", "delivery": "d", "round": round, "sha256": "d",
            "items": [{"item": item, "quantity": quantity}],
        })
    };
    let committed = |side: &str| json!({"fact": "seed_committed", "delivery": "d", "side": side, "commitment": "c"});
    let revealed =
        |side: &str| json!({"fact": "seed_revealed", "delivery": "d", "side": side, "seed": "s"});
    let drawn = |sample: u64| {
        json!({
            "fact": "sample_drawn", "delivery": "d", "item": "boxes", "lot": 100,
            "sample": sample, "sha256": "l",
        })
    };
    let inspected = |round: u32, item: &str| {
        json!({
            "fact": "inspected", "delivery": "d", "round": round, "sha256": "r",
            "results": [{
                "item": item, "metric": "box_f1", "ratio": {"hits": 80, "total": 100},
                "value": null, "verdict": "not_met",
            }],
        })
    };
    let mut world = World::signed("annotation");
    check_facts(
        &world,
        "2026-01-06",
        &[
            (customer(), guideline(1), "ok"),
            (customer(), guideline(2), "round_out_of_order"),
            (vendor(), guideline(1), "wrong_party"),
            (customer(), data("batch-1", 10, "m"), "ok"),
            (customer(), data("batch-1", 0, "m"), "zero"),
            (customer(), data("batch-9", 10, "m"), "unknown"),
            (vendor(), data("batch-1", 10, "m"), "wrong_party"),
            (customer(), json!({"fact": "duty_fulfilled", "duty": "answers"}), "ok"),
            (customer(), json!({"fact": "duty_fulfilled", "duty": "other"}), "unknown"),
            (vendor(), json!({"fact": "duty_fulfilled", "duty": "answers"}), "wrong_party"),
            (vendor(), submit(1, "boxes", 100), "ok"),
            (customer(), submit(1, "boxes", 100), "wrong_party"),
            (vendor(), submit(2, "boxes", 100), "round_out_of_order"),
            (vendor(), submit(1, "boxes", 0), "zero"),
            (vendor(), submit(1, "texts", 10), "unknown"),
            (customer(), committed("customer"), "ok"),
            (customer(), committed("vendor"), "wrong_party"),
            (customer(), revealed("customer"), "unknown"),
            (deployment(), drawn(10), "unknown"),
            (customer(), inspected(1, "boxes"), "unknown"),
            (vendor(), json!({"fact": "service_delivered", "version": "1"}), "other_kind"),
            (vendor(), json!({"fact": "upgraded", "software": "s", "version": "1"}), "other_kind"),
            (vendor(), json!({"fact": "model_delivered", "round": 1, "sha256": "m"}), "other_kind"),
        ],
    );
    world.did("2026-01-06", &customer(), fact(guideline(1)));
    world.did("2026-01-06", &customer(), fact(data("batch-1", 10, "m")));
    world.did("2026-01-06", &customer(), fact(committed("customer")));
    check_facts(
        &world,
        "2026-01-07",
        &[
            (customer(), guideline(1), "round_out_of_order"),
            (customer(), guideline(2), "ok"),
            (customer(), data("batch-1", 10, "m"), "exists"),
            (customer(), data("batch-1", 10, "n"), "ok"),
            (customer(), committed("customer"), "decided"),
            (customer(), revealed("customer"), "comes_after"),
        ],
    );
    world.did("2026-01-07", &vendor(), fact(submit(1, "boxes", 100)));
    check_facts(
        &world,
        "2026-01-08",
        &[
            (vendor(), submit(2, "boxes", 100), "comes_after"),
            (vendor(), committed("vendor"), "seed_too_late"),
            (customer(), revealed("customer"), "seed_not_committed"),
            (deployment(), drawn(10), "seed_not_committed"),
            (customer(), inspected(2, "boxes"), "round_out_of_order"),
            (customer(), inspected(1, "texts"), "unknown"),
            (customer(), inspected(1, "boxes"), "ok"),
        ],
    );
    check(
        &world,
        "2026-01-08",
        &[
            (vendor(), json!({"do": "accept", "delivery": "d"}), "wrong_party"),
            (customer(), json!({"do": "reject", "delivery": "d", "failed": []}), "zero"),
            (customer(), json!({"do": "reject", "delivery": "d", "failed": ["box_f1"]}), "ok"),
            (customer(), json!({"do": "accept", "delivery": "d"}), "ok"),
        ],
    );
    let late = json!({"do": "reject", "delivery": "d", "failed": ["box_f1"]});
    check(&world, "2026-01-15", &[(customer(), late.clone(), "time_is_over")]);
    world.did("2026-01-08", &customer(), action(late));
    check_facts(
        &world,
        "2026-01-09",
        &[
            (customer(), inspected(1, "boxes"), "decided"),
            (customer(), committed("customer"), "ok"),
            (vendor(), submit(2, "boxes", 100), "ok"),
        ],
    );
    world.did("2026-01-09", &customer(), fact(committed("customer")));
    world.did("2026-01-09", &vendor(), fact(committed("vendor")));
    world.did("2026-01-10", &vendor(), fact(submit(2, "boxes", 100)));
    world.did("2026-01-10", &vendor(), fact(revealed("vendor")));
    check_facts(
        &world,
        "2026-01-10",
        &[
            (vendor(), revealed("vendor"), "decided"),
            (deployment(), drawn(10), "seed_not_committed"),
        ],
    );
    world.did("2026-01-10", &customer(), fact(revealed("customer")));
    check_facts(
        &world,
        "2026-01-10",
        &[(deployment(), drawn(10), "ok"), (deployment(), drawn(101), "part_exceeds_whole")],
    );
    world.did(
        "2026-01-10",
        &customer(),
        action(json!({"do": "reject", "delivery": "d", "failed": ["box_f1"]})),
    );
    check_facts(&world, "2026-01-11", &[(vendor(), submit(3, "boxes", 100), "too_many_rounds")]);
}

#[test]
fn facts_of_a_training_are_taken_in_their_order() {
    let sealed = |set: &str, items: u64| json!({"fact": "test_set_sealed", "test_set": set, "items": items, "sha256": "t"});
    let run = |round: u32| {
        json!({
            "fact": "run_finished", "round": round, "parameters": 1, "data_bytes": 1,
            "training_seconds": 1,
        })
    };
    let evaluated = |round: u32, set: &str| json!({"fact": "model_evaluated", "round": round, "test_set": set, "results": []});
    let opened = |round: u32, set: &str, sha256: &str| json!({"fact": "test_set_opened", "round": round, "test_set": set, "sha256": sha256, "model": "m"});
    let delivered = |round: u32| json!({"fact": "model_delivered", "round": round, "sha256": "m"});
    let feedback = |round: u32| json!({"fact": "feedback_given", "round": round});
    let revenue = |side: &str, from: &str, to: &str, minor: i128| {
        json!({
            "fact": "revenue_reported", "side": side, "window": window(from, to),
            "amount": money(minor),
        })
    };
    let mut world = World::signed("training");
    check_facts(
        &world,
        "2026-02-01",
        &[
            (vendor(), run(1), "test_set_not_sealed"),
            (vendor(), sealed("gold", 99), "part_exceeds_whole"),
            (vendor(), sealed("other", 100), "other_test_set"),
            (vendor(), sealed("gold", 100), "ok"),
        ],
    );
    world.did("2026-02-01", &vendor(), fact(sealed("gold", 100)));
    check_facts(
        &world,
        "2026-02-02",
        &[
            (vendor(), sealed("gold", 100), "decided"),
            (vendor(), run(2), "round_out_of_order"),
            (vendor(), opened(1, "gold", "t"), "comes_after"),
            (vendor(), evaluated(1, "gold"), "comes_after"),
            (vendor(), delivered(1), "comes_after"),
            (vendor(), run(1), "ok"),
        ],
    );
    world.did("2026-02-02", &vendor(), fact(run(1)));
    check_facts(
        &world,
        "2026-02-02",
        &[
            (vendor(), opened(1, "other", "t"), "other_test_set"),
            (vendor(), opened(1, "gold", "u"), "test_set_changed"),
            (vendor(), opened(1, "gold", "t"), "ok"),
        ],
    );
    world.did("2026-02-02", &vendor(), fact(evaluated(1, "gold")));
    check_facts(
        &world,
        "2026-02-03",
        &[
            (vendor(), evaluated(1, "gold"), "decided"),
            (vendor(), evaluated(1, "other"), "other_test_set"),
            (customer(), delivered(1), "wrong_party"),
            (customer(), feedback(1), "comes_after"),
        ],
    );
    let accept = json!({"do": "accept", "delivery": "round-1"});
    check(&world, "2026-02-03", &[(customer(), accept.clone(), "comes_after")]);
    world.did("2026-02-03", &vendor(), fact(delivered(1)));
    check_facts(
        &world,
        "2026-02-04",
        &[
            (vendor(), delivered(1), "decided"),
            (vendor(), feedback(1), "wrong_party"),
            (customer(), feedback(1), "ok"),
        ],
    );
    world.did("2026-02-04", &customer(), fact(feedback(1)));
    check(&world, "2026-02-05", &[(customer(), accept, "decided")]);
    check_facts(&world, "2026-02-05", &[(customer(), feedback(1), "decided")]);
    world.did("2026-02-05", &vendor(), fact(run(2)));
    check_facts(&world, "2026-02-05", &[(vendor(), run(3), "too_many_rounds")]);
    world.did("2026-02-06", &vendor(), fact(revenue("vendor", "2026-01-05", "2026-02-01", 5)));
    check_facts(
        &world,
        "2026-02-06",
        &[
            (vendor(), revenue("vendor", "2026-01-31", "2026-02-05", 5), "exists"),
            (vendor(), revenue("vendor", "2026-02-01", "2026-02-05", 5), "ok"),
            (vendor(), revenue("vendor", "2026-02-01", "2026-02-05", -5), "not_positive"),
            (vendor(), revenue("vendor", "2026-02-01", "2026-02-01", 5), "empty_window"),
            (vendor(), revenue("vendor", "2026-02-01", "2026-03-05", 5), "in_future"),
            (vendor(), revenue("customer", "2026-01-31", "2026-02-05", 5), "wrong_party"),
            (customer(), revenue("customer", "2026-01-31", "2026-02-05", 5), "ok"),
        ],
    );
    let sole = World::signed_with(
        "training",
        &[
            ("/service/model", json!({"type": "customer"})),
            ("/intellectual_property/outputs", json!("customer")),
        ],
    );
    check_facts(
        &sole,
        "2026-02-06",
        &[(vendor(), revenue("vendor", "2026-01-05", "2026-02-05", 5), "not_shared_ownership")],
    );
    check(
        &sole,
        "2026-02-06",
        &[(vendor(), json!({"do": "propose_patent", "proposal": "p"}), "not_shared_ownership")],
    );
}

#[test]
fn facts_of_a_lease_and_of_a_service_are_measured_on_their_terms() {
    let job = |devices: &[&str], from: &str, to: &str| {
        json!({
            "fact": "job_ran", "job": "1", "devices": devices, "window": window(from, to),
            "end": "completed", "purpose": null,
        })
    };
    let probe = |resource: &str| {
        json!({
            "fact": "probed", "resource": resource, "metric": "flops",
            "value": {"num": "1", "den": "1"}, "load_percent": 1, "sha256": "p",
        })
    };
    let node = |since: &str| json!({"fact": "node_changed", "node": "n1", "since": t(since), "up": false, "reason": "x"});
    check_facts(
        &World::signed("lease"),
        "2026-02-01",
        &[
            (deployment(), job(&["n1:gpu0"], "2026-01-30", "2026-01-31"), "ok"),
            (deployment(), job(&[], "2026-01-30", "2026-01-31"), "zero"),
            (deployment(), job(&["n1:gpu0"], "2026-01-31", "2026-01-30"), "empty_window"),
            (deployment(), job(&["n1:gpu0"], "2026-01-31", "2026-02-02"), "in_future"),
            (deployment(), probe("a100"), "ok"),
            (deployment(), probe("storage"), "ok"),
            (deployment(), probe("h100"), "unknown"),
            (deployment(), node("2026-01-31"), "ok"),
            (deployment(), node("2026-02-02"), "in_future"),
        ],
    );
    let images = |count: u64, in_time: u64| {
        json!({
            "fact": "images_answered", "class": "standard",
            "window": window("2026-01-30", "2026-01-31"), "count": count, "in_time": in_time,
        })
    };
    let accuracy = |hits: u64| {
        json!({
            "fact": "accuracy_evaluated", "test_set": "gold", "version": "1",
            "ratio": {"hits": hits, "total": 100},
        })
    };
    let custom = |model: &str, hits: u64| {
        json!({
            "fact": "custom_model_delivered", "model": model,
            "ratio": {"hits": hits, "total": 100},
        })
    };
    let exclusion = |side: &str, to: &str| {
        json!({
            "fact": "exclusion_agreed", "exclusion": "e", "side": side, "reason": "maintenance",
            "window": window("2026-03-01", to),
        })
    };
    let mut world = World::signed("classification");
    check_facts(
        &world,
        "2026-02-01",
        &[
            (deployment(), images(10, 9), "ok"),
            (deployment(), images(0, 0), "zero"),
            (deployment(), images(10, 11), "part_exceeds_whole"),
            (vendor(), accuracy(90), "ok"),
            (vendor(), accuracy(101), "part_exceeds_whole"),
            (vendor(), custom("defects", 95), "ok"),
            (vendor(), custom("defects", 101), "part_exceeds_whole"),
            (vendor(), custom("faces", 95), "unknown"),
            (vendor(), exclusion("vendor", "2026-03-02"), "ok"),
            (customer(), exclusion("vendor", "2026-03-02"), "wrong_party"),
            (vendor(), exclusion("vendor", "2026-03-01"), "empty_window"),
            (deployment(), job(&["n1:gpu0"], "2026-01-30", "2026-01-31"), "other_kind"),
            (customer(), json!({"fact": "service_delivered", "version": "1"}), "wrong_party"),
        ],
    );
    world.did("2026-02-01", &vendor(), fact(exclusion("vendor", "2026-03-02")));
    check_facts(
        &world,
        "2026-02-01",
        &[
            (vendor(), exclusion("vendor", "2026-03-02"), "decided"),
            (customer(), exclusion("customer", "2026-03-03"), "exists"),
            (customer(), exclusion("customer", "2026-03-02"), "ok"),
        ],
    );
}

#[test]
fn common_facts_are_taken_from_whom_they_bind() {
    let consent = json!({"fact": "consent_given", "purpose": "model_improvement"});
    let used = |purpose: &str| json!({"fact": "resource_used", "side": "vendor", "purpose": purpose, "resource": "r"});
    let audit = |name: &str| json!({"fact": "audit_requested", "audit": name});
    let exported = json!({"fact": "export_provided", "sha256": "x"});
    let accepted = json!({"fact": "export_accepted"});
    let deleted = json!({"fact": "data_deleted", "sha256": "x"});
    let stopped = json!({"fact": "use_stopped"});
    let mut world = World::signed("lease");
    check_facts(
        &world,
        "2026-02-01",
        &[
            (vendor(), consent.clone(), "wrong_party"),
            (customer(), consent.clone(), "ok"),
            (deployment(), used("model_improvement"), "consent_missing"),
            (deployment(), used("statistics"), "purpose_not_permitted"),
            (deployment(), used("disclosure"), "purpose_not_permitted"),
            (deployment(), used("provide_service"), "ok"),
            (vendor(), audit("a"), "wrong_party"),
            (customer(), audit("a"), "ok"),
            (vendor(), exported.clone(), "comes_after"),
            (customer(), accepted.clone(), "comes_after"),
            (vendor(), deleted.clone(), "comes_after"),
            (customer(), stopped.clone(), "comes_after"),
            (
                vendor(),
                json!({"fact": "indemnity_notified", "claim": "x",
            "scope": "ip_infringement"}),
                "unknown",
            ),
            (
                vendor(),
                json!({"fact": "breach_discovered", "incident": "i",
            "discovered": t("2026-02-02")}),
                "in_future",
            ),
        ],
    );
    world.did("2026-02-01", &customer(), fact(consent));
    world.did("2026-02-01", &customer(), fact(audit("a")));
    check_facts(
        &world,
        "2026-03-01",
        &[
            (deployment(), used("model_improvement"), "ok"),
            (customer(), audit("a"), "exists"),
            (customer(), audit("b"), "audits_used_up"),
        ],
    );
    check_facts(&world, "2027-02-02", &[(customer(), audit("b"), "ok")]);
    let mut ended = World::ended("lease");
    check_facts(
        &ended,
        "2027-01-02",
        &[
            (customer(), stopped, "ok"),
            (customer(), exported.clone(), "wrong_party"),
            (deployment(), exported.clone(), "ok"),
            (customer(), accepted.clone(), "comes_after"),
            (vendor(), deleted.clone(), "export_not_finished"),
            (customer(), deleted.clone(), "wrong_party"),
        ],
    );
    check_facts(&ended, "2027-05-01", &[(vendor(), deleted.clone(), "ok")]);
    ended.did("2027-01-02", &vendor(), fact(exported));
    ended.did("2027-01-03", &customer(), fact(accepted));
    ended.did("2027-01-04", &vendor(), fact(deleted.clone()));
    check_facts(&ended, "2027-01-05", &[(vendor(), deleted, "decided")]);
}
