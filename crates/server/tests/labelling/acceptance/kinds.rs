//! Texts, events and keyframes on the way that boxes go: labelled, delivered in an agreed format,
//! drawn, inspected, failed, reworked and accepted.

use labelling::Extent;
use serde_json::{Value, json};

use super::{Shop, clock, drawn, next, refused, terms};
use crate::client::Client;
use crate::labelling::{id, ok, save};

/// A video of 20 seconds at 25 frames a second, in ticks of a 12,800th.
const TIMEBASE: (u32, u32) = (1, 12_800);
const SECOND: u64 = 12_800;
/// What the bad hand labels badly.
const BAD: [u64; 3] = [2, 3, 5];

/// A kind of work: what is agreed, and what a good and a bad hand make of an item.
struct Kind {
    modality: &'static str,
    agreed: [(&'static str, &'static str); 5],
    guideline: &'static str,
    label: fn(u64, bool) -> Value,
    /// A format that the agreement names and that does not hold such labels.
    hollow: Option<&'static str>,
    metric: &'static str,
}

const STANDARD: &str = "metric = \"box_f1\"\niou = \"0.5\"";
const CONFORMING: &str = "metric = \"conforming_items\"\niou = \"0.5\"";

const TEXTS: Kind = Kind {
    modality: "text",
    agreed: [
        ("modality = \"image_boxes\"\n", "modality = \"text_sentiment\"\n"),
        ("unit = \"image\"", "unit = \"text\""),
        ("\"voc\", \"coco\"", "\"jsonl\""),
        (STANDARD, "metric = \"accuracy\""),
        (CONFORMING, "metric = \"conforming_items\""),
    ],
    guideline: r#"kinds = ["class"]"#,
    label: |seq, bad| {
        let good = seq.is_multiple_of(2) == bad;
        let class = if good { "RBC" } else { "WBC" };
        json!({ "put": { "id": id(seq), "kind": "class", "class": class } })
    },
    hollow: None,
    metric: "accuracy",
};

const EVENTS: Kind = Kind {
    modality: "video",
    agreed: [
        ("modality = \"image_boxes\"\n", "modality = \"video_events\"\n"),
        ("unit = \"image\"", "unit = \"event\""),
        ("\"voc\", \"coco\"", "\"activitynet\", \"cvat\""),
        (STANDARD, "metric = \"temporal_f1\"\niou = \"0.5\""),
        (CONFORMING, CONFORMING),
    ],
    guideline: r#"kinds = ["event"]"#,
    label: |seq, bad| {
        // Eight seconds, of which a bad hand catches the last three.
        let start = seq * SECOND + if bad { 5 * SECOND } else { 0 };
        let end = (seq + 8) * SECOND;
        json!({ "put": { "id": id(seq), "kind": "event", "class": "RBC", "start": start, "end": end } })
    },
    hollow: Some("cvat"),
    metric: "temporal_f1",
};

/// The same, handed over as Label Studio has it.
const FRAMED_EVENTS: Kind = Kind {
    agreed: [
        EVENTS.agreed[0],
        EVENTS.agreed[1],
        ("\"voc\", \"coco\"", "\"label_studio\", \"cvat\""),
        EVENTS.agreed[3],
        EVENTS.agreed[4],
    ],
    ..EVENTS
};

const KEYFRAMES: Kind = Kind {
    modality: "video",
    agreed: [
        ("modality = \"image_boxes\"\n", "modality = \"video_keyframes\"\n"),
        ("unit = \"image\"", "unit = \"keyframe\""),
        ("\"voc\", \"coco\"", "\"jsonl\", \"label_studio\""),
        (STANDARD, "metric = \"keyframe_recall\"\ntolerance = \"0.2\""),
        (CONFORMING, "metric = \"conforming_items\"\ntolerance = \"0.2\""),
    ],
    guideline: r#"kinds = ["keyframe"]"#,
    label: |seq, bad| {
        // A fifth of a second is allowed; a bad hand is one tick farther off.
        let at = seq * SECOND + if bad { SECOND / 5 + 1 } else { 0 };
        json!({ "put": { "id": id(seq), "kind": "keyframe", "class": "RBC", "at": at } })
    },
    hollow: Some("label-studio"),
    metric: "keyframe_recall",
};

impl Kind {
    async fn shop(&self) -> Shop {
        let mut text = terms(8, 8, "90%");
        for (from, to) in self.agreed {
            assert!(text.contains(from), "{from}");
            text = text.replacen(from, to, 1);
        }
        let guideline =
            crate::labelling::CELLS.replace(r#"kinds = ["box", "class"]"#, self.guideline);
        let guideline = guideline.replace("min_size = [2, 2]\n", "");
        let settings = json!({ "review_percent": 0 });
        let project = (self.modality, guideline.as_str());
        let shop = Shop::agreed_on(settings, &text, &clock(), project).await;
        match self.modality {
            "text" => texts(&shop).await,
            _ => videos(&shop).await,
        }
        shop
    }
}

async fn texts(shop: &Shop) {
    let mut uploads = Vec::new();
    for n in 1..=8 {
        let text = format!("房间第 {n} 次入住，很干净。");
        let at = format!("/agreements/{}/uploads", shop.agreement);
        let body = json!({ "name": format!("{n}.txt"), "size": text.len() });
        let begun = ok(shop.manager.post(&at, &body).await).json();
        let path = format!("/api/v1{at}/{}", begun["upload"].as_str().unwrap());
        let offset = [("upload-offset", "0")];
        ok(shop.manager.send("PATCH", &path, &offset, text.as_bytes()).await);
        uploads.push(begun["upload"].clone());
    }
    let body = json!({
        "uploads": uploads, "rights": "own", "personal_data": "none", "deidentified": false,
    });
    let taken = ok(shop.manager.post(&shop.at("/intake"), &body).await).json();
    assert_eq!(taken["refused"], json!([]));
}

async fn videos(shop: &Shop) {
    let extent = Extent::Video { width: 320, height: 240, from: 0, to: 20 * SECOND as i64 };
    shop.add_each(&shop.project, 1..9, ("mp4", extent, Some(TIMEBASE), Some(500))).await;
}

/// Labels the next item with a hand; its number.
async fn turn(
    shop: &Shop,
    client: &Client,
    stage: &str,
    label: impl Fn(u64) -> Value,
) -> Option<u64> {
    let item = next(shop, client, stage).await?;
    let (seq, base) = (item["seq"].as_u64().unwrap(), item["revision"].as_u64().unwrap());
    let path = shop.at(&format!("/items/{seq}/labels"));
    let saved = ok(client.post(&path, &save(base, &[label(seq)])).await).json();
    assert_eq!(saved["refused"], json!([]), "{seq}");
    for issue in 1..=item["open_issues"].as_u64().unwrap() {
        let path = shop.at(&format!("/items/{seq}/issues/{issue}/resolve"));
        ok(client.post(&path, &json!({})).await);
    }
    let (rest, body) = match stage {
        "inspect" => ("inspect", json!({ "done": true })),
        _ => ("submit", json!({})),
    };
    ok(client.post(&shop.at(&format!("/items/{seq}/{rest}")), &body).await);
    Some(seq)
}

/// The inspectors say what is right of every drawn item, and decide.
async fn inspect(shop: &Shop, kind: &Kind) -> Value {
    while turn(shop, &shop.customer, "inspect", |seq| (kind.label)(seq, false)).await.is_some() {}
    ok(shop.customer.post(&shop.at("/inspection/decide"), &json!({})).await).json()
}

/// From the first label to the acceptance of the second round.
async fn lives(kind: &Kind) {
    let shop = kind.shop().await;
    let ann = shop.hire("annotator", 1).await;
    let hand = |seq: u64| (kind.label)(seq, BAD.contains(&seq));
    while turn(&shop, &ann, "annotate", hand).await.is_some() {}
    if let Some(format) = kind.hollow {
        let deliver = json!({ "format": format });
        let answer = shop.manager.post(&shop.at("/deliver"), &deliver).await;
        refused(&answer, "not_now", "anno-3.5");
    }
    let (first, sample) = shop.deliver_and_draw(1).await;
    assert_eq!((&first["quantity"], &first["left_out"]), (&json!(8), &json!(0)), "{first}");
    assert_eq!(drawn(&sample), (1..=8).collect());
    let decided = inspect(&shop, kind).await;
    let standards = &decided["result"]["standards"];
    assert_eq!(
        (&decided["result"]["verdict"], &standards[0]["metric"]),
        (&json!("not_met"), &json!(kind.metric))
    );
    assert_eq!(
        (&standards[1]["hits"], &standards[1]["total"]),
        (&json!(5), &json!(8)),
        "{decided}"
    );
    let failed = decided["sample"]["drawn"].as_array().unwrap().iter();
    let failed = failed.filter(|one| one["failed"] == true).map(|one| one["seq"].as_u64().unwrap());
    assert_eq!(failed.collect::<Vec<_>>(), BAD);
    let reject = json!({ "do": "reject", "delivery": first["delivery"], "failed": [kind.metric] });
    ok(shop.act(&shop.customer, reject).await);
    let good = |seq: u64| (kind.label)(seq, false);
    let mut back = Vec::new();
    while let Some(seq) = turn(&shop, &ann, "annotate", good).await {
        back.push(seq);
    }
    back.sort_unstable();
    assert_eq!(back, BAD, "what failed came back with its mistakes");
    let (second, _) = shop.deliver_and_draw(5).await;
    assert_eq!((&second["round"], &second["items"]), (&json!(2), &json!(8)));
    let decided = inspect(&shop, kind).await;
    assert_eq!(decided["result"]["verdict"], "met", "{decided}");
    ok(shop.act(&shop.customer, json!({ "do": "accept", "delivery": first["delivery"] })).await);
    assert_eq!(shop.inspection().await["state"], "accepted");
}

#[tokio::test]
async fn texts_are_inspected_reworked_and_accepted() {
    lives(&TEXTS).await;
}

#[tokio::test]
async fn events_are_inspected_reworked_and_accepted() {
    lives(&EVENTS).await;
}

#[tokio::test]
async fn events_are_accepted_in_the_format_of_label_studio() {
    lives(&FRAMED_EVENTS).await;
}

#[tokio::test]
async fn keyframes_are_inspected_reworked_and_accepted() {
    lives(&KEYFRAMES).await;
}
