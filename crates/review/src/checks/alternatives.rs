//! Alternatives that nobody chose: lists of options, words with a slash between, empty boxes.
//! Serves ownership (train-6.1) above all, where an open choice means that nothing is allocated.

use super::Check;
use super::rule::{NONE, Rule, words};
use super::source::{Place, Source, pattern};
use crate::finding::{Confidence, Finding, Risk, Status, Value};

const ID: &str = "doc-alternative";

pub(super) const CHECKS: &[Check] = &[Check {
    id: ID,
    risk: Risk::High,
    zh: "并列的选项没有选定:归属的几种写法、斜线两边的词、未勾选的方框",
    en: "alternatives left open: several ways of ownership, words on both sides of a slash, boxes",
    run,
}];

const OWNERSHIP: Rule = Rule {
    check: ID,
    name: "ownership-options",
    status: Status::Unclear,
    risk: Risk::High,
    sure: Confidence::D,
    reason: words(
        "归属列了 {options} 种互斥的写法而没有选定,等于没有约定归谁所有。",
        "{options} exclusive ways of ownership are listed and none is chosen: ownership is not \
         agreed at all.",
    ),
    advice: words("选定一种,删去其余。", "Choose one and strike out the others."),
    suggestion: NONE,
};
const EXAMPLES: Rule = Rule {
    name: "examples-as-terms",
    risk: Risk::Medium,
    sure: Confidence::H,
    reason: words(
        "以“例如”列出 {options} 项,只是示例,没有成为约定。",
        "{options} items are listed as examples only; none of them is agreed.",
    ),
    advice: words(
        "写明采用哪几项,删去“例如”。",
        "Say which of them apply and strike out “for example”.",
    ),
    ..OWNERSHIP
};
const CHOICE: Rule = Rule {
    name: "open-choice",
    risk: Risk::Medium,
    reason: words(
        "要求从 {options} 个选项中选择,但没有选定。",
        "One of {options} options was to be chosen, and none is.",
    ),
    ..OWNERSHIP
};
const SLASH: Rule = Rule {
    name: "slash",
    risk: Risk::Medium,
    reason: words(
        "斜线两边是不同的约定“{words}”,没有选定其一。",
        "The slash stands between different terms, “{words}”, and none is chosen.",
    ),
    advice: words("选定其一,删去斜线。", "Choose one of them and strike out the slash."),
    ..OWNERSHIP
};
const BOXES: Rule = Rule {
    name: "boxes",
    risk: Risk::Medium,
    reason: words("{options} 个方框都没有勾选。", "None of the {options} boxes is ticked."),
    advice: words("勾选适用的一项。", "Tick the one that applies."),
    ..OWNERSHIP
};

pattern! {
    EXAMPLE_LEAD = r"(?:例如|比如|譬如|for example|e\.g\.|such as)\s*[,，]?\s*[:：]\s*$";
    AGREES = "约定", "方式", "节点", "标准", "比例", "范围", r"\bmay (?:be )?agree", r"\bto be agreed";
    CHOICE_LEAD =
        "(?:以下|下列)[^。;；]{0,10}(?:方式|方案|选项)[^。;；]{0,6}(?:之一|任一|任选|择一)",
        r"按(?:以下|下列)第\s*[_\[【（(]",
        "择一",
        "任选其?一",
        "(?:select|choose|check|tick) (?:only )?one",
        "one of the following (?:options|alternatives)";
    OWNER =
        "归(?:属于?)?(?:<party>|双方)(?:共同)?所有",
        "(?:双方)?共同(?:所有|拥有|享有)",
        "owned (?:jointly )?by",
        "(?:joint|sole) owner";
    OPPOSITES =
        r"诉讼\s*/\s*仲裁",
        r"仲裁\s*/\s*诉讼",
        r"法院\s*/\s*仲裁\p{Han}*",
        r"仲裁\p{Han}*\s*/\s*法院",
        r"甲方\s*/\s*乙方",
        r"有权\s*/\s*无权",
        r"含税\s*/\s*不含税",
        r"独占\s*/\s*非独占",
        r"可以?\s*/\s*不(?:可以?|得)",
        r"是\s*/\s*否",
        r"\b(?:shall|will|must)\s*/\s*may\b",
        r"\bcourts?\s*/\s*arbitrat\w+",
        r"\bcustomer\s*/\s*(?:vendor|provider|supplier)\s+(?:shall|will|may|must)",
        r"\bexclusive\s*/\s*non-?exclusive",
        r"\b(?:may|shall|will|does)\s*/\s*(?:may|shall|will|does) not";
    LONG_SLASH = r"[\p{Han}\w%\]】][^/\[\]【】]*(?:/[^/]+)+";
    cased UNIT = r"(?:元|USD|RMB|¥|\$|GB|TB|次|km|单价)\s*/\s*\p{L}+";
    EMPTY_BOX = "[☐□]", r"\[ \]";
    cased TICKED = "[☑☒■✓✔√]", r"\[[xX✓]\]";
}

fn run(source: &Source<'_>) -> Vec<Finding> {
    let mut found = lists(source);
    found.extend(opposites(source));
    found.extend(in_blanks(source));
    found.extend(boxes(source));
    found
}

fn lists(source: &Source<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (index, block) in source.wording.blocks.iter().enumerate() {
        let lead = source.wording.body(index);
        let example = EXAMPLE_LEAD.is_match(lead);
        let choice = CHOICE_LEAD.is_match(lead) && lead.trim_end().ends_with([':', '：']);
        if !example && !choice {
            continue;
        }
        let below: Vec<usize> = (index + 1..source.wording.blocks.len())
            .take_while(|at| source.wording.above(*at).contains(&index))
            .collect();
        if below.len() < 2 {
            continue;
        }
        let owners = below.iter().filter(|at| OWNER.is_match(source.wording.body(**at))).count();
        let ticked = below.iter().any(|at| TICKED.is_match(source.wording.block(*at)));
        let rule = match (owners, choice) {
            (2.., _) if !ticked => &OWNERSHIP,
            (_, true) if !ticked => &CHOICE,
            (_, false) if AGREES.is_match(lead) => &EXAMPLES,
            _ => continue,
        };
        let last = below.last().map_or(block.end, |at| source.wording.blocks[*at].end);
        let place = Place { start: block.start, end: last };
        found.push(rule.at(source, place, &[("options", whole(below.len()))]));
    }
    found
}

fn opposites(source: &Source<'_>) -> Vec<Finding> {
    let say = |place: Place| {
        SLASH.at(source, place, &[("words", Value::Word(source.at(place).to_owned()))])
    };
    source.all(&OPPOSITES).map(say).collect()
}

/// Alternatives inside a blank: `[by image / by month / by project]`.
fn in_blanks(source: &Source<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for index in 0..source.wording.blocks.len() {
        let block = source.block(index);
        for place in outer_brackets(source, block) {
            let text = source.at(place);
            let example =
                text.contains("例如") || text.contains("e.g.") || text.chars().count() > 40;
            let units = UNIT.replace_all(text, "");
            let slashes = units.matches('/').count()
                - units.matches("and/or").count()
                - units.matches("和/或").count();
            if example
                && slashes > 0
                && !text.contains("//")
                && LONG_SLASH.is_match(&units)
                && !OPPOSITES.is_match(text)
            {
                found.push(SLASH.at(source, place, &[("words", Value::Word(text.to_owned()))]));
            }
        }
    }
    found
}

fn outer_brackets(source: &Source<'_>, block: Place) -> Vec<Place> {
    let (mut found, mut depth, mut open) = (Vec::new(), 0_u32, block.start);
    for (at, letter) in source.at(block).char_indices() {
        match letter {
            '[' | '【' | '［' => {
                if depth == 0 {
                    open = block.start + at;
                }
                depth += 1;
            }
            ']' | '】' | '］' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    found.push(Place { start: open, end: block.start + at + letter.len_utf8() });
                }
            }
            _ => {}
        }
    }
    found
}

/// Runs of blocks with empty boxes and none ticked.
fn boxes(source: &Source<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut index = 0;
    while index < source.wording.blocks.len() {
        let from = index;
        let (mut empty, mut ticked) = (0, false);
        while index < source.wording.blocks.len() {
            let text = source.wording.block(index);
            let here = EMPTY_BOX.find_iter(text).count();
            let tick = TICKED.is_match(text);
            if here == 0 && !tick {
                break;
            }
            empty += here;
            ticked |= tick;
            index += 1;
        }
        if empty >= 2 && !ticked {
            let place = Place { start: source.block(from).start, end: source.block(index - 1).end };
            found.push(BOXES.at(source, place, &[("options", whole(empty))]));
        }
        index += usize::from(index == from);
    }
    found
}

fn whole(count: usize) -> Value {
    Value::Whole(i64::try_from(count).unwrap_or(i64::MAX))
}
