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
