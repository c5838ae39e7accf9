//! Webhooks of the organisation: where they go, what became of each message.

use std::collections::BTreeSet;

use desk::people::Outcome;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{Id, Timestamp};

use crate::auth::{Gate, Operation, Signed};
use crate::extract::{Json, Path, Query, distinct};
use crate::problem::{Code, Problem};
use crate::route::Route;
use crate::routes::session::{NOTHING, Nothing};
use crate::views::{List, Page, PageQuery};
use crate::webhooks::signature::Scheme;
use crate::webhooks::{Delivery, Endpoint, HookError, Hooks, Off, State, Wish};

/// A webhook to be.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WebhookBody {
    /// Where to: `https`, port 443 or from 1024, a public address.
    #[schemars(length(min = 1, max = 2_048))]
    url: String,
    /// Kinds of entries, and `notice`; all when empty.
    #[serde(default)]
    #[schemars(length(max = 100))]
    #[serde(deserialize_with = "distinct")]
    kinds: BTreeSet<String>,
    /// The only agreement; all of the organisation when absent.
    agreement: Option<Id>,
    /// How messages are signed.
    #[serde(default)]
    scheme: Scheme,
}

/// A webhook that was made.
#[derive(Debug, Serialize, JsonSchema)]
struct MadeWebhookView {
    id: String,
    /// What verifies its messages: `whpk_` and the public key; for `hmac` the shared `whsec_`,
    /// which is shown once.
    public_key: String,
}

/// A webhook.
#[derive(Debug, Serialize, JsonSchema)]
struct WebhookView {
    id: String,
    url: String,
    /// Kinds of entries; all when empty.
    kinds: BTreeSet<String>,
    /// The only agreement; all when absent.
    agreement: Option<Id>,
    enabled: bool,
    /// Why it is off.
    off: Option<Off>,
    /// Since when it is off.
    off_since: Option<Timestamp>,
    /// Since when nothing arrived.
    failing_since: Option<Timestamp>,
    /// `whpk_` and the public key that verifies its messages; absent for `hmac`.
    public_key: Option<String>,
    created: Timestamp,
}

/// On or off.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WebhookSwitchBody {
    /// Switched on again, it is told what it missed.
    enabled: bool,
}

/// A message and what became of it.
#[derive(Debug, Serialize, JsonSchema)]
struct DeliveryView {
    id: String,
    /// `webhook-id`, the same in every attempt.
    message: String,
    /// The agreement; absent for a test.
    agreement: Option<Id>,
    /// The entry; absent for a notice and a test.
    seq: Option<u64>,
    kind: String,
    state: State,
    attempts: u32,
    /// When it is tried next.
    due: Option<Timestamp>,
    /// The status of the last answer.
    status: Option<u16>,
    /// What went wrong last, as a code.
    last_error: Option<String>,
}

/// How many messages are sent once more.
#[derive(Debug, Serialize, JsonSchema)]
struct ReplayedView {
    replayed: usize,
}

pub(crate) fn routes() -> Vec<Route> {
    let gate = Gate::Office(Operation::ManageWebhooks);
    vec![
        Route::get("/webhooks", "list_webhooks", list)
            .about("The webhooks of the organisation")
            .gate(gate)
            .gives::<List<WebhookView>>(),
        Route::post("/webhooks", "make_webhook", make)
            .about("Makes a webhook with a key of its own; it hears of entries from now on")
            .gate(gate)
            .secret()
            .takes::<WebhookBody>()
            .makes::<MadeWebhookView>(),
        Route::patch("/webhooks/{webhook}", "switch_webhook", switch)
            .about("Switches a webhook on or off")
            .gate(gate)
            .takes::<WebhookSwitchBody>()
            .gives::<WebhookView>(),
        Route::delete("/webhooks/{webhook}", "remove_webhook", remove)
            .about("Removes a webhook and its messages")
            .gate(gate)
            .nothing(),
        Route::post("/webhooks/{webhook}/test", "test_webhook", test)
            .about("Puts a test message on its way")
            .gate(gate)
            .makes::<DeliveryView>(),
        Route::get("/webhooks/{webhook}/deliveries", "list_deliveries_of_webhook", deliveries)
            .about("The messages of a webhook, the newest first")
            .gate(gate)
            .query::<PageQuery>()
            .gives::<Page<DeliveryView>>(),
        Route::post("/webhooks/{webhook}/deliveries/{delivery}/replay", "replay_delivery", replay)
            .about("Sends a message once more, under the same id")
            .gate(gate)
            .gives::<DeliveryView>(),
        Route::post("/webhooks/{webhook}/replay", "replay_deliveries", replay_all)
            .about("Sends once more every message that did not arrive")
            .gate(gate)
            .gives::<ReplayedView>(),
    ]
}

impl From<HookError> for Problem {
    fn from(error: HookError) -> Self {
        match error {
            HookError::NotFound => Code::NotFound.into(),
            HookError::TooMany => Self::new(Code::TooMany).field("limit", MAX),
            HookError::Kind { .. } => Self::invalid("kinds"),
            HookError::Agreement => Self::invalid("agreement"),
            HookError::Address(error) => {
                Self::new(Code::AddressRefused).field("reason", error.code())
            }
            HookError::Register(store::RegisterError::Stale { .. }) => {
                Code::ChangedMeanwhile.into()
            }
            other => Self::fault(&other),
        }
    }
}

const MAX: usize = crate::webhooks::MAX_ENDPOINTS;

fn view(hooks: &Hooks, endpoint: Endpoint) -> Result<WebhookView, Problem> {
    Ok(WebhookView {
        public_key: hooks.public_key(&endpoint)?,
        id: endpoint.id,
        url: endpoint.url,
        kinds: endpoint.kinds,
        agreement: endpoint.agreement,
        enabled: endpoint.off.is_none(),
        off: endpoint.off,
        off_since: endpoint.off_since,
        failing_since: endpoint.failing_since,
        created: endpoint.created,
    })
}

fn delivery(delivery: Delivery) -> DeliveryView {
    let waits = matches!(delivery.state, State::Pending | State::Failed);
    DeliveryView {
        id: delivery.id,
        message: delivery.message,
        agreement: delivery.agreement,
        seq: delivery.seq,
        kind: delivery.kind,
        state: delivery.state,
        attempts: delivery.attempts,
        due: delivery.due.filter(|_| waits),
        status: delivery.status,
        last_error: delivery.last_error,
    }
}

/// The webhooks, and the organisation that asks.
fn at(signed: &Signed) -> Result<(&Hooks, &str), Problem> {
    let organisation = signed.caller.organisation().ok_or(Code::RoleMissing)?;
    Ok((&signed.app.services.hooks, organisation))
}

async fn audit(signed: &Signed, action: &str, webhook: &str) -> Result<(), Problem> {
    let done = Outcome::Allowed;
    signed.people().audited(&signed.caller, action, None, Some(webhook), done).await?;
    Ok(())
}

async fn list(signed: Signed) -> Result<Json<List<WebhookView>>, Problem> {
    let (hooks, organisation) = at(&signed)?;
    let all = hooks.endpoints(organisation).await?;
    let views: Result<Vec<_>, _> = all.into_iter().map(|one| view(hooks, one)).collect();
    Ok(Json(views?.into()))
}

async fn make(
    signed: Signed,
    Json(body): Json<WebhookBody>,
) -> Result<Json<MadeWebhookView>, Problem> {
    let (hooks, organisation) = at(&signed)?;
    let WebhookBody { url, kinds, agreement, scheme } = body;
    if let Some(agreement) = &agreement {
        signed.people().enter(&signed.caller, agreement, Operation::ReadJournal).await?;
    }
    let wish = Wish { url, kinds, agreement, scheme };
    let (endpoint, public_key) = hooks.add(organisation, signed.caller.person(), wish).await?;
    audit(&signed, "new_webhook", &endpoint.id).await?;
    Ok(Json(MadeWebhookView { id: endpoint.id, public_key }))
}

async fn switch(
    signed: Signed,
    Path(id): Path<String>,
    Json(body): Json<WebhookSwitchBody>,
) -> Result<Json<WebhookView>, Problem> {
    let (hooks, organisation) = at(&signed)?;
    let endpoint = hooks.switch(organisation, &id, body.enabled).await?;
    let action = if body.enabled { "enable_webhook" } else { "disable_webhook" };
    audit(&signed, action, &id).await?;
    Ok(Json(view(hooks, endpoint)?))
}

async fn remove(signed: Signed, Path(id): Path<String>) -> Nothing {
    let (hooks, organisation) = at(&signed)?;
    hooks.remove(organisation, &id).await?;
    audit(&signed, "remove_webhook", &id).await?;
    NOTHING
}

async fn test(signed: Signed, Path(id): Path<String>) -> Result<Json<DeliveryView>, Problem> {
    let (hooks, organisation) = at(&signed)?;
    Ok(Json(delivery(hooks.test(organisation, &id).await?)))
}

async fn deliveries(
    signed: Signed,
    Path(id): Path<String>,
    Query(paging): Query<PageQuery>,
) -> Result<Json<Page<DeliveryView>>, Problem> {
    let (hooks, organisation) = at(&signed)?;
    let (limit, after) = (paging.limit()?, paging.after::<String>()?);
    let wanted = u32::try_from(limit + 1).unwrap_or(u32::MAX);
    let rows = hooks.deliveries(organisation, &id, after.as_deref(), wanted).await?;
    let rows: Vec<_> = rows.into_iter().map(delivery).collect();
    Ok(Json(Page::of(rows, limit, |row| row.id.clone())))
}

async fn replay(
    signed: Signed,
    Path((id, message)): Path<(String, String)>,
) -> Result<Json<DeliveryView>, Problem> {
    let (hooks, organisation) = at(&signed)?;
    Ok(Json(delivery(hooks.replay(organisation, &id, &message).await?)))
}

async fn replay_all(signed: Signed, Path(id): Path<String>) -> Result<Json<ReplayedView>, Problem> {
    let (hooks, organisation) = at(&signed)?;
    Ok(Json(ReplayedView { replayed: hooks.replay_all(organisation, &id).await? }))
}
