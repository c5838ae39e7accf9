//! Whether metadata says where an image was taken: the GPS directory of EXIF, or the same in XMP.
//! The orientation is read by `image`. Knows the directories of TIFF 6.0 and nothing in them.

/// The directory of GPS, as a field of the first directory.
const GPS: u16 = 0x8825;
/// Directories, and fields of one, at most.
const MOST: usize = 1_000;

/// Whether a directory of EXIF, or of a TIFF file, points to one of GPS.
pub(crate) fn locates(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"Exif\0\0").unwrap_or(bytes);
    let Some(big) = order(bytes) else { return false };
    let mut next = long(bytes, 4, big);
    for _ in 0..MOST {
        let Some(start) = next.filter(|start| *start >= 8) else { return false };
        let Some(fields) = short(bytes, start, big).map(usize::from) else { return false };
        let tag = |field: usize| short(bytes, start + 2 + field * 12, big);
        if (0..fields.min(MOST)).any(|field| tag(field) == Some(GPS)) {
            return true;
        }
        next = long(bytes, start + 2 + fields * 12, big);
    }
    false
}

/// Whether a TIFF file has a second directory, which is a second picture.
pub(crate) fn pages(bytes: &[u8]) -> bool {
    let Some(big) = order(bytes) else { return false };
    let next = long(bytes, 4, big).and_then(|start| {
        let fields = usize::from(short(bytes, start, big)?);
        long(bytes, start.checked_add(2 + fields * 12)?, big)
    });
    next.is_some_and(|next| next != 0)
}

/// Whether a packet of XMP has a place in it.
pub(crate) fn xmp_locates(packet: &[u8]) -> bool {
    [b"GPSLatitude".as_slice(), b"GPSLongitude"]
        .iter()
        .any(|word| packet.windows(word.len()).any(|part| part == *word))
}

fn order(bytes: &[u8]) -> Option<bool> {
    match bytes.get(..4)? {
        [b'M', b'M', 0, 42] => Some(true),
        [b'I', b'I', 42, 0] => Some(false),
        _ => None,
    }
}

fn short(bytes: &[u8], at: usize, big: bool) -> Option<u16> {
    let two = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
    Some(if big { u16::from_be_bytes(two) } else { u16::from_le_bytes(two) })
}

fn long(bytes: &[u8], at: usize, big: bool) -> Option<usize> {
    let four = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    let value = if big { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) };
    usize::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_that_points_to_itself_ends() {
        let round = b"II*\0\x08\0\0\0\0\0\x08\0\0\0";
        assert!(!locates(round));
        let gps = b"II*\0\x08\0\0\0\x01\0\x25\x88\x04\0\x01\0\0\0\0\0\0\0\0\0\0\0";
        assert!(locates(gps));
        for cut in 0..12 {
            assert!(!locates(&gps[..cut]));
        }
    }
}
