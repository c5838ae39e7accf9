//! Numerals as contracts write them: figures, Chinese numerals (small and capital), Roman numerals,
//! English words. Exact, and `None` where a text is no numeral or leaves the range.

use units::Decimal;

/// The longest run of characters that is looked at as one numeral.
pub(crate) const LONGEST: usize = 96;

/// The value of a Chinese digit, small or capital, or of a full-width or ASCII figure.
pub(crate) const fn zh_digit(letter: char) -> Option<u8> {
    Some(match letter {
        '零' | '〇' | '○' | '0' | '０' => 0,
        '一' | '壹' | '1' | '１' => 1,
        '二' | '贰' | '貳' | '两' | '2' | '２' => 2,
        '三' | '叁' | '參' | '3' | '３' => 3,
        '四' | '肆' | '4' | '４' => 4,
        '五' | '伍' | '5' | '５' => 5,
        '六' | '陆' | '陸' | '6' | '６' => 6,
        '七' | '柒' | '7' | '７' => 7,
        '八' | '捌' | '8' | '８' => 8,
        '九' | '玖' | '9' | '９' => 9,
        _ => return None,
    })
}

/// Whether a letter can stand inside a Chinese numeral that is written in characters.
pub(crate) const fn is_zh_numeral(letter: char) -> bool {
    !letter.is_ascii_digit()
        && !matches!(letter, '０'..='９')
        && (zh_digit(letter).is_some() || zh_scale(letter).is_some())
}

const fn zh_scale(letter: char) -> Option<u64> {
    Some(match letter {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1_000,
        '万' | '萬' => 10_000,
        '亿' | '億' => 100_000_000,
        _ => return None,
    })
}

/// The value of a whole Chinese numeral: `十一`, `二百零五`, `壹拾万`, and digit by digit `二〇二六`.
#[must_use]
pub fn zh_whole(text: &str) -> Option<u64> {
    if text.is_empty() || text.chars().count() > LONGEST {
        return None;
    }
    if text.chars().all(|letter| zh_digit(letter).is_some()) {
        return text.chars().try_fold(0_u64, |sum, letter| {
            sum.checked_mul(10)?.checked_add(u64::from(zh_digit(letter)?))
        });
    }
    let (mut total, mut section, mut digit) = (0_u64, 0_u64, None::<u64>);
    for letter in text.chars() {
        if let Some(value) = zh_digit(letter) {
            if digit.is_some_and(|before| before != 0) {
                return None;
            }
            digit = Some(u64::from(value));
            continue;
        }
        let scale = zh_scale(letter)?;
        if scale < 10_000 {
            section = section.checked_add(digit.take().unwrap_or(1).checked_mul(scale)?)?;
        } else {
            section = section.checked_add(digit.take().unwrap_or(0))?;
            let below =
                if total > 0 && scale > 10_000 { total.checked_add(section)? } else { section };
            if below == 0 {
                return None;
            }
            let grown = below.checked_mul(scale)?;
            total = if scale > 10_000 { grown } else { total.checked_add(grown)? };
            section = 0;
        }
    }
    total.checked_add(section)?.checked_add(digit.unwrap_or(0))
}

/// A Chinese numeral with a decimal point in words: `九十九点九`.
pub(crate) fn zh_decimal(text: &str) -> Option<Decimal> {
    let Some((whole, places)) = text.split_once('点') else {
        return Some(Decimal::new(i128::from(zh_whole(text)?), 0));
    };
    let mut mantissa = i128::from(zh_whole(whole)?);
    let mut scale = 0_u8;
    for letter in places.chars() {
        mantissa = mantissa.checked_mul(10)?.checked_add(i128::from(zh_digit(letter)?))?;
        scale += 1;
        if scale > Decimal::MAX_SCALE {
            return None;
        }
    }
    (scale > 0).then(|| Decimal::new(mantissa, scale))
}

/// The value of a Roman numeral in its standard form, upper or lower case, up to 399.
pub(crate) fn roman(text: &str) -> Option<u32> {
    if text.is_empty() || text.len() > 12 {
        return None;
    }
    let value = |letter: char| -> Option<u32> {
        Some(match letter.to_ascii_lowercase() {
            'i' => 1,
            'v' => 5,
            'x' => 10,
            'l' => 50,
            'c' => 100,
            _ => return None,
        })
    };
    let digits: Option<Vec<u32>> = text.chars().map(value).collect();
    let digits = digits?;
    let mut sum = 0_u32;
    for (at, digit) in digits.iter().enumerate() {
        if digits.get(at + 1).is_some_and(|next| next > digit) {
            sum = sum.wrapping_sub(*digit);
        } else {
            sum = sum.wrapping_add(*digit);
        }
    }
    (sum > 0 && sum < 400 && roman_of(sum).eq_ignore_ascii_case(text)).then_some(sum)
}

/// The Roman numeral of a value from 1 to 399, in capitals.
#[must_use]
pub fn roman_numeral(value: u32) -> Option<String> {
    (1..400).contains(&value).then(|| roman_of(value))
}

fn roman_of(mut value: u32) -> String {
    const STEPS: [(u32, &str); 9] = [
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut text = String::new();
    for (step, letters) in STEPS {
        while value >= step {
            text.push_str(letters);
            value -= step;
        }
    }
    text
}

/// The value of one English number word below a hundred.
fn en_small(word: &str) -> Option<u64> {
    const WORDS: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 8] =
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    if let Some(at) = WORDS.iter().position(|known| *known == word) {
        return u64::try_from(at).ok();
    }
    if word == "fourty" {
        return Some(40);
    }
    TENS.iter().position(|known| *known == word).and_then(|at| u64::try_from((at + 2) * 10).ok())
}

fn en_scale(word: &str) -> Option<u64> {
    Some(match word {
        "hundred" => 100,
        "thousand" => 1_000,
        "million" => 1_000_000,
        "billion" => 1_000_000_000,
        _ => return None,
    })
}

/// Whether a lower-case word can stand inside an English numeral.
pub(crate) fn is_en_numeral(word: &str) -> bool {
    en_small(word).is_some() || en_scale(word).is_some()
}

/// English number words, lower case and without hyphens: `one hundred and twenty five`,
/// `ninety nine point nine`.
#[must_use]
pub fn en_decimal(words: &[&str]) -> Option<Decimal> {
    let point = words.iter().position(|word| *word == "point");
    let (whole, places) = match point {
        Some(at) => (&words[..at], &words[at + 1..]),
        None => (words, &words[..0]),
    };
    let mut mantissa = i128::from(en_whole(whole)?);
    let mut scale = 0_u8;
    let mut rest = places.iter().peekable();
    while let Some(word) = rest.next() {
        let mut digits = en_small(word)?;
        let step: u8 = if digits < 10 { 1 } else { 2 };
        let unit = rest.peek().and_then(|next| en_small(next)).filter(|unit| *unit < 10);
        if let Some(unit) = unit.filter(|_| digits >= 20) {
            digits += unit;
            rest.next();
        }
        scale += step;
        if scale > Decimal::MAX_SCALE {
            return None;
        }
        mantissa =
            mantissa.checked_mul(10_i128.pow(u32::from(step)))?.checked_add(i128::from(digits))?;
    }
    (point.is_none() || scale > 0).then(|| Decimal::new(mantissa, scale))
}

/// A whole English numeral.
pub(crate) fn en_whole(words: &[&str]) -> Option<u64> {
    if words.is_empty() || words.len() > 24 {
        return None;
    }
    let (mut total, mut section, mut seen) = (0_u64, 0_u64, false);
    for word in words {
        if *word == "and" || *word == "a" {
            continue;
        }
        if let Some(value) = en_small(word) {
            section = section.checked_add(value)?;
        } else {
            let scale = en_scale(word)?;
            let factor = if section == 0 { 1 } else { section };
            if scale == 100 {
                section = factor.checked_mul(100)?;
            } else {
                total = total.checked_add(factor.checked_mul(scale)?)?;
                section = 0;
            }
        }
        seen = true;
    }
    seen.then(|| total.checked_add(section)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_numerals_have_their_value() {
        for (text, value) in [
            ("十", 10),
            ("十一", 11),
            ("二十", 20),
            ("一百零五", 105),
            ("二〇二六", 2026),
            ("壹拾万", 100_000),
            ("叁佰贰拾万伍仟", 3_205_000),
            ("一亿二千万", 120_000_000),
            ("两千", 2_000),
        ] {
            assert_eq!(zh_whole(text), Some(value), "{text}");
        }
        for text in ["", "万", "一二十", "甲"] {
            assert_eq!(zh_whole(text), None, "{text}");
        }
        assert_eq!(zh_decimal("九十九点九"), Some(Decimal::new(999, 1)));
    }

    #[test]
    fn roman_numerals_must_be_in_their_standard_form() {
        for (text, value) in [("i", 1), ("IV", 4), ("xiv", 14), ("XC", 90), ("viii", 8)] {
            assert_eq!(roman(text), Some(value), "{text}");
        }
        for text in ["iiii", "vx", "ic", "", "mild", "iil"] {
            assert_eq!(roman(text), None, "{text}");
        }
    }

    #[test]
    fn english_words_have_their_value() {
        for (text, value) in [
            ("thirty", Decimal::new(30, 0)),
            ("ninety nine point nine", Decimal::new(999, 1)),
            ("one hundred and twenty five", Decimal::new(125, 0)),
            ("two million five hundred thousand", Decimal::new(2_500_000, 0)),
            ("ninety nine point ninety five", Decimal::new(9_995, 2)),
        ] {
            let words: Vec<&str> = text.split(' ').collect();
            assert_eq!(en_decimal(&words), Some(value), "{text}");
        }
        assert_eq!(en_decimal(&["and"]), None);
    }
}
