//! Matching of boxes: the threshold, the two passes, excuses, linking, laws and naive oracles.

use annotation::{
    BoxOptions, BoxReport, Dataset, IouThreshold, Limits, Matching, Rect, Role, Shape, box_quality,
    match_shapes, parse_micros, read_coco, read_voc,
};
use proptest::prelude::*;
use units::Fraction;

fn threshold(num: i128, den: i128) -> IouThreshold {
    IouThreshold::new(Fraction::new(num, den)).expect("threshold")
}

pub(crate) fn options() -> BoxOptions {
    BoxOptions { iou: threshold(1, 2), imprecise_below: threshold(4, 5), limits: Limits::default() }
}

fn shape(class: u32, x: i64, y: i64, width: i64, height: i64) -> Shape {
    let rect = Rect { x0: x, y0: y, x1: x + width, y1: y + height };
    Shape { class, rect, role: Role::Object, id: 0 }
}

#[test]
fn numbers_are_read_from_their_text_and_rounded_half_to_even() {
    for (text, want) in [
        ("12", 12_000_000),
        ("-0.5", -500_000),
        ("1.5e2", 150_000_000),
        ("15E-1", 1_500_000),
        ("236.98000000000002", 236_980_000),
        ("0.0000005", 0),
        ("0.0000015", 2),
        ("0.00000050000000000000000000000000000000000001", 1),
        ("000012.0", 12_000_000),
        ("1000000", 1_000_000_000_000),
        ("0e999999999999999999999", 0),
        ("1e-999999999999999999999", 0),
    ] {
        assert_eq!(parse_micros(text.as_bytes()), Ok(want), "{text}");
    }
    for text in ["", "-", ".", "1.2.3", "1e", "0x10", "NaN", "Infinity", "1000000.1", "1e400"] {
        assert!(parse_micros(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn a_box_on_the_agreed_iou_matches_and_one_a_millionth_below_does_not() {
    let gold = [shape(0, 0, 0, 2_000_000, 1_000_000)];
    for (width, right) in [(1_000_000, 1), (999_999, 0), (4_000_000, 1), (4_000_001, 0)] {
        let work = [shape(0, 0, 0, width, 1_000_000)];
        assert_eq!(match_shapes(&gold, &work, threshold(1, 2)).right.len(), right, "{width}");
    }
    // A third, which no binary fraction holds.
    let gold = [shape(0, 0, 0, 300, 100)];
    for (width, right) in [(100, 1), (99, 0)] {
        let work = [shape(0, 0, 0, width, 100)];
        assert_eq!(match_shapes(&gold, &work, threshold(1, 3)).right.len(), right, "{width}");
    }
    for bad in [Fraction::ZERO, Fraction::new(-1, 2), Fraction::new(11, 10)] {
        assert!(IouThreshold::new(bad).is_err(), "{bad}");
    }
}

#[test]
fn as_many_pairs_as_possible_come_before_the_best_single_pair() {
    // Greedy by IoU would take the perfect pair in the middle and lose both neighbours.
    let gold = [shape(0, 0, 0, 10, 1), shape(0, 3, 0, 10, 1)];
    let work = [shape(0, 3, 0, 10, 1), shape(0, 6, 0, 10, 1)];
    let matching = match_shapes(&gold, &work, threshold(1, 2));
    let pairs: Vec<_> = matching.right.iter().map(|pair| (pair.gold, pair.work)).collect();
    assert_eq!(pairs, [(0, 0), (1, 1)]);
}

#[test]
fn left_overs_of_another_class_are_wrong_class() {
    let gold = [shape(0, 0, 0, 10, 10), shape(1, 50, 50, 10, 10)];
    let work = [shape(0, 0, 0, 10, 9), shape(2, 50, 50, 10, 10), shape(1, 90, 90, 5, 5)];
    let matching = match_shapes(&gold, &work, threshold(1, 2));
    assert_eq!(matching.right.len(), 1);
    assert_eq!((matching.wrong_class[0].gold, matching.wrong_class[0].work), (1, 1));
    assert_eq!((matching.missed, matching.extra), (vec![], vec![2]));
}

#[test]
fn a_crowd_excuses_what_lies_inside_it_and_is_not_missed() {
    let mut crowd = shape(0, 0, 0, 100, 100);
    crowd.role = Role::Crowd;
    let inside = shape(0, 10, 10, 5, 5);
    let half = shape(0, 95, 0, 10, 10);
    let beyond = shape(0, 96, 50, 10, 10);
    let other_class = shape(1, 20, 20, 5, 5);
    let matching = match_shapes(&[crowd], &[inside, half, beyond, other_class], threshold(1, 2));
    assert_eq!((matching.ignored, matching.extra), (vec![0, 1], vec![2, 3]));
    assert!(matching.missed.is_empty());
    let mut difficult = shape(0, 0, 0, 10, 10);
    difficult.role = Role::Difficult;
    let matching = match_shapes(&[difficult], &[shape(0, 0, 0, 10, 9), inside], threshold(1, 2));
    assert_eq!((matching.ignored, matching.extra), (vec![0], vec![1]));
}

const GOLD: &str = r##"{"images":[{"id":1,"file_name":"a/one.jpg","width":100,"height":100},
 {"id":2,"file_name":"a/two.jpg","width":100,"height":100}],
 "categories":[{"id":3,"name":"cat"},{"id":4,"name":"dog"}],
 "annotations":[{"id":1,"image_id":1,"category_id":3,"bbox":[0,0,10,10],"area":100,"iscrowd":0},
 {"id":2,"image_id":1,"category_id":4,"bbox":[50.5,50,20,20]},
 {"id":3,"image_id":2,"category_id":3,"bbox":[1,1,8,8]}]}"##;

fn coco(text: &str) -> Dataset {
    let (dataset, findings, _) = read_coco("test.json", text.as_bytes(), &Limits::default());
    assert_eq!(findings, []);
    dataset
}

fn counts(report: &BoxReport) -> [u64; 6] {
    let counts = report.counts;
    let found = [counts.gold, counts.work, counts.right];
    let failed = [counts.wrong_class, counts.missed, counts.extra];
    [found[0], found[1], found[2], failed[0], failed[1], failed[2]]
}

#[test]
fn coco_work_is_judged_against_voc_gold_by_file_stem_and_class_name() {
    let one = r"<annotation><filename>one.png</filename><size><width>100</width><height>100</height>
      </size><object><name>cat</name><bndbox><xmin>0</xmin><ymin>0</ymin><xmax>10</xmax>
      <ymax>10</ymax></bndbox></object></annotation>";
    let files = [("gold/one.xml", one.as_bytes())];
    let (gold, findings, _) = read_voc(files, &Limits::default());
    assert_eq!(findings, []);
    let report = box_quality(&coco(GOLD), &gold, &options());
    assert_eq!(counts(&report), [1, 2, 1, 0, 0, 1]);
    assert_eq!((report.images.judged, report.images.not_in_gold), (1, 1));
    assert_eq!(report.boxes_not_in_gold, 1);
    let back = box_quality(&gold, &coco(GOLD), &options());
    assert_eq!(counts(&back), [3, 1, 1, 0, 2, 0]);
    assert_eq!(back.images.not_delivered, 1);
    assert_eq!(back.findings.len(), 1);
}

#[test]
fn coco_results_are_linked_by_number() {
    let work = coco(
        r#"[{"image_id":1,"category_id":3,"bbox":[0,0,10,10],"score":0.9},
            {"image_id":1,"category_id":3,"bbox":[50.5,50,20,20],"score":0.5},
            {"image_id":9,"category_id":3,"bbox":[0,0,1,1],"score":0.5}]"#,
    );
    let report = box_quality(&work, &coco(GOLD), &options());
    assert_eq!(counts(&report), [3, 2, 1, 1, 1, 0]);
    assert_eq!(report.wrong_class[0].work_class.as_str(), "cat");
    assert_eq!((report.boxes_not_in_gold, report.images.not_delivered), (1, 0));
}

#[test]
fn the_report_keeps_its_field_names() {
    let mut gold = coco(GOLD);
    let report = box_quality(&gold, &gold, &options());
    assert_eq!(report.f1.decimal.as_deref(), Some("1.000000"));
    assert_eq!(report.mean_iou, Some(Fraction::whole(1)));
    assert_eq!(report.images.conforming, 2);
    let perfect = gold.clone();
    gold.boxes.truncate(1);
    gold.boxes[0].rect.x1 -= 3_000_000;
    let report = box_quality(&gold, &perfect, &options());
    let json = serde_json::to_value(&report).expect("json");
    assert_eq!(json["iou"], "0.5");
    assert_eq!(json["precision"], serde_json::json!({"hits":1,"total":1,"decimal":"1.000000"}));
    assert_eq!(json["recall"]["decimal"], "0.333333");
    assert_eq!(json["imprecise"][0]["iou"], "0.700000");
    assert_eq!(json["imprecise"][0]["work_box"], serde_json::json!(["0", "0", "7", "10"]));
    assert_eq!(
        json["missed"][0],
        serde_json::json!({"image":"a/one.jpg","id":2,"class":"dog","box":["50.5","50","20","20"]})
    );
    assert_eq!(json["images"]["conforming"], 0);
}

fn shapes() -> impl Strategy<Value = Vec<Shape>> {
    let one = (0_u32..2, 0_i64..6, 0_i64..6, 1_i64..5, 1_i64..5);
    prop::collection::vec(one.prop_map(|(c, x, y, w, h)| shape(c, x, y, w, h)), 0..5).prop_map(
        |mut shapes| {
            for (id, shape) in (0..).zip(&mut shapes) {
                shape.id = id;
            }
            shapes
        },
    )
}

/// IoU by counting unit squares.
fn squares(a: &Rect, b: &Rect) -> (i128, i128) {
    let inside = |r: &Rect, x: i64, y: i64| x >= r.x0 && x < r.x1 && y >= r.y0 && y < r.y1;
    let cells = || (0..12).flat_map(|x| (0..12).map(move |y| (x, y)));
    let both = cells().filter(|(x, y)| inside(a, *x, *y) && inside(b, *x, *y)).count();
    let any = cells().filter(|(x, y)| inside(a, *x, *y) || inside(b, *x, *y)).count();
    (both as i128, any as i128)
}

/// The best number and total IoU of right pairs, by trying every partner.
fn best(gold: &[Shape], work: &[Shape]) -> (u32, f64) {
    let Some((first, rest)) = gold.split_first() else { return (0, 0.0) };
    let mut most = best(rest, work);
    for at in 0..work.len() {
        let (both, any) = squares(&first.rect, &work[at].rect);
        if first.class == work[at].class && 2 * both >= any {
            let mut left = work.to_vec();
            left.remove(at);
            let (count, sum) = best(rest, &left);
            let found = (count + 1, sum + both as f64 / any as f64);
            if found.0 > most.0 || found.0 == most.0 && found.1 > most.1 {
                most = found;
            }
        }
    }
    most
}

fn named(matching: &Matching, gold: &[Shape], work: &[Shape]) -> Vec<(u64, u64)> {
    let pairs = matching.right.iter().chain(&matching.wrong_class);
    let mut named: Vec<_> = pairs.map(|pair| (gold[pair.gold].id, work[pair.work].id)).collect();
    named.sort_unstable();
    named
}

proptest! {
    #[test]
    fn overlap_is_what_counting_squares_gives(a in shapes(), b in shapes()) {
        for a in &a {
            for b in &b {
                let overlap = a.rect.overlap(&b.rect);
                prop_assert_eq!((overlap.shared, overlap.joint), squares(&a.rect, &b.rect));
            }
        }
    }

    #[test]
    fn the_first_pass_is_the_best_of_all(gold in shapes(), work in shapes()) {
        let matching = match_shapes(&gold, &work, threshold(1, 2));
        let sum: f64 = matching.right.iter()
            .map(|pair| pair.overlap.shared as f64 / pair.overlap.joint as f64).sum();
        let (count, most) = best(&gold, &work);
        prop_assert_eq!(matching.right.len() as u32, count);
        prop_assert!((sum - most).abs() < 1e-9, "{} {}", sum, most);
    }

    #[test]
    fn every_box_is_in_exactly_one_list(gold in shapes(), work in shapes()) {
        let matching = match_shapes(&gold, &work, threshold(1, 2));
        let pairs = || matching.right.iter().chain(&matching.wrong_class);
        let mut golds: Vec<usize> = pairs().map(|pair| pair.gold).collect();
        golds.extend(&matching.missed);
        golds.sort_unstable();
        prop_assert_eq!(golds, (0..gold.len()).collect::<Vec<_>>());
        let mut works: Vec<usize> = pairs().map(|pair| pair.work).collect();
        works.extend(matching.extra.iter().chain(&matching.ignored));
        works.sort_unstable();
        prop_assert_eq!(works, (0..work.len()).collect::<Vec<_>>());
    }

    #[test]
    fn the_order_in_the_file_changes_nothing(gold in shapes(), work in shapes()) {
        let matching = match_shapes(&gold, &work, threshold(1, 2));
        let (mut back_gold, mut back_work) = (gold.clone(), work.clone());
        back_gold.reverse();
        back_work.reverse();
        let back = match_shapes(&back_gold, &back_work, threshold(1, 2));
        prop_assert_eq!(named(&matching, &gold, &work), named(&back, &back_gold, &back_work));
    }

    #[test]
    fn work_against_itself_is_perfect(gold in shapes()) {
        let matching = match_shapes(&gold, &gold, threshold(1, 1));
        prop_assert_eq!(matching.right.len(), gold.len());
    }
}
