//! A deployment, opened: its store, objects, clock, randomness and key, and the use cases that
//! touch one agreement. Every face (command line, HTTP) goes through here.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use contract::event::{Actor, Recorded, Signing};
use contract::terms::{Agreement, Side};
use contract::{Action, Command, Position};
use journal::{Checkpoint, Envelope, Hash, KeyType, Note, SignerKey};
use store::{
    AgreementRow, Cosignature, KeyId, NewAgreement, ObjectRef, Objects, Party, Register, Scope,
    Shelf, Sqlite, Store, VerifierKey,
};
use tokio::sync::broadcast;
use units::{Id, Timestamp};

use crate::book::{Book, DeskError};
use crate::files::{Files, Settings, read_key};
use crate::papers::Reviews;
use crate::people::Entry;
use crate::signing::{
    Paper, check_signing, check_stamp, document_bytes, sign_paper, signing_envelope, signing_of,
    terms_bytes,
};
use crate::world::{Clock, ManualClock, Random, Rehearsal, Running, System};

/// The largest object of this version: a statement, an invoice, a report.
pub(crate) const OBJECT_LIMIT: u64 = 1 << 30;

/// How many notices of changes wait for a slow reader before it misses the oldest.
const NOTICES: usize = 1024;

/// A deployment, opened: cheap to clone. Who asks is part of it: a desk that was opened asks as the
/// operator, a desk [`Desk::within`] an entry asks as a party to one agreement, and for it nothing
/// else exists.
#[derive(Clone)]
pub struct Desk {
    /// Journals.
    pub store: Arc<dyn Store>,
    /// Files.
    pub objects: Arc<dyn Objects>,
    /// Small rows and the audit trail; [`crate::people::People`] knows what they mean.
    pub register: Arc<dyn Register>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Random bytes for use cases of an agreement. Never for tokens: a rehearsal's follow from its
    /// name.
    pub random: Arc<dyn Random>,
    /// The deployment's key: it signs checkpoints and bundles.
    pub key: Arc<SignerKey>,
    /// The settings.
    pub settings: Arc<Settings>,
    scope: Scope,
    pub(crate) reviews: Arc<Reviews>,
    changes: broadcast::Sender<Changed>,
}

/// What a desk is made of.
pub struct Parts {
    /// Journals.
    pub store: Arc<dyn Store>,
    /// Files.
    pub objects: Arc<dyn Objects>,
    /// Small rows and the audit trail.
    pub register: Arc<dyn Register>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub random: Arc<dyn Random>,
    /// The deployment's key.
    pub key: SignerKey,
    /// The settings.
    pub settings: Settings,
}

/// A journal grew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Whose.
    pub agreement: Id,
    /// The sequence that its next entry takes.
    pub next: u64,
}

/// How the clock of a rehearsal goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pace {
    Standing,
    Running,
}

/// An agreement in the list of all.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Its row.
    pub row: AgreementRow,
    /// Where it stands.
    pub position: Position,
}

impl Desk {
    /// Lays down a new deployment in a folder. A rehearsal's key follows from its name, so that the
    /// same script gives the same bytes; it protects nothing.
    ///
    /// # Errors
    /// When there is one already, or the disk refuses.
    pub async fn create(folder: &Path, name: &str, rehearsal: bool) -> Result<(), DeskError> {
        let seed = if rehearsal {
            *Hash::of(format!("rehearsal {name}").as_bytes()).bytes()
        } else {
            System.bytes()?
        };
        let files = Files::at(folder);
        files.create(name, rehearsal, &seed)?;
        Sqlite::open(&files.database()).await?.close().await;
        Ok(())
    }

    /// Opens a deployment for the operator. In a rehearsal the clock stands at `now`; elsewhere
    /// `now` is refused.
    ///
    /// # Errors
    /// When there is none, or a file of it cannot be read.
    pub async fn open(folder: &Path, now: Option<Timestamp>) -> Result<Self, DeskError> {
        Self::open_at(folder, now, Pace::Standing).await
    }

    /// Opens a deployment that is served: as [`Desk::open`], but the clock of a rehearsal runs on
    /// from `now`.
    ///
    /// # Errors
    /// When there is none, or a file of it cannot be read.
    pub async fn open_running(folder: &Path, now: Option<Timestamp>) -> Result<Self, DeskError> {
        Self::open_at(folder, now, Pace::Running).await
    }

    async fn open_at(folder: &Path, now: Option<Timestamp>, pace: Pace) -> Result<Self, DeskError> {
        let files = Files::at(folder);
        let settings = files.settings()?;
        let key = read_key(&files.key(), KeyType::Note)?;
        let (clock, random): (Arc<dyn Clock>, Arc<dyn Random>) = if settings.rehearsal {
            let now = now.unwrap_or_else(|| System.now());
            let seed = *Hash::of(format!("{} {now}", settings.name).as_bytes()).bytes();
            let clock: Arc<dyn Clock> = match pace {
                Pace::Standing => Arc::new(ManualClock::new(now)),
                Pace::Running => Arc::new(Running::from(now)),
            };
            (clock, Arc::new(Rehearsal::new(seed)))
        } else if now.is_some() {
            return Err(DeskError::NotARehearsal);
        } else {
            (Arc::new(System), Arc::new(System))
        };
        let rows = Arc::new(Sqlite::open(&files.database()).await?);
        let objects = Arc::new(Shelf::folder(&files.objects(), OBJECT_LIMIT)?);
        let register: Arc<Sqlite> = Arc::clone(&rows);
        Ok(Self::of(Parts { store: rows, objects, register, clock, random, key, settings }))
    }

    /// The operator's desk over these parts.
    #[must_use]
    pub fn of(parts: Parts) -> Self {
        let Parts { store, objects, register, clock, random, key, settings } = parts;
        let (changes, _) = broadcast::channel(NOTICES);
        let (key, settings) = (Arc::new(key), Arc::new(settings));
        let scope = Scope::operator();
        let reviews = Arc::default();
        Self { store, objects, register, clock, random, key, settings, scope, reviews, changes }
    }

    /// The same deployment as a party to one agreement sees it.
    #[must_use]
    pub fn within(&self, entry: &Entry) -> Self {
        Self { scope: entry.scope().clone(), ..self.clone() }
    }

    /// Who asks.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.scope.clone()
    }

    /// Hears of every append that goes through this desk or a clone of it. A reader that is too
    /// slow misses notices and is told so; an append by another process is not heard.
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<Changed> {
        self.changes.subscribe()
    }

    /// Tells of an append.
    pub(crate) fn changed(&self, book: &Book) {
        let notice = Changed { agreement: book.agreement.clone(), next: book.state.next_seq };
        // Nobody may be listening.
        let _heard = self.changes.send(notice);
    }

    /// Registers an agreement and lays down its terms. The operator's alone: parties found theirs
    /// through [`crate::people::People::found`].
    ///
    /// # Errors
    /// When the id is taken or the store fails.
    pub async fn draft(
        &self,
        actor: &Actor,
        agreement: &Agreement,
    ) -> Result<Vec<Recorded>, DeskError> {
        self.register_agreement(agreement).await?;
        self.lay_down(actor, agreement).await
    }

    /// Registers an agreement with an empty journal.
    pub(crate) async fn register_agreement(&self, agreement: &Agreement) -> Result<(), DeskError> {
        let row = NewAgreement {
            id: agreement.id.clone(),
            kind: agreement.service.kind().to_owned(),
            title: agreement.title.zh.clone(),
            created: self.clock.now(),
        };
        Ok(self.store.create_agreement(&self.scope, &row).await?)
    }

    /// Lays down terms in an agreement's journal: the first ones, or changed ones while nobody has
    /// signed.
    ///
    /// # Errors
    /// The contract's refusal, or a fault.
    pub async fn lay_down(
        &self,
        actor: &Actor,
        agreement: &Agreement,
    ) -> Result<Vec<Recorded>, DeskError> {
        let terms = terms_bytes(agreement)?;
        self.put(&agreement.id, &terms).await?;
        let action = Action::Draft {
            agreement: Box::new(agreement.clone()),
            terms_sha256: hex::encode(Hash::of(&terms).bytes()),
        };
        self.execute(&agreement.id, &Command::new(actor.clone(), action)).await
    }

    /// Signs the terms for a party with its own key.
    ///
    /// # Errors
    /// The contract's refusal, or a key that cannot sign.
    pub async fn sign(
        &self,
        agreement: &Id,
        side: Side,
        signatory: &str,
        key: &SignerKey,
    ) -> Result<Vec<Recorded>, DeskError> {
        let mut book = self.open_book(agreement).await?;
        self.clear_to_sign(&book, side).await?;
        let (signing, envelope) = sign_paper(&Paper::standing(&book.state)?, side, signatory, key)?;
        let command = Command::new(Actor::of(side, signatory), Action::Sign(signing));
        self.keep_signature(&mut book, &command, &envelope, side, &key.verifier()).await
    }

    /// Signs a proposed document for a party with its own key; signed by both it replaces terms.
    ///
    /// # Errors
    /// The contract's refusal, or a key that cannot sign.
    pub async fn sign_document(
        &self,
        agreement: &Id,
        document: &Id,
        side: Side,
        signatory: &str,
        key: &SignerKey,
    ) -> Result<Vec<Recorded>, DeskError> {
        let mut book = self.open_book(agreement).await?;
        let paper = Paper::named(&book.state, Some(document))?;
        let (signing, envelope) = sign_paper(&paper, side, signatory, key)?;
        let action = Action::SignDocument { document: document.clone(), signing };
        let command = Command::new(Actor::of(side, signatory), action);
        self.keep_signature(&mut book, &command, &envelope, side, &key.verifier()).await
    }

    /// What a party signs elsewhere, with a private key that never comes here: the terms, or a
    /// proposed document. The bytes name the key, so the key's public half comes first.
    ///
    /// # Errors
    /// When there is nothing of the kind to sign, or the key is one for checkpoints.
    pub async fn signing_payload(
        &self,
        agreement: &Id,
        document: Option<&Id>,
        side: Side,
        signatory: &str,
        key: &journal::VerifierKey,
    ) -> Result<SigningPayload, DeskError> {
        let book = self.open_book(agreement).await?;
        let paper = Paper::named(&book.state, document)?;
        let signing = signing_of(&paper, side, signatory, key, &[])?;
        let payload = paper.signed_bytes(&signing)?;
        let Signing { side, terms_sha256, manifest_sha256, .. } = signing;
        let payload_type = PAYLOAD_TYPE;
        Ok(SigningPayload { payload, payload_type, terms_sha256, manifest_sha256, side })
    }

    /// Records a signature that a party made elsewhere over [`Desk::signing_payload`].
    ///
    /// # Errors
    /// [`DeskError::Signature`] when it does not hold, the contract's refusal, or a fault.
    pub async fn sign_with(
        &self,
        agreement: &Id,
        document: Option<&Id>,
        side: Side,
        signatory: &str,
        key: &journal::VerifierKey,
        signature: &[u8],
    ) -> Result<Vec<Recorded>, DeskError> {
        let mut book = self.open_book(agreement).await?;
        if document.is_none() {
            self.clear_to_sign(&book, side).await?;
        }
        let paper = Paper::named(&book.state, document)?;
        let signing = signing_of(&paper, side, signatory, key, signature)?;
        let envelope = signing_envelope(&paper, &signing)?;
        let command = Command::new(Actor::of(side, signatory), sign_action(document, signing));
        self.keep_signature(&mut book, &command, &envelope, side, key).await
    }

    /// Records a signature, and keeps its envelope and the party's public key.
    async fn keep_signature(
        &self,
        book: &mut Book,
        command: &Command,
        envelope: &Envelope,
        side: Side,
        verifier: &journal::VerifierKey,
    ) -> Result<Vec<Recorded>, DeskError> {
        let recorded = self.execute_on(book, command).await?;
        let bytes = envelope.to_bytes().map_err(|_| unwritable("envelope"))?;
        self.put(&book.agreement, &bytes).await?;
        let holder = Some(party(side));
        let row = VerifierKey {
            name: verifier.name().to_owned(),
            key: verifier.to_string(),
            holder,
            at: self.clock.now(),
        };
        self.store.put_key(&self.scope(), &book.agreement, &row).await?;
        Ok(recorded)
    }

    /// Opens an agreement's journal.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub async fn open_book(&self, agreement: &Id) -> Result<Book, DeskError> {
        Book::open(self.store.as_ref(), &self.scope(), agreement).await
    }

    /// Carries out a command.
    ///
    /// # Errors
    /// The contract's refusal, or a fault.
    pub async fn execute(
        &self,
        agreement: &Id,
        command: &Command,
    ) -> Result<Vec<Recorded>, DeskError> {
        let mut book = self.open_book(agreement).await?;
        self.execute_on(&mut book, command).await
    }

    /// Carries out a command on an opened journal.
    ///
    /// # Errors
    /// The contract's refusal, or a fault.
    pub async fn execute_on(
        &self,
        book: &mut Book,
        command: &Command,
    ) -> Result<Vec<Recorded>, DeskError> {
        self.guard(book, command)?;
        let clock = Arc::clone(&self.clock);
        let store = self.store.as_ref();
        let recorded = book.execute(store, &self.scope, command, || clock.now()).await?;
        if !recorded.is_empty() {
            self.changed(book);
        }
        Ok(recorded)
    }

    /// Lets the clock decide what the passing of time has decided, before anything is computed that
    /// rests on it. Clauses: anno-4.1.1, class-5.2, lease-7.1.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn tick(&self, book: &mut Book) -> Result<Vec<Recorded>, DeskError> {
        let clock = Actor::Deployment { name: "clock".to_owned() };
        self.execute_on(book, &Command::new(clock, Action::Tick)).await
    }

    /// What the contract leaves to the other crates to check: that a revealed seed is the one
    /// committed to, and that a signature holds. Clause: anno-4.1.1.
    pub(crate) fn guard(&self, book: &Book, command: &Command) -> Result<(), DeskError> {
        let state = &book.state;
        match &command.action {
            Action::SubmitStatement(summary) => book.guard_statement(summary),
            Action::Record { fact, .. } => crate::sampling::guard(state, fact),
            Action::Sign(signing) => check_signing(&Paper::standing(state)?, signing),
            Action::ProposeDocument { document, terms_sha256, .. } => {
                let have = hex::encode(Hash::of(&document_bytes(document)?).bytes());
                let got = terms_sha256.clone();
                if have == got {
                    Ok(())
                } else {
                    Err(contract::Refusal::TermsDiffer { have, got }.into())
                }
            }
            Action::SignDocument { document, signing } => {
                check_signing(&Paper::named(state, Some(document))?, signing)
            }
            Action::StampSignature { side, document, token } => {
                check_stamp(state, (*side, document.as_ref()), token).map(|_| ())
            }
            Action::SettleClaim { claim, amount } => {
                crate::account::guard_claim(state, claim, *amount)
            }
            _ => Ok(()),
        }
    }

    /// Where an agreement stands as of an instant, or now.
    ///
    /// # Errors
    /// When there is none, or its journal cannot be read.
    pub async fn position(
        &self,
        agreement: &Id,
        as_of: Option<Timestamp>,
    ) -> Result<Position, DeskError> {
        let book = self.open_book(agreement).await?;
        Ok(contract::position(&book.state, as_of.unwrap_or_else(|| self.clock.now())))
    }

    /// Every agreement with its position.
    ///
    /// # Errors
    /// When a journal cannot be read.
    pub async fn list(&self) -> Result<Vec<Listed>, DeskError> {
        let mut all = Vec::new();
        for row in self.store.agreements(&self.scope()).await? {
            let position = self.position(&row.id, None).await?;
            all.push(Listed { row, position });
        }
        Ok(all)
    }

    /// Signs a checkpoint of an agreement's journal and keeps it.
    ///
    /// # Errors
    /// When the journal cannot be read or the checkpoint not be kept.
    pub async fn checkpoint(&self, agreement: &Id) -> Result<Note, DeskError> {
        let book = self.open_book(agreement).await?;
        let size = book.frontier.size();
        let kept = self.store.checkpoint(&self.scope(), agreement, size).await?;
        if let Some(kept) = kept.filter(|kept| kept.size == size) {
            return with_cosignatures(&kept);
        }
        let checkpoint = Checkpoint::new(&origin(agreement), size, book.frontier.root())
            .map_err(|_| unwritable("checkpoint"))?;
        let note = checkpoint.sign(&self.key, self.clock.now());
        self.store.put_checkpoint(&self.scope(), agreement, size, &note.to_string()).await?;
        Ok(note)
    }

    /// Adds a party's own signature to the latest checkpoint.
    ///
    /// # Errors
    /// When the journal cannot be read or the signature not be kept.
    pub async fn cosign(&self, agreement: &Id, key: &SignerKey) -> Result<Note, DeskError> {
        let mut note = self.checkpoint(agreement).await?;
        let size = Checkpoint::of(&note).map_err(|_| unwritable("checkpoint"))?.size;
        let at = self.clock.now();
        note.cosign(key, at);
        let text = note.to_string();
        let line = text.lines().next_back().unwrap_or_default().to_owned();
        let verifier = key.verifier().to_string();
        let signature = Cosignature { size, key: verifier, line, at };
        self.store.put_cosignature(&self.scope(), agreement, &signature).await?;
        Ok(note)
    }

    /// What a party signs with a key of type [`KeyType::Note`] to cosign the latest checkpoint,
    /// made now when entries came since: the text of its note. The signature line is then
    /// `— name ` and the Base64 of the key id and the signature.
    ///
    /// # Errors
    /// When the journal cannot be read or the checkpoint not be kept.
    pub async fn cosigning_payload(&self, agreement: &Id) -> Result<CosigningPayload, DeskError> {
        let note = self.checkpoint(agreement).await?;
        let size = Checkpoint::of(&note).map_err(|_| unwritable("checkpoint"))?.size;
        Ok(CosigningPayload { size, payload: note.text().as_bytes().to_vec() })
    }

    /// Keeps a signature line that a party made elsewhere for a kept checkpoint: of a size, or the
    /// latest. The key is one with which that party signed the agreement, as a note key or as a
    /// cosignature key of the same name and bytes.
    ///
    /// # Errors
    /// [`DeskError::Signature`] when there is no such checkpoint, the party's keys did not make the
    /// line, or it is no line; or a fault.
    pub async fn cosign_with(
        &self,
        agreement: &Id,
        side: Side,
        size: Option<u64>,
        line: &str,
    ) -> Result<Note, DeskError> {
        let wanted = size.unwrap_or(u64::MAX);
        let kept = self.store.checkpoint(&self.scope, agreement, wanted).await?;
        let kept = kept.filter(|kept| size.is_none_or(|size| kept.size == size));
        let kept = kept.ok_or(DeskError::Signature)?;
        let keys = self.store.keys(&self.scope, agreement).await?;
        let own = keys.iter().filter(|key| key.holder == Some(party(side)));
        let known: Vec<journal::VerifierKey> = own
            .filter_map(|key| key.key.parse().ok())
            .flat_map(|key: journal::VerifierKey| [key.with_type(KeyType::Cosignature), key])
            .collect();
        let line = line.trim_end_matches(['\r', '\n']);
        let text = Note::of_line(&kept.note, line).map_err(|_| DeskError::Signature)?;
        let verified = text.verify(&known).map_err(|_| DeskError::Signature)?;
        let key = verified.first().ok_or(DeskError::Signature)?.key.to_string();
        let (size, at) = (kept.size, self.clock.now());
        let signature = Cosignature { size, key, line: line.to_owned(), at };
        self.store.put_cosignature(&self.scope, agreement, &signature).await?;
        let kept = self.store.checkpoint(&self.scope, agreement, size).await?;
        with_cosignatures(&kept.ok_or(DeskError::Signature)?)
    }

    /// Keeps a file of an agreement; sealing comes with the key id.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn put(&self, agreement: &Id, bytes: &[u8]) -> Result<ObjectRef, DeskError> {
        let mut reader = bytes;
        let scope = self.scope();
        Ok(self.objects.put(&scope, agreement, &KeyId::none(), &mut reader).await?)
    }

    /// Reads a file of an agreement by its hash and size.
    ///
    /// # Errors
    /// When there is none, or it was altered.
    pub async fn get(&self, agreement: &Id, object: &ObjectRef) -> Result<Vec<u8>, DeskError> {
        let mut content = self.objects.get(&self.scope(), agreement, object).await?;
        Ok(store::read_whole(content.as_mut(), OBJECT_LIMIT).await?)
    }

    /// The kept files of an agreement whose SHA-256 is one of these, as its journal names them.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn find(
        &self,
        agreement: &Id,
        hashes: &HashSet<[u8; 32]>,
    ) -> Result<Vec<ObjectRef>, DeskError> {
        Ok(self.objects.find(&self.scope, agreement, hashes).await?)
    }
}

/// What a party signs elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningPayload {
    /// The bytes that the Ed25519 signature covers.
    pub payload: Vec<u8>,
    /// What they are: [`PAYLOAD_TYPE`].
    pub payload_type: &'static str,
    /// SHA-256 of the paper's canonical JSON, in hexadecimal.
    pub terms_sha256: String,
    /// SHA-256 of the manifest of the papers, where they are what is signed.
    pub manifest_sha256: Option<String>,
    /// For which party.
    pub side: Side,
}

/// What a party signs elsewhere to cosign a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CosigningPayload {
    /// The size of the checkpoint.
    pub size: u64,
    /// The bytes that the Ed25519 signature covers.
    pub payload: Vec<u8>,
}

/// The type of [`SigningPayload::payload`]: `docs/formats.md` describes it.
pub const PAYLOAD_TYPE: &str = "tallystick.envelope/1";

fn sign_action(document: Option<&Id>, signing: Signing) -> Action {
    match document {
        None => Action::Sign(signing),
        Some(document) => Action::SignDocument { document: document.clone(), signing },
    }
}

/// The store's word for a side.
pub(crate) const fn party(side: Side) -> Party {
    match side {
        Side::Customer => Party::Customer,
        Side::Vendor => Party::Vendor,
    }
}

/// The origin line of an agreement's checkpoints.
#[must_use]
pub fn origin(agreement: &Id) -> String {
    format!("tallystick/agreement/{agreement}")
}

/// A kept checkpoint with the signatures that came later.
pub(crate) fn with_cosignatures(kept: &store::Checkpoint) -> Result<Note, DeskError> {
    let mut text = kept.note.clone();
    for cosignature in &kept.cosignatures {
        text.push_str(&cosignature.line);
        text.push('\n');
    }
    text.parse().map_err(|_| unwritable("checkpoint"))
}

pub(crate) const fn unwritable(what: &'static str) -> DeskError {
    DeskError::Unwritable { what }
}
