//! Each wall is shown to hold.

use super::*;

fn world(name: &str, dependency: &str, ours: bool, kind: Option<&str>) -> Report {
    check(&Metadata {
        packages: vec![Package {
            name: name.to_owned(),
            dependencies: vec![Dependency {
                name: dependency.to_owned(),
                kind: kind.map(str::to_owned),
                path: ours.then(|| "crates/x".to_owned()),
            }],
        }],
    })
}

fn refused(name: &str, dependency: &str, ours: bool, message: &str) {
    let report = world(name, dependency, ours, None);
    assert!(
        report.problems.len() == 1 && report.problems[0].contains(message),
        "{name} -> {dependency}: {:?}",
        report.problems
    );
    // The same in tests is listed and does not fail.
    let report = world(name, dependency, ours, Some("dev"));
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    assert_eq!(report.crossings.len(), 1);
}

#[test]
fn a_crate_may_name_itself_in_tests() {
    let report = world("store", "store", true, Some("dev"));
    assert!(report.problems.is_empty() && report.crossings.is_empty());
}

fn allowed(name: &str, dependency: &str, ours: bool) {
    let report = world(name, dependency, ours, None);
    assert!(report.problems.is_empty(), "{name} -> {dependency}: {:?}", report.problems);
}

#[test]
fn dependencies_point_one_way() {
    refused("units", "contract", true, "against the layers");
    refused("annotation", "contract", true, "against the layers");
    refused("journal", "contract", true, "against the layers");
    refused("store", "desk", true, "against the layers");
    refused("settlement", "journal", true, "against the layers");
    refused("desk", "cli", true, "against the layers");
    allowed("settlement", "contract", true);
    allowed("desk", "store", true);
    allowed("cli", "desk", true);
}

#[test]
fn outside_libraries_stay_behind_their_walls() {
    refused("desk", "sqlx", false, "a method of store");
    refused("desk", "object_store", false, "store");
    refused("desk", "hotcoco", false, "annotation");
    refused("desk", "anyhow", false, "thiserror");
    refused("store", "clap", false, "arguments");
    allowed("store", "sqlx", false);
    allowed("cli", "anyhow", false);
    allowed("xtask", "toml", false);
}

#[test]
fn pure_crates_do_no_input_or_output() {
    for (name, library) in [("contract", "tokio"), ("units", "tempfile"), ("journal", "rand")] {
        let report = world(name, library, false, None);
        assert!(report.problems[0].contains("pure crate"), "{:?}", report.problems);
        // Its tests may: proptest and oracles have to live somewhere.
        let report = world(name, library, false, Some("dev"));
        assert!(report.problems.is_empty() && report.crossings.is_empty());
    }
    allowed("units", "jiff", false);
    allowed("desk", "tokio", false);
}

#[test]
fn an_unknown_crate_has_no_place() {
    let report = world("helpers", "serde", false, None);
    assert!(report.problems[0].contains("outside the layers"), "{:?}", report.problems);
}
