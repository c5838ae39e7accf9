//! Deliveries handed over, sampled by both seeds and inspected under each signed rule.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use contract::event::{Actor, Fact};
use contract::terms::{
    AcceptanceRule, DeclaredQuality, InspectionLevel, InspectionUnit, LotPlan, LowerBound,
    Modality, ObservedShare, QualityMetric, QualityStandard, Service, Side, WorkItem, WorkUnit,
};
use contract::{Action, Refusal};
use desk::DeskError;
use desk::inspection::{InspectionError, InspectionReport, inspect, sample};
use desk::intake::{DeliveredItem, DeliveryError};
use units::{Metric, Verdict};

use crate::scene::{Scene, id, terms};

const IMAGES: usize = 20;

fn vendor() -> Actor {
    Actor::Vendor { name: "zhou".to_owned() }
}

fn inspector() -> Actor {
    Actor::Customer { name: "shen".to_owned() }
}

async fn scene(rule: AcceptanceRule, unit: InspectionUnit) -> Scene {
    scene_with(rule, unit, |_| ()).await
}

/// What makes a work item another.
type Change = fn(&mut WorkItem);

/// A scene whose first work item is another.
async fn scene_with(rule: AcceptanceRule, unit: InspectionUnit, change: Change) -> Scene {
    let mut agreement = terms("annotation");
    let Service::Annotation(annotation) = &mut agreement.service else {
        unreachable!("the sample is an annotation agreement")
    };
    annotation.acceptance.rule = rule;
    annotation.acceptance.unit = unit;
    change(&mut annotation.items[0]);
    Scene::of(&agreement, "2026-03-02T01:00:00Z").await
}

/// A COCO file of images with one car each; in the first `wrong` of them it lies elsewhere.
fn coco(path: &Path, wrong: usize) {
    let mut images = String::new();
    let mut boxes = String::new();
    for number in 1..=IMAGES {
        let comma = if number == IMAGES { "" } else { "," };
        let x = if number <= wrong { 60 } else { 10 };
        write!(
            images,
            r#"{{"id":{number},"file_name":"{number:03}.jpg","width":100,"height":100}}{comma}"#
        )
        .expect("to memory");
        write!(
            boxes,
            "{{\"id\":{number},\"image_id\":{number},\"category_id\":1,\
             \"bbox\":[{x},10,30,30],\"area\":900,\"iscrowd\":0}}{comma}"
        )
        .expect("to memory");
    }
    let text = format!(
        r#"{{"images":[{images}],"annotations":[{boxes}],"categories":[{{"id":1,"name":"car"}}]}}"#
    );
    fs::write(path, text).expect("writes");
}

async fn seeds(scene: &Scene, delivery: &str, reveal: bool) {
    for (side, byte) in [(Side::Customer, 7), (Side::Vendor, 8)] {
        let (seed, delivery) = ([byte; 32], id(delivery));
        let fact = if reveal {
            Fact::SeedRevealed { delivery, side, seed: hex::encode(seed) }
        } else {
            let commitment = hex::encode(annotation::commitment(&seed));
            Fact::SeedCommitted { delivery, side, commitment }
        };
        let actor = Actor::of(side, "clerk");
        scene.act(&actor, Action::Record { fact, source: None }).await;
    }
}

/// Hands over images of which some are wrong, and answers its file and gold's.
async fn deliver(scene: &Scene, delivery: &str, wrong: usize) -> (PathBuf, PathBuf) {
    let (work, gold) = (scene.path(&format!("{delivery}.json")), scene.path("gold.json"));
    coco(&work, wrong);
    coco(&gold, 0);
    seeds(scene, delivery, false).await;
    let items = [DeliveredItem { item: id("images"), path: work.clone(), quantity: None }];
    let (desk, agreement) = (&scene.desk, &scene.agreement);
    let taken = desk.import_delivery(agreement, &vendor(), &id(delivery), &items, true).await;
    assert_eq!(taken.expect("hands over").manifest.items[0].quantity, IMAGES as u64);
    seeds(scene, delivery, true).await;
    (work, gold)
}

async fn inspected(scene: &Scene, delivery: &str, files: &(PathBuf, PathBuf)) -> InspectionReport {
    let (desk, agreement, item) = (&scene.desk, &scene.agreement, id("images"));
    let report =
        inspect(desk, &inspector(), agreement, &id(delivery), &item, &files.0, &files.1).await;
    report.expect("inspects")
}

fn observed(sample: u64) -> AcceptanceRule {
    AcceptanceRule::Observed(ObservedShare { sample })
}

fn plan() -> AcceptanceRule {
    let aql = "10".parse().expect("a number");
    AcceptanceRule::LotPlan(LotPlan { level: InspectionLevel::II, aql })
}

#[tokio::test]
async fn each_rule_decides_by_its_own_sample() {
    let declared = DeclaredQuality { dql: "10".parse().expect("a number"), level: 1 };
    let bound = LowerBound { sample: 20, confidence: "95%".parse().expect("a share") };
    let rows = [
        ("all are right", observed(500), 0, 20, Verdict::Met),
        ("two of twenty wrong", observed(500), 2, 20, Verdict::Met),
        ("three of twenty wrong", observed(500), 3, 20, Verdict::NotMet),
        // F1 of 90 % is 9 of 11 boxes of both sides; 20 of 20 are surely above, 18 of 22 are not.
        ("none wrong, bound", AcceptanceRule::LowerBound(bound.clone()), 0, 20, Verdict::Met),
        ("two wrong, bound", AcceptanceRule::LowerBound(bound), 2, 20, Verdict::NotMet),
        ("plan, all are right", plan(), 0, 5, Verdict::Met),
        ("plan, all are wrong", plan(), 20, 5, Verdict::NotMet),
        ("declared, all right", AcceptanceRule::Declared(declared), 0, 3, Verdict::Met),
    ];
    for (name, rule, wrong, drawn, verdict) in rows {
        let scene = scene(rule, InspectionUnit::Item).await;
        let files = deliver(&scene, "d1", wrong).await;
        let report = inspected(&scene, "d1", &files).await;
        assert_eq!(report.sample.items.len(), drawn, "{name}");
        assert_eq!(report.verdict, verdict, "{name}: {:?}", report.standards);
        let never = matches!(report.rule, AcceptanceRule::LowerBound(_));
        assert_eq!(report.operating_characteristic.is_empty(), never, "{name}");
        let state = scene.book().await.state;
        let (round, results, _) =
            state.facts.deliveries[&id("d1")].inspected.clone().expect("recorded");
        assert_eq!(round, 1, "{name}");
        let own = results.iter().filter(|row| row.metric != Metric::ConformingItems);
        assert_eq!(own.count(), 2, "{name}: F1 and mean IoU are agreed");
        assert_eq!(
            results.iter().any(|row| row.metric == Metric::ConformingItems),
            report.plan.is_some(),
            "{name}"
        );
    }
}

/// An ActivityNet file of ten videos with one event and one keyframe each; in the first `late` of
/// them the event begins ten seconds too late.
fn activities(path: &Path, late: usize, moment: &str) {
    let video = |number: usize| {
        let start = if number <= late { 20 } else { 10 };
        format!(
            r#""v{number:02}":{{"subset":"val","duration":60,"annotations":[
            {{"label":"car","segment":[{start},{}]}},{{"label":"car","segment":[{moment},{moment}]}}]}}"#,
            start + 8
        )
    };
    let videos: Vec<String> = (1..=10).map(video).collect();
    let text = format!(r#"{{"version":"1","database":{{{}}}}}"#, videos.join(","));
    fs::write(path, text).expect("writes");
}

fn standards(item: &mut WorkItem, metric: QualityMetric, iou: Option<&str>) {
    let iou = iou.map(|iou| iou.parse().expect("a number"));
    let threshold = "90%".parse().expect("a share");
    item.standards = vec![QualityStandard { metric, iou, tolerance: None, threshold }];
}

fn events(item: &mut WorkItem) {
    (item.modality, item.unit) = (Modality::VideoEvents, WorkUnit::Event);
    standards(item, QualityMetric::TemporalF1, Some("0.5"));
}

fn keyframes(item: &mut WorkItem) {
    (item.modality, item.unit) = (Modality::VideoKeyframes, WorkUnit::Keyframe);
    standards(item, QualityMetric::KeyframeRecall, None);
}

#[tokio::test]
async fn events_and_keyframes_are_counted_sampled_and_decided() {
    let rows: [(Change, usize, Verdict); 3] = [
        (events, 1, Verdict::Met),
        (events, 2, Verdict::NotMet),
        // Late events are no matter of keyframes.
        (keyframes, 2, Verdict::Met),
    ];
    for (change, late, verdict) in rows {
        let scene = scene_with(observed(500), InspectionUnit::Item, change).await;
        let (work, gold) = (scene.path("work.json"), scene.path("gold.json"));
        activities(&work, late, "5");
        activities(&gold, 0, "5");
        seeds(&scene, "d1", false).await;
        let items = [DeliveredItem { item: id("images"), path: work.clone(), quantity: None }];
        let (desk, agreement) = (&scene.desk, &scene.agreement);
        let taken = desk.import_delivery(agreement, &vendor(), &id("d1"), &items, true).await;
        assert_eq!(taken.expect("hands over").manifest.items[0].quantity, 10, "its own unit alone");
        seeds(&scene, "d1", true).await;
        let report = inspected(&scene, "d1", &(work, gold)).await;
        assert_eq!((report.sample.items.len(), report.not_in_gold.len()), (10, 0));
        let standard = &report.standards[0];
        assert_eq!(standard.verdict, verdict, "{late} late: {standard:?}");
    }
}

#[tokio::test]
async fn a_keyframe_may_be_as_far_off_as_was_signed() {
    fn within(item: &mut WorkItem, tolerance: &str) {
        keyframes(item);
        item.standards[0].tolerance = Some(tolerance.parse().expect("a number"));
    }
    let rows: [(Change, Verdict); 3] = [
        // Half a second where nothing is agreed.
        (keyframes, Verdict::NotMet),
        (|item| within(item, "0.7"), Verdict::Met),
        (|item| within(item, "0.699999"), Verdict::NotMet),
    ];
    for (change, verdict) in rows {
        let scene = scene_with(observed(500), InspectionUnit::Item, change).await;
        let (work, gold) = (scene.path("work.json"), scene.path("gold.json"));
        activities(&work, 0, "5.7");
        activities(&gold, 0, "5");
        seeds(&scene, "d1", false).await;
        let items = [DeliveredItem { item: id("images"), path: work.clone(), quantity: None }];
        let (desk, agreement) = (&scene.desk, &scene.agreement);
        let taken = desk.import_delivery(agreement, &vendor(), &id("d1"), &items, true).await;
        taken.expect("hands over");
        seeds(&scene, "d1", true).await;
        let report = inspected(&scene, "d1", &(work, gold)).await;
        assert_eq!(report.standards[0].verdict, verdict);
    }
}

#[tokio::test]
async fn what_failed_is_listed_with_its_reason() {
    let scene = scene(observed(500), InspectionUnit::Item).await;
    let files = deliver(&scene, "d1", 3).await;
    let report = inspected(&scene, "d1", &files).await;
    let annotation::QualityReport::Boxes(boxes) = &report.quality[0].report else {
        unreachable!("boxes were delivered")
    };
    let missed: Vec<&str> = boxes.missed.iter().map(|row| row.image.as_str()).collect();
    assert_eq!(missed, ["001.jpg", "002.jpg", "003.jpg"]);
    assert_eq!(boxes.extra.len(), 3);
    let kept = scene.desk.objects.list(&scene.desk.scope(), &scene.agreement).await;
    let bytes = serde_json::to_vec(&report).expect("is JSON");
    let hash = *journal::Hash::of(&bytes).bytes();
    assert!(kept.expect("lists").iter().any(|object| object.sha256 == hash));
}

#[tokio::test]
async fn both_parties_draw_the_same_sample_and_a_new_round_another() {
    let scene = scene(observed(8), InspectionUnit::Item).await;
    let files = deliver(&scene, "d1", 20).await;
    let draw = || sample(&scene.desk, &scene.agreement, &DELIVERY, &ITEM, &files.0);
    let first = draw().await.expect("draws").items;
    assert_eq!(first.len(), 8);
    assert_eq!(draw().await.expect("draws").items, first);
    assert_eq!(inspected(&scene, "d1", &files).await.sample.items, first);
    let failed = vec![Metric::BoxF1];
    scene.act(&inspector(), Action::Reject { delivery: id("d1"), failed }).await;
    seeds(&scene, "d1", false).await;
    let items = [DeliveredItem { item: id("images"), path: files.0.clone(), quantity: None }];
    let (desk, agreement) = (&scene.desk, &scene.agreement);
    let again = desk.import_delivery(agreement, &vendor(), &id("d1"), &items, true).await;
    assert_eq!(again.expect("hands over").manifest.round, 2);
    seeds(&scene, "d1", true).await;
    assert_ne!(draw().await.expect("draws").items, first);
}

static DELIVERY: std::sync::LazyLock<units::Id> = std::sync::LazyLock::new(|| id("d1"));
static ITEM: std::sync::LazyLock<units::Id> = std::sync::LazyLock::new(|| id("images"));

#[tokio::test]
async fn other_files_than_those_handed_over_are_not_inspected() {
    let scene = scene(observed(500), InspectionUnit::Item).await;
    let files = deliver(&scene, "d1", 3).await;
    coco(&files.0, 0);
    let drawn = sample(&scene.desk, &scene.agreement, &DELIVERY, &ITEM, &files.0).await;
    match drawn {
        Err(InspectionError::NotAsDelivered { name }) => assert_eq!(name, "d1.json"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_sample_takes_both_seeds() {
    let scene = scene(observed(500), InspectionUnit::Item).await;
    let work = scene.path("work.json");
    coco(&work, 0);
    seeds(&scene, "d1", false).await;
    let items = [DeliveredItem { item: id("images"), path: work.clone(), quantity: None }];
    let (desk, agreement) = (&scene.desk, &scene.agreement);
    let taken = desk.import_delivery(agreement, &vendor(), &id("d1"), &items, true).await;
    taken.expect("hands over");
    let drawn = sample(desk, agreement, &DELIVERY, &ITEM, &work).await;
    let refused =
        matches!(drawn, Err(InspectionError::Desk(DeskError::Refused(Refusal::ComesAfter { .. }))));
    assert!(refused, "{drawn:?}");
}

#[tokio::test]
async fn gold_that_lacks_drawn_images_leaves_it_open() {
    let scene = scene(observed(500), InspectionUnit::Item).await;
    let files = deliver(&scene, "d1", 0).await;
    let text = fs::read_to_string(&files.1).expect("readable");
    fs::write(&files.1, text.replace("020.jpg", "other.jpg")).expect("writes");
    let report = inspected(&scene, "d1", &files).await;
    assert_eq!(report.not_in_gold, ["020.jpg"]);
    assert_eq!(report.verdict, Verdict::Undecidable);
}

#[tokio::test]
async fn the_series_tightens_after_two_failed_lots() {
    let scene = scene(plan(), InspectionUnit::Item).await;
    let mut severities = Vec::new();
    for delivery in ["d1", "d2", "d3"] {
        let files = deliver(&scene, delivery, 20).await;
        let severity = inspected(&scene, delivery, &files).await.sample.severity;
        severities.push(serde_json::to_value(severity).expect("is JSON"));
    }
    assert_eq!(severities, ["normal", "normal", "tightened"]);
}

#[tokio::test]
async fn texts_are_inspected_by_their_labels() {
    let scene = scene(observed(500), InspectionUnit::Item).await;
    let (work, gold) = (scene.path("work.csv"), scene.path("gold.csv"));
    let labels = |wrong: usize| {
        let row = |number| {
            let label = if number < wrong { "negative" } else { "positive" };
            format!("t{number},{label}\n")
        };
        "id,label\n".to_owned() + &(0..10).map(row).collect::<String>()
    };
    fs::write(&work, labels(2)).expect("writes");
    fs::write(&gold, labels(0)).expect("writes");
    seeds(&scene, "d1", false).await;
    let items = [DeliveredItem { item: id("texts"), path: work.clone(), quantity: None }];
    let (desk, agreement) = (&scene.desk, &scene.agreement);
    desk.import_delivery(agreement, &vendor(), &id("d1"), &items, true).await.expect("hands over");
    seeds(&scene, "d1", true).await;
    let item = id("texts");
    let report = inspect(desk, &inspector(), agreement, &DELIVERY, &item, &work, &gold).await;
    let report = report.expect("inspects");
    assert_eq!(report.standards[0].ratio, Some(units::Ratio::new(8, 10)));
    assert_eq!(report.verdict, Verdict::NotMet);
}

#[tokio::test]
async fn units_that_files_do_not_show_must_be_said() {
    let scene = scene(observed(500), InspectionUnit::Item).await;
    let path = scene.path("events.csv");
    fs::write(&path, "id,label\ne1,cut_in\n").expect("writes");
    let (desk, agreement) = (&scene.desk, &scene.agreement);
    let item =
        |quantity| [DeliveredItem { item: id("video-events"), path: path.clone(), quantity }];
    let taken = desk.import_delivery(agreement, &vendor(), &id("d1"), &item(None), true).await;
    assert!(matches!(taken, Err(DeliveryError::NoQuantity { .. })), "{taken:?}");
    let taken = desk.import_delivery(agreement, &vendor(), &id("d1"), &item(Some(12)), true).await;
    assert_eq!(taken.expect("hands over").manifest.items[0].quantity, 12);
}
