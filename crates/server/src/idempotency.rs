//! The same write twice is done once: an `Idempotency-Key` is kept with the hash of its request and
//! with the answer, which is given again. A write goes on when its caller has gone, so that its
//! answer is there when the caller asks again.

use axum::body::Body;
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use desk::people::{Answer, Begun, Receipt};
use http_body_util::BodyExt as _;
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::auth::{Gate, Operation, Principal};
use crate::extract::{language, read_body};
use crate::finish::{RequestId, render};
use crate::problem::{Code, Problem};
use crate::route::Declared;

/// The header that names the key.
const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The header that says that an answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// The longest answer that is kept.
const LONGEST: usize = 1 << 20;
/// What stands in the place of an answer that holds a secret or is too long to keep.
const NOT_KEPT: u16 = 0;

/// Around every route: does a write once.
pub(crate) async fn keep(
    State(app): State<App>,
    Extension(declared): Extension<Declared>,
    request: Request,
    next: Next,
) -> Response {
    if !declared.write {
        return next.run(request).await;
    }
    if !declared.idempotent {
        return go_on(tokio::spawn(next.run(request))).await;
    }
    match once(&app, declared, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn once(
    app: &App,
    declared: Declared,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let key = key(request.headers())?.to_owned();
    let principal = request.extensions().get::<Principal>().cloned();
    // Every such route is for callers alone.
    let principal = principal.ok_or(Problem::new(Code::SignInNeeded))?;
    let (limit, time) = declared.body_limits();
    let (parts, body) = request.into_parts();
    let bytes = {
        let mut reading = Request::new(body);
        reading.headers_mut().clone_from(&parts.headers);
        read_body(reading, limit, time).await?
    };
    let hash = hash(&parts, &bytes);
    let money = matches!(
        declared.gate,
        Gate::At(Operation::Submit | Operation::Approve | Operation::Object)
            | Gate::At(Operation::Invoice | Operation::Credit | Operation::Pay)
    );
    let people = app.vault.people().clone();
    let receipt = match people.begin(&principal.0, &key, &hash, money).await? {
        Begun::New(receipt) => receipt,
        Begun::Done(answer) => return again(answer),
        Begun::Running => return Err(Problem::new(Code::IdempotencyRunning).retry_after(1)),
        Begun::Differs => return Err(Code::IdempotencyKeyReused.into()),
    };
    let lang = language(&parts.headers);
    let request_id = parts.extensions.get::<RequestId>().map_or("", |id| id.0.as_str()).to_owned();
    let request = Request::from_parts(parts, Body::from(bytes));
    let app = app.clone();
    Ok(go_on(tokio::spawn(async move {
        // A panic ends here, so that the receipt does not stand open.
        let answered = tokio::spawn(next.run(request)).await;
        let response = answered.unwrap_or_else(|error| Problem::fault(&error).into_response());
        let response = render(response, lang, &request_id);
        settle(&app, receipt, declared, response).await
    }))
    .await)
}

/// Waits for a write, which goes on should the caller leave.
async fn go_on(task: tokio::task::JoinHandle<Response>) -> Response {
    match task.await {
        Ok(response) => response,
        Err(error) => Problem::fault(&error).into_response(),
    }
}

fn key(headers: &HeaderMap) -> Result<&str, Problem> {
    let missing = || Problem::new(Code::IdempotencyKeyMissing);
    let key = headers.get(KEY).and_then(|key| key.to_str().ok()).ok_or_else(missing)?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if key.is_empty() || key.len() > 64 || !key.bytes().all(plain) {
        return Err(missing());
    }
    Ok(key)
}

fn hash(parts: &axum::http::request::Parts, body: &Bytes) -> String {
    let mut hasher = Sha256::new();
    let media = parts.headers.get(header::CONTENT_TYPE).map_or(&[][..], HeaderValue::as_bytes);
    let path = parts.uri.path_and_query().map_or("", |path| path.as_str());
    for part in [parts.method.as_str().as_bytes(), path.as_bytes(), media, body] {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hex::encode(hasher.finalize())
}

/// The answer that was given before.
fn again(answer: Answer) -> Result<Response, Problem> {
    if answer.status == NOT_KEPT {
        // What is shown once is not shown again.
        return Err(Code::NotNow.into());
    }
    let status = StatusCode::from_u16(answer.status).map_err(|error| Problem::fault(&error))?;
    let mut response = answer.body.into_response();
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    if let Ok(media) = HeaderValue::from_str(&answer.content_type)
        && !media.is_empty()
    {
        headers.insert(header::CONTENT_TYPE, media);
    }
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}

/// Keeps an answer that would be the same again. Who was not let in, or came too often, or met a
/// fault, may try again with the same key.
async fn settle(app: &App, receipt: Receipt, declared: Declared, response: Response) -> Response {
    let people = app.vault.people();
    let status = response.status();
    if !(status.is_success() || status == StatusCode::CONFLICT) {
        if let Err(error) = people.abandon(receipt).await {
            tracing::error!(%error, "a receipt stands open");
        }
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = body.collect().await else {
        return Problem::new(Code::Fault).into_response();
    };
    let body = body.to_bytes();
    let media = parts.headers.get(header::CONTENT_TYPE).and_then(|media| media.to_str().ok());
    let secret = declared.secret && status.is_success();
    let text = std::str::from_utf8(&body).ok().filter(|text| !secret && text.len() <= LONGEST);
    let answer = Answer {
        status: text.map_or(NOT_KEPT, |_| status.as_u16()),
        content_type: media.unwrap_or_default().to_owned(),
        body: text.unwrap_or_default().to_owned(),
    };
    // The write was done; what is lost is only that it can be answered again.
    if let Err(error) = people.finish(receipt, &answer).await {
        tracing::error!(%error, "an answer could not be kept");
    }
    Response::from_parts(parts, Body::from(body))
}
