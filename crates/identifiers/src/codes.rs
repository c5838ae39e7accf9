//! Identifiers of letters and digits: credit codes, IBAN, passports, number plates.

use units::{is_credit_code, is_mod_97};

use crate::find::Hit;
use crate::line::Line;
use crate::numbers::PROVINCES;
use crate::{Kind, Reason};

const CODE_SHAPES: &[&[usize]] =
    &[&[18], &[2, 6, 9, 1], &[2, 6, 10], &[8, 9, 1], &[8, 10], &[6, 6, 6], &[4, 4, 4, 4, 2]];
const PASSPORT_WORDS: &[&str] = &["护照", "passport"];
const PLATE_WORDS: &[&str] = &["车牌", "号牌", "车辆", "plate", "vehicle", "licence", "license"];

/// The first letter of a number plate: a province.
const PLATES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
/// The last letter of some plates: trailers, learners, police, Hong Kong, Macao.
const ENDINGS: &str = "挂学警港澳";
/// The letters of new energy vehicles.
const ENERGY: &str = "DABCEFGHJK";

/// Countries and the length of their IBAN, from the register of ISO 13616.
const COUNTRIES: &str = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 \
    CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 \
    IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 \
    MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 \
    TL23 TN24 TR26 UA29 VA22 VG24 XK20";

/// The codes of a line.
pub(crate) fn find(line: &Line, hits: &mut Vec<Hit>) {
    for first in 0..line.tokens.len() {
        for shape in CODE_SHAPES {
            hits.extend(credit_code(line, first, shape));
        }
        hits.extend(iban(line, first));
        hits.extend(passport(line, first));
    }
    for (at, letter) in line.letters.iter().enumerate() {
        if PLATES.contains(*letter) && line.at(at + 1).is_some_and(|c| c.is_ascii_alphabetic()) {
            hits.extend(plate(line, at));
        }
    }
}

fn credit_code(line: &Line, first: usize, shape: &[usize]) -> Option<Hit> {
    let spelled = line.spell(&line.tokens, first, shape)?;
    let code = spelled.text.to_ascii_uppercase();
    let body = code.as_bytes();
    let region = code.get(2..4)?;
    let fits = matches!(body[0], b'1'..=b'9' | b'A' | b'N' | b'Y')
        && (region == "10" || PROVINCES.contains(&region))
        && body[2..8].iter().all(u8::is_ascii_digit)
        && is_credit_code(&code);
    fits.then(|| Hit::checked(Kind::CreditCode, spelled.start, spelled.end, Reason::CodeChecked))
}

fn iban(line: &Line, first: usize) -> Option<Hit> {
    let token = line.tokens[first];
    let head = line.text(token.start, token.end.min(token.start + 2)).to_ascii_uppercase();
    let known = COUNTRIES.split(' ').find(|row| row.starts_with(&head))?;
    let length: usize = known.get(2..)?.parse().ok()?;
    let mut iban = line.text(token.start, token.end);
    let mut end = token.end;
    if token.len() != length {
        // Groups of four with a space between, the last one perhaps shorter.
        while end - token.start < 48 && iban.len() < length && iban.len().is_multiple_of(4) {
            let group = line.letters.get(end + 1..)?.iter();
            let group: String =
                group.take(5).take_while(|letter| letter.is_ascii_alphanumeric()).collect();
            if line.at(end) != Some(' ') || group.is_empty() || group.len() > 4 {
                return None;
            }
            end += 1 + group.len();
            iban.push_str(&group);
        }
    }
    let iban = iban.to_ascii_uppercase();
    (iban.len() == length && is_mod_97(&iban))
        .then(|| Hit::checked(Kind::Iban, token.start, end, Reason::IbanChecked))
}

/// A passport number only where a word names it: E12345678 may be any article.
fn passport(line: &Line, first: usize) -> Option<Hit> {
    let token = line.tokens[first];
    let text = line.text(token.start, token.end);
    let digits = text.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    let fits = (7..=9).contains(&text.len())
        && text.len() - digits.len() <= 2
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    (fits && line.names(token.start, token.end, PASSPORT_WORDS))
        .then(|| Hit::formed(Kind::Passport, token.start, token.end, true))
}

/// A province, a letter, five places; six for a vehicle of new energy. No I and no O in them.
fn plate(line: &Line, at: usize) -> Option<Hit> {
    let place = |letter: char| letter.is_ascii_alphanumeric() && !"IOio".contains(letter);
    let mut from = at + 2;
    if matches!(line.at(from), Some('·' | '•' | '.' | '-' | ' ')) {
        from += 1;
    }
    let rest = line.letters.get(from..)?.iter();
    let tail: String = rest.take(7).take_while(|c| c.is_ascii_alphanumeric()).collect();
    let tail = tail.to_ascii_uppercase();
    let digits = tail.bytes().filter(u8::is_ascii_digit).count();
    let ending = line.at(from + 4).is_some_and(|letter| ENDINGS.contains(letter));
    let (first, last) = (tail.chars().next()?, tail.chars().next_back()?);
    let fits = match tail.len() {
        4 => ending && digits >= 2,
        5 => digits >= 3,
        6 => {
            digits >= 4
                && (ENERGY.contains(first)
                    && digits == tail[1..].bytes().filter(u8::is_ascii_digit).count()
                    || ENERGY.contains(last) && digits == 5)
        }
        _ => false,
    };
    if !fits || !place(line.letters[at + 1]) || !tail.chars().all(place) {
        return None;
    }
    let end = from + tail.len() + usize::from(tail.len() == 4);
    let named = line.names(at, end, PLATE_WORDS);
    // With a space between, an amount may follow a name: a word must tell.
    let spaced = line.at(at + 2) == Some(' ');
    (named || !spaced).then(|| Hit::formed(Kind::Plate, at, end, named))
}
