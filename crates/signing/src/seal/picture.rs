//! The picture of a seal on a page. It proves nothing, and its description says so to whoever
//! cannot see it and to whoever points at it; the words are the caller's.

use std::io::Write as _;

use crate::pdf::{Object, Update};

/// The most pixels.
const MOST_PIXELS: usize = 4 << 20;
/// Points of a page between a picture and its edges.
const MARGIN: i32 = 36;

/// A picture, by its pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    width: usize,
    height: usize,
    /// Red, green, blue, alpha for each pixel, from the top.
    rgba: Vec<u8>,
}

/// Where a picture stands on a page, by its lower corner, in points of 1/72 inch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Corner {
    /// On the last page, or on the first.
    pub last_page: bool,
    /// From the left edge of the page.
    pub left: u16,
    /// From the lower edge of the page.
    pub bottom: u16,
    /// How wide it is shown; its height follows.
    pub width: u16,
}

/// Why pixels are no picture of a seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// No pixels, or more than 4,194,304.
    #[error("a picture has 1 to 4,194,304 pixels")]
    Pixels,
    /// Not four bytes for each pixel.
    #[error("{have} bytes for a picture that needs {want}")]
    Length {
        /// Bytes given.
        have: usize,
        /// Bytes needed.
        want: usize,
    },
}

impl Picture {
    /// From pixels of four bytes: red, green, blue and alpha, from the top left.
    ///
    /// # Errors
    /// When the bytes are not those of so many pixels.
    pub fn new(width: usize, height: usize, rgba: Vec<u8>) -> Result<Self, PictureError> {
        let pixels = width.checked_mul(height).filter(|pixels| (1..=MOST_PIXELS).contains(pixels));
        let want = pixels.ok_or(PictureError::Pixels)? * 4;
        match rgba.len() {
            have if have == want => Ok(Self { width, height, rgba }),
            have => Err(PictureError::Length { have, want }),
        }
    }

    /// How high it is shown where it is `width` points wide.
    pub(super) fn height(&self, width: u16) -> i32 {
        let height = usize::from(width) * self.height / self.width;
        i32::try_from(height.max(1)).unwrap_or(i32::MAX)
    }

    /// Writes the picture as the look of a field; its number comes back.
    pub(super) fn write(&self, update: &mut Update<'_>, (width, height): (i32, i32)) -> u32 {
        let (form, colours, alpha) = (update.number(), update.number(), update.number());
        let image = |space: &str| {
            let number = |number: usize| Object::plain(number.to_string());
            vec![
                (b"Type".to_vec(), Object::name("XObject")),
                (b"Subtype".to_vec(), Object::name("Image")),
                (b"Width".to_vec(), number(self.width)),
                (b"Height".to_vec(), number(self.height)),
                (b"ColorSpace".to_vec(), Object::name(space)),
                (b"BitsPerComponent".to_vec(), number(8)),
                (b"Filter".to_vec(), Object::name("FlateDecode")),
            ]
        };
        let bytes = self.rgba.chunks_exact(4).flat_map(|pixel| pixel[..3].iter().copied());
        let mut entries = image("DeviceRGB");
        entries.push((b"SMask".to_vec(), Object::Reference(alpha, 0)));
        update.put_stream(colours, entries, &deflate(&bytes.collect::<Vec<u8>>()));
        let bytes: Vec<u8> = self.rgba.chunks_exact(4).map(|pixel| pixel[3]).collect();
        update.put_stream(alpha, image("DeviceGray"), &deflate(&bytes));
        let names = vec![(b"Seal".to_vec(), Object::Reference(colours, 0))];
        let resources = vec![(b"XObject".to_vec(), Object::Dictionary(names))];
        let bounds = [0, 0, width, height].map(|side| Object::plain(side.to_string()));
        let entries = vec![
            (b"Type".to_vec(), Object::name("XObject")),
            (b"Subtype".to_vec(), Object::name("Form")),
            (b"BBox".to_vec(), Object::Array(bounds.to_vec())),
            (b"Resources".to_vec(), Object::Dictionary(resources)),
        ];
        let drawing = format!("q {width} 0 0 {height} 0 0 cm /Seal Do Q");
        update.put_stream(form, entries, drawing.as_bytes());
        form
    }
}

impl Corner {
    /// At the lower left of the last page, 120 points wide.
    #[must_use]
    pub fn last_page() -> Self {
        let edge = u16::try_from(MARGIN).expect("a margin is small");
        Self { last_page: true, left: edge, bottom: edge, width: 120 }
    }
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.expect("a vector takes every byte")
}
