//! What stands after a restart: versions that were loaded, and numbers over several files.

use std::fs;

use serde_json::{Value, json};

use super::{Served, lines, place};
use crate::packages::{package, spoilt};
use crate::pictures::{picture, put};

const LINE: &str = "--key-file keys --packages . --workers 1";

#[test]
fn versions_that_were_loaded_survive_a_kill_and_a_changed_one_is_left_out() {
    let place = place();
    let image = picture([200, 40, 30], 3);
    let served = Served::start(&place, LINE);
    spoilt(&place.path("bad"), 4, |weights| weights[0] += 1.0);
    let bad = json!({ "model": "one", "version": "9", "package": "bad" });
    let refused = served.manage("/v1/models", &bad);
    let said = refused.json();
    assert_eq!((refused.status, &said["fields"]["why"]), (422, &json!("other_answers")));
    assert!(said["detail"].as_str().expect("text").contains("is allowed"), "{said}");
    let load = json!({ "model": "one", "version": "2", "package": "two" });
    assert_eq!(served.manage("/v1/models", &load).status, 200);
    let version = json!({ "version": "2" });
    assert_eq!(served.manage("/v1/models/one/activate", &version).status, 200);
    served.kill();
    let served = Served::start(&place, LINE);
    assert_eq!((&served.said["version"], &served.said["left_out"]), (&json!("2"), &json!([])));
    assert_eq!(served.classify("again", &image).json()["version"], "2");
    assert_eq!(served.manage("/v1/models/one/rollback", &json!({})).json()["active"], "1");
    assert_eq!(served.manage("/v1/models/one/activate", &version).status, 200);
    assert_eq!(served.stop(), Some(0));
    fs::remove_dir_all(place.path("two")).unwrap();
    package(&place.path("two"), 5);
    let served = Served::start(&place, LINE);
    assert_eq!(served.said["left_out"][0]["code"], "package_changed", "{}", served.said);
    assert_eq!(served.classify("other", &image).json()["version"], "1");
    // A place that cannot be written: the change holds, and the caller is told.
    fs::create_dir(place.path("usage/versions.new")).unwrap();
    let told = served.manage("/v1/models", &load);
    assert_eq!((told.status, &told.json()["code"]), (503, &json!("not_kept")));
    served.stop();
    put(&place.path("."), "usage/versions.json", b"{}");
    for (lang, says) in [("zh", "versions.json"), ("en", "is damaged")] {
        let out = place.run(&format!(
            "serve one --addr 127.0.0.1:0 --engine rten --usage usage --lang {lang}"
        ));
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(!out.status.success() && said.contains(says), "{said}");
    }
}

#[test]
fn a_package_that_gives_other_answers_does_not_begin_to_serve() {
    let place = place();
    spoilt(&place.path("bad"), 4, |weights| weights[0] += 1.0);
    for (lang, says) in [("zh", "已知结果"), ("en", "known answers")] {
        let line = format!("serve bad --addr 127.0.0.1:0 --engine rten --lang {lang}");
        let out = place.run(&line);
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(out.status.code() == Some(2) && said.contains(says), "{said}");
    }
}

#[test]
fn closed_files_and_the_open_one_are_imported_in_order_without_a_gap() {
    let mut place = place();
    let served = Served::start(&place, "--key-file keys --usage-size 1 --workers 2");
    let image = picture([200, 40, 30], 3);
    assert_eq!(served.classify("r-0", &image).json()["billed"], true);
    served.stop();
    // The first file grows to its size: lines as the service writes them.
    let first = lines(&place, "acme").remove(0);
    let mut text = String::new();
    let mut count = 0;
    while text.len() < 1 << 20 {
        count += 1;
        let mut line = first.clone();
        line["sequence"] = Value::from(count.to_string());
        line["id"] = Value::from(format!("r-{}/0", count - 1));
        text.push_str(&format!("{line}\n"));
    }
    put(&place.path("."), "usage/acme.jsonl", text.as_bytes());
    let served = Served::start(&place, "--key-file keys --usage-size 1 --workers 2");
    assert_eq!(served.classify("r-0", &image).json()["billed"], false);
    for at in 0..3 {
        assert_eq!(served.classify(&format!("new-{at}"), &image).json()["billed"], true);
    }
    served.stop();
    assert_eq!(lines(&place, "acme.000000000001").len(), count);
    assert_eq!(lines(&place, "acme")[0]["sequence"], (count + 1).to_string());
    super::agreement(&mut place);
    let files = "usage/acme.000000000001.jsonl usage/acme.jsonl";
    let report = place.json(&format!("import class-2026-009 {files} --by meter"));
    assert_eq!(report["files"][0]["taken"], count, "{}", report["files"][0]["findings"]);
    assert_eq!(report["files"][1]["taken"], 3, "{}", report["files"][1]["findings"]);
    assert_eq!(report["files"][1]["findings"], json!([]));
}
