//! The first run: a deployment without people takes its first organisation and person from whoever
//! holds the one-time token that the operator saw. Also the figures of the whole deployment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{RegisterError, Whose};

use super::audit::Outcome;
use super::caller::{Caller, Origin};
use super::organisation::Organisation;
use super::person::{NewPerson, Person};
use super::role::Operation;
use super::row::{Kept, Row};
use super::secret::{hash, same};
use super::session::Session;
use super::{Fault, People, PeopleError};
use crate::book::DeskError;

/// The kind of a webhook's message, which is about its state; the server keeps them.
const DELIVERY: &str = "delivery";

/// The one card of its kind.
const ID: &str = "token";

/// What is kept of the token.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Setup {
    hash: String,
}

impl Row for Setup {
    const KIND: &'static str = "setup";
}

/// How much there is; nothing of any agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Totals {
    /// Organisations.
    pub organisations: u64,
    /// People.
    pub people: u64,
    /// Agreements.
    pub agreements: u64,
    /// Entries of all journals.
    pub journal_entries: u64,
    /// Sessions that are open, or wait for their second factor.
    pub sessions: u64,
    /// Deliveries of webhooks that wait.
    pub outbox_pending: u64,
    /// Deliveries that were given up.
    pub outbox_dead: u64,
}

impl People {
    /// Whether nobody is here yet.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn setup_needed(&self) -> Result<bool, Fault> {
        Ok(!self.anybody().await?)
    }

    /// A new one-time token for the operator to show, while nobody is here; it replaces the one
    /// before.
    ///
    /// # Errors
    /// [`PeopleError::Taken`] when somebody is.
    pub async fn setup_token(&self) -> Result<String, PeopleError> {
        if self.anybody().await? {
            return Err(PeopleError::Taken { what: "deployment" });
        }
        let token = self.token()?;
        let row = Setup { hash: hash(&token) };
        let card = match self.get::<Setup>(ID).await? {
            Some(mut kept) => {
                kept.row = row;
                kept.replace()
            }
            None => Kept::new(ID, "", row).insert(),
        };
        self.write(vec![card], Vec::new()).await?;
        Ok(token)
    }

    /// Takes the first organisation and person, who founds it and looks after the platform; signs
    /// them in. The token is used up.
    ///
    /// # Errors
    /// [`PeopleError::NotFound`] for a wrong or used token, and what is wrong with the fields.
    pub async fn set_up(
        &self,
        token: &str,
        organisation: &str,
        person: &NewPerson,
        origin: &Origin,
    ) -> Result<String, PeopleError> {
        let unknown = || PeopleError::NotFound { what: "setup" };
        let kept = self.get::<Setup>(ID).await?.ok_or_else(unknown)?;
        if !same(&kept.row.hash, &hash(token)) || self.anybody().await? {
            let refused = self.sign_in_entry("set_up", None, None, Outcome::Refused, origin);
            self.write(Vec::new(), vec![refused]).await?;
            return Err(unknown());
        }
        let (id, mut cards) = self.new_person(person, true).await?;
        let (own, founded) = self.new_organisation(organisation, &id)?;
        cards.extend(founded);
        let (session, row) = self.new_session(&id, Some(own.clone()), false, origin)?;
        cards.extend([row.insert(), kept.delete()]);
        let allowed = Outcome::Allowed;
        let audited = self.sign_in_entry("set_up", Some(&id), Some(own), allowed, origin);
        match self.write(cards, vec![audited]).await {
            Err(RegisterError::Stale { .. }) => Err(unknown()),
            answer => Ok(answer.map(|()| session)?),
        }
    }

    /// How much there is, for the administrator of the platform.
    ///
    /// # Errors
    /// [`super::EnterError::Forbidden`] for anybody else.
    pub async fn totals(&self, caller: &Caller) -> Result<Totals, PeopleError> {
        self.allow(caller, Operation::PlatformHealth).await?;
        Ok(self.all_totals().await?)
    }

    /// The same for the deployment itself, which shows it as metrics.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn all_totals(&self) -> Result<Totals, Fault> {
        let rows = self.desk.store.agreements(&self.desk.scope()).await;
        let rows = rows.map_err(DeskError::from)?;
        let count = async |kind, whose| self.register.cards_count(kind, whose).await;
        let outbox = async |state| count(DELIVERY, Whose::Subject(state)).await;
        Ok(Totals {
            organisations: count(Organisation::KIND, Whose::All).await?,
            people: count(Person::KIND, Whose::All).await?,
            agreements: rows.len() as u64,
            journal_entries: rows.iter().map(|row| row.next).sum(),
            sessions: count(Session::KIND, Whose::All).await?,
            outbox_pending: outbox("pending").await? + outbox("failed").await?,
            outbox_dead: outbox("dead").await?,
        })
    }
}
