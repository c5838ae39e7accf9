//! Default interest: above four times the prime rate, without a period, stated twice or in two
//! ways. Serves lease-3.4, lease-8.1. All rates are exact fractions.
//!
//! The prime rate comes in with its date; the flag says nothing of what a court would do.

use units::{Decimal, Fraction, RoundingMode};

use wording::language;

use super::Check;
use super::numbers::percent;
use super::rule::{NONE, Rule, word, words};
use super::source::{Place, Source, pattern};
use crate::finding::{Confidence, Finding, Risk, Status, Value};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "doc-default-interest",
        risk: Risk::Medium,
        zh: "逾期利率折合年利率超过一年期 LPR 的四倍(提示,不是错误)",
        en: "a default interest above four times the one-year LPR (a flag, not an error)",
        run: ceiling,
    },
    Check {
        id: "doc-rate-period",
        risk: Risk::Medium,
        zh: "利率没有写按日、按月还是按年,或同一句里的日利率与年利率不一致",
        en: "a rate without its period, or a rate a day and a year that do not agree",
        run: period,
    },
    Check {
        id: "doc-stated-twice",
        risk: Risk::High,
        zh: "同一数值在两处约定:重复,或互相矛盾",
        en: "the same value is stated in two clauses: repeated, or contradicting",
        run: twice,
    },
];

const CEILING: Rule = Rule {
    check: "doc-default-interest",
    name: "above-four-times-lpr",
    status: Status::Unclear,
    risk: Risk::Medium,
    sure: Confidence::H,
    reason: words(
        "逾期利率折合年利率 {annual}%,高于 {on} 公布的一年期 LPR {lpr}% 的四倍({ceiling}%):超出部分可能得不到支持。",
        "The default interest is {annual} % a year, above four times the one-year LPR of {on} \
         ({lpr} %, so {ceiling} %): the excess may not be enforced.",
    ),
    advice: words(
        "降到四倍 LPR 以内,或与 LPR 挂钩。",
        "Bring it within that, or tie it to the LPR.",
    ),
    suggestion: NONE,
};
const NO_PERIOD: Rule = Rule {
    check: "doc-rate-period",
    name: "no-period",
    status: Status::Missing,
    risk: Risk::Medium,
    sure: Confidence::D,
    reason: words(
        "利率 {rate} 没有写按日、按月还是按年:相差可达 365 倍。",
        "The rate {rate} names no period: a day or a year differ by a factor of 365.",
    ),
    advice: words("写明“每日”“每月”或“年利率”。", "Say per day, per month or per year."),
    suggestion: NONE,
};
const DISAGREE: Rule = Rule {
    name: "periods-disagree",
    status: Status::Conflict,
    reason: words(
        "同一句里的两个利率换算后不相等:{rate}。",
        "Two rates in one sentence are not the same when converted: {rate}.",
    ),
    advice: words("只留一个。", "Keep one of them."),
    ..NO_PERIOD
};
const REPEATED: Rule = Rule {
    check: "doc-stated-twice",
    name: "repeated",
    status: Status::Conflict,
    risk: Risk::Medium,
    sure: Confidence::D,
    reason: words(
        "“{value}”在 {anchor} 已经约定,此处重复:改一处漏一处就会矛盾。",
        "“{value}” is stated in {anchor} already: a change in one place contradicts the other.",
    ),
    advice: words("只在一处约定,另一处改为引用。", "State it once, and refer to it elsewhere."),
    suggestion: NONE,
};
const DIFFERS: Rule = Rule {
    name: "differs",
    risk: Risk::High,
    reason: words(
        "此处为“{value}”,{anchor} 为“{other}”:同一事项两个数值。",
        "Here it is “{value}”, in {anchor} it is “{other}”: two values for one thing.",
    ),
    advice: words("统一为一个数值。", "Settle on one value."),
    ..REPEATED
};

pattern! {
    LATE =
        "逾期(?:付款|支付|利率|利息|违约金)",
        "逾期[^。;；]{0,20}(?:违约金|滞纳金|利息)",
        "滞纳金",
        r"\b(?:late (?:payment|fee|charge)s?|past due|overdue|default interest)\b";
    RATE = r"(?:万分之|千分之|百分之)[零一二三四五六七八九十百\d.]+", r"\d+(?:\.\d+)?\s*(?:%|‰|‱|percent\b|per cent\b)";
    DAILY =
        "每日",
        "每天",
        "按日",
        "日(?:利率|息)",
        "/日",
        "/天",
        "逾期一[日天]",
        r"\b(?:per|a|each|every) day\b",
        r"\bdaily\b",
        r"\bper diem\b";
    MONTHLY =
        "每月",
        "按月",
        "月(?:利率|息)",
        "/月",
        r"\b(?:per|a|each|every) (?:calendar )?month\b",
        r"\bmonthly\b";
    YEARLY =
        "年(?:利率|化|息)",
        "每年",
        "按年",
        "/年",
        r"\bper (?:annum|year)\b",
        r"\ba year\b",
        r"\bannual(?:ly)?\b",
        r"\bp\.a\.";
    OTHER_SHARE =
        "总额",
        "总金额",
        "不超过",
        "上限",
        "合同金额",
        "合同总",
        "最高",
        r"\bcap\b",
        r"\bup to\b",
        r"\bof the (?:total|contract)";
    INTEREST = "利率", "利息", r"\binterest\b", r"\brate\b", "finance charge", "service charge";
    CHINA = "中华人民共和国", "民法典", "人民法院", r"\bPRC\b", "People[’']s Republic of China", "LPR";
    PRIME = r"\bLPR\b", "prime rate", "贷款市场报价利率";
    BLANK_RATE = r"[\[【]([^\[\]【】]{2,12})[\]】]";
    UPTIME = r"(?:可用性|可用率|uptime|availability)[^。.;；]{0,40}?(\d{2}(?:\.\d+)?)\s*%";
    BREACH =
        r"\bnotify\b[^.;]{0,60}\bwithin\b[^.;]{0,30}?(\d+)\)?\s*hours?[^.;]{0,60}\b"
        "(?:incident|breach)",
        r"(?:泄露|安全事件)[^。;；]{0,40}?(\d+)\s*小时内[^。;；]{0,12}通知";
}

/// A rate with the period that the words give it.
struct Rate<'s> {
    place: Place,
    words: &'s str,
    share: Fraction,
    periods: u32,
}

fn rates<'s>(source: &'s Source<'_>, place: Place) -> Vec<Rate<'s>> {
    let text = source.at(place);
    let hits: Vec<_> = RATE.find_iter(text).collect();
    let mut found = Vec::new();
    for (index, hit) in hits.iter().enumerate() {
        let from = if index == 0 { 0 } else { hits[index - 1].end() };
        let to = hits.get(index + 1).map_or(text.len(), regex::Match::start);
        let Some(share) = percent(hit.as_str()) else { continue };
        let (before, behind) = (&text[from..hit.start()], &text[hit.end()..to]);
        let near: String =
            before.chars().rev().take(14).collect::<Vec<_>>().into_iter().rev().collect();
        let after: String = behind.chars().take(26).collect();
        // Chinese says the period before the rate, English behind it.
        let order =
            if text.chars().any(wording::is_han) { [&near, &after] } else { [&after, &near] };
        let periods = order.into_iter().find_map(|part| {
            [(&*DAILY, 365), (&*MONTHLY, 12), (&*YEARLY, 1)]
                .into_iter()
                .filter_map(|(pattern, times)| Some((pattern.find(part)?.start(), times)))
                .min()
                .map(|(_, times)| times)
        });
        let start = place.start + hit.start();
        found.push(Rate {
            place: Place { start, end: place.start + hit.end() },
            words: hit.as_str(),
            share,
            periods: periods.unwrap_or(0),
        });
    }
    found
}

impl Rate<'_> {
    fn annual(&self) -> Option<Fraction> {
        self.share.checked_mul(Fraction::whole(i128::from(self.periods)))
    }
}

fn late(source: &Source<'_>) -> impl Iterator<Item = Place> {
    source.sentences_with(&LATE).map(|sentence| sentence.place)
}

fn ceiling(source: &Source<'_>) -> Vec<Finding> {
    let Some(prime) = source.facts.prime_rate else { return Vec::new() };
    if source.wording.lang == units::Lang::En && !source.says(&CHINA) {
        return Vec::new();
    }
    let hundred = Fraction::whole(100);
    let Some(limit) = prime.percent.to_fraction().checked_mul(Fraction::whole(4)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for place in late(source) {
        for rate in rates(source, place) {
            let annual = rate.annual().and_then(|share| share.checked_mul(hundred));
            let Some(annual) = annual.filter(|annual| rate.periods > 0 && *annual > limit) else {
                continue;
            };
            let annual = exact(annual);
            found.push(CEILING.at(
                source,
                place,
                &[
                    ("annual", Value::Exact(annual)),
                    ("lpr", Value::Exact(prime.percent)),
                    ("on", word(prime.on.to_string())),
                    ("ceiling", Value::Exact(exact(limit))),
                ],
            ));
        }
    }
    found
}

fn exact(value: Fraction) -> Decimal {
    value.to_decimal(4, RoundingMode::HalfUp).normalized()
}

fn period(source: &Source<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for place in late(source) {
        let text = source.at(place);
        if !INTEREST.is_match(text) {
            continue;
        }
        let rates = rates(source, place);
        let dated: Vec<&Rate<'_>> = rates.iter().filter(|rate| rate.periods > 0).collect();
        if let [first, second] = dated[..]
            && first.periods != second.periods
            && !close(first, second)
        {
            let both = format!("{} / {}", first.words, second.words);
            found.push(DISAGREE.at(source, place, &[("rate", word(both))]));
        } else if dated.is_empty()
            && let [only] = &rates[..]
            && !OTHER_SHARE.is_match(text)
        {
            found.push(NO_PERIOD.at(source, only.place, &[("rate", word(only.words))]));
        }
    }
    found
}

/// Whether two rates are the same when converted, within the width of a rounding.
fn close(first: &Rate<'_>, second: &Rate<'_>) -> bool {
    let (Some(first), Some(second)) = (first.annual(), second.annual()) else { return true };
    let (low, high) = if first < second { (first, second) } else { (second, first) };
    high.checked_mul(Fraction::new(95, 100)).is_none_or(|nearly| nearly <= low)
}

fn twice(source: &Source<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    found.extend(pair(source, &interest_values(source)));
    for pattern in [&*UPTIME, &*BREACH] {
        let mut values = Vec::new();
        for sentence in &source.sentences {
            let text = source.at(sentence.place);
            if let Some(hit) = pattern.captures(text)
                && let Some(value) = hit.iter().skip(1).flatten().next()
            {
                values.push((value.as_str().to_owned(), sentence.place));
            }
        }
        // A table of tiers names several values on purpose, and a translation repeats them all.
        let same = |at: usize| {
            values[0].0 == values[at].0
                && language(source.at(values[0].1)) == language(source.at(values[at].1))
        };
        if values.len() == 2 && same(1) {
            found.extend(pair(source, &values));
        }
    }
    found
}

/// The default interest wherever it is stated, as a rate or as a blank for one.
fn interest_values(source: &Source<'_>) -> Vec<(String, Place)> {
    let mut values = Vec::new();
    for place in late(source) {
        let text = source.at(place);
        let blank = BLANK_RATE
            .captures_iter(text)
            .find(|hit| hit[1].contains('率'))
            .map(|hit| hit[0].to_owned());
        // The prime rate beside it is a measure, not what is owed.
        let stated = |rate: &Rate<'_>| {
            let behind: String = source.wording.text[rate.place.end..].chars().take(40).collect();
            rate.periods > 0 && !PRIME.is_match(&behind)
        };
        let rate = rates(source, place).into_iter().find(stated);
        let rate = rate.map(|rate| rate.words.replace(' ', ""));
        values.extend(rate.or(blank).map(|value| (value, place)));
    }
    values
}

fn pair(source: &Source<'_>, values: &[(String, Place)]) -> Option<Finding> {
    let (first, at) = values.first()?;
    let article = |place: Place| source.block_at(place.start);
    let (second, place) =
        values.iter().skip(1).find(|(_, place)| article(*place) != article(*at))?;
    let anchor = source.wording.blocks[article(*at)].anchor.clone();
    let rule = if first == second { &REPEATED } else { &DIFFERS };
    Some(rule.at(
        source,
        *place,
        &[
            ("value", word(second.as_str())),
            ("other", word(first.as_str())),
            ("anchor", word(anchor)),
        ],
    ))
}
