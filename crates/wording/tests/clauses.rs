//! Lines to clauses: numbers, parents, anchors, furniture.

use wording::{Line, Part, Wording, segment};

pub(crate) fn lines(text: &str) -> Vec<Line> {
    text.lines()
        .enumerate()
        .map(|(at, row)| Line {
            text: row.trim().to_owned(),
            number: None,
            level: None,
            heading: None,
            part: Part::Body,
            cell: None,
            page: None,
            source: u32::try_from(at + 1).expect("few lines"),
        })
        .collect()
}

fn read(text: &str) -> Wording {
    segment(lines(text))
}

fn anchors(wording: &Wording) -> Vec<&str> {
    wording.blocks.iter().map(|block| block.anchor.as_str()).collect()
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(anchors(&read(text)), expected, "{text}");
}

#[test]
fn articles_hold_the_clauses_whose_numbers_begin_with_theirs() {
    check(
        "第一条定义\n1.1本协议指\n第二条 义务\n2.1 甲方应付款。\n2.2 乙方应交付。\n2.2.1 按期。",
        &["1", "1/1.1", "2", "2/2.1", "2/2.2", "2/2.2/2.2.1"],
    );
}

#[test]
fn a_clause_number_need_not_agree_with_its_article() {
    check(
        "第二条双方义务\n甲方的义务:\n1.1甲方付款。\n1.2甲方验收。\n乙方的义务:\n2.1乙方交付。\n第三条数据\n3.1提供。",
        &["2", "2/p1", "2/1.1", "2/1.2", "2/p2", "2/2.1", "3", "3/3.1"],
    );
}

#[test]
fn items_restart_in_each_chapter() {
    check(
        "一、双方\n1.甲方。\n2.乙方。\n二、服务\n1.内容包括:\n-甲;\n-乙。\n（1）细项\n①再细\n2.其他。",
        &[
            "一",
            "一/1",
            "一/2",
            "二",
            "二/1",
            "二/1/p1",
            "二/1/p2",
            "二/1/(1)",
            "二/1/(1)/①",
            "二/2",
        ],
    );
}

#[test]
fn english_numbers_of_every_form_are_read() {
    check(
        "ARTICLE I DEFINITIONS\nSection 1.1 Terms. A term.\n(a) one\n(i) sub\n(ii) sub\n(b) two\nARTICLE II FEES\n",
        &["I", "I/1.1", "I/1.1/(a)", "I/1.1/(a)/(i)", "I/1.1/(a)/(ii)", "I/1.1/(b)", "II"],
    );
    check(
        "A. Services\nA.1. Overview. It is.\nI. Termination\nI.2. Suspension.\nI.2.a. Each party may.",
        &["A", "A/A.1", "I", "I/I.2", "I/I.2/I.2.a"],
    );
    check(
        "1. Fees\n1.1. Rates. They are.\n2. Term\n2.1 Start. It starts.",
        &["1", "1/1.1", "2", "2/2.1"],
    );
}

#[test]
fn the_ninth_letter_is_not_the_first_roman_numeral() {
    check(
        "1. Terms\n(g) x is\n(h) y is\n(i) z is\n(j) w is",
        &["1", "1/(g)", "1/(h)", "1/(i)", "1/(j)"],
    );
    check("1. Terms\n(h) y is:\n(i) z is\n(ii) w is", &["1", "1/(h)", "1/(h)/(i)", "1/(h)/(ii)"]);
}

#[test]
fn figures_that_begin_a_sentence_are_no_numbers() {
    check(
        "1. Fees are due.\n30 days after the invoice.\n2. Term\n1.5 million dollars are paid.\n2026年生效。",
        &["1", "1/p1", "2", "2/p1", "2/p2"],
    );
    check("第一条 费用\n第二条所述费用另计。\n第三条第二款适用。", &["1", "1/p1", "1/p2"]);
}

#[test]
fn anchors_are_unique() {
    check("1. A is.\n1. B is.\n1. C is.", &["1", "1~2", "1~3"]);
}

#[test]
fn the_canonical_text_has_the_number_first_and_one_space() {
    let wording = read("第一条定义\n1.1甲方");
    assert_eq!(wording.text, "第一条 定义\n1.1 甲方");
    assert_eq!(wording.body(1), "甲方");
    assert_eq!(wording.blocks[1].number.as_deref(), Some("1.1"));
}

#[test]
fn a_table_of_contents_takes_no_anchors() {
    let wording = read(
        "Service Agreement\nTABLE OF CONTENTS\nARTICLE I DEFINITIONS 1\nARTICLE II FEES ..... 4\n\
         ARTICLE III TERM 9\nARTICLE I DEFINITIONS\n1.1 Terms are these.\nARTICLE II FEES\n\
         2.1 Fees are due.\nARTICLE III TERM\n3.1 It ends.",
    );
    assert_eq!(anchors(&wording), ["p1", "I", "I/1.1", "II", "II/2.1", "III", "III/3.1"]);
    assert_eq!(wording.cut.len(), 1);
    assert_eq!(wording.cut[0].why, wording::WhyCut::Contents);
}

#[test]
fn page_numbers_and_links_before_a_clause_cut_no_clause() {
    let text = "(e) The Company will file the report.\n1\n\n\n\n(f) The Company will pay.\n2\n\n\n\n\
                Back to top\nDownload PDF\nThe Company keeps its books.\nARTICLE II FEES\nFees are due.\n\
                Share\nThe end of it is near.";
    let wording = read(text);
    for words in ["file the report", "will pay", "keeps its books", "Fees are due", "end of it"] {
        assert!(wording.text.contains(words), "{words}: {:?}", wording.cut);
    }
}

#[test]
fn a_short_clause_of_many_capitals_is_no_title() {
    let text = "1. Customer Data\n2. Vendor may use Customer Data to improve its Models.\n\
        3. How Vendor May Use Data\n4. What You Will See\nArticle 5 Customer Data shall stay secret.\n\
        Article 6 What Vendor may see";
    let heads: Vec<bool> = read(text).blocks.iter().map(|block| block.heading).collect();
    assert_eq!(heads, [true, false, true, true, false, true]);
    let text = "1. 客户数据\n2. 供应商可以使用客户数据训练模型\n3. 权利与义务\n4. 乙方不得转包";
    let heads: Vec<bool> = read(text).blocks.iter().map(|block| block.heading).collect();
    assert_eq!(heads, [true, false, true, false]);
}
