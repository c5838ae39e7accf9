//! The one call of the command line: any delivery against any gold, and what settlement reads.

use annotation::{
    BoxOptions, Delivery, IouThreshold, Limits, QualityError, QualityOptions, QualityReport,
    TOLERANCE_MICROS, quality, read_coco, read_labels_csv, read_labels_jsonl,
};
use units::{Fraction, Metric, Quantity, Ratio, Timestamp, Window};

fn options(average_precision: bool) -> QualityOptions {
    let iou = IouThreshold::new(Fraction::new(1, 2)).expect("half");
    let tolerance_micros = TOLERANCE_MICROS;
    QualityOptions { boxes: BoxOptions::at(iou), average_precision, tolerance_micros }
}

/// A delivery as its reader has it, without a finding.
fn delivery(name: &str, text: &str) -> Delivery {
    let (bytes, limits) = (text.as_bytes(), Limits::default());
    let (delivery, findings) = if name.ends_with(".csv") {
        let (labels, findings) = read_labels_csv(name, bytes, &limits);
        (Delivery::Labels(labels), findings)
    } else if name.ends_with(".jsonl") {
        let (labels, findings) = read_labels_jsonl(name, bytes, &limits);
        (Delivery::Labels(labels), findings)
    } else {
        let (dataset, findings, _) = read_coco(name, bytes, &limits);
        (Delivery::Boxes(dataset), findings)
    };
    assert_eq!(findings, []);
    delivery
}

const GOLD: &str = r#"{"images":[{"id":1,"file_name":"one.jpg"}],
 "categories":[{"id":1,"name":"cat"}],
 "annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[0,0,10,10]},
 {"id":2,"image_id":1,"category_id":1,"bbox":[50,0,10,10]}]}"#;

#[test]
fn labels_are_judged_item_by_item() {
    let gold = delivery("gold.csv", "id,label\n1,pos\n2,neg\n3,neg\n4,pos\n");
    let lines = "{\"id\":\"1\",\"label\":\"pos\"}\n{\"id\":2,\"label\":\"pos\"}\n\
                 {\"id\":3,\"label\":\"neg\"}\n{\"id\":9,\"label\":\"neg\"}\n";
    let report = quality(&delivery("work.jsonl", lines), &gold, &options(false)).expect("report");
    assert_eq!(report.conforming_items(), Ratio::new(2, 4));
    let json = serde_json::to_value(&report).expect("json");
    assert_eq!(json["kind"], "labels");
    assert_eq!((&json["not_delivered"], &json["not_in_gold"]), (&1.into(), &1.into()));
    assert_eq!(json["accuracy"]["decimal"], "0.500000");
    assert_eq!(json["wrong"][1], serde_json::json!({"id":"4","gold":"pos"}));
    // neg: 2*1/(2+1) = 2/3; pos: 2*1/(2+2) = 1/2.
    assert_eq!(json["macro_f1"]["value"], serde_json::json!({"num":"7","den":"12"}));
    let metrics: Vec<Metric> = report.quantities().into_iter().map(|(metric, _)| metric).collect();
    let want =
        [Metric::ConformingItems, Metric::Accuracy, Metric::Precision, Metric::Recall, Metric::F1];
    assert_eq!(metrics, want);
}

#[test]
fn boxes_become_measurements_with_their_evidence() {
    let gold = delivery("gold.json", GOLD);
    let work =
        delivery("work.json", r#"[{"image_id":1,"category_id":1,"bbox":[0,0,10,8],"score":0.9}]"#);
    let report = quality(&work, &gold, &options(true)).expect("report");
    let window = Window::new(Timestamp::from_seconds(0), Timestamp::from_seconds(1));
    let (subject, evidence) = ("boxes".parse().expect("id"), "e12".parse().expect("id"));
    let measured = report.measurements(Some(&subject), window, std::slice::from_ref(&evidence));
    let value = |metric| {
        let found = measured.iter().find(|one| one.metric == metric).expect("metric");
        assert_eq!(
            (&found.subject, &found.evidence[..]),
            (&Some(subject.clone()), &[evidence.clone()][..])
        );
        found.quantity.clone()
    };
    assert_eq!(value(Metric::BoxPrecision), Quantity::Ratio(Ratio::new(1, 1)));
    assert_eq!(value(Metric::BoxRecall), Quantity::Ratio(Ratio::new(1, 2)));
    assert_eq!(value(Metric::BoxF1), Quantity::Ratio(Ratio::new(2, 3)));
    assert_eq!(value(Metric::MeanIou), Quantity::Exact(Fraction::new(4, 5)));
    assert_eq!(value(Metric::ConformingItems), Quantity::Ratio(Ratio::new(0, 1)));
    let QualityReport::Boxes(report) = report else { panic!("boxes") };
    assert!(report.average_precision.and_then(|figures| figures.ap50).is_some());
}

#[test]
fn what_cannot_be_judged_is_refused() {
    let boxes = delivery("gold.json", GOLD);
    let labels = delivery("gold.csv", "id,label\n1,pos\n");
    let refused = |work: &Delivery, gold: &Delivery, ap: bool| {
        quality(work, gold, &options(ap)).expect_err("refused")
    };
    assert!(matches!(refused(&boxes, &labels, false), QualityError::DifferentKinds));
    assert!(matches!(refused(&labels, &boxes, false), QualityError::DifferentKinds));
    let empty = delivery("empty.json", "[]");
    assert!(matches!(refused(&boxes, &empty, false), QualityError::EmptyGold));
    let none = delivery("none.csv", "id,label\n");
    assert!(matches!(refused(&labels, &none, false), QualityError::EmptyGold));
    assert!(matches!(refused(&boxes, &boxes, true), QualityError::AveragePrecision(_)));
}
