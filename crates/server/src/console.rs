//! The console: the pages that `cargo xtask build` made from `web/`, embedded in the program. Where
//! they were not built, a page says how to. Unknown addresses outside `/api` get the first page,
//! since the console has addresses of its own.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::extract::language;
use crate::problem::{Code, Problem};
use crate::words::pages;

/// The built pages. The folder may be missing.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Pages;

const FIRST: &str = "index.html";
/// Names with a hash of their content: what they hold never changes.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// Answers a request for a page, a script or a picture.
pub(crate) async fn page(request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::new(Code::NotFound).into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return Problem::new(Code::NotFound).into_response();
    }
    let headers = request.headers();
    match Pages::get(path) {
        Some(file) if !path.is_empty() => send(path, &file, headers),
        // A missing script must not be answered with a page.
        _ if path.starts_with("assets/") => Problem::new(Code::NotFound).into_response(),
        _ => match Pages::get(FIRST) {
            Some(file) => send(FIRST, &file, headers),
            None => html(pages::not_built(language(headers)), headers),
        },
    }
}

/// The reference of the interface.
pub(crate) async fn reference(headers: HeaderMap) -> Response {
    html(pages::REFERENCE, &headers)
}

/// The script of the reference.
pub(crate) async fn reference_script(headers: HeaderMap) -> Response {
    fresh("text/javascript; charset=utf-8", pages::REFERENCE_SCRIPT.as_bytes(), &headers)
}

fn html(text: &'static str, headers: &HeaderMap) -> Response {
    fresh("text/html; charset=utf-8", text.as_bytes(), headers)
}

/// Content that may change with the next version: asked for each time, sent when it did.
pub(crate) fn fresh(media: &'static str, bytes: &'static [u8], headers: &HeaderMap) -> Response {
    let tag = tag(&journal::Hash::of(bytes).bytes()[..16]);
    if matches(headers, &tag) {
        return not_modified(tag, "no-cache");
    }
    let mut response = bytes.into_response();
    set(&mut response, media, tag, "no-cache");
    response
}

fn send(path: &str, file: &EmbeddedFile, headers: &HeaderMap) -> Response {
    let tag = tag(&file.metadata.sha256_hash()[..16]);
    let cache = if path.starts_with("assets/") { IMMUTABLE } else { "no-cache" };
    if matches(headers, &tag) {
        return not_modified(tag, cache);
    }
    let mut response = file.data.clone().into_owned().into_response();
    set(&mut response, media(path), tag, cache);
    response
}

fn set(response: &mut Response, media: &'static str, tag: HeaderValue, cache: &'static str) {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(header::ETAG, tag);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding, accept-language"));
}

fn not_modified(tag: HeaderValue, cache: &'static str) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    response.headers_mut().insert(header::ETAG, tag);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}

/// A weak tag, since the same content may be sent packed.
fn tag(hash: &[u8]) -> HeaderValue {
    let text = format!("W/\"{}\"", hex::encode(hash));
    HeaderValue::from_str(&text).expect("hexadecimal digits are a header's value")
}

fn matches(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let asked = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let Ok(tag) = tag.to_str() else { return false };
    asked.is_some_and(|asked| asked.split(',').any(|one| one.trim() == tag))
}

/// The media type of a built file; what is not known is bytes.
fn media(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    }
}
