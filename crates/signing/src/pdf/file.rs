//! A PDF: the tables of its objects from the last to the first, and each object where the tables
//! say. Streams are decoded where tables and objects are kept in them, and nowhere else.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

use super::lexer::{Dictionary, Lexer, Object, get};
use super::{MAX_BYTES, PdfError};

/// The most tables, one for each update.
const MOST_TABLES: usize = 64;
/// The most objects.
const MOST_OBJECTS: usize = 1 << 21;
/// The most bytes of a decoded stream.
const MAX_STREAM: u64 = 16 << 20;
/// References to references, and pages within pages.
const MAX_DEPTH: usize = 32;

/// Where an object lies.
#[derive(Debug, Clone, Copy)]
enum Place {
    Free,
    At(usize),
    Within { stream: u32, index: usize },
}

/// A PDF and where its objects lie.
#[derive(Debug)]
pub(crate) struct Pdf<'a> {
    pub(crate) bytes: &'a [u8],
    places: BTreeMap<u32, Place>,
    /// The last trailer.
    pub(crate) trailer: Dictionary,
    /// Where the last table starts, and whether it is a stream.
    pub(crate) table: usize,
    pub(crate) table_is_stream: bool,
}

impl<'a> Pdf<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, PdfError> {
        if bytes.len() > MAX_BYTES {
            return Err(PdfError::TooLarge);
        }
        let table = last_table(bytes).ok_or(PdfError::NoTable)?;
        let places = BTreeMap::new();
        let mut pdf = Self { bytes, places, trailer: Vec::new(), table, table_is_stream: false };
        let (mut next, mut seen) = (vec![table], BTreeSet::new());
        while let Some(at) = next.pop() {
            if !seen.insert(at) {
                continue;
            }
            if seen.len() > MOST_TABLES {
                return Err(PdfError::Limit { part: "updates" });
            }
            let (trailer, is_stream) = pdf.read_table(at)?;
            let link = |key: &str| get(&trailer, key).and_then(Object::integer);
            // What a hybrid file keeps in a stream comes before the table further back.
            next.extend(link("Prev").into_iter().chain(link("XRefStm")));
            if seen.len() == 1 {
                pdf.table_is_stream = is_stream;
                pdf.trailer = trailer;
            }
        }
        if get(&pdf.trailer, "Encrypt").is_some() {
            return Err(PdfError::Encrypted);
        }
        Ok(pdf)
    }

    fn place(&mut self, number: u32, place: Place) -> Result<(), PdfError> {
        if self.places.len() >= MOST_OBJECTS {
            return Err(PdfError::Limit { part: "objects" });
        }
        // Later tables are read first, and win.
        self.places.entry(number).or_insert(place);
        Ok(())
    }

    fn read_table(&mut self, at: usize) -> Result<(Dictionary, bool), PdfError> {
        let mut lexer = Lexer::new(self.bytes, at);
        if !lexer.word("xref") {
            return self.read_table_stream(at).map(|trailer| (trailer, true));
        }
        let bad = |lexer: &Lexer<'_>| PdfError::Damaged { at: lexer.at, part: "the table" };
        while !lexer.word("trailer") {
            let first = lexer.number().ok_or_else(|| bad(&lexer))?;
            let count = lexer.number().ok_or_else(|| bad(&lexer))?;
            for index in 0..count {
                let offset = lexer.number().ok_or_else(|| bad(&lexer))?;
                lexer.number().ok_or_else(|| bad(&lexer))?;
                let number = first.checked_add(index).and_then(|number| u32::try_from(number).ok());
                let number = number.ok_or_else(|| bad(&lexer))?;
                match (lexer.word("n"), offset) {
                    (true, _) => self.place(number, Place::At(offset))?,
                    (false, _) if lexer.word("f") => self.place(number, Place::Free)?,
                    _ => return Err(bad(&lexer)),
                }
            }
        }
        match lexer.object()? {
            Object::Dictionary(trailer) => Ok((trailer, false)),
            _ => Err(bad(&lexer)),
        }
    }

    fn read_table_stream(&mut self, at: usize) -> Result<Dictionary, PdfError> {
        let bad = PdfError::Damaged { at, part: "the table" };
        let mut lexer = Lexer::new(self.bytes, at);
        lexer.header()?;
        let Object::Dictionary(trailer) = lexer.object()? else { return Err(bad) };
        let numbers = |key: &str| -> Option<Vec<usize>> {
            get(&trailer, key)?.array()?.iter().map(Object::integer).collect()
        };
        let is_table = get(&trailer, "Type") == Some(&Object::name("XRef"));
        let widths = numbers("W").filter(|widths| is_table && widths.len() == 3);
        let widths = widths.filter(|widths| widths.iter().all(|width| *width <= 8));
        let Some(widths) = widths else { return Err(bad) };
        let size = get(&trailer, "Size").and_then(Object::integer).ok_or(bad.clone())?;
        let sections = numbers("Index").unwrap_or_else(|| vec![0, size]);
        let data = self.stream(&trailer, &mut lexer)?;
        let width: usize = widths.iter().sum();
        let mut rows = data.chunks_exact(width.max(1));
        for section in sections.chunks_exact(2) {
            for index in 0..section[1] {
                let Some(row) = rows.next() else { break };
                let number = section[0].checked_add(index);
                let number = number.and_then(|number| u32::try_from(number).ok());
                let field = |from: usize, width: usize| {
                    row[from..from + width].iter().fold(0usize, |all, b| all << 8 | usize::from(*b))
                };
                let kind = if widths[0] == 0 { 1 } else { field(0, widths[0]) };
                let second = field(widths[0], widths[1]);
                let third = field(widths[0] + widths[1], widths[2]);
                let place = match kind {
                    0 => Place::Free,
                    1 => Place::At(second),
                    2 => {
                        let stream = u32::try_from(second).map_err(|_| bad.clone())?;
                        Place::Within { stream, index: third }
                    }
                    // Kinds to come are as if they were not there.
                    _ => continue,
                };
                self.place(number.ok_or(bad.clone())?, place)?;
            }
        }
        Ok(trailer)
    }

    /// An object by its number; none where there is none.
    pub(crate) fn object(&self, number: u32) -> Result<Option<Object>, PdfError> {
        match self.places.get(&number) {
            None | Some(Place::Free) => Ok(None),
            Some(Place::At(at)) => {
                let mut lexer = Lexer::new(self.bytes, *at);
                // Numbers are not given twice any more; an update would have to go on counting.
                if lexer.header()? != (number, 0) {
                    return Err(PdfError::Object { number, part: "where the table says" });
                }
                lexer.object().map(Some)
            }
            Some(Place::Within { stream, index }) => self.within(number, *stream, *index),
        }
    }

    /// An object that is kept in a stream with others.
    fn within(&self, number: u32, stream: u32, index: usize) -> Result<Option<Object>, PdfError> {
        let bad = PdfError::Object { number: stream, part: "a stream of objects" };
        let Some(Place::At(at)) = self.places.get(&stream) else { return Err(bad) };
        let mut lexer = Lexer::new(self.bytes, *at);
        if lexer.header()?.0 != stream {
            return Err(bad);
        }
        let Object::Dictionary(entries) = lexer.object()? else { return Err(bad) };
        let first = get(&entries, "First").and_then(Object::integer).ok_or(bad.clone())?;
        let data = self.stream(&entries, &mut lexer)?;
        let mut inner = Lexer::new(&data, 0);
        for _ in 0..index {
            inner.number().and(inner.number()).ok_or(bad.clone())?;
        }
        let (Some(named), Some(offset)) = (inner.number(), inner.number()) else { return Err(bad) };
        if named != number as usize {
            return Err(bad);
        }
        let at = first.checked_add(offset).ok_or(bad)?;
        Lexer::new(&data, at).object().map(Some)
    }

    /// The decoded bytes of a stream, at whose keyword the lexer stands.
    fn stream(&self, entries: &Dictionary, lexer: &mut Lexer<'_>) -> Result<Vec<u8>, PdfError> {
        let bad = PdfError::Damaged { at: lexer.at, part: "a stream" };
        let length = match get(entries, "Length") {
            Some(Object::Reference(number, _)) => match self.places.get(number) {
                // A length is a number in the open; anything else would lead in circles.
                Some(Place::At(at)) => {
                    let mut there = Lexer::new(self.bytes, *at);
                    there.header()?;
                    there.number()
                }
                _ => None,
            },
            Some(other) => other.integer(),
            None => None,
        };
        if !lexer.word("stream") {
            return Err(bad);
        }
        let start = match self.bytes.get(lexer.at..) {
            Some([b'\r', b'\n', ..]) => lexer.at + 2,
            Some([b'\n', ..]) => lexer.at + 1,
            _ => return Err(bad),
        };
        let end = length.and_then(|length| start.checked_add(length)).ok_or(bad.clone())?;
        let data = self.bytes.get(start..end).ok_or(bad.clone())?;
        if !Lexer::new(self.bytes, end).word("endstream") {
            return Err(bad);
        }
        decode(entries, data).ok_or(bad)
    }

    /// What an object stands for, through references.
    pub(crate) fn resolve(&self, object: &Object) -> Result<Object, PdfError> {
        let mut object = object.clone();
        for _ in 0..MAX_DEPTH {
            match object {
                Object::Reference(number, _) => {
                    object = self.object(number)?.unwrap_or_else(|| Object::plain("null"));
                }
                other => return Ok(other),
            }
        }
        Err(PdfError::Limit { part: "references" })
    }

    /// The dictionary that a key stands for; none where the key is absent.
    pub(crate) fn dictionary(
        &self,
        entries: &Dictionary,
        key: &str,
    ) -> Result<Option<Dictionary>, PdfError> {
        let Some(value) = get(entries, key) else { return Ok(None) };
        match self.resolve(value)? {
            Object::Dictionary(found) => Ok(Some(found)),
            _ => Ok(None),
        }
    }

    /// The number and the dictionary of the catalog.
    pub(crate) fn catalog(&self) -> Result<(u32, Dictionary), PdfError> {
        let Some(Object::Reference(number, _)) = get(&self.trailer, "Root") else {
            return Err(PdfError::NoTable);
        };
        self.dictionary_of(*number, "the catalog").map(|found| (*number, found))
    }

    pub(crate) fn dictionary_of(
        &self,
        number: u32,
        part: &'static str,
    ) -> Result<Dictionary, PdfError> {
        match self.object(number)? {
            Some(Object::Dictionary(found)) => Ok(found),
            _ => Err(PdfError::Object { number, part }),
        }
    }

    /// The number and the dictionary of the first page, or of the last.
    pub(crate) fn first_page(&self) -> Result<(u32, Dictionary), PdfError> {
        let (_, catalog) = self.catalog()?;
        let mut node = get(&catalog, "Pages").cloned().ok_or(PdfError::NoPage)?;
        for _ in 0..MAX_DEPTH {
            let Object::Reference(number, _) = node else { return Err(PdfError::NoPage) };
            let entries = self.dictionary_of(number, "a page")?;
            let Some(kids) = get(&entries, "Kids") else { return Ok((number, entries)) };
            let kids = self.resolve(kids)?;
            let kids = kids.array().unwrap_or_default();
            node = kids.first().cloned().ok_or(PdfError::NoPage)?;
        }
        Err(PdfError::Limit { part: "pages within pages" })
    }
}

/// Where the last table starts.
fn last_table(bytes: &[u8]) -> Option<usize> {
    let tail = bytes.len().saturating_sub(1024);
    let word = b"startxref";
    let at = bytes[tail..].windows(word.len()).rposition(|window| window == word)?;
    Lexer::new(bytes, tail + at + word.len()).number()
}

/// Undoes the one filter that tables and object streams have.
fn decode(entries: &Dictionary, data: &[u8]) -> Option<Vec<u8>> {
    let only = |object: &Object| match object {
        Object::Array(members) => match &members[..] {
            [one] => Some(one.clone()),
            _ => None,
        },
        other => Some(other.clone()),
    };
    match get(entries, "Filter") {
        None => return Some(data.to_vec()),
        Some(filter) if only(filter)? == Object::name("FlateDecode") => {}
        Some(_) => return None,
    }
    let mut plain = Vec::new();
    let mut decoder = flate2::read::ZlibDecoder::new(data).take(MAX_STREAM + 1);
    decoder.read_to_end(&mut plain).ok()?;
    if plain.len() as u64 > MAX_STREAM {
        return None;
    }
    let parameters = match get(entries, "DecodeParms") {
        Some(parameters) => only(parameters)?,
        None => return Some(plain),
    };
    let parameters = parameters.dictionary()?;
    let number = |key: &str, or| get(parameters, key).map_or(Some(or), Object::integer);
    match number("Predictor", 1)? {
        1 => Some(plain),
        10..=15 if number("Colors", 1)? == 1 && number("BitsPerComponent", 8)? == 8 => {
            unpredict(&plain, number("Columns", 1)?)
        }
        _ => None,
    }
}

/// Undoes the predictors of PNG for rows of single bytes.
fn unpredict(data: &[u8], columns: usize) -> Option<Vec<u8>> {
    if columns == 0 || columns > 1 << 16 {
        return None;
    }
    let mut rows = Vec::with_capacity(data.len());
    let mut above = vec![0u8; columns];
    for row in data.chunks_exact(columns + 1) {
        let (kind, row) = row.split_first()?;
        let mut left = 0u8;
        let mut corner = 0u8;
        for (byte, up) in row.iter().zip(&mut above) {
            let base = match kind {
                0 => 0,
                1 => left,
                2 => *up,
                3 => left.midpoint(*up),
                4 => paeth(left, *up, corner),
                _ => return None,
            };
            left = byte.wrapping_add(base);
            corner = *up;
            *up = left;
        }
        rows.extend_from_slice(&above);
    }
    Some(rows)
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(up), i16::from(corner));
    let guess = a + b - c;
    let (to_a, to_b, to_c) = ((guess - a).abs(), (guess - b).abs(), (guess - c).abs());
    if to_a <= to_b && to_a <= to_c {
        left
    } else if to_b <= to_c {
        up
    } else {
        corner
    }
}
