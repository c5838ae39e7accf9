//! A deployment, opened: its store, objects, clock, randomness and key, and the use cases that
//! touch one agreement. Every face (command line, HTTP) goes through here.

use std::path::Path;
use std::sync::Arc;

use contract::event::{Actor, Recorded};
use contract::terms::{Agreement, Document, Side};
use contract::{Action, Command, Position};
use journal::{Checkpoint, Envelope, Hash, KeyType, Note, SignerKey};
use store::{
    AgreementRow, Cosignature, KeyId, NewAgreement, ObjectRef, Objects, Party, Scope, Shelf,
    Sqlite, Store, VerifierKey,
};
use units::{Id, Timestamp};

use crate::book::{Book, DeskError};
use crate::files::{Files, Settings, read_key};
use crate::signing::{Paper, check_signing, proposed, sign_paper, terms_bytes};
use crate::world::{Clock, ManualClock, Random, Rehearsal, System};

/// The largest object of this version: a statement, an invoice, a report.
pub(crate) const OBJECT_LIMIT: u64 = 1 << 30;

/// A deployment, opened.
pub struct Desk {
    /// Rows.
    pub store: Arc<dyn Store>,
    /// Files.
    pub objects: Arc<dyn Objects>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub random: Arc<dyn Random>,
    /// The deployment's key: it signs checkpoints and bundles.
    pub key: SignerKey,
    /// The settings.
    pub settings: Settings,
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

    /// Opens a deployment. In a rehearsal the clock stands at `now`; elsewhere `now` is refused.
    ///
    /// # Errors
    /// When there is none, or a file of it cannot be read.
    pub async fn open(folder: &Path, now: Option<Timestamp>) -> Result<Self, DeskError> {
        let files = Files::at(folder);
        let settings = files.settings()?;
        let key = read_key(&files.key(), KeyType::Note)?;
        let (clock, random): (Arc<dyn Clock>, Arc<dyn Random>) = if settings.rehearsal {
            let now = now.unwrap_or_else(|| System.now());
            let seed = *Hash::of(format!("{} {now}", settings.name).as_bytes()).bytes();
            (Arc::new(ManualClock::new(now)), Arc::new(Rehearsal::new(seed)))
        } else if now.is_some() {
            return Err(DeskError::NotARehearsal);
        } else {
            (Arc::new(System), Arc::new(System))
        };
        let store = Arc::new(Sqlite::open(&files.database()).await?);
        let objects = Arc::new(Shelf::folder(&files.objects(), OBJECT_LIMIT)?);
        Ok(Self { store, objects, clock, random, key, settings })
    }

    /// Who asks: the operator of the deployment, until people sign in.
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope::operator()
    }

    /// Registers an agreement and lays down its terms.
    ///
    /// # Errors
    /// When the id is taken or the store fails.
    pub async fn draft(
        &self,
        actor: &Actor,
        agreement: &Agreement,
    ) -> Result<Vec<Recorded>, DeskError> {
        let terms = terms_bytes(agreement)?;
        let row = NewAgreement {
            id: agreement.id.clone(),
            kind: agreement.service.kind().to_owned(),
            title: agreement.title.zh.clone(),
            created: self.clock.now(),
        };
        self.store.create_agreement(&self.scope(), &row).await?;
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
        let drafted = book.state.drafted.as_ref().ok_or(contract::Refusal::NotDrafted)?;
        let (signing, envelope) = sign_paper(&Paper::Terms(drafted), side, signatory, key)?;
        let command = Command::new(Actor::of(side, signatory), Action::Sign(signing));
        self.keep_signature(&mut book, &command, &envelope, side, key).await
    }

    /// Proposes a supplement, quotation or annex after the signing. Clauses: train-11.1, class-5.1.
    ///
    /// # Errors
    /// The contract's refusal, or a fault.
    pub async fn propose(
        &self,
        agreement: &Id,
        actor: &Actor,
        document: &Document,
    ) -> Result<Vec<Recorded>, DeskError> {
        let mut book = self.open_book(agreement).await?;
        let bytes = Paper::Document(agreement, document).bytes()?;
        let action = Action::ProposeDocument {
            document: document.clone(),
            terms_sha256: hex::encode(Hash::of(&bytes).bytes()),
        };
        let recorded = self.execute_on(&mut book, &Command::new(actor.clone(), action)).await?;
        self.put(agreement, &bytes).await?;
        Ok(recorded)
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
        let proposed = proposed(&book.state, document)?;
        let paper = Paper::Document(agreement, &proposed.document);
        let (signing, envelope) = sign_paper(&paper, side, signatory, key)?;
        let action = Action::SignDocument { document: document.clone(), signing };
        let command = Command::new(Actor::of(side, signatory), action);
        self.keep_signature(&mut book, &command, &envelope, side, key).await
    }

    /// Records a signature, and keeps its envelope and the party's public key.
    async fn keep_signature(
        &self,
        book: &mut Book,
        command: &Command,
        envelope: &Envelope,
        side: Side,
        key: &SignerKey,
    ) -> Result<Vec<Recorded>, DeskError> {
        let recorded = self.execute_on(book, command).await?;
        let bytes = envelope.to_bytes().map_err(|_| unwritable("envelope"))?;
        self.put(&book.agreement, &bytes).await?;
        let holder = Some(match side {
            Side::Customer => Party::Customer,
            Side::Vendor => Party::Vendor,
        });
        let verifier = key.verifier();
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
        book.execute(self.store.as_ref(), &self.scope(), command, || clock.now()).await
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
    fn guard(&self, book: &Book, command: &Command) -> Result<(), DeskError> {
        let state = &book.state;
        match &command.action {
            Action::SubmitStatement(summary) => book.guard_statement(summary),
            Action::Record { fact, .. } => crate::sampling::guard(state, fact),
            Action::Sign(signing) => {
                let drafted = state.drafted.as_ref().ok_or(contract::Refusal::NotDrafted)?;
                check_signing(&Paper::Terms(drafted), signing)
            }
            Action::ProposeDocument { document, terms_sha256 } => {
                let id = state.agreement.as_ref().map(|agreement| &agreement.id);
                let id = id.ok_or(contract::Refusal::NotDrafted)?;
                let bytes = Paper::Document(id, document).bytes()?;
                let have = hex::encode(Hash::of(&bytes).bytes());
                let got = terms_sha256.clone();
                if have == got {
                    Ok(())
                } else {
                    Err(contract::Refusal::TermsDiffer { have, got }.into())
                }
            }
            Action::SignDocument { document, signing } => {
                let id = state.agreement.as_ref().map(|agreement| &agreement.id);
                let id = id.ok_or(contract::Refusal::NotDrafted)?;
                let proposed = proposed(state, document)?;
                check_signing(&Paper::Document(id, &proposed.document), signing)
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
