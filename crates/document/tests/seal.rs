//! Pictures of seals: which files are taken, and how they stand on the page.

use std::io::Cursor;
use std::path::Path;
use std::process::Command;

use contract::terms::Side;
use document::draft::{
    Edition, PictureError, PictureFormat, Seal, SealPicture, draft, pdf, text_pdf,
};
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};

use crate::sample;

const RED: [u8; 3] = [200, 16, 24];

/// A red ring on nothing.
fn ring(width: u32, height: u32) -> DynamicImage {
    let pixel = |x: u32, y: u32| {
        let (x, y) = (i64::from(2 * x) - i64::from(width), i64::from(2 * y) - i64::from(height));
        let (outer, from) = (i64::from(width.min(height)), x * x + y * y);
        let inside = (outer * outer * 3 / 4..outer * outer).contains(&from);
        Rgba(if inside { [RED[0], RED[1], RED[2], 255] } else { [255, 255, 255, 0] })
    };
    RgbaImage::from_fn(width, height, pixel).into()
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    ring(width, height).write_to(&mut bytes, ImageFormat::Png).expect("a PNG");
    bytes.into_inner()
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let flat = ring(width, height).into_rgb8();
    flat.write_to(&mut bytes, ImageFormat::Jpeg).expect("a JPEG");
    bytes.into_inner()
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 * (crc & 1)))
    })
}

/// A PNG that says it has so many pixels, and has 8 x 8.
fn claiming(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png(8, 8);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

fn check(bytes: &[u8], expected: &str) {
    match SealPicture::read(bytes) {
        Ok(picture) => panic!("{expected}: taken as {:?}", picture.dimensions()),
        Err(error) => {
            let said = format!("{error:?}");
            assert!(said.starts_with(expected), "{said} is not {expected}");
        }
    }
}

#[test]
fn a_picture_is_known_by_its_content() {
    let rows: [(Vec<u8>, PictureFormat, (u32, u32)); 3] = [
        (png(64, 64), PictureFormat::Png, (64, 64)),
        (png(2048, 2048), PictureFormat::Png, (2048, 2048)),
        (jpeg(80, 40), PictureFormat::Jpeg, (80, 40)),
    ];
    for (bytes, format, dimensions) in rows {
        let picture = SealPicture::read(&bytes).expect("a picture");
        assert_eq!((picture.format(), picture.dimensions()), (format, dimensions));
        let pixels = usize::try_from(dimensions.0 * dimensions.1).expect("small");
        assert_eq!(picture.rgba().len(), 4 * pixels);
    }
}

#[test]
fn what_is_no_picture_of_a_seal_is_refused_by_name() {
    let whole = png(64, 64);
    let torn = [&whole[..60], &whole[whole.len() - 12..]].concat();
    let mut flipped = whole.clone();
    flipped[50] ^= 1;
    let behind = [whole.as_slice(), b"PK\x03\x04"].concat();
    let photograph = jpeg(64, 64);
    check(b"", "NotAPicture");
    check(b"%PDF-1.7", "NotAPicture");
    check(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "NotAPicture");
    check(b"GIF89a", "NotAPicture");
    check(b"\x89PNG\r\n\x1a\n", "Ending");
    check(&whole[..whole.len() / 2], "Ending");
    check(&whole[..whole.len() - 1], "Ending");
    check(&behind, "Ending");
    check(&photograph[..photograph.len() / 2], "Ending");
    check(&torn, "Damaged");
    check(&flipped, "Damaged");
    check(b"\xff\xd8\xff\xd9", "Damaged");
    check(&claiming(u32::MAX, u32::MAX), "Dimensions");
    check(&claiming(0x7fff_ffff, 0x7fff_ffff), "Dimensions");
    check(&claiming(65_535, 64), "Dimensions");
    check(&claiming(4097, 1), "Dimensions");
    check(&claiming(4096, 1025), "Dimensions");
    check(&claiming(0, 8), "Dimensions");
    check(&vec![0; (2 << 20) + 1], "TooLarge");
    let limits = SealPicture::read(&vec![0; (2 << 20) + 1]).expect_err("too large");
    assert_eq!(limits, PictureError::TooLarge { size: (2 << 20) + 1, limit: 2 << 20 });
}

/// Any bytes get an answer.
#[test]
fn no_change_of_one_byte_makes_a_reader_fail() {
    for whole in [png(12, 9), jpeg(12, 9)] {
        for at in 0..whole.len() {
            for bit in [0x01, 0x80] {
                let mut changed = whole.clone();
                changed[at] ^= bit;
                if let Ok(picture) = SealPicture::read(&changed) {
                    let (width, height) = picture.dimensions();
                    assert_eq!(picture.rgba().len() as u64, 4 * u64::from(width * height));
                }
            }
        }
    }
}

fn seals(count: usize) -> Vec<Seal> {
    let picture = |bytes: &[u8]| SealPicture::read(bytes).expect("a picture");
    let all = [
        (Side::Vendor, "Blue Lake GmbH", jpeg(400, 160)),
        (Side::Customer, "华东云算有限公司", png(300, 300)),
    ];
    let seal = |(side, party, bytes): (Side, &str, Vec<u8>)| Seal {
        side,
        party: party.to_owned(),
        picture: picture(&bytes),
    };
    all.into_iter().take(count).map(seal).collect()
}

fn tool(folder: &Path, name: &str, arguments: &[&str]) -> Option<()> {
    let run = Command::new(name).args(arguments).current_dir(folder).output();
    let Ok(run) = run else {
        println!("skipped: {name} is not installed (poppler-utils)");
        return None;
    };
    assert!(run.status.success(), "{name}: {}", String::from_utf8_lossy(&run.stderr));
    Some(())
}

/// How many pixels of the last page are of the colour of the ring.
fn red_on(folder: &Path) -> Option<usize> {
    tool(folder, "pdftoppm", &["-r", "60", "-png", "page.pdf", "page"])?;
    let pages = std::fs::read_dir(folder).expect("a folder").filter_map(Result::ok);
    let pages =
        pages.map(|page| page.path()).filter(|page| page.extension() == Some("png".as_ref()));
    let last = pages.max().expect("a page");
    let page = image::open(last).expect("a page").into_rgb8();
    let near = |pixel: &&image::Rgb<u8>| {
        pixel.0.iter().zip(RED).all(|(have, want)| have.abs_diff(want) < 40)
    };
    Some(page.pixels().filter(near).count())
}

#[test]
fn the_page_shows_the_picture_and_says_in_both_languages_that_it_is_no_signature() {
    let agreement = sample::agreement("lease");
    let drafted = draft(&agreement, Edition::Bilingual).expect("a wording");
    for count in [0, 1, 2] {
        let seals = seals(count);
        let bytes = pdf(&drafted, &seals).expect("it is printed");
        assert!(bytes == pdf(&drafted, &seals).expect("it is printed"), "two prints differ");
        let text = text_pdf(&drafted, "第一条 服务\nArticle 1 Service", &seals);
        for (name, bytes) in [("draft", bytes), ("text", text.expect("it is printed"))] {
            let folder = tempfile::tempdir().expect("a folder");
            let at = |name: &str| folder.path().join(name);
            std::fs::write(at("page.pdf"), &bytes).expect("written");
            if let Some(keep) = std::env::var_os("KEEP_DRAFT") {
                let kept = Path::new(&keep).join(format!("seals-{name}-{count}.pdf"));
                std::fs::write(kept, &bytes).expect("written");
            }
            let Some(()) = tool(folder.path(), "pdftotext", &["page.pdf", "text"]) else { return };
            let read = std::fs::read_to_string(at("text")).expect("text");
            let dense: String = read.split_whitespace().collect();
            assert_eq!(dense.matches("电子印章图样。仅为图像，不是电子签名").count(), count);
            assert_eq!(dense.matches("Itisanimageonly,nosignature").count(), count);
            for seal in &seals {
                let party: String = seal.party.split_whitespace().collect();
                assert!(dense.contains(&format!("{party}的电子印章图样")), "{party}");
            }
            let Some(red) = red_on(folder.path()) else { return };
            let (least, most) = if count == 0 { (0, 0) } else { (count * 150, usize::MAX) };
            assert!((least..=most).contains(&red), "{name} {count}: {red} red pixels");
        }
    }
}
