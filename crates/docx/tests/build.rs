//! Documents that are made here: numbers, tables and controls, and LibreOffice reads the same.

use docx::build::{Block, Draft, Field, Fonts, Look, Numbers, Span, Store, Style, Table};
use docx::{Document, Package, View};

use crate::office;

fn clause(numbers: Numbers, level: u8, list: u16, text: &str) -> Block {
    Block::Paragraph(Style::Clause { numbers, level, list }, vec![Span::text(text)])
}

fn draft() -> Draft {
    use Numbers::{Chinese, English};
    let fee = Field {
        tag: "fee".to_owned(),
        alias: "费用 / Fee".to_owned(),
        xpath: Some("/t:terms[1]/t:fee[1]".to_owned()),
        text: "99.90 <CNY> & \"more\"".to_owned(),
        look: Look { underline: true, ..Look::default() },
    };
    let cell = |text: &str| vec![Block::Paragraph(Style::Body, vec![Span::text(text)])];
    Draft {
        fonts: Fonts::default(),
        title: "T & C".to_owned(),
        header: vec![Span::text("Draft 草案")],
        footer: vec![Span::text("第 "), Span::PageNumber, Span::text(" / "), Span::PageCount],
        store: Some(Store {
            namespace: "urn:test:terms:1".to_owned(),
            id: "{6F1B2C3D-0000-4000-8000-000000000001}".to_owned(),
            xml: "<terms xmlns=\"urn:test:terms:1\"><fee>99.90 &lt;CNY&gt; &amp; \"more\"</fee></terms>"
                .to_owned(),
        }),
        blocks: vec![
            Block::Paragraph(Style::Title, vec![Span::text("Agreement 协议")]),
            clause(Chinese, 0, 0, "服务"),
            clause(Chinese, 1, 0, "甲方提供服务。"),
            clause(Chinese, 1, 0, "乙方付款。"),
            clause(Chinese, 2, 0, "按月"),
            clause(Chinese, 0, 0, "费用"),
            Block::Paragraph(
                Style::Clause { numbers: Chinese, level: 1, list: 0 },
                vec![Span::text("费用为 "), Span::Control(fee), Span::bold("。")],
            ),
            clause(English, 0, 0, "Services"),
            clause(English, 1, 0, "The Vendor provides."),
            clause(English, 2, 0, "monthly"),
            clause(English, 3, 0, "in advance"),
            clause(English, 0, 7, "Annex counts again"),
            clause(English, 1, 7, "Its own first"),
            clause(English, 0, 0, "Fees"),
            Block::Table(Table {
                widths: vec![4_500, 4_500],
                lines: true,
                heading: true,
                rows: vec![
                    vec![cell("条款"), cell("Clause")],
                    vec![vec![clause(Chinese, 0, 8, "表内")], vec![clause(English, 0, 8, "In it")]],
                ],
            }),
            Block::PageBreak,
            Block::Paragraph(Style::Bullet, vec![Span::text("item\twith tab")]),
        ],
    }
}

const TEXT: &str = "Agreement 协议
第一条 服务
1.1 甲方提供服务。
1.2 乙方付款。
(a) 按月
第二条 费用
2.1 费用为 99.90 <CNY> & \"more\"。
Article 1 Services
1.1 The Vendor provides.
(a) monthly
(i) in advance
Article 1 Annex counts again
1.1 Its own first
Article 2 Fees
条款
Clause
第一条 表内
Article 1 In it
• item with tab
";

#[test]
fn a_draft_has_its_numbers_and_reads_as_written() {
    let bytes = draft().build().write();
    assert_eq!(bytes, draft().build().write(), "the same description gives the same bytes");
    let document = Document::read(&Package::read(&bytes).unwrap(), View::Final).unwrap();
    assert_eq!(document.text(), TEXT);
    assert_eq!(document.paragraphs[1].heading, Some(1));
}

#[test]
fn libre_office_reads_the_same_text_in_a_draft() {
    let Some(texts) = office::texts(&[draft().build().write()]) else { return };
    // LibreOffice 7.4 does not know `w:isLgl`: below `第一条` it counts 一.1 where Word counts 1.1.
    let theirs = TEXT
        .replace("1.1 甲方", "一.1 甲方")
        .replace("1.2 乙方", "一.2 乙方")
        .replace("2.1 费用", "二.1 费用");
    assert_eq!(office::plain(&texts[0]), theirs.trim_end());
}
