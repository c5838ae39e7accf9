//! `tally convert`: labelled data from one format to another, with a report of what the target
//! cannot hold. Needs no deployment. Clause: anno-3.5.

use std::path::PathBuf;

use annotation::{Dataset, Finding, Limits, LossEntry, Losses, ReadError, Severity};
use clap::Args;
use clap::builder::PossibleValuesParser;
use formats::{Exported, Format, Imported};
use serde_json::{Value, json};
use units::Lang;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::Paint;
use crate::table::{Column, table};
use crate::words::DeskWords as _;

/// How many findings are shown unless all are asked for.
const SHOWN: usize = 10;

/// Arguments of `convert`.
#[derive(Debug, Args)]
pub(crate) struct Convert {
    /// What to read: a file, a folder or a zip archive
    #[arg(value_name = "IN")]
    input: PathBuf,
    /// The format to write
    #[arg(long, value_name = "FORMAT", value_parser = codes())]
    to: String,
    /// The folder, .zip archive or file to write; must not exist yet
    #[arg(long, value_name = "OUT")]
    out: PathBuf,
    /// The format of what is read; seen from its content otherwise
    #[arg(long, value_name = "FORMAT", value_parser = codes())]
    from: Option<String>,
    /// Convert nothing if a record is bad
    #[arg(long)]
    strict: bool,
    /// Show every finding
    #[arg(long)]
    all: bool,
}

fn codes() -> PossibleValuesParser {
    PossibleValuesParser::new(Format::ALL.map(Format::code))
}

fn format(code: &str) -> Format {
    let known = Format::ALL.into_iter().find(|format| format.code() == code);
    known.expect("the command line takes known formats alone")
}

/// Converts.
pub(crate) fn run(args: &Convert, context: &mut Context) -> Result<(), Failure> {
    let limits = Limits::default();
    let from = args.from.as_deref().map(format);
    let read = formats::import(&args.input, from, &limits, args.strict);
    let Imported { format: from, dataset, findings, mut losses } = match read {
        Ok(imported) => imported,
        Err(source) => return Err(refused(args, source, context)?),
    };
    let to = format(&args.to);
    let Exported { files, dataset, losses: lost } = formats::export(dataset, to, &limits);
    losses.merge(lost);
    formats::save(&files, &args.out).map_err(Failure::write(&args.out))?;
    if context.out.is_json() {
        return context.out.json(&json!({
            "from": from,
            "to": to,
            "out": args.out,
            "files": files.len(),
            "holds": counts(&dataset),
            "losses": losses,
            "findings": findings,
        }));
    }
    show_findings(&findings, args.all, context)?;
    let head = match context.words.lang {
        Lang::Zh => {
            format!("{} → {}：{} 个文件，{}", from.code(), to.code(), files.len(), zh(&dataset))
        }
        Lang::En => {
            format!("{} → {}: {} files, {}", from.code(), to.code(), files.len(), en(&dataset))
        }
    };
    context.out.heading(&head)?;
    show_losses(&losses, context)
}

/// Tells what strict reading refuses.
fn refused(args: &Convert, source: ReadError, context: &mut Context) -> Result<Failure, Failure> {
    if let ReadError::Refused(findings) = &source
        && !context.out.is_json()
    {
        show_findings(findings, args.all, context)?;
    }
    Ok(Failure::Delivery { path: args.input.clone(), source })
}

fn show_findings(findings: &[Finding], all: bool, context: &mut Context) -> Result<(), Failure> {
    let told = |finding: &&Finding| all || finding.severity != Severity::Notice;
    let told: Vec<&Finding> = findings.iter().filter(told).collect();
    let most = if all { usize::MAX } else { SHOWN };
    for finding in told.iter().take(most) {
        let line = context.words.delivery_finding(finding);
        let line = context.out.paint_error(Paint::Yellow, &line);
        context.out.note(&line)?;
    }
    if told.len() > most {
        let line = more(told.len() - most, context);
        context.out.note(&line)?;
    }
    Ok(())
}

fn more(count: usize, context: &Context) -> String {
    match context.words.lang {
        Lang::Zh => format!("  … 另有 {count} 项（--all 显示全部）"),
        Lang::En => format!("  … {count} more (--all shows them)"),
    }
}

fn show_losses(losses: &Losses, context: &mut Context) -> Result<(), Failure> {
    if losses.is_empty() {
        let line = context.say("没有损失", "nothing was lost").to_owned();
        return context.out.line(line);
    }
    let row = |entry: LossEntry| {
        vec![
            context.words.name(entry.effect).to_owned(),
            context.words.name(entry.code).to_owned(),
            context.words.count(entry.count),
            entry.places.first().cloned().unwrap_or_default(),
        ]
    };
    let rows: Vec<Vec<String>> = losses.entries().into_iter().map(row).collect();
    let header = [
        (context.say("结果", "effect"), Column::Left),
        (context.say("内容", "what"), Column::Text),
        (context.say("数量", "count"), Column::Right),
        (context.say("首处", "first"), Column::Text),
    ];
    let text = table(context, &header, rows);
    context.out.line(text)
}

/// What a dataset holds, kind by kind.
fn counts(dataset: &Dataset) -> Value {
    json!({
        "images": dataset.images.len(),
        "videos": dataset.videos.len(),
        "texts": dataset.texts.len(),
        "classes": dataset.classes.len(),
        "boxes": dataset.boxes.len(),
        "labels": dataset.labels.len(),
        "spans": dataset.spans.len(),
        "events": dataset.events.len(),
    })
}

fn kinds(dataset: &Dataset) -> [(usize, &'static str, &'static str); 7] {
    [
        (dataset.images.len(), "张图像", "images"),
        (dataset.videos.len(), "段视频", "videos"),
        (dataset.texts.len(), "篇文本", "texts"),
        (dataset.boxes.len(), "个框", "boxes"),
        (dataset.labels.len(), "个标签", "labels"),
        (dataset.spans.len(), "个片段", "passages"),
        (dataset.events.len(), "个事件", "events"),
    ]
}

fn zh(dataset: &Dataset) -> String {
    let held = kinds(dataset).into_iter().filter(|(count, ..)| *count > 0);
    held.map(|(count, zh, _)| format!("{count} {zh}")).collect::<Vec<_>>().join("、")
}

fn en(dataset: &Dataset) -> String {
    let held = kinds(dataset).into_iter().filter(|(count, ..)| *count > 0);
    held.map(|(count, _, en)| format!("{count} {en}")).collect::<Vec<_>>().join(", ")
}
