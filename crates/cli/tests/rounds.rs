//! `tally round`: a training from the sealed test set to the model that is handed over, each step
//! refused where it must not be taken. Clauses: train-2.2.3, train-4.2, train-4.3.

use std::fs;

use serde_json::{Value, json};

use crate::classifiers::photos;
use crate::commands::Place;
use crate::pictures::{picture, put};

const ID: &str = "train-2026-004";
const TERMS: &str = include_str!("../../../cases/agreements/training.toml");
const OPTIONS: &str = "-- --backbone backbone.onnx --engine rten --offline \
                       --views stretch,centre-mirrored --folds 2 --epochs 30";

/// Photographs, and a signed agreement to train on them; the test set has eight of them.
fn agreed() -> Place {
    let mut place = photos();
    place.at("2026-02-02T09:00:00+08:00");
    let terms = TERMS.replace("items = 6_000", "items = 8").replace("\"crack\"", "\"red\"");
    fs::write(place.path("a.toml"), terms).expect("a file");
    // What the vendor learns from and what the customer keeps lie in two places.
    fs::rename(place.path("photos/test"), place.path("kept")).expect("moved");
    for line in [
        "init --rehearsal --name test",
        "key new --name customer.example --out c.key",
        "key new --name vendor.example --out v.key",
        "new a.toml",
        "sign train-2026-004 --as vendor --by He --key v.key",
        "sign train-2026-004 --as customer --by Lu --key c.key",
    ] {
        place.done(line);
    }
    place
}

fn train(place: &Place, package: &str) -> Value {
    place.json(&format!("round train {ID} photos --out {package} --by Lin {OPTIONS}"))
}

fn evaluate(round: u32, package: &str, folder: &str) -> String {
    format!("round evaluate {ID} {package} {folder} --round {round} --by Lin -- --engine rten")
}

/// The code of a refusal.
fn refused(place: &Place, line: &str) -> String {
    let out = place.run(&format!("--json {line}"));
    assert!(matches!(out.status.code(), Some(1 | 2)), "{line}: {out:?}");
    let said: Value = serde_json::from_slice(&out.stdout).expect("JSON");
    said["error"]["code"].as_str().unwrap_or_default().to_owned()
}

fn facts(place: &Place) -> Vec<Value> {
    let log = place.json(&format!("log {ID}"));
    let entries = log["entries"].as_array().expect("entries").iter();
    entries.map(|entry| entry["payload"]["fact"].clone()).filter(|fact| !fact.is_null()).collect()
}

#[test]
fn a_round_goes_from_the_sealed_test_set_to_the_model_that_is_handed_over() {
    let place = agreed();
    place.done(&format!("round seal {ID} kept --as customer --by Qian"));
    let trained = train(&place, "model");
    assert_eq!((&trained["round"], &trained["parameters"]), (&json!(1), &json!(26)), "{trained}");
    assert!(trained["training_seconds"].as_u64() >= Some(1));
    let bytes: u64 = (0..10)
        .flat_map(|at| ["red", "blue"].map(|class| format!("train/{class}/{at}.png")))
        .chain(
            (0..4)
                .flat_map(|at| ["red", "blue"].map(|class| format!("validation/{class}/{at}.png"))),
        )
        .map(|name| place.bytes(&format!("photos/{name}")).len() as u64)
        .sum();
    assert_eq!(trained["data_bytes"], bytes);
    let judged = place.json(&evaluate(1, "model", "kept"));
    let rows = judged["standards"].as_array().expect("standards");
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| row["met"] == true), "{judged}");
    assert_eq!((&rows[2]["items"], &rows[2]["standard"]["class"]), (&json!(4), &json!("red")));
    place.done(&format!("round deliver {ID} model --round 1 --by Lin"));
    let names: Vec<Value> = facts(&place).iter().map(|fact| fact["fact"].clone()).collect();
    let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
    assert_eq!(
        names,
        [
            "test_set_sealed",
            "run_finished",
            "test_set_opened",
            "model_evaluated",
            "model_delivered"
        ]
    );
    let position = place.json(&format!("position {ID}"));
    let standards = position["position"]["standards"].as_array().expect("standards");
    assert!(standards.iter().all(|row| row["verdict"] == "met"), "{standards:?}");
    place.done(&format!("export {ID} --out all.tally"));
    place.done("verify all.tally");
}

#[test]
fn nothing_is_trained_before_the_seal_and_nothing_learns_from_the_test_set() {
    let place = agreed();
    let line = format!("round train {ID} photos --out model --by Lin {OPTIONS}");
    assert_eq!(refused(&place, &line), "test_set_not_sealed");
    assert!(!place.path("model").exists(), "said before the work");
    fs::remove_file(place.path("kept/red/3.png")).expect("removed");
    let short = format!("round seal {ID} kept --as customer --by Qian");
    assert_eq!(refused(&place, &short), "part_exceeds_whole", "seven of eight");
    put(&place.path("."), "kept/red/3.png", &picture([220, 99, 20], 9));
    place.done(&short);
    let leaked = place.bytes("kept/blue/2.png");
    put(&place.path("."), "photos/validation/blue/renamed.png", &leaked);
    assert_eq!(refused(&place, &line), "test_set_leaks");
    assert!(!place.path("model").exists());
}

#[test]
fn the_test_set_is_opened_on_record_and_only_as_it_was_sealed() {
    let place = agreed();
    place.done(&format!("round seal {ID} kept --as customer --by Qian"));
    assert_eq!(refused(&place, &evaluate(1, "model", "kept")), "no_package");
    train(&place, "model");
    let other = format!("train photos --out other --seed 9 {}", &OPTIONS[3..]);
    place.json(&other);
    assert_eq!(refused(&place, &evaluate(1, "other", "kept")), "other_model");
    // The same images with one class changed are another test set.
    fs::create_dir_all(place.path("moved/red")).expect("a folder");
    fs::create_dir_all(place.path("moved/blue")).expect("a folder");
    for class in ["red", "blue"] {
        for at in 0..4 {
            let to =
                if (class, at) == ("red", 3) { "blue/r3".into() } else { format!("{class}/{at}") };
            let bytes = place.bytes(&format!("kept/{class}/{at}.png"));
            put(&place.path("."), &format!("moved/{to}.png"), &bytes);
        }
    }
    assert_eq!(refused(&place, &evaluate(1, "model", "moved")), "test_set_changed");
    assert_eq!(facts(&place).len(), 2, "a refusal opens nothing");
}

#[test]
fn a_model_that_falls_short_goes_with_a_reason_or_not_at_all() {
    let place = agreed();
    // What is called red here is blue: the model cannot be right.
    fs::rename(place.path("kept/red"), place.path("swap")).expect("moved");
    fs::rename(place.path("kept/blue"), place.path("kept/red")).expect("moved");
    fs::rename(place.path("swap"), place.path("kept/blue")).expect("moved");
    place.done(&format!("round seal {ID} kept --as customer --by Qian"));
    train(&place, "model");
    let deliver = format!("round deliver {ID} model --round 1 --by Lin");
    assert_eq!(refused(&place, &deliver), "not_reached", "not judged yet");
    let out = place.run(&evaluate(1, "model", "kept"));
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stdout).contains("not reached"), "{out:?}");
    assert_eq!(refused(&place, &deliver), "not_reached");
    place.done(&format!("{deliver} --although agreed-by-telephone"));
    let last = facts(&place).pop().expect("a fact");
    assert!(last["although"].is_string(), "{last}");
    // The next round is another model; the first one's run stays as it is.
    let second =
        place.json(&format!("round train {ID} photos --out second --by Lin {OPTIONS} --seed 3"));
    assert_eq!(second["round"], 2);
}
