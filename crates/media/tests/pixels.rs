//! What a classifier sees: pixels turned, in three colours of eight bits, whatever the file has.

use image::{DynamicImage, ImageBuffer, ImageFormat, Rgb, RgbImage};
use media::{Limits, Pixels, read_pixels};

use crate::images::apart;
use crate::made::{encoded, picture, with_exif};

/// 48 by 32 pixels in cyan, magenta, yellow and black, as Adobe stores them (the values turned
/// about): red grows to the right, green downwards, blue is 120.
const CMYK: &[u8] = include_bytes!("cmyk.jpg");

/// The pixels of a file.
fn pixels(bytes: &[u8]) -> RgbImage {
    let Pixels { width, height, rgb } = read_pixels(bytes, &Limits::default()).expect("an image");
    RgbImage::from_raw(width, height, rgb).expect("three bytes a pixel")
}

#[test]
fn four_colours_of_print_become_three() {
    let want = RgbImage::from_fn(48, 32, |x, y| {
        let byte = |value: u32| u8::try_from(value).expect("a byte");
        Rgb([byte(x * 255 / 48), byte(y * 255 / 32), 120])
    });
    let apart = apart(&pixels(CMYK), &want);
    assert!(apart < 2_000, "{apart} thousandths apart");
}

#[test]
fn sixteen_bits_become_eight() {
    let want = picture(40, 30);
    let deep = ImageBuffer::<Rgb<u16>, Vec<u16>>::from_fn(40, 30, |x, y| {
        Rgb(want.get_pixel(x, y).0.map(|value| u16::from(value) * 257))
    });
    let mut png = std::io::Cursor::new(Vec::new());
    DynamicImage::ImageRgb16(deep).write_to(&mut png, ImageFormat::Png).expect("a PNG");
    assert_eq!(apart(&pixels(&png.into_inner()), &want), 0);
}

#[test]
fn an_image_is_seen_as_it_is_shown() {
    let upright = picture(64, 40);
    let turned = image::imageops::rotate270(&upright);
    let jpeg = with_exif(&encoded(&turned, ImageFormat::Jpeg), 6);
    let apart = apart(&pixels(&jpeg), &upright);
    assert!(apart < 6_000, "{apart} thousandths apart");
}

#[test]
fn of_an_animation_the_first_picture_is_seen() {
    let mut gif = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut gif);
    for colour in [[0, 0, 255], [255, 0, 0]] {
        let frame = RgbImage::from_pixel(8, 8, Rgb(colour));
        let frame = DynamicImage::ImageRgb8(frame).into_rgba8();
        encoder.encode_frame(image::Frame::new(frame)).expect("a frame");
    }
    drop(encoder);
    assert_eq!(apart(&pixels(&gif), &RgbImage::from_pixel(8, 8, Rgb([0, 0, 255]))), 0);
}
