//! Files made for the tests, and an intake that remembers what it was given.

use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use media::{Intake, Keep, KeepError, Options, Original, Report, Taken};
use zip::write::SimpleFileOptions;

/// A picture without any symmetry.
pub(crate) fn picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (x * 255 / width, y * 255 / height);
        let byte = |value: u32| u8::try_from(value.min(255)).expect("a byte");
        Rgb([byte(x), byte(y), byte(if x + y < 120 { 250 } else { 20 })])
    })
}

pub(crate) fn encoded(image: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(image.clone()).write_to(&mut out, format).expect("it is written");
    out.into_inner()
}

/// What a camera writes beside a picture: how it was held, and where. The place is `MARK`.
pub(crate) const MARK: &[u8] = b"31.2304N121.4737E";

pub(crate) fn exif(orientation: u16) -> Vec<u8> {
    let mut out = b"II*\0\x08\0\0\0\x02\0".to_vec();
    out.extend([0x12, 1, 3, 0, 1, 0, 0, 0]);
    out.extend(orientation.to_le_bytes());
    out.extend([0, 0]);
    // The directory of GPS with one text.
    out.extend([0x25, 0x88, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0, 0, 0, 0, 0]);
    out.extend([1, 0, 2, 0, 2, 0]);
    let count = u32::try_from(MARK.len()).expect("short");
    out.extend(count.to_le_bytes());
    out.extend(56_u32.to_le_bytes());
    out.extend([0, 0, 0, 0]);
    out.extend(MARK);
    out
}

/// The JPEG with a segment of EXIF.
pub(crate) fn with_exif(jpeg: &[u8], orientation: u16) -> Vec<u8> {
    let body = [b"Exif\0\0".as_slice(), &exif(orientation)].concat();
    let length = u16::try_from(body.len() + 2).expect("short");
    [&jpeg[..2], &[0xFF, 0xE1], &length.to_be_bytes(), &body, &jpeg[2..]].concat()
}

pub(crate) fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a file");
        zip.write_all(bytes).expect("bytes");
    }
    zip.finish().expect("an archive").into_inner()
}

/// A header of ustar and the bytes behind it.
pub(crate) fn tarred(files: &[(&[u8], u8, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, kind, bytes) in files {
        let mut header = [0; 512];
        header[..name.len()].copy_from_slice(name);
        header[124..135].copy_from_slice(format!("{:011o}", bytes.len()).as_bytes());
        header[156] = *kind;
        header[257..265].copy_from_slice(b"ustar\x0000");
        header[148..156].fill(b' ');
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        out.extend(header);
        out.extend(*bytes);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.extend([0; 1024]);
    out
}

/// What was kept: the name, the original and the copies.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) originals: Vec<(String, Vec<u8>)>,
    pub(crate) displays: Vec<Vec<u8>>,
    pub(crate) thumbnails: Vec<Vec<u8>>,
    pub(crate) texts: Vec<String>,
}

impl Keep for Kept {
    fn keep(&mut self, taken: Taken<'_>) -> Result<(), KeepError> {
        let bytes = match taken.original {
            Original::File(path) => std::fs::read(path)?,
            Original::Passage(text) => text.as_bytes().to_vec(),
        };
        self.originals.push((taken.item.name.clone(), bytes));
        self.displays.extend(taken.shown.map(|shown| shown.display.clone()));
        self.thumbnails.extend(taken.shown.map(|shown| shown.thumbnail.clone()));
        self.texts.extend(taken.text.map(str::to_owned));
        Ok(())
    }
}

/// Takes a path in.
pub(crate) fn take(path: &Path, options: &Options) -> (Report, Kept) {
    let (mut kept, scratch) = (Kept::default(), tempfile::tempdir().expect("a folder"));
    let mut progress = |_| ();
    let mut intake = Intake::new(options, scratch.path(), &mut kept, &mut progress);
    let name = path.file_name().expect("a name").to_string_lossy().into_owned();
    intake.take(path, &name, "").expect("it can be opened");
    let report = intake.finish().expect("it is kept");
    assert_eq!(std::fs::read_dir(scratch.path()).expect("a folder").count(), 0, "left behind");
    (report, kept)
}

/// Takes bytes in, as a file of this name.
pub(crate) fn take_bytes(name: &str, bytes: &[u8], options: &Options) -> (Report, Kept) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("a file");
    take(&path, options)
}

pub(crate) fn codes(report: &Report) -> Vec<&'static str> {
    report.findings.iter().map(|finding| finding.problem.code()).collect()
}

/// A folder of the shared data; `None`, with the reason printed, where it is absent.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is absent", path.display());
    None
}
