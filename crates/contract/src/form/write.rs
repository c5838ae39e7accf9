//! Turning any typed term back into a tree of keys and values, so that a signed document can
//! replace a value by its path. Knows no file format; a written node has no place.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Display;

use serde::Serialize;
use serde::ser::{
    Error, Impossible, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, Serializer,
};

use super::{Key, Node, Place, Value};

/// Why a value has no tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// A kind of value that no term has: a float, raw bytes, a tagged tuple.
    #[error("terms have no values of this kind")]
    Kind,
    /// An integer that does not fit 64 bits with a sign.
    #[error("an integer is out of range")]
    Integer,
    /// A map key that is no text.
    #[error("a key is not text")]
    Key,
    /// The type's own serialiser refused.
    #[error("{message}")]
    Refused {
        /// What it said.
        message: String,
    },
}

/// Writes a term as a tree; absent values become [`Value::Null`], exact numbers text.
///
/// # Errors
/// When the value is none that terms have.
pub fn to_node<T: Serialize + ?Sized>(value: &T) -> Result<Node, WriteError> {
    value.serialize(Writer)
}

impl Error for WriteError {
    fn custom<T: Display>(message: T) -> Self {
        Self::Refused { message: message.to_string() }
    }
}

struct Writer;

/// A list under way.
struct List(Vec<Node>);

/// A table under way, with the key whose value comes next.
struct Table {
    entries: Vec<(Key, Node)>,
    key: Option<String>,
}

fn node(value: Value) -> Node {
    Node { place: Place::default(), value }
}

fn key(name: &str) -> Key {
    Key { name: name.to_owned(), place: Place::default() }
}

fn integer<T: TryInto<i64>>(value: T) -> Result<Node, WriteError> {
    let value = value.try_into().map_err(|_| WriteError::Integer)?;
    Ok(node(Value::Integer(value)))
}

macro_rules! write_integers {
    ($($method:ident: $ty:ty),*) => { $(
        fn $method(self, value: $ty) -> Result<Node, WriteError> {
            integer(value)
        }
    )* };
}

impl Serializer for Writer {
    type Ok = Node;
    type Error = WriteError;
    type SerializeSeq = List;
    type SerializeTuple = List;
    type SerializeTupleStruct = Impossible<Node, WriteError>;
    type SerializeTupleVariant = Impossible<Node, WriteError>;
    type SerializeMap = Table;
    type SerializeStruct = Table;
    type SerializeStructVariant = Impossible<Node, WriteError>;

    write_integers!(
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64
    );

    fn serialize_bool(self, value: bool) -> Result<Node, WriteError> {
        Ok(node(Value::Bool(value)))
    }

    #[expect(clippy::disallowed_types, reason = "the trait asks for it; it is refused")]
    fn serialize_f32(self, _: f32) -> Result<Node, WriteError> {
        Err(WriteError::Kind)
    }

    #[expect(clippy::disallowed_types, reason = "the trait asks for it; it is refused")]
    fn serialize_f64(self, _: f64) -> Result<Node, WriteError> {
        Err(WriteError::Kind)
    }

    fn serialize_char(self, value: char) -> Result<Node, WriteError> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<Node, WriteError> {
        Ok(node(Value::Text(value.to_owned())))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Node, WriteError> {
        Err(WriteError::Kind)
    }

    fn serialize_none(self) -> Result<Node, WriteError> {
        Ok(node(Value::Null))
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Node, WriteError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Node, WriteError> {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Node, WriteError> {
        self.serialize_none()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Node, WriteError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Node, WriteError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Node, WriteError> {
        Err(WriteError::Kind)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List, WriteError> {
        Ok(List(Vec::new()))
    }

    fn serialize_tuple(self, _: usize) -> Result<List, WriteError> {
        Ok(List(Vec::new()))
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, WriteError> {
        Err(WriteError::Kind)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, WriteError> {
        Err(WriteError::Kind)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Table, WriteError> {
        Ok(Table { entries: Vec::new(), key: None })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Table, WriteError> {
        Ok(Table { entries: Vec::new(), key: None })
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, WriteError> {
        Err(WriteError::Kind)
    }
}

impl SerializeSeq for List {
    type Ok = Node;
    type Error = WriteError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        self.0.push(to_node(value)?);
        Ok(())
    }

    fn end(self) -> Result<Node, WriteError> {
        Ok(node(Value::List(self.0)))
    }
}

impl SerializeTuple for List {
    type Ok = Node;
    type Error = WriteError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<Node, WriteError> {
        SerializeSeq::end(self)
    }
}

impl SerializeMap for Table {
    type Ok = Node;
    type Error = WriteError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, name: &T) -> Result<(), WriteError> {
        let Value::Text(name) = to_node(name)?.value else { return Err(WriteError::Key) };
        self.key = Some(name);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        let name = self.key.take().ok_or(WriteError::Key)?;
        self.entries.push((key(&name), to_node(value)?));
        Ok(())
    }

    fn end(self) -> Result<Node, WriteError> {
        Ok(node(Value::Table(self.entries)))
    }
}

impl SerializeStruct for Table {
    type Ok = Node;
    type Error = WriteError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), WriteError> {
        self.entries.push((key(name), to_node(value)?));
        Ok(())
    }

    fn end(self) -> Result<Node, WriteError> {
        Ok(node(Value::Table(self.entries)))
    }
}
