//! The first run, signing in and out, who one is, and confirming it.

use axum::extract::{FromRequest as _, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use desk::people::{Me, MyChange, NewPerson, Origin, Proof, SessionView, SignIn};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::Timestamp;

use crate::app::App;
use crate::auth::{COOKIE, Gate, Signed, origin, session_token};
use crate::extract::{Json, Path};
use crate::problem::{Code, Problem};
use crate::route::Route;
use crate::views::List;

/// Whether the deployment waits for its first person.
#[derive(Debug, Serialize, JsonSchema)]
struct SetupView {
    /// Whether nobody is here yet.
    needed: bool,
    /// Whether the clock is set by hand and keys are not secret.
    rehearsal: bool,
    /// The deployment's name.
    deployment: String,
}

/// The first organisation and person.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SetupBody {
    /// From the link that the server printed.
    #[schemars(length(min = 1, max = 128))]
    token: String,
    organisation: OrganisationBody,
    person: PersonBody,
}

/// An organisation to be.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrganisationBody {
    #[schemars(length(min = 1, max = 120))]
    pub(crate) name: String,
}

/// A person to be.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PersonBody {
    #[schemars(length(min = 1, max = 120))]
    name: String,
    #[schemars(length(min = 3, max = 254), regex(pattern = "^[!-?A-~]+@[!-?A-~]+$"))]
    email: String,
    /// At least 12 characters.
    #[schemars(length(min = 1, max = 256))]
    password: Secret,
    lang: LangCode,
}

/// A text that is never written to a log.
#[derive(Deserialize, JsonSchema)]
#[serde(transparent)]
pub(crate) struct Secret(pub(crate) String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum LangCode {
    Zh,
    En,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum ThemeCode {
    System,
    Light,
    Dark,
}

/// An e-mail and a password.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SignInBody {
    #[schemars(length(min = 1, max = 254))]
    email: String,
    #[schemars(length(min = 1, max = 256))]
    password: Secret,
}

/// How far a sign-in got.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
enum SignInView {
    /// Signed in.
    SignedIn { me: Box<Me> },
    /// A one-time code must follow.
    CodeNeeded,
}

/// A one-time code or a recovery code.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CodeBody {
    #[schemars(length(min = 1, max = 64))]
    code: Secret,
}

/// What proves once more who one is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ConfirmBody {
    #[schemars(length(max = 256))]
    password: Option<Secret>,
    #[schemars(length(max = 64))]
    code: Option<Secret>,
}

/// Until when sensitive steps need no further proof.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ConfirmedView {
    pub(crate) confirmed_until: Timestamp,
    /// What every write of the session must carry from now on.
    pub(crate) csrf: Option<String>,
}

/// The organisation to act for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SwitchBody {
    #[schemars(length(min = 1, max = 128))]
    id: String,
}

/// What a person changes about themselves.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct MeBody {
    #[schemars(length(min = 1, max = 120))]
    name: Option<String>,
    lang: Option<LangCode>,
    theme: Option<ThemeCode>,
}

/// A new password.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PasswordBody {
    #[schemars(length(min = 1, max = 256))]
    current: Secret,
    #[schemars(length(min = 1, max = 256))]
    new: Secret,
}

/// A secret for one-time codes, to scan or to type.
#[derive(Debug, Serialize, JsonSchema)]
struct TotpView {
    secret: String,
    uri: String,
    /// The address as a picture to scan.
    svg: String,
}

/// Codes for when the authenticator is lost, each good once. Shown once.
#[derive(Debug, Serialize, JsonSchema)]
struct RecoveryView {
    recovery_codes: Vec<String>,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/setup", "get_setup", setup)
            .about("Whether the deployment waits for its first person")
            .gate(Gate::Public)
            .gives::<SetupView>(),
        Route::post("/setup", "set_up", set_up)
            .about("Takes the first organisation and person, and signs them in")
            .gate(Gate::Public)
            .free()
            .takes::<SetupBody>()
            .gives::<Me>(),
        Route::post("/session", "sign_in", sign_in)
            .about("Signs in with e-mail and password")
            .gate(Gate::Public)
            .free()
            .takes::<SignInBody>()
            .gives::<SignInView>(),
        Route::post("/session/code", "sign_in_code", sign_in_code)
            .about("The second step: a one-time code or a recovery code")
            .gate(Gate::Public)
            .free()
            .takes::<CodeBody>()
            .gives::<Me>(),
        Route::get("/session", "get_session", me)
            .about("Who is signed in, and the token that every write must carry")
            .gives::<Me>(),
        Route::delete("/session", "sign_out", sign_out).about("Ends the session").free().nothing(),
        Route::post("/session/confirm", "confirm", confirm)
            .about("Proves once more who one is, before signing, paying or letting people in")
            .free()
            .takes::<ConfirmBody>()
            .gives::<ConfirmedView>(),
        Route::post("/session/organisation", "switch_organisation", switch)
            .about("Acts for another organisation of one's own")
            .free()
            .takes::<SwitchBody>()
            .gives::<Me>(),
        Route::get("/sessions", "list_sessions", sessions)
            .about("One's own sessions, the latest first")
            .gives::<List<SessionView>>(),
        Route::delete("/sessions/{session}", "end_session", end_session)
            .about("Ends one of one's own sessions")
            .nothing(),
        Route::post("/me", "change_me", change_me)
            .about("Changes one's name, language or theme")
            .takes::<MeBody>()
            .gives::<Me>(),
        Route::post("/me/password", "change_password", change_password)
            .about("Changes one's password; other sessions end")
            .takes::<PasswordBody>()
            .nothing(),
        Route::post("/me/totp", "begin_totp", begin_totp)
            .about("A secret for one-time codes; on once a code was entered")
            .secret()
            .gives::<TotpView>(),
        Route::post("/me/totp/confirm", "confirm_totp", confirm_totp)
            .about("Turns one-time codes on; answers recovery codes, once")
            .secret()
            .takes::<CodeBody>()
            .gives::<RecoveryView>(),
        Route::delete("/me/totp", "remove_totp", remove_totp)
            .about("Turns one-time codes off")
            .nothing(),
    ]
}

impl PersonBody {
    pub(crate) fn person(self) -> NewPerson {
        let lang = self.lang.code().to_owned();
        NewPerson { name: self.name, email: self.email, password: self.password.0, lang }
    }
}

impl LangCode {
    const fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }
}

/// Where a request comes from.
pub(crate) struct From_(pub(crate) Origin);

impl axum::extract::FromRequestParts<App> for From_ {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Ok(Self(origin(app, &parts.extensions, &parts.headers)))
    }
}

/// The answer with the cookie of a session.
pub(crate) fn with_cookie(response: impl IntoResponse, token: &str) -> Response {
    let cookie = cookie::Cookie::build((COOKIE, token.to_owned()))
        .http_only(true)
        .secure(true)
        .same_site(cookie::SameSite::Lax)
        .path("/")
        .build();
    put_cookie(response.into_response(), &cookie)
}

fn put_cookie(mut response: Response, cookie: &cookie::Cookie<'_>) -> Response {
    let value = HeaderValue::from_str(&cookie.to_string()).expect("tokens are hexadecimal digits");
    response.headers_mut().append(header::SET_COOKIE, value);
    response
}

fn without_cookie(response: impl IntoResponse) -> Response {
    let mut cookie = cookie::Cookie::build((COOKIE, ""))
        .http_only(true)
        .secure(true)
        .same_site(cookie::SameSite::Lax)
        .path("/")
        .build();
    cookie.make_removal();
    put_cookie(response.into_response(), &cookie)
}

/// Who a new session's token belongs to, with its cookie.
pub(crate) async fn signed_in(
    app: &App,
    token: &str,
    origin: &Origin,
) -> Result<Response, Problem> {
    let me = me_of(app, token, origin).await?;
    Ok(with_cookie(Json(me), token))
}

async fn me_of(app: &App, token: &str, origin: &Origin) -> Result<Me, Problem> {
    let people = app.vault.people();
    let caller = people.caller(token, origin).await?.ok_or(Problem::new(Code::SignInNeeded))?;
    Ok(people.me(&caller).await?)
}

async fn setup(State(app): State<App>) -> Result<Json<SetupView>, Problem> {
    let (deployment, rehearsal) = app.vault.deployment();
    let needed = app.vault.people().setup_needed().await?;
    Ok(Json(SetupView { needed, rehearsal, deployment }))
}

async fn set_up(
    State(app): State<App>,
    From_(origin): From_,
    Json(body): Json<SetupBody>,
) -> Result<Response, Problem> {
    app.limits.proof(&origin.address)?;
    let person = body.person.person();
    let people = app.vault.people();
    let token = people.set_up(&body.token, &body.organisation.name, &person, &origin).await?;
    signed_in(&app, &token, &origin).await
}

async fn sign_in(
    State(app): State<App>,
    From_(origin): From_,
    Json(body): Json<SignInBody>,
) -> Result<Response, Problem> {
    app.limits.proof(&origin.address)?;
    let found = app.vault.people().sign_in(&body.email, &body.password.0, &origin).await?;
    match found {
        SignIn::Whole { token } => {
            let me = Box::new(me_of(&app, &token, &origin).await?);
            Ok(with_cookie(Json(SignInView::SignedIn { me }), &token))
        }
        SignIn::CodeNeeded { token } => Ok(with_cookie(Json(SignInView::CodeNeeded), &token)),
    }
}

async fn sign_in_code(
    State(app): State<App>,
    From_(origin): From_,
    headers: axum::http::HeaderMap,
    Json(body): Json<CodeBody>,
) -> Result<Response, Problem> {
    app.limits.proof(&origin.address)?;
    let half = session_token(&headers).ok_or(Problem::new(Code::SignInNeeded))?;
    let token = app.vault.people().sign_in_code(&half, &body.code.0, &origin).await?;
    signed_in(&app, &token, &origin).await
}

async fn me(signed: Signed) -> Result<Json<Me>, Problem> {
    Ok(Json(signed.people().me(&signed.caller).await?))
}

async fn sign_out(signed: Signed) -> Result<Response, Problem> {
    signed.people().sign_out(&signed.caller).await?;
    Ok(without_cookie(axum::http::StatusCode::NO_CONTENT))
}

async fn confirm(
    signed: Signed,
    From_(origin): From_,
    Json(body): Json<ConfirmBody>,
) -> Result<Response, Problem> {
    signed.app.limits.proof(&origin.address)?;
    let (password, code) = (body.password.map(|one| one.0), body.code.map(|one| one.0));
    let proof = Proof { password, code };
    let (token, until) = signed.people().confirm(&signed.caller, &proof).await?;
    confirmed(&signed.app, &token, until, &origin).await
}

/// The answer of a confirmation: the session goes on under another token.
pub(crate) async fn confirmed(
    app: &App,
    token: &str,
    confirmed_until: Timestamp,
    origin: &Origin,
) -> Result<Response, Problem> {
    let csrf = me_of(app, token, origin).await?.csrf;
    Ok(with_cookie(Json(ConfirmedView { confirmed_until, csrf }), token))
}

async fn switch(
    signed: Signed,
    From_(origin): From_,
    request: Request,
) -> Result<Response, Problem> {
    let token = session_token(request.headers()).ok_or(Problem::new(Code::SignInNeeded))?;
    let Json(body) = Json::<SwitchBody>::from_request(request, &signed.app).await?;
    signed.people().switch_organisation(&signed.caller, &body.id).await?;
    Ok(Json(me_of(&signed.app, &token, &origin).await?).into_response())
}

async fn sessions(signed: Signed) -> Result<Json<List<SessionView>>, Problem> {
    Ok(Json(signed.people().sessions(&signed.caller).await?.into()))
}

/// An answer without a body.
pub(crate) type Nothing = Result<axum::http::StatusCode, Problem>;
pub(crate) const NOTHING: Nothing = Ok(axum::http::StatusCode::NO_CONTENT);

async fn end_session(signed: Signed, Path(id): Path<String>) -> Nothing {
    signed.people().end_session(&signed.caller, &id).await?;
    NOTHING
}

async fn change_me(signed: Signed, Json(body): Json<MeBody>) -> Result<Json<Me>, Problem> {
    let theme = body.theme.map(|theme| match theme {
        ThemeCode::System => "system",
        ThemeCode::Light => "light",
        ThemeCode::Dark => "dark",
    });
    let change = MyChange {
        name: body.name,
        lang: body.lang.map(|lang| lang.code().to_owned()),
        theme: theme.map(str::to_owned),
    };
    signed.people().change_me(&signed.caller, &change).await?;
    me(signed).await
}

async fn change_password(signed: Signed, Json(body): Json<PasswordBody>) -> Nothing {
    let people = signed.people();
    people.change_password(&signed.caller, &body.current.0, &body.new.0).await?;
    NOTHING
}

async fn begin_totp(signed: Signed) -> Result<Json<TotpView>, Problem> {
    let setup = signed.people().begin_code(&signed.caller).await?;
    let picture = qrcode::QrCode::new(setup.uri.as_bytes());
    let picture = picture.map_err(|error| Problem::fault(&error))?;
    let svg = picture.render::<qrcode::render::svg::Color<'_>>().min_dimensions(200, 200).build();
    Ok(Json(TotpView { secret: setup.secret, uri: setup.uri, svg }))
}

async fn confirm_totp(
    signed: Signed,
    Json(body): Json<CodeBody>,
) -> Result<Json<RecoveryView>, Problem> {
    let recovery_codes = signed.people().confirm_code(&signed.caller, &body.code.0).await?;
    Ok(Json(RecoveryView { recovery_codes }))
}

async fn remove_totp(signed: Signed) -> Nothing {
    signed.people().remove_code(&signed.caller).await?;
    NOTHING
}
