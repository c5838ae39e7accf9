//! A rehearsal with one agreement in force, in a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};

use contract::event::{Actor, Recorded};
use contract::terms::{Agreement, Side};
use contract::{Action, Command};
use desk::agreement_file::{Limits, read_agreement};
use desk::{Book, Desk};
use journal::{KeyType, SignerKey};
use units::{Id, Timestamp};

pub(crate) struct Scene {
    folder: tempfile::TempDir,
    pub(crate) desk: Desk,
    pub(crate) agreement: Id,
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

pub(crate) fn id(text: &str) -> Id {
    Id::new(text).expect("a name")
}

/// A file under the repository's `cases`.
pub(crate) fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases").join(name)
}

pub(crate) fn terms(kind: &str) -> Agreement {
    let bytes = fs::read(case(&format!("agreements/{kind}.toml"))).expect("part of the repository");
    read_agreement(&bytes, &Limits::default()).expect("the sample can be signed").0
}

pub(crate) fn key(side: Side) -> SignerKey {
    let (name, seed) = match side {
        Side::Customer => ("customer-key", [1; 32]),
        Side::Vendor => ("vendor-key", [2; 32]),
    };
    SignerKey::new(name, KeyType::Note, &seed).expect("a plain name")
}

pub(crate) fn meter() -> Actor {
    Actor::Vendor { name: "meter".to_owned() }
}

impl Scene {
    /// An agreement whose terms were laid down and that nobody has signed.
    pub(crate) async fn unsigned(kind: &str, now: &str) -> Self {
        Self::laid_down(&terms(kind), now).await
    }

    async fn laid_down(agreement: &Agreement, now: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("desk");
        Desk::create(&path, "desk", true).await.expect("a new folder");
        let desk = Desk::open(&path, Some(at(now))).await.expect("a rehearsal");
        let actor = Actor::Customer { name: "buyer".to_owned() };
        desk.draft(&actor, agreement).await.expect("a new agreement");
        Self { folder, desk, agreement: agreement.id.clone() }
    }

    /// An agreement that both signed at an instant.
    pub(crate) async fn of(agreement: &Agreement, signed: &str) -> Self {
        let scene = Self::laid_down(agreement, signed).await;
        for (side, name) in [(Side::Customer, "gu"), (Side::Vendor, "luo")] {
            scene.desk.sign(&agreement.id, side, name, &key(side)).await.expect("signs");
        }
        scene
    }

    pub(crate) async fn new(kind: &str, signed: &str) -> Self {
        Self::of(&terms(kind), signed).await
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Moves the clock.
    pub(crate) async fn until(&mut self, now: &str) {
        self.desk.store.close().await;
        let path = self.folder.path().join("desk");
        self.desk = Desk::open(&path, Some(at(now))).await.expect("a rehearsal");
    }

    pub(crate) async fn book(&self) -> Book {
        self.desk.open_book(&self.agreement).await.expect("a whole journal")
    }

    pub(crate) async fn act(&self, actor: &Actor, action: Action) -> Vec<Recorded> {
        let command = Command::new(actor.clone(), action);
        self.desk.execute(&self.agreement, &command).await.expect("the contract allows it")
    }
}
