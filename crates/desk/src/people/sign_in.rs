//! Signing in and confirming: password, then a code where the person has codes on; or a protocol
//! that the face has carried out (a passkey, an identity elsewhere). Every attempt is audited.

use store::{AuditEntry, CardWrite};
use units::Timestamp;

use super::audit::Outcome;
use super::caller::{Caller, Origin};
use super::lock::Counted;
use super::organisation::Membership;
use super::person::{Person, fold_email};
use super::row::Kept;
use super::secret::hash;
use super::session::{CONFIRMED_SECONDS, Session};
use super::{EnterError, Fault, People, PeopleError, SignInError};

/// How far a sign-in got.
#[derive(Clone)]
pub enum SignIn {
    /// Signed in: the token for the cookie.
    Whole {
        /// 64 hexadecimal digits.
        token: String,
    },
    /// The password holds and a code must follow: the token of the half-session.
    CodeNeeded {
        /// 64 hexadecimal digits; good for [`People::sign_in_code`] alone.
        token: String,
    },
}

/// A protocol that the face carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// A passkey that verified its user.
    Passkey,
    /// An identity provider.
    Oidc,
}

/// What a session shows to be confirmed. Where the person has codes on, a code is needed; else the
/// password.
#[derive(Clone, Default)]
pub struct Proof {
    /// The password.
    pub password: Option<String>,
    /// A code or a recovery code.
    pub code: Option<String>,
}

impl SignIn {
    /// The token for the cookie.
    #[must_use]
    pub fn token(&self) -> &str {
        match self {
            Self::Whole { token } | Self::CodeNeeded { token } => token,
        }
    }
}

impl Method {
    const fn action(self) -> &'static str {
        match self {
            Self::Passkey => "sign_in_passkey",
            Self::Oidc => "sign_in_oidc",
        }
    }
}

impl People {
    /// Signs in with e-mail and password.
    ///
    /// # Errors
    /// [`SignInError::Wrong`] whatever of it is wrong, and [`SignInError::Locked`] after too many
    /// failures, for unknown e-mails too.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        origin: &Origin,
    ) -> Result<SignIn, SignInError> {
        let folded = fold_email(email);
        let counted = Counted::attempt(Some(folded.as_deref().unwrap_or(email)), origin);
        let person = match &folded {
            Some(email) => self.named::<Person>(email).await?,
            None => None,
        };
        let enabled = person.filter(|person| !person.row.disabled);
        let id = enabled.as_ref().map(|person| person.id.clone());
        let checked = match self.not_locked(&counted).await {
            Ok(()) => self.check_password(&counted, id.as_deref(), password).await,
            locked => locked,
        };
        let (Some(id), Ok(())) = (id.clone(), &checked) else {
            self.audit_sign_in("sign_in", id.as_deref(), Outcome::Refused, origin).await?;
            return Err(checked.err().unwrap_or(SignInError::Wrong));
        };
        if self.has_code(&id).await? {
            let (token, session) = self.new_session(&id, None, true, origin)?;
            self.write(vec![session.insert()], Vec::new()).await?;
            return Ok(SignIn::CodeNeeded { token });
        }
        self.forgive(&counted).await?;
        let token = self.begin_session(&id, "sign_in", Vec::new(), origin).await?;
        Ok(SignIn::Whole { token })
    }

    /// Ends a half-session with a code or a recovery code; gives the token of the session.
    ///
    /// # Errors
    /// [`SignInError::Wrong`] and [`SignInError::Locked`].
    pub async fn sign_in_code(
        &self,
        token: &str,
        code: &str,
        origin: &Origin,
    ) -> Result<String, SignInError> {
        let Some(half) = self.live_session(token, true).await? else {
            return Err(SignInError::Wrong);
        };
        let person = half.owner.clone();
        let counted = self.counted_person(&person, origin).await?;
        if let Err(error) = self.take_code(&counted, &person, code).await {
            let refused = Outcome::Refused;
            self.audit_sign_in("sign_in_code", Some(&person), refused, origin).await?;
            return Err(error);
        }
        self.forgive(&counted).await?;
        self.begin_session(&person, "sign_in_code", vec![half.delete()], origin).await
    }

    /// Signs a person in whom a protocol has proved; no code is asked for besides.
    ///
    /// # Errors
    /// [`SignInError::Wrong`] when there is no such person or they are disabled, and
    /// [`SignInError::Locked`].
    pub async fn sign_in_as(
        &self,
        person: &str,
        method: Method,
        origin: &Origin,
    ) -> Result<String, SignInError> {
        let counted = self.counted_person(person, origin).await?;
        self.not_locked(&counted).await?;
        let kept = self.get::<Person>(person).await?;
        if kept.is_none_or(|kept| kept.row.disabled) {
            self.audit_sign_in(method.action(), Some(person), Outcome::Refused, origin).await?;
            return Err(SignInError::Wrong);
        }
        self.begin_session(person, method.action(), Vec::new(), origin).await
    }

    /// Notes a failed attempt of a protocol that the face carries out, so that it locks out too.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn sign_in_failed(
        &self,
        email: Option<&str>,
        method: Method,
        origin: &Origin,
    ) -> Result<(), Fault> {
        let counted = Counted::attempt(email, origin);
        self.failed(&counted).await?;
        self.audit_sign_in(method.action(), None, Outcome::Refused, origin).await
    }

    /// A session for a person's first organisation, with what else must be written with it.
    pub(super) async fn begin_session(
        &self,
        person: &str,
        action: &str,
        mut cards: Vec<CardWrite>,
        origin: &Origin,
    ) -> Result<String, SignInError> {
        let first = self.about::<Membership>(person).await?.into_iter().next();
        let organisation = first.map(|member| member.owner);
        let (token, session) = self.new_session(person, organisation.clone(), false, origin)?;
        cards.push(session.insert());
        let allowed = Outcome::Allowed;
        let audited = self.sign_in_entry(action, Some(person), organisation, allowed, origin);
        self.write(cards, vec![audited]).await?;
        Ok(token)
    }

    /// Confirms the session that asks, which takes a new token; the old one ends.
    ///
    /// # Errors
    /// [`PeopleError::WrongProof`] and [`PeopleError::Locked`].
    pub async fn confirm(
        &self,
        caller: &Caller,
        proof: &Proof,
    ) -> Result<(String, Timestamp), PeopleError> {
        if !caller.is_session() {
            return Err(EnterError::Forbidden.into());
        }
        let counted = self.counted_person(caller.person(), caller.origin()).await?;
        let proved = self.prove(&counted, caller.person(), proof).await;
        if let Err(error) = proved {
            let audited = self.entry_of(caller, "confirm", Outcome::Refused);
            self.write(Vec::new(), vec![audited]).await?;
            return Err(error.into());
        }
        self.forgive(&counted).await?;
        self.renew(caller).await
    }

    /// Confirms the session that asks after a passkey has proved its person to the face.
    ///
    /// # Errors
    /// [`EnterError::Forbidden`] for a key.
    pub async fn confirm_by_passkey(
        &self,
        caller: &Caller,
    ) -> Result<(String, Timestamp), PeopleError> {
        self.renew(caller).await
    }

    async fn prove(
        &self,
        counted: &Counted,
        person: &str,
        proof: &Proof,
    ) -> Result<(), SignInError> {
        let coded = self.has_code(person).await?;
        match (&proof.code, &proof.password) {
            (Some(code), _) if coded => self.take_code(counted, person, code).await,
            (_, Some(password)) if !coded => {
                self.not_locked(counted).await?;
                self.check_password(counted, Some(person), password).await
            }
            _ => Err(SignInError::Wrong),
        }
    }

    /// The same session under a new token, confirmed.
    async fn renew(&self, caller: &Caller) -> Result<(String, Timestamp), PeopleError> {
        let old: Kept<Session> = self.session_of(caller).await?.ok_or(EnterError::Forbidden)?;
        let token = self.token()?;
        let until = self.now().plus_seconds(CONFIRMED_SECONDS);
        let row = Session { confirmed_until: Some(until), ..old.row.clone() };
        let mut renewed = Kept::new(hash(&token), old.owner.clone(), row);
        renewed.due = old.due;
        let audited = self.entry_of(caller, "confirm", Outcome::Allowed);
        self.write(vec![old.delete(), renewed.insert()], vec![audited]).await?;
        Ok((token, until))
    }

    async fn audit_sign_in(
        &self,
        action: &str,
        person: Option<&str>,
        outcome: Outcome,
        origin: &Origin,
    ) -> Result<(), Fault> {
        let organisation = match person {
            Some(person) => self.about::<Membership>(person).await?.into_iter().next(),
            None => None,
        };
        let organisation = organisation.map(|member| member.owner);
        let entry: AuditEntry = self.sign_in_entry(action, person, organisation, outcome, origin);
        Ok(self.write(Vec::new(), vec![entry]).await?)
    }
}
