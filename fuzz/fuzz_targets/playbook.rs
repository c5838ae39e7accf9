//! A playbook of another house, as TOML.
#![no_main]

use libfuzzer_sys::fuzz_target;
use review::{Playbook, Side};

const CONTRACT: &str = "1. Data. The Vendor may train its models on Customer Data.\n\
    2. Liability. Neither party is liable for more than USD 100.\n";

fuzz_target!(|text: &str| {
    let Ok(playbook) = Playbook::parse(text) else { return };
    let reading = reading::read(CONTRACT.as_bytes(), "a.txt").expect("a text is read");
    let _ = review::review(&reading.wording, &playbook, Side::Customer);
});
