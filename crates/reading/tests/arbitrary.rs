//! Any bytes at all: an answer or a fault, never a panic.

use proptest::prelude::*;
use reading::read;

const STARTS: [&[u8]; 9] = [
    b"",
    b"%PDF-1.7\n",
    b"PK\x03\x04",
    b"<html><body>",
    b"# A\n",
    b"\xff\xfe",
    b"\xd0\xcf\x11\xe0",
    b"{\\rtf1",
    b"<!DOCTYPE html>",
];
const TAGS: [&str; 24] = [
    "<ol>",
    "</ol>",
    "<ul>",
    "<li>",
    "</li>",
    "<p>",
    "</p>",
    "<table>",
    "<tr>",
    "<td>",
    "</td>",
    "</table>",
    "<script>",
    "</script>",
    "<h1>",
    "</h1>",
    "<div hidden>",
    "</div>",
    "1. a",
    "第一条 乙",
    "&amp;",
    "<nav>",
    "</nav>",
    "<!--",
];

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_bytes_give_an_answer(
        start in prop::sample::select(STARTS.to_vec()),
        rest in prop::collection::vec(any::<u8>(), 0..400),
        name in prop::sample::select(vec!["a.txt", "a.md", "a.pdf", "a.docx", "a"]),
    ) {
        let mut bytes = start.to_vec();
        bytes.extend(rest);
        if let Ok(reading) = read(&bytes, name) {
            prop_assert!(!reading.wording.blocks.is_empty());
        }
    }

    #[test]
    fn any_tags_give_an_answer(
        tags in prop::collection::vec(prop::sample::select(TAGS.to_vec()), 0..80),
    ) {
        let text = format!("<html>{}", tags.concat());
        if let Ok(reading) = read(text.as_bytes(), "a.html") {
            prop_assert!(!reading.wording.text.contains("<td>"));
        }
    }

    #[test]
    fn any_markdown_gives_an_answer(text in "[#*_\\[\\]()>|`~0-9.a-c\\\\ \n<-]{0,200}") {
        if let Ok(reading) = read(text.as_bytes(), "a.md") {
            prop_assert!(!reading.wording.blocks.is_empty());
        }
    }
}
