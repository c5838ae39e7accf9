//! Consensus: what replicas agree on, by an independent reading of the rule.

use labelling::{Consensus, ConsensusError, ConsensusRule, Label, Replica, Shape, consensus};
use proptest::prelude::*;

use crate::figures::{boxed, half, label};

fn merged(people: &[Vec<Label>], percent: u8) -> Consensus {
    let names: Vec<String> = (0..people.len()).map(|n| format!("p{n}")).collect();
    let replicas: Vec<_> =
        names.iter().zip(people).map(|(person, labels)| Replica { person, labels }).collect();
    consensus(&replicas, ConsensusRule { iou: half(), quorum_percent: percent })
        .expect("a consensus")
}

fn ids(found: &[labelling::Voted]) -> Vec<(u64, u64)> {
    found.iter().map(|one| (one.label.id.parse().expect("a number"), one.votes)).collect()
}

#[test]
fn boxes_that_the_quorum_saw_are_agreed_and_the_others_are_listed() {
    let people = vec![
        vec![boxed(1, "RBC", [0, 0, 10, 10]), boxed(2, "WBC", [50, 50, 60, 60])],
        vec![boxed(3, "RBC", [0, 0, 11, 10])],
        vec![boxed(4, "RBC", [0, 0, 12, 10]), boxed(5, "WBC", [80, 80, 90, 90])],
    ];
    let found = merged(&people, 60);
    assert_eq!(found.quorum, 2);
    assert_eq!(ids(&found.agreed), [(3, 3)], "the member nearest to the mean, not the mean");
    assert_eq!(ids(&found.conflicts), [(2, 1), (5, 1)]);
    // (1 + 10/11 + 11/12) / 3, three votes of three.
    assert_eq!(found.agreed[0].score, 941_919);
    assert_eq!(found.agreed[0].persons, ["p0", "p1", "p2"]);
}

#[test]
fn the_class_is_voted_and_a_split_vote_is_a_conflict() {
    let at = [0, 0, 10, 10];
    let people =
        vec![vec![boxed(1, "RBC", at)], vec![boxed(2, "WBC", at)], vec![boxed(3, "RBC", at)]];
    assert_eq!(ids(&merged(&people, 60).agreed), [(1, 2)]);
    assert_eq!(ids(&merged(&people, 100).conflicts), [(1, 2)]);
    assert_eq!(ids(&merged(&people[..2], 60).conflicts), [(1, 1)]);
}

#[test]
fn a_cluster_holds_one_box_of_each_person_and_all_overlap_each_other() {
    // Each overlaps its neighbour at 2/3 and not the one beyond.
    let people = vec![
        vec![boxed(1, "RBC", [0, 0, 10, 10])],
        vec![boxed(2, "RBC", [2, 0, 12, 10])],
        vec![boxed(3, "RBC", [4, 0, 14, 10])],
    ];
    let found = merged(&people, 100);
    assert!(found.agreed.is_empty());
    assert_eq!(found.conflicts.len(), 2);
}

#[test]
fn texts_go_by_majority_and_passages_and_events_by_overlap() {
    let class = |n, class: &str| vec![label(n, class, Shape::Class)];
    let people = vec![class(1, "好评"), class(2, "差评"), class(3, "好评")];
    assert_eq!(ids(&merged(&people, 50).agreed), [(1, 2)]);
    assert_eq!(ids(&merged(&people, 100).conflicts), [(1, 2)]);
    let span = |n, start, end| vec![label(n, "好评", Shape::Span { start, end })];
    let people = vec![span(1, 0, 10), span(2, 1, 10), span(3, 2, 10)];
    assert_eq!(ids(&merged(&people, 100).agreed), [(2, 3)]);
    let key = |n, at| vec![label(n, "好评", Shape::Keyframe { at })];
    assert_eq!(ids(&merged(&[key(1, 5), key(2, 5), key(3, 6)], 60).agreed), [(1, 2)]);
}

#[test]
fn one_replica_is_no_consensus() {
    let one = [Replica { person: "a", labels: &[] }];
    let rule = ConsensusRule { iou: half(), quorum_percent: 60 };
    assert_eq!(consensus(&one, rule), Err(ConsensusError::TooFew { have: 1 }));
    let two = [one[0], Replica { person: "b", labels: &[] }];
    let none = ConsensusRule { quorum_percent: 0, ..rule };
    assert_eq!(consensus(&two, none), Err(ConsensusError::Quorum));
}

fn people() -> impl Strategy<Value = Vec<Vec<Label>>> {
    let one = (0_i64..30, 0_i64..30, 5_i64..20, prop::bool::ANY);
    prop::collection::vec(prop::collection::vec(one, 0..5), 2..5).prop_map(|people| {
        let mut n = 0;
        let mut next = |(x, y, s, red): (i64, i64, i64, bool)| {
            n += 1;
            boxed(n, if red { "RBC" } else { "WBC" }, [x, y, x + s, y + s])
        };
        people.into_iter().map(|boxes| boxes.into_iter().map(&mut next).collect()).collect()
    })
}

proptest! {
    #[test]
    fn every_label_is_in_one_cluster_and_the_order_of_people_does_not_count(people in people()) {
        let found = merged(&people, 60);
        let all: Vec<_> = found.agreed.iter().chain(&found.conflicts).collect();
        for one in &all {
            prop_assert!(one.votes <= people.len() as u64 && one.score <= 1_000_000);
            prop_assert_eq!(one.persons.len() as u64, one.votes);
        }
        let names: Vec<String> = (0..people.len()).map(|n| format!("p{n}")).collect();
        let mut turned: Vec<_> = names
            .iter()
            .zip(&people)
            .map(|(person, labels)| Replica { person, labels })
            .collect();
        turned.reverse();
        let rule = ConsensusRule { iou: half(), quorum_percent: 60 };
        prop_assert_eq!(consensus(&turned, rule).unwrap(), found);
    }
}
