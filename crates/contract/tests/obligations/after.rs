//! Clocks of money, of force majeure, of claims and of the wind-down.

use contract::obligation::ObligationStatus::{Breached, Late, Met, Pending, Suspended, Waived};
use serde_json::json;

use super::{check, node, tick};
use crate::table::{invoice, open, payment, statement};
use crate::world::{World, action, customer, deployment, fact, t, vendor};

fn force_majeure(world: &mut World, case: &str, from: &str, told: &str, to: Option<(&str, &str)>) {
    let declared = json!({"do": "declare_force_majeure", "case": case, "from": t(from)});
    world.did(told, &vendor(), action(declared));
    if let Some((to, at)) = to {
        let ended = json!({"do": "end_force_majeure", "case": case, "to": t(to)});
        world.did(at, &vendor(), action(ended));
    }
}

#[test]
fn force_majeure_stops_the_clocks_of_the_hindered_party_alone() {
    let mut world = World::signed("lease");
    world.did("2026-02-01 08:00", &deployment(), node("n1", "2026-02-01 08:00", false));
    check(&world, &[("repair:n1", "2026-02-01 08:00", "2026-02-01 12:00", Pending)]);
    force_majeure(&mut world, "flood", "2026-02-01 10:00", "2026-02-01 11:00", None);
    check(
        &world,
        &[
            ("repair:n1", "2026-02-01 11:00", "2026-02-01 13:00", Suspended),
            ("repair:n1", "2026-02-03 11:00", "2026-02-03 13:00", Suspended),
            // The customer's own duties run on.
            ("prepay", "2026-02-01 11:00", "2026-01-20 00:00", Breached),
            ("customer_duty:answers", "2026-02-01 11:00", "2026-01-21 00:00", Breached),
            // Telling and proving are not stopped by what they tell of.
            ("notify_force_majeure:flood", "2026-02-01 11:00", "2026-02-07 00:00", Met),
            ("prove_force_majeure:flood", "2026-02-01 11:00", "2026-02-22 00:00", Pending),
            ("prove_force_majeure:flood", "2026-02-22", "2026-02-22 00:00", Breached),
        ],
    );
    let ended = json!({
        "do": "end_force_majeure", "case": "flood", "to": t("2026-02-01 16:30"),
    });
    world.did("2026-02-02", &vendor(), action(ended));
    check(
        &world,
        &[
            ("repair:n1", "2026-02-01 16:30", "2026-02-01 18:30", Pending),
            ("repair:n1", "2026-02-01 18:31", "2026-02-01 18:30", Breached),
        ],
    );
    // A second case that overlaps the first stops nothing twice.
    force_majeure(
        &mut world,
        "strike",
        "2026-02-01 16:00",
        "2026-02-02",
        Some(("2026-02-01 17:00", "2026-02-02")),
    );
    check(&world, &[("repair:n1", "2026-02-02", "2026-02-01 19:00", Breached)]);
}

#[test]
fn payment_runs_through_force_majeure_unless_agreed_otherwise() {
    for (suspends, due, status) in
        [(false, "2026-01-20 00:00", Breached), (true, "2026-01-23 00:00", Suspended)]
    {
        let terms = [("/force_majeure/suspends_payment", json!(suspends))];
        let mut world = World::signed_with("lease", &terms);
        let declared = json!({
            "do": "declare_force_majeure", "case": "flood", "from": t("2026-01-08"),
        });
        world.did("2026-01-08", &customer(), action(declared));
        if suspends {
            assert_eq!(world.stands("prepay", "2026-01-21").1, status);
            continue;
        }
        check(&world, &[("prepay", "2026-01-21", due, status)]);
    }
}

#[test]
fn deadlines_never_move_back_while_a_case_lasts() {
    let mut world = World::signed("classification");
    force_majeure(&mut world, "flood", "2026-01-07", "2026-01-07", None);
    let mut last = String::new();
    for day in 7..28 {
        let (due, status) = world.stands("deliver", &format!("2026-01-{day:02} 12:00"));
        assert!(due >= last, "{due} after {last}");
        assert_eq!(status, Suspended);
        last = due;
    }
}

#[test]
fn an_invoice_is_paid_on_the_day_of_the_payment_that_covered_it() {
    let approve = |name: &str| action(json!({"do": "approve_statement", "statement": name}));
    let mut world = World::signed("lease");
    for (index, name) in ["2026-01", "2026-02"].iter().enumerate() {
        let number = u32::try_from(index).expect("small") + 1;
        let due = format!("2026-0{}-20", index + 2);
        let at = format!("2026-0{}-02", index + 2);
        world.did(&at, &vendor(), action(statement(name, 1_000)));
        world.did(&at, &customer(), approve(name));
        world.did(&at, &vendor(), action(invoice(number, name, 1_000, &due)));
    }
    check(
        &world,
        &[
            ("pay:1", "2026-02-20 23:59", "2026-02-21 00:00", Pending),
            ("pay:1", "2026-02-21", "2026-02-21 00:00", Breached),
        ],
    );
    // Recorded late and out of order: the money for the first was there on the 19th.
    world.did("2026-03-05", &vendor(), action(payment("b", 400, "2026-03-04", open())));
    world.did("2026-03-06", &vendor(), action(payment("a", 1_000, "2026-02-19", open())));
    check(
        &world,
        &[
            ("pay:1", "2026-03-06", "2026-02-21 00:00", Met),
            ("pay:2", "2026-03-06", "2026-03-21 00:00", Pending),
        ],
    );
    assert_eq!(world.obligation("pay:1").met.map(|(at, _)| at), Some(t("2026-02-19")));
    let mut named = world.clone();
    let second = json!({"for": "invoice", "number": 2});
    named.did("2026-03-10", &vendor(), action(payment("c", 600, "2026-03-09", second)));
    check(&named, &[("pay:2", "2026-03-10", "2026-03-21 00:00", Met)]);
    // A credit note for the rest: the payment that stands was in time.
    let note = crate::table::credit_note(1, 2, 600);
    world.did("2026-04-10", &vendor(), action(note));
    check(&world, &[("pay:2", "2026-04-10", "2026-03-21 00:00", Met)]);
    assert_eq!(world.obligation("pay:2").met.map(|(at, _)| at), Some(t("2026-03-04")));
    let money = world.position("2026-04-10").money.expect("there is money");
    assert_eq!((money.open.minor(), money.overdue.minor()), (0, 0));
    assert_eq!((money.invoiced.minor(), money.credited.minor()), (2_000, 600));
}

#[test]
fn a_prepayment_is_met_once_it_is_whole() {
    let mut world = World::signed("lease");
    let prepaid = || json!({"for": "prepayment"});
    world.did("2026-01-12", &vendor(), action(payment("a", 60_000, "2026-01-12", prepaid())));
    check(&world, &[("prepay", "2026-01-12", "2026-01-20 00:00", Pending)]);
    world.did("2026-01-20", &vendor(), action(payment("b", 40_000, "2026-01-19", prepaid())));
    check(&world, &[("prepay", "2026-01-20", "2026-01-20 00:00", Met)]);
}

#[test]
fn silence_approves_a_statement() {
    let mut world = World::signed("lease");
    world.did("2026-02-02 09:00", &vendor(), action(statement("2026-01", 100)));
    let review = "review_statement:2026-01";
    check(&world, &[(review, "2026-02-02 09:00", "2026-02-10 00:00", Pending)]);
    assert_eq!(tick(&mut world, "2026-02-09 23:59"), 0);
    assert_eq!(tick(&mut world, "2026-02-10"), 1);
    assert!(world.state.money.statements.values().all(|row| row.approved.is_some()));
}

#[test]
fn the_wind_down_deletes_after_the_export_and_keeps_secrets_for_years() {
    let mut world = World::ended("lease");
    check(
        &world,
        &[
            ("stop_use", "2027-01-01", "2027-01-08 00:00", Pending),
            ("export", "2027-01-01", "2027-04-01 00:00", Pending),
            ("delete", "2027-01-01", "2027-05-01 00:00", Pending),
            ("keep_secret:vendor", "2027-01-01", "2030-01-01 00:00", Pending),
            ("keep_secret:vendor", "2031-01-01", "2030-01-01 00:00", Met),
        ],
    );
    world.did("2027-01-10", &customer(), fact(json!({"fact": "use_stopped"})));
    world.did("2027-01-12", &vendor(), fact(json!({"fact": "export_provided", "sha256": "x"})));
    world.did("2027-01-15", &customer(), fact(json!({"fact": "export_accepted"})));
    check(
        &world,
        &[
            ("stop_use", "2027-01-15", "2027-01-08 00:00", Late),
            ("export", "2027-01-15", "2027-04-01 00:00", Met),
            ("delete", "2027-01-15", "2027-02-15 00:00", Pending),
        ],
    );
    world.did("2027-02-16", &vendor(), fact(json!({"fact": "data_deleted", "sha256": "c"})));
    check(&world, &[("delete", "2027-02-16", "2027-02-15 00:00", Late)]);
    let at_end = [("/data_rights/delete_after", json!("termination"))];
    let mut eager = World::signed_with("lease", &at_end);
    tick(&mut eager, "2027-01-01");
    check(&eager, &[("delete", "2027-01-01", "2027-01-31 00:00", Pending)]);
    eager.did("2027-01-02", &vendor(), fact(json!({"fact": "data_deleted", "sha256": "c"})));
    let mut disclosed = World::signed("lease");
    let remind = json!({
        "do": "remind_breach", "reminder": "leak", "breach": "disclosure", "clause": "lease-4.2",
    });
    disclosed.did("2026-12-01", &vendor(), action(remind));
    tick(&mut disclosed, "2027-01-01");
    check(
        &disclosed,
        &[
            ("keep_secret:customer", "2027-01-02", "2030-01-01 00:00", Breached),
            ("keep_secret:vendor", "2027-01-02", "2030-01-01 00:00", Pending),
        ],
    );
}

#[test]
fn what_is_waived_by_the_creditor_is_owed_no_more() {
    let mut world = World::signed("lease");
    let waive = || action(json!({"do": "waive", "obligation": "upgrade"}));
    assert_eq!(world.code("2026-02-01", &vendor(), waive()), "wrong_party");
    world.did("2026-02-01", &customer(), waive());
    check(&world, &[("upgrade", "2027-01-01", "2026-04-06 00:00", Waived)]);
    assert_eq!(world.code("2026-02-02", &customer(), waive()), "unknown");
}

#[test]
fn claims_patents_and_disputes_have_their_clocks() {
    let mut world = World::signed("training");
    let indemnity = json!({"basis": "indemnity", "indemnity": "ip"});
    let claim = crate::table::claim("c", "customer", indemnity, 100, 0);
    world.did("2026-02-05", &customer(), action(claim));
    check(
        &world,
        &[
            // From 1 February, when it happened; from 5 February, when it was raised.
            ("notify_claim:c", "2026-02-05", "2026-02-12 00:00", Pending),
            ("defend:c", "2026-02-05", "2026-02-26 00:00", Pending),
        ],
    );
    let told = json!({"fact": "indemnity_notified", "claim": "c", "scope": "ip_infringement"});
    world.did("2026-02-06", &customer(), fact(told));
    world.did("2026-02-26", &vendor(), action(json!({"do": "assume_defence", "claim": "c"})));
    check(
        &world,
        &[
            ("notify_claim:c", "2026-02-26", "2026-02-12 00:00", Met),
            ("defend:c", "2026-02-26", "2026-02-26 00:00", Late),
        ],
    );
    world.did("2026-03-01", &vendor(), action(json!({"do": "propose_patent", "proposal": "p"})));
    check(&world, &[("answer_patent:p", "2026-03-01", "2026-04-01 00:00", Pending)]);
    let joins = json!({"do": "answer_patent", "proposal": "p", "joins": true});
    world.did("2026-03-31", &customer(), action(joins));
    check(&world, &[("answer_patent:p", "2026-04-02", "2026-04-01 00:00", Met)]);
    let dispute = json!({
        "do": "open_dispute", "dispute": "d", "subject": {"about": "clause"},
        "clause": "train-9.1",
    });
    world.did("2026-04-01", &customer(), action(dispute));
    check(&world, &[("negotiate:d", "2026-04-01", "2026-05-02 00:00", Pending)]);
    let file = json!({"do": "file_dispute", "dispute": "d", "docket": "1"});
    world.did("2026-05-02", &customer(), action(file));
    assert_eq!(world.stands("negotiate:d", "2026-05-02").1, Waived);
    assert_eq!(world.position("2026-05-02").disputes.len(), 1);
}

#[test]
fn a_reminder_gives_time_to_mend() {
    let mut world = World::signed("lease");
    let remind = |name: &str| {
        action(json!({
            "do": "remind_breach", "reminder": name, "breach": "late_repair",
            "clause": "lease-6.2",
        }))
    };
    world.did("2026-02-01", &customer(), remind("a"));
    check(
        &world,
        &[
            ("cure:a", "2026-02-21 23:59", "2026-02-22 00:00", Pending),
            ("cure:a", "2026-02-22", "2026-02-22 00:00", Breached),
        ],
    );
    world.did("2026-02-10", &customer(), action(json!({"do": "confirm_cure", "reminder": "a"})));
    check(&world, &[("cure:a", "2026-03-01", "2026-02-22 00:00", Met)]);
}
