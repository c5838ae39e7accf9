//! A shop of twenty annotators over its interface: gold is hidden among the work, two of them label
//! badly and are found by it, items come back and are corrected, and the payroll equals what the
//! test counted for itself. `SHOP_ITEMS` sets another number of items.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::{Shop, ok, save};
use crate::client::Client;

const PEOPLE: usize = 20;
/// Who labels badly.
const BAD: [usize; 2] = [4, 13];

/// What a person did, counted by the test.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Count {
    seconds: u64,
    submitted: u64,
    labels: u64,
    corrected: u64,
}

/// What is to be seen in an image: one to four cells.
fn truth(seq: u64) -> Vec<(&'static str, [u64; 4])> {
    let cell = |n: u64| {
        let (x, y) = (20 + 150 * n, 30 + (seq * 37 + n * 91) % 300);
        let class = if (seq + n).is_multiple_of(3) { "WBC" } else { "RBC" };
        (class, [x, y, x + 60 + seq % 40, y + 60 + n * 5])
    };
    (0..1 + seq % 4).map(cell).collect()
}

/// What a person makes of it. A bad one misses the first cell and calls the others by a wrong name
/// half of the time.
pub(super) fn seen(seq: u64, bad: bool) -> Vec<Value> {
    let cells = truth(seq).into_iter().enumerate();
    let cells = cells.filter(|(n, _)| !bad || *n > 0);
    let label = |(n, (class, [x0, y0, x1, y1])): (usize, (&str, [u64; 4]))| {
        let other = if class == "RBC" { "WBC" } else { "RBC" };
        let class = if bad && n.is_multiple_of(2) { other } else { class };
        // A good hand is a pixel off.
        json!({ "put": {
            "id": format!("{:026}", seq * 100 + n as u64),
            "kind": "box", "class": class, "rect": [x0 + 1, y0, x1, y1 - 1],
        }})
    };
    cells.map(label).collect()
}

pub(super) async fn me(client: &Client) -> String {
    let me = ok(client.get("/session").await).json();
    me["person"]["id"].as_str().unwrap().to_owned()
}

/// Labels until nothing is left to do.
async fn labels(shop: &Shop, project: &str, client: &Client, bad: bool, count: &Mutex<Count>) {
    loop {
        let wanted = json!({ "stage": "annotate" });
        let next = ok(client.post(&shop.of(project, "/next"), &wanted).await).json();
        let Some(item) = next.get("item") else { return };
        let (seq, base) = (item["seq"].as_u64().unwrap(), item["revision"].as_u64().unwrap());
        assert!(item.get("author").is_none() && item["flags"].as_array().unwrap().is_empty());
        let back = item["open_issues"].as_u64().unwrap() > 0;
        // Sent back, even a bad hand does it well.
        let operations = seen(seq, bad && !back);
        let path = shop.of(project, &format!("/items/{seq}/labels"));
        let saved = ok(client.post(&path, &save(base, &operations)).await).json();
        assert_eq!(saved["refused"], json!([]), "{seq}");
        if back {
            let path = shop.of(project, &format!("/items/{seq}/issues/1/resolve"));
            ok(client.post(&path, &json!({})).await);
        }
        ok(client.post(&shop.of(project, &format!("/items/{seq}/submit")), &json!({})).await);
        let mut count = count.lock().unwrap();
        count.seconds += 3;
        if back {
            count.corrected += 1;
        } else {
            count.submitted += 1;
            count.labels += operations.len() as u64;
        }
    }
}

/// Reviews until nothing is left: what is not the truth goes back.
async fn reviews(shop: &Shop, project: &str, client: &Client) -> (u64, u64) {
    let (mut accepted, mut returned) = (0, 0);
    loop {
        let wanted = json!({ "stage": "review" });
        let next = ok(client.post(&shop.of(project, "/next"), &wanted).await).json();
        let Some(item) = next.get("item") else { return (accepted, returned) };
        let seq = item["seq"].as_u64().unwrap();
        let found = |label: &Value| {
            (label["class"].as_str().unwrap().to_owned(), label["rect"][0].as_f64())
        };
        let mut have: Vec<_> = item["labels"].as_array().unwrap().iter().map(found).collect();
        let want = |(class, rect): (&str, [u64; 4])| (class.to_owned(), Some((rect[0] + 1) as f64));
        let mut want: Vec<_> = truth(seq).into_iter().map(want).collect();
        have.sort_by(|a, b| a.partial_cmp(b).unwrap());
        want.sort_by(|a, b| a.partial_cmp(b).unwrap());
        if have == want {
            ok(client.post(&shop.of(project, &format!("/items/{seq}/accept")), &json!({})).await);
            accepted += 1;
        } else {
            let body = json!({ "text": "look again" });
            ok(client.post(&shop.of(project, &format!("/items/{seq}/return")), &body).await);
            returned += 1;
        }
    }
}

struct Staff {
    people: Vec<(String, Client, bool, Arc<Mutex<Count>>)>,
    reviewers: Vec<Client>,
}

async fn staff(shop: &Shop) -> Staff {
    let mut people = Vec::new();
    for n in 0..PEOPLE {
        let client = shop.hire("annotator", n).await;
        people.push((me(&client).await, client, BAD.contains(&n), Arc::default()));
    }
    let reviewers = vec![shop.hire("reviewer", 0).await, shop.hire("reviewer", 1).await];
    Staff { people, reviewers }
}

impl Staff {
    async fn label(&self, shop: &Shop, project: &str) {
        let work = self
            .people
            .iter()
            .map(|(_, client, bad, count)| labels(shop, project, client, *bad, count));
        futures_util::future::join_all(work).await;
    }

    async fn review(&self, shop: &Shop, project: &str) -> (u64, u64) {
        let work = self.reviewers.iter().map(|client| reviews(shop, project, client));
        let done = futures_util::future::join_all(work).await;
        done.into_iter().fold((0, 0), |(a, r), (more_a, more_r)| (a + more_a, r + more_r))
    }

    /// What the test counted, by person.
    fn counted(&self) -> BTreeMap<String, Count> {
        let counted = |(id, _, _, count): &(String, Client, bool, Arc<Mutex<Count>>)| {
            (id.clone(), count.lock().unwrap().clone())
        };
        self.people.iter().map(counted).collect()
    }
}

pub(super) fn items() -> u64 {
    std::env::var("SHOP_ITEMS").ok().and_then(|text| text.parse().ok()).unwrap_or(120)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_annotators_label_and_the_figures_equal_an_independent_count() {
    let shop = Shop::open(json!({ "gold_percent": 50, "iou_percent": 50 })).await;
    let staff = staff(&shop).await;
    let project = shop.project.clone();
    // Ten items by one hand become gold.
    shop.add(&project, 0..10).await;
    let master = &staff.people[0];
    labels(&shop, &project, &master.1, false, &master.3).await;
    let done = reviews(&shop, &project, &staff.reviewers[0]).await;
    assert_eq!(done, (10, 0));
    let gold = json!({ "items": Vec::from_iter(1..=10), "from": "main" });
    let answer = ok(shop.manager.post(&shop.at("/gold"), &gold).await).json();
    assert_eq!(answer, json!({ "gold": 10, "refused": [] }));

    let count = items();
    shop.add(&project, 10..10 + count).await;
    staff.label(&shop, &project).await;
    let (accepted, returned) = staff.review(&shop, &project).await;
    assert_eq!(accepted + returned, count);
    staff.label(&shop, &project).await;
    let (again, still) = staff.review(&shop, &project).await;
    assert_eq!((again, still), (returned, 0), "what came back was corrected");
    let progress = ok(shop.manager.get(&shop.at("/progress")).await).json();
    assert_eq!(progress["counts"]["accepted"], count + 10);
    assert_eq!(
        (progress["remaining"].as_u64(), progress["late"].as_bool()),
        (Some(0), Some(false))
    );

    // The payroll is what the test counted.
    let path = shop.at("/payroll?from=2026-03-01&to=2026-03-31");
    let payroll = ok(shop.manager.get(&path).await).json();
    let line = |line: &Value| {
        let work = |key: &str| line["work"][key].as_u64().unwrap();
        let count = Count {
            seconds: work("label_seconds"),
            submitted: work("submitted"),
            labels: work("submitted_labels"),
            corrected: work("corrected"),
        };
        (line["person"].as_str().unwrap().to_owned(), count)
    };
    let lines: BTreeMap<String, Count> =
        payroll["lines"].as_array().unwrap().iter().map(line).collect();
    let counted = staff.counted();
    for (person, count) in &counted {
        let zero = Count::default();
        assert_eq!(lines.get(person).unwrap_or(&zero), count, "{person}");
    }
    let csv = shop.manager.get(&format!("{path}&format=csv")).await;
    assert!(ok(csv).text().lines().count() >= counted.len());

    // The two bad hands have the lowest accuracy against gold, beyond what chance explains.
    let people = ok(shop.manager.get(&shop.at("/people")).await).json();
    let accuracy = |one: &Value| {
        let accuracy = &one["gold"]["total"]["accuracy"];
        (
            one["person"].as_str().unwrap().to_owned(),
            accuracy["lower"].as_u64(),
            accuracy["upper"].as_u64(),
        )
    };
    let figures: Vec<_> = people["items"].as_array().unwrap().iter().map(accuracy).collect();
    let bad: Vec<&String> = staff.people.iter().filter(|one| one.2).map(|(id, ..)| id).collect();
    let measured = |bad_one: bool| {
        let chosen = figures.iter().filter(|(id, ..)| bad.contains(&id) == bad_one);
        chosen.cloned().collect::<Vec<_>>()
    };
    let worst_of_the_good =
        measured(false).iter().filter_map(|(_, lower, _)| *lower).min().unwrap();
    let bad_ones: Vec<_> = measured(true).iter().filter_map(|(_, _, upper)| *upper).collect();
    assert!(!bad_ones.is_empty(), "gold was shown to a bad hand");
    for (id, _, upper) in measured(true) {
        let Some(upper) = upper else { continue };
        // One gold item of two cells, of which one is missed, leaves 905,472 as the upper bound.
        assert!(upper < 950_000, "{id}: at most {upper}; the good {worst_of_the_good}");
    }
    for (id, lower, upper) in measured(false) {
        assert!(lower.is_none() || upper == Some(1_000_000), "{id} is without a mistake");
    }
    the_mistakes_are_those_of_the_bad_hands(&shop, &bad).await;
    // Nobody who labels learns of gold.
    let own = ok(staff.people[0].1.get(&shop.at("/people")).await).json();
    assert_eq!(own["items"].as_array().unwrap().len(), 1);
    assert!(own["items"][0].get("gold").is_none());

    // What is delivered is the truth.
    let exported = ok(shop.manager.get(&shop.at("/export?format=jsonl")).await);
    assert_eq!(exported.body.get(..2), Some(b"PK".as_slice()), "an archive");
    println!("{count} items, {} gold turns, {returned} sent back", {
        let gold = |one: &Value| one["gold"]["items"]["total"].as_u64().unwrap();
        people["items"].as_array().unwrap().iter().map(gold).sum::<u64>()
    });
}

/// Reads all mistakes, page by page: each is of a bad hand, each kind adds up to the figures.
async fn the_mistakes_are_those_of_the_bad_hands(shop: &Shop, bad: &[&String]) {
    let quality = ok(shop.manager.get(&shop.at("/quality")).await).json();
    for against in ["gold", "review"] {
        let (mut after, mut pages, mut judged) = (0, 0, 0);
        let mut counts = BTreeMap::<String, u64>::new();
        loop {
            let path = shop.at(&format!("/mistakes?against={against}&after={after}"));
            let page = ok(shop.manager.get(&path).await).json();
            judged += page["judged"].as_u64().unwrap();
            for one in page["items"].as_array().unwrap() {
                assert!(bad.iter().any(|id| one["person"] == ***id), "{one}");
                assert!(one["seq"].as_u64().unwrap() > after && one["rect"].is_array(), "{one}");
                *counts.entry(one["kind"].as_str().unwrap().to_owned()).or_default() += 1;
            }
            pages += 1;
            let Some(next) = page.get("next_cursor") else { break };
            after = next.as_str().unwrap().parse().unwrap();
        }
        let total = &quality[against]["total"];
        if against == "gold" {
            assert_eq!(judged, quality["gold"]["items"]["total"].as_u64().unwrap());
            for kind in ["missed", "extra", "wrong_class"] {
                let counted = counts.get(kind).copied().unwrap_or(0);
                assert_eq!(Some(counted), total[kind].as_u64(), "{kind}");
            }
        } else {
            assert!(pages > 1 && judged > 50, "{pages} pages, {judged} judged");
        }
    }
    let other = shop.customer.get(&shop.at("/mistakes?against=gold")).await;
    assert_eq!(other.status, 403, "the other side sees no mistakes of people");
    let raised = shop.manager.post(&shop.at("/items/1/priority"), &json!({ "priority": 9 })).await;
    assert_eq!(raised.status, 409, "what is accepted waits for nobody");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_people_make_a_consensus_that_outvotes_a_bad_hand() {
    let shop = Shop::open(json!({ "replicas": 3, "quorum_percent": 60 })).await;
    let project = shop.project.clone();
    shop.add(&project, 0..12).await;
    let mut people = Vec::new();
    for n in 0..3 {
        people.push((shop.hire("annotator", n).await, n == 2, Mutex::new(Count::default())));
    }
    let work =
        people.iter().map(|(client, bad, count)| labels(&shop, &project, client, *bad, count));
    futures_util::future::join_all(work).await;
    let counts = ok(shop.manager.get(&shop.at("")).await).json()["counts"].clone();
    assert_eq!(counts["submitted"], 12, "{counts}");
    let agreed = ok(shop.manager.get(&shop.at("/replicas")).await).json();
    assert_eq!(agreed["items"], 12, "each has three replicas");
    assert_eq!(agreed["coefficients"], json!([]), "boxes are no class of a whole item");
    let rev = shop.hire("reviewer", 0).await;
    let done = reviews(&shop, &project, &rev).await;
    assert_eq!(done, (12, 0), "two good hands outvote a bad one");
    let merged = json!({ "items": [1] });
    let merged = ok(shop.manager.post(&shop.at("/consensus"), &merged).await).json();
    assert_eq!(merged["refused"], json!([1]), "accepted already");
}
