//! An image of a file: decoded within limits, turned once as EXIF says, fingerprinted; and the
//! copies that are shown, which hold nothing but pixels and colours.
//!
//! Labels are made on the image as it is shown, so its width and height here are those after the
//! turn. The original stays as it was delivered.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::codecs::jpeg::JpegEncoder;
use image::error::ImageError;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder as _, ImageFormat, ImageReader,
    RgbImage,
};
use serde::Serialize;

use crate::exif::{locates, pages, xmp_locates};
use crate::finding::Problem;
use crate::jpeg;
use crate::kind::{Kind, sniff};
use crate::limits::Limits;
use crate::near::Fingerprint;

/// Quality of a shown copy that had to be encoded anew.
const QUALITY: u8 = 92;
/// Quality of a thumbnail.
const SMALL_QUALITY: u8 = 80;
/// Pixels of the longer side of a thumbnail.
const SMALL: u32 = 256;
/// Bytes of a colour profile that is kept.
const PROFILE: usize = 1 << 20;

/// What an image is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Picture {
    /// Pixels across, as shown.
    pub width: u32,
    /// Pixels down, as shown.
    pub height: u32,
    /// How the stored image is turned to be shown, as EXIF numbers it: 1 (not at all) to 8.
    pub orientation: u8,
    /// Whether the file says where it was taken.
    pub located: bool,
    /// Whether the file has more pictures than the first, which is shown.
    pub several: bool,
    /// How it looks.
    pub fingerprint: Fingerprint,
}

/// The copies that are shown, as JPEG.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Of full size.
    pub display: Vec<u8>,
    /// At most 256 pixels across and down.
    pub thumbnail: Vec<u8>,
}

/// The pixels of an image as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pixels {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Row by row, three bytes a pixel: red, green, blue.
    pub rgb: Vec<u8>,
}

/// Why an image was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub problem: Problem,
    /// The byte at which it shows.
    pub byte: Option<u64>,
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self { problem, byte: None }
    }
}

/// What was written beside the pixels.
struct Beside {
    orientation: Orientation,
    located: bool,
    profile: Option<Vec<u8>>,
}

/// Reads an image whole; makes the copies that are shown where they are asked for.
///
/// # Errors
/// When it is no image of `kind`, is cut short or broken, or passes a limit.
pub fn read_image(
    bytes: &[u8],
    kind: Kind,
    limits: &Limits,
    copies: bool,
) -> Result<(Picture, Option<Shown>), Fault> {
    let size = bytes.len() as u64;
    if size > limits.image_bytes {
        return Err(Problem::TooLarge { bytes: size, limit: limits.image_bytes }.into());
    }
    let format = format(kind).ok_or(Problem::NotTaken { kind })?;
    let walk = match kind {
        Kind::Jpeg => Some(
            jpeg::walk(bytes)
                .map_err(|byte| Fault { problem: Problem::Truncated, byte: Some(byte as u64) })?,
        ),
        _ => None,
    };
    // A decoder that meets a case it forgot ends this file and no other.
    let (mut image, beside) = caught(|| decode(bytes, format, limits))?;
    let located = beside.located || (kind == Kind::Tiff && locates(bytes));
    image.apply_orientation(beside.orientation);
    let (width, height) = (image.width(), image.height());
    let image = opaque(image);
    let small =
        if width.max(height) > SMALL { image.thumbnail(SMALL, SMALL) } else { image.clone() };
    let grey = small.resize_exact(9, 8, FilterType::Triangle).to_luma8();
    let fingerprint = Fingerprint::of(grey.as_raw());
    let orientation = beside.orientation.to_exif();
    let several = several(bytes, kind);
    let picture = Picture { width, height, orientation, located, several, fingerprint };
    if !copies {
        return Ok((picture, None));
    }
    let display = match walk {
        // Nothing is to be turned: the same pixels without what stands beside them.
        Some(walk) if orientation == 1 && matches!(walk.components, 1 | 3) => walk.stripped(bytes),
        _ => encode(&image, QUALITY, beside.profile)?,
    };
    let thumbnail = encode(&small, SMALL_QUALITY, None)?;
    Ok((picture, Some(Shown { display, thumbnail })))
}

/// Reads the pixels of an image of any kind that is taken, turned as EXIF says; of several pictures
/// the first, on white where something shone through.
///
/// # Errors
/// When it is no image, is cut short or broken, or passes a limit.
pub fn read_pixels(bytes: &[u8], limits: &Limits) -> Result<Pixels, Fault> {
    read_located(bytes, limits).map(|(pixels, _)| pixels)
}

/// The same, and whether the file says where the image was taken.
///
/// # Errors
/// When it is no image, is cut short or broken, or passes a limit.
pub fn read_located(bytes: &[u8], limits: &Limits) -> Result<(Pixels, bool), Fault> {
    let size = bytes.len() as u64;
    if size > limits.image_bytes {
        return Err(Problem::TooLarge { bytes: size, limit: limits.image_bytes }.into());
    }
    let kind = sniff(bytes).ok_or(Problem::Unknown)?;
    let format = format(kind).ok_or(Problem::NotTaken { kind })?;
    if kind == Kind::Jpeg {
        jpeg::walk(bytes)
            .map_err(|byte| Fault { problem: Problem::Truncated, byte: Some(byte as u64) })?;
    }
    let (mut image, beside) = caught(|| decode(bytes, format, limits))?;
    image.apply_orientation(beside.orientation);
    let located = beside.located || (kind == Kind::Tiff && locates(bytes));
    let rgb = opaque(image).into_rgb8();
    Ok((Pixels { width: rgb.width(), height: rgb.height(), rgb: rgb.into_raw() }, located))
}

/// Pixels as a JPEG file.
///
/// # Errors
/// When the pixels are not as many as their extents say.
pub fn write_jpeg(pixels: &Pixels) -> Result<Vec<u8>, Problem> {
    encode(&whole(pixels)?, QUALITY, None)
}

/// Pixels as a PNG file.
///
/// # Errors
/// When the pixels are not as many as their extents say.
pub fn write_png(pixels: &Pixels) -> Result<Vec<u8>, Problem> {
    let mut out = Cursor::new(Vec::new());
    let written = whole(pixels)?.write_to(&mut out, ImageFormat::Png);
    written.map_err(|error| Problem::Corrupt { said: error.to_string() })?;
    Ok(out.into_inner())
}

fn whole(pixels: &Pixels) -> Result<DynamicImage, Problem> {
    let Pixels { width, height, rgb } = pixels;
    let image = RgbImage::from_raw(*width, *height, rgb.clone());
    let said = format!("{} bytes for {width} x {height} pixels", rgb.len());
    image.map(DynamicImage::ImageRgb8).ok_or(Problem::Corrupt { said })
}

/// Whether a file is an animation or has pages, as its first bytes tell.
fn several(bytes: &[u8], kind: Kind) -> bool {
    let head = &bytes[..bytes.len().min(4096)];
    let says = |word: &[u8]| head.windows(word.len()).any(|part| part == word);
    match kind {
        Kind::WebP => {
            head.get(12..16) == Some(b"VP8X") && head.get(20).is_some_and(|bits| bits & 2 != 0)
        }
        Kind::Png => says(b"acTL"),
        Kind::Gif => says(b"NETSCAPE2.0"),
        Kind::Tiff => pages(bytes),
        _ => false,
    }
}

const fn format(kind: Kind) -> Option<ImageFormat> {
    Some(match kind {
        Kind::Jpeg => ImageFormat::Jpeg,
        Kind::Png => ImageFormat::Png,
        Kind::WebP => ImageFormat::WebP,
        Kind::Gif => ImageFormat::Gif,
        Kind::Bmp => ImageFormat::Bmp,
        Kind::Tiff => ImageFormat::Tiff,
        _ => return None,
    })
}

fn caught<T>(decode: impl FnOnce() -> Result<T, Problem>) -> Result<T, Problem> {
    catch_unwind(AssertUnwindSafe(decode))
        .unwrap_or_else(|_| Err(Problem::Corrupt { said: "the decoder gave up".to_owned() }))
}

fn decode(
    bytes: &[u8],
    format: ImageFormat,
    limits: &Limits,
) -> Result<(DynamicImage, Beside), Problem> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut memory = image::Limits::no_limits();
    memory.max_alloc = Some(limits.memory);
    reader.limits(memory);
    let failed = |error| problem(&error, limits);
    let mut decoder = reader.into_decoder().map_err(failed)?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(Problem::Corrupt { said: format!("{width} x {height} pixels") });
    }
    let pixels = u64::from(width) * u64::from(height);
    if pixels > limits.pixels || width.max(height) > limits.side {
        let side = width.max(height) > limits.side;
        let limit = if side { u64::from(limits.side) } else { limits.pixels };
        return Err(Problem::TooManyPixels { width, height, limit });
    }
    let memory = decoder.total_bytes();
    if memory > limits.memory {
        return Err(Problem::TooMuchMemory { bytes: memory, limit: limits.memory });
    }
    // Metadata that cannot be read turns nothing and places nothing; the pixels stand.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let exif = decoder.exif_metadata().ok().flatten();
    let xmp = decoder.xmp_metadata().ok().flatten();
    let located =
        exif.is_some_and(|exif| locates(&exif)) || xmp.is_some_and(|xmp| xmp_locates(&xmp));
    let profile = decoder.icc_profile().ok().flatten();
    let profile = profile.filter(|profile| {
        profile.len() <= PROFILE && profile.get(16..20).is_some_and(|space| space == b"RGB ")
    });
    let image = DynamicImage::from_decoder(decoder).map_err(failed)?;
    Ok((image, Beside { orientation, located, profile }))
}

fn problem(error: &ImageError, limits: &Limits) -> Problem {
    match error {
        ImageError::Limits(_) => {
            Problem::TooMuchMemory { bytes: limits.memory, limit: limits.memory }
        }
        ImageError::Unsupported(what) => Problem::Unsupported { said: what.to_string() },
        ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            Problem::Truncated
        }
        other => Problem::Corrupt { said: other.to_string() },
    }
}

/// Eight bits a colour, on white where something shone through.
fn opaque(image: DynamicImage) -> DynamicImage {
    match image {
        DynamicImage::ImageRgb8(_) | DynamicImage::ImageLuma8(_) => image,
        image if !image.color().has_alpha() => {
            if image.color().has_color() {
                DynamicImage::ImageRgb8(image.into_rgb8())
            } else {
                DynamicImage::ImageLuma8(image.into_luma8())
            }
        }
        image => {
            let mut image = image.into_rgba8();
            for pixel in image.pixels_mut() {
                let [colours @ .., alpha] = &mut pixel.0;
                let alpha = u32::from(*alpha);
                for colour in colours {
                    let mixed = u32::from(*colour) * alpha + 255 * (255 - alpha);
                    *colour = u8::try_from((mixed + 127) / 255).unwrap_or(u8::MAX);
                }
            }
            DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(image).into_rgb8())
        }
    }
}

fn encode(image: &DynamicImage, quality: u8, profile: Option<Vec<u8>>) -> Result<Vec<u8>, Problem> {
    let mut out = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut out, quality);
    if let (Some(profile), true) = (profile, image.color().has_color()) {
        // A form that cannot hold a profile is shown without one.
        let _kept = encoder.set_icc_profile(profile);
    }
    let colours = match image {
        DynamicImage::ImageLuma8(_) => ExtendedColorType::L8,
        _ => ExtendedColorType::Rgb8,
    };
    let written = encoder.write_image(image.as_bytes(), image.width(), image.height(), colours);
    written.map_err(|error| Problem::Corrupt { said: error.to_string() })?;
    Ok(out)
}
