//! What the readers of the two formats take and refuse, and where they say so.

use contract::form::{Problem, ProblemKind, Value};

use super::{KINDS, check_agreement, codes, sample};
use crate::agreement_file::{Limits, parse};

fn only_problem(bytes: &[u8]) -> (usize, usize, Problem) {
    let mut checked = check_agreement(bytes, &Limits::default());
    assert!(checked.agreement.is_none(), "{:?}", checked.problems);
    assert_eq!(checked.problems.len(), 1, "{:?}", checked.problems);
    let found = checked.problems.remove(0);
    (found.line, found.column, found.problem)
}

#[test]
fn columns_count_characters_and_lines_count_from_one() {
    let text = sample("lease").replace("zh = \"AI 模型训练资源租赁协议\"", "zh = \"模型\", en = 1");
    let text = text.replace("[title]\n", "title = { ").replacen(
        "en = 1\nen = \"Lease of AI Training Resources\"",
        "en = 1 }",
        1,
    );
    let line = text.lines().position(|line| line.starts_with("title =")).expect("the title") + 1;
    let (found_line, column, problem) = only_problem(text.as_bytes());
    assert_eq!((found_line, column), (line, "title = { zh = \"模型\", en = ".chars().count() + 1));
    assert_eq!(problem.path, "title.en");
    assert_eq!(&text[problem.place.start..problem.place.end], "1");
}

#[test]
fn bytes_that_are_no_text_are_told_by_their_place() {
    let (line, column, problem) = only_problem("a = \"符\"\nb = \"契\u{0}\"".as_bytes());
    assert_eq!((line, column, problem.kind.code()), (2, 7, "syntax"));
    let (line, column, problem) = only_problem(b"a = \"\xe7\xac\xa6\"\nb = \"\xe5\xa5\"");
    assert_eq!((line, column, problem.kind.code()), (2, 6, "not_utf8"));
    let (_, _, problem) = only_problem(b"\xff\xfe{\x00");
    assert_eq!(problem.kind.code(), "not_utf8");
}

#[test]
fn a_file_above_the_limit_is_not_read() {
    let limits = Limits { bytes: 10, ..Limits::default() };
    let checked = check_agreement(b"a = 1\nb = 2\nc = 3\n", &limits);
    assert_eq!(codes(&checked), "2:5 error too_large - -\n");
    assert_eq!(checked.problems[0].problem.kind, ProblemKind::TooLarge { limit: 10 });
}

#[test]
fn depth_bombs_are_refused() {
    let (deep, toml) = (10_000_000, 100_000);
    let limits = Limits { bytes: 64 << 20, ..Limits::default() };
    for (nested, expected) in [
        ("{\"a\":".repeat(deep), "too_deep"),
        (format!("{{\"a\":{}", "[".repeat(deep)), "too_deep"),
        ("[".repeat(toml), "syntax"),
        (format!("a = {}", "[".repeat(toml)), "syntax"),
        (format!("a = {}", "{b=".repeat(toml)), "syntax"),
        (format!("{}a = 1", "a.".repeat(toml)), "syntax"),
        (format!("[{}a]", "a.".repeat(toml)), "syntax"),
    ] {
        let checked = check_agreement(nested.as_bytes(), &limits);
        assert!(checked.agreement.is_none());
        assert_eq!(checked.problems[0].problem.kind.code(), expected, "{}", &nested[..12]);
    }
    let limits = Limits { depth: 3, ..Limits::default() };
    for (text, fits) in [
        ("a = [[1]]", true),
        ("a = [[[1]]]", false),
        ("[a.b]\nc = 1", true),
        ("[a.b.c]\nd = 1", false),
        ("{\"a\": [[1]]}", true),
        ("{\"a\": [[[1]]]}", false),
    ] {
        let parsed = parse(text.as_bytes(), &limits);
        let kind = parsed.err().map(|problems| problems[0].kind.clone());
        let expected = (!fits).then_some(ProblemKind::TooDeep { limit: 3 });
        assert_eq!(kind, expected, "{text}");
    }
}

#[test]
fn a_file_of_keys_alone_is_read_in_its_length() {
    let mut text = String::new();
    let mut key = 0;
    while text.len() < 1 << 20 {
        text.push_str(&format!("k{key} = 1\n"));
        key += 1;
    }
    let checked = check_agreement(text.as_bytes(), &Limits::default());
    assert_eq!(checked.problems.len(), Limits::default().problems);
}

#[test]
fn json_errors_are_told_where_they_are() {
    let rows = [
        ("{", 1, 2),
        ("{}\n x", 2, 2),
        ("{\"a\" 1}", 1, 6),
        ("{\"a\": 1,}", 1, 9),
        ("{\"a\": [1 2]}", 1, 10),
        ("{\"a\": 01}", 1, 9),
        ("{\"a\": 1.}", 1, 9),
        ("{\"a\": -}", 1, 8),
        ("{\"a\": 1e}", 1, 9),
        ("{\"a\": nul}", 1, 7),
        ("{\"符\": \"契}", 1, 10),
        ("{\"a\": \"\\x\"}", 1, 9),
        ("{\"a\": \"\\u12\"}", 1, 10),
        ("{\"a\": \"\\ud800\"}", 1, 14),
        ("{\"a\": \"\\udc00\"}", 1, 14),
        ("{\"a\": \"\t\"}", 1, 8),
        ("{a: 1}", 1, 2),
    ];
    for (text, line, column) in rows {
        let (found_line, found_column, problem) = only_problem(text.as_bytes());
        assert_eq!(problem.kind.code(), "syntax", "{text}");
        assert_eq!((found_line, found_column), (line, column), "{text}: {:?}", problem.kind);
    }
}

#[test]
fn json_values_keep_their_places_and_escapes() {
    let text = "\u{feff}{\"a\": \"\\u7b26\\ud83d\\ude00\\n\", \"b\": [1, -2.50, true, null]}";
    let root = parse(text.as_bytes(), &Limits::default()).expect("well formed");
    assert_eq!(root.text("a"), Some("符😀\n"));
    let Some(Value::List(items)) = root.get("b").map(|node| &node.value) else {
        panic!("b is a list");
    };
    let expected =
        [Value::Integer(1), Value::Float("-2.50".into()), Value::Bool(true), Value::Null];
    assert_eq!(items.iter().map(|item| item.value.clone()).collect::<Vec<_>>(), expected);
    assert_eq!(&text[items[1].place.start..items[1].place.end], "-2.50");
}

#[test]
fn toml_dates_are_text_and_inexact_numbers_are_refused_as_written() {
    let text = "day = 2026-03-01\nfloat = 1_0.50\nhex = 0xff\nbig = 99999999999999999999\n";
    let root = parse(text.as_bytes(), &Limits::default()).expect("well formed");
    let value = |name| root.get(name).map(|node| node.value.clone());
    assert_eq!(value("day"), Some(Value::Text("2026-03-01".into())));
    assert_eq!(value("float"), Some(Value::Float("1_0.50".into())));
    assert_eq!(value("hex"), Some(Value::Integer(255)));
    assert_eq!(value("big"), Some(Value::Float("99999999999999999999".into())));
}

#[test]
fn every_problem_of_a_file_is_told_at_once() {
    let text = sample("annotation")
        .replace("quantity = 100_000", "quantity = \"many\"")
        .replace("threshold = \"85%\"", "threshold = \"999%\"")
        .replace("forum = \"court\"", "forum = \"either\"")
        .replace("negotiation = \"30d\"\n", "")
        .replace("insolvency = true", "insolvncy = true")
        .replace("price = \"0.12\"", "price = 0.12");
    let checked = check_agreement(text.as_bytes(), &Limits::default());
    let told: Vec<String> = checked
        .problems
        .iter()
        .map(|found| format!("{} {}", found.problem.kind.code(), found.problem.path))
        .collect();
    assert_eq!(
        told,
        [
            "wrong_type service.items[0].quantity",
            "floating_point service.items[1].price.tiers[1].price",
            "out_of_range service.items[2].standards[0].threshold",
            "missing termination.insolvency",
            "unknown_field termination.insolvncy",
            "missing disputes.negotiation",
            "not_allowed disputes.forum",
        ]
    );
}

#[test]
fn a_repeated_key_of_a_json_table_is_refused() {
    let (_, canonical) = check_agreement(sample("lease").as_bytes(), &Limits::default())
        .agreement
        .expect("the sample reads");
    let twice = canonical.replacen("\"starts\":", "\"starts\":\"2020-01-01\",\"starts\":", 1);
    let checked = check_agreement(twice.as_bytes(), &Limits::default());
    assert!(!checked.can_be_signed());
    assert!(codes(&checked).contains("duplicate_field term.starts"), "{}", codes(&checked));
}

#[test]
fn every_beginning_of_a_file_is_refused() {
    for kind in KINDS {
        let text = sample(kind);
        // The last line alone may be left out without harm: every other cut loses a term.
        let last = text.trim_end().rfind('\n').expect("many lines");
        for end in (0..last).step_by(17) {
            let checked = check_agreement(&text.as_bytes()[..end], &Limits::default());
            let optional_rest = checked.can_be_signed() && !text[end..].contains("\n[disputes]");
            assert!(!checked.can_be_signed() || optional_rest, "{kind} cut at {end}");
        }
    }
}
