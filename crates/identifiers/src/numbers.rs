//! Identifiers that are digits in groups: resident ID, cards, telephones, social security numbers.

use units::{Date, is_luhn, is_mod_11_2};

use crate::find::Hit;
use crate::line::{Line, Spelled};
use crate::{Certainty, Kind, Reason};

/// The first two digits of a resident ID: GB/T 2260, and those of residents of Hong Kong, Macao and
/// Taiwan.
pub(crate) const PROVINCES: &[&str] = &[
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41",
    "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71",
    "81", "82", "83",
];

const ID_WORDS: &[&str] =
    &["身份证", "身份號", "身份号", "证件号", "公民身份", "id", "idcard", "identity", "sfz"];
const CARD_WORDS: &[&str] = &[
    "银行",
    "卡号",
    "账号",
    "帐号",
    "账户",
    "帐户",
    "开户",
    "借记卡",
    "信用卡",
    "储蓄卡",
    "bank",
    "card",
    "account",
    "acct",
    "a/c",
    "visa",
    "mastercard",
    "unionpay",
];
const PHONE_WORDS: &[&str] = &[
    "电话",
    "手机",
    "联系方式",
    "联系人",
    "热线",
    "传真",
    "座机",
    "致电",
    "拨打",
    "微信",
    "phone",
    "tel",
    "mobile",
    "cell",
    "telephone",
    "call",
    "fax",
    "whatsapp",
    "wechat",
    "contact",
    "hotline",
];
const SSN_WORDS: &[&str] = &["ssn", "social security", "社会保障", "社会安全", "社安号"];

const ID_SHAPES: &[&[usize]] =
    &[&[18], &[6, 8, 4], &[6, 4, 4, 4], &[3, 3, 4, 4, 4], &[14, 4], &[15], &[6, 6, 3]];
const CARD_SHAPES: &[&[usize]] = &[
    &[13],
    &[14],
    &[15],
    &[16],
    &[17],
    &[18],
    &[19],
    &[4, 4, 4, 4],
    &[4, 4, 4, 4, 1],
    &[4, 4, 4, 4, 2],
    &[4, 4, 4, 4, 3],
    &[4, 6, 5],
    &[4, 6, 4],
    &[6, 10],
    &[6, 13],
];
const MOBILE_SHAPES: &[&[usize]] = &[
    &[11],
    &[3, 4, 4],
    &[3, 8],
    &[2, 11],
    &[2, 3, 4, 4],
    &[2, 3, 8],
    &[4, 11],
    &[4, 3, 4, 4],
    &[13],
    &[15],
];
const LANDLINE_SHAPES: &[&[usize]] = &[
    &[3, 8],
    &[3, 4, 4],
    &[4, 7],
    &[4, 8],
    &[4, 3, 4],
    &[4, 4, 4],
    &[11],
    &[12],
    &[3, 3, 4],
    &[10],
    &[2, 2, 8],
    &[2, 3, 7],
    &[2, 3, 8],
    &[2, 2, 4, 4],
    &[2, 3, 4, 4],
];

/// What the groups of digits of a line are.
pub(crate) fn find(line: &Line, on: Date, hits: &mut Vec<Hit>) {
    type Judge = fn(&Line, &Spelled, &[usize], Date) -> Option<Hit>;
    let rules: [(&[&[usize]], Judge); 5] = [
        (ID_SHAPES, resident_id),
        (CARD_SHAPES, card),
        (MOBILE_SHAPES, mobile),
        (LANDLINE_SHAPES, landline),
        (&[&[3, 2, 4], &[9]], ssn),
    ];
    for first in 0..line.digits.len() {
        for (shapes, judge) in rules {
            for shape in shapes {
                let spelled = line.spell(&line.digits, first, shape);
                hits.extend(spelled.and_then(|spelled| judge(line, &spelled, shape, on)));
            }
        }
        hits.extend(abroad(line, first));
    }
}

fn resident_id(line: &Line, spelled: &Spelled, _: &[usize], on: Date) -> Option<Hit> {
    let (number, start, end) = (spelled.text.as_str(), spelled.start, spelled.end);
    if !number.is_ascii() || !PROVINCES.contains(&&number[..2]) {
        return None;
    }
    if number.len() == 18 {
        let holds = is_birth(&number[6..14], on) && is_mod_11_2(number);
        let ends = !line.at(end).is_some_and(|letter| letter.is_ascii_alphanumeric());
        return (holds && ends)
            .then(|| Hit::checked(Kind::ResidentId, start, end, Reason::IdChecked));
    }
    let born = format!("19{}", number.get(6..12)?);
    if !is_birth(&born, on) || !line.is_free(start, end, ID_WORDS) {
        return None;
    }
    let named = line.names(start, end, ID_WORDS);
    let hit = Hit::formed(Kind::ResidentId, start, end, named);
    Some(Hit { reason: Reason::IdOld, ..hit })
}

/// Whether eight digits are a day on which a person who lives may have been born.
fn is_birth(digits: &str, on: Date) -> bool {
    let number = |from: usize, to: usize| digits.get(from..to)?.parse::<i16>().ok();
    let day = || {
        let (month, day) = (number(4, 6)?, number(6, 8)?);
        Date::new(number(0, 4)?, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
    };
    day().is_some_and(|day| day.year() >= 1880 && day <= on)
}

fn card(line: &Line, spelled: &Spelled, _: &[usize], _: Date) -> Option<Hit> {
    let (number, start, end) = (spelled.text.as_str(), spelled.start, spelled.end);
    let first = number.chars().next()?;
    if first == '0' || number.chars().all(|digit| digit == first) || !is_luhn(number) {
        return None;
    }
    if !line.is_free(start, end, CARD_WORDS) {
        return None;
    }
    let (kind, known) = match scheme(number) {
        Some(kind) => (kind, true),
        None => (Kind::BankCard, false),
    };
    if known {
        return Some(Hit::checked(kind, start, end, Reason::CardRange));
    }
    let named = line.names(start, end, CARD_WORDS);
    named.then(|| Hit::checked(kind, start, end, Reason::CardWord))
}

/// The known scheme of a card number by its first digits and its length (ISO/IEC 7812).
fn scheme(number: &str) -> Option<Kind> {
    let head = |count: usize| number[..count].parse::<u32>().expect("digits");
    let kind = match (number.len(), head(2), head(4)) {
        (16..=19, 62, _) => Kind::BankCard,
        (13 | 16 | 19, 40..=49, _) | (16, 51..=55, _) | (16, _, 2221..=2720) => Kind::CreditCard,
        (15, 34 | 37, _) | (16, 35, 3528..=3589) => Kind::CreditCard,
        (16, 65, _) | (16, _, 6011 | 6440..=6499) => Kind::CreditCard,
        (14, 36 | 38 | 39, _) | (14, _, 3000..=3059) => Kind::CreditCard,
        _ => return None,
    };
    Some(kind)
}

/// Where a number begins with the plus sign, or a bracket, that belongs to it.
fn with_sign(line: &Line, start: usize, sign: char) -> Option<usize> {
    (line.before(start) == Some(sign)).then(|| start - 1)
}

fn mobile(line: &Line, spelled: &Spelled, shape: &[usize], _: Date) -> Option<Hit> {
    let number = spelled.text.as_str();
    let (country, local) = number.split_at_checked(number.len().checked_sub(11)?)?;
    let mut bytes = local.bytes();
    let fits = bytes.next() == Some(b'1') && matches!(bytes.next(), Some(b'3'..=b'9'));
    if !fits || !local.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let plus = with_sign(line, spelled.start, '+');
    let (start, end) = (plus.filter(|_| country == "86").unwrap_or(spelled.start), spelled.end);
    if !line.is_free(start, end, PHONE_WORDS) {
        return None;
    }
    let named = line.names(start, end, PHONE_WORDS);
    let country_fits = match country {
        "" => true,
        "86" => plus.is_some() || named || shape[0] == 2,
        "0086" => true,
        _ => false,
    };
    country_fits.then(|| Hit::formed(Kind::Mobile, start, end, named))
}

fn landline(line: &Line, spelled: &Spelled, shape: &[usize], _: Date) -> Option<Hit> {
    let number = spelled.text.as_str();
    let bracket = with_sign(line, spelled.start, '(')
        .filter(|_| line.letters[spelled.start..spelled.end].contains(&')'));
    let plus = with_sign(line, spelled.start, '+');
    let (start, end) = (plus.or(bracket).unwrap_or(spelled.start), spelled.end);
    if !number.is_ascii() || number.ends_with(['X', 'x']) || !line.is_free(start, end, PHONE_WORDS)
    {
        return None;
    }
    let named = line.names(start, end, PHONE_WORDS);
    let parted = shape.len() > 1;
    let fits = if let Some(rest) = number.strip_prefix("86").filter(|_| shape[0] == 2) {
        plus.is_some() && is_area(&format!("0{rest}"))
    } else if number.starts_with("400") || number.starts_with("800") {
        number.len() == 10 && plus.is_none() && (named || line.at(spelled.start + 3) == Some('-'))
    } else {
        plus.is_none() && (parted || named) && is_area(number)
    };
    fits.then(|| Hit::formed(Kind::Landline, start, end, named))
}

/// Whether a number begins with an area code of mainland China and is as long as its area has it.
fn is_area(number: &str) -> bool {
    let bytes = number.as_bytes();
    let (area, local) = match bytes {
        [b'0', b'1', b'0', ..] => (3, 8..=8),
        [b'0', b'2', b'0'..=b'5' | b'7'..=b'9', ..] => (3, 8..=8),
        [b'0', b'3'..=b'9', b'0'..=b'9', _, ..] => (4, 7..=8),
        _ => return false,
    };
    local.contains(&(bytes.len() - area)) && matches!(bytes[area], b'2'..=b'9')
}

/// A telephone in the international form (+ and 8 to 15 digits), or a North American one that a
/// word names.
fn abroad(line: &Line, first: usize) -> Option<Hit> {
    let run = line.digits[first];
    if let Some(start) = with_sign(line, run.start, '+') {
        let (mut count, mut end) = (0, run.end);
        for (at, group) in line.digits[first..].iter().take(7).enumerate() {
            let before = line.digits[(first + at).saturating_sub(1)];
            let gap = at == 0 || group.start - before.end == 1 && parts(line.at(before.end));
            if !gap || count + group.len() > 15 || group.x {
                break;
            }
            (count, end) = (count + group.len(), group.end);
        }
        let fits = (8..=15).contains(&count) && line.at(run.start) != Some('0');
        return (fits && line.is_free(start, end, PHONE_WORDS))
            .then(|| Hit::formed(Kind::Phone, start, end, line.names(start, end, PHONE_WORDS)));
    }
    let spelled = line.spell(&line.digits, first, &[3, 3, 4])?;
    let (text, bracket) = (spelled.text.as_bytes(), with_sign(line, spelled.start, '('));
    let fits = matches!((text[0], text[3]), (b'2'..=b'9', b'2'..=b'9')) && spelled.text.is_ascii();
    let start = bracket.unwrap_or(spelled.start);
    let named = line.names(start, spelled.end, PHONE_WORDS);
    (fits && named && !spelled.text.ends_with(['X', 'x']) && line.is_free(start, spelled.end, &[]))
        .then(|| Hit {
            certainty: Certainty::Context,
            ..Hit::formed(Kind::Phone, start, spelled.end, true)
        })
}

const fn parts(letter: Option<char>) -> bool {
    matches!(letter, Some(' ' | '-'))
}

/// A social security number that may have been issued: no area 000, 666 or 900 and above, no group
/// 00, no serial 0000, none of the two numbers that advertising made void.
fn ssn(line: &Line, spelled: &Spelled, shape: &[usize], _: Date) -> Option<Hit> {
    let (number, start, end) = (spelled.text.as_str(), spelled.start, spelled.end);
    let (area, rest) = number.split_at_checked(3)?;
    let void = matches!(area, "000" | "666") || area.starts_with('9') || rest.starts_with("00");
    let void = void || rest.ends_with("0000") || matches!(number, "078051120" | "219099999");
    let digits = number.bytes().all(|byte| byte.is_ascii_digit());
    if void || !digits || !line.is_free(start, end, SSN_WORDS) {
        return None;
    }
    let named = line.names(start, end, SSN_WORDS);
    let dashes =
        shape.len() == 3 && line.at(start + 3) == Some('-') && line.at(end - 5) == Some('-');
    (named || dashes).then(|| Hit::formed(Kind::UsSsn, start, end, named))
}
