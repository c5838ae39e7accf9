//! A month of a real Slurm, billed by the real binary and held against `cases/slurm/expected.py`.
//!
//! `cases/slurm/month.sh OUT` makes the files; `SLURM_MONTH=OUT` names them. Without it the test
//! says so and passes: a real Slurm takes a minute, root and packages.
//! Clauses: lease-3.1.1, lease-6.2, pb-04.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs `tally --json` in a folder and gives what it printed.
fn tally(folder: &Path, now: &str, args: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_tally"))
        .current_dir(folder)
        .env("TALLY_DATA", "data")
        .env("TALLY_NOW", now)
        .arg("--json")
        .args(args)
        .output()
        .expect("tally runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "tally {args:?}\n{text}\n{said}");
    serde_json::from_slice(&output.stdout).expect("one JSON document")
}

/// The sample lease over the year of the records, one fen for each GPU-second.
fn lease(year: &str) -> String {
    let file = project().join("cases/agreements/lease.toml");
    let text = std::fs::read_to_string(file).expect("the sample lease");
    let text = text.replace("starts = 2026-01-01", &format!("starts = {year}-01-01"));
    let text = text.replace("ends = 2026-12-31", &format!("ends = {year}-12-31"));
    let text = text.replace("step_seconds = 60", "step_seconds = 1");
    let text = text.replace("price = \"12.50\"", "price = \"36.00\"");
    text.replace("repair_within = \"8h\"", "repair_within = \"1min\"")
}

#[test]
fn the_bill_of_a_real_slurm_is_right_to_the_fen() {
    let Some(files) = std::env::var_os("SLURM_MONTH").map(PathBuf::from) else {
        println!("skipped: SLURM_MONTH names no folder made by cases/slurm/month.sh");
        return;
    };
    let files = files.canonicalize().expect("the folder is there");
    let expected = Command::new("python3")
        .arg(project().join("cases/slurm/expected.py"))
        .args([files.join("sacct.txt"), files.join("events.txt")])
        .output()
        .expect("python3 runs");
    let want: Value = serde_json::from_slice(&expected.stdout).expect("the script prints JSON");
    let jobs = want["jobs"].as_array().expect("jobs");
    let start = jobs[0]["start"].as_str().expect("a start");
    let (year, month) = (&start[..4], &start[..7]);
    let begin = format!("{month}-01T00:30:00+08:00");
    let after = format!("{}-12-31T23:00:00+08:00", year);

    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    for name in ["customer", "vendor"] {
        let path = at.join(format!("{name}.key"));
        desk::files::write_key(&path, &format!("{name}.rehearsal"), &[7; 32]).expect("a key");
    }
    std::fs::write(at.join("lease.toml"), lease(year)).expect("a file");
    let id = "lease-2026-001";
    tally(at, &begin, &["init", "--rehearsal"]);
    tally(at, &begin, &["new", "lease.toml"]);
    for party in ["customer", "vendor"] {
        let key = format!("{party}.key");
        tally(at, &begin, &["sign", id, "--as", party, "--by", party, "--key", &key]);
    }
    let path = |name: &str| files.join(name).display().to_string();
    let (dump, text, events) = (path("sacct.json"), path("sacct.txt"), path("events.txt"));
    let zone = ["--zone", "Asia/Shanghai", "--cluster", "lease"];
    let import = |file: &str| tally(at, &after, &[&["import", id, file], zone.as_slice()].concat());
    import(&dump);
    import(&events);
    // The text of the same accounting tells nothing new.
    import(&text);
    let entries = |document: &Value| document.to_string();
    let before = entries(&tally(at, &after, &["log", id]));
    import(&dump);
    assert_eq!(before, entries(&tally(at, &after, &["log", id])), "told twice");

    let statement = tally(at, &after, &["settle", id, month]);
    let seconds = &want["billable_gpu_seconds"];
    let gpu = find(&statement, "billed_seconds").expect("GPU use");
    assert_eq!(gpu, seconds, "{statement}");
    let line = find_line(&statement, "gpu_hours").expect("a line for GPU-hours");
    let fen = seconds.as_i64().expect("seconds");
    assert_eq!(line["amount"]["amount"], format!("{}.{:02}", fen / 100, fen % 100));
    assert!(!line["evidence"].as_array().expect("evidence").is_empty());

    let position = tally(at, &after, &["position", id]).to_string();
    let outages = want["outages"].as_array().expect("outages").len();
    let repairs = position.matches("\"kind\":\"repair\"").count();
    assert!(repairs >= 1 && repairs <= outages, "{repairs} repairs of {outages} outages");
    let bundle = at.join("lease.tally").display().to_string();
    tally(at, &after, &["export", id, "--out", &bundle]);
    tally(at, &after, &["verify", &bundle]);
}

/// The value of the first key of a name, anywhere in a document, that is a number.
fn find<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Object(map) => {
            if let Some(gpu) = map.get("gpu").filter(|gpu| gpu.is_object()) {
                return gpu.get(name);
            }
            map.values().find_map(|value| find(value, name))
        }
        Value::Array(list) => list.iter().find_map(|value| find(value, name)),
        _ => None,
    }
}

fn find_line<'a>(value: &'a Value, code: &str) -> Option<&'a Value> {
    match value {
        Value::Object(map) if map.get("code").is_some_and(|found| found == code) => Some(value),
        Value::Object(map) => map.values().find_map(|value| find_line(value, code)),
        Value::Array(list) => list.iter().find_map(|value| find_line(value, code)),
        _ => None,
    }
}
