//! `tally dataset`, `train`, `evaluate`, `classify` and `package` as a user meets them, with a
//! backbone made here, so that nothing is fetched.

use serde_json::Value;

use crate::commands::Place;
use crate::pictures::{network, picture, put};

/// Ten pictures of each of two classes to learn from, four to choose by, four to be judged by.
pub(crate) fn photos() -> Place {
    let place = Place::empty();
    for (part, count, from) in [("train", 10, 0), ("validation", 4, 40), ("test", 4, 80)] {
        for at in 0..count {
            let shade = 10 + u8::try_from(from + at).expect("a shade") * 2;
            let stripe = u32::from(shade);
            let at = |class: &str| format!("photos/{part}/{class}/{at}.png");
            put(&place.path("."), &at("red"), &picture([220, shade, 20], stripe));
            put(&place.path("."), &at("blue"), &picture([20, shade, 220], stripe + 3));
        }
    }
    put(&place.path("."), "backbone.onnx", &network().write());
    place
}

const TRAIN: &str = "train photos --backbone backbone.onnx --engine rten --offline \
                     --views stretch,centre-mirrored --folds 2 --epochs 30";

#[test]
fn one_command_goes_from_a_folder_to_a_package_that_classifies() {
    let place = photos();
    put(&place.path("."), "photos/train/red/torn.png", &picture([200, 9, 9], 1)[..60]);
    let trained = place.json(&format!("{TRAIN} --out model"));
    assert_eq!(trained["evaluation"]["images"], 8, "the validation part: {trained}");
    assert_eq!(trained["manifest"]["images"], 28, "both parts in the end");
    assert_eq!(trained["parity"]["equal"], trained["parity"]["images"]);
    assert_eq!(trained["refused"][0]["name"], "train/red/torn.png");
    assert_eq!(place.json("package verify model --engine rten")["golden"]["unlike"], 0);
    let shown = place.json("package show model --layers");
    assert_eq!(shown["manifest"]["classes"], serde_json::json!(["blue", "red"]));
    let last = shown["layers"].as_array().and_then(|rows| rows.last()).expect("layers");
    assert_eq!((&last["name"], &last["shape"]), (&"probabilities".into(), &serde_json::json!([2])));

    let judged = place.json("evaluate model photos --engine rten --accuracy 75%");
    assert_eq!(judged["evaluation"]["images"], 8, "the test part alone");
    assert_eq!(judged["evaluation"]["hits"], 8, "{judged}");
    assert_eq!(judged["standards"][0]["gate"]["reached"], true);
    let answers =
        place.json("classify model photos/test/red/0.png photos/test/blue/0.png --engine rten");
    let first = |at: usize| answers["answers"][at]["classes"][0]["class"].clone();
    assert_eq!((first(0), first(1)), (Value::from("red"), Value::from("blue")));
}

#[test]
fn the_same_seed_gives_the_same_package_to_the_byte() {
    let place = photos();
    place.json(&format!("{TRAIN} --out one"));
    place.json(&format!("{TRAIN} --out two"));
    let files = ["head.safetensors", "manifest.json", "evaluation.json", "README.md"];
    for file in files.into_iter().chain(["model.onnx", "golden.safetensors"]) {
        let bytes = |package: &str| place.bytes(&format!("{package}/{file}"));
        assert!(bytes("one") == bytes("two"), "{file}");
    }
    place.json(&format!("{TRAIN} --seed 2 --out three"));
    assert!(place.bytes("one/head.safetensors") != place.bytes("three/head.safetensors"));
}

#[test]
fn a_standard_that_is_not_reached_ends_with_one() {
    let place = photos();
    place.json(&format!("{TRAIN} --out model"));
    // What is red is called blue: nothing of it can be right.
    std::fs::rename(place.path("photos/test/red"), place.path("swap")).expect("a folder");
    std::fs::rename(place.path("photos/test/blue"), place.path("photos/test/red")).expect("one");
    std::fs::rename(place.path("swap"), place.path("photos/test/blue")).expect("the other");
    let line = "evaluate model photos/test --engine rten --accuracy 90% --f1 50% --lang en";
    let out = place.run(line);
    assert_eq!(out.status.code(), Some(1));
    let said = String::from_utf8(out.stdout).expect("text");
    assert!(said.contains("accuracy ≥ 90%: not reached"), "{said}");
    assert!(said.contains("macro F1 ≥ 50%: not reached"), "{said}");
}

#[test]
fn parts_of_the_images_are_measured_alone() {
    let place = photos();
    place.json(&format!("{TRAIN} --out model"));
    let table = "image,shop\ntest/red/0.png,north\ntest/red/1.png,south\ntest/blue/0.png,north\n";
    put(&place.path("."), "shops.csv", table.as_bytes());
    let line = "evaluate model photos --engine rten --slices shops.csv";
    let found = place.json(line);
    let parts = found["evaluation"]["slices"].as_array().expect("parts");
    let part = |by: &str, value: &str| {
        let found = parts.iter().find(|part| part["by"] == by && part["value"] == value);
        found.unwrap_or_else(|| panic!("{by} {value}: {parts:?}"))["images"].clone()
    };
    assert_eq!((part("shop", "north"), part("shop", "south")), (2.into(), 1.into()));
    assert_eq!(part("size", "small"), 8);
    let out = place.run(&format!("{line} --lang zh"));
    let said = String::from_utf8(out.stdout).expect("text");
    assert!(said.contains("短边: 小于 256") && said.contains("shop: north"), "{said}");
    put(&place.path("."), "shops.csv", b"image,shop\na.png,north\na.png,south\n");
    let out = place.run(&format!("{line} --lang en"));
    let said = String::from_utf8(out.stderr).expect("text");
    assert!(said.contains("line 3: a.png was there before"), "{said}");
}

#[test]
fn the_documentation_is_written_in_each_form_and_language() {
    let place = photos();
    place.json(&format!("{TRAIN} --out model"));
    for lang in ["zh", "en"] {
        for form in ["docx", "html", "json", "pdf"] {
            let file = format!("doc.{lang}.{form}");
            let out = place.run(&format!("package document model --out {file} --lang {lang}"));
            assert_eq!(out.status.code(), Some(0), "{out:?}");
            assert!(place.bytes(&file).len() > 4_000, "{file}");
        }
    }
    let page = String::from_utf8(place.bytes("doc.zh.html")).expect("text");
    for said in ["模型结构", "算法与参数设置", "宏平均 F1", "局限", "tally train photos", "head.1"]
    {
        assert!(page.contains(said), "{said}");
    }
    let out = place.run("package document model --out doc.txt --lang en");
    assert_eq!(out.status.code(), Some(3), "{out:?}");
}

#[test]
fn whole_numbers_make_a_smaller_package_with_its_loss() {
    let place = photos();
    place.json(&format!("{TRAIN} --out model"));
    let made = place.json(
        "package quantize model --calibration photos/train --judge photos --engine rten --out int8",
    );
    let loss = &made["manifest"]["quantised"];
    assert_eq!(loss["judged"], 8, "{loss}");
    assert!(loss["equal"].as_u64() >= Some(7), "{loss}");
    assert_eq!(place.json("package verify int8 --engine rten")["golden"]["unlike"], 0);
    let again = place
        .run("package quantize int8 --calibration photos/train --judge photos --engine rten --out x --lang en");
    let said = String::from_utf8(again.stderr).expect("text");
    assert!(said.contains("quantised already"), "{said}");
}

#[test]
fn bad_input_says_what_is_wrong_and_what_to_do() {
    let place = photos();
    place.json(&format!("{TRAIN} --out model"));
    put(&place.path("."), "other/cat/1.png", &picture([1, 2, 3], 1));
    put(&place.path("."), "broken.onnx", &network().write()[..400]);
    put(&place.path("."), "text.jpg", b"this is no picture");
    let mut changed = place.bytes("model/model.onnx");
    changed[900] ^= 1;
    put(&place.path("."), "changed/manifest.json", &place.bytes("model/manifest.json"));
    put(&place.path("."), "changed/model.onnx", &changed);
    for file in
        ["head.safetensors", "evaluation.json", "README.md", "golden.safetensors", "bom.cdx.json"]
    {
        put(&place.path("."), &format!("changed/{file}"), &place.bytes(&format!("model/{file}")));
    }
    let rows = [
        (format!("{TRAIN} --out model"), "model is there already", "--out"),
        (TRAIN.replace("photos", "nowhere") + " --out x", "nowhere cannot be read", ""),
        (TRAIN.replace("backbone.onnx", "broken.onnx") + " --out x", "no ONNX file", ""),
        (format!("{TRAIN} --out x").replace("--epochs 30", "--epochs 0"), "epochs cannot be 0", ""),
        ("evaluate model other --engine rten".to_owned(), "other has class cat", ""),
        ("package verify changed".to_owned(), "model.onnx has SHA-256", ""),
        ("package verify photos".to_owned(), "manifest.json cannot be read", ""),
        ("classify model text.jpg --engine rten".to_owned(), "text.jpg: cannot be classified", ""),
        (
            "classify model photos/test/red/0.png --library nowhere.so".to_owned(),
            "nowhere.so",
            "--engine rten",
        ),
    ];
    for (line, what, next) in rows {
        let out = place.run(&format!("{line} --lang en"));
        let said = String::from_utf8(out.stderr).expect("text");
        assert!(matches!(out.status.code(), Some(1 | 2)), "{line}: {:?}", out.status);
        assert!(said.contains(what) && said.contains(next), "{line}: {said}");
    }
    assert!(!place.path("x").exists(), "nothing half made is left");
}

#[test]
fn a_dataset_with_a_leak_ends_with_one() {
    let place = photos();
    let advised = place.json("dataset check photos --standard 90%");
    assert_eq!(advised["advice"][0]["images"], 8, "the validation part: {advised}");
    assert_eq!(advised["advice"][0]["least"], Value::Null, "eight images cannot show it");
    let good = place.run("dataset check photos --lang zh");
    assert_eq!(good.status.code(), Some(0), "{good:?}");
    let bytes = place.bytes("photos/train/red/1.png");
    put(&place.path("."), "photos/validation/red/leak.png", &bytes);
    let out = place.run("dataset check photos --lang zh --report found.html");
    assert_eq!(out.status.code(), Some(1));
    let page = String::from_utf8(place.bytes("found.html")).expect("text");
    assert!(page.contains("data:image/jpeg;base64,") && page.contains("leak.png"), "the picture");
    let said = String::from_utf8(out.stderr).expect("text");
    assert!(said.contains("泄漏") && said.contains("validation/red/leak.png"), "{said}");
}
