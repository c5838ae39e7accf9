//! `tally package quantize`: the same classifier in whole numbers of eight bits, with what was lost
//! measured on images that it was not calibrated by. Clauses: train-4.2, train-4.3.

use std::path::PathBuf;

use clap::Args;
use desk::world::Stopwatch;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use training::{
    Classifier, Dataset, Golden, ImageFile, Limits, Made, Manifest, Matrix, Observer, PackageError,
    Part, Quantised, WHOLE_TOLERANCE, evaluate, largest, read_folder, read_head, read_package,
    vacant, write_package,
};
use units::Lang;

use super::evaluate::{judged, truths};
use super::{ModelFailure, Runtime, bar, embed_failed};
use crate::context::Context;
use crate::failure::Failure;

/// Arguments of `package quantize`.
#[derive(Debug, Args)]
pub(crate) struct Quantize {
    /// The package
    #[arg(value_name = "PACKAGE")]
    package: PathBuf,
    /// Images to calibrate by: a folder like those for training
    #[arg(long, value_name = "DIR")]
    calibration: PathBuf,
    /// Images to measure on, which it did not learn from: CLASS/IMAGE, or with a folder test/
    #[arg(long, value_name = "DIR")]
    judge: PathBuf,
    /// How many images to calibrate by
    #[arg(long, value_name = "COUNT", default_value = "128")]
    images: usize,
    /// The folder of the new package
    #[arg(long, value_name = "PACKAGE")]
    out: PathBuf,
    #[command(flatten)]
    runtime: Runtime,
}

/// How one of the two networks answered.
struct Answers {
    given: Matrix,
    micros: u64,
}

/// Writes the package in whole numbers.
pub(crate) fn run(args: &Quantize, context: &mut Context) -> Result<(), Failure> {
    vacant(&args.out).map_err(ModelFailure::package)?;
    let (manifest, model, _) = read_package(&args.package).map_err(ModelFailure::package)?;
    let head = read_head(&args.package, &manifest).map_err(ModelFailure::package)?;
    let graph =
        onnx::read(&model).map_err(|fault| ModelFailure::package(PackageError::Graph(fault)))?;
    let calibration = folder(&args.calibration)?;
    let learned = spread(&calibration, args.images);
    let whole = calibrated(args, &graph, &manifest, (&calibration, &learned), context)?;
    let dataset = folder(&args.judge)?;
    let truths = truths(&dataset, &manifest.classes, &args.judge)?;
    let judged = judged(&dataset);
    let file = whole.write();
    let mut before = opened(&model, &manifest, args, context)?;
    let mut after = opened(&file, &manifest, args, context)?;
    let (mut truth, mut names) = (Vec::new(), Vec::new());
    let width = manifest.classes.len();
    let empty = || Answers { given: Matrix { width, values: Vec::new() }, micros: 0 };
    let (mut one, mut other) = (empty(), empty());
    let progress = bar(context, judged.len(), "对比", "comparing");
    for image in judged {
        progress.inc(1);
        let Ok(bytes) = dataset.bytes(image) else { continue };
        let (Some(a), Some(b)) = (answer(&mut before, &bytes), answer(&mut after, &bytes)) else {
            continue;
        };
        for (answers, (given, micros)) in [(&mut one, a), (&mut other, b)] {
            answers.given.values.extend(given);
            answers.micros += micros;
        }
        truth.extend(truths.get(&image.class));
        names.push(image.name.clone());
    }
    progress.finish_and_clear();
    let was = evaluate(&one.given, &truth, &names, &manifest.classes);
    let evaluation = evaluate(&other.given, &truth, &names, &manifest.classes);
    let count = truth.len() as u64;
    let quantised = Quantised {
        from: hex::encode(Sha256::digest(&model)),
        calibrated: learned.len() as u64,
        judged: count,
        hits_before: was.hits,
        hits_after: evaluation.hits,
        equal: equal(&one.given, &other.given),
        largest_difference: apart(&one.given, &other.given),
        bytes_before: model.len() as u64,
        bytes_after: file.len() as u64,
        engine: after.engine().name().to_owned(),
        micros_before: one.micros / count.max(1),
        micros_after: other.micros / count.max(1),
    };
    let golden = Golden::of(&mut after, WHOLE_TOLERANCE)
        .map_err(|error| ModelFailure::package(PackageError::Golden(error)))?;
    let made = Made {
        graph: &whole,
        head: &head,
        classes: &manifest.classes,
        views: &manifest.views,
        backbone: manifest.backbone.clone(),
        dataset: manifest.dataset.clone(),
        origin: manifest.origin.clone(),
        consents: manifest.consents.clone(),
        images: manifest.images,
        settings: &manifest.settings,
        evaluation: &evaluation,
        golden: &golden,
        quantised: Some(quantised.clone()),
    };
    let manifest = write_package(&args.out, &made).map_err(ModelFailure::package)?;
    if context.out.is_json() {
        return context.out.json(&json!({
            "package": args.out, "manifest": manifest, "evaluation": evaluation,
        }));
    }
    super::evaluate::show(&evaluation, context)?;
    for line in loss(&quantised, context.words.lang) {
        context.out.line(line)?;
    }
    Ok(())
}

fn folder(path: &std::path::Path) -> Result<Dataset, Failure> {
    read_folder(path, Part::Test, &Part::ALL, &Limits::default())
        .map_err(|error| Failure::Model(Box::new(ModelFailure::Dataset(error))))
}

/// So many images, spread over all of them and so over the classes.
fn spread(dataset: &Dataset, count: usize) -> Vec<&ImageFile> {
    let all = dataset.images.len();
    let count = count.clamp(1, all.max(1));
    let taken = |at: usize| (at + 1) * count / all.max(1) > at * count / all.max(1);
    let images = dataset.images.iter().enumerate();
    images.filter(|(at, _)| taken(*at)).map(|(_, image)| image).collect()
}

/// The network in whole numbers, by what its values reach on images.
fn calibrated(
    args: &Quantize,
    graph: &onnx::Graph,
    manifest: &Manifest,
    (dataset, images): (&Dataset, &[&ImageFile]),
    context: &mut Context,
) -> Result<onnx::Graph, Failure> {
    let failed = |error| Failure::Model(Box::new(ModelFailure::Quantize(error)));
    let watched = onnx::watch(graph).map_err(failed)?;
    let engine = args.runtime.open(&watched.graph.write(), context)?;
    let mut observer =
        Observer::new(engine, watched.values, manifest.views.clone()).map_err(embed_failed)?;
    let progress = bar(context, images.len(), "校准", "calibrating");
    for image in images {
        progress.inc(1);
        let Ok(bytes) = dataset.bytes(image) else { continue };
        // What cannot be read is the business of `dataset check`.
        if let Ok(pixels) = media::read_pixels(&bytes, &media::Limits::default()) {
            observer.look(&pixels).map_err(embed_failed)?;
        }
    }
    progress.finish_and_clear();
    onnx::quantize(graph, &observer.ranges()).map_err(failed)
}

fn opened(
    file: &[u8],
    manifest: &Manifest,
    args: &Quantize,
    context: &mut Context,
) -> Result<Classifier, Failure> {
    let engine = args.runtime.open(file, context)?;
    Classifier::new(engine, manifest, media::Limits::default()).map_err(embed_failed)
}

/// The probabilities and the microseconds that they took.
fn answer(classifier: &mut Classifier, bytes: &[u8]) -> Option<(Vec<f32>, u64)> {
    let from = Stopwatch::start();
    let given = classifier.classify(bytes).ok()?;
    Some((given, u64::try_from(from.elapsed().as_micros()).unwrap_or(u64::MAX)))
}

fn equal(one: &Matrix, other: &Matrix) -> u64 {
    let same = |at: &usize| largest(one.row(*at)) == largest(other.row(*at));
    (0..one.rows()).filter(same).count() as u64
}

fn apart(one: &Matrix, other: &Matrix) -> f32 {
    let pairs = one.values.iter().zip(&other.values);
    pairs.fold(0.0, |most, (a, b)| most.max((a - b).abs()))
}

fn loss(found: &Quantised, lang: Lang) -> [String; 3] {
    let Quantised { judged, hits_before, hits_after, equal, calibrated, .. } = found;
    let megabytes = |bytes: u64| format!("{}.{:02}", bytes / 1_000_000, bytes % 1_000_000 / 10_000);
    let (bytes, fewer) = (megabytes(found.bytes_before), megabytes(found.bytes_after));
    let milliseconds = |micros: u64| format!("{}.{}", micros / 1_000, micros % 1_000 / 100);
    let (slow, fast) = (milliseconds(found.micros_before), milliseconds(found.micros_after));
    let engine = &found.engine;
    match lang {
        Lang::Zh => [
            format!(
                "以 {calibrated} 张图片校准；在 {judged} 张上正确 {hits_before} → {hits_after}"
            ),
            format!("两者类别相同 {equal}/{judged}；网络 {bytes} → {fewer} MB"),
            format!("每张图片 {slow} → {fast} 毫秒（{engine}，含解码）"),
        ],
        Lang::En => [
            format!(
                "calibrated by {calibrated} images; of {judged} others {hits_before} right \
                 before, {hits_after} after"
            ),
            format!("the same class from both {equal} of {judged}; network {bytes} → {fewer} MB"),
            format!("{slow} → {fast} ms for an image ({engine}, decoding included)"),
        ],
    }
}
