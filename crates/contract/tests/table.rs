//! Every request in the states that matter, with its answer: `ok`, or the code of the refusal.

mod claims;
mod facts;

use contract::Action;
use contract::event::Actor;
use contract::terms::Side;
use serde_json::{Value, json};

use crate::world::{
    KINDS, TERMS, World, action, agreement, cny, customer, deployment, of, sign, t, vendor, window,
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
        (
            customer(),
            json!({"do": "stamp_signature", "side": "customer", "document": "x", "token": "t"}),
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
    let rows: [(&str, &str, &str); 33] = [
        ("sign", "already_signed", "already_signed"),
        ("propose_document", "ok", "has_ended"),
        ("sign_document", "unknown", "has_ended"),
        ("stamp_signature", "unknown", "unknown"),
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
fn a_signature_is_stamped_once_and_by_the_party_that_gave_it() {
    let stamp = |side: &str| json!({"do": "stamp_signature", "side": side, "token": "t"});
    let mut world = World::drafted("lease");
    world.did("2026-01-06", &customer(), sign(Side::Customer));
    check(
        &world,
        "2026-01-06",
        &[
            (customer(), stamp("customer"), "ok"),
            (vendor(), stamp("customer"), "wrong_party"),
            (deployment(), stamp("customer"), "wrong_party"),
            (vendor(), stamp("vendor"), "unknown"),
        ],
    );
    world.did("2026-01-06", &customer(), action(stamp("customer")));
    check(&world, "2026-01-06", &[(customer(), stamp("customer"), "exists")]);
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
