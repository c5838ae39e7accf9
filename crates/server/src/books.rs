//! Opened journals, kept so that many readers of many agreements need not fold them again. Before
//! every answer the store is asked how long the journal is, and what came since is read: another
//! process may write too. What is kept is bounded by the entries it was folded from.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use desk::{Book, Desk, DeskError};
use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};
use units::Id;

/// The most entries that kept books were folded from, together.
const MOST_ENTRIES: u64 = 2_000_000;
/// The most books that are kept.
const MOST_BOOKS: usize = 4_096;

type Slot = Arc<RwLock<Book>>;

/// The kept books.
#[derive(Default)]
pub(crate) struct Books {
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    slots: HashMap<Id, Kept>,
    /// Counts uses, so that the book that was not used for longest can be told.
    uses: u64,
    entries: u64,
}

struct Kept {
    slot: Slot,
    used: u64,
    entries: u64,
}

impl Books {
    /// A book as of now, to read from.
    pub(crate) async fn read(
        &self,
        desk: &Desk,
        agreement: &Id,
    ) -> Result<OwnedRwLockReadGuard<Book>, DeskError> {
        let next = desk.store.agreement(&desk.scope(), agreement).await?.next;
        let slot = self.slot(agreement);
        let book = Arc::clone(&slot).read_owned().await;
        if book.state.next_seq >= next {
            return Ok(book);
        }
        drop(book);
        Ok(self.current(desk, agreement, slot).await?.downgrade())
    }

    /// A book as of now, to append to.
    pub(crate) async fn write(
        &self,
        desk: &Desk,
        agreement: &Id,
    ) -> Result<OwnedRwLockWriteGuard<Book>, DeskError> {
        desk.store.agreement(&desk.scope(), agreement).await?;
        let slot = self.slot(agreement);
        self.current(desk, agreement, slot).await
    }

    async fn current(
        &self,
        desk: &Desk,
        agreement: &Id,
        slot: Slot,
    ) -> Result<OwnedRwLockWriteGuard<Book>, DeskError> {
        let mut book = slot.write_owned().await;
        let caught_up = book.catch_up(desk.store.as_ref(), &desk.scope(), |_| {}).await;
        self.note(agreement, book.state.next_seq);
        caught_up?;
        Ok(book)
    }

    fn slot(&self, agreement: &Id) -> Slot {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.uses += 1;
        let used = held.uses;
        let kept = held.slots.entry(agreement.clone()).or_insert_with(|| Kept {
            slot: Arc::new(RwLock::new(Book::empty(agreement))),
            used,
            entries: 0,
        });
        kept.used = used;
        Arc::clone(&kept.slot)
    }

    /// Takes note of a book's length, and lets go of those that were not used for longest.
    fn note(&self, agreement: &Id, entries: u64) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let held = &mut *held;
        if let Some(kept) = held.slots.get_mut(agreement) {
            held.entries = held.entries - kept.entries + entries;
            kept.entries = entries;
        }
        while held.slots.len() > MOST_BOOKS || (held.entries > MOST_ENTRIES && held.slots.len() > 1)
        {
            let oldest = held.slots.iter().min_by_key(|(_, kept)| kept.used);
            let Some(oldest) = oldest.map(|(id, _)| id.clone()) else { break };
            if let Some(kept) = held.slots.remove(&oldest) {
                held.entries -= kept.entries;
            }
        }
    }
}
