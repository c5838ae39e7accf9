//! Who asks, and what they may do. Every route declares its [`Gate`]; [`authorise`] stands before
//! every handler and lets nobody through whom the gate does not allow. The desk lies here, in the
//! [`Vault`], and comes out only as an [`At`]: as one party to one agreement sees it. Serves pb-05.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::RequestExt as _;
use axum::extract::{Extension, FromRequestParts, RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use contract::event::{Actor, Recorded};
use contract::terms::{Agreement, Side};
use desk::labelling::AtItem;
use desk::papers::{Paper, model_may_read};
use desk::people::{Caller, Entry, Origin, Outcome, People, Role};
use desk::rounds::{Trainer, TrainingError};
use desk::{Book, Desk};
use journal::Hash;
use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard};
use units::{Id, Timestamp};

pub(crate) use desk::people::Operation;

use crate::app::App;
use crate::books::Books;
use crate::download::Scratch;
use crate::extract::Json;
use crate::finish::RequestId;
use crate::problem::{Code, Problem};
use crate::route::Declared;
use crate::uploads::Uploads;
use crate::views::{BothWords, RecordedView};

/// The cookie of a session. Its name has browsers keep it to this host, over TLS.
pub(crate) const COOKIE: &str = "__Host-tally";
/// The header that shows that our own pages write.
const CSRF: &str = "x-csrf-token";

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gate {
    /// Anybody.
    Public,
    /// Whoever is signed in or has a key.
    Signed,
    /// Whose organisation lets them do this.
    Office(Operation),
    /// Whom the agreement of the path lets do this; for others it does not exist.
    At(Operation),
}

/// The person or key behind a request, as limits and receipts name it.
#[derive(Debug, Clone)]
pub(crate) struct Principal(pub(crate) String);

/// What only this module reaches.
pub(crate) struct Vault {
    /// The operator's desk.
    desk: Desk,
    people: People,
    books: Books,
    scratch: PathBuf,
    uploads: Uploads,
    files: AtomicU64,
}

/// What a caller showed; never written anywhere.
enum Proof {
    Session(String),
    Key(String),
}

/// Somebody who is signed in or has a key.
#[derive(Clone)]
pub(crate) struct Signed {
    pub(crate) app: App,
    pub(crate) caller: Caller,
    proof: Arc<Proof>,
}

/// Somebody at one agreement, with the right that the route declares.
#[derive(Clone)]
pub(crate) struct At {
    pub(crate) app: App,
    pub(crate) caller: Caller,
    proof: Arc<Proof>,
    pub(crate) entry: Entry,
    pub(crate) id: Id,
    /// The desk as this party sees it; no other agreement is there.
    pub(crate) desk: Desk,
}

impl Vault {
    pub(crate) fn new(desk: Desk, scratch: PathBuf) -> Self {
        let people = People::of(&desk);
        let uploads = Uploads::open(scratch.with_file_name("uploads"));
        let (books, files) = (Books::default(), AtomicU64::new(0));
        Self { desk, people, books, scratch, uploads, files }
    }

    /// The people of the deployment: every one of their doings asks who does it.
    pub(crate) fn people(&self) -> &People {
        &self.people
    }

    /// Where frames of a video are kept, by its hash: they can be taken again.
    pub(crate) fn frames(&self, hash: &str) -> PathBuf {
        self.scratch.with_file_name("frames").join(hash)
    }

    /// Removes files that belong to nothing any more.
    ///
    /// # Errors
    /// When a folder cannot be read, or something not be removed.
    pub(crate) async fn sweep_files(&self) -> std::io::Result<()> {
        let scratch = self.scratch.clone();
        let swept = tokio::task::spawn_blocking(move || crate::sweep::sweep(&scratch)).await;
        swept.map_err(std::io::Error::other)?
    }

    /// Brings every open job of a training on.
    pub(crate) async fn tick_jobs(&self, trainer: &Trainer) -> Result<usize, TrainingError> {
        trainer.tick(&self.people, &self.desk).await
    }

    /// Files on their way in.
    pub(crate) fn uploads(&self) -> &Uploads {
        &self.uploads
    }

    /// Now, by the deployment's clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.desk.clock.now()
    }

    /// The deployment's name, and whether it is a rehearsal.
    pub(crate) fn deployment(&self) -> (String, bool) {
        (self.desk.settings.name.clone(), self.desk.settings.rehearsal)
    }

    /// A new id for a request: nothing secret, and not twice within a process.
    pub(crate) fn new_request_id(&self) -> String {
        use desk::world::Random as _;
        let count = self.files.fetch_add(1, Ordering::Relaxed);
        desk::world::System
            .bytes()
            .map_or_else(|_| format!("request-{count:016x}"), |bytes| hex::encode(&bytes[..12]))
    }

    /// A name for a file that is needed for one answer.
    pub(crate) async fn scratch(&self, extension: &str) -> Result<Scratch, Problem> {
        let made = tokio::fs::create_dir_all(&self.scratch).await;
        made.map_err(|error| Problem::fault(&error))?;
        let name = format!("{}.{extension}", self.new_request_id());
        Ok(Scratch::new(self.scratch.join(name)))
    }

    /// What the service needs to do its work, and whether it is there.
    pub(crate) async fn ready(&self, stopping: bool) -> Vec<(&'static str, bool)> {
        let reads = self.desk.store.agreements(&self.desk.scope()).await.is_ok();
        let writes = self.people.sweep().await.is_ok();
        // A clock before the first release is a machine that lost its time.
        let clock = self.now().micros() > 1_760_000_000_000_000 || self.desk.settings.rehearsal;
        vec![
            ("store_reads", reads),
            ("store_writes", writes),
            ("clock", clock),
            ("serving", !stopping),
        ]
    }

    /// How many bytes the kept files have; `None` while that is not known.
    pub(crate) async fn objects_bytes(&self) -> Option<u64> {
        let rows = self.desk.store.agreements(&self.desk.scope()).await.ok()?;
        let mut sum = 0;
        for row in rows {
            let objects = self.desk.objects.list(&self.desk.scope(), &row.id).await.ok()?;
            sum += objects.iter().map(|object| object.size).sum::<u64>();
        }
        Some(sum)
    }

    /// Hears of every journal that grows in this process.
    pub(crate) fn changes(&self) -> tokio::sync::broadcast::Receiver<desk::Changed> {
        self.desk.changes()
    }

    /// Every agreement with its book, one after the other; for figures that name none of them.
    pub(crate) async fn every_book(
        &self,
        mut see: impl FnMut(&Book),
    ) -> Result<(), desk::DeskError> {
        for row in self.desk.store.agreements(&self.desk.scope()).await? {
            see(&*self.books.read(&self.desk, &row.id).await?);
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    /// Lets go of the files.
    pub(crate) async fn close(&self) {
        self.desk.store.close().await;
    }
}

/// Before every handler: who asks, whether their request is their own, and whether they may.
pub(crate) async fn authorise(
    State(app): State<App>,
    Extension(declared): Extension<Declared>,
    mut request: Request,
    next: Next,
) -> Response {
    match admit(&app, declared, &mut request).await {
        Ok(()) => {
            let mut response = next.run(request).await;
            if response.status() == StatusCode::OK && declared.status == 201 {
                *response.status_mut() = StatusCode::CREATED;
            }
            response
        }
        Err(problem) => problem.into_response(),
    }
}

async fn admit(app: &App, declared: Declared, request: &mut Request) -> Result<(), Problem> {
    let origin = origin(app, request.extensions(), request.headers());
    let headers = request.headers().clone();
    let caller = caller(app, declared, &headers, origin).await?;
    let Some((caller, proof)) = caller else {
        return match declared.gate {
            Gate::Public => Ok(()),
            _ => Err(Code::SignInNeeded.into()),
        };
    };
    app.limits.principal(&caller.principal())?;
    let extensions = request.extensions_mut();
    extensions.insert(Principal(caller.principal()));
    let signed = Signed { app: app.clone(), caller, proof: Arc::new(proof) };
    extensions.insert(signed.clone());
    match declared.gate {
        Gate::Public | Gate::Signed => Ok(()),
        Gate::Office(operation) => Ok(app.vault.people.allow(&signed.caller, operation).await?),
        Gate::At(operation) => {
            let id = agreement_of(request).await?;
            let entry = app.vault.people.enter(&signed.caller, &id, operation).await?;
            request.extensions_mut().insert(At::new(&signed, entry));
            Ok(())
        }
    }
}

/// The agreement that a path names. What cannot be a name names nothing.
async fn agreement_of(request: &mut Request) -> Result<Id, Problem> {
    let params = request.extract_parts::<RawPathParams>().await;
    let params = params.map_err(|_| Problem::new(Code::NotFound))?;
    let id = params.iter().find(|(name, _)| *name == "id").map(|(_, value)| value);
    Id::new(id.unwrap_or_default()).map_err(|_| Code::NotFound.into())
}

/// Who asks: a key, or a session whose pages write with their token.
async fn caller(
    app: &App,
    declared: Declared,
    headers: &HeaderMap,
    origin: Origin,
) -> Result<Option<(Caller, Proof)>, Problem> {
    if let Some(key) = bearer(headers) {
        let caller = app.vault.people.caller_of_key(key, &origin).await?;
        let Some(caller) = caller else {
            app.limits.proof(&origin.address)?;
            return Err(Code::SignInNeeded.into());
        };
        return Ok(Some((caller, Proof::Key(key.to_owned()))));
    }
    let Some(token) = session_token(headers) else { return Ok(None) };
    let Some(caller) = app.vault.people.caller(&token, &origin).await? else {
        return Ok(None);
    };
    if declared.write {
        let given = headers.get(CSRF).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !app.vault.people.csrf_holds(&caller, given).await? {
            // A public route is open to who is not signed in, and such a one it is then.
            return match declared.gate {
                Gate::Public => Ok(None),
                _ => Err(Code::CsrfToken.into()),
            };
        }
    }
    Ok(Some((caller, Proof::Session(token))))
}

/// Where a request comes from, for the audit trail.
pub(crate) fn origin(
    app: &App,
    extensions: &axum::http::Extensions,
    headers: &HeaderMap,
) -> Origin {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let agent: String = agent.unwrap_or_default().chars().take(200).collect();
    Origin {
        address: app.address(extensions, headers).to_string(),
        agent,
        request: extensions.get::<RequestId>().map_or_else(String::new, |id| id.0.clone()),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}

/// The session's token, from its cookie. Two cookies of the name are none: one was put there by
/// somebody else.
pub(crate) fn session_token(headers: &HeaderMap) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut found = all
        .flat_map(cookie::Cookie::split_parse)
        .filter_map(Result::ok)
        .filter(|cookie| cookie.name() == COOKIE);
    let first = found.next()?;
    found.next().is_none().then(|| first.value().to_owned())
}

impl Signed {
    pub(crate) fn people(&self) -> &People {
        &self.app.vault.people
    }

    /// Every agreement whose position this caller may read.
    pub(crate) async fn agreements(&self) -> Result<Vec<At>, Problem> {
        let entries = self.people().entries(&self.caller, Operation::ReadPosition).await?;
        Ok(entries.into_iter().map(|entry| At::new(self, entry)).collect())
    }

    /// One agreement, for something that this caller may do there.
    pub(crate) async fn agreement(&self, id: &Id, operation: Operation) -> Result<At, Problem> {
        let entry = self.people().enter(&self.caller, id, operation).await?;
        Ok(At::new(self, entry))
    }

    /// Asks every agreement that has a say in a paper whether a language model may read it; those
    /// that were asked, or the refusal of the first that forbids it, which is audited. `named` is
    /// asked in any case. What a key or a role does not open forbids all the same. Clause: pb-02.
    pub(crate) async fn model_may_read(
        &self,
        named: Option<&Id>,
        paper: &Paper<'_>,
    ) -> Result<Vec<Id>, Problem> {
        let Vault { desk, people, books, .. } = &self.app.vault;
        if let Some(id) = named {
            self.agreement(id, Operation::ReadPosition).await?;
        }
        let mut asked = Vec::new();
        let mut sides = people.binding(&self.caller).await?;
        sides.sort_by(|a, b| a.0.cmp(&b.0));
        for (id, side) in sides {
            let book = books.read(desk, &id).await?;
            if named != Some(&id) && !paper.concerns(&book.state, side) {
                continue;
            }
            let decided = model_may_read(&book.state, desk.clock.now());
            drop(book);
            if let Err(refusal) = decided {
                let (action, outcome) = ("ask_language_model", Outcome::Refused);
                let object = Some(paper.sha256);
                people.audited(&self.caller, action, Some(&id), object, outcome).await?;
                return Err(Problem::from(refusal).field("agreement", id.as_str()));
            }
            asked.push(id);
        }
        Ok(asked)
    }

    /// Lays down the terms of a new agreement.
    pub(crate) async fn found(
        &self,
        agreement: &Agreement,
        side: Side,
        counterparty: Option<&str>,
    ) -> Result<Vec<Recorded>, Problem> {
        let found = self.people().found(&self.caller, agreement, side, counterparty).await;
        Ok(found.map(|(_, recorded)| recorded)?)
    }
}

impl At {
    fn new(signed: &Signed, entry: Entry) -> Self {
        let Signed { app, caller, proof } = signed.clone();
        let (id, desk) = (entry.agreement().clone(), app.vault.people.desk(&entry));
        Self { app, caller, proof, entry, id, desk }
    }

    pub(crate) fn people(&self) -> &People {
        &self.app.vault.people
    }

    /// An item of a project of this agreement, as the caller names it.
    pub(crate) fn item<'a>(&'a self, project: &'a str, seq: u64) -> AtItem<'a> {
        AtItem { caller: &self.caller, entry: &self.entry, project, seq }
    }

    /// The same caller without the agreement.
    pub(crate) fn signed(&self) -> Signed {
        let (app, caller) = (self.app.clone(), self.caller.clone());
        Signed { app, caller, proof: Arc::clone(&self.proof) }
    }

    /// The side for which the caller acts.
    pub(crate) fn side(&self) -> Side {
        self.entry.side()
    }

    /// As whom the caller acts in the journal.
    pub(crate) fn actor(&self) -> Actor {
        self.entry.actor().clone()
    }

    pub(crate) fn roles(&self) -> &BTreeSet<Role> {
        self.entry.roles()
    }

    /// Whether the caller may do something else here too; hides what it may not read.
    pub(crate) fn allows(&self, operation: Operation) -> bool {
        self.entry.may(operation)
    }

    /// Lets the caller in for something else too.
    pub(crate) async fn also(&self, operation: Operation) -> Result<(), Problem> {
        self.app.vault.people.enter(&self.caller, &self.id, operation).await?;
        Ok(())
    }

    /// Whether what the caller came with still lets them in.
    pub(crate) async fn still(&self) -> bool {
        let people = &self.app.vault.people;
        let origin = self.caller.origin();
        let caller = match self.proof.as_ref() {
            Proof::Session(token) => people.caller(token, origin).await,
            Proof::Key(key) => people.caller_of_key(key, origin).await,
        };
        let Ok(Some(caller)) = caller else { return false };
        people.enter(&caller, &self.id, self.entry.operation()).await.is_ok()
    }

    /// Now, by the deployment's clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.desk.clock.now()
    }

    /// The journal as of now.
    pub(crate) async fn book(&self) -> Result<OwnedRwLockReadGuard<Book>, Problem> {
        Ok(self.app.vault.books.read(&self.app.vault.desk, &self.id).await?)
    }

    /// The journal as of now, to append to.
    pub(crate) async fn book_mut(&self) -> Result<OwnedRwLockWriteGuard<Book>, Problem> {
        Ok(self.app.vault.books.write(&self.app.vault.desk, &self.id).await?)
    }

    /// The words of both languages about this agreement.
    #[expect(clippy::unused_self, reason = "reads as a question to the agreement")]
    pub(crate) fn words(&self, book: &Book) -> BothWords {
        let state = &book.state;
        BothWords::about(state.agreement.as_ref().or(state.drafted.as_ref()))
    }

    /// What was recorded, as it is shown.
    pub(crate) async fn recorded(
        &self,
        recorded: &[Recorded],
    ) -> Result<Json<RecordedView>, Problem> {
        let words = self.words(&*self.book().await?);
        Ok(Json(RecordedView::new(recorded, &words)))
    }

    /// Entries from a number on, each with its leaf hash.
    pub(crate) async fn read(
        &self,
        from: u64,
        limit: u32,
    ) -> Result<Vec<(Recorded, [u8; 32])>, Problem> {
        let store = &self.desk.store;
        let page = store.read(&self.desk.scope(), &self.id, from, limit).await;
        let page = page.map_err(desk::DeskError::from)?;
        let mut all = Vec::with_capacity(page.len());
        for record in page {
            let recorded = desk::decode(record.seq, &record.line);
            all.push((recorded.map_err(desk::DeskError::from)?, record.leaf));
        }
        Ok(all)
    }

    /// One entry, its leaf hash and its line.
    pub(crate) async fn entry_line(
        &self,
        seq: u64,
    ) -> Result<(Recorded, [u8; 32], Vec<u8>), Problem> {
        let store = &self.desk.store;
        let page = store.read(&self.desk.scope(), &self.id, seq, 1).await;
        let record = page.map_err(desk::DeskError::from)?.into_iter().next();
        let record = record.filter(|record| record.seq == seq).ok_or(Code::NotFound)?;
        let recorded = desk::decode(seq, &record.line).map_err(desk::DeskError::from)?;
        Ok((recorded, *Hash::leaf(&record.line).bytes(), record.line))
    }

    /// Checkpoints of at least a size, in the order of their sizes.
    pub(crate) async fn checkpoints(&self, from: u64) -> Result<Vec<store::Checkpoint>, Problem> {
        let store = &self.desk.store;
        let kept = store.checkpoints(&self.desk.scope(), &self.id, from, 10_000).await;
        Ok(kept.map_err(desk::DeskError::from)?)
    }
}

impl FromRequestParts<App> for Signed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Code::SignInNeeded.into())
    }
}

impl FromRequestParts<App> for At {
    type Rejection = Problem;

    /// A handler that asks for an agreement whose route declares none gets nothing.
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Code::NotFound.into())
    }
}
