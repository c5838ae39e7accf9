//! The OpenAPI document: fresh, of its version, and whole.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

fn document() -> Value {
    serde_json::from_str(&server::openapi::text()).unwrap()
}

/// `GOLDEN=write` writes the committed document anew.
#[test]
fn the_committed_document_is_what_the_routes_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let text = server::openapi::text();
    if std::env::var("GOLDEN").as_deref() == Ok("write") {
        std::fs::write(&path, &text).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == text, "docs/openapi.json is stale: GOLDEN=write makes it anew");
}

#[test]
fn the_document_is_pinned_to_openapi_3_1() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() > 50, "{}", paths.len());
    assert!(paths.keys().all(|path| path.starts_with("/api/v1/")));
}

#[test]
fn every_write_but_the_free_ones_describes_its_idempotency_key() {
    let document = document();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let parameters = operation["parameters"].as_array();
            let mut parameters = parameters.into_iter().flatten();
            let key = parameters.find(|one| one["name"] == "Idempotency-Key");
            let Some(key) = key else { continue };
            assert_ne!(method, "get", "{path}");
            assert_eq!(key["schema"]["maxLength"], 64);
            assert_eq!(key["schema"]["pattern"], "^[A-Za-z0-9_-]+$");
        }
    }
}

#[test]
fn every_operation_has_its_own_name_a_summary_and_problems() {
    let document = document();
    let mut names = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "{name} twice");
            assert!(!operation["summary"].as_str().unwrap().is_empty(), "{name}");
            assert!(!operation["tags"][0].as_str().unwrap().is_empty(), "{name}");
            let answers = operation["responses"].as_object().unwrap();
            assert!(answers.keys().any(|status| status.starts_with(['2', '3'])), "{method} {path}");
            assert!(answers.contains_key("500"), "{method} {path}");
        }
    }
}

#[test]
fn every_reference_leads_to_a_component() {
    fn walk(value: &Value, see: &mut impl FnMut(&str)) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    match value.as_str() {
                        Some(to) if key == "$ref" => see(to),
                        _ => walk(value, see),
                    }
                }
            }
            Value::Array(all) => all.iter().for_each(|value| walk(value, see)),
            _ => {}
        }
    }
    let document = document();
    walk(&document, &mut |to| {
        let pointer = to.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{to} leads nowhere");
    });
}
