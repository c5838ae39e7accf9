//! JSON as sources write it: integers apart from floats, a key twice in one object noticed, long
//! lists read one element at a time.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess,
};

use super::{Problem, Shape};

/// A JSON value. Floats are kept as text, to be named in a finding; nothing computes with them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Integer(i128),
    Float {
        text: String,
        above_u64: bool,
    },
    Text(String),
    List(Vec<Json>),
    Object(BTreeMap<String, Json>),
    /// An object that names this key twice, or a value that holds one.
    Ambiguous(String),
}

impl Json {
    /// Reads one value that fills the text.
    pub(crate) fn read(text: &str) -> Result<Self, Problem> {
        serde_json::from_str(text).map_err(|error| problem(&error))
    }

    /// The member of an object that is there and not null.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.get(key).filter(|value| **value != Self::Null),
            _ => None,
        }
    }

    /// The value at a path of keys.
    pub(crate) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |value, key| value.get(key))
    }
}

/// What a JSON error means, by its place in the text.
pub(crate) fn problem(error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line() as u64, error.column() as u64);
    // serde_json has no kind for it; the test of the deep text holds this sentence in place.
    if error.to_string().starts_with("recursion limit exceeded") {
        Problem::TooDeep { line, column }
    } else if error.is_eof() {
        Problem::EndsEarly { line, column }
    } else if error.is_data() {
        Problem::WrongShape { field: String::new(), want: Shape::Object }
    } else {
        Problem::NotJson { line, column }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Visitor)
    }
}

struct Visitor;

impl<'de> de::Visitor<'de> for Visitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Integer(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Integer(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Float {
            text: format!("{value:?}"),
            above_u64: value >= 18_446_744_073_709_551_616.0,
        })
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(Json::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        let mut ambiguous = None;
        while let Some(value) = access.next_element()? {
            match value {
                Json::Ambiguous(key) => ambiguous = Some(key),
                value => list.push(value),
            }
        }
        Ok(ambiguous.map_or(Json::List(list), Json::Ambiguous))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut members = BTreeMap::new();
        let mut ambiguous = None;
        while let Some((key, value)) = access.next_entry::<String, Json>()? {
            if let Json::Ambiguous(key) = &value {
                ambiguous = Some(key.clone());
            }
            if members.contains_key(&key) {
                ambiguous = Some(key.clone());
            }
            members.insert(key, value);
        }
        Ok(ambiguous.map_or(Json::Object(members), Json::Ambiguous))
    }
}

/// Reads a list one element at a time; `sink` gets each with its index.
pub(crate) fn for_each_element(
    text: &str,
    mut sink: impl FnMut(usize, Json),
) -> Result<(), Problem> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    List { sink: &mut sink }
        .deserialize(&mut deserializer)
        .and_then(|()| deserializer.end())
        .map_err(|error| problem(&error))
}

/// Reads the list under `key` of an object one element at a time, and the values under `others`.
/// Says whether the list was there.
pub(crate) fn for_each_member(
    text: &str,
    key: &str,
    mut sink: impl FnMut(usize, Json),
    mut others: impl FnMut(&str, Json),
    kept: &[&str],
) -> Result<bool, Problem> {
    let mut found = 0;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    Members { key, sink: &mut sink, others: &mut others, kept, found: &mut found }
        .deserialize(&mut deserializer)
        .and_then(|()| deserializer.end())
        .map_err(|error| match found {
            2 => Problem::DuplicateKey { key: key.to_owned() },
            _ => problem(&error),
        })?;
    Ok(found > 0)
}

struct List<'s> {
    sink: &'s mut dyn FnMut(usize, Json),
}

impl<'de> DeserializeSeed<'de> for List<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> de::Visitor<'de> for List<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        let mut index = 0;
        while let Some(value) = access.next_element()? {
            (self.sink)(index, value);
            index += 1;
        }
        Ok(())
    }
}

struct Members<'s> {
    key: &'s str,
    sink: &'s mut dyn FnMut(usize, Json),
    others: &'s mut dyn FnMut(&str, Json),
    kept: &'s [&'s str],
    found: &'s mut u8,
}

impl<'de> DeserializeSeed<'de> for Members<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> de::Visitor<'de> for Members<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        while let Some(key) = access.next_key::<String>()? {
            if key == self.key {
                *self.found += 1;
                if *self.found > 1 {
                    return Err(de::Error::custom("the list stands there twice"));
                }
                access.next_value_seed(List { sink: &mut *self.sink })?;
            } else if self.kept.contains(&key.as_str()) {
                let value = access.next_value()?;
                (self.others)(&key, value);
            } else {
                access.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}
