//! The binary as a user meets it: answers in both languages, exit codes, JSON, closed pipes, bad
//! files, keys that others may read, and two processes at once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

const SIGNED: &str = "2026-03-02T09:00:00+08:00";

/// A folder with a rehearsal deployment, keys and an agreement file.
pub(crate) struct Place {
    folder: TempDir,
    now: &'static str,
}

impl Place {
    /// A folder and nothing else.
    pub(crate) fn empty() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), now: SIGNED }
    }

    /// An agreement that both have signed.
    pub(crate) fn signed() -> Self {
        let place = Self::empty();
        for line in [
            "init --rehearsal --name test",
            "key new --name customer.example --out c.key",
            "key new --name vendor.example --out v.key",
            "new --kind annotation --out a.toml",
            "new a.toml",
            "sign anno-2026-017 --as vendor --by Zhou --key v.key",
            "sign anno-2026-017 --as customer --by Shen --key c.key",
        ] {
            place.done(line);
        }
        place
    }

    /// Sets the clock.
    pub(crate) fn at(&mut self, now: &'static str) {
        self.now = now;
    }

    /// The time that it is.
    pub(crate) fn clock(&self) -> units::Timestamp {
        self.now.parse().expect("an instant")
    }

    /// Runs what must succeed.
    pub(crate) fn done(&self, line: &str) {
        let output = self.run(line);
        assert!(output.status.success(), "{line}: {}", text(&output.stderr));
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).expect("a file")
    }

    /// The text of a file, as `tally text` reads it.
    pub(crate) fn text_of(&self, name: &str) -> String {
        let output = self.run(&format!("text {name}"));
        assert!(output.status.success(), "{name}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tally"));
        command
            .args(line.split_whitespace())
            .current_dir(self.folder.path())
            .env_clear()
            .env("TALLY_NOW", self.now)
            .env("LANG", "en_US.UTF-8")
            .env("COLUMNS", "100")
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, line: &str) -> Output {
        self.command(line).output().expect("the binary starts")
    }

    pub(crate) fn json(&self, line: &str) -> Value {
        let output = self.run(&format!("--json {line}"));
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{line}: {error}: {}", text(&output.stdout)))
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn each_kind_of_answer_has_its_exit_code() {
    let place = Place::signed();
    fs::write(place.path("broken.toml"), "format = \n").expect("a file");
    fs::write(place.path("no.json"), "{").expect("a file");
    let id = "anno-2026-017";
    for (line, want) in [
        ("list".to_owned(), 0),
        ("--help".to_owned(), 0),
        ("--version".to_owned(), 0),
        ("check a.toml".to_owned(), 0),
        ("check broken.toml".to_owned(), 1),
        ("check absent.toml".to_owned(), 2),
        ("init".to_owned(), 1),
        ("position nobody".to_owned(), 1),
        ("--data elsewhere list".to_owned(), 1),
        (format!("sign {id} --as vendor --by Zhou --key v.key"), 1),
        (format!("sign {id} --as vendor --by Zhou --key a.toml"), 1),
        (format!("settle {id} 2026-13"), 1),
        (format!("approve {id} 2026-03 --by Shen"), 1),
        (format!("record {id} --as vendor --by Zhou no_such_fact"), 3),
        (format!("record {id} --as vendor --by Zhou ticket_opened tikcet=1"), 3),
        (format!("record {id} --as vendor --by Zhou ticket_opened"), 3),
        (format!("record {id} --as vendor --by Zhou storage_sampled taken=x bytes=1"), 3),
        (format!("record {id} --as vendor --by Zhou --json-file no.json"), 2),
        ("no-such-command".to_owned(), 3),
        ("settle".to_owned(), 3),
        ("verify a.toml".to_owned(), 1),
        ("sample --lot 3000 --aql 1.0".to_owned(), 0),
        ("sample --lot 3000 --aql 3".to_owned(), 1),
    ] {
        let output = place.run(&line);
        assert_eq!(output.status.code(), Some(want), "{line}: {}", text(&output.stderr));
    }
}

#[test]
fn json_is_one_document_and_errors_have_a_stable_code() {
    let place = Place::signed();
    let id = "anno-2026-017";
    for (line, pointer) in [
        ("list".to_owned(), "/agreements/0/id"),
        (format!("position {id}"), "/position/obligations/0/clause"),
        (format!("log {id}"), "/entries/0/kind"),
        (format!("account {id}"), "/account/as_of"),
        (format!("liability {id}"), "/liability"),
        (format!("settle {id} 2026-03"), "/statement/totals/gross/amount"),
        (format!("checkpoint {id}"), "/note"),
        (format!("proof {id} 0"), "/proof"),
        ("check a.toml".to_owned(), "/files/0/terms_sha256"),
        ("sample --lot 3000 --aql 1.0".to_owned(), "/plan/sample"),
        ("schema fact".to_owned(), "/$defs"),
        ("key show c.key".to_owned(), "/key"),
        (format!("record {id} --as vendor --by Zhou ticket_opened ticket=t1"), "/recorded/0/seq"),
    ] {
        let answer = place.json(&line);
        assert!(answer.pointer(pointer).is_some_and(|value| !value.is_null()), "{line}: {answer}");
    }
    for (line, code) in [
        ("position nobody".to_owned(), "not_found"),
        ("init".to_owned(), "deployment_exists"),
        ("--data elsewhere list".to_owned(), "no_deployment"),
        (format!("sign {id} --as vendor --by Zhou --key v.key"), "already_signed"),
        (format!("settle {id} soon"), "unknown_period"),
        (format!("record {id} --as vendor --by Zhou no_such_fact"), "unknown_name"),
        (format!("accept {id} lot-9 --by Shen"), "unknown"),
        ("no-such-command".to_owned(), "usage"),
    ] {
        let answer = place.json(&line);
        assert_eq!(answer.pointer("/error/code"), Some(&code.into()), "{line}: {answer}");
        for part in ["clause", "fields", "message"] {
            assert!(answer["error"].get(part).is_some(), "{line} has no {part}");
        }
    }
}

#[test]
fn both_languages_answer_every_message_in_their_own_words() {
    let place = Place::signed();
    let id = "anno-2026-017";
    let has_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    for line in [
        "--help".to_owned(),
        "settle --help".to_owned(),
        "no-such-command".to_owned(),
        "position nobody".to_owned(),
        format!("record {id} --as vendor --by Zhou no_such_fact"),
        format!("position {id}"),
        format!("settle {id} 2026-03"),
        "sample --lot 3000 --aql 1.0".to_owned(),
    ] {
        for (lang, want) in [("zh", true), ("en", false)] {
            let output = place.run(&format!("--lang {lang} {line}"));
            let said = text(&output.stdout) + &text(&output.stderr);
            // Amounts in words stand in both languages on every statement.
            let said: String = said.lines().filter(|line| !line.contains("元")).collect();
            assert_eq!(has_chinese(&said), want, "{lang} {line}: {said}");
        }
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let place = Place::signed();
    let mut child = place
        .command("schema agreement")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the binary ends");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
}

#[cfg(unix)]
#[test]
fn a_key_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::signed();
    let open = fs::Permissions::from_mode(0o644);
    fs::set_permissions(place.path("c.key"), open).expect("permissions");
    let output = place.run("cosign anno-2026-017 --key c.key");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("chmod 600"), "{}", text(&output.stderr));
}

#[test]
fn a_private_key_is_never_overwritten() {
    let place = Place::signed();
    let before = fs::read(place.path("c.key")).expect("the key");
    let output = place.run("key new --name other --out c.key");
    assert_ne!(output.status.code(), Some(0));
    assert_eq!(fs::read(place.path("c.key")).expect("the key"), before);
}

#[test]
fn two_processes_at_once_lose_nothing() {
    let place = Place::signed();
    let facts = |name: &str| -> String {
        let fact =
            |at: usize| format!("{{\"fact\":\"ticket_opened\",\"ticket\":\"{name}-{at}\"}}\n");
        (0..20).map(fact).collect()
    };
    let start = |name: &str| {
        fs::write(place.path(name), facts(name)).expect("a file");
        let line =
            format!("record anno-2026-017 --as customer --by {name} --json-file {name} --quiet");
        let mut command = place.command(&line);
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        command.spawn().expect("the binary starts")
    };
    let running = [start("a"), start("b")];
    for child in running {
        let output = child.wait_with_output().expect("the binary ends");
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    let log = place.json("log anno-2026-017 --kind ticket_opened");
    assert_eq!(log["entries"].as_array().map(Vec::len), Some(40));
}

#[test]
fn a_bundle_verifies_and_a_changed_one_does_not() {
    let place = Place::signed();
    let id = "anno-2026-017";
    let cosigned = place.run(&format!("cosign {id} --key c.key --out kept.note"));
    assert!(cosigned.status.success(), "{}", text(&cosigned.stderr));
    let exported = place.run(&format!("export {id} --out b.tally"));
    assert!(exported.status.success(), "{}", text(&exported.stderr));
    let sound = place.json("verify b.tally --checkpoint kept.note");
    assert_eq!(sound["sound"], true, "{sound}");
    let mut bytes = fs::read(place.path("b.tally")).expect("the bundle");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(place.path("changed.tally"), bytes).expect("a file");
    let output = place.run("verify changed.tally");
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
}

#[test]
fn the_caret_of_a_problem_stands_under_chinese_text() {
    let place = Place::empty();
    let agreement = include_str!("../../../cases/agreements/lease.toml");
    let bad = agreement.replace("forum = \"court\"", "forum = \"法院\"");
    fs::write(place.path("bad.toml"), bad).expect("a file");
    let output = place.run("check bad.toml");
    let said = text(&output.stdout);
    let lines: Vec<&str> = said.lines().collect();
    let at = lines.iter().position(|line| line.contains("│ forum = ")).expect("the passage");
    let caret = lines[at + 1];
    assert_eq!(caret.find('^').map(|byte| caret[..byte].chars().count()), {
        let line = lines[at];
        line.find('"').map(|byte| line[..byte].chars().count())
    });
    // Two wide characters and their quotation marks are six columns.
    assert_eq!(caret.matches('^').count(), 6, "{said}");
}

#[test]
fn every_starter_can_be_signed() {
    let place = Place::empty();
    for kind in ["annotation", "training", "lease", "classification"] {
        let file = format!("{kind}.toml");
        let wrote = place.run(&format!("new --kind {kind} --out {file}"));
        assert!(wrote.status.success(), "{}", text(&wrote.stderr));
        let checked = place.json(&format!("check {file}"));
        assert_eq!(checked["files"][0]["can_be_signed"], true, "{checked}");
        let again = place.run(&format!("new --kind {kind} --out {file}"));
        assert_eq!(again.status.code(), Some(2), "a starter overwrote a file");
    }
}

#[test]
fn quality_reports_real_boxes_against_themselves() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/bccd");
    let folder = data.join("BCCD/Annotations");
    if !folder.is_dir() {
        println!("skipped: {} is absent", folder.display());
        return;
    }
    let place = Place::empty();
    let folder = folder.canonicalize().expect("the folder");
    let folder = folder.display();
    let answer = place.json(&format!("quality --work {folder} --gold {folder} --iou 0.5"));
    assert_eq!(answer.pointer("/report/counts/right"), Some(&4886.into()));
    let missed = answer.pointer("/report/missed").and_then(Value::as_array);
    assert_eq!(missed.map(Vec::len), Some(2), "two boxes of the set have no area");
}

#[test]
fn quality_of_passages_is_told_in_both_languages() {
    let place = Place::empty();
    let tasks = |spans: &[(u32, u32, &str)]| {
        let region = |(start, end, label): &(u32, u32, &str)| json!({ "type": "labels", "value": { "start": start, "end": end, "labels": [label] } });
        let result: Vec<Value> = spans.iter().map(region).collect();
        let data = json!({ "text": "王小明昨天在上海", "name": "t1" });
        json!([{ "data": data, "annotations": [{ "result": result }] }]).to_string()
    };
    for (name, spans) in [
        ("gold.json", [(0, 3, "person"), (3, 5, "time"), (6, 8, "place")]),
        ("work.json", [(0, 3, "person"), (3, 4, "time"), (6, 8, "person")]),
    ] {
        fs::write(place.path(name), tasks(&spans)).expect("written");
    }
    let line = "quality --work work.json --gold gold.json";
    let report = place.json(line)["report"].clone();
    assert_eq!((&report["kind"], &report["counts"]["right"]), (&"spans".into(), &1.into()));
    assert_eq!(report["overlapping"]["f1"]["hits"], 4);
    for (lang, words) in [
        ("en", ["Wrong borders 1", "Wrong class 1", "3..5 time \"昨天\" → 3..4 time \"昨\""]),
        ("zh", ["边界错 1", "类别错 1", "6..8 place \"上海\" → 6..8 person \"上海\""]),
    ] {
        let told = text(&place.run(&format!("--lang {lang} {line}")).stdout);
        for word in words {
            assert!(told.contains(word), "{lang}: {word}\n{told}");
        }
    }
    let answer = place.json("statistics work.json --gold gold.json");
    assert_eq!(answer.pointer("/quality/counts/wrong_class"), Some(&1.into()));
    assert!(place.run("statistics work.json --gold gold.json --out r.html").status.success());
    let html = fs::read_to_string(place.path("r.html")).expect("a report");
    assert!(html.contains("Recall with overlap") || html.contains("有重叠的召回率"), "{html}");
}

#[test]
fn statistics_of_labelled_data_become_a_report_in_four_forms() {
    let place = Place::empty();
    fs::write(place.folder.path().join("work.csv"), "id,label\n1,好\n2,差\n3,好\n")
        .expect("written");
    fs::write(place.folder.path().join("gold.csv"), "id,label\n1,好\n2,好\n3,好\n")
        .expect("written");
    let answer = place.json("statistics work.csv --gold gold.csv --guideline v3");
    assert_eq!(answer.pointer("/statistics/labels"), Some(&3.into()));
    assert_eq!(answer.pointer("/quality/accuracy/hits"), Some(&2.into()));
    assert_eq!(answer.pointer("/files/0/name").and_then(Value::as_str), Some("work.csv"));
    for (file, begins) in [
        ("r.docx", &b"PK"[..]),
        ("r.pdf", b"%PDF"),
        ("r.html", b"<!doctype html>"),
        ("r.json", b"{"),
    ] {
        let wrote = place.run(&format!("statistics work.csv --gold gold.csv --out {file}"));
        assert!(wrote.status.success(), "{file}: {}", text(&wrote.stderr));
        let bytes = fs::read(place.folder.path().join(file)).expect("written");
        assert!(bytes.starts_with(begins), "{file}");
    }
    let wrong = place.run("statistics work.csv --out report.txt");
    assert_eq!(wrong.status.code(), Some(3));
    assert!(text(&wrong.stderr).contains(".docx"), "{}", text(&wrong.stderr));
}

#[test]
fn labelled_data_is_converted_with_a_report_of_what_is_lost() {
    let place = Place::empty();
    let coco = r#"{"images":[{"id":1,"file_name":"a.jpg","width":100,"height":80}],
        "categories":[{"id":3,"name":"猫"}],"annotations":[
        {"id":1,"image_id":1,"category_id":3,"bbox":[1.5,2,3,4],"iscrowd":0},
        {"id":2,"image_id":1,"category_id":3,"bbox":[10,20,30,40],"iscrowd":1},
        {"id":2,"image_id":1,"category_id":3,"bbox":[10,20,30,40]}]}"#;
    fs::write(place.folder.path().join("in.json"), coco).expect("written");
    let answer = place.json("convert in.json --to voc --out voc.zip");
    assert_eq!(answer["from"], "coco");
    assert_eq!(answer.pointer("/holds/boxes"), Some(&2.into()));
    let codes = |list: &Value| -> Vec<String> {
        let rows = list.as_array().expect("a list").iter();
        rows.map(|row| row["code"].as_str().expect("a code").to_owned()).collect()
    };
    assert_eq!(codes(&answer["losses"]), ["crowd_as_difficult", "class_ids"]);
    assert_eq!(codes(&answer["findings"]), ["duplicate_id"]);
    let back = place.json("convert voc.zip --to yolo --out yolo");
    assert_eq!(back.pointer("/holds/boxes"), Some(&2.into()));
    let labels = fs::read_to_string(place.folder.path().join("yolo/labels/train/a.txt"));
    assert_eq!(labels.expect("labels").lines().next(), Some("0 0.03 0.05 0.03 0.05"));
    let shown = place.run("--lang zh convert voc.zip --to coco --out again");
    assert!(text(&shown.stdout).contains("voc → coco"), "{}", text(&shown.stdout));
    for line in [
        "convert in.json --to voc --out strict --strict",
        "convert in.json --to voc --out yolo",
        "convert nothing.json --to voc --out other",
    ] {
        let refused = place.run(line);
        assert!(!refused.status.success(), "{line}");
    }
    assert!(!place.folder.path().join("strict").exists());
}
