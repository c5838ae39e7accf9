//! `tally intake`: raw data is checked, hashed and listed in a manifest that both parties can sign,
//! before anybody labels it. Needs no deployment. Clauses: anno-3.1, anno-3.4, anno-6.2.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::builder::RangedU64ValueParser;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use media::{
    Count, Finding, IntakeError, Keep, KeepError, Modality, Options, Original, Report, Severity,
    Split, Taken,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use units::Lang;

use crate::bucket;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Paint;
use crate::words::DeskWords as _;

/// How many findings are shown unless all are asked for.
const SHOWN: usize = 20;
/// The form of the manifest.
const FORMAT: &str = "tallystick/raw-data/1";

/// Arguments of `intake`.
#[derive(Debug, Args)]
pub(crate) struct Intake {
    /// Files, folders, archives (zip, tar, tar.gz) or buckets (s3://BUCKET/PREFIX)
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// Folder for originals, shown copies, thumbnails and the manifest; must not exist yet
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Write the manifest as JSON to this file
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// Take nothing if a file is bad
    #[arg(long)]
    strict: bool,
    /// Take this kind of data only
    #[arg(long, value_name = "KIND")]
    only: Option<Only>,
    /// Each line of a text is an item, instead of each file
    #[arg(long, conflicts_with = "column")]
    lines: bool,
    /// Each row of a table is an item: the text in this column of a CSV or TSV file
    #[arg(long, value_name = "NAME")]
    column: Option<String>,
    /// Take the same content as often as it is there
    #[arg(long)]
    keep_duplicates: bool,
    /// Bits in which fingerprints of images that look alike may differ, 0 to 7
    #[arg(long, value_name = "BITS", default_value = "3",
        value_parser = RangedU64ValueParser::<u32>::new().range(0..=7))]
    near: u32,
    /// Warranty of rights: where the data comes from and why it may be used
    #[arg(long, value_name = "TEXT")]
    rights: Option<String>,
    /// The class of personal data in it
    #[arg(long, value_name = "CLASS")]
    personal_data: Option<PersonalData>,
    /// How the data was de-identified, and for what purpose
    #[arg(long, value_name = "TEXT")]
    deidentified: Option<String>,
    /// Show every finding
    #[arg(long)]
    all: bool,
}

/// A kind of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Only {
    /// Images
    Image,
    /// Texts
    Text,
    /// Videos
    Video,
}

/// Classes of personal data, as the Personal Information Protection Law has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PersonalData {
    /// None
    None,
    /// Personal data
    Personal,
    /// Sensitive personal data: biometrics, health, whereabouts, minors under 14
    Sensitive,
}

/// Takes in, writes and shows.
pub(crate) async fn run(args: &Intake, context: &mut Context) -> Result<(), Failure> {
    let options = options(args);
    if let Some(out) = args.out.as_deref().filter(|out| out.exists()) {
        return Err(Failure::write(out)(io::ErrorKind::AlreadyExists.into()));
    }
    let work = work(args.out.as_deref())?;
    let scratch = work.path().join("unpacked");
    std::fs::create_dir(&scratch).map_err(Failure::write(&scratch))?;
    let fetched = fetch(args, work.path(), context).await?;
    let mut report = take(args, &options, (work.path(), &fetched.places), &scratch, context)?;
    report.findings.extend(fetched.findings);
    let manifest = manifest(args, &report);
    let mut bytes = serde_json::to_vec_pretty(&manifest).map_err(Failure::unwritable)?;
    bytes.push(b'\n');
    let refused = args.strict && report.has_errors();
    if !refused {
        if let Some(path) = &args.manifest {
            Context::write(path, &bytes)?;
        }
        if let Some(out) = &args.out {
            std::fs::remove_dir_all(&scratch).map_err(Failure::write(&scratch))?;
            for (_, place) in &fetched.places {
                std::fs::remove_dir_all(place).map_err(Failure::write(place))?;
            }
            let path = work.path().join("manifest.json");
            Context::write(&path, &bytes)?;
            std::fs::rename(work.keep(), out).map_err(Failure::write(out))?;
        }
    }
    if context.out.is_json() {
        context.out.json(&manifest)?;
    } else {
        show(args, &report, &bytes, context)?;
    }
    if refused { Err(Failure::Problems) } else { Ok(()) }
}

/// What was fetched from buckets: where each lies, by its place among the paths.
struct Fetched {
    places: Vec<(usize, PathBuf)>,
    findings: Vec<Finding>,
}

async fn fetch(args: &Intake, folder: &Path, context: &Context) -> Result<Fetched, Failure> {
    let mut fetched = Fetched { places: Vec::new(), findings: Vec::new() };
    let env = |name: &str| std::env::var(name).ok();
    for (at, address) in args.paths.iter().enumerate() {
        if !bucket::is_address(address) {
            continue;
        }
        let place = folder.join(format!("fetched-{at}"));
        std::fs::create_dir(&place).map_err(Failure::write(&place))?;
        let bar = progress(context);
        let seen = |files, bytes| {
            bar.set_position(files);
            bar.set_message(context.words.bytes(bytes));
        };
        let found = bucket::fetch(address, &place, &env, seen).await?;
        bar.finish_and_clear();
        fetched.findings.extend(found.findings);
        fetched.places.push((at, place));
    }
    Ok(fetched)
}

/// A folder for what is on its way: beside the one that it becomes, so that it can be moved there.
fn work(out: Option<&Path>) -> Result<tempfile::TempDir, Failure> {
    let Some(out) = out else {
        return tempfile::tempdir().map_err(Failure::write(&std::env::temp_dir()));
    };
    let parent = out.parent().filter(|parent| *parent != Path::new(""));
    let parent = parent.unwrap_or(Path::new("."));
    tempfile::tempdir_in(parent).map_err(Failure::write(parent))
}

fn options(args: &Intake) -> Options {
    let split = match (&args.column, args.lines) {
        (Some(column), _) => Split::Rows { column: column.clone() },
        (None, true) => Split::Lines,
        (None, false) => Split::File,
    };
    let modality = args.only.map(|only| match only {
        Only::Image => Modality::Image,
        Only::Text => Modality::Text,
        Only::Video => Modality::Video,
    });
    Options {
        split,
        modality,
        copies: args.out.is_some(),
        keep_duplicates: args.keep_duplicates,
        near_bits: Some(args.near),
        ..Options::default()
    }
}

fn take(
    args: &Intake,
    options: &Options,
    (folder, fetched): (&Path, &[(usize, PathBuf)]),
    scratch: &Path,
    context: &Context,
) -> Result<Report, Failure> {
    let bar = progress(context);
    let mut files = Files { folder: folder.to_path_buf(), texts: None };
    let mut none = ();
    let keep: &mut dyn Keep = if args.out.is_some() { &mut files } else { &mut none };
    let mut told = |count: Count| {
        bar.set_position(count.files);
        bar.set_message(context.words.bytes(count.bytes));
    };
    let mut intake = media::Intake::new(options, scratch, keep, &mut told);
    for (at, path) in args.paths.iter().enumerate() {
        let place = fetched.iter().find(|(of, _)| *of == at).map(|(_, place)| place);
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.unwrap_or_else(|| "data".to_owned());
        let before = if args.paths.len() > 1 { format!("{name}/") } else { String::new() };
        intake.take(place.unwrap_or(path), &name, &before).map_err(failed)?;
    }
    let report = intake.finish().map_err(failed)?;
    bar.finish_and_clear();
    Ok(report)
}

fn failed(error: IntakeError) -> Failure {
    match error {
        IntakeError::Open { path, source } => Failure::Read { path, source },
        IntakeError::Scratch { path, source } => Failure::Write { path, source },
        IntakeError::Kept { name, source } => {
            let source = match source.downcast::<io::Error>() {
                Ok(error) => *error,
                Err(other) => io::Error::other(other),
            };
            Failure::Write { path: name.into(), source }
        }
    }
}

fn progress(context: &Context) -> ProgressBar {
    if !context.out.shows_progress() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    let words = match context.words.lang {
        Lang::Zh => "{spinner} 已读 {pos} 个文件，{msg}",
        Lang::En => "{spinner} {pos} files read, {msg}",
    };
    if let Ok(style) = ProgressStyle::with_template(words) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// Items as files of a folder. Texts that were lines of a file stand in one file of JSON lines.
struct Files {
    folder: PathBuf,
    texts: Option<io::BufWriter<std::fs::File>>,
}

impl Files {
    fn write(&self, kind: &str, name: &str, bytes: &[u8]) -> io::Result<()> {
        std::fs::write(self.place(kind, name)?, bytes)
    }

    fn place(&self, kind: &str, name: &str) -> io::Result<PathBuf> {
        let path = self.folder.join(kind).join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        Ok(path)
    }

    fn line(&mut self, name: &str, text: &str) -> io::Result<()> {
        if self.texts.is_none() {
            let file = std::fs::File::create(self.folder.join("texts.jsonl"))?;
            self.texts = Some(io::BufWriter::new(file));
        }
        let Some(texts) = &mut self.texts else { return Ok(()) };
        writeln!(texts, "{}", json!({ "name": name, "text": text }))
    }
}

impl Keep for Files {
    fn keep(&mut self, taken: Taken<'_>) -> Result<(), KeepError> {
        let name = &taken.item.name;
        match taken.original {
            Original::File(path) => {
                std::fs::copy(path, self.place("originals", name)?)?;
            }
            Original::Passage(text) => self.line(name, text)?,
        }
        if let Some(shown) = taken.shown {
            self.write("display", &format!("{name}.jpg"), &shown.display)?;
            self.write("thumbnails", &format!("{name}.jpg"), &shown.thumbnail)?;
        }
        Ok(())
    }
}

fn manifest(args: &Intake, report: &Report) -> Value {
    let class = args.personal_data.map(|class| match class {
        PersonalData::None => "none",
        PersonalData::Personal => "personal",
        PersonalData::Sensitive => "sensitive",
    });
    json!({
        "format": FORMAT,
        "rights": args.rights,
        "personal_data": class,
        "deidentified": args.deidentified,
        "read": report.read,
        "items": report.items,
        "duplicates": report.duplicates,
        "near": report.near,
        "findings": report.findings,
    })
}

fn show(
    args: &Intake,
    report: &Report,
    manifest: &[u8],
    context: &mut Context,
) -> Result<(), Failure> {
    let most = if args.all { usize::MAX } else { SHOWN };
    // What was not taken comes first.
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    findings.sort_by_key(|finding| finding.severity != Severity::Error);
    for finding in findings.iter().take(most) {
        let line = context.words.media_finding(finding);
        let paint = if finding.severity == Severity::Error { Paint::Red } else { Paint::Yellow };
        let line = context.out.paint_error(paint, &line);
        context.out.note(&line)?;
    }
    if findings.len() > most {
        let more = findings.len() - most;
        let line = match context.words.lang {
            Lang::Zh => format!("  … 另有 {more} 项（--all 显示全部）"),
            Lang::En => format!("  … {more} more (--all shows them)"),
        };
        context.out.note(&line)?;
    }
    let errors = findings.iter().filter(|one| one.severity == Severity::Error).count();
    let (read, bytes) = (report.read.files, context.words.bytes(report.read.bytes));
    let (items, twice, near) = (report.items.len(), report.duplicates.len(), report.near.len());
    let heading = match context.words.lang {
        Lang::Zh => format!("读取 {read} 个文件，{bytes}；采用 {items} 条"),
        Lang::En => format!("{read} files read, {bytes}; {items} items taken"),
    };
    context.out.heading(&heading)?;
    let line = match context.words.lang {
        Lang::Zh => format!("重复 {twice} 条，相似图像 {near} 组，未采用 {errors} 处"),
        Lang::En => format!("{twice} duplicates, {near} groups of like images, {errors} not taken"),
    };
    context.out.line(line)?;
    if args.strict && errors > 0 {
        let line = context.say(
            "--strict 下有误则全部不采用：什么也没有写出",
            "--strict takes nothing where something is bad: nothing was written",
        );
        return context.out.line(line);
    }
    if args.manifest.is_some() || args.out.is_some() {
        let sum = hex::encode(Sha256::digest(manifest));
        let line = match context.words.lang {
            Lang::Zh => format!("清单 SHA-256：{sum}"),
            Lang::En => format!("manifest SHA-256: {sum}"),
        };
        context.out.line(line)?;
    }
    Ok(())
}
