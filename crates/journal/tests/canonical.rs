//! Canonical JSON: RFC 8785's examples, every refusal with its place, and serde_json as the second
//! implementation of the reader.

use std::collections::BTreeMap;

use journal::canonical::{CheckError, WriteError, check, read, to_vec};
use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};

fn text<T: Serialize>(value: &T) -> Result<String, WriteError> {
    to_vec(value).map(|bytes| String::from_utf8(bytes).unwrap())
}

#[derive(Serialize)]
enum Shape {
    Unit,
    One(u8),
    Pair(i64, Option<()>),
    Named { b: char, a: &'static [u8] },
}

#[test]
fn values_are_written_as_rfc_8785_has_it() {
    // RFC 8785, 3.2.3: keys sort by UTF-16 code units, so the emoji comes before U+FB33.
    let keys = json!({ "\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5,
        "\u{80}": 6, "\u{f6}": 7 });
    let sorted = "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\
        \"\u{1f600}\":5,\"\u{fb33}\":3}";
    assert_eq!(text(&keys).unwrap(), sorted);
    assert_eq!(check(sorted.as_bytes(), 1000), Ok(()));
    // RFC 8785, 3.2.2.2.
    let string = "\u{20ac}$\u{f}\nA'B\"\\\\\"/";
    assert_eq!(text(&string).unwrap(), "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"");
    for (value, want) in [
        (text(&Shape::Unit), "\"Unit\""),
        (text(&Shape::One(7)), "{\"One\":7}"),
        (text(&Shape::Pair(-9, None)), "{\"Pair\":[-9,null]}"),
        (text(&Shape::Named { b: '\u{8}', a: &[1, 2] }), "{\"Named\":{\"a\":[1,2],\"b\":\"\\b\"}}"),
        (text(&(true, false, "\u{7f}\u{1f}\u{c}\t")), "[true,false,\"\u{7f}\\u001f\\f\\t\"]"),
        (text(&BTreeMap::from([(2, 'b'), (10, 'a')])), "{\"10\":\"a\",\"2\":\"b\"}"),
        (
            text(&[9_007_199_254_740_991_i64, -9_007_199_254_740_991, 0]),
            "[9007199254740991,-9007199254740991,0]",
        ),
        (text(&json!({})), "{}"),
    ] {
        assert_eq!(value.as_deref(), Ok(want));
    }
}

#[test]
fn values_without_a_canonical_text_are_refused() {
    let twice = WriteError::DuplicateKey { key: "a".to_string() };
    #[derive(Serialize)]
    struct Twice {
        a: u8,
        #[serde(rename = "a")]
        b: u8,
    }
    assert_eq!(text(&json!({ "price": 1.5 })), Err(WriteError::Float));
    assert_eq!(text(&9_007_199_254_740_992_u64), Err(WriteError::IntegerRange));
    assert_eq!(text(&i128::MIN), Err(WriteError::IntegerRange));
    assert_eq!(text(&BTreeMap::from([((1, 2), 3)])), Err(WriteError::Key));
    assert_eq!(text(&Twice { a: 1, b: 2 }), Err(twice));
    let nested = |levels| (1..levels).fold(json!([]), |inner, _| json!([inner]));
    assert!(text(&nested(64)).is_ok());
    assert_eq!(text(&nested(65)), Err(WriteError::TooDeep));
}

#[test]
fn each_deviation_is_refused_with_its_place() {
    for (text, want) in [
        ("", CheckError::Ends { at: 0 }),
        ("[1,", CheckError::Ends { at: 3 }),
        ("{\"a\"", CheckError::Ends { at: 4 }),
        ("\"abc", CheckError::Ends { at: 4 }),
        ("\"\\", CheckError::Ends { at: 2 }),
        ("nul", CheckError::Ends { at: 3 }),
        ("nulL", CheckError::Unexpected { at: 3 }),
        ("[1, 2]", CheckError::Unexpected { at: 3 }),
        ("1 ", CheckError::Unexpected { at: 1 }),
        ("[1,]", CheckError::Unexpected { at: 3 }),
        ("{\"a\":1,}", CheckError::Unexpected { at: 7 }),
        ("{1:2}", CheckError::Unexpected { at: 1 }),
        ("[1}", CheckError::Unexpected { at: 2 }),
        ("\u{feff}1", CheckError::Unexpected { at: 0 }),
        ("NaN", CheckError::Unexpected { at: 0 }),
        ("[1.0]", CheckError::NumberForm { at: 1 }),
        ("1e3", CheckError::NumberForm { at: 0 }),
        ("-0", CheckError::NumberForm { at: 0 }),
        ("01", CheckError::NumberForm { at: 0 }),
        ("-", CheckError::NumberForm { at: 0 }),
        ("9007199254740992", CheckError::NumberRange { at: 0 }),
        ("[-99999999999999999999]", CheckError::NumberRange { at: 1 }),
        ("\"\\u0041\"", CheckError::Escape { at: 1 }),
        ("\"\\u001F\"", CheckError::Escape { at: 1 }),
        ("\"\\u000a\"", CheckError::Escape { at: 1 }),
        ("\"\\u00\"", CheckError::Escape { at: 1 }),
        ("\"\\/\"", CheckError::Escape { at: 1 }),
        ("\"a\tb\"", CheckError::Escape { at: 2 }),
        ("{\"b\":1,\"a\":2}", CheckError::KeyOrder { at: 7 }),
        ("{\"\u{fb33}\":1,\"\u{1f600}\":2}", CheckError::KeyOrder { at: 9 }),
        ("{\"a\":1,\"a\":2}", CheckError::DuplicateKey { at: 7 }),
        ("{\"\\n\":1,\"\\n\":2}", CheckError::DuplicateKey { at: 8 }),
    ] {
        assert_eq!(check(text.as_bytes(), 1000), Err(want), "{text}");
    }
    assert_eq!(check(b"\"\xff\"", 10), Err(CheckError::Utf8 { at: 1 }));
    assert_eq!(check(b"[1,2]", 4), Err(CheckError::TooLong { have: 5, limit: 4 }));
    assert_eq!(check(b"{\"\\n\":1,\"\\r\":2,\"\\u000e\":3}", 99), Ok(()));
    assert!(read::<u8>(b"[1]", 10).is_err());
    assert_eq!(read::<Vec<u8>>(b"[1]", 10).unwrap(), [1]);
}

#[test]
fn ten_million_levels_are_an_error_and_not_a_stack_overflow() {
    for (open, at) in [("[", 64), ("{\"a\":", 320)] {
        let deep = open.repeat(10_000_000);
        assert_eq!(check(deep.as_bytes(), deep.len()), Err(CheckError::TooDeep { at }));
        assert!(read::<Value>(deep.as_bytes(), deep.len()).is_err());
    }
}

/// Any value that has a canonical text.
pub(crate) fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[\\x00-\\x30\"\\\\\u{e000}-\u{10ffff}]{0,6}".prop_map(Value::from),
    ];
    let key = prop_oneof!["[a-c\n\u{1}]{0,2}", "[\u{d7ff}-\u{10ffff}]{0,2}", any::<String>()];
    leaf.prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(key.clone(), inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// By another road: serde_json reads it, and writing it again gives the same bytes.
fn is_canonical(bytes: &[u8]) -> bool {
    let value: Result<Value, _> = serde_json::from_slice(bytes);
    value.is_ok_and(|value| to_vec(&value).is_ok_and(|again| again == bytes))
}

proptest! {
    #[test]
    fn what_is_written_is_accepted_and_reads_back(value in values()) {
        let bytes = to_vec(&value).unwrap();
        prop_assert_eq!(check(&bytes, bytes.len()), Ok(()));
        prop_assert_eq!(read::<Value>(&bytes, bytes.len()).unwrap(), value);
    }

    #[test]
    fn a_text_is_accepted_exactly_when_it_is_written_again_alike(
        value in values(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        cut in any::<bool>(),
    ) {
        let mut bytes = to_vec(&value).unwrap();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if cut {
            bytes.remove(at);
        }
        prop_assert_eq!(check(&bytes, bytes.len()).is_ok(), is_canonical(&bytes));
    }

    #[test]
    fn short_texts_of_json_characters_are_judged_alike(text in "[\\[\\]{}\",:\\\\u0-2ae.-]{0,12}") {
        prop_assert_eq!(check(text.as_bytes(), 100).is_ok(), is_canonical(text.as_bytes()));
    }
}
