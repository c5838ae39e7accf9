//! The Open Inference Protocol, version 2, as KServe and Triton speak it: health, what models take
//! and give, and `infer` with files of images (`BYTES`) or with tensors that are prepared (`FP32`),
//! as JSON or with binary data behind it.

mod tensor;

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Serving;
use super::answer::{self, Answered, Asked};
use super::manners::is_id;
use super::reading;
use super::refusal::{Reason, Refusal};
use tensor::Content;

/// The names of what comes out.
const OUTPUTS: [&str; 3] = ["probabilities", "embedding", "label"];
/// Bytes of a request beside its images.
const BESIDE: u64 = 1 << 20;

/// A request.
#[derive(Debug, Deserialize)]
struct InferRequest {
    id: Option<String>,
    inputs: Vec<InputTensor>,
    #[serde(default)]
    outputs: Vec<OutputWanted>,
}

/// A tensor that comes in.
#[derive(Debug, Deserialize)]
struct InputTensor {
    name: String,
    shape: Vec<usize>,
    datatype: String,
    #[serde(default)]
    parameters: BTreeMap<String, Value>,
    data: Option<Value>,
}

/// An output that is wanted.
#[derive(Debug, Deserialize)]
struct OutputWanted {
    name: String,
}

/// A tensor that goes out.
#[derive(Debug, Serialize)]
struct OutputTensor {
    name: &'static str,
    shape: Vec<usize>,
    datatype: &'static str,
    data: Value,
}

/// `GET /v2`.
pub(super) async fn server() -> Response {
    let version = env!("CARGO_PKG_VERSION");
    let extensions = ["binary_tensor_data"];
    Json(json!({ "name": "tally", "version": version, "extensions": extensions })).into_response()
}

/// `GET /v2/health/live`.
pub(super) async fn live() -> Response {
    Json(json!({ "live": true })).into_response()
}

/// `GET /v2/health/ready`: not any more once it is told to stop.
pub(super) async fn ready(State(serving): State<Serving>) -> Response {
    told("ready", !serving.is_stopping())
}

fn told(name: &str, well: bool) -> Response {
    let status = if well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ name: well }))).into_response()
}

/// The model and perhaps the version of a path.
#[derive(Debug, Deserialize)]
pub(super) struct Named {
    model: String,
    version: Option<String>,
}

/// `GET /v2/models/{model}[/versions/{version}]/ready`.
pub(super) async fn model_ready(
    State(serving): State<Serving>,
    Path(named): Path<Named>,
) -> Result<Response, Refusal> {
    serving.service.models().version(Some(&named.model), named.version.as_deref())?;
    Ok(told("ready", !serving.is_stopping()))
}

/// `GET /v2/models/{model}[/versions/{version}]`.
pub(super) async fn model(
    State(serving): State<Serving>,
    Path(named): Path<Named>,
) -> Result<Response, Refusal> {
    let models = serving.service.models();
    let found = models.version(Some(&named.model), named.version.as_deref())?;
    let state = models.states().into_iter().find(|state| state.model == named.model);
    let versions = state.map(|state| state.versions).unwrap_or_default();
    let (side, classes) = (i64::from(found.side), found.classes().len());
    let classes = i64::try_from(classes).unwrap_or(i64::MAX);
    Ok(Json(json!({
        "name": found.model,
        "versions": versions,
        "platform": "onnx",
        "inputs": [port("image", "BYTES", &[-1]), port("input", "FP32", &[-1, 3, side, side])],
        "outputs": [
            port("probabilities", "FP32", &[-1, classes]),
            port("embedding", "FP32", &[-1, -1]),
            port("label", "BYTES", &[-1]),
        ],
        "parameters": { "classes": found.classes(), "package": &*found.digest },
    }))
    .into_response())
}

/// What goes in or comes out; -1 stands for any length.
fn port(name: &str, kind: &str, shape: &[i64]) -> Value {
    json!({ "name": name, "datatype": kind, "shape": shape })
}

/// `POST /v2/models/{model}[/versions/{version}]/infer`.
pub(super) async fn infer(
    State(serving): State<Serving>,
    Path(named): Path<Named>,
    request: Request,
) -> Result<Response, Refusal> {
    let (headers, extensions) = (request.headers().clone(), request.extensions().clone());
    let most = serving.config.images;
    let limit = serving.config.loading.limits.image_bytes;
    // Base64 in JSON is a third longer than what it holds.
    let limit = limit.saturating_mul(most as u64).saturating_mul(2).saturating_add(BESIDE);
    let body = reading::body(request, limit, serving.config.body_time).await?;
    let mut asked = Asked::of(&extensions, &serving)?;
    // The protocol has no place for one image that failed: then none is given, and none counts.
    asked.whole = true;
    let (request, binary) = split(&headers, &body)?;
    if let Some(id) = request.id {
        // The protocol's own id counts where the header gives none.
        if !is_id(&id) {
            return Err(Refusal::new(Reason::BadRequestId));
        }
        if !headers.contains_key("x-request-id") {
            asked.request = id;
        }
    }
    let wanted: Vec<&str> = match request.outputs.as_slice() {
        [] => vec![OUTPUTS[0]],
        some => some.iter().map(|output| output.name.as_str()).collect(),
    };
    if let Some(unknown) = wanted.iter().find(|name| !OUTPUTS.contains(name)) {
        return Err(Refusal::tensor(format!("there is no output {unknown}")));
    }
    let [input] = request.inputs.as_slice() else {
        return Err(Refusal::tensor("exactly one input is taken"));
    };
    let models = serving.service.models();
    let chosen = models.choose(Some(&named.model), named.version.as_deref(), &asked.request)?;
    let version = &chosen.version;
    let answers = match tensor::read(input, binary, version.side, most)? {
        Content::Images(images) => {
            let checked = images.into_iter().map(|bytes| {
                let upload = reading::Upload::new(bytes);
                let checked = upload.check();
                (upload.bytes, checked)
            });
            answer::images(&serving, &chosen, &asked, checked.collect()).await?
        }
        Content::Numbers { values, images } => {
            let version = std::sync::Arc::clone(version);
            answer::numbers(&serving, version, &asked, values, images).await?
        }
    };
    let answers = answers.into_iter().collect::<Result<Vec<_>, _>>()?;
    let outputs: Vec<_> = OUTPUTS.iter().filter(|name| wanted.contains(name)).collect();
    let outputs: Vec<_> = outputs.into_iter().map(|name| output(name, version, &answers)).collect();
    let cached: Vec<bool> = answers.iter().map(|answered| answered.cached).collect();
    let billed: Vec<bool> = answers.iter().map(|answered| answered.billed).collect();
    Ok(Json(json!({
        "model_name": version.model,
        "model_version": version.version,
        "id": asked.request,
        "parameters": { "cached": cached, "billed": billed },
        "outputs": outputs,
    }))
    .into_response())
}

/// The JSON of a request and the binary data behind it.
fn split(headers: &HeaderMap, body: &Bytes) -> Result<(InferRequest, Bytes), Refusal> {
    let length = headers.get("inference-header-content-length");
    let length = match length.map(|value| value.to_str().ok()?.parse::<usize>().ok()) {
        None => body.len(),
        Some(Some(length)) if length <= body.len() => length,
        Some(_) => return Err(Refusal::tensor("Inference-Header-Content-Length is wrong")),
    };
    let request = serde_json::from_slice(body.get(..length).unwrap_or_default());
    let request = request.map_err(|error| Refusal::tensor(error.to_string()))?;
    Ok((request, body.slice(length..)))
}

fn output(
    name: &'static str,
    version: &classification::Version,
    answers: &[Answered],
) -> OutputTensor {
    let rows = |row: fn(&Answered) -> &Vec<f32>| {
        let width = answers.first().map_or(0, |one| row(one).len());
        let data: Vec<f32> = answers.iter().flat_map(|one| row(one).iter().copied()).collect();
        OutputTensor {
            name,
            shape: vec![answers.len(), width],
            datatype: "FP32",
            data: json!(data),
        }
    };
    match name {
        "probabilities" => rows(|one| &one.answer.probabilities),
        "embedding" => rows(|one| &one.answer.embedding),
        _ => {
            let label = |one: &Answered| version.ranked(&one.answer).first().map(|best| best.0);
            let data: Vec<_> = answers.iter().map(label).collect();
            OutputTensor { name, shape: vec![answers.len()], datatype: "BYTES", data: json!(data) }
        }
    }
}
