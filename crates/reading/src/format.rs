//! Which format a file is, by its content.

use serde::Serialize;

use crate::Fault;

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Word (`.docx`, `.docm`, `.dotx`).
    Word,
    /// PDF.
    Pdf,
    /// HTML.
    Html,
    /// Markdown.
    Markdown,
    /// Plain text.
    Text,
}

/// The first bytes of formats that are not read, and their names.
const OTHERS: [(&[u8], &str); 10] = [
    (b"\x89PNG", "picture (PNG)"),
    (b"\xff\xd8\xff", "picture (JPEG)"),
    (b"GIF8", "picture (GIF)"),
    (b"II*\0", "picture (TIFF)"),
    (b"MM\0*", "picture (TIFF)"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"Rar!", "RAR"),
    (b"BM", "picture (BMP)"),
    (b"%!PS", "PostScript"),
];

/// The format of `bytes`.
pub(crate) fn detect(bytes: &[u8], name: &str) -> Result<Format, Fault> {
    let unknown = |what| Err(Fault::Unknown { name: name.to_owned(), what });
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Fault::Empty);
    }
    // The engine for Word files tells zip archives, old .doc and RTF apart and names each.
    let word: [&[u8]; 3] = [b"PK", b"\xd0\xcf\x11\xe0", b"{\\rtf"];
    if word.iter().any(|magic| bytes.starts_with(magic)) {
        return Ok(Format::Word);
    }
    let head = &bytes[..bytes.len().min(1024)];
    if memchr::memmem::find(head, b"%PDF-").is_some() {
        return Ok(Format::Pdf);
    }
    let marked = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    if let Some((_, what)) = OTHERS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        let letters = *what == "picture (BMP)" && !head.contains(&0);
        if !letters {
            return unknown(what);
        }
    }
    if !marked && head.contains(&0) {
        return unknown("binary");
    }
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(64 << 10)]);
    if looks_like_html(&start) {
        return Ok(Format::Html);
    }
    let lower = name.to_lowercase();
    if lower.ends_with(".md") || lower.ends_with(".markdown") {
        return Ok(Format::Markdown);
    }
    if lower.ends_with(".txt") {
        return Ok(Format::Text);
    }
    Ok(if looks_like_markdown(&start) { Format::Markdown } else { Format::Text })
}

/// A document that begins with a tag of HTML, not Markdown with scraps of it.
fn looks_like_html(text: &str) -> bool {
    let start: String = text
        .trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
        .chars()
        .take(2_000)
        .collect::<String>()
        .to_lowercase();
    let opens = ["<!doctype html", "<html", "<head", "<body", "<?xml", "<!--"];
    let blocks = [
        "<div", "<p>", "<p ", "<h1", "<h2", "<ol", "<ul", "<table", "<article", "<main", "<section",
    ];
    if start.starts_with("<?xml") || start.starts_with("<!--") {
        return ["<html", "<body", "<div", "<p"].iter().any(|tag| start.contains(tag));
    }
    opens.iter().any(|tag| start.starts_with(tag))
        || blocks.iter().any(|tag| start.starts_with(tag)) && start.contains("</")
}

/// Markup that plain contracts do not have: headings by `#` or underlines, links, bold words.
fn looks_like_markdown(text: &str) -> bool {
    let mut marks = 0_u32;
    for line in text.lines().take(2_000) {
        let line = line.trim_start();
        let headed = line.starts_with('#') && line.trim_start_matches('#').starts_with(' ');
        let under =
            line.len() > 3 && (line.bytes().all(|b| b == b'=') || line.bytes().all(|b| b == b'-'));
        marks += u32::from(headed) * 2
            + u32::from(under)
            + u32::from(line.contains("**")) * 2
            + u32::from(line.contains("](")) * 2
            + u32::from(line.contains("\\."));
        if marks >= 4 {
            return true;
        }
    }
    false
}
