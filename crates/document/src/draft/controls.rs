//! The content controls of a Word file's text: what each is bound to, and what it shows with and
//! without tracked changes. Pieces that an editor cut a control into are one. Knows no terms.

use docx::Package;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::back::BackError;
use super::word::TERMS;

/// No contract has more controls.
pub(super) const MOST_CONTROLS: usize = 20_000;
/// No control stands deeper within others.
pub(super) const DEEPEST: usize = 32;

/// A content control of the text.
#[derive(Debug, Clone, Default)]
pub(super) struct Control {
    pub(super) xpath: Option<String>,
    pub(super) tag: Option<String>,
    /// Its text without tracked insertions, with tracked deletions: one, or the pieces that an
    /// editor cut it into.
    pub(super) original: Vec<String>,
    /// Its text with tracked insertions, without tracked deletions.
    pub(super) last: Vec<String>,
}

/// The text of a control from its pieces. An editor that cuts a control apart may put the whole
/// value of the store behind each piece; what it showed is what stands before those.
pub(super) fn joined(pieces: &[String], store: &str) -> String {
    let echoes = is_repeated(pieces, store);
    let own = pieces.iter().map(|piece| {
        if echoes { piece.strip_suffix(store).unwrap_or(piece) } else { piece.as_str() }
    });
    let text = plain(&own.collect::<String>());
    // The first piece may have lost its own words; what is left then is the end of the value, and
    // no other value stands anywhere.
    if echoes && plain(store).ends_with(&text) { plain(store) } else { text }
}

/// Whether a value stands in each of several pieces of a control.
pub(super) fn is_repeated(pieces: &[String], store: &str) -> bool {
    pieces.len() > 1 && !store.is_empty() && pieces.iter().all(|piece| piece.ends_with(store))
}

/// White space is one blank: editors reflow it.
pub(super) fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where the reader of the text stands.
#[derive(Default)]
struct TextReader {
    open: Vec<Control>,
    done: Vec<Control>,
    /// Whether text stood between the last control and here.
    apart: bool,
    inserted: usize,
    deleted: usize,
    in_text: bool,
    in_deleted_text: bool,
}

pub(super) fn controls_of(package: &Package) -> Result<Vec<Control>, BackError> {
    let part = package.document();
    let fault = |reason: String| BackError::Text { part: part.to_owned(), reason };
    let bytes = package.part(part).ok_or_else(|| fault("it is not there".to_owned()))?;
    let text = std::str::from_utf8(bytes).map_err(|error| fault(error.to_string()))?;
    let mut reader = Reader::from_str(text);
    let mut at = TextReader { apart: true, ..TextReader::default() };
    loop {
        match reader.read_event().map_err(|error| fault(error.to_string()))? {
            Event::Eof => break,
            Event::Start(start) => at.start(&start)?,
            Event::Empty(start) => at.empty(&start),
            Event::End(end) => at.end(end.local_name().into_inner()),
            Event::Text(text) => at.text(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let text = resolved(&reference).ok_or_else(|| fault("an entity".to_owned()))?;
                at.text(&text);
            }
            _ => {}
        }
        if at.done.len() > MOST_CONTROLS {
            return Err(BackError::Controls);
        }
    }
    Ok(at.done)
}

impl TextReader {
    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), BackError> {
        match start.local_name().into_inner() {
            "sdt" => {
                if self.open.len() >= DEEPEST {
                    return Err(BackError::Controls);
                }
                let text = || vec![String::new()];
                self.open.push(Control { original: text(), last: text(), ..Control::default() });
            }
            "ins" | "moveTo" => self.inserted += 1,
            "del" | "moveFrom" => self.deleted += 1,
            "t" => self.in_text = true,
            "delText" => self.in_deleted_text = true,
            "p" => self.apart = true,
            _ => self.empty(start),
        }
        Ok(())
    }

    fn empty(&mut self, start: &BytesStart<'_>) {
        match start.local_name().into_inner() {
            "dataBinding" => {
                if let Some(control) = self.open.last_mut() {
                    let ours =
                        attribute(start, "prefixMappings").is_none_or(|maps| maps.contains(TERMS));
                    control.xpath = attribute(start, "xpath").filter(|_| ours);
                }
            }
            "tag" => {
                if let Some(control) = self.open.last_mut() {
                    control.tag = attribute(start, "val");
                }
            }
            "ta" | "br" | "cr" => self.add(" "),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "sdt" => self.close(),
            "ins" | "moveTo" => self.inserted = self.inserted.saturating_sub(1),
            "del" | "moveFrom" => self.deleted = self.deleted.saturating_sub(1),
            "t" => self.in_text = false,
            "delText" => self.in_deleted_text = false,
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_text || self.in_deleted_text {
            self.add(text);
        }
    }

    fn add(&mut self, text: &str) {
        if self.open.is_empty() {
            self.apart = true;
        }
        for control in &mut self.open {
            if self.inserted == 0 {
                control.original[0].push_str(text);
            }
            if self.deleted == 0 && !self.in_deleted_text {
                control.last[0].push_str(text);
            }
        }
    }

    /// A control that follows one of the same binding with nothing between is its rest: editors
    /// cut controls apart where the script changes.
    fn close(&mut self) {
        let Some(control) = self.open.pop() else { return };
        let rest = !self.apart && control.xpath.is_some();
        match self.done.last_mut() {
            Some(last) if rest && last.xpath == control.xpath => {
                last.original.extend(control.original);
                last.last.extend(control.last);
            }
            _ => self.done.push(control),
        }
        if self.open.is_empty() {
            self.apart = false;
        }
    }
}

/// A character reference or one of the five entities of XML.
pub(super) fn resolved(reference: &quick_xml::events::BytesRef<'_>) -> Option<String> {
    if let Some(character) = reference.resolve_char_ref().ok()? {
        return Some(character.to_string());
    }
    let character = match &**reference {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => return None,
    };
    Some(character.to_owned())
}

pub(super) fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut all = start.attributes().flatten();
    let found = all.find(|one| one.key.local_name().into_inner() == name)?;
    quick_xml::escape::unescape(&found.value).ok().map(std::borrow::Cow::into_owned)
}
