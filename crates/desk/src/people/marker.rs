//! Which notices a person has read. What a notice is stands elsewhere: it is computed from the
//! journals and has a name that stays.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use store::RegisterError;
use units::Timestamp;

use super::caller::Caller;
use super::row::{Kept, Row};
use super::{Fault, People, PeopleError};

/// How long a mark is kept, in seconds: no notice stands that long.
const KEPT: i64 = 400 * 86_400;

/// The most notices marked at once.
const AT_ONCE: usize = 200;

/// What is kept of a mark: of a person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Marker {
    notice: String,
    at: Timestamp,
}

impl Row for Marker {
    const KIND: &'static str = "read";
}

/// Notices that a person has read, each with when.
pub type Read = BTreeMap<String, Timestamp>;

impl People {
    /// The notices that the caller's person has read.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn read_notices(&self, caller: &Caller) -> Result<Read, Fault> {
        let all = self.owned::<Marker>(caller.person()).await?;
        Ok(all.into_iter().map(|kept| (kept.row.notice, kept.row.at)).collect())
    }

    /// Marks notices as read, at most 200; those that are stay so.
    ///
    /// # Errors
    /// [`PeopleError::TooMany`], and [`PeopleError::Invalid`] for a name of more than 200 bytes.
    pub async fn mark_read(&self, caller: &Caller, notices: &[&str]) -> Result<(), PeopleError> {
        if notices.len() > AT_ONCE {
            return Err(PeopleError::TooMany { limit: AT_ONCE as u64 });
        }
        let at = self.now();
        for notice in notices {
            if notice.is_empty() || notice.len() > 200 {
                return Err(PeopleError::Invalid { field: "notice" });
            }
            let row = Marker { notice: (*notice).to_owned(), at };
            let id = format!("{} {notice}", caller.person());
            let kept = Kept::new(id, caller.person(), row).due(at.plus_seconds(KEPT));
            match self.write(vec![kept.insert()], Vec::new()).await {
                Err(RegisterError::Taken { .. }) => {}
                answer => answer?,
            }
        }
        Ok(())
    }
}
