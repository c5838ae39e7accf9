//! Numbers that do not hold together: a word against its figure, capitals against the amount, a
//! number without its unit. Knows no clause.

use std::str::FromStr;

use units::{Decimal, Fraction};
use wording::{en_decimal, zh_whole};

use super::Check;
use super::rule::{NONE, Rule, word, words};
use super::source::{Place, Source, pattern};
use crate::finding::{Confidence, Finding, Risk, Status};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "doc-number-words",
        risk: Risk::High,
        zh: "文字与数字不一致(thirty (60) days、大写金额与小写金额)",
        en: "the number in words is not the figure beside it",
        run: mismatch,
    },
    Check {
        id: "doc-unit-missing",
        risk: Risk::Medium,
        zh: "期限或指标只有数字没有单位",
        en: "a period or a threshold has a number and no unit",
        run: unit,
    },
];

const MISMATCH: Rule = Rule {
    check: "doc-number-words",
    name: "words-against-figure",
    status: Status::Conflict,
    risk: Risk::High,
    sure: Confidence::D,
    reason: words(
        "文字“{words}”与数字“{figure}”不一致。",
        "The words “{words}” and the figure “{figure}” are not the same number.",
    ),
    advice: words("确认真实数值,两处改为一致。", "Find out which is meant and correct the other."),
    suggestion: NONE,
};
const UNIT: Rule = Rule {
    check: "doc-unit-missing",
    name: "no-unit",
    status: Status::Missing,
    risk: Risk::Medium,
    sure: Confidence::H,
    reason: words("“{words}”没有单位。", "“{words}” has no unit."),
    advice: words(
        "补上单位(日、工作日、小时、%)。",
        "Add the unit (days, business days, hours, %).",
    ),
    suggestion: NONE,
};

pattern! {
    EN_PAIR =
        r"\b((?:(?:a|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
        "|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty"
        "|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|and"
        r"|point|zero)[\s-]*)+)(?:percent\s*|per cent\s*|u\.?s\.? dollars\s*"
        r"|dollars\s*)?\(\s*(?:US)?[$€£]?\s*([\d,]+(?:\.\d+)?)\s*(%?)\s*\)";
    ZH_PAIR = r"([一二三四五六七八九十百两]{1,5})[（(]\s*(\d{1,4})\s*[)）]";
    CAPITALS =
        r"([\d,]+(?:\.\d{1,2})?)\s*元?[^。;；\d]{0,8}大写[:：]?\s*(?:人民币)?("
        "[零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正]+)";
    CAPITALS_FIRST =
        r"大写[:：]?\s*(?:人民币)?([零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正]{3,})[^。;；]{0,12}?(?:小写|[¥￥])"
        r"[:：]?\s*[¥￥]?\s*([\d,]+(?:\.\d{1,2})?)";
    ZH_BARE = r"(?:应在|于|提前|不超过|在)\s*(\d{1,4})\s*(?:内|前(?:书面)?通知)";
    EN_BARE =
        r"\bwithin\s+(?:[a-z-]+\s*)?\(?(\d{1,4})\)?\s+(?:of|after|following|from)\s+"
        r"(?:receipt|the|such|termination|notice|its|delivery)\b";
    METRIC =
        r"(?:准确率|可用性|可用率|召回率|精确率|\b(?:uptime|availability) of)[^。;；\d%]{0,12}(9\d"
        r"(?:\.\d+)?)(?:[^\d%.％]|$)";
    PERIOD =
        r"(?:\b(?P<words>(?:one|two|three|four|five|six|seven|eight|nine|ten|fifteen"
        "|twenty|thirty|forty|forty-five|sixty|ninety|twelve|eighteen|hundred|and|"
        r"[ -])+?)\s*)?(?:\(?(?P<figure>\d{1,4})\)?|(?P<han>[一二三四五六七八九十百两]{1,5}))?[\s-]*"
        r"(?:个)?(?:calendar |business |working |consecutive )?(?P<unit>days?\b|weeks?\b"
        r"|months?\b|years?\b|工作日|自然日|日内|日之?后|日|天|周|月)";
    METRIC_UNIT = r"^\s*(?:%|％|percent|per cent|个百分点)";
}

fn mismatch(source: &Source<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for sentence in &source.sentences {
        let text = source.at(sentence.place);
        let from = sentence.place.start;
        let english = EN_PAIR.captures_iter(text).filter_map(|hit| {
            let spoken = spoken(said(&hit[1]))?;
            let figure = Decimal::from_str(&hit[2].replace(',', "")).ok()?;
            let wrong = differs(spoken, figure) && !part(text, &hit, figure);
            wrong.then(|| pair(&hit, from))
        });
        let chinese = ZH_PAIR.captures_iter(text).filter_map(|hit| {
            let spoken = zh_whole(&hit[1])?;
            let figure: u64 = hit[2].parse().ok()?;
            (spoken != figure).then(|| pair(&hit, from))
        });
        let capitals = CAPITALS.captures_iter(text).filter_map(|hit| {
            let wrong = capitals(&hit[2], &hit[1])?;
            wrong.then(|| {
                let (place, figure, spoken) = pair(&hit, from);
                (place, spoken, figure)
            })
        });
        let capitals_first =
            CAPITALS_FIRST.captures_iter(text).filter_map(|hit| capitals_match(&hit, from));
        for (place, spoken, figure) in english.chain(chinese).chain(capitals).chain(capitals_first)
        {
            found.push(MISMATCH.at(
                source,
                place,
                &[("words", word(spoken)), ("figure", word(figure))],
            ));
        }
    }
    found
}

fn capitals_match(hit: &regex::Captures<'_>, from: usize) -> Option<(Place, String, String)> {
    capitals(&hit[1], &hit[2])?.then(|| pair(hit, from))
}

/// Place, first and second group of a hit.
fn pair(hit: &regex::Captures<'_>, from: usize) -> (Place, String, String) {
    let whole = hit.get(0).map_or(0..0, |whole| whole.range());
    let place = Place { start: from + whole.start, end: from + whole.end };
    (place, hit[1].trim().to_owned(), hit[2].to_owned())
}

/// The words of a number without what only leads to it: “and (2)” counts, it says nothing.
fn said(words: &str) -> &str {
    let mut words = words.trim();
    loop {
        let Some((first, rest)) = words.split_once([' ', '-']) else {
            return if is_lead(words) { "" } else { words };
        };
        let large = ["hundred", "thousand", "million", "billion"];
        let article = first.eq_ignore_ascii_case("a")
            && large.iter().any(|large| rest.trim().to_lowercase().starts_with(large));
        if !is_lead(first) || article {
            return words;
        }
        words = rest.trim();
    }
}

/// Whether the words are only a part of what the figure says: “one-half of one percent (0.5 %)”,
/// “4.5 million (4,500,000)”, or a year.
fn part(text: &str, hit: &regex::Captures<'_>, figure: Decimal) -> bool {
    let words = said(&hit[1]).to_lowercase();
    let scale = ["hundred", "thousand", "million", "billion"];
    let before = text[..hit.get(1).map_or(0, |words| words.start())].trim_end().to_lowercase();
    // “eight million, six hundred (8,000,600)” and “zero and (2)” are read in part.
    let goes_on = before
        .strip_suffix(',')
        .and_then(|before| before.rsplit([' ', '-']).next())
        .is_some_and(|last| spoken(last).is_some());
    let year = figure.scale() == 0 && (1900..2100).contains(&figure.mantissa());
    scale.iter().any(|scale| words.starts_with(scale))
        || goes_on
        || words.ends_with(" and")
        || before.ends_with("of")
        || before.ends_with("/100")
        || before.ends_with(|c: char| c.is_ascii_digit())
        || year && !words.contains("thousand")
}

fn is_lead(word: &str) -> bool {
    ["a", "and"].iter().any(|lead| word.eq_ignore_ascii_case(lead))
}

fn differs(spoken: Decimal, figure: Decimal) -> bool {
    spoken.to_fraction() != figure.to_fraction()
}

/// Whether an amount in capitals is not the figure; `None` where it cannot be read.
fn capitals(words: &str, figure: &str) -> Option<bool> {
    let words = units::parse_amount_zh(&words.replace('圆', "元").replace('正', "整")).ok()?;
    let figure = Decimal::from_str(&figure.replace(',', "")).ok()?;
    let minor = figure.to_fraction().checked_mul(Fraction::whole(100))?;
    Some(minor != Fraction::whole(words.minor()))
}

fn unit(source: &Source<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut say = |place: Place| {
        let text = source.at(place).to_owned();
        found.push(UNIT.at(source, place, &[("words", word(text))]));
    };
    for sentence in &source.sentences {
        let text = source.at(sentence.place);
        let from = sentence.place.start;
        for pattern in [&*ZH_BARE, &*EN_BARE] {
            for hit in pattern.find_iter(text) {
                say(Place { start: from + hit.start(), end: from + hit.end() });
            }
        }
        for hit in METRIC.captures_iter(text) {
            let Some(number) = hit.get(1) else { continue };
            if !METRIC_UNIT.is_match(&text[number.end()..]) {
                let start = hit.get(0).map_or(0, |whole| whole.start());
                say(Place { start: from + start, end: from + number.end() });
            }
        }
    }
    found
}

/// A share as it is written: `5%`, `0.5‰`, 万分之五, 百分之三.
pub(super) fn percent(text: &str) -> Option<Fraction> {
    let text = text.trim();
    for (prefix, parts) in [("万分之", 10_000), ("千分之", 1000), ("百分之", 100)] {
        if let Some(rest) = text.strip_prefix(prefix) {
            let value = match Decimal::from_str(rest) {
                Ok(value) => value.to_fraction(),
                Err(_) => Fraction::whole(i128::from(zh_whole(rest)?)),
            };
            return value.checked_div(Fraction::whole(parts));
        }
    }
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let value = Decimal::from_str(&text[..end]).ok()?.to_fraction();
    let parts = match text[end..].trim().chars().next()? {
        '‰' => 1000,
        '‱' => 10_000,
        _ => 100,
    };
    value.checked_div(Fraction::whole(parts))
}

/// An English number in words.
fn spoken(text: &str) -> Option<Decimal> {
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty()).collect();
    en_decimal(&words)
}

/// The first period of a sentence in days: `thirty (30) days`, 三十日, 90天, `3 months` as 90.
pub(super) fn days(text: &str) -> Option<u32> {
    let hit = PERIOD.captures(text)?;
    let amount =
        hit.name("figure").and_then(|figure| figure.as_str().parse().ok()).or_else(|| {
            let words = hit.name("han").map(|words| words.as_str());
            words.and_then(zh_whole).or_else(|| {
                let words = hit.name("words")?.as_str();
                let value = spoken(words)?;
                u64::try_from(value.mantissa()).ok().filter(|_| value.scale() == 0)
            })
        })?;
    let unit = hit.name("unit")?.as_str().to_lowercase();
    let per = match unit.as_str() {
        unit if unit.contains('月') || unit.starts_with("month") => 30,
        unit if unit.starts_with("week") || unit.contains('周') => 7,
        unit if unit.starts_with("year") || unit == "年" => 365,
        _ => 1,
    };
    u32::try_from(amount).ok()?.checked_mul(per)
}
