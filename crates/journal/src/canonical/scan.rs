//! One pass over canonical JSON that allocates nothing. Decides whether each byte may stand where
//! it stands; keeps no values.

use core::cmp::Ordering;

use super::{CheckError, MAX_DEPTH, MAX_INTEGER};

/// What stands between the quotes of a string, still escaped.
#[derive(Clone, Copy)]
pub(crate) struct Text<'a> {
    pub(crate) bytes: &'a [u8],
    /// Whether every byte is ASCII and none is an escape.
    pub(crate) simple: bool,
}

/// A position in a text. Outside strings only ASCII can stand, so only they are checked for UTF-8.
pub(crate) struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Scan<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Nothing may follow.
    pub(crate) fn end(&self) -> Result<(), CheckError> {
        if self.at == self.bytes.len() {
            Ok(())
        } else {
            Err(CheckError::Unexpected { at: self.at })
        }
    }

    #[inline]
    fn peek(&self) -> Result<u8, CheckError> {
        self.bytes.get(self.at).copied().ok_or(CheckError::Ends { at: self.bytes.len() })
    }

    /// These exact bytes come next. Where they do not, stops at the first that differs.
    #[inline]
    pub(crate) fn expect<const N: usize>(&mut self, text: &[u8; N]) -> Result<(), CheckError> {
        // A length known to the compiler makes this one comparison of words.
        if self.bytes[self.at..].first_chunk() == Some(text) {
            self.at += N;
            return Ok(());
        }
        self.differs(text)
    }

    #[cold]
    fn differs(&mut self, text: &[u8]) -> Result<(), CheckError> {
        let rest = &self.bytes[self.at..];
        let same = rest.iter().zip(text).take_while(|(have, want)| have == want).count();
        self.at += same;
        if self.at == self.bytes.len() {
            Err(CheckError::Ends { at: self.at })
        } else {
            Err(CheckError::Unexpected { at: self.at })
        }
    }

    /// One value, inside `depth` arrays and objects.
    pub(crate) fn value(&mut self, depth: usize) -> Result<(), CheckError> {
        match self.peek()? {
            b'"' => self.string().map(|_| ()),
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'-' | b'0'..=b'9' => self.integer().map(|_| ()),
            b't' => self.expect(b"true"),
            b'f' => self.expect(b"false"),
            b'n' => self.expect(b"null"),
            _ => Err(CheckError::Unexpected { at: self.at }),
        }
    }

    fn enter(&mut self, depth: usize) -> Result<(), CheckError> {
        if depth >= MAX_DEPTH {
            return Err(CheckError::TooDeep { at: self.at });
        }
        self.at += 1;
        Ok(())
    }

    fn array(&mut self, depth: usize) -> Result<(), CheckError> {
        self.enter(depth)?;
        if self.peek()? == b']' {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.value(depth + 1)?;
            match self.peek()? {
                b',' => self.at += 1,
                b']' => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(CheckError::Unexpected { at: self.at }),
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<(), CheckError> {
        self.enter(depth)?;
        if self.peek()? == b'}' {
            self.at += 1;
            return Ok(());
        }
        let mut before: Option<Text<'_>> = None;
        loop {
            let start = self.at;
            let key = self.string()?;
            match before.map_or(Ordering::Less, |before| compare_keys(before, key)) {
                Ordering::Less => {}
                Ordering::Equal => return Err(CheckError::DuplicateKey { at: start }),
                Ordering::Greater => return Err(CheckError::KeyOrder { at: start }),
            }
            before = Some(key);
            self.expect(b":")?;
            self.value(depth + 1)?;
            match self.peek()? {
                b',' => self.at += 1,
                b'}' => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(CheckError::Unexpected { at: self.at }),
            }
        }
    }

    /// A string; answers what stands between the quotes.
    #[inline]
    pub(crate) fn string(&mut self) -> Result<Text<'a>, CheckError> {
        self.expect(b"\"")?;
        let start = self.at;
        let (mut ascii, mut escaped) = (true, false);
        loop {
            let (length, plain_ascii) = plain(&self.bytes[self.at..]);
            self.at += length;
            ascii &= plain_ascii;
            match self.peek()? {
                b'"' => {
                    let bytes = &self.bytes[start..self.at];
                    if !ascii && let Err(error) = core::str::from_utf8(bytes) {
                        return Err(CheckError::Utf8 { at: start + error.valid_up_to() });
                    }
                    self.at += 1;
                    return Ok(Text { bytes, simple: ascii && !escaped });
                }
                b'\\' => {
                    escaped = true;
                    self.escape()?;
                }
                _ => return Err(CheckError::Escape { at: self.at }),
            }
        }
    }

    /// The canonical escapes: seven short ones, and `\u00xx` for the other control characters.
    fn escape(&mut self) -> Result<(), CheckError> {
        let at = self.at;
        let rest = &self.bytes[at + 1..];
        let length = match rest.first() {
            None => return Err(CheckError::Ends { at: self.bytes.len() }),
            Some(b'"' | b'\\' | b'b' | b't' | b'n' | b'f' | b'r') => 2,
            Some(b'u') if rest.len() >= 5 && control(&rest[1..5]).is_some() => 6,
            Some(_) => return Err(CheckError::Escape { at }),
        };
        self.at += length;
        Ok(())
    }

    /// An integer within ±(2^53 − 1) without sign for zero and without leading zeros.
    pub(crate) fn integer(&mut self) -> Result<(bool, u64), CheckError> {
        let start = self.at;
        let negative = self.peek()? == b'-';
        self.at += usize::from(negative);
        let digits = self.at;
        let mut value: u64 = 0;
        while let Some(digit @ b'0'..=b'9') = self.bytes.get(self.at) {
            if self.at - digits >= 16 {
                return Err(CheckError::NumberRange { at: start });
            }
            value = value * 10 + u64::from(digit - b'0');
            self.at += 1;
        }
        let length = self.at - digits;
        let leading_zero = length > 0 && self.bytes[digits] == b'0' && (length > 1 || negative);
        let goes_on = matches!(self.bytes.get(self.at), Some(b'.' | b'e' | b'E'));
        if length == 0 || leading_zero || goes_on {
            return Err(CheckError::NumberForm { at: start });
        }
        if value > MAX_INTEGER {
            return Err(CheckError::NumberRange { at: start });
        }
        Ok((negative, value))
    }
}

/// Bytes before the next quote, backslash or control character, and whether they are ASCII.
#[inline]
fn plain(bytes: &[u8]) -> (usize, bool) {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let mut done = 0;
    let mut seen = 0;
    while let Some(chunk) = bytes[done..].first_chunk() {
        // The lowest byte marked is exact; marks above it may be borrow from below.
        let word = u64::from_le_bytes(*chunk);
        let zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let (quote, escape) = (ONES * u64::from(b'"'), ONES * u64::from(b'\\'));
        let found = control | zero(word ^ quote) | zero(word ^ escape);
        if found != 0 {
            let before = (found & found.wrapping_neg()) - 1;
            let length = (found.trailing_zeros() / 8) as usize;
            return (done + length, (seen | (word & before)) & HIGH == 0);
        }
        seen |= word;
        done += 8;
    }
    let ordinary = |byte: &&u8| **byte >= 0x20 && **byte != b'"' && **byte != b'\\';
    let rest = &bytes[done..];
    let length = rest.iter().take_while(ordinary).count();
    (done + length, seen & HIGH == 0 && rest[..length].is_ascii())
}

/// The control character that four hexadecimal digits name, unless it has a short escape.
fn control(digits: &[u8]) -> Option<u8> {
    if digits[0] != b'0' || digits[1] != b'0' {
        return None;
    }
    let high = match digits[2] {
        b'0' => 0,
        b'1' => 16,
        _ => return None,
    };
    let low = match digits[3] {
        digit @ b'0'..=b'9' => digit - b'0',
        digit @ b'a'..=b'f' => digit - b'a' + 10,
        _ => return None,
    };
    let value = high + low;
    (!matches!(value, 8 | 9 | 10 | 12 | 13)).then_some(value)
}

/// The order of two keys by UTF-16 code units, which for simple ones is that of their bytes.
fn compare_keys(left: Text<'_>, right: Text<'_>) -> Ordering {
    if left.simple && right.simple {
        left.bytes.cmp(right.bytes)
    } else {
        units(left.bytes).cmp(units(right.bytes))
    }
}

/// The UTF-16 code units of an escaped key whose escapes are canonical.
fn units(key: &[u8]) -> impl Iterator<Item = u16> + '_ {
    let text =
        core::str::from_utf8(key).expect("a string is checked to be UTF-8 when it is scanned");
    let mut chars = text.chars();
    let unescaped = core::iter::from_fn(move || match chars.next()? {
        '\\' => Some(match chars.next()? {
            'b' => '\u{8}',
            't' => '\t',
            'n' => '\n',
            'f' => '\u{c}',
            'r' => '\r',
            'u' => {
                let digits: u32 = (0..4)
                    .filter_map(|_| chars.next().and_then(|digit| digit.to_digit(16)))
                    .fold(0, |value, digit| value * 16 + digit);
                char::from_u32(digits)?
            }
            other => other,
        }),
        other => Some(other),
    });
    unescaped.flat_map(|character| {
        let mut buffer = [0; 2];
        let count = character.encode_utf16(&mut buffer).len();
        buffer.into_iter().take(count)
    })
}
