//! A paper as PDF.

use serde::Serialize;
use units::Lang;

use super::{Paper, Part};
use crate::pdf::{Imprint, Plate, PrintError, print_plate};

/// The worded data of the page, as its template takes them.
#[derive(Serialize)]
struct Sheet<'a> {
    lang: &'static str,
    name: String,
    author: String,
    about: String,
    running: [String; 2],
    mark: Option<String>,
    footing: String,
    pages: [&'static str; 3],
    title: &'a str,
    subtitle: &'a str,
    parts: &'a [Part],
}

/// The paper as PDF.
///
/// # Errors
/// When a font or a character is missing.
pub fn pdf(paper: &Paper, lang: Lang) -> Result<Vec<u8>, PrintError> {
    let sheet = Sheet {
        lang: lang.code(),
        name: format!("{} {}", paper.title, paper.name),
        author: String::new(),
        about: paper.name.clone(),
        running: [paper.name.clone(), String::new()],
        mark: None,
        footing: paper.title.clone(),
        pages: match lang {
            Lang::Zh => ["第 ", " 页，共 ", " 页"],
            Lang::En => ["Page ", " of ", ""],
        },
        title: &paper.title,
        subtitle: &paper.name,
        parts: &paper.parts,
    };
    let ident = format!("{} {} {}", paper.ident, paper.name, lang.code());
    print_plate(Plate::Parts, &sheet, &Imprint { ident, day: paper.day }, &[])
}
