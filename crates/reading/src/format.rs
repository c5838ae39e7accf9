//! Which format a file is, by its content.

use serde::Serialize;

use crate::Fault;

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Markdown.
    Markdown,
    /// Plain text.
    Text,
}

/// The format of `bytes`.
pub(crate) fn detect(bytes: &[u8], name: &str) -> Result<Format, Fault> {
    let unknown = |what| Err(Fault::Unknown { name: name.to_owned(), what });
    if bytes.starts_with(b"PK\x03\x04") {
        return unknown("zip");
    }
    if bytes.contains(&0) && !bytes.starts_with(&[0xff, 0xfe]) && !bytes.starts_with(&[0xfe, 0xff])
    {
        return unknown("binary");
    }
    let lower = name.to_lowercase();
    if lower.ends_with(".md") || lower.ends_with(".markdown") {
        return Ok(Format::Markdown);
    }
    if lower.ends_with(".txt") {
        return Ok(Format::Text);
    }
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(64 << 10)]);
    Ok(if looks_like_markdown(&start) { Format::Markdown } else { Format::Text })
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
