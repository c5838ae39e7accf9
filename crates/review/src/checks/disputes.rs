//! Where disputes go. Serves train-9.1: court or arbitration must be chosen, since a clause that
//! offers either is no agreement to arbitrate. Knows no law beyond that.

use super::Check;
use super::rule::{Rule, words};
use super::source::{Place, Source, pattern};
use crate::finding::{Confidence, Finding, Risk, Status};

const ID: &str = "doc-court-or-arbitration";

pub(super) const CHECKS: &[Check] = &[Check {
    id: ID,
    risk: Risk::High,
    zh: "争议解决同时写了诉讼和仲裁而没有选定",
    en: "disputes may go to court or to arbitration, and neither is chosen",
    run,
}];

const EITHER: Rule = Rule {
    check: ID,
    name: "court-or-arbitration",
    status: Status::Conflict,
    risk: Risk::High,
    sure: Confidence::D,
    reason: words(
        "既可诉讼又可仲裁:没有选定其一,仲裁约定很可能无效,争议时先要争管辖。",
        "Court or arbitration, with no choice between them: the agreement to arbitrate is likely \
         void, and a dispute begins with a dispute on where to bring it.",
    ),
    advice: words(
        "选定一种:写明有管辖权的法院,或写明仲裁机构全称、地点和规则。",
        "Choose one: name the court, or the arbitral institution in full, its seat and rules.",
    ),
    suggestion: words(
        "协商不成的,任何一方均应向被告住所地有管辖权的人民法院提起诉讼。",
        "Failing a settlement, either party shall bring the dispute before the competent courts of \
         the defendant's seat.",
    ),
};

pattern! {
    ZH =
        r"(?:诉讼|起诉|法院)\s*[/／或]\s*[^。;；,，]{0,12}?仲裁",
        r"仲裁[^。;；,，]{0,8}?\s*[/／或]\s*(?:者)?(?:向)?[^。;；,，]{0,24}?(?:诉讼|起诉|法院)",
        "(?:可以?|均可)[^。;；]{0,30}申请仲裁[^。;；]{0,10}(?:也可|或者?)[^。;；]{0,24}(?:起诉|诉讼)";
    EN =
        r"\b(?:litigation|court action|courts?|lawsuit)\s*(?:/|or)\s*(?:binding |to"
        r" )?arbitration\b",
        r"\barbitration\s*(?:/|or)\s*(?:to )?(?:litigation|court action|a lawsuit|in"
        r" court)\b";
    GOES = r"\b(?:submit|brought|settled|resolved|file|pursue|institute|refer)";
    DISPUTE = "争议", "纠纷", "协商不成", "dispute", "controversy", "claim";
    WARDS =
        r"\b(?:not|neither|prior|pending|during|expenses|costs|fees|proceedings?|threaten\w*"
        r"|class)\b";
}

fn run(source: &Source<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for sentence in &source.sentences {
        let text = source.at(sentence.place);
        let whole = source.at(source.block(sentence.block));
        let zh = ZH.find(text).filter(|_| DISPUTE.is_match(whole));
        let en = EN.find(text).filter(|hit| {
            let from = floor(text, hit.start().saturating_sub(40));
            DISPUTE.is_match(text)
                && GOES.is_match(text)
                && !WARDS.is_match(&text[from..hit.start()])
        });
        if let Some(hit) = zh.or(en) {
            let from = sentence.place.start;
            let place = Place { start: from + hit.start(), end: from + hit.end() };
            found.push(EITHER.at(source, place, &[]));
        }
    }
    found.truncate(3);
    found
}

/// The nearest boundary of a character at or before a byte.
fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
