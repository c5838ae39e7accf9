//! The segments of a JPEG: whether the file ends before its image does, and the same image without
//! what cameras write beside it. No pixel is decoded. Knows ISO/IEC 10918-1, annex B.

use std::ops::Range;

/// A JPEG taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Walk {
    /// Where the image ends; what comes after is not of it.
    end: usize,
    /// Segments that tell of the camera, the place or the editor, and change no pixel.
    told: Vec<Range<usize>>,
    /// How many colours the frame has.
    pub(crate) components: u8,
}

/// Walks from the first marker to the last; the byte at which the file ends too early otherwise.
pub(crate) fn walk(bytes: &[u8]) -> Result<Walk, usize> {
    let mut walk = Walk { end: 0, told: Vec::new(), components: 0 };
    let mut at = 2;
    loop {
        // Any number of FF may stand before a marker; bytes between segments are passed over.
        while bytes.get(at).is_some_and(|byte| *byte != 0xFF) {
            at += 1;
        }
        while bytes.get(at + 1) == Some(&0xFF) {
            at += 1;
        }
        let marker = *bytes.get(at + 1).ok_or(bytes.len())?;
        match marker {
            0xD9 => {
                walk.end = at + 2;
                return Ok(walk);
            }
            // Stuffed zeros, restarts and TEM have no length.
            0x00 | 0x01 | 0xD0..=0xD8 => at += 2,
            _ => {
                let length = bytes.get(at + 2..at + 4).ok_or(bytes.len())?;
                let length = usize::from(u16::from_be_bytes([length[0], length[1]])).max(2);
                let segment = at..at + 2 + length;
                let body = bytes.get(segment.clone()).ok_or(bytes.len())?;
                if matches!(marker, 0xC0..=0xC2) {
                    walk.components = body.get(9).copied().unwrap_or(0);
                }
                if tells(marker, body) {
                    walk.told.push(segment.clone());
                }
                at = segment.end;
            }
        }
    }
}

/// Whether a segment is dropped from the shown copy. Kept are JFIF, the colour profile and Adobe's
/// note on colours, without which the pixels would look otherwise.
fn tells(marker: u8, segment: &[u8]) -> bool {
    let body = segment.get(4..).unwrap_or_default();
    match marker {
        0xE0 => !body.starts_with(b"JFIF\0"),
        0xE2 => !body.starts_with(b"ICC_PROFILE\0"),
        0xEE => !body.starts_with(b"Adobe"),
        0xE1..=0xEF | 0xFE => true,
        _ => false,
    }
}

impl Walk {
    /// The image and nothing beside it: the same pixels, bit for bit.
    pub(crate) fn stripped(&self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.end);
        let mut from = 0;
        for told in &self.told {
            out.extend_from_slice(&bytes[from..told.start]);
            from = told.end;
        }
        out.extend_from_slice(&bytes[from..self.end]);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_ends_too_early_is_known_at_every_length() {
        let whole = b"\xFF\xD8\xFF\xE1\x00\x04Ex\xFF\xDB\x00\x03\x01\xFF\xDA\x00\x02\x12\xFF\x00\x34\xFF\xD9";
        let walked = walk(whole).expect("it is whole");
        assert_eq!(walked.stripped(whole), [&whole[..2], &whole[8..]].concat());
        for cut in 2..whole.len() - 1 {
            assert_eq!(walk(&whole[..cut]), Err(cut), "{cut}");
        }
        let more = [&whole[..], b"a film of the moment"].concat();
        assert_eq!(walk(&more).expect("it is whole").end, whole.len());
    }
}
