//! From messages to receivers: what is due is sent, and what became of it is kept.

use std::collections::BTreeMap;
use std::time::Duration;

use desk::Changed;
use futures_util::StreamExt as _;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use store::{RegisterError, Whose};
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::{broadcast, watch};
use units::Timestamp;
use url::Url;

use super::message;
use super::rows::{DELIVERY, Delivery, ENDPOINT, Endpoint, Off, State};
use super::schedule::{self, Outcome};
use super::signature::Secret;
use super::{HookError, Hooks};
use crate::egress::Question;

/// The most bytes that are read of an answer; they are not looked at.
const ANSWER_BYTES: usize = 4096;
/// How many messages are looked at in one go.
const DUE: u32 = 500;
/// To how many endpoints messages are sent at the same time.
const AT_ONCE: usize = 16;
/// How long the other messages of an endpoint wait after one failed, in seconds.
const DEFERRED: i64 = 30;
/// How often the journals are looked at when nobody says that they changed.
const POLL: Duration = Duration::from_secs(5);

/// What became of one attempt.
struct Attempt {
    outcome: Outcome,
    status: Option<u16>,
    error: String,
}

impl Hooks {
    /// Tells and sends until `stop` turns true. A change of a journal wakes it early.
    pub async fn run(
        &self,
        mut stop: watch::Receiver<bool>,
        mut changes: broadcast::Receiver<Changed>,
    ) {
        loop {
            // What was missed is found in the journals.
            while !matches!(changes.try_recv(), Err(TryRecvError::Empty | TryRecvError::Closed)) {}
            if let Err(error) = self.round().await {
                tracing::error!(error = &error as &dyn std::error::Error, "webhooks");
            }
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                Ok(_) | Err(RecvError::Lagged(_)) = changes.recv() => {}
                () = self.asked.notified() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }

    /// One round: tell what is new, send what is due; says how many messages were sent or given up.
    ///
    /// # Errors
    /// Trouble with the machine; what was done until then stays.
    pub async fn round(&self) -> Result<usize, HookError> {
        self.tell().await?;
        self.deliver().await
    }

    /// Sends what is due; says how many attempts were made.
    ///
    /// # Errors
    /// Trouble with the machine; what was done until then stays.
    pub async fn deliver(&self) -> Result<usize, HookError> {
        let cards = self.register.cards_due(DELIVERY, Whose::All, self.now(), DUE).await?;
        let mut by_endpoint: BTreeMap<String, Vec<Delivery>> = BTreeMap::new();
        for card in &cards {
            by_endpoint.entry(card.owner.clone()).or_default().push(Delivery::read(card)?);
        }
        let each = by_endpoint.into_iter().map(|(endpoint, mut due)| {
            due.sort_by(|a, b| (a.at, &a.agreement, a.seq).cmp(&(b.at, &b.agreement, b.seq)));
            self.deliver_to(endpoint, due)
        });
        let done: Vec<_> =
            futures_util::stream::iter(each).buffer_unordered(AT_ONCE).collect().await;
        done.into_iter().sum()
    }

    /// For how many seconds the message that is longest overdue has waited; 0 where none is.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn lag(&self) -> Result<i64, HookError> {
        let now = self.now();
        let mut lag = 0;
        for card in self.register.cards_due(DELIVERY, Whose::All, now, DUE).await? {
            if let (true, Some(due)) = (Delivery::read(&card)?.waits(), card.due) {
                lag = lag.max(now.seconds_since(due));
            }
        }
        Ok(lag)
    }

    /// Sends the due messages of one endpoint, one after the other. After one failed the others
    /// wait, so that an endpoint that does not answer holds up nobody else.
    async fn deliver_to(&self, id: String, due: Vec<Delivery>) -> Result<usize, HookError> {
        let Some(card) = self.register.card(ENDPOINT, &id).await? else {
            let removals: Vec<_> = due.iter().map(Delivery::removal).collect();
            return self.written(self.write_in_parts(&removals).await).map(|_| 0);
        };
        let mut endpoint = Endpoint::read(&card)?;
        let (waiting, over): (Vec<_>, Vec<_>) = due.into_iter().partition(Delivery::waits);
        let removals: Vec<_> = over.iter().map(Delivery::removal).collect();
        self.written(self.write_in_parts(&removals).await)?;
        let mut attempts = 0;
        let mut waiting = waiting.into_iter();
        while let Some(mut delivery) = waiting.next() {
            if endpoint.off.is_some() {
                delivery.last_error = Some("switched_off".to_owned());
                delivery.end(State::Dead, self.now());
                self.written(self.register.write(vec![delivery.write()], Vec::new()).await)?;
                continue;
            }
            let attempt = self.attempt(&endpoint, &delivery).await?;
            attempts += 1;
            let arrived = attempt.outcome == Outcome::Delivered;
            let before = (endpoint.off, endpoint.failing_since);
            self.note(&mut endpoint, &mut delivery, attempt);
            let mut writes = vec![delivery.write()];
            if before != (endpoint.off, endpoint.failing_since) {
                writes.push(endpoint.write());
                endpoint.version += 1;
            }
            if !self.written(self.register.write(writes, Vec::new()).await)? {
                // A person changed the endpoint or the message meanwhile: the next round decides.
                return Ok(attempts);
            }
            if !arrived && endpoint.off.is_none() {
                let later = self.now().plus_seconds(DEFERRED);
                let rest: Vec<_> = waiting
                    .map(|delivery| Delivery { due: Some(later), ..delivery }.write())
                    .collect();
                self.written(self.write_in_parts(&rest).await)?;
                return Ok(attempts);
            }
        }
        Ok(attempts)
    }

    async fn attempt(
        &self,
        endpoint: &Endpoint,
        delivery: &Delivery,
    ) -> Result<Attempt, HookError> {
        let body = message::body(&self.origin, &delivery.message, delivery.at, &delivery.subject());
        let timestamp = self.now().seconds();
        let signature = Secret::parse(&endpoint.secret)?.sign(&delivery.message, timestamp, &body);
        let headers = headers(&delivery.message, timestamp, &signature);
        // Whether the address may be used was decided when it was taken, and is decided again now:
        // the operator's switch or the table of ranges may have changed.
        let url = Url::parse(&endpoint.url).map_err(|_| crate::egress::EgressError::Malformed);
        let question = url.map(|url| Question {
            method: Method::POST,
            url,
            headers,
            body,
            limit: ANSWER_BYTES,
            whole: false,
        });
        let answer = match question {
            Ok(question) => self.egress.ask(question).await,
            Err(error) => Err(error),
        };
        Ok(match answer {
            Ok(answer) => {
                let status = answer.status.as_u16();
                let wait = answer.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok());
                let outcome = schedule::outcome(status, wait);
                Attempt { outcome, status: Some(status), error: format!("status_{status}") }
            }
            Err(error) => {
                let outcome = Outcome::Failed { wait: None };
                Attempt { outcome, status: None, error: error.code().to_owned() }
            }
        })
    }

    /// Notes an attempt in the message and in its endpoint.
    fn note(&self, endpoint: &mut Endpoint, delivery: &mut Delivery, attempt: Attempt) {
        let now = self.now();
        delivery.attempts += 1;
        match attempt.outcome {
            Outcome::Delivered => {
                (delivery.status, delivery.last_error) = (attempt.status, None);
                delivery.end(State::Delivered, now);
                endpoint.failing_since = None;
            }
            Outcome::Gone => {
                (delivery.status, delivery.last_error) = (attempt.status, Some(attempt.error));
                delivery.end(State::Dead, now);
                endpoint.switch_off(Off::Gone, now);
            }
            Outcome::Failed { wait } => {
                delivery.failed(attempt.status, attempt.error, wait, now);
                let since = *endpoint.failing_since.get_or_insert(now);
                if too_long(since, now) {
                    endpoint.switch_off(Off::Failing, now);
                }
            }
        }
    }

    /// Whether a write took place; one that came second gives way.
    fn written(&self, result: Result<(), RegisterError>) -> Result<bool, HookError> {
        match result {
            Ok(()) => Ok(true),
            Err(RegisterError::Stale { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

fn too_long(since: Timestamp, now: Timestamp) -> bool {
    let seconds = u64::try_from(now.seconds_since(since)).unwrap_or(0);
    Duration::from_secs(seconds) >= schedule::DISABLED_AFTER
}

fn headers(id: &str, timestamp: i64, signature: &str) -> HeaderMap {
    let value = |text: &str| HeaderValue::from_str(text).expect("digits, letters and signs");
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(HeaderName::from_static("webhook-id"), value(id));
    headers.insert(HeaderName::from_static("webhook-timestamp"), value(&timestamp.to_string()));
    headers.insert(HeaderName::from_static("webhook-signature"), value(signature));
    headers
}
