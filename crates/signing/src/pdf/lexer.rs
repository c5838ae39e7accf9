//! The objects of a PDF as text: read with their places, and written back as they were. Names,
//! strings and numbers keep their spelling, so that copying an object changes nothing in it.

use std::collections::BTreeSet;

use super::PdfError;

/// Arrays and dictionaries within each other.
const MAX_DEPTH: usize = 64;
/// The most objects within one.
const MOST_WITHIN: usize = 1 << 20;

/// Keys without their slash, in order, and what they hold.
pub(crate) type Dictionary = Vec<(Vec<u8>, Object)>;

/// An object; words, names, numbers and strings as they are spelt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Object {
    /// `true`, `false`, `null`, a number, or a string with its brackets.
    Plain(Vec<u8>),
    /// A name without its slash.
    Name(Vec<u8>),
    /// Objects in a row.
    Array(Vec<Object>),
    /// Objects by name.
    Dictionary(Dictionary),
    /// Another object, by number and generation.
    Reference(u32, u16),
}

impl Object {
    pub(crate) fn name(text: &str) -> Self {
        Self::Name(text.as_bytes().to_vec())
    }

    pub(crate) fn plain(text: impl Into<Vec<u8>>) -> Self {
        Self::Plain(text.into())
    }

    pub(crate) fn integer(&self) -> Option<usize> {
        let Self::Plain(text) = self else { return None };
        std::str::from_utf8(text).ok()?.parse().ok()
    }

    pub(crate) const fn dictionary(&self) -> Option<&Dictionary> {
        match self {
            Self::Dictionary(entries) => Some(entries),
            _ => None,
        }
    }

    pub(crate) fn array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(members) => Some(members),
            _ => None,
        }
    }

    /// Writes the object; a space before it is the caller's.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Plain(text) => out.extend_from_slice(text),
            Self::Name(name) => {
                out.push(b'/');
                out.extend_from_slice(name);
            }
            Self::Array(members) => {
                out.push(b'[');
                for (index, member) in members.iter().enumerate() {
                    if index > 0 {
                        out.push(b' ');
                    }
                    member.write(out);
                }
                out.push(b']');
            }
            Self::Dictionary(entries) => {
                out.extend_from_slice(b"<<");
                for (key, value) in entries {
                    out.extend_from_slice(b" /");
                    out.extend_from_slice(key);
                    out.push(b' ');
                    value.write(out);
                }
                out.extend_from_slice(b" >>");
            }
            Self::Reference(number, generation) => {
                out.extend_from_slice(format!("{number} {generation} R").as_bytes());
            }
        }
    }
}

/// The value of a key.
pub(crate) fn get<'a>(entries: &'a Dictionary, key: &str) -> Option<&'a Object> {
    entries.iter().find(|(name, _)| name == key.as_bytes()).map(|(_, value)| value)
}

/// Puts a value under a key, in the place of the one that is there.
pub(crate) fn put(entries: &mut Dictionary, key: &str, value: Object) {
    entries.retain(|(name, _)| name != key.as_bytes());
    entries.push((key.as_bytes().to_vec(), value));
}

/// A place in the bytes.
#[derive(Debug, Clone)]
pub(crate) struct Lexer<'a> {
    bytes: &'a [u8],
    pub(crate) at: usize,
    within: usize,
}

impl<'a> Lexer<'a> {
    pub(crate) const fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, within: 0 }
    }

    fn damaged(&self, part: &'static str) -> PdfError {
        PdfError::Damaged { at: self.at, part }
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Passes white space and comments.
    pub(crate) fn space(&mut self) {
        while let Some(byte) = self.rest().first() {
            match byte {
                b'%' => {
                    let line = self.rest().iter().take_while(|byte| !b"\r\n".contains(byte));
                    self.at += line.count();
                }
                b'\0' | b'\t' | b'\n' | 0x0c | b'\r' | b' ' => self.at += 1,
                _ => return,
            }
        }
    }

    /// Passes a word if it stands here.
    pub(crate) fn word(&mut self, word: &str) -> bool {
        self.space();
        let here = self.rest().starts_with(word.as_bytes());
        if here {
            self.at += word.len();
        }
        here
    }

    /// A plain number without a sign.
    pub(crate) fn number(&mut self) -> Option<usize> {
        self.space();
        let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        let text = std::str::from_utf8(self.rest().get(..digits)?).ok()?;
        let number = text.parse().ok()?;
        self.at += digits;
        Some(number)
    }

    /// `number generation obj`.
    pub(crate) fn header(&mut self) -> Result<(u32, u16), PdfError> {
        let read = |lexer: &mut Self| {
            let number = u32::try_from(lexer.number()?).ok()?;
            let generation = u16::try_from(lexer.number()?).ok()?;
            lexer.word("obj").then_some((number, generation))
        };
        let start = self.at;
        read(self).ok_or(PdfError::Damaged { at: start, part: "an object's number" })
    }

    pub(crate) fn object(&mut self) -> Result<Object, PdfError> {
        self.object_at(0)
    }

    fn object_at(&mut self, depth: usize) -> Result<Object, PdfError> {
        self.within += 1;
        if depth > MAX_DEPTH || self.within > MOST_WITHIN {
            return Err(PdfError::Limit { part: "objects within an object" });
        }
        self.space();
        match self.rest() {
            [b'<', b'<', ..] => self.dictionary(depth),
            [b'<', ..] => self.hexadecimal(),
            [b'(', ..] => self.string(),
            [b'[', ..] => self.members(depth),
            [b'/', ..] => Ok(Object::Name(self.regular(1).to_vec())),
            [] => Err(self.damaged("an object")),
            _ => self.word_or_reference(),
        }
    }

    /// The characters up to the next delimiter, after `skip` that are passed over.
    fn regular(&mut self, skip: usize) -> &'a [u8] {
        self.at += skip;
        let is_regular = |byte: &&u8| !b"\0\t\n\x0c\r ()<>[]{}/%".contains(byte);
        let length = self.rest().iter().take_while(is_regular).count();
        let text = &self.rest()[..length];
        self.at += length;
        text
    }

    fn word_or_reference(&mut self) -> Result<Object, PdfError> {
        let mut ahead = self.clone();
        let reference = |ahead: &mut Self| {
            let number = u32::try_from(ahead.number()?).ok()?;
            let generation = u16::try_from(ahead.number()?).ok()?;
            ahead.space();
            (ahead.regular(0) == b"R").then_some(Object::Reference(number, generation))
        };
        if self.rest().first().is_some_and(u8::is_ascii_digit)
            && let Some(found) = reference(&mut ahead)
        {
            self.at = ahead.at;
            return Ok(found);
        }
        let start = self.at;
        let word = self.regular(0);
        let number = word.iter().all(|byte| byte.is_ascii_digit() || b"+-.".contains(byte));
        if word.is_empty() || !(number || matches!(word, b"true" | b"false" | b"null")) {
            return Err(PdfError::Damaged { at: start, part: "a word" });
        }
        Ok(Object::plain(word))
    }

    fn members(&mut self, depth: usize) -> Result<Object, PdfError> {
        self.at += 1;
        let mut members = Vec::new();
        while !self.word("]") {
            members.push(self.object_at(depth + 1)?);
        }
        Ok(Object::Array(members))
    }

    fn dictionary(&mut self, depth: usize) -> Result<Object, PdfError> {
        self.at += 2;
        let (mut entries, mut keys): (Dictionary, _) = (Vec::new(), BTreeSet::new());
        while !self.word(">>") {
            let Object::Name(key) = self.object_at(depth + 1)? else {
                return Err(self.damaged("a key"));
            };
            // Which of two a program takes is its own affair, so none is safe.
            if !keys.insert(key.clone()) {
                return Err(self.damaged("a key that stands twice"));
            }
            entries.push((key, self.object_at(depth + 1)?));
        }
        Ok(Object::Dictionary(entries))
    }

    fn hexadecimal(&mut self) -> Result<Object, PdfError> {
        let length = self.rest().iter().position(|byte| *byte == b'>');
        let text = &self.rest()[..=length.ok_or(self.damaged("a string"))?];
        if !text[1..text.len() - 1].iter().all(|b| b.is_ascii_hexdigit() || b.is_ascii_whitespace())
        {
            return Err(self.damaged("a string"));
        }
        self.at += text.len();
        Ok(Object::plain(text))
    }

    fn string(&mut self) -> Result<Object, PdfError> {
        let (mut open, mut escaped) = (0usize, false);
        for (index, byte) in self.rest().iter().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'(' => open += 1,
                b')' if open == 1 => {
                    let text = &self.rest()[..=index];
                    self.at += text.len();
                    return Ok(Object::plain(text));
                }
                b')' => open -= 1,
                _ => {}
            }
        }
        Err(self.damaged("a string"))
    }
}
