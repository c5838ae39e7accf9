//! A file of any format that is read: PDF, HTML, Markdown, text. The first byte chooses the name.
#![no_main]

use libfuzzer_sys::fuzz_target;

/// The library that opens a PDF panics, and `reading` turns that into a fault; the hook of the
/// engine would end the program before. A panic that nobody catches ends it still.
fn tell_and_go_on() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or("", |place| place.file());
        if !place.contains("registry") {
            eprintln!("{panic}");
        }
    }));
}

fuzz_target!(init: tell_and_go_on(), |data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    let name = ["a.txt", "a.md", "a.html", "a.pdf", "a"][usize::from(*first) % 5];
    // A whole file in place of a choice: `%PDF`, `<html`.
    let bytes = if first.is_ascii_punctuation() { data } else { rest };
    let Ok(reading) = reading::read(bytes, name) else { return };
    let wording = &reading.wording;
    for index in 0..wording.blocks.len() {
        let _ = wording.block(index);
        let _ = wording.body(index);
    }
});
