//! Every request in the states that matter, with its answer: `ok`, or the code of the refusal.

use contract::Action;
use contract::event::{Actor, Event};
use contract::terms::Side;
use serde_json::{Value, json};

use crate::world::{
    KINDS, TERMS, World, action, agreement, cny, customer, deployment, fact, of, sign, t, vendor,
    window,
};

/// Rows of `(actor, request, answer)` against one world at one time.
fn check(world: &World, at: &str, rows: &[(Actor, Value, &str)]) {
    for (actor, request, answer) in rows {
        let request = action(request.clone());
        let told = format!("{} {request:?}", actor.name());
        assert_eq!(world.code(at, actor, request), *answer, "{told}");
    }
}

/// Rows of `(actor, fact, answer)` against one world at one time.
fn check_facts(world: &World, at: &str, rows: &[(Actor, Value, &str)]) {
    let record = |row: &Value| json!({"do": "record", "fact": row, "source": null});
    let rows = rows.iter().map(|(who, row, code)| (who.clone(), record(row), *code));
    check(world, at, &rows.collect::<Vec<_>>());
}

fn money(minor: i128) -> Value {
    serde_json::to_value(cny(minor)).expect("money serialises")
}

pub(crate) fn statement(name: &str, gross: i128) -> Value {
    json!({
        "do": "submit_statement", "statement": name, "window": window("2026-01-05", "2026-02-01"),
        "milestones": [], "billed": [], "one_off": [], "net": money(gross), "tax": money(0),
        "gross": money(gross), "due": money(gross), "drawdown": money(0), "credits": money(0),
        "lines": 2, "sha256": "s",
    })
}

pub(crate) fn invoice(number: u32, statement: &str, gross: i128, due: &str) -> Value {
    json!({
        "do": "issue_invoice", "number": number, "statement": statement, "net": money(gross),
        "tax": money(0), "gross": money(gross), "payable": money(gross), "issued": "2026-02-10",
        "due": due, "sha256": "i",
    })
}

pub(crate) fn credit_note(number: u32, invoice: u32, gross: i128) -> Value {
    json!({
        "do": "issue_credit_note", "number": number, "invoice": invoice, "gross": money(gross),
        "tax": money(0), "reason": "error", "issued": "2026-02-11", "sha256": "c",
    })
}

pub(crate) fn payment(name: &str, minor: i128, on: &str, towards: Value) -> Value {
    json!({
        "do": "record_payment", "payment": name, "by": "customer", "amount": money(minor),
        "on": on, "towards": towards,
    })
}

pub(crate) fn open() -> Value {
    json!({"for": "open"})
}

pub(crate) fn claim(name: &str, by: &str, basis: Value, direct: i128, indirect: i128) -> Value {
    json!({
        "do": "raise_claim", "claim": name, "by": by, "basis": basis, "breach": "late_delivery",
        "clause": "train-8.1", "direct": money(direct), "indirect": money(indirect),
        "occurred": t("2026-02-01"), "evidence": [],
    })
}

fn objection(statement: &str, lines: &[u32], disputed: i128, undisputed: i128) -> Value {
    json!({
        "do": "object_to_statement", "statement": statement, "lines": lines,
        "disputed": money(disputed), "undisputed": money(undisputed), "reason": "quantity",
    })
}

/// A request of every action, as the party that would make it.
pub(crate) fn every_action() -> Vec<(Actor, Value)> {
    let named = |verb: &str, key: &str| json!({"do": verb, key: "x"});
    let signing = serde_json::to_value(sign(Side::Customer)).expect("a signing serialises");
    let record = json!({"sha256": "r", "fact": "export_provided"});
    vec![
        (customer(), signing),
        (
            customer(),
            json!({"do": "propose_document", "document": {
            "id": "quote", "rank": "quotation", "title": {"zh": "报价", "en": "Quote"},
            "sha256": null, "effective": null, "replaces": [],
        }, "terms_sha256": "q"}),
        ),
        (
            customer(),
            json!({"do": "sign_document", "document": "x", "signing": {
                "side": "customer", "signatory": "Li", "key": "k", "terms_sha256": "q",
                "signature": "s",
            }}),
        ),
        (vendor(), json!({"do": "record", "fact": record, "source": null})),
        (
            deployment(),
            json!({"do": "note_conflict", "have": {
            "source": "slurm", "id": "1", "seq": null, "content": "a",
        }, "got": "b"}),
        ),
        (customer(), named("accept", "delivery")),
        (customer(), json!({"do": "reject", "delivery": "x", "failed": ["box_f1"]})),
        (vendor(), statement("2026-01", 100)),
        (customer(), named("approve_statement", "statement")),
        (customer(), objection("x", &[0], 1, 0)),
        (vendor(), invoice(1, "x", 100, "2026-02-20")),
        (vendor(), credit_note(1, 1, 100)),
        (vendor(), payment("p", 100, "2026-01-05", open())),
        (vendor(), named("waive", "obligation")),
        (vendor(), json!({"do": "declare_force_majeure", "case": "x", "from": t("2026-01-05")})),
        (vendor(), json!({"do": "prove_force_majeure", "case": "x", "sha256": "p"})),
        (vendor(), json!({"do": "end_force_majeure", "case": "x", "to": t("2026-01-05")})),
        (
            vendor(),
            json!({
                "do": "remind_breach", "reminder": "r", "breach": "other", "clause": "train-8.1",
            }),
        ),
        (vendor(), named("confirm_cure", "reminder")),
        (
            customer(),
            json!({
                "do": "give_notice", "ground": "insolvency", "support": null,
                "effective": t("2028-01-01"),
            }),
        ),
        (customer(), json!({"do": "request_renewal", "until": "2027-12-31"})),
        (vendor(), json!({"do": "agree_renewal"})),
        (customer(), claim("c", "customer", json!({"basis": "loss"}), 1, 0)),
        (vendor(), json!({"do": "answer_claim", "claim": "x", "accepted": money(0)})),
        (vendor(), named("assume_defence", "claim")),
        (customer(), json!({"do": "settle_claim", "claim": "x", "amount": money(0)})),
        (
            customer(),
            json!({
                "do": "open_dispute", "dispute": "d", "subject": {"about": "clause"},
                "clause": "train-9.1",
            }),
        ),
        (customer(), json!({"do": "settle_dispute", "dispute": "x", "amount": null})),
        (customer(), json!({"do": "file_dispute", "dispute": "x", "docket": "1"})),
        (customer(), json!({"do": "record_decision", "dispute": "x", "amount": null})),
        (customer(), named("propose_patent", "proposal")),
        (customer(), json!({"do": "answer_patent", "proposal": "x", "joins": true})),
    ]
}

#[test]
fn before_signature_nothing_but_a_signature_goes_through() {
    for kind in KINDS {
        let (empty, draft) = (World::empty(), World::drafted(kind));
        for (actor, request) in every_action() {
            let request = action(request);
            let told = format!("{kind} {request:?}");
            let at = "2026-02-15";
            assert_ne!(empty.code(at, &actor, request.clone()), "ok", "{told}");
            let signs = matches!(request, Action::Sign(_));
            assert_eq!(draft.code(at, &actor, request) == "ok", signs, "{told}");
        }
        assert_eq!(empty.code("2026-02-15", &deployment(), Action::Tick), "ok");
    }
}

#[test]
fn each_action_in_each_phase_gets_its_answer() {
    // In force, and after the end; a name `x` is never known.
    let rows: [(&str, &str, &str); 32] = [
        ("sign", "already_signed", "already_signed"),
        ("propose_document", "ok", "has_ended"),
        ("sign_document", "unknown", "has_ended"),
        ("record", "comes_after", "ok"),
        ("note_conflict", "ok", "ok"),
        ("accept", "unknown", "unknown"),
        ("reject", "unknown", "unknown"),
        ("submit_statement", "ok", "ok"),
        ("approve_statement", "unknown", "unknown"),
        ("object_to_statement", "unknown", "unknown"),
        ("issue_invoice", "unknown", "unknown"),
        ("issue_credit_note", "unknown", "unknown"),
        ("record_payment", "ok", "ok"),
        ("waive", "unknown", "unknown"),
        ("declare_force_majeure", "ok", "has_ended"),
        ("prove_force_majeure", "unknown", "unknown"),
        ("end_force_majeure", "unknown", "unknown"),
        ("remind_breach", "ok", "has_ended"),
        ("confirm_cure", "unknown", "unknown"),
        ("give_notice", "ok", "has_ended"),
        ("request_renewal", "ok", "has_ended"),
        ("agree_renewal", "unknown", "has_ended"),
        ("raise_claim", "ok", "ok"),
        ("answer_claim", "unknown", "unknown"),
        ("assume_defence", "unknown", "unknown"),
        ("settle_claim", "unknown", "unknown"),
        ("open_dispute", "ok", "ok"),
        ("settle_dispute", "unknown", "unknown"),
        ("file_dispute", "unknown", "unknown"),
        ("record_decision", "unknown", "unknown"),
        ("propose_patent", "ok", "ok"),
        ("answer_patent", "unknown", "unknown"),
    ];
    let actions = every_action();
    assert_eq!(rows.len(), actions.len());
    let (in_force, ended) = (World::signed("training"), World::ended("training"));
    for ((verb, now, after), (actor, request)) in rows.iter().zip(actions) {
        assert_eq!(request["do"], *verb);
        check(&in_force, "2026-02-15", &[(actor.clone(), request.clone(), now)]);
        check(&ended, "2027-02-15", &[(actor, request, after)]);
    }
}

#[test]
fn only_the_terms_that_were_laid_down_can_be_signed_once_by_each_party() {
    let world = World::drafted("lease");
    let other = json!({
        "do": "sign", "side": "customer", "signatory": "Li", "key": "k", "terms_sha256": "other",
        "signature": "s",
    });
    let own = serde_json::to_value(sign(Side::Customer)).expect("a signing serialises");
    check(
        &world,
        "2026-01-06",
        &[
            (customer(), own.clone(), "ok"),
            (vendor(), own.clone(), "wrong_party"),
            (deployment(), own.clone(), "wrong_party"),
            (customer(), other, "terms_differ"),
        ],
    );
    let again =
        Action::Draft { agreement: Box::new(agreement("lease", &[])), terms_sha256: TERMS.into() };
    assert_eq!(world.code("2026-01-06", &customer(), again), "already_drafted");
    let mut half = world.clone();
    half.did("2026-01-06", &customer(), sign(Side::Customer));
    check(&half, "2026-01-06", &[(customer(), own, "already_signed")]);
    let broken = World::drafted_with("lease", &[("/term/ends", json!("2025-01-01"))]);
    assert_eq!(broken.code("2026-01-06", &customer(), sign(Side::Customer)), "terms_have_errors");
    assert_eq!(half.code("2026-01-05", &vendor(), sign(Side::Vendor)), "before_last_entry");
}

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
            (vendor(), evaluated(1, "gold"), "comes_after"),
            (vendor(), delivered(1), "comes_after"),
            (vendor(), run(1), "ok"),
        ],
    );
    world.did("2026-02-02", &vendor(), fact(run(1)));
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

#[test]
fn statements_invoices_and_notes_follow_each_other() {
    let approve = json!({"do": "approve_statement", "statement": "2026-01"});
    let mut world = World::signed("lease");
    let mut odd = statement("2026-01", 100);
    odd["gross"] = money(101);
    let mut dollars = statement("2026-01", 100);
    dollars["credits"]["currency"] = json!("USD");
    check(
        &world,
        "2026-02-02",
        &[
            (customer(), statement("2026-01", 100), "wrong_party"),
            (vendor(), odd, "amounts_differ"),
            (vendor(), dollars, "other_currency"),
        ],
    );
    world.did("2026-02-02", &vendor(), action(statement("2026-01", 100)));
    check(
        &world,
        "2026-02-03",
        &[
            (vendor(), statement("2026-01", 100), "exists"),
            (vendor(), approve.clone(), "wrong_party"),
            (vendor(), invoice(1, "2026-01", 100, "2026-02-20"), "comes_after"),
            (customer(), objection("2026-01", &[], 10, 90), "zero"),
            (customer(), objection("2026-01", &[2], 10, 90), "unknown"),
            (customer(), objection("2026-01", &[1], 0, 100), "not_positive"),
            (customer(), objection("2026-01", &[1], -10, 110), "not_positive"),
            (customer(), objection("2026-01", &[1], 101, 0), "amounts_differ"),
            (customer(), objection("2026-01", &[1], 10, 91), "amounts_differ"),
            (customer(), objection("2026-01", &[1], 10, 90), "ok"),
            (customer(), approve.clone(), "ok"),
        ],
    );
    check(&world, "2026-03-03", &[(customer(), approve.clone(), "time_is_over")]);
    let mut objected = world.clone();
    objected.did("2026-02-03", &customer(), action(objection("2026-01", &[1], 10, 90)));
    check(
        &objected,
        "2026-02-04",
        &[
            (vendor(), invoice(1, "2026-01", 100, "2026-02-20"), "amounts_differ"),
            (vendor(), invoice(1, "2026-01", 90, "2026-02-20"), "ok"),
            (vendor(), statement("2026-01", 95), "ok"),
            (customer(), approve.clone(), "decided"),
        ],
    );
    objected.did("2026-02-04", &vendor(), action(invoice(1, "2026-01", 90, "2026-02-20")));
    check(
        &objected,
        "2026-02-04",
        &[
            (vendor(), statement("2026-01", 95), "exists"),
            (vendor(), statement("2026-01-disputed", 8), "ok"),
        ],
    );
    world.did("2026-02-03", &customer(), action(approve));
    check(
        &world,
        "2026-02-10",
        &[
            (customer(), invoice(1, "2026-01", 100, "2026-02-20"), "wrong_party"),
            (vendor(), invoice(2, "2026-01", 100, "2026-02-20"), "out_of_series"),
            (vendor(), invoice(1, "2026-01", 99, "2026-02-20"), "amounts_differ"),
            (deployment(), invoice(1, "2026-01", 100, "2026-02-20"), "ok"),
        ],
    );
    world.did("2026-02-10", &vendor(), action(invoice(1, "2026-01", 100, "2026-02-20")));
    check(
        &world,
        "2026-02-11",
        &[
            (vendor(), invoice(2, "2026-01", 100, "2026-02-20"), "decided"),
            (vendor(), credit_note(1, 2, 1), "unknown"),
            (vendor(), credit_note(2, 1, 1), "out_of_series"),
            (vendor(), credit_note(1, 1, 0), "not_positive"),
            (vendor(), credit_note(1, 1, 101), "exceeds_invoice"),
            (customer(), credit_note(1, 1, 1), "wrong_party"),
            (vendor(), credit_note(1, 1, 100), "ok"),
            (vendor(), json!({"do": "waive", "obligation": "pay:1"}), "comes_after"),
            (vendor(), payment("p", 1, "2026-02-12", open()), "in_future"),
            (vendor(), payment("p", 0, "2026-02-11", open()), "not_positive"),
            (
                vendor(),
                payment("p", 1, "2026-02-11", json!({"for": "invoice", "number": 2})),
                "unknown",
            ),
            (vendor(), payment("p", 1, "2026-02-11", json!({"for": "refund"})), "wrong_party"),
            (vendor(), payment("p", 1, "2026-02-11", json!({"for": "invoice", "number": 1})), "ok"),
        ],
    );
    world.did("2026-02-11", &vendor(), action(payment("p", 1, "2026-02-11", open())));
    check(&world, "2026-02-11", &[(vendor(), payment("p", 1, "2026-02-11", open()), "exists")]);
}

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

#[test]
fn requests_survive_their_json() {
    for (actor, request) in every_action() {
        let command = contract::Command::new(actor, action(request.clone()));
        let text = serde_json::to_string(&command).expect("a command serialises");
        let back: contract::Command = serde_json::from_str(&text).expect("and reads again");
        assert_eq!(back, command);
    }
    assert_eq!(
        serde_json::to_value(contract::event::PaymentPurpose::Invoice { number: 3 }).ok(),
        Some(json!({"for": "invoice", "number": 3})),
    );
    assert!(of(Side::Vendor).is_of(Side::Vendor));
}
