//! What parties and machines put on record: facts, steps of the parties, signatures. The contract
//! decides; here is decided which role a step needs.

use contract::event::Fact;
use contract::{Action, Command};
use journal::{Algorithm, VerifierKey};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use units::Id;

use crate::auth::{At, Gate, Operation};
use crate::extract::{Json, Query};
use crate::problem::{Code, Problem};
use crate::route::Route;
use crate::views::{BothWords, EntryView, RecordedView, Text, base64, from_base64};

/// Facts to record.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FactsBody {
    /// The facts, in their order; all or none are recorded.
    #[schemars(length(min = 1, max = 1_000))]
    facts: Vec<Fact>,
    /// Whether to decide everything and record nothing.
    #[serde(default)]
    preview: bool,
}

/// What was recorded, or what would be.
#[derive(Debug, Serialize, JsonSchema)]
struct FactsView {
    /// What was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    recorded: Option<Vec<EntryView>>,
    /// What would be recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    would: Option<Vec<EntryView>>,
}

/// A step of a party.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ActionBody {
    #[schemars(schema_with = "steps")]
    action: Action,
    /// Whether to decide everything and record nothing.
    #[serde(default)]
    preview: bool,
}

/// What is to be signed, by whom, with which key.
#[derive(Debug, Deserialize, JsonSchema)]
struct SigningQuery {
    /// The document; the terms where absent.
    document: Option<Id>,
    /// The person who signs.
    signatory: Text<1, 200>,
    /// The name of the key.
    key_name: Text<1, 200>,
    #[serde(default)]
    algorithm: Scheme,
    /// The public half of the key in Base64: 32 bytes of Ed25519, or a point of a curve, 65
    /// bytes (`04 || x || y`).
    public_key: Text<43, 88>,
}

/// How a key signs.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
enum Scheme {
    /// RFC 8032.
    #[default]
    #[serde(rename = "ed25519")]
    Ed25519,
    /// On P-256, as browsers sign with WebCrypto.
    #[serde(rename = "ecdsa-p256-sha256")]
    EcdsaP256,
    /// On the SM2 curve with SM3.
    #[serde(rename = "sm2-sm3")]
    Sm2,
}

/// The exact bytes to sign.
#[derive(Debug, Serialize, JsonSchema)]
struct SigningView {
    /// The bytes in Base64.
    payload: String,
    /// What they are.
    payload_type: String,
    /// SHA-256 of the terms or the document.
    terms_sha256: String,
    /// SHA-256 of the manifest, where the papers of a version are what is signed.
    manifest_sha256: Option<String>,
    /// For which party.
    side: contract::terms::Side,
}

/// A signature made elsewhere, with a private key that never comes here.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SignatureBody {
    /// The document; the terms where absent.
    document: Option<Id>,
    /// The person who signed.
    signatory: Text<1, 200>,
    /// The name of the key.
    key_name: Text<1, 200>,
    #[serde(default)]
    algorithm: Scheme,
    /// The public half of the key in Base64: 32 bytes of Ed25519, or a point of a curve, 65
    /// bytes (`04 || x || y`).
    public_key: Text<43, 88>,
    /// The signature in Base64: 64 bytes, or the DER of a curve's.
    signature: Text<86, 100>,
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::post("/agreements/{id}/facts", "record_facts", facts)
            .about("Records facts as evidence, or shows what would be recorded")
            .gate(Gate::At(Operation::ReadPosition))
            .takes::<FactsBody>()
            .makes::<FactsView>(),
        Route::post("/agreements/{id}/actions", "act", act)
            .about("A step of a party: claims, disputes, notices, decisions on deliveries")
            .gate(Gate::At(Operation::ReadPosition))
            .takes::<ActionBody>()
            .makes::<FactsView>(),
        Route::get("/agreements/{id}/signing", "get_signing", signing)
            .about("The exact bytes that a party signs with its own key")
            .gate(Gate::At(Operation::ReadDocuments))
            .query::<SigningQuery>()
            .gives::<SigningView>(),
        Route::post("/agreements/{id}/signatures", "sign", sign)
            .about("Records a party's signature on the terms or on a proposed document")
            .gate(Gate::At(Operation::Sign))
            .takes::<SignatureBody>()
            .makes::<RecordedView>(),
    ]
}

async fn facts(at: At, Json(body): Json<FactsBody>) -> Result<Json<FactsView>, Problem> {
    if !(1..=1_000).contains(&body.facts.len()) {
        return Err(Problem::invalid("facts"));
    }
    let mut needed: Vec<Operation> = body.facts.iter().map(operation_of_fact).collect();
    needed.sort_unstable();
    needed.dedup();
    for operation in needed {
        at.also(operation).await?;
    }
    let actor = at.actor();
    let commands = body
        .facts
        .into_iter()
        .map(|fact| Command::new(actor.clone(), Action::Record { fact, source: None }));
    carry_out(&at, &commands.collect::<Vec<_>>(), body.preview).await
}

/// Which right a fact needs.
const fn operation_of_fact(fact: &Fact) -> Operation {
    match fact {
        Fact::DeliverySubmitted { .. } => Operation::Deliver,
        Fact::SampleDrawn { .. }
        | Fact::Inspected { .. }
        | Fact::SeedCommitted { .. }
        | Fact::SeedRevealed { .. } => Operation::Inspect,
        _ => Operation::Record,
    }
}

async fn act(at: At, Json(body): Json<ActionBody>) -> Result<Json<FactsView>, Problem> {
    let step = step_of(&body.action);
    let operation = step.as_deref().and_then(operation_of);
    let operation = operation.ok_or_else(|| Problem::invalid("action"))?;
    at.also(operation).await?;
    let decides = matches!(body.action, Action::Accept { .. } | Action::Reject { .. });
    let command = Command::new(at.actor(), body.action);
    let done = carry_out(&at, &[command], body.preview).await?;
    if decides && !body.preview {
        // The decision stands. What it means for a project is done now, else when asked again.
        if let Err(error) = at.people().settle_projects(&at.entry).await {
            tracing::warn!(%error, "a decision was not carried out on the projects");
        }
    }
    Ok(done)
}

/// The steps that have no route of their own, and the right that each needs. What is not here is
/// refused.
const STEPS: [(&str, Operation); 23] = [
    ("stamp_signature", Operation::Sign),
    ("accept", Operation::Decide),
    ("reject", Operation::Decide),
    ("approve_statement", Operation::Approve),
    ("waive", Operation::Notify),
    ("declare_force_majeure", Operation::Notify),
    ("prove_force_majeure", Operation::Notify),
    ("end_force_majeure", Operation::Notify),
    ("remind_breach", Operation::Notify),
    ("confirm_cure", Operation::Notify),
    ("give_notice", Operation::Notify),
    ("request_renewal", Operation::Notify),
    ("agree_renewal", Operation::Notify),
    ("propose_patent", Operation::Notify),
    ("answer_patent", Operation::Notify),
    ("raise_claim", Operation::Claim),
    ("answer_claim", Operation::Claim),
    ("assume_defence", Operation::Claim),
    ("settle_claim", Operation::Claim),
    ("open_dispute", Operation::Dispute),
    ("settle_dispute", Operation::Dispute),
    ("file_dispute", Operation::Dispute),
    ("record_decision", Operation::Dispute),
];

/// Which right a step needs; `None` for those that have a route of their own.
fn operation_of(step: &str) -> Option<Operation> {
    STEPS.iter().find(|(name, _)| *name == step).map(|(_, operation)| *operation)
}

/// The code of a step.
fn step_of(action: &Action) -> Option<String> {
    let value = serde_json::to_value(action).ok()?;
    value.get("do")?.as_str().map(str::to_owned)
}

/// The code of a step in its schema.
fn step_in(schema: &Value) -> Option<&str> {
    schema["properties"]["do"]["const"].as_str()
}

/// The schema of the steps that have no route of their own.
fn steps(generator: &mut SchemaGenerator) -> Schema {
    let mut schema = Action::json_schema(generator);
    if let Some(Value::Array(all)) = schema.get_mut("oneOf") {
        all.retain(|step| step_in(step).and_then(operation_of).is_some());
    }
    schema
}

async fn carry_out(
    at: &At,
    commands: &[Command],
    preview: bool,
) -> Result<Json<FactsView>, Problem> {
    let view = |recorded: &[contract::event::Recorded], words: &BothWords| {
        recorded.iter().map(|entry| EntryView::new(entry, None, words)).collect::<Vec<_>>()
    };
    if preview {
        let book = at.book().await?;
        let would = at.desk.would(&book, commands)?;
        let words = at.words(&book);
        return Ok(Json(FactsView { recorded: None, would: Some(view(&would, &words)) }));
    }
    let mut book = at.book_mut().await?;
    let recorded = at.desk.execute_all(&mut book, commands).await?;
    let words = at.words(&book);
    Ok(Json(FactsView { recorded: Some(view(&recorded, &words)), would: None }))
}

fn public_key(scheme: Scheme, name: &str, key: &str) -> Result<VerifierKey, Problem> {
    let bytes = from_base64(key)?;
    VerifierKey::of(name, scheme.algorithm(), &bytes).map_err(|_| Problem::new(Code::Signature))
}

impl Scheme {
    const fn algorithm(self) -> Algorithm {
        match self {
            Self::Ed25519 => Algorithm::Ed25519,
            Self::EcdsaP256 => Algorithm::EcdsaP256,
            Self::Sm2 => Algorithm::Sm2,
        }
    }
}

async fn signing(at: At, Query(query): Query<SigningQuery>) -> Result<Json<SigningView>, Problem> {
    let key = public_key(query.algorithm, &query.key_name.0, &query.public_key.0)?;
    let (side, document) = (at.side(), query.document.as_ref());
    let payload = at.desk.signing_payload(&at.id, document, side, &query.signatory.0, &key).await?;
    Ok(Json(SigningView {
        payload: base64(&payload.payload),
        payload_type: payload.payload_type.to_owned(),
        terms_sha256: payload.terms_sha256,
        manifest_sha256: payload.manifest_sha256,
        side: payload.side,
    }))
}

async fn sign(at: At, Json(body): Json<SignatureBody>) -> Result<Json<RecordedView>, Problem> {
    let key = public_key(body.algorithm, &body.key_name.0, &body.public_key.0)?;
    let signature = from_base64(&body.signature.0)?;
    let signature = signing::keys::raw_signature(body.algorithm.algorithm(), &signature)
        .ok_or(Problem::new(Code::Signature))?;
    let (side, document) = (at.side(), body.document.as_ref());
    let recorded =
        at.desk.sign_with(&at.id, document, side, &body.signatory.0, &key, &signature).await?;
    at.recorded(&recorded).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_of_the_table_is_one_that_the_contract_knows() {
        let schema = SchemaGenerator::default().into_root_schema_for::<Action>();
        let known = schema.as_value()["oneOf"].as_array().expect("the variants of a step");
        let known: Vec<&str> = known.iter().filter_map(step_in).collect();
        for (step, _) in STEPS {
            assert!(known.contains(&step), "{step}");
        }
        let own_routes = known.iter().filter(|step| operation_of(step).is_none()).count();
        assert_eq!(own_routes + STEPS.len(), known.len());
    }

    #[test]
    fn a_step_is_found_by_the_code_that_its_json_carries() {
        assert_eq!(step_of(&Action::AgreeRenewal).as_deref(), Some("agree_renewal"));
        assert_eq!(step_of(&Action::Tick).as_deref().and_then(operation_of), None);
    }
}
