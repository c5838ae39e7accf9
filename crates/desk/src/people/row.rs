//! Cards of the register as rows of this module: typed, with their version. Knows no rule.

use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{AuditEntry, Card, CardWrite, MAX_CARD_PAGE, RegisterError, Whose};
use units::Timestamp;

use super::{Fault, People};

/// What a card of one kind says.
pub(crate) trait Row: Serialize + DeserializeOwned + Send {
    /// The kind of its cards.
    const KIND: &'static str;
}

/// A row with its place in the register.
#[derive(Debug, Clone)]
pub(crate) struct Kept<T> {
    pub(crate) id: String,
    pub(crate) owner: String,
    pub(crate) subject: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) due: Option<Timestamp>,
    pub(crate) version: u64,
    pub(crate) row: T,
}

impl<T: Row> Kept<T> {
    /// A row that is not kept yet.
    pub(crate) fn new(id: impl Into<String>, owner: impl Into<String>, row: T) -> Self {
        let (id, owner) = (id.into(), owner.into());
        Self { id, owner, subject: None, name: None, due: None, version: 0, row }
    }

    pub(crate) fn about(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    pub(crate) fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    pub(crate) fn due(mut self, due: Timestamp) -> Self {
        self.due = Some(due);
        self
    }

    fn card(&self) -> Card {
        let body = serde_json::to_vec(&self.row);
        Card {
            kind: T::KIND.to_owned(),
            id: self.id.clone(),
            owner: self.owner.clone(),
            subject: self.subject.clone(),
            name: self.name.clone(),
            due: self.due,
            version: self.version,
            body: body.expect("rows are plain data with text keys"),
        }
    }

    pub(crate) fn insert(&self) -> CardWrite {
        CardWrite::Insert(self.card())
    }

    pub(crate) fn replace(&self) -> CardWrite {
        CardWrite::Replace(self.card())
    }

    pub(crate) fn delete(&self) -> CardWrite {
        CardWrite::Delete { kind: T::KIND.to_owned(), id: self.id.clone(), version: self.version }
    }

    fn read(card: Card) -> Result<Self, Fault> {
        let unreadable = || Fault::Unreadable { kind: T::KIND, id: card.id.clone() };
        let row = serde_json::from_slice(&card.body).map_err(|_| unreadable())?;
        let Card { id, owner, subject, name, due, version, .. } = card;
        Ok(Self { id, owner, subject, name, due, version, row })
    }
}

impl People {
    pub(crate) async fn get<T: Row>(&self, id: &str) -> Result<Option<Kept<T>>, Fault> {
        self.register.card(T::KIND, id).await?.map(Kept::read).transpose()
    }

    pub(crate) async fn named<T: Row>(&self, name: &str) -> Result<Option<Kept<T>>, Fault> {
        self.register.card_named(T::KIND, name).await?.map(Kept::read).transpose()
    }

    /// A page in the order of the ids.
    pub(crate) async fn page<T: Row>(
        &self,
        whose: Whose<'_>,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Kept<T>>, Fault> {
        let cards = self.register.cards(T::KIND, whose, after, limit).await?;
        cards.into_iter().map(Kept::read).collect()
    }

    /// All of them.
    pub(crate) async fn all<T: Row>(&self, whose: Whose<'_>) -> Result<Vec<Kept<T>>, Fault> {
        let mut all: Vec<Kept<T>> = Vec::new();
        loop {
            let after = all.last().map(|kept| kept.id.clone());
            let page = self.page(whose, after.as_deref(), MAX_CARD_PAGE).await?;
            let last = page.len() < MAX_CARD_PAGE as usize;
            all.extend(page);
            if last {
                return Ok(all);
            }
        }
    }

    pub(crate) async fn owned<T: Row>(&self, owner: &str) -> Result<Vec<Kept<T>>, Fault> {
        self.all(Whose::Owner(owner)).await
    }

    pub(crate) async fn about<T: Row>(&self, subject: &str) -> Result<Vec<Kept<T>>, Fault> {
        self.all(Whose::Subject(subject)).await
    }

    pub(crate) async fn due<T: Row>(
        &self,
        whose: Whose<'_>,
        by: Timestamp,
        limit: u32,
    ) -> Result<Vec<Kept<T>>, Fault> {
        let cards = self.register.cards_due(T::KIND, whose, by, limit).await?;
        cards.into_iter().map(Kept::read).collect()
    }

    pub(crate) async fn write(
        &self,
        cards: Vec<CardWrite>,
        audit: Vec<AuditEntry>,
    ) -> Result<(), RegisterError> {
        self.register.write(cards, audit).await
    }
}
