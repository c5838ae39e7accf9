//! The picture of a party's seal: taken from a file by its content, within limits, and put on the
//! page above words that say what it is. Serves train-11.1, class-5.1. A picture proves nothing:
//! what was signed is in the signatures. Does not know whose seal a picture shows.

use std::io::Cursor;

use contract::terms::Side;
use image::{DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits};

/// The most bytes of a file.
const MOST_BYTES: usize = 2 << 20;
/// The most pixels on one side.
const MOST_SIDE: u32 = 4096;
/// The most pixels.
const MOST_PIXELS: u64 = 4 << 20;
/// The most bytes that a decoder may hold: four samples of 16 bits for each pixel, and its own.
const MOST_HELD: u64 = 64 << 20;

const PNG_BEGINS: &[u8] = b"\x89PNG\r\n\x1a\n";
const PNG_ENDS: &[u8] = b"\0\0\0\0IEND\xae\x42\x60\x82";
const JPEG_BEGINS: &[u8] = b"\xff\xd8\xff";
const JPEG_ENDS: &[u8] = b"\xff\xd9";

/// The format of a picture, as its content shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFormat {
    /// PNG, by its signature.
    Png,
    /// JPEG, by its first marker.
    Jpeg,
}

/// A picture of a seal, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealPicture {
    format: PictureFormat,
    width: u32,
    height: u32,
    /// Red, green, blue, alpha for each pixel, from the top left.
    rgba: Vec<u8>,
}

/// A picture on the page of a draft, and whose seal it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// The side of the party: where it signs, its picture stands.
    pub side: Side,
    /// The name of the party.
    pub party: String,
    /// The picture.
    pub picture: SealPicture,
}

/// Why a file is no picture of a seal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// More bytes than a picture of a seal needs.
    #[error("the picture has {size} bytes; {limit} at most")]
    TooLarge {
        /// How many it has.
        size: usize,
        /// How many it may have.
        limit: usize,
    },
    /// Its first bytes are those of neither format.
    #[error("neither PNG nor JPEG, by its content")]
    NotAPicture,
    /// It does not end where a picture of its format ends: cut short, or something stands behind.
    #[error("the picture is cut short, or something stands behind its end")]
    Ending,
    /// Too many pixels, or none.
    #[error("the picture has {width} x {height} pixels; {side} a side and {pixels} in all at most")]
    Dimensions {
        /// Pixels from left to right.
        width: u32,
        /// Pixels from top to bottom.
        height: u32,
        /// The most a side.
        side: u32,
        /// The most in all.
        pixels: u64,
    },
    /// It cannot be decoded.
    #[error("the picture is damaged: {reason}")]
    Damaged {
        /// What the decoder said.
        reason: String,
    },
}

impl PictureFormat {
    /// How files of this format end.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
        }
    }

    /// The media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }
}

impl SealPicture {
    /// Reads a file. Its dimensions are looked at before anything is decoded.
    ///
    /// # Errors
    /// When it is no picture within the limits.
    pub fn read(bytes: &[u8]) -> Result<Self, PictureError> {
        if bytes.len() > MOST_BYTES {
            return Err(PictureError::TooLarge { size: bytes.len(), limit: MOST_BYTES });
        }
        let (format, ends, known) = if bytes.starts_with(PNG_BEGINS) {
            (PictureFormat::Png, PNG_ENDS, ImageFormat::Png)
        } else if bytes.starts_with(JPEG_BEGINS) {
            (PictureFormat::Jpeg, JPEG_ENDS, ImageFormat::Jpeg)
        } else {
            return Err(PictureError::NotAPicture);
        };
        if !bytes.ends_with(ends) {
            return Err(PictureError::Ending);
        }
        if let (PictureFormat::Png, Some(stated)) = (format, stated(bytes)) {
            within(stated)?;
        }
        let mut limits = Limits::default();
        limits.max_alloc = Some(MOST_HELD);
        let mut reader = ImageReader::with_format(Cursor::new(bytes), known);
        reader.limits(limits);
        let decoder = reader.into_decoder().map_err(|error| damaged(&error))?;
        let (width, height) = decoder.dimensions();
        within((width, height))?;
        let decoded = DynamicImage::from_decoder(decoder).map_err(|error| damaged(&error))?;
        Ok(Self { format, width, height, rgba: decoded.into_rgba8().into_raw() })
    }

    /// Its format.
    #[must_use]
    pub const fn format(&self) -> PictureFormat {
        self.format
    }

    /// Pixels from left to right and from top to bottom.
    #[must_use]
    pub const fn dimensions(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// Red, green, blue and alpha of each pixel, from the top left.
    #[must_use]
    pub fn rgba(&self) -> &[u8] {
        &self.rgba
    }
}

/// The dimensions that the first chunk of a PNG states; a decoder stops at large ones with less.
fn stated(bytes: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| {
        let four = bytes.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_be_bytes(four))
    };
    Some((number(16)?, number(20)?))
}

fn within((width, height): (u32, u32)) -> Result<(), PictureError> {
    let small = width <= MOST_SIDE && height <= MOST_SIDE;
    if small && (1..=MOST_PIXELS).contains(&(u64::from(width) * u64::from(height))) {
        return Ok(());
    }
    let (side, pixels) = (MOST_SIDE, MOST_PIXELS);
    Err(PictureError::Dimensions { width, height, side, pixels })
}

fn damaged(error: &ImageError) -> PictureError {
    PictureError::Damaged { reason: error.to_string() }
}
