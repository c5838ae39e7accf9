//! Files on their way out: always saved, never shown. What a party named is a name in the header
//! and nothing else; a browser that opens it all the same finds it in a sandbox.

use std::path::PathBuf;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use tokio::io::AsyncReadExt as _;

use crate::problem::Problem;

/// A file in a folder of its own that goes when it is dropped.
pub(crate) struct Scratch(PathBuf);

/// Ways to send a file.
pub(crate) struct Download;

impl Scratch {
    /// A name for a new file.
    pub(crate) const fn new(path: PathBuf) -> Self {
        Self(path)
    }

    pub(crate) fn path(&self) -> &std::path::Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What was never written cannot be removed; both are well.
        if self.0.is_dir() {
            std::fs::remove_dir_all(&self.0).unwrap_or_default();
        } else {
            std::fs::remove_file(&self.0).unwrap_or_default();
        }
    }
}

impl Download {
    /// A text.
    pub(crate) fn text(name: &str, text: String) -> Result<Response, Problem> {
        Ok(Self::bytes(name, "text/plain; charset=utf-8", text.into_bytes()))
    }

    /// Bytes of a media type.
    pub(crate) fn bytes(name: &str, media: &'static str, bytes: Vec<u8>) -> Response {
        let mut response = bytes.into_response();
        protect(&mut response, name, media);
        response
    }

    /// A file, piece by piece; it goes when it was sent.
    pub(crate) async fn file(
        name: &str,
        media: &'static str,
        scratch: Scratch,
    ) -> Result<Response, Problem> {
        let file = tokio::fs::File::open(scratch.path()).await;
        let file = file.map_err(|error| Problem::fault(&error))?;
        let length = file.metadata().await.map_err(|error| Problem::fault(&error))?.len();
        let pieces = stream::try_unfold((file, scratch), |(mut file, scratch)| async move {
            let mut piece = vec![0; 1 << 16];
            let read = file.read(&mut piece).await?;
            piece.truncate(read);
            let more = (read > 0).then(|| (Bytes::from(piece), (file, scratch)));
            Ok::<_, std::io::Error>(more)
        });
        let mut response = Body::from_stream(pieces).into_response();
        response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        protect(&mut response, name, media);
        Ok(response)
    }
}

/// Has a browser save an answer under a name, and show nothing of it outside a sandbox.
pub(crate) fn protect(response: &mut Response, name: &str, media: &str) {
    let headers = response.headers_mut();
    let bytes = || HeaderValue::from_static("application/octet-stream");
    let media = HeaderValue::from_str(media).unwrap_or_else(|_| bytes());
    headers.insert(header::CONTENT_TYPE, media);
    headers.insert(header::CONTENT_DISPOSITION, disposition(name));
    let sandbox = HeaderValue::from_static("default-src 'none'; sandbox");
    headers.insert(header::CONTENT_SECURITY_POLICY, sandbox);
    let options = HeaderName::from_static("x-download-options");
    headers.insert(options, HeaderValue::from_static("noopen"));
}

/// The header that has a file saved under a name (RFC 6266): plain letters for old programs, and
/// the name itself in UTF-8.
fn disposition(name: &str) -> HeaderValue {
    let plain: String = name
        .chars()
        .map(|letter| match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '-' | '_' => letter,
            _ => '_',
        })
        .collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    let text = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    HeaderValue::from_str(&text).expect("letters, digits and signs are a header's value")
}

/// A file name from what a party or the deployment calls things: no folders, no control characters,
/// no leading dot.
pub(crate) fn file_name(parts: &[&str], extension: &str) -> String {
    let mut name = parts.join("-").replace(['/', '\\'], "-");
    name.push('.');
    name.push_str(extension);
    safe_name(&name)
}

/// A given name made fit to be a file's.
pub(crate) fn safe_name(name: &str) -> String {
    let bare = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = bare
        .chars()
        .filter(|letter| !letter.is_control() && !is_bidi(*letter))
        .map(|letter| if r#"<>:"|?*"#.contains(letter) { '_' } else { letter })
        .take(120)
        .collect();
    let kept = kept.trim_matches(|letter: char| letter == '.' || letter.is_whitespace());
    if kept.is_empty() { "file".to_owned() } else { kept.to_owned() }
}

/// Letters that turn the direction of a text, with which `gpj.exe` is shown as `exe.jpg`.
const fn is_bidi(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_nothing_but_a_name() {
        let check = |name: &str, want: &str| assert_eq!(safe_name(name), want);
        check("labels.json", "labels.json");
        check("../../etc/passwd", "passwd");
        check("a\r\nSet-Cookie: x", "aSet-Cookie_ x");
        check("\u{202e}gpj.exe", "gpj.exe");
        check("...", "file");
        check("", "file");
        check("c:\\temp\\x.txt", "x.txt");
    }

    #[test]
    fn a_name_in_chinese_is_written_in_both_forms() {
        let header = disposition("结算 2026.pdf");
        let text = header.to_str().unwrap();
        let want = "attachment; filename=\"___2026.pdf\"; \
            filename*=UTF-8''%E7%BB%93%E7%AE%97%202026.pdf";
        assert_eq!(text, want);
        assert_eq!(
            disposition("a\"; x=\".html").to_str().unwrap(),
            "attachment; filename=\"a___x__.html\"; filename*=UTF-8''a%22%3B%20x%3D%22.html"
        );
    }
}
