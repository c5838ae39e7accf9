//! `tally dataset check`: what a folder of images holds, and what is wrong with it.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use clap::Subcommand;
use document::dataset::{Alike, DatasetFacts, paper};
use document::paper::Picture;
use serde::Serialize;
use serde_json::json;
use training::{
    CheckReport, ClassCount, Dataset, Limits, Part, Twins, check, least_hits, needed, read_folder,
};
use units::{Lang, Percent, Ratio, Zone};

use super::{ModelFailure, bar};
use crate::commands::statistics::write;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Paint;
use crate::table::{Column, table};

/// How many files of a list are shown; `--json` has all.
const SHOWN: usize = 20;

/// What is done with a dataset.
#[derive(Debug, Subcommand)]
pub(crate) enum DatasetCommand {
    /// Read every image: what cannot be read, what is there twice, what leaks between parts
    Check {
        /// The folder: train/CLASS/IMAGE, validation/…, test/…, or CLASS/IMAGE
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Say whether the images can decide this accuracy, such as 90%
        #[arg(long, value_name = "PERCENT")]
        standard: Option<Percent>,
        /// Write a report with pictures of the doubtful images: .html, also .docx, .pdf, .json
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
    },
}

/// What the images of a part can tell about a standard.
#[derive(Debug, Serialize)]
struct Advice {
    part: Part,
    images: u64,
    /// How many must be right at least to show it; absent where all would not do.
    least: Option<u64>,
    /// For an accuracy of so many points above the standard, how many images show it.
    needed: Vec<(u64, Option<u64>)>,
}

/// Points above the standard for which the number of images is told.
const ABOVE: [u64; 3] = [1, 2, 5];

fn advice(report: &CheckReport, standard: Percent) -> Vec<Advice> {
    let of = |part: Part| -> u64 {
        report.classes.iter().filter_map(|class| class.parts.get(&part)).sum()
    };
    let part = |part: Part| {
        let images = of(part);
        let least = least_hits(images, standard);
        (images > 0).then(|| Advice { part, images, least, needed: above(standard) })
    };
    [Part::Validation, Part::Test].into_iter().filter_map(part).collect()
}

fn above(standard: Percent) -> Vec<(u64, Option<u64>)> {
    let hundredth = |points: u64| {
        // The whole hundredths of the standard and so many points more.
        let reaches = |share: &u64| Ratio::new(*share, 100).reaches(standard);
        let share = (0..=100).find(reaches).unwrap_or(100) + points;
        (share <= 100).then_some(share)
    };
    ABOVE
        .into_iter()
        .filter_map(|points| {
            let share = hundredth(points)?;
            Some((points, needed(share, 100, standard)))
        })
        .collect()
}

fn advised(advice: &Advice, standard: Percent, lang: Lang) -> String {
    let Advice { part, images, least, needed } = advice;
    let more: Vec<String> = needed
        .iter()
        .filter_map(|(points, count)| count.map(|count| (points, count)))
        .map(|(points, count)| match lang {
            Lang::Zh => format!("高出 {points} 点需 {count} 张"),
            Lang::En => format!("{points} points above, {count} images"),
        })
        .collect();
    let more = more.join(if lang == Lang::Zh { "，" } else { "; " });
    let name = match (lang, part) {
        (Lang::Zh, Part::Test) => "测试部分",
        (Lang::Zh, _) => "验证部分",
        (Lang::En, Part::Test) => "test part",
        (Lang::En, _) => "validation part",
    };
    match (lang, least) {
        (Lang::Zh, Some(least)) => format!(
            "{name}：{images} 张中至少 {least} 张正确，才表明准确率 ≥ {standard}；真实准确率{more}"
        ),
        (Lang::Zh, None) => {
            format!("{name}：{images} 张全部正确也不足以表明 ≥ {standard}；真实准确率{more}")
        }
        (Lang::En, Some(least)) => format!(
            "{name}: at least {least} of {images} must be right to show ≥ {standard}; with a true \
             accuracy {more}"
        ),
        (Lang::En, None) => format!(
            "{name}: {images} images cannot show ≥ {standard}, were all right; with a true \
             accuracy {more}"
        ),
    }
}

/// Checks a dataset; problems that spoil a training end with exit code 1.
pub(crate) fn run(command: &DatasetCommand, context: &mut Context) -> Result<(), Failure> {
    let DatasetCommand::Check { folder, standard, report: file } = command;
    let limits = Limits::default();
    let failed = |error| Failure::Model(Box::new(ModelFailure::Dataset(error)));
    let dataset = read_folder(folder, Part::Train, &Part::ALL, &limits).map_err(failed)?;
    let bar = bar(context, dataset.images.len(), "读取图片", "reading images");
    let Ok(report) = check(&dataset, &limits, |_| {
        bar.inc(1);
        Ok::<(), std::convert::Infallible>(())
    });
    bar.finish_and_clear();
    let leaks = report.twins.iter().any(|twins| twins.leaks || twins.disagree);
    if let Some(file) = file {
        let remarks: Vec<String> = standard.map_or_else(Vec::new, |standard| {
            let advice = advice(&report, standard);
            advice.iter().map(|one| advised(one, standard, context.words.lang)).collect()
        });
        written(&dataset, &report, remarks, file, context)?;
    }
    if context.out.is_json() {
        let advice = standard.map(|standard| advice(&report, standard));
        context.out.json(&json!({ "dataset": report, "standard": standard, "advice": advice }))?;
    } else {
        show(&report, context)?;
        if let Some(standard) = *standard {
            for advice in advice(&report, standard) {
                let line = advised(&advice, standard, context.words.lang);
                context.out.line(line)?;
            }
        }
    }
    if report.troubles.is_empty() && !leaks { Ok(()) } else { Err(Failure::Problems) }
}

/// Groups of images that a report shows, and images of a group.
const SHOWN_GROUPS: usize = 100;
const SHOWN_OF_GROUP: usize = 8;

/// The report for people.
fn written(
    dataset: &Dataset,
    report: &CheckReport,
    remarks: Vec<String>,
    file: &Path,
    context: &mut Context,
) -> Result<(), Failure> {
    let lang = context.words.lang;
    let picture = |name: &String| Picture {
        name: name.clone(),
        jpeg: small(&dataset.folder.join(name)).unwrap_or_default(),
    };
    let alike = |twins: &Twins| Alike {
        pictures: twins.names.iter().take(SHOWN_OF_GROUP).map(picture).collect(),
        said: alike(twins, lang),
    };
    let count = |class: &ClassCount| {
        let parts = Part::ALL.map(|part| class.parts.get(&part).copied().unwrap_or(0));
        (class.class.clone(), parts)
    };
    let facts = DatasetFacts {
        name: dataset.folder.display().to_string(),
        day: context.clock().date(&Zone::shanghai()),
        images: report.images,
        digest: report.digest.clone(),
        classes: report.classes.iter().map(count).collect(),
        remarks,
        troubles: report.troubles.iter().map(|one| (one.name.clone(), one.code.clone())).collect(),
        alike: report.twins.iter().take(SHOWN_GROUPS).map(alike).collect(),
        located: report.located.clone(),
    };
    let plain = json!({ "dataset": report });
    write(&paper(&facts, lang), &plain, file, context)
}

/// A small copy without anything beside its pixels, in base 64.
fn small(path: &Path) -> Option<String> {
    let bytes = std::fs::read(path).ok()?;
    let kind = media::sniff(&bytes)?;
    let (_, shown) = media::read_image(&bytes, kind, &media::Limits::default(), true).ok()?;
    Some(base64::engine::general_purpose::STANDARD.encode(shown?.thumbnail))
}

fn show(report: &CheckReport, context: &mut Context) -> Result<(), Failure> {
    let lang = context.words.lang;
    let (images, classes) = (report.images, report.classes.len());
    let heading = match lang {
        Lang::Zh => format!("{images} 张图片，{classes} 个类别"),
        Lang::En => format!("{images} images, {classes} classes"),
    };
    context.out.heading(&heading)?;
    let names = match lang {
        Lang::Zh => ["类别", "训练", "验证", "测试"],
        Lang::En => ["class", "train", "validation", "test"],
    };
    let [class, train, validation, test] = names;
    let header = [
        (class, Column::Left),
        (train, Column::Right),
        (validation, Column::Right),
        (test, Column::Right),
    ];
    let rows: Vec<Vec<String>> = report
        .classes
        .iter()
        .map(|class| {
            let count = |part| class.parts.get(&part).copied().unwrap_or(0).to_string();
            let parts = [Part::Train, Part::Validation, Part::Test].map(count);
            [vec![class.class.clone()], parts.to_vec()].concat()
        })
        .collect();
    let text = table(context, &header, rows);
    context.out.line(text)?;
    context.out.line(format!("SHA-256 {}", report.digest))?;
    for line in problems(report, lang) {
        let line = context.out.paint_error(Paint::Yellow, &line);
        context.out.note(&line)?;
    }
    Ok(())
}

fn problems(report: &CheckReport, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    for trouble in report.troubles.iter().take(SHOWN) {
        let (name, code) = (&trouble.name, &trouble.code);
        let at = trouble.byte.map(|byte| match lang {
            Lang::Zh => format!("，第 {byte} 字节处"),
            Lang::En => format!(", at byte {byte}"),
        });
        let at = at.unwrap_or_default();
        lines.push(match lang {
            Lang::Zh => format!("无法读取：{name}（{code}{at}）"),
            Lang::En => format!("cannot be read: {name} ({code}{at})"),
        });
    }
    for twins in report.twins.iter().take(SHOWN) {
        let (what, names) = (alike(twins, lang), twins.names.join(", "));
        lines.push(format!("{what}: {names}"));
    }
    if let Some(first) = report.located.first() {
        let count = report.located.len();
        lines.push(match lang {
            Lang::Zh => format!("{count} 张图片记有拍摄地点，如 {first}"),
            Lang::En => format!("{count} images say where they were taken, such as {first}"),
        });
    }
    let more =
        report.troubles.len().saturating_sub(SHOWN) + report.twins.len().saturating_sub(SHOWN);
    if more > 0 {
        lines.push(match lang {
            Lang::Zh => format!("… 另有 {more} 项（--json 给出全部）"),
            Lang::En => format!("… {more} more (--json gives all)"),
        });
    }
    if !report.small.is_empty() {
        let names = report.small.join(", ");
        lines.push(match lang {
            Lang::Zh => format!("训练图片不足 20 张的类别：{names}"),
            Lang::En => format!("classes with fewer than 20 images to learn from: {names}"),
        });
    }
    if report.uneven {
        let line = match lang {
            Lang::Zh => "最大的类别超过最小的类别十倍以上",
            Lang::En => "the largest class has more than ten times the images of the smallest",
        };
        lines.push(line.to_owned());
    }
    lines
}

/// What is said of images that are the same or look alike.
fn alike(twins: &Twins, lang: Lang) -> String {
    let what = match (lang, twins.same_bytes) {
        (Lang::Zh, true) => "相同的图片",
        (Lang::Zh, false) => "相似的图片",
        (Lang::En, true) => "the same image",
        (Lang::En, false) => "images that look alike",
    };
    let why = match (lang, twins.leaks, twins.disagree) {
        (Lang::Zh, true, _) => "，分在不同部分（泄漏）",
        (Lang::Zh, _, true) => "，类别不同",
        (Lang::En, true, _) => ", in different parts (leakage)",
        (Lang::En, _, true) => ", with different classes",
        _ => "",
    };
    format!("{what}{why}")
}
