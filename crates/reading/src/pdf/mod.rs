//! PDF with a text layer: glyphs with their places become lines, lines become paragraphs; headers,
//! footers and page numbers become margin.
//!
//! A scan has no text layer and is refused with what to do. The reader of the format is not ours
//! and may give up on a damaged file in any way: it runs apart, and its giving up is a fault with a
//! name.

mod guard;
mod layout;

use std::panic::{AssertUnwindSafe, catch_unwind};

use pdf_extract::{Document, MediaBox, OutputDev, OutputError, Transform};
use wording::Line;

use crate::{Fault, LONGEST, Warning};
use layout::{Glyph, Sheet};

/// The most pages that are read.
const MOST_PAGES: usize = 3_000;
/// Room for the calls of a file that nests deeply.
const STACK: usize = 256 << 20;

/// The lines of a PDF.
pub(crate) fn lines(bytes: &[u8], warnings: &mut Vec<Warning>) -> Result<Vec<Line>, Fault> {
    guard::inflated(bytes)?;
    let sheets = std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, || catch_unwind(AssertUnwindSafe(|| sheets(bytes))))
            .map_err(|_| Fault::Damaged)?
            .join()
            .map_err(|_| Fault::Damaged)?
            .map_err(|_| Fault::Damaged)?
    })?;
    let glyphs: usize = sheets.iter().map(|sheet| sheet.glyphs.len()).sum();
    let empty = sheets.iter().filter(|sheet| sheet.glyphs.len() < 8).count();
    if glyphs == 0 || (glyphs < 40 && empty == sheets.len()) {
        return Err(Fault::Scan { pages: sheets.len() });
    }
    if empty > 0 {
        warnings.push(Warning::PagesWithoutText { count: empty });
    }
    Ok(layout::lines(sheets))
}

fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, Fault> {
    let mut document = Document::load_mem(bytes).map_err(|cause| match cause {
        pdf_extract::Error::Decryption(_) | pdf_extract::Error::InvalidPassword => Fault::Encrypted,
        _ => Fault::Damaged,
    })?;
    // Many files are encrypted with an empty password, which any viewer opens.
    if document.is_encrypted() && document.decrypt("").is_err() {
        return Err(Fault::Encrypted);
    }
    let pages = document.get_pages();
    if pages.is_empty() {
        return Err(Fault::Damaged);
    }
    if pages.len() > MOST_PAGES {
        return Err(Fault::TooManyPages { pages: pages.len(), limit: MOST_PAGES });
    }
    guard::nesting(&document)?;
    let mut desk = Desk { sheets: Vec::new(), glyphs: 0 };
    for number in pages.keys() {
        let before = desk.sheets.len();
        let read = catch_unwind(AssertUnwindSafe(|| {
            pdf_extract::output_doc_page(&document, &mut desk, *number)
        }));
        if desk.sheets.len() == before {
            desk.sheets.push(Sheet { page: *number, glyphs: Vec::new() });
        }
        if desk.glyphs > LONGEST {
            break;
        }
        let _: Option<()> = read.ok().and_then(Result::ok);
    }
    Ok(desk.sheets)
}

/// Collects glyphs.
struct Desk {
    sheets: Vec<Sheet>,
    glyphs: usize,
}

impl OutputDev for Desk {
    fn begin_page(
        &mut self,
        page_num: u32,
        _media_box: &MediaBox,
        _art_box: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        self.sheets.push(Sheet { page: page_num, glyphs: Vec::new() });
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(
        &mut self,
        trm: &Transform,
        width: f64,
        _spacing: f64,
        font_size: f64,
        char: &str,
    ) -> Result<(), OutputError> {
        self.glyphs += char.len();
        let Some(sheet) = self.sheets.last_mut() else { return Ok(()) };
        if self.glyphs > LONGEST || char.is_empty() {
            return Ok(());
        }
        let size = (trm.m11 * trm.m22 - trm.m12 * trm.m21).abs().sqrt() * font_size;
        let glyph =
            Glyph { x: trm.m31, y: trm.m32, width: width * size, size, text: char.to_owned() };
        let real =
            [glyph.x, glyph.y, glyph.width, glyph.size].iter().all(|value| value.is_finite());
        if real {
            sheet.glyphs.push(glyph);
        }
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}
