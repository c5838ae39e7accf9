//! `tally evaluate`: a package on images whose classes are known.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use media::Pixels;
use serde_json::json;
use training::{
    Classifier, Dataset, Evaluation, Gate, ImageFile, Interval, Intervals, Limits, Matrix, Part,
    Slice, Table, Verdict, Wanted, evaluate, gate, read_folder, read_table, slices,
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
    /// A CSV about the images, measured by each of its columns: image,column,…
    #[arg(long, value_name = "FILE")]
    slices: Option<PathBuf>,
    #[command(flatten)]
    runtime: Runtime,
}

/// Images that were classified.
struct Judged {
    given: Matrix,
    truth: Vec<usize>,
    names: Vec<String>,
    /// How large each is, and how bright.
    looks: Vec<[&'static str; 2]>,
    refused: Vec<(String, String)>,
}

/// Measures a package; a standard that is not reached ends with exit code 1.
pub(crate) fn run(args: &Evaluate, context: &mut Context) -> Result<(), Failure> {
    let table = args.slices.as_deref().map(table_of).transpose()?.unwrap_or_default();
    let mut classifier = open_package(&args.package, &args.runtime, context)?;
    let classes = classifier.classes().to_vec();
    let judged = judge(&mut classifier, &args.folder, context)?;
    let Judged { given, truth, names, .. } = &judged;
    let mut report = evaluate(given, truth, names, &classes);
    report.slices = parts(&judged, &table);
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
    let refused = &judged.refused;
    if context.out.is_json() {
        let gate = |(wanted, threshold, gate): &(Wanted, Percent, Gate)| {
            let (measure, gate) = (wanted, gate);
            json!({ "measure": measure, "threshold": threshold, "gate": gate })
        };
        let gates: Vec<_> = gates.iter().map(gate).collect();
        let refused: Vec<_> =
            refused.iter().map(|(name, code)| json!({ "image": name, "code": code })).collect();
        context
            .out
            .json(&json!({ "evaluation": report, "standards": gates, "refused": refused }))?;
    } else {
        show(&report, context)?;
        for (name, code) in refused.iter().take(SHOWN) {
            let what = context.say("无法分类", "cannot be classified").to_owned();
            context.out.note(&format!("{what}: {name} ({code})"))?;
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

fn table_of(path: &Path) -> Result<Table, Failure> {
    read_table(&Context::read(path)?).map_err(|source| {
        let path = path.to_owned();
        Failure::Model(Box::new(ModelFailure::Table { path, source }))
    })
}

/// Classifies the test part of a folder, or all of it where it has no parts.
fn judge(
    classifier: &mut Classifier,
    folder: &Path,
    context: &mut Context,
) -> Result<Judged, Failure> {
    let limits = Limits::default();
    let failed = |error| Failure::Model(Box::new(ModelFailure::Dataset(error)));
    let dataset = read_folder(folder, Part::Test, &Part::ALL, &limits).map_err(failed)?;
    let truths = truths(&dataset, classifier.classes(), folder)?;
    let images = judged(&dataset);
    let bar = bar(context, images.len(), "分类", "classifying");
    let mut found = Judged {
        given: Matrix { width: classifier.classes().len(), values: Vec::new() },
        truth: Vec::new(),
        names: Vec::new(),
        looks: Vec::new(),
        refused: Vec::new(),
    };
    for image in images {
        let bytes = dataset.bytes(image).map_err(|_| "unreadable".to_owned());
        let pixels = bytes.and_then(|bytes| {
            media::read_pixels(&bytes, &limits.media)
                .map_err(|fault| fault.problem.code().to_owned())
        });
        let answer = pixels.and_then(|pixels| {
            let given = classifier.classify_pixels(&pixels);
            let given = given.map_err(|error| super::words::embed_code(&error).to_owned());
            given.map(|given| (given, [size(&pixels), brightness(&pixels)]))
        });
        match answer {
            Ok((probabilities, looks)) => {
                found.given.values.extend(probabilities);
                found.truth.extend(truths.get(&image.class));
                found.names.push(image.name.clone());
                found.looks.push(looks);
            }
            Err(code) => found.refused.push((image.name.clone(), code)),
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(found)
}

/// The images of the test part, or all where there is none.
pub(super) fn judged(dataset: &Dataset) -> Vec<&ImageFile> {
    match dataset.part(Part::Test).next() {
        Some(_) => dataset.part(Part::Test).collect(),
        None => dataset.images.iter().collect(),
    }
}

/// The figures of parts: by size, by brightness, and by each column of a table.
fn parts(judged: &Judged, table: &Table) -> Vec<Slice> {
    let by = |name: &str, values: Vec<Option<String>>| {
        slices(&judged.given, &judged.truth, name, &values)
    };
    let look = |at: usize| {
        let value = |looks: &[&'static str; 2]| looks.get(at).map(|&look| look.to_owned());
        judged.looks.iter().map(value).collect()
    };
    let mut found = by("size", look(0));
    found.extend(by("brightness", look(1)));
    for (at, column) in table.columns.iter().enumerate() {
        let value = |image: &String| table.value(image, at).map(str::to_owned);
        found.extend(by(column, judged.names.iter().map(value).collect()));
    }
    found
}

/// By the shorter side.
const fn size(pixels: &Pixels) -> &'static str {
    let shorter = if pixels.width < pixels.height { pixels.width } else { pixels.height };
    match shorter {
        0..256 => "small",
        256..768 => "medium",
        _ => "large",
    }
}

/// By the mean of all values, in thirds of what there can be.
fn brightness(pixels: &Pixels) -> &'static str {
    let sum: u64 = pixels.rgb.iter().map(|value| u64::from(*value)).sum();
    match sum / (pixels.rgb.len() as u64).max(1) {
        0..85 => "dark",
        85..170 => "medium",
        _ => "bright",
    }
}

/// The place of each of the folder's classes among those of the package.
pub(super) fn truths(
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

fn standard(wanted: Wanted, threshold: Percent, gate: Gate, lang: Lang) -> String {
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
    let interval = report.accuracy_interval.map_or_else(String::new, wilson);
    let accuracy = percent(report.figures.accuracy);
    let heading = match lang {
        Lang::Zh => format!("准确率 {accuracy}{interval}（{hits}/{images}）"),
        Lang::En => format!("accuracy {accuracy}{interval} ({hits} of {images})"),
    };
    context.out.heading(&heading)?;
    let intervals = report.intervals.as_ref();
    let between = |of: &dyn Fn(&Intervals) -> Interval| {
        let found = intervals.map(of);
        found.map_or_else(String::new, |(lower, upper)| {
            format!(" [{:.2}, {:.2}]", lower * 100.0, upper * 100.0)
        })
    };
    let f1 = percent(report.figures.macro_f1) + &between(&|all| all.macro_f1);
    let precision = percent(report.figures.macro_precision) + &between(&|all| all.macro_precision);
    let recall = percent(report.figures.macro_recall) + &between(&|all| all.macro_recall);
    context.out.line(match lang {
        Lang::Zh => format!("宏平均 F1 {f1}，精确率 {precision}，召回率 {recall}"),
        Lang::En => format!("macro F1 {f1}, precision {precision}, recall {recall}"),
    })?;
    let (top, error) = (report.among_first(5), percent(report.calibration_error));
    context.out.line(match lang {
        Lang::Zh => format!("前五命中 {top}/{images}；校准误差 {error}"),
        Lang::En => {
            format!("among the first five {top} of {images}; calibration error {error}")
        }
    })?;
    classes(report, context)?;
    sliced(&report.slices, context)?;
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

/// An interval in millionths as percentages.
fn wilson((lower, upper): (u64, u64)) -> String {
    let part =
        |millionths: u64| format!("{}.{:02}", millionths / 10_000, millionths % 10_000 / 100);
    format!(" [{}, {}]", part(lower), part(upper))
}

fn classes(report: &Evaluation, context: &mut Context) -> Result<(), Failure> {
    let [class, count, precision, recall] = match context.words.lang {
        Lang::Zh => ["类别", "图片", "精确率", "召回率 [95 % 区间]"],
        Lang::En => ["class", "images", "precision", "recall [95 % interval]"],
    };
    let header = [
        (class, Column::Left),
        (count, Column::Right),
        (precision, Column::Right),
        (recall, Column::Right),
        ("F1", Column::Right),
    ];
    let row = |class: &training::ClassFigures| {
        vec![
            class.class.clone(),
            class.support.to_string(),
            percent(class.precision),
            percent(class.recall) + &class.recall_interval.map_or_else(String::new, wilson),
            percent(class.f1),
        ]
    };
    let text = table(context, &header, report.classes.iter().map(row).collect::<Vec<_>>());
    context.out.line(text)
}

fn sliced(parts: &[Slice], context: &mut Context) -> Result<(), Failure> {
    if parts.is_empty() {
        return Ok(());
    }
    let lang = context.words.lang;
    let [part, count, accuracy, f1] = match lang {
        Lang::Zh => ["分组", "图片", "准确率 [95 % 区间]", "宏平均 F1"],
        Lang::En => ["part", "images", "accuracy [95 % interval]", "macro F1"],
    };
    let header = [
        (part, Column::Left),
        (count, Column::Right),
        (accuracy, Column::Right),
        (f1, Column::Right),
    ];
    let row = |part: &Slice| {
        let (by, value) = super::words::slice(&part.by, &part.value, lang);
        vec![
            format!("{by}: {value}"),
            part.images.to_string(),
            percent(part.figures.accuracy)
                + &part.accuracy_interval.map_or_else(String::new, wilson),
            percent(part.figures.macro_f1),
        ]
    };
    let text = table(context, &header, parts.iter().map(row).collect::<Vec<_>>());
    context.out.line(text)
}
