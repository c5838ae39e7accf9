//! `tally intake` as a user meets it.

use std::fs;
use std::path::Path;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::commands::Place;

fn codes(manifest: &Value) -> Vec<&str> {
    let findings = manifest["findings"].as_array().expect("findings");
    findings.iter().map(|finding| finding["code"].as_str().expect("a code")).collect()
}

#[test]
fn texts_become_items_with_a_manifest_that_two_parties_can_sign() {
    let place = Place::empty();
    fs::create_dir(place.path("raw")).expect("a folder");
    let gbk = b"\xb7\xbf\xbc\xe4\xba\xdc\xb8\xc9\xbe\xbb\n\xcc\xab\xb3\xb3\xc1\xcb\n";
    fs::write(place.path("raw/a.txt"), gbk).expect("a file");
    fs::write(place.path("raw/b.txt"), "太吵了\n").expect("a file");
    fs::write(place.path("raw/c.jpg"), b"\xFF\xD8\xFF\xE0\x00\x10JFIF").expect("a file");
    let line = "intake raw --lines --out taken --rights own --personal-data none --deidentified no";
    let manifest = place.json(line);
    assert_eq!(manifest["personal_data"], "none");
    let items = manifest["items"].as_array().expect("items");
    let names: Vec<&str> = items.iter().filter_map(|item| item["name"].as_str()).collect();
    assert_eq!(names, ["a.txt:1", "a.txt:2"]);
    assert_eq!(items[0]["sha256"], hex::encode(Sha256::digest("房间很干净")));
    assert_eq!(manifest["duplicates"][0]["of"], "a.txt:2");
    assert_eq!(codes(&manifest), ["encoding", "truncated"]);
    assert_eq!(manifest["findings"][1]["place"]["file"], "c.jpg");
    let texts = String::from_utf8(place.bytes("taken/texts.jsonl")).expect("text");
    assert!(texts.starts_with("{\"name\":\"a.txt:1\",\"text\":\"房间很干净\"}\n"), "{texts}");
    let kept: Value = serde_json::from_slice(&place.bytes("taken/manifest.json")).expect("JSON");
    assert_eq!(kept, manifest);

    let again = place.run("intake raw --lines --out taken");
    assert_eq!(again.status.code(), Some(2), "the folder is there already");
    let strict = place.run("intake raw --lines --strict --out none --manifest none.json");
    assert_eq!(strict.status.code(), Some(1));
    assert!(!place.path("none").exists() && !place.path("none.json").exists());
    let said = String::from_utf8(place.run("intake raw --lines --lang zh").stderr).expect("text");
    assert!(said.contains("c.jpg@10 未采用：文件不完整"), "{said}");
    let left: Vec<_> = fs::read_dir(place.path(".")).expect("a folder").collect();
    assert_eq!(left.len(), 2, "raw and taken, and nothing half done: {left:?}");
}

#[test]
fn real_images_become_items_with_copies_to_show() {
    let data =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/bccd/BCCD/JPEGImages");
    if !data.exists() {
        println!("skipped: {} is absent", data.display());
        return;
    }
    let place = Place::empty();
    let manifest = place.json(&format!("intake {} --out taken --near 0", data.display()));
    let items = manifest["items"].as_array().expect("items");
    assert_eq!((items.len(), codes(&manifest).len()), (364, 0));
    let (name, sum) = (items[7]["name"].as_str(), &items[7]["sha256"]);
    let name = name.expect("a name");
    let original = place.bytes(&format!("taken/originals/{name}"));
    assert_eq!(*sum, hex::encode(Sha256::digest(&original)));
    assert_eq!(place.bytes(&format!("taken/display/{name}.jpg"))[..2], [0xff, 0xd8]);
    assert_eq!((&items[7]["width"], &items[7]["height"]), (&640.into(), &480.into()));
}
