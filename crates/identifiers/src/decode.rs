//! Bytes to letters, each letter with its place: UTF-8, UTF-16 by its mark, GB18030 and GBK. Bytes
//! that are no letter are reported with their place; the good rest is read.

use std::ops::Range;

use encoding_rs::GB18030;
use serde::Serialize;

/// The largest file that is searched, in bytes.
pub const LARGEST: usize = 32 << 20;
/// What stands for bytes that are no letter.
const UNKNOWN: char = '\u{fffd}';

/// How the letters of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Encoding {
    /// UTF-8.
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-8 with a byte order mark.
    #[serde(rename = "utf-8-bom")]
    Utf8Mark,
    /// UTF-16, the low byte first.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// UTF-16, the high byte first.
    #[serde(rename = "utf-16be")]
    Utf16Be,
    /// GB18030, of which GBK and GB 2312 are parts.
    #[serde(rename = "gb18030")]
    Gb18030,
}

impl Encoding {
    /// Its name, as it is on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf8Mark => "utf-8-bom",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Gb18030 => "gb18030",
        }
    }
}

/// Bytes that are no letter of the encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Wrong {
    /// The first byte, from 0.
    pub byte: usize,
    /// How many bytes.
    pub length: usize,
    /// The line, from 1.
    pub line: usize,
}

/// A file that is larger than is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge {
    /// Its size in bytes.
    pub size: usize,
}

/// The letters of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// How they were written.
    pub encoding: Encoding,
    /// The letters, without a byte order mark.
    pub text: String,
    /// What is no letter, in order.
    pub wrong: Vec<Wrong>,
    /// The first source byte of each letter, and the end of the last.
    at: Vec<u32>,
}

/// The letters of `bytes`. Where `escapes` are asked for, a letter that JSON writes as an escape
/// (`\u4f60`) is read as that letter.
///
/// # Errors
/// When there are more than [`LARGEST`] bytes.
pub fn decode(bytes: &[u8], escapes: bool) -> Result<Decoded, TooLarge> {
    if bytes.len() > LARGEST {
        return Err(TooLarge { size: bytes.len() });
    }
    let decoded = match bytes {
        [0xff, 0xfe, ..] => utf16(bytes, Encoding::Utf16Le),
        [0xfe, 0xff, ..] => utf16(bytes, Encoding::Utf16Be),
        [0xef, 0xbb, 0xbf, ..] => utf8(bytes, 3),
        _ => {
            let plain = utf8(bytes, 0);
            if std::str::from_utf8(bytes).is_ok() {
                plain
            } else {
                let chinese = gb18030(bytes);
                if chinese.wrong.len() < plain.wrong.len() { chinese } else { plain }
            }
        }
    };
    Ok(if escapes { decoded.without_escapes() } else { decoded })
}

impl Decoded {
    fn new(encoding: Encoding, start: usize, bytes: usize) -> Self {
        let (text, at) = (String::with_capacity(bytes), Vec::with_capacity(bytes + 1));
        let mut new = Self { encoding, text, wrong: Vec::new(), at };
        new.at.push(place(start));
        new
    }

    fn push(&mut self, letter: char, end: usize) {
        self.text.push(letter);
        self.at.push(place(end));
    }

    fn push_wrong(&mut self, byte: usize, length: usize, line: usize) {
        self.wrong.push(Wrong { byte, length, line });
        self.push(UNKNOWN, byte + length);
    }

    /// The source bytes of a range of letters.
    ///
    /// # Panics
    /// When there are not so many letters.
    #[must_use]
    pub fn bytes(&self, letters: Range<usize>) -> Range<usize> {
        self.at[letters.start] as usize..self.at[letters.end] as usize
    }

    /// The source with the letters that differ in `changed` written anew; everything else stays as
    /// it is, byte for byte. `changed` has as many letters as the text.
    #[must_use]
    pub fn rewrite(&self, source: &[u8], changed: &str) -> Vec<u8> {
        let mut out = Vec::with_capacity(source.len());
        out.extend_from_slice(&source[..self.at[0] as usize]);
        for ((old, new), ends) in self.text.chars().zip(changed.chars()).zip(self.at.windows(2)) {
            if old == new {
                out.extend_from_slice(&source[ends[0] as usize..ends[1] as usize]);
            } else {
                self.encode(new, &mut out);
            }
        }
        out
    }

    fn encode(&self, letter: char, out: &mut Vec<u8>) {
        let mut units = [0; 2];
        let units = letter.encode_utf16(&mut units).iter();
        match self.encoding {
            Encoding::Utf8 | Encoding::Utf8Mark => {
                out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
            }
            Encoding::Utf16Le => out.extend(units.flat_map(|unit| unit.to_le_bytes())),
            Encoding::Utf16Be => out.extend(units.flat_map(|unit| unit.to_be_bytes())),
            Encoding::Gb18030 => {
                out.extend_from_slice(&GB18030.encode(letter.encode_utf8(&mut [0; 4])).0);
            }
        }
    }

    /// Escapes of JSON as the letters that they stand for. A line that is broken by an escape stays
    /// one line of the file.
    fn without_escapes(self) -> Self {
        if !self.text.contains('\\') {
            return self;
        }
        let letters: Vec<char> = self.text.chars().collect();
        let mut out = Self::new(self.encoding, self.at[0] as usize, self.text.len());
        let mut at = 0;
        while at < letters.len() {
            let (letter, count) = escape(&letters[at..]).unwrap_or((letters[at], 1));
            at += count;
            out.push(letter, self.at[at] as usize);
        }
        Self { wrong: self.wrong, ..out }
    }
}

fn place(byte: usize) -> u32 {
    u32::try_from(byte).expect("a file has at most LARGEST bytes")
}

/// The letter of an escape at the start of `letters`, and how many letters it takes.
fn escape(letters: &[char]) -> Option<(char, usize)> {
    let [first, second, ..] = letters else { return None };
    if *first != '\\' {
        return None;
    }
    match second {
        'n' | 'r' | 't' | 'b' | 'f' => Some(('\u{b}', 2)),
        '"' | '/' | '\\' => Some((*second, 2)),
        'u' => {
            let high = hex(letters.get(2..6)?)?;
            if let Some(letter) = char::from_u32(high) {
                return Some((if letter.is_control() { '\u{b}' } else { letter }, 6));
            }
            let low = letters.get(6..8).filter(|next| *next == ['\\', 'u'].as_slice());
            let low = hex(letters.get(8..12).filter(|_| low.is_some())?)?;
            let pair = [u16::try_from(high).ok()?, u16::try_from(low).ok()?];
            let letter = char::decode_utf16(pair).next()?.ok()?;
            Some((letter, 12))
        }
        _ => None,
    }
}

fn hex(digits: &[char]) -> Option<u32> {
    digits.iter().try_fold(0, |value, digit| Some(value * 16 + digit.to_digit(16)?))
}

fn utf8(bytes: &[u8], start: usize) -> Decoded {
    let encoding = if start == 0 { Encoding::Utf8 } else { Encoding::Utf8Mark };
    let mut out = Decoded::new(encoding, start, bytes.len());
    let (mut at, mut line) = (start, 1);
    for chunk in bytes[start..].utf8_chunks() {
        for letter in chunk.valid().chars() {
            if letter == '\0' {
                out.push_wrong(at, 1, line);
            } else {
                out.push(letter, at + letter.len_utf8());
            }
            at += letter.len_utf8();
            line += usize::from(letter == '\n');
        }
        if !chunk.invalid().is_empty() {
            out.push_wrong(at, chunk.invalid().len(), line);
            at += chunk.invalid().len();
        }
    }
    out
}

/// The letters of bytes that are GB18030 or GBK: a name in an archive, say, too short to tell by.
/// At most [`LARGEST`] bytes.
///
/// # Panics
/// When there are 4 GiB of them.
#[must_use]
pub fn gb18030(bytes: &[u8]) -> Decoded {
    let mut out = Decoded::new(Encoding::Gb18030, 0, bytes.len());
    let (mut at, mut line) = (0, 1);
    while at < bytes.len() {
        let length = match &bytes[at..] {
            [0x81..=0xfe, 0x40..=0x7e | 0x80..=0xfe, ..] => 2,
            [0x81..=0xfe, 0x30..=0x39, 0x81..=0xfe, 0x30..=0x39, ..] => 4,
            _ => 1,
        };
        let unit = &bytes[at..at + length];
        match letter(unit) {
            Some(letter) => {
                out.push(letter, at + length);
                line += usize::from(letter == '\n');
                at += length;
            }
            None => {
                // The second byte may begin a letter, or end the line.
                out.push_wrong(at, 1, line);
                at += 1;
            }
        }
    }
    out
}

/// The one letter of a unit of GB18030.
fn letter(unit: &[u8]) -> Option<char> {
    if let [byte] = unit {
        return (1..0x80).contains(byte).then_some(char::from(*byte));
    }
    let (text, wrong) = GB18030.decode_without_bom_handling(unit);
    let mut letters = text.chars();
    let letter = letters.next().filter(|_| !wrong)?;
    letters.next().is_none().then_some(letter)
}

fn utf16(bytes: &[u8], encoding: Encoding) -> Decoded {
    let read = match encoding {
        Encoding::Utf16Be => u16::from_be_bytes,
        _ => u16::from_le_bytes,
    };
    let mut out = Decoded::new(encoding, 2, bytes.len());
    let (pairs, rest) = bytes[2..].as_chunks();
    let (mut at, mut line) = (2, 1);
    for unit in char::decode_utf16(pairs.iter().map(|pair| read(*pair))) {
        match unit {
            Ok(letter) => {
                at += letter.len_utf16() * 2;
                out.push(letter, at);
                line += usize::from(letter == '\n');
            }
            Err(_) => {
                out.push_wrong(at, 2, line);
                at += 2;
            }
        }
    }
    if !rest.is_empty() {
        out.push_wrong(at, rest.len(), line);
    }
    out
}
