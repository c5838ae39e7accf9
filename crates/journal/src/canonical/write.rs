//! Any serialisable value to its canonical text. Decides the order of keys and the escapes;
//! refuses what has no canonical text.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;

use serde::Serialize;
use serde::ser::{self, Impossible, Serializer};

use super::{MAX_DEPTH, MAX_INTEGER, WriteError};

/// The canonical JSON text of a value.
///
/// # Errors
/// When the value holds a floating point number, an integer outside ±(2^53 − 1), a duplicate or
/// non-text key, or more than [`MAX_DEPTH`] levels.
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, WriteError> {
    to_vec_at(value, 0)
}

/// The canonical text of a value that will stand inside `depth` arrays and objects.
pub(crate) fn to_vec_at<T: Serialize + ?Sized>(
    value: &T,
    depth: usize,
) -> Result<Vec<u8>, WriteError> {
    let mut out = Vec::new();
    value.serialize(Writer { out: &mut out, depth })?;
    Ok(out)
}

impl ser::Error for WriteError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Refused { message: message.to_string() }
    }
}

struct Writer<'a> {
    out: &'a mut Vec<u8>,
    depth: usize,
}

/// An array or object being written; `variant` also closes the object around an enum's content.
struct Compound<'a> {
    out: &'a mut Vec<u8>,
    depth: usize,
    start: usize,
    members: Vec<Member>,
    key: Option<Cow<'static, str>>,
    variant: bool,
}

/// The place of `"key":value` in the output.
struct Member {
    key: Cow<'static, str>,
    start: usize,
    end: usize,
}

impl<'a> Writer<'a> {
    fn integer(self, negative: bool, magnitude: u128) -> Result<(), WriteError> {
        if magnitude > u128::from(MAX_INTEGER) {
            return Err(WriteError::IntegerRange);
        }
        if negative && magnitude != 0 {
            self.out.push(b'-');
        }
        self.out.extend_from_slice(magnitude.to_string().as_bytes());
        Ok(())
    }

    fn open(self, bracket: u8, variant: Option<&str>) -> Result<Compound<'a>, WriteError> {
        let mut depth = self.depth + 1;
        if let Some(name) = variant {
            self.out.push(b'{');
            quote(self.out, name);
            self.out.push(b':');
            depth += 1;
        }
        if depth > MAX_DEPTH {
            return Err(WriteError::TooDeep);
        }
        self.out.push(bracket);
        let start = self.out.len();
        Ok(Compound {
            out: self.out,
            depth,
            start,
            members: Vec::new(),
            key: None,
            variant: variant.is_some(),
        })
    }
}

impl Compound<'_> {
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        if self.out.len() > self.start {
            self.out.push(b',');
        }
        value.serialize(Writer { out: self.out, depth: self.depth })
    }

    fn member<T: Serialize + ?Sized>(
        &mut self,
        key: Cow<'static, str>,
        value: &T,
    ) -> Result<(), WriteError> {
        if !self.members.is_empty() {
            self.out.push(b',');
        }
        let start = self.out.len();
        quote(self.out, &key);
        self.out.push(b':');
        value.serialize(Writer { out: self.out, depth: self.depth })?;
        self.members.push(Member { key, start, end: self.out.len() });
        Ok(())
    }

    fn close_array(self) -> Result<(), WriteError> {
        self.out.push(b']');
        self.close_variant();
        Ok(())
    }

    fn close_object(mut self) -> Result<(), WriteError> {
        let ascending = |pair: &[Member]| compare(&pair[0].key, &pair[1].key) == Ordering::Less;
        if !self.members.windows(2).all(ascending) {
            self.members.sort_by(|left, right| compare(&left.key, &right.key));
            if let Some(pair) = self.members.windows(2).find(|pair| pair[0].key == pair[1].key) {
                return Err(WriteError::DuplicateKey { key: pair[0].key.to_string() });
            }
            let mut sorted = Vec::with_capacity(self.out.len() - self.start);
            for member in &self.members {
                if !sorted.is_empty() {
                    sorted.push(b',');
                }
                sorted.extend_from_slice(&self.out[member.start..member.end]);
            }
            self.out.truncate(self.start);
            self.out.extend_from_slice(&sorted);
        }
        self.out.push(b'}');
        self.close_variant();
        Ok(())
    }

    fn close_variant(self) {
        if self.variant {
            self.out.push(b'}');
        }
    }
}

/// The order of keys: by UTF-16 code units.
fn compare(left: &str, right: &str) -> Ordering {
    let simple = |text: &str| text.bytes().all(|byte| byte < 0xee);
    if simple(left) && simple(right) {
        left.cmp(right)
    } else {
        left.encode_utf16().cmp(right.encode_utf16())
    }
}

fn quote(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            8 => out.extend_from_slice(b"\\b"),
            9 => out.extend_from_slice(b"\\t"),
            10 => out.extend_from_slice(b"\\n"),
            12 => out.extend_from_slice(b"\\f"),
            13 => out.extend_from_slice(b"\\r"),
            0..0x20 => {
                out.extend_from_slice(b"\\u00");
                out.push(b"01"[usize::from(byte >> 4)]);
                out.push(b"0123456789abcdef"[usize::from(byte & 15)]);
            }
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

macro_rules! integers {
    ($($name:ident: $type:ty),*) => {$(
        fn $name(self, value: $type) -> Result<(), WriteError> {
            #[allow(unused_comparisons, reason = "the macro also serves unsigned types")]
            self.integer(value < 0, u128::from(value.abs_diff(0)))
        }
    )*};
}

impl<'a> Serializer for Writer<'a> {
    type Ok = ();
    type Error = WriteError;
    type SerializeSeq = Compound<'a>;
    type SerializeTuple = Compound<'a>;
    type SerializeTupleStruct = Compound<'a>;
    type SerializeTupleVariant = Compound<'a>;
    type SerializeMap = Compound<'a>;
    type SerializeStruct = Compound<'a>;
    type SerializeStructVariant = Compound<'a>;

    integers!(serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64);
    integers!(serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64);
    integers!(serialize_i128: i128, serialize_u128: u128);

    #[expect(clippy::disallowed_types, reason = "the trait names the type; the value is refused")]
    fn serialize_f32(self, _: f32) -> Result<(), WriteError> {
        Err(WriteError::Float)
    }
    #[expect(clippy::disallowed_types, reason = "the trait names the type; the value is refused")]
    fn serialize_f64(self, _: f64) -> Result<(), WriteError> {
        Err(WriteError::Float)
    }
    fn serialize_bool(self, value: bool) -> Result<(), WriteError> {
        self.out.extend_from_slice(if value { b"true" } else { b"false" });
        Ok(())
    }
    fn serialize_char(self, value: char) -> Result<(), WriteError> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }
    fn serialize_str(self, value: &str) -> Result<(), WriteError> {
        quote(self.out, value);
        Ok(())
    }
    fn serialize_bytes(self, value: &[u8]) -> Result<(), WriteError> {
        value.serialize(self)
    }
    fn serialize_none(self) -> Result<(), WriteError> {
        self.serialize_unit()
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), WriteError> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<(), WriteError> {
        self.out.extend_from_slice(b"null");
        Ok(())
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<(), WriteError> {
        self.serialize_unit()
    }
    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), WriteError> {
        self.serialize_str(variant)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), WriteError> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), WriteError> {
        let mut object = self.open(b'{', None)?;
        object.member(Cow::Borrowed(variant), value)?;
        object.close_object()
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Compound<'a>, WriteError> {
        self.open(b'[', None)
    }
    fn serialize_tuple(self, _: usize) -> Result<Compound<'a>, WriteError> {
        self.open(b'[', None)
    }
    fn serialize_tuple_struct(self, _: &str, _: usize) -> Result<Compound<'a>, WriteError> {
        self.open(b'[', None)
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Compound<'a>, WriteError> {
        self.open(b'[', Some(variant))
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Compound<'a>, WriteError> {
        self.open(b'{', None)
    }
    fn serialize_struct(self, _: &str, _: usize) -> Result<Compound<'a>, WriteError> {
        self.open(b'{', None)
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Compound<'a>, WriteError> {
        self.open(b'{', Some(variant))
    }
}

macro_rules! arrays {
    ($($trait:ident $method:ident),*) => {$(
        impl ser::$trait for Compound<'_> {
            type Ok = ();
            type Error = WriteError;
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
                self.element(value)
            }
            fn end(self) -> Result<(), WriteError> {
                self.close_array()
            }
        }
    )*};
}
arrays!(SerializeSeq serialize_element, SerializeTuple serialize_element);
arrays!(SerializeTupleStruct serialize_field, SerializeTupleVariant serialize_field);

macro_rules! structs {
    ($($trait:ident),*) => {$(
        impl ser::$trait for Compound<'_> {
            type Ok = ();
            type Error = WriteError;
            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), WriteError> {
                self.member(Cow::Borrowed(key), value)
            }
            fn end(self) -> Result<(), WriteError> {
                self.close_object()
            }
        }
    )*};
}
structs!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for Compound<'_> {
    type Ok = ();
    type Error = WriteError;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), WriteError> {
        self.key = Some(Cow::Owned(key.serialize(KeyWriter)?));
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        let key = self.key.take().ok_or(WriteError::Key)?;
        self.member(key, value)
    }
    fn end(self) -> Result<(), WriteError> {
        self.close_object()
    }
}

/// Reads a map key as text: text, a character, a unit variant or an integer.
struct KeyWriter;

macro_rules! text_keys {
    ($($name:ident: $type:ty),*) => {$(
        fn $name(self, value: $type) -> Result<String, WriteError> {
            Ok(value.to_string())
        }
    )*};
}

macro_rules! no_keys {
    ($($name:ident($($type:ty),*)),*) => {$(
        fn $name(self, $(_: $type),*) -> Result<Self::Ok, WriteError> {
            Err(WriteError::Key)
        }
    )*};
}

type No = Impossible<String, WriteError>;

impl Serializer for KeyWriter {
    type Ok = String;
    type Error = WriteError;
    type SerializeSeq = No;
    type SerializeTuple = No;
    type SerializeTupleStruct = No;
    type SerializeTupleVariant = No;
    type SerializeMap = No;
    type SerializeStruct = No;
    type SerializeStructVariant = No;

    text_keys!(serialize_str: &str, serialize_char: char);
    text_keys!(serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64);
    text_keys!(serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64);
    no_keys!(serialize_bool(bool), serialize_bytes(&[u8]), serialize_none(), serialize_unit());
    no_keys!(serialize_unit_struct(&'static str));

    #[expect(clippy::disallowed_types, reason = "the trait names the type; the value is refused")]
    fn serialize_f32(self, _: f32) -> Result<String, WriteError> {
        Err(WriteError::Float)
    }
    #[expect(clippy::disallowed_types, reason = "the trait names the type; the value is refused")]
    fn serialize_f64(self, _: f64) -> Result<String, WriteError> {
        Err(WriteError::Float)
    }
    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<String, WriteError> {
        Ok(variant.to_string())
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<String, WriteError> {
        value.serialize(self)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<String, WriteError> {
        Err(WriteError::Key)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<String, WriteError> {
        Err(WriteError::Key)
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<No, WriteError> {
        Err(WriteError::Key)
    }
    fn serialize_tuple(self, _: usize) -> Result<No, WriteError> {
        Err(WriteError::Key)
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<No, WriteError> {
        Err(WriteError::Key)
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<No, WriteError> {
        Err(WriteError::Key)
    }
    fn serialize_map(self, _: Option<usize>) -> Result<No, WriteError> {
        Err(WriteError::Key)
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<No, WriteError> {
        Err(WriteError::Key)
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<No, WriteError> {
        Err(WriteError::Key)
    }
}
