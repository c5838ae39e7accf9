//! How a count is written in each number format (ECMA-376 part 1, 17.18.59).

const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
const STEMS: &str = "甲乙丙丁戊己庚辛壬癸";
const BRANCHES: &str = "子丑寅卯辰巳午未申酉戌亥";

/// The count in that format. One that is not known, or that the format cannot write, is decimal.
pub(super) fn number(count: i64, format: &str) -> String {
    let decimal = || count.to_string();
    if format == "none" {
        return String::new();
    }
    let Ok(n) = u32::try_from(count) else { return decimal() };
    let written = match format {
        "decimalZero" => Some(format!("{n:02}")),
        "lowerLetter" => letters(n, 'a'),
        "upperLetter" => letters(n, 'A'),
        "lowerRoman" => roman(n).map(|text| text.to_lowercase()),
        "upperRoman" => roman(n),
        "ordinal" => Some(ordinal(n)),
        "numberInDash" => Some(format!("- {n} -")),
        "decimalFullWidth" | "decimalFullWidth2" => Some(
            decimal().chars().filter_map(|c| char::from_u32(c as u32 + 0xFF10 - 0x30)).collect(),
        ),
        "chineseCounting" | "taiwaneseCounting" => Some(chinese_counting(n)),
        "chineseCountingThousand" | "taiwaneseCountingThousand" => chinese(n, &CHINESE),
        "japaneseCounting" => chinese(n, &JAPANESE),
        "chineseLegalSimplified" => chinese(n, &LEGAL_SIMPLIFIED),
        "ideographLegalTraditional" => chinese(n, &LEGAL_TRADITIONAL),
        "ideographDigital" | "taiwaneseDigital" | "japaneseDigitalTenThousand" => {
            Some(decimal().chars().filter_map(|c| Some(DIGITS[c.to_digit(10)? as usize])).collect())
        }
        "ideographTraditional" => nth(STEMS, n),
        "ideographZodiac" => nth(BRANCHES, n),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => circled(n),
        "decimalEnclosedParen" => (1..=20).contains(&n).then(|| above(0x2474, n)),
        "decimalEnclosedFullstop" => (1..=20).contains(&n).then(|| above(0x2488, n)),
        "ideographEnclosedCircle" => (1..=10).contains(&n).then(|| above(0x3280, n)),
        _ => None,
    };
    written.unwrap_or_else(decimal)
}

/// A bullet as it is seen: those of symbol fonts are private characters.
pub(crate) fn symbol(c: char) -> char {
    match c {
        '\u{F0A7}' | '\u{F06E}' => '▪',
        '\u{F0D8}' => '➢',
        '\u{F0FC}' => '✓',
        '\u{F0A8}' => '☐',
        '\u{F0FE}' => '☒',
        '\u{F02D}' => '-',
        '\u{F000}'..='\u{F0FF}' => '•',
        c => c,
    }
}

fn above(first: u32, n: u32) -> String {
    char::from_u32(first + n - 1).map(String::from).unwrap_or_default()
}

fn nth(of: &str, n: u32) -> Option<String> {
    of.chars().nth(n.checked_sub(1)? as usize).map(String::from)
}

fn circled(n: u32) -> Option<String> {
    match n {
        1..=20 => Some(above(0x2460, n)),
        21..=35 => Some(above(0x3251, n - 20)),
        36..=50 => Some(above(0x32B1, n - 35)),
        _ => None,
    }
}

/// a to z, then aa to zz, then aaa.
fn letters(n: u32, first: char) -> Option<String> {
    let at = n.checked_sub(1)?;
    let letter = char::from_u32(first as u32 + at % 26)?;
    (at / 26 < 32).then(|| std::iter::repeat_n(letter, at as usize / 26 + 1).collect())
}

fn roman(n: u32) -> Option<String> {
    const PARTS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
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
    if !(1..=32_767).contains(&n) {
        return None;
    }
    let mut rest = n;
    let mut out = String::new();
    for (value, text) in PARTS {
        while rest >= value {
            out.push_str(text);
            rest -= value;
        }
    }
    Some(out)
}

fn ordinal(n: u32) -> String {
    let suffix = match (n % 100, n % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{n}{suffix}")
}

/// Up to 99 with tens, above that digit by digit.
fn chinese_counting(n: u32) -> String {
    match n {
        0..=99 => chinese(n, &CHINESE).unwrap_or_default(),
        _ => n.to_string().chars().filter_map(|c| Some(DIGITS[c.to_digit(10)? as usize])).collect(),
    }
}

struct Counting {
    digits: [char; 10],
    units: [&'static str; 4],
    ten_thousand: char,
    /// Written between digits with a gap of zeros, where the language does so.
    gap: Option<char>,
    /// Whether one ten is written without the one at the start of a number.
    bare_ten: bool,
    /// Whether no unit ever has a one before it.
    bare_units: bool,
}

const CHINESE: Counting = Counting {
    digits: DIGITS,
    units: ["", "十", "百", "千"],
    ten_thousand: '万',
    gap: Some('零'),
    bare_ten: true,
    bare_units: false,
};
const JAPANESE: Counting = Counting {
    digits: DIGITS,
    units: ["", "十", "百", "千"],
    ten_thousand: '万',
    gap: None,
    bare_ten: true,
    bare_units: true,
};
const LEGAL_SIMPLIFIED: Counting = Counting {
    digits: ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'],
    units: ["", "拾", "佰", "仟"],
    ten_thousand: '萬',
    gap: Some('零'),
    bare_ten: false,
    bare_units: false,
};
const LEGAL_TRADITIONAL: Counting = Counting {
    digits: ['零', '壹', '貳', '參', '肆', '伍', '陸', '柒', '捌', '玖'],
    units: ["", "拾", "佰", "仟"],
    ten_thousand: '萬',
    gap: Some('零'),
    bare_ten: false,
    bare_units: false,
};

fn chinese(n: u32, how: &Counting) -> Option<String> {
    if n == 0 {
        return Some(how.digits[0].to_string());
    }
    if n >= 100_000_000 {
        return None;
    }
    let (high, low) = (n / 10_000, n % 10_000);
    let mut out = String::new();
    if high > 0 {
        below_ten_thousand(high, how, &mut out);
        out.push(how.ten_thousand);
        if (1..1_000).contains(&low) {
            out.extend(how.gap);
        }
    }
    if low > 0 {
        below_ten_thousand(low, how, &mut out);
    }
    Some(out)
}

fn below_ten_thousand(n: u32, how: &Counting, out: &mut String) {
    let first = out.is_empty();
    let mut written = false;
    let mut zeros = false;
    for place in (0..4usize).rev() {
        let digit = (n / 10u32.pow(place as u32)) % 10;
        if digit == 0 {
            zeros = written;
            continue;
        }
        if zeros {
            out.extend(how.gap);
        }
        let bare = digit == 1
            && place > 0
            && (how.bare_units || how.bare_ten && place == 1 && first && !written);
        if !bare {
            out.push(how.digits[digit as usize]);
        }
        out.push_str(how.units[place]);
        written = true;
        zeros = false;
    }
}
