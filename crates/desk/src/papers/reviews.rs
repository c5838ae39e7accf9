//! Reviews that were made lately: a file never changes, so neither does what a playbook says of it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use review::checks::Facts;
use review::{Playbook, Review, Side};

/// How many are kept.
const MOST: usize = 64;

/// What a review follows from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) sha256: String,
    pub(super) side: Side,
    pub(super) playbook: Playbook,
    pub(super) facts: Facts,
}

/// The reviews made last, the newest first.
#[derive(Debug, Default)]
pub(crate) struct Reviews(Mutex<VecDeque<(Asked, Arc<Review>)>>);

impl Reviews {
    pub(super) fn find(&self, asked: &Asked) -> Option<Arc<Review>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(of, _)| of == asked)?;
        let found = kept.remove(at)?;
        let review = Arc::clone(&found.1);
        kept.push_front(found);
        Some(review)
    }

    pub(super) fn keep(&self, asked: Asked, review: &Arc<Review>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_front((asked, Arc::clone(review)));
        kept.truncate(MOST);
    }
}
