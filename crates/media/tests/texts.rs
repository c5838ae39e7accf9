//! Texts: encodings, lines, tables.

use media::{Options, Split, What};

use crate::made::{codes, take_bytes};

/// 你好 and 再见 in GBK, with a line between.
const GBK: &[u8] = b"\xc4\xe3\xba\xc3\n\xd4\xd9\xbc\xfb\n";

fn options(split: Split) -> Options {
    Options { split, ..Options::default() }
}

fn rows(column: &str) -> Options {
    options(Split::Rows { column: column.to_owned() })
}

#[test]
fn chinese_text_is_read_in_each_of_its_encodings() {
    let utf16 = |order: fn(u16) -> [u8; 2], mark: [u8; 2]| {
        let units = "你好\n再见\n".encode_utf16().flat_map(order);
        mark.into_iter().chain(units).collect::<Vec<u8>>()
    };
    for (bytes, code) in [
        ("你好\n再见\n".as_bytes().to_vec(), None),
        ("\u{feff}你好\n再见\n".as_bytes().to_vec(), Some("encoding")),
        (GBK.to_vec(), Some("encoding")),
        (utf16(u16::to_le_bytes, [0xFF, 0xFE]), Some("encoding")),
        (utf16(u16::to_be_bytes, [0xFE, 0xFF]), Some("encoding")),
    ] {
        let (report, kept) = take_bytes("a.txt", &bytes, &options(Split::Lines));
        assert_eq!(kept.texts, ["你好", "再见"]);
        assert_eq!(codes(&report), code.into_iter().collect::<Vec<_>>());
        assert_eq!(report.items[1].name, "a.txt:2");
        let (report, kept) = take_bytes("a.txt", &bytes, &options(Split::File));
        assert_eq!(kept.texts, ["你好\n再见\n"]);
        assert_eq!(kept.originals[0].1, bytes, "as it was delivered");
        assert!(matches!(report.items[0].what, What::Text { chars: 6, line: None, .. }));
    }
}

#[test]
fn bytes_that_are_no_letters_are_told_with_their_place_and_cost_one_line() {
    let bytes = b"first\nbad \xFF\xFF here\nthird, and a text that is long enough to be one\n";
    let (report, kept) = take_bytes("a.txt", bytes, &options(Split::Lines));
    assert_eq!(kept.texts, ["first", "third, and a text that is long enough to be one"]);
    let place = &report.findings[0].place;
    assert_eq!((place.line, place.byte), (Some(2), Some(10)), "{:?}", report.findings);
    assert!(report.has_errors());
    let (report, kept) = take_bytes("a.txt", bytes, &options(Split::File));
    assert!(kept.texts.is_empty() && report.has_errors());
}

#[test]
fn rows_of_a_table_are_texts_even_over_several_lines() {
    let table = "label,review\n1,\"好吃，\n还便宜\"\n0,太慢\n1\n0,\n";
    let (report, kept) = take_bytes("a.csv", table.as_bytes(), &rows("review"));
    assert_eq!(kept.texts, ["好吃，\n还便宜", "太慢"]);
    assert_eq!(report.items[1].name, "a.csv:4");
    assert_eq!(codes(&report), ["short_row", "blank_lines"]);
    assert_eq!(report.findings[0].place.line, Some(5));
    let (report, _) = take_bytes("a.csv", table.as_bytes(), &rows("text"));
    assert_eq!(codes(&report), ["no_column"]);
    let (_, kept) = take_bytes("a.tsv", b"id\ttext\n1\tgood, is it\n", &rows("text"));
    assert_eq!(kept.texts, ["good, is it"]);
}

#[test]
fn a_text_that_is_there_twice_is_taken_once_unless_asked_otherwise() {
    let (report, _) = take_bytes("a.txt", b"good\nbad\ngood\n", &options(Split::Lines));
    assert_eq!(report.items.len(), 2);
    assert_eq!(report.duplicates[0].name, "a.txt:3");
    assert_eq!(report.duplicates[0].of, "a.txt:1");
    let all = Options { keep_duplicates: true, ..options(Split::Lines) };
    let (report, _) = take_bytes("a.txt", b"good\nbad\ngood\n", &all);
    assert_eq!(report.items.len(), 3);
}

#[test]
fn nothing_at_all_is_told() {
    for bytes in [b"".as_slice(), b"  \n\n", b"\n"] {
        for split in [Split::File, Split::Lines] {
            let (report, _) = take_bytes("a.txt", bytes, &options(split));
            assert!(codes(&report).contains(&"empty"), "{bytes:?}: {:?}", report.findings);
        }
    }
}
