//! `tally import`: what real systems produce, and deliveries. The same file twice changes nothing.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};
use contract::event::Actor;
use contract::terms::{RequestClass, Side};
use desk::Desk;
use desk::import::{Format, Severity};
use desk::intake::{DeliveredItem, ImportOptions, ImportReport, IntakeFinding, IntakeProblem};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use units::{Id, Lang, Zone};

use crate::args::{Agreement, id};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Paint;
use crate::words::DeskWords as _;

/// How many findings of a file are shown.
const SHOWN: usize = 20;

/// Arguments of `import`.
#[derive(Debug, Args)]
pub(crate) struct Import {
    #[command(flatten)]
    agreement: Agreement,
    /// Files to import; with --as-delivery the files or the folder of the delivery
    #[arg(value_name = "FILE", required = true)]
    paths: Vec<PathBuf>,
    /// Format; recognised by the beginning of the file otherwise
    #[arg(long, value_name = "FORMAT")]
    format: Option<FileFormat>,
    /// Take nothing when anything is refused
    #[arg(long)]
    strict: bool,
    /// Decide everything and record nothing
    #[arg(long)]
    dry_run: bool,
    /// Zone of local times in the file; the agreement's otherwise
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    zone: Option<Zone>,
    /// Cluster, for tables of Slurm that do not name it
    #[arg(long, value_name = "NAME", default_value = "cluster")]
    cluster: String,
    /// Name of the prober, for probe tables
    #[arg(long, value_name = "NAME", default_value = "prober")]
    source: String,
    /// Seconds from one probe to the next
    #[arg(long, value_name = "SECONDS", default_value = "60")]
    probe_interval: NonZeroU32,
    /// A probe at most so many seconds late leaves no gap
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    tolerance: u32,
    /// A good answer slower than so many milliseconds is degraded
    #[arg(long, value_name = "MS")]
    degraded_above: Option<u64>,
    /// Declared purpose of the jobs
    #[arg(long, value_name = "PURPOSE")]
    purpose: Option<String>,
    /// Class of requests whose usage names none
    #[arg(long, value_name = "CLASS", default_value = "standard")]
    class: Class,
    /// Resource of measured values that name none
    #[arg(long, value_name = "NAME", value_parser = id)]
    resource: Option<Id>,
    /// Load of the host in percent under which values were measured
    #[arg(long, value_name = "PERCENT", default_value_t = 0)]
    load: u32,
    /// Import as a delivery of this name
    #[arg(long, value_name = "DELIVERY", value_parser = id, requires = "item")]
    as_delivery: Option<Id>,
    /// Work item that the delivery serves
    #[arg(long, value_name = "ITEM", value_parser = id)]
    item: Option<Id>,
    /// Round of the delivery, from 1; the next one otherwise
    #[arg(long, value_name = "N")]
    round: Option<u32>,
    /// Units, where the files do not say
    #[arg(long, value_name = "N")]
    quantity: Option<u64>,
    /// The person or machine that imports
    #[arg(long, value_name = "NAME", default_value = "import")]
    by: String,
}

/// A format that can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FileFormat {
    /// sacct --json
    SacctJson,
    /// sacct -P
    SacctText,
    /// sacctmgr show event -P
    SlurmEvents,
    /// CloudEvents, JSON lines or batch
    CloudEvents,
    /// A usage table
    UsageCsv,
    /// A probe table
    ProbeCsv,
}

/// A class of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Class {
    /// In the usual time
    Standard,
    /// Faster, for a higher price
    Urgent,
}

fn zone(text: &str) -> Result<Zone, String> {
    Zone::new(text).map_err(|_| "Asia/Shanghai".to_owned())
}

impl FileFormat {
    const fn format(self) -> Format {
        match self {
            Self::SacctJson => Format::SacctJson,
            Self::SacctText => Format::SacctText,
            Self::SlurmEvents => Format::SlurmEvents,
            Self::CloudEvents => Format::CloudEvents,
            Self::UsageCsv => Format::UsageCsv,
            Self::ProbeCsv => Format::ProbeCsv,
        }
    }
}

/// Imports files, or a delivery.
pub(crate) async fn run(args: Import, context: &mut Context) -> Result<(), Failure> {
    let desk = context.desk().await?;
    context.book(&desk, &args.agreement.id).await?;
    if args.as_delivery.is_some() {
        return delivery(&desk, args, context).await;
    }
    let actor = Actor::Deployment { name: args.by.clone() };
    let options = options(&args);
    let mut clean = true;
    let mut reports: Vec<Value> = Vec::new();
    for path in &args.paths {
        let progress = progress(path, context);
        let bytes = Context::read(path)?;
        let format = args.format.map(FileFormat::format);
        let report = desk.import(&args.agreement.id, &actor, format, &bytes, &options).await;
        progress.finish_and_clear();
        let report = report?;
        clean &= report.is_clean();
        if context.out.is_json() {
            let mut value = serde_json::to_value(&report).map_err(Failure::unwritable)?;
            value["file"] = path.display().to_string().into();
            reports.push(value);
        } else {
            show(path, &report, &args, context)?;
        }
    }
    if context.out.is_json() {
        context.out.json(&json!({ "files": reports, "clean": clean }))?;
    }
    if args.strict && !clean { Err(Failure::Problems) } else { Ok(()) }
}

fn options(args: &Import) -> ImportOptions {
    let mut options = ImportOptions {
        zone: args.zone.clone(),
        cluster: args.cluster.clone(),
        strict: args.strict,
        dry_run: args.dry_run,
        purpose: args.purpose.clone(),
        class: match args.class {
            Class::Standard => RequestClass::Standard,
            Class::Urgent => RequestClass::Urgent,
        },
        resource: args.resource.clone(),
        load_percent: args.load,
        ..ImportOptions::default()
    };
    options.prober.source.clone_from(&args.source);
    options.prober.interval_seconds = args.probe_interval;
    options.prober.tolerance_seconds = args.tolerance;
    options.prober.degraded_above_ms = args.degraded_above;
    options
}

/// A wheel that turns on a terminal while a file is taken.
fn progress(path: &Path, context: &Context) -> ProgressBar {
    if !context.out.shows_progress() {
        return ProgressBar::hidden();
    }
    let text = context.words.name(crate::words::Text::Importing);
    let style = ProgressStyle::with_template("{spinner} {msg} {elapsed}");
    let bar = ProgressBar::new_spinner().with_message(format!("{text} {}", path.display()));
    let bar = match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    };
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

fn show(
    path: &Path,
    report: &ImportReport,
    args: &Import,
    context: &mut Context,
) -> Result<(), Failure> {
    let words = context.words.clone();
    let file = path.display().to_string();
    let told: Vec<&IntakeFinding> =
        report.findings.iter().filter(|found| found.severity() != Severity::Notice).collect();
    for found in told.iter().take(SHOWN) {
        let line = finding(&file, found, context);
        let paint = match found.severity() {
            Severity::Refused => Paint::Red,
            _ => Paint::Yellow,
        };
        let line = context.out.paint_error(paint, &line);
        context.out.complain(&line)?;
    }
    if told.len() > SHOWN {
        let left = told.len() - SHOWN;
        let line = match words.lang {
            Lang::Zh => format!("… 另有 {left} 项（--json 输出全部）"),
            Lang::En => format!("… {left} more (--json prints them all)"),
        };
        context.out.complain(&line)?;
    }
    let format = report.format.map_or("?", |format| words.name(format));
    let sums = words.imported(report.taken, report.duplicates, report.conflicts, report.refused);
    let line = match words.lang {
        Lang::Zh => format!("{file}（{format}）：{sums}"),
        Lang::En => format!("{file} ({format}): {sums}"),
    };
    context.out.line(line)?;
    if report.skipped > 0 {
        let skipped = words.count(report.skipped);
        let line = match words.lang {
            Lang::Zh => format!("  另有 {skipped} 条尚未结束或不计费，未记入"),
            Lang::En => format!("  {skipped} more have not ended or are not billed; not recorded"),
        };
        context.out.line(line)?;
    }
    if let Some((first, last)) = report.entries {
        let line = words.recorded(first, last - first + 1);
        context.out.line(format!("  {line}"))?;
    } else if args.dry_run {
        let line = words.name(crate::words::Text::DryRun);
        context.out.line(format!("  {line}"))?;
    } else if report.taken == 0 && report.refused == 0 && report.conflicts == 0 {
        let line = words.name(crate::words::Text::NothingNew);
        context.out.line(format!("  {line}"))?;
    }
    Ok(())
}

fn finding(file: &str, found: &IntakeFinding, context: &Context) -> String {
    match &found.problem {
        IntakeProblem::Read(problem) => {
            let finding =
                desk::import::Finding { place: found.place.clone(), problem: problem.clone() };
            context.words.import_finding(file, &finding)
        }
        IntakeProblem::Taken(problem) => context.words.take_problem(file, &found.place, problem),
    }
}

/// Imports a delivery: its files are kept by their hashes, and the delivery is recorded.
async fn delivery(desk: &Desk, args: Import, context: &mut Context) -> Result<(), Failure> {
    let (Some(name), Some(item)) = (args.as_delivery, args.item) else { return Ok(()) };
    let book = desk.open_book(&args.agreement.id).await?;
    let before = book.state.facts.deliveries.get(&name).map_or(0, |found| found.round);
    let round = before + 1;
    if let Some(got) = args.round.filter(|got| *got != round) {
        return Err(contract::Refusal::RoundOutOfOrder { expected: round, got }.into());
    }
    let actor = Actor::of(Side::Vendor, &args.by);
    let items: Vec<DeliveredItem> = args
        .paths
        .iter()
        .map(|path| DeliveredItem {
            item: item.clone(),
            path: path.clone(),
            quantity: args.quantity,
        })
        .collect();
    let id = &args.agreement.id;
    let done = desk.import_delivery(id, &actor, &name, &items, args.strict).await;
    let done = done?;
    if context.out.is_json() {
        return context.out.json(&json!({
            "manifest": done.manifest,
            "sha256": done.sha256,
            "images_without_boxes": done.images_without_boxes,
            "unknown_labels": done.unknown_labels,
            "findings": done.findings,
            "entry": done.entry,
        }));
    }
    let words = context.words.clone();
    for found in done.findings.iter().take(SHOWN) {
        let line = words.delivery_finding(found);
        context.out.complain(&line)?;
    }
    for item in &done.manifest.items {
        let quantity = words.count(item.quantity);
        let files = item.files.len();
        let line = match words.lang {
            Lang::Zh => {
                format!("交付 {name} 第 {round} 轮：{} {quantity}，{files} 个文件", item.item)
            }
            Lang::En => {
                format!("delivery {name}, round {round}: {} {quantity}, {files} files", item.item)
            }
        };
        context.out.line(line)?;
    }
    if !done.unknown_labels.is_empty() {
        let labels = words.list(&done.unknown_labels);
        let text = context.say("  协议没有的标签：", "  labels that the agreement does not have: ");
        let text = context.out.paint(Paint::Yellow, &format!("{text}{labels}"));
        context.out.line(text)?;
    }
    let line = words.recorded(done.entry, 1);
    context.out.line(format!("  {line}"))
}
