//! JSON text as a tree of keys and values with byte places. Strict RFC 8259: no comments, no
//! trailing commas; a repeated key is kept, so that it can be reported by its name.

use contract::form::{Key, Node, Place, ProblemKind, Value};

type Fault = (usize, ProblemKind);

pub(super) fn parse(text: &str, from: usize, depth: usize) -> Result<Node, Fault> {
    let mut reader = Reader { text, at: from, limit: depth };
    let root = reader.value(1)?;
    reader.blanks();
    if reader.at < text.len() {
        Err(reader.fault("nothing may follow the value"))
    } else {
        Ok(root)
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    limit: usize,
}

impl Reader<'_> {
    fn fault(&self, message: &str) -> Fault {
        (self.at, ProblemKind::Syntax { message: message.to_owned() })
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self, depth: usize) -> Result<Node, Fault> {
        self.blanks();
        let start = self.at;
        if matches!(self.peek(), Some(b'{' | b'[')) && depth > self.limit {
            return Err((start, ProblemKind::TooDeep { limit: self.limit }));
        }
        let value = match self.peek() {
            Some(b'{') => self.table(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Value::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.word()?,
        };
        Ok(Node { place: Place { start, end: self.at }, value })
    }

    fn table(&mut self, depth: usize) -> Result<Value, Fault> {
        self.at += 1;
        let mut entries = Vec::new();
        self.blanks();
        if self.take(b'}') {
            return Ok(Value::Table(entries));
        }
        loop {
            self.blanks();
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.fault("a key in quotes is expected"));
            }
            let name = self.string()?;
            let key = Key { name, place: Place { start, end: self.at } };
            self.blanks();
            if !self.take(b':') {
                return Err(self.fault("':' is expected after a key"));
            }
            entries.push((key, self.value(depth + 1)?));
            self.blanks();
            if self.take(b'}') {
                return Ok(Value::Table(entries));
            }
            if !self.take(b',') {
                return Err(self.fault("',' or '}' is expected"));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, Fault> {
        self.at += 1;
        let mut items = Vec::new();
        self.blanks();
        if self.take(b']') {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.blanks();
            if self.take(b']') {
                return Ok(Value::List(items));
            }
            if !self.take(b',') {
                return Err(self.fault("',' or ']' is expected"));
            }
        }
    }

    fn word(&mut self) -> Result<Value, Fault> {
        let words =
            [("true", Value::Bool(true)), ("false", Value::Bool(false)), ("null", Value::Null)];
        for (word, value) in words {
            if self.text[self.at..].starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(self.fault("a value is expected"))
    }

    fn number(&mut self) -> Result<Value, Fault> {
        let start = self.at;
        self.take(b'-');
        let zero = self.peek() == Some(b'0');
        let whole = self.digits()?;
        if zero && whole > 1 {
            return Err(self.fault("a number does not begin with 0"));
        }
        let mut exact = true;
        if self.take(b'.') {
            exact = false;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            exact = false;
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        let text = &self.text[start..self.at];
        let integer = text.parse().ok().filter(|_| exact);
        Ok(integer.map_or_else(|| Value::Float(text.to_owned()), Value::Integer))
    }

    fn digits(&mut self) -> Result<usize, Fault> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        match self.at - start {
            0 => Err(self.fault("a digit is expected")),
            count => Ok(count),
        }
    }

    fn string(&mut self) -> Result<String, Fault> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let start = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..=0x1f)) {
                self.at += 1;
            }
            text.push_str(&self.text[start..self.at]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(_) => return Err(self.fault("a control character must be escaped")),
                None => return Err(self.fault("the text is not closed")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        self.at += 1;
        let letter = self.peek();
        self.at += 1;
        match letter {
            Some(letter @ (b'"' | b'\\' | b'/')) => Ok(char::from(letter)),
            Some(b'b') => Ok('\u{8}'),
            Some(b'f') => Ok('\u{c}'),
            Some(b'n') => Ok('\n'),
            Some(b'r') => Ok('\r'),
            Some(b't') => Ok('\t'),
            Some(b'u') => self.unicode(),
            _ => {
                self.at -= 1;
                Err(self.fault("no such escape"))
            }
        }
    }

    /// A `\uXXXX` escape, or two that make one character.
    fn unicode(&mut self) -> Result<char, Fault> {
        let first = self.hex()?;
        if !(0xD800..0xDC00).contains(&first) {
            return char::from_u32(first).ok_or_else(|| self.fault("half of a surrogate pair"));
        }
        if !(self.take(b'\\') && self.take(b'u')) {
            return Err(self.fault("half of a surrogate pair"));
        }
        let second = self.hex()?;
        if !(0xDC00..0xE000).contains(&second) {
            return Err(self.fault("half of a surrogate pair"));
        }
        let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        char::from_u32(code).ok_or_else(|| self.fault("no such character"))
    }

    fn hex(&mut self) -> Result<u32, Fault> {
        let digits = self.text.get(self.at..self.at + 4);
        let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let code = code.ok_or_else(|| self.fault("four hexadecimal digits are expected"))?;
        self.at += 4;
        Ok(code)
    }
}
