//! The number at the start of a line: every form that contracts in Chinese and English use, told
//! apart from figures that merely begin a sentence.
//!
//! Knows one line; which line is above which is decided in `tree`.

use crate::letters::is_han;
use crate::numeral::{is_zh_numeral, roman, zh_whole};

/// The family of a number. Two lines of one family are brothers or cousins, never parent and child,
/// but for [`Family::Path`], whose depth is its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// `附件一`, `Exhibit A`, `Annex II`, `Schedule 1`.
    Annex,
    /// `第一部分`, `Part I`.
    Part,
    /// `第一章`, `Chapter 1`.
    Chapter,
    /// `第一节`.
    Division,
    /// `第一条`, `ARTICLE I`.
    Article,
    /// `Section 8`, `§ 8`.
    Section,
    /// `一、`.
    Han,
    /// `（一）`.
    HanParen,
    /// `1.`, `1、`.
    Dotted,
    /// `A.`.
    Upper,
    /// `I.`.
    RomanUpper,
    /// `3.1`, `5.3.1`, `A.1`, `I.2.a`: see [`Marker::path`].
    Path,
    /// `(1)`, `（1）`.
    Paren,
    /// `1)`, `1）`.
    HalfParen,
    /// `①`.
    Circled,
    /// `(a)`, `a)`.
    LowerParen,
    /// `(A)`.
    UpperParen,
    /// `(i)`, `i)`.
    RomanParen,
    /// `(I)`, `(IV)`.
    RomanUpperParen,
    /// `a.`.
    Lower,
    /// `i.`.
    RomanLower,
    /// `-`, `•`.
    Bullet,
}

/// A number found at the start of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Marker {
    /// Its family.
    pub(crate) family: Family,
    /// The value of each part; one but for [`Family::Path`].
    pub(crate) path: Vec<u32>,
    /// The same letters read as a Roman numeral, where both readings are possible (`(i)`, `v.`).
    pub(crate) roman: Option<u32>,
    /// The number as it reads, without the stop behind it.
    pub(crate) number: String,
    /// What it adds to an anchor.
    pub(crate) label: String,
    /// Bytes of the line up to the text.
    pub(crate) len: usize,
    /// Whether it could as well be a figure that begins a sentence: counts only where its
    /// neighbours make it likely.
    pub(crate) weak: bool,
}

const BULLETS: &[char] =
    &['-', '–', '—', '•', '●', '○', '·', '*', '■', '□', '▪', '◦', '‣', '➢', '►', '\u{f0b7}', '✓'];

/// The number at the start of `line`, a tidied line.
pub(crate) fn marker(line: &str) -> Option<Marker> {
    bullet(line)
        .or_else(|| counted(line))
        .or_else(|| annex_zh(line))
        .or_else(|| titled(line))
        .or_else(|| in_parens(line))
        .or_else(|| han_list(line))
        .or_else(|| circled(line))
        .or_else(|| dotted(line))
}

/// Whether a line begins with a number or a bullet.
#[must_use]
pub fn has_number(line: &str) -> bool {
    marker(&head(line)).is_some_and(|found| !found.weak)
}

/// Whether a line begins with a number that no sentence begins with: not a bullet, not a single
/// letter or figure without a stop.
#[must_use]
pub fn has_firm_number(line: &str) -> bool {
    let head = head(line);
    marker(&head).is_some_and(|found| {
        let alone = found.len >= head.len();
        !found.weak && !alone && found.family != Family::Bullet
    })
}

/// As much of a line as a number can take.
fn head(line: &str) -> String {
    line.chars().take(120).collect()
}

impl Marker {
    fn new(family: Family, value: u32, number: &str, label: String, len: usize) -> Self {
        let number = number.to_owned();
        Self { family, path: vec![value], roman: None, number, label, len, weak: false }
    }

    /// The last part of the value.
    pub(crate) fn value(&self) -> u32 {
        self.path.last().copied().unwrap_or(0)
    }

    /// Whether it opens a clause of its own right wherever it stands.
    pub(crate) fn is_strong(&self) -> bool {
        matches!(
            self.family,
            Family::Part | Family::Chapter | Family::Division | Family::Article | Family::Annex
        )
    }
}

fn bullet(line: &str) -> Option<Marker> {
    let first = line.chars().next()?;
    let rest = line.strip_prefix(BULLETS)?;
    let spaced = rest.starts_with(' ');
    let wide =
        matches!(first, '•' | '●' | '■' | '□' | '▪' | '◦' | '‣' | '➢' | '►' | '\u{f0b7}' | '·');
    let glued = rest.starts_with(is_han) && !rest.contains(['—', '–']) && first == '-';
    if rest.trim().is_empty() || !(spaced || wide || glued) {
        return None;
    }
    let len = line.len() - rest.trim_start().len();
    Some(Marker::new(Family::Bullet, 0, "", String::new(), len))
}

/// `第三条`, `第 3 章`.
fn counted(line: &str) -> Option<Marker> {
    let rest = line.strip_prefix('第')?.trim_start();
    let digits = run(rest, |letter| is_zh_numeral(letter) || letter.is_ascii_digit());
    let value = u32::try_from(zh_whole(digits)?).ok()?;
    let after = rest[digits.len()..].trim_start();
    let (family, unit, mark) = [
        (Family::Part, "部分", "部"),
        (Family::Part, "编", "编"),
        (Family::Chapter, "章", "章"),
        (Family::Division, "节", "节"),
        (Family::Article, "条", ""),
    ]
    .into_iter()
    .find_map(|(family, unit, mark)| after.starts_with(unit).then_some((family, unit, mark)))?;
    let behind = &after[unit.len()..];
    // 第三条第二款, 第三条所述, 第三条的: a reference that begins a sentence, not a number.
    if ["第", "所", "的", "之", "约定", "规定", "项", "款", "至", "或", "及", "和", "、"]
        .iter()
        .any(|word| behind.starts_with(word))
    {
        return None;
    }
    let end = line.len() - behind.len();
    let number: String = line[..end].split_whitespace().collect();
    let text = behind.trim_start_matches([' ', '：', ':', '、', '.', '．', '，']);
    let len = line.len() - text.len();
    Some(Marker::new(family, value, &number, format!("{mark}{value}"), len))
}

/// `附件一：…` as the head of an annex; a sentence that speaks of one is none.
fn annex_zh(line: &str) -> Option<Marker> {
    let word = ["附件", "附录", "附表"].into_iter().find(|word| line.starts_with(word))?;
    let rest = line[word.len()..].trim_start();
    let digits = run(rest, |letter| is_zh_numeral(letter) || letter.is_ascii_digit());
    let value = if digits.is_empty() { 1 } else { u32::try_from(zh_whole(digits)?).ok()? };
    let behind = &rest[digits.len()..];
    let text = behind.trim_start_matches([' ', '：', ':', '—', '-', '.', '．']);
    let is_head = line.chars().count() <= 40
        && !line.contains(['。', '；', '，', '、'])
        && (text.is_empty() || text.len() < behind.len() || text.starts_with(['《', '（', '(']));
    if !is_head || (digits.is_empty() && !text.is_empty()) {
        return None;
    }
    let number: String = line[..line.len() - behind.len()].split_whitespace().collect();
    let label = number.replace(digits, &value.to_string());
    Some(Marker::new(Family::Annex, value, &number, label, line.len() - text.len()))
}

/// `ARTICLE IV`, `Section 8.2`, `Exhibit A`, `§ 3`: a word and a number.
fn titled(line: &str) -> Option<Marker> {
    const WORDS: [(&str, Family); 14] = [
        ("article", Family::Article),
        ("section", Family::Section),
        ("sec.", Family::Section),
        ("§", Family::Section),
        ("clause", Family::Section),
        ("chapter", Family::Chapter),
        ("part", Family::Part),
        ("exhibit", Family::Annex),
        ("annex", Family::Annex),
        ("appendix", Family::Annex),
        ("schedule", Family::Annex),
        ("attachment", Family::Annex),
        ("addendum", Family::Annex),
        ("module", Family::Part),
    ];
    let (word, family) = WORDS.into_iter().find(|(word, _)| starts_ignoring_case(line, word))?;
    let rest = line[word.len()..].trim_start();
    if rest.len() == line.len() - word.len() && word != "§" {
        return None;
    }
    let token = run(rest, |letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-'));
    let token = token.trim_end_matches(['.', '-']);
    if token.is_empty() || token.len() > 8 || line.starts_with(|c: char| c.is_ascii_lowercase()) {
        return None;
    }
    let behind = rest[token.len()..].trim_start_matches(['.', ':', ')', ' ', '-', '–', '—']);
    let gap = rest.len() - token.len() - behind.len();
    let title = behind.is_empty()
        || (gap > 0 && behind.starts_with(|c: char| c.is_uppercase() || "\"“[(_".contains(c)));
    let stopped = rest[token.len()..].trim_start().starts_with([':', '.', '–', '—', '-']);
    let sentence = family == Family::Annex && !stopped && line.chars().count() > 90;
    if !title || sentence {
        return None;
    }
    let path = path_of(token)?;
    let number = line[..line.len() - rest.len() + token.len()].to_owned();
    let label = match family {
        Family::Article | Family::Section => token.to_owned(),
        _ => format!("{}-{token}", word.to_ascii_uppercase()),
    };
    let family = if path.len() > 1 && family == Family::Section { Family::Path } else { family };
    let len = line.len() - behind.len();
    Some(Marker { family, path, roman: None, number, label, len, weak: false })
}

fn starts_ignoring_case(line: &str, word: &str) -> bool {
    line.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// `(a)`, `（1）`, `（一）`, `1)`, `a）`.
fn in_parens(line: &str) -> Option<Marker> {
    let open = line.starts_with(['(', '（']);
    let inner = line.trim_start_matches(['(', '（']);
    if line.len() - inner.len() > 3 {
        return None;
    }
    let inner = inner.trim_start();
    let token = run(inner, |letter| letter.is_ascii_alphanumeric() || is_zh_numeral(letter));
    let behind = inner[token.len()..].trim_start();
    let rest = behind.strip_prefix([')', '）'])?;
    let (family, value, as_roman) = token_value(token, open)?;
    if !open && rest.starts_with(['(', ',', '.', ';', ':']) {
        return None;
    }
    let text = rest.trim_start_matches([' ', '、', '.']);
    let number = if open { format!("({token})") } else { format!("{token})") };
    let len = line.len() - text.len();
    let mut marker = Marker::new(family, value, &number, number.clone(), len);
    marker.roman = as_roman;
    marker.weak = !open && token.len() > 2;
    Some(marker)
}

fn token_value(token: &str, open: bool) -> Option<(Family, u32, Option<u32>)> {
    if token.starts_with(is_zh_numeral) {
        let value = u32::try_from(zh_whole(token)?).ok()?;
        return (value < 200).then_some((Family::HanParen, value, None));
    }
    if token.bytes().all(|byte| byte.is_ascii_digit()) {
        let value: u32 = token.parse().ok()?;
        let family = if open { Family::Paren } else { Family::HalfParen };
        return (value < 200).then_some((family, value, None));
    }
    let upper = token.bytes().all(|byte| byte.is_ascii_uppercase());
    if !upper && !token.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
    let as_roman = roman(token);
    let letter = letter_value(token);
    match (letter, as_roman) {
        (Some(letter), roman) => {
            Some((if upper { Family::UpperParen } else { Family::LowerParen }, letter, roman))
        }
        (None, Some(value)) => {
            let family = if upper { Family::RomanUpperParen } else { Family::RomanParen };
            Some((family, value, Some(value)))
        }
        (None, None) => None,
    }
}

/// `a` is 1, `z` 26, `aa` 27, `bb` 28.
fn letter_value(token: &str) -> Option<u32> {
    let first = *token.as_bytes().first()?;
    let same = token.bytes().all(|byte| byte == first);
    if !first.is_ascii_alphabetic()
        || !same
        || token.len() > 2
        || roman(token).is_some() && token.len() > 1
    {
        return None;
    }
    let value = u32::from(first.to_ascii_lowercase() - b'a') + 1;
    Some(if token.len() == 2 { value + 26 } else { value })
}

/// `一、`, `十一.`; also `一 定义` is too little to be a number.
fn han_list(line: &str) -> Option<Marker> {
    let token = run(line, is_zh_numeral);
    let value = u32::try_from(zh_whole(token)?).ok()?;
    let rest = line[token.len()..].trim_start().strip_prefix(['、', '.', '．', '：', ':'])?;
    if !(1..200).contains(&value) {
        return None;
    }
    let len = line.len() - rest.trim_start().len();
    Some(Marker::new(Family::Han, value, token, token.to_owned(), len))
}

fn circled(line: &str) -> Option<Marker> {
    let first = line.chars().next()?;
    let value = match first {
        '①'..='⑳' => u32::from(first) - u32::from('①') + 1,
        '⑴'..='⒇' => u32::from(first) - u32::from('⑴') + 1,
        '❶'..='❿' => u32::from(first) - u32::from('❶') + 1,
        _ => return None,
    };
    let text = line[first.len_utf8()..].trim_start_matches([' ', '、', '.']);
    let number = first.to_string();
    Some(Marker::new(Family::Circled, value, &number, number.clone(), line.len() - text.len()))
}

/// `1.`, `3.1`, `A.1.`, `I.2.a.`, `12、`, `01 …`.
fn dotted(line: &str) -> Option<Marker> {
    let token = run(line, |letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '．'));
    // A number glued to Latin words (`1.1Services`) ends where the word begins.
    let token = unglued(token);
    let number = token.trim_end_matches(['.', '．']);
    let rest = &line[token.len()..];
    let stopped = token.len() > number.len() || rest.starts_with('、');
    let behind = rest.trim_start_matches(['、', ' ', ':', '：', ')']);
    let path = path_of(number)?;
    let len = line.len() - behind.len();
    let spaced = rest.starts_with([' ', '、', ':', '：']) || rest.is_empty();
    if path.len() > 1 {
        let weak = is_quantity(rest)
            || (!spaced
                && !stopped
                && !rest.starts_with(|c: char| is_han(c) || "“\"《【[".contains(c)));
        if (weak && !spaced && !rest.starts_with(is_han)) || rest.starts_with(['%', '％', '‰']) {
            return None;
        }
        let mut marker = Marker::new(Family::Path, 0, number, number.to_owned(), len);
        if behind.is_empty() && path.contains(&0) {
            return None;
        }
        marker.path = path;
        marker.weak = weak || behind.is_empty();
        return Some(marker);
    }
    let value = *path.first()?;
    if number.bytes().all(|byte| byte.is_ascii_digit()) {
        let padded = number.len() == 2 && number.starts_with('0');
        if number.len() > 3 || value == 0 || (!stopped && !spaced) {
            return None;
        }
        let mut marker = Marker::new(Family::Dotted, value, number, number.to_owned(), len);
        marker.weak = !(stopped || padded && behind.is_empty());
        if marker.weak && (behind.is_empty() || is_quantity(rest)) {
            return None;
        }
        return Some(marker);
    }
    if !(stopped && token.len() == number.len() + 1 && (spaced || behind.starts_with(is_han))) {
        return None;
    }
    let upper = number.bytes().all(|byte| byte.is_ascii_uppercase());
    let (family, as_roman) = match (letter_value(number), roman(number), upper) {
        (Some(_), roman, true) => (Family::Upper, roman),
        (Some(_), roman, false) => (Family::Lower, roman),
        (None, roman, true) => (Family::RomanUpper, roman),
        (None, roman, false) => (Family::RomanLower, roman),
    };
    let mut marker = Marker::new(family, value, number, number.to_owned(), len);
    marker.roman = as_roman;
    marker.weak = behind.is_empty();
    Some(marker)
}

/// Cuts the letters of a word off a number that they are glued to.
fn unglued(token: &str) -> &str {
    let letters = token.len() - token.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len();
    let head = &token[..token.len() - letters];
    let digit = head.trim_end_matches('.').ends_with(|c: char| c.is_ascii_digit());
    if letters > 1 && digit && roman(&token[head.len()..]).is_none() { head } else { token }
}

/// Whether what stands behind a figure makes it a quantity (`1.5 million`, `3.5英寸`, `2026年`).
fn is_quantity(rest: &str) -> bool {
    const UNITS: [&str; 34] = [
        "年",
        "个",
        "日",
        "天",
        "元",
        "万",
        "亿",
        "小时",
        "分钟",
        "倍",
        "台",
        "条",
        "项",
        "美元",
        "人民币",
        "英寸",
        "GB",
        "TB",
        "MB",
        "million",
        "billion",
        "hours",
        "days",
        "percent",
        "per ",
        "times",
        "%",
        "months",
        "years",
        "x ",
        "USD",
        "EUR",
        "and ",
        "or ",
    ];
    let rest = rest.trim_start();
    UNITS.iter().any(|unit| rest.starts_with(unit))
}

/// The values of the parts of `3.1`, `A.1`, `I.2.a`; of `IV`, `7`, `B` where it is one part.
fn path_of(token: &str) -> Option<Vec<u32>> {
    let parts: Vec<&str> = token.split(['.', '．']).collect();
    if parts.is_empty() || parts.len() > 8 {
        return None;
    }
    if parts.len() > 1 && !parts.iter().any(|part| part.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    parts.iter().enumerate().map(|(at, part)| part_value(part, at)).collect()
}

fn part_value(part: &str, at: usize) -> Option<u32> {
    if part.is_empty() || part.len() > 5 {
        return None;
    }
    if part.bytes().all(|byte| byte.is_ascii_digit()) {
        return if part.len() > 3 { None } else { part.parse().ok() };
    }
    let upper = part.bytes().all(|byte| byte.is_ascii_uppercase());
    let lower = part.bytes().all(|byte| byte.is_ascii_lowercase());
    if !(upper || lower && at > 0 || lower && part.len() <= 4) {
        return None;
    }
    if upper && part.starts_with(['I', 'V', 'X']) {
        return roman(part).or_else(|| letter_value(part));
    }
    letter_value(part).or_else(|| roman(part))
}

/// The longest prefix whose letters all satisfy `wanted`.
fn run(text: &str, wanted: impl Fn(char) -> bool) -> &str {
    let end = text.find(|letter| !wanted(letter)).unwrap_or(text.len());
    &text[..end]
}
