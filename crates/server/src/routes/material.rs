//! What people label: images as they are shown, texts, frames of videos, originals. Only who may
//! see an item gets anything of it, but for the small pictures of the guideline's examples.
//! Everything goes out as a file to be saved, in a sandbox: a picture is shown all the same where
//! our own pages ask for it. Serves anno-3.4, anno-6.2.

use std::num::NonZeroU64;
use std::ops::Range;
use std::path::{Path as FilePath, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use desk::labelling::ItemObjects;
use futures_util::stream;
use schemars::JsonSchema;
use serde::Serialize;
use store::ObjectRef;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio::sync::Semaphore;
use video::{FrameList, Limits, VideoError};

use crate::app::App;
use crate::auth::{At, Gate, Operation};
use crate::download::protect;
use crate::extract::{Json, Path};
use crate::problem::{Code, Problem};
use crate::route::{Class, Route};

/// Videos that are decoded at one time: each takes a processor of its own.
static ROOM: Semaphore = Semaphore::const_new(2);
/// Files that were kept, so that two that are written at one time have names of their own.
static TAKEN: AtomicU64 = AtomicU64::new(0);
/// One frame in so many is made small when a video is decoded: a picture for a list is among them.
const SMALL: NonZeroU64 = NonZeroU64::MIN.saturating_add(15);
/// Frames that are taken together: who sees one sees the next.
const TOGETHER: usize = 16;
/// Bytes that are sent at once.
const PIECE: usize = 256 << 10;

/// The frames of a video.
#[derive(Debug, Serialize, JsonSchema)]
struct FramesView {
    /// Seconds in a tick, as numerator and denominator.
    timebase: (u32, u32),
    /// When each frame is shown, in ticks: each is later than the one before.
    pts: Vec<i64>,
    /// The tick behind the last frame.
    end: i64,
}

/// Items below this path.
macro_rules! item {
    ($rest:literal) => {
        concat!("/agreements/{id}/projects/{project}/items/{seq}", $rest)
    };
}

type ItemPath = Path<(String, String, u64)>;

pub(crate) fn routes() -> Vec<Route> {
    let read = Gate::At(Operation::ReadWork);
    vec![
        Route::get(item!("/image"), "item_image", image)
            .about("The image as it is labelled: turned upright, without metadata")
            .gate(read)
            .gives_media("image/jpeg"),
        Route::get(item!("/thumbnail"), "item_thumbnail", thumbnail)
            .about("A small picture of the item")
            .gate(read)
            .gives_media("image/jpeg"),
        Route::get(item!("/original"), "item_original", original)
            .about("The file as it was delivered, with its metadata: not for labelling or review")
            .gate(read)
            .gives_media("application/octet-stream"),
        Route::get(item!("/text"), "item_text", text)
            .about("The text in UTF-8")
            .gate(read)
            .gives_media("text/plain"),
        Route::get(item!("/frames"), "item_frames", frames)
            .about("The exact times of all frames of a video")
            .gate(read)
            .class(Class::Stream)
            .gives::<FramesView>(),
        Route::get(item!("/frames/{frame}"), "item_frame", frame)
            .about("A frame of a video as a picture, by its number")
            .gate(read)
            .class(Class::Stream)
            .gives_media("image/jpeg"),
        Route::get(item!("/video"), "item_video", video)
            .about("The video without what MP4 and MOV say of place and device; takes a Range")
            .gate(read)
            .gives_media("application/octet-stream"),
    ]
}

async fn objects(at: &At, project: &str, seq: u64) -> Result<ItemObjects, Problem> {
    Ok(at.people().item_objects(at.item(project, seq)).await?)
}

/// An object, piece by piece.
pub(super) async fn send(
    at: &At,
    object: &ObjectRef,
    name: &str,
    media: &str,
) -> Result<Response, Problem> {
    let content = at.desk.objects.get(&at.desk.scope(), &at.id, object).await;
    let content = content.map_err(|error| Problem::fault(&error))?;
    let pieces = stream::try_unfold(content, |mut content| async move {
        let piece = content.next().await?;
        Ok::<_, store::ObjectError>(piece.map(|piece| (piece, content)))
    });
    let mut response = Body::from_stream(pieces).into_response();
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(object.size));
    protect(&mut response, name, media);
    Ok(response)
}

async fn image(at: At, Path((_, project, seq)): ItemPath) -> Result<Response, Problem> {
    let item = objects(&at, &project, seq).await?;
    let shown = item.display.as_ref().filter(|_| item.media_type.starts_with("image/"));
    send(&at, shown.ok_or(Code::NotFound)?, &format!("{seq}.jpg"), "image/jpeg").await
}

async fn thumbnail(
    at: At,
    State(app): State<App>,
    Path((_, project, seq)): ItemPath,
) -> Result<Response, Problem> {
    let item = at.people().item_picture(at.item(&project, seq)).await?;
    let name = format!("{seq}-small.jpg");
    if let Some(small) = item.thumbnail.as_ref() {
        return send(&at, small, &name, "image/jpeg").await;
    }
    let (path, folder) = (file_of(&at, &item).await?, app.vault.frames(&item.original.hex()));
    let mut response = decoding(move || poster(&path, &folder)).await?.into_response();
    protect(&mut response, &name, "image/jpeg");
    Ok(response)
}

/// The picture of a video in a list: kept, or taken.
fn poster(path: &FilePath, folder: &FilePath) -> Result<Vec<u8>, VideoError> {
    let kept = folder.join("poster.jpg");
    if let Ok(bytes) = std::fs::read(&kept) {
        return Ok(bytes);
    }
    let limits = Limits::default();
    let bytes = video::poster(&video::probe(path, &limits)?, &limits)?;
    keep(folder, "poster.jpg", &bytes);
    Ok(bytes)
}

/// Keeps what can be made again, whole or not at all; it is made again where it cannot be kept.
fn keep(folder: &FilePath, name: &str, bytes: &[u8]) {
    let number = TAKEN.fetch_add(1, Ordering::Relaxed);
    let new = folder.join(format!("{name}-{}-{number}.new", std::process::id()));
    let _kept = std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&new, bytes))
        .and_then(|()| std::fs::rename(&new, folder.join(name)));
}

/// A file may say where and when it was made, which nobody needs to label it.
async fn original(at: At, Path((_, project, seq)): ItemPath) -> Result<Response, Problem> {
    if !at.allows(Operation::ReadDocuments) {
        return Err(Code::RoleMissing.into());
    }
    let item = objects(&at, &project, seq).await?;
    send(&at, &item.original, &item.name, "application/octet-stream").await
}

async fn text(at: At, Path((_, project, seq)): ItemPath) -> Result<Response, Problem> {
    let item = objects(&at, &project, seq).await?;
    if item.media_type != "text/plain" {
        return Err(Code::NotFound.into());
    }
    let object = item.display.as_ref().unwrap_or(&item.original);
    send(&at, object, &format!("{seq}.txt"), "text/plain; charset=utf-8").await
}

/// Where the bytes of a video lie.
async fn file_of(at: &At, item: &ItemObjects) -> Result<PathBuf, Problem> {
    if item.timebase.is_none() {
        return Err(Code::NotFound.into());
    }
    let file = at.desk.objects.file(&at.desk.scope(), &at.id, &item.original).await;
    file.map_err(|error| Problem::fault(&error))?.ok_or_else(|| Code::NotFound.into())
}

fn unreadable(error: &VideoError) -> Problem {
    match error {
        VideoError::NotAVideo { .. } | VideoError::NoFrame { .. } => Code::UnreadableFile.into(),
        _ => Problem::fault(error),
    }
}

/// The list of frames of a video, made where it is not kept. The decode that makes it gives the
/// picture in the list of items too.
pub(super) fn frames_of(path: &FilePath, folder: &FilePath) -> Result<FrameList, VideoError> {
    let kept = folder.join("frames.json");
    let read = std::fs::read(&kept).ok();
    if let Some(list) = read.and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
        return Ok(list);
    }
    let limits = Limits::default();
    let probe = video::probe(path, &limits)?;
    let made = std::fs::create_dir_all(folder);
    made.map_err(|source| VideoError::Io { path: folder.to_path_buf(), source })?;
    let (analysis, strip) = video::analyse_with_strip(probe, &limits, (folder, SMALL), |_| ())?;
    let list = FrameList::of(&analysis);
    // A frame a tenth of the way in, as far as there are small pictures.
    let tenth = (analysis.frames.len() as u64 / 10).min(video::MOST_SMALL - 1);
    if let Some(bytes) = strip.picture(tenth)? {
        keep(folder, "poster.jpg", &bytes);
    }
    if let Ok(bytes) = serde_json::to_vec(&list) {
        keep(folder, "frames.json", &bytes);
    }
    Ok(list)
}

async fn decoding<T: Send + 'static>(
    act: impl FnOnce() -> Result<T, VideoError> + Send + 'static,
) -> Result<T, Problem> {
    let _turn = ROOM.acquire().await.map_err(|error| Problem::fault(&error))?;
    let done = tokio::task::spawn_blocking(act).await;
    done.map_err(|error| Problem::fault(&error))?.map_err(|error| unreadable(&error))
}

async fn frames(
    at: At,
    State(app): State<App>,
    Path((_, project, seq)): ItemPath,
) -> Result<Json<FramesView>, Problem> {
    let item = objects(&at, &project, seq).await?;
    let (path, folder) = (file_of(&at, &item).await?, app.vault.frames(&item.original.hex()));
    let list = decoding(move || frames_of(&path, &folder)).await?;
    let FrameList { timebase, pts, end, .. } = list;
    Ok(Json(FramesView { timebase, pts, end }))
}

async fn frame(
    at: At,
    State(app): State<App>,
    Path((_, project, seq, number)): Path<(String, String, u64, usize)>,
) -> Result<Response, Problem> {
    let item = objects(&at, &project, seq).await?;
    let (path, folder) = (file_of(&at, &item).await?, app.vault.frames(&item.original.hex()));
    let bytes = decoding(move || picture(&path, &folder, number)).await?;
    let mut response = bytes.ok_or(Code::NotFound)?.into_response();
    protect(&mut response, &format!("{seq}-{number}.jpg"), "image/jpeg");
    Ok(response)
}

/// A frame as JPEG: kept, or taken with its neighbours.
fn picture(
    path: &FilePath,
    folder: &FilePath,
    number: usize,
) -> Result<Option<Vec<u8>>, VideoError> {
    let list = frames_of(path, folder)?;
    let Some(pts) = list.pts.get(number) else { return Ok(None) };
    let kept = folder.join(format!("{pts}.jpg"));
    if let Ok(bytes) = std::fs::read(&kept) {
        return Ok(Some(bytes));
    }
    let failed = |source| VideoError::Io { path: folder.to_path_buf(), source };
    std::fs::create_dir_all(folder).map_err(failed)?;
    let limits = Limits::default();
    let probe = video::probe(path, &limits)?;
    let first = number - number % TOGETHER;
    video::write_frames(&probe, &list, first..first + TOGETHER, folder, &limits)?;
    std::fs::read(&kept).map(Some).map_err(failed)
}

/// What the file says of its making, which nobody needs to label it.
async fn blanked(path: PathBuf) -> std::io::Result<Vec<media::Blank>> {
    let read = move || media::blanks(&mut std::fs::File::open(path)?);
    tokio::task::spawn_blocking(read).await.map_err(std::io::Error::other)?
}

async fn video(
    at: At,
    Path((_, project, seq)): ItemPath,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let item = objects(&at, &project, seq).await?;
    let (path, size) = (file_of(&at, &item).await?, item.original.size);
    let wanted = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let (range, status) = match wanted.map(|text| range(text, size)) {
        None | Some(Asked::Whole) => (0..size, StatusCode::OK),
        Some(Asked::Part(range)) => (range, StatusCode::PARTIAL_CONTENT),
        Some(Asked::Outside) => {
            let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
            let all = HeaderValue::from_str(&format!("bytes */{size}"));
            let all = all.map_err(|error| Problem::fault(&error))?;
            response.headers_mut().insert(header::CONTENT_RANGE, all);
            return Ok(response);
        }
    };
    let blanks = blanked(path.clone()).await.map_err(|error| Problem::fault(&error))?;
    let mut file = tokio::fs::File::open(path).await.map_err(|error| Problem::fault(&error))?;
    file.seek(std::io::SeekFrom::Start(range.start))
        .await
        .map_err(|error| Problem::fault(&error))?;
    let rest = file.take(range.end - range.start);
    let pieces =
        stream::try_unfold((rest, range.start, blanks), |(mut rest, at, blanks)| async move {
            let mut piece = vec![0; PIECE];
            let read = rest.read(&mut piece).await?;
            piece.truncate(read);
            media::blank(&blanks, at, &mut piece);
            let next = (rest, at + read as u64, blanks);
            Ok::<_, std::io::Error>((read > 0).then(|| (Bytes::from(piece), next)))
        });
    let mut response = Body::from_stream(pieces).into_response();
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(range.end - range.start));
    if status == StatusCode::PARTIAL_CONTENT {
        let part = format!("bytes {}-{}/{size}", range.start, range.end - 1);
        let part = HeaderValue::from_str(&part).map_err(|error| Problem::fault(&error))?;
        headers.insert(header::CONTENT_RANGE, part);
    }
    protect(&mut response, &item.name, &item.media_type);
    Ok(response)
}

/// What a header `Range` asks for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Whole,
    Part(Range<u64>),
    Outside,
}

/// One range of bytes; several are answered with the whole, as RFC 9110 lets a server do.
fn range(text: &str, size: u64) -> Asked {
    let Some((from, to)) = text.strip_prefix("bytes=").and_then(|rest| rest.split_once('-')) else {
        return Asked::Whole;
    };
    let range = match (from.trim().parse::<u64>().ok(), to.trim().parse::<u64>().ok()) {
        (Some(from), Some(to)) if from <= to => from..to.saturating_add(1).min(size),
        (Some(from), None) if to.trim().is_empty() => from..size,
        (None, Some(last)) if from.trim().is_empty() => size.saturating_sub(last)..size,
        _ => return Asked::Whole,
    };
    if range.is_empty() { Asked::Outside } else { Asked::Part(range) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_rfc_9110_has_them() {
        for (text, want) in [
            ("bytes=0-9", Asked::Part(0..10)),
            ("bytes=90-", Asked::Part(90..100)),
            ("bytes=-10", Asked::Part(90..100)),
            ("bytes=50-500", Asked::Part(50..100)),
            ("bytes=-500", Asked::Part(0..100)),
            ("bytes=100-", Asked::Outside),
            ("bytes=-0", Asked::Outside),
            ("bytes=9-0", Asked::Whole),
            ("bytes=0-1,5-6", Asked::Whole),
            ("lines=0-1", Asked::Whole),
        ] {
            assert_eq!(range(text, 100), want, "{text}");
        }
    }
}
