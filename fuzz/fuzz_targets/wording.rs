//! Text as clauses, the values and definitions in them, and what the review says of them.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use review::{Playbook, Side};
use wording::values;

static PLAYBOOK: LazyLock<Playbook> = LazyLock::new(Playbook::ai_vendor);

fuzz_target!(|text: &str| {
    let _ = (values::quantities(text), values::blanks(text));
    let Ok(reading) = reading::read(text.as_bytes(), "a.txt") else { return };
    let wording = &reading.wording;
    for value in values::values(wording) {
        assert!(wording.text.get(value.place.start..value.place.end).is_some());
    }
    for definition in values::definitions(wording) {
        assert!(wording.text.get(definition.meaning.start..definition.meaning.end).is_some());
    }
    let _ = (values::parties(wording), values::index(wording));
    for side in [Side::Customer, Side::Vendor] {
        let _ = review::review(wording, &PLAYBOOK, side);
    }
});
