//! Amounts in English words, with the minor unit spelled out rather than as a fraction of 100, so
//! that one form serves every currency.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::money::{Currency, Money};

const SMALL: [&str; 20] = [
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
const TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const THOUSANDS: [&str; 13] = [
    "",
    " thousand",
    " million",
    " billion",
    " trillion",
    " quadrillion",
    " quintillion",
    " sextillion",
    " septillion",
    " octillion",
    " nonillion",
    " decillion",
    " undecillion",
];

/// An amount in English words: `Sixteen thousand four hundred nine yuan and two fen`.
///
/// American style, without "and" inside a number, so that the only "and" stands before the minor
/// unit; short scale (a billion is 10^9); `Minus` before an amount below zero; the major unit is
/// left out when it is zero and the minor is not.
#[must_use]
pub fn amount_in_words_en(amount: Money) -> String {
    let (major, minor) = super::parts(amount);
    let names = names(amount.currency());
    let mut words = Vec::new();
    if amount.is_negative() {
        words.push("minus".to_string());
    }
    if major != 0 || minor == 0 {
        words.push(whole(major));
        words.push(if major == 1 { names.0 } else { names.1 }.to_string());
    }
    if major != 0 && minor != 0 {
        words.push("and".to_string());
    }
    if minor != 0 {
        words.push(whole(u128::from(minor)));
        words.push(if minor == 1 { names.2 } else { names.3 }.to_string());
    }
    let text = words.join(" ");
    let (first, rest) = text.split_at(1);
    format!("{}{rest}", first.to_ascii_uppercase())
}

/// One and several of the major unit, one and several of the minor.
const fn names(currency: Currency) -> (&'static str, &'static str, &'static str, &'static str) {
    match currency {
        Currency::Cny => ("yuan", "yuan", "fen", "fen"),
        Currency::Usd => ("US dollar", "US dollars", "cent", "cents"),
        Currency::Eur => ("euro", "euros", "cent", "cents"),
        Currency::Gbp => ("pound sterling", "pounds sterling", "penny", "pence"),
        Currency::Hkd => ("Hong Kong dollar", "Hong Kong dollars", "cent", "cents"),
        Currency::Sgd => ("Singapore dollar", "Singapore dollars", "cent", "cents"),
        Currency::Jpy => ("yen", "yen", "", ""),
    }
}

fn whole(value: u128) -> String {
    if value == 0 {
        return SMALL[0].to_string();
    }
    let mut groups = Vec::new();
    let mut rest = value;
    for name in THOUSANDS {
        let group = usize::try_from(rest % 1_000).expect("a group is below a thousand");
        if group != 0 {
            groups.push(format!("{}{name}", below_thousand(group)));
        }
        rest /= 1_000;
    }
    groups.reverse();
    groups.join(" ")
}

fn below_thousand(value: usize) -> String {
    let (hundreds, rest) = (value / 100, value % 100);
    let tail = match (rest / 10, rest % 10) {
        (0 | 1, _) => SMALL[rest].to_string(),
        (tens, 0) => TENS[tens].to_string(),
        (tens, ones) => format!("{}-{}", TENS[tens], SMALL[ones]),
    };
    match (hundreds, rest) {
        (0, _) => tail,
        (_, 0) => format!("{} hundred", SMALL[hundreds]),
        _ => format!("{} hundred {tail}", SMALL[hundreds]),
    }
}
