//! The parts of a delivered classifier as a CycloneDX bill of materials (1.6): the model with its
//! card and its measures, the backbone and the dataset with their licences and digests.
//! Clauses: train-2.2.4, train-6.1.

use serde_json::{Value, json};

use crate::evaluate::Evaluation;
use crate::package::{Manifest, Source};

/// The bill. It has no serial number and no time, so that the same package gives the same bill.
pub(crate) fn bom(manifest: &Manifest, model: &str, evaluation: &Evaluation) -> Value {
    let mut card = model_card(manifest, evaluation);
    if !manifest.consents.is_empty() {
        let consents: Vec<Value> = manifest
            .consents
            .iter()
            .map(|consent| json!({ "name": "personal data", "mitigationStrategy": consent }))
            .collect();
        if let Some(considerations) = card.get_mut("considerations") {
            considerations["ethicalConsiderations"] = Value::Array(consents);
        }
    }
    let mut dataset = component("data", "dataset", &manifest.dataset);
    dataset["data"] = json!([{
        "type": "dataset",
        "name": manifest.dataset.name,
        "description": format!("{} images", manifest.images),
    }]);
    if !manifest.origin.is_empty() {
        dataset["description"] = manifest.origin.clone().into();
    }
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "tools": { "components": [{
                "type": "application", "name": "tally", "version": env!("CARGO_PKG_VERSION"),
            }] },
            "component": {
                "type": "machine-learning-model",
                "bom-ref": "model",
                "name": manifest.dataset.name,
                "hashes": [{ "alg": "SHA-256", "content": model }],
                "modelCard": card,
            },
        },
        "components": [component("machine-learning-model", "backbone", &manifest.backbone), dataset],
        "dependencies": [{ "ref": "model", "dependsOn": ["backbone", "dataset"] }],
    })
}

fn component(kind: &str, reference: &str, source: &Source) -> Value {
    let mut found = json!({
        "type": kind,
        "bom-ref": reference,
        "name": if source.name.is_empty() { reference } else { source.name.as_str() },
        "hashes": [{ "alg": "SHA-256", "content": source.digest }],
    });
    if !source.licence.is_empty() {
        // As an expression: a licence of one's own is no identifier of SPDX.
        found["licenses"] = json!([{ "license": { "name": source.licence } }]);
    }
    found
}

fn model_card(manifest: &Manifest, evaluation: &Evaluation) -> Value {
    json!({
        "modelParameters": {
            "approach": { "type": "supervised" },
            "task": "image-classification",
            "architectureFamily": "convolutional neural network",
            "modelArchitecture": format!("{} with a trained head", manifest.backbone.name),
            "datasets": [{ "ref": "dataset" }],
            "inputs": [{ "format": "image" }],
            "outputs": [{ "format": format!("{} probabilities", manifest.classes.len()) }],
        },
        "quantitativeAnalysis": { "performanceMetrics": metrics(evaluation) },
        "considerations": {
            "useCases": ["whole images of the classes that it was trained on"],
            "technicalLimitations": [
                "it gives one of its classes to every image, also to one that shows something else",
                "images of another source, light or camera may be classified less well",
            ],
        },
    })
}

fn metrics(evaluation: &Evaluation) -> Vec<Value> {
    let share = |millionths: u64| f64::from(u32::try_from(millionths).unwrap_or(1_000_000)) / 1e6;
    let wilson = |bounds: (u64, u64)| (share(bounds.0), share(bounds.1));
    let (figures, all) = (&evaluation.figures, evaluation.intervals.as_ref());
    let accuracy = evaluation.accuracy_interval.map(wilson);
    let mut found = vec![
        metric("accuracy", figures.accuracy, None, accuracy),
        metric("macro precision", figures.macro_precision, None, all.map(|a| a.macro_precision)),
        metric("macro recall", figures.macro_recall, None, all.map(|a| a.macro_recall)),
        metric("macro F1", figures.macro_f1, None, all.map(|a| a.macro_f1)),
        metric("expected calibration error", evaluation.calibration_error, None, None),
    ];
    for class in &evaluation.classes {
        let slice = format!("class: {}", class.class);
        let recall = class.recall_interval.map(wilson);
        found.push(metric("recall", class.recall, Some(&slice), recall));
    }
    for part in &evaluation.slices {
        let slice = format!("{}: {}", part.by, part.value);
        let interval = part.accuracy_interval.map(wilson);
        found.push(metric("accuracy", part.figures.accuracy, Some(&slice), interval));
    }
    found
}

fn metric(kind: &str, value: f64, slice: Option<&str>, interval: Option<(f64, f64)>) -> Value {
    let text = |value: f64| format!("{value:.6}");
    let mut found = json!({ "type": kind, "value": text(value) });
    if let Some(slice) = slice {
        found["slice"] = slice.into();
    }
    if let Some((lower, upper)) = interval {
        found["confidenceInterval"] =
            json!({ "lowerBound": text(lower), "upperBound": text(upper) });
    }
    found
}
