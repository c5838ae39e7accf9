//! `tally intake` from a bucket of a real S3-compatible server. Runs where `TALLYSTICK_S3_PYTHON`
//! names an interpreter that has moto; `cargo xtask nightly` does.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

use crate::commands::Place;

/// The server; it ends with its input.
struct Bucket {
    child: Child,
    address: String,
}

impl Bucket {
    fn start() -> Option<Self> {
        let Ok(python) = std::env::var("TALLYSTICK_S3_PYTHON") else {
            println!("skipped: TALLYSTICK_S3_PYTHON is not set (cargo xtask nightly sets it)");
            return None;
        };
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bucket.py");
        let mut command = Command::new(python);
        command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("python");
        let mut address = String::new();
        let mut lines = BufReader::new(child.stdout.take().expect("its output is piped"));
        lines.read_line(&mut address).expect("an address");
        let address = address.trim().to_owned();
        assert!(address.starts_with("http://"), "{address}");
        Some(Self { child, address })
    }

    fn run(&self, place: &Place, line: &str, more: &[(&str, &str)]) -> Output {
        let mut command = place.command(line);
        command.env("AWS_ENDPOINT_URL_S3", &self.address).env("AWS_ALLOW_HTTP", "true");
        command.env("AWS_ACCESS_KEY_ID", "id").env("AWS_SECRET_ACCESS_KEY", "secret");
        command.envs(more.iter().copied()).output().expect("the binary starts")
    }

    fn json(&self, place: &Place, line: &str) -> Value {
        let output = self.run(place, &format!("--json {line}"), &[]);
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        self.child.wait().expect("it ends");
    }
}

fn names(manifest: &Value) -> Vec<&str> {
    let items = manifest["items"].as_array().expect("items");
    items.iter().map(|item| item["name"].as_str().expect("a name")).collect()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn what_lies_below_a_prefix_of_a_bucket_is_taken_and_the_rest_is_told() {
    let Some(bucket) = Bucket::start() else { return };
    let place = Place::empty();
    let manifest = bucket.json(&place, "intake s3://data/texts --out taken");
    assert_eq!(names(&manifest), ["clash/b.txt", "sub/a b+c%20d.txt", "房间.txt"]);
    assert_eq!(manifest["duplicates"][0]["name"], "sub/same.txt");
    let findings = manifest["findings"].as_array().expect("findings");
    let told: Vec<(&str, &str)> = findings
        .iter()
        .map(|one| (one["code"].as_str().unwrap(), one["place"]["file"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [("same_name", "clash"), ("unsafe_name", "name:of.txt")]);
    assert_eq!(place.bytes("taken/originals/房间.txt"), "房间很干净\n".as_bytes());
    let left: Vec<_> = std::fs::read_dir(place.path("taken")).expect("a folder").collect();
    assert_eq!(left.len(), 2, "originals and the manifest, and nothing that was fetched: {left:?}");

    // More than a page of a listing; a single object, in many pieces.
    let many = bucket.json(&place, "intake s3://data/many/");
    assert_eq!(names(&many).len(), 1100);
    let large = bucket.json(&place, "intake s3://data/large.txt");
    assert_eq!((names(&large), &large["items"][0]["size"]), (vec!["large.txt"], &850_000.into()));
    // Two sources stand beside each other, each below its name.
    std::fs::write(place.path("own.txt"), "mine\n").expect("a file");
    let both = bucket.json(&place, "intake own.txt s3://data/texts/sub");
    assert_eq!(names(&both), ["own.txt", "sub/a b+c%20d.txt"]);
    let strict = bucket.run(&place, "intake s3://data/texts --strict --out none", &[]);
    assert_eq!((strict.status.code(), place.path("none").exists()), (Some(1), false));
}

#[test]
fn a_bucket_that_is_not_there_or_not_named_is_said_to_be_none() {
    let Some(bucket) = Bucket::start() else { return };
    let place = Place::empty();
    for (line, more, want) in [
        ("intake s3://none/x", vec![], "s3://none/x cannot be read"),
        ("intake s3://data/nothing", vec![], "s3://data/nothing cannot be read"),
        ("intake s3://../x", vec![], "is no address of a bucket"),
        ("intake s3://data/texts", vec![("AWS_ALLOW_HTTP", "")], "cannot be read"),
        ("intake s3://data/texts --lang zh", vec![("AWS_ALLOW_HTTP", "")], "读不了 s3://data"),
    ] {
        let output = bucket.run(&place, line, &more);
        assert_eq!(output.status.code(), Some(2), "{line}");
        assert!(said(&output).contains(want), "{line}: {}", said(&output));
        assert!(!said(&output).contains("secret"), "{line}: {}", said(&output));
    }
}
