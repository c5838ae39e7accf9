//! The organisation: its people, invitations, keys and audit trail; who has access to an agreement;
//! notes; what is due.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use contract::terms::Side;
use desk::people::{
    AuditQuery, AuditView, GrantView, InvitationText, InvitationView, Joining, KeyScope, KeyView,
    Me, Member, NewGrant, NewInvitation, NewKey, NewNote, NoteView, Role, Seats, Totals,
    Visibility,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{Id, Timestamp};

use crate::app::App;
use crate::auth::{At, Gate, Operation, Signed};
use crate::extract::{Json, Path, Query, distinct};
use crate::problem::{Code, Problem};
use crate::route::Route;
use crate::routes::session::{From_, NOTHING, Nothing, OrganisationBody, PersonBody, signed_in};
use crate::views::{List, Page, PageQuery, Text};

/// Roles to hold.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RolesBody {
    #[schemars(length(min = 1, max = 8))]
    #[serde(deserialize_with = "distinct")]
    roles: BTreeSet<Role>,
}

/// Somebody to invite.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct InvitationBody {
    /// For whom alone; anybody with the link where absent.
    #[schemars(length(min = 3, max = 254), regex(pattern = "^[!-?A-~]+@[!-?A-~]+$"))]
    email: Option<String>,
    /// With which roles; none for the counterparty's seat.
    #[serde(default)]
    #[schemars(length(max = 8))]
    #[serde(deserialize_with = "distinct")]
    roles: BTreeSet<Role>,
    /// To this agreement, and not into the organisation.
    agreement: Option<Id>,
    /// To the counterparty's seat, which must be this side; as a guest where absent.
    side: Option<Side>,
    /// How long a guest may stay.
    until: Option<Timestamp>,
}

/// An invitation; its link is shown once.
#[derive(Debug, Serialize, JsonSchema)]
struct InvitedView {
    id: String,
    link: String,
    expires: Timestamp,
}

/// Who accepts an invitation.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct JoiningBody {
    /// A new organisation: for a seat, where the person has none.
    organisation: Option<OrganisationBody>,
    /// Who is new here; who is signed in leaves it out.
    person: Option<PersonBody>,
}

/// A key to make.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct KeyBody {
    #[schemars(length(min = 1, max = 120))]
    name: String,
    #[schemars(length(min = 1, max = 4))]
    #[serde(deserialize_with = "distinct")]
    scopes: BTreeSet<KeyScope>,
    /// For one agreement alone.
    agreement: Option<Id>,
    #[schemars(range(min = 1, max = 366))]
    days: u32,
}

/// A key; shown once.
#[derive(Debug, Serialize, JsonSchema)]
struct NewKeyView {
    id: String,
    key: String,
}

/// Which entries of the audit trail.
#[derive(Debug, Deserialize, JsonSchema)]
struct AuditFilter {
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    #[schemars(length(min = 1, max = 512), regex(pattern = "^[A-Za-z0-9_-]+$"))]
    cursor: Option<String>,
    agreement: Option<Id>,
    person: Option<Text<1, 128>>,
    action: Option<Text<0, 64>>,
}

/// Who has access to an agreement.
#[derive(Debug, Serialize, JsonSchema)]
struct AccessView {
    seats: Seats,
    /// Guests of the reader's side.
    grants: Vec<GrantView>,
}

/// A guest to let in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct GrantBody {
    /// The person, by id.
    person: Option<Text<1, 128>>,
    /// The person, by e-mail; who is not here yet is sent an invitation instead.
    #[schemars(length(min = 3, max = 254), regex(pattern = "^[!-?A-~]+@[!-?A-~]+$"))]
    email: Option<String>,
    #[schemars(length(min = 1, max = 8))]
    #[serde(deserialize_with = "distinct")]
    roles: BTreeSet<Role>,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
}

/// A grant, or the invitation of who is not here yet.
#[derive(Debug, Serialize, JsonSchema)]
struct GrantedView {
    /// The grant.
    grant: Option<String>,
    /// The invitation; its link is shown once.
    invitation: Option<InvitedView>,
}

/// Which notes.
#[derive(Debug, Deserialize, JsonSchema)]
struct NotesQuery {
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    #[schemars(length(min = 1, max = 512), regex(pattern = "^[A-Za-z0-9_-]+$"))]
    cursor: Option<String>,
    visibility: Option<NoteVisibility>,
}

/// For whose eyes a note is.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum NoteVisibility {
    Shared,
    Mine,
}

/// A note to write.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NoteBody {
    text: Text<1, 10_000>,
    visibility: NoteVisibility,
    /// The journal entry that it is about, as `e12`.
    entry: Option<Id>,
}

/// Something new, by its id.
#[derive(Debug, Serialize, JsonSchema)]
struct MadeView {
    id: String,
}

/// The deployment in figures; nothing of any agreement.
#[derive(Debug, Serialize, JsonSchema)]
struct PlatformView {
    #[serde(flatten)]
    totals: Totals,
    objects_bytes: Option<u64>,
    version: String,
    uptime_seconds: u64,
    outbox: OutboxView,
}

/// Deliveries of webhooks.
#[derive(Debug, Serialize, JsonSchema)]
struct OutboxView {
    pending: u64,
    dead: u64,
}

pub(crate) fn organisation() -> Vec<Route> {
    vec![
        Route::get("/people", "list_people", people)
            .about("Who belongs to the organisation")
            .gate(Gate::Office(Operation::ReadPeople))
            .gives::<List<Member>>(),
        Route::post("/people/{person}/roles", "set_roles", set_roles)
            .about("Gives a person these roles and no others")
            .gate(Gate::Office(Operation::ManagePeople))
            .takes::<RolesBody>()
            .nothing(),
        Route::delete("/people/{person}", "remove_person", remove_person)
            .about("Takes a person out of the organisation")
            .gate(Gate::Office(Operation::ManagePeople))
            .nothing(),
        Route::get("/invitations", "list_invitations", invitations)
            .about("Invitations that wait")
            .gate(Gate::Office(Operation::ReadPeople))
            .gives::<List<InvitationView>>(),
        Route::post("/invitations", "invite", invite)
            .about("Invites into the organisation, to an agreement, or to the other seat")
            .secret()
            .takes::<InvitationBody>()
            .makes::<InvitedView>(),
        Route::delete("/invitations/{token}", "remove_invitation", remove_invitation)
            .about("Takes an invitation back, by its id")
            .gate(Gate::Office(Operation::ManagePeople))
            .nothing(),
        Route::get("/invitations/{token}", "get_invitation", invitation)
            .about("What an invitation is to")
            .gate(Gate::Public)
            .gives::<InvitationText>(),
        Route::post("/invitations/{token}/accept", "accept_invitation", accept)
            .about("Accepts an invitation, as a new person or as who is signed in")
            .gate(Gate::Public)
            .free()
            .takes::<JoiningBody>()
            .gives::<Me>(),
        Route::get("/keys", "list_keys", keys)
            .about("API keys of the organisation")
            .gives::<List<KeyView>>(),
        Route::post("/keys", "make_key", make_key)
            .about("Makes an API key; it is shown once")
            .gate(Gate::Office(Operation::ManageKeys))
            .secret()
            .takes::<KeyBody>()
            .makes::<NewKeyView>(),
        Route::delete("/keys/{key}", "revoke_key", revoke_key)
            .about("Revokes an API key at once")
            .gate(Gate::Office(Operation::ManageKeys))
            .nothing(),
        Route::get("/audit", "list_audit", audit)
            .about("The audit trail of the organisation, the newest first")
            .gate(Gate::Office(Operation::ReadAudit))
            .query::<AuditFilter>()
            .gives::<Page<AuditView>>(),
        Route::get("/platform", "get_platform", platform)
            .about("The deployment in figures, for the administrator of the platform")
            .gate(Gate::Office(Operation::PlatformHealth))
            .gives::<PlatformView>(),
    ]
}

pub(crate) fn access() -> Vec<Route> {
    vec![
        Route::get("/agreements/{id}/access", "get_access", access_of)
            .about("Who sits at the agreement, and the guests of one's own side")
            .gate(Gate::At(Operation::ReadPeople))
            .gives::<AccessView>(),
        Route::post("/agreements/{id}/grants", "grant", grant)
            .about("Lets a guest in for a time")
            .gate(Gate::At(Operation::Grant))
            .secret()
            .takes::<GrantBody>()
            .makes::<GrantedView>(),
        Route::delete("/agreements/{id}/grants/{grant}", "revoke_grant", revoke_grant)
            .about("Ends a guest's access")
            .gate(Gate::At(Operation::Grant))
            .nothing(),
        Route::get("/agreements/{id}/notes", "list_notes", notes)
            .about("Notes that both sides see, and those of one's own side")
            .gate(Gate::At(Operation::ReadNotes))
            .query::<NotesQuery>()
            .gives::<Page<NoteView>>(),
        Route::post("/agreements/{id}/notes", "write_note", write_note)
            .about("Writes a note; it is no part of the journal")
            .gate(Gate::At(Operation::Note))
            .takes::<NoteBody>()
            .makes::<MadeView>(),
        Route::delete("/agreements/{id}/notes/{note}", "delete_note", delete_note)
            .about("Deletes a note of one's own")
            .gate(Gate::At(Operation::DeleteNote))
            .nothing(),
    ]
}

async fn people(signed: Signed) -> Result<Json<List<Member>>, Problem> {
    Ok(Json(signed.people().members(&signed.caller).await?.into()))
}

async fn set_roles(
    signed: Signed,
    Path(person): Path<String>,
    Json(body): Json<RolesBody>,
) -> Nothing {
    signed.people().set_roles(&signed.caller, &person, &body.roles).await?;
    NOTHING
}

async fn remove_person(signed: Signed, Path(person): Path<String>) -> Nothing {
    signed.people().remove_member(&signed.caller, &person).await?;
    NOTHING
}

async fn invitations(signed: Signed) -> Result<Json<List<InvitationView>>, Problem> {
    Ok(Json(signed.people().invitations(&signed.caller).await?.into()))
}

async fn invite(
    signed: Signed,
    Json(body): Json<InvitationBody>,
) -> Result<Json<InvitedView>, Problem> {
    let InvitationBody { email, roles, agreement, side, until } = body;
    let new = NewInvitation { email, roles, agreement, side, until };
    Ok(Json(invited(&signed, &new).await?))
}

/// Makes an invitation. The token stands after `#`, so that it is in no server's log.
async fn invited(signed: &Signed, new: &NewInvitation) -> Result<InvitedView, Problem> {
    let made = signed.people().invite(&signed.caller, new).await?;
    let mut link = signed.app.config.origin.clone();
    link.set_path("/invitation");
    link.set_fragment(Some(&made.token));
    Ok(InvitedView { id: made.id, link: link.to_string(), expires: made.expires })
}

async fn remove_invitation(signed: Signed, Path(id): Path<String>) -> Nothing {
    signed.people().remove_invitation(&signed.caller, &id).await?;
    NOTHING
}

async fn invitation(
    State(app): State<App>,
    From_(origin): From_,
    Path(token): Path<String>,
) -> Result<Json<InvitationText>, Problem> {
    app.limits.proof(&origin.address)?;
    Ok(Json(app.vault.people().invitation(&token).await?))
}

async fn accept(
    State(app): State<App>,
    signed: Option<axum::Extension<Signed>>,
    From_(origin): From_,
    headers: axum::http::HeaderMap,
    Path(token): Path<String>,
    Json(body): Json<JoiningBody>,
) -> Result<Response, Problem> {
    app.limits.proof(&origin.address)?;
    let joining = Joining {
        organisation: body.organisation.map(|organisation| organisation.name),
        person: body.person.map(PersonBody::person),
    };
    let caller = signed.as_ref().map(|signed| &signed.caller);
    let people = app.vault.people();
    match people.accept(&token, caller, &joining, &origin).await? {
        Some(token) => signed_in(&app, &token, &origin).await,
        None => {
            // Who was signed in goes on in the same session.
            let token = crate::auth::session_token(&headers);
            let token = token.ok_or(Problem::new(Code::SignInNeeded))?;
            let caller = people.caller(&token, &origin).await?;
            let caller = caller.ok_or(Problem::new(Code::SignInNeeded))?;
            Ok(Json(people.me(&caller).await?).into_response())
        }
    }
}

async fn keys(signed: Signed) -> Result<Json<List<KeyView>>, Problem> {
    Ok(Json(signed.people().keys(&signed.caller).await?.into()))
}

async fn make_key(signed: Signed, Json(body): Json<KeyBody>) -> Result<Json<NewKeyView>, Problem> {
    let KeyBody { name, scopes, agreement, days } = body;
    let new = NewKey { name, scopes, agreement, days };
    let (id, key) = signed.people().new_key(&signed.caller, &new).await?;
    Ok(Json(NewKeyView { id, key }))
}

async fn revoke_key(signed: Signed, Path(key): Path<String>) -> Nothing {
    signed.people().revoke_key(&signed.caller, &key).await?;
    NOTHING
}

async fn audit(
    signed: Signed,
    Query(query): Query<AuditFilter>,
) -> Result<Json<Page<AuditView>>, Problem> {
    let AuditFilter { limit, cursor, agreement, person, action } = query;
    let paging = PageQuery::new(limit, cursor);
    let (limit, before) = (paging.limit()?, paging.after::<u64>()?);
    let (person, action) = (person.map(|text| text.0), action.map(|text| text.0));
    let filter = AuditQuery { agreement, person, action };
    let wanted = u32::try_from(limit + 1).unwrap_or(u32::MAX);
    let rows = signed.people().audit(&signed.caller, &filter, before, wanted).await?;
    Ok(Json(Page::of(rows, limit, |row| row.seq)))
}

async fn platform(signed: Signed) -> Result<Json<PlatformView>, Problem> {
    let totals = signed.people().totals(&signed.caller).await?;
    let outbox = OutboxView { pending: totals.outbox_pending, dead: totals.outbox_dead };
    Ok(Json(PlatformView {
        totals,
        objects_bytes: signed.app.vault.objects_bytes().await,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        uptime_seconds: signed.app.started.elapsed().as_secs(),
        outbox,
    }))
}

async fn access_of(at: At) -> Result<Json<AccessView>, Problem> {
    let people = at.app.vault.people();
    let seats = people.seats(&at.entry).await?;
    Ok(Json(AccessView { seats, grants: people.grants(&at.entry).await? }))
}

async fn grant(at: At, Json(body): Json<GrantBody>) -> Result<Json<GrantedView>, Problem> {
    let GrantBody { person, email, roles, from, until } = body;
    let people = at.app.vault.people();
    let person = match (person, &email) {
        (Some(person), _) => Some(person.0),
        (None, Some(email)) => people.person_of_email(email).await?,
        (None, None) => return Err(Problem::invalid("person")),
    };
    if let Some(person) = person {
        let new = NewGrant { person, roles, from, until };
        let id = people.grant(&at.caller, &at.entry, &new).await?;
        return Ok(Json(GrantedView { grant: Some(id), invitation: None }));
    }
    let agreement = Some(at.id.clone());
    let new = NewInvitation { email, roles, agreement, side: None, until };
    let invitation = invited(&at.signed(), &new).await?;
    Ok(Json(GrantedView { grant: None, invitation: Some(invitation) }))
}

async fn revoke_grant(at: At, Path((_, grant)): Path<(String, String)>) -> Nothing {
    at.app.vault.people().revoke_grant(&at.caller, &at.entry, &grant).await?;
    NOTHING
}

impl NoteVisibility {
    const fn eyes(self) -> Visibility {
        match self {
            Self::Shared => Visibility::Shared,
            Self::Mine => Visibility::Mine,
        }
    }
}

async fn notes(at: At, Query(query): Query<NotesQuery>) -> Result<Json<Page<NoteView>>, Problem> {
    let paging = PageQuery::new(query.limit, query.cursor);
    let (limit, after) = (paging.limit()?, paging.after::<String>()?);
    let eyes = query.visibility.map(NoteVisibility::eyes);
    let wanted = u32::try_from(limit + 1).unwrap_or(u32::MAX);
    let people = at.app.vault.people();
    let rows = people.notes(&at.entry, eyes, after.as_deref(), wanted).await?;
    Ok(Json(Page::of(rows, limit, |row| row.id.clone())))
}

async fn write_note(at: At, Json(body): Json<NoteBody>) -> Result<Json<MadeView>, Problem> {
    let NoteBody { text, visibility, entry } = body;
    let new = NewNote { text: text.0, visibility: visibility.eyes(), entry };
    let id = at.app.vault.people().write_note(&at.caller, &at.entry, &new).await?;
    Ok(Json(MadeView { id }))
}

async fn delete_note(at: At, Path((_, note)): Path<(String, String)>) -> Nothing {
    at.app.vault.people().delete_note(&at.caller, &at.entry, &note).await?;
    NOTHING
}
