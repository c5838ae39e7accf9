//! Receipts of idempotent writes: the same key with the same request gets the same answer, and is
//! carried out once. They last a day; those of money for ever.

use serde::{Deserialize, Serialize};
use store::RegisterError;
use units::Timestamp;

use super::row::{Kept, Row};
use super::{Fault, People};

/// How long a receipt is kept, in seconds.
const KEPT: i64 = 86_400;

/// After how long a write that never answered may be tried again, in seconds. Never one of money:
/// whether it happened must be looked up by a person.
const LOST: i64 = 15 * 60;

/// What is kept of a write: of a principal.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct ReceiptRow {
    request: String,
    begun: Timestamp,
    money: bool,
    answer: Option<Answer>,
}

impl Row for ReceiptRow {
    const KIND: &'static str = "receipt";
}

/// An answer as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The media type.
    pub content_type: String,
    /// The text of the body.
    pub body: String,
}

/// A write that is under way; finish or abandon it.
#[derive(Debug)]
pub struct Receipt {
    kept: Kept<ReceiptRow>,
}

/// What a key says at the beginning of a write.
#[derive(Debug)]
pub enum Begun {
    /// Carry it out, then [`People::finish`] or [`People::abandon`] the receipt.
    New(Receipt),
    /// It was carried out: answer this again.
    Done(Answer),
    /// It is being carried out. HTTP 409.
    Running,
    /// The key was used for another request. HTTP 422.
    Differs,
}

impl People {
    /// Begins a write under a key of a [`super::Caller::principal`]. `request` is a hash of the
    /// method, the path and the body; `money` keeps the receipt for ever.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn begin(
        &self,
        principal: &str,
        key: &str,
        request: &str,
        money: bool,
    ) -> Result<Begun, Fault> {
        let (id, now) = (format!("{principal} {key}"), self.now());
        let row = ReceiptRow { request: request.to_owned(), begun: now, money, answer: None };
        let due = (!money).then(|| now.plus_seconds(KEPT));
        let mut fresh = Kept::new(id.clone(), principal, row);
        fresh.due = due;
        let write = match self.get::<ReceiptRow>(&id).await? {
            None => fresh.insert(),
            Some(mut old) => {
                let ended = old.due.is_some_and(|due| due <= now);
                let lost = old.row.answer.is_none()
                    && !old.row.money
                    && now.seconds_since(old.row.begun) >= LOST;
                if !ended && old.row.request != request {
                    return Ok(Begun::Differs);
                }
                if !ended && let Some(answer) = old.row.answer {
                    return Ok(Begun::Done(answer));
                }
                if !ended && !lost {
                    return Ok(Begun::Running);
                }
                old.row = fresh.row;
                old.due = due;
                old.replace()
            }
        };
        match self.write(vec![write], Vec::new()).await {
            Err(RegisterError::Taken { .. } | RegisterError::Stale { .. }) => {
                return Ok(Begun::Running);
            }
            answer => answer?,
        }
        let kept = self.get::<ReceiptRow>(&id).await?;
        Ok(kept.map_or(Begun::Running, |kept| Begun::New(Receipt { kept })))
    }

    /// Keeps the answer of a write.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn finish(&self, receipt: Receipt, answer: &Answer) -> Result<(), Fault> {
        let mut kept = receipt.kept;
        kept.row.answer = Some(answer.clone());
        Ok(self.write(vec![kept.replace()], Vec::new()).await?)
    }

    /// Forgets a write that was not carried out, so that the key may be used again.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn abandon(&self, receipt: Receipt) -> Result<(), Fault> {
        Ok(self.write(vec![receipt.kept.delete()], Vec::new()).await?)
    }
}
