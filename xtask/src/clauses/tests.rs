//! The catalogue's checks and the scan for citations, on small inputs.

use super::*;
use crate::tree::File;

const HEAD: &str = r#"
[[document]]
id = "lease"
title = { zh = "租赁", en = "Lease" }

[[article]]
id = "lease-3"
document = "lease"
title = { zh = "租金", en = "Rent" }
"#;

fn row(id: &str, rest: &str) -> String {
    format!(
        "[[clause]]\nid = \"{id}\"\ndocument = \"lease\"\n\
         title = {{ zh = \"甲\", en = \"A\" }}\n{rest}\n"
    )
}

fn problems(rows: &str) -> Vec<String> {
    catalogue::read(&format!("{HEAD}{rows}")).expect("reads").1
}

#[test]
fn a_row_answers_for_itself() {
    let reason = "reason = { zh = \"乙\", en = \"B\" }";
    for (rest, expected) in [
        ("", Some("no status")),
        ("serves = \"planned\"", Some("without a capability")),
        ("serves = \"prose\"", Some("without a reason")),
        ("serves = \"prose\"\nreason = { zh = \"\", en = \"B\" }", Some("in zh and en")),
        ("serves = \"rule\"\ncapability = \"draft\"", Some("planned alone")),
        ("serves = \"rule\"", None),
        ("serves = \"planned\"\ncapability = \"draft\"", None),
    ] {
        let got = problems(&row("lease-3.4", rest));
        match expected {
            Some(message) => assert!(got.len() == 1 && got[0].contains(message), "{rest}: {got:?}"),
            None => assert!(got.is_empty(), "{rest}: {got:?}"),
        }
    }
    assert!(problems(&row("lease-3.4", &format!("serves = \"prose\"\n{reason}"))).is_empty());
    let twice = [row("lease-3.4", "serves = \"rule\""), row("lease-3.4", "serves = \"rule\"")];
    assert!(problems(&twice.concat())[0].contains("twice"));
    assert!(catalogue::read(&format!("{HEAD}{}", row("lease-1.1", "serves = \"maybe\""))).is_err());
}

#[test]
fn a_rule_that_nothing_cites_is_a_problem() {
    let text = format!(
        "{HEAD}{}{}",
        row("lease-3.1", "serves = \"rule\""),
        row("lease-3.1.1", "serves = \"rule\"")
    );
    let (catalogue, _) = catalogue::read(&text).expect("reads");
    let none = citations::Citations::default();
    assert_eq!(matrix::unserved(&catalogue, &none).len(), 2);

    let source =
        File::sample("crates/x/src/a.rs", "//! A.\n/// Clause: lease-3.1.1.\npub fn a() {}\n");
    let (citations, unknown) = citations::find(&[source], &catalogue);
    assert!(unknown.is_empty(), "{unknown:?}");
    // An item serves the list that it stands in.
    assert!(matrix::unserved(&catalogue, &citations).is_empty());
    let page = matrix::render(&catalogue, &citations);
    assert!(page.contains("[x::a](../crates/x/src/a.rs)"), "{page}");
    assert!(page.contains("Rules without a case"), "{page}");

    let case = File::sample("cases/lease/late/expected.txt", "clause lease-3.1.1: 5.00\n");
    let source = File::sample("crates/x/src/a.rs", "//! Serves lease-3.1.1.\n");
    let (citations, _) = citations::find(&[source, case], &catalogue);
    let page = matrix::render(&catalogue, &citations);
    assert!(page.contains("| lease/late | rule and case |"), "{page}");
}

#[test]
fn a_citation_of_an_unknown_clause_is_a_problem() {
    let (catalogue, _) =
        catalogue::read(&format!("{HEAD}{}", row("lease-3.4", ""))).expect("reads");
    for (path, text) in [
        ("crates/x/src/a.rs", "//! A.\n/// Clause: lease-9.9.\nfn a() {}\n"),
        ("cases/lease/late.toml", "clause = \"lease-9.9\"\n"),
    ] {
        let (_, unknown) = citations::find(&[File::sample(path, text)], &catalogue);
        assert!(unknown.len() == 1 && unknown[0].contains("lease-9.9"), "{unknown:?}");
    }
    // Test code may cite what does not exist, to see it refused.
    let test = File::sample("crates/x/src/tests.rs", "//! A.\n/// Clause: lease-9.9.\nfn a() {}\n");
    assert!(citations::find(&[test], &catalogue).1.is_empty());
}

fn cites(source: &str, expected: &[(&str, &str)]) {
    let got = citations::in_source(source);
    let got: Vec<(&str, &str)> =
        got.iter().map(|(_, id, item)| (id.as_str(), item.as_str())).collect();
    assert_eq!(got, expected, "{source}");
}

#[test]
fn citations_are_read_from_documentation_alone() {
    cites("/// A. Clause: lease-3.4.\npub const fn fee() {}", &[("lease-3.4", "fee")]);
    cites("/// Clause: `pb-04`.\n#[derive(\n    Debug\n)]\npub struct Sla {", &[("pb-04", "Sla")]);
    cites(
        "/// Clauses: lease-3.1.1, lease-3.1.2 and pb-04. Not lease-9.\n    pub(crate) price: u8,",
        &[("lease-3.1.1", "price"), ("lease-3.1.2", "price"), ("pb-04", "price")],
    );
    cites(
        "/// Clauses: lease-3.1,\n/// lease-3.2.\nenum A {",
        &[("lease-3.1", "A"), ("lease-3.2", "A")],
    );
    cites("//! Late payment. Serves lease-3.4. Knows days.", &[("lease-3.4", "(module)")]);
    cites("// Clause: lease-3.4.\nfn a() {}", &[]);
    cites("let a = \"/// Clause: lease-3.4\";", &[]);
    cites("/// Unlike lease-3.4 this is free.\nfn a() {}", &[]);
    cites("#[cfg(test)]\nmod tests {\n/// Clause: lease-3.4.\nfn a() {}\n}", &[]);
}

#[test]
fn ids_have_a_shape() {
    for id in ["lease-3.4", "train-2.1.1", "pb-04", "pb-04.1", "pb-matrix.2", "class-10"] {
        assert!(citations::looks_like_id(id), "{id}");
    }
    for word in ["lease", "lease-", "lease-2026", "lease-a", "release-3.4", "pb-x.1", "lease-3..4"]
    {
        assert!(!citations::looks_like_id(word), "{word}");
    }
}
