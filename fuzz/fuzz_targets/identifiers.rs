//! Bytes of any encoding: their letters, the identifiers among them, and the file masked.
#![no_main]

use identifiers::{Pseudonyms, decode, excerpt, find, mask, pseudonymise};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let on = "2026-11-22".parse().expect("a date");
    for escapes in [false, true] {
        let read = decode(data, escapes).expect("it is small");
        // A file in which nothing changes stays byte for byte as it is.
        assert_eq!(read.rewrite(data, &read.text), data);
        let finds = find(&read.text, on);
        let (mut before, mut letters) = (0, 0);
        for one in &finds {
            assert!(before <= one.start && one.start < one.end, "in order, without overlap");
            assert_eq!(read.text.get(one.start..one.end), Some(one.text.as_str()));
            assert!(letters <= one.first && one.last - one.first == one.text.chars().count());
            (before, letters) = (one.end, one.last);
            let bytes = read.bytes(one.first..one.last);
            assert!(bytes.start < bytes.end && bytes.end <= data.len());
            assert!(one.text.chars().count() < 3 || excerpt(&one.text) != one.text);
        }
        let count = read.text.chars().count();
        let masked = mask(&read.text, &finds);
        assert_eq!(masked.chars().count(), count, "a letter for a letter");
        let named = pseudonymise(&read.text, &finds, &mut Pseudonyms::default());
        assert_eq!(named.chars().count(), count, "a letter for a letter");
        let _ = read.rewrite(data, &masked);
    }
});
