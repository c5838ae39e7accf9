//! The mode table, who gets what, gold among the work, the forecast.

use std::collections::BTreeSet;

use labelling::{
    Action, Asker, Candidate, Pace, Part, Stage, State, allowed, choose, choose_gold, forecast,
    is_gold_due, next_state,
};
use units::Timestamp;

#[test]
fn every_change_of_state_can_be_done_by_somebody_and_nothing_else_is_one() {
    for state in State::ALL {
        for action in Action::ALL {
            let someone = Part::ALL.iter().any(|part| allowed(state, *part, action));
            if next_state(state, action).is_some() && action != Action::Label {
                assert!(someone, "{} in {}", action.code(), state.code());
            }
            let stays = [Action::View, Action::Ask, Action::Assign, Action::Label, Action::Inspect];
            let moves = !stays.contains(&action);
            if someone && moves {
                assert!(next_state(state, action).is_some(), "{action:?} in {state:?}");
            }
        }
    }
}

#[test]
fn the_mode_table_keeps_the_work_apart() {
    for state in State::ALL {
        for part in Part::ALL {
            let may = |action| allowed(state, part, action);
            if may(Action::Label) {
                assert!(matches!(part, Part::OwnAnnotator | Part::OwnReviewer), "{part:?}");
            }
            if may(Action::Inspect) {
                assert_eq!((state, part), (State::Accepted, Part::Inspector));
            }
            if may(Action::Accept) {
                assert_eq!((state, part), (State::Reviewing, Part::OwnReviewer));
            }
            for action in Action::ALL {
                assert!(!may(action) || may(Action::View), "who does it sees it: {part:?}");
                let reads = part == Part::Reader && action != Action::View;
                assert!(!reads || !may(action), "a reader reads");
                let foreign = part == Part::Annotator;
                assert!(!foreign || !may(action), "another's item is not there for an annotator");
            }
            let hidden = matches!(state, State::Waiting | State::Annotating);
            assert!(part != Part::Inspector || !hidden || !may(Action::View));
        }
    }
}

#[test]
fn every_item_reaches_acceptance_from_every_state() {
    let path = |mut state: State| {
        for _ in 0..6 {
            state = match state {
                State::Waiting => State::Annotating,
                State::Annotating | State::Returned => next_state(state, Action::Submit).unwrap(),
                State::Submitted => next_state(state, Action::Review).unwrap(),
                State::Reviewing => next_state(state, Action::Accept).unwrap(),
                State::Skipped => next_state(state, Action::Reopen).unwrap(),
                State::Accepted => return true,
            };
        }
        false
    };
    assert!(State::ALL.into_iter().all(path));
}

#[test]
fn the_next_item_is_the_reserved_then_the_urgent_then_the_first_that_fits() {
    let (none, cells) = (BTreeSet::new(), BTreeSet::from(["cells".to_owned()]));
    let item = |seq, priority, reserved| Candidate {
        seq,
        priority,
        skills: &none,
        author: None,
        reserved,
        replicas: &[],
        wanted: 1,
    };
    let asker = |stage| Asker { person: "ann", skills: Some(&none), stage };
    let check = |items: &[Candidate<'_>], stage, expected: Option<u64>| {
        assert_eq!(choose(items, &asker(stage)), expected, "{items:?}");
    };
    check(&[], Stage::Annotate, None);
    check(&[item(2, 0, None), item(1, 0, None)], Stage::Annotate, Some(1));
    check(&[item(1, 0, None), item(2, 9, None)], Stage::Annotate, Some(2));
    check(&[item(2, 9, None), item(3, 0, Some("ann"))], Stage::Annotate, Some(3));
    check(&[item(3, 0, Some("bob"))], Stage::Annotate, None);
    check(&[Candidate { skills: &cells, ..item(1, 0, None) }], Stage::Annotate, None);
    let own = Candidate { author: Some("ann"), ..item(1, 0, None) };
    check(&[own], Stage::Review, None);
    check(&[own], Stage::Annotate, Some(1));
    let (mine, full) = (["ann".to_owned()], ["bob".to_owned(), "cid".to_owned()]);
    let replica = |replicas| Candidate { replicas, wanted: 2, ..item(1, 0, None) };
    check(&[replica(&[])], Stage::Annotate, Some(1));
    check(&[replica(&mine)], Stage::Annotate, None);
    check(&[replica(&full)], Stage::Annotate, None);
    check(&[replica(&full)], Stage::Review, Some(1));
    check(&[replica(&mine)], Stage::Review, None);
}

#[test]
fn gold_comes_at_its_share_and_the_same_seed_gives_the_same_places() {
    let seed = [7; 32];
    let count = |share| (0..10_000).filter(|n| is_gold_due(&seed, "p", "ann", *n, share)).count();
    assert_eq!((count(0), count(10_000)), (0, 10_000));
    let tenth = count(1_000);
    assert!((900..1_100).contains(&tenth), "{tenth} of 10,000");
    let places = |seed, who| {
        (0..200).filter(|n| is_gold_due(&seed, "p", who, *n, 1_000)).collect::<Vec<_>>()
    };
    assert_eq!(places(seed, "ann"), places(seed, "ann"));
    assert_ne!(places(seed, "ann"), places(seed, "bob"), "one cannot tell the other");
    assert_ne!(places(seed, "ann"), places([8; 32], "ann"));
    assert_eq!(choose_gold(&seed, "p", "ann", 1, 0), None);
    let chosen: BTreeSet<_> =
        (0..200).filter_map(|n| choose_gold(&seed, "p", "ann", n, 5)).collect();
    assert_eq!(chosen, BTreeSet::from([0, 1, 2, 3, 4]));
}

#[test]
fn the_forecast_goes_on_at_the_pace() {
    let at = Timestamp::from_seconds;
    let check = |left, items, seconds, deadline: Option<i64>, done: Option<i64>, late| {
        let pace = Pace { items, seconds };
        let found = forecast(left, pace, at(1_000), deadline.map(at));
        assert_eq!((found.done_at, found.late), (done.map(at), late), "{left} {pace:?}");
        found
    };
    check(0, 0, 0, Some(2_000), Some(1_000), Some(false));
    check(10, 0, 100, Some(2_000), None, None);
    check(10, 3, 100, Some(1_334), Some(1_334), Some(false));
    check(10, 3, 100, Some(1_333), Some(1_334), Some(true));
    check(u64::MAX, 1, 86_400, Some(2_000), None, Some(true));
    let found = check(864, 2, 200, Some(1_000 + 86_400), Some(1_000 + 86_400), Some(false));
    assert_eq!((found.needed_per_day, found.pace_per_day), (Some(864), Some(864)));
    let past = check(1, 1, 1, Some(500), Some(1_001), Some(true));
    assert_eq!(past.needed_per_day, None, "the deadline is over");
}

#[test]
fn the_documented_mode_table_is_the_programs() {
    let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/labelling.md");
    let docs = std::fs::read_to_string(docs).unwrap();
    for state in State::ALL {
        let cell = |part: Part| {
            let may = Action::ALL.into_iter().filter(|action| allowed(state, part, *action));
            let codes: Vec<_> = may.map(Action::code).collect();
            if codes.is_empty() { "–".to_owned() } else { codes.join(", ") }
        };
        let cells = Part::ALL.map(cell).join(" | ");
        let row = format!("| `{}` | {cells} |", state.code());
        assert!(docs.contains(&row), "docs/labelling.md lacks: {row}");
    }
}
