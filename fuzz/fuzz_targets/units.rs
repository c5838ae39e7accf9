//! Amounts in figures and in words, shares, lengths of time, days, zones, ids, calendars.
#![no_main]

use libfuzzer_sys::fuzz_target;
use units::{
    Calendar, Currency, Date, Decimal, Duration, Id, Money, Percent, Timestamp, Zone,
    amount_in_words_zh, parse_amount_zh,
};

fuzz_target!(|text: &str| {
    if let Ok(amount) = parse_amount_zh(text) {
        let words = amount_in_words_zh(amount);
        assert_eq!(parse_amount_zh(&words).expect("our own words are read"), amount, "{words}");
    }
    if let Ok(number) = text.parse::<Decimal>() {
        assert_eq!(number.to_string().parse::<Decimal>().expect("our own figure"), number);
        for currency in ["CNY", "USD", "JPY"] {
            let currency: Currency = currency.parse().expect("it is known");
            if let Ok(money) = Money::from_decimal(number, currency) {
                let _ = (
                    money.to_string(),
                    amount_in_words_zh(money),
                    units::amount_in_words_en(money),
                );
            }
        }
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        assert_eq!(at.to_string().parse::<Timestamp>().expect("our own time"), at);
    }
    if let Ok(day) = text.parse::<Date>() {
        assert_eq!(day.to_string().parse::<Date>().expect("our own day"), day);
    }
    let _ = (text.parse::<Percent>(), text.parse::<Duration>(), text.parse::<Id>());
    let _ = (text.parse::<Zone>(), text.parse::<Calendar>(), text.parse::<Currency>());
});
