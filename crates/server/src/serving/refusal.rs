//! What this service says when it does not answer: problem documents of RFC 9457, each with a
//! stable code; the sentences stand in `words::serving`.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use classification::{LedgerError, LoadError, ModelError, Refused, StandingError};
use media::Problem;
use serde_json::{Map, Value};
use units::Lang;

use crate::problem::ProblemBody;
pub(super) use crate::words::serving::Reason;

/// A refusal on its way out.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub(super) reason: Reason,
    fields: Map<String, Value>,
    retry_after: Option<u64>,
    /// What is written to the log and never to the answer.
    pub(super) cause: Option<String>,
}

impl Refusal {
    pub(super) fn new(reason: Reason) -> Self {
        Self { reason, fields: Map::new(), retry_after: None, cause: None }
    }

    /// With a value that explains it.
    pub(super) fn field(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(name.to_owned(), value.into());
        self
    }

    fn because(mut self, cause: impl std::fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    pub(super) fn tensor(said: impl Into<String>) -> Self {
        Self::new(Reason::BadTensor).field("said", said.into())
    }

    /// The document in a language.
    pub(super) fn body(&self, lang: Lang, request_id: &str) -> ProblemBody {
        let (title, detail) = self.reason.said(lang);
        let mut detail = detail.to_owned();
        for (name, value) in &self.fields {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            detail = detail.replace(&format!("{{{name}}}"), &text);
        }
        let code = self.reason.code();
        ProblemBody {
            kind: format!("urn:tallystick:problem:{code}"),
            title: title.to_owned(),
            status: self.reason.status(),
            detail,
            code: code.to_owned(),
            clause: None,
            fields: self.fields.clone(),
            errors: Vec::new(),
            request_id: request_id.to_owned(),
        }
    }
}

impl IntoResponse for Refusal {
    /// The status alone; `manners` finds the refusal among the extensions and writes it.
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.reason.status());
        let mut response = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.reason == Reason::KeyNeeded {
            let challenge = HeaderValue::from_static("Bearer realm=\"tallystick\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Full { retry_after_s } => {
                Self { retry_after: Some(retry_after_s), ..Self::new(Reason::QueueFull) }
            }
            Refused::Late => Self::new(Reason::Deadline),
            Refused::Image(fault) => Self::from(&fault.problem),
            Refused::Tensor { said } => Self::tensor(said),
            Refused::Broken { said } => Self::new(Reason::Fault).because(said),
            Refused::Stopping => Self::new(Reason::Stopping),
        }
    }
}

impl From<&Problem> for Refusal {
    fn from(problem: &Problem) -> Self {
        match problem {
            Problem::Empty => Self::new(Reason::Empty),
            Problem::TooLarge { limit, .. } => Self::new(Reason::TooLarge).field("limit", *limit),
            Problem::TooManyPixels { width, height, limit } => Self::new(Reason::TooManyPixels)
                .field("width", *width)
                .field("height", *height)
                .field("limit", *limit),
            Problem::TooMuchMemory { .. } => Self::new(Reason::TooMuchMemory),
            Problem::Truncated => Self::new(Reason::Truncated),
            Problem::Corrupt { .. } => Self::new(Reason::Corrupt),
            Problem::Unsupported { .. } => Self::new(Reason::Unsupported),
            _ => Self::new(Reason::NotAnImage),
        }
    }
}

impl From<LedgerError> for Refusal {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Reused { request, position } => {
                Self::new(Reason::Reused).field("request", request).field("position", position)
            }
            LedgerError::Closed => Self::new(Reason::Stopping),
            error => Self::new(Reason::NotRecorded).because(error),
        }
    }
}

impl From<ModelError> for Refusal {
    fn from(error: ModelError) -> Self {
        let (reason, model, version) = match error {
            ModelError::NoModel { model } => (Reason::NoSuchModel, model, None),
            ModelError::NoVersion { model, version } => {
                (Reason::NoSuchVersion, model, Some(version))
            }
            ModelError::Exists { model, version } => (Reason::VersionExists, model, Some(version)),
            ModelError::InUse { model, version } => (Reason::VersionInUse, model, Some(version)),
            ModelError::NoWayBack { model } => (Reason::NoWayBack, model, None),
            ModelError::TooMany { model } => (Reason::TooManyVersions, model, None),
            ModelError::Share { percent } => {
                return Self::new(Reason::BadShare).field("percent", percent);
            }
        };
        let refusal = Self::new(reason).field("model", model);
        match version {
            Some(version) => refusal.field("version", version),
            None => refusal,
        }
    }
}

impl From<LoadError> for Refusal {
    fn from(error: LoadError) -> Self {
        Self::new(Reason::PackageRefused)
            .field("why", error.code())
            .field("said", error.to_string())
            .because(error)
    }
}

impl From<StandingError> for Refusal {
    fn from(error: StandingError) -> Self {
        Self::new(Reason::NotKept).because(error)
    }
}
