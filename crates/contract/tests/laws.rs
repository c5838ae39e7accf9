//! Laws that hold for any sequence of requests and of events: nothing panics, nothing is lost,
//! replaying gives the same, and money stays within its bounds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use contract::event::{Actor, Event, Fact, Recorded};
use contract::state::State;
use contract::terms::{Purpose, Side};
use contract::{Action, Command, Refusal, Resource, apply, decide, may, measurements, position};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree as _;
use serde_json::{Value, json};
use units::Timestamp;

use crate::table::{claim, credit_note, every_action, invoice, open, payment, statement};
use crate::world::{KINDS, World, action, cny, code_of, t, window};

const NAMES: [&str; 3] = ["a", "b", "round-1"];
const DAYS: [&str; 4] = ["2026-01-04", "2026-01-05", "2026-01-06", "2026-12-31"];

/// Facts of every kind of agreement, about few names, so that they meet.
fn facts(name: &str, number: u32, from: &str) -> Vec<Value> {
    let (to, number64) = (format!("{from} 18:00"), u64::from(number));
    let span = window(&format!("{from} 06:00"), &to);
    let sha = format!("s{number}");
    vec![
        json!({"fact": "guideline_provided", "version": number, "sha256": sha}),
        json!({"fact": "data_provided", "batch": "batch-1", "quantity": number64 * 300,
            "sha256": sha}),
        json!({"fact": "data_provided", "batch": "corpus", "quantity": 300, "sha256": sha}),
        json!({"fact": "duty_fulfilled", "duty": "answers"}),
        json!({"fact": "delivery_submitted", "delivery": name, "round": number, "sha256": sha,
            "items": [{"item": "boxes", "quantity": u64::MAX}]}),
        json!({"fact": "seed_committed", "delivery": name, "side": "customer",
            "commitment": sha}),
        json!({"fact": "seed_committed", "delivery": name, "side": "vendor", "commitment": sha}),
        json!({"fact": "seed_revealed", "delivery": name, "side": "vendor", "seed": sha}),
        json!({"fact": "inspected", "delivery": name, "round": number, "sha256": sha,
            "results": [{"item": "boxes", "metric": "box_f1", "verdict": "not_met",
                "ratio": {"hits": 8, "total": 10}, "value": null}]}),
        json!({"fact": "test_set_sealed", "test_set": "gold", "items": 100, "sha256": sha}),
        json!({"fact": "run_finished", "round": number, "parameters": 1, "data_bytes": 1,
            "training_seconds": u64::MAX}),
        json!({"fact": "model_evaluated", "round": number, "test_set": "gold", "results": []}),
        json!({"fact": "model_delivered", "round": number, "sha256": sha}),
        json!({"fact": "documentation_delivered", "sections": ["structure", "data"],
            "sha256": sha}),
        json!({"fact": "feedback_given", "round": number}),
        json!({"fact": "revenue_reported", "side": "vendor", "window": span, "amount": cny(5)}),
        json!({"fact": "job_ran", "job": name, "devices": ["n1:gpu0"], "window": span,
            "end": "completed", "purpose": null}),
        json!({"fact": "storage_sampled", "taken": span.from, "bytes": 5}),
        json!({"fact": "node_changed", "node": "n1", "since": span.from, "up": false,
            "reason": name}),
        json!({"fact": "node_changed", "node": "n1", "since": span.to, "up": true, "reason": name}),
        json!({"fact": "probed", "resource": "a100", "metric": "flops", "load_percent": number,
            "value": {"num": "5", "den": "1"}, "sha256": sha}),
        json!({"fact": "upgraded", "software": name, "version": sha}),
        json!({"fact": "service_delivered", "version": sha}),
        json!({"fact": "images_answered", "class": "standard", "window": span,
            "count": u64::MAX - number64, "in_time": 1}),
        json!({"fact": "service_observed", "window": span, "state": "down"}),
        json!({"fact": "accuracy_evaluated", "test_set": "gold", "version": sha,
            "ratio": {"hits": 85 + number64, "total": 100}}),
        json!({"fact": "exclusion_agreed", "exclusion": name, "side": "vendor", "window": span,
            "reason": "maintenance"}),
        json!({"fact": "exclusion_agreed", "exclusion": name, "side": "customer", "window": span,
            "reason": "maintenance"}),
        json!({"fact": "ticket_opened", "ticket": name}),
        json!({"fact": "ticket_resolved", "ticket": name}),
        json!({"fact": "support_rendered", "window": span, "hours": {"num": "3", "den": "2"},
            "migration": false}),
        json!({"fact": "breach_discovered", "incident": name, "discovered": span.from}),
        json!({"fact": "security_report_provided", "standard": name, "sha256": sha}),
        json!({"fact": "audit_requested", "audit": name}),
        json!({"fact": "consent_given", "purpose": "evaluation"}),
        json!({"fact": "consent_withdrawn", "purpose": "evaluation"}),
        json!({"fact": "use_stopped"}),
        json!({"fact": "export_provided", "sha256": sha}),
        json!({"fact": "export_accepted"}),
        json!({"fact": "data_deleted", "sha256": sha}),
        json!({"fact": "indemnity_notified", "claim": name, "scope": "ip_infringement"}),
        json!({"fact": "source_sealed", "source": "s", "from_seq": 0, "to_seq": number,
            "count": number}),
    ]
}

/// Requests about few names, so that they meet; most are refused somewhere, none may panic.
fn requests(name: &str, number: u32, day: &str) -> Vec<Value> {
    let (gross, at) = (100 * i128::from(number), t(day));
    let money = |minor: i128| serde_json::to_value(cny(minor)).expect("money serialises");
    let mut all: Vec<Value> = facts(name, number, day)
        .into_iter()
        .enumerate()
        .map(|(index, fact)| {
            let seq = u64::from(number) * 3 + index as u64;
            let source = json!({"source": "s", "id": name, "seq": seq, "content": "c"});
            let source = if index % 2 == 0 { source } else { Value::Null };
            json!({"do": "record", "fact": fact, "source": source})
        })
        .collect();
    all.extend(every_action().into_iter().map(|(_, request)| request));
    all.extend([
        json!({"do": "tick"}),
        json!({"do": "tick"}),
        json!({"do": "accept", "delivery": name}),
        json!({"do": "reject", "delivery": name, "failed": ["box_f1"]}),
        statement(name, gross),
        json!({"do": "approve_statement", "statement": name}),
        json!({"do": "object_to_statement", "statement": name, "lines": [0], "reason": "price",
            "disputed": money(10), "undisputed": money(gross - 10)}),
        invoice(number, name, gross, day),
        invoice(number, name, gross - 10, day),
        credit_note(number, 1, 30),
        payment(name, gross, day, open()),
        payment(&format!("p{number}"), gross, day, json!({"for": "prepayment"})),
        payment(&format!("i{number}"), gross, day, json!({"for": "invoice", "number": number})),
        json!({"do": "waive", "obligation": "upgrade"}),
        json!({"do": "declare_force_majeure", "case": name, "from": at}),
        json!({"do": "end_force_majeure", "case": name, "to": at.plus_seconds(3_600)}),
        json!({"do": "prove_force_majeure", "case": name, "sha256": "p"}),
        json!({"do": "remind_breach", "reminder": name, "breach": "disclosure",
            "clause": "train-7.1"}),
        json!({"do": "confirm_cure", "reminder": name}),
        json!({"do": "give_notice", "ground": "agreement", "support": null,
            "effective": at.plus_seconds(864_000)}),
        json!({"do": "give_notice", "ground": "breach", "support": name, "effective": at}),
        json!({"do": "give_notice", "ground": "convenience", "support": null,
            "effective": at.plus_seconds(86_400 * 40)}),
        json!({"do": "request_renewal", "until": "2028-12-31"}),
        json!({"do": "agree_renewal"}),
        claim(name, "customer", json!({"basis": "loss"}), gross, 5),
        claim(name, "customer", json!({"basis": "indemnity", "indemnity": "ip"}), gross, 0),
        json!({"do": "answer_claim", "claim": name, "accepted": money(gross)}),
        json!({"do": "assume_defence", "claim": name}),
        json!({"do": "settle_claim", "claim": name, "amount": money(gross)}),
        json!({"do": "open_dispute", "dispute": name, "clause": "train-9.1",
            "subject": {"about": "claim", "claim": name}}),
        json!({"do": "settle_dispute", "dispute": name, "amount": money(50)}),
        json!({"do": "settle_dispute", "dispute": name, "amount": money(50)}),
        json!({"do": "reject", "delivery": name, "failed": ["f1"]}),
        json!({"do": "file_dispute", "dispute": name, "docket": "1"}),
        json!({"do": "file_dispute", "dispute": name, "docket": "2"}),
        json!({"do": "record_decision", "dispute": name, "amount": money(gross)}),
        json!({"do": "record_decision", "dispute": name, "amount": null}),
        json!({"do": "propose_patent", "proposal": name}),
        json!({"do": "answer_patent", "proposal": name, "joins": true}),
    ]);
    all
}

/// A step: what is asked for, by whom, after how many hours.
#[derive(Debug, Clone)]
struct Step {
    hours: u32,
    actor: Actor,
    action: Action,
}

fn step() -> impl Strategy<Value = Step> {
    let who = select(vec![
        Actor::of(Side::Customer, "c"),
        Actor::of(Side::Vendor, "v"),
        Actor::Deployment { name: "d".into() },
    ]);
    (any::<Index>(), 1_u32..4, select(NAMES.to_vec()), select(DAYS.to_vec()), who, 0_u32..600)
        .prop_map(|(index, number, name, day, actor, hours)| {
            let all = &ALL[&(name, number, day)];
            let (by, action) = all[index.index(all.len())].clone();
            let hours = if hours % 3 == 0 { hours / 3 } else { 0 };
            Step { hours, actor: by.unwrap_or(actor), action }
        })
}

/// Requests by name, number and day, each with the party that would make it where one would.
type Requests = BTreeMap<(&'static str, u32, &'static str), Vec<(Option<Actor>, Action)>>;

static ALL: LazyLock<Requests> = LazyLock::new(|| {
    let mut all = Requests::new();
    for name in NAMES {
        for number in 1..4 {
            for day in DAYS {
                let found = requests(name, number, day).into_iter().map(|request| {
                    let request = action(request);
                    (asker(&request), request)
                });
                all.insert((name, number, day), found.collect());
            }
        }
    }
    all
});

/// Who would ask, where only one party may: so that a journal grows. Others are drawn by chance.
fn asker(action: &Action) -> Option<Actor> {
    let side = match action {
        Action::Accept { .. }
        | Action::Reject { .. }
        | Action::ApproveStatement { .. }
        | Action::ObjectToStatement { .. }
        | Action::RequestRenewal { .. }
        | Action::RaiseClaim(_) => Side::Customer,
        Action::SubmitStatement(_)
        | Action::IssueInvoice(_)
        | Action::IssueCreditNote(_)
        | Action::AgreeRenewal
        | Action::AnswerClaim { .. }
        | Action::Record {
            fact: Fact::DeliverySubmitted { .. } | Fact::ModelDelivered { .. },
            ..
        } => Side::Vendor,
        _ => return None,
    };
    Some(Actor::of(side, "by"))
}

fn kind() -> impl Strategy<Value = &'static str> {
    select(KINDS.to_vec())
}

/// Plays steps; refused ones leave no trace.
fn play(world: &mut World, steps: &[Step]) {
    let mut at = t("2026-01-05 09:00");
    for step in steps {
        at = at.plus_seconds(i64::from(step.hours) * 3_600);
        let _ = world.ask(at, &step.actor, step.action.clone());
    }
}

fn replay<'a>(log: impl IntoIterator<Item = &'a Recorded>) -> State {
    let mut state = State::default();
    for recorded in log {
        apply(&mut state, recorded);
    }
    state
}

/// What holds of every state, however it came about.
fn look_at(state: &State) {
    for as_of in ["1970-01-01", "2025-12-31", "2026-06-30", "2028-02-29", "2100-01-01"] {
        let position = position(state, t(as_of));
        let known = state.agreement.as_ref().map_or(0, |_| state.obligations.len());
        assert_eq!(position.obligations.len(), known);
        serde_json::to_string(&position).expect("a position serialises");
        for (_, purpose) in Purpose::ALL {
            let _ = may(state, Side::Vendor, Resource::CustomerData, *purpose, t(as_of));
        }
    }
    for measurement in measurements(state) {
        assert!(measurement.window.from <= measurement.window.to, "{measurement:?}");
    }
}

/// What holds of every state that came about by decisions.
fn sound(state: &State) {
    let series = |numbers: Vec<u32>| numbers.iter().zip(1..).all(|(got, want)| *got == want);
    let invoices = &state.money.invoices;
    assert!(series(invoices.iter().map(|row| row.summary.number).collect()));
    assert!(series(state.money.credit_notes.iter().map(|row| row.number).collect()));
    for invoice in invoices {
        assert!(invoice.credited_minor <= invoice.summary.gross.minor());
        let statement = &state.money.statements[&invoice.summary.statement];
        assert!(statement.approved.is_some() && statement.invoice.is_some());
    }
    let left = contract::paid::open_minor(state);
    assert!(left.values().all(|left| *left >= 0));
    for (number, left) in &left {
        let name = contract::obligation::name(
            contract::obligation::ObligationKind::Pay,
            &number.to_string(),
        );
        assert_eq!(state.open_obligation(&name).is_some(), *left > 0, "invoice {number}");
    }
    for delivery in state.facts.deliveries.values() {
        let decided = delivery.accepted.is_some() || delivery.rejected.is_some();
        assert!(!decided || delivery.round > 0, "what was decided was handed over");
        assert!(delivery.accepted.is_none() || delivery.rejected.is_none());
    }
    for round in state.facts.rounds.values() {
        assert!(round.accepted.is_none() || round.delivered.is_some());
        assert!(round.delivered.is_none() || round.run.is_some());
    }
    for claim in state.claims.values() {
        let claimed = claim.claim.direct.minor() + claim.claim.indirect.minor();
        assert!(claim.settled.is_none_or(|settled| settled.minor() <= claimed));
    }
    for outages in state.facts.outages.values() {
        assert!(outages.iter().all(|row| row.to.is_none_or(|to| row.from <= to)));
        assert!(outages.windows(2).all(|pair| pair[0].to.is_some_and(|to| to <= pair[1].from)));
    }
    let names: BTreeSet<_> = state
        .obligations
        .iter()
        .filter(|row| row.met.is_none() && row.waived.is_none())
        .map(|row| {
            assert!(state.open_obligation(&row.name).is_some(), "{} is open", row.name);
            &row.name
        })
        .collect();
    let open = state.obligations.iter().filter(|row| row.met.is_none() && row.waived.is_none());
    assert_eq!(open.count(), names.len(), "only one of a name is open");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_decided_applies_and_what_is_refused_leaves_no_trace(
        kind in kind(),
        steps in prop::collection::vec(step(), 1..200),
    ) {
        let mut world = World::signed(kind);
        let mut at = t("2026-01-05 09:00");
        for step in &steps {
            at = at.plus_seconds(i64::from(step.hours) * 3_600);
            let before = world.state.clone();
            let command = Command::new(step.actor.clone(), step.action.clone());
            let first = decide(&world.state, &command, at);
            prop_assert_eq!(&world.state, &before, "deciding changes nothing");
            prop_assert_eq!(&decide(&world.state, &command, at), &first, "and is the same again");
            match world.ask(at, &step.actor, step.action.clone()) {
                Ok(events) => {
                    let seqs = world.state.next_seq - before.next_seq;
                    prop_assert_eq!(seqs, events.len() as u64);
                }
                Err(refusal) => {
                    prop_assert_eq!(&world.state, &before);
                    prop_assert!(!code_of(&refusal).is_empty());
                    let _ = refusal.clause();
                }
            }
        }
        sound(&world.state);
        look_at(&world.state);
    }

    #[test]
    fn replaying_a_journal_in_two_parts_gives_the_same_state(
        kind in kind(),
        steps in prop::collection::vec(step(), 1..200),
        cut in any::<Index>(),
    ) {
        let mut world = World::signed(kind);
        play(&mut world, &steps);
        prop_assert_eq!(&replay(&world.log), &world.state);
        let cut = cut.index(world.log.len() + 1);
        let mut state = replay(&world.log[..cut]);
        for recorded in &world.log[cut..] {
            apply(&mut state, recorded);
        }
        prop_assert_eq!(&state, &world.state);
        for recorded in &world.log {
            let text = serde_json::to_string(&recorded.event).expect("an event serialises");
            let back: Event = serde_json::from_str(&text).expect("and reads again");
            prop_assert_eq!(&back, &recorded.event);
        }
    }

    #[test]
    fn events_in_any_order_dropped_and_doubled_never_panic(
        kind in kind(),
        steps in prop::collection::vec(step(), 1..200),
        order in prop::collection::vec(any::<Index>(), 0..120),
    ) {
        let mut world = World::signed(kind);
        play(&mut world, &steps);
        let shuffled: Vec<Recorded> = order
            .iter()
            .zip(0..)
            .map(|(index, seq)| {
                let found = &world.log[index.index(world.log.len())];
                Recorded { seq, ..found.clone() }
            })
            .collect();
        let state = replay(&shuffled);
        look_at(&state);
        let mut last = replay(&world.log);
        for recorded in world.log.iter().rev() {
            apply(&mut last, recorded);
        }
        apply(&mut last, &Recorded { seq: u64::MAX, ..world.log[0].clone() });
        look_at(&last);
    }

    #[test]
    fn deadlines_never_come_earlier_while_time_passes(
        kind in kind(),
        steps in prop::collection::vec(step(), 1..40),
        days in prop::collection::vec(0_i64..900, 2..8),
    ) {
        let mut world = World::signed(kind);
        play(&mut world, &steps);
        let agreement = world.state.agreement.clone().expect("there is an agreement");
        let mut days = days;
        days.sort_unstable();
        for row in &world.state.obligations {
            let deadlines: Vec<Timestamp> = days
                .iter()
                .map(|day| {
                    let as_of = t("2026-01-05").plus_seconds(day * 86_400);
                    row.deadline(&agreement, &world.state, as_of).at
                })
                .collect();
            prop_assert!(deadlines.is_sorted(), "{}", row.name);
        }
    }

    #[test]
    fn nothing_goes_back_in_time(kind in kind(), steps in prop::collection::vec(step(), 1..20)) {
        let mut world = World::signed(kind);
        play(&mut world, &steps);
        let last = world.state.last_at.expect("something happened");
        let before = Timestamp::from_micros(last.micros() - 1);
        for step in &steps {
            let command = Command::new(step.actor.clone(), step.action.clone());
            let got = decide(&world.state, &command, before);
            prop_assert_eq!(got, Err(Refusal::BeforeLastEntry { last }));
        }
    }
}

/// The laws above say something only about what their journals hold.
#[test]
fn the_journals_of_the_laws_hold_every_event() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..256 {
        let drawn = (kind(), prop::collection::vec(step(), 250)).new_tree(&mut runner);
        let (kind, steps) = drawn.expect("steps are drawn").current();
        let mut world = World::signed(kind);
        play(&mut world, &steps);
        for recorded in &world.log {
            let value = serde_json::to_value(&recorded.event).expect("an event serialises");
            seen.insert(value["kind"].to_string());
        }
    }
    let events = [
        "agreement_drafted",
        "party_signed",
        "agreement_took_effect",
        "document_proposed",
        "fact_recorded",
        "source_conflict",
        "delivery_accepted",
        "delivery_rejected",
        "statement_submitted",
        "statement_approved",
        "statement_objected",
        "invoice_issued",
        "credit_note_issued",
        "payment_recorded",
        "obligation_waived",
        "force_majeure_declared",
        "force_majeure_proven",
        "force_majeure_ended",
        "breach_reminded",
        "breach_cured",
        "termination_notified",
        "agreement_ended",
        "renewal_requested",
        "renewal_agreed",
        "claim_raised",
        "claim_answered",
        "claim_settled",
        "dispute_opened",
        "dispute_settlement_offered",
        "dispute_settled",
        "dispute_filed",
        "dispute_decided",
        "patent_proposed",
        "patent_answered",
    ];
    let missing: Vec<&str> =
        events.into_iter().filter(|event| !seen.contains(&format!("\"{event}\""))).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn a_long_fold_is_linear_in_work() {
    // Entries of the three kinds that come by the million; the state stays small where it can.
    let mut world = World::signed("classification");
    let from = t("2026-02-01");
    for hour in 0..2_000_i64 {
        let span =
            units::Window::new(from.plus_seconds(hour * 60), from.plus_seconds(hour * 60 + 60));
        let at = span.to;
        let images = json!({"fact": "images_answered", "class": "standard", "window": span,
            "count": 5, "in_time": 5});
        let observed = json!({"fact": "service_observed", "window": span, "state": "up"});
        for fact in [images, observed] {
            let asked =
                world.ask(at, &Actor::Deployment { name: "d".into() }, crate::world::fact(fact));
            assert!(asked.is_ok());
        }
    }
    assert_eq!(world.state.facts.images.len(), 34, "one bucket for each hour");
    assert_eq!(world.state.facts.images_total, 10_000);
    assert_eq!(world.state.facts.service.len(), 2_000);
}
