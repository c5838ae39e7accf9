//! Chunks of AVI files: lists of names, dates and places, and what cameras add of their own.

use std::io::{self, Read, Seek};
use std::ops::Range;

use super::{Blank, Bytes};

/// Chunks that are looked at in one file. Those of pictures lie in one list, which is passed over.
const CHUNKS: usize = 100_000;
/// Lists inside one another that are opened: a stream lies in the headers, these in the file.
const DEPTH: u32 = 3;

pub(super) fn blanks(bytes: &mut Bytes<'_, impl Read + Seek>) -> io::Result<Vec<Blank>> {
    let end = bytes.end;
    let mut reader = Reader { bytes, left: CHUNKS, blanks: Vec::new() };
    reader.walk(0..end, DEPTH)?;
    Ok(reader.blanks)
}

struct Reader<'a, 'b, F> {
    bytes: &'a mut Bytes<'b, F>,
    left: usize,
    blanks: Vec<Blank>,
}

impl<F: Read + Seek> Reader<'_, '_, F> {
    fn walk(&mut self, within: Range<u64>, depth: u32) -> io::Result<()> {
        let mut at = within.start;
        while within.end.saturating_sub(at) >= 8 && self.left > 0 {
            self.left -= 1;
            let [k0, k1, k2, k3, s0, s1, s2, s3, first @ ..] = self.bytes.at::<12>(at)?;
            let size = u64::from(u32::from_le_bytes([s0, s1, s2, s3]));
            let payload = at + 8..(at + 8 + size).min(within.end);
            let opened = payload.start + 4..payload.end;
            match (&[k0, k1, k2, k3], &first) {
                (b"RIFF", b"AVI " | b"AVIX") | (b"LIST", b"hdrl" | b"strl") if depth > 0 => {
                    self.walk(opened, depth - 1)?;
                }
                // Names, dates and places; what Nikon and others say of a camera; XMP; EXIF.
                (b"LIST", b"INFO" | b"ncdt" | b"exif")
                | (b"IDIT" | b"_PMX" | b"GPSI", _)
                | (b"strd", b"AVIF") => {
                    let head = [&b"JUNK"[..], &[s0, s1, s2, s3]].concat();
                    self.blanks.push(Blank { at, head, end: payload.end });
                }
                _ => {}
            }
            // A chunk of odd length is followed by a byte of nothing.
            at = (at + 8 + size).saturating_add(size % 2);
        }
        Ok(())
    }
}
