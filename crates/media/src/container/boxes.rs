//! Boxes of ISO base media files, in which phones and cameras write a place.

use std::io::{self, Read, Seek};
use std::ops::Range;

use super::{Blank, Bytes};

/// Boxes that are looked at in one file.
const BOXES: usize = 100_000;
/// Boxes inside one another that are opened: a track lies in the movie.
const DEPTH: u32 = 2;

pub(super) fn blanks(bytes: &mut Bytes<'_, impl Read + Seek>) -> io::Result<Vec<Blank>> {
    let end = bytes.end;
    let mut reader = Reader { bytes, left: BOXES, blanks: Vec::new() };
    let first = reader.header(0, end)?;
    let known = [b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"];
    if first.is_some_and(|found| known.contains(&&found.kind)) {
        reader.walk(0..end, DEPTH)?;
    }
    Ok(reader.blanks)
}

/// The head of a box.
struct Head {
    kind: [u8; 4],
    payload: Range<u64>,
}

struct Reader<'a, 'b, F> {
    bytes: &'a mut Bytes<'b, F>,
    left: usize,
    blanks: Vec<Blank>,
}

impl<F: Read + Seek> Reader<'_, '_, F> {
    /// The box that begins at a place; `None` where none does.
    fn header(&mut self, at: u64, end: u64) -> io::Result<Option<Head>> {
        let room = end.saturating_sub(at);
        let [s0, s1, s2, s3, k0, k1, k2, k3, large @ ..] = self.bytes.at::<16>(at)?;
        let (short, large) = (u32::from_be_bytes([s0, s1, s2, s3]), u64::from_be_bytes(large));
        let (head, size) = match short {
            0 => (8, room),
            1 => (16, large),
            size => (8, u64::from(size)),
        };
        let to = at.saturating_add(size).min(end);
        if size < head || room < head {
            return Ok(None);
        }
        Ok(Some(Head { kind: [k0, k1, k2, k3], payload: at + head..to }))
    }

    fn walk(&mut self, within: Range<u64>, depth: u32) -> io::Result<()> {
        let mut at = within.start;
        while at < within.end && self.left > 0 {
            self.left -= 1;
            let Some(Head { kind, payload }) = self.header(at, within.end)? else { break };
            match &kind {
                b"moov" | b"trak" if depth > 0 => self.walk(payload.clone(), depth - 1)?,
                // What people and devices say of the file: names, dates, places, XMP.
                b"udta" | b"meta" | b"uuid" => {
                    // Its size stays; a large one stands behind the kind.
                    let size = self.bytes.at::<8>(at + 8)?;
                    let large = payload.start - at > 8;
                    let head = if large { [&b"free"[..], &size].concat() } else { b"free".into() };
                    self.blanks.push(Blank { at: at + 4, head, end: payload.end });
                }
                _ => {}
            }
            at = payload.end;
        }
        Ok(())
    }
}
