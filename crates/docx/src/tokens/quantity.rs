//! Figures with what belongs to them: `人民币 12,000 元`, `USD 1,000.00`, `30 日`, `第3.4条`, `99.9%`,
//! `2026年1月2日`, `三十日`, `百分之五`.

use super::cut::known;
use super::word;

/// What stands before an amount; a longer one before what it begins with.
const MONEY: [&str; 19] = [
    "人民币",
    "美元",
    "港元",
    "港币",
    "欧元",
    "英镑",
    "日元",
    "US$",
    "HK$",
    "RMB",
    "CNY",
    "USD",
    "HKD",
    "EUR",
    "GBP",
    "JPY",
    "SGD",
    "CHF",
    "AUD",
];
/// What stands behind a number and belongs to it; a longer one before what it begins with.
const UNITS: [&str; 39] = [
    "元整",
    "万元",
    "亿元",
    "万美元",
    "万港元",
    "亿美元",
    "美元",
    "港元",
    "港币",
    "欧元",
    "英镑",
    "日元",
    "元",
    "个工作日",
    "个自然日",
    "个日历日",
    "个日历月",
    "个自然月",
    "个百分点",
    "个月",
    "工作日",
    "自然日",
    "日历日",
    "小时",
    "分钟",
    "毫秒",
    "秒",
    "日",
    "天",
    "周",
    "月",
    "年",
    "倍",
    "次",
    "份",
    "项",
    "条",
    "万",
    "亿",
];
/// The parts of a number of a place in the document.
const PLACES: [&str; 9] = ["条", "款", "项", "章", "节", "页", "部分", "期", "阶段"];
/// What makes an amount in English larger.
const LARGER: [&str; 3] = ["million", "billion", "thousand"];

/// The length of a quantity at the start, and whether it is one in any case; one in Chinese
/// numerals may as well be part of a word (`统一日期`).
pub(super) fn quantity(text: &str, after_word: bool) -> Option<(usize, bool)> {
    if let Some(length) = money(text, after_word) {
        return Some((length, true));
    }
    if let Some(rest) = text.strip_prefix('第') {
        let blank = blanks(rest);
        let (number, _) = figure(&rest[blank..])?;
        let end = '第'.len_utf8() + blank + number;
        return Some((end + after(&text[end..], &PLACES)?, true));
    }
    if let Some(rest) = text.strip_prefix("百分之") {
        let (number, _) = figure(rest)?;
        return Some((text.len() - rest.len() + number, true));
    }
    if after_word {
        return None;
    }
    let (mut end, sure) = figure(text)?;
    if let Some(rest) = text[end..].strip_prefix("分之")
        && let Some((number, _)) = figure(rest)
    {
        return Some((text.len() - rest.len() + number, true));
    }
    let sign = text[end..].chars().next().filter(|c| matches!(c, '%' | '％' | '‰'));
    if let Some(sign) = sign {
        return Some((end + sign.len_utf8(), true));
    }
    let Some(unit) = after(&text[end..], &UNITS) else {
        let several = text[..end].chars().count() > 1;
        return (sure || several).then_some((end, sure));
    };
    end += unit;
    // A date goes on to its day.
    while text[..end].ends_with(['年', '月'])
        && let Some((number, _)) = figure(&text[end + blanks(&text[end..])..])
    {
        let behind = end + blanks(&text[end..]) + number;
        let Some(unit) = after(&text[behind..], &["月", "日"]) else { break };
        end = behind + unit;
    }
    Some((end, sure))
}

/// An amount behind its currency, with its unit.
fn money(text: &str, after_word: bool) -> Option<usize> {
    let signs = text.chars().take_while(|c| matches!(c, '$' | '€' | '£' | '¥' | '￥'));
    let signs: usize = signs.map(char::len_utf8).sum();
    let name = MONEY.iter().find(|name| text.starts_with(**name)).map_or(0, |name| name.len());
    let torn = after_word && text.starts_with(word);
    let mut end = signs.max(name);
    // `人民币￥12,000`
    end += text[end..]
        .chars()
        .next()
        .filter(|c| name > 0 && matches!(c, '¥' | '￥'))
        .map_or(0, char::len_utf8);
    if end == 0 || torn {
        return None;
    }
    end += blanks(&text[end..]);
    end += figure(&text[end..])?.0;
    let larger = text[end..].strip_prefix(' ').and_then(|rest| {
        let found = LARGER.iter().find(|name| rest.starts_with(**name))?;
        (!rest[found.len()..].starts_with(word)).then_some(1 + found.len())
    });
    Some(end + larger.or_else(|| after(&text[end..], &UNITS)).unwrap_or(0))
}

/// A number at the start: digits with separators, or a run of Chinese numerals. Says whether it is
/// of digits.
fn figure(text: &str) -> Option<(usize, bool)> {
    let mut end = 0;
    for (place, c) in text.char_indices() {
        let next = || text[place + c.len_utf8()..].chars().next();
        let inner = matches!(c, ',' | '.' | '，' | '-' | '/' | ':' | '．');
        if c.is_numeric() && !numeral(c)
            || end > 0 && inner && next().is_some_and(|c| c.is_ascii_digit())
        {
            end = place + c.len_utf8();
        } else {
            break;
        }
    }
    if end > 0 {
        return Some((end, true));
    }
    let count: usize = text.chars().take_while(|&c| numeral(c)).map(char::len_utf8).sum();
    (count > 0).then_some((count, false))
}

/// The length of a unit behind a number, with the blank before it. In `3.1 项目` there is none.
fn after(text: &str, units: &[&str]) -> Option<usize> {
    let blank = blanks(text);
    let rest = &text[blank..];
    let found = units.iter().find(|unit| rest.starts_with(**unit))?;
    let pair = rest.char_indices().nth(2).map_or(rest, |(end, _)| &rest[..end]);
    (found.len() >= pair.len() || !known(pair)).then_some(blank + found.len())
}

/// At most one blank.
fn blanks(text: &str) -> usize {
    text.chars()
        .next()
        .filter(|c| matches!(c, ' ' | '\u{a0}' | '\u{3000}'))
        .map_or(0, char::len_utf8)
}

fn numeral(c: char) -> bool {
    "〇零一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟萬億".contains(c)
}
