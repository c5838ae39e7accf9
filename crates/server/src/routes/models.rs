//! The deployment's language model beside a review: whether there is one, and what it proposes.
//! Nothing is sent before every agreement with a say permits it and the audit trail holds it.
//! Clauses: pb-01 to pb-08; pb-02 decides.

use std::collections::BTreeMap;

use desk::people::Outcome;
use review::proposal::Question;
use review::{Playbook, Proposal, Proposals, Review};
use schemars::JsonSchema;
use serde::Serialize;
use units::Id;
use wording::Wording;

use super::reviews::code;
use crate::auth::Signed;
use crate::extract::Json;
use crate::model::{Model, ModelError, WITHIN};
use crate::problem::{Code, Problem};
use crate::route::Route;
use crate::words::{DeskWords as _, Words};

/// The language model of the deployment.
#[derive(Debug, Serialize, JsonSchema)]
struct ModelView {
    /// Its name; absent where the deployment has none.
    name: Option<String>,
    /// Host and port to which documents are sent.
    host: Option<String>,
}

/// The language model that was asked.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct AskedModelView {
    /// The model.
    name: String,
    /// Where the document was sent.
    host: String,
    /// Why there is nothing; absent where the model answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<ModelProblemView>,
}

/// A passage that a language model holds to speak of a clause. Places are characters of `text`.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ProposalView {
    /// The clause of the playbook.
    clause: String,
    /// The words, verbatim from the document.
    quote: String,
    start: u64,
    end: u64,
    anchor: Option<String>,
    /// Why, in the model's words.
    reason: String,
    /// The model.
    model: String,
    /// Whether the rules found nothing on the clause: a person should look here.
    look_here: bool,
}

/// Why a model proposed nothing.
#[derive(Debug, Serialize, JsonSchema)]
struct ModelProblemView {
    code: String,
    /// A sentence in the reader's language.
    detail: String,
}

/// What a model said: proposed by it, decided by nobody.
pub(super) struct Said {
    pub(super) model: AskedModelView,
    pub(super) proposals: Vec<ProposalView>,
    pub(super) dropped: BTreeMap<String, u64>,
}

/// What a model is asked about.
pub(super) struct Asked<'a> {
    pub(super) agreement: Option<&'a Id>,
    pub(super) wording: &'a Wording,
    pub(super) playbook: &'a Playbook,
    pub(super) review: &'a Review,
    pub(super) sha256: &'a str,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/model", "get_model", model)
            .about("The language model that may propose beside a review, where there is one")
            .gives::<ModelView>(),
    ]
}

async fn model(signed: Signed) -> Json<ModelView> {
    let model = signed.app.services.model.as_ref();
    let name = model.map(|model| model.name().to_owned());
    Json(ModelView { name, host: model.map(Model::host) })
}

/// Asks the model, once every agreement with a say permits it. A model that fails leaves the
/// review as it is; a refusal is a refusal.
pub(super) async fn ask(
    signed: &Signed,
    asked: &Asked<'_>,
    words: &Words,
) -> Result<Said, Problem> {
    let Some(model) = signed.app.services.model.clone() else { return Err(Code::NoModel.into()) };
    let Asked { agreement, wording, playbook, review, sha256 } = *asked;
    let paper = desk::papers::Paper { text: &wording.text, sha256 };
    let permitted = signed.model_may_read(agreement, &paper).await?;
    let object = format!("{sha256} {}", model.host());
    let audit = async |id: Option<&Id>| {
        let (caller, action) = (&signed.caller, "ask_language_model");
        signed.people().audited(caller, action, id, Some(&object), Outcome::Allowed).await
    };
    for id in &permitted {
        audit(Some(id)).await?;
    }
    if permitted.is_empty() {
        audit(None).await?;
    }
    let question = Question { wording, playbook, review, model: model.name() };
    let said = model.propose(&question, words.lang, WITHIN).await;
    if let Err(error) = &said {
        tracing::warn!(code = error.code(), host = model.host(), "the language model failed");
    }
    Ok(Said::new(&model, said, words))
}

impl Said {
    fn new(model: &Model, said: Result<Proposals, ModelError>, words: &Words) -> Self {
        let (found, problem) = match said {
            Ok(found) => (found, None),
            Err(error) => {
                let (code, detail) = (error.code().to_owned(), words.model_error(&error));
                (Proposals::default(), Some(ModelProblemView { code, detail }))
            }
        };
        let dropped = found.dropped.iter().map(|(why, count)| (code(why), *count as u64));
        Self {
            dropped: dropped.collect(),
            proposals: found.proposals.into_iter().map(ProposalView::from).collect(),
            model: AskedModelView { name: model.name().to_owned(), host: model.host(), problem },
        }
    }
}

impl From<Proposal> for ProposalView {
    fn from(proposal: Proposal) -> Self {
        Self {
            clause: proposal.clause,
            quote: proposal.quote,
            start: proposal.start as u64,
            end: proposal.end as u64,
            anchor: proposal.anchor,
            reason: proposal.reason,
            model: proposal.model,
            look_here: proposal.look_here,
        }
    }
}
