//! What a file is, by its first bytes and never by its name.

use serde::Serialize;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    WebP,
    /// GIF; its first picture is what is labelled.
    Gif,
    /// Windows bitmap.
    Bmp,
    /// TIFF; its first picture is what is labelled.
    Tiff,
    /// Text of any encoding that is read.
    Text,
    /// A container of moving pictures, as far as its first bytes tell.
    Video,
    /// Zip archive.
    Zip,
    /// Tar archive.
    Tar,
    /// Compressed with gzip; a tar archive as a rule.
    Gzip,
    /// A still picture of HEIC or AVIF, which is not decoded here.
    Heif,
    /// An archive of a form that is not opened: RAR, 7-Zip, xz, bzip2, zstd.
    OtherArchive,
    /// A document: PDF, or one of an office program.
    Document,
}

/// What is labelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Modality {
    /// Images.
    Image,
    /// Texts.
    Text,
    /// Videos.
    Video,
}

impl Modality {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Image, Self::Text, Self::Video];

    /// Its stable name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Text => "text",
            Self::Video => "video",
        }
    }
}

/// Suffixes and what they promise.
const SUFFIXES: &[(Kind, &[&str])] = &[
    (Kind::Jpeg, &["jpg", "jpeg", "jpe", "jfif"]),
    (Kind::Png, &["png"]),
    (Kind::WebP, &["webp"]),
    (Kind::Gif, &["gif"]),
    (Kind::Bmp, &["bmp", "dib"]),
    (Kind::Tiff, &["tif", "tiff"]),
    (Kind::Text, &["txt", "csv", "tsv", "json", "jsonl", "md", "log", "xml"]),
    (Kind::Zip, &["zip"]),
    (Kind::Tar, &["tar"]),
    (Kind::Gzip, &["gz", "tgz"]),
    (Kind::Heif, &["heic", "heif", "avif"]),
    (Kind::Document, &["pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx"]),
    (
        Kind::Video,
        &[
            "mp4", "m4v", "mov", "mkv", "webm", "avi", "ts", "m2ts", "mts", "mpg", "mpeg", "wmv",
            "asf", "flv", "3gp", "3g2", "ogv", "mxf", "h264", "264", "hevc", "265", "ivf", "y4m",
            "dv", "vob", "mjpeg", "nut",
        ],
    ),
];

impl Kind {
    /// Its name as people write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::WebP => "WebP",
            Self::Gif => "GIF",
            Self::Bmp => "BMP",
            Self::Tiff => "TIFF",
            Self::Text => "text",
            Self::Video => "video",
            Self::Zip => "zip",
            Self::Tar => "tar",
            Self::Gzip => "gzip",
            Self::Heif => "HEIC/AVIF",
            Self::OtherArchive => "RAR/7-Zip/xz/bzip2/zstd",
            Self::Document => "document",
        }
    }

    /// What it is called on the wire.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
            Self::Gif => "image/gif",
            Self::Bmp => "image/bmp",
            Self::Tiff => "image/tiff",
            Self::Text => "text/plain",
            Self::Zip => "application/zip",
            Self::Tar => "application/x-tar",
            Self::Gzip => "application/gzip",
            Self::Heif => "image/heif",
            Self::Video | Self::OtherArchive | Self::Document => "application/octet-stream",
        }
    }

    /// What of it is labelled; `None` for what is no item.
    #[must_use]
    pub const fn modality(self) -> Option<Modality> {
        match self {
            Self::Jpeg | Self::Png | Self::WebP | Self::Gif | Self::Bmp | Self::Tiff => {
                Some(Modality::Image)
            }
            Self::Text => Some(Modality::Text),
            Self::Video => Some(Modality::Video),
            Self::Zip
            | Self::Tar
            | Self::Gzip
            | Self::Heif
            | Self::OtherArchive
            | Self::Document => None,
        }
    }

    /// What the suffix of a name promises.
    #[must_use]
    pub fn promised(name: &str) -> Option<Self> {
        let suffix = suffix(name)?;
        let known = SUFFIXES.iter().find(|(_, known)| known.contains(&suffix.as_str()));
        known.map(|(kind, _)| *kind)
    }
}

/// The suffix of a name, in small letters.
pub(crate) fn suffix(name: &str) -> Option<String> {
    let file = name.rsplit('/').next().unwrap_or(name);
    let (stem, suffix) = file.rsplit_once('.')?;
    (!stem.is_empty()).then(|| suffix.to_ascii_lowercase())
}

/// What begins with these bytes; 4 KiB are enough. `None` for what is of no form that is known.
#[must_use]
pub fn sniff(head: &[u8]) -> Option<Kind> {
    picture(head).or_else(|| packed(head)).or_else(|| moving(head)).or_else(|| {
        let mark = head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF");
        (mark || is_text(head)).then_some(Kind::Text)
    })
}

fn picture(head: &[u8]) -> Option<Kind> {
    Some(match head {
        [0xFF, 0xD8, 0xFF, ..] => Kind::Jpeg,
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Kind::Png,
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Kind::Gif,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Kind::WebP,
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Kind::Tiff,
        [b'B', b'M', rest @ ..] => match rest.get(12..16)? {
            [12 | 40 | 52 | 56 | 64 | 108 | 124, 0, 0, 0] => Kind::Bmp,
            _ => return None,
        },
        _ => return None,
    })
}

fn packed(head: &[u8]) -> Option<Kind> {
    Some(match head {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => {
            let office = |name: &[u8]| head.windows(name.len()).any(|part| part == name);
            let office = office(b"[Content_Types].xml") || office(b"mimetypeapplication/vnd.");
            if office { Kind::Document } else { Kind::Zip }
        }
        [0x1F, 0x8B, 8, ..] => Kind::Gzip,
        [b'R', b'a', b'r', b'!', 0x1A, 7, ..]
        | [b'7', b'z', 0xBC, 0xAF, 0x27, 0x1C, ..]
        | [0xFD, b'7', b'z', b'X', b'Z', 0, ..]
        | [b'B', b'Z', b'h', b'1'..=b'9', b'1', b'A', b'Y', ..]
        | [0x28, 0xB5, 0x2F, 0xFD, ..] => Kind::OtherArchive,
        [b'%', b'P', b'D', b'F', b'-', ..] | [0xD0, 0xCF, 0x11, 0xE0, ..] => Kind::Document,
        _ if crate::tar::is_header(head) => Kind::Tar,
        _ => return None,
    })
}

fn moving(head: &[u8]) -> Option<Kind> {
    if let [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] = head {
        let still = [b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1", b"avif", b"avis"];
        let still = still.iter().any(|still| brand.starts_with(*still));
        return Some(if still { Kind::Heif } else { Kind::Video });
    }
    let packet = |length: usize, first: usize| {
        let at = |number: usize| head.get(first + number * length) == Some(&0x47);
        (0..3).all(at)
    };
    let known = match head {
        [0x1A, 0x45, 0xDF, 0xA3, ..]
        | [b'R', b'I', b'F', b'F', _, _, _, _, b'A', b'V', b'I', b' ', ..]
        | [b'O', b'g', b'g', b'S', ..]
        | [b'F', b'L', b'V', 1, ..]
        | [0, 0, 1, 0xBA | 0xB3, ..]
        | [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11, ..]
        | [b'D', b'K', b'I', b'F', ..]
        | [0, 0, 0, 1, 0x67 | 0x40 | 0x42, ..]
        | [6, 0x0E, 0x2B, 0x34, 2, 5, 1, 1, ..] => true,
        [_, _, _, _, b'm', b'o', b'o', b'v', ..]
        | [_, _, _, _, b'm', b'd', b'a', b't', ..]
        | [_, _, _, _, b'w', b'i', b'd', b'e', ..] => true,
        _ => head.starts_with(b"YUV4MPEG2 ") || head.starts_with(b"nut/multimedia container"),
    };
    (known || packet(188, 0) || packet(192, 4)).then_some(Kind::Video)
}

/// Whether the bytes read as text: letters of UTF-8 or GB18030 and hardly a control character. The
/// last letter may be cut.
fn is_text(head: &[u8]) -> bool {
    let head = head.get(..head.len().min(4096)).unwrap_or_default();
    let odd = |byte: &&u8| **byte < 0x20 && !matches!(**byte, b'\t' | b'\n' | b'\r' | 0x0B..=0x0C);
    if head.is_empty() || head.iter().filter(odd).count() * 100 > head.len() || head.contains(&0) {
        return false;
    }
    let Ok(decoded) = identifiers::decode(head, false) else { return false };
    let whole = |wrong: &&identifiers::Wrong| wrong.byte + 4 < head.len();
    let wrong = decoded.wrong.iter().filter(whole).count();
    wrong * 20 <= decoded.text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        let check = |head: &[u8], want: Option<Kind>| assert_eq!(sniff(head), want, "{head:?}");
        check(b"\xFF\xD8\xFF\xE0", Some(Kind::Jpeg));
        check(b"\x89PNG\r\n\x1A\n", Some(Kind::Png));
        check(b"GIF89a", Some(Kind::Gif));
        check(b"RIFF\x10\0\0\0WEBPVP8 ", Some(Kind::WebP));
        check(b"RIFF\x10\0\0\0AVI LIST", Some(Kind::Video));
        check(b"II*\0\x08\0\0\0", Some(Kind::Tiff));
        check(b"MM\0*\0\0\0\x08", Some(Kind::Tiff));
        check(b"\0\0\0\x20ftypisom", Some(Kind::Video));
        check(b"\0\0\0\x20ftypheic", Some(Kind::Heif));
        check(b"PK\x03\x04", Some(Kind::Zip));
        check(b"PK\x03\x04........[Content_Types].xml", Some(Kind::Document));
        check(b"\x1F\x8B\x08", Some(Kind::Gzip));
        check(b"%PDF-1.7", Some(Kind::Document));
        check("房间很干净，下次还来".as_bytes(), Some(Kind::Text));
        // The same in GBK.
        check(b"\xb7\xbf\xbc\xe4\xba\xdc\xb8\xc9\xbe\xbb", Some(Kind::Text));
        check(b"\xFF\xFEh\0i\0", Some(Kind::Text));
        check(b"BMW is a car", Some(Kind::Text));
        check(b"\0\x01\x02\x03\x04\x05", None);
        check(b"", None);
    }

    #[test]
    fn a_suffix_is_a_promise_whatever_its_case() {
        for (name, want) in [
            ("a/b.JPG", Some(Kind::Jpeg)),
            ("a.tar.gz", Some(Kind::Gzip)),
            ("a.b/c", None),
            (".png", None),
            ("a.unknown", None),
            ("视频.MP4", Some(Kind::Video)),
        ] {
            assert_eq!(Kind::promised(name), want, "{name}");
        }
    }
}
