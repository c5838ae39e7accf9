//! Damaged parts in whole packages: every reader and every editor gives a fault or a result.

use docx::build::{Block, Draft, Field, Fonts, Look, Numbers, Span, Store, Style, Table};
use docx::{Compare, Document, Package, Select, Suggestion, View, hidden, redline, suggest};
use proptest::prelude::*;

use crate::world::archive;

/// A file with something of everything.
fn whole() -> Package {
    let fee = Field {
        tag: "fee".to_owned(),
        alias: "Fee".to_owned(),
        xpath: Some("/t:terms[1]/t:fee[1]".to_owned()),
        text: "100".to_owned(),
        look: Look::default(),
    };
    let clause = |level| Style::Clause { numbers: Numbers::Chinese, level, list: 0 };
    let cell = |text: &str| vec![Block::Paragraph(Style::Body, vec![Span::text(text)])];
    let draft = Draft {
        fonts: Fonts::default(),
        blocks: vec![
            Block::Paragraph(clause(0), vec![Span::text("服务")]),
            Block::Paragraph(clause(1), vec![Span::text("Fee "), Span::Control(fee)]),
            Block::Table(Table {
                widths: vec![10, 20],
                lines: true,
                heading: false,
                rows: vec![vec![cell("a"), cell("b")], vec![cell("c"), cell("d")]],
            }),
        ],
        header: vec![Span::PageNumber],
        footer: Vec::new(),
        store: Some(Store {
            namespace: "urn:t".to_owned(),
            id: "{1}".to_owned(),
            xml: "<terms xmlns=\"urn:t\"><fee>100</fee></terms>".to_owned(),
        }),
        title: String::new(),
    };
    let change = Suggestion {
        paragraph: 1,
        range: 0..3,
        replacement: Some("Price".to_owned()),
        comment: Some("why".to_owned()),
    };
    suggest(&draft.build(), &[change], "Us", "2026-11-22T08:00:00Z").unwrap()
}

fn all_of(package: &Package, other: &Package) {
    for view in [View::Original, View::Final, View::Marked] {
        let _ = Document::read(package, view);
    }
    let _ = package.revisions();
    let _ = package.comments();
    let _ = package.controls();
    let _ = package.stores();
    let _ = package.external();
    let _ = hidden(other, package);
    let _ = package.clone().accept(&Select::all());
    let _ = package.clone().reject(&Select::all());
    let _ = package.clone().set_control(0, "x");
    let _ = package.clone().set_store("urn:t", "{1}", b"<a xmlns=\"urn:t\"/>");
    for (a, b) in [(package, other), (other, package)] {
        if let Ok((out, _)) = redline(a, b, &Compare::default()) {
            Package::read(&out.write()).unwrap();
        }
    }
    let change =
        Suggestion { paragraph: 1, range: 1..2, replacement: Some("x".to_owned()), comment: None };
    if let Ok(out) = suggest(package, &[change], "Us", "") {
        Package::read(&out.write()).unwrap();
    }
}

/// The package with one part damaged: a piece of it cut out, doubled or replaced.
fn damaged(
    package: &Package,
    part: usize,
    from: usize,
    length: usize,
    how: u8,
    with: &str,
) -> Vec<u8> {
    let names: Vec<&str> = package.parts().collect();
    let name = names[part % names.len()];
    let bytes = package.part(name).unwrap();
    let from = from % bytes.len();
    let to = (from + length).min(bytes.len());
    let (head, piece, tail) = (&bytes[..from], &bytes[from..to], &bytes[to..]);
    let new = match how % 3 {
        0 => [head, tail].concat(),
        1 => [head, piece, piece, tail].concat(),
        _ => [head, with.as_bytes(), tail].concat(),
    };
    let parts: Vec<(&str, &[u8])> = names
        .iter()
        .map(|part| (*part, if *part == name { &new } else { package.part(part).unwrap() }))
        .collect();
    archive(&parts)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_damaged_part_gives_a_fault_or_a_result(
        part in 0usize..32,
        from in 0usize..20_000,
        length in 0usize..60,
        how in 0u8..3,
        with in "(<w:(p|r|t|tbl|tr|tc|sdt|ins|del|numPr)/>|</w:(p|r|tc)>|-1|99999999999|\"|%9|x){0,4}",
    ) {
        let package = whole();
        if let Ok(read) = Package::read(&damaged(&package, part, from, length, how, &with)) {
            all_of(&read, &package);
        }
    }

    #[test]
    fn arbitrary_blocks_are_read_and_compared(
        body in "(<w:p>|</w:p>|<w:r>|</w:r>|<w:t>a</w:t>|<w:tbl>|</w:tbl>|<w:tr>|</w:tr>|<w:tc>|</w:tc>|<w:p/>|<w:tc/>|<w:ins w:id=\"1\">|</w:ins>){0,24}",
    ) {
        if let Ok(read) = Package::read(&crate::world::word(&body)) {
            all_of(&read, &whole());
        }
    }
}
