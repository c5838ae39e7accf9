//! Images: turned once, without their place, within limits.

use image::{GenericImageView as _, ImageFormat, RgbImage};
use media::{Kind, Limits, Options, Problem, Shown, What, read_image};

use crate::made::{MARK, codes, encoded, picture, shared, take_bytes, with_exif};

fn shown(bytes: &[u8], kind: Kind) -> (media::Picture, Shown) {
    let (picture, shown) = read_image(bytes, kind, &Limits::default(), true).expect("an image");
    (picture, shown.expect("copies"))
}

/// Where a stored pixel is shown, as EXIF 2.32 has it.
fn place(orientation: u16, (x, y): (u32, u32), (width, height): (u32, u32)) -> (u32, u32) {
    let (right, down) = (width - 1 - x, height - 1 - y);
    match orientation {
        2 => (right, y),
        3 => (right, down),
        4 => (x, down),
        5 => (y, x),
        6 => (down, x),
        7 => (down, right),
        8 => (y, right),
        _ => (x, y),
    }
}

/// The image as a camera that was held so stores it.
fn stored(image: &RgbImage, orientation: u16) -> RgbImage {
    let (width, height) = image.dimensions();
    let size = if orientation >= 5 { (height, width) } else { (width, height) };
    RgbImage::from_fn(size.0, size.1, |x, y| {
        let (x, y) = place(orientation, (x, y), size);
        *image.get_pixel(x, y)
    })
}

/// The mean difference of two images in thousandths of a step.
pub(crate) fn apart(one: &RgbImage, other: &RgbImage) -> u64 {
    assert_eq!(one.dimensions(), other.dimensions());
    let sum: u64 = one
        .as_raw()
        .iter()
        .zip(other.as_raw())
        .map(|(one, other)| u64::from(one.abs_diff(*other)))
        .sum();
    sum * 1000 / one.as_raw().len() as u64
}

fn check_turned(upright: &RgbImage) {
    for orientation in 1..=8 {
        let jpeg = encoded(&stored(upright, orientation), ImageFormat::Jpeg);
        let (picture, shown) = shown(&with_exif(&jpeg, orientation), Kind::Jpeg);
        assert_eq!(u16::from(picture.orientation), orientation);
        assert_eq!((picture.width, picture.height), upright.dimensions(), "{orientation}");
        assert!(picture.located);
        let display = image::load_from_memory(&shown.display).expect("a JPEG").into_rgb8();
        let apart = apart(&display, upright);
        assert!(apart < 6_000, "orientation {orientation}: {apart} thousandths apart");
        // Whoever reads the copy turns it no second time, and learns no place.
        for bytes in [&shown.display, &shown.thumbnail] {
            for told in [MARK, b"Exif"] {
                assert!(!bytes.windows(told.len()).any(|part| part == told), "{orientation}");
            }
        }
    }
}

#[test]
fn an_image_is_turned_once_whichever_way_the_camera_was_held() {
    check_turned(&picture(64, 40));
    let Some(bccd) = shared("bccd/BCCD/JPEGImages") else { return };
    let first = std::fs::read_dir(bccd).expect("a folder").next().expect("an image");
    let bytes = std::fs::read(first.expect("an image").path()).expect("an image");
    check_turned(&image::load_from_memory(&bytes).expect("an image").into_rgb8());
}

#[test]
fn an_image_that_is_upright_is_shown_with_the_very_same_pixels() {
    let jpeg = encoded(&picture(300, 200), ImageFormat::Jpeg);
    let (picture, copies) = shown(&with_exif(&jpeg, 1), Kind::Jpeg);
    assert_eq!(copies.display, jpeg, "only what stood beside the pixels is gone");
    assert_eq!((picture.width, picture.height), (300, 200));
    let thumbnail = image::load_from_memory(&copies.thumbnail).expect("a JPEG");
    assert_eq!(thumbnail.dimensions(), (256, 171));
}

#[test]
fn every_form_is_read_and_shown() {
    let image = picture(90, 60);
    for (format, kind) in [
        (ImageFormat::Jpeg, Kind::Jpeg),
        (ImageFormat::Png, Kind::Png),
        (ImageFormat::WebP, Kind::WebP),
        (ImageFormat::Gif, Kind::Gif),
        (ImageFormat::Bmp, Kind::Bmp),
        (ImageFormat::Tiff, Kind::Tiff),
    ] {
        let bytes = encoded(&image, format);
        assert_eq!(media::sniff(&bytes), Some(kind));
        let (picture, copies) = shown(&bytes, kind);
        assert_eq!((picture.width, picture.height), (90, 60), "{format:?}");
        let display = image::load_from_memory(&copies.display).expect("a JPEG").into_rgb8();
        assert!(apart(&display, &image) < 8_000, "{format:?}: {}", apart(&display, &image));
    }
}

#[test]
fn what_shines_through_is_shown_on_white() {
    let clear = image::RgbaImage::from_pixel(8, 8, image::Rgba([200, 0, 0, 0]));
    let mut png = std::io::Cursor::new(Vec::new());
    clear.write_to(&mut png, ImageFormat::Png).expect("a PNG");
    let (_, copies) = shown(&png.into_inner(), Kind::Png);
    let display = image::load_from_memory(&copies.display).expect("a JPEG").into_rgb8();
    assert!(display.get_pixel(4, 4).0.iter().all(|colour| *colour > 250));
}

#[test]
fn a_wrong_suffix_is_told_and_the_image_taken_as_what_it_is() {
    let jpeg = encoded(&picture(64, 64), ImageFormat::Jpeg);
    let (report, kept) = take_bytes("cell.png", &jpeg, &Options::default());
    assert_eq!(codes(&report), ["wrong_suffix"]);
    assert_eq!(report.items[0].media_type, "image/jpeg");
    assert_eq!(kept.originals[0].1, jpeg, "as it was delivered");
    let (report, _) = take_bytes("page.jpg", b"<html>404</html>", &Options::default());
    assert_eq!(codes(&report), ["wrong_suffix"]);
    let images = Options { modality: Some(media::Modality::Image), ..Options::default() };
    let (report, _) = take_bytes("page.jpg", b"<html>404</html>", &images);
    assert_eq!(codes(&report), ["wrong_suffix", "other_modality"]);
    assert!(report.items.is_empty() && report.has_errors());
}

#[test]
fn the_place_stays_in_the_original_and_nowhere_else() {
    let located = with_exif(&encoded(&picture(64, 64), ImageFormat::Jpeg), 6);
    let options = Options { copies: true, ..Options::default() };
    let (report, kept) = take_bytes("a.jpg", &located, &options);
    assert_eq!(codes(&report), ["located"]);
    assert_eq!(kept.originals[0].1, located);
    for copy in kept.displays.iter().chain(&kept.thumbnails) {
        assert!(!copy.windows(MARK.len()).any(|part| part == MARK));
    }
}

/// A PNG that says it is this large, with hardly any bytes.
fn hostile(width: u32, height: u32) -> Vec<u8> {
    let mut png = encoded(&picture(2, 2), ImageFormat::Png);
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&sum.to_be_bytes());
    png
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 }
        })
    })
}

#[test]
fn limits_are_kept_before_anything_is_decoded() {
    let all = Limits::default();
    let fault = |bytes: &[u8], kind, limits| {
        read_image(bytes, kind, &limits, false).expect_err("too much").problem
    };
    let (width, height) = (60_000, 60_000);
    let limit = all.pixels;
    let want = Problem::TooManyPixels { width, height, limit };
    assert_eq!(fault(&hostile(width, height), Kind::Png, all), want);
    let (width, height, limit) = (2_000_000, 1, 65_500);
    let want = Problem::TooManyPixels { width, height, limit };
    assert_eq!(fault(&hostile(width, height), Kind::Png, all), want);
    let jpeg = encoded(&picture(64, 64), ImageFormat::Jpeg);
    let few = Limits { pixels: 64 * 63, ..all };
    assert!(matches!(fault(&jpeg, Kind::Jpeg, few), Problem::TooManyPixels { .. }));
    let little = Limits { memory: 64 * 64 * 3 - 1, ..all };
    assert!(matches!(fault(&jpeg, Kind::Jpeg, little), Problem::TooMuchMemory { .. }));
    let small = Limits { image_bytes: 100, ..all };
    assert!(matches!(fault(&jpeg, Kind::Jpeg, small), Problem::TooLarge { .. }));
    let exact = Limits { pixels: 64 * 64, image_bytes: jpeg.len() as u64, ..all };
    assert!(read_image(&jpeg, Kind::Jpeg, &exact, false).is_ok());
}

#[test]
fn the_same_image_in_another_size_and_quality_is_found_to_be_near() {
    let image = image::DynamicImage::ImageRgb8(picture(400, 300));
    let small = image.resize_exact(200, 150, image::imageops::FilterType::Lanczos3);
    let folder = tempfile::tempdir().expect("a folder");
    let other = RgbImage::from_fn(200, 200, |x, y| {
        image::Rgb([if (x / 30 + y / 30) % 2 == 0 { 255 } else { 0 }; 3])
    });
    for (name, image) in [("a.jpg", image.to_rgb8()), ("b.jpg", small.to_rgb8()), ("c.jpg", other)]
    {
        let bytes = encoded(&image, ImageFormat::Jpeg);
        std::fs::write(folder.path().join(name), bytes).expect("a file");
    }
    let same = std::fs::read(folder.path().join("a.jpg")).expect("a file");
    std::fs::write(folder.path().join("d.jpg"), same).expect("a file");
    let (report, _) = crate::made::take(folder.path(), &Options::default());
    assert_eq!(report.near, [["a.jpg", "b.jpg"]]);
    assert_eq!(report.duplicates.len(), 1);
    assert_eq!((&*report.duplicates[0].name, &*report.duplicates[0].of), ("d.jpg", "a.jpg"));
    assert_eq!(report.items.len(), 3);
    assert!(matches!(report.items[1].what, What::Image(picture) if picture.width == 200));
}

#[test]
fn of_an_animation_the_first_picture_is_taken_and_that_is_told() {
    let mut gif = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut gif);
    encoder.set_repeat(image::codecs::gif::Repeat::Infinite).expect("a GIF");
    for at in [20, 40] {
        let frame = image::DynamicImage::ImageRgb8(picture(at, 20)).into_rgba8();
        encoder.encode_frame(image::Frame::new(frame)).expect("a frame");
    }
    drop(encoder);
    let (report, _) = take_bytes("a.gif", &gif, &Options::default());
    assert_eq!((codes(&report), report.items.len()), (vec!["several"], 1));
}
