//! Where the container of a video says where, when and with what it was taken, so that what is
//! shown does not. Serves anno-6.2. Reads boxes of ISO base media files (MP4, MOV, M4V, 3GP), in
//! which phones and cameras write a place; other containers have none blanked. The bytes of
//! pictures and all timestamps stay where they are, so that a part of the file is a part of what is
//! shown.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

/// Boxes that are looked at in one file.
const BOXES: usize = 100_000;
/// Boxes inside one another that are opened: a track lies in the movie.
const DEPTH: u32 = 2;

/// A box that is shown as free space of the same length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blank {
    /// Where its kind stands, four bytes.
    kind: u64,
    /// What it holds.
    payload: Range<u64>,
}

/// The boxes of a file that say something about its making; none where it is of another form.
///
/// # Errors
/// When it cannot be read. A file that ends within a box is read as far as it goes.
pub fn blanks(file: &mut (impl Read + Seek)) -> io::Result<Vec<Blank>> {
    let end = file.seek(SeekFrom::End(0))?;
    let mut reader = Reader { file, left: BOXES, blanks: Vec::new() };
    let first = reader.header(0, end)?;
    let known = [b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"];
    if first.is_some_and(|found| known.contains(&&found.kind)) {
        reader.walk(0..end, DEPTH)?;
    }
    Ok(reader.blanks)
}

/// Blanks what lies in a piece of the file that begins at `at`.
pub fn blank(blanks: &[Blank], at: u64, piece: &mut [u8]) {
    let end = at.saturating_add(piece.len() as u64);
    let mut put = |range: Range<u64>, with: &dyn Fn(u64) -> u8| {
        for place in range.start.max(at)..range.end.min(end) {
            let within = usize::try_from(place - at).ok();
            if let Some(byte) = within.and_then(|within| piece.get_mut(within)) {
                *byte = with(place - range.start);
            }
        }
    };
    for Blank { kind, payload } in blanks {
        let free = |at: u64| usize::try_from(at).ok().and_then(|at| b"free".get(at).copied());
        put(*kind..kind + 4, &|at| free(at).unwrap_or_default());
        put(payload.clone(), &|_| 0);
    }
}

/// The head of a box.
struct Head {
    kind: [u8; 4],
    payload: Range<u64>,
}

struct Reader<'a, F> {
    file: &'a mut F,
    left: usize,
    blanks: Vec<Blank>,
}

impl<F: Read + Seek> Reader<'_, F> {
    /// The box that begins at a place; `None` where none does.
    fn header(&mut self, at: u64, end: u64) -> io::Result<Option<Head>> {
        let mut head = [0; 16];
        let room = end.saturating_sub(at).min(16);
        let have = usize::try_from(room).unwrap_or(0);
        self.file.seek(SeekFrom::Start(at))?;
        let Some(part) = head.get_mut(..have) else { return Ok(None) };
        self.file.read_exact(part)?;
        let [s0, s1, s2, s3, k0, k1, k2, k3, large @ ..] = head;
        let (short, large) = (u32::from_be_bytes([s0, s1, s2, s3]), u64::from_be_bytes(large));
        let (head, size) = match short {
            0 => (8, end - at),
            1 => (16, large),
            size => (8, u64::from(size)),
        };
        let to = at.saturating_add(size).min(end);
        if have < 8 || size < head || room < head {
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
                    self.blanks.push(Blank { kind: at + 4, payload: payload.clone() });
                }
                _ => {}
            }
            at = payload.end;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn a_box(kind: &[u8; 4], payload: &[u8]) -> Vec<u8> {
        let size = u32::try_from(payload.len() + 8).unwrap();
        [&size.to_be_bytes()[..], kind, payload].concat()
    }

    fn shown(bytes: &[u8], piece: usize) -> Vec<u8> {
        let blanks = blanks(&mut Cursor::new(bytes)).unwrap();
        let mut shown = bytes.to_vec();
        for (number, part) in shown.chunks_mut(piece).enumerate() {
            blank(&blanks, (number * piece) as u64, part);
        }
        shown
    }

    #[test]
    fn places_are_blanked_and_everything_else_stays_where_it_is() {
        let place = a_box(b"udta", &a_box(b"\xA9xyz", b"\0\x12\x15\xC7+31.2304+121.4737/"));
        let track = a_box(b"trak", &[a_box(b"tkhd", b"head"), place.clone()].concat());
        let movie = [a_box(b"mvhd", b"length"), track, a_box(b"meta", b"+31.2304")].concat();
        let data = a_box(b"mdat", b"pixels udta +31");
        let whole = [a_box(b"ftyp", b"isom"), data, a_box(b"uuid", b"xmp"), a_box(b"moov", &movie)]
            .concat();
        for piece in [1, 3, 7, 1000] {
            let shown = shown(&whole, piece);
            assert_eq!(shown.len(), whole.len());
            let has = |what: &[u8]| shown.windows(what.len()).any(|part| part == what);
            assert!(!has(b"+31.2304") && !has(b"xmp") && !has(b"xyz"), "{piece}");
            for kept in [&b"pixels udta +31"[..], b"mvhd", b"length", b"tkhd", b"head"] {
                assert!(has(kept), "{piece}");
            }
            assert_eq!(shown.windows(4).filter(|part| part == b"free").count(), 3);
        }
    }

    #[test]
    fn broken_boxes_and_other_forms_are_left_as_they_are() {
        let mut long = a_box(b"ftyp", b"isom");
        long.extend([0, 0, 0, 1, b'm', b'o', b'o', b'v', 0xFF, 0xFF, 0xFF, 0xFF]);
        let last = [a_box(b"ftyp", b"isom"), b"\0\0\0\0udtaplace".to_vec()].concat();
        for (bytes, blanked) in [
            (&b""[..], 0),
            (b"\0\0", 0),
            (b"\x1A\x45\xDF\xA3udta", 0),
            (&a_box(b"udta", b"x"), 0),
            (b"\0\0\0\x04ftypxxxxxxxx", 0),
            (&long, 0),
            (&last, 1),
        ] {
            assert_eq!(blanks(&mut Cursor::new(bytes)).unwrap().len(), blanked, "{bytes:?}");
        }
    }
}
