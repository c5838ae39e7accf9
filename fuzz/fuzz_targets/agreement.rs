//! An agreement file, TOML or JSON: our parsers of both, taken as they stand in `desk`, which
//! brings a database that is not wanted here; then the terms and the rules between them.
#![no_main]

use contract::form::{Form as _, Node};
use contract::terms::Agreement;
use libfuzzer_sys::fuzz_target;

#[path = "../../crates/desk/src/agreement_file/json.rs"]
mod json;
#[path = "../../crates/desk/src/agreement_file/toml.rs"]
mod toml;

const DEPTH: usize = 64;

fuzz_target!(|text: &str| {
    let parsed = match text.trim_start().starts_with('{') {
        true => json::parse(text, 0, DEPTH).ok(),
        false => toml::parse(text, DEPTH).ok(),
    };
    let Some(agreement) = parsed.and_then(|root| read(&root, text)) else { return };
    // What was read is written and read again as the same.
    let Ok(written) = journal::canonical::to_vec(&agreement) else { return };
    let written = String::from_utf8(written).expect("canonical JSON is UTF-8");
    let root = json::parse(&written, 0, DEPTH).expect("our own JSON is read");
    assert_eq!(read(&root, &written), Some(agreement));
});

fn read(root: &Node, text: &str) -> Option<Agreement> {
    let mut problems = Vec::new();
    let agreement = Agreement::read(root, "", &mut problems);
    if let Some(agreement) = &agreement {
        problems.extend(contract::check(agreement, Some(root)));
    }
    for problem in &problems {
        assert!(problem.place.start <= problem.place.end && problem.place.end <= text.len());
    }
    agreement
}
