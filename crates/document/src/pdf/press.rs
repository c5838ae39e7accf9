//! From worded data to the bytes of a PDF: the templates, the check that every character can be
//! printed, the layout, the file. Data reach the templates as one JSON document and are never read
//! as markup. Knows no clock: the same data and the same fonts give the same bytes.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Serialize;
use serde_json::Value;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::layout::{Frame, FrameItem};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};
use units::Date;

use super::fonts::{Fonts, fonts};
use super::{Place, PrintError};

/// How many later compilations may still use what an earlier one laid out.
const KEPT_COMPILATIONS: usize = 2;

/// What a printed document is called in the file, and of which day it is.
pub(crate) struct Imprint {
    /// What the file is of, for its id: kind, agreement, number, language.
    pub(crate) ident: String,
    /// The day that the file carries.
    pub(crate) day: Date,
}

/// A template that sets a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plate {
    /// An invoice, a credit note or a statement.
    Sheet,
    /// A drafted contract.
    Draft,
    /// A paper in parts.
    Parts,
}

/// The pixels of a picture by the name that the data call it: four bytes each, from the top left.
pub(crate) type Pixels<'a> = (String, &'a [u8]);

/// The templates and the library: the same for every document.
struct Press {
    library: LazyHash<Library>,
    sheet: FileId,
    draft: FileId,
    parts: FileId,
    data: FileId,
    sources: [(FileId, Source); 4],
}

static PRESS: LazyLock<Press> = LazyLock::new(|| {
    let templates = [
        ("sheet.typ", include_str!("../../templates/sheet.typ")),
        ("draft.typ", include_str!("../../templates/draft.typ")),
        ("parts.typ", include_str!("../../templates/parts.typ")),
        ("paper.typ", include_str!("../../templates/paper.typ")),
    ];
    let read = |(name, text): (&str, &str)| (id(name), Source::new(id(name), text.to_owned()));
    Press {
        library: LazyHash::new(Library::default()),
        sheet: id("sheet.typ"),
        draft: id("draft.typ"),
        parts: id("parts.typ"),
        data: id("sheet.json"),
        sources: templates.map(read),
    }
});

fn id(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("a plain file name is a path");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// What a compilation may see: templates, its own data and pixels, fonts. No file, no package, no
/// date.
struct Compositor<'a> {
    plate: Plate,
    data: Bytes,
    pixels: Vec<(FileId, Bytes)>,
    fonts: &'a Fonts,
}

impl World for Compositor<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &PRESS.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        match self.plate {
            Plate::Sheet => PRESS.sheet,
            Plate::Draft => PRESS.draft,
            Plate::Parts => PRESS.parts,
        }
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let found = PRESS.sources.iter().find(|(known, _)| *known == id);
        found.map(|(_, source)| source.clone()).ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == PRESS.data {
            return Ok(self.data.clone());
        }
        let found = self.pixels.iter().find(|(known, _)| *known == id);
        found.map(|(_, pixels)| pixels.clone()).ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// Prints worded data as a sheet.
///
/// # Errors
/// As [`print_plate`].
pub(super) fn print(paper: &impl Serialize, imprint: &Imprint) -> Result<Vec<u8>, PrintError> {
    print_plate(Plate::Sheet, paper, imprint, &[])
}

/// The first character of a text that cannot be printed.
///
/// # Errors
/// When there is no font with Chinese.
pub(crate) fn can_print(text: &str) -> Result<Option<char>, PrintError> {
    let fonts = fonts()?;
    let cannot = |c: &char| !(c.is_whitespace() || is_selector(*c) || has(*c, fonts));
    Ok(text.chars().find(cannot))
}

fn has(character: char, fonts: &Fonts) -> bool {
    !is_private(character) && fonts.has(character)
}

/// Prints worded data by a template.
///
/// # Errors
/// When a font or a character is missing, or the templates do not take the data.
pub(crate) fn print_plate(
    plate: Plate,
    paper: &impl Serialize,
    imprint: &Imprint,
    pixels: &[Pixels<'_>],
) -> Result<Vec<u8>, PrintError> {
    let fonts = fonts()?;
    let mut data = serde_json::to_value(paper).map_err(|error| fault(error.to_string()))?;
    tidy(&mut data);
    data["fonts"] = serde_json::to_value(fonts.families()).map_err(|e| fault(e.to_string()))?;
    check(&data, fonts)?;
    let data = Bytes::new(serde_json::to_vec(&data).map_err(|error| fault(error.to_string()))?);
    let pixels = pixels.iter().map(|(name, pixels)| (id(name), Bytes::new(pixels.to_vec())));
    let bytes = typeset(&Compositor { plate, data, pixels: pixels.collect(), fonts }, imprint);
    typst::comemo::evict(KEPT_COMPILATIONS);
    bytes
}

fn typeset(compositor: &Compositor<'_>, imprint: &Imprint) -> Result<Vec<u8>, PrintError> {
    let document =
        typst::compile::<PagedDocument>(compositor).output.map_err(|all| complaint(&all))?;
    for page in document.pages() {
        unprinted(&page.frame)?;
    }
    let (year, month, day) = (imprint.day.year(), imprint.day.month(), imprint.day.day());
    let part = |value: i8| u8::try_from(value).unwrap_or(1);
    let midnight = Datetime::from_ymd_hms(i32::from(year), part(month), part(day), 0, 0, 0);
    let standards = PdfStandards::new(&[PdfStandard::A_2a])
        .map_err(|error| fault(error.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(imprint.ident.clone()),
        creator: Smart::Custom(Some("Tallystick".to_owned())),
        timestamp: midnight.map(Timestamp::new_utc),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|all| complaint(&all))
}

fn fault(reason: String) -> PrintError {
    PrintError::Template { reason }
}

fn complaint(all: &[SourceDiagnostic]) -> PrintError {
    let texts: Vec<&str> = all.iter().map(|one| one.message.as_str()).collect();
    fault(texts.join("; "))
}

/// Makes signs visible that have no shape of their own or turn the text around them, so that a
/// name cannot pass for another; line breaks and tabs become spaces.
fn tidy(value: &mut Value) {
    match value {
        Value::String(text) if text.chars().any(is_hidden) => {
            let mut tidied = String::with_capacity(text.len());
            for character in text.chars() {
                match character {
                    '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => tidied.push(' '),
                    _ if is_hidden(character) => {
                        tidied.push_str(&format!("[U+{:04X}]", u32::from(character)));
                    }
                    _ => tidied.push(character),
                }
            }
            *text = tidied;
        }
        Value::Array(values) => values.iter_mut().for_each(tidy),
        Value::Object(fields) => fields.values_mut().for_each(tidy),
        _ => {}
    }
}

/// Control characters, and signs of format and direction. Variation selectors stay: they choose the
/// shape of a character, as names need it.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            u32::from(character),
            0x00AD
                | 0x034F
                | 0x061C
                | 0x115F..=0x1160
                | 0x17B4..=0x17B5
                | 0x180B..=0x180F
                | 0x200B..=0x200F
                | 0x2028..=0x202E
                | 0x2060..=0x206F
                | 0x3164
                | 0xFEFF
                | 0xFFA0
                | 0xFFF0..=0xFFFB
                | 0x1BCA0..=0x1BCA3
                | 0x1D173..=0x1D17A
                | 0xE0000..=0xE00FF
                | 0xE01F0..=0xE0FFF
        )
}

/// Signs that fonts use for purposes of their own, and those that are no characters: a file that is
/// kept for years may not hold them.
fn is_private(character: char) -> bool {
    let code = u32::from(character);
    matches!(code, 0xE000..=0xF8FF | 0xF0000..) || code & 0xFFFE == 0xFFFE
}

const fn is_selector(character: char) -> bool {
    matches!(character, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Names the first character that no font has, and where it stands.
fn check(data: &Value, fonts: &Fonts) -> Result<(), PrintError> {
    let mut known = BTreeMap::new();
    let mut visit = |place: Place, text: &str| {
        for character in text.chars() {
            let can = *known.entry(character).or_insert_with(|| {
                let blank = character.is_whitespace() || is_selector(character);
                blank || has(character, fonts)
            });
            if !can {
                let text = shortened(text);
                return Err(PrintError::Character { character, place, text });
            }
        }
        Ok(())
    };
    let Value::Object(fields) = data else { return Ok(()) };
    for (name, value) in fields {
        match (name.as_str(), value) {
            ("parties", Value::Array(parties)) => {
                for (party, place) in parties.iter().zip([Place::Seller, Place::Buyer]) {
                    each_text(party, &mut |text| visit(place, text))?;
                }
            }
            (name, value) => {
                let place = Place::of_field(name);
                each_text(value, &mut |text| visit(place, text))?;
            }
        }
    }
    Ok(())
}

fn each_text(
    value: &Value,
    visit: &mut impl FnMut(&str) -> Result<(), PrintError>,
) -> Result<(), PrintError> {
    match value {
        Value::String(text) => visit(text),
        Value::Array(values) => values.iter().try_for_each(|value| each_text(value, visit)),
        Value::Object(fields) => fields.values().try_for_each(|value| each_text(value, visit)),
        _ => Ok(()),
    }
}

/// Refuses a page on which a font had no shape after all, as for a sequence of characters.
fn unprinted(frame: &Frame) -> Result<(), PrintError> {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => unprinted(&group.frame)?,
            FrameItem::Text(item) => {
                let Some(glyph) = item.glyphs.iter().find(|glyph| glyph.id == 0) else { continue };
                let text = item.text.as_str();
                let cluster = text.get(glyph.range()).unwrap_or(text);
                let character = cluster.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER);
                let text = shortened(text);
                return Err(PrintError::Character { character, place: Place::Text, text });
            }
            _ => {}
        }
    }
    Ok(())
}

/// As much of a text as an error shows.
fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
