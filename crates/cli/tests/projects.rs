//! Labelling projects at the terminal: the same answers as the server's, and nothing of a project
//! that is not there.

use std::collections::BTreeSet;

use contract::terms::Side;
use desk::Desk;
use desk::labelling::{Modality, NewItem, NewProject, Prints, ProjectSettings};
use desk::people::{Operation, People};
use labelling::{Extent, Guideline};
use serde_json::Value;
use store::{KeyId, ObjectRef};

use crate::commands::Place;

const ID: &str = "anno-2026-017";
const GUIDELINE: &str = r##"
title = { zh = "细胞", en = "Cells" }
[[classes]]
id = "cell"
name = { zh = "细胞", en = "Cell" }
color = "#cc3333"
kinds = ["box"]
"##;

fn item(n: u8, look: u64) -> NewItem {
    let original = ObjectRef { key_id: KeyId::none(), sha256: [n; 32], size: 8 };
    NewItem {
        name: format!("{n}.jpg"),
        media_type: "image/jpeg".to_owned(),
        size: 8,
        sha256: [n; 32],
        original,
        display: None,
        thumbnail: None,
        extent: Extent::Image { width: 640, height: 480 },
        timebase: None,
        frames: None,
        priority: 0,
        skills: BTreeSet::new(),
        flags: BTreeSet::new(),
        prints: Some(Prints { look: Some(look), identifiers: Vec::new() }),
    }
}

/// Two projects of the vendor, the first with three items, of which two look alike; their ids.
fn projects(place: &Place) -> [String; 2] {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(made(place))
}

async fn made(place: &Place) -> [String; 2] {
    let desk =
        Desk::open(&place.path("tally-data"), Some(place.clock())).await.expect("no trouble");
    let people = People::of(&desk);
    let id = ID.parse().expect("no trouble");
    let who = (&id, Side::Vendor, "Zhou");
    let (caller, entry) =
        people.enter_at_terminal(who, Operation::ManageWork).await.expect("no trouble");
    let mut made = Vec::new();
    for name in ["Cells", "Others"] {
        let new = NewProject {
            name: name.to_owned(),
            modality: Modality::Image,
            guideline: Guideline::parse(GUIDELINE).expect("no trouble"),
            settings: ProjectSettings::default(),
            work_item: None,
            quantity: Some(5),
            deadline: None,
        };
        made.push(people.create_project(&caller, &entry, new).await.expect("no trouble"));
    }
    let items = vec![item(1, 0xff00), item(2, 0xff01), item(3, 0xffff_0000_0000)];
    people.add_items(&caller, &entry, &made[0], items).await.expect("no trouble");
    made.try_into().expect("no trouble")
}

#[test]
fn a_project_is_shown_by_its_name_or_its_id_and_one_that_is_not_there_is_refused() {
    let place = Place::signed();
    assert_eq!(place.json(&format!("project list {ID}"))["projects"], Value::Array(Vec::new()));
    let [cells, others] = projects(&place);
    let listed = place.json(&format!("project list {ID}"))["projects"].clone();
    let ids: BTreeSet<&str> =
        listed.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids, BTreeSet::from([cells.as_str(), &others]));
    let theirs = place.json(&format!("project list {ID} --party customer"));
    assert_eq!(theirs["projects"], Value::Array(Vec::new()));
    let progress = place.json(&format!("project progress {ID} Cells"));
    assert_eq!((&progress["counts"]["waiting"], &progress["quantity"]), (&3.into(), &5.into()));
    let found = place.json(&format!("project findings {ID} Cells --kind near-duplicate"));
    assert_eq!(found["counts"], serde_json::json!({ "near_duplicate": 1 }));
    assert_eq!(found["items"][0]["reason"], "looks_alike");
    assert_eq!(found["items"][0]["items"][1]["name"], "2.jpg");
    assert_eq!(place.json(&format!("project quality {ID} {others}"))["gold"]["items"]["total"], 0);
    assert_eq!(
        place.json(&format!("project payroll {ID} Cells"))["lines"],
        Value::Array(Vec::new())
    );
    place.done(&format!("project findings {ID} Cells"));
    place.done(&format!("project quality {ID} Cells"));
    place.done(&format!("project export {ID} Cells --format coco --out labels.zip --by Zhou"));
    assert_eq!(place.bytes("labels.zip")[..2], *b"PK");
    for (line, code) in [
        (format!("project progress {ID}"), 3),
        (format!("project progress {ID} Nothing"), 3),
        (format!("project findings {ID} Cells --kind nothing"), 3),
        ("project list no-such-agreement".to_owned(), 1),
    ] {
        assert_eq!(place.run(&line).status.code(), Some(code), "{line}");
    }
}
