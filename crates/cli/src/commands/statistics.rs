//! `tally statistics`: what labelled data hold, and how good they are where gold is at hand; for
//! the terminal, and as a report for people. Needs no deployment. Clauses: anno-3.5, anno-3.6.

use std::path::PathBuf;

use annotation::{Delivery, Limits, QualityReport, Statistics as Counts, quality};
use clap::Args;
use desk::intake::files_of;
use document::paper::{self, Paper, Part};
use document::statistics::{self, Report, ReportedFile};
use formats::Imported;
use serde_json::json;
use units::Zone;

use super::quality::{Matching, open};
use crate::context::Context;
use crate::failure::Failure;
use crate::table::{Column, table};

/// How many signs the longest bar has.
const LONGEST: u64 = 40;

/// Arguments of `statistics`.
#[derive(Debug, Args)]
pub(crate) struct Statistics {
    /// Labelled data in any format that `tally convert` reads
    #[arg(value_name = "PATH")]
    data: PathBuf,
    /// Gold, for the part on quality
    #[arg(long, value_name = "PATH")]
    gold: Option<PathBuf>,
    #[command(flatten)]
    matching: Matching,
    /// The guideline that was worked by, as the report shall name it
    #[arg(long, value_name = "TEXT")]
    guideline: Option<String>,
    /// File for the report: .docx, .pdf, .html or .json
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Counts, judges and writes.
pub(crate) fn run(args: &Statistics, context: &mut Context) -> Result<(), Failure> {
    let limits = Limits::default();
    let read = formats::import(&args.data, None, &limits, false)
        .map_err(|source| Failure::Delivery { path: args.data.clone(), source })?;
    let Imported { format, dataset, findings, .. } = read;
    super::quality::tell(&findings, context)?;
    let counts = Counts::of(&dataset);
    let quality = judged(args, dataset, context)?;
    let files: Vec<ReportedFile> = files_of(&args.data)?
        .into_iter()
        .map(|file| ReportedFile {
            name: file.name,
            size: file.size,
            sha256: file.sha256.to_string(),
        })
        .collect();
    let name = args.data.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_else(|| args.data.display().to_string());
    let report = Report {
        name: &name,
        format: format.code(),
        day: context.clock().date(&Zone::shanghai()),
        guideline: args.guideline.as_deref(),
        statistics: &counts,
        quality: quality.as_ref(),
        files: &files,
    };
    if let Some(out) = &args.out {
        let paper = statistics::paper(&report, context.words.lang);
        write(&paper, &as_json(&report), out, context)?;
    }
    if context.out.is_json() {
        return context.out.json(&as_json(&report));
    }
    show(&report, context)
}

fn judged(
    args: &Statistics,
    dataset: annotation::Dataset,
    context: &mut Context,
) -> Result<Option<QualityReport>, Failure> {
    let Some(gold) = &args.gold else { return Ok(None) };
    let options = args.matching.options(false)?;
    let gold = open(gold, false, context)?;
    let report = quality(&Delivery::of(dataset), &gold, &options).map_err(Failure::Quality)?;
    Ok(Some(report))
}

fn as_json(report: &Report<'_>) -> serde_json::Value {
    json!({
        "name": report.name,
        "format": report.format,
        "day": report.day,
        "guideline": report.guideline,
        "statistics": report.statistics,
        "quality": report.quality,
        "files": report.files,
    })
}

/// Writes a paper; the ending says the format. `plain` is the same for machines.
pub(super) fn write(
    paper: &Paper,
    plain: &serde_json::Value,
    out: &std::path::Path,
    context: &mut Context,
) -> Result<(), Failure> {
    let lang = context.words.lang;
    let ending = out.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let bytes = match ending.to_ascii_lowercase().as_str() {
        "docx" => paper::word(paper),
        "html" | "htm" => paper::html(paper, lang).into_bytes(),
        "pdf" => paper::pdf(paper, lang).map_err(Failure::Print)?,
        "json" => {
            let mut text = serde_json::to_vec_pretty(plain).map_err(Failure::unwritable)?;
            text.push(b'\n');
            text
        }
        _ => {
            let zh = "--out 的文件名须以 .docx、.pdf、.html 或 .json 结尾";
            let message = context.say(zh, "--out ends in .docx, .pdf, .html or .json").to_owned();
            return Err(Failure::Arguments { message });
        }
    };
    Context::write(out, &bytes)?;
    let note = match lang {
        units::Lang::Zh => format!("已写出 {}", out.display()),
        units::Lang::En => format!("{} was written", out.display()),
    };
    context.out.note(&note)
}

fn show(report: &Report<'_>, context: &mut Context) -> Result<(), Failure> {
    let lang = context.words.lang;
    context.out.heading(&format!("{} · {}", statistics::title(lang), report.name))?;
    for part in statistics::parts(report, lang) {
        if !matches!(part, Part::Note { .. }) {
            context.out.line("")?;
        }
        match part {
            Part::Heading { text } => context.out.heading(&text)?,
            Part::Note { text } | Part::Text { text } => context.out.line(text)?,
            Part::Pictures { rows } => {
                for picture in rows {
                    context.out.line(picture.name)?;
                }
            }
            Part::Reaches { rows } => {
                let rows = rows.into_iter().map(|row| vec![row.label, row.figure]);
                let header = [("", Column::Left), ("", Column::Right)];
                let text = table(context, &header, rows.collect::<Vec<_>>());
                context.out.line(text)?;
            }
            Part::Facts { rows } => {
                let rows = rows.into_iter().map(|(label, value)| vec![label, value]);
                let text = table(
                    context,
                    &[("", Column::Left), ("", Column::Right)],
                    rows.collect::<Vec<_>>(),
                );
                context.out.line(text)?;
            }
            Part::Bars { rows } => {
                let rows = rows.into_iter().map(|row| {
                    let signs = (row.length * LONGEST).div_ceil(1_000);
                    let bar = "█".repeat(usize::try_from(signs).unwrap_or_default());
                    vec![row.label, row.count, bar]
                });
                let header = [("", Column::Left), ("", Column::Right), ("", Column::Left)];
                let text = table(context, &header, rows.collect::<Vec<_>>());
                context.out.line(text)?;
            }
            Part::Table { columns, rows } => {
                let header: Vec<(&str, Column)> = columns
                    .iter()
                    .map(|column| {
                        let side = if column.right { Column::Right } else { Column::Text };
                        (column.name.as_str(), side)
                    })
                    .collect();
                let text = table(context, &header, rows);
                context.out.line(text)?;
            }
        }
    }
    Ok(())
}
