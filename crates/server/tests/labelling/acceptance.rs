//! A project delivered under its agreement: seeds, draw, inspection by the customer's people,
//! rework and silence, each refusal with its clause; and the whole shop, whose acceptance fails
//! once and whose statement equals a calculation of the test's own. `SHOP_ITEMS` sets another
//! number.

mod ends;
mod kinds;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use annotation::commitment;
use desk::world::{Clock as _, ManualClock};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::shop::{items, me, seen};
use super::{Shop, mode, ok, put, save};
use crate::client::{Client, fresh_key};

const TERMS: &str = include_str!("../../../../cases/agreements/bccd.toml");
const START: &str = "2026-03-02T09:00:00+08:00";

/// The sample agreement on so many images, with a sample of so many.
fn terms(quantity: u64, sample: u64, threshold: &str) -> String {
    let terms = TERMS.replace("quantity = 364", &format!("quantity = {quantity}"));
    let terms = terms.replace("sample = 80", &format!("sample = {sample}"));
    let terms = terms.replace("threshold = \"97%\"", "threshold = \"50%\"");
    terms.replace("threshold = \"80%\"", &format!("threshold = \"{threshold}\""))
}

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new(START.parse().unwrap()))
}

impl Shop {
    async fn inspection(&self) -> Value {
        ok(self.customer.get(&self.at("/inspection")).await).json()
    }

    async fn facts(&self, client: &Client, fact: Value) -> crate::client::Answer {
        client
            .post(&format!("/agreements/{}/facts", self.agreement), &json!({ "facts": [fact] }))
            .await
    }

    async fn act(&self, client: &Client, action: Value) -> crate::client::Answer {
        let body = json!({ "action": action });
        client.post(&format!("/agreements/{}/actions", self.agreement), &body).await
    }

    async fn commit(&self, client: &Client, side: &str, byte: u8) {
        let delivery = self.inspection().await["delivery"].clone();
        let commitment = hex::encode(commitment(&[byte; 32]));
        let fact = json!({
            "fact": "seed_committed", "delivery": delivery, "side": side, "commitment": commitment,
        });
        ok(self.facts(client, fact).await);
    }

    async fn reveal(&self, client: &Client, side: &str, byte: u8) {
        let delivery = self.inspection().await["delivery"].clone();
        let seed = hex::encode([byte; 32]);
        let fact =
            json!({ "fact": "seed_revealed", "delivery": delivery, "side": side, "seed": seed });
        ok(self.facts(client, fact).await);
    }

    /// Both commit, the vendor hands over, both reveal, the customer draws.
    async fn deliver_and_draw(&self, byte: u8) -> (Value, Value) {
        self.commit(&self.customer, "customer", byte).await;
        self.commit(&self.manager, "vendor", byte + 1).await;
        let done = ok(self.manager.post(&self.at("/deliver"), &json!({})).await).json();
        self.reveal(&self.customer, "customer", byte).await;
        self.reveal(&self.manager, "vendor", byte + 1).await;
        let drawn = self.customer.post(&self.at("/inspection/draw"), &json!({})).await;
        (done, ok(drawn).json())
    }

    /// Labels all that waits, by one hand; who is bad for an item labels it badly.
    async fn label_all(&self, client: &Client, bad: impl Fn(u64) -> bool) {
        while turn(self, client, &bad).await.is_some() {}
    }

    async fn inspect_all(&self, client: &Client) {
        while let Some(item) = next(self, client, "inspect").await {
            assert_eq!(mode(&item), ["view", "inspect"]);
            let (seq, base) = (item["seq"].as_u64().unwrap(), item["revision"].as_u64().unwrap());
            let path = self.at(&format!("/items/{seq}/labels"));
            let saved = ok(client.post(&path, &save(base, &seen(seq, false))).await).json();
            assert_eq!(saved["refused"], json!([]));
            let path = self.at(&format!("/items/{seq}/inspect"));
            ok(client.post(&path, &json!({ "done": true })).await);
        }
    }
}

async fn next(shop: &Shop, client: &Client, stage: &str) -> Option<Value> {
    let answer = client.post(&shop.at("/next"), &json!({ "stage": stage })).await;
    ok(answer).json().get("item").cloned()
}

/// Labels the next item of a person, well where it came back; its number.
async fn turn(shop: &Shop, client: &Client, bad: &impl Fn(u64) -> bool) -> Option<u64> {
    let item = next(shop, client, "annotate").await?;
    let (seq, base) = (item["seq"].as_u64().unwrap(), item["revision"].as_u64().unwrap());
    let back = item["open_issues"].as_u64().unwrap() > 0;
    let operations = seen(seq, bad(seq) && !back);
    let path = shop.at(&format!("/items/{seq}/labels"));
    ok(client.post(&path, &save(base, &operations)).await);
    if back {
        let issues = ok(client.get(&shop.at(&format!("/items/{seq}/issues"))).await).json();
        for issue in issues["items"].as_array().unwrap() {
            if issue.get("resolved").is_none() {
                let path = format!("/items/{seq}/issues/{}/resolve", issue["n"]);
                ok(client.post(&shop.at(&path), &json!({})).await);
            }
        }
    }
    ok(client.post(&shop.at(&format!("/items/{seq}/submit")), &json!({})).await);
    Some(seq)
}

fn drawn(inspection: &Value) -> BTreeSet<u64> {
    let all = inspection["sample"]["drawn"].as_array().unwrap();
    all.iter().map(|one| one["seq"].as_u64().unwrap()).collect()
}

fn refused(answer: &crate::client::Answer, code: &str, clause: &str) {
    let body = answer.json();
    assert_eq!(
        (body["code"].as_str(), body["clause"].as_str()),
        (Some(code), Some(clause)),
        "{body}"
    );
}

/// A project of eight items, of which some are labelled badly and all are accepted.
async fn small(sample: u64, bad: &[u64]) -> (Shop, Client) {
    let text = terms(8, sample, "90%");
    let shop = Shop::agreed(json!({ "review_percent": 0 }), &text, &clock()).await;
    let ann = shop.hire("annotator", 1).await;
    shop.add(&shop.project, 0..8).await;
    shop.label_all(&ann, |seq| bad.contains(&seq)).await;
    (shop, ann)
}

#[tokio::test]
async fn a_project_of_a_work_item_has_its_quantity_deadline_and_standards() {
    let shop = Shop::agreed(json!({}), &terms(8, 3, "90%"), &clock()).await;
    let project = ok(shop.manager.get(&shop.at("")).await).json();
    assert_eq!(project["quantity"], 8);
    assert_eq!(
        project["deadline"],
        "2026-05-01T00:00:00+08:00".parse::<units::Timestamp>().unwrap().to_string()
    );
    assert_eq!(project["standards"][1]["metric"], "conforming_items");
    assert_eq!(project["standards"][1]["threshold"], "90%");
    let progress = ok(shop.manager.get(&shop.at("/progress")).await).json();
    assert_eq!((progress["remaining"].as_u64(), progress["items"].as_u64()), (Some(8), Some(0)));
    let body = |item: &str, modality: &str| json!({ "name": "x", "modality": modality, "guideline": super::CELLS, "work_item": item });
    let path = format!("/agreements/{}/projects", shop.agreement);
    assert_eq!(shop.manager.post(&path, &body("other", "image")).await.problem(), "unknown");
    assert_eq!(shop.manager.post(&path, &body("cells", "text")).await.problem(), "invalid_field");
}

#[tokio::test]
async fn nothing_is_delivered_before_it_is_done_and_nothing_in_another_format() {
    let text = terms(8, 3, "90%");
    let shop = Shop::agreed(json!({ "review_percent": 0 }), &text, &clock()).await;
    let ann = shop.hire("annotator", 1).await;
    shop.add(&shop.project, 0..8).await;
    let deliver = async |body: Value| shop.manager.post(&shop.at("/deliver"), &body).await;
    refused(&deliver(json!({})).await, "not_now", "anno-3.6");
    let none = deliver(json!({ "partial": true })).await;
    assert_eq!(none.problem(), "zero", "no item is accepted");
    turn(&shop, &ann, &|_| false).await.unwrap();
    refused(&deliver(json!({ "partial": true, "format": "yolo" })).await, "not_now", "anno-3.5");
    assert_eq!(ann.post(&shop.at("/deliver"), &json!({})).await.problem(), "role_missing");
    assert_eq!(
        shop.customer.post(&shop.at("/deliver"), &json!({})).await.problem(),
        "role_missing"
    );
    let part = ok(deliver(json!({ "partial": true, "format": "coco" })).await).json();
    assert_eq!((part["items"].as_u64(), part["quantity"].as_u64()), (Some(1), Some(1)));
    assert_eq!(part["delivery"], format!("{}-1", shop.project));
    // What is with the customer stays as it is, and no second round goes out meanwhile.
    let reopened = shop.manager.post(&shop.at("/items/1/reopen"), &json!({})).await;
    refused(&reopened, "not_now", "anno-4.1.1");
    let sent = shop.customer.post(&shop.at("/items/1/return"), &json!({ "text": "no" })).await;
    refused(&sent, "not_now", "anno-4.1.1");
    turn(&shop, &ann, &|_| false).await.unwrap();
    assert_eq!(deliver(json!({ "partial": true })).await.problem(), "comes_after");
}

#[tokio::test]
async fn labels_of_a_model_need_the_consent_that_the_agreement_demands() {
    let file = json!({
        "images": [{ "id": 1, "file_name": "image-000000.jpg", "width": 640, "height": 480 }],
        "categories": [{ "id": 1, "name": "RBC" }],
        "annotations": [{ "id": 1, "image_id": 1, "category_id": 1, "bbox": [9, 9, 50, 50],
                          "area": 2500, "iscrowd": 0 }],
    });
    let check = async |policy: &str, clause: Option<&str>| {
        let text = terms(8, 3, "90%").replace("policy = \"forbidden\"", policy);
        let shop = Shop::agreed(json!({}), &text, &clock()).await;
        shop.add(&shop.project, 0..2).await;
        let path = format!("/api/v1{}", shop.at("/labels/import?taken=model&name=a.json"));
        let key = fresh_key();
        let headers = [("content-type", "application/json"), ("idempotency-key", key.as_str())];
        let taken = shop.manager.send("POST", &path, &headers, file.to_string().as_bytes()).await;
        // A save that brings such labels in is asked too.
        let ann = shop.hire("annotator", 1).await;
        let item = next(&shop, &ann, "annotate").await.unwrap();
        let mut label = put(77, "RBC", [100, 100, 150, 150]);
        label["put"]["source"] = json!("model");
        let body = save(item["revision"].as_u64().unwrap(), &[label]);
        let saved = ann.post(&shop.at(&format!("/items/{}/labels", item["seq"])), &body).await;
        match clause {
            Some(clause) => {
                for answer in [taken, saved] {
                    assert_eq!(answer.json()["clause"], clause, "{}", answer.text());
                }
            }
            None => {
                assert_eq!(ok(taken).json()["labels"], 1);
                ok(saved);
            }
        }
    };
    check("policy = \"forbidden\"", Some("pb-02")).await;
    check("policy = \"with_consent\"", Some("pb-02")).await;
    check("policy = \"allowed\"", None).await;
}

#[tokio::test]
async fn nobody_draws_without_both_seeds_and_nobody_inspects_what_was_not_drawn() {
    let (shop, _) = small(3, &[]).await;
    let draw = async || shop.customer.post(&shop.at("/inspection/draw"), &json!({})).await;
    refused(&draw().await, "not_now", "anno-4.1.1");
    assert_eq!(shop.inspection().await["state"], "planned");
    shop.commit(&shop.customer, "customer", 1).await;
    shop.commit(&shop.manager, "vendor", 2).await;
    ok(shop.manager.post(&shop.at("/deliver"), &json!({})).await);
    assert_eq!(draw().await.problem(), "comes_after");
    shop.reveal(&shop.customer, "customer", 1).await;
    let inspection = shop.inspection().await;
    assert_eq!(
        (&inspection["committed"], &inspection["revealed"]),
        (&json!(["customer", "vendor"]), &json!(["customer"]))
    );
    assert_eq!(draw().await.problem(), "comes_after");
    shop.reveal(&shop.manager, "vendor", 2).await;
    let by_vendor = shop.manager.post(&shop.at("/inspection/draw"), &json!({})).await;
    assert_eq!(by_vendor.problem(), "role_missing", "the customer inspects");
    let first = ok(draw().await).json();
    assert_eq!(drawn(&first).len(), 3);
    assert_eq!(ok(draw().await).json()["sample"], first["sample"], "drawn twice it is the same");
    let other = (1..=8).find(|seq| !drawn(&first).contains(seq)).unwrap();
    let item = ok(shop.customer.get(&shop.at(&format!("/items/{other}"))).await).json();
    assert_eq!(mode(&item), ["view", "ask"], "a delivered item is sent back by rejecting it");
    let path = shop.at(&format!("/items/{other}/labels"));
    let saved = shop.customer.post(&path, &save(0, &[put(5, "RBC", [5, 5, 50, 50])])).await;
    assert_eq!(saved.problem(), "not_now");
    let path = shop.at(&format!("/items/{other}/inspect"));
    let done = shop.customer.post(&path, &json!({ "done": true })).await;
    assert_eq!(done.problem(), "not_now");
}

#[tokio::test]
async fn the_vendor_sees_nothing_of_an_inspection_before_its_result() {
    let (shop, ann) = small(8, &[2, 5]).await;
    let (_, first) = shop.deliver_and_draw(1).await;
    assert_eq!(drawn(&first), (1..=8).collect());
    let inspector = shop.customer.clone();
    let item = next(&shop, &inspector, "inspect").await.unwrap();
    let seq = item["seq"].as_u64().unwrap();
    let path = shop.at(&format!("/items/{seq}/labels"));
    let changed =
        save(item["revision"].as_u64().unwrap(), &[put(4242, "WBC", [300, 300, 350, 350])]);
    ok(inspector.post(&path, &changed).await);
    let mine = ok(inspector.get(&shop.at(&format!("/items/{seq}"))).await).json();
    let has = |item: &Value| item["labels"].to_string().contains("4242");
    assert!(has(&mine));
    let history = ok(inspector.get(&shop.at(&format!("/items/{seq}/history"))).await).json();
    assert_eq!(history["items"].as_array().unwrap().len(), 1, "their own saves");
    let said =
        inspector.post(&shop.at(&format!("/items/{seq}/issues")), &json!({ "text": "x" })).await;
    assert_eq!(said.problem(), "not_now", "an issue would tell it");
    let before =
        ok(shop.manager.get(&shop.at("/payroll?from=2026-03-01&to=2026-03-31")).await).json();
    for client in [&shop.manager, &ann] {
        let theirs = ok(client.get(&shop.at(&format!("/items/{seq}"))).await).json();
        assert!(!has(&theirs));
        let history = ok(client.get(&shop.at(&format!("/items/{seq}/history"))).await).json();
        assert!(!history.to_string().contains("4242"));
    }
    // An item is one inspector's at a time; deciding waits for all of them.
    let second = shop.served.hire(&shop.customer, "reviewer", "inspector2").await;
    assert_ne!(next(&shop, &second, "inspect").await.unwrap()["seq"], seq);
    let decide = async || inspector.post(&shop.at("/inspection/decide"), &json!({})).await;
    refused(&decide().await, "not_now", "anno-4.1.1");
    let undo = save(mine["revision"].as_u64().unwrap(), &[json!({ "delete": super::id(4242) })]);
    ok(inspector.post(&path, &undo).await);
    shop.inspect_all(&second).await;
    refused(&decide().await, "not_now", "anno-4.1.1");
    shop.inspect_all(&inspector).await;
    let vendor = ok(shop.manager.get(&shop.at("/inspection")).await).json();
    assert_eq!(
        (&vendor["state"], vendor["sample"]["decided"].as_u64()),
        (&json!("drawn"), Some(8))
    );
    assert!(!vendor.to_string().contains("failed") && !vendor.to_string().contains("\"by\""));
    let decided = ok(decide().await).json();
    assert_eq!(
        (&decided["state"], &decided["result"]["verdict"]),
        (&json!("inspected"), &json!("not_met"))
    );
    let conforming = &decided["result"]["standards"][1];
    assert_eq!((conforming["hits"].as_u64(), conforming["total"].as_u64()), (Some(6), Some(8)));
    let failed: Vec<u64> = decided["sample"]["drawn"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["failed"] == true)
        .map(|one| one["seq"].as_u64().unwrap())
        .collect();
    assert_eq!(failed, [2, 5]);
    let after =
        ok(shop.manager.get(&shop.at("/payroll?from=2026-03-01&to=2026-03-31")).await).json();
    assert_eq!(after, before, "inspection is no work of the project");
}

#[tokio::test]
async fn rejected_work_goes_back_with_its_mistakes_and_the_next_round_is_drawn_anew() {
    let (shop, ann) = small(8, &[2, 5]).await;
    let (first, _) = shop.deliver_and_draw(1).await;
    let rework = json!({ "items": [7, 99], "text": "look at the borders" });
    let early = shop.manager.post(&shop.at("/rework"), &rework).await;
    refused(&early, "not_now", "anno-4.1.1");
    shop.inspect_all(&shop.customer).await;
    ok(shop.customer.post(&shop.at("/inspection/decide"), &json!({})).await);
    let reject =
        json!({ "do": "reject", "delivery": first["delivery"], "failed": ["conforming_items"] });
    ok(shop.act(&shop.customer, reject).await);
    let counts = ok(shop.manager.get(&shop.at("")).await).json()["counts"].clone();
    assert_eq!((&counts["returned"], &counts["accepted"]), (&json!(2), &json!(6)));
    let issues = ok(ann.get(&shop.at("/items/2/issues")).await).json();
    let mistakes = issues["items"].as_array().unwrap();
    assert!(mistakes.iter().any(|one| one["mistake"]["kind"] == "missed"), "{issues}");
    assert!(mistakes.iter().all(|one| one["place"]["x"].is_number() && one["text"] != ""));
    let more = ok(shop.manager.post(&shop.at("/rework"), &rework).await).json();
    assert_eq!(more, json!({ "count": 1, "returned": [7], "refused": [99] }));
    let by = json!({ "filter": { "person": me(&ann).await, "class": "WBC" } });
    let more = ok(shop.manager.post(&shop.at("/rework"), &by).await).json();
    assert!(more["count"].as_u64().unwrap() > 0);
    refused(&shop.manager.post(&shop.at("/deliver"), &json!({})).await, "not_now", "anno-3.6");
    shop.label_all(&ann, |_| false).await;
    let (second, drawn) = shop.deliver_and_draw(5).await;
    assert_eq!(
        (&second["delivery"], &second["round"], &second["items"]),
        (&first["delivery"], &json!(2), &json!(8))
    );
    assert_eq!((&drawn["sample"]["decided"], drawn.get("result")), (&json!(0), None));
    shop.inspect_all(&shop.customer).await;
    let decided = ok(shop.customer.post(&shop.at("/inspection/decide"), &json!({})).await).json();
    assert_eq!(decided["result"]["verdict"], "met");
    ok(shop.act(&shop.customer, json!({ "do": "accept", "delivery": first["delivery"] })).await);
    assert_eq!(shop.inspection().await["state"], "accepted");
    // What is accepted is no one's to change, and goes out once.
    let reopened = shop.manager.post(&shop.at("/items/1/reopen"), &json!({})).await;
    refused(&reopened, "not_now", "anno-4.1.1");
    assert_eq!(shop.manager.post(&shop.at("/deliver"), &json!({})).await.problem(), "zero");
}

#[tokio::test]
async fn silence_accepts_after_the_agreed_days() {
    let clock = clock();
    let text = terms(8, 3, "90%");
    let mut shop = Shop::agreed(json!({ "review_percent": 0 }), &text, &clock).await;
    let ann = shop.hire("annotator", 1).await;
    shop.add(&shop.project, 0..8).await;
    shop.label_all(&ann, |_| false).await;
    shop.deliver_and_draw(1).await;
    // Five workdays from Monday, 2 March.
    let due = shop.inspection().await["due"].as_str().unwrap().to_owned();
    let due: units::Timestamp = due.parse().unwrap();
    assert_eq!(due, "2026-03-10T00:00:00+08:00".parse().unwrap());
    clock.set(due.plus_seconds(-1));
    shop.customer = shop.served.sign_in("li@acme.example").await;
    assert_eq!(shop.inspection().await["state"], "drawn");
    clock.set(due);
    let inspection = shop.inspection().await;
    assert_eq!(
        (&inspection["state"], &inspection["accepted_at"]),
        (&json!("accepted"), &json!(due))
    );
    let rejected =
        json!({ "do": "reject", "delivery": inspection["delivery"], "failed": ["box_f1"] });
    assert_ne!(shop.act(&shop.customer, rejected).await.status, 201, "too late");
    clock.set("2026-04-01T09:00:00+08:00".parse().unwrap());
    shop.manager = shop.served.sign_in("wang@bolt.example").await;
    let base = format!("/agreements/{}/statements", shop.agreement);
    ok(shop.manager.post(&base, &json!({ "period": "2026-03" })).await);
    let statement = ok(shop.manager.get(&format!("{base}/2026-03")).await).json();
    assert_eq!(statement["summary"]["gross"], json!({ "amount": "30.40", "currency": "CNY" }));
}

#[tokio::test]
async fn a_consensus_that_comes_back_is_corrected_by_whoever_asks() {
    let shop = Shop::open(json!({ "replicas": 2, "quorum_percent": 100 })).await;
    shop.add(&shop.project, 0..1).await;
    let (ann, bob) = (shop.hire("annotator", 1).await, shop.hire("annotator", 2).await);
    let rev = shop.hire("reviewer", 1).await;
    for client in [&ann, &bob] {
        turn(&shop, client, &|_| false).await.unwrap();
    }
    next(&shop, &rev, "review").await.unwrap();
    ok(rev.post(&shop.at("/items/1/return"), &json!({ "text": "look again" })).await);
    let item = next(&shop, &bob, "annotate").await.unwrap();
    assert_eq!((&item["seq"], &item["open_issues"]), (&json!(1), &json!(1)));
    assert!(next(&shop, &ann, "annotate").await.is_none(), "one corrects it");
    turn(&shop, &bob, &|_| false).await.unwrap();
    next(&shop, &rev, "review").await.unwrap();
    ok(rev.post(&shop.at("/items/1/accept"), &json!({})).await);
    let counts = ok(shop.manager.get(&shop.at("")).await).json()["counts"].clone();
    assert_eq!(counts["accepted"], 1);
}

#[tokio::test]
async fn gold_looks_reviewed_when_what_was_handed_in_beside_it_is() {
    let clock = clock();
    let text = terms(12, 3, "90%");
    let shop = Shop::agreed(json!({ "gold_percent": 50 }), &text, &clock).await;
    let (master, ann) = (shop.hire("annotator", 1).await, shop.hire("annotator", 2).await);
    let rev = shop.hire("reviewer", 1).await;
    shop.add(&shop.project, 0..4).await;
    let accept = async || {
        while let Some(item) = next(&shop, &rev, "review").await {
            let path = shop.at(&format!("/items/{}/accept", item["seq"]));
            ok(rev.post(&path, &json!({})).await);
        }
    };
    shop.label_all(&master, |_| false).await;
    accept().await;
    let gold = json!({ "items": [1, 2, 3, 4], "from": "main" });
    ok(shop.manager.post(&shop.at("/gold"), &gold).await);
    shop.add(&shop.project, 4..24).await;
    clock.set(clock.now().plus_seconds(60));
    let states = async || {
        let own = ok(ann.get(&shop.at(&format!("/items?person={}", me(&ann).await))).await).json();
        let rows = own["items"].as_array().unwrap().clone();
        let state = |row: &Value| (row["seq"].as_u64().unwrap(), row["state"].clone());
        rows.iter().map(state).collect::<BTreeMap<u64, Value>>()
    };
    shop.label_all(&ann, |_| false).await;
    let handed_in = states().await;
    assert!(handed_in.keys().any(|seq| *seq <= 4), "twenty turns without gold");
    assert!(handed_in.values().all(|state| state == "submitted"), "{handed_in:?}");
    accept().await;
    let reviewed = states().await;
    assert!(reviewed.values().all(|state| state == "accepted"), "{reviewed:?}");
    for seq in reviewed.keys() {
        let item = ok(ann.get(&shop.at(&format!("/items/{seq}"))).await).json();
        assert_eq!((&item["state"], mode(&item)), (&json!("accepted"), vec!["view", "ask"]));
    }
}

/// Twenty annotators, each one item at a time; who is bad, labels badly what did not come back.
async fn label_in_turns(shop: &Shop, people: &[(Client, bool)]) {
    loop {
        let all = people.iter().map(async |(client, bad)| turn(shop, client, &|_| *bad).await);
        if join_all(all).await.iter().all(Option::is_none) {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_fails_acceptance_once_reworks_and_is_paid_what_the_test_calculates() {
    let (count, clock) = (items(), clock());
    let total = count + 10;
    let sample = if total > 400 { 315 } else { total };
    let settings = json!({ "gold_percent": 50, "review_percent": 0 });
    let mut shop = Shop::agreed(settings, &terms(total, sample, "97%"), &clock).await;
    let watch = desk::world::Stopwatch::start();
    let mut people = Vec::new();
    for n in 0..20 {
        people.push((shop.hire("annotator", n).await, n == 4 || n == 13));
    }
    let mut inspectors = Vec::new();
    for n in 0..4 {
        let name = format!("inspector{n}");
        inspectors.push(shop.served.hire(&shop.customer, "reviewer", &name).await);
    }
    shop.add(&shop.project, 0..10).await;
    shop.label_all(&people[0].0, |_| false).await;
    let gold = json!({ "items": Vec::from_iter(1..=10), "from": "main" });
    assert_eq!(ok(shop.manager.post(&shop.at("/gold"), &gold).await).json()["gold"], 10);
    shop.add(&shop.project, 10..total).await;
    label_in_turns(&shop, &people).await;
    println!("{total} items labelled after {:?}", watch.elapsed());

    // Gold finds the two who label badly.
    let mut bad = BTreeSet::new();
    for (client, is_bad) in &people {
        if *is_bad {
            bad.insert(me(client).await);
        }
    }
    let figures = ok(shop.manager.get(&shop.at("/people")).await).json();
    let low = |one: &&Value| {
        one["gold"]["total"]["accuracy"]["upper"].as_u64().is_some_and(|upper| upper < 950_000)
    };
    let person = |one: &Value| one["person"].as_str().unwrap().to_owned();
    let found: BTreeSet<String> =
        figures["items"].as_array().unwrap().iter().filter(low).map(person).collect();
    assert_eq!(found, bad, "found by gold");

    // The first round fails.
    let (first, round) = shop.deliver_and_draw(1).await;
    assert_eq!((first["items"].as_u64(), first["quantity"].as_u64()), (Some(total), Some(total)));
    let drawn_first = drawn(&round);
    assert_eq!(drawn_first.len() as u64, sample);
    println!("round 1 delivered and drawn after {:?}", watch.elapsed());
    join_all(inspectors.iter().map(|one| shop.inspect_all(one))).await;
    let decided = ok(inspectors[0].post(&shop.at("/inspection/decide"), &json!({})).await).json();
    assert_eq!(decided["result"]["verdict"], "not_met", "{}", decided["result"]);
    println!("round 1 decided after {:?}: {}", watch.elapsed(), decided["result"]["standards"]);
    let rows = decided["sample"]["drawn"].as_array().unwrap();
    let failed = rows.iter().filter(|one| one["failed"] == true).count() as u64;
    let conforming = &decided["result"]["standards"][1];
    assert_eq!(conforming["hits"].as_u64(), Some(sample - failed), "two ways to count");
    let reject =
        json!({ "do": "reject", "delivery": first["delivery"], "failed": ["conforming_items"] });
    ok(shop.act(&shop.customer, reject).await);
    let counts = ok(shop.manager.get(&shop.at("")).await).json()["counts"].clone();
    assert_eq!(counts["returned"].as_u64(), Some(failed), "what failed went back");

    // All that the two labelled is done again, and the next round passes.
    let mut reworked = failed;
    for person in &found {
        let wanted = json!({ "filter": { "person": person }, "text": "label this again" });
        let back = ok(shop.manager.post(&shop.at("/rework"), &wanted).await).json();
        reworked += back["count"].as_u64().unwrap();
    }
    label_in_turns(&shop, &people).await;
    println!("{reworked} items reworked after {:?}", watch.elapsed());
    let (second, round) = shop.deliver_and_draw(11).await;
    assert_eq!((&second["delivery"], second["round"].as_u64()), (&first["delivery"], Some(2)));
    assert!(sample == total || drawn(&round) != drawn_first, "drawn anew");
    join_all(inspectors.iter().map(|one| shop.inspect_all(one))).await;
    let decided = ok(inspectors[1].post(&shop.at("/inspection/decide"), &json!({})).await).json();
    assert_eq!(decided["result"]["verdict"], "met", "{}", decided["result"]);
    println!("round 2 decided after {:?}: {}", watch.elapsed(), decided["result"]["standards"]);
    ok(shop.act(&shop.customer, json!({ "do": "accept", "delivery": first["delivery"] })).await);

    // March is settled: accepted items at 3.80 with 6 % tax in it, in integers of 1/100.
    clock.set("2026-04-01T09:00:00+08:00".parse().unwrap());
    shop.manager = shop.served.sign_in("wang@bolt.example").await;
    shop.customer = shop.served.sign_in("li@acme.example").await;
    let base = format!("/agreements/{}/statements", shop.agreement);
    ok(shop.manager.post(&base, &json!({ "period": "2026-03" })).await);
    let statement = ok(shop.manager.get(&format!("{base}/2026-03")).await).json();
    let fen = |part: &str| {
        let amount = statement["summary"][part]["amount"].as_str().unwrap();
        amount.replace('.', "").parse::<u64>().unwrap()
    };
    let gross = total * 380;
    // Half up: net = gross / 1.06.
    let net = (gross * 100 * 2 + 106) / (2 * 106);
    assert_eq!((fen("gross"), fen("net"), fen("tax")), (gross, net, gross - net), "{statement}");
    ok(shop.customer.post(&format!("{base}/2026-03/approval"), &json!({})).await);
    ok(shop.manager.post(&format!("{base}/2026-03/invoice"), &json!({})).await);
    let invoices = ok(shop.customer.get(&format!("/agreements/{}/invoices", shop.agreement)).await);
    assert_eq!(invoices.json()["items"].as_array().unwrap().len(), 1);
    println!(
        "{total} items, {failed} of {sample} drawn failed, {reworked} reworked, gross {gross} fen, \
         {:?}",
        watch.elapsed()
    );
}
