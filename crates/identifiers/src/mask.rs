//! Masking: each find covered letter by letter, so that every other place stays where it was.

use std::collections::HashMap;

use crate::{Find, Kind};

/// How many letters of a shown identifier stay readable at each end.
const SHOWN: usize = 2;

/// Names for identifiers: the same identifier has the same name as long as they live.
#[derive(Debug, Default)]
pub struct Pseudonyms {
    known: HashMap<(Kind, String), usize>,
    count: HashMap<char, usize>,
}

/// The text with every letter and digit of each find covered by a star, wide where it was wide.
/// Separators stay.
#[must_use]
pub fn mask(text: &str, finds: &[Find]) -> String {
    cover(text, finds, |find| find.text.chars().map(star).collect())
}

/// The text with each find covered by a name that tells its kind and which one of them it is, such
/// as `*M12*******`; by stars alone where the identifier is too short for its name.
#[must_use]
pub fn pseudonymise(text: &str, finds: &[Find], names: &mut Pseudonyms) -> String {
    cover(text, finds, |find| {
        let name = names.name(find);
        let mut letters = name.chars();
        if find.text.chars().filter(|letter| slot(*letter)).count() <= name.chars().count() {
            return find.text.chars().map(star).collect();
        }
        let mut put =
            |letter: char| if slot(letter) { letters.next().unwrap_or('*') } else { letter };
        find.text.chars().map(|letter| widened(put(letter), letter)).collect()
    })
}

/// An identifier as a report shows it: its ends, the rest covered.
#[must_use]
pub fn excerpt(identifier: &str) -> String {
    let letters: Vec<char> = identifier.chars().collect();
    let covered = |letter: &char| star(*letter) != *letter;
    let all = letters.iter().filter(|letter| covered(letter)).count();
    let shown = if all >= 10 { SHOWN } else { 1 };
    let mut seen = 0;
    let mut show = |letter: &char| {
        seen += usize::from(covered(letter));
        let end = seen <= shown || seen > all - shown;
        if covered(letter) && !end { star(*letter) } else { *letter }
    };
    letters.iter().map(&mut show).collect()
}

impl Pseudonyms {
    fn name(&mut self, find: &Find) -> String {
        let plain = find.text.chars().filter_map(|letter| {
            let narrow = narrowed(letter);
            (star(letter) != letter).then(|| narrow.to_ascii_uppercase())
        });
        let key = (find.kind, plain.collect());
        let number = *self.known.entry(key).or_insert_with(|| {
            let count = self.count.entry(letter(find.kind)).or_insert(0);
            *count += 1;
            *count
        });
        format!("*{}{number}", letter(find.kind))
    }
}

/// The letter of a kind; none that a hexadecimal number has.
const fn letter(kind: Kind) -> char {
    match kind {
        Kind::ResidentId => 'R',
        Kind::CreditCode => 'O',
        Kind::Iban | Kind::BankCard | Kind::CreditCard => 'K',
        Kind::Email => 'M',
        Kind::Mobile | Kind::Landline | Kind::Phone => 'T',
        Kind::UsSsn => 'S',
        Kind::Passport => 'P',
        Kind::Plate => 'V',
        Kind::Ipv4 | Kind::Ipv6 | Kind::Mac => 'N',
    }
}

fn cover(text: &str, finds: &[Find], mut covered: impl FnMut(&Find) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for find in finds {
        out.push_str(&text[at..find.start]);
        out.push_str(&covered(find));
        at = find.end;
    }
    out.push_str(&text[at..]);
    out
}

/// What covers a letter: a star of the same width; a separator stays.
pub(crate) fn star(letter: char) -> char {
    if letter.is_ascii_alphanumeric() {
        '*'
    } else if letter.is_alphanumeric() {
        '＊'
    } else {
        letter
    }
}

/// Whether a letter of a name may stand here: one byte, or a wide letter.
const fn slot(letter: char) -> bool {
    matches!(letter.len_utf8(), 1 | 3)
}

/// A letter as wide as the one that it covers.
fn widened(letter: char, covers: char) -> char {
    if letter.is_ascii_graphic() && covers.len_utf8() == 3 {
        char::from_u32(u32::from(letter) + 0xfee0).expect("the full-width forms of ASCII")
    } else {
        letter
    }
}

/// A full-width letter as the one of ASCII.
fn narrowed(letter: char) -> char {
    match letter {
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(letter) - 0xfee0).expect("the full-width forms of ASCII")
        }
        other => other,
    }
}
