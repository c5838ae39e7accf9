//! Numerals with what stands around them: percentages, money, durations; words beside figures.

use units::Decimal;

use super::bound::{bound, tail};
use super::number::{Numeral, Script, numerals};
use super::{Kind, Number, TimeUnit};
use crate::Span;
use crate::letters::is_han;

/// What kind a number is by the words around it.
enum Measure {
    Percent { per: Option<TimeUnit> },
    Money { currency: &'static str, per: Option<String> },
    Duration { unit: TimeUnit },
    Plain,
}

/// A number with its measure, before a second way of writing it is joined.
struct Found {
    place: Span,
    value: Decimal,
    script: Script,
    measure: Measure,
}

/// Finds the quantities of a text; leaves out what dates and references in `found` took.
pub(super) fn find(text: &str, found: &mut Vec<(Span, Kind)>) {
    let taken: Vec<Span> = found.iter().map(|(place, _)| *place).collect();
    let mut coverage = Vec::new();
    cover(text, &mut coverage);
    let free = |place: Span| {
        !taken
            .iter()
            .chain(coverage.iter().map(|(place, _)| place))
            .any(|other| overlap(*other, place))
    };
    let numerals: Vec<Numeral> =
        numerals(text).into_iter().filter(|numeral| free(numeral.place)).collect();
    let mut at = 0;
    while at < numerals.len() {
        let (first, next) = measured(text, &numerals, at);
        at = next;
        let Some(first) = first else { continue };
        let (kind, place, next) = paired(text, &numerals, at, first);
        at = next;
        if let Some(kind) = kind {
            found.push((place, kind));
        }
    }
    found.append(&mut coverage);
}

const fn overlap(one: Span, other: Span) -> bool {
    one.start < other.end && other.start < one.end
}

/// `7x24`, `24/7`.
fn cover(text: &str, found: &mut Vec<(Span, Kind)>) {
    const FORMS: [(&str, u8, u8); 14] = [
        ("7x24", 24, 7),
        ("7×24", 24, 7),
        ("7X24", 24, 7),
        ("7*24", 24, 7),
        ("24x7", 24, 7),
        ("24×7", 24, 7),
        ("24X7", 24, 7),
        ("24/7", 24, 7),
        ("7/24", 24, 7),
        ("5x8", 8, 5),
        ("5×8", 8, 5),
        ("5X8", 8, 5),
        ("8x5", 8, 5),
        ("8×5", 8, 5),
    ];
    for (form, hours, days) in FORMS {
        for (start, _) in text.match_indices(form) {
            let before = text[..start].ends_with(|letter: char| letter.is_ascii_alphanumeric());
            let behind = &text[start + form.len()..];
            if before || behind.starts_with(|letter: char| letter.is_ascii_digit() || letter == '/')
            {
                continue;
            }
            let unit =
                ["小时", " hours", " hour"].into_iter().find(|unit| behind.starts_with(unit));
            let end = start + form.len() + unit.map_or(0, str::len);
            found.push((Span { start, end }, Kind::Coverage { hours, days }));
        }
    }
}

/// The numeral at `at` with its scale and measure; and the index of the numeral behind it.
fn measured(text: &str, numerals: &[Numeral], at: usize) -> (Option<Found>, usize) {
    let numeral = numerals[at];
    let before = &text[..numeral.place.start];
    let after = &text[numeral.place.end..];
    if let Some((points, lead)) = fraction(before, numeral.value) {
        let start = numeral.place.start - lead;
        let place = Span { start, end: numeral.place.end };
        let per = per_time(&text[..start], after);
        let measure = Measure::Percent { per };
        return (Some(Found { place, value: points, script: numeral.script, measure }), at + 1);
    }
    if after.starts_with('号')
        || after.starts_with("分之")
        || after.starts_with("个性")
        || is_named(before, numeral)
    {
        return (None, at + 1);
    }
    if after.trim_start().starts_with('‰') && numeral.value.scale() < Decimal::MAX_SCALE {
        let points = Decimal::new(numeral.value.mantissa(), numeral.value.scale() + 1);
        let end = text.len() - after.trim_start().len() + '‰'.len_utf8();
        let per = per_time(before, &text[end..]);
        let place = Span { start: numeral.place.start, end };
        let measure = Measure::Percent { per };
        let found = Found { place, value: points, script: numeral.script, measure };
        return (Some(found), at + 1);
    }
    let (value, scaled) = scale(numeral.value, after, numeral.script);
    let end = numeral.place.end + scaled;
    let behind = &text[end..];
    let (measure, start, end) = measure(text, numeral.place.start, end, behind, numeral);
    let found = Found { place: Span { start, end }, value, script: numeral.script, measure };
    // A unit that begins with a numeral (`十个千字节`) is not read twice.
    let next = numerals[at + 1..].iter().take_while(|other| other.place.start < end).count();
    (Some(found), at + 1 + next)
}

/// `百分之五`, `万分之五`: the points, and the bytes before the numeral.
fn fraction(before: &str, value: Decimal) -> Option<(Decimal, usize)> {
    for (word, shift) in [("百分之", 0_u8), ("千分之", 1), ("万分之", 2)] {
        if before.ends_with(word) {
            let scale = value.scale() + shift;
            let fits = scale <= Decimal::MAX_SCALE;
            return fits.then(|| (Decimal::new(value.mantissa(), scale).normalized(), word.len()));
        }
    }
    None
}

/// Whether the figure is part of a name: `ISO 27001`, `SOC 2`, `第3`, `GB/T 35273`.
fn is_named(before: &str, numeral: Numeral) -> bool {
    const NAMES: [&str; 14] = [
        "ISO", "SOC", "IEC", "27001", "NIST", "RFC", "GB/T", "Type", "Form", "PCI DSS", "Windows",
        "TLS", "AES", "Rule",
    ];
    if numeral.script == Script::Words {
        return false;
    }
    let trimmed = before.trim_end().trim_end_matches('-');
    let hyphened = before.strip_suffix('-');
    if hyphened.is_some_and(|name| name.ends_with(|c: char| c.is_ascii_alphabetic())) {
        return true;
    }
    before.ends_with(['第', '#', '№'])
        || before.ends_with("No. ")
        || before.ends_with("No.")
        || NAMES.iter().any(|name| trimmed.ends_with(name)) && numeral.script == Script::Figure
}

/// `10万`, `2.5 million`: the value, and the bytes of the scale.
fn scale(value: Decimal, after: &str, script: Script) -> (Decimal, usize) {
    const SCALES: [(&str, i128); 9] = [
        ("万亿", 1_000_000_000_000),
        ("亿", 100_000_000),
        ("万", 10_000),
        ("千", 1_000),
        ("百万", 1_000_000),
        (" million", 1_000_000),
        (" billion", 1_000_000_000),
        (" thousand", 1_000),
        ("k ", 1_000),
    ];
    if script != Script::Figure {
        return (value, 0);
    }
    for (word, factor) in SCALES {
        let Some(rest) = after.strip_prefix(word) else { continue };
        if rest.starts_with("分之") || word == "千" && rest.starts_with(['字', '瓦', '克', '米'])
        {
            continue;
        }
        let grown = value.mantissa().checked_mul(factor);
        return match grown {
            Some(grown) => (Decimal::new(grown, value.scale()).normalized(), word.trim_end().len()),
            None => (value, 0),
        };
    }
    (value, 0)
}

fn measure(
    text: &str,
    start: usize,
    end: usize,
    behind: &str,
    numeral: Numeral,
) -> (Measure, usize, usize) {
    let spaced = behind.trim_start_matches(' ');
    let gap = behind.len() - spaced.len();
    if let Some(sign) = percent_sign(spaced) {
        let end = end + gap + sign;
        let per = per_time(&text[..start], &text[end..]);
        return (Measure::Percent { per }, start, end);
    }
    if let Some((currency, lead)) = currency_before(&text[..start]) {
        let end = end + currency_behind(spaced).map_or(0, |(_, len)| gap + len);
        let per = per_thing(&text[end..]);
        return (Measure::Money { currency, per }, start - lead, end);
    }
    if let Some((currency, len)) = currency_behind(spaced) {
        let end = end + gap + len;
        let per = per_thing(&text[end..]);
        return (Measure::Money { currency, per }, start, end);
    }
    let timed = time_unit(behind, numeral.script).filter(|(unit, len)| {
        !is_calendar(&text[..start], *unit, &behind[*len..], numeral, behind)
    });
    if let Some((unit, len)) = timed {
        return (Measure::Duration { unit }, start, end + len);
    }
    (Measure::Plain, start, end)
}

fn percent_sign(text: &str) -> Option<usize> {
    ["%", "％", "percentage points", "percent", "per cent"]
        .into_iter()
        .find(|sign| text.starts_with(sign))
        .map(str::len)
}

/// The currency that stands before a figure, and its bytes.
fn currency_before(before: &str) -> Option<(&'static str, usize)> {
    const SIGNS: [(&str, &str); 22] = [
        ("US$", "USD"),
        ("U.S.$", "USD"),
        ("HK$", "HKD"),
        ("S$", "SGD"),
        ("C$", "CAD"),
        ("A$", "AUD"),
        ("$", "USD"),
        ("USD", "USD"),
        ("€", "EUR"),
        ("EUR", "EUR"),
        ("£", "GBP"),
        ("GBP", "GBP"),
        ("RMB¥", "CNY"),
        ("¥", "CNY"),
        ("￥", "CNY"),
        ("RMB", "CNY"),
        ("CNY", "CNY"),
        ("人民币", "CNY"),
        ("JPY", "JPY"),
        ("HKD", "HKD"),
        ("SGD", "SGD"),
        ("CHF", "CHF"),
    ];
    let trimmed = before.trim_end_matches(' ');
    let gap = before.len() - trimmed.len();
    if gap > 1 {
        return None;
    }
    let (sign, code) = SIGNS.into_iter().find(|(sign, _)| trimmed.ends_with(sign))?;
    let outer = trimmed[..trimmed.len() - sign.len()].strip_suffix("人民币").map_or(0, |_| 9);
    Some((code, sign.len() + gap + outer))
}

/// The currency that stands behind a figure, and its bytes.
fn currency_behind(after: &str) -> Option<(&'static str, usize)> {
    const WORDS: [(&str, &str); 28] = [
        ("人民币元", "CNY"),
        ("元整", "CNY"),
        ("元人民币", "CNY"),
        ("元", "CNY"),
        ("圆整", "CNY"),
        ("圆", "CNY"),
        ("美元", "USD"),
        ("欧元", "EUR"),
        ("港元", "HKD"),
        ("港币", "HKD"),
        ("日元", "JPY"),
        ("英镑", "GBP"),
        ("新加坡元", "SGD"),
        ("U.S. dollars", "USD"),
        ("U.S. Dollars", "USD"),
        ("US dollars", "USD"),
        ("United States dollars", "USD"),
        ("Dollars", "USD"),
        ("dollars", "USD"),
        ("USD", "USD"),
        ("euros", "EUR"),
        ("euro", "EUR"),
        ("EUR", "EUR"),
        ("€", "EUR"),
        ("pounds sterling", "GBP"),
        ("yuan", "CNY"),
        ("RMB", "CNY"),
        ("CNY", "CNY"),
    ];
    let (word, code) = WORDS.into_iter().find(|(word, _)| after.starts_with(word))?;
    let rest = &after[word.len()..];
    // 元旦, 元素, 元数据 are words of their own; 元件 too.
    if word == "元" && rest.starts_with(['旦', '素', '数', '件', '宇']) {
        return None;
    }
    Some((code, word.len()))
}

/// What a price is for: `/GPU小时`, `per hour`.
fn per_thing(after: &str) -> Option<String> {
    let rest = after.trim_start_matches(' ');
    let rest = rest
        .strip_prefix('/')
        .or_else(|| rest.strip_prefix("per "))
        .or_else(|| rest.strip_prefix("每"))
        .or_else(|| {
            rest.strip_prefix("a ").filter(|r| r.starts_with("month") || r.starts_with("year"))
        })?;
    let end = rest
        .char_indices()
        .find(|(_, letter)| {
            !(letter.is_alphanumeric() || *letter == '/' || *letter == ' ' || *letter == ',')
                || matches!(letter, '的' | '计' | '作' | '，')
        })
        .map_or(rest.len(), |(at, _)| at);
    let mut words: Vec<&str> = rest[..end].split(' ').filter(|word| !word.is_empty()).collect();
    // `per 1,000 tokens` has two words, `per hour` one.
    let figured = words.first().is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    words.truncate(if figured { 2 } else { 1 });
    let thing: String = words.join(" ").trim_end_matches(',').chars().take(40).collect();
    (!thing.is_empty()).then_some(thing)
}

/// The unit of time at the start of `after`, and its bytes.
fn time_unit(after: &str, script: Script) -> Option<(TimeUnit, usize)> {
    const HAN: [(&str, TimeUnit); 26] = [
        ("个工作日", TimeUnit::WorkingDays),
        ("工作日", TimeUnit::WorkingDays),
        ("个自然日", TimeUnit::Days),
        ("个日历日", TimeUnit::Days),
        ("自然日", TimeUnit::Days),
        ("日历日", TimeUnit::Days),
        ("个小时", TimeUnit::Hours),
        ("小时", TimeUnit::Hours),
        ("分钟", TimeUnit::Minutes),
        ("毫秒", TimeUnit::Milliseconds),
        ("秒钟", TimeUnit::Seconds),
        ("秒", TimeUnit::Seconds),
        ("个星期", TimeUnit::Weeks),
        ("星期", TimeUnit::Weeks),
        ("周年", TimeUnit::Years),
        ("周", TimeUnit::Weeks),
        ("个自然月", TimeUnit::Months),
        ("个日历月", TimeUnit::Months),
        ("个月", TimeUnit::Months),
        ("个季度", TimeUnit::Quarters),
        ("季度", TimeUnit::Quarters),
        ("个年度", TimeUnit::Years),
        ("年", TimeUnit::Years),
        ("个日", TimeUnit::Days),
        ("天", TimeUnit::Days),
        ("日", TimeUnit::Days),
    ];
    const LATIN: [(&str, TimeUnit); 17] = [
        ("millisecond", TimeUnit::Milliseconds),
        ("ms", TimeUnit::Milliseconds),
        ("second", TimeUnit::Seconds),
        ("minute", TimeUnit::Minutes),
        ("hour", TimeUnit::Hours),
        ("calendar day", TimeUnit::Days),
        ("consecutive day", TimeUnit::Days),
        ("natural day", TimeUnit::Days),
        ("business day", TimeUnit::WorkingDays),
        ("working day", TimeUnit::WorkingDays),
        ("banking day", TimeUnit::WorkingDays),
        ("day", TimeUnit::Days),
        ("week", TimeUnit::Weeks),
        ("calendar month", TimeUnit::Months),
        ("month", TimeUnit::Months),
        ("quarter", TimeUnit::Quarters),
        ("year", TimeUnit::Years),
    ];
    let rest = after.trim_start_matches([' ', '-', '–']);
    let gap = after.len() - rest.len();
    if let Some((word, unit)) = HAN.into_iter().find(|(word, _)| rest.starts_with(word)) {
        let plain_month = script != Script::Figure && rest.starts_with("月");
        return (!plain_month).then_some((unit, gap + word.len()));
    }
    if gap > 2 {
        return None;
    }
    let head = head(rest, 24).to_ascii_lowercase();
    let (prefix, head) = ["consecutive ", "full "]
        .into_iter()
        .find_map(|word| head.strip_prefix(word).map(|rest| (word.len(), rest.to_owned())))
        .unwrap_or((0, head));
    let (word, unit) = LATIN.into_iter().find(|(word, _)| head.starts_with(word))?;
    let rest = &head[word.len()..];
    let plural = usize::from(rest.starts_with('s'));
    let ends = !rest[plural..].starts_with(|letter: char| letter.is_ascii_alphabetic());
    (ends && (word != "ms" || plural == 0)).then_some((unit, gap + prefix + word.len() + plural))
}

/// At most the first `most` bytes.
fn head(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Whether the figure names a day, month or year of the calendar, not a length: `每月10日`, `2026年`,
/// `2025年度`.
fn is_calendar(before: &str, unit: TimeUnit, rest: &str, numeral: Numeral, behind: &str) -> bool {
    match unit {
        TimeUnit::Years => {
            let four =
                numeral.value >= Decimal::from(1_900) && numeral.value < Decimal::from(2_200);
            four && behind.trim_start().starts_with('年')
        }
        TimeUnit::Days => {
            let named = ["每月", "当月", "次月", "该月", "本月", "每月的", "月"]
                .iter()
                .any(|word| before.trim_end().ends_with(word));
            named && behind.trim_start().starts_with('日') && !rest.starts_with(['内', '起'])
        }
        // 18周岁 is an age.
        TimeUnit::Weeks => rest.starts_with('岁'),
        _ => false,
    }
}

/// The time that a rate counts for, by the words around it.
fn per_time(before: &str, after: &str) -> Option<TimeUnit> {
    const BEHIND: [(&str, TimeUnit); 22] = [
        ("per annum", TimeUnit::Years),
        ("per year", TimeUnit::Years),
        ("a year", TimeUnit::Years),
        ("annually", TimeUnit::Years),
        ("annual", TimeUnit::Years),
        ("p.a.", TimeUnit::Years),
        ("per month", TimeUnit::Months),
        ("a month", TimeUnit::Months),
        ("monthly", TimeUnit::Months),
        ("per week", TimeUnit::Weeks),
        ("per day", TimeUnit::Days),
        ("a day", TimeUnit::Days),
        ("daily", TimeUnit::Days),
        ("per hour", TimeUnit::Hours),
        ("/日", TimeUnit::Days),
        ("/天", TimeUnit::Days),
        ("每日", TimeUnit::Days),
        ("每天", TimeUnit::Days),
        ("/月", TimeUnit::Months),
        ("每月", TimeUnit::Months),
        ("/年", TimeUnit::Years),
        ("每年", TimeUnit::Years),
    ];
    const BEFORE: [(&str, TimeUnit); 18] = [
        ("每日", TimeUnit::Days),
        ("每天", TimeUnit::Days),
        ("按日", TimeUnit::Days),
        ("日息", TimeUnit::Days),
        ("日利率", TimeUnit::Days),
        ("每逾期一日", TimeUnit::Days),
        ("每逾期一天", TimeUnit::Days),
        ("每延迟一日", TimeUnit::Days),
        ("每月", TimeUnit::Months),
        ("按月", TimeUnit::Months),
        ("月利率", TimeUnit::Months),
        ("月息", TimeUnit::Months),
        ("月度", TimeUnit::Months),
        ("年利率", TimeUnit::Years),
        ("年化", TimeUnit::Years),
        ("年息", TimeUnit::Years),
        ("每年", TimeUnit::Years),
        ("daily rate of", TimeUnit::Days),
    ];
    let rest = after.trim_start_matches([' ', '(', '（', '的']);
    if let Some((_, unit)) = BEHIND.into_iter().find(|(word, _)| rest.starts_with(word)) {
        return Some(unit);
    }
    let near = tail(before, 60);
    let near = near.rsplit(['，', ',', '。', '；', ';']).next().unwrap_or(near);
    BEFORE
        .into_iter()
        .filter_map(|(word, unit)| near.rfind(word).map(|at| (at, unit)))
        .max_by_key(|(at, _)| *at)
        .map(|(_, unit)| unit)
}

/// Joins `thirty (30) days` and `30（三十）日`: one value with both ways of writing it.
fn paired(
    text: &str,
    numerals: &[Numeral],
    at: usize,
    first: Found,
) -> (Option<Kind>, Span, usize) {
    let Some(second) = numerals.get(at) else {
        let place = first.place;
        return (first.kind(text, None), place, at);
    };
    let between = &text[first.place.end.min(second.place.start)..second.place.start];
    let opening = between.trim_start();
    let bracket = opening.starts_with(['(', '（'])
        && opening.chars().count() <= 8
        && opening
            .trim_start_matches(['(', '（', ' ', '$', '¥', '￥', '€', '£', ':', '：'])
            .trim_start_matches("大写")
            .trim_start_matches("小写")
            .trim_start_matches([' ', ':', '：', '¥', '￥'])
            .trim_start_matches("人民币")
            .trim_start_matches("US$")
            .is_empty();
    if !bracket || second.script == first.script {
        let place = first.place;
        return (first.kind(text, None), place, at);
    }
    let (Some(second), next) = measured(text, numerals, at) else {
        let place = first.place;
        return (first.kind(text, None), place, at);
    };
    let closing = &text[second.place.end..];
    let Some(closed) =
        closing.find([')', '）']).filter(|gap| *gap <= 8 && closing.is_char_boundary(*gap))
    else {
        let place = first.place;
        return (first.kind(text, None), place, at);
    };
    let end =
        second.place.end + closed + closing[closed..].chars().next().map_or(0, char::len_utf8);
    // The figure counts; the words are kept beside it.
    let figure_first = first.script == Script::Figure;
    let (figure, words) =
        if figure_first { (first.value, second.value) } else { (second.value, first.value) };
    let outer = Numeral {
        place: Span { start: first.place.start, end },
        value: figure,
        script: Script::Figure,
    };
    let measure = match (first.measure, second.measure) {
        (Measure::Plain, Measure::Plain) => {
            let (measure, _, to) = measure(text, first.place.start, end, &text[end..], outer);
            let place = Span { start: first.place.start, end: to };
            let found = Found { place, value: figure, script: Script::Figure, measure };
            return (found.kind(text, Some(words)), place, next);
        }
        (Measure::Plain, measure) | (measure, _) => measure,
    };
    let mut place = Span { start: first.place.start, end };
    if let Measure::Percent { per: None } = &measure {
        let per = per_time(&text[..place.start], &text[end..]);
        let found = Found {
            place,
            value: figure,
            script: Script::Figure,
            measure: Measure::Percent { per },
        };
        return (found.kind(text, Some(words)), place, next);
    }
    if matches!(measure, Measure::Duration { .. }) {
        place.end = end + time_unit(&text[end..], Script::Figure).map_or(0, |(_, len)| len);
    }
    let found = Found { place, value: figure, script: Script::Figure, measure };
    (found.kind(text, Some(words)), place, next)
}

impl Found {
    fn kind(self, text: &str, words: Option<Decimal>) -> Option<Kind> {
        let Self { place, value, script, measure } = self;
        let bound = bound(&text[..place.start], &text[place.end..]);
        let number =
            Number { value: value.normalized(), words: words.map(Decimal::normalized), bound };
        Some(match measure {
            Measure::Percent { per } => Kind::Percent { number, per },
            Measure::Money { currency, per } => Kind::Money { number, currency, per },
            Measure::Duration { unit } => Kind::Duration { number, unit },
            // A numeral in words or Han letters without a unit is mostly no number (一方, one party).
            Measure::Plain => {
                let glued =
                    text[place.end..].starts_with(is_han) || text[..place.start].ends_with(is_han);
                let counts = script == Script::Figure
                    || words.is_some()
                    || (script == Script::Han && !glued);
                return counts.then_some(Kind::Number { number });
            }
        })
    }
}
