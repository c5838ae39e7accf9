//! The report as PDF.

use serde::Serialize;
use units::Lang;

use super::{Part, Report, parts, title};
use crate::pdf::{Imprint, Plate, PrintError, print_plate};

/// The worded data of the page, as its template takes them.
#[derive(Serialize)]
struct Paper {
    lang: &'static str,
    name: String,
    author: String,
    about: String,
    running: [String; 2],
    mark: Option<String>,
    footing: String,
    pages: [&'static str; 3],
    title: &'static str,
    subtitle: String,
    parts: Vec<Part>,
}

/// The report as PDF.
///
/// # Errors
/// When a font or a character is missing.
pub fn pdf(report: &Report<'_>, lang: Lang) -> Result<Vec<u8>, PrintError> {
    let paper = Paper {
        lang: lang.code(),
        name: format!("{} {}", title(lang), report.name),
        author: String::new(),
        about: report.name.to_owned(),
        running: [report.name.to_owned(), String::new()],
        mark: None,
        footing: title(lang).to_owned(),
        pages: match lang {
            Lang::Zh => ["第 ", " 页，共 ", " 页"],
            Lang::En => ["Page ", " of ", ""],
        },
        title: title(lang),
        subtitle: report.name.to_owned(),
        parts: parts(report, lang),
    };
    let ident = format!("statistics {} {}", report.name, lang.code());
    print_plate(Plate::Statistics, &paper, &Imprint { ident, day: report.day }, &[])
}
