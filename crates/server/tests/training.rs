//! Datasets of a training over the interface: by the folders of classes, with what was found, for
//! the eyes that may see them; sealed on record, and refused where they leak.

use std::sync::Arc;

use desk::world::ManualClock;
use serde_json::{Value, json};
use server::Rates;

use crate::client::{Answer, Client, Served, sign};

const TERMS: &str = include_str!("../../../cases/agreements/training.toml");

struct Parties {
    _served: Served,
    customer: Client,
    vendor: Client,
    agreement: String,
}

fn ok(answer: Answer) -> Answer {
    assert!((200..300).contains(&answer.status), "{}: {}", answer.status, answer.text());
    answer
}

/// A bitmap of eight by eight pixels whose rows follow from a number.
fn bitmap(seed: u32) -> Vec<u8> {
    let mut bytes =
        b"BM\xF6\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x08\0\0\0\x08\0\0\0\x01\0\x18\0".to_vec();
    bytes.extend([0; 24]);
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    for _ in 0..192 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        bytes.push((state >> 24) as u8);
    }
    bytes
}

impl Parties {
    async fn agreed() -> Self {
        let clock = Arc::new(ManualClock::new("2026-03-02T09:00:00+08:00".parse().unwrap()));
        let many = std::num::NonZeroU32::MAX;
        let rates = Rates { address: many, principal: many, proof: many };
        let served = Served::rehearsed(rates, clock).await;
        let customer = served.owner().await;
        let terms = TERMS.replace("items = 6_000", "items = 4").replace("\"crack\"", "\"cat\"");
        let laid = json!({ "text": terms, "side": "customer" });
        let agreement = ok(customer.post("/agreements", &laid).await).json()["id"].clone();
        let agreement = agreement.as_str().unwrap().to_owned();
        let vendor = served.vendor(&customer, &agreement).await;
        sign(&customer, &agreement, 1).await;
        sign(&vendor, &agreement, 2).await;
        Self { _served: served, customer, vendor, agreement }
    }

    fn at(&self, rest: &str) -> String {
        format!("/agreements/{}{rest}", self.agreement)
    }

    async fn upload(&self, client: &Client, name: &str, bytes: &[u8]) -> String {
        let begun = json!({ "name": name, "size": bytes.len() });
        let begun = ok(client.post(&self.at("/uploads"), &begun).await).json();
        let id = begun["upload"].as_str().unwrap().to_owned();
        let path = format!("/api/v1{}", self.at(&format!("/uploads/{id}")));
        ok(client.send("PATCH", &path, &[("upload-offset", "0")], bytes).await);
        id
    }

    /// Brings files as a dataset.
    async fn bring(&self, client: &Client, purpose: &str, files: &[(&str, Vec<u8>)]) -> Answer {
        let mut uploads = Vec::new();
        for (name, bytes) in files {
            uploads.push(self.upload(client, name, bytes).await);
        }
        let body = json!({
            "name": purpose, "purpose": purpose, "uploads": uploads, "personal_data": "none",
            "licence": "CC0-1.0",
        });
        client.post(&self.at("/datasets"), &body).await
    }

    async fn rounds(&self) -> Value {
        ok(self.vendor.get(&self.at("/rounds")).await).json()
    }

    async fn train(&self, dataset: &str) -> Answer {
        let work = json!({ "kind": "train", "options": { "epochs": 3 } });
        let body = json!({ "work": work, "dataset": dataset });
        self.vendor.post(&self.at("/jobs"), &body).await
    }
}

fn id(answer: Answer) -> String {
    ok(answer).json()["id"].as_str().unwrap().to_owned()
}

fn kept() -> Vec<(&'static str, Vec<u8>)> {
    let names = ["cat/1.bmp", "cat/2.bmp", "dog/1.bmp", "dog/2.bmp"];
    names.into_iter().zip(100..).map(|(name, seed)| (name, bitmap(seed))).collect()
}

#[tokio::test]
async fn a_dataset_says_what_it_holds_and_what_is_wrong_with_it() {
    let parties = Parties::agreed().await;
    let files = [
        ("photos/train/cat/1.bmp", bitmap(1)),
        ("photos/train/cat/same.bmp", bitmap(1)),
        ("photos/train/dog/2.bmp", bitmap(2)),
        ("photos/val/dog/3.bmp", bitmap(3)),
        ("photos/train/dog/broken.jpg", vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 4]),
        ("photos/train/readme.txt", b"taken in spring".to_vec()),
    ];
    let set = id(parties.bring(&parties.vendor, "training", &files).await);
    let path = parties.at(&format!("/datasets/{set}"));
    let seen = ok(parties.customer.get(&path).await).json();
    assert_eq!(seen["images"], 3);
    let classes = json!([
        { "class": "cat", "train": 1, "validation": 0, "test": 0 },
        { "class": "dog", "train": 1, "validation": 1, "test": 0 },
    ]);
    assert_eq!(seen["classes"], classes);
    let duplicates = json!([["photos/train/cat/same.bmp", "train/cat/1.bmp"]]);
    assert_eq!(seen["report"]["duplicates"], duplicates);
    let refused: Vec<&str> = seen["report"]["refused"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(refused, ["photos/train/dog/broken.jpg", "photos/train/readme.txt"]);
    let images = ok(parties.customer.get(&format!("{path}/images?class=dog")).await).json();
    let names: Vec<&Value> =
        images["images"].as_array().unwrap().iter().map(|image| &image["name"]).collect();
    assert_eq!(names, ["train/dog/2.bmp", "validation/dog/3.bmp"]);
    let picture = parties.vendor.get(&format!("{path}/picture?name=train%2Fcat%2F1.bmp")).await;
    assert_eq!(ok(picture).body[..2], [0xFF, 0xD8], "a small JPEG");
    let absent = parties.vendor.get(&format!("{path}/picture?name=nothing")).await;
    assert_eq!(absent.status, 404);
}

#[tokio::test]
async fn too_few_classes_are_refused_and_the_uploads_stay() {
    let parties = Parties::agreed().await;
    let files = [("1.bmp", bitmap(1)), ("cat/2.bmp", bitmap(2))];
    let refused = parties.bring(&parties.vendor, "training", &files).await;
    assert_eq!((refused.status, refused.problem().as_str()), (422, "invalid_field"));
    assert_eq!(refused.json()["fields"]["classes"], 1);
    let none = ok(parties.vendor.get(&parties.at("/datasets")).await).json();
    assert_eq!(none["items"], json!([]));
}

#[tokio::test]
async fn a_test_set_is_the_customers_alone_is_sealed_once_and_never_learned_from() {
    let parties = Parties::agreed().await;
    let test = id(parties.bring(&parties.customer, "test", &kept()).await);
    let path = parties.at(&format!("/datasets/{test}"));
    assert_eq!(parties.vendor.get(&path).await.status, 404);
    assert_eq!(parties.vendor.post(&format!("{path}/seal"), &json!({})).await.status, 404);
    let own = [
        ("cat/9.bmp", bitmap(9)),
        ("dog/8.bmp", bitmap(8)),
        // The same bytes as an image of the test set, under another name and class.
        ("dog/other.bmp", bitmap(100)),
    ];
    let leaking = id(parties.bring(&parties.vendor, "training", &own).await);
    // Nothing is sealed yet.
    let early = parties.train(&leaking).await;
    assert_eq!(early.problem(), "test_set_not_sealed");
    ok(parties.customer.post(&format!("{path}/seal"), &json!({})).await);
    assert!(ok(parties.customer.get(&path).await).json()["sealed"].as_bool().unwrap());
    let again = parties.customer.post(&format!("{path}/seal"), &json!({})).await;
    assert_eq!(again.problem(), "decided");
    let rounds = parties.rounds().await;
    assert_eq!(rounds["test_set"]["openings"], json!([]));
    assert_eq!((&rounds["test_images"], &rounds["rounds"]), (&4.into(), &json!([])));
    let refused = parties.train(&leaking).await;
    assert_eq!(refused.problem(), "not_now");
    let problem = refused.json();
    assert_eq!(
        (&problem["fields"]["images"], &problem["clause"]),
        (&1.into(), &"train-4.2".into())
    );
    // What is to judge by is nothing to learn from.
    let body = json!({ "work": { "kind": "train", "options": {} }, "dataset": test });
    assert_eq!(parties.customer.post(&parties.at("/jobs"), &body).await.problem(), "invalid_field");
    let body = json!({ "work": { "kind": "evaluate", "round": 1 } });
    assert_eq!(parties.vendor.post(&parties.at("/jobs"), &body).await.status, 404);
}

#[tokio::test]
async fn a_job_waits_for_its_turn_and_can_be_ended_before_it() {
    let parties = Parties::agreed().await;
    let test = id(parties.bring(&parties.customer, "test", &kept()).await);
    let sealed = parties.at(&format!("/datasets/{test}/seal"));
    ok(parties.customer.post(&sealed, &json!({})).await);
    let own = [("cat/9.bmp", bitmap(9)), ("dog/8.bmp", bitmap(8))];
    let set = id(parties.bring(&parties.vendor, "training", &own).await);
    let bad = json!({ "work": { "kind": "train", "options": { "epochs": 0 } }, "dataset": set });
    let refused = parties.vendor.post(&parties.at("/jobs"), &bad).await;
    assert_eq!(refused.problem(), "invalid_field");
    let job = id(parties.train(&set).await);
    let busy = parties.train(&set).await;
    assert_eq!(busy.problem(), "not_now");
    let control = parties.at(&format!("/jobs/{job}/control"));
    let cancel = json!({ "control": "cancel" });
    // It is the vendor's: the customer may watch it and no more.
    assert_eq!(parties.customer.post(&control, &cancel).await.status, 403);
    let lines = ok(parties.customer.get(&parties.at(&format!("/jobs/{job}/progress"))).await);
    assert_eq!(lines.json()["items"], json!([]));
    ok(parties.vendor.post(&control, &cancel).await);
    assert_eq!(parties.vendor.post(&control, &cancel).await.problem(), "not_now");
    let jobs = ok(parties.customer.get(&parties.at("/jobs")).await).json();
    assert_eq!(
        (&jobs["items"][0]["state"], &jobs["items"][0]["own"]),
        (&"cancelled".into(), &false.into())
    );
    assert_eq!(parties.rounds().await["rounds"], json!([]), "nothing came of it");
}
