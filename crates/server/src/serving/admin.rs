//! Versions while the service runs: loaded, made active, tried on a share or in the shadow, taken
//! back, let go. For keys that may manage them alone.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use classification::{ModelState, below};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Serving;
use super::manners::is_id;
use super::refusal::{Reason, Refusal};

/// A package that is to be loaded.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LoadRequest {
    /// The model; a new one begins with this version.
    model: String,
    /// What the version is called.
    version: String,
    /// The package's folder, below the one that was named at the start.
    package: String,
}

/// A version.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VersionRequest {
    /// The version.
    version: String,
}

/// A version's share.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CanaryRequest {
    /// The version.
    version: String,
    /// Its share in whole percent; 0 ends it.
    percent: u8,
}

/// A version that is compared.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ShadowRequest {
    /// The version; nothing ends it.
    version: Option<String>,
}

/// A loaded version.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct VersionView {
    /// Its name.
    version: String,
    /// The digest of its package.
    package: String,
    /// Its classes.
    classes: Vec<String>,
}

/// A model and its versions.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ModelView {
    /// Its name.
    model: String,
    /// The version that answers.
    active: String,
    /// The one that answered before.
    previous: Option<String>,
    /// The version that gets a share, and its percent.
    canary: Option<(String, u8)>,
    /// The version that is compared.
    shadow: Option<String>,
    /// All that are loaded.
    versions: Vec<VersionView>,
}

/// How shadows compare.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ShadowView {
    /// Images that both answered.
    compared: u64,
    /// Of these, those whose surest class is another.
    different: u64,
    /// Images that the shadow did not answer.
    failed: u64,
    /// Images that were not given to it, since there was too much to do.
    skipped: u64,
}

/// All models.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ModelsView {
    /// The models.
    models: Vec<ModelView>,
    /// How shadows compare.
    shadow: ShadowView,
}

type Body<T> = Result<Json<T>, axum::extract::rejection::JsonRejection>;
type Answer = Result<Json<ModelView>, Refusal>;

fn read<T>(body: Body<T>) -> Result<T, Refusal> {
    body.map(|Json(body)| body)
        .map_err(|error| Refusal::new(Reason::BadRequest).field("said", error.body_text()))
}

fn view(serving: &Serving, state: ModelState) -> Result<ModelView, Refusal> {
    let models = serving.service.models();
    let version = |name: &String| {
        let found = models.version(Some(&state.model), Some(name))?;
        Ok(VersionView {
            version: name.clone(),
            package: found.digest.to_string(),
            classes: found.classes().to_vec(),
        })
    };
    let versions = state.versions.iter().map(version).collect::<Result<_, Refusal>>()?;
    let canary = state.canary.map(|canary| (canary.version, canary.percent));
    let ModelState { model, active, previous, shadow, .. } = state;
    Ok(ModelView { model, active, previous, canary, shadow, versions })
}

/// `GET /v1/models`.
pub(super) async fn list(State(serving): State<Serving>) -> Result<Response, Refusal> {
    let states = serving.service.models().states().into_iter();
    let models = states.map(|state| view(&serving, state)).collect::<Result<_, _>>()?;
    let shadow = serving.service.shadow();
    let shadow = ShadowView {
        compared: shadow.compared,
        different: shadow.different,
        failed: shadow.failed,
        skipped: shadow.skipped,
    };
    Ok(Json(ModelsView { models, shadow }).into_response())
}

/// `POST /v1/models`: loads a package; the one that serves goes on.
pub(super) async fn load(State(serving): State<Serving>, body: Body<LoadRequest>) -> Answer {
    let LoadRequest { model, version, package } = read(body)?;
    if !is_id(&model) || !is_id(&version) {
        return Err(Refusal::new(Reason::BadRequest).field("said", "a name has 1 to 64 characters"));
    }
    let outside = || Refusal::new(Reason::OutsideRoot);
    let root = serving.config.packages.clone().ok_or_else(outside)?;
    let folder = below(&root, &package).ok_or_else(outside)?;
    serving.service.models().vacant(&model, &version)?;
    let (own, name) = (serving.clone(), model.clone());
    let loaded = tokio::task::spawn_blocking(move || {
        let mut loaded = classification::load(&folder, &model, &version, &own.config.loading)?;
        loaded.folder = Some(package);
        own.service.models().add(loaded).map_err(Refusal::from)
    });
    loaded.await.map_err(|_| Refusal::new(Reason::Fault))??;
    keep(&serving).await?;
    let mut states = serving.service.models().states().into_iter();
    let state = states.find(|state| state.model == name);
    view(&serving, state.ok_or_else(|| Refusal::new(Reason::Fault))?).map(Json)
}

/// Writes what stands now, so that a restart goes on with it.
async fn keep(serving: &Serving) -> Result<(), Refusal> {
    let own = serving.clone();
    let kept = tokio::task::spawn_blocking(move || own.standing.keep(own.service.models()));
    kept.await.map_err(|_| Refusal::new(Reason::Fault))?.map_err(Refusal::from)
}

/// `POST /v1/models/{model}/activate`.
pub(super) async fn activate(
    State(serving): State<Serving>,
    Path(model): Path<String>,
    body: Body<VersionRequest>,
) -> Answer {
    let state = serving.service.models().activate(&model, &read(body)?.version)?;
    keep(&serving).await?;
    view(&serving, state).map(Json)
}

/// `POST /v1/models/{model}/canary`.
pub(super) async fn canary(
    State(serving): State<Serving>,
    Path(model): Path<String>,
    body: Body<CanaryRequest>,
) -> Answer {
    let CanaryRequest { version, percent } = read(body)?;
    let state = serving.service.models().set_canary(&model, &version, percent)?;
    keep(&serving).await?;
    view(&serving, state).map(Json)
}

/// `POST /v1/models/{model}/shadow`.
pub(super) async fn shadow(
    State(serving): State<Serving>,
    Path(model): Path<String>,
    body: Body<ShadowRequest>,
) -> Answer {
    let version = read(body)?.version;
    let state = serving.service.models().set_shadow(&model, version.as_deref())?;
    keep(&serving).await?;
    view(&serving, state).map(Json)
}

/// `POST /v1/models/{model}/rollback`.
pub(super) async fn roll_back(State(serving): State<Serving>, Path(model): Path<String>) -> Answer {
    let state = serving.service.models().roll_back(&model)?;
    keep(&serving).await?;
    view(&serving, state).map(Json)
}

/// `POST /v1/models/{model}/unload`.
pub(super) async fn unload(
    State(serving): State<Serving>,
    Path(model): Path<String>,
    body: Body<VersionRequest>,
) -> Answer {
    let state = serving.service.models().unload(&model, &read(body)?.version)?;
    keep(&serving).await?;
    view(&serving, state).map(Json)
}
