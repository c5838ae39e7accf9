//! Judging one item against gold, counts that add up, intervals, payroll lines.

use annotation::IouThreshold;
use labelling::{ClassTally, Label, MistakeKind, Shape, Source, Stint, Tally, judge, lines};
use proptest::prelude::*;
use units::Fraction;

use crate::saves::id;

pub(crate) fn label(n: u64, class: &str, shape: Shape) -> Label {
    let (id, class) = (id(n), class.to_owned());
    let (author, source) = (String::new(), Source::Person);
    Label { id, shape, class, attributes: [].into(), source, score: None, author, revision: 1 }
}

pub(crate) fn boxed(n: u64, class: &str, rect: [i64; 4]) -> Label {
    let rect = rect.map(|edge| edge * 1_000_000);
    label(n, class, Shape::Box { rect, occluded: false, truncated: false, crowd: false })
}

pub(crate) fn half() -> IouThreshold {
    IouThreshold::new(Fraction::new(1, 2)).expect("a threshold")
}

fn counts(tally: &ClassTally) -> [u64; 6] {
    let ClassTally { gold, work, right, wrong_class, missed, extra, .. } = *tally;
    [gold, work, right, wrong_class, missed, extra]
}

#[test]
fn an_item_is_judged_by_class_with_what_is_wrong() {
    let check = |gold: &[Label], work: &[Label], total: [u64; 6], mistakes: &[MistakeKind]| {
        let judged = judge(gold, work, half(), 2);
        assert_eq!(counts(&judged.tally.total()), total, "{gold:?} {work:?}");
        let kinds: Vec<_> = judged.mistakes.iter().map(|one| one.kind).collect();
        assert_eq!(kinds, mistakes);
        assert_eq!(judged.tally.items, 1);
        let clean = mistakes.iter().all(|kind| *kind == MistakeKind::Imprecise);
        assert_eq!(judged.tally.conforming, u64::from(clean));
    };
    use MistakeKind::{Extra, Imprecise, Missed, WrongClass};
    let a = boxed(1, "RBC", [0, 0, 10, 10]);
    check(&[], &[], [0; 6], &[]);
    check(std::slice::from_ref(&a), std::slice::from_ref(&a), [1, 1, 1, 0, 0, 0], &[]);
    check(std::slice::from_ref(&a), &[], [1, 0, 0, 0, 1, 0], &[Missed]);
    check(&[], std::slice::from_ref(&a), [0, 1, 0, 0, 0, 1], &[Extra]);
    check(
        std::slice::from_ref(&a),
        &[boxed(2, "WBC", [0, 0, 10, 10])],
        [1, 1, 0, 1, 0, 0],
        &[WrongClass],
    );
    // Exactly half of the joint area, and one less.
    check(
        std::slice::from_ref(&a),
        &[boxed(2, "RBC", [0, 0, 10, 5])],
        [1, 1, 1, 0, 0, 0],
        &[Imprecise],
    );
    let less = label(
        2,
        "RBC",
        Shape::Box {
            rect: [0, 0, 10_000_000, 4_999_999],
            occluded: false,
            truncated: false,
            crowd: false,
        },
    );
    check(std::slice::from_ref(&a), &[less], [1, 1, 0, 0, 1, 1], &[Missed, Extra]);
    let class = |n, class: &str| label(n, class, Shape::Class);
    check(&[class(1, "好评")], &[class(2, "好评")], [1, 1, 1, 0, 0, 0], &[]);
    check(&[class(1, "好评")], &[class(2, "差评")], [1, 1, 0, 1, 0, 0], &[WrongClass]);
    let span = |n, start, end| label(n, "好评", Shape::Span { start, end });
    check(&[span(1, 0, 10)], &[span(2, 0, 5)], [1, 1, 1, 0, 0, 0], &[Imprecise]);
    check(&[span(1, 0, 10)], &[span(2, 0, 4)], [1, 1, 0, 0, 1, 1], &[Missed, Extra]);
    let event = |n, start, end| label(n, "好评", Shape::Event { start, end });
    check(&[event(1, -10, 10)], &[event(2, 0, 10)], [1, 1, 1, 0, 0, 0], &[Imprecise]);
    let key = |n, at| label(n, "好评", Shape::Keyframe { at });
    check(
        &[key(1, 10), key(2, 20)],
        &[key(3, 12), key(4, 17)],
        [2, 2, 1, 0, 1, 1],
        &[Missed, Extra],
    );
}

#[test]
fn a_crowd_of_gold_excuses_the_boxes_inside() {
    let rect = [0, 0, 100_000_000, 100_000_000];
    let crowd =
        label(1, "RBC", Shape::Box { rect, occluded: false, truncated: false, crowd: true });
    let judged = judge(&[crowd], &[boxed(2, "RBC", [1, 1, 9, 9])], half(), 0);
    assert_eq!(counts(&judged.tally.total()), [0; 6]);
    assert_eq!(judged.tally.conforming, 1);
}

#[test]
fn tracks_are_compared_where_either_states_a_box() {
    let track = |n, boxes: &[(i64, i64, bool)]| {
        let boxes = boxes.iter().map(|(at, x, outside)| labelling::KeyBox {
            at: *at,
            rect: [*x, 0, x + 10, 10],
            outside: *outside,
            occluded: false,
        });
        label(n, "RBC", Shape::Track { boxes: boxes.collect() })
    };
    let gold = track(1, &[(0, 0, false), (10, 100, false), (20, 100, true)]);
    let same = track(2, &[(0, 0, false), (5, 50, false), (10, 100, false), (20, 100, true)]);
    let judged = judge(std::slice::from_ref(&gold), &[same], half(), 0);
    assert_eq!(counts(&judged.tally.total()), [3, 3, 3, 0, 0, 0], "gold is interpolated at 5");
    let still = track(2, &[(0, 0, false), (10, 0, false)]);
    let judged = judge(&[gold], &[still], half(), 0);
    assert_eq!(counts(&judged.tally.total()), [2, 2, 1, 0, 1, 1]);
}

#[test]
fn payroll_lines_are_the_sums_of_the_days() {
    let day = |seconds, submitted| Stint {
        label_seconds: seconds,
        submitted,
        submitted_labels: submitted * 3,
        ..Stint::default()
    };
    let days = [("bob", day(60, 2)), ("ann", day(7, 1)), ("bob", day(3_540, 4))];
    let lines = lines(days.iter().map(|(who, day)| (*who, day)));
    let short: Vec<_> = lines
        .iter()
        .map(|line| (line.person.as_str(), line.days, line.stint.label_seconds))
        .collect();
    assert_eq!(short, [("ann", 1, 7), ("bob", 2, 3_600)]);
    assert_eq!(lines[1].stint.items_per_hour(), Some(6));
    assert_eq!(lines[1].stint.labels_per_hour(), Some(18));
    assert_eq!(Stint::default().items_per_hour(), None);
}

fn any_boxes() -> impl Strategy<Value = Vec<Label>> {
    let one = (0_i64..40, 0_i64..40, 1_i64..30, 1_i64..30, prop::bool::ANY);
    prop::collection::vec(one, 0..8).prop_map(|boxes| {
        let boxed = |(n, (x, y, w, h, red))| {
            boxed(n, if red { "RBC" } else { "WBC" }, [x, y, x + w, y + h])
        };
        (0..).zip(boxes).map(boxed).collect()
    })
}

proptest! {
    #[test]
    fn counts_of_items_add_up_and_balance(
        items in prop::collection::vec((any_boxes(), any_boxes()), 1..5),
    ) {
        let mut sum = Tally::default();
        for (gold, work) in &items {
            let one = judge(gold, work, half(), 0).tally;
            let total = one.total();
            prop_assert_eq!(total.gold, gold.len() as u64);
            prop_assert_eq!(total.work, work.len() as u64);
            prop_assert_eq!(total.gold, total.right + total.wrong_class + total.missed);
            prop_assert_eq!(total.work, total.right + total.wrong_class + total.extra);
            sum.add(&one);
        }
        prop_assert_eq!(sum.items, items.len() as u64);
        prop_assert_eq!(sum.total().gold, items.iter().map(|one| one.0.len() as u64).sum::<u64>());
    }
}
