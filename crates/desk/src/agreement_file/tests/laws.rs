//! Laws of reading: text and terms say the same in both directions, and no bytes break a reader.

use std::sync::LazyLock;

use contract::check;
use contract::form::{Form, Problem, to_node};
use contract::terms::Agreement;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{KINDS, check_agreement, sample};
use crate::agreement_file::{Limits, parse, read_agreement};

fn read(text: &str) -> (Agreement, String) {
    read_agreement(text.as_bytes(), &Limits::default()).expect("it reads")
}

/// Places in a value: path and pointer of each.
type Places = Vec<(String, String)>;

/// The four samples as JSON, with every place in them.
static SAMPLES: LazyLock<Vec<(Value, Places)>> = LazyLock::new(|| {
    let read = |kind: &&str| {
        let whole: Value = serde_json::from_str(&read(&sample(kind)).1).expect("JSON");
        let mut all = Vec::new();
        places(&whole, "", &mut all, "");
        (whole, all)
    };
    KINDS.iter().map(read).collect()
});

/// Reads terms alone, without the rules between them.
fn decode(text: &str) -> (Option<Agreement>, Vec<Problem>) {
    let root = parse(text.as_bytes(), &Limits::default()).expect("well formed");
    let mut problems = Vec::new();
    let agreement = Agreement::read(&root, "", &mut problems);
    if let Some(agreement) = &agreement {
        let _ = check(agreement, Some(&root));
    }
    (agreement, problems)
}

#[test]
fn terms_to_text_to_terms_is_the_identity() {
    for kind in KINDS {
        let (agreement, canonical) = read(&sample(kind));
        assert_eq!(read(&canonical), (agreement.clone(), canonical.clone()), "{kind} as JSON");
        let spaced: Value = serde_json::from_str(&canonical).expect("JSON");
        let spaced = serde_json::to_string_pretty(&spaced).expect("JSON");
        assert_eq!(read(&spaced).1, canonical, "{kind} as spaced JSON");
        let written = toml::to_string(&agreement).expect("terms have a TOML form");
        assert_eq!(read(&written).1, canonical, "{kind} as TOML");
        let mut problems = Vec::new();
        let tree = to_node(&agreement).expect("terms have a tree");
        assert_eq!(Agreement::read(&tree, "", &mut problems), Some(agreement), "{kind}");
        assert_eq!(problems, []);
        let by_serde: Agreement = serde_json::from_str(&canonical).expect("serde reads it");
        assert_eq!(journal::canonical::to_vec(&by_serde).expect("canonical"), canonical.as_bytes());
    }
}

/// Every place of a value, as steps from the root; the paths are as in problems.
fn places(value: &Value, path: &str, found: &mut Places, pointer: &str) {
    match value {
        Value::Object(entries) => {
            for (name, inner) in entries {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                let pointer = format!("{pointer}/{name}");
                found.push((path.clone(), pointer.clone()));
                places(inner, &path, found, &pointer);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                let (path, pointer) = (format!("{path}[{index}]"), format!("{pointer}/{index}"));
                found.push((path.clone(), pointer.clone()));
                places(inner, &path, found, &pointer);
            }
        }
        _ => {}
    }
}

/// The table in which a path lies.
fn table_of(path: &str) -> &str {
    path.rfind(['.', '[']).map_or("", |at| &path[..at])
}

/// Whether every problem lies at the changed place or, for the key that chooses an alternative,
/// in its table.
fn named(problems: &[Problem], path: &str) -> bool {
    let of_table = path.ends_with(".type");
    let near = if of_table { table_of(path) } else { path };
    !problems.is_empty() && problems.iter().all(|problem| problem.path.starts_with(near))
}

#[test]
fn every_field_left_out_is_optional_or_told_by_its_path() {
    for (kind, (whole, all)) in KINDS.iter().zip(SAMPLES.iter()) {
        for (path, pointer) in all.iter().filter(|(path, _)| !path.ends_with(']')) {
            let mut rest = whole.clone();
            let (table, name) = pointer.rsplit_once('/').expect("a pointer has a slash");
            let table = rest.pointer_mut(table).and_then(Value::as_object_mut).expect("a table");
            table.remove(name);
            let (agreement, problems) = decode(&rest.to_string());
            if problems.is_empty() {
                let read = agreement.expect("no problem, so terms");
                let text = journal::canonical::to_vec(&read).expect("canonical");
                let absent: Value = serde_json::from_slice(&text).expect("JSON");
                let found = absent.pointer(pointer).expect("absent terms are written");
                assert!(found.is_null() || found == &json!([]), "{kind}: {path}");
            } else {
                assert_eq!(problems.len(), 1, "{kind}: {path}: {problems:?}");
                assert_eq!(problems[0].path, *path, "{kind}");
                assert_eq!(problems[0].kind.code(), "missing", "{kind}: {path}");
            }
        }
    }
}

#[test]
fn every_value_of_another_type_is_told_by_its_path() {
    let others = [json!(7), json!("?"), json!({"?": 1})];
    for (kind, (whole, all)) in KINDS.iter().zip(SAMPLES.iter()) {
        for (path, pointer) in all {
            for other in &others {
                let mut changed = whole.clone();
                *changed.pointer_mut(pointer).expect("it is there") = other.clone();
                let (agreement, problems) = decode(&changed.to_string());
                if problems.is_empty() {
                    let read = agreement.expect("no problem, so terms");
                    let text = journal::canonical::to_vec(&read).expect("canonical");
                    let said: Value = serde_json::from_slice(&text).expect("JSON");
                    let said = said.pointer(pointer).expect("it is there");
                    // An exact number may be written as an integer.
                    let same = said == other || said.as_str() == Some(&other.to_string());
                    assert!(same, "{kind}: {path} = {other} reads as {said}");
                } else {
                    assert!(named(&problems, path), "{kind}: {path} = {other}: {problems:?}");
                }
            }
        }
    }
}

fn text_of_terms() -> impl Strategy<Value = String> {
    let words = [
        "",
        "0",
        "-1",
        "100%",
        "100.1%",
        "0.5‰",
        "1e9",
        "99999999999999999999999999999",
        "30d",
        "4294967295y",
        "0h",
        "9999-12-31",
        "2026-02-30",
        "CNY",
        "zh",
        "符契",
        "a b",
        "annex-1",
        "0.000000000001",
        "customer",
        "per_unit",
        "\u{0}",
    ];
    prop_oneof![
        proptest::sample::select(words.to_vec()).prop_map(str::to_owned),
        "[0-9]{1,30}(\\.[0-9]{1,13})?%?",
        ".{0,12}",
    ]
}

proptest! {
    #[test]
    fn any_text_or_number_in_any_place_reads_or_is_told(
        kind in 0_usize..4,
        place in any::<proptest::sample::Index>(),
        text in text_of_terms(),
        number in any::<i64>(),
        is_number in any::<bool>(),
    ) {
        let (whole, all) = &SAMPLES[kind];
        let mut whole = whole.clone();
        let (path, pointer) = &all[place.index(all.len())];
        let other = if is_number { json!(number) } else { json!(text) };
        *whole.pointer_mut(pointer).expect("it is there") = other;
        let (agreement, problems) = decode(&whole.to_string());
        match agreement {
            Some(read) if problems.is_empty() => {
                let text = journal::canonical::to_vec(&read).expect("canonical");
                let again = decode(std::str::from_utf8(&text).expect("UTF-8"));
                prop_assert_eq!(again, (Some(read), Vec::new()));
            }
            _ => prop_assert!(named(&problems, path), "{}: {:?}", path, problems),
        }
    }

    #[test]
    fn no_bytes_break_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = check_agreement(&bytes, &Limits::default());
    }

    #[test]
    fn no_text_breaks_the_reader(
        text in "([\\[\\]{}=.,:\"'#\n\\\\u0-9a-f+-]|true|nan|format|service|type|\\[\\[|\"\"\"|符){0,60}",
    ) {
        let _ = check_agreement(text.as_bytes(), &Limits::default());
        let _ = check_agreement(format!("{{{text}").as_bytes(), &Limits::default());
    }

    #[test]
    fn a_damaged_sample_never_breaks_the_reader(
        kind in 0_usize..4,
        place in any::<proptest::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = sample(KINDS[kind]).into_bytes();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        let _ = check_agreement(&bytes, &Limits::default());
    }
}
