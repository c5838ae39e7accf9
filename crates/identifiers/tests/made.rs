//! Identifiers made here, their check digits by other ways than those of the code: the weights as
//! the standards print them, or trying every digit.

use identifiers::{Find, find};
use units::Date;

pub(crate) fn today() -> Date {
    Date::new(2026, 3, 31).expect("a day")
}

pub(crate) fn found(text: &str) -> Vec<Find> {
    find(text, today())
}

/// GB 11643 by its table of weights and of check digits.
pub(crate) fn resident_id(body: &str) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
    let digits = body.chars().map(|digit| digit.to_digit(10).expect("a digit"));
    let sum: u32 = digits.zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    format!("{body}{}", CHECKS[(sum % 11) as usize])
}

/// GB 32100 by its table of weights.
pub(crate) fn credit_code(body: &str) -> String {
    const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    let alphabet: Vec<char> = "0123456789ABCDEFGHJKLMNPQRTUWXY".chars().collect();
    let value = |letter| alphabet.iter().position(|known| *known == letter).expect("known");
    let sum: usize = body.chars().zip(WEIGHTS).map(|(letter, weight)| value(letter) * weight).sum();
    format!("{body}{}", alphabet[(31 - sum % 31) % 31])
}

/// Luhn by the table of doubled digits, from the left.
pub(crate) fn card(body: &str) -> String {
    const DOUBLED: [u32; 10] = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
    let sum: u32 = body
        .chars()
        .enumerate()
        .map(|(at, digit)| {
            let digit = digit.to_digit(10).expect("a digit");
            if (body.len() - at) % 2 == 1 { DOUBLED[digit as usize] } else { digit }
        })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// ISO 13616: 98 less the remainder of the whole number, divided by hand in a wide integer's steps.
pub(crate) fn iban(country: &str, account: &str) -> String {
    let written: String = format!("{account}{country}00")
        .chars()
        .map(|letter| letter.to_digit(36).expect("a letter or digit").to_string())
        .collect();
    let mut rest: u128 = 0;
    for piece in written.as_bytes().chunks(20) {
        let piece = std::str::from_utf8(piece).expect("digits");
        let shift = 10_u128.pow(u32::try_from(piece.len()).expect("short"));
        rest = (rest * shift + piece.parse::<u128>().expect("digits")) % 97;
    }
    format!("{country}{:02}{account}", 98 - rest)
}

/// The same with its last digit one higher, so that no check holds.
pub(crate) fn spoilt(number: &str) -> String {
    let (head, last) = number.split_at(number.len() - 1);
    let next = match last {
        "X" => "0".to_owned(),
        "9" => "0".to_owned(),
        digit => digit.parse::<u32>().map_or_else(|_| "0".to_owned(), |d| (d + 1).to_string()),
    };
    format!("{head}{next}")
}

pub(crate) fn full_width(text: &str) -> String {
    let wide = |c: char| char::from_u32(u32::from(c) + 0xfee0).filter(|_| c.is_ascii_graphic());
    text.chars().map(|letter| wide(letter).unwrap_or(letter)).collect()
}
