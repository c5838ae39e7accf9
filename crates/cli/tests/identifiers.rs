//! `tally identifiers` as a user meets it: nothing shown unasked, reports, masks, encodings.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const TEXT: &str = "\u{feff}姓名,电话\n张三,13812345678\n李四,139-1234-5678\n王五,13812345678\n";

fn tally(folder: &Path, line: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tally"))
        .args(line.split_whitespace())
        .current_dir(folder)
        .env_clear()
        .env("LANG", "en_US.UTF-8")
        .output()
        .expect("the binary")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn identifiers_are_told_and_not_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    fs::write(at("people.csv"), TEXT).expect("a file");
    let output = tally(folder.path(), "identifiers people.csv --out report.csv");
    assert_eq!(output.status.code(), Some(1));
    let report = fs::read_to_string(at("report.csv")).expect("a report");
    for text in [said(&output), report] {
        assert!(text.contains("13*******78"), "{text}");
        assert!(!text.contains("13812345678") && !text.contains("139-1234-5678"), "{text}");
    }
    assert!(said(&output).contains("proves no absence"));
    let zh = said(&tally(folder.path(), "identifiers people.csv --lang zh --show"));
    assert!(zh.contains("没有发现不等于没有") && zh.contains("13812345678"), "{zh}");

    let found: Value =
        serde_json::from_str(&said(&tally(folder.path(), "identifiers people.csv --json")))
            .expect("JSON");
    let file = &found["files"][0];
    assert_eq!((&file["encoding"], &found["counts"]["mobile"]), (&"utf-8-bom".into(), &3.into()));
    let find = &file["finds"][1];
    assert_eq!((&find["line"], &find["column"]), (&3.into(), &4.into()));
    let place = |name: &str| find[name].as_u64().expect("a place") as usize;
    assert_eq!(&TEXT[place("start")..place("end")], "139-1234-5678");

    fs::write(at("none.txt"), "合同第3.1.2.4条").expect("a file");
    let output = tally(folder.path(), "identifiers none.txt");
    assert_eq!(output.status.code(), Some(0));
    assert!(said(&output).contains("nothing found") && said(&output).contains("no absence"));
}

#[test]
fn a_masked_copy_is_as_long_and_holds_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    fs::write(at("people.csv"), TEXT).expect("a file");
    tally(folder.path(), "identifiers people.csv --mask stars.csv");
    tally(folder.path(), "identifiers people.csv --mask names.csv --pseudonyms");
    let stars = fs::read_to_string(at("stars.csv")).expect("a copy");
    let hidden = TEXT.replace("13812345678", "***********");
    assert_eq!(stars, hidden.replace("139-1234-5678", "***-****-****"));
    let names = fs::read_to_string(at("names.csv")).expect("a copy");
    assert_eq!((names.len(), names.matches("*T1*").count()), (TEXT.len(), 2));
    for copy in ["stars.csv", "names.csv"] {
        let output = tally(folder.path(), &format!("identifiers {copy}"));
        assert_eq!(output.status.code(), Some(0), "{copy}");
    }
    for line in [
        "identifiers people.csv --mask people.csv",
        "identifiers people.csv stars.csv --mask out.csv",
        "identifiers people.csv --out report.txt",
    ] {
        assert_eq!(tally(folder.path(), line).status.code(), Some(3), "{line}");
    }
    assert_eq!(fs::read_to_string(at("people.csv")).expect("as before"), TEXT);
}

#[test]
fn wrong_bytes_are_told_with_their_place_and_strictly_nothing_is_taken() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    // "客户13812345678" in GBK; the second file breaks off within a letter of UTF-8.
    fs::write(at("gbk.txt"), b"\xbf\xcd\xbb\xa713812345678\n").expect("a file");
    fs::write(at("bad.txt"), b"\xe5\xae\xa2 13812345678\n\xe5\xae\xff").expect("a file");
    let gbk = said(&tally(folder.path(), "identifiers gbk.txt"));
    assert!(gbk.contains("GB18030") && gbk.contains("1:3 "), "{gbk}");

    let bad = tally(folder.path(), "identifiers bad.txt");
    assert!(said(&bad).contains("line 2, bytes 16–18"), "{}", said(&bad));
    assert!(said(&bad).contains("13*******78"), "{}", said(&bad));
    let strict = tally(folder.path(), "identifiers bad.txt --strict --mask out.txt");
    assert_eq!(strict.status.code(), Some(1));
    assert!(!said(&strict).contains("13*") && said(&strict).contains("nothing of it was taken"));
    assert!(!at("out.txt").exists());
}
