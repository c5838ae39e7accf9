//! Labels leave a project in a format and come into another one: nothing is lost or moved on the
//! way. What a file says that does not fit is refused with its place.

use serde_json::{Value, json};

use super::{Shop, ok, put, save};
use crate::client::{Answer, Client, fresh_key};

/// Formats that hold boxes, and by how many thousandths of a pixel they move them.
const BOXES: [(&str, i64); 9] = [
    ("coco", 0),
    ("voc", 0),
    ("yolo", 1),
    ("cvat", 0),
    ("label-studio", 1),
    ("datumaro", 0),
    ("csv", 0),
    ("jsonl", 0),
    ("parquet", 0),
];

/// Sends a file of labels.
async fn file(client: &Client, path: &str, bytes: &[u8]) -> Answer {
    let key = fresh_key();
    let headers = [("content-type", "application/octet-stream"), ("idempotency-key", &*key)];
    client.send("POST", &format!("/api/v1{path}"), &headers, bytes).await
}

/// The labels of an item: class, and the rectangle in thousandths of a pixel.
async fn labels(shop: &Shop, project: &str, client: &Client, seq: u64) -> Vec<(String, [i64; 4])> {
    let item = ok(client.get(&shop.of(project, &format!("/items/{seq}"))).await).json();
    let one = |label: &Value| {
        let side = |at: usize| (label["rect"][at].as_f64().unwrap() * 1_000.0).round();
        #[expect(clippy::cast_possible_truncation, reason = "sides of an image of 640 pixels")]
        let rect = [0, 1, 2, 3].map(|at| side(at) as i64);
        (label["class"].as_str().unwrap().to_owned(), rect)
    };
    let mut labels: Vec<_> = item["labels"].as_array().unwrap().iter().map(one).collect();
    labels.sort();
    labels
}

/// A project with three accepted items, of which the last has no label.
async fn accepted() -> Shop {
    let shop = Shop::open(json!({ "review_percent": 0 })).await;
    shop.add(&shop.project, 0..3).await;
    let ann = shop.hire("annotator", 1).await;
    for seq in 1..=3_u64 {
        ok(ann.post(&shop.at("/next"), &json!({ "stage": "annotate" })).await);
        let boxes = [
            put(seq * 10, "RBC", [10 * seq, 20, 10 * seq + 50, 90]),
            put(seq * 10 + 1, "WBC", [101, 103, 107, 109]),
            put(seq * 10 + 2, "RBC", [0, 0, 640, 480]),
        ];
        let boxes = if seq == 3 { &[][..] } else { &boxes };
        ok(ann.post(&shop.at(&format!("/items/{seq}/labels")), &save(0, boxes)).await);
        ok(ann.post(&shop.at(&format!("/items/{seq}/submit")), &json!({})).await);
    }
    shop
}

#[tokio::test]
async fn labels_go_out_in_each_format_and_come_back_as_they_were() {
    let shop = accepted().await;
    for (format, moved) in BOXES {
        let out = shop.at(&format!("/export?format={format}"));
        let archive = ok(shop.manager.get(&out).await).body;
        let other = shop.new_project(json!({})).await;
        shop.add(&other, 0..3).await;
        let path = shop.of(&other, "/labels/import?taken=import&name=labels.zip");
        let path = format!("{path}&format={format}");
        let taken = ok(file(&shop.manager, &path, &archive).await).json();
        assert_eq!(
            (&taken["labels"], &taken["refused"]),
            (&6.into(), &0.into()),
            "{format} {taken}"
        );
        for seq in 1..=3 {
            let had = labels(&shop, &shop.project, &shop.manager, seq).await;
            let has = labels(&shop, &other, &shop.manager, seq).await;
            assert_eq!(had.len(), has.len(), "{format}, item {seq}");
            for (had, has) in had.iter().zip(&has) {
                let near = had.1.iter().zip(&has.1).all(|(a, b)| (a - b).abs() <= moved);
                assert!(had.0 == has.0 && near, "{format}, item {seq}: {had:?} {has:?}");
            }
        }
        // What a file brought is marked as such.
        let item = ok(shop.manager.get(&shop.of(&other, "/items/1")).await).json();
        assert_eq!(item["labels"][0]["source"], "import", "{format}");
    }
}

#[tokio::test]
async fn what_does_not_fit_an_item_is_refused_with_its_place_and_the_rest_is_taken() {
    let shop = Shop::open(json!({})).await;
    shop.add(&shop.project, 0..2).await;
    let image =
        |id: u64, name: &str| json!({ "id": id, "file_name": name, "width": 640, "height": 480 });
    let cell = |id: u64, image: u64, category: u64, bbox: [i64; 4]| {
        let area = bbox[2] * bbox[3];
        json!({ "id": id, "image_id": image, "category_id": category, "bbox": bbox, "area": area,
                "iscrowd": 0 })
    };
    let coco = json!({
        "images": [image(1, "image-000000.jpg"), image(2, "elsewhere.jpg")],
        "categories": [{ "id": 1, "name": "RBC" }, { "id": 2, "name": "cat" }],
        "annotations": [
            cell(1, 1, 1, [10, 10, 40, 40]),
            cell(2, 1, 2, [10, 10, 40, 40]),
            cell(3, 1, 1, [600, 400, 90, 90]),
            cell(4, 1, 1, [5, 5, 1, 1]),
            cell(5, 2, 1, [10, 10, 40, 40]),
        ],
    });
    let path = shop.at("/labels/import?format=coco&name=pre.json");
    let taken = ok(shop.manager.post(&path, &coco).await).json();
    assert_eq!(taken["unknown_names"], json!(["elsewhere.jpg"]), "{taken}");
    let places: Vec<_> = taken["refusals"].as_array().unwrap().iter().collect();
    let code =
        |at: usize| (places[at]["item"].as_str().unwrap(), places[at]["code"].as_str().unwrap());
    assert_eq!(code(0), ("image-000000.jpg", "unknown_class"), "{taken}");
    assert!(taken["refused"].as_u64().unwrap() >= 2, "{taken}");
    let item = ok(shop.manager.get(&shop.at("/items/1")).await).json();
    assert_eq!(item["labels"][0]["source"], "import");
    // The same file again changes nothing; a broken one changes nothing and says where it breaks.
    let before = labels(&shop, &shop.project, &shop.manager, 1).await;
    ok(shop.manager.post(&path, &coco).await);
    assert_eq!(labels(&shop, &shop.project, &shop.manager, 1).await, before);
    let broken = file(&shop.manager, &path, b"{\"images\": [").await;
    let broken = ok(broken).json();
    let said = broken["findings"][0].as_str().unwrap();
    assert!(broken["labels"] == 0 && said.starts_with("pre.json:1 "), "{broken}");
    assert_eq!(labels(&shop, &shop.project, &shop.manager, 1).await, before);
    // An item that somebody finished takes no labels from a file.
    let ann = shop.hire("annotator", 1).await;
    ok(ann.post(&shop.at("/next"), &json!({ "stage": "annotate" })).await);
    let late = ok(shop.manager.post(&path, &coco).await).json();
    assert_eq!(late["labels"], 0, "{late}");
}

#[tokio::test]
async fn a_file_of_gold_makes_items_gold_that_nobody_who_labels_can_tell() {
    let shop = Shop::open(json!({ "gold_percent": 50 })).await;
    shop.add(&shop.project, 0..4).await;
    let coco = json!({
        "images": [{ "id": 1, "file_name": "image-000001.jpg", "width": 640, "height": 480 }],
        "categories": [{ "id": 1, "name": "RBC" }],
        "annotations": [{ "id": 1, "image_id": 1, "category_id": 1, "bbox": [10, 10, 40, 40],
                          "area": 1600, "iscrowd": 0 }],
    });
    let path = shop.at("/labels/import?format=coco&taken=gold&name=gold.json");
    let ann = shop.hire("annotator", 1).await;
    assert_eq!(ann.post(&path, &coco).await.problem(), "role_missing");
    let taken = ok(shop.manager.post(&path, &coco).await).json();
    assert_eq!(taken["refused"], 0, "{taken}");
    let project = ok(shop.manager.get(&shop.at("")).await).json();
    assert_eq!(
        (&project["counts"]["accepted"], &project["counts"]["waiting"]),
        (&1.into(), &3.into())
    );
    assert!(shop.manager.get(&shop.at("/items/2")).await.text().contains("RBC"));
    assert_eq!(ann.get(&shop.at("/items/2")).await.status, 404);
}

#[tokio::test]
async fn gold_that_would_lack_a_label_is_no_gold_and_no_label_is_dropped_in_silence() {
    let shop = Shop::open(json!({})).await;
    shop.add(&shop.project, 0..2).await;
    let cell = |id: u64, category: u64| {
        json!({ "id": id, "image_id": 1, "category_id": category, "bbox": [10 * id, 10, 40, 40],
                "area": 1600, "iscrowd": 0 })
    };
    let coco = json!({
        "images": [{ "id": 1, "file_name": "image-000000.jpg", "width": 640, "height": 480 }],
        "categories": [{ "id": 1, "name": "RBC" }, { "id": 2, "name": "cat" }],
        "annotations": [cell(1, 1), cell(2, 2)],
    });
    let path = shop.at("/labels/import?format=coco&name=gold.json");
    let gold = ok(shop.manager.post(&format!("{path}&taken=gold"), &coco).await).json();
    assert_eq!((&gold["items"], &gold["refused"]), (&0.into(), &1.into()), "{gold}");
    let place = json!([{ "item": "image-000000.jpg", "index": 1, "code": "unknown_class",
                 "field": "class" }]);
    assert_eq!(gold["refusals"], place);
    let item = ok(shop.manager.get(&shop.at("/items/1")).await).json();
    assert_eq!((&item["state"], &item["labels"]), (&"waiting".into(), &json!([])), "{item}");
    // As pre-labels, which a person looks at, the rest is taken.
    let taken = ok(shop.manager.post(&path, &coco).await).json();
    assert_eq!((&taken["labels"], &taken["refused"]), (&1.into(), &1.into()), "{taken}");
    // A stretch of time has no place on an image: it is refused by name.
    let event = json!({ "segment": [0.0, 1.5], "label": "RBC" });
    let net = json!({ "version": "VERSION 1.3", "taxonomy": [], "database": {
        "image-000001": { "duration": 9.0, "subset": "training", "resolution": "640x480",
                          "url": "", "annotations": [event] } } });
    let path = shop.at("/labels/import?format=activitynet&name=events.json");
    let taken = ok(shop.manager.post(&path, &net).await).json();
    assert_eq!((&taken["labels"], &taken["refused"]), (&0.into(), &1.into()), "{taken}");
    assert_eq!(taken["refusals"][0]["code"], "wrong_kind", "{taken}");
    // A format that nobody knows, and bytes that are none of them.
    let path = shop.at("/labels/import");
    let answer = file(&shop.manager, &format!("{path}?format=word"), b"{}").await;
    assert_eq!(answer.problem(), "invalid_field");
    for bytes in [b"".as_slice(), b"PK\x03\x04", b"\xff\xfe\x00", b"no labels"] {
        let answer = file(&shop.manager, &path, bytes).await;
        assert!((400..500).contains(&answer.status), "{} {}", answer.status, answer.text());
    }
}
