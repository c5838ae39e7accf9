//! Damage: whatever bytes come, an answer comes, and it is no panic.

use image::ImageFormat;
use media::{Kind, Limits, Options, Problem, read_image};
use proptest::prelude::*;

use crate::made::{codes, encoded, picture, shared, take_bytes, tarred, with_exif, zipped};

const FORMATS: [(ImageFormat, Kind); 6] = [
    (ImageFormat::Jpeg, Kind::Jpeg),
    (ImageFormat::Png, Kind::Png),
    (ImageFormat::WebP, Kind::WebP),
    (ImageFormat::Gif, Kind::Gif),
    (ImageFormat::Bmp, Kind::Bmp),
    (ImageFormat::Tiff, Kind::Tiff),
];

#[test]
fn an_image_that_is_cut_short_is_never_taken() {
    let image = picture(120, 80);
    for (format, kind) in FORMATS {
        let bytes = encoded(&image, format);
        // What ends a TIFF or a BMP may be padding; what ends a PNG or a GIF is a mark alone.
        let most = bytes.len() * 9 / 10;
        for cut in (8..most).step_by(most / 40 + 1) {
            let read = read_image(&bytes[..cut], kind, &Limits::default(), true);
            assert!(read.is_err(), "{format:?} cut to {cut} of {}", bytes.len());
        }
    }
    let jpeg = encoded(&image, ImageFormat::Jpeg);
    let cut = jpeg.len() - 3;
    let fault = read_image(&jpeg[..cut], Kind::Jpeg, &Limits::default(), true).expect_err("cut");
    assert_eq!((fault.problem, fault.byte), (Problem::Truncated, Some(cut as u64)));
}

#[test]
fn one_bad_image_costs_no_other() {
    let jpeg = encoded(&picture(64, 64), ImageFormat::Jpeg);
    let png = encoded(&picture(64, 64), ImageFormat::Png);
    let files: [(&str, &[u8]); 4] = [
        ("a.jpg", &jpeg),
        ("b.jpg", &jpeg[..jpeg.len() / 2]),
        ("c.png", &png[..png.len() / 2]),
        ("d.png", &png),
    ];
    let (report, _) = take_bytes("all.zip", &zipped(&files), &Options::default());
    let names: Vec<&str> = report.items.iter().map(|item| item.name.as_str()).collect();
    assert_eq!(names, ["a.jpg", "d.png"]);
    assert_eq!(report.findings[0].place.file, "all.zip!b.jpg");
    assert_eq!(report.findings[0].place.byte, Some(jpeg.len() as u64 / 2));
    assert_eq!(report.findings.len(), 2);
}

#[test]
fn real_images_with_damage_end_in_an_answer() {
    let Some(folder) = shared("bccd/BCCD/JPEGImages") else { return };
    let mut seed = 11_u64;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).expect("it fits") % below
    };
    for entry in std::fs::read_dir(folder).expect("a folder").take(20) {
        let whole = std::fs::read(entry.expect("an image").path()).expect("an image");
        for _ in 0..3 {
            let mut bytes = whole.clone();
            for _ in 0..=next(30) {
                let most = if next(2) == 0 { 1_000 } else { bytes.len() };
                let at = next(most);
                bytes[at] = u8::try_from(next(256)).expect("a byte");
            }
            let kind = media::sniff(&bytes).unwrap_or(Kind::Jpeg);
            let _answer = read_image(&bytes, kind, &Limits::default(), true);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn damaged_images_never_panic(
        which in 0..6_usize,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in any::<prop::sample::Index>(),
        whole in any::<bool>(),
    ) {
        let (format, kind) = FORMATS[which];
        let mut bytes = encoded(&picture(40, 30), format);
        if kind == Kind::Jpeg {
            bytes = with_exif(&bytes, 6);
        }
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if !whole {
            bytes.truncate(cut.index(bytes.len()));
        }
        let limits = Limits { pixels: 1_000_000, memory: 64 << 20, ..Limits::default() };
        let _answer = read_image(&bytes, kind, &limits, true);
    }

    #[test]
    fn damaged_archives_never_panic(
        zip in any::<bool>(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let text: &[u8] = "好".as_bytes();
        let mut bytes = if zip {
            zipped(&[("a.txt", text), ("b/c.txt", b"more of it")])
        } else {
            tarred(&[(b"a.txt", b'0', text), (b"b/c.txt", b'0', b"more of it")])
        };
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let (report, _) = take_bytes("a.bin", &bytes, &Options::default());
        prop_assert!(report.items.len() <= 3, "{:?}", codes(&report));
    }

    #[test]
    fn bytes_of_any_kind_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let (report, _) = take_bytes("a.bin", &bytes, &Options::default());
        prop_assert!(report.items.len() + report.findings.len() > 0);
    }
}
