//! Writes JSON by hand, so that a number is the decimal text that was read. Knows no format.

use std::fmt::{Display, Write as _};

/// A JSON text as it grows.
#[derive(Debug, Default)]
pub(crate) struct JsonText {
    text: String,
    /// Whether something stands before the next element, for each open bracket.
    follows: Vec<bool>,
}

impl JsonText {
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.text.push('\n');
        self.text.into_bytes()
    }

    fn comma(&mut self) {
        if let Some(follows) = self.follows.last_mut()
            && std::mem::replace(follows, true)
        {
            self.text.push(',');
        }
    }

    /// The next element of a list; on a line of its own.
    pub(crate) fn next(&mut self) {
        self.comma();
        self.text.push('\n');
    }

    /// The key of the next value.
    pub(crate) fn key(&mut self, name: &str) -> &mut Self {
        self.comma();
        self.string(name);
        self.text.push(':');
        self
    }

    pub(crate) fn open(&mut self, bracket: char) {
        self.text.push(bracket);
        self.follows.push(false);
    }

    pub(crate) fn close(&mut self, bracket: char) {
        self.text.push(bracket);
        self.follows.pop();
    }

    /// A list or object under a key.
    pub(crate) fn within(&mut self, name: &str, brackets: [char; 2], fill: impl FnOnce(&mut Self)) {
        let [open, close] = brackets;
        self.key(name).open(open);
        fill(self);
        self.close(close);
    }

    /// A number, a flag, or anything that is written as it stands.
    pub(crate) fn raw(&mut self, value: impl Display) {
        write!(self.text, "{value}").expect("a text takes what is written");
    }

    pub(crate) fn string(&mut self, value: &str) {
        self.text.push('"');
        let mut from = 0;
        for (at, byte) in value.bytes().enumerate() {
            let escape = match byte {
                b'"' => "\\\"",
                b'\\' => "\\\\",
                b'\n' => "\\n",
                b'\r' => "\\r",
                b'\t' => "\\t",
                0..=0x1F => "",
                _ => continue,
            };
            self.text.push_str(&value[from..at]);
            from = at + 1;
            if escape.is_empty() {
                self.raw(format_args!("\\u{byte:04x}"));
            } else {
                self.text.push_str(escape);
            }
        }
        self.text.push_str(&value[from..]);
        self.text.push('"');
    }

    pub(crate) fn field(&mut self, name: &str, value: impl Display) {
        self.key(name).raw(value);
    }

    pub(crate) fn text_field(&mut self, name: &str, value: &str) {
        self.key(name).string(value);
    }

    /// Numbers in a list.
    pub(crate) fn numbers(&mut self, name: &str, values: &[String]) {
        self.within(name, LIST, |json| {
            for value in values {
                json.comma();
                json.raw(value);
            }
        });
    }
}

pub(crate) const LIST: [char; 2] = ['[', ']'];
pub(crate) const OBJECT: [char; 2] = ['{', '}'];
