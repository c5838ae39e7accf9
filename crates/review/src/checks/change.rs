//! A party that may change the words alone: it undoes every other clause, so it is said first.
//! Does not judge whether the notice that goes before it is long enough.

use regex::Regex;

use super::Check;
use super::rule::{NONE, Rule, words};
use super::source::{Source, pattern};
use crate::finding::{Confidence, Finding, Risk, Status};

/// The check that comes before all others.
pub(super) const UNILATERAL: &str = "doc-unilateral-change";

pub(super) const CHECKS: &[Check] = &[Check {
    id: UNILATERAL,
    risk: Risk::High,
    zh: "一方可以单独修改协议、其所引用的政策或价格",
    en: "one party may change the terms, a policy they refer to, or the prices on its own",
    run,
}];

const TERMS: Rule = Rule {
    check: UNILATERAL,
    name: "unilateral-terms",
    status: Status::Adverse,
    risk: Risk::High,
    sure: Confidence::D,
    reason: words(
        "一方可以单独修改本协议:谈定的任何条款都可能被改掉,其他条款因此都不牢靠。",
        "One party may change the agreement on its own: whatever else is agreed can be taken back.",
    ),
    advice: words(
        "要求变更须经双方书面同意;退一步:对客户不利的变更只在续期时生效,且客户可以解除并按比例退费。",
        "Ask for changes in writing by both parties; at the least, changes to the customer's \
         disadvantage take effect on renewal only, with a right to leave and a refund pro rata.",
    ),
    suggestion: words(
        "本协议的任何变更须经双方书面签署方为有效。",
        "No change to this Agreement is effective unless both parties have signed it in writing.",
    ),
};
const POLICY: Rule = Rule {
    name: "unilateral-policy",
    risk: Risk::Medium,
    reason: words(
        "协议所引用的政策或文件可由一方单独修改,协议的实际内容随之变化。",
        "A policy or document that belongs to the agreement may be changed by one party alone, and \
         the agreement changes with it.",
    ),
    advice: words(
        "要求固定版本,或约定修改不得降低已承诺的保护水平。",
        "Ask for a fixed version, or that no change lowers what was promised.",
    ),
    suggestion: NONE,
    ..TERMS
};
const PRICE: Rule = Rule {
    name: "unilateral-price",
    risk: Risk::Medium,
    reason: words(
        "一方可以单独调整价格,费用在期限内不确定。",
        "One party may change the prices on its own, so the cost of the term is open.",
    ),
    advice: words(
        "要求期限内价格不变,续期涨幅设上限,并提前通知。",
        "Ask for fixed prices during the term and a ceiling with notice on renewal.",
    ),
    suggestion: NONE,
    ..TERMS
};

pattern! {
    EN =
        r"\b(?:may|can|reserves?(?: all)?(?: the)? rights? to|(?:has|have) the (?:sole )?right to"
        r"|is entitled to|retains? the right to|need to)\b[^.;]{0,90}?"
        r"\b(?:modify|change|amend|update|revise|alter|vary|replace|supplement)\b"
        r"(?:(?:,|,? or|,? and|/) ?(?:otherwise )?\w+){0,4}?\s+"
        r"(?:any (?:and all |or all )?(?:parts? |portions? |provisions? |terms? )?(?:of )?)?"
        r"(?:these|this|the|our|its|such)\s+(?:[\w’'-]+\s+){0,3}?"
        r"(terms|agreement|addendum|conditions|contract|dpa|sla|policy|policies|documentation"
        r"|guidelines|measures)\b";
    EN_PASSIVE =
        r"\b(?:these|this|the)\s+(?:[\w’'-]+\s+){0,3}?"
        r"(terms|agreement|addendum|conditions|dpa|sla|policy)\b(?: (?:itself|also|\([^()]{0,20}\)))?"
        r" (?:may|can) be "
        r"(?:modified|changed|amended|updated|revised|altered|varied|replaced|supplemented)\b"
        r"[^.;]{0,60}"
        r"\b(?:at any time|from time to time|by us|in (?:our|its) (?:sole )?discretion)\b";
    EN_UPDATED =
        r"\bwe (?:will|do)?\s*(?:periodically |occasionally )?(?:update|revise|change) "
        r"(?:these|this) (terms|agreement)\b",
        "as (?:we|it|provider|vendor) may (?:update|amend|modify) (?:them|it) from time"
        " to time";
    EN_PRICE =
        r"\b(?:we|provider|vendor|supplier|licensor|company|[\w.]+ai|openai|anthropic)\b"
        r"[^.;]{0,40}\b(?:may|reserves? the right to|can)\b[^.;]{0,40}\b(?:change|modify"
        r"|increase|adjust|update|revise|raise)\b[^.;]{0,40}\b(?:fees?|prices?|pricing"
        r"|rates|charges)\b";
    EN_BOTH =
        r"\b(?:both|the|mutual\w*) (?:parties|agreement|consent)\b[^.;]{0,30}\b(?:may"
        "|agree)",
        "only (?:by|with|in|if)",
        "may not",
        r"\bagree\b",
        r"\bmutually\b",
        "written agreements?",
        "instrument",
        r"\b(?:payment processor|third[- ]part|franchise|sub-?processor)",
        "signed by",
        "written (?:agreement|consent) of",
        r"(?:customer|client|you)\s+may\b",
        "mutual(?:ly)? agree",
        "may only be",
        "in (?:a )?writing (?:by|signed|executed)",
        "except (?:by|in)";
    ZH =
        "(?:有权|可以?|将|会|保留|可能)[^。;；]{0,40}?(?:修改|变更|更新|修订|调整|补充)[^。;；]{0,14}?(本?(?:协议|条款"
        "|合同|服务条款|规则|政策|规范))";
    ZH_TERMS =
        "(本(?:协议|条款|合同|政策)|协议条款|服务条款)[^。;；]{0,40}?(?:不时|随时|单方面?|不定期|适时)[^。;；]{0,20}?"
        "(?:修改|变更|更新|修订|调整)",
        "随时对(?:其|本协议|本条款)[^。;；]{0,6}(?:修改|变更|修订)";
    ZH_PRICE = "(?:有权|可以?|保留)[^。;；,，]{0,25}?(?:调整|变更|修改|提高)[^。;；,，]{0,12}?(?:价格|费用|收费|资费|定价)";
    ZH_BOTH =
        "双方",
        "协商一致",
        "书面同意",
        "书面文件",
        "甲乙",
        "不得",
        "不可",
        "经(?:对方|甲方|乙方)[^。]{0,6}同意",
        "(?:您|用户|客户)(?:有权|可以?)[^。;；]{0,6}(?:修改|变更|更新|更正)";
    POLICIES = "measures", "polic", "documentation", "guideline", "规则", "政策", "规范";
}

fn run(source: &Source<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for sentence in &source.sentences {
        let text = source.at(sentence.place);
        let rule = if let Some(what) = terms(text) {
            if POLICIES.is_match(what) { &POLICY } else { &TERMS }
        } else if price(text) {
            &PRICE
        } else {
            continue;
        };
        found.push(rule.at(source, sentence.place, &[]));
    }
    found
}

/// What may be changed, in the words of the sentence.
fn terms(text: &str) -> Option<&str> {
    let english: [&Regex; 3] = [&EN, &EN_PASSIVE, &EN_UPDATED];
    let chinese: [&Regex; 2] = [&ZH_TERMS, &ZH];
    for (patterns, both) in [(&english[..], &*EN_BOTH), (&chinese[..], &*ZH_BOTH)] {
        for pattern in patterns {
            if let Some(hit) = pattern.captures(text)
                && !both.is_match(hit.get(0).map_or("", |all| around(text, all.range())))
            {
                return Some(hit.get(1).map_or("", |what| what.as_str()));
            }
        }
    }
    None
}

fn price(text: &str) -> bool {
    let english =
        EN_PRICE.find(text).is_some_and(|hit| !EN_BOTH.is_match(around(text, hit.range())));
    let chinese =
        ZH_PRICE.find(text).is_some_and(|hit| !ZH_BOTH.is_match(around(text, hit.range())));
    english || chinese
}

/// The hit with the words of its part of the sentence before and behind it.
fn around(text: &str, hit: std::ops::Range<usize>) -> &str {
    let stop = |c: char| matches!(c, ';' | '；' | '。');
    let start = text[..hit.start]
        .rfind(stop)
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    let end = text[hit.end..].find(stop).map_or(text.len(), |at| hit.end + at);
    &text[start..end]
}
