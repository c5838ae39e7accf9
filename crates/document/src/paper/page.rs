//! A paper as PDF.

use serde::Serialize;
use units::Lang;

use super::{Paper, Part};
use crate::pdf::{Around, Imprint, Plate, PrintError, print_plate};

/// The worded data of the page, as its template takes them.
#[derive(Serialize)]
struct Sheet<'a> {
    #[serde(flatten)]
    around: Around,
    title: &'a str,
    subtitle: &'a str,
    parts: &'a [Part],
}

/// The paper as PDF.
///
/// # Errors
/// When a font or a character is missing.
pub fn pdf(paper: &Paper, lang: Lang) -> Result<Vec<u8>, PrintError> {
    let name = format!("{} {}", paper.title, paper.name);
    let (about, head) = (paper.name.clone(), paper.name.clone());
    let sheet = Sheet {
        around: Around::of(lang, name, about, head, paper.title.clone()),
        title: &paper.title,
        subtitle: &paper.name,
        parts: &paper.parts,
    };
    let ident = format!("{} {} {}", paper.ident, paper.name, lang.code());
    print_plate(Plate::Parts, &sheet, &Imprint { ident, day: paper.day }, &[])
}
