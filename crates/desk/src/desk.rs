//! A deployment, opened: its store, objects, clock, randomness and key, and the use cases that
//! touch one agreement. Every face (command line, HTTP) goes through here.

use std::path::Path;
use std::sync::Arc;

use contract::event::{Actor, Recorded, Signing};
use contract::state::State;
use contract::terms::{Agreement, Side};
use contract::{Action, Command, Position};
use journal::{Checkpoint, Envelope, EnvelopeKind, Hash, KeyType, Note, SignerKey, Subject};
use store::{
    AgreementRow, Cosignature, KeyId, NewAgreement, ObjectRef, Objects, Party, Scope, Shelf,
    Sqlite, Store, VerifierKey,
};
use units::{Id, Timestamp};

use crate::book::{Book, DeskError};
use crate::files::{Files, Settings, read_key};
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
        let book = self.open_book(agreement).await?;
        let drafted = book.state.drafted.as_ref().ok_or(contract::Refusal::NotDrafted)?;
        let envelope = signed_terms(drafted, side, signatory, key)?;
        let signing = signing_of(&envelope, side, signatory, &book.state.terms_sha256)?;
        let actor = Actor::of(side, signatory);
        let recorded = self.execute(agreement, &Command::new(actor, Action::Sign(signing))).await?;
        let bytes = envelope.to_bytes().map_err(|_| unwritable("envelope"))?;
        self.put(agreement, &bytes).await?;
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
        self.store.put_key(&self.scope(), agreement, &row).await?;
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
        self.guard(&book.state, command)?;
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
    fn guard(&self, state: &State, command: &Command) -> Result<(), DeskError> {
        match &command.action {
            Action::Record { fact, .. } => crate::sampling::guard(state, fact),
            Action::Sign(signing) => {
                let drafted = state.drafted.as_ref().ok_or(contract::Refusal::NotDrafted)?;
                check_signing(drafted, signing)
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

/// The canonical JSON of terms: what parties sign.
///
/// # Errors
/// When they have no canonical text, which readable terms always have.
pub fn terms_bytes(agreement: &Agreement) -> Result<Vec<u8>, DeskError> {
    journal::canonical::to_vec(agreement).map_err(|_| unwritable("terms"))
}

/// The origin line of an agreement's checkpoints.
#[must_use]
pub fn origin(agreement: &Id) -> String {
    format!("tallystick/agreement/{agreement}")
}

/// The envelope that a party signs: the hash of the terms, the party and the person.
fn terms_envelope(
    agreement: &Agreement,
    side: Side,
    signatory: &str,
) -> Result<Envelope, DeskError> {
    let subject = vec![Subject::of("terms.json", &terms_bytes(agreement)?)];
    let statement = serde_json::json!({
        "agreement": agreement.id,
        "side": side.code(),
        "signatory": signatory,
    });
    Ok(Envelope::new(EnvelopeKind::Agreement, 1, subject, statement))
}

fn role(side: Side) -> Id {
    Id::new(side.code()).expect("the code of a party is a name")
}

fn signed_terms(
    agreement: &Agreement,
    side: Side,
    signatory: &str,
    key: &SignerKey,
) -> Result<Envelope, DeskError> {
    let mut envelope = terms_envelope(agreement, side, signatory)?;
    envelope.sign(role(side), key).map_err(|_| unwritable("signature"))?;
    Ok(envelope)
}

fn signing_of(
    envelope: &Envelope,
    side: Side,
    signatory: &str,
    terms_sha256: &str,
) -> Result<Signing, DeskError> {
    let signature = envelope.signatures.first().ok_or(DeskError::Signature)?;
    Ok(Signing {
        side,
        signatory: signatory.to_owned(),
        key: signature.key.clone(),
        terms_sha256: terms_sha256.to_owned(),
        signature: signature.signature.clone(),
    })
}

/// The envelope that a recorded signature stands for, as the party signed it.
///
/// # Errors
/// When the terms have no canonical text, which readable terms always have.
pub(crate) fn signing_envelope(
    agreement: &Agreement,
    signing: &Signing,
) -> Result<Envelope, DeskError> {
    let mut envelope = terms_envelope(agreement, signing.side, &signing.signatory)?;
    envelope.signatures.push(journal::EnvelopeSignature {
        algorithm: "ed25519".to_owned(),
        key: signing.key.clone(),
        role: role(signing.side),
        signature: signing.signature.clone(),
    });
    Ok(envelope)
}

/// Checks a recorded signature against the terms that it signs.
///
/// # Errors
/// [`DeskError::Signature`] when it does not hold.
pub fn check_signing(agreement: &Agreement, signing: &Signing) -> Result<(), DeskError> {
    let envelope = signing_envelope(agreement, signing)?;
    let key: journal::VerifierKey = signing.key.parse().map_err(|_| DeskError::Signature)?;
    let checks = envelope.verify(&[key]).map_err(|_| DeskError::Signature)?;
    let valid = checks.iter().all(|check| check.verdict == journal::Verdict::Valid);
    if valid && !checks.is_empty() { Ok(()) } else { Err(DeskError::Signature) }
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
