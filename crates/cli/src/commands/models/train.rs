//! `tally train`: from a folder of images to a package, in one command. Clauses: train-4.1,
//! train-4.2.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use desk::rounds::TrainingStage;
use onnx::{Graph, Variant};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use training::{
    CheckReport, Classifier, Dataset, Embedder, Evaluation, Golden, Hidden, Limits, Made, Matrix,
    PackageError, Part, SearchReport, Settings, Source, TOLERANCE, Trained, View, average_views,
    check, doubtful, evaluate, fit, largest, probabilities, read_folder, search, write_package,
};
use units::Lang;
use vision::{Fit, Recipe};

use super::progress::Progress;
use super::{ModelFailure, Runtime, bar, embed_failed, percent, shelf};
use crate::context::Context;
use crate::failure::Failure;

/// Weight decays that are tried.
const DECAYS: [f32; 4] = [1.0, 3.0, 6.0, 12.0];
/// Images on which the package is held against the trainer.
const COMPARED: usize = 32;
/// How many doubtful labels are shown; `--json` has all.
const SHOWN: usize = 10;

/// Arguments of `train`.
#[derive(Debug, Args)]
pub(crate) struct Train {
    /// The folder: train/CLASS/IMAGE and, where there is one, validation/CLASS/IMAGE
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The folder of the package
    #[arg(long, value_name = "PACKAGE")]
    out: PathBuf,
    /// The pretrained backbone: efficientnet-lite0, -lite1, -lite2, or an ONNX file with an output
    /// named embedding
    #[arg(long, value_name = "NAME|FILE", default_value = "efficientnet-lite2")]
    backbone: String,
    /// Pixels across and down of what the backbone sees
    #[arg(long, value_name = "PIXELS")]
    side: Option<usize>,
    /// How an image is looked at; the answers of several views are averaged
    #[arg(
        long,
        value_name = "VIEW",
        value_delimiter = ',',
        default_value = "pad-mirrored,stretch"
    )]
    views: Vec<ViewName>,
    /// Width of a hidden layer of the head; 0 for none
    #[arg(long, value_name = "WIDTH", default_value = "0")]
    hidden: usize,
    /// Passes over the images
    #[arg(long, value_name = "COUNT", default_value = "40")]
    epochs: usize,
    /// Folds of the cross-validation by which settings are chosen
    #[arg(long, value_name = "COUNT", default_value = "5")]
    folds: usize,
    /// Weigh rare classes more
    #[arg(long)]
    balance: bool,
    /// What the order of images comes from: the same seed gives the same weights
    #[arg(long, value_name = "NUMBER", default_value = "1")]
    seed: u64,
    /// The licence of the images, as the package shall state it
    #[arg(long, value_name = "TEXT", default_value = "")]
    licence: String,
    /// Where the images came from, as the package shall state it
    #[arg(long, value_name = "TEXT", default_value = "")]
    origin: String,
    /// What the people shown agreed to; may be given several times
    #[arg(long, value_name = "TEXT")]
    consent: Vec<String>,
    /// Deliver the head as it was measured, without learning from the validation part in the end
    #[arg(long)]
    no_refit: bool,
    /// Say in this file how far the training is: a line of JSON for each step
    #[arg(long, value_name = "FILE")]
    progress: Option<PathBuf>,
    #[command(flatten)]
    runtime: Runtime,
}

/// A way to look at an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ViewName {
    /// The square in the middle
    Centre,
    /// The whole, stretched
    Stretch,
    /// The whole with bars beside it
    Pad,
    /// The square in the middle, mirrored
    CentreMirrored,
    /// The whole, stretched and mirrored
    StretchMirrored,
    /// The whole with bars beside it, mirrored
    PadMirrored,
}

impl ViewName {
    const fn view(self, side: u32) -> View {
        let (fit, mirrored) = match self {
            Self::Centre => (Fit::MIDDLE, false),
            Self::Stretch => (Fit::Stretch, false),
            Self::Pad => (Fit::Pad, false),
            Self::CentreMirrored => (Fit::MIDDLE, true),
            Self::StretchMirrored => (Fit::Stretch, true),
            Self::PadMirrored => (Fit::Pad, true),
        };
        View { recipe: Recipe::efficientnet_lite(side, fit), mirrored }
    }
}

/// Everything that was learned from one folder.
struct Learned {
    dataset: Dataset,
    report: CheckReport,
    views: Vec<View>,
    rows: Matrix,
    /// The class of each image that has rows.
    labels: Vec<usize>,
    /// Its part.
    parts: Vec<Part>,
    names: Vec<String>,
}

/// Trains and writes the package.
pub(crate) fn run(args: &Train, context: &mut Context) -> Result<(), Failure> {
    // Said before the work, not after it.
    training::vacant(&args.out).map_err(ModelFailure::package)?;
    let mut progress = Progress::new(args.progress.as_deref())?;
    let (backbone, graph, source) = backbone(args, context)?;
    let learned = embed(args, &backbone, &source, &mut progress, context)?;
    let views = args.views.len();
    let classes = learned.dataset.classes.len();
    let of = |wanted: &dyn Fn(Part) -> bool| -> Vec<usize> {
        (0..learned.labels.len())
            .filter(|&at| learned.parts.get(at).is_some_and(|p| wanted(*p)))
            .collect()
    };
    let (train, validation) =
        (of(&|part| part == Part::Train), of(&|part| part == Part::Validation));
    let candidates: Vec<Settings> = DECAYS
        .iter()
        .map(|&decay| Settings {
            hidden: if args.hidden == 0 { Hidden::None } else { Hidden::Of(args.hidden) },
            epochs: args.epochs,
            balance: args.balance,
            seed: args.seed,
            decay,
            ..Settings::default()
        })
        .collect();
    let fitted = |error| Failure::Model(Box::new(ModelFailure::Fit(error)));
    let (rows, labels) = pick(&learned, &train, views);
    let tries = candidates.len() * args.folds.max(2);
    let shown = bar(context, tries, "选择参数", "choosing settings");
    let mut told = Ok(());
    let searched = search(&rows, &labels, views, classes, &candidates, args.folds, |done, of| {
        shown.set_position(done as u64);
        told = std::mem::replace(&mut told, Ok(())).and(progress.stage(
            TrainingStage::Search,
            done,
            of,
        ));
    })
    .map_err(fitted)?;
    shown.finish_and_clear();
    told?;
    let trial = searched.trials.get(searched.best);
    let settings = trial.map(|trial| trial.settings.clone()).unwrap_or_default();
    let unseen = pick(&learned, &validation, views);
    let judge = Some((&unseen.0, unseen.1.as_slice())).filter(|_| !validation.is_empty());
    let mut trained = fit_shown(
        ((&rows, &labels), judge),
        (views, classes, &settings),
        (TrainingStage::Fit, &mut progress),
        context,
    )?;
    let (judged, given) = if validation.is_empty() {
        (train.clone(), searched.unseen.clone())
    } else {
        let given = probabilities(&trained.head, &unseen.0);
        (validation.clone(), average_views(&given, views))
    };
    let evaluation = measured(&learned, &judged, &given);
    let mut images = train.len();
    if !validation.is_empty() && !args.no_refit {
        let all: Vec<usize> = [train.clone(), validation.clone()].concat();
        let (rows, labels) = pick(&learned, &all, views);
        trained = fit_shown(
            ((&rows, &labels), None),
            (views, classes, &settings),
            (TrainingStage::Refit, &mut progress),
            context,
        )?;
        images = all.len();
    }
    let remarks = [("task", "image-classification"), ("backbone", source.name.as_str())];
    let graph = onnx::append(&graph, &trained.head, &remarks)
        .map_err(|error| Failure::Model(Box::new(ModelFailure::Head(error))))?;
    let name = args.folder.file_name().map_or_else(String::new, |n| n.to_string_lossy().into());
    progress.stage(TrainingStage::Writing, 0, 1)?;
    let golden = golden(args, &graph, &learned, context)?;
    let made = Made {
        graph: &graph,
        head: &trained.head,
        classes: &learned.dataset.classes,
        views: &learned.views,
        backbone: source,
        dataset: Source {
            name,
            digest: learned.report.digest.clone(),
            licence: args.licence.clone(),
        },
        origin: args.origin.clone(),
        consents: args.consent.clone(),
        images: images as u64,
        settings: &settings,
        evaluation: &evaluation,
        golden: &golden,
        quantised: None,
    };
    let manifest = write_package(&args.out, &made).map_err(ModelFailure::package)?;
    let parity = parity(args, &learned, &trained.head, context)?;
    let doubts: Vec<_> = doubtful(&searched.unseen, &labels)
        .into_iter()
        .filter_map(|(at, class)| {
            let image = learned.names.get(*train.get(at)?)?.clone();
            Some((image, learned.dataset.classes.get(class)?.clone()))
        })
        .collect();
    if context.out.is_json() {
        let doubts: Vec<_> =
            doubts.iter().map(|(image, class)| json!({ "image": image, "seems": class })).collect();
        return context.out.json(&json!({
            "package": args.out,
            "manifest": manifest,
            "evaluation": evaluation,
            "validated": !validation.is_empty(),
            "trials": searched.trials,
            "parity": { "images": parity.0, "equal": parity.1, "largest_difference": parity.2 },
            "doubtful": doubts,
            "refused": learned.report.troubles,
            "twins": learned.report.twins,
        }));
    }
    tell(args, &learned, &searched, &evaluation, &doubts, parity, context)
}

/// Embeddings with the class of each image.
type Known<'a> = (&'a Matrix, &'a [usize]);

/// Trains a head and shows how it goes, epoch by epoch.
fn fit_shown(
    ((rows, labels), judge): (Known<'_>, Option<Known<'_>>),
    (views, classes, settings): (usize, usize, &Settings),
    (stage, progress): (TrainingStage, &mut Progress),
    context: &Context,
) -> Result<Trained, Failure> {
    let shown = bar(context, settings.epochs, "训练", "training");
    let images = judge.map_or(0, |(_, labels)| labels.len());
    let mut told = Ok(());
    let trained = fit(rows, labels, judge, views, classes, settings, |report| {
        shown.set_position(report.epoch as u64);
        shown.set_message(format!("{:.4}", report.loss));
        told = progress.epoch(stage, report, settings.epochs, images);
        told.is_ok()
    });
    shown.finish_and_clear();
    told?;
    trained.map_err(|error| Failure::Model(Box::new(ModelFailure::Fit(error))))
}

/// What the classifier answers to made images.
fn golden(
    args: &Train,
    graph: &Graph,
    learned: &Learned,
    context: &mut Context,
) -> Result<Golden, Failure> {
    let engine = args.runtime.open(&graph.write(), context)?;
    let (views, classes) = (learned.views.clone(), learned.dataset.classes.clone());
    let classifier = Classifier::of(engine, views, classes, media::Limits::default());
    let mut classifier = classifier.map_err(embed_failed)?;
    Golden::of(&mut classifier, TOLERANCE)
        .map_err(|error| ModelFailure::package(PackageError::Golden(error)))
}

/// The backbone's file, its graph, and where it came from.
fn backbone(args: &Train, context: &mut Context) -> Result<(Vec<u8>, Graph, Source), Failure> {
    let known = Variant::ALL.into_iter().find(|variant| variant.name() == args.backbone);
    let (file, licence) = match known {
        Some(variant) => {
            let side =
                args.side.unwrap_or(if variant == Variant::Lite2 { 340 } else { variant.side() });
            let file = shelf::backbone(variant, side, args.runtime.by.offline, context);
            (file.map_err(ModelFailure::from_shelf)?, "Apache-2.0")
        }
        None => (Context::read(args.backbone.as_ref())?, ""),
    };
    let graph = onnx::read(&file).map_err(|fault| {
        Failure::Model(Box::new(ModelFailure::Engine(vision::EngineError::Graph(fault))))
    })?;
    let digest = hex::encode(Sha256::digest(&file));
    let source = Source { name: args.backbone.clone(), digest, licence: licence.to_owned() };
    Ok((file, graph, source))
}

/// Checks what training may open, and computes the embeddings of every image that can be read.
fn embed(
    args: &Train,
    backbone: &[u8],
    source: &Source,
    progress: &mut Progress,
    context: &mut Context,
) -> Result<Learned, Failure> {
    let limits = Limits::default();
    let failed = |error| Failure::Model(Box::new(ModelFailure::Dataset(error)));
    let dataset = read_folder(&args.folder, Part::Train, &Part::LEARNED, &limits);
    let dataset = dataset.map_err(failed)?;
    let engine = args.runtime.open(backbone, context)?;
    let side = engine.side();
    let views: Vec<View> = args.views.iter().map(|name| name.view(side)).collect();
    let cache = shelf::folder().ok().map(|folder| folder.join("embeddings"));
    let mut embedder = Embedder::new(engine, &source.digest, views.clone(), cache.as_deref())
        .map_err(embed_failed)?;
    let count = dataset.images.len();
    let shown = bar(context, count, "提取特征", "extracting features");
    let (mut rows, mut seen) = (Matrix::default(), 0);
    let (mut labels, mut parts, mut names) = (Vec::new(), Vec::new(), Vec::new());
    let report = check(&dataset, &limits, |sight| {
        shown.inc(1);
        seen += 1;
        progress.stage(TrainingStage::Features, seen, count)?;
        let Some(sight) = sight else { return Ok(()) };
        let own = embedder.embed(sight.bytes, sight.pixels).map_err(embed_failed)?;
        rows.width = own.first().map_or(0, Vec::len);
        own.iter().for_each(|row| rows.values.extend_from_slice(row));
        labels.push(sight.image.class);
        parts.push(sight.image.part);
        names.push(sight.image.name.clone());
        Ok::<(), Failure>(())
    })?;
    shown.finish_and_clear();
    Ok(Learned { dataset, report, views, rows, labels, parts, names })
}

/// The rows and classes of these images.
fn pick(learned: &Learned, images: &[usize], views: usize) -> (Matrix, Vec<usize>) {
    let rows = images.iter().flat_map(|&at| (0..views).map(move |view| at * views + view));
    let labels = images.iter().filter_map(|&at| learned.labels.get(at).copied());
    (learned.rows.pick(&rows.collect::<Vec<_>>()), labels.collect())
}

fn measured(learned: &Learned, judged: &[usize], given: &Matrix) -> Evaluation {
    let truth: Vec<usize> =
        judged.iter().filter_map(|&at| learned.labels.get(at).copied()).collect();
    let names: Vec<String> =
        judged.iter().filter_map(|&at| learned.names.get(at).cloned()).collect();
    evaluate(given, &truth, &names, &learned.dataset.classes)
}

/// The package as it was written against the trainer, on the first images: how many, how many get
/// the same class, and the largest difference of a probability.
fn parity(
    args: &Train,
    learned: &Learned,
    head: &onnx::Head,
    context: &mut Context,
) -> Result<(usize, usize, f32), Failure> {
    let mut classifier: Classifier = super::open_package(&args.out, &args.runtime, context)?;
    let step = (learned.names.len() / COMPARED).max(1);
    let views = args.views.len();
    let (mut images, mut equal, mut apart) = (0, 0, 0.0_f32);
    for at in (0..learned.names.len()).step_by(step) {
        let Some(name) = learned.names.get(at) else { break };
        let bytes = Context::read(&args.folder.join(name))?;
        let served = classifier.classify(&bytes).map_err(embed_failed)?;
        let (rows, _) = pick(learned, &[at], views);
        let own = average_views(&probabilities(head, &rows), views);
        images += 1;
        equal += usize::from(largest(&served) == largest(own.row(0)));
        for (one, other) in served.iter().zip(own.row(0)) {
            apart = apart.max((one - other).abs());
        }
    }
    Ok((images, equal, apart))
}

fn tell(
    args: &Train,
    learned: &Learned,
    searched: &SearchReport,
    evaluation: &Evaluation,
    doubts: &[(String, String)],
    parity: (usize, usize, f32),
    context: &mut Context,
) -> Result<(), Failure> {
    let lang = context.words.lang;
    for trial in &searched.trials {
        let images = searched.unseen.rows();
        let (decay, hits) = (trial.settings.decay, trial.hits);
        context.out.note(&match lang {
            Lang::Zh => format!("权重衰减 {decay}：交叉验证 {hits}/{images} 正确"),
            Lang::En => {
                format!("weight decay {decay}: {hits} of {images} right in cross-validation")
            }
        })?;
    }
    super::evaluate::show(evaluation, context)?;
    let (images, equal, largest) = parity;
    context.out.note(&match lang {
        Lang::Zh => format!(
            "交付包与训练结果对照：{images} 张中 {equal} 张类别相同，概率最大相差 {largest:.6}"
        ),
        Lang::En => format!(
            "package against trainer: {equal} of {images} images with the same class, \
             probabilities differ by {largest:.6} at most"
        ),
    })?;
    for trouble in learned.report.troubles.iter().take(SHOWN) {
        let (name, code) = (&trouble.name, &trouble.code);
        let what = context.say("未用于训练", "not learned from").to_owned();
        context.out.note(&format!("{what}: {name} ({code})"))?;
    }
    for (image, class) in doubts.iter().take(SHOWN) {
        context.out.note(&match lang {
            Lang::Zh => format!("标注存疑：{image}，看来像 {class}"),
            Lang::En => format!("a doubtful label: {image} seems to be {class}"),
        })?;
    }
    let (package, accuracy) = (args.out.display(), percent(evaluation.figures.accuracy));
    context.out.line(match lang {
        Lang::Zh => format!("已写入 {package}；未见图片准确率 {accuracy}"),
        Lang::En => format!("written to {package}; {accuracy} of unseen images right"),
    })
}
