//! A JSON value as a tree, for records that are small: texts unescaped, numbers as written, each
//! value with the byte where it begins. Knows nothing of annotations.

use std::borrow::Cow;

use crate::json::{Fault, JsonError, Scanner};
use crate::record::Value;

/// A value and where it begins.
#[derive(Debug, Clone, PartialEq)]
pub struct Node<'a> {
    /// Its first byte.
    pub at: usize,
    /// What it is.
    pub json: Json<'a>,
}

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Json<'a> {
    /// Nothing.
    Null,
    /// Yes or no.
    Flag(bool),
    /// A number, `NaN` and `Infinity` among them, as it is written.
    Number(&'a str),
    /// A text.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Node<'a>>),
    /// Keys and values in the order of the file.
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
}

impl<'a> Node<'a> {
    /// Reads the next value, at most `depth` levels deep.
    ///
    /// # Errors
    /// Where the text is no JSON, or deeper.
    pub fn read(scanner: &mut Scanner<'a>, depth: usize) -> Result<Self, JsonError> {
        let byte = scanner.peek()?;
        let at = scanner.at;
        let Some(inner) = depth.checked_sub(1) else {
            return Err(JsonError { at, fault: Fault::TooDeep });
        };
        let mut first = true;
        let json = match byte {
            b'"' => Json::Text(scanner.string()?),
            b'[' => {
                scanner.begin_array()?;
                let mut list = Vec::new();
                while scanner.next_element(&mut first)? {
                    list.push(Self::read(scanner, inner)?);
                }
                Json::List(list)
            }
            b'{' => {
                scanner.begin_object()?;
                let mut fields = Vec::new();
                while let Some(key) = scanner.next_key(&mut first)? {
                    fields.push((key, Self::read(scanner, inner)?));
                }
                Json::Object(fields)
            }
            b't' | b'f' => Json::Flag(scanner.flag()?),
            b'n' if scanner.null()? => Json::Null,
            _ => {
                let text = std::str::from_utf8(scanner.number()?);
                Json::Number(text.map_err(|_| JsonError { at, fault: Fault::Expected("UTF-8") })?)
            }
        };
        Ok(Self { at, json })
    }

    /// The value of a key; `None` where it is absent, `null`, or this is no object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Json::Object(fields) = &self.json else { return None };
        let (_, node) = fields.iter().find(|(name, _)| name == key)?;
        (node.json != Json::Null).then_some(node)
    }

    /// The text; `None` where it is none.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if let Json::Text(text) = &self.json { Some(text) } else { None }
    }

    /// The number as written; `None` where it is none.
    #[must_use]
    pub fn number(&self) -> Option<&'a str> {
        if let Json::Number(text) = self.json { Some(text) } else { None }
    }

    /// A text, or a number as written.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.text().or_else(|| self.number())
    }

    /// A whole number from 0; `12.0` is 12.
    #[must_use]
    pub fn whole(&self) -> Option<u64> {
        let text = self.number()?;
        text.strip_suffix(".0").unwrap_or(text).parse().ok()
    }

    /// The flag; `None` where it is none. 0 and 1 are flags too.
    #[must_use]
    pub fn flag(&self) -> Option<bool> {
        match self.json {
            Json::Flag(flag) => Some(flag),
            Json::Number("0") => Some(false),
            Json::Number("1") => Some(true),
            _ => None,
        }
    }

    /// A finite number for statistics.
    #[must_use]
    pub fn float(&self) -> Option<f64> {
        self.number()?.parse::<f64>().ok().filter(|value| value.is_finite())
    }

    /// The elements; none where it is no list.
    #[must_use]
    pub fn list(&self) -> &[Self] {
        if let Json::List(list) = &self.json { list } else { &[] }
    }

    /// The fields; none where it is no object.
    #[must_use]
    pub fn fields(&self) -> &[(Cow<'a, str>, Self)] {
        if let Json::Object(fields) = &self.json { fields } else { &[] }
    }

    /// The value as an attribute; `None` for lists and objects.
    #[must_use]
    pub fn value(&self) -> Option<Value> {
        match &self.json {
            Json::Flag(flag) => Some(Value::Flag(*flag)),
            Json::Number(text) => Some(Value::Number((*text).to_owned())),
            Json::Text(text) => Some(Value::Text(text.clone().into_owned())),
            Json::Null | Json::List(_) | Json::Object(_) => None,
        }
    }
}
