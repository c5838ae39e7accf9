//! Labelling work through the interface: one item through its states, what each part sees, two
//! people on one item, and a shop of twenty annotators whose figures equal an independent count.

mod acceptance;
mod files;
mod findings;
mod raw_data;
mod shop;

use std::sync::Arc;

use desk::labelling::{NewItem, Wanted};
use desk::people::{Caller, Entry, Operation, Origin, People};
use desk::world::ManualClock;
use labelling::Extent;
use serde_json::{Value, json};
use server::Rates;
use sha2::{Digest, Sha256};
use store::{KeyId, ObjectRef};

use crate::client::{Answer, Client, Served, fresh_key, lease, sign};

const CELLS: &str = r##"
title = { zh = "血细胞", en = "Blood cells" }
[[classes]]
id = "RBC"
name = { zh = "红细胞", en = "Red cell" }
color = "#cc3333"
shortcut = "1"
kinds = ["box", "class"]
min_size = [2, 2]
[[classes]]
id = "WBC"
name = { zh = "白细胞", en = "White cell" }
color = "#3333cc"
shortcut = "2"
kinds = ["box", "class"]
"##;

/// A shop that labels for a customer, with a project.
struct Shop {
    served: Served,
    customer: Client,
    manager: Client,
    agreement: String,
    project: String,
}

/// The ending of a name, how large an item is, the ticks of a video and its frames.
type Measures = (&'static str, Extent, Option<(u32, u32)>, Option<u64>);

fn many() -> Rates {
    let many = std::num::NonZeroU32::MAX;
    Rates { address: many, principal: many, proof: many }
}

impl Shop {
    async fn open(settings: Value) -> Self {
        let served = Served::with(many()).await;
        let customer = served.owner().await;
        let agreement = lease(&customer).await;
        let manager = served.vendor(&customer, &agreement).await;
        let mut shop = Self { served, customer, manager, agreement, project: String::new() };
        shop.project = shop.new_project(settings).await;
        shop
    }

    /// One under a signed agreement on so many images, of which a sample of so many is drawn, with
    /// a clock that the test sets.
    async fn agreed(settings: Value, terms: &str, clock: &Arc<ManualClock>) -> Self {
        Self::agreed_on(settings, terms, clock, ("image", CELLS)).await
    }

    /// The same on items of a modality with a guideline.
    async fn agreed_on(
        settings: Value,
        terms: &str,
        clock: &Arc<ManualClock>,
        (modality, guideline): (&str, &str),
    ) -> Self {
        let served = Served::rehearsed(many(), Arc::clone(clock)).await;
        let customer = served.owner().await;
        let laid = json!({ "text": terms, "side": "customer" });
        let agreement = ok(customer.post("/agreements", &laid).await).json()["id"].clone();
        let agreement = agreement.as_str().unwrap().to_owned();
        let manager = served.vendor(&customer, &agreement).await;
        sign(&customer, &agreement, 1).await;
        sign(&manager, &agreement, 2).await;
        let mut shop = Self { served, customer, manager, agreement, project: String::new() };
        let body = json!({
            "name": "细胞", "modality": modality, "guideline": guideline, "settings": settings,
            "work_item": "cells",
        });
        let path = format!("/agreements/{}/projects", shop.agreement);
        let made = ok(shop.manager.post(&path, &body).await).json();
        made["id"].as_str().unwrap().clone_into(&mut shop.project);
        shop
    }

    async fn new_project(&self, settings: Value) -> String {
        let body = json!({
            "name": "细胞", "modality": "image", "guideline": CELLS, "settings": settings,
            "deadline": "2026-04-01T00:00:00+08:00", "quantity": 100,
        });
        let path = format!("/agreements/{}/projects", self.agreement);
        let made = self.manager.post(&path, &body).await;
        assert_eq!(made.status, 201, "{}", made.text());
        made.json()["id"].as_str().unwrap().to_owned()
    }

    /// A person of the shop with a role.
    async fn hire(&self, role: &str, n: usize) -> Client {
        self.served.hire(&self.manager, role, &format!("{role}{n}")).await
    }

    /// A person at the agreement, as the use cases know them.
    async fn enter(&self, client: &Client, operation: Operation) -> (Caller, Entry) {
        let people = People::of(&self.served.desk);
        let token = client.cookie.as_ref().unwrap().split_once('=').unwrap().1;
        let caller = people.caller(token, &Origin::default()).await.unwrap().unwrap();
        let id = self.agreement.parse().unwrap();
        let entry = people.enter(&caller, &id, operation).await.unwrap();
        (caller, entry)
    }

    /// Adds images as the intake does, without bytes of their own.
    async fn add(&self, project: &str, numbers: std::ops::Range<u64>) {
        let extent = Extent::Image { width: 640, height: 480 };
        self.add_each(project, numbers, ("jpg", extent, None, None)).await;
    }

    /// Adds items of an ending, extent, timebase and count of frames.
    async fn add_each(
        &self,
        project: &str,
        numbers: std::ops::Range<u64>,
        (ending, extent, timebase, frames): Measures,
    ) {
        let people = People::of(&self.served.desk);
        let (caller, entry) = self.enter(&self.manager, Operation::ManageWork).await;
        let item = |n: u64| {
            let sha256: [u8; 32] = Sha256::digest(n.to_be_bytes()).into();
            let original = ObjectRef { key_id: KeyId::none(), sha256, size: 8 };
            NewItem {
                name: format!("image-{n:06}.{ending}"),
                media_type: "image/jpeg".to_owned(),
                size: 8,
                sha256,
                original,
                display: None,
                thumbnail: None,
                extent,
                timebase,
                frames,
                priority: 0,
                skills: [].into(),
                flags: [].into(),
                prints: None,
            }
        };
        let new: Vec<NewItem> = numbers.map(item).collect();
        let count = new.len();
        let added = people.add_items(&caller, &entry, project, new.clone()).await.unwrap();
        assert_eq!(added.items.len(), count);
        let again = people.add_items(&caller, &entry, project, new).await.unwrap();
        assert_eq!((again.items.len(), again.duplicates.len()), (0, count), "by their hash");
    }

    fn at(&self, rest: &str) -> String {
        self.of(&self.project, rest)
    }

    fn of(&self, project: &str, rest: &str) -> String {
        format!("/agreements/{}/projects/{project}{rest}", self.agreement)
    }
}

fn ok(answer: Answer) -> Answer {
    assert!((200..300).contains(&answer.status), "{} {}", answer.status, answer.text());
    answer
}

fn id(n: u64) -> String {
    format!("{n:026}")
}

fn put(n: u64, class: &str, rect: [u64; 4]) -> Value {
    json!({ "put": { "id": id(n), "kind": "box", "class": class, "rect": rect } })
}

fn save(base: u64, operations: &[Value]) -> Value {
    json!({ "base": base, "seconds": 3, "operations": operations })
}

fn mode(item: &Value) -> Vec<&str> {
    item["mode"].as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_item_goes_from_waiting_to_accepted_and_each_part_sees_its_own() {
    let shop = Shop::open(json!({})).await;
    let (ann, bob) = (shop.hire("annotator", 1).await, shop.hire("annotator", 2).await);
    let rev = shop.hire("reviewer", 1).await;
    shop.add(&shop.project, 0..3).await;
    let next = |stage: &str| json!({ "stage": stage });
    let item = ok(ann.post(&shop.at("/next"), &next("annotate")).await).json()["item"].clone();
    assert_eq!((item["seq"].as_u64(), item["state"].as_str()), (Some(1), Some("annotating")));
    assert_eq!(mode(&item), ["view", "label", "submit", "skip", "ask"]);
    // The same again: it is held.
    let again = ok(ann.post(&shop.at("/next"), &next("annotate")).await).json();
    assert_eq!(again["item"]["seq"], 1);
    let other = ok(bob.post(&shop.at("/next"), &next("annotate")).await).json();
    assert_eq!(other["item"]["seq"], 2);
    assert_eq!(bob.get(&shop.at("/items/1")).await.problem(), "not_found");
    assert_eq!(ann.post(&shop.at("/next"), &next("review")).await.problem(), "role_missing");
    assert_eq!(rev.post(&shop.at("/next"), &next("annotate")).await.problem(), "role_missing");

    let bad =
        json!({ "put": { "id": id(9), "kind": "box", "class": "cat", "rect": [0, 0, 9, 9] } });
    let operations = [put(1, "RBC", [10, 10, 50, 50]), bad, put(2, "WBC", [60, 60, 99, 99])];
    let saved = ok(ann.post(&shop.at("/items/1/labels"), &save(0, &operations)).await).json();
    assert_eq!(saved["revision"], 1);
    assert_eq!(saved["refused"][0]["code"], "unknown_class");
    assert_eq!(bob.post(&shop.at("/items/1/labels"), &save(0, &[])).await.problem(), "not_found");
    assert_eq!(rev.post(&shop.at("/items/1/hold"), &json!({})).await.problem(), "not_now");
    ok(ann.post(&shop.at("/items/1/submit"), &json!({})).await);
    let late = ann.post(&shop.at("/items/1/labels"), &save(1, &operations)).await;
    assert_eq!(late.problem(), "not_now");
    // The customer sees what was handed in and nothing that is not.
    let seen = ok(shop.customer.get(&shop.at("/items")).await).json();
    let seen: Vec<_> = seen["items"].as_array().unwrap().iter().map(|one| &one["seq"]).collect();
    assert_eq!(seen, [1]);
    assert_eq!(shop.customer.get(&shop.at("/items/2")).await.problem(), "not_found");

    let item = ok(rev.post(&shop.at("/next"), &next("review")).await).json()["item"].clone();
    assert_eq!((item["seq"].as_u64(), item["state"].as_str()), (Some(1), Some("reviewing")));
    assert_eq!(mode(&item), ["view", "label", "return", "accept", "ask"]);
    assert_eq!(item["labels"][0]["rect"], json!([10.0, 10.0, 50.0, 50.0]));
    ok(rev.post(&shop.at("/items/1/return"), &json!({ "text": "one cell is missing" })).await);
    let back = ok(ann.post(&shop.at("/next"), &next("annotate")).await).json()["item"].clone();
    assert_eq!((back["seq"].as_u64(), back["open_issues"].as_u64()), (Some(1), Some(1)));
    let issues = ok(ann.get(&shop.at("/items/1/issues")).await).json();
    assert_eq!(issues["items"][0]["text"], "one cell is missing");
    ok(ann.post(&shop.at("/items/1/issues/1/resolve"), &json!({})).await);
    let more = [put(3, "RBC", [200, 200, 240, 240])];
    ok(ann.post(&shop.at("/items/1/labels"), &save(1, &more)).await);
    ok(ann.post(&shop.at("/items/1/submit"), &json!({})).await);
    ok(rev.post(&shop.at("/next"), &next("review")).await);
    ok(rev.post(&shop.at("/items/1/accept"), &json!({})).await);
    let project = ok(shop.manager.get(&shop.at("")).await).json();
    assert_eq!(project["counts"]["accepted"], 1);
    assert_eq!(project["counts"]["waiting"], 1);
    // Who only reviews was given no item and has a name all the same.
    for page in ["/people", "/payroll"] {
        let people = ok(shop.manager.get(&shop.at(page)).await).json();
        let lines = people.get("items").or(people.get("lines")).unwrap().as_array().unwrap();
        assert!(lines.iter().any(|one| one["name"] == "reviewer1"), "{page}: {people}");
    }
    let history = ok(shop.manager.get(&shop.at("/items/1/history")).await).json();
    let saves = history["items"].as_array().unwrap();
    let made = saves.iter().map(|one| (&one["revision"], one["author"].is_string()));
    assert_eq!(Vec::from_iter(made), [(&json!(1), true), (&json!(2), true)]);
    ok(bob.post(&shop.at("/items/2/skip"), &json!({ "reason": "out of focus" })).await);
    ok(shop.manager.post(&shop.at("/items/2/reopen"), &json!({})).await);
    let me = ok(ann.get("/session").await).json();
    let id = me["id"].as_str().unwrap_or_else(|| me["person"]["id"].as_str().unwrap());
    ok(shop.manager.post(&shop.at("/items/2/assign"), &json!({ "person": id })).await);
    let mine = ok(ann.post(&shop.at("/next"), &next("annotate")).await).json();
    assert_eq!(mine["item"]["seq"], 2, "what is kept for a person comes first");
}

#[tokio::test]
async fn what_lies_idle_in_one_project_keeps_nobody_of_another_from_work() {
    let held = json!({ "hold_minutes": 5 });
    let shop = Shop::open(held.clone()).await;
    let idle = shop.new_project(held).await;
    let (ann, bob) = (shop.hire("annotator", 1).await, shop.hire("annotator", 2).await);
    shop.add(&idle, 0..60).await;
    shop.add(&shop.project, 0..1).await;
    let mut taken: Vec<u64> = Vec::new();
    for _ in 0..51 {
        let wanted = json!({ "stage": "annotate", "except": taken });
        let item = ok(ann.post(&shop.of(&idle, "/next"), &wanted).await).json();
        taken.push(item["item"]["seq"].as_u64().unwrap());
    }
    let wanted = json!({ "stage": "annotate" });
    assert_eq!(ok(ann.post(&shop.at("/next"), &wanted).await).json()["item"]["seq"], 1);
    assert!(ok(bob.post(&shop.at("/next"), &wanted).await).json()["item"].is_null());
    let (caller, entry) = shop.enter(&bob, Operation::Work).await;
    let mut later = shop.served.desk.clone();
    later.clock = std::sync::Arc::new(ManualClock::new(later.clock.now().plus_seconds(3_600)));
    let wanted = Wanted { stage: "annotate".to_owned(), except: Vec::new() };
    let people = People::of(&later);
    let next = people.next_item(&caller, &entry, &shop.project, &wanted).await.unwrap();
    assert_eq!(next, Some(1), "an hour later the hold is over");
}

#[tokio::test]
async fn two_windows_of_one_person_save_without_losing_anything() {
    let shop = Shop::open(json!({})).await;
    let ann = shop.hire("annotator", 1).await;
    shop.add(&shop.project, 0..1).await;
    ok(ann.post(&shop.at("/next"), &json!({ "stage": "annotate" })).await);
    let path = shop.at("/items/1/labels");
    let saves = (0..12_u64).map(|n| {
        let (ann, path) = (ann.clone(), path.clone());
        async move {
            let body = save(0, &[put(n, "RBC", [n * 10, 5, n * 10 + 8, 25])]);
            ok(ann.post(&path, &body).await).json()["revision"].as_u64().unwrap()
        }
    });
    let mut revisions = futures_util::future::join_all(saves).await;
    revisions.sort_unstable();
    assert_eq!(revisions, Vec::from_iter(1..=12));
    let item = ok(ann.get(&shop.at("/items/1")).await).json();
    assert_eq!(item["labels"].as_array().unwrap().len(), 12);
    assert_eq!(item["seconds"], 36);
    // A repetition of a request counts once.
    let key = fresh_key();
    let body = save(12, &[put(99, "RBC", [300, 300, 320, 320])]);
    for _ in 0..3 {
        ok(ann.post_with(&path, &body, &[("idempotency-key", &key)]).await);
    }
    let item = ok(ann.get(&shop.at("/items/1")).await).json();
    assert_eq!((item["revision"].as_u64(), item["seconds"].as_u64()), (Some(13), Some(39)));
}

#[tokio::test]
async fn a_guideline_changes_by_versions_and_says_what_it_touches() {
    let shop = Shop::open(json!({})).await;
    let ann = shop.hire("annotator", 1).await;
    shop.add(&shop.project, 0..2).await;
    for (seq, class) in [(1, "RBC"), (2, "WBC")] {
        ok(ann.post(&shop.at("/next"), &json!({ "stage": "annotate" })).await);
        let body = save(0, &[put(seq, class, [10, 10, 50, 50])]);
        ok(ann.post(&shop.at(&format!("/items/{seq}/labels")), &body).await);
        ok(ann.post(&shop.at(&format!("/items/{seq}/submit")), &json!({})).await);
    }
    let path = format!("/api/v1{}", shop.at("/guideline"));
    let lay_down = async |text: String| {
        let key = fresh_key();
        let headers = [("content-type", "text/plain"), ("idempotency-key", key.as_str())];
        shop.manager.send("PUT", &path, &headers, text.as_bytes()).await
    };
    let touched = ok(lay_down(CELLS.replace("[2, 2]", "[3, 3]")).await).json();
    assert_eq!(touched["version"], 2);
    assert_eq!(touched["touched"], json!({ "count": 1, "items": [1] }));
    let bad = lay_down(CELLS.replace("#cc3333", "red")).await;
    assert_eq!(bad.problem(), "invalid_field");
    assert_eq!(bad.json()["errors"][0]["pointer"], "/classes/0/color");
    let asked = ann.post(&shop.at("/questions"), &json!({ "text": "And platelets?" })).await;
    assert_eq!(ok(asked).json()["n"], 1);
    let said = json!({ "text": "Leave them out." });
    let path = shop.at("/questions/1/answer");
    assert_eq!(ann.post(&path, &said).await.problem(), "role_missing");
    ok(shop.customer.post(&path, &said).await);
    let guideline = ok(ann.get(&shop.at("/guideline")).await).json();
    assert_eq!(guideline["version"], 2);
    assert_eq!(guideline["questions"][0]["answer"], "Leave them out.");
    assert_eq!(guideline["guideline"]["classes"][0]["min_size"], json!([3, 3]));
}

#[tokio::test]
async fn many_items_are_listed_page_by_page_in_order_and_quickly() {
    // `LIST_ITEMS` sets another number; the time is printed and decides nothing.
    let count = std::env::var("LIST_ITEMS").ok().and_then(|text| text.parse().ok());
    let count: u64 = count.unwrap_or(500);
    let shop = Shop::open(json!({})).await;
    shop.add(&shop.project, 0..count).await;
    let (mut after, mut seen, mut slowest) = ("0".to_owned(), 0, std::time::Duration::ZERO);
    loop {
        let path = shop.at(&format!("/items?limit=200&state=waiting&after={after}"));
        let watch = desk::world::Stopwatch::start();
        let page = ok(shop.manager.get(&path).await).json();
        slowest = slowest.max(watch.elapsed());
        for item in page["items"].as_array().unwrap() {
            seen += 1;
            assert_eq!(item["seq"], seen);
        }
        match page["next_cursor"].as_str() {
            Some(next) => after = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen, count);
    println!("{count} items in pages of 200, the slowest in {slowest:?}");
}
