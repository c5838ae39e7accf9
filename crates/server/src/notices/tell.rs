//! How notices reach people outside the console: by webhook at once, by mail as one letter for all
//! that came up lately. What was told is kept, so that it is told once.
//!
//! A kill between two steps repeats a step: webhooks tell a repetition by its id, a letter has the
//! same id in its header.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use contract::obligation::ObligationKind;
use contract::state::State;
use contract::terms::Side;
use desk::people::{Fault, People, Recipient, Role, SeatedParty};
use desk::world::Clock;
use document::words::Words;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use store::{Card, CardWrite, Register, RegisterError, Whose};
use units::{ClauseId, Id, Lang, Timestamp, Zone};

use super::{Ahead, Notice, NoticeKind};
use crate::mail::{Letter, MailError, Mailer};
use crate::webhooks::{HookError, Hooks, Off};
use crate::words::letters::{self, Line, Section};

/// What was told of: of an agreement.
const TOLD: &str = "notice";
/// What waits for a letter: of a person.
const WAITING: &str = "letter";
/// When a person was last written to.
const MAILBOX: &str = "mailbox";

/// How long a first notice waits for others, in seconds.
const GATHER: i64 = 10 * 60;
/// The least time between two letters to a person, in seconds.
const BETWEEN: i64 = 6 * 3_600;
/// How long a letter waits when the server was not reached, in seconds.
const AGAIN: i64 = 15 * 60;
/// How long it is known that something was told, in seconds.
const KEPT: i64 = 400 * 86_400;
/// The most lines of one letter.
const LINES: usize = 100;
const PAGE: u32 = 200;

/// Why a round of telling did not go through.
#[derive(Debug, thiserror::Error)]
pub enum TellError {
    /// The register failed.
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// People could not be read.
    #[error(transparent)]
    People(#[from] Fault),
    /// Webhooks failed.
    #[error(transparent)]
    Hooks(#[from] HookError),
    /// A kept row cannot be read.
    #[error("a kept notice cannot be read")]
    Unreadable(#[from] serde_json::Error),
}

/// What stands at one agreement, for both sides.
#[derive(Debug, Clone)]
pub struct Standing {
    agreement: Id,
    about: About,
    notices: [(Side, Vec<Notice>); 2],
}

/// What a letter says of an agreement.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct About {
    zh: String,
    en: String,
    zone: String,
}

/// A line of a letter that waits.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Waiting {
    agreement: Id,
    about: About,
    kind: NoticeKind,
    obligation: Option<ObligationKind>,
    subject: Option<String>,
    due: Option<Timestamp>,
    clause: Option<ClauseId>,
}

#[derive(Serialize, Deserialize)]
struct Mailbox {
    last: Timestamp,
}

/// Tells people what waits for them.
pub struct Teller {
    people: People,
    register: Arc<dyn Register>,
    clock: Arc<dyn Clock>,
    hooks: Arc<Hooks>,
    mailer: Option<Mailer>,
    origin: String,
}

impl Standing {
    /// What stands at an agreement at an instant; `None` before anything was laid down.
    #[must_use]
    pub fn of(state: &State, now: Timestamp) -> Option<Self> {
        let terms = state.agreement.as_ref().or(state.drafted.as_ref())?;
        let position = contract::position(state, now);
        let zone = terms.zone.name().to_owned();
        let about = About { zh: terms.title.zh.clone(), en: terms.title.en.clone(), zone };
        let of = |side| (side, super::of(state, &position, side, Ahead::TOLD));
        let notices = [of(Side::Customer), of(Side::Vendor)];
        Some(Self { agreement: terms.id.clone(), about, notices })
    }
}

/// The name of a notice: the same for every person whom it concerns.
#[must_use]
pub fn notice_id(agreement: &Id, side: Side, key: &str) -> String {
    hex::encode(&Sha256::digest(format!("{agreement}\n{}\n{key}", side.code()))[..16])
}

impl Teller {
    /// Tells by these webhooks and, where there is one, this mailer. `origin` is the deployment's
    /// address without a slash at the end.
    #[must_use]
    pub fn new(
        people: People,
        clock: Arc<dyn Clock>,
        hooks: Arc<Hooks>,
        mailer: Option<Mailer>,
        origin: String,
    ) -> Self {
        Self { register: people.register(), people, clock, hooks, mailer, origin }
    }

    /// Tells what is new among what stands, then sends the letters that are due; says how many
    /// letters.
    ///
    /// # Errors
    /// Trouble with the machine; what was done until then stays.
    pub async fn round(&self, standing: &[Standing]) -> Result<usize, TellError> {
        for one in standing {
            self.tell(one).await?;
        }
        self.forget().await?;
        let sent = self.send().await?;
        self.tell_webhooks_off().await?;
        Ok(sent)
    }

    async fn tell(&self, standing: &Standing) -> Result<(), TellError> {
        if standing.notices.iter().all(|(_, notices)| notices.is_empty()) {
            return Ok(());
        }
        let agreement = &standing.agreement;
        let cards = self.all(TOLD, Whose::Owner(agreement.as_str())).await?;
        let told: BTreeSet<String> = cards.into_iter().map(|card| card.id).collect();
        let mut parties: Option<Vec<SeatedParty>> = None;
        for (side, notices) in &standing.notices {
            for notice in notices {
                let id = notice_id(agreement, *side, &notice.key);
                if told.contains(&id) {
                    continue;
                }
                if parties.is_none() {
                    parties = Some(self.people.parties(agreement).await?);
                }
                let parties = parties.iter().flatten();
                // A notice for a seat that nobody took yet waits until somebody does.
                let Some(party) = parties.into_iter().find(|party| party.side == *side) else {
                    continue;
                };
                self.tell_one(standing, party, notice, id).await?;
            }
        }
        Ok(())
    }

    async fn tell_one(
        &self,
        standing: &Standing,
        party: &SeatedParty,
        notice: &Notice,
        id: String,
    ) -> Result<(), TellError> {
        let (agreement, code) = (&standing.agreement, notice.kind.code());
        let now = self.clock.now();
        self.hooks.tell_notice(&party.organisation, agreement, &notice.key, code, now).await?;
        let card = |kind: &str, id: String, owner: &str, due: Timestamp, body: Vec<u8>| {
            let (kind, owner) = (kind.to_owned(), owner.to_owned());
            let (subject, name) = (None, None);
            CardWrite::Insert(Card {
                kind,
                id,
                owner,
                subject,
                name,
                due: Some(due),
                version: 0,
                body,
            })
        };
        let kept = now.plus_seconds(KEPT);
        let mut writes =
            vec![card(TOLD, id.clone(), agreement.as_str(), kept, code.as_bytes().to_vec())];
        if self.mailer.is_some() {
            let waiting = Waiting {
                agreement: agreement.clone(),
                about: standing.about.clone(),
                kind: notice.kind,
                obligation: notice.obligation.as_ref().map(|(_, kind)| *kind),
                subject: notice.subject.clone(),
                due: notice.due,
                clause: notice.clause.clone(),
            };
            let body = serde_json::to_vec(&waiting)?;
            for person in concerned(&party.people, notice.roles) {
                let (id, due) = (format!("{id} {}", person.person), now.plus_seconds(GATHER));
                writes.push(card(WAITING, id, &person.person, due, body.clone()));
            }
        }
        match self.register.write(writes, Vec::new()).await {
            Err(RegisterError::Taken { .. }) => Ok(()),
            answer => Ok(answer?),
        }
    }

    /// Forgets what was told long ago.
    async fn forget(&self) -> Result<(), TellError> {
        for card in self.register.cards_due(TOLD, Whose::All, self.clock.now(), PAGE).await? {
            self.remove(card).await?;
        }
        Ok(())
    }

    /// Sends one letter to each person for whom something has waited long enough.
    async fn send(&self) -> Result<usize, TellError> {
        let Some(mailer) = &self.mailer else { return Ok(0) };
        let due = self.register.cards_due(WAITING, Whose::All, self.clock.now(), PAGE).await?;
        let people: BTreeSet<String> = due.into_iter().map(|card| card.owner).collect();
        let mut sent = 0;
        for person in people {
            sent += usize::from(self.write_to(mailer, &person).await?);
        }
        Ok(sent)
    }

    /// Writes to a person; everything that waits for them goes into the letter.
    async fn write_to(&self, mailer: &Mailer, person: &str) -> Result<bool, TellError> {
        let now = self.clock.now();
        let cards = self.all(WAITING, Whose::Owner(person)).await?;
        let mailbox = self.register.card(MAILBOX, person).await?;
        let last = mailbox.as_ref().map(|card| serde_json::from_slice::<Mailbox>(&card.body));
        let next = last.transpose()?.map(|mailbox| mailbox.last.plus_seconds(BETWEEN));
        if let Some(next) = next.filter(|next| *next > now) {
            self.postpone(cards, next).await?;
            return Ok(false);
        }
        let recipient = self.people.recipient(person).await?;
        if let Some(recipient) = recipient {
            match mailer.send(&self.letter(&recipient, &cards)?, now).await {
                Ok(()) => {}
                Err(error) if error.is_passing() => {
                    warn(&error);
                    self.postpone(cards, now.plus_seconds(AGAIN)).await?;
                    return Ok(false);
                }
                Err(error) => warn(&error),
            }
        }
        let version = mailbox.map_or(0, |card| card.version);
        let body = serde_json::to_vec(&Mailbox { last: now })?;
        let (subject, name, due) = (None, None, None);
        let (kind, id, owner) = (MAILBOX.to_owned(), person.to_owned(), person.to_owned());
        let card = Card { kind, id, owner, subject, name, due, version, body };
        let noted = if version == 0 { CardWrite::Insert(card) } else { CardWrite::Replace(card) };
        self.register.write(vec![noted], Vec::new()).await?;
        for card in cards {
            self.remove(card).await?;
        }
        Ok(true)
    }

    fn letter(&self, recipient: &Recipient, cards: &[Card]) -> Result<Letter, TellError> {
        let mut by_agreement: BTreeMap<Id, Vec<Waiting>> = BTreeMap::new();
        let mut key = Sha256::new();
        for card in cards {
            key.update(&card.id);
            let waiting: Waiting = serde_json::from_slice(&card.body)?;
            by_agreement.entry(waiting.agreement.clone()).or_default().push(waiting);
        }
        let words = Words::new(recipient.lang);
        let mut left = LINES;
        let mut sections = Vec::new();
        for (agreement, waiting) in &mut by_agreement {
            waiting.sort_by_key(|waiting| (waiting.due, waiting.kind));
            waiting.truncate(left);
            left -= waiting.len();
            let Some(about) = waiting.first().map(|waiting| waiting.about.clone()) else {
                continue;
            };
            let zone = Zone::new(&about.zone).unwrap_or_else(|_| Zone::shanghai());
            let words = Words { zone, ..words.clone() };
            let link = format!("{}/agreements/{agreement}", self.origin);
            sections.push((about, link, words, &*waiting));
        }
        let sections: Vec<Section<'_>> = sections
            .iter()
            .map(|(about, link, words, waiting)| Section {
                title: match recipient.lang {
                    Lang::Zh => &about.zh,
                    Lang::En => &about.en,
                },
                link: link.clone(),
                words: words.clone(),
                lines: waiting.iter().map(line).collect(),
            })
            .collect();
        let account = format!("{}/me", self.origin);
        Ok(Letter {
            to: recipient.email.clone(),
            subject: letters::subject(&words, cards.len()),
            text: letters::text(&words, &sections, &account),
            key: hex::encode(key.finalize()),
        })
    }

    /// Writes to the owners when the deployment switched a webhook off.
    async fn tell_webhooks_off(&self) -> Result<(), TellError> {
        let Some(mailer) = &self.mailer else { return Ok(()) };
        for endpoint in self.hooks.everybodys().await? {
            let (Some(Off::Gone | Off::Failing), Some(since)) = (endpoint.off, endpoint.off_since)
            else {
                continue;
            };
            let id = format!("webhook {} {since}", endpoint.id);
            if self.register.card(TOLD, &id).await?.is_some() {
                continue;
            }
            let now = self.clock.now();
            for person in concerned(
                &self.people.recipients(&endpoint.organisation).await?,
                &[Role::Owner, Role::Operator],
            ) {
                let settings = format!("{}/organisation/webhooks", self.origin);
                let words = Words::new(person.lang);
                let (subject, text) = letters::webhook_off(&words, &endpoint.url, &settings);
                let (to, key) = (person.email.clone(), id.clone());
                match mailer.send(&Letter { to, subject, text, key }, now).await {
                    Ok(()) => {}
                    Err(error) if error.is_passing() => {
                        warn(&error);
                        return Ok(());
                    }
                    Err(error) => warn(&error),
                }
            }
            let card = Card {
                kind: TOLD.to_owned(),
                id,
                owner: endpoint.id,
                subject: None,
                name: None,
                due: Some(now.plus_seconds(KEPT)),
                version: 0,
                body: b"webhook_off".to_vec(),
            };
            self.register.write(vec![CardWrite::Insert(card)], Vec::new()).await?;
        }
        Ok(())
    }

    async fn postpone(&self, cards: Vec<Card>, due: Timestamp) -> Result<(), TellError> {
        for card in cards {
            let write = CardWrite::Replace(Card { due: Some(due), ..card });
            match self.register.write(vec![write], Vec::new()).await {
                Err(RegisterError::Stale { .. }) => {}
                answer => answer?,
            }
        }
        Ok(())
    }

    async fn remove(&self, card: Card) -> Result<(), TellError> {
        let Card { kind, id, version, .. } = card;
        let delete = CardWrite::Delete { kind, id, version };
        match self.register.write(vec![delete], Vec::new()).await {
            Err(RegisterError::Stale { .. }) => Ok(()),
            answer => Ok(answer?),
        }
    }

    async fn all(&self, kind: &str, whose: Whose<'_>) -> Result<Vec<Card>, TellError> {
        let mut all: Vec<Card> = Vec::new();
        loop {
            let after = all.last().map(|card| card.id.clone());
            let page = self.register.cards(kind, whose, after.as_deref(), PAGE).await?;
            if page.is_empty() {
                return Ok(all);
            }
            all.extend(page);
        }
    }
}

fn concerned<'a>(
    people: &'a [Recipient],
    roles: &'a [Role],
) -> impl Iterator<Item = &'a Recipient> {
    people.iter().filter(|person| roles.iter().any(|role| person.roles.contains(role)))
}

fn line(waiting: &Waiting) -> Line<'_> {
    Line {
        kind: waiting.kind,
        obligation: waiting.obligation,
        subject: waiting.subject.as_deref(),
        due: waiting.due,
        clause: waiting.clause.as_ref(),
    }
}

/// The letter's recipient is not written to the log.
fn warn(error: &MailError) {
    tracing::warn!(error = error as &dyn std::error::Error, "a letter was not sent");
}
