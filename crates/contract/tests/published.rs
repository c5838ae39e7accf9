//! What is published about the format: the JSON Schemas and the page for people. `GOLDEN=write`
//! writes them anew.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::format_page;

fn docs(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name)
}

fn golden(name: &str, found: &str) {
    let path = docs(name);
    if std::env::var_os("GOLDEN").is_some_and(|value| value == "write") {
        fs::write(&path, found).expect("the file can be written");
    }
    let expected = fs::read_to_string(&path).expect("written with GOLDEN=write");
    assert!(found == expected, "docs/{name} is stale: GOLDEN=write writes it anew");
}

/// What stands above this line is written by hand.
const GENERATED: &str =
    "<!-- From here on generated from the types: GOLDEN=write writes it anew. -->\n";

fn published(schema: schemars::Schema) -> String {
    let schema = serde_json::to_string_pretty(&Value::from(schema)).expect("a schema is JSON");
    schema + "\n"
}

#[test]
fn the_published_schemas_are_fresh() {
    golden("agreement.schema.json", &published(contract::schema()));
    golden("event.schema.json", &published(contract::event_schema()));
}

#[test]
fn the_page_of_the_format_is_fresh() {
    let page = fs::read_to_string(docs("agreement-format.md")).expect("part of the repository");
    let (by_hand, _) = page.split_once(GENERATED).expect("the page has a generated part");
    golden("agreement-format.md", &format!("{by_hand}{GENERATED}{}", format_page::tables()));
}
