//! What happens, as it happens: new entries of one journal and the position after them, as
//! server-sent events. Who comes back names the last event that it saw and gets what came since.
//! Entries of another process are seen a little later.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use contract::obligation::ObligationStatus;
use futures_util::Stream;
use futures_util::stream;
use serde::Serialize;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use units::Money;

use crate::app::App;
use crate::auth::{At, Operation};
use crate::problem::{Code, Problem};
use crate::views::EntryView;

/// How often the store is asked for entries of other processes, and the reader's right is checked.
const POLL: Duration = Duration::from_secs(3);
/// How often a silent stream says that it lives.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How many entries are sent before the position is told.
const BATCH: u32 = 200;
/// Streams that are open at once, of everybody.
const MOST_STREAMS: i64 = 1_024;

/// The position in short.
#[derive(Serialize)]
struct Told {
    /// The sequence of the next entry.
    seq: u64,
    phase: &'static str,
    breached: usize,
    open: Option<Money>,
}

/// A stream that somebody listens to.
struct Listener {
    app: App,
    at: At,
    changes: broadcast::Receiver<desk::Changed>,
    stopping: watch::Receiver<bool>,
    /// The next entry to send.
    next: u64,
    /// What is ready to be sent.
    ready: std::collections::VecDeque<Event>,
    begun: bool,
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.app.metrics.streams.dec();
    }
}

/// Answers with a stream.
pub(crate) async fn stream(
    State(app): State<App>,
    at: At,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if app.metrics.streams.inc() >= MOST_STREAMS {
        app.metrics.streams.dec();
        return Err(Problem::new(Code::Busy).retry_after(30));
    }
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let last = last.and_then(|text| text.parse::<u64>().ok());
    let mut listener = Listener {
        changes: app.vault.changes(),
        stopping: app.stopping(),
        next: 0,
        ready: std::collections::VecDeque::new(),
        begun: false,
        at,
        app,
    };
    let end = listener.at.book().await?.state.next_seq;
    listener.next = last.map_or(end, |last| last.saturating_add(1).min(end));
    let events = stream::unfold(listener, |mut listener| async move {
        let event = listener.event().await?;
        Some((Ok::<_, Infallible>(event), listener))
    });
    Ok(answer(events))
}

fn answer(events: impl Stream<Item = Result<Event, Infallible>> + Send + 'static) -> Response {
    let alive = KeepAlive::new().interval(KEEP_ALIVE).text("alive");
    let mut response = Sse::new(events).keep_alive(alive).into_response();
    // A proxy that gathers the answer would make it anything but live.
    let buffering = axum::http::HeaderName::from_static("x-accel-buffering");
    response.headers_mut().insert(buffering, axum::http::HeaderValue::from_static("no"));
    response
}

impl Listener {
    /// The next event; `None` ends the stream: the service stops, or the reader may no more.
    async fn event(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            if *self.stopping.borrow() {
                return None;
            }
            match self.gather().await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(problem) => {
                    tracing::info!(code = problem.code().as_str(), "a live stream ended");
                    return None;
                }
            }
            if !self.wait().await {
                return None;
            }
        }
    }

    /// Gathers what is new; says whether there is something.
    async fn gather(&mut self) -> Result<bool, Problem> {
        let book = self.at.book().await?;
        let end = book.state.next_seq;
        if self.begun && self.next >= end {
            return Ok(false);
        }
        let words = self.at.words(&book);
        let position = contract::position(&book.state, self.at.now());
        drop(book);
        if self.at.allows(Operation::ReadJournal) {
            for (entry, leaf) in self.at.read(self.next, BATCH).await? {
                self.next = entry.seq + 1;
                let view = EntryView::new(&entry, Some(leaf), &words);
                let event = Event::default().event("entry").id(entry.seq.to_string());
                self.ready.extend(event.json_data(view));
            }
        } else {
            self.next = end;
        }
        if self.next >= end || !self.begun {
            let breached = position.obligations.iter();
            let breached = breached.filter(|view| view.status == ObligationStatus::Breached);
            let money = position.money.filter(|_| self.at.allows(Operation::ReadMoney));
            let told = Told {
                seq: self.next,
                phase: position.phase,
                breached: breached.count(),
                open: money.map(|money| money.open),
            };
            self.ready.extend(Event::default().event("position").json_data(told));
        }
        self.begun = true;
        Ok(!self.ready.is_empty())
    }

    /// Waits until there may be something new; `false` when the stream is over.
    async fn wait(&mut self) -> bool {
        let poll = tokio::time::sleep(POLL);
        tokio::pin!(poll);
        loop {
            tokio::select! {
                changed = self.changes.recv() => match changed {
                    Ok(changed) if changed.agreement == self.at.id => return true,
                    Ok(_) => {}
                    // Too slow to hear of every change: look for oneself.
                    Err(RecvError::Lagged(_)) => return true,
                    Err(RecvError::Closed) => return false,
                },
                _ = self.stopping.wait_for(|stop| *stop) => return false,
                () = &mut poll => break,
            }
        }
        // Sessions end and grants run out while somebody listens.
        self.at.still().await
    }
}
