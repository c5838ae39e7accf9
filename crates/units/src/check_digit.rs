//! Check digits of identifiers that people and organisations carry: GB 32100, GB 11643, ISO 7812,
//! ISO 13616. One place for each rule; no one of them says that the identifier was ever issued.

/// The characters of a unified social credit code in the order of their values: no I, O, S, V, Z.
const CREDIT_CODE: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Whether 18 characters are a unified social credit code: GB 32100, weights of 3 to the place,
/// base 31, the last character checks the others. Upper case only.
#[must_use]
pub fn is_credit_code(code: &str) -> bool {
    let base = CREDIT_CODE.len();
    let (mut sum, mut weight, mut count) = (0, 1, 0);
    for byte in code.bytes() {
        let Some(value) = CREDIT_CODE.iter().position(|known| *known == byte) else {
            return false;
        };
        count += 1;
        // The check character counts once, whatever its place.
        sum += if count == 18 { value } else { value * weight };
        weight = weight * 3 % base;
    }
    count == 18 && sum % base == 0
}

/// Whether 17 digits and a check character (a digit or X) agree: GB 11643, ISO 7064 MOD 11-2.
/// Looks at the check alone, not at the region or the day of birth.
#[must_use]
pub fn is_mod_11_2(number: &str) -> bool {
    let bytes = number.as_bytes();
    let Some((check, body)) = bytes.split_last() else { return false };
    if body.len() != 17 || !body.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let check = match check {
        b'X' | b'x' => 10,
        b'0'..=b'9' => u32::from(check - b'0'),
        _ => return false,
    };
    let product = body.iter().fold(0, |sum, byte| (sum + u32::from(byte - b'0')) * 2 % 11);
    (product + check) % 11 == 1
}

/// Whether a number holds by the formula of Luhn (ISO 7812): every second digit from the right
/// counts twice. Digits alone, two at least.
#[must_use]
pub fn is_luhn(number: &str) -> bool {
    let mut sum = 0;
    for (place, byte) in number.bytes().rev().enumerate() {
        if !byte.is_ascii_digit() {
            return false;
        }
        let digit = u32::from(byte - b'0');
        let counted = if place % 2 == 1 { digit * 2 } else { digit };
        sum += counted / 10 + counted % 10;
    }
    number.len() >= 2 && sum % 10 == 0
}

/// Whether an IBAN leaves 1 when its digits are divided by 97 (ISO 13616): the first four
/// characters go to the end, letters count 10 to 35. Upper case, no spaces.
#[must_use]
pub fn is_mod_97(iban: &str) -> bool {
    if iban.len() < 5 || !iban.is_ascii() {
        return false;
    }
    let (head, tail) = iban.split_at(4);
    let mut rest = 0;
    for byte in tail.bytes().chain(head.bytes()) {
        rest = match byte {
            b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
            b'A'..=b'Z' => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
            _ => return false,
        };
    }
    rest == 1
}
