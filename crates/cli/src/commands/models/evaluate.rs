//! `tally evaluate`: a package on images whose classes are known.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use training::{
    Dataset, Evaluation, Limits, Matrix, Part, Verdict, Wanted, evaluate, gate, read_folder,
};
use units::{Lang, Percent};

use super::{ModelFailure, Runtime, bar, open_package, percent};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Paint;
use crate::table::{Column, table};

/// How many wrong images are shown; `--json` has all.
const SHOWN: usize = 10;

/// Arguments of `evaluate`.
#[derive(Debug, Args)]
pub(crate) struct Evaluate {
    /// The package
    #[arg(value_name = "PACKAGE")]
    package: PathBuf,
    /// The images: CLASS/IMAGE, or with a folder test/
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The accuracy that must be reached, such as 90%
    #[arg(long, value_name = "PERCENT")]
    accuracy: Option<Percent>,
    /// The mean recall over classes that must be reached
    #[arg(long, value_name = "PERCENT")]
    recall: Option<Percent>,
    /// The mean F1 over classes that must be reached
    #[arg(long, value_name = "PERCENT")]
    f1: Option<Percent>,
    #[command(flatten)]
    runtime: Runtime,
}

/// Measures a package; a standard that is not reached ends with exit code 1.
pub(crate) fn run(args: &Evaluate, context: &mut Context) -> Result<(), Failure> {
    let mut classifier = open_package(&args.package, &args.runtime, context)?;
    let limits = Limits::default();
    let failed = |error| Failure::Model(Box::new(ModelFailure::Dataset(error)));
    let dataset = read_folder(&args.folder, Part::Test, &limits).map_err(failed)?;
    let classes = classifier.classes().to_vec();
    let truths = truths(&dataset, &classes, &args.folder)?;
    let judged: Vec<_> = match dataset.part(Part::Test).next() {
        Some(_) => dataset.part(Part::Test).collect(),
        None => dataset.images.iter().collect(),
    };
    let bar = bar(context, judged.len(), "分类", "classifying");
    let mut given = Matrix { width: classes.len(), values: Vec::new() };
    let (mut truth, mut names, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    for image in judged {
        let path = args.folder.join(&image.name);
        let answer = Context::read(&path).map_err(|_| "unreadable".to_owned()).and_then(|bytes| {
            classifier.classify(&bytes).map_err(|error| super::words::embed_code(&error).to_owned())
        });
        match answer {
            Ok(probabilities) => {
                given.values.extend(probabilities);
                truth.extend(truths.get(&image.class));
                names.push(image.name.clone());
            }
            Err(code) => refused.push((image.name.clone(), code)),
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    let report = evaluate(&given, &truth, &names, &classes);
    let wanted = [
        (Wanted::Accuracy, args.accuracy),
        (Wanted::MacroRecall, args.recall),
        (Wanted::MacroF1, args.f1),
    ];
    let gates: Vec<_> = wanted
        .into_iter()
        .filter_map(|(wanted, threshold)| {
            threshold.map(|threshold| (wanted, threshold, gate(&report, wanted, threshold)))
        })
        .collect();
    let refused: Vec<_> =
        refused.iter().map(|(name, code)| json!({ "image": name, "code": code })).collect();
    if context.out.is_json() {
        let gates: Vec<_> = gates
            .iter()
            .map(|(wanted, threshold, gate)| {
                json!({ "measure": wanted, "threshold": threshold, "gate": gate })
            })
            .collect();
        context
            .out
            .json(&json!({ "evaluation": report, "standards": gates, "refused": refused }))?;
    } else {
        show(&report, context)?;
        for line in refused.iter().take(SHOWN) {
            context.out.note(&line.to_string())?;
        }
        for (wanted, threshold, gate) in &gates {
            let line = standard(*wanted, *threshold, *gate, context.words.lang);
            let paint = if gate.reached { Paint::Green } else { Paint::Red };
            let line = context.out.paint(paint, &line);
            context.out.line(line)?;
        }
    }
    let reached = gates.iter().all(|(.., gate)| gate.reached);
    if reached && refused.is_empty() { Ok(()) } else { Err(Failure::Problems) }
}

/// The place of each of the folder's classes among those of the package.
fn truths(
    dataset: &Dataset,
    classes: &[String],
    folder: &Path,
) -> Result<BTreeMap<usize, usize>, Failure> {
    let place = |(index, class): (usize, &String)| {
        let found = classes.iter().position(|known| known == class);
        found.map(|found| (index, found)).ok_or_else(|| {
            Failure::Model(Box::new(ModelFailure::UnknownClass {
                folder: folder.to_owned(),
                class: class.clone(),
                known: classes.to_vec(),
            }))
        })
    };
    dataset.classes.iter().enumerate().map(place).collect()
}

fn standard(wanted: Wanted, threshold: Percent, gate: training::Gate, lang: Lang) -> String {
    let name = match (lang, wanted) {
        (Lang::Zh, Wanted::Accuracy) => "准确率",
        (Lang::Zh, Wanted::MacroRecall) => "宏平均召回率",
        (Lang::Zh, Wanted::MacroF1) => "宏平均 F1",
        (Lang::En, Wanted::Accuracy) => "accuracy",
        (Lang::En, Wanted::MacroRecall) => "macro recall",
        (Lang::En, Wanted::MacroF1) => "macro F1",
    };
    let reached = match (lang, gate.reached) {
        (Lang::Zh, true) => "达到",
        (Lang::Zh, false) => "未达到",
        (Lang::En, true) => "reached",
        (Lang::En, false) => "not reached",
    };
    let more = match (lang, gate.verdict, gate.needed) {
        (Lang::Zh, Some(Verdict::Undecidable), Some(needed)) => {
            format!("；这些图片不足以断定，约需 {needed} 张")
        }
        (Lang::En, Some(Verdict::Undecidable), Some(needed)) => {
            format!("; so few images cannot decide it, some {needed} would")
        }
        (Lang::Zh, Some(Verdict::Undecidable), None) => "；这些图片不足以断定".to_owned(),
        (Lang::En, Some(Verdict::Undecidable), None) => {
            "; so few images cannot decide it".to_owned()
        }
        _ => String::new(),
    };
    format!("{name} ≥ {threshold}: {reached}{more}")
}

/// Shows a measurement.
pub(super) fn show(report: &Evaluation, context: &mut Context) -> Result<(), Failure> {
    let lang = context.words.lang;
    let (hits, images) = (report.hits, report.images);
    let interval = report.accuracy_interval.map(|(lower, upper)| {
        let part =
            |millionths: u64| format!("{}.{:02}", millionths / 10_000, millionths % 10_000 / 100);
        format!(" [{}, {}]", part(lower), part(upper))
    });
    let interval = interval.unwrap_or_default();
    let accuracy = percent(report.accuracy);
    let heading = match lang {
        Lang::Zh => format!("准确率 {accuracy}{interval}（{hits}/{images}）"),
        Lang::En => format!("accuracy {accuracy}{interval} ({hits} of {images})"),
    };
    context.out.heading(&heading)?;
    let (f1, recall) = (percent(report.macro_f1), percent(report.macro_recall));
    let (top5, error) = (report.top5_hits, percent(report.calibration_error));
    context.out.line(match lang {
        Lang::Zh => {
            format!("宏平均 F1 {f1}，召回率 {recall}；前五命中 {top5}/{images}；校准误差 {error}")
        }
        Lang::En => format!(
            "macro F1 {f1}, recall {recall}; among the first five {top5} of {images}; \
             calibration error {error}"
        ),
    })?;
    let [class, count, precision, recall] = match lang {
        Lang::Zh => ["类别", "图片", "精确率", "召回率"],
        Lang::En => ["class", "images", "precision", "recall"],
    };
    let header = [
        (class, Column::Left),
        (count, Column::Right),
        (precision, Column::Right),
        (recall, Column::Right),
        ("F1", Column::Right),
    ];
    let rows: Vec<Vec<String>> = report
        .classes
        .iter()
        .map(|class| {
            vec![
                class.class.clone(),
                class.support.to_string(),
                percent(class.precision),
                percent(class.recall),
                percent(class.f1),
            ]
        })
        .collect();
    let text = table(context, &header, rows);
    context.out.line(text)?;
    for miss in report.misses.iter().take(SHOWN) {
        let (image, truth, given) = (&miss.image, &miss.truth, &miss.given);
        let sure = percent(f64::from(miss.certainty));
        context.out.note(&match lang {
            Lang::Zh => format!("{image}：{truth} 误为 {given}（{sure}）"),
            Lang::En => format!("{image}: {truth} taken for {given} ({sure})"),
        })?;
    }
    Ok(())
}
