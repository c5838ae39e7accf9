//! The text itself: broken off in a sentence, a scrap of a foreign script, a word that can be read
//! in two ways. Knows no clause.

use super::Check;
use super::rule::{NONE, Rule, Words, word, words};
use super::source::{Place, Source, pattern};
use crate::finding::{Confidence, Finding, Risk, Status};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "doc-truncated",
        risk: Risk::High,
        zh: "文本在句子中间断开,其后的条款缺失",
        en: "the text breaks off in a sentence; what follows is lost",
        run: truncated,
    },
    Check {
        id: "doc-foreign-script",
        risk: Risk::Medium,
        zh: "夹杂的外文字符片段",
        en: "a scrap in a script that the document does not use",
        run: foreign,
    },
    Check {
        id: "doc-ambiguous-word",
        risk: Risk::Medium,
        zh: "有两种读法的词",
        en: "a word that can be read in two ways",
        run: ambiguous,
    },
];

const TRUNCATED: Rule = Rule {
    check: "doc-truncated",
    name: "truncated",
    status: Status::Missing,
    risk: Risk::High,
    sure: Confidence::D,
    reason: words(
        "文本在“…{tail}”处断开,后面的条款没有看到,缺什么都不能断定。",
        "The text breaks off at “…{tail}”: the clauses behind it were not seen.",
    ),
    advice: words("向对方索取全文后再审。", "Get the whole text before judging it."),
    suggestion: NONE,
};
const FOREIGN: Rule = Rule {
    check: "doc-foreign-script",
    name: "foreign-script",
    status: Status::Unclear,
    risk: Risk::Medium,
    sure: Confidence::D,
    reason: words(
        "“{words}”是夹杂的外文片段,该处含义不明。",
        "“{words}” is a scrap of a foreign script; what was meant there is unclear.",
    ),
    advice: words("改写成合同所用的语言。", "Write it in the language of the contract."),
    suggestion: NONE,
};
const AMBIGUOUS: Rule = Rule {
    check: "doc-ambiguous-word",
    name: "ambiguous-word",
    status: Status::Unclear,
    risk: Risk::Medium,
    sure: Confidence::D,
    reason: NONE,
    advice: words("改用“{better}”。", "Write “{better}” instead."),
    suggestion: NONE,
};

/// A word with two readings: how it is found, what is meant, and why it is unclear.
struct Ambiguous {
    written: &'static str,
    better: &'static str,
    why: Words,
}

const WORDS: &[Ambiguous] = &[
    Ambiguous {
        written: "不可分许可",
        better: "不可再许可",
        why: words(
            "“不可分许可”既可读作“不可分割的许可”,也可读作“不得再许可他人”。",
            "“不可分许可” may mean an indivisible licence or one without sublicences.",
        ),
    },
    Ambiguous {
        written: "订金",
        better: "定金 / 预付款",
        why: words(
            "“订金”不是“定金”:没有定金罚则,常被混用。",
            "“订金” is not “定金”: the rule of forfeit or double return does not apply to it.",
        ),
    },
    Ambiguous {
        written: "双周",
        better: "每两周",
        why: words(
            "“双周”可读作每两周或每周两次。",
            "“双周” may mean every two weeks or twice a week.",
        ),
    },
    Ambiguous {
        written: "bi-weekly",
        better: "every two weeks",
        why: words(
            "“bi-weekly”可读作每两周或每周两次。",
            "“bi-weekly” may mean every two weeks or twice a week.",
        ),
    },
    Ambiguous {
        written: "bi-monthly",
        better: "every two months",
        why: words(
            "“bi-monthly”可读作每两个月或每月两次。",
            "“bi-monthly” may mean every two months or twice a month.",
        ),
    },
    Ambiguous {
        written: "biweekly",
        better: "every two weeks",
        why: words(
            "“biweekly”可读作每两周或每周两次。",
            "“biweekly” may mean every two weeks or twice a week.",
        ),
    },
    Ambiguous {
        written: "bimonthly",
        better: "every two months",
        why: words(
            "“bimonthly”可读作每两个月或每月两次。",
            "“bimonthly” may mean every two months or twice a month.",
        ),
    },
];

pattern! {
    SCRAP =
        r"[\p{Cyrillic}\p{Greek}\p{Arabic}\p{Hebrew}\p{Thai}\p{Devanagari}\p{Hangul}"
        r"\p{Hiragana}\p{Katakana}]{3,}(?:[\s-]*[\p{Cyrillic}\p{Greek}\p{Arabic}\p{Hebrew}"
        r"\p{Thai}\p{Devanagari}\p{Hangul}\p{Hiragana}\p{Katakana}]+)*";
    LETTER = r"\p{L}";
    SIGNED =
        r"\b(?:by|name|title|its|dated?)\s*:",
        "/s/",
        "_{3,}|-{6,}",
        "签字",
        "盖章",
        "签署日期";
    LISTED = r"(?:https?://\S+|www\.\S+)$", r"^\s*\d+(?:\.\d+)*\s*$";
}

fn truncated(source: &Source<'_>) -> Vec<Finding> {
    let Some(index) = source.wording.truncated else { return Vec::new() };
    let place = source
        .sentences
        .iter()
        .rfind(|sentence| sentence.block == index)
        .map_or_else(|| source.block(index), |sentence| sentence.place);
    let text = source.at(place).trim_end();
    if signs(source, index) || !clause(source, index, text) {
        return Vec::new();
    }
    let tail: String = {
        let mut last: Vec<char> = text.chars().rev().take(12).collect();
        last.reverse();
        last.into_iter().collect()
    };
    vec![TRUNCATED.at(source, place, &[("tail", word(tail))])]
}

/// Whether the block belongs to the signatures, which end in names and lines.
fn signs(source: &Source<'_>, index: usize) -> bool {
    let near = index.saturating_sub(3)..=index;
    source.wording.signatures.is_some_and(|from| from <= index)
        || near.into_iter().any(|at| SIGNED.is_match(source.wording.block(at)))
}

/// Whether the words are a part of a clause: numbered or below a number, and more than an address
/// or a line of a page.
fn clause(source: &Source<'_>, index: usize, text: &str) -> bool {
    let numbered = |at: usize| source.wording.blocks[at].number.is_some();
    let below = numbered(index) || source.wording.above(index).into_iter().any(numbered);
    let small = text.split_whitespace().filter(|word| word.starts_with(char::is_lowercase)).count();
    let words = text.split_whitespace().count();
    let prose = text.chars().any(wording::is_han) || words >= 6 && small * 2 >= words;
    below && prose && !LISTED.is_match(text)
}

fn foreign(source: &Source<'_>) -> Vec<Finding> {
    let hits: Vec<_> = SCRAP.find_iter(source.text()).collect();
    let foreign: usize = hits.iter().map(|hit| hit.as_str().chars().count()).sum();
    // A document that uses the script throughout is bilingual, not damaged.
    if foreign * 4 > LETTER.find_iter(source.text()).count() {
        return Vec::new();
    }
    hits.into_iter()
        .filter(|hit| !quoted(source.text(), hit.start(), hit.end()))
        .map(|hit| {
            let place = Place { start: hit.start(), end: hit.end() };
            FOREIGN.at(source, place, &[("words", word(hit.as_str()))])
        })
        .collect()
}

/// A name in quotes or brackets is meant to be foreign.
fn quoted(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    before.is_some_and(|c| "(（“‘\"'«[/".contains(c))
        || after.is_some_and(|c| ")）”’\"'»]/".contains(c))
}

fn ambiguous(source: &Source<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let lower = source.text().to_ascii_lowercase();
    for one in WORDS {
        for (start, _) in lower.match_indices(one.written) {
            let place = Place { start, end: start + one.written.len() };
            let mut finding =
                AMBIGUOUS.at(source, place, &[("better", word(one.better))]).suggesting(one.better);
            one.why.zh.clone_into(&mut finding.reason.zh);
            one.why.en.clone_into(&mut finding.reason.en);
            found.push(finding);
        }
    }
    found
}
