//! How an agreement ends and goes on: notices of both parties, agreement, expiry, renewal.

use contract::event::{Event, TerminationGround};
use serde_json::{Value, json};

use crate::world::{World, action, customer, deployment, t, vendor};

fn notice(ground: &str, effective: &str) -> contract::Action {
    let effective = t(effective);
    action(json!({"do": "give_notice", "ground": ground, "support": null, "effective": effective}))
}

fn ended_on(world: &mut World, ticks: &[&str]) -> Option<(String, TerminationGround)> {
    for at in ticks {
        world.did(at, &deployment(), contract::Action::Tick);
        if let Some(ended) = world.state.ended {
            return Some(((*at).to_string(), ended.ground));
        }
    }
    None
}

const DAYS: [&str; 5] = ["2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01", "2027-01-01"];

#[test]
fn an_end_by_agreement_comes_on_the_day_that_both_named() {
    let mut world = World::signed("training");
    world.did("2026-02-01", &customer(), notice("agreement", "2026-04-01"));
    assert!(world.state.notice.is_none(), "one party alone proposes");
    let counter = world.did("2026-02-02", &vendor(), notice("agreement", "2026-05-01"));
    assert_eq!(counter.len(), 1, "another day is a counter-proposal");
    assert!(world.state.notice.is_none());
    world.did("2026-02-03", &customer(), notice("agreement", "2026-05-01"));
    let want = Some(("2026-05-01".into(), TerminationGround::Agreement));
    assert_eq!(ended_on(&mut world, &DAYS), want);
    let mut at_once = World::signed("training");
    at_once.did("2026-02-01", &customer(), notice("agreement", "2026-02-02"));
    let events = at_once.did("2026-02-02", &vendor(), notice("agreement", "2026-02-02"));
    assert!(matches!(events[1], Event::AgreementEnded { ground: TerminationGround::Agreement }));
    let mut alone = World::signed("training");
    alone.did("2026-02-01", &customer(), notice("agreement", "2026-03-01"));
    let want = Some(("2027-01-01".into(), TerminationGround::Expiry));
    assert_eq!(ended_on(&mut alone, &DAYS), want, "a proposal that nobody joins ends nothing");
}

#[test]
fn a_proposal_never_takes_back_the_other_partys_notice() {
    let mut world = World::signed("lease");
    world.did("2026-02-01", &customer(), notice("convenience", "2026-04-01"));
    world.did("2026-02-02", &vendor(), notice("agreement", "2026-06-01"));
    world.did("2026-02-03", &vendor(), notice("insolvency", "2026-05-01"));
    let want = Some(("2026-04-01".into(), TerminationGround::Convenience));
    assert_eq!(ended_on(&mut world, &DAYS), want);
}

#[test]
fn the_term_ends_with_its_last_day_and_a_renewal_moves_it() {
    let mut world = World::signed("lease");
    let ask = |until: &str| action(json!({"do": "request_renewal", "until": until}));
    assert_eq!(world.code("2026-11-01", &vendor(), ask("2027-12-31")), "wrong_party");
    assert_eq!(world.code("2026-11-01", &customer(), ask("2026-12-31")), "empty_window");
    assert_eq!(world.code("2026-12-15", &customer(), ask("2027-12-31")), "notice_too_short");
    let agree = || action(json!({"do": "agree_renewal"}));
    assert_eq!(world.code("2026-11-01", &vendor(), agree()), "unknown");
    world.did("2026-11-01", &customer(), ask("2027-12-31"));
    assert_eq!(world.code("2026-11-02", &customer(), agree()), "wrong_party");
    assert_eq!(world.code("2027-01-01", &vendor(), agree()), "has_ended", "the term has passed");
    let mut lapsed = world.clone();
    world.did("2026-12-31", &vendor(), agree());
    assert_eq!(world.did("2027-01-01", &deployment(), contract::Action::Tick), []);
    assert_eq!(world.did("2028-01-01", &deployment(), contract::Action::Tick).len(), 1);
    assert_eq!(lapsed.did("2026-12-31 23:59", &deployment(), contract::Action::Tick), []);
    let end = lapsed.did("2027-01-01", &deployment(), contract::Action::Tick);
    assert!(matches!(end[..], [Event::AgreementEnded { ground: TerminationGround::Expiry }]));
}

#[test]
fn an_early_end_takes_back_what_was_not_due_yet_and_nothing_else() {
    let mut world = World::signed("annotation");
    world.did("2026-02-02", &customer(), notice("insolvency", "2026-02-02"));
    let statuses: Vec<(String, String)> = world
        .position("2026-02-02")
        .obligations
        .iter()
        .map(|view| (view.name.to_string(), format!("{:?}", view.status)))
        .collect();
    let of = |name: &str| {
        let row = statuses.iter().find(|(known, _)| known == name);
        row.map(|(_, status)| status.as_str())
    };
    assert_eq!(of("deliver"), Some("Waived"));
    assert_eq!(of("report_security"), Some("Waived"));
    assert_eq!(of("provide_guideline"), Some("Breached"));
    assert_eq!(of("export"), Some("Pending"));
}

#[test]
fn a_late_payer_can_be_left_after_the_agreed_days() {
    use crate::table::{invoice, open, payment, statement};
    let mut world = World::signed("lease");
    world.did("2026-02-02", &vendor(), action(statement("2026-01", 100)));
    let approve = json!({"do": "approve_statement", "statement": "2026-01"});
    world.did("2026-02-02", &customer(), action(approve));
    world.did("2026-02-02", &vendor(), action(invoice(1, "2026-01", 100, "2026-02-20")));
    let leave = |at: &str| {
        let effective = t(at);
        action(json!({
            "do": "give_notice", "ground": "late_payment", "support": "1", "effective": effective,
        }))
    };
    assert_eq!(world.code("2026-03-22", &vendor(), leave("2026-03-22")), "clock_still_runs");
    assert_eq!(world.code("2026-03-23", &vendor(), leave("2026-03-23")), "ok");
    world.did("2026-03-22", &vendor(), action(payment("p", 100, "2026-03-22", open())));
    assert_eq!(world.code("2026-03-23", &vendor(), leave("2026-03-23")), "decided");
}

#[test]
fn gaps_conflicts_and_cases_show_in_the_position() {
    let mut world = World::signed("lease");
    let sampled = |seq: Option<u64>| {
        action(json!({
            "do": "record",
            "fact": {"fact": "storage_sampled", "taken": t("2026-02-01"), "bytes": 5},
            "source": {"source": "slurm", "id": "x", "seq": seq, "content": "c"},
        }))
    };
    for seq in [3, 1, 2, 7, 7, 9, 8] {
        world.did("2026-02-02", &deployment(), sampled(Some(seq)));
    }
    world.did("2026-02-02", &deployment(), sampled(None));
    let sealed = json!({
        "fact": "source_sealed", "source": "slurm", "from_seq": 1, "to_seq": 12, "count": 12,
    });
    world.did("2026-02-03", &deployment(), crate::world::fact(sealed));
    let conflict = json!({
        "do": "note_conflict", "got": "other",
        "have": {"source": "slurm", "id": "x", "seq": 3, "content": "c"},
    });
    world.did("2026-02-03", &deployment(), action(conflict));
    let declared = json!({"do": "declare_force_majeure", "case": "flood", "from": t("2026-02-03")});
    world.did("2026-02-03", &vendor(), action(declared));
    let position = world.position("2026-02-04");
    assert_eq!(position.gaps["slurm"], [(4, 6), (10, 12)]);
    assert_eq!((position.conflicts, position.force_majeure.len()), (1, 1));
    assert_eq!(world.position("2026-02-02").force_majeure.len(), 0);
    let json: Value = serde_json::to_value(&position).expect("a position serialises");
    assert_eq!(json["phase"], "in_force");
}

#[test]
fn an_end_that_is_noted_late_counts_from_the_day_that_it_was_named_for() {
    let mut world = World::signed("lease");
    world.did("2027-02-01", &deployment(), contract::Action::Tick);
    assert_eq!(world.state.ended.map(|ended| ended.at), Some(t("2027-01-01")));
    assert_eq!(world.stands("stop_use", "2027-02-01").0, "2027-01-08 00:00");
    let mut world = World::signed("lease");
    world.did("2026-02-01", &customer(), notice("convenience", "2026-04-01 12:00"));
    world.did("2026-05-01", &deployment(), contract::Action::Tick);
    assert_eq!(world.state.ended.map(|ended| ended.at), Some(t("2026-04-01 12:00")));
    assert_eq!(world.stands("stop_use", "2026-05-01").0, "2026-04-09 00:00");
}
