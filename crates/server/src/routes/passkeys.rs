//! Passkeys over HTTP: one's own, signing in with one, and confirming with one.

use axum::extract::State;
use axum::response::Response;
use desk::people::{Credential, Method};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use units::Timestamp;

use crate::app::App;
use crate::auth::Gate;
use crate::auth::Signed;
use crate::extract::{Json, Path};
use crate::outside::random;
use crate::passkeys::{Holder, Kept, PasskeyError, credential_id};
use crate::problem::{Code, FieldError, Problem};
use crate::route::Route;
use crate::routes::session::{ConfirmedView, From_, NOTHING, Nothing, confirmed, signed_in};
use crate::views::{List, Text};
use desk::people::Me;

/// A passkey to be.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PasskeyBody {
    /// What the person calls it.
    name: Text<1, 120>,
}

/// The beginning of signing in. The browser lets the person choose among the passkeys for this
/// host, so that no answer tells who has an account.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct StartBody {
    /// Not looked at.
    #[serde(rename = "email")]
    _email: Option<Text<0, 254>>,
}

/// The beginning of a confirmation.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ConfirmStartBody {}

/// What the browser's authenticator is asked.
#[derive(Debug, Serialize, JsonSchema)]
struct CeremonyView {
    /// The ceremony, for five minutes and one use.
    id: String,
    /// As `PublicKeyCredential.parse…OptionsFromJSON` reads it, under `publicKey`.
    options: Value,
}

/// What the browser's authenticator answered.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FinishBody {
    #[schemars(length(min = 1, max = 128))]
    id: String,
    /// As `PublicKeyCredential.toJSON` writes it.
    credential: Value,
}

/// A passkey of one's own.
#[derive(Debug, Serialize, JsonSchema)]
struct PasskeyView {
    id: String,
    name: String,
    created: Timestamp,
    last_used: Option<Timestamp>,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::post("/session/passkey/start", "start_passkey_sign_in", start_sign_in)
            .about("Begins to sign in with a passkey")
            .gate(Gate::Public)
            .free()
            .takes::<StartBody>()
            .gives::<CeremonyView>(),
        Route::post("/session/passkey/finish", "finish_passkey_sign_in", finish_sign_in)
            .about("Signs in with a passkey")
            .gate(Gate::Public)
            .free()
            .takes::<FinishBody>()
            .gives::<Me>(),
        Route::post("/session/confirm/passkey/start", "start_passkey_confirm", start_confirm)
            .about("Begins to confirm with a passkey")
            .free()
            .takes::<ConfirmStartBody>()
            .gives::<CeremonyView>(),
        Route::post("/session/confirm/passkey/finish", "confirm_with_passkey", finish_confirm)
            .about("Confirms with a passkey")
            .free()
            .takes::<FinishBody>()
            .gives::<ConfirmedView>(),
        Route::get("/me/passkeys", "list_passkeys", list)
            .about("One's own passkeys")
            .gives::<List<PasskeyView>>(),
        Route::post("/me/passkeys/start", "start_passkey", start)
            .about("Begins to make a passkey")
            .secret()
            .takes::<PasskeyBody>()
            .gives::<CeremonyView>(),
        Route::post("/me/passkeys/finish", "make_passkey", finish)
            .about("Makes a passkey")
            .takes::<FinishBody>()
            .makes::<PasskeyView>(),
        Route::delete("/me/passkeys/{passkey}", "remove_passkey", remove)
            .about("Removes a passkey of one's own")
            .nothing(),
    ]
}

impl From<PasskeyError> for Problem {
    fn from(error: PasskeyError) -> Self {
        match error {
            PasskeyError::NoName => Code::PasskeysUnavailable.into(),
            PasskeyError::Over => Code::CeremonyOver.into(),
            PasskeyError::TooMany => {
                Self::new(Code::TooMany).field("limit", crate::passkeys::MAX_PASSKEYS)
            }
            PasskeyError::Copied | PasskeyError::Refused(_) => Code::PasskeyRefused.into(),
            PasskeyError::Unreadable(_) => Self::fault(&error),
        }
    }
}

fn kept(credential: &Credential) -> Kept {
    Kept { credential: credential.credential.clone(), passkey: credential.data.clone() }
}

fn view(credential: Credential) -> PasskeyView {
    let Credential { credential: id, name, created, last_used, .. } = credential;
    PasskeyView { id, name, created, last_used }
}

fn ceremony<T: Serialize>((id, options): (String, T)) -> Result<Json<CeremonyView>, Problem> {
    let options = serde_json::to_value(options).map_err(|error| Problem::fault(&error))?;
    Ok(Json(CeremonyView { id, options }))
}

/// Reads what the authenticator answered.
fn read<T: DeserializeOwned>(credential: Value) -> Result<T, Problem> {
    serde_json::from_value(credential).map_err(|error| {
        let (pointer, code) = ("/credential".to_owned(), "shape".to_owned());
        let detail = error.to_string();
        let wrong = FieldError { pointer, code, detail, ..FieldError::default() };
        Problem::invalid("credential").at(wrong)
    })
}

fn bytes() -> Result<[u8; 32], Problem> {
    random().map_err(|error| Problem::fault(&error))
}

/// The passkeys of the caller's person; a key has none.
async fn own(signed: &Signed) -> Result<Vec<Kept>, Problem> {
    if !signed.caller.is_session() {
        return Err(Code::RoleMissing.into());
    }
    let all = signed.people().credentials_of(signed.caller.person()).await?;
    Ok(all.iter().map(kept).collect())
}

async fn start_sign_in(
    State(app): State<App>,
    From_(origin): From_,
    Json(_): Json<StartBody>,
) -> Result<Json<CeremonyView>, Problem> {
    app.limits.proof(&origin.address)?;
    ceremony(app.services.passkeys()?.start_sign_in(bytes()?, app.vault.now())?)
}

async fn finish_sign_in(
    State(app): State<App>,
    From_(origin): From_,
    Json(body): Json<FinishBody>,
) -> Result<Response, Problem> {
    app.limits.proof(&origin.address)?;
    let credential = read(body.credential)?;
    let people = app.vault.people();
    let known = people.credential(&credential_id(&credential)).await?;
    let used = match &known {
        Some(known) => app.services.passkeys()?.finish_sign_in(
            &body.id,
            &known.person,
            &kept(known),
            &credential,
            app.vault.now(),
        ),
        None => Err(PasskeyError::Over),
    };
    let (Some(known), Ok(used)) = (known, used) else {
        people.sign_in_failed(None, Method::Passkey, &origin).await?;
        return Err(Code::PasskeyRefused.into());
    };
    let data = used.map_or(known.data, |used| used.passkey);
    people.credential_used(&known.credential, data).await?;
    let token = people.sign_in_as(&known.person, Method::Passkey, &origin).await?;
    signed_in(&app, &token, &origin).await
}

async fn start_confirm(
    signed: Signed,
    Json(_): Json<ConfirmStartBody>,
) -> Result<Json<CeremonyView>, Problem> {
    let all = own(&signed).await?;
    if all.is_empty() {
        return Err(Code::PasskeyRefused.into());
    }
    let (passkeys, now) = (signed.app.services.passkeys()?, signed.app.vault.now());
    ceremony(passkeys.start_confirmation(signed.caller.person(), &all, bytes()?, now)?)
}

async fn finish_confirm(
    signed: Signed,
    From_(origin): From_,
    Json(body): Json<FinishBody>,
) -> Result<Response, Problem> {
    signed.app.limits.proof(&origin.address)?;
    let credential = read(body.credential)?;
    let id = credential_id(&credential);
    let all = own(&signed).await?;
    let known = all.into_iter().find(|kept| kept.credential == id);
    let known = known.ok_or(Code::PasskeyRefused)?;
    let (passkeys, now) = (signed.app.services.passkeys()?, signed.app.vault.now());
    let person = signed.caller.person();
    let used = passkeys.finish_confirmation(&body.id, person, &known, &credential, now)?;
    let data = used.map_or(known.passkey, |used| used.passkey);
    signed.people().credential_used(&known.credential, data).await?;
    let (token, until) = signed.people().confirm_by_passkey(&signed.caller).await?;
    confirmed(&signed.app, &token, until, &origin).await
}

async fn list(signed: Signed) -> Result<Json<List<PasskeyView>>, Problem> {
    let all = signed.people().credentials_of(signed.caller.person()).await?;
    Ok(Json(all.into_iter().map(view).collect::<Vec<_>>().into()))
}

async fn start(
    signed: Signed,
    Json(body): Json<PasskeyBody>,
) -> Result<Json<CeremonyView>, Problem> {
    let all = own(&signed).await?;
    let me = signed.people().me(&signed.caller).await?;
    let (person, email, name) = (&*me.person.id, &*me.person.email, &*me.person.name);
    let holder = Holder { person, email, name };
    let (passkeys, now) = (signed.app.services.passkeys()?, signed.app.vault.now());
    ceremony(passkeys.start_registration(holder, &body.name.0, &all, bytes()?, now)?)
}

async fn finish(
    signed: Signed,
    Json(body): Json<FinishBody>,
) -> Result<Json<PasskeyView>, Problem> {
    let credential = read(body.credential)?;
    let (passkeys, now) = (signed.app.services.passkeys()?, signed.app.vault.now());
    let person = signed.caller.person();
    let (name, made) = passkeys.finish_registration(&body.id, person, &credential, now)?;
    let Kept { credential: id, passkey } = made;
    signed.people().add_credential(&signed.caller, &id, &name, passkey).await?;
    Ok(Json(PasskeyView { id, name, created: now, last_used: None }))
}

async fn remove(signed: Signed, Path(id): Path<String>) -> Nothing {
    signed.people().remove_credential(&signed.caller, &id).await?;
    NOTHING
}
