//! Where the container of a video says where, when and with what it was taken, so that what is
//! shown does not. Serves anno-6.2. Reads ISO base media files (MP4, MOV, M4V, 3GP), Matroska (with
//! `WebM`) and AVI; other containers have nothing blanked. Free space of the same length takes the
//! place of what is said: the bytes of pictures and all timestamps stay where they are, so that a
//! part of the file is a part of what is shown.

mod avi;
mod boxes;
mod matroska;

use std::io::{self, Read, Seek, SeekFrom};

/// A part of a file that is shown as free space of the same length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blank {
    /// Where it begins.
    at: u64,
    /// What stands there instead: the head of free space in this form of file.
    head: Vec<u8>,
    /// Where it ends; all behind the head is zero.
    end: u64,
}

/// The parts of a file that say something about its making; none where it is of another form.
///
/// # Errors
/// When it cannot be read. A file that ends within a part is read as far as it goes.
pub fn blanks(file: &mut (impl Read + Seek)) -> io::Result<Vec<Blank>> {
    let end = file.seek(SeekFrom::End(0))?;
    let mut bytes = Bytes { file, end };
    let head = bytes.at::<12>(0)?;
    match head {
        [0x1A, 0x45, 0xDF, 0xA3, ..] => matroska::blanks(&mut bytes),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'A', b'V', b'I', b' '] => avi::blanks(&mut bytes),
        _ => boxes::blanks(&mut bytes),
    }
}

/// Blanks what lies in a piece of the file that begins at `at`.
pub fn blank(blanks: &[Blank], at: u64, piece: &mut [u8]) {
    let until = at.saturating_add(piece.len() as u64);
    for one in blanks {
        for place in one.at.max(at)..one.end.min(until) {
            let within = usize::try_from(place - at).ok();
            let head = usize::try_from(place - one.at).ok();
            let with = head.and_then(|head| one.head.get(head)).copied();
            if let Some(byte) = within.and_then(|within| piece.get_mut(within)) {
                *byte = with.unwrap_or(0);
            }
        }
    }
}

/// A file that is read in small parts at known places.
struct Bytes<'a, F> {
    file: &'a mut F,
    end: u64,
}

impl<F: Read + Seek> Bytes<'_, F> {
    /// The bytes at a place; zeros stand for what lies behind the end.
    fn at<const N: usize>(&mut self, at: u64) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        let have = usize::try_from(self.end.saturating_sub(at).min(N as u64)).unwrap_or(0);
        if let Some(part) = bytes.get_mut(..have).filter(|part| !part.is_empty()) {
            self.file.seek(SeekFrom::Start(at))?;
            self.file.read_exact(part)?;
        }
        Ok(bytes)
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
            (b"RIFF\0\0\0\0AVI LIST", 0),
            (b"RIFF\xFF\xFF\xFF\xFFAVI LIST\xFF\xFF\xFF\xFFhdrlIDIT", 0),
            (&a_box(b"udta", b"x"), 0),
            (b"\0\0\0\x04ftypxxxxxxxx", 0),
            (&long, 0),
            (&last, 1),
        ] {
            assert_eq!(blanks(&mut Cursor::new(bytes)).unwrap().len(), blanked, "{bytes:?}");
        }
    }
}
