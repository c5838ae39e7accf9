//! Laws: masking takes every find and nothing else; hostile text is searched in linear time.

use std::time::{Duration, Instant};

use identifiers::{Pseudonyms, decode, excerpt, mask, pseudonymise};
use proptest::prelude::*;

use crate::made;

/// Pieces that meet in every order: identifiers, parts of them, separators, words.
fn piece() -> impl Strategy<Value = String> {
    let fixed = [
        "13812345678",
        "138 1234 5678",
        "010-65123456",
        "电话",
        "身份证",
        "护照",
        "id",
        "1234",
        "62",
        "@",
        ".",
        "a@b.cn",
        "x@y.",
        "-",
        " ",
        "+86",
        "(",
        ")",
        "京A",
        "12345",
        "192.168.1.10",
        ":",
        "fe80::1:2",
        "00:1A:2b:3C:4d:5E",
        "E12345678",
        "\n",
        "１３９",
        "X",
        "*",
        "\t",
        "，",
        "_",
        "DE89 3704 0440 0532 0130 00",
        "123-45-6780",
        "4111 1111 1111 1111",
    ];
    prop_oneof![
        3 => proptest::sample::select(fixed.to_vec()).prop_map(str::to_owned),
        1 => "[0-9]{1,20}",
        1 => Just(made::resident_id("11010519491231002")),
        1 => Just(made::credit_code("91350211M000100Y4")),
        1 => "[a-zA-Z\\u{4e00}-\\u{4e20} -]{1,6}",
    ]
}

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(piece(), 0..24).prop_map(|pieces| pieces.concat())
}

/// What a mask must leave: the letters outside of every find.
fn outside(text: &str, finds: &[identifiers::Find]) -> Vec<(usize, char)> {
    let within = |at: usize| finds.iter().any(|find| (find.first..find.last).contains(&at));
    text.chars().enumerate().filter(|(at, _)| !within(*at)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn masking_takes_every_find_and_changes_nothing_else(text in text()) {
        let finds = made::found(&text);
        let mut names = Pseudonyms::default();
        let named = pseudonymise(&text, &finds, &mut names);
        for masked in [mask(&text, &finds), named] {
            prop_assert_eq!(masked.len(), text.len());
            prop_assert_eq!(outside(&masked, &finds), outside(&text, &finds));
            let left = made::found(&masked);
            prop_assert!(left.is_empty(), "{:?} -> {:?}: {:?}", text, masked, left);
        }
        for pair in finds.windows(2) {
            prop_assert!(pair[0].last <= pair[1].first, "{:?}", text);
        }
        for find in &finds {
            prop_assert_eq!(&text[find.start..find.end], find.text.as_str());
            prop_assert_ne!(excerpt(&find.text), find.text.as_str());
        }
    }

    #[test]
    fn any_letters_are_searched(text in "[0-9X京粤挂A-Fa-f:.@ ()+\\-]{0,40}") {
        let finds = made::found(&text);
        prop_assert!(made::found(&mask(&text, &finds)).is_empty(), "{:?}", text);
    }

    #[test]
    fn any_bytes_are_read_and_written_back(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        for escapes in [false, true] {
            let decoded = decode(&bytes, escapes).expect("small");
            let same = decoded.rewrite(&bytes, &decoded.text);
            // A last odd byte of UTF-16 is told and kept as any other.
            prop_assert_eq!(&same, &bytes);
            let letters = decoded.text.chars().count();
            prop_assert!(decoded.bytes(0..letters).end <= bytes.len());
        }
    }
}

#[test]
fn the_same_identifier_has_the_same_name() {
    let text = "13812345678 and 139-1234-5678 and 138-1234-5678 and a1@b.cn";
    let mut names = Pseudonyms::default();
    let named = pseudonymise(text, &made::found(text), &mut names);
    assert_eq!(named, "*T1******** and *T2********** and *T1********** and *M1****");
    let next = "１３８１２３４５６７８";
    let named = pseudonymise(next, &made::found(next), &mut names);
    assert_eq!(named, "＊Ｔ１＊＊＊＊＊＊＊＊");
}

/// The time that a text takes, three times tried, the best.
fn time(text: &str) -> Duration {
    let once = || {
        let start = Instant::now();
        let finds = made::found(text).len();
        (start.elapsed(), finds)
    };
    (0..3).map(|_| once().0).min().expect("three")
}

#[test]
fn hostile_text_takes_linear_time() {
    for piece in [
        "1",
        "1 ",
        "1234 ",
        "1234-",
        "a@",
        "@",
        "a.",
        "1.",
        "255.",
        "ab:",
        "::",
        "京A",
        "DE89 ",
        "13812345678 ",
        "13812345678,",
        "138 1234 ",
        "护照E1234567 ",
        "622",
        "(",
        "+1 ",
    ] {
        let text = |bytes: usize| piece.repeat(bytes / piece.len());
        let (small, large) = (time(&text(20_000)), time(&text(80_000)));
        // Four times the text: sixteen times the time would be quadratic.
        let limit = small * 10 + Duration::from_millis(100);
        assert!(large < limit, "{piece:?}: {small:?}, then {large:?}");
    }
}

#[test]
fn ten_megabytes_of_digits_are_searched() {
    let start = Instant::now();
    assert!(made::found(&"7".repeat(10 << 20)).is_empty());
    let spent = start.elapsed();
    println!("10 MiB of digits: {spent:?}");
    assert!(spent < Duration::from_secs(30), "{spent:?}");
}
