//! Passwords: argon2id with the parameters that its crate recommends (19 MiB, 2 passes, 1 lane),
//! hashed on threads of their own and few at once. An e-mail that nobody has takes as long as one
//! that somebody has.

use argon2::{Argon2, PasswordHash, PasswordHasher as _, PasswordVerifier as _};
use serde::{Deserialize, Serialize};
use store::AuditEntry;

use super::audit::Outcome;
use super::caller::Caller;
use super::lock::Counted;
use super::row::{Kept, Row};
use super::{EnterError, Fault, People, PeopleError, SignInError};

/// The least characters of a password.
pub const LEAST_PASSWORD: usize = 12;

/// The most bytes of a password.
pub const MOST_PASSWORD: usize = 1024;

/// What is kept of a password: the PHC text of its hash, of the person with the same id.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Password {
    pub(super) hash: String,
}

impl Row for Password {
    const KIND: &'static str = "password";
}

impl People {
    /// The row of a new password.
    pub(super) async fn password_of(
        &self,
        person: &str,
        password: &str,
    ) -> Result<Kept<Password>, PeopleError> {
        if password.chars().count() < LEAST_PASSWORD {
            return Err(PeopleError::ShortPassword { least: LEAST_PASSWORD });
        }
        if password.len() > MOST_PASSWORD {
            return Err(PeopleError::Invalid { field: "password" });
        }
        let _permit = self.hashing.acquire().await.map_err(|_| Fault::Hashing)?;
        let hash = self.hash(password.to_owned()).await?;
        Ok(Kept::new(person, "", Password { hash }))
    }

    /// Hashes on a thread of its own; the caller holds the permit.
    async fn hash(&self, password: String) -> Result<String, Fault> {
        let salt = self.random()?;
        let hashed = tokio::task::spawn_blocking(move || {
            let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt[..16]);
            hash.map(|hash: PasswordHash| hash.to_string())
        });
        hashed.await.map_err(|_| Fault::Hashing)?.map_err(|_| Fault::Hashing)
    }

    /// Whether a password is a person's. Takes as long for nobody as for somebody; the caller holds
    /// the permit.
    pub(super) async fn password_holds(
        &self,
        person: Option<&str>,
        password: &str,
    ) -> Result<bool, Fault> {
        let kept = match person {
            Some(person) => self.get::<Password>(person).await?,
            None => None,
        };
        let known = kept.is_some();
        // Asked for in both cases, so that the first attempt of all tells nothing either.
        let decoy = self.decoy.get_or_try_init(|| async { self.hash(self.token()?).await });
        let decoy = decoy.await?;
        let hash = kept.map_or_else(|| decoy.clone(), |kept| kept.row.hash);
        let mut password = password.to_owned();
        // What is longer was never a password.
        let fits = password.len() <= MOST_PASSWORD;
        if !fits {
            password.clear();
        }
        let holds = tokio::task::spawn_blocking(move || {
            let hash = PasswordHash::new(&hash).map_err(|_| Fault::Hashing)?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
        });
        let holds: Result<bool, Fault> = holds.await.map_err(|_| Fault::Hashing)?;
        Ok(holds? && known && fits)
    }

    /// Checks a password with the lock-out around it.
    pub(super) async fn check_password(
        &self,
        counted: &Counted,
        person: Option<&str>,
        password: &str,
    ) -> Result<(), SignInError> {
        let _permit = self.hashing.acquire().await.map_err(|_| Fault::Hashing)?;
        // Asked with the permit in hand: those that waited learn of the failures before them.
        self.not_locked(counted).await?;
        if self.password_holds(person, password).await? {
            return Ok(());
        }
        self.failed(counted).await?;
        Err(SignInError::Wrong)
    }

    /// Sets another password for the caller. Other sessions of the person end.
    ///
    /// # Errors
    /// [`PeopleError::WrongProof`] when the current one is wrong.
    pub async fn change_password(
        &self,
        caller: &Caller,
        current: &str,
        new: &str,
    ) -> Result<(), PeopleError> {
        if !caller.is_session() {
            return Err(EnterError::Forbidden.into());
        }
        let counted = self.counted_person(caller.person(), caller.origin()).await?;
        let checked = self.check_password(&counted, Some(caller.person()), current).await;
        let outcome = if checked.is_ok() { Outcome::Allowed } else { Outcome::Refused };
        let audited: AuditEntry = self.entry_of(caller, "change_password", outcome);
        if let Err(error) = checked {
            self.write(Vec::new(), vec![audited]).await?;
            return Err(error.into());
        }
        let mut kept = self.password_of(caller.person(), new).await?;
        let card = match self.get::<Password>(caller.person()).await? {
            Some(mut old) => {
                std::mem::swap(&mut old.row, &mut kept.row);
                old.replace()
            }
            None => kept.insert(),
        };
        self.write(vec![card], vec![audited]).await?;
        self.end_other_sessions(caller).await
    }
}
