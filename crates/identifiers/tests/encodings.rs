//! Letters with their bytes, in every encoding, and what is no letter.

use encoding_rs::{GB18030, GBK};
use identifiers::{Encoding, LARGEST, TooLarge, Wrong, decode, mask};

use crate::made;

const TEXT: &str = "甲方电话13812345678，\n乙方１３９１２３４５６７８。";

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    format!("\u{feff}{text}").encode_utf16().flat_map(unit).collect()
}

#[test]
fn every_encoding_gives_the_same_letters_and_is_masked_in_its_own() {
    let marked = format!("\u{feff}{TEXT}").into_bytes();
    for (bytes, encoding) in [
        (TEXT.as_bytes().to_vec(), Encoding::Utf8),
        (marked, Encoding::Utf8Mark),
        (GBK.encode(TEXT).0.into_owned(), Encoding::Gb18030),
        (GB18030.encode(&format!("{TEXT}😀㐀")).0.into_owned(), Encoding::Gb18030),
        (utf16(TEXT, u16::to_le_bytes), Encoding::Utf16Le),
        (utf16(TEXT, u16::to_be_bytes), Encoding::Utf16Be),
    ] {
        let decoded = decode(&bytes, false).expect("small");
        assert_eq!(decoded.encoding, encoding);
        assert!(decoded.text.starts_with(TEXT), "{encoding:?}");
        assert!(decoded.wrong.is_empty(), "{encoding:?}");
        assert_eq!(decoded.rewrite(&bytes, &decoded.text), bytes, "{encoding:?}");

        let finds = made::found(&decoded.text);
        assert_eq!(finds.len(), 2, "{encoding:?}");
        let masked = decoded.rewrite(&bytes, &mask(&decoded.text, &finds));
        assert_eq!(masked.len(), bytes.len(), "{encoding:?}");
        let again = decode(&masked, false).expect("small");
        let want = TEXT.replace("13812345678", &"*".repeat(11));
        let want = want.replace("１３９１２３４５６７８", &"＊".repeat(11));
        assert!(again.text.starts_with(&want), "{encoding:?}: {}", again.text);
        let places: Vec<_> = finds.iter().map(|f| decoded.bytes(f.first..f.last)).collect();
        for (at, (old, new)) in bytes.iter().zip(&masked).enumerate() {
            let within = places.iter().any(|place| place.contains(&at));
            assert!(within || old == new, "{encoding:?}: byte {at}");
        }
    }
}

#[test]
fn bytes_that_are_no_letter_are_told_with_their_place_and_the_rest_is_read() {
    let mut bytes = "第一行\n第二".as_bytes().to_vec();
    let place = bytes.len();
    bytes.extend(b"\xff\xfe");
    bytes.extend("行13812345678".as_bytes());
    let decoded = decode(&bytes, false).expect("small");
    assert_eq!(decoded.encoding, Encoding::Utf8);
    let wrong = |byte| Wrong { byte, length: 1, line: 2 };
    assert_eq!(decoded.wrong, [wrong(place), wrong(place + 1)]);
    assert_eq!(made::found(&decoded.text).len(), 1);
    assert_eq!(decoded.rewrite(&bytes, &decoded.text), bytes);
}

#[test]
fn zeros_odd_ends_and_lone_surrogates_are_wrong() {
    for (bytes, place) in [
        (&b"13812345678\0"[..], 11),
        (b"\xff\xfea\0b", 4),
        (b"\xff\xfe\x00\xd8a\0", 2),
        (b"\xbf\xcd\xbb\xa7\xbf\xcd\xbb\xa7\xff", 8),
    ] {
        let decoded = decode(bytes, false).expect("small");
        assert_eq!(decoded.wrong.first().map(|wrong| wrong.byte), Some(place), "{bytes:?}");
    }
}

#[test]
fn escapes_of_json_are_the_letters_that_they_stand_for() {
    let line =
        r#"{"a":"\u7535\u8bdd\n13812345678\ud83d\ude00","b":"\u4f60\uff11\uff138 1234 5678"}"#;
    let decoded = decode(line.as_bytes(), true).expect("small");
    let finds = made::found(&decoded.text);
    let texts: Vec<_> = finds.iter().map(|find| find.text.as_str()).collect();
    assert_eq!(texts, ["13812345678", "１３8 1234 5678"]);
    let place = decoded.bytes(finds[0].first..finds[0].last);
    assert_eq!(&line[place], "13812345678");
    let masked = decoded.rewrite(line.as_bytes(), &mask(&decoded.text, &finds));
    let masked = String::from_utf8(masked).expect("text");
    assert_eq!(
        masked,
        r#"{"a":"\u7535\u8bdd\n***********\ud83d\ude00","b":"\u4f60＊＊* **** ****"}"#
    );
    // Outside JSON a backslash is a backslash.
    assert_eq!(decode(line.as_bytes(), false).expect("small").text, line);
}

#[test]
fn a_file_larger_than_the_limit_is_refused() {
    let size = LARGEST + 1;
    assert_eq!(decode(&vec![b' '; size], false), Err(TooLarge { size }));
}
