//! Any text at all: no panic, no lost letter, anchors that name one place each.

use std::collections::HashSet;

use proptest::prelude::*;
use wording::values::{definitions, parties, values};
use wording::{Line, Part, Wording, segment, sentences};

use crate::clauses::lines;

/// Pieces that contracts are made of, so that random texts reach the grammar.
const PIECES: [&str; 48] = [
    "第一条",
    "第二条",
    "一、",
    "1.",
    "1.1",
    "2.1",
    "5.3.1",
    "(a)",
    "(i)",
    "（1）",
    "①",
    "- ",
    "• ",
    "A.1.",
    "I.2.a.",
    "ARTICLE I",
    "Section 8.2",
    "附件一",
    "Exhibit A",
    "甲方",
    "乙方",
    "应在",
    "三十（30）日内",
    "thirty (60) days",
    "99.9%",
    "万分之五",
    "人民币10万元",
    "$1,000,000",
    "[具体天数]",
    "[a/[b]/c]",
    "____",
    "{tag}",
    "【】",
    "“Term” means ",
    "(the “X”)",
    "以下简称“乙”",
    "2026年1月28日",
    "June 17, 2025",
    "。",
    ".",
    ";",
    "：",
    "\n",
    "\n\n",
    " ",
    "\u{3000}",
    "第九十九条",
    "7x24",
];

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..60)
            .prop_map(|p| p.concat()),
        "\\PC{0,200}",
        prop::collection::vec(any::<char>(), 0..80)
            .prop_map(|letters| letters.into_iter().collect()),
    ]
}

fn holds(wording: &Wording) {
    let mut anchors = HashSet::new();
    let mut end = 0;
    for (at, block) in wording.blocks.iter().enumerate() {
        assert!(anchors.insert(block.anchor.as_str()), "anchor {} twice", block.anchor);
        assert!(block.parent.is_none_or(|parent| parent < at), "a parent stands above");
        let depth = block.parent.map_or(0, |parent| wording.blocks[parent].depth + 1);
        assert_eq!(block.depth, depth);
        assert!(block.start <= block.body && block.body <= block.end);
        assert_eq!(block.start, if at == 0 { 0 } else { end + 1 });
        end = block.end;
        assert!(!wording.block(at).contains('\n'));
        let mut last = block.body;
        for sentence in sentences(wording, at) {
            assert!(last <= sentence.start && sentence.start < sentence.end);
            last = sentence.end;
        }
        assert!(last <= block.end);
    }
    assert_eq!(end, wording.text.len());
    for value in values(wording) {
        let words = &wording.text[value.place.start..value.place.end];
        assert!(!words.is_empty());
        let block = &wording.blocks[value.block];
        assert!(block.body <= value.place.start && value.place.end <= block.end);
    }
    for definition in definitions(wording) {
        assert_eq!(&wording.text[definition.place.start..definition.place.end], definition.term);
        let _: &str = &wording.text[definition.meaning.start..definition.meaning.end];
    }
    for party in parties(wording) {
        assert!(!party.label.is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_text_becomes_a_tree_that_holds_together(text in texts()) {
        holds(&segment(lines(&text)));
    }

    #[test]
    fn any_lines_of_a_format_become_a_tree(
        rows in prop::collection::vec((texts(), prop::option::of("[0-9.()a-z第条]{0,6}"), prop::option::of(0_u8..12), prop::option::of(0_u8..9)), 0..12)
    ) {
        let lines: Vec<Line> = rows
            .into_iter()
            .enumerate()
            .map(|(at, (text, number, level, heading))| Line {
                text,
                number,
                level,
                heading,
                part: if at % 7 == 6 { Part::Margin } else { Part::Body },
                cell: None,
                page: (at % 3 == 0).then_some(1),
                source: u32::try_from(at).unwrap_or(0),
            })
            .collect();
        holds(&segment(lines));
    }

    #[test]
    fn no_letter_is_lost(text in "[a-z乙-甲]{1,20}( [a-z乙-甲]{1,20}){0,20}") {
        let wording = segment(lines(&text));
        prop_assert_eq!(wording.text, text);
    }
}

#[test]
fn deep_lists_end_at_a_limit() {
    let mut text = String::new();
    for depth in 1..400 {
        let number: Vec<String> = (0..depth.min(8)).map(|_| depth.to_string()).collect();
        text.push_str(&number.join("."));
        text.push_str(" X is.\n(a) y is\n(i) z is\n1. w is\n");
    }
    holds(&segment(lines(&text)));
}

#[test]
fn the_order_of_furniture_leaves_anchors_alone() {
    let contract =
        "标注服务合同\n甲方:[名称]\n第一条 总则\n1.1 双方应守约。\n第二条 费用\n2.1 甲方应付款。";
    let furniture = ["- 0", "- 约 4页", "举报", "收藏", "某合同.docx"];
    let expected: Vec<String> =
        segment(lines(contract)).blocks.into_iter().map(|block| block.anchor).collect();
    for turn in 0..furniture.len() {
        let mut head = furniture.to_vec();
        head.rotate_left(turn);
        let text = format!(
            "{}\n{contract}\n您可能关注的文档\n{}\n文档评论(0)",
            head.join("\n"),
            head.join("\n")
        );
        let wording = segment(lines(&text));
        let found: Vec<&str> = wording.blocks.iter().map(|block| block.anchor.as_str()).collect();
        assert_eq!(found, expected, "{text}");
        assert!(!wording.cut.is_empty());
    }
}
