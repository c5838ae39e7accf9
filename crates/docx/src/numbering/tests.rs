//! Numbers as Word shows them.

use super::{Counters, Numbering, format};
use crate::limits::Limits;
use crate::styles::Styles;
use crate::tree::Tree;

const NS: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";

#[test]
fn counts_are_written_in_every_format_that_contracts_use() {
    let check = |format: &str, rows: &[(i64, &str)]| {
        for (count, want) in rows {
            assert_eq!(format::number(*count, format), *want, "{format} {count}");
        }
    };
    check("decimal", &[(0, "0"), (12, "12"), (-1, "-1")]);
    check("decimalZero", &[(1, "01"), (12, "12")]);
    check("lowerLetter", &[(1, "a"), (26, "z"), (27, "aa"), (53, "aaa"), (0, "0")]);
    check("upperLetter", &[(2, "B")]);
    check("lowerRoman", &[(4, "iv"), (1999, "mcmxcix"), (0, "0")]);
    check("upperRoman", &[(49, "XLIX")]);
    check("ordinal", &[(1, "1st"), (12, "12th"), (22, "22nd"), (113, "113th")]);
    check(
        "chineseCounting",
        &[(3, "三"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (105, "一〇五")],
    );
    check(
        "chineseCountingThousand",
        &[
            (10, "十"),
            (15, "十五"),
            (100, "一百"),
            (101, "一百零一"),
            (110, "一百一十"),
            (1005, "一千零五"),
            (10_010, "一万零一十"),
        ],
    );
    check("japaneseCounting", &[(10, "十"), (100, "百"), (111, "百十一")]);
    check("ideographTraditional", &[(1, "甲"), (10, "癸"), (11, "11")]);
    check("decimalEnclosedCircle", &[(1, "①"), (20, "⑳"), (21, "㉑"), (50, "㊿"), (51, "51")]);
    check("chineseLegalSimplified", &[(12, "壹拾贰")]);
    check("none", &[(1, "")]);
    check("somethingElse", &[(3, "3")]);
}

fn level(at: usize, format: &str, text: &str, more: &str) -> String {
    format!(
        "<w:lvl w:ilvl=\"{at}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/>{more}\
         <w:lvlText w:val=\"{text}\"/></w:lvl>"
    )
}

fn shown(definition: &str, steps: &[(u32, u8)]) -> Vec<String> {
    let xml = format!("<w:numbering {NS}>{definition}</w:numbering>");
    let tree = Tree::parse("n", xml.as_bytes(), &Limits::default()).unwrap();
    let numbering = Numbering::of(&tree);
    let styles = Styles::default();
    let mut counters = Counters::default();
    steps
        .iter()
        .map(|&(num, level)| counters.next(&numbering, &styles, num, level).unwrap_or_default())
        .collect()
}

#[test]
fn levels_count_restart_and_show_those_above() {
    let list = format!(
        "<w:abstractNum w:abstractNumId=\"0\">{}{}{}</w:abstractNum>",
        level(0, "chineseCounting", "第%1条", ""),
        level(1, "decimal", "%1.%2", "<w:isLgl/>"),
        level(2, "lowerLetter", "(%3)", "<w:lvlRestart w:val=\"0\"/>"),
    );
    let numbers = format!("{list}<w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>");
    let steps = [(1, 0), (1, 1), (1, 1), (1, 2), (1, 0), (1, 1), (1, 2)];
    let want = ["第一条", "1.1", "1.2", "(a)", "第二条", "2.1", "(b)"];
    assert_eq!(shown(&numbers, &steps), want);
}

#[test]
fn an_overridden_start_counts_once_and_shares_the_list() {
    let list = format!(
        "<w:abstractNum w:abstractNumId=\"0\">{}</w:abstractNum>",
        level(0, "decimal", "%1.", "")
    );
    let numbers = format!(
        "{list}<w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>\
         <w:num w:numId=\"2\"><w:abstractNumId w:val=\"0\"/></w:num>\
         <w:num w:numId=\"3\"><w:abstractNumId w:val=\"0\"/>\
         <w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"5\"/></w:lvlOverride></w:num>"
    );
    let steps = [(1, 0), (1, 0), (2, 0), (3, 0), (3, 0), (1, 0)];
    assert_eq!(shown(&numbers, &steps), ["1.", "2.", "3.", "5.", "6.", "7."]);
}

#[test]
fn a_level_that_was_never_counted_shows_its_start() {
    let list = format!(
        "<w:abstractNum w:abstractNumId=\"0\">{}{}</w:abstractNum>",
        level(0, "decimal", "%1", ""),
        level(1, "decimal", "%1.%2", ""),
    );
    let numbers = format!("{list}<w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>");
    assert_eq!(shown(&numbers, &[(1, 1), (1, 1), (1, 0), (1, 1)]), ["1.1", "1.2", "1", "1.1"]);
}

#[test]
fn a_bullet_of_a_symbol_font_is_seen_as_a_bullet() {
    let list = format!(
        "<w:abstractNum w:abstractNumId=\"0\">{}</w:abstractNum>",
        level(0, "bullet", "\u{F0B7}", "")
    );
    let numbers = format!("{list}<w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>");
    assert_eq!(shown(&numbers, &[(1, 0)]), ["•"]);
}
