//! What is worth looking at in a project: real photographs and real texts through the intake, what
//! saves and guidelines make of them, who is told.

use std::path::Path;

use serde_json::{Value, json};

use super::{Shop, ok, put, save};
use crate::client::Client;

const SENTIMENT: &str = r##"
title = { zh = "情感", en = "Sentiment" }
[[classes]]
id = "good"
name = { zh = "好评", en = "Positive" }
color = "#33cc33"
kinds = ["class"]
[[classes]]
id = "bad"
name = { zh = "差评", en = "Negative" }
color = "#cc3333"
kinds = ["class"]
"##;

impl Shop {
    async fn take(&self, project: &str, files: &[(&str, &[u8])], split: Value) -> Value {
        let mut uploads = Vec::new();
        for (name, bytes) in files {
            let body = json!({ "name": name, "size": bytes.len() });
            let path = format!("/agreements/{}/uploads", self.agreement);
            let begun = ok(self.manager.post(&path, &body).await).json();
            let id = begun["upload"].as_str().unwrap().to_owned();
            let path = format!("/api/v1{path}/{id}");
            ok(self.manager.send("PATCH", &path, &[("upload-offset", "0")], bytes).await);
            uploads.push(id);
        }
        let body = json!({
            "uploads": uploads, "rights": "own", "personal_data": "personal",
            "deidentified": false, "split": split,
        });
        ok(self.manager.post(&self.of(project, "/intake"), &body).await).json()
    }

    async fn findings(&self, project: &str, kind: &str) -> Vec<Value> {
        let path = self.of(project, &format!("/findings?kind={kind}"));
        let found = ok(self.manager.get(&path).await).json();
        let items = found["items"].as_array().unwrap().clone();
        assert_eq!(found["counts"], json!({ kind: items.len() }));
        for one in &items {
            assert_eq!(one["kind"], kind);
            assert!(one["zh"].as_str().unwrap().ends_with('。'), "{one}");
            assert!(one["en"].as_str().unwrap().ends_with('.'), "{one}");
        }
        items
    }
}

/// Labels the next items with what `say` gives for each and hands them in.
async fn label_all(
    shop: &Shop,
    client: &Client,
    project: &str,
    say: impl Fn(u64, &Value) -> Vec<Value>,
) {
    loop {
        let taken = client.post(&shop.of(project, "/next"), &json!({ "stage": "annotate" })).await;
        let Some(item) = ok(taken).json().get("item").cloned() else { return };
        let seq = item["seq"].as_u64().unwrap();
        let path = shop.of(project, &format!("/items/{seq}"));
        let saved = client.post(&format!("{path}/labels"), &save(0, &say(seq, &item))).await;
        assert_eq!(ok(saved).json()["refused"], json!([]));
        ok(client.post(&format!("{path}/submit"), &json!({})).await);
    }
}

fn seqs(finding: &Value) -> Vec<u64> {
    let items = finding["items"].as_array().unwrap();
    items.iter().map(|item| item["seq"].as_u64().unwrap()).collect()
}

fn reasons(findings: &[Value]) -> Vec<&str> {
    findings.iter().map(|one| one["reason"].as_str().unwrap()).collect()
}

/// The same photograph in another file: a comment stands behind its first marker.
fn commented(jpeg: &[u8]) -> Vec<u8> {
    let mut copy = jpeg[..2].to_vec();
    copy.extend_from_slice(&[0xff, 0xfe, 0, 6, b'c', b'o', b'p', b'y']);
    copy.extend_from_slice(&jpeg[2..]);
    copy
}

#[tokio::test]
async fn photographs_that_look_alike_and_are_labelled_differently_are_found() {
    let shared = "../../../shared/data/bccd/BCCD/JPEGImages";
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join(shared);
    let Ok(folder) = std::fs::read_dir(&shared) else {
        println!("skipped: {} is absent", shared.display());
        return;
    };
    let mut paths: Vec<_> = folder.map(|file| file.unwrap().path()).collect();
    paths.sort();
    let photos: Vec<Vec<u8>> =
        paths.iter().take(24).map(|path| std::fs::read(path).unwrap()).collect();
    let copy = commented(&photos[2]);
    let shop = Shop::open(json!({ "review_percent": 0 })).await;
    let names: Vec<String> = (1..=24).map(|n| format!("{n:02}.jpg")).collect();
    let mut files: Vec<(&str, &[u8])> =
        names.iter().zip(&photos).map(|(name, bytes)| (name.as_str(), &bytes[..])).collect();
    files.push(("copy.jpg", &copy));
    let taken = shop.take(&shop.project, &files, json!("file")).await;
    assert_eq!((taken["taken"].as_u64(), &taken["refused"]), (Some(25), &json!([])));

    // Before anybody labelled there is nothing but the pair, and no label to open.
    let alike = shop.findings(&shop.project, "near_duplicate").await;
    assert_eq!((reasons(&alike), seqs(&alike[0])), (vec!["looks_alike"], vec![3, 25]));
    assert!(shop.findings(&shop.project, "outlier").await.is_empty());
    assert!(shop.findings(&shop.project, "conflict").await.is_empty());

    let ann = shop.hire("annotator", 1).await;
    label_all(&shop, &ann, &shop.project, |seq, _| {
        // Of the copy one cell has another class; one box of another item is far too large.
        let class = if seq == 25 { "WBC" } else { "RBC" };
        let side = if seq == 7 { 400 } else { 50 + seq % 8 };
        vec![
            put(seq * 10, class, [300, 300, 381, 381]),
            put(seq * 10 + 1, "RBC", [10, 10, 10 + side, 10 + side]),
            put(seq * 10 + 2, "WBC", [100, 60, 100 + side, 61 + side]),
        ]
    })
    .await;
    let conflicts = shop.findings(&shop.project, "conflict").await;
    assert_eq!(
        (reasons(&conflicts), seqs(&conflicts[0])),
        (vec!["labelled_differently"], vec![3, 25])
    );
    let [one, other] = [&conflicts[0]["items"][0], &conflicts[0]["items"][1]];
    assert_eq!((&one["label"], &other["label"]), (&json!(super::id(30)), &json!(super::id(250))));
    assert_eq!(one["rect"], json!([300.0, 300.0, 381.0, 381.0]));
    let open = format!(
        "/agreements/{}/projects/{}/items/3?label={}&rect=300,300,381,381",
        shop.agreement,
        shop.project,
        super::id(30)
    );
    assert_eq!(one["open"], open);
    let outliers = shop.findings(&shop.project, "outlier").await;
    assert_eq!(reasons(&outliers), ["box_large"; 3]);
    assert_eq!(outliers.iter().map(seqs).collect::<Vec<_>>(), [[7], [7], [25]]);
    assert_eq!(outliers[0]["class"], "RBC");
    assert_eq!(outliers[0]["items"][0]["label"], super::id(71));

    // A new version asks for larger boxes: what is finished and smaller contradicts it.
    let stricter = super::CELLS.replace("min_size = [2, 2]", "min_size = [51, 51]");
    let path = format!("/api/v1{}", shop.at("/guideline"));
    let key = crate::client::fresh_key();
    let headers = [("content-type", "application/toml"), ("idempotency-key", key.as_str())];
    ok(shop.manager.send("PUT", &path, &headers, stricter.as_bytes()).await);
    let conflicts = shop.findings(&shop.project, "conflict").await;
    let small: Vec<&Value> = conflicts.iter().filter(|one| one["reason"] == "too_small").collect();
    assert_eq!(small.iter().map(|one| seqs(one)).collect::<Vec<_>>(), [[8], [16], [24]]);
    assert_eq!(small[0]["items"][0]["label"], super::id(81));

    // All at once tell the same; nobody is told who labels, reviews or is the other side.
    let all = ok(shop.manager.get(&shop.at("/findings")).await).json();
    assert_eq!(
        all["counts"],
        json!({ "near_duplicate": 1, "outlier": 3, "conflict": 4, "identifier": 0 })
    );
    assert_eq!((all["looked"].as_u64(), all["unknown"].as_u64()), (Some(25), Some(0)));
    assert_eq!((all["labels"].as_u64(), all["more"].as_bool()), (Some(75), Some(false)));
    let rev = shop.hire("reviewer", 1).await;
    for client in [&ann, &rev, &shop.customer] {
        assert_eq!(client.get(&shop.at("/findings")).await.status, 403);
    }
    let wrong = shop.manager.get(&shop.at("/findings?kind=other")).await;
    assert_eq!(wrong.problem(), "bad_request");
}

#[tokio::test]
async fn texts_tell_their_identifiers_and_the_same_text_is_said_once() {
    let shop = Shop::open(json!({})).await;
    let body = json!({ "name": "评论", "modality": "text", "guideline": SENTIMENT,
                       "settings": { "review_percent": 0 } });
    let path = format!("/agreements/{}/projects", shop.agreement);
    let made = ok(shop.manager.post(&path, &body).await).json();
    let project = made["id"].as_str().unwrap();
    let lines = [
        "房间很大，早餐也不错",
        "前台收了我的身份证号11010519491231002X还不还",
        "房间很大 早餐也不错！",
        "卡号是 4111 1111 1111 1111，请退款",
        "打电话13800138000没人接",
        "房间很小",
    ];
    let text = lines.join("\n");
    let taken = shop.take(project, &[("a.txt", text.as_bytes())], json!("lines")).await;
    assert_eq!(taken["taken"], lines.len());
    let found = shop.findings(project, "identifier").await;
    let kinds = ["resident_id", "credit_card", "mobile"];
    assert_eq!(reasons(&found), kinds);
    assert_eq!(found.iter().map(seqs).collect::<Vec<_>>(), [[2], [4], [5]]);
    let place = &found[0]["items"][0];
    assert_eq!((place["start"].as_u64(), place["end"].as_u64()), (Some(10), Some(28)));
    let everything = serde_json::to_string(&found).unwrap();
    assert!(!everything.contains("19491231"), "a finding never tells the identifier");
    let alike = shop.findings(project, "near_duplicate").await;
    assert_eq!((reasons(&alike), seqs(&alike[0])), (vec!["same_text"], vec![1, 3]));

    let ann = shop.hire("annotator", 1).await;
    label_all(&shop, &ann, project, |seq, _| {
        let class = if seq == 1 { "good" } else { "bad" };
        vec![json!({ "put": { "id": super::id(seq), "kind": "class", "class": class } })]
    })
    .await;
    let conflicts = shop.findings(project, "conflict").await;
    assert_eq!(reasons(&conflicts), ["labelled_differently"]);
    assert_eq!(seqs(&conflicts[0]), [1, 3]);
    assert_eq!(conflicts[0]["items"][1]["label"], super::id(3));
}

#[tokio::test]
async fn who_is_three_times_as_fast_as_the_others_is_told() {
    let shop = Shop::open(json!({ "review_percent": 0 })).await;
    shop.add(&shop.project, 0..40).await;
    for n in 1..=4 {
        let hand = shop.hire("annotator", n).await;
        for _ in 0..10 {
            let next = hand.post(&shop.at("/next"), &json!({ "stage": "annotate" })).await;
            let item = ok(next).json()["item"].clone();
            let seq = item["seq"].as_u64().unwrap();
            let mut body = save(0, &[put(seq, "RBC", [10, 10, 60, 60])]);
            body["seconds"] = json!(if n == 2 { 1 } else { 8 });
            ok(hand.post(&shop.at(&format!("/items/{seq}/labels")), &body).await);
            ok(hand.post(&shop.at(&format!("/items/{seq}/submit")), &json!({})).await);
        }
        let found = shop.findings(&shop.project, "outlier").await;
        assert_eq!(found.len(), usize::from(n >= 3), "three paces are the least");
    }
    let found = shop.findings(&shop.project, "outlier").await;
    assert_eq!((reasons(&found), seqs(&found[0])), (vec!["person_fast"], vec![]));
    let people = ok(shop.manager.get(&shop.at("/people")).await).json();
    let person = people["items"].as_array().unwrap().iter();
    let name = |one: &&Value| one["person"] == found[0]["person"];
    assert_eq!(person.clone().find(name).unwrap()["work"]["label_seconds"], 10);
    let all = ok(shop.manager.get(&shop.at("/findings")).await).json();
    assert_eq!(all["unknown"], 40, "they were added without a fingerprint");
}

#[tokio::test]
async fn null_clears_the_deadline_and_the_quantity_and_what_is_absent_stays() {
    let shop = Shop::open(json!({})).await;
    let patch = async |change: &Value| {
        let path = format!("/api/v1{}", shop.at(""));
        let key = crate::client::fresh_key();
        let headers = [("content-type", "application/json"), ("idempotency-key", key.as_str())];
        shop.manager.send("PATCH", &path, &headers, change.to_string().as_bytes()).await
    };
    let check = async |change: Value, quantity: Value, deadline: bool| {
        let project = ok(patch(&change).await).json();
        assert_eq!(
            (&project["quantity"], project["deadline"].is_string()),
            (&quantity, deadline),
            "{change}"
        );
    };
    check(json!({}), json!(100), true).await;
    check(json!({ "quantity": null }), json!(null), true).await;
    check(json!({ "name": "x" }), json!(null), true).await;
    check(json!({ "quantity": 7, "deadline": null }), json!(7), false).await;
    check(json!({ "deadline": "2026-05-01T00:00:00+08:00" }), json!(7), true).await;
    let zero = patch(&json!({ "quantity": 0 })).await;
    assert_eq!(zero.problem(), "invalid_field");
}
