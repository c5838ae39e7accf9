//! Laws of amounts in words.

use proptest::prelude::*;
use units::{
    AmountWords, Currency, Money, amount_in_words_en, amount_in_words_zh, parse_amount_zh,
};

/// Fen of every size up to beyond 10^16 yuan, with many zeros among the digits.
pub(crate) fn fen() -> impl Strategy<Value = i128> {
    let digits = prop::collection::vec(prop_oneof![Just(0_i128), 0_i128..10], 1..20);
    (digits, any::<bool>()).prop_map(|(digits, negative)| {
        let value = digits.into_iter().fold(0, |value, digit| value * 10 + digit);
        if negative { -value } else { value }
    })
}

/// Amounts worth a look: around every power of ten.
fn corners() -> impl Iterator<Item = i128> {
    (0..20).flat_map(|power| {
        let base = 10_i128.pow(power);
        [base - 1, base, base + 1, base * 5 + base / 100, base + base / 1_000]
    })
}

fn check(minor: i128) {
    let amount = Money::new(minor, Currency::Cny);
    let words = amount_in_words_zh(amount);
    assert_eq!(parse_amount_zh(&words), Ok(amount), "{words}");
    let on_a_bill = format!("人民币{words}");
    assert_eq!(parse_amount_zh(&on_a_bill), Ok(amount), "{on_a_bill}");
    // A 整 after 角 is free, and nowhere else.
    if words.ends_with('角') {
        assert_eq!(parse_amount_zh(&format!("{words}整")), Ok(amount), "{words}");
    } else {
        assert!(parse_amount_zh(&format!("{words}整")).is_err(), "{words}");
    }
}

#[test]
fn amounts_around_powers_of_ten_read_back() {
    for minor in corners() {
        check(minor);
        check(-minor);
    }
}

proptest! {
    #[test]
    fn an_amount_in_words_reads_back(minor in fen()) {
        check(minor);
    }

    #[test]
    fn two_amounts_never_share_their_words(a in fen(), b in fen()) {
        let (left, right) = (Money::new(a, Currency::Cny), Money::new(b, Currency::Cny));
        prop_assert_eq!(amount_in_words_zh(left) == amount_in_words_zh(right), a == b);
        prop_assert_eq!(amount_in_words_en(left) == amount_in_words_en(right), a == b);
        let compared = AmountWords::compare(&amount_in_words_zh(left), right);
        prop_assert_eq!(compared == Ok(AmountWords::Match(right)), a == b);
    }

    #[test]
    fn what_is_read_is_a_spelling_of_its_value(text in "[零壹贰玖拾佰仟万亿元角分整负]{1,12}") {
        match parse_amount_zh(&text) {
            // Without its free characters a spelling is the one that is written.
            Ok(amount) => {
                let plain = |text: &str| text.replace(['零', '整'], "");
                let written = amount_in_words_zh(amount);
                let short = plain(&text).replace("负元", "负");
                let short = short.strip_prefix('元').filter(|rest| !rest.is_empty())
                    .map_or(short.clone(), ToString::to_string);
                prop_assert_eq!(short, plain(&written), "{} is {}", text, written);
            }
            Err(error) => prop_assert!(error.at <= text.chars().count(), "{}: {}", text, error),
        }
    }

    #[test]
    fn one_changed_character_is_never_read_as_the_same_amount(
        minor in 1_i128..10_i128.pow(17), place in any::<prop::sample::Index>(),
        other in proptest::sample::select(&['壹', '贰', '伍', '玖', '拾', '佰', '仟', '万', '亿'][..])
    ) {
        let amount = Money::new(minor, Currency::Cny);
        let mut words: Vec<char> = amount_in_words_zh(amount).chars().collect();
        let place = place.index(words.len());
        prop_assume!(words[place] != other);
        words[place] = other;
        let changed: String = words.into_iter().collect();
        prop_assert_ne!(parse_amount_zh(&changed), Ok(amount), "{}", changed);
    }

    #[test]
    fn arbitrary_text_is_read_or_refused_at_a_place_inside_it(text in ".{0,40}") {
        if let Err(error) = parse_amount_zh(&text) {
            prop_assert!(error.at <= text.chars().count());
        }
    }
}
