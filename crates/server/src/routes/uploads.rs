//! Files of any size, sent piece by piece and resumed after a break, as the draft of the IETF on
//! resumable uploads has it: `Upload-Offset` says how much is there. Serves anno-3.4.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use http_body_util::BodyExt as _;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::auth::{At, Gate, Operation};
use crate::extract::{Json, Path};
use crate::problem::{Code, Problem};
use crate::route::{Class, Route};
use crate::uploads::{Card, MOST_BYTES, UploadError};
use crate::views::Text;

/// How much is there, and where a piece begins.
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
/// How long the whole is.
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
/// Whether the whole is there.
const COMPLETE: HeaderName = HeaderName::from_static("upload-complete");
/// A sender that says nothing for so long has gone.
const SILENCE: Duration = Duration::from_secs(30);

/// A file to come.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct UploadBody {
    /// What it is called; may have folders in it.
    name: Text<1, 1000>,
    /// How many bytes it has.
    #[schemars(range(min = 0, max = 274_877_906_944_u64))]
    size: u64,
    /// Its SHA-256 in hexadecimal: checked when all is there.
    sha256: Option<Text<64, 64>>,
}

/// A file on its way.
#[derive(Debug, Serialize, JsonSchema)]
struct UploadView {
    /// Its id.
    upload: String,
    /// Bytes that are there.
    offset: u64,
    name: String,
    size: u64,
    /// Whether all is there.
    complete: bool,
    /// The SHA-256 of the whole, once it is there.
    sha256: Option<String>,
}

pub(crate) fn routes() -> Vec<Route> {
    let gate = Gate::At(Operation::ManageWork);
    vec![
        Route::post("/agreements/{id}/uploads", "begin_upload", begin)
            .about("Begins a file that comes piece by piece")
            .gate(gate)
            .takes::<UploadBody>()
            .makes::<UploadView>(),
        Route::get("/agreements/{id}/uploads/{upload}", "get_upload", upload)
            .about("How much of a file is there; HEAD gives Upload-Offset alone")
            .gate(gate)
            .gives::<UploadView>(),
        Route::patch("/agreements/{id}/uploads/{upload}", "send_piece", piece)
            .about("Takes the piece that begins at Upload-Offset; keeps what came before a break")
            .gate(gate)
            .free()
            .class(Class::Stream)
            .takes_bytes(&["application/octet-stream", "application/partial-upload"])
            .gives::<UploadView>(),
        Route::delete("/agreements/{id}/uploads/{upload}", "drop_upload", forget)
            .about("Drops a file on its way")
            .gate(gate)
            .free()
            .nothing(),
    ]
}

impl From<UploadError> for Problem {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::Absent => Code::NotFound.into(),
            UploadError::Busy => Self::new(Code::Busy).retry_after(1),
            UploadError::Offset { have } => Self::new(Code::ChangedMeanwhile).field("offset", have),
            UploadError::TooLarge { limit } => Self::new(Code::TooLarge).field("limit", limit),
            UploadError::TooMany { limit } => Self::new(Code::TooMany).field("limit", limit),
            UploadError::Differs { have } => Self::invalid("sha256").field("sha256", have),
            UploadError::Broken => Code::BodyTimeout.into(),
            UploadError::Io(error) => Self::fault(&error),
        }
    }
}

fn view(id: String, card: Card, offset: u64) -> Response {
    let complete = card.sum.is_some();
    let number = HeaderValue::from;
    let headers = [
        (OFFSET, number(offset)),
        (LENGTH, number(card.size)),
        (COMPLETE, HeaderValue::from_static(if complete { "?1" } else { "?0" })),
    ];
    let Card { name, size, sum, .. } = card;
    let view = UploadView { upload: id, offset, name, size, complete, sha256: sum };
    (headers, Json(view)).into_response()
}

async fn begin(
    at: At,
    State(app): State<App>,
    Json(body): Json<UploadBody>,
) -> Result<Response, Problem> {
    if body.size > MOST_BYTES {
        return Err(Problem::new(Code::TooLarge).field("limit", MOST_BYTES));
    }
    let sha256 = body.sha256.map(|sum| sum.0.to_ascii_lowercase());
    if sha256.as_ref().is_some_and(|sum| !sum.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        return Err(Problem::invalid("sha256"));
    }
    let id = app.vault.new_request_id();
    let card = Card {
        agreement: at.id.to_string(),
        side: at.side(),
        name: body.name.0,
        size: body.size,
        sha256,
        sum: None,
    };
    let (uploads, made) = (app.vault.uploads().clone(), id.clone());
    let done = tokio::task::spawn_blocking(move || uploads.create(&made, card)).await;
    done.map_err(|error| Problem::fault(&error))??;
    let (card, offset) = app.vault.uploads().find(&id, at.id.as_str(), at.side())?;
    Ok(view(id, card, offset))
}

async fn upload(
    at: At,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let (card, offset) = app.vault.uploads().find(&id, at.id.as_str(), at.side())?;
    Ok(view(id, card, offset))
}

fn offset_of(headers: &HeaderMap) -> Result<u64, Problem> {
    let text = headers.get(OFFSET).and_then(|value| value.to_str().ok());
    text.and_then(|text| text.parse().ok()).ok_or_else(|| Problem::invalid("Upload-Offset"))
}

async fn piece(
    at: At,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let uploads = app.vault.uploads();
    let offset = offset_of(request.headers())?;
    let (card, _) = uploads.find(&id, at.id.as_str(), at.side())?;
    let mut body = request.into_body();
    let next = async move || -> Result<Option<Bytes>, UploadError> {
        loop {
            return match tokio::time::timeout(SILENCE, body.frame()).await {
                Ok(None) => Ok(None),
                Ok(Some(Ok(frame))) => match frame.into_data() {
                    Ok(bytes) => Ok(Some(bytes)),
                    Err(_) => continue,
                },
                Ok(Some(Err(_))) | Err(_) => Err(UploadError::Broken),
            };
        }
    };
    uploads.append(&id, &card, offset, next).await?;
    let (card, offset) = uploads.find(&id, at.id.as_str(), at.side())?;
    Ok(view(id, card, offset))
}

async fn forget(
    at: At,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let uploads = app.vault.uploads();
    uploads.find(&id, at.id.as_str(), at.side())?;
    uploads.remove(&id);
    Ok(StatusCode::NO_CONTENT)
}
