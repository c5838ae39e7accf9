//! Reading images from a request: the body itself, or the files of a form, up to the limits and
//! within the time.

use std::time::Duration;

use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use media::{Kind, sniff};

use super::Serving;
use super::refusal::{Reason, Refusal};
use crate::extract::media_type;

/// Bytes of a form beside its files.
const BESIDE: u64 = 1 << 20;

/// An image as it came.
#[derive(Debug, Clone)]
pub(super) struct Upload {
    /// The name of its file, where it has one.
    pub(super) name: Option<String>,
    /// What the sender says that it is.
    stated: Option<String>,
    pub(super) bytes: Bytes,
}

impl Upload {
    /// Bytes alone.
    pub(super) const fn new(bytes: Bytes) -> Self {
        Self { name: None, stated: None, bytes }
    }

    /// Whether it is what it says and one of the kinds that are taken; its content is not read yet.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        if self.bytes.is_empty() {
            return Err(Refusal::new(Reason::Empty));
        }
        let kind = sniff(&self.bytes);
        let taken =
            kind.filter(|kind| matches!(kind, Kind::Jpeg | Kind::Png | Kind::WebP | Kind::Gif));
        let Some(taken) = taken else {
            let refusal = Refusal::new(Reason::NotAnImage);
            return Err(match kind {
                Some(kind) => refusal.field("found", kind.name()),
                None => refusal,
            });
        };
        match self.stated.as_deref() {
            None | Some("application/octet-stream" | "image/*") => Ok(()),
            Some(stated) if stated == taken.media_type() => Ok(()),
            // What browsers of old call it.
            Some("image/jpg" | "image/pjpeg") if taken == Kind::Jpeg => Ok(()),
            Some(stated) => {
                let refusal = Refusal::new(Reason::WrongType).field("stated", stated);
                Err(refusal.field("found", taken.media_type()))
            }
        }
    }
}

/// Reads the images of a request, at most so many.
pub(super) async fn images(
    request: Request,
    serving: &Serving,
    most: usize,
) -> Result<Vec<Upload>, Refusal> {
    let stated = media_type(request.headers());
    let one = serving.config.loading.limits.image_bytes;
    let time = serving.config.body_time;
    if stated.as_deref() == Some("multipart/form-data") {
        let all = one.saturating_mul(most as u64).saturating_add(BESIDE);
        let form = form(request, one, all, most);
        return tokio::time::timeout(time, form).await.map_err(|_| late())?;
    }
    let bytes = body(request, one, time).await?;
    // What curl says where it is not told.
    let stated = stated.filter(|stated| stated != "application/x-www-form-urlencoded");
    Ok(vec![Upload { name: None, stated, bytes }])
}

fn late() -> Refusal {
    Refusal::new(Reason::BodyTimeout)
}

fn too_large(limit: u64) -> Refusal {
    Refusal::new(Reason::TooLarge).field("limit", limit)
}

fn stated_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Reads a whole body.
pub(super) async fn body(request: Request, limit: u64, time: Duration) -> Result<Bytes, Refusal> {
    if stated_length(request.headers()).is_some_and(|length| length > limit) {
        return Err(too_large(limit));
    }
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let body = Limited::new(request.into_body(), most).collect();
    match tokio::time::timeout(time, body).await {
        Err(_) => Err(late()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large(limit)),
        Ok(Err(_)) => Err(Refusal::new(Reason::BadRequest)),
        Ok(Ok(body)) => Ok(body.to_bytes()),
    }
}

async fn form(request: Request, one: u64, all: u64, most: usize) -> Result<Vec<Upload>, Refusal> {
    if stated_length(request.headers()).is_some_and(|length| length > all) {
        return Err(too_large(all));
    }
    let wrong = || Refusal::new(Reason::BadRequest);
    let form = Multipart::from_request(request, &()).await;
    let mut form = form.map_err(|_| wrong())?;
    let mut uploads = Vec::new();
    while let Some(mut field) = form.next_field().await.map_err(|_| wrong())? {
        if uploads.len() >= most {
            return Err(Refusal::new(Reason::TooManyImages).field("limit", most));
        }
        let name = field.file_name().or_else(|| field.name()).map(str::to_owned);
        let stated = field
            .content_type()
            .map(|stated| stated.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(|_| wrong())? {
            if (bytes.len() + chunk.len()) as u64 > one {
                return Err(too_large(one));
            }
            bytes.extend_from_slice(&chunk);
        }
        uploads.push(Upload { name, stated, bytes: bytes.into() });
    }
    if uploads.is_empty() { Err(Refusal::new(Reason::Empty)) } else { Ok(uploads) }
}
