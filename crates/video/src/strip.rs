//! A small picture of every frame, or of one in so many, written by the decode that looks at the
//! frames: whoever wants one later, of a keyframe or for a list, decodes nothing again. Serves
//! anno-3.1.3. Knows the places of the pictures in one file and nothing of what they show.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::error::VideoError;

/// Frames of one video that have a small picture, from the first on.
pub const MOST_SMALL: u64 = 200_000;
/// Pixels of the longer side, as of a thumbnail of an image.
pub(crate) const SIDE: u32 = 256;
/// Bytes of one picture of that size at most.
pub(crate) const MOST_BYTES: u64 = 1 << 20;

/// Small pictures of the frames of a video, JPEG one behind the other in a file that goes with it.
#[derive(Debug)]
pub struct Strip {
    folder: TempDir,
    /// One frame in so many has a picture.
    every: NonZeroU64,
    /// Where each picture begins, and where the last one ends.
    places: Vec<u64>,
}

/// How a frame is made small, whatever its size was.
pub(crate) fn smaller() -> String {
    format!(
        "scale=w='min({SIDE},iw)':h='min({SIDE},ih)':force_original_aspect_ratio=decrease:\
         force_divisible_by=2"
    )
}

impl Strip {
    /// A place for pictures to come, below a folder that exists.
    pub(crate) fn new(below: &Path, every: NonZeroU64) -> Result<Self, VideoError> {
        let failed = |source| VideoError::Io { path: below.to_path_buf(), source };
        let folder = tempfile::tempdir_in(below).map_err(failed)?;
        Ok(Self { folder, every, places: Vec::new() })
    }

    pub(crate) const fn every(&self) -> NonZeroU64 {
        self.every
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("small.mjpeg")
    }

    /// Finds the pictures that were written. What is no picture ends the search.
    pub(crate) fn index(&mut self) -> Result<(), VideoError> {
        let path = self.path();
        let found = File::open(&path).and_then(|file| places(&mut BufReader::new(file)));
        self.places = found.map_err(|source| VideoError::Io { path, source })?;
        Ok(())
    }

    /// How many pictures there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len().saturating_sub(1)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The small picture of a frame, by its number, as JPEG, or of the last before it that has one;
    /// `None` behind the last of them.
    ///
    /// # Errors
    /// When the pictures cannot be read.
    pub fn picture(&self, frame: u64) -> Result<Option<Vec<u8>>, VideoError> {
        let at = usize::try_from(frame / self.every).unwrap_or(usize::MAX);
        let ends = self.places.get(at).zip(self.places.get(at.saturating_add(1)));
        let Some((&from, &to)) = ends.filter(|(from, to)| *to - *from <= MOST_BYTES) else {
            return Ok(None);
        };
        let path = self.path();
        let read = || -> io::Result<Vec<u8>> {
            let mut file = File::open(&path)?;
            file.seek(SeekFrom::Start(from))?;
            let mut bytes = Vec::new();
            file.take(to - from).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        read().map(Some).map_err(|source| VideoError::Io { path: path.clone(), source })
    }
}

/// Where JPEG pictures begin that lie one behind the other, and where the last ends.
fn places(bytes: &mut impl Read) -> io::Result<Vec<u64>> {
    let mut reader = Counted { bytes, at: 0 };
    let mut places = vec![0];
    loop {
        match picture(&mut reader) {
            Ok(true) => places.push(reader.at),
            Ok(false) => return Ok(places),
            // A part of a picture at the end is none.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(places),
            Err(error) => return Err(error),
        }
    }
}

struct Counted<'a, R> {
    bytes: &'a mut R,
    at: u64,
}

impl<R: Read> Counted<'_, R> {
    fn byte(&mut self) -> io::Result<u8> {
        let mut one = [0];
        self.bytes.read_exact(&mut one)?;
        self.at += 1;
        Ok(one[0])
    }

    fn skip(&mut self, count: u64) -> io::Result<()> {
        let done = io::copy(&mut self.bytes.by_ref().take(count), &mut io::sink())?;
        self.at += done;
        if done == count { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    /// The marker behind coded data: neither a stuffed byte nor a restart.
    fn marker(&mut self) -> io::Result<u8> {
        loop {
            if self.byte()? != 0xFF {
                continue;
            }
            loop {
                match self.byte()? {
                    0xFF => {}
                    0 | 0xD0..=0xD7 => break,
                    marker => return Ok(marker),
                }
            }
        }
    }
}

/// Reads one picture to its end; false where none begins.
fn picture<R: Read>(reader: &mut Counted<'_, R>) -> io::Result<bool> {
    if (reader.byte()?, reader.byte()?) != (0xFF, 0xD8) {
        return Ok(false);
    }
    // Segments say how long they are; behind a scan the next marker is looked for.
    loop {
        match reader.marker()? {
            0xD9 => return Ok(true),
            _ => {
                let length = u16::from_be_bytes([reader.byte()?, reader.byte()?]);
                reader.skip(u64::from(length.saturating_sub(2)))?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_told_apart_by_their_segments_and_not_by_bytes_within() {
        // A comment that holds an end, a scan with a stuffed byte and a restart, an end.
        let one: &[u8] = b"\xFF\xD8\xFF\xFE\0\x06\xFF\xD9\xFF\xD8\xFF\xDA\0\x03\x01ab\xFF\0c\
            \xFF\xD3d\xFF\xD9";
        let small: &[u8] = b"\xFF\xD8\xFF\xD9";
        let size = one.len() as u64;
        for (bytes, want) in [
            ([one, small, one].concat(), vec![0, size, size + 4, 2 * size + 4]),
            ([one, &one[..9]].concat(), vec![0, size]),
            ([small, b"\0\0\0"].concat(), vec![0, 4]),
            (Vec::new(), vec![0]),
        ] {
            assert_eq!(places(&mut bytes.as_slice()).unwrap(), want);
        }
    }
}
