//! Comparison words beside a number, and whether the number itself counts. In Chinese 以上, 以下,
//! 以内 include the number, 超过, 不满, 以外 do not.

use super::Bound;

/// Words directly before a number; the longest match of those that end there wins.
const BEFORE: [(&str, Bound); 66] = [
    ("at least", Bound::AtLeast),
    ("no less than", Bound::AtLeast),
    ("not less than", Bound::AtLeast),
    ("no fewer than", Bound::AtLeast),
    ("not fewer than", Bound::AtLeast),
    ("a minimum of", Bound::AtLeast),
    ("minimum of", Bound::AtLeast),
    ("not be less than", Bound::AtLeast),
    ("equal to or greater than", Bound::AtLeast),
    ("greater than or equal to", Bound::AtLeast),
    ("no earlier than", Bound::AtLeast),
    ("not below", Bound::AtLeast),
    ("more than", Bound::MoreThan),
    ("greater than", Bound::MoreThan),
    ("in excess of", Bound::MoreThan),
    ("exceeding", Bound::MoreThan),
    ("exceeds", Bound::MoreThan),
    ("exceed", Bound::MoreThan),
    ("over", Bound::MoreThan),
    ("above", Bound::MoreThan),
    ("longer than", Bound::MoreThan),
    ("at most", Bound::AtMost),
    ("no more than", Bound::AtMost),
    ("not more than", Bound::AtMost),
    ("no greater than", Bound::AtMost),
    ("not greater than", Bound::AtMost),
    ("no longer than", Bound::AtMost),
    ("no later than", Bound::AtMost),
    ("not later than", Bound::AtMost),
    ("up to", Bound::AtMost),
    ("not exceed", Bound::AtMost),
    ("not exceeding", Bound::AtMost),
    ("not to exceed", Bound::AtMost),
    ("a maximum of", Bound::AtMost),
    ("maximum of", Bound::AtMost),
    ("within", Bound::AtMost),
    ("less than", Bound::LessThan),
    ("fewer than", Bound::LessThan),
    ("below", Bound::LessThan),
    ("under", Bound::LessThan),
    ("approximately", Bound::About),
    ("about", Bound::About),
    ("不低于", Bound::AtLeast),
    ("不少于", Bound::AtLeast),
    ("不小于", Bound::AtLeast),
    ("不得低于", Bound::AtLeast),
    ("不得少于", Bound::AtLeast),
    ("至少", Bound::AtLeast),
    ("最低", Bound::AtLeast),
    ("达到", Bound::AtLeast),
    ("不超过", Bound::AtMost),
    ("不得超过", Bound::AtMost),
    ("不高于", Bound::AtMost),
    ("不得高于", Bound::AtMost),
    ("不多于", Bound::AtMost),
    ("不大于", Bound::AtMost),
    ("最多", Bound::AtMost),
    ("至多", Bound::AtMost),
    ("超过", Bound::MoreThan),
    ("高于", Bound::MoreThan),
    ("逾", Bound::MoreThan),
    ("低于", Bound::LessThan),
    ("少于", Bound::LessThan),
    ("不足", Bound::LessThan),
    ("不满", Bound::LessThan),
    ("约", Bound::About),
];

const SIGNS: [(&str, Bound); 8] = [
    ("≥", Bound::AtLeast),
    (">=", Bound::AtLeast),
    ("≧", Bound::AtLeast),
    ("≤", Bound::AtMost),
    ("<=", Bound::AtMost),
    (">", Bound::MoreThan),
    ("<", Bound::LessThan),
    ("~", Bound::About),
];

/// Words directly behind a number and its unit.
const BEHIND: [(&str, Bound); 17] = [
    ("or more", Bound::AtLeast),
    ("or greater", Bound::AtLeast),
    ("or longer", Bound::AtLeast),
    ("or higher", Bound::AtLeast),
    ("or less", Bound::AtMost),
    ("or fewer", Bound::AtMost),
    ("及以上", Bound::AtLeast),
    ("或以上", Bound::AtLeast),
    ("以上", Bound::AtLeast),
    ("及以下", Bound::AtMost),
    ("以下", Bound::AtMost),
    ("以内", Bound::AtMost),
    ("之内", Bound::AtMost),
    ("内", Bound::AtMost),
    ("以外", Bound::MoreThan),
    ("之外", Bound::MoreThan),
    ("左右", Bound::About),
];

/// The bound of the number between `before` and `behind`.
pub(super) fn bound(before: &str, behind: &str) -> Option<Bound> {
    let behind = behind.trim_start();
    if let Some((_, bound)) = BEHIND.iter().find(|(word, _)| starts_word(behind, word)) {
        return Some(*bound);
    }
    let before = before.trim_end().trim_end_matches(['(', '（', '$', '¥', '￥', '€']).trim_end();
    let before = before
        .strip_suffix("人民币")
        .or_else(|| before.strip_suffix("US"))
        .or_else(|| before.strip_suffix(" a"))
        .or_else(|| before.strip_suffix(" the"))
        .unwrap_or(before)
        .trim_end();
    let tail = tail(before, 32).to_lowercase();
    if let Some((_, bound)) = SIGNS.iter().find(|(sign, _)| tail.ends_with(sign)) {
        return Some(*bound);
    }
    BEFORE
        .iter()
        .filter(|(word, _)| ends_word(&tail, word))
        .max_by_key(|(word, _)| word.len())
        .map(|(_, bound)| *bound)
}

/// At most the last `most` bytes.
pub(super) fn tail(text: &str, most: usize) -> &str {
    let mut from = text.len().saturating_sub(most);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    &text[from..]
}

fn ends_word(text: &str, word: &str) -> bool {
    text.strip_suffix(word).is_some_and(|rest| {
        !word.is_ascii() || !rest.ends_with(|letter: char| letter.is_ascii_alphanumeric())
    })
}

fn starts_word(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| {
        !word.is_ascii() || !rest.starts_with(|letter: char| letter.is_ascii_alphanumeric())
    })
}
