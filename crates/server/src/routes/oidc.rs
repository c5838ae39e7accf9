//! Signing in through a provider, and adding one's identity there to one's account. The browser
//! comes and goes by redirects, so what goes wrong is told by the page for signing in.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use desk::people::{Identity, Method, Origin, PeopleError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::auth::{Gate, Signed};
use crate::extract::{Json, Path, Query};
use crate::oidc::{Claimed, FLOW_SECONDS, OidcError, Started};
use crate::outside::random;
use crate::problem::{Code, Problem};
use crate::route::Route;
use crate::routes::session::{From_, with_cookie};
use crate::views::List;

/// The cookie that binds a flow to the browser that began it.
const COOKIE: &str = "__Host-tally-oidc";

/// A provider.
#[derive(Debug, Serialize, JsonSchema)]
struct ProviderView {
    id: String,
    name: String,
}

/// Where to after signing in.
#[derive(Debug, Deserialize, JsonSchema)]
struct StartQuery {
    /// A path of the console; the first page when it is no such path.
    #[schemars(length(max = 1_024))]
    to: Option<String>,
}

/// What the provider sends the browser back with.
#[derive(Debug, Deserialize, JsonSchema)]
struct CallbackQuery {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
}

/// Where the browser goes to add an identity.
#[derive(Debug, Serialize, JsonSchema)]
struct LinkView {
    /// The provider's address.
    url: String,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/oidc", "list_providers", list)
            .about("Providers through which people sign in")
            .gate(Gate::Public)
            .gives::<List<ProviderView>>(),
        Route::get("/oidc/{provider}/start", "start_provider_sign_in", start)
            .about("Sends the browser to a provider to sign in")
            .gate(Gate::Public)
            .query::<StartQuery>()
            .redirects(),
        Route::get("/oidc/{provider}/callback", "end_provider_sign_in", callback)
            .about("Takes the browser back from a provider")
            .gate(Gate::Public)
            .query::<CallbackQuery>()
            .redirects(),
        Route::post("/me/identities/{provider}/start", "start_link", link)
            .about("Begins to add one's identity at a provider to one's account")
            .secret()
            .gives::<LinkView>(),
    ]
}

async fn list(State(app): State<App>) -> Json<List<ProviderView>> {
    let view = |(id, name): (&str, &str)| ProviderView { id: id.to_owned(), name: name.to_owned() };
    Json(app.services.oidc.providers().map(view).collect::<Vec<_>>().into())
}

async fn begin(
    app: &App,
    provider: &str,
    to: &str,
    linking: Option<String>,
) -> Result<Started, OidcError> {
    let bytes =
        || random().map_err(|error| OidcError::Provider { at: "random", cause: error.to_string() });
    let random = [bytes()?, bytes()?, bytes()?];
    app.services.oidc.start(provider, to, linking, random, app.vault.now()).await
}

async fn start(
    State(app): State<App>,
    From_(origin): From_,
    Path(provider): Path<String>,
    Query(query): Query<StartQuery>,
) -> Result<Response, Problem> {
    app.limits.proof(&origin.address)?;
    let to = query.to.unwrap_or_default();
    match begin(&app, &provider, &to, None).await {
        Ok(started) => Ok(with_flow(redirect(started.url.as_str()), &started.browser)),
        Err(OidcError::UnknownProvider) => Err(Code::NotFound.into()),
        Err(error) => Ok(turned_away(&error)),
    }
}

/// Adding an identity is begun by a write of our own pages by a person who confirmed who they are:
/// else a foreign page could add its own identity to the account of whoever visits it.
async fn link(signed: Signed, Path(provider): Path<String>) -> Result<Response, Problem> {
    let now = signed.app.vault.now();
    if signed.caller.confirmed_until().is_none_or(|until| until <= now) {
        return Err(Code::ConfirmNeeded.into());
    }
    let person = signed.caller.person().to_owned();
    let started = begin(&signed.app, &provider, "/me", Some(person)).await;
    let started = started.map_err(|error| match error {
        OidcError::UnknownProvider => Code::NotFound.into(),
        other => {
            log(&other);
            Problem::new(Code::ProviderUnreachable)
        }
    })?;
    let view = Json(LinkView { url: started.url.to_string() });
    Ok(with_flow(view.into_response(), &started.browser))
}

async fn callback(
    State(app): State<App>,
    signed: Option<axum::Extension<Signed>>,
    From_(origin): From_,
    headers: HeaderMap,
    Path(provider): Path<String>,
    Query(query): Query<CallbackQuery>,
) -> Result<Response, Problem> {
    app.limits.proof(&origin.address)?;
    let browser = flow_of(&headers).unwrap_or_default();
    let state = query.state.unwrap_or_default();
    let answer = match (&query.code, &query.error) {
        (_, Some(error)) => Err(error.as_str()),
        (Some(code), None) => Ok(code.as_str()),
        (None, None) => Err("no_code"),
    };
    let now = app.vault.now();
    let finished = app.services.oidc.finish(&provider, answer, &state, &browser, now).await;
    let claimed = match finished {
        Ok(claimed) => claimed,
        Err(error) => {
            app.vault.people().sign_in_failed(None, Method::Oidc, &origin).await?;
            return Ok(turned_away(&error));
        }
    };
    let signed = signed.as_ref().map(|signed| signed.caller.person());
    let response = match person_of(&app, &claimed, signed, &origin).await? {
        Ok(Some(token)) => with_cookie(redirect(&claimed.return_path), &token),
        Ok(None) => redirect(&claimed.return_path),
        Err(code) => redirect(&format!("/signin?problem={code}")),
    };
    Ok(without_flow(response))
}

/// Whose session begins, `None` for an identity that was added to the session's own person, or the
/// code of what forbids it.
async fn person_of(
    app: &App,
    claimed: &Claimed,
    signed: Option<&str>,
    origin: &Origin,
) -> Result<Result<Option<String>, &'static str>, Problem> {
    let people = app.vault.people();
    let (issuer, subject) = (claimed.issuer.clone(), claimed.subject.clone());
    let identity = Identity { issuer, subject };
    let known = people.person_of_identity(&identity).await?;
    if let Some(linking) = &claimed.linking {
        // The person may have signed out, or somebody else in, since the flow began.
        if signed != Some(linking.as_str()) {
            return Ok(Err("sign_in_over"));
        }
        return match known {
            Some(known) if known == *linking => Ok(Ok(None)),
            Some(_) => Ok(Err("identity_taken")),
            None => {
                people.bind_identity(linking, &identity).await?;
                Ok(Ok(None))
            }
        };
    }
    let person = match (known, &claimed.verified_email) {
        (Some(person), _) => person,
        (None, Some(email)) => match people.person_of_email(email).await? {
            Some(person) => {
                match people.bind_identity(&person, &identity).await {
                    Ok(()) | Err(PeopleError::Taken { .. }) => {}
                    Err(error) => return Err(error.into()),
                }
                person
            }
            None => return Ok(Err("no_account")),
        },
        (None, None) => return Ok(Err("email_not_verified")),
    };
    Ok(Ok(Some(people.sign_in_as(&person, Method::Oidc, origin).await?)))
}

fn log(error: &OidcError) {
    let cause = match error {
        OidcError::Provider { cause, .. } | OidcError::Token { cause } => cause.as_str(),
        _ => "",
    };
    tracing::warn!(%error, cause, "signing in through a provider");
}

fn turned_away(error: &OidcError) -> Response {
    log(error);
    without_flow(redirect(&format!("/signin?problem={}", error.code())))
}

fn redirect(to: &str) -> Response {
    let Ok(to) = HeaderValue::from_str(to) else { return redirect("/") };
    (StatusCode::FOUND, [(header::LOCATION, to)]).into_response()
}

fn flow_of(headers: &HeaderMap) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut found = all
        .flat_map(cookie::Cookie::split_parse)
        .filter_map(Result::ok)
        .filter(|cookie| cookie.name() == COOKIE);
    let first = found.next()?;
    found.next().is_none().then(|| first.value().to_owned())
}

fn with_flow(response: Response, browser: &str) -> Response {
    put(response, browser, FLOW_SECONDS)
}

fn without_flow(response: Response) -> Response {
    put(response, "", 0)
}

/// `SameSite=Lax`: the cookie must come along when the provider sends the browser back.
fn put(mut response: Response, browser: &str, seconds: i64) -> Response {
    let cookie = cookie::Cookie::build((COOKIE, browser))
        .http_only(true)
        .secure(true)
        .same_site(cookie::SameSite::Lax)
        .max_age(cookie::time::Duration::seconds(seconds))
        .path("/")
        .build();
    let value = HeaderValue::from_str(&cookie.to_string()).expect("hexadecimal digits");
    response.headers_mut().append(header::SET_COOKIE, value);
    response
}
