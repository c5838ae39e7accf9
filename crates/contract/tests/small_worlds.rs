//! All small worlds: every sequence of a dozen requests up to a length, for each kind, and what
//! must hold in each of them.

use std::collections::BTreeSet;

use contract::Action;
use contract::event::Actor;
use serde_json::json;

use crate::table::{credit_note, invoice, open, payment, statement};
use crate::world::{World, action, customer, deployment, fact, t, vendor};

/// Goes through every sequence of requests up to `depth`, one day apart; refused requests end
/// their branch, since they change nothing. Answers how many states were seen.
fn explore(
    world: &World,
    requests: &[(Actor, Action)],
    depth: u32,
    invariant: &dyn Fn(&World),
) -> usize {
    invariant(world);
    if depth == 0 {
        return 1;
    }
    let at = world.state.last_at.expect("it was signed").plus_seconds(86_400);
    let mut seen = 1;
    for (actor, request) in requests {
        let mut next = world.clone();
        if next.ask(at, actor, request.clone()).is_ok() && next.state != world.state {
            seen += explore(&next, requests, depth - 1, invariant);
        }
    }
    seen
}

#[test]
fn annotation_accepts_only_what_was_submitted_and_reworks_as_often_as_agreed() {
    let submitted = |round: u32| {
        fact(json!({
            "fact": "delivery_submitted", "delivery": "d", "round": round, "sha256": "d",
            "items": [{"item": "boxes", "quantity": 1_000}],
        }))
    };
    let seed = |verb: &str, key: &str, side: &str| {
        fact(json!({"fact": verb, "delivery": "d", "side": side, key: "s"}))
    };
    let requests = [
        (vendor(), submitted(1)),
        (vendor(), submitted(2)),
        (vendor(), submitted(3)),
        (customer(), action(json!({"do": "accept", "delivery": "d"}))),
        (customer(), action(json!({"do": "reject", "delivery": "d", "failed": ["box_f1"]}))),
        (customer(), seed("seed_committed", "commitment", "customer")),
        (vendor(), seed("seed_committed", "commitment", "vendor")),
        (customer(), seed("seed_revealed", "seed", "customer")),
        (vendor(), seed("seed_revealed", "seed", "vendor")),
        (
            customer(),
            fact(json!({"fact": "inspected", "delivery": "d", "round": 1,
            "sha256": "r", "results": []})),
        ),
        (deployment(), Action::Tick),
    ];
    let seen = explore(&World::signed("annotation"), &requests, 8, &|world| {
        let Some(delivery) = world.state.facts.deliveries.values().next() else { return };
        assert!(delivery.round <= 2, "one rework was agreed");
        assert!(delivery.accepted.is_none() || delivery.rejected.is_none());
        assert!(delivery.accepted.is_none() || delivery.round > 0);
        if delivery.round == 0 || delivery.rejected.is_some() {
            assert!(delivery.seeds.is_empty(), "a seed is revealed for what was handed over");
        }
        let revealed = delivery.seeds.keys();
        assert!(revealed.clone().all(|side| delivery.commitments.contains_key(side)));
        assert!(revealed.len() == 0 || delivery.commitments.len() == 2);
        let done = world.obligation("deliver").met.is_some();
        assert_eq!(done, delivery.accepted.is_some());
    });
    assert!(seen > 500, "{seen}");
}

#[test]
fn training_runs_no_more_rounds_than_agreed_and_none_after_the_end() {
    let run = |round: u32| {
        fact(json!({
            "fact": "run_finished", "round": round, "parameters": 1, "data_bytes": 1,
            "training_seconds": 1,
        }))
    };
    let deliver =
        |round: u32| fact(json!({"fact": "model_delivered", "round": round, "sha256": "m"}));
    let sealed = json!({
        "fact": "test_set_sealed", "test_set": "gold", "items": 100, "sha256": "t",
    });
    let end = |ground: &str| {
        action(json!({
            "do": "give_notice", "ground": ground, "support": null, "effective": t("2026-01-09"),
        }))
    };
    let requests = [
        (vendor(), fact(sealed)),
        (vendor(), run(1)),
        (vendor(), run(2)),
        (vendor(), run(3)),
        (vendor(), deliver(1)),
        (vendor(), deliver(2)),
        (customer(), fact(json!({"fact": "feedback_given", "round": 1}))),
        (customer(), action(json!({"do": "accept", "delivery": "round-1"}))),
        (customer(), action(json!({"do": "accept", "delivery": "round-2"}))),
        (customer(), end("agreement")),
        (vendor(), end("agreement")),
        (deployment(), Action::Tick),
    ];
    let seen = explore(&World::signed("training"), &requests, 6, &|world| {
        let rounds = &world.state.facts.rounds;
        assert!(rounds.len() <= 2);
        assert!(rounds.is_empty() || world.state.facts.test_set.is_some());
        for round in rounds.values() {
            assert!(round.delivered.is_none() || round.run.is_some());
            assert!(round.accepted.is_none() || round.delivered.is_some());
        }
        let Some(ended) = world.state.ended else { return };
        assert_eq!(world.state.proposed_ends.len(), 2, "nobody ends it alone");
        let ran = rounds.values().filter_map(|round| round.run);
        assert!(ran.map(|(_, _, _, seq)| seq).all(|seq| seq < ended.seq));
    });
    assert!(seen > 200, "{seen}");
}

#[test]
fn money_is_approved_before_it_is_billed_and_closed_once_it_is_paid() {
    let objection = |disputed: i128| {
        let money = |minor| serde_json::to_value(crate::world::cny(minor)).expect("money");
        action(json!({
            "do": "object_to_statement", "statement": "2026-01", "lines": [1],
            "disputed": money(disputed), "undisputed": money(100 - disputed), "reason": "price",
        }))
    };
    let requests = [
        (vendor(), action(statement("2026-01", 100))),
        (customer(), action(json!({"do": "approve_statement", "statement": "2026-01"}))),
        (customer(), objection(40)),
        (vendor(), action(invoice(1, "2026-01", 100, "2026-01-20"))),
        (vendor(), action(invoice(1, "2026-01", 60, "2026-01-20"))),
        (vendor(), action(invoice(2, "2026-01", 100, "2026-01-20"))),
        (vendor(), action(credit_note(1, 1, 50))),
        (vendor(), action(credit_note(2, 1, 50))),
        (vendor(), action(payment("a", 50, "2026-01-05", open()))),
        (vendor(), action(payment("b", 60, "2026-01-05", json!({"for": "invoice", "number": 1})))),
        (vendor(), action(payment("c", 10, "2026-01-05", json!({"for": "prepayment"})))),
        (deployment(), Action::Tick),
    ];
    let outcomes = std::cell::RefCell::new(BTreeSet::new());
    let seen = explore(&World::signed("lease"), &requests, 7, &|world| {
        let money = &world.state.money;
        for invoice in &money.invoices {
            let billed = &money.statements[&invoice.summary.statement];
            assert!(billed.approved.is_some(), "no invoice without approval");
            let disputed = billed.objected.as_ref().map_or(0, |row| row.disputed.minor());
            assert_eq!(invoice.summary.gross.minor(), 100 - disputed);
            assert!(invoice.credited_minor <= invoice.summary.gross.minor());
            let paid: i128 = money
                .payments
                .iter()
                .filter(|(row, _)| row.payment.as_str() != "c")
                .map(|(row, _)| row.amount.minor())
                .sum();
            let closed = world.obligation("pay:1").met.is_some();
            let owed = invoice.summary.gross.minor() - invoice.credited_minor;
            assert_eq!(closed, paid >= owed, "paid {paid} of {owed}");
            outcomes.borrow_mut().insert((closed, disputed, invoice.credited_minor));
        }
        assert!(money.invoices.len() <= 1 && money.credit_notes.len() <= 2);
    });
    assert!(seen > 900, "{seen}");
    assert!(outcomes.borrow().len() >= 6, "{:?}", outcomes.borrow());
}

#[test]
fn nothing_is_deleted_before_the_customer_could_take_it_out() {
    let requests = [
        (customer(), fact(json!({"fact": "use_stopped"}))),
        (vendor(), fact(json!({"fact": "export_provided", "sha256": "x"}))),
        (customer(), fact(json!({"fact": "export_accepted"}))),
        (vendor(), fact(json!({"fact": "data_deleted", "sha256": "x"}))),
        (deployment(), Action::Tick),
        (
            customer(),
            action(json!({
                "do": "give_notice", "ground": "insolvency", "support": null,
                "effective": t("2026-01-07"),
            })),
        ),
        (
            vendor(),
            fact(json!({"fact": "node_changed", "node": "n", "up": false, "reason": "x",
            "since": t("2026-01-05 10:00")})),
        ),
        (
            vendor(),
            fact(json!({"fact": "node_changed", "node": "n", "up": true, "reason": "x",
            "since": t("2026-01-05 12:00")})),
        ),
    ];
    let seen = explore(&World::signed("lease"), &requests, 7, &|world| {
        let facts = &world.state.facts;
        assert!(facts.deleted.is_none() || facts.export_accepted.is_some());
        assert!(facts.export_accepted.is_none() || facts.exported.is_some());
        assert!(facts.exported.is_none() || world.state.ended.is_some());
        let one_outage = facts.outages.values().all(|rows| rows.len() <= 1);
        assert!(one_outage, "the same outage told twice is one outage");
    });
    assert!(seen > 500, "{seen}");
}
