//! `tally package document`: the technical documentation of a delivered classifier, as a Word file,
//! a PDF or a page of HTML. Clause: train-2.2.4.

use std::path::PathBuf;

use clap::Args;
use document::model::{
    BinFact, ClassFact, Fit, LayerFact, Measured, Measures, ModelFacts, Origin, PackedFile,
    PartFact, Training, ViewFact, WholeFact, paper,
};
use serde_json::json;
use training::{
    ClassFigures, Evaluation, Hidden, Interval, Manifest, PackageError, Quantised, Settings, Slice,
    Source, View, read_package,
};
use units::{Date, Lang, Zone};
use vision::Filter;

use super::{ModelFailure, words};
use crate::commands::statistics::write;
use crate::context::Context;
use crate::failure::Failure;

/// Arguments of `package document`.
#[derive(Debug, Args)]
pub(crate) struct Document {
    /// The package
    #[arg(value_name = "PACKAGE")]
    package: PathBuf,
    /// File for the document: .docx, .pdf, .html or .json
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Writes the documentation in the language that is spoken.
pub(crate) fn run(args: &Document, context: &mut Context) -> Result<(), Failure> {
    let (manifest, model, evaluation) =
        read_package(&args.package).map_err(ModelFailure::package)?;
    let graph =
        onnx::read(&model).map_err(|fault| ModelFailure::package(PackageError::Graph(fault)))?;
    let day = context.clock().date(&Zone::shanghai());
    let facts = facts(&manifest, &evaluation, &graph, day, context.words.lang);
    let plain = json!({
        "manifest": manifest, "evaluation": evaluation, "layers": onnx::layers(&graph),
    });
    write(&paper(&facts, context.words.lang), &plain, &args.out, context)?;
    if context.out.is_json() {
        return context.out.json(&json!({ "written": args.out }));
    }
    Ok(())
}

/// What the document says, in plain facts.
fn facts(
    manifest: &Manifest,
    evaluation: &Evaluation,
    graph: &onnx::Graph,
    day: Date,
    lang: Lang,
) -> ModelFacts {
    let layer = |row: onnx::Row| LayerFact {
        name: row.name,
        operator: row.operator,
        shape: row.shape,
        parameters: row.parameters,
        operations: row.operations,
    };
    let file = |(name, entry): (&String, &training::FileEntry)| PackedFile {
        name: name.clone(),
        bytes: entry.bytes,
        sha256: entry.sha256.clone(),
    };
    ModelFacts {
        name: manifest.dataset.name.clone(),
        day,
        classes: manifest.classes.clone(),
        backbone: origin(&manifest.backbone),
        dataset: origin(&manifest.dataset),
        origin: manifest.origin.clone(),
        consents: manifest.consents.clone(),
        images: manifest.images,
        views: manifest.views.iter().map(view).collect(),
        preprocessing: manifest.preprocessing.clone(),
        training: training(&manifest.settings),
        parameters: manifest.parameters,
        operations: manifest.operations,
        layers: onnx::layers(graph).into_iter().map(layer).collect(),
        measures: measures(evaluation, lang),
        whole: manifest.quantised.as_ref().map(whole),
        files: manifest.files.iter().map(file).collect(),
        command: command(manifest),
    }
}

fn origin(source: &Source) -> Origin {
    Origin {
        name: source.name.clone(),
        digest: source.digest.clone(),
        licence: source.licence.clone(),
    }
}

const fn fit(view: &View) -> Fit {
    match view.recipe.fit {
        vision::Fit::Stretch => Fit::Stretch,
        vision::Fit::Centre { .. } => Fit::Middle,
        vision::Fit::Pad => Fit::Pad,
    }
}

fn view(view: &View) -> ViewFact {
    ViewFact {
        side: view.recipe.side,
        fit: fit(view),
        cubic: view.recipe.filter == Filter::Bicubic,
        mean: view.recipe.mean,
        scale: view.recipe.scale,
        mirrored: view.mirrored,
    }
}

fn training(settings: &Settings) -> Training {
    Training {
        hidden: match settings.hidden {
            Hidden::None => 0,
            Hidden::Of(width) => width as u64,
        },
        epochs: settings.epochs as u64,
        batch: settings.batch as u64,
        rate: settings.rate.to_string(),
        decay: settings.decay.to_string(),
        smoothing: settings.smoothing.to_string(),
        dropout: settings.dropout.to_string(),
        balance: settings.balance,
        seed: settings.seed,
    }
}

/// A share from 0 to 1 in millionths.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to a million")]
fn millionths(share: f64) -> u64 {
    (share.clamp(0.0, 1.0) * 1e6).round() as u64
}

fn drawn(value: f64, interval: Option<Interval>) -> Measured {
    let interval = interval.map(|(from, to)| (millionths(from), millionths(to)));
    Measured { value: millionths(value), interval }
}

const fn counted(value: u64, interval: Option<(u64, u64)>) -> Measured {
    Measured { value, interval }
}

fn class(class: &ClassFigures) -> ClassFact {
    ClassFact {
        class: class.class.clone(),
        support: class.support,
        precision: counted(millionths(class.precision), class.precision_interval),
        recall: counted(millionths(class.recall), class.recall_interval),
        f1: drawn(class.f1, class.f1_interval),
    }
}

fn measures(evaluation: &Evaluation, lang: Lang) -> Measures {
    let (figures, intervals) = (&evaluation.figures, evaluation.intervals.as_ref());
    let part = |slice: &Slice| {
        let (by, value) = words::slice(&slice.by, &slice.value, lang);
        PartFact {
            name: format!("{by}: {value}"),
            images: slice.images,
            accuracy: counted(millionths(slice.figures.accuracy), slice.accuracy_interval),
            macro_f1: millionths(slice.figures.macro_f1),
        }
    };
    let bin = |bin: &training::Bin| BinFact {
        above: bin.above,
        images: bin.images,
        hits: bin.hits,
        certainty: millionths(bin.certainty),
    };
    let cells = evaluation.confusion.iter();
    let cells = cells.map(|cell| (cell.truth.clone(), cell.given.clone(), cell.count));
    Measures {
        images: evaluation.images,
        hits: evaluation.hits,
        accuracy: counted(millionths(figures.accuracy), evaluation.accuracy_interval),
        macro_precision: drawn(figures.macro_precision, intervals.map(|all| all.macro_precision)),
        macro_recall: drawn(figures.macro_recall, intervals.map(|all| all.macro_recall)),
        macro_f1: drawn(figures.macro_f1, intervals.map(|all| all.macro_f1)),
        weighted_f1: drawn(figures.weighted_f1, intervals.map(|all| all.weighted_f1)),
        macro_auroc: evaluation.macro_auroc.map(millionths),
        first_five: evaluation.among_first(5),
        calibration_error: millionths(evaluation.calibration_error),
        classes: evaluation.classes.iter().map(class).collect(),
        reliability: evaluation.reliability.iter().map(bin).collect(),
        confusion: cells.collect(),
        parts: evaluation.slices.iter().map(part).collect(),
    }
}

const fn whole(quantised: &Quantised) -> WholeFact {
    WholeFact {
        calibrated: quantised.calibrated,
        judged: quantised.judged,
        hits_before: quantised.hits_before,
        hits_after: quantised.hits_after,
        equal: quantised.equal,
        bytes_before: quantised.bytes_before,
        bytes_after: quantised.bytes_after,
    }
}

/// The command that makes the package again.
fn command(manifest: &Manifest) -> String {
    let name = |view: &View| {
        let fit = match fit(view) {
            Fit::Stretch => "stretch",
            Fit::Middle => "centre",
            Fit::Pad => "pad",
        };
        if view.mirrored { format!("{fit}-mirrored") } else { fit.to_owned() }
    };
    let views: Vec<String> = manifest.views.iter().map(name).collect();
    let side = manifest.views.first().map_or(0, |view| view.recipe.side);
    let settings = training(&manifest.settings);
    let balance = if settings.balance { " --balance" } else { "" };
    format!(
        "tally train {} --backbone {} --side {side} --views {} --hidden {} --epochs {} --seed \
         {}{balance} --out model",
        manifest.dataset.name,
        manifest.backbone.name,
        views.join(","),
        settings.hidden,
        settings.epochs,
        settings.seed,
    )
}
