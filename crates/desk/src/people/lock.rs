//! The lock-out: from the fifth failure on, an account and an address wait, twice as long each
//! time. It is kept in the register, so that a restart forgives nothing; an unknown e-mail locks
//! like a known one.

use journal::Hash;
use serde::{Deserialize, Serialize};
use store::RegisterError;
use units::Timestamp;

use super::caller::Origin;
use super::person::Person;
use super::row::{Kept, Row};
use super::{Fault, People, SignInError};

/// How many failures cost nothing but themselves.
const FREE: u32 = 4;

/// The wait after the first failure that costs, in seconds.
const FIRST_WAIT: i64 = 30;

/// How patient the lock-out is, in seconds.
#[derive(Debug, Clone, Copy)]
struct Patience {
    /// The longest wait.
    longest: i64,
    /// After how long without a failure all is forgotten.
    forget: i64,
}

/// For an account, which one person uses.
const ACCOUNT: Patience = Patience { longest: 3_600, forget: 86_400 };

/// For an address, behind which a whole office may sit.
const ADDRESS: Patience = Patience { longest: 900, forget: 3_600 };

/// How often a count is tried again when another failure was counted meanwhile.
const TRIES: usize = 16;

/// What is kept of failures.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Lock {
    failures: u32,
    until: Option<Timestamp>,
}

impl Row for Lock {
    const KIND: &'static str = "lock";
}

/// What the failures of one attempt count against.
#[derive(Debug, Clone)]
pub(super) struct Counted {
    account: Option<String>,
    address: Option<String>,
}

impl Counted {
    /// An attempt for an e-mail as folded, whose hash alone is kept, or for nobody known.
    pub(super) fn attempt(email: Option<&str>, origin: &Origin) -> Self {
        let hash = |email: &str| hex::encode(Hash::of(email.as_bytes()).bytes());
        let account = email.map(|email| format!("account {}", hash(email)));
        let known = !origin.address.is_empty() && origin.address.len() <= 64;
        let address = known.then(|| format!("address {}", origin.address));
        Self { account, address }
    }

    fn keys(&self) -> impl Iterator<Item = (&String, Patience)> {
        let accounts = self.account.iter().map(|key| (key, ACCOUNT));
        accounts.chain(self.address.iter().map(|key| (key, ADDRESS)))
    }
}

/// How long the next attempt waits after so many failures, in seconds; `None` when it need not.
fn wait(failures: u32, patience: Patience) -> Option<i64> {
    let costly = failures.checked_sub(FREE + 1)?;
    // Doubled sixteen times it is longer than any.
    Some((FIRST_WAIT << costly.min(16)).min(patience.longest))
}

impl People {
    /// What failures of a known person count against.
    pub(super) async fn counted_person(
        &self,
        person: &str,
        origin: &Origin,
    ) -> Result<Counted, Fault> {
        let kept = self.get::<Person>(person).await?;
        let email = kept.map_or_else(|| person.to_owned(), |kept| kept.row.email);
        Ok(Counted::attempt(Some(&email), origin))
    }

    /// Refuses while the account or the address waits.
    pub(super) async fn not_locked(&self, counted: &Counted) -> Result<(), SignInError> {
        let now = self.now();
        let mut latest: Option<Timestamp> = None;
        for (key, _) in counted.keys() {
            let until = self.get::<Lock>(key).await?.and_then(|lock| lock.row.until);
            latest = latest.max(until.filter(|until| *until > now));
        }
        latest.map_or(Ok(()), |until| Err(SignInError::Locked { until }))
    }

    /// Counts a failure.
    pub(super) async fn failed(&self, counted: &Counted) -> Result<(), Fault> {
        for (key, patience) in counted.keys() {
            self.count(key, patience).await?;
        }
        Ok(())
    }

    async fn count(&self, key: &str, patience: Patience) -> Result<(), Fault> {
        let mut last = None;
        for _ in 0..TRIES {
            let now = self.now();
            let due = now.plus_seconds(patience.forget);
            let write = match self.get::<Lock>(key).await? {
                Some(mut lock) => {
                    let forgotten = lock.due.is_some_and(|due| due <= now);
                    let before = if forgotten { 0 } else { lock.row.failures };
                    let failures = before.saturating_add(1);
                    let until = wait(failures, patience).map(|seconds| now.plus_seconds(seconds));
                    lock.row = Lock { failures, until };
                    lock.due = Some(due);
                    lock.replace()
                }
                None => Kept::new(key, "", Lock { failures: 1, until: None }).due(due).insert(),
            };
            match self.write(vec![write], Vec::new()).await {
                Err(error @ (RegisterError::Stale { .. } | RegisterError::Taken { .. })) => {
                    last = Some(error);
                }
                answer => return Ok(answer?),
            }
        }
        last.map_or(Ok(()), |error| Err(error.into()))
    }

    /// Forgets the failures of an account that proved who it is. Those of an address stay: else who
    /// has one account could guess at others without end.
    pub(super) async fn forgive(&self, counted: &Counted) -> Result<(), Fault> {
        let Some(account) = &counted.account else { return Ok(()) };
        let Some(lock) = self.get::<Lock>(account).await? else { return Ok(()) };
        match self.write(vec![lock.delete()], Vec::new()).await {
            // Counted meanwhile: that failure stays.
            Err(RegisterError::Stale { .. }) => Ok(()),
            answer => Ok(answer?),
        }
    }
}
