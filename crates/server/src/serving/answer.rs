//! From images at hand to answers that are recorded: each is asked about, what was answered is
//! written to disk, and only then is it given. Clause: class-5.1.

use std::sync::Arc;

use axum::http::Extensions;
use bytes::Bytes;
use classification::{
    Answer, Ask, Chosen, Class, Clock as _, Counted, Done, Entry, Outcome, Refused, Version,
};
use sha2::{Digest as _, Sha256};
use tokio::sync::oneshot;
use units::Lang;

use super::Serving;
use super::keys::Caller;
use super::manners::{Reader, RequestId};
use super::refusal::{Reason, Refusal};

/// Who asks, under which id, how soon, and since when all of it is at hand.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) customer: String,
    pub(super) request: String,
    pub(super) lang: Lang,
    pub(super) class: Class,
    pub(super) background: bool,
    /// Whether all are answered or none: where one is refused, no other counts.
    pub(super) whole: bool,
    /// Microseconds that an image may wait for its turn.
    pub(super) deadline_us: Option<u64>,
    /// The tick at which the last byte had come.
    pub(super) received: u64,
}

/// One image's answer.
#[derive(Debug, Clone)]
pub(super) struct Answered {
    pub(super) answer: Answer,
    pub(super) cached: bool,
    pub(super) latency_us: u64,
    /// Whether it makes a line of the bill: not where the same request was answered before.
    pub(super) billed: bool,
}

impl Asked {
    /// What the layers before a handler know of a request; everything of it is at hand.
    pub(super) fn of(extensions: &Extensions, serving: &Serving) -> Result<Self, Refusal> {
        let fault = || Refusal::new(Reason::Fault);
        let caller = extensions.get::<Caller>().ok_or_else(fault)?;
        let RequestId(request) = extensions.get().ok_or_else(fault)?;
        let Reader(lang) = *extensions.get().ok_or_else(fault)?;
        Ok(Self {
            customer: caller.customer.clone(),
            request: request.clone(),
            lang,
            class: Class::Standard,
            background: false,
            whole: false,
            deadline_us: u64::try_from(serving.config.deadline.as_micros()).ok(),
            received: serving.clock.ticks(),
        })
    }

    fn ask(&self) -> Ask {
        let deadline = self.deadline_us.map(|us| self.received.saturating_add(us));
        Ask { class: self.class, background: self.background, deadline }
    }
}

/// What came of an image that was asked about, and the tick at which it did.
type Told = oneshot::Receiver<(Result<Done, Refused>, u64)>;

/// Asks about images and records what came of each; one that was refused before is recorded and not
/// asked about. A refusal of one leaves the others; that nothing can be recorded is one of all.
pub(super) async fn images(
    serving: &Serving,
    chosen: &Chosen,
    asked: &Asked,
    images: Vec<(Bytes, Result<(), Refusal>)>,
) -> Result<Vec<Result<Answered, Refusal>>, Refusal> {
    let (mut tasks, mut waiting) = (Vec::new(), Vec::new());
    for (bytes, checked) in images {
        let sha256: [u8; 32] = Sha256::digest(&bytes).into();
        let length = bytes.len() as u64;
        let told = checked.map(|()| {
            let (reply, told) = reply(serving);
            tasks.push((bytes, sha256, reply));
            told
        });
        waiting.push((sha256, length, told));
    }
    serving.service.images(chosen, asked.ask(), tasks);
    let mut came = Vec::new();
    for (sha256, length, told) in waiting {
        let (done, ticks) = match told {
            Ok(told) => one(serving, told).await?,
            Err(refusal) => (Err(refusal), serving.clock.ticks()),
        };
        came.push((sha256, length, done, ticks));
    }
    record(serving, &chosen.version, asked, came).await
}

async fn one(
    serving: &Serving,
    told: Told,
) -> Result<(Result<(Answer, bool), Refusal>, u64), Refusal> {
    let (done, ticks) = told.await.map_err(|_| Refusal::new(Reason::Fault))?;
    let done = done.map_err(Refusal::from).and_then(|mut done| {
        serving.figures.waited(done.waited_us);
        let answer = done.answers.pop().ok_or_else(|| Refusal::new(Reason::Fault))?;
        Ok((answer, done.cached))
    });
    Ok((done, ticks))
}

/// Asks about images that somebody else prepared, and records them.
pub(super) async fn numbers(
    serving: &Serving,
    version: Arc<Version>,
    asked: &Asked,
    values: Vec<f32>,
    images: usize,
) -> Result<Vec<Result<Answered, Refusal>>, Refusal> {
    let each = values.len().checked_div(images).unwrap_or(0).max(1);
    let digest = |image: &[f32]| -> [u8; 32] {
        let mut hash = Sha256::new();
        for value in image {
            hash.update(value.to_le_bytes());
        }
        hash.finalize().into()
    };
    let digests: Vec<_> = values.chunks(each).map(digest).collect();
    let (reply, told) = reply(serving);
    serving.service.numbers(Arc::clone(&version), asked.ask(), values, images, reply);
    let (done, ticks) = told.await.map_err(|_| Refusal::new(Reason::Fault))?;
    let done = done?;
    serving.figures.waited(done.waited_us);
    let came = digests
        .into_iter()
        .zip(done.answers)
        .map(|(sha256, answer)| (sha256, 4 * each as u64, Ok((answer, false)), ticks));
    record(serving, &version, asked, came.collect()).await
}

/// Somebody who is told, with the tick at which it was.
fn reply(serving: &Serving) -> (classification::Reply, Told) {
    let (tell, told) = oneshot::channel();
    let clock = Arc::clone(&serving.clock);
    let reply = move |done| {
        // Whoever asked may have left meanwhile: then nothing is given and nothing counts.
        let _gone = tell.send((done, clock.ticks()));
    };
    (Box::new(reply), told)
}

/// An image's digest and bytes, what came of it, and when.
type Came = ([u8; 32], u64, Result<(Answer, bool), Refusal>, u64);

async fn record(
    serving: &Serving,
    version: &Version,
    asked: &Asked,
    came: Vec<Came>,
) -> Result<Vec<Result<Answered, Refusal>>, Refusal> {
    let at = serving.clock.now();
    // An answer that is not given does not count: what has no room is refused together.
    let spoils = |refusal: &&Refusal| {
        asked.whole || matches!(refusal.reason, Reason::QueueFull | Reason::Stopping)
    };
    let spoilt = came.iter().filter_map(|one| one.2.as_ref().err()).find(spoils).cloned();
    let (mut good, mut bad, mut results) = (Vec::new(), Vec::new(), Vec::new());
    for (position, (sha256, bytes, done, ticks)) in (0_u32..).zip(came) {
        let latency_us = ticks.saturating_sub(asked.received);
        let (cached, outcome) = match &done {
            Ok((_, cached)) => (*cached, Outcome::Answered),
            Err(refusal) => (false, Outcome::Refused(refusal.reason.code())),
        };
        let entry = Entry {
            customer: asked.customer.clone(),
            request: asked.request.clone(),
            position,
            sha256,
            bytes,
            at,
            class: asked.class,
            latency_us,
            model: version.model.clone(),
            version: version.version.clone(),
            package: version.digest.to_string(),
            cached,
            outcome,
        };
        if spoilt.is_some() && outcome == Outcome::Answered {
            continue;
        }
        serving.figures.image(&entry);
        if outcome == Outcome::Answered { &mut good } else { &mut bad }.push(entry);
        results.push(done.map(|(answer, cached)| Answered {
            answer,
            cached,
            latency_us,
            billed: true,
        }));
    }
    if !bad.is_empty() {
        // Nobody waits for it: it is no line of the bill.
        serving.ledger.record(bad, |_| ());
    }
    if let Some(refusal) = spoilt {
        return Err(refusal);
    }
    if good.is_empty() {
        return Ok(results);
    }
    let (tell, told) = oneshot::channel();
    serving.ledger.record(good, |counted| {
        let _gone = tell.send(counted);
    });
    let counted = told.await.map_err(|_| Refusal::new(Reason::Fault))??;
    let answered = results.iter_mut().filter_map(|result| result.as_mut().ok());
    for (answered, counted) in answered.zip(counted) {
        answered.billed = counted == Counted::New;
    }
    Ok(results)
}
