//! DER, as slices: what is signed is taken as it stands and never written anew. Reads items one
//! after the other, definite and minimal lengths only; writes items from parts.
//!
//! Knows tags and lengths; knows nothing of what an item means.

use const_oid::ObjectIdentifier;

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OID: u8 = 0x06;
pub(crate) const UTF8_STRING: u8 = 0x0c;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// `[number]`, constructed: an explicit tag, or an implicit one of a sequence or set.
pub(crate) const fn context(number: u8) -> u8 {
    0xa0 | number
}

/// `[number]`, primitive: an implicit tag of a string or an integer.
pub(crate) const fn primitive(number: u8) -> u8 {
    0x80 | number
}

/// One item: its tag, what is in it, and all its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Item<'a> {
    pub(crate) tag: u8,
    pub(crate) value: &'a [u8],
    pub(crate) whole: &'a [u8],
}

/// Items that follow each other. Nothing is read twice, so a reader ends within its input.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The next item; none at the end and where the bytes are no DER.
    pub(crate) fn item(&mut self) -> Option<Item<'a>> {
        let (&tag, rest) = self.0.split_first()?;
        // A tag of several bytes stands in none of the structures here.
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (&first, rest) = rest.split_first()?;
        let (length, rest) = match first {
            0..=0x7f => (usize::from(first), rest),
            0x81..=0x84 => {
                let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
                let length = digits.iter().fold(0usize, |all, byte| all << 8 | usize::from(*byte));
                if digits.first() == Some(&0) || length < 0x80 {
                    return None;
                }
                (length, rest)
            }
            _ => return None,
        };
        let (value, after) = rest.split_at_checked(length)?;
        let whole = &self.0[..self.0.len() - after.len()];
        self.0 = after;
        Some(Item { tag, value, whole })
    }

    /// The next item, which has this tag.
    pub(crate) fn expect(&mut self, tag: u8) -> Option<Item<'a>> {
        self.item().filter(|item| item.tag == tag)
    }

    /// The next item if it has this tag; otherwise nothing is read.
    pub(crate) fn optional(&mut self, tag: u8) -> Option<Item<'a>> {
        if self.0.first() != Some(&tag) {
            return None;
        }
        self.item()
    }

    /// What is in the next item, which has this tag.
    pub(crate) fn enter(&mut self, tag: u8) -> Option<Reader<'a>> {
        self.expect(tag).map(|item| Reader(item.value))
    }

    /// The next object identifier.
    pub(crate) fn oid(&mut self) -> Option<ObjectIdentifier> {
        self.expect(OID).and_then(|item| ObjectIdentifier::from_bytes(item.value).ok())
    }

    /// The next small non-negative integer.
    pub(crate) fn small(&mut self) -> Option<u64> {
        small(self.expect(INTEGER)?.value)
    }

    /// Nothing, where no bytes are left.
    pub(crate) fn end(self) -> Option<()> {
        self.0.is_empty().then_some(())
    }

    /// What was not read yet.
    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.0
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The value of an integer of 63 bits at most that is not negative.
pub(crate) fn small(value: &[u8]) -> Option<u64> {
    let fits = !value.is_empty() && value.len() <= 8 && value[0] < 0x80;
    fits.then(|| value.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)))
}

/// The only item of some bytes.
pub(crate) fn single(bytes: &[u8], tag: u8) -> Option<Reader<'_>> {
    let mut reader = Reader::new(bytes);
    let inside = reader.enter(tag)?;
    reader.end()?;
    Some(inside)
}

/// An item of a tag and the parts within.
pub(crate) fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut bytes = vec![tag];
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => bytes.push(short),
        _ => {
            let digits = length.to_be_bytes();
            let digits = &digits[digits.iter().take_while(|byte| **byte == 0).count()..];
            bytes.push(0x80 | u8::try_from(digits.len()).expect("a length has 8 bytes at most"));
            bytes.extend_from_slice(digits);
        }
    }
    parts.iter().for_each(|part| bytes.extend_from_slice(part));
    bytes
}

pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(SEQUENCE, parts)
}

pub(crate) fn oid(oid: ObjectIdentifier) -> Vec<u8> {
    tlv(OID, &[oid.as_bytes()])
}

/// A set, its members in the order that DER wants.
pub(crate) fn set(mut members: Vec<Vec<u8>>) -> Vec<u8> {
    members.sort();
    let members: Vec<&[u8]> = members.iter().map(Vec::as_slice).collect();
    tlv(SET, &members)
}

/// A non-negative integer from big-endian digits.
pub(crate) fn integer(digits: &[u8]) -> Vec<u8> {
    let digits = &digits[digits.iter().take_while(|byte| **byte == 0).count()..];
    match digits.first() {
        None => tlv(INTEGER, &[&[0]]),
        Some(0x80..) => tlv(INTEGER, &[&[0], digits]),
        Some(_) => tlv(INTEGER, &[digits]),
    }
}

/// The two integers of a signature in DER, side by side in `N` bytes.
pub(crate) fn halves<const N: usize>(signature: &[u8]) -> Option<[u8; N]> {
    let mut reader = single(signature, SEQUENCE)?;
    let mut raw = [0; N];
    for half in raw.chunks_exact_mut(N / 2) {
        let value = reader.expect(INTEGER)?.value;
        let digits = match value {
            [0, rest @ ..] if rest.first().is_some_and(|byte| *byte >= 0x80) => rest,
            [first, ..] if (1..0x80).contains(first) => value,
            _ => return None,
        };
        half[(N / 2).checked_sub(digits.len())?..].copy_from_slice(digits);
    }
    reader.end()?;
    Some(raw)
}
