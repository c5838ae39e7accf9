//! The journal of an agreement: its entries with their proofs, its checkpoints with the signatures
//! of the parties, and the bundle that can be checked without us. Clause: pb-08.

use axum::extract::State;
use axum::response::Response;
use contract::event::Recorded;
use desk::bundle;
use journal::Checkpoint;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::Timestamp;

use crate::app::App;
use crate::auth::{At, Gate, Operation};
use crate::download::{Download, file_name};
use crate::extract::{Json, Path, Query};
use crate::live;
use crate::problem::{Code, Problem};
use crate::route::{Class, Route};
use crate::views::{BothWords, EntryView, Page, PageQuery, Text};

/// How many entries are looked through at most for one page of a filtered list.
const LOOKED_THROUGH: u32 = 5_000;

/// Which entries.
#[derive(Debug, Deserialize, JsonSchema)]
struct EntriesQuery {
    /// How many at most.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    #[schemars(length(min = 1, max = 512), regex(pattern = "^[A-Za-z0-9_-]+$"))]
    cursor: Option<String>,
    /// Of this kind, as a code; the kind of a fact too.
    kind: Option<Text<0, 64>>,
    /// Recorded by this party: `customer`, `vendor` or `deployment`.
    actor: Option<ActorOf>,
    /// With this text in the sentence or the payload.
    q: Option<Text<0, 200>>,
    /// Recorded at or after this instant.
    from: Option<Timestamp>,
    /// Recorded before this instant.
    to: Option<Timestamp>,
    /// The oldest first or the newest first.
    order: Option<Order>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum ActorOf {
    Customer,
    Vendor,
    Deployment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Order {
    Asc,
    Desc,
}

/// An entry with its proof.
#[derive(Debug, Serialize, JsonSchema)]
struct EntryDetail {
    /// The entry.
    #[serde(flatten)]
    entry: EntryView,
    /// Its canonical line, as text: what the leaf hash is over.
    line: String,
    /// Whether it can be proven.
    proof: ProofView,
}

/// Whether an entry stands under a checkpoint.
#[derive(Debug, Serialize, JsonSchema)]
struct ProofView {
    /// Entries of the latest checkpoint.
    size: u64,
    /// Whether the entry is under it.
    included: bool,
    /// Parties that signed a checkpoint over it.
    cosigned: u32,
}

/// A checkpoint.
#[derive(Debug, Serialize, JsonSchema)]
struct CheckpointView {
    /// How many entries it covers.
    size: u64,
    /// The root over them.
    root: String,
    /// The signed note, with the signatures that came later.
    note: String,
    /// Signatures of the parties.
    cosignatures: Vec<CosignatureView>,
}

/// A party's signature on a checkpoint.
#[derive(Debug, Serialize, JsonSchema)]
struct CosignatureView {
    /// The public key.
    key: String,
    /// The line of the note.
    line: String,
    /// When it was received.
    at: Timestamp,
}

/// A signature line made elsewhere.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CosignatureBody {
    /// The size of the checkpoint; the latest where absent.
    size: Option<u64>,
    /// The line: `— name base64`.
    #[schemars(length(min = 1, max = 1_024))]
    note_line: String,
}

/// What to sign to cosign the latest checkpoint.
#[derive(Debug, Serialize, JsonSchema)]
struct CosigningView {
    /// The size of the checkpoint.
    size: u64,
    /// The exact bytes to sign with Ed25519, in Base64.
    payload: String,
}

pub(crate) fn routes() -> Vec<Route> {
    let read = Gate::At(Operation::ReadJournal);
    vec![
        Route::get("/agreements/{id}/entries", "list_entries", entries)
            .about("The entries of the journal, filtered")
            .gate(read)
            .query::<EntriesQuery>()
            .gives::<Page<EntryView>>(),
        Route::get("/agreements/{id}/entries/{seq}", "get_entry", entry)
            .about("One entry with its line and whether it can be proven")
            .gate(read)
            .gives::<EntryDetail>(),
        Route::get("/agreements/{id}/entries/{seq}/proof", "get_entry_proof", proof)
            .about("The proof that the entry stands in the journal (c2sp.org/tlog-proof)")
            .gate(read)
            .gives_media("text/plain"),
        Route::get("/agreements/{id}/checkpoints", "list_checkpoints", checkpoints)
            .about("Signed checkpoints, the newest first")
            .gate(read)
            .query::<PageQuery>()
            .gives::<Page<CheckpointView>>(),
        Route::post("/agreements/{id}/checkpoints", "make_checkpoint", checkpoint)
            .about("Signs a checkpoint over the whole journal, or gives the one there is")
            .gate(Gate::At(Operation::Checkpoint))
            .makes::<CheckpointView>(),
        Route::get("/agreements/{id}/checkpoints/{size}", "get_checkpoint", checkpoint_file)
            .about("A checkpoint as a signed note")
            .gate(read)
            .gives_media("text/plain"),
        Route::get("/agreements/{id}/cosigning", "get_cosigning", cosigning)
            .about("The exact bytes that a party signs to cosign the latest checkpoint")
            .gate(Gate::At(Operation::Checkpoint))
            .gives::<CosigningView>(),
        Route::post("/agreements/{id}/cosignatures", "cosign", cosign)
            .about("Keeps a party's signature on a checkpoint")
            .gate(Gate::At(Operation::Cosign))
            .takes::<CosignatureBody>()
            .makes::<CheckpointView>(),
        Route::get("/agreements/{id}/bundle", "get_bundle", bundle_file)
            .about("Everything that the other party or a court needs, in one file")
            .gate(Gate::At(Operation::Export))
            .class(Class::Upload)
            .gives_media("application/zip"),
        Route::get("/agreements/{id}/live", "live", live::stream)
            .about("New entries and the position, as they come (server-sent events)")
            .gate(Gate::At(Operation::ReadPosition))
            .class(Class::Stream)
            .gives_media("text/event-stream"),
    ]
}

async fn entries(
    at: At,
    Query(query): Query<EntriesQuery>,
) -> Result<Json<Page<EntryView>>, Problem> {
    let paging = PageQuery::new(query.limit, query.cursor.clone());
    let (limit, after) = (paging.limit()?, paging.after::<u64>()?);
    let book = at.book().await?;
    let words = at.words(&book);
    let end = book.state.next_seq;
    drop(book);
    let newest_first = query.order == Some(Order::Desc);
    let mut items = Vec::new();
    let mut place = match (after, newest_first) {
        (Some(after), true) => after,
        (Some(after), false) => after + 1,
        (None, true) => end,
        (None, false) => 0,
    };
    let mut looked = 0;
    let mut next = None;
    // Walks page by page in the order asked for; `place` is the next to look at (or its end).
    'pages: while looked < LOOKED_THROUGH {
        let from = if newest_first { place.saturating_sub(500) } else { place };
        let count = if newest_first { place - from } else { 500 };
        if count == 0 || from >= end {
            next = None;
            break;
        }
        let mut page = at.read(from, u32::try_from(count).unwrap_or(500)).await?;
        page.retain(|(entry, _)| entry.seq < from + count);
        if page.is_empty() {
            next = None;
            break;
        }
        if newest_first {
            page.reverse();
        }
        for (recorded, leaf) in page {
            looked += 1;
            place = if newest_first { recorded.seq } else { recorded.seq + 1 };
            next = Some(recorded.seq);
            if let Some(view) = query.matches(&recorded, leaf, &words) {
                items.push(view);
                if items.len() == limit {
                    break 'pages;
                }
            }
        }
    }
    let last = if newest_first { place == 0 } else { place >= end };
    let next_cursor = next.filter(|_| !last).and_then(|seq| crate::views::cursor(&seq));
    Ok(Json(Page { items, next_cursor }))
}

impl EntriesQuery {
    /// The entry as it is shown, when it is asked for.
    fn matches(&self, entry: &Recorded, leaf: [u8; 32], words: &BothWords) -> Option<EntryView> {
        use contract::event::Actor;
        let of = match entry.actor {
            Actor::Customer { .. } => ActorOf::Customer,
            Actor::Vendor { .. } => ActorOf::Vendor,
            Actor::Deployment { .. } => ActorOf::Deployment,
        };
        let in_time =
            self.from.is_none_or(|from| entry.at >= from) && self.to.is_none_or(|to| entry.at < to);
        if !in_time || self.actor.is_some_and(|wanted| wanted != of) {
            return None;
        }
        let view = EntryView::new(entry, Some(leaf), words);
        let is_kind = |kind: &Text<0, 64>| {
            view.kind == kind.0 || view.fact.as_deref() == Some(kind.0.as_str())
        };
        if self.kind.as_ref().is_some_and(|kind| !is_kind(kind)) {
            return None;
        }
        let text = |q: &Text<0, 200>| {
            let q = q.0.to_lowercase();
            view.text.zh.to_lowercase().contains(&q)
                || view.text.en.to_lowercase().contains(&q)
                || view.payload.to_string().to_lowercase().contains(&q)
        };
        self.q.as_ref().is_none_or(text).then_some(view)
    }
}

async fn entry(at: At, Path((_, seq)): Path<(String, u64)>) -> Result<Json<EntryDetail>, Problem> {
    let (recorded, leaf, line) = at.entry_line(seq).await?;
    let book = at.book().await?;
    let words = at.words(&book);
    drop(book);
    let kept = at.checkpoints(0).await?;
    let size = kept.last().map_or(0, |kept| kept.size);
    let cosigned = kept.iter().rev().find(|kept| kept.size > seq && !kept.cosignatures.is_empty());
    let cosigned = cosigned.map_or(0, |kept| kept.cosignatures.len());
    Ok(Json(EntryDetail {
        entry: EntryView::new(&recorded, Some(leaf), &words),
        line: String::from_utf8_lossy(&line).into_owned(),
        proof: ProofView {
            size,
            included: seq < size,
            cosigned: u32::try_from(cosigned).unwrap_or(u32::MAX),
        },
    }))
}

async fn proof(at: At, Path((_, seq)): Path<(String, u64)>) -> Result<Response, Problem> {
    let text = bundle::proof(&at.desk, &at.id, seq).await?;
    Download::text(&file_name(&[at.id.as_str(), &format!("e{seq}")], "tlog-proof"), text)
}

async fn checkpoints(
    at: At,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<CheckpointView>>, Problem> {
    let (limit, before) = (query.limit()?, query.after::<u64>()?);
    let mut kept = at.checkpoints(0).await?;
    kept.reverse();
    kept.retain(|kept| before.is_none_or(|before| kept.size < before));
    kept.truncate(limit + 1);
    let views: Result<Vec<_>, Problem> = kept.iter().map(CheckpointView::new).collect();
    Ok(Json(Page::of(views?, limit, |view| view.size)))
}

impl CheckpointView {
    fn new(kept: &store::Checkpoint) -> Result<Self, Problem> {
        let mut text = kept.note.clone();
        for signature in &kept.cosignatures {
            text.push_str(&signature.line);
            text.push('\n');
        }
        let note: journal::Note = text.parse().map_err(|_| Problem::new(Code::Fault))?;
        let stated = Checkpoint::of(&note).map_err(|_| Problem::new(Code::Fault))?;
        let cosignatures = kept.cosignatures.iter().map(|signature| CosignatureView {
            key: signature.key.clone(),
            line: signature.line.clone(),
            at: signature.at,
        });
        Ok(Self {
            size: kept.size,
            root: stated.root.to_string(),
            note: text,
            cosignatures: cosignatures.collect(),
        })
    }
}

async fn checkpoint(at: At) -> Result<Json<CheckpointView>, Problem> {
    let note = at.desk.checkpoint(&at.id).await?;
    let size = Checkpoint::of(&note).map_err(|_| Problem::new(Code::Fault))?.size;
    one_checkpoint(&at, size).await.map(Json)
}

async fn one_checkpoint(at: &At, size: u64) -> Result<CheckpointView, Problem> {
    let kept = at.checkpoints(size).await?;
    let kept = kept.first().filter(|kept| kept.size == size);
    CheckpointView::new(kept.ok_or(Problem::new(Code::NotFound))?)
}

async fn checkpoint_file(
    at: At,
    Path((_, size)): Path<(String, u64)>,
) -> Result<Response, Problem> {
    let view = one_checkpoint(&at, size).await?;
    Download::text(&file_name(&[at.id.as_str(), &size.to_string()], "note"), view.note)
}

async fn cosigning(at: At) -> Result<Json<CosigningView>, Problem> {
    let payload = at.desk.cosigning_payload(&at.id).await?;
    Ok(Json(CosigningView { size: payload.size, payload: crate::views::base64(&payload.payload) }))
}

async fn cosign(
    at: At,
    Json(body): Json<CosignatureBody>,
) -> Result<Json<CheckpointView>, Problem> {
    let side = at.side();
    let note = at.desk.cosign_with(&at.id, side, body.size, &body.note_line).await?;
    let size = Checkpoint::of(&note).map_err(|_| Problem::new(Code::Fault))?.size;
    one_checkpoint(&at, size).await.map(Json)
}

async fn bundle_file(State(app): State<App>, at: At) -> Result<Response, Problem> {
    let scratch = app.vault.scratch("tally").await?;
    bundle::export(&at.desk, &at.id, scratch.path()).await?;
    let name = file_name(&[at.id.as_str()], "tally");
    Download::file(&name, "application/zip", scratch).await
}
