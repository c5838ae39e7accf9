//! Places that someone was to fill in: brackets, lines, tags, crosses; nested ones, and ones whose
//! example was left standing as if it were agreed. Serves every clause of a draft.
//!
//! Lines for signatures, redactions and editorial brackets are no blanks.

use super::Check;
use super::rule::{NONE, Rule, words};
use super::source::{Place, Source, pattern};
use crate::finding::{Confidence, Finding, Risk, Status, Value};

const ID: &str = "doc-blank";

pub(super) const CHECKS: &[Check] = &[Check {
    id: ID,
    risk: Risk::Medium,
    zh: "未填写的空白,包括嵌套的空白和只给了示例的空白",
    en: "blanks that were not filled in, nested ones and ones that hold an example included",
    run,
}];

const PLAIN: Rule = Rule {
    check: ID,
    name: "blank",
    status: Status::Missing,
    risk: Risk::Medium,
    sure: Confidence::D,
    reason: words(
        "有 {blanks} 处空白未填:内容没有约定,履行时无从确定。",
        "{blanks} blank(s) not filled in: nothing is agreed there, and nothing can be enforced.",
    ),
    advice: words("逐处填写,或删去该项。", "Fill in each of them, or strike it out."),
    suggestion: NONE,
};
const NESTED: Rule = Rule {
    name: "nested-blank",
    reason: words(
        "空白之内还有空白:外层选项与内层数值都没有确定。",
        "A blank inside a blank: neither the outer choice nor the value in it is settled.",
    ),
    advice: words(
        "先定外层选项,再填内层数值,删去其余。",
        "Settle the outer choice first, then fill in the value and strike out the rest.",
    ),
    ..PLAIN
};
const EXAMPLE: Rule = Rule {
    name: "example-default",
    reason: words(
        "空白里只写了示例:示例不是约定,双方各执一词时无法认定。",
        "The blank holds an example: an example is no agreement, and either party may deny it.",
    ),
    advice: words(
        "把示例改成约定的数值,删去“例如”和括号。",
        "Turn the example into the agreed value; strike out “for example” and the brackets.",
    ),
    ..PLAIN
};

pattern! {
    EDITORIAL =
        r"^(?:\d{1,3}|[\d,\s–-]+|[\s*•.]*\*[\s*•.]*|source\b.*"
        r"|[a-z]{1,2}|[ivx]{1,4}|sic|\.+|…+|x|✓|\*+|\W*(?:\*{2,}"
        "|redact|omitted|confidential|certain|reserved|intentionally|remainder"
        r"|signature|end of|document|page|exhibit|image|table|cid|n/a|not applicable|\^"
        r"|\?|http|www|emphasis|link).*)$";
    SIGNATURE =
        r"\b(?:by|name|title|date|signature|signed|its|print|witness|attest|dated"
        r"|initials?)\s*[:：]|\bprint(?:ed)? name\b",
        "签字",
        "签章",
        "盖章",
        "签名",
        "签署",
        "签订日期",
        "授权代表",
        "/s/",
        r"^[\s_＿]+$";
    LINES = "_{3,}", "＿{2,}";
    cased CROSSES = "[×ＸX]{2,}(?:年|月|日|元|公司|%|号|市|省|天|个)";
    HOLLOW = "[（(][ 　]{2,}[)）]";
    TAGS = r"\{\{?\s*[\p{L}_][\p{L}\p{N}_ .-]{0,60}\}\}?";
    ANY_EXAMPLE = "例如", "比如", "默认", r"\be\.g\.", "for example", r"\bdefault";
    cased EMPHASIS = r"^[\s_＿]*$", "具体", "填写", "名称", "日期", "金额", "X{2,}", "×{2,}", "●", "…";
}

/// A blank with what it holds.
struct Blank {
    place: Place,
    nested: bool,
    example: bool,
}

fn run(source: &Source<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for index in 0..source.wording.blocks.len() {
        let blanks = blanks(source, index);
        for (rule, nested, example) in
            [(&NESTED, true, None), (&EXAMPLE, false, Some(true)), (&PLAIN, false, Some(false))]
        {
            let these: Vec<Place> = blanks
                .iter()
                .filter(|blank| {
                    blank.nested == nested && example.is_none_or(|is| is == blank.example)
                })
                .map(|blank| blank.place)
                .collect();
            if let (Some(first), Some(last)) = (these.first(), these.last()) {
                let place = Place { start: first.start, end: last.end };
                let count = i64::try_from(these.len()).unwrap_or(i64::MAX);
                let texts = these.iter().map(|place| source.at(*place).to_owned()).collect();
                let values = [("blanks", Value::Whole(count)), ("texts", Value::Words(texts))];
                found.push(rule.at(source, place, &values));
            }
        }
    }
    found
}

fn blanks(source: &Source<'_>, index: usize) -> Vec<Blank> {
    let place = source.block(index);
    let text = source.at(place);
    let mut found = brackets(text);
    let signs = SIGNATURE.is_match(text);
    let lines = LINES.find_iter(text).filter(|_| !signs);
    let others = CROSSES.find_iter(text).chain(HOLLOW.find_iter(text)).chain(TAGS.find_iter(text));
    for hit in lines.chain(others) {
        let place = Place { start: hit.start(), end: hit.end() };
        if !found
            .iter()
            .any(|blank| blank.place.start <= place.start && place.end <= blank.place.end)
        {
            found.push(Blank { place, nested: false, example: false });
        }
    }
    found.sort_by_key(|blank| blank.place);
    for blank in &mut found {
        blank.place.start += place.start;
        blank.place.end += place.start;
    }
    found
}

/// The outermost brackets of a text that stand for something to fill in.
fn brackets(text: &str) -> Vec<Blank> {
    let mut found = Vec::new();
    let (mut depth, mut open, mut nested) = (0_u32, 0, false);
    for (at, letter) in text.char_indices() {
        match letter {
            '[' | '［' | '【' => {
                if depth == 0 {
                    (open, nested) = (at, false);
                } else {
                    nested = true;
                }
                depth += 1;
            }
            ']' | '］' | '】' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    let end = at + letter.len_utf8();
                    found.extend(blank(text, open, end, nested));
                }
            }
            _ => {}
        }
    }
    found
}

fn blank(text: &str, start: usize, end: usize, nested: bool) -> Option<Blank> {
    let whole = &text[start..end];
    let mut letters = whole.chars();
    let (first, _) = (letters.next(), letters.next_back());
    let inner = letters.as_str();
    let editorial = EDITORIAL.is_match(inner.trim()) || text[end..].starts_with('(');
    let emphasis = first == Some('【') && !EMPHASIS.is_match(inner);
    let checkbox = inner.trim().is_empty() && inner.chars().count() <= 1 && first == Some('[');
    let blank = !editorial && !emphasis && (!checkbox || inner.is_empty());
    blank.then(|| Blank {
        place: Place { start, end },
        nested,
        example: ANY_EXAMPLE.is_match(inner),
    })
}
