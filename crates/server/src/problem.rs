//! What an answer says when it is no success: a problem document of RFC 9457 with a stable code.
//! A contract's refusal is a problem with its clause and its values; a fault says nothing but the
//! request's id. The sentence is made last, in the reader's language, in [`crate::finish`].

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use contract::Refusal;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use units::{ClauseId, Lang};

use crate::words::problems;

/// The media type of every problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// The stable codes of this interface. A contract's refusal has its own code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// There is no such thing, or it is not yours.
    NotFound,
    /// The thing is there and does not know this method.
    MethodNotAllowed,
    /// Nobody is signed in.
    SignInNeeded,
    /// The second step of signing in is missing.
    CodeNeeded,
    /// The e-mail, the password or the code is wrong.
    WrongCredentials,
    /// The role does not allow it.
    RoleMissing,
    /// The scope of the key does not allow it.
    KeyScope,
    /// The person must prove who they are once more.
    ConfirmNeeded,
    /// The header `X-CSRF-Token` is missing or wrong.
    CsrfToken,
    /// The request comes from another site.
    ForeignOrigin,
    /// The request asks for another host.
    WrongHost,
    /// A path, a query or a header cannot be read.
    BadRequest,
    /// The body is no JSON, or not of the documented shape.
    BadBody,
    /// The body is of another media type.
    UnsupportedMediaType,
    /// The body is larger than allowed.
    TooLarge,
    /// The body did not come in time.
    BodyTimeout,
    /// The answer took too long.
    Timeout,
    /// Too many requests.
    RateLimited,
    /// Everything is busy.
    Busy,
    /// A write without `Idempotency-Key`.
    IdempotencyKeyMissing,
    /// The same `Idempotency-Key` with another request.
    IdempotencyKeyReused,
    /// The first request with this `Idempotency-Key` still runs.
    IdempotencyRunning,
    /// The terms have errors.
    BadTerms,
    /// There is one of this name already.
    Exists,
    /// The input reads, and what it asks for cannot be.
    Invalid,
    /// Signed in already, set up already, used already: the time for it is over.
    NotNow,
    /// The period names nothing that can be settled.
    UnknownPeriod,
    /// The period cannot be settled.
    CannotSettle,
    /// The clock's decisions changed the statement: look at it again.
    StatementDiffers,
    /// The signature does not hold.
    Signature,
    /// Findings of high risk that nobody approved.
    RedFinding,
    /// The file cannot be read as what it should be.
    UnreadableFile,
    /// A field cannot be used.
    InvalidField,
    /// The password is too short.
    ShortPassword,
    /// The current password or the code is wrong.
    WrongProof,
    /// An organisation keeps an owner.
    LastOwner,
    /// More than there may be.
    TooMany,
    /// Somebody else changed it meanwhile.
    ChangedMeanwhile,
    /// The passkey is unknown, or its answer does not hold.
    PasskeyRefused,
    /// The exchange with the authenticator is over, or was used.
    CeremonyOver,
    /// The deployment is at a numeric address, for which browsers have no passkeys.
    PasskeysUnavailable,
    /// Nothing may be sent to the address.
    AddressRefused,
    /// The sign-in provider does not answer as it should.
    ProviderUnreachable,
    /// No language model is configured.
    NoModel,
    /// The deployment shuts down.
    Stopping,
    /// A disk, a format or a bug.
    Fault,
}

/// Something that is wrong at one place of the input.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct FieldError {
    /// Where, as a JSON pointer (RFC 6901) or a path of the agreement.
    pub pointer: String,
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The column, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
    /// What is wrong, as a code.
    pub code: String,
    /// What is wrong, as a sentence.
    pub detail: String,
}

/// A problem on its way out.
#[derive(Debug, Clone)]
pub struct Problem {
    code: Code,
    refusal: Option<Box<Refusal>>,
    fields: Map<String, Value>,
    errors: Vec<FieldError>,
    /// The clause that forbids it, where it is not a refusal that names its own.
    clause: Option<Box<ClauseId>>,
    /// A sentence of its own, Chinese first.
    said: Option<Box<(String, String)>>,
    retry_after: Option<u64>,
    /// What is written to the log and never to the answer.
    pub(crate) cause: Option<String>,
}

/// The body of every answer that is no success (RFC 9457).
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub struct ProblemBody {
    /// `urn:tallystick:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// What kind of problem, in the reader's language.
    pub title: String,
    /// The status of the answer.
    #[schemars(range(min = 400, max = 599))]
    pub status: u16,
    /// A sentence in the reader's language.
    pub detail: String,
    /// The stable code.
    pub code: String,
    /// The clause that forbids it, where one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<ClauseId>,
    /// The values that explain a refusal.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub fields: Map<String, Value>,
    /// What is wrong at which place of the input.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// The request's id: give it to whoever runs the deployment.
    pub request_id: String,
}

impl Code {
    /// Every code, for the documentation.
    pub const ALL: [Self; 46] = [
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::SignInNeeded,
        Self::CodeNeeded,
        Self::WrongCredentials,
        Self::RoleMissing,
        Self::KeyScope,
        Self::ConfirmNeeded,
        Self::CsrfToken,
        Self::ForeignOrigin,
        Self::WrongHost,
        Self::BadRequest,
        Self::BadBody,
        Self::UnsupportedMediaType,
        Self::TooLarge,
        Self::BodyTimeout,
        Self::Timeout,
        Self::RateLimited,
        Self::Busy,
        Self::IdempotencyKeyMissing,
        Self::IdempotencyKeyReused,
        Self::IdempotencyRunning,
        Self::BadTerms,
        Self::Exists,
        Self::Invalid,
        Self::NotNow,
        Self::UnknownPeriod,
        Self::CannotSettle,
        Self::StatementDiffers,
        Self::Signature,
        Self::RedFinding,
        Self::UnreadableFile,
        Self::InvalidField,
        Self::ShortPassword,
        Self::WrongProof,
        Self::LastOwner,
        Self::TooMany,
        Self::ChangedMeanwhile,
        Self::PasskeyRefused,
        Self::CeremonyOver,
        Self::PasskeysUnavailable,
        Self::AddressRefused,
        Self::ProviderUnreachable,
        Self::NoModel,
        Self::Stopping,
        Self::Fault,
    ];

    /// The code as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::SignInNeeded => "sign_in_needed",
            Self::CodeNeeded => "code_needed",
            Self::WrongCredentials => "wrong_credentials",
            Self::RoleMissing => "role_missing",
            Self::KeyScope => "key_scope",
            Self::ConfirmNeeded => "confirm_needed",
            Self::CsrfToken => "csrf_token",
            Self::ForeignOrigin => "foreign_origin",
            Self::WrongHost => "wrong_host",
            Self::BadRequest => "bad_request",
            Self::BadBody => "bad_body",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::TooLarge => "too_large",
            Self::BodyTimeout => "body_timeout",
            Self::Timeout => "timeout",
            Self::RateLimited => "rate_limited",
            Self::Busy => "busy",
            Self::IdempotencyKeyMissing => "idempotency_key_missing",
            Self::IdempotencyKeyReused => "idempotency_key_reused",
            Self::IdempotencyRunning => "idempotency_running",
            Self::BadTerms => "bad_terms",
            Self::Exists => "exists",
            Self::Invalid => "invalid",
            Self::NotNow => "not_now",
            Self::UnknownPeriod => "unknown_period",
            Self::CannotSettle => "cannot_settle",
            Self::StatementDiffers => "statement_differs",
            Self::Signature => "signature",
            Self::RedFinding => "red_finding",
            Self::UnreadableFile => "unreadable_file",
            Self::InvalidField => "invalid_field",
            Self::ShortPassword => "short_password",
            Self::WrongProof => "wrong_proof",
            Self::LastOwner => "last_owner",
            Self::TooMany => "too_many",
            Self::ChangedMeanwhile => "changed_meanwhile",
            Self::PasskeyRefused => "passkey_refused",
            Self::CeremonyOver => "ceremony_over",
            Self::PasskeysUnavailable => "passkeys_unavailable",
            Self::AddressRefused => "address_refused",
            Self::ProviderUnreachable => "provider_unreachable",
            Self::NoModel => "no_model",
            Self::Stopping => "stopping",
            Self::Fault => "fault",
        }
    }

    /// The status that goes with it.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::BadRequest | Self::BadBody | Self::IdempotencyKeyMissing => {
                StatusCode::BAD_REQUEST
            }
            Self::SignInNeeded | Self::CodeNeeded | Self::WrongCredentials => {
                StatusCode::UNAUTHORIZED
            }
            Self::RoleMissing
            | Self::KeyScope
            | Self::ConfirmNeeded
            | Self::CsrfToken
            | Self::ForeignOrigin => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::IdempotencyRunning
            | Self::BadTerms
            | Self::Exists
            | Self::Invalid
            | Self::NotNow
            | Self::UnknownPeriod
            | Self::CannotSettle
            | Self::StatementDiffers
            | Self::Signature
            | Self::RedFinding
            | Self::UnreadableFile
            | Self::LastOwner
            | Self::TooMany
            | Self::CeremonyOver
            | Self::PasskeysUnavailable
            | Self::NoModel
            | Self::ChangedMeanwhile => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::WrongHost => StatusCode::MISDIRECTED_REQUEST,
            Self::IdempotencyKeyReused
            | Self::InvalidField
            | Self::ShortPassword
            | Self::WrongProof
            | Self::PasskeyRefused
            | Self::AddressRefused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Self::Timeout | Self::Busy | Self::ProviderUnreachable | Self::Stopping => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Fault => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl Problem {
    /// A problem of a code.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self {
            code,
            refusal: None,
            fields: Map::new(),
            errors: Vec::new(),
            clause: None,
            said: None,
            retry_after: None,
            cause: None,
        }
    }

    /// With a value that explains it.
    #[must_use]
    pub fn field(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(name.to_owned(), value.into());
        self
    }

    /// With what is wrong at a place.
    #[must_use]
    pub fn at(mut self, error: FieldError) -> Self {
        self.errors.push(error);
        self
    }

    /// With a sentence of its own in both languages.
    #[must_use]
    pub fn said(mut self, zh: String, en: String) -> Self {
        self.said = Some(Box::new((zh, en)));
        self
    }

    /// With the clause that forbids it.
    #[must_use]
    pub fn clause(mut self, clause: &str) -> Self {
        self.clause = ClauseId::new(clause).ok().map(Box::new);
        self
    }

    /// A field that cannot be used.
    #[must_use]
    pub fn invalid(field: &str) -> Self {
        Self::new(Code::InvalidField).field("field", field)
    }

    /// With how many seconds to wait.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// A fault, whose cause goes to the log alone.
    pub fn fault(error: &(dyn std::error::Error + 'static)) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            text = format!("{text}: {cause}");
            source = cause.source();
        }
        Self { cause: Some(text), ..Self::new(Code::Fault) }
    }

    /// The status of the answer.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self.refusal {
            Some(_) => StatusCode::CONFLICT,
            None => self.code.status(),
        }
    }

    /// The code of this interface; a refusal counts as [`Code::Invalid`].
    #[must_use]
    pub const fn code(&self) -> Code {
        self.code
    }

    /// The document in a language.
    #[must_use]
    pub fn body(&self, lang: Lang, request_id: &str) -> ProblemBody {
        let (mut code, mut fields) = (self.code.as_str().to_owned(), self.fields.clone());
        let (title, detail) = match &self.refusal {
            Some(refusal) => {
                if let Ok(Value::Object(values)) = serde_json::to_value(refusal) {
                    fields.extend(values);
                }
                if let Some(Value::String(own)) = fields.remove("code") {
                    code = own;
                }
                problems::refusal(refusal, lang)
            }
            None => problems::problem(self.code, &self.fields, lang),
        };
        let detail = match (&self.said, lang) {
            (Some(said), Lang::Zh) => said.0.clone(),
            (Some(said), Lang::En) => said.1.clone(),
            (None, _) => detail,
        };
        ProblemBody {
            kind: format!("urn:tallystick:problem:{code}"),
            title,
            status: self.status().as_u16(),
            detail,
            code,
            clause: match &self.refusal {
                Some(refusal) => refusal.clause(),
                None => self.clause.as_deref().cloned(),
            },
            fields,
            errors: self.errors.clone(),
            request_id: request_id.to_owned(),
        }
    }
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self { refusal: Some(Box::new(refusal)), ..Self::new(Code::Invalid) }
    }
}

impl IntoResponse for Problem {
    /// The status alone; [`crate::finish`] finds the problem among the extensions and writes it.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status() == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer realm=\"tallystick\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response.extensions_mut().insert(self);
        response
    }
}
