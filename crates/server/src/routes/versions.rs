//! Versions of the papers before the signing: offered by one party, answered by the other; what
//! stands in the way of signing; and a party's own view of the negotiation, which the other side
//! never sees. Clauses: pb-01 to pb-08, train-11.1, class-5.1.

use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contract::terms::Side;
use desk::papers::{
    ChangedTerm, Concession, NewVersion, Obstacle, Offered, Red, SEALED, Signer, Stand,
};
use desk::people::{Approval, Approver, Visibility};
use review::Playbook;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use signing::Manifest;
use units::{Id, Timestamp};

use super::drafts::DraftEdition;
use super::reviews::{both, code};
use crate::auth::{At, Gate, Operation};
use crate::download::{Download, safe_name};
use crate::extract::{Json, Path, Query};
use crate::problem::{Code, Problem};
use crate::route::{Class, Route};
use crate::views::{Both, BothWords, Text};
use crate::words::DeskWords as _;

/// The versions and whose turn it is.
#[derive(Debug, Serialize, JsonSchema)]
struct VersionsView {
    /// Who is to answer; nobody before the first version and once the agreement is in force.
    turn: Option<Side>,
    /// How often the turn has changed, the first offer included.
    rounds: u32,
    in_force: bool,
    /// The oldest first.
    versions: Vec<VersionView>,
}

/// A version of the papers.
#[derive(Debug, Serialize, JsonSchema)]
struct VersionView {
    number: u32,
    by: Side,
    /// When it was offered; absent in a preview.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Timestamp>,
    /// The entry; absent in a preview.
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<String>,
    word: VersionFileView,
    annexes: Vec<VersionFileView>,
    /// Pictures of the parties' seals on the PDF: images, no signatures.
    seals: Vec<VersionFileView>,
    terms_sha256: String,
    /// Terms that differ from those before.
    changed_terms: Vec<ChangedTermView>,
    /// Terms that open tracked changes propose, as their words say them.
    proposed_terms: Vec<ChangedTermView>,
    /// Tracked changes that nobody accepted or rejected.
    revisions: u64,
    /// Text that differs from the version before without a tracked change.
    hidden: Vec<HiddenView>,
    /// Why it cannot be signed as it is.
    obstacles: Vec<ObstacleView>,
    /// What would be signed; absent where it cannot be.
    manifest: Option<ManifestView>,
    /// Who has signed it.
    signed: Vec<Side>,
}

/// A file of a version.
#[derive(Debug, Serialize, JsonSchema)]
struct VersionFileView {
    name: String,
    sha256: String,
    size: u64,
}

/// A term that a version changes.
#[derive(Debug, Serialize, JsonSchema)]
struct ChangedTermView {
    path: String,
    before: Option<String>,
    after: Option<String>,
}

/// A text that changed without a tracked change.
#[derive(Debug, Serialize, JsonSchema)]
struct HiddenView {
    before: String,
    after: String,
}

/// Why a version cannot be signed.
#[derive(Debug, Serialize, JsonSchema)]
struct ObstacleView {
    code: String,
    detail: Both,
}

/// The manifest that the parties sign.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ManifestView {
    sha256: String,
    size: u64,
    intent: String,
    language: String,
    method: String,
    at: Timestamp,
    parts: Vec<PartView>,
    parties: Vec<PartyView>,
    signatories: Vec<SignatoryView>,
}

/// A part of the manifest.
#[derive(Debug, Serialize, JsonSchema)]
struct PartView {
    name: String,
    /// `terms`, `docx`, `pdf`, `text`, `annex` or `seal_picture`.
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    media_type: String,
    sha256: String,
    size: u64,
}

/// A party in the manifest.
#[derive(Debug, Serialize, JsonSchema)]
struct PartyView {
    side: Id,
    name: String,
    registration_number: Option<String>,
}

/// Who signs for a party.
#[derive(Debug, Serialize, JsonSchema)]
struct SignatoryView {
    side: Id,
    name: String,
    role: String,
    authority: String,
    order: u32,
}

/// A version to offer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OfferBody {
    /// The Word file in Base64; drafted from the terms that stand where absent.
    word: Option<String>,
    /// The languages of a drafted one.
    #[serde(default)]
    edition: DraftEdition,
    /// Files that the text names as annexes; those of the version before where there are none.
    #[serde(default)]
    #[schemars(length(max = 50))]
    annexes: Vec<AnnexBody>,
    /// A picture of the caller's seal for the PDF, PNG or JPEG in Base64. It is no signature. That
    /// of the other party stays from the version before, as long as the words do.
    seal_picture: Option<String>,
    #[serde(default)]
    signatories: SignatoriesBody,
    /// Whether to put it together and record nothing.
    #[serde(default)]
    preview: bool,
}

/// An annex.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AnnexBody {
    name: Text<1, 200>,
    /// In Base64.
    content: String,
}

/// Who signs; the representatives of the terms where absent.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignatoriesBody {
    customer: Option<SignerBody>,
    vendor: Option<SignerBody>,
}

/// Who signs for a party.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SignerBody {
    name: Text<1, 200>,
    /// The position, such as legal representative.
    role: Text<1, 200>,
    /// By what authority, such as a power of attorney and its date.
    authority: Text<1, 200>,
}

/// By which playbook.
#[derive(Debug, Deserialize, JsonSchema)]
struct NegotiationQuery {
    /// The id of the playbook; the one that the caller's side signs by where absent.
    playbook: Option<Text<1, 100>>,
}

/// The playbook to sign by.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SigningPlaybookBody {
    /// The id of the built-in one, or of one of the caller's organisation.
    playbook: Text<1, 100>,
}

/// A party's own view of the negotiation.
#[derive(Debug, Serialize, JsonSchema)]
struct NegotiationView {
    side: Side,
    /// The playbook of this view.
    playbook: String,
    /// The playbook that the caller's side signs by: `red` is what it finds.
    signs_by: String,
    /// Whether the playbook of that id reads otherwise by now: what was chosen still holds.
    signs_by_edited: bool,
    clauses: Vec<StandView>,
    concessions: Vec<ConcessionView>,
    red: Vec<RedView>,
}

/// A clause over the versions.
#[derive(Debug, Serialize, JsonSchema)]
struct StandView {
    clause: String,
    title: Both,
    risk: String,
    by_version: Vec<ReachedView>,
}

/// What a version reaches for a clause.
#[derive(Debug, Serialize, JsonSchema)]
struct ReachedView {
    version: u32,
    status: String,
    reached: String,
    quote: String,
}

/// A clause that a version moved.
#[derive(Debug, Serialize, JsonSchema)]
struct ConcessionView {
    clause: String,
    version: u32,
    by: Side,
    from: String,
    to: String,
    /// Whether it came closer to this side.
    gain: bool,
}

/// A finding that needs an approval before the signing.
#[derive(Debug, Serialize, JsonSchema)]
struct RedView {
    /// Its id; the same words have the same in every version.
    finding: String,
    version: u32,
    clause: String,
    status: String,
    quote: String,
    start: u64,
    end: u64,
    reason: Both,
    advice: Both,
    suggestion: Option<String>,
    approval: Option<Approval>,
}

/// A walk-away to approve.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ApprovalBody {
    version: u32,
    finding: Text<1, 300>,
    /// Why it is signed all the same.
    reason: Text<1, 2000>,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/agreements/{id}/versions", "list_versions", versions)
            .about("Versions of the papers, and whose turn it is")
            .gate(Gate::At(Operation::ReadDocuments))
            .class(Class::Upload)
            .gives::<VersionsView>(),
        Route::post("/agreements/{id}/versions", "offer_version", offer)
            .about("Offers a version of the papers, or shows what it would be")
            .gate(Gate::At(Operation::Draft))
            .class(Class::Upload)
            .takes::<OfferBody>()
            .makes::<VersionView>(),
        Route::get("/agreements/{id}/versions/{number}/files/{name}", "get_version_file", file)
            .about("A file of a version, to save; `sealed.pdf` once both have signed")
            .gate(Gate::At(Operation::ReadDocuments))
            .class(Class::Upload)
            .gives_media("application/octet-stream"),
        Route::get("/agreements/{id}/signed-file", "get_signed_file", signed_file)
            .about("The signed file: papers, signatures and keys, to check anywhere")
            .gate(Gate::At(Operation::ReadDocuments))
            .class(Class::Upload)
            .gives_media("application/zip"),
        Route::get("/agreements/{id}/negotiation", "get_negotiation", negotiation)
            .about("Where the caller's side stands: positions, concessions, findings to approve")
            .gate(Gate::At(Operation::ReadDocuments))
            .class(Class::Upload)
            .query::<NegotiationQuery>()
            .gives::<NegotiationView>(),
        Route::post("/agreements/{id}/negotiation/playbook", "sign_by_playbook", sign_by)
            .about("Makes a playbook the one that the caller's side signs by, as it reads now")
            .gate(Gate::At(Operation::Sign))
            .class(Class::Upload)
            .takes::<SigningPlaybookBody>()
            .makes::<NegotiationView>(),
        Route::post("/agreements/{id}/approvals", "approve_finding", approve)
            .about("Approves a finding of high risk for the caller's side")
            .gate(Gate::At(Operation::Sign))
            .takes::<ApprovalBody>()
            .makes::<Approval>(),
    ]
}

async fn versions(at: At) -> Result<Json<VersionsView>, Problem> {
    let book = at.book().await?;
    let words = at.words(&book);
    let (turn, rounds) = desk::papers::turn(&book);
    let mut all = Vec::new();
    for one in &book.state.versions {
        let number = one.version.number;
        let offered = at.desk.version(&book, number).await?;
        let signed = desk::Desk::signed_by(&book, number);
        all.push(VersionView::new(offered, signed, &words));
    }
    let in_force = book.state.effective.is_some();
    Ok(Json(VersionsView { turn, rounds, in_force, versions: all }))
}

async fn offer(at: At, Json(body): Json<OfferBody>) -> Result<Json<VersionView>, Problem> {
    let decode = |text: &str, field| STANDARD.decode(text).map_err(|_| Problem::invalid(field));
    let mut annexes = Vec::new();
    for annex in body.annexes {
        let name = safe_name(&annex.name.0);
        if annexes.iter().any(|(other, _)| *other == name) {
            return Err(Problem::invalid("annexes"));
        }
        annexes.push((name, decode(&annex.content, "annexes")?));
    }
    let (customer, vendor) = body.signatories.signers();
    let new = NewVersion {
        word: body.word.as_deref().map(|word| decode(word, "word")).transpose()?,
        edition: Some(body.edition.edition()),
        annexes,
        seal: body.seal_picture.as_deref().map(|seal| decode(seal, "seal_picture")).transpose()?,
        customer,
        vendor,
    };
    let side = at.side();
    let book = at.book().await?;
    let words = at.words(&book);
    if body.preview {
        let prepared = at.desk.prepare_version(&book, side, new).await?;
        let offered = at.desk.as_offered(&book, prepared).await?;
        return Ok(Json(VersionView::new(offered, Vec::new(), &words)));
    }
    drop(book);
    let (_, prepared) = at.desk.offer(&at.id, &at.actor(), side, new).await?;
    let number = prepared.version.number;
    let book = at.book().await?;
    let offered = at.desk.version(&book, number).await?;
    Ok(Json(VersionView::new(offered, Vec::new(), &words)))
}

async fn file(
    at: At,
    Path((_, number, name)): Path<(String, u32, String)>,
) -> Result<Response, Problem> {
    let book = at.book().await?;
    let save_as = safe_name(&format!("{}-{number}-{name}", at.id));
    if name == SEALED {
        let last = book.state.versions.last().map(|last| last.version.number);
        let sealed = at.desk.sealed(&book, None).await?.filter(|_| last == Some(number));
        let sealed = sealed.ok_or(Problem::new(Code::NotFound))?;
        return Ok(Download::bytes(&save_as, "application/pdf", sealed));
    }
    let (bytes, media) = at.desk.version_file(&book, number, &name).await?;
    Ok(Download::bytes(&save_as, media_of(&media), bytes))
}

/// The media type under which a part is handed out.
pub(super) fn media_of(media: &str) -> &'static str {
    match media {
        "application/pdf" => "application/pdf",
        "application/json" => "application/json",
        "text/plain" => "text/plain; charset=utf-8",
        super::reviews::DOCX => super::reviews::DOCX,
        "image/png" => "image/png",
        "image/jpeg" => "image/jpeg",
        _ => "application/octet-stream",
    }
}

async fn signed_file(at: At) -> Result<Response, Problem> {
    let bytes = at.desk.signed_file(&at.id).await?;
    Ok(Download::bytes(&safe_name(&format!("{}-signed.zip", at.id)), "application/zip", bytes))
}

async fn negotiation(
    at: At,
    Query(query): Query<NegotiationQuery>,
) -> Result<Json<NegotiationView>, Problem> {
    if !at.entry.shows(Visibility::Mine) {
        return Err(Code::RoleMissing.into());
    }
    let playbook = match &query.playbook {
        Some(id) => Some(at.app.vault.people().playbook(&at.caller, &id.0).await?.0),
        None => None,
    };
    view(&at, playbook).await
}

async fn view(at: &At, playbook: Option<Playbook>) -> Result<Json<NegotiationView>, Problem> {
    let book = at.book().await?;
    let found = at.desk.negotiation(&book, at.side(), playbook).await?;
    let now = at.app.vault.people().playbook(&at.caller, &found.signs_by.id).await;
    let signs_by_edited = now.is_ok_and(|(now, _)| now != found.signs_by);
    let playbook = found.playbook;
    let clauses = found.stands.into_iter().filter_map(|stand| StandView::new(stand, &playbook));
    Ok(Json(NegotiationView {
        side: found.side,
        playbook: playbook.id.clone(),
        signs_by: found.signs_by.id,
        signs_by_edited,
        clauses: clauses.collect(),
        concessions: found.concessions.into_iter().map(ConcessionView::from).collect(),
        red: found.red.into_iter().map(RedView::from).collect(),
    }))
}

async fn sign_by(
    at: At,
    Json(body): Json<SigningPlaybookBody>,
) -> Result<Json<NegotiationView>, Problem> {
    let people = at.app.vault.people();
    let (_, text) = people.playbook(&at.caller, &body.playbook.0).await?;
    people.sign_by(Approver::Caller(&at.caller, &at.entry), &text).await?;
    view(&at, None).await
}

async fn approve(at: At, Json(body): Json<ApprovalBody>) -> Result<Json<Approval>, Problem> {
    let book = at.book().await?;
    let found = at.desk.negotiation(&book, at.side(), None).await?;
    drop(book);
    let named = |red: &Red| red.id == body.finding.0 && red.version == body.version;
    if !found.red.iter().any(named) {
        return Err(Problem::invalid("finding"));
    }
    let approval = (body.version, body.finding.0.as_str(), body.reason.0.as_str());
    let people = at.app.vault.people();
    let approver = Approver::Caller(&at.caller, &at.entry);
    Ok(Json(people.approve_finding(approver, approval).await?))
}

impl VersionView {
    fn new(offered: Offered, signed: Vec<Side>, words: &BothWords) -> Self {
        let Offered { version, entry, changed, proposed, .. } = offered;
        let Offered { revisions, hidden, obstacles, manifest, .. } = offered;
        let file = |file: contract::event::PaperFile| VersionFileView {
            name: file.name,
            sha256: file.sha256,
            size: file.size,
        };
        let papers = version.papers.clone().zip(manifest);
        Self {
            number: version.number,
            by: version.by,
            at: entry.map(|(_, at)| at),
            evidence: entry.map(|(seq, _)| format!("e{seq}")),
            word: file(version.word),
            annexes: version.annexes.into_iter().map(file).collect(),
            seals: version.seals.into_iter().map(file).collect(),
            terms_sha256: version.terms_sha256,
            changed_terms: changed.into_iter().map(ChangedTermView::from).collect(),
            proposed_terms: proposed.into_iter().map(ChangedTermView::from).collect(),
            revisions: revisions as u64,
            hidden: hidden
                .into_iter()
                .map(|one| HiddenView { before: one.was, after: one.is })
                .collect(),
            obstacles: obstacles.iter().map(|one| ObstacleView::new(one, words)).collect(),
            manifest: papers
                .map(|(papers, manifest)| ManifestView::new(papers.sha256, papers.size, manifest)),
            signed,
        }
    }
}

impl SignatoriesBody {
    /// Who signs for the customer, and who for the vendor.
    pub(super) fn signers(self) -> (Option<Signer>, Option<Signer>) {
        let signer = |body: SignerBody| Signer {
            name: body.name.0,
            role: body.role.0,
            authority: body.authority.0,
        };
        (self.customer.map(signer), self.vendor.map(signer))
    }
}

impl ManifestView {
    pub(super) fn new(sha256: String, size: u64, manifest: Manifest) -> Self {
        let parts = manifest.parts.into_iter().map(|part| PartView {
            name: part.name,
            kind: code(part.kind),
            language: part.language.map(|lang| lang.code().to_owned()),
            media_type: part.media_type,
            sha256: part.sha256.to_string(),
            size: part.size,
        });
        let parties = manifest.parties.into_iter().map(|party| PartyView {
            side: party.side,
            name: party.name,
            registration_number: party.registration_number,
        });
        let signatories = manifest.signatories.into_iter().map(|person| SignatoryView {
            side: person.side,
            name: person.name,
            role: person.role,
            authority: person.authority,
            order: person.order,
        });
        Self {
            sha256,
            size,
            intent: manifest.intent,
            language: manifest.language.code().to_owned(),
            method: code(manifest.method),
            at: manifest.at,
            parts: parts.collect(),
            parties: parties.collect(),
            signatories: signatories.collect(),
        }
    }
}

impl ObstacleView {
    fn new(obstacle: &Obstacle, words: &BothWords) -> Self {
        let value = serde_json::to_value(obstacle).unwrap_or_default();
        let code = value["code"].as_str().unwrap_or_default().to_owned();
        Self { code, detail: words.say(|words| words.obstacle(obstacle)) }
    }
}

impl From<ChangedTerm> for ChangedTermView {
    fn from(term: ChangedTerm) -> Self {
        Self { path: term.path, before: term.before, after: term.after }
    }
}

impl StandView {
    fn new(stand: Stand, playbook: &Playbook) -> Option<Self> {
        let clause = playbook.clause(&stand.clause)?;
        let by_version = stand.by_version.into_iter().map(|one| ReachedView {
            version: one.version,
            status: code(one.status),
            reached: code(one.reached),
            quote: one.quote,
        });
        Some(Self {
            title: both(&clause.title),
            risk: code(clause.risk),
            clause: stand.clause,
            by_version: by_version.collect(),
        })
    }
}

impl From<Concession> for ConcessionView {
    fn from(one: Concession) -> Self {
        let (from, to) = (code(one.from), code(one.to));
        let Concession { clause, version, by, gain, .. } = one;
        Self { clause, version, by, from, to, gain }
    }
}

impl From<Red> for RedView {
    fn from(red: Red) -> Self {
        let finding = red.finding;
        Self {
            finding: red.id,
            version: red.version,
            status: code(finding.status),
            start: finding.start as u64,
            end: finding.end as u64,
            reason: both(&finding.reason),
            advice: both(&finding.advice),
            clause: finding.clause,
            quote: finding.quote,
            suggestion: finding.suggestion,
            approval: red.approval,
        }
    }
}
