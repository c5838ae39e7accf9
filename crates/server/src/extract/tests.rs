//! Languages, depths, bodies.

use super::*;

#[test]
fn the_language_with_the_greatest_weight_is_taken() {
    let check = |header: &str, want: Lang| {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, header.parse().unwrap());
        assert_eq!(language(&headers), want, "{header}");
    };
    check("zh-CN,zh;q=0.9,en;q=0.8", Lang::Zh);
    check("en-GB,en;q=0.9,zh;q=0.8", Lang::En);
    check("fr, zh;q=0.2, en;q=0.5", Lang::En);
    check("fr", Lang::En);
    check("zh;q=0", Lang::En);
    check("*", Lang::En);
    check("zh;q=banana", Lang::Zh);
}

#[test]
fn a_body_deeper_than_allowed_is_turned_away_before_it_is_read() {
    let deep = "[".repeat(DEPTH + 1);
    let problem = read_json::<serde_json::Value>(deep.as_bytes()).unwrap_err();
    assert_eq!(problem.code(), Code::BadBody);
    assert!(read_json::<String>(br#""[[[[[\"[[[[""#).is_ok());
}

#[test]
fn a_whole_number_may_be_written_with_places_that_are_zeros() {
    let check = |text: &str, want: Option<u32>| {
        assert_eq!(read_json::<u32>(text.as_bytes()).ok(), want, "{text}");
    };
    check("3", Some(3));
    check("3.0", Some(3));
    check("3.000", Some(3));
    check("3.5", None);
    check("3.05", None);
    check("3.", None);
    check("3.0e1", None);
    let text = br#"{"n": 7.0, "t": "7.0 \\\" 8.0"}"#;
    let found: serde_json::Value = serde_json::from_slice(&plain_integers(text)).unwrap();
    assert_eq!(found, serde_json::json!({ "n": 7, "t": "7.0 \\\" 8.0" }));
}

#[test]
fn a_value_of_the_right_form_that_is_none_is_told_from_a_wrong_form() {
    let check = |text: &str, want: Code| {
        let read = read_json::<units::Money>(text.as_bytes());
        assert_eq!(read.unwrap_err().code(), want, "{text}");
    };
    check(r#"{"amount": "1.50", "currency": "JPY"}"#, Code::InvalidField);
    check(r#"{"amount": 1, "currency": "JPY"}"#, Code::BadBody);
    check(r#"{"amount": "1"}"#, Code::BadBody);
    check(r#"{"amount": "1", "currency": "ZZZ"}"#, Code::BadBody);
    check(r#"{"amount": "1""#, Code::BadBody);
}
