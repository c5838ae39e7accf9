//! A scanner for JSON that reports byte offsets, keeps number text exact and never recurses on
//! input. It reads the non-standard `NaN` and `Infinity` that Python writes, so that the reader
//! can name the box that holds them. Knows nothing of annotations.

use std::borrow::Cow;

/// Why scanning stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The text ends inside a value.
    Truncated,
    /// Nested deeper than the limit.
    TooDeep,
    /// Something else belongs here.
    Expected(&'static str),
}

/// A fault and the byte where it lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JsonError {
    /// The byte.
    pub at: usize,
    /// What is wrong there.
    pub fault: Fault,
}

type Result<T> = std::result::Result<T, JsonError>;

/// A position in a JSON text.
#[derive(Debug, Clone)]
pub struct Scanner<'a> {
    bytes: &'a [u8],
    /// The byte that is read next.
    pub at: usize,
    depth_limit: usize,
}

impl<'a> Scanner<'a> {
    /// Starts at the first byte, behind a byte order mark.
    #[must_use]
    pub fn new(bytes: &'a [u8], depth_limit: usize) -> Self {
        let at = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        Self { bytes, at, depth_limit }
    }

    fn fail<T>(&self, expected: &'static str) -> Result<T> {
        let fault =
            if self.at >= self.bytes.len() { Fault::Truncated } else { Fault::Expected(expected) };
        Err(JsonError { at: self.at, fault })
    }

    /// The next byte that is not white space.
    ///
    /// # Errors
    /// At the end of the text.
    pub fn peek(&mut self) -> Result<u8> {
        while let Some(&byte) = self.bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Ok(byte);
            }
            self.at += 1;
        }
        self.fail("a value")
    }

    fn take(&mut self, byte: u8, expected: &'static str) -> Result<()> {
        if self.peek()? != byte {
            return self.fail(expected);
        }
        self.at += 1;
        Ok(())
    }

    /// Nothing but white space may follow.
    ///
    /// # Errors
    /// Where something does.
    pub fn end(&mut self) -> Result<()> {
        match self.peek() {
            Err(_) => Ok(()),
            Ok(_) => self.fail("the end of the file"),
        }
    }

    /// Enters an object.
    ///
    /// # Errors
    /// Where none begins.
    pub fn begin_object(&mut self) -> Result<()> {
        self.take(b'{', "an object")
    }

    /// Enters an array.
    ///
    /// # Errors
    /// Where none begins.
    pub fn begin_array(&mut self) -> Result<()> {
        self.take(b'[', "an array")
    }

    /// Moves to the next element; false when the array ended. `first` starts true.
    ///
    /// # Errors
    /// Where neither a comma nor the end stands.
    pub fn next_element(&mut self, first: &mut bool) -> Result<bool> {
        let byte = self.peek()?;
        if byte == b']' {
            self.at += 1;
            return Ok(false);
        }
        if !std::mem::replace(first, false) {
            self.take(b',', "a comma or the end of the array")?;
            self.peek()?;
        }
        Ok(true)
    }

    /// Moves to the next value of an object and gives its key; `None` when the object ended.
    ///
    /// # Errors
    /// Where neither a key nor the end stands.
    pub fn next_key(&mut self, first: &mut bool) -> Result<Option<Cow<'a, str>>> {
        let byte = self.peek()?;
        if byte == b'}' {
            self.at += 1;
            return Ok(None);
        }
        if !std::mem::replace(first, false) {
            self.take(b',', "a comma or the end of the object")?;
        }
        let key = self.string()?;
        self.take(b':', "a colon")?;
        Ok(Some(key))
    }

    /// A string, unescaped. Borrowed when it has no escapes.
    ///
    /// # Errors
    /// Where none stands, or it is not UTF-8.
    pub fn string(&mut self) -> Result<Cow<'a, str>> {
        self.take(b'"', "a string")?;
        let start = self.at;
        loop {
            match self.bytes.get(self.at) {
                None => return self.fail("the end of the string"),
                Some(b'"') => break,
                Some(b'\\') => return self.escaped_string(start),
                Some(0..=0x1F) => return self.fail("no control character in a string"),
                Some(_) => self.at += 1,
            }
        }
        let text = self.utf8(start, self.at)?;
        self.at += 1;
        Ok(Cow::Borrowed(text))
    }

    /// As [`Self::next_key`], whatever the encoding of the key.
    fn pass_key(&mut self, first: &mut bool) -> Result<bool> {
        if self.peek()? == b'}' {
            self.at += 1;
            return Ok(false);
        }
        if !std::mem::replace(first, false) {
            self.take(b',', "a comma or the end of the object")?;
        }
        self.pass_string()?;
        self.take(b':', "a colon")?;
        Ok(true)
    }

    /// Passes over a string without looking into it.
    fn pass_string(&mut self) -> Result<()> {
        self.take(b'"', "a string")?;
        loop {
            match self.bytes.get(self.at) {
                None => return self.fail("the end of the string"),
                Some(b'"') => break,
                Some(b'\\') => self.at += 2,
                Some(0..=0x1F) => return self.fail("no control character in a string"),
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        Ok(())
    }

    fn utf8(&self, from: usize, to: usize) -> Result<&'a str> {
        let bytes = self.bytes.get(from..to).unwrap_or_default();
        std::str::from_utf8(bytes).map_err(|error| JsonError {
            at: from + error.valid_up_to(),
            fault: Fault::Expected("UTF-8"),
        })
    }

    fn escaped_string(&mut self, start: usize) -> Result<Cow<'a, str>> {
        let mut text = self.utf8(start, self.at)?.to_owned();
        loop {
            let from = self.at;
            while !matches!(self.bytes.get(self.at), None | Some(b'"' | b'\\' | 0..=0x1F)) {
                self.at += 1;
            }
            text.push_str(self.utf8(from, self.at)?);
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Cow::Owned(text));
                }
                Some(b'\\') => {
                    self.at += 1;
                    text.push(self.escape()?);
                }
                _ => return self.fail("the end of the string"),
            }
        }
    }

    fn escape(&mut self) -> Result<char> {
        let Some(&byte) = self.bytes.get(self.at) else { return self.fail("an escape") };
        let plain = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.at += 1;
                return self.unicode_escape();
            }
            _ => return self.fail("an escape"),
        };
        self.at += 1;
        Ok(plain)
    }

    fn unicode_escape(&mut self) -> Result<char> {
        let high = self.four_hex()?;
        if !(0xD800..0xDC00).contains(&high) {
            // A lone low surrogate has no character; it becomes the replacement character.
            return Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        if self.bytes.get(self.at..self.at + 2) != Some(b"\\u") {
            return Ok(char::REPLACEMENT_CHARACTER);
        }
        self.at += 2;
        let low = self.four_hex()?;
        let code = 0x1_0000 + ((high - 0xD800) << 10) + (low.wrapping_sub(0xDC00) & 0x3FF);
        Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn four_hex(&mut self) -> Result<u32> {
        let mut value = 0;
        for _ in 0..4 {
            let digit = self.bytes.get(self.at).and_then(|byte| char::from(*byte).to_digit(16));
            let Some(digit) = digit else { return self.fail("four hexadecimal digits") };
            value = value * 16 + digit;
            self.at += 1;
        }
        Ok(value)
    }

    /// The text of a number, or of `NaN`, `Infinity` or `-Infinity`. The text is not checked
    /// further than its alphabet.
    ///
    /// # Errors
    /// Where none stands.
    pub fn number(&mut self) -> Result<&'a [u8]> {
        let byte = self.peek()?;
        if !matches!(byte, b'-' | b'0'..=b'9' | b'N' | b'I') {
            return self.fail("a number");
        }
        let start = self.at;
        while let Some(byte) = self.bytes.get(self.at) {
            if !matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'a'..=b'z' | b'A'..=b'Z') {
                break;
            }
            self.at += 1;
        }
        if self.at >= self.bytes.len() {
            return self.fail("the rest of the number");
        }
        Ok(self.bytes.get(start..self.at).unwrap_or_default())
    }

    fn literal(&mut self) -> Result<()> {
        for word in ["true", "false", "null"] {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            if rest.starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(());
            }
            if rest.len() < word.len() && word.as_bytes().starts_with(rest) {
                self.at = self.bytes.len();
            }
        }
        self.fail("a value")
    }

    /// Whether the next value is `null`, which is then consumed.
    ///
    /// # Errors
    /// At the end of the text.
    pub fn null(&mut self) -> Result<bool> {
        if self.peek()? != b'n' {
            return Ok(false);
        }
        self.literal().map(|()| true)
    }

    /// A flag: `true`, `false`, `1` or `0`.
    ///
    /// # Errors
    /// Where none stands.
    pub fn flag(&mut self) -> Result<bool> {
        match self.peek()? {
            b't' => self.literal().map(|()| true),
            b'f' | b'n' => self.literal().map(|()| false),
            _ => {
                let start = self.at;
                let flag = match self.number()? {
                    b"0" => Some(false),
                    b"1" => Some(true),
                    _ => None,
                };
                flag.ok_or(JsonError { at: start, fault: Fault::Expected("0 or 1") })
            }
        }
    }

    /// Passes over one value of any shape, without recursion. Strings may have any encoding.
    ///
    /// # Errors
    /// Where the text is no JSON, or nested too deeply.
    pub fn skip(&mut self) -> Result<()> {
        let mut open: Vec<u8> = Vec::new();
        let mut first = true;
        loop {
            if let Some(&bracket) = open.last() {
                let more = if bracket == b'[' {
                    self.next_element(&mut first)?
                } else {
                    self.pass_key(&mut first)?
                };
                if !more {
                    open.pop();
                    first = false;
                    if open.is_empty() {
                        return Ok(());
                    }
                    continue;
                }
            }
            match self.peek()? {
                bracket @ (b'[' | b'{') => {
                    if open.len() >= self.depth_limit {
                        return Err(JsonError { at: self.at, fault: Fault::TooDeep });
                    }
                    open.push(bracket);
                    self.at += 1;
                    first = true;
                    continue;
                }
                b'"' => self.pass_string()?,
                b'-' | b'0'..=b'9' | b'N' | b'I' => self.number().map(|_| ())?,
                _ => self.literal()?,
            }
            if open.is_empty() {
                return Ok(());
            }
        }
    }
}
