//! An update behind the end of a PDF: new and changed objects, and a table of the kind that the
//! file has. The bytes before stay as they are.

use std::collections::BTreeMap;

use super::lexer::{Dictionary, Object, get, put};
use super::{Pdf, PdfError};

/// Objects to be written behind the end of a PDF.
pub(crate) struct Update<'a> {
    pdf: &'a Pdf<'a>,
    objects: BTreeMap<u32, Vec<u8>>,
    next: u32,
}

impl<'a> Update<'a> {
    pub(crate) fn new(pdf: &'a Pdf<'a>) -> Result<Self, PdfError> {
        let size = get(&pdf.trailer, "Size").and_then(Object::integer);
        let next = size.and_then(|size| u32::try_from(size).ok()).ok_or(PdfError::NoTable)?;
        // Room for what a seal adds.
        if next > u32::MAX - 1000 {
            return Err(PdfError::Limit { part: "objects" });
        }
        Ok(Self { pdf, objects: BTreeMap::new(), next })
    }

    /// A number that no object has yet.
    pub(crate) fn number(&mut self) -> u32 {
        self.next += 1;
        self.next - 1
    }

    /// Writes an object, in the place of the one that has the number.
    pub(crate) fn put(&mut self, number: u32, object: &Object) {
        let mut text = Vec::new();
        object.write(&mut text);
        self.objects.insert(number, text);
    }

    pub(crate) fn put_text(&mut self, number: u32, text: Vec<u8>) {
        self.objects.insert(number, text);
    }

    /// The whole file with the update, and where each object of it starts.
    pub(crate) fn finish(mut self) -> (Vec<u8>, BTreeMap<u32, usize>) {
        let mut out = self.pdf.bytes.to_vec();
        if out.last() != Some(&b'\n') {
            out.push(b'\n');
        }
        let table_number = self.pdf.table_is_stream.then(|| self.number());
        let mut places = BTreeMap::new();
        for (number, text) in &self.objects {
            places.insert(*number, out.len());
            out.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
            out.extend_from_slice(text);
            out.extend_from_slice(b"\nendobj\n");
        }
        let table = out.len();
        let mut trailer: Dictionary = Vec::new();
        for key in ["Root", "Info", "ID"] {
            if let Some(value) = get(&self.pdf.trailer, key) {
                put(&mut trailer, key, value.clone());
            }
        }
        put(&mut trailer, "Size", Object::plain(self.next.to_string()));
        put(&mut trailer, "Prev", Object::plain(self.pdf.table.to_string()));
        match table_number {
            Some(number) => {
                places.insert(number, table);
                write_stream(&mut out, number, trailer, &places);
            }
            None => write_table(&mut out, &trailer, &places),
        }
        out.extend_from_slice(format!("\nstartxref\n{table}\n%%EOF\n").as_bytes());
        (out, places)
    }
}

fn write_table(out: &mut Vec<u8>, trailer: &Dictionary, places: &BTreeMap<u32, usize>) {
    out.extend_from_slice(b"xref\n");
    for (number, at) in places {
        out.extend_from_slice(format!("{number} 1\n{at:010} 00000 n\r\n").as_bytes());
    }
    out.extend_from_slice(b"trailer\n");
    Object::Dictionary(trailer.clone()).write(out);
}

fn write_stream(
    out: &mut Vec<u8>,
    number: u32,
    mut trailer: Dictionary,
    places: &BTreeMap<u32, usize>,
) {
    let mut rows = Vec::new();
    let mut index = Vec::new();
    for (number, at) in places {
        index.extend([Object::plain(number.to_string()), Object::plain("1")]);
        rows.push(1);
        rows.extend_from_slice(&u32::try_from(*at).unwrap_or(u32::MAX).to_be_bytes());
        rows.extend_from_slice(&[0, 0]);
    }
    let widths = ["1", "4", "2"].map(Object::plain);
    put(&mut trailer, "Type", Object::name("XRef"));
    put(&mut trailer, "W", Object::Array(widths.to_vec()));
    put(&mut trailer, "Index", Object::Array(index));
    put(&mut trailer, "Length", Object::plain(rows.len().to_string()));
    out.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
    Object::Dictionary(trailer).write(out);
    out.extend_from_slice(b"\nstream\n");
    out.extend_from_slice(&rows);
    out.extend_from_slice(b"\nendstream\nendobj");
}

/// A text for people, as UTF-16 in hexadecimal.
pub(crate) fn text_string(text: &str) -> Object {
    let mut hex = String::from("<FEFF");
    for unit in text.encode_utf16() {
        hex.push_str(&format!("{unit:04X}"));
    }
    hex.push('>');
    Object::plain(hex)
}
