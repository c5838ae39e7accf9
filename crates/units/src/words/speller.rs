//! The permitted spellings of a value in Chinese capitals: each character, and whether it may be
//! left out. Writing drops most of those that may; reading compares with all.

use alloc::vec::Vec;

/// A character of an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    /// The character.
    pub(super) character: char,
    /// Whether it has to stand.
    pub(super) usage: Usage,
}

/// Whether a character has to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Usage {
    /// Has to stand.
    Needed,
    /// The rules leave it free; written here, since the words could mislead without it.
    Kept,
    /// The rules leave it free; not written here.
    Dropped,
}

pub(super) const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];

/// 10^8, 亿.
pub(super) const YI: u128 = 100_000_000;

/// Spells `yuan` and `fen` hundredths. `with_yuan` says whether the part of the yuan stands when it
/// is zero (零元伍角 beside 伍角).
pub(super) fn amount(yuan: u128, fen: u8, with_yuan: bool) -> Vec<Piece> {
    let mut out = Vec::new();
    let (jiao, fen) = (usize::from(fen / 10), usize::from(fen % 10));
    if with_yuan {
        if yuan == 0 {
            must(&mut out, '零');
        } else {
            whole(&mut out, yuan);
        }
        must(&mut out, '元');
        if jiao != 0 && yuan.is_multiple_of(10) || yuan == 0 && fen != 0 {
            may(&mut out, '零');
        } else if jiao == 0 && fen != 0 {
            must(&mut out, '零');
        }
    }
    if jiao != 0 {
        must(&mut out, DIGITS[jiao]);
        must(&mut out, '角');
    }
    if fen != 0 {
        must(&mut out, DIGITS[fen]);
        must(&mut out, '分');
    } else if jiao != 0 {
        may(&mut out, '整');
    } else {
        must(&mut out, '整');
    }
    out
}

/// A whole number above zero: what counts 亿, then 万, then the rest.
fn whole(out: &mut Vec<Piece>, value: u128) {
    let (upper, rest) = (value / YI, value % YI);
    if upper != 0 {
        whole(out, upper);
        must(out, '亿');
        joint(out, upper, rest, YI);
    }
    let (upper, rest) = (rest / 10_000, rest % 10_000);
    if upper != 0 {
        section(out, upper);
        must(out, '万');
        joint(out, upper, rest, 10_000);
    }
    section(out, rest);
}

/// The 零 between an upper part and a rest below `unit`. Needed when the rest begins with a zero.
/// Free when the rest's first section is full and the digit before it is a zero: dropped in
/// 壹拾万柒仟, but kept where a whole 万 is empty, since people say 壹亿伍仟 for 壹亿伍仟万.
fn joint(out: &mut Vec<Piece>, upper: u128, rest: u128, unit: u128) {
    if rest == 0 {
        return;
    }
    if unit == YI && (1_000..10_000).contains(&rest) {
        out.push(Piece { character: '零', usage: Usage::Kept });
    } else if rest < unit / 10 {
        must(out, '零');
    } else if upper.is_multiple_of(10) {
        may(out, '零');
    }
}

/// A number below 10,000; nothing for zero.
fn section(out: &mut Vec<Piece>, value: u128) {
    let mut gap = false;
    let mut begun = false;
    for (place, unit) in [(1_000, Some('仟')), (100, Some('佰')), (10, Some('拾')), (1, None)] {
        let digit = usize::try_from(value / place % 10).expect("a digit is below ten");
        if digit == 0 {
            gap = begun;
            continue;
        }
        if gap {
            must(out, '零');
        }
        (gap, begun) = (false, true);
        must(out, DIGITS[digit]);
        if let Some(unit) = unit {
            must(out, unit);
        }
    }
}

fn must(out: &mut Vec<Piece>, character: char) {
    out.push(Piece { character, usage: Usage::Needed });
}

fn may(out: &mut Vec<Piece>, character: char) {
    out.push(Piece { character, usage: Usage::Dropped });
}
