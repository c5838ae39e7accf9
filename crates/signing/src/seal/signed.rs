//! Where a seal stands in a PDF: the field, the signature with its gap, and what the byte range
//! covers. Everything but the hexadecimal digits of the gap is signed.

use units::Timestamp;

use super::{
    Dictionary, Object, Pdf, PdfError, ROOM, SealOptions, SealingError, Update, text_string,
};
use crate::pdf::{get, put};
use crate::seal::certificate::digits;

/// The name of the field.
pub(super) const FIELD: &str = "Tallystick seal";
/// Digits of a place in the byte range; the numbers are written over them.
const DIGITS: usize = 10;

/// A PDF with a gap for the signature.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    bytes: Vec<u8>,
    /// The `<` of the gap.
    from: usize,
    /// Behind the `>` of the gap.
    to: usize,
}

impl Layout {
    /// Everything but the gap.
    pub(super) fn covered(&self) -> Vec<u8> {
        [&self.bytes[..self.from], &self.bytes[self.to..]].concat()
    }

    /// Writes the signature into the gap; none when it is too long.
    pub(super) fn fill(mut self, signature: &[u8]) -> Option<Vec<u8>> {
        let gap = &mut self.bytes[self.from + 1..self.to - 1];
        let digits = gap.get_mut(..signature.len() * 2)?;
        for (pair, byte) in digits.chunks_exact_mut(2).zip(signature) {
            pair.copy_from_slice(format!("{byte:02x}").as_bytes());
        }
        Some(self.bytes)
    }
}

/// Adds the field and the empty signature behind the end of the file.
pub(super) fn place_seal(pdf: &Pdf<'_>, options: &SealOptions<'_>) -> Result<Layout, SealingError> {
    let (root, mut catalog) = pdf.catalog()?;
    let form = pdf.dictionary(&catalog, "AcroForm")?;
    if is_signed(pdf, &catalog, form.as_ref())? {
        return Err(SealingError::Signed);
    }
    let mut update = Update::new(pdf)?;
    let (value, field) = (update.number(), update.number());
    let (page_number, mut page) = pdf.first_page()?;
    let mut entries = widget(page_number);
    put(&mut entries, "V", Object::Reference(value, 0));
    update.put(field, &Object::Dictionary(entries));
    let mut notes = members(pdf, &page, "Annots")?;
    notes.push(Object::Reference(field, 0));
    put(&mut page, "Annots", Object::Array(notes));
    update.put(page_number, &Object::Dictionary(page));
    let mut form = form.unwrap_or_default();
    let mut fields = members(pdf, &form, "Fields")?;
    fields.push(Object::Reference(field, 0));
    put(&mut form, "Fields", Object::Array(fields));
    // Signatures exist, and only updates behind the end are allowed.
    put(&mut form, "SigFlags", Object::plain("3"));
    put(&mut catalog, "AcroForm", Object::Dictionary(form));
    let permission = vec![(b"DocMDP".to_vec(), Object::Reference(value, 0))];
    put(&mut catalog, "Perms", Object::Dictionary(permission));
    update.put(root, &Object::Dictionary(catalog));
    update.put_text(value, signature_text(options));
    let (bytes, places) = update.finish();
    let at = *places.get(&value).ok_or(PdfError::NoTable)?;
    measure(bytes, at)
}

/// Whether a signature is there already.
fn is_signed(
    pdf: &Pdf<'_>,
    catalog: &Dictionary,
    form: Option<&Dictionary>,
) -> Result<bool, PdfError> {
    if get(catalog, "Perms").is_some() {
        return Ok(true);
    }
    let Some(form) = form else { return Ok(false) };
    let flags = get(form, "SigFlags").map(|flags| pdf.resolve(flags)).transpose()?;
    Ok(flags.is_some_and(|flags| flags.integer() != Some(0)))
}

fn members(pdf: &Pdf<'_>, entries: &Dictionary, key: &str) -> Result<Vec<Object>, PdfError> {
    let Some(value) = get(entries, key) else { return Ok(Vec::new()) };
    Ok(pdf.resolve(value)?.array().unwrap_or_default().to_vec())
}

/// The field, which is its own widget: it has no size and shows nothing.
fn widget(page: u32) -> Dictionary {
    let nothing = [0; 4].map(|side: u8| Object::plain(side.to_string()));
    vec![
        (b"Type".to_vec(), Object::name("Annot")),
        (b"Subtype".to_vec(), Object::name("Widget")),
        (b"FT".to_vec(), Object::name("Sig")),
        (b"T".to_vec(), text_string(FIELD)),
        // Printed and locked.
        (b"F".to_vec(), Object::plain("132")),
        (b"P".to_vec(), Object::Reference(page, 0)),
        (b"Rect".to_vec(), Object::Array(nothing.to_vec())),
    ]
}

/// The signature's dictionary, its byte range and its digits still empty.
fn signature_text(options: &SealOptions<'_>) -> Vec<u8> {
    let mut text = Vec::from(
        "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached\n\
         /Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams \
         << /Type /TransformParams /P 1 /V /1.2 >> >>]\n",
    );
    for (key, value) in [("Name", options.name), ("Reason", options.reason)] {
        text.extend_from_slice(format!("/{key} ").as_bytes());
        text_string(value).write(&mut text);
        text.push(b'\n');
    }
    text.extend_from_slice(format!("/M (D:{}Z)\n", digits(options.at)).as_bytes());
    let empty = " ".repeat(DIGITS);
    text.extend_from_slice(format!("/ByteRange [0 {empty} {empty} {empty}]\n").as_bytes());
    text.extend_from_slice(b"/Contents <");
    text.resize(text.len() + ROOM * 2, b'0');
    text.extend_from_slice(b"> >>");
    text
}

/// Finds the gap and writes the byte range around it.
fn measure(mut bytes: Vec<u8>, at: usize) -> Result<Layout, SealingError> {
    let damaged = PdfError::Damaged { at, part: "the signature" };
    let find = |word: &[u8]| {
        let found = bytes[at..].windows(word.len()).position(|window| window == word);
        found.map(|found| at + found + word.len()).ok_or(damaged.clone())
    };
    let range = find(b"/ByteRange [0 ")?;
    let from = find(b"/Contents <")? - 1;
    let to = from + ROOM * 2 + 2;
    for (index, number) in [from, to, bytes.len() - to].into_iter().enumerate() {
        let at = range + index * (DIGITS + 1);
        let text = format!("{number:<DIGITS$}");
        let place = bytes.get_mut(at..at + DIGITS).ok_or(damaged.clone())?;
        if text.len() != DIGITS {
            return Err(PdfError::TooLarge.into());
        }
        place.copy_from_slice(text.as_bytes());
    }
    Ok(Layout { bytes, from, to })
}

/// The instant of `(D:YYYYMMDDhhmmssZ)`.
pub(super) fn read_date(text: &[u8]) -> Option<Timestamp> {
    crate::timestamp::read_time(text.strip_prefix(b"(D:")?.strip_suffix(b")")?)
}
