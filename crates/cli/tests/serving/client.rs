//! A plain client of HTTP: one request a connection.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::Value;

/// A request.
pub(crate) struct Request<'a> {
    pub(crate) method: &'static str,
    pub(crate) path: &'a str,
    pub(crate) headers: &'a [(&'a str, &'a str)],
    pub(crate) body: &'a [u8],
}

impl<'a> Request<'a> {
    pub(crate) const fn get(path: &'a str) -> Self {
        Self { method: "GET", path, headers: &[], body: &[] }
    }

    pub(crate) const fn post(path: &'a str) -> Self {
        Self { method: "POST", path, headers: &[], body: &[] }
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    head: String,
    body: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

/// Asks; an error where the connection breaks off.
pub(crate) fn ask(address: &str, request: &Request<'_>) -> std::io::Result<Reply> {
    let mut stream = TcpStream::connect(address)?;
    let Request { method, path, headers, body } = request;
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    for (name, value) in *headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
    stream.write_all(head.as_bytes())?;
    // Who is refused by the head alone is not read to the end.
    let _refused = stream.write_all(body);
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
    let broken = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
    let end = end.ok_or_else(broken)?;
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    let reply =
        Reply { status: status.ok_or_else(broken)?, head, body: answer[end + 4..].to_vec() };
    let length = reply.header("content-length").and_then(|length| length.parse::<usize>().ok());
    match (read, length) {
        (_, Some(length)) if reply.body.len() == length => Ok(reply),
        (Ok(_), None) => Ok(reply),
        _ => Err(broken()),
    }
}

/// A form with files: its media type and its body.
pub(crate) fn form(files: &[(&str, &[u8])]) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for (name, bytes) in files {
        let head = format!(
            "--cut\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
        );
        body.extend([head.as_bytes(), bytes, b"\r\n"].concat());
    }
    body.extend(b"--cut--\r\n");
    ("multipart/form-data; boundary=cut".to_owned(), body)
}

/// A JPEG.
pub(crate) fn jpeg() -> Vec<u8> {
    let pixel = |x: u32, y: u32| {
        let byte = |value: u32| u8::try_from(value % 256).expect("a byte");
        image::Rgb([byte(x * 4), byte(y * 4), byte(x + y)])
    };
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_fn(64, 64, pixel)
        .write_to(&mut bytes, image::ImageFormat::Jpeg)
        .expect("a test makes what it needs");
    bytes.into_inner()
}

/// Bytes in base64.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let number = three.iter().fold(0_u32, |sum, byte| (sum << 8) | u32::from(*byte));
        let number = number << (8 * (3 - three.len()));
        for at in 0..4 {
            let letter = LETTERS[(number >> (18 - 6 * at) & 63) as usize];
            text.push(if at > three.len() { '=' } else { char::from(letter) });
        }
    }
    text
}
