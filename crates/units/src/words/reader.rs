//! Reads an amount in Chinese capitals. The value is found first, without regard to 零 and 整; then
//! the text is held against the permitted spellings of that value, so that what is accepted is
//! exactly what may be written.

use super::speller::{self, DIGITS, Piece, Usage, YI};
use super::{WordsError, WordsProblem};
use crate::money::{Currency, Money};

/// Reads an amount of yuan in Chinese capitals, 壹万陆仟肆佰零玖元零贰分.
///
/// Permitted, as the rules for bills have it: 人民币 before it, also as 人民币（大写）：; 圆, 圓 or 元; 正
/// or 整, free after 角; 貳 陸 億 萬; the free 零 of 壹拾万零柒仟元 and 壹仟陆佰捌拾元零叁角; 零元 before 角 and 分;
/// 负 before the number; blanks, also full-width, at both ends of the text. Refused: 壹拾 without
/// 壹, a missing or superfluous 零, no 整 after 元, 整 after 分, 一二三, blanks inside.
///
/// # Errors
/// The first character that cannot stand where it is, counted from zero.
pub fn parse_amount_zh(text: &str) -> Result<Money, WordsError> {
    let trimmed = text.trim();
    let blank = text.chars().count() - text.trim_start().chars().count();
    let rest = without_prefix(trimmed);
    let mut start = blank + trimmed.chars().count() - rest.chars().count();
    let (negative, rest) = match rest.strip_prefix('负') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    start += usize::from(negative);
    let placed =
        |(index, problem): (usize, WordsProblem)| WordsError { at: start + index, problem };
    let value = evaluate(rest).map_err(placed)?;
    let pieces = speller::amount(value.yuan, value.fen, value.yuan_written);
    hold_against(rest, &pieces).map_err(placed)?;
    let minor = i128::try_from(value.yuan).ok().and_then(|yuan| yuan.checked_mul(100));
    let minor = minor.and_then(|minor| minor.checked_add(i128::from(value.fen)));
    let minor = minor.ok_or_else(|| placed((0, WordsProblem::Range)))?;
    Ok(Money::new(if negative { -minor } else { minor }, Currency::Cny))
}

/// The text after 人民币, （大写） and a colon, each only after the one before.
fn without_prefix(text: &str) -> &str {
    let Some(rest) = text.strip_prefix("人民币") else { return text };
    let rest = ["（大写）", "(大写)", "大写"]
        .into_iter()
        .find_map(|label| rest.strip_prefix(label))
        .unwrap_or(rest);
    rest.strip_prefix(['：', ':']).unwrap_or(rest)
}

/// The same character in the spelling that [`speller`] uses.
fn canonical(character: char) -> char {
    match character {
        '圆' | '圓' => '元',
        '正' => '整',
        '貳' => '贰',
        '陸' => '陆',
        '億' => '亿',
        '萬' => '万',
        other => other,
    }
}

/// What the words say, before their spelling is checked.
struct Value {
    yuan: u128,
    fen: u8,
    yuan_written: bool,
}

/// The state of reading a number: finished 亿, finished 万, the section below, and a digit above zero
/// that waits for its unit.
#[derive(Default)]
struct Number {
    yi: u128,
    wan: u128,
    section: u128,
    last_unit: Option<u128>,
    digit: Option<u8>,
}

impl Number {
    /// Takes a waiting digit as units.
    fn close_section(&mut self) -> u128 {
        let digit = self.digit.take().map_or(0, u128::from);
        self.last_unit = None;
        core::mem::take(&mut self.section) + digit
    }

    /// Everything read so far.
    fn close(&mut self) -> Option<u128> {
        let below = self.close_section() + core::mem::take(&mut self.wan) * 10_000;
        core::mem::take(&mut self.yi).checked_add(below)
    }

    /// Whether nothing was read but, perhaps, a digit that waits.
    fn is_at_most_a_digit(&self) -> bool {
        self.section == 0 && self.wan == 0 && self.yi == 0
    }

    /// The digit that waits, when nothing else was read.
    fn take_single(&mut self) -> Option<u8> {
        if self.is_at_most_a_digit() { self.digit.take() } else { None }
    }

    /// Takes one character of a whole number.
    fn take(&mut self, character: char) -> Result<(), WordsProblem> {
        let misplaced = Err(WordsProblem::Misplaced(character));
        let unit = match character {
            '拾' => 10,
            '佰' => 100,
            '仟' => 1_000,
            '万' => {
                let section = self.close_section();
                if section == 0 || self.wan != 0 {
                    return misplaced;
                }
                self.wan = section;
                return Ok(());
            }
            '亿' => {
                let value = self.close().ok_or(WordsProblem::Range)?;
                if value == 0 {
                    return misplaced;
                }
                self.yi = value.checked_mul(YI).ok_or(WordsProblem::Range)?;
                return Ok(());
            }
            _ => return misplaced,
        };
        let descends = self.last_unit.is_none_or(|last| unit < last);
        match self.digit.take() {
            Some(digit) if descends => self.section += u128::from(digit) * unit,
            Some(_) => return misplaced,
            None if unit == 10 && descends => return Err(WordsProblem::Missing('壹')),
            None => return misplaced,
        }
        self.last_unit = Some(unit);
        Ok(())
    }
}

/// Finds the value, or the first character that belongs to none.
fn evaluate(text: &str) -> Result<Value, (usize, WordsProblem)> {
    let mut value = Value { yuan: 0, fen: 0, yuan_written: false };
    let mut number = Number::default();
    let (mut jiao, mut fen, mut ended, mut length) = (0, 0, false, 0);
    for (index, found) in text.chars().enumerate() {
        length = index + 1;
        let character = canonical(found);
        let misplaced = (index, WordsProblem::Misplaced(found));
        let digit = DIGITS.iter().position(|digit| *digit == character);
        let known = digit.is_some() || "拾佰仟万亿元角分整".contains(character);
        if !known {
            let sign = found == '负';
            return Err(if sign { misplaced } else { (index, WordsProblem::Foreign(found)) });
        }
        if ended || fen != 0 {
            return Err(misplaced);
        }
        match (character, digit) {
            (_, Some(0)) => {}
            (_, Some(_)) if number.digit.is_some() => return Err(misplaced),
            (_, Some(digit)) => number.digit = u8::try_from(digit).ok(),
            ('元', _) if value.yuan_written || jiao != 0 => return Err(misplaced),
            ('元', _) => {
                value.yuan_written = true;
                value.yuan = number.close().ok_or((index, WordsProblem::Range))?;
            }
            ('角', _) if jiao != 0 => return Err(misplaced),
            ('角', _) => jiao = number.take_single().ok_or(misplaced)?,
            ('分', _) => fen = number.take_single().ok_or(misplaced)?,
            ('整', _) if !value.yuan_written && jiao == 0 => return Err(misplaced),
            ('整', _) => ended = true,
            _ if value.yuan_written || jiao != 0 => return Err(misplaced),
            _ => number.take(character).map_err(|problem| match problem {
                WordsProblem::Misplaced(_) => misplaced,
                other => (index, other),
            })?,
        }
    }
    let open = number.digit.is_some() || !number.is_at_most_a_digit();
    if open || !(value.yuan_written || jiao != 0 || fen != 0) {
        return Err((length, WordsProblem::Incomplete));
    }
    value.fen = jiao * 10 + fen;
    Ok(value)
}

/// Walks the text along the permitted spellings of its value.
fn hold_against(text: &str, pieces: &[Piece]) -> Result<(), (usize, WordsProblem)> {
    let mut found = text.chars().enumerate().peekable();
    let length = text.chars().count();
    for piece in pieces {
        match found.peek() {
            Some((_, character)) if canonical(*character) == piece.character => {
                found.next();
            }
            _ if piece.usage != Usage::Needed => {}
            Some((index, character)) if *character == '零' => {
                return Err((*index, WordsProblem::Misplaced('零')));
            }
            Some((index, _)) => return Err((*index, WordsProblem::Missing(piece.character))),
            None => return Err((length, WordsProblem::Missing(piece.character))),
        }
    }
    match found.next() {
        Some((index, character)) => Err((index, WordsProblem::Misplaced(character))),
        None => Ok(()),
    }
}
