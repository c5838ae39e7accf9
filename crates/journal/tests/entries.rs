//! The line of an entry: its exact bytes, and that nothing else is read as one.

use journal::{Commitment, Entry, EntryError, EntryRef, Hash, MAX_LINE_BYTES};
use proptest::prelude::*;
use serde_json::{Value, json};
use units::Timestamp;

use crate::canonical::values;
use crate::world::{START, entry, id};

const LINE: &str = "{\"actor\":\"vendor\",\"at\":\"2026-03-01T00:03:00Z\",\
    \"kind\":\"delivery.received\",\"payload\":{\"at\":null,\"images\":9,\"note\":\"已验收\",\
    \"ok\":false},\"seq\":3,\"v\":1}";

#[test]
fn an_entry_has_one_line() {
    let entry = entry(3);
    assert_eq!(String::from_utf8(entry.line()).unwrap(), LINE);
    assert_eq!(entry.hash(), Hash::leaf(LINE.as_bytes()));
    assert_eq!(Entry::decode(LINE.as_bytes()).unwrap(), entry);
    assert_eq!(entry.read::<Value>().unwrap()["images"], 9);
    assert!(entry.read::<Vec<u8>>().is_err());
    let scanned = EntryRef::scan(LINE.as_bytes()).unwrap();
    assert_eq!((scanned.seq, scanned.actor, scanned.kind), (3, "vendor", "delivery.received"));
}

#[test]
fn a_line_that_differs_is_refused_for_what_it_is() {
    let with = |from: &str, to: &str| {
        assert!(LINE.contains(from), "{from}");
        Entry::decode(LINE.replace(from, to).as_bytes()).unwrap_err()
    };
    let shape = |error| match error {
        EntryError::Shape { at } => at,
        other => panic!("{other:?}"),
    };
    assert!(matches!(with("\"v\":1", "\"v\":2"), EntryError::Version { version: 2 }));
    assert!(matches!(with("9,", "9 ,"), EntryError::Canonical(_)));
    assert!(matches!(with("\"ok\":false", "\"note\":1"), EntryError::Canonical(_)));
    assert_eq!(shape(with("\"v\":1", "\"v\":1,\"w\":1")), LINE.len() - 1);
    assert_eq!(shape(with("\"seq\":3", "\"seq\":\"3\"")), LINE.find("\"seq\"").unwrap() + 6);
    shape(with("\"seq\":3", "\"seq\":-3"));
    shape(with("vendor", "ven dor"));
    shape(with("vendor", ""));
    for time in [
        "2026-03-01T00:03:00.0Z",
        "2026-03-01T00:03:00.10Z",
        "2026-03-01T00:03:00.1234567Z",
        "2026-03-01T00:03:00.Z",
        "2026-03-01T00:03:00+00:00",
        "2026-03-01T00:03:60Z",
        "2026-03-01T24:00:00Z",
        "2026-02-29T00:03:00Z",
        "2026-00-01T00:03:00Z",
        "2026-03-00T00:03:00Z",
        "2026-13-01T00:03:00Z",
        "2026-03-01 00:03:00Z",
        "2026-03-01T00:0३:00Z",
        "2026-03-01",
    ] {
        shape(with("2026-03-01T00:03:00Z", time));
    }
    for text in ["{}", "null", "{\"v\":1}", "[]"] {
        shape(Entry::decode(text.as_bytes()).unwrap_err());
    }
}

#[test]
fn what_cannot_be_read_back_cannot_be_made() {
    let at = Timestamp::from_seconds(START);
    let make = |seq, at, payload: &Value| Entry::new(seq, at, id("a"), id("k"), payload);
    assert!(matches!(make(0, at, &json!(0.5)), Err(EntryError::Payload(_))));
    assert!(matches!(make(1 << 53, at, &json!(0)), Err(EntryError::Seq { .. })));
    let late = Timestamp::from_micros(i64::MAX);
    assert!(matches!(make(0, late, &json!(0)), Err(EntryError::Time)));
    let long = json!("x".repeat(MAX_LINE_BYTES));
    assert!(matches!(make(0, at, &long), Err(EntryError::TooLong { .. })));
    // The payload stands within the line, so it may nest one level less.
    let nested = |levels| (1..levels).fold(json!([]), |inner, _| json!([inner]));
    let deepest = make(0, at, &nested(63)).unwrap();
    assert_eq!(Entry::decode(&deepest.line()).unwrap(), deepest);
    assert!(matches!(make(0, at, &nested(64)), Err(EntryError::Payload(_))));
}

#[test]
fn a_commitment_opens_with_its_salt_and_content_only() {
    let commitment = Commitment::new(&[7; 32], b"li.lei@customer.example");
    assert!(commitment.opens(&[7; 32], b"li.lei@customer.example"));
    assert!(!commitment.opens(&[8; 32], b"li.lei@customer.example"));
    assert!(!commitment.opens(&[7; 32], b"han.meimei@customer.example"));
    let by_hand = [b"tallystick commitment v1\n", &[7; 32][..], b"li.lei@customer.example"];
    assert_eq!(*commitment.hash(), Hash::of(&by_hand.concat()));
    let text = serde_json::to_string(&commitment).unwrap();
    assert_eq!(serde_json::from_str::<Commitment>(&text).unwrap(), commitment);
}

proptest! {
    #[test]
    fn every_entry_reads_back_and_its_time_is_written_as_units_writes_it(
        seq in 0_u64..1 << 53,
        micros in -62_167_219_200_000_000_i64..253_402_207_200_000_000,
        whole in any::<bool>(),
        payload in values(),
    ) {
        let micros = if whole { micros / 1_000_000 * 1_000_000 } else { micros };
        let at = Timestamp::from_micros(micros);
        let entry = Entry::new(seq, at, id("customer/li.lei"), id("objected"), &payload).unwrap();
        let line = entry.line();
        prop_assert_eq!(&Entry::decode(&line).unwrap(), &entry);
        prop_assert_eq!(entry.read::<Value>().unwrap(), payload);
        let time = format!("\"at\":\"{at}\"");
        prop_assert!(String::from_utf8(line.clone()).unwrap().contains(&time));
        let by_serde: Value = serde_json::from_slice(&line).unwrap();
        prop_assert_eq!(journal::canonical::to_vec(&by_serde).unwrap(), line);
    }
}
