//! What is owed: each row that opens and closes an obligation, its deadline on the wall clock in
//! Shanghai, and where it stands before, at and after it.

mod after;

use contract::obligation::ObligationStatus::{self, *};
use contract::terms::Side;
use serde_json::{Value, json};

use crate::table::statement;
use crate::world::{World, action, customer, deployment, fact, t, vendor, window};

/// `(obligation, as of, deadline, status)`.
fn check(world: &World, rows: &[(&str, &str, &str, ObligationStatus)]) {
    for (name, as_of, due, status) in rows {
        let got = world.stands(name, as_of);
        assert_eq!((got.0.as_str(), got.1), (*due, *status), "{name} as of {as_of}");
    }
}

fn tick(world: &mut World, at: &str) -> usize {
    world.did(at, &deployment(), contract::Action::Tick).len()
}

fn guideline() -> contract::Action {
    fact(json!({"fact": "guideline_provided", "version": 1, "sha256": "g"}))
}

fn submitted(delivery: &str, round: u32) -> contract::Action {
    fact(json!({
        "fact": "delivery_submitted", "delivery": delivery, "round": round, "sha256": "d",
        "items": [{"item": "boxes", "quantity": 1_000}],
    }))
}

fn rejected(delivery: &str) -> contract::Action {
    action(json!({"do": "reject", "delivery": delivery, "failed": ["box_f1"]}))
}

#[test]
fn what_is_owed_from_the_first_day_has_its_clause_and_its_day() {
    // Signed on Monday, 5 January 2026 at 9; the working days skip weekends and holidays.
    let rows: [(&str, &str, &str, &str, Side); 13] = [
        ("annotation", "provide_guideline", "anno-3.3", "2026-01-09 00:00", Side::Customer),
        ("annotation", "provide_data:batch-1", "anno-3.4", "2026-02-01 00:00", Side::Customer),
        ("annotation", "deliver", "anno-3.6", "2026-07-01 00:00", Side::Vendor),
        ("annotation", "customer_duty:answers", "anno-4.1.2", "2026-01-21 00:00", Side::Customer),
        ("annotation", "prepay", "class-5.2", "2026-01-20 00:00", Side::Customer),
        ("annotation", "report_security", "pb-03", "2026-07-06 00:00", Side::Vendor),
        ("training", "provide_data:corpus", "train-3.1", "2026-01-16 00:00", Side::Customer),
        ("training", "deliver", "train-2.2.3", "2026-06-01 00:00", Side::Vendor),
        ("training", "prepay", "train-5.3.1", "2026-01-20 00:00", Side::Customer),
        ("lease", "upgrade", "lease-6.3", "2026-04-06 00:00", Side::Vendor),
        ("lease", "prepay", "class-5.2", "2026-01-20 00:00", Side::Customer),
        ("classification", "deliver", "class-4.1", "2026-01-20 00:00", Side::Vendor),
        ("classification", "report_security", "pb-03", "2026-07-06 00:00", Side::Vendor),
    ];
    for (kind, name, clause, due, debtor) in rows {
        let world = World::signed(kind);
        check(&world, &[(name, "2026-01-05 10:00", due, Pending)]);
        let row = world.obligation(name);
        assert_eq!((row.clause.as_str(), row.debtor), (clause, debtor), "{kind} {name}");
    }
    let counts = ["annotation", "training", "lease", "classification"]
        .map(|kind| World::signed(kind).state.obligations.len());
    assert_eq!(counts, [6, 5, 4, 4]);
}

#[test]
fn a_day_is_met_until_it_ends_and_hours_until_their_last_instant() {
    let mut world = World::signed("annotation");
    check(
        &world,
        &[
            ("provide_guideline", "2026-01-08 23:59", "2026-01-09 00:00", Pending),
            ("provide_guideline", "2026-01-09", "2026-01-09 00:00", Breached),
        ],
    );
    let mut late = world.clone();
    late.did("2026-01-09", &customer(), guideline());
    check(&late, &[("provide_guideline", "2026-02-01", "2026-01-09 00:00", Late)]);
    world.did("2026-01-08 23:59", &customer(), guideline());
    check(
        &world,
        &[
            ("provide_guideline", "2026-02-01", "2026-01-09 00:00", Met),
            ("provide_guideline", "2026-01-07", "2026-01-09 00:00", Pending),
        ],
    );
    let mut world = World::signed("lease");
    let found = json!({
        "fact": "breach_discovered", "incident": "i", "discovered": t("2026-02-01 10:30"),
    });
    world.did("2026-02-02", &vendor(), fact(found));
    check(
        &world,
        &[
            ("notify_breach:i", "2026-02-04 10:30", "2026-02-04 10:30", Pending),
            ("notify_breach:i", "2026-02-04 10:31", "2026-02-04 10:30", Breached),
        ],
    );
    world.did(
        "2026-02-04 10:30",
        &vendor(),
        fact(json!({"fact": "breach_notified", "incident": "i"})),
    );
    check(&world, &[("notify_breach:i", "2026-02-09", "2026-02-04 10:30", Met)]);
}

#[test]
fn data_is_complete_when_all_units_came_and_a_manifest_counts_once() {
    let data = |quantity: u64, sha256: &str| {
        fact(json!({
            "fact": "data_provided", "batch": "batch-1", "quantity": quantity, "sha256": sha256,
        }))
    };
    let mut world = World::signed("annotation");
    world.did("2026-01-10", &customer(), data(600, "a"));
    assert!(world.ask(t("2026-01-11"), &customer(), data(600, "a")).is_err());
    check(&world, &[("provide_data:batch-1", "2026-01-12", "2026-02-01 00:00", Pending)]);
    world.did("2026-01-12", &customer(), data(400, "b"));
    check(&world, &[("provide_data:batch-1", "2026-01-12", "2026-02-01 00:00", Met)]);
}

#[test]
fn a_delivery_is_inspected_reworked_and_accepted_by_silence() {
    let mut world = World::signed("annotation");
    world.did("2026-03-02 10:00", &vendor(), submitted("d", 1));
    check(
        &world,
        &[
            ("inspect:d", "2026-03-09 23:59", "2026-03-10 00:00", Pending),
            ("inspect:d", "2026-03-10", "2026-03-10 00:00", Breached),
        ],
    );
    assert_eq!(world.clone().did("2026-03-09 23:59", &deployment(), contract::Action::Tick), []);
    world.did("2026-03-05", &customer(), rejected("d"));
    check(
        &world,
        &[
            ("inspect:d", "2026-03-05", "2026-03-10 00:00", Met),
            ("rework:d", "2026-03-05", "2026-03-11 00:00", Pending),
        ],
    );
    world.did("2026-03-12", &vendor(), submitted("d", 2));
    check(&world, &[("rework:d", "2026-03-12", "2026-03-11 00:00", Late)]);
    let mut twice = world.clone();
    twice.did("2026-03-13", &customer(), rejected("d"));
    let reworks = twice.state.obligations.iter().filter(|row| row.name.as_str() == "rework:d");
    assert_eq!(reworks.count(), 1, "no rework is owed after the last round");
    check(&twice, &[("deliver", "2026-03-13", "2026-07-01 00:00", Pending)]);
    assert_eq!(tick(&mut world, "2026-04-20"), 1, "noted late, it was decided in March");
    check(
        &world,
        &[
            ("inspect:d", "2026-04-20", "2026-03-20 00:00", Met),
            ("deliver", "2026-04-20", "2026-07-01 00:00", Met),
        ],
    );
    assert_eq!(world.obligation("deliver").met.map(|(at, _)| at), Some(t("2026-03-12")));
    assert_eq!(tick(&mut world, "2026-04-21"), 0, "and it is accepted once");
    let mut patient =
        World::signed_with("annotation", &[("/service/acceptance/deemed", json!(false))]);
    patient.did("2026-03-02", &vendor(), submitted("d", 1));
    assert_eq!(tick(&mut patient, "2026-04-20"), 0, "silence accepts only where it was agreed");
    patient.did("2026-04-20", &customer(), rejected("d"));
}

#[test]
fn a_round_of_training_is_answered_documented_and_reported_on() {
    let mut world = World::signed("training");
    let round = |fact_name: &str, round: u32| match fact_name {
        "run_finished" => fact(json!({
            "fact": "run_finished", "round": round, "parameters": 1, "data_bytes": 1,
            "training_seconds": 1,
        })),
        _ => fact(json!({"fact": "model_delivered", "round": round, "sha256": "m"})),
    };
    let sealed = json!({
        "fact": "test_set_sealed", "test_set": "gold", "items": 100, "sha256": "t",
    });
    world.did("2026-02-02", &vendor(), fact(sealed));
    world.did("2026-02-02", &vendor(), round("run_finished", 1));
    world.did("2026-02-03", &vendor(), round("model_delivered", 1));
    check(
        &world,
        &[
            ("document", "2026-02-03", "2026-02-14 00:00", Pending),
            // Ten working days over the Spring Festival of 2026, with its swapped workdays.
            ("inspect:round-1", "2026-02-03", "2026-02-25 00:00", Pending),
        ],
    );
    let documented = |sections: Value| {
        fact(json!({"fact": "documentation_delivered", "sections": sections, "sha256": "d"}))
    };
    world.did("2026-02-04", &vendor(), documented(json!(["structure"])));
    check(&world, &[("document", "2026-02-04", "2026-02-14 00:00", Pending)]);
    world.did("2026-02-05", &vendor(), documented(json!(["data", "structure"])));
    check(&world, &[("document", "2026-02-05", "2026-02-14 00:00", Met)]);
    world.did("2026-02-06", &customer(), fact(json!({"fact": "feedback_given", "round": 1})));
    check(
        &world,
        &[
            ("inspect:round-1", "2026-02-06", "2026-02-25 00:00", Met),
            ("rework:round-1", "2026-02-06", "2026-02-27 00:00", Pending),
        ],
    );
    world.did("2026-03-01", &vendor(), round("run_finished", 2));
    world.did("2026-03-02 08:00", &vendor(), round("model_delivered", 2));
    check(&world, &[("rework:round-1", "2026-03-02 08:00", "2026-02-27 00:00", Late)]);
    let accept = action(json!({"do": "accept", "delivery": "round-2"}));
    world.did("2026-03-03", &customer(), accept);
    assert_eq!(world.obligation("deliver").met.map(|(at, _)| at), Some(t("2026-03-02 08:00")));
    check(
        &world,
        &[
            ("deliver", "2026-03-03", "2026-06-01 00:00", Met),
            // Three months, then twenty days to report.
            ("report_revenue:customer", "2026-03-03", "2026-06-24 00:00", Pending),
            ("report_revenue:vendor", "2026-03-03", "2026-06-24 00:00", Pending),
        ],
    );
    let revenue = json!({
        "fact": "revenue_reported", "side": "vendor", "amount": crate::world::cny(5),
        "window": window("2026-03-03", "2026-06-01"),
    });
    world.did("2026-06-23 23:00", &vendor(), fact(revenue));
    let rows: Vec<_> = world
        .state
        .obligations
        .iter()
        .filter(|row| row.name.as_str() == "report_revenue:vendor")
        .collect();
    assert_eq!(rows.len(), 2);
    assert!(rows[0].met.is_some() && rows[1].met.is_none());
    check(&world, &[("report_revenue:vendor", "2026-06-23 23:00", "2026-09-21 00:00", Pending)]);
}

fn node(name: &str, since: &str, up: bool) -> contract::Action {
    fact(json!({
        "fact": "node_changed", "node": name, "since": t(since), "up": up, "reason": "x",
    }))
}

#[test]
fn repairs_are_told_in_the_order_of_time_whatever_the_order_of_the_reports() {
    let reports = [
        ("2026-02-01 08:00", false),
        ("2026-02-01 09:00", false),
        ("2026-02-01 10:00", true),
        ("2026-02-02 08:00", false),
        ("2026-02-02 20:00", true),
        ("2026-02-03 08:00", false),
    ];
    let outages = [
        ("2026-02-01 08:00", Some("2026-02-01 10:00")),
        ("2026-02-02 08:00", Some("2026-02-02 20:00")),
        ("2026-02-03 08:00", None),
    ];
    let mut orders = vec![(0..6).collect::<Vec<_>>(), (0..6).rev().collect()];
    orders.push(vec![3, 0, 5, 2, 4, 1]);
    orders.push(vec![1, 4, 0, 0, 3, 5, 2, 2]);
    for order in orders {
        let mut world = World::signed("lease");
        for index in &order {
            let (since, up) = reports[*index];
            world.did("2026-02-04", &deployment(), node("n1", since, up));
        }
        let found: Vec<_> =
            world.state.facts.outages["n1"].iter().map(|row| (row.from, row.to)).collect();
        let want: Vec<_> = outages.iter().map(|(from, to)| (t(from), to.map(t))).collect();
        assert_eq!(found, want, "{order:?}");
        let rows = world.state.obligations.iter().filter(|row| row.name.as_str() == "repair:n1");
        let rows: Vec<_> = rows.map(|row| (row.start, row.met.map(|(at, _)| at))).collect();
        assert_eq!(rows, want, "{order:?}");
        check(&world, &[("repair:n1", "2026-02-03 12:00", "2026-02-03 12:00", Pending)]);
        check(&world, &[("repair:n1", "2026-02-03 12:01", "2026-02-03 12:00", Breached)]);
        let position = world.position("2026-02-04");
        let repairs = position.obligations.iter().filter(|row| row.name.as_str() == "repair:n1");
        let stands: Vec<_> = repairs.map(|row| row.status).collect();
        assert_eq!(stands, [Met, Late, Breached], "{order:?}");
        world.did("2026-02-05", &deployment(), node("n1", "2026-02-03 11:00", true));
        check(&world, &[("repair:n1", "2026-02-05", "2026-02-03 12:00", Met)]);
    }
}

#[test]
fn nodes_with_chinese_names_of_one_length_are_repaired_apart() {
    let mut world = World::signed("lease");
    world.did("2026-02-01 08:00", &deployment(), node("节点一", "2026-02-01 08:00", false));
    world.did("2026-02-01 08:00", &deployment(), node("节点二", "2026-02-01 08:00", false));
    world.did("2026-02-01 10:00", &deployment(), node("节点一", "2026-02-01 09:00", true));
    let repairs: Vec<bool> = world
        .state
        .obligations
        .iter()
        .filter(|row| row.name.as_str().starts_with("repair:"))
        .map(|row| row.met.is_some())
        .collect();
    assert_eq!(repairs, [true, false]);
}

#[test]
fn long_names_that_begin_alike_stay_apart() {
    let (one, two) = (format!("{}-1", "d".repeat(126)), format!("{}-2", "d".repeat(126)));
    let mut world = World::signed("annotation");
    world.did("2026-03-02", &vendor(), submitted(&one, 1));
    world.did("2026-03-02", &vendor(), submitted(&two, 1));
    assert_eq!(tick(&mut world, "2026-03-30"), 2);
    let accepted = world.state.facts.deliveries.values().filter(|row| row.accepted.is_some());
    assert_eq!(accepted.count(), 2);
}

#[test]
fn recurring_duties_come_again_once_met_and_stop_with_the_agreement() {
    let mut world = World::signed("lease");
    let upgraded = || fact(json!({"fact": "upgraded", "software": "cuda", "version": "13"}));
    let report =
        || fact(json!({"fact": "security_report_provided", "standard": "s", "sha256": "r"}));
    world.did("2026-04-01", &vendor(), upgraded());
    world.did("2026-04-10", &vendor(), report());
    check(
        &world,
        &[
            ("upgrade", "2026-04-10", "2026-07-02 00:00", Pending),
            ("report_security", "2026-04-10", "2026-10-11 00:00", Pending),
        ],
    );
    assert_eq!(tick(&mut world, "2027-01-01"), 1);
    // Both were late by the end: the record keeps that.
    check(
        &world,
        &[
            ("upgrade", "2027-01-02", "2026-07-02 00:00", Breached),
            ("report_security", "2027-01-02", "2026-10-11 00:00", Breached),
        ],
    );
    let mut punctual = World::signed("lease");
    punctual.did("2026-12-30", &vendor(), upgraded());
    punctual.did("2026-12-30", &vendor(), report());
    tick(&mut punctual, "2027-01-01");
    check(
        &punctual,
        &[
            ("upgrade", "2027-06-01", "2027-03-31 00:00", Waived),
            ("report_security", "2027-12-01", "2027-07-01 00:00", Waived),
        ],
    );
    punctual.did("2027-01-02", &vendor(), upgraded());
    let open = punctual.state.obligations.iter().filter(|row| row.name.as_str() == "upgrade");
    assert_eq!(open.filter(|row| row.met.is_none() && row.waived.is_none()).count(), 0);
}

#[test]
fn the_service_is_delivered_once_evaluated_and_billed_each_month() {
    let delivered = || fact(json!({"fact": "service_delivered", "version": "1"}));
    let evaluated = |hits: u64| {
        fact(json!({
            "fact": "accuracy_evaluated", "test_set": "gold", "version": "1",
            "ratio": {"hits": hits, "total": 100},
        }))
    };
    let mut world = World::signed("classification");
    world.did("2026-01-15", &vendor(), delivered());
    world.did("2026-02-10", &vendor(), delivered());
    check(
        &world,
        &[
            ("deliver", "2026-02-10", "2026-01-20 00:00", Met),
            ("evaluate", "2026-02-10", "2026-02-16 00:00", Pending),
            ("submit_statement:2026-01", "2026-02-10", "2026-02-07 00:00", Breached),
        ],
    );
    assert_eq!(world.state.facts.service_delivered.map(|(at, _)| at), Some(t("2026-01-15")));
    world.did("2026-02-11", &vendor(), evaluated(80));
    check(
        &world,
        &[
            ("evaluate", "2026-02-11", "2026-03-12 00:00", Pending),
            ("restore_accuracy", "2026-02-11", "2026-03-04 00:00", Pending),
        ],
    );
    world.did("2026-02-12", &vendor(), evaluated(85));
    check(&world, &[("restore_accuracy", "2026-02-12", "2026-03-04 00:00", Pending)]);
    world.did("2026-02-13", &vendor(), evaluated(88));
    check(&world, &[("restore_accuracy", "2026-02-13", "2026-03-04 00:00", Met)]);
    world.did("2026-02-13", &vendor(), action(statement("2026-01", 100)));
    check(
        &world,
        &[
            ("submit_statement:2026-01", "2026-02-13", "2026-02-07 00:00", Late),
            ("submit_statement:2026-02", "2026-02-13", "2026-03-07 00:00", Pending),
        ],
    );
    let per_quantity = json!({"type": "quantity", "images": 1_000, "within": "5d"});
    let mut world = World::signed_with("classification", &[("/service/settlement", per_quantity)]);
    let images = |count: u64| {
        fact(json!({
            "fact": "images_answered", "class": "standard", "count": count, "in_time": count,
            "window": window("2026-01-20 10:00", "2026-01-20 10:10"),
        }))
    };
    world.did("2026-01-21", &deployment(), images(999));
    assert!(!world.has("submit_statement:through:1000"));
    world.did("2026-01-22", &deployment(), images(1));
    check(&world, &[("submit_statement:through:1000", "2026-01-22", "2026-01-28 00:00", Pending)]);
    world.did("2026-01-23", &deployment(), images(2_500));
    assert!(!world.has("submit_statement:through:2000"), "one statement bills both");
    assert!(world.has("submit_statement:through:3000"));
}

#[test]
fn tickets_audits_and_incidents_keep_their_first_clock() {
    let mut world = World::signed("lease");
    let ticket = |verb: &str| fact(json!({"fact": verb, "ticket": "t"}));
    world.did("2026-02-01 10:00", &customer(), ticket("ticket_opened"));
    world.did("2026-02-01 12:00", &customer(), ticket("ticket_opened"));
    check(
        &world,
        &[
            ("answer_ticket:t", "2026-02-01 12:00", "2026-02-01 11:00", Breached),
            ("resolve_ticket:t", "2026-02-01 12:00", "2026-02-02 10:00", Pending),
        ],
    );
    let tickets = world.state.obligations.iter().filter(|row| row.name.as_str().ends_with(":t"));
    assert_eq!(tickets.count(), 2);
    world.did("2026-02-01 13:00", &vendor(), ticket("ticket_resolved"));
    check(
        &world,
        &[
            ("answer_ticket:t", "2026-02-01 13:00", "2026-02-01 11:00", Late),
            ("resolve_ticket:t", "2026-02-01 13:00", "2026-02-02 10:00", Met),
        ],
    );
    let audit = |verb: &str| fact(json!({"fact": verb, "audit": "a"}));
    world.did("2026-02-02", &customer(), audit("audit_requested"));
    check(&world, &[("answer_audit:a", "2026-02-02", "2026-02-15 00:00", Pending)]);
    world.did("2026-02-03", &vendor(), audit("audit_answered"));
    check(&world, &[("answer_audit:a", "2026-02-03", "2026-02-15 00:00", Met)]);
}

#[test]
fn working_days_of_a_year_that_is_not_published_are_provisional() {
    let far = [
        ("/term/ends", json!("2060-12-31")),
        (
            "/service/settlement",
            json!({
                "type": "quantity", "images": 10, "within": "5wd",
            }),
        ),
    ];
    let mut world = World::signed_with("classification", &far);
    let images = json!({
        "fact": "images_answered", "class": "standard", "count": 10, "in_time": 1,
        "window": window("2050-01-20 10:00", "2050-01-20 10:10"),
    });
    world.did("2050-01-21", &deployment(), fact(images));
    let position = world.position("2050-01-21");
    let views = position.obligations.iter();
    let provisional: Vec<&str> =
        views.filter(|view| view.provisional).map(|view| view.name.as_str()).collect();
    assert_eq!(provisional, ["submit_statement:through:10"]);
    assert!(position.provisional);
}

#[test]
fn months_and_years_end_on_the_last_day_where_there_is_no_such_day() {
    let mut world = World::signed_with(
        "lease",
        &[
            ("/term/ends", json!("2029-12-31")),
            ("/service/upgrades/every", json!("1mo")),
            ("/security/report_every", json!("1y")),
        ],
    );
    let upgraded = || fact(json!({"fact": "upgraded", "software": "s", "version": "1"}));
    let report =
        || fact(json!({"fact": "security_report_provided", "standard": "s", "sha256": "r"}));
    world.did("2026-01-31", &vendor(), upgraded());
    check(&world, &[("upgrade", "2026-01-31", "2026-03-01 00:00", Pending)]);
    world.did("2028-01-31", &vendor(), upgraded());
    check(&world, &[("upgrade", "2028-01-31", "2028-03-01 00:00", Pending)]);
    world.did("2028-02-29", &vendor(), report());
    check(&world, &[("report_security", "2028-02-29", "2029-03-01 00:00", Pending)]);
}
