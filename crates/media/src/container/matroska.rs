//! Elements of Matroska files: tags, attached files such as covers, and of the file's own head its
//! title, names and date.

use std::io::{self, Read, Seek};
use std::ops::Range;

use super::{Blank, Bytes};

/// Elements that are looked at in one file. Clusters are passed over whole, but for those of files
/// written as they were recorded, which do not say how long they are.
const ELEMENTS: usize = 1_000_000;

const SEGMENT: u32 = 0x1853_8067;
const CLUSTER: u32 = 0x1F43_B675;
const INFO: u32 = 0x1549_A966;
const TAGS: u32 = 0x1254_C367;
const ATTACHMENTS: u32 = 0x1941_A469;
/// In the head: date, title, and the names of this file and of those beside it.
const SAID: [u32; 5] = [0x4461, 0x7BA9, 0x7384, 0x3C_83AB, 0x3E_83BB];
const CHECKSUM: u32 = 0xBF;
/// Free space.
const VOID: u8 = 0xEC;

pub(super) fn blanks(bytes: &mut Bytes<'_, impl Read + Seek>) -> io::Result<Vec<Blank>> {
    let end = bytes.end;
    let mut reader = Reader { bytes, left: ELEMENTS, blanks: Vec::new() };
    reader.file(0..end)?;
    Ok(reader.blanks)
}

/// The head of an element.
struct Head {
    id: u32,
    payload: Range<u64>,
    /// Whether it says how long it is.
    sized: bool,
}

struct Reader<'a, 'b, F> {
    bytes: &'a mut Bytes<'b, F>,
    left: usize,
    blanks: Vec<Blank>,
}

impl<F: Read + Seek> Reader<'_, '_, F> {
    /// The element that begins at a place; `None` where none does.
    fn header(&mut self, at: u64, end: u64) -> io::Result<Option<Head>> {
        if at >= end || self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        let bytes = self.bytes.at::<12>(at)?;
        let long = bytes[0].leading_zeros() as usize + 1;
        let Some(id) = bytes.get(..long).filter(|_| long <= 4) else { return Ok(None) };
        let id = id.iter().fold(0, |id, byte| id << 8 | u32::from(*byte));
        let size = bytes.get(long..).unwrap_or_default();
        let first = size.first().copied().unwrap_or(0);
        let wide = first.leading_zeros() as usize + 1;
        let Some(size) = size.get(..wide).filter(|_| wide <= 8) else { return Ok(None) };
        let mark = 1_u64 << (7 * wide);
        let size = size.iter().fold(0, |size, byte| size << 8 | u64::from(*byte)) - mark;
        let start = at + (long + wide) as u64;
        // All ones: nobody knows.
        let sized = size != mark - 1;
        let to = if sized { start.saturating_add(size).min(end) } else { end };
        Ok((start <= end).then_some(Head { id, payload: start..to, sized }))
    }

    fn file(&mut self, within: Range<u64>) -> io::Result<()> {
        let mut at = within.start;
        while let Some(Head { id, payload, sized }) = self.header(at, within.end)? {
            match id {
                TAGS | ATTACHMENTS if sized => self.void(at..payload.end),
                INFO if sized => self.head(payload.clone())?,
                _ => {}
            }
            // What lies in a segment, or in a cluster of unknown length, comes next.
            let inside = id == SEGMENT || id == CLUSTER && !sized;
            at = if inside { payload.start } else { payload.end };
        }
        Ok(())
    }

    /// The file's own head: a checksum over it would be wrong, so it goes with the rest.
    fn head(&mut self, within: Range<u64>) -> io::Result<()> {
        let (mut at, before) = (within.start, self.blanks.len());
        let mut checksum = None;
        while let Some(Head { id, payload, .. }) = self.header(at, within.end)? {
            if SAID.contains(&id) {
                self.void(at..payload.end);
            } else if id == CHECKSUM {
                checksum = Some(at..payload.end);
            }
            at = payload.end;
        }
        if self.blanks.len() > before {
            checksum.into_iter().for_each(|place| self.void(place));
        }
        Ok(())
    }

    fn void(&mut self, place: Range<u64>) {
        let length = place.end.saturating_sub(place.start);
        // An identifier of one byte, and a length in one byte or in eight.
        let head = match length {
            0 | 1 => return,
            2..=100 => vec![VOID, 0x80 | u8::try_from(length - 2).unwrap_or(0)],
            _ => {
                let mut size = (length - 9).to_be_bytes();
                size[0] = 1;
                [&[VOID][..], &size].concat()
            }
        };
        self.blanks.push(Blank { at: place.start, head, end: place.end });
    }
}
