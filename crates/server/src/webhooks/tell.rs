//! From the journals to messages: the entries after an endpoint's cursor become messages, and the
//! cursor moves in the same write. A kill in between leaves both as they were.

use std::collections::BTreeMap;

use store::{CardWrite, RegisterError, Scope, StoreError, Whose};
use units::Id;

use super::message::{self, NOTICE, Subject};
use super::rows::{CURSOR, Cursor, DELIVERY, Delivery, Endpoint};
use super::{HookError, Hooks, PAGE};

impl Hooks {
    /// Turns what is new in every journal into messages; says how many.
    ///
    /// # Errors
    /// Trouble with the machine; what was done until then stays.
    pub async fn tell(&self) -> Result<usize, HookError> {
        let endpoints = self.everybodys().await?;
        let endpoints: Vec<_> = endpoints.iter().filter(|one| one.off.is_none()).collect();
        if endpoints.is_empty() {
            return Ok(0);
        }
        let mut told = 0;
        for endpoint in endpoints {
            told += self.tell_endpoint(endpoint).await?;
        }
        Ok(told)
    }

    async fn tell_endpoint(&self, endpoint: &Endpoint) -> Result<usize, HookError> {
        let mut cursors = BTreeMap::new();
        for card in self.all(CURSOR, Whose::Owner(&endpoint.id)).await? {
            cursors.insert(card.id.clone(), Cursor::read(&card)?);
        }
        let seats = self.seats.seats(&endpoint.organisation).await?;
        let mut told = 0;
        for (agreement, scope) in seats {
            if !endpoint.follows(&agreement) {
                continue;
            }
            let end = match self.store.agreement(&scope, &agreement).await {
                Err(StoreError::NotFound { .. }) => continue,
                row => row?.next,
            };
            let known = cursors.get(&super::rows::cursor_id(&endpoint.id, &agreement)).copied();
            let mut cursor = match known {
                Some(cursor) => cursor,
                None => self.first_cursor(endpoint, &agreement, &scope, end).await?,
            };
            while cursor.next < end {
                told += self.tell_page(endpoint, &agreement, &scope, &mut cursor, end).await?;
            }
        }
        Ok(told)
    }

    /// Where an endpoint begins: behind everything when nothing is younger than the endpoint, else
    /// at the beginning, where older entries are passed over.
    async fn first_cursor(
        &self,
        endpoint: &Endpoint,
        agreement: &Id,
        scope: &Scope,
        end: u64,
    ) -> Result<Cursor, HookError> {
        let last = self.store.read(scope, agreement, end.saturating_sub(1), 1).await?;
        let old = last.last().is_some_and(|record| record.at < endpoint.created);
        let mut cursor = Cursor { next: if old { end } else { 0 }, version: 0 };
        if old {
            let write = cursor.write(&endpoint.id, agreement);
            self.register.write(vec![write], Vec::new()).await?;
            cursor.version = 1;
        }
        Ok(cursor)
    }

    async fn tell_page(
        &self,
        endpoint: &Endpoint,
        agreement: &Id,
        scope: &Scope,
        cursor: &mut Cursor,
        end: u64,
    ) -> Result<usize, HookError> {
        let records = self.store.read(scope, agreement, cursor.next, PAGE).await?;
        // An empty page: what is left is not for this party's eyes.
        cursor.next = records.last().map_or(end, |record| record.seq + 1);
        let now = self.now();
        let mut deliveries = Vec::new();
        for record in records {
            if record.at < endpoint.created || !endpoint.wants(&record.kind) {
                continue;
            }
            let subject = Subject::Entry { agreement, seq: record.seq, kind: &record.kind };
            let id = message::message_id(&endpoint.id, &subject, "");
            deliveries.push(Delivery::new(&endpoint.id, id, &subject, record.at, now));
        }
        self.keep(deliveries, vec![cursor.write(&endpoint.id, agreement)]).await.inspect(|_| {
            cursor.version += 1;
        })
    }

    /// Tells every endpoint of an organisation that asked for notices; the same notice is told
    /// once.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn tell_notice(
        &self,
        organisation: &str,
        agreement: &Id,
        key: &str,
        kind: &str,
        at: units::Timestamp,
    ) -> Result<usize, HookError> {
        let mut told = 0;
        for endpoint in self.endpoints(organisation).await? {
            let asked = endpoint.wants(NOTICE) && endpoint.follows(agreement);
            if endpoint.off.is_some() || !asked || at < endpoint.created {
                continue;
            }
            let subject = Subject::Notice { agreement, key, kind };
            let id = message::message_id(&endpoint.id, &subject, "");
            let delivery = Delivery::new(&endpoint.id, id, &subject, at, self.now());
            told += self.keep(vec![delivery], Vec::new()).await?;
        }
        Ok(told)
    }

    /// Keeps messages together with other writes, all or none. Messages that are known already are
    /// left out; says how many were kept.
    async fn keep(
        &self,
        mut deliveries: Vec<Delivery>,
        more: Vec<CardWrite>,
    ) -> Result<usize, HookError> {
        loop {
            let writes = deliveries.iter().map(Delivery::write).chain(more.clone()).collect();
            match self.register.write(writes, Vec::new()).await {
                Ok(()) => return Ok(deliveries.len()),
                Err(RegisterError::Taken { .. }) => {
                    let before = deliveries.len();
                    let mut fresh = Vec::new();
                    for delivery in deliveries {
                        let known = self.register.card_named(DELIVERY, &delivery.message).await?;
                        fresh.extend(known.is_none().then_some(delivery));
                    }
                    if fresh.len() == before {
                        return Err(HookError::NotFound);
                    }
                    deliveries = fresh;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}
