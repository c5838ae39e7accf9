//! `POST /v1/classify` and `POST /v1/classify/batch`.

use axum::Json;
use axum::extract::{Query, Request, State};
use axum::response::{IntoResponse, Response};
use classification::{Class, Version};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Serving;
use super::answer::{self, Answered, Asked};
use super::reading::{self, Upload};
use super::refusal::{Reason, Refusal};
use crate::problem::ProblemBody;

/// Classes that are named where nobody says how many.
const TOP: usize = 5;

/// How an image is asked about.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ClassifyQuery {
    /// The model; otherwise the one that the service was started with.
    model: Option<String>,
    /// The version; otherwise the active one, or a canary.
    version: Option<String>,
    /// How many classes are named, the surest first; 5 where nothing is said.
    top: Option<usize>,
    /// Classes below this probability are left out.
    threshold: Option<f32>,
    /// Whether the embedding is given too.
    embedding: bool,
    /// Whether it goes before the others, for a higher price.
    urgent: bool,
    /// Milliseconds that the image may wait for its turn.
    deadline_ms: Option<u64>,
}

/// A class and how sure it is.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Named {
    /// The class.
    class: String,
    /// From 0 to 1.
    probability: f32,
}

/// What an image shows.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ImageAnswer {
    /// Its place in the request, from 0.
    position: usize,
    /// The name of its file, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// The classes, the surest first.
    classes: Vec<Named>,
    /// What the head read, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    embedding: Option<Vec<f32>>,
    /// Whether the answer was kept from before; it stands on the bill.
    cached: bool,
    /// Whether it makes a line of the bill: not where the same request was answered before.
    billed: bool,
    /// Microseconds from the whole image at hand to the answer at hand.
    latency_us: u64,
}

/// The answer to one image.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ClassifyAnswer {
    /// The request's id.
    request: String,
    /// The model.
    model: String,
    /// The version that answered.
    version: String,
    /// What the image shows.
    #[serde(flatten)]
    image: ImageAnswer,
}

/// An image of several: answered, or why not.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum BatchItem {
    /// What it shows.
    Answered(ImageAnswer),
    /// Why it is not answered.
    Refused {
        /// Its place in the request, from 0.
        position: usize,
        /// The name of its file, where it has one.
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// Why.
        problem: ProblemBody,
    },
}

/// The answers to several images.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct BatchAnswer {
    /// The request's id.
    request: String,
    /// The model.
    model: String,
    /// The version that answered.
    version: String,
    /// One for each image, in the order in which they came.
    answers: Vec<BatchItem>,
}

impl ClassifyQuery {
    fn read(query: Result<Query<Self>, impl Sized>) -> Result<Self, Refusal> {
        let Query(query) = query.map_err(|_| Refusal::new(Reason::BadRequest))?;
        let threshold = query.threshold.unwrap_or(0.0);
        let good = (0.0..=1.0).contains(&threshold) && query.top != Some(0);
        if good { Ok(query) } else { Err(Refusal::new(Reason::BadRequest)) }
    }

    fn apply(&self, asked: &mut Asked) {
        if self.urgent {
            asked.class = Class::Urgent;
        }
        if let Some(ms) = self.deadline_ms {
            asked.deadline_us = Some(ms.saturating_mul(1_000));
        }
    }

    fn answer(
        &self,
        version: &Version,
        position: usize,
        name: Option<String>,
        answered: Answered,
    ) -> ImageAnswer {
        let Answered { answer, cached, latency_us, billed } = answered;
        let threshold = self.threshold.unwrap_or(0.0);
        let ranked = version.ranked(&answer).into_iter().filter(|(_, value)| *value >= threshold);
        let classes = ranked
            .take(self.top.unwrap_or(TOP))
            .map(|(class, probability)| Named { class: class.to_owned(), probability })
            .collect();
        let embedding = self.embedding.then_some(answer.embedding);
        ImageAnswer { position, name, classes, embedding, cached, billed, latency_us }
    }
}

type Given = Result<Query<ClassifyQuery>, axum::extract::rejection::QueryRejection>;

/// One image: the body, or the one file of a form.
pub(super) async fn one(
    State(serving): State<Serving>,
    query: Given,
    request: Request,
) -> Result<Response, Refusal> {
    let query = ClassifyQuery::read(query)?;
    let extensions = request.extensions().clone();
    let mut uploads = reading::images(request, &serving, 1).await?;
    let mut asked = Asked::of(&extensions, &serving)?;
    query.apply(&mut asked);
    let upload = uploads.pop().ok_or_else(|| Refusal::new(Reason::Empty))?;
    let models = serving.service.models();
    let chosen = models.choose(query.model.as_deref(), query.version.as_deref(), &asked.request)?;
    let images = vec![(upload.bytes.clone(), upload.check())];
    let mut answers = answer::images(&serving, &chosen, &asked, images).await?;
    let answered = answers.pop().ok_or_else(|| Refusal::new(Reason::Fault))??;
    let version = &chosen.version;
    let answer = ClassifyAnswer {
        request: asked.request,
        model: version.model.clone(),
        version: version.version.clone(),
        image: query.answer(version, 0, upload.name, answered),
    };
    Ok(Json(answer).into_response())
}

/// Several images: the files of a form.
pub(super) async fn several(
    State(serving): State<Serving>,
    query: Given,
    request: Request,
) -> Result<Response, Refusal> {
    let query = ClassifyQuery::read(query)?;
    let extensions = request.extensions().clone();
    let uploads = reading::images(request, &serving, serving.config.images).await?;
    let mut asked = Asked::of(&extensions, &serving)?;
    query.apply(&mut asked);
    let models = serving.service.models();
    let chosen = models.choose(query.model.as_deref(), query.version.as_deref(), &asked.request)?;
    let answers = batch(&serving, &query, &chosen, &asked, uploads).await?;
    let version = &chosen.version;
    let (model, version) = (version.model.clone(), version.version.clone());
    Ok(Json(BatchAnswer { request: asked.request, model, version, answers }).into_response())
}

/// Answers several images, each at its place; one that is refused leaves the others.
pub(super) async fn batch(
    serving: &Serving,
    query: &ClassifyQuery,
    chosen: &classification::Chosen,
    asked: &Asked,
    uploads: Vec<Upload>,
) -> Result<Vec<BatchItem>, Refusal> {
    let images = uploads.iter().map(|upload| (upload.bytes.clone(), upload.check()));
    let answers = answer::images(serving, chosen, asked, images.collect()).await?;
    let mut items = Vec::new();
    for (position, (upload, answered)) in uploads.into_iter().zip(answers).enumerate() {
        let name = upload.name;
        items.push(match answered {
            Ok(answered) => {
                BatchItem::Answered(query.answer(&chosen.version, position, name, answered))
            }
            Err(refusal) => {
                let problem = refusal.body(asked.lang, &asked.request);
                BatchItem::Refused { position, name, problem }
            }
        });
    }
    Ok(items)
}
