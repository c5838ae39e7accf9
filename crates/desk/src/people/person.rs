//! People: who they are and how the console speaks to them. An e-mail belongs to one person, in
//! whatever case it is written.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{AuditEntry, CardWrite, Whose};
use units::Timestamp;

use super::audit::Outcome;
use super::caller::Caller;
use super::organisation::{OrganisationView, or_taken};
use super::role::{Operation, Role};
use super::row::{Kept, Row};
use super::session::IDLE_SECONDS;
use super::{Fault, People, PeopleError};

/// The most characters of a name.
const NAME: usize = 120;

/// What is kept of a person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) lang: String,
    pub(super) theme: String,
    pub(super) disabled: bool,
    /// Looks after the platform.
    pub(super) platform: bool,
    pub(super) created: Timestamp,
    pub(super) last_seen: Option<Timestamp>,
}

impl Row for Person {
    const KIND: &'static str = "person";
}

/// A person to be.
#[derive(Clone)]
pub struct NewPerson {
    /// What they are called.
    pub name: String,
    /// Their e-mail.
    pub email: String,
    /// Their password, as typed.
    pub password: String,
    /// `zh` or `en`.
    pub lang: String,
}

impl std::fmt::Debug for NewPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewPerson").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A person, as shown to themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PersonView {
    /// The id.
    pub id: String,
    /// What they are called.
    pub name: String,
    /// The e-mail.
    pub email: String,
    /// `zh` or `en`.
    pub lang: String,
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// Whether one-time codes are on.
    pub totp: bool,
    /// How many passkeys there are.
    pub passkeys: u64,
}

/// Who the caller is and what they may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Me {
    /// The person.
    pub person: PersonView,
    /// For which organisation they act now; a guest may have none.
    pub organisation: Option<OrganisationView>,
    /// All to which they belong.
    pub organisations: Vec<OrganisationView>,
    /// Their roles in the organisation.
    pub roles: BTreeSet<Role>,
    /// Whether they look after the platform.
    pub platform_administrator: bool,
    /// What every write of this session must carry; absent for a key.
    pub csrf: Option<String>,
    /// Until when sensitive operations need no further proof.
    pub confirmed_until: Option<Timestamp>,
    /// When the session ends whatever happens.
    pub expires: Option<Timestamp>,
    /// When it ends if nothing happens.
    pub idle_expires: Option<Timestamp>,
}

/// What a person may change about themselves; what is absent stays.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
pub struct MyChange {
    /// What they are called.
    pub name: Option<String>,
    /// `zh` or `en`.
    pub lang: Option<String>,
    /// `system`, `light` or `dark`.
    pub theme: Option<String>,
}

/// An e-mail in one spelling; `None` when it cannot be one.
pub(super) fn fold_email(email: &str) -> Option<String> {
    let email = email.trim().to_lowercase();
    let (user, host) = email.rsplit_once('@')?;
    let plain = !email.contains(|c: char| c.is_whitespace() || c.is_control());
    let fits = email.len() <= 254 && !user.is_empty() && !host.is_empty();
    (plain && fits).then_some(email)
}

/// A name without surrounding space; `None` when it is empty, too long or has control characters.
pub(super) fn name_of(text: &str) -> Option<String> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= NAME;
    (fits && !text.contains(char::is_control)).then(|| text.to_owned())
}

fn lang_of(text: &str) -> Result<String, PeopleError> {
    let known = matches!(text, "zh" | "en");
    if known { Ok(text.to_owned()) } else { Err(PeopleError::Invalid { field: "lang" }) }
}

fn theme_of(text: &str) -> Result<String, PeopleError> {
    let known = matches!(text, "system" | "light" | "dark");
    if known { Ok(text.to_owned()) } else { Err(PeopleError::Invalid { field: "theme" }) }
}

impl People {
    /// A new person with a password; the caller writes it.
    pub(super) async fn new_person(
        &self,
        new: &NewPerson,
        platform: bool,
    ) -> Result<(String, Vec<CardWrite>), PeopleError> {
        let email = fold_email(&new.email).ok_or(PeopleError::Invalid { field: "email" })?;
        let name = name_of(&new.name).ok_or(PeopleError::Invalid { field: "name" })?;
        let lang = lang_of(&new.lang)?;
        if self.named::<Person>(&email).await?.is_some() {
            return Err(PeopleError::Taken { what: "email" });
        }
        let id = self.new_id()?;
        let password = self.password_of(&id, &new.password).await?;
        let row = Person {
            name,
            email: email.clone(),
            lang,
            theme: "system".to_owned(),
            disabled: false,
            platform,
            created: self.now(),
            last_seen: None,
        };
        let person = Kept::new(id.clone(), "", row).named(email);
        Ok((id, vec![person.insert(), password.insert()]))
    }

    /// The person of an e-mail; for protocols that sign people in by it.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn person_of_email(&self, email: &str) -> Result<Option<String>, Fault> {
        let Some(email) = fold_email(email) else { return Ok(None) };
        let found = self.named::<Person>(&email).await?;
        Ok(found.filter(|person| !person.row.disabled).map(|person| person.id))
    }

    /// A person's name, for lists.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn name_of_person(&self, person: &str) -> Result<Option<String>, Fault> {
        Ok(self.get::<Person>(person).await?.map(|person| person.row.name))
    }

    /// Who the caller is.
    ///
    /// # Errors
    /// Trouble with the machine; [`PeopleError::NotFound`] when the person is gone.
    pub async fn me(&self, caller: &Caller) -> Result<Me, PeopleError> {
        let gone = PeopleError::NotFound { what: "person" };
        let person = self.get::<Person>(caller.person()).await?.ok_or(gone)?;
        let session = self.session_of(caller).await?;
        let organisation = match caller.organisation() {
            Some(id) => self.organisation(id).await?,
            None => None,
        };
        Ok(Me {
            organisation,
            organisations: self.organisations_of(&person.id).await?,
            roles: caller.roles().clone(),
            platform_administrator: caller.is_platform_administrator(),
            csrf: session.as_ref().map(|session| session.row.csrf.clone()),
            confirmed_until: caller.confirmed_until(),
            expires: session.as_ref().and_then(|session| session.due),
            idle_expires: session
                .as_ref()
                .map(|session| session.row.last_seen.plus_seconds(IDLE_SECONDS)),
            person: PersonView {
                totp: self.has_code(&person.id).await?,
                passkeys: self.credentials_of(&person.id).await?.len() as u64,
                id: person.id,
                name: person.row.name,
                email: person.row.email,
                lang: person.row.lang,
                theme: person.row.theme,
            },
        })
    }

    /// Changes what the caller may change about themselves.
    ///
    /// # Errors
    /// [`PeopleError::Invalid`] with the field.
    pub async fn change_me(&self, caller: &Caller, change: &MyChange) -> Result<(), PeopleError> {
        if !caller.is_session() {
            return Err(super::EnterError::Forbidden.into());
        }
        let gone = PeopleError::NotFound { what: "person" };
        let mut person = self.get::<Person>(caller.person()).await?.ok_or(gone)?;
        if let Some(name) = &change.name {
            person.row.name = name_of(name).ok_or(PeopleError::Invalid { field: "name" })?;
        }
        if let Some(lang) = &change.lang {
            person.row.lang = lang_of(lang)?;
        }
        if let Some(theme) = &change.theme {
            person.row.theme = theme_of(theme)?;
        }
        Ok(self.write(vec![person.replace()], Vec::new()).await?)
    }

    /// Lets a person sign in again, or no more; their sessions and keys stop at once. For the
    /// administrator of the platform.
    ///
    /// # Errors
    /// When the caller is none, or there is no such person.
    pub async fn disable_person(
        &self,
        caller: &Caller,
        person: &str,
        disabled: bool,
    ) -> Result<(), PeopleError> {
        self.allow(caller, Operation::PlatformHealth).await?;
        let unknown = PeopleError::NotFound { what: "person" };
        let mut kept = self.get::<Person>(person).await?.ok_or(unknown)?;
        kept.row.disabled = disabled;
        let action = if disabled { "disable_person" } else { "enable_person" };
        let audited = AuditEntry {
            object: Some(person.to_owned()),
            ..self.entry_of(caller, action, Outcome::Allowed)
        };
        or_taken(self.write(vec![kept.replace()], vec![audited]).await, "person")
    }

    /// Whether there is anybody at all.
    pub(super) async fn anybody(&self) -> Result<bool, Fault> {
        Ok(!self.page::<Person>(Whose::All, None, 1).await?.is_empty())
    }
}
