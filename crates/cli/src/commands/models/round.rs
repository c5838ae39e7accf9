//! `tally round`: a training under its agreement. The test set is sealed, a run is recorded with
//! what it took, the test set is opened on record, the model judged by the signed standards and
//! handed over. Clauses: train-2.2.3, train-4.2, train-4.3, train-5.1.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::{Args, Subcommand};
use contract::event::Actor;
use desk::Desk;
use desk::rounds::{self, Judged, Judgement, Run, TestImage, TestSet};
use desk::world::Stopwatch;
use journal::Hash;
use serde_json::{Value, json};
use training::{Limits, Part, read_folder};
use units::Lang;

use super::ModelFailure;
use crate::args::{Agreement, By, Party};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Paint;
use crate::table::{Column, table};

/// Steps of a training under its agreement.
#[derive(Debug, Subcommand)]
pub(crate) enum Round {
    /// Seal the test set, before the first round: its images and classes by their hashes
    Seal(Seal),
    /// Train as `tally train` does and record the run as the next round
    Train(TrainRound),
    /// Open the sealed test set on record and judge a round's model by the signed standards
    Evaluate(EvaluateRound),
    /// Hand a round's model over
    Deliver(Deliver),
}

/// Who acts at which agreement.
#[derive(Debug, Args)]
struct Who {
    #[command(flatten)]
    agreement: Agreement,
    /// The party for which somebody acts
    #[arg(long = "as", value_name = "PARTY", default_value = "vendor")]
    party: Party,
    #[command(flatten)]
    by: By,
}

impl Who {
    fn actor(&self) -> Actor {
        Actor::of(self.party.side(), &self.by.by)
    }
}

/// Arguments of `round seal`.
#[derive(Debug, Args)]
pub(crate) struct Seal {
    #[command(flatten)]
    who: Who,
    /// The folder: CLASS/IMAGE, or test/CLASS/IMAGE
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Arguments of `round train`.
#[derive(Debug, Args)]
pub(crate) struct TrainRound {
    #[command(flatten)]
    who: Who,
    /// The folder: train/CLASS/IMAGE and, where there is one, validation/CLASS/IMAGE
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The folder of the package
    #[arg(long, value_name = "PACKAGE")]
    out: PathBuf,
    /// Options of `tally train`
    #[arg(last = true, value_name = "OPTION")]
    options: Vec<String>,
}

/// Arguments of `round evaluate`.
#[derive(Debug, Args)]
pub(crate) struct EvaluateRound {
    #[command(flatten)]
    who: Who,
    /// The package
    #[arg(value_name = "PACKAGE")]
    package: PathBuf,
    /// The test set as it was sealed
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The round, from 1
    #[arg(long, value_name = "ROUND")]
    round: u32,
    /// Options of `tally evaluate`
    #[arg(last = true, value_name = "OPTION")]
    options: Vec<String>,
}

/// Arguments of `round deliver`.
#[derive(Debug, Args)]
pub(crate) struct Deliver {
    #[command(flatten)]
    who: Who,
    /// The package
    #[arg(value_name = "PACKAGE")]
    package: PathBuf,
    /// The round, from 1
    #[arg(long, value_name = "ROUND")]
    round: u32,
    /// Why it is handed over although a standard was not seen to be reached
    #[arg(long, value_name = "WHY")]
    although: Option<String>,
}

/// Carries a step out.
pub(crate) async fn run(args: Round, context: &mut Context) -> Result<(), Failure> {
    let desk = context.desk().await?;
    match args {
        Round::Seal(args) => seal(&desk, &args, context).await,
        Round::Train(args) => train(&desk, &args, context).await,
        Round::Evaluate(args) => evaluate(&desk, &args, context).await,
        Round::Deliver(args) => deliver(&desk, &args, context).await,
    }
}

async fn seal(desk: &Desk, args: &Seal, context: &mut Context) -> Result<(), Failure> {
    context.book(desk, &args.who.agreement.id).await?;
    let set = test_set(&args.folder)?;
    let recorded = rounds::seal(desk, &args.who.actor(), &args.who.agreement.id, &set).await?;
    context.recorded(&recorded)
}

/// The test set of a folder: every file, readable as an image or not.
fn test_set(folder: &Path) -> Result<TestSet, Failure> {
    let mut images = Vec::new();
    each(folder, Part::Test, |part, class, bytes| {
        if part == Part::Test {
            let (sha256, class) = (Hash::of(bytes).to_string(), class.to_owned());
            images.push(TestImage { sha256, class });
        }
    })?;
    Ok(TestSet::new(images))
}

/// Reads every file of a folder: its part, its class and its bytes.
fn each(
    folder: &Path,
    otherwise: Part,
    mut take: impl FnMut(Part, &str, &[u8]),
) -> Result<(), Failure> {
    let failed = |error| Failure::Model(Box::new(ModelFailure::Dataset(error)));
    let dataset = read_folder(folder, otherwise, &Part::ALL, &Limits::default());
    let dataset = dataset.map_err(failed)?;
    for image in &dataset.images {
        let bytes = Context::read(&folder.join(&image.name))?;
        let class = dataset.classes.get(image.class).map_or("", String::as_str);
        take(image.part, class, &bytes);
    }
    Ok(())
}

async fn train(desk: &Desk, args: &TrainRound, context: &mut Context) -> Result<(), Failure> {
    let (id, actor) = (&args.who.agreement.id, args.who.actor());
    context.book(desk, id).await?;
    rounds::may_run(desk, &actor, id).await?;
    let sealed = rounds::sealed(desk, id).await?;
    let hashes = sealed.as_ref().map(TestSet::hashes).unwrap_or_default();
    let data_bytes = learned(&args.folder, &hashes)?;
    let begun = Stopwatch::start();
    let mut words = vec!["train".into(), args.folder.clone().into_os_string()];
    words.extend(["--out".into(), args.out.clone().into_os_string()]);
    words.extend(args.options.iter().map(Into::into));
    let trained = child(words, context)?;
    let training_seconds = begun.elapsed().as_secs().max(1);
    let manifest = Context::read(&args.out.join("manifest.json"))?;
    let head = Context::read(&args.out.join("head.safetensors"))?;
    let parameters = rounds::trained_parameters(&head);
    let run = Run { parameters, data_bytes, training_seconds };
    let round = rounds::finish(desk, &actor, id, run, &manifest).await?;
    if context.out.is_json() {
        return context.out.json(&json!({
            "round": round,
            "parameters": parameters,
            "data_bytes": data_bytes,
            "training_seconds": training_seconds,
            "trained": trained,
        }));
    }
    context.out.line(match context.words.lang {
        Lang::Zh => format!(
            "已登记第 {round} 轮：可训练参数 {parameters}，数据 {data_bytes} 字节，用时 {training_seconds} 秒"
        ),
        Lang::En => format!(
            "round {round} recorded: {parameters} trained parameters, {data_bytes} bytes of data, \
             {training_seconds} s"
        ),
    })
}

/// Bytes of the images that are learned from, none of which may be in the test set.
fn learned(folder: &Path, sealed: &BTreeSet<&str>) -> Result<u64, Failure> {
    let (mut bytes, mut leaks) = (0, 0);
    each(folder, Part::Train, |part, _, content| {
        if part != Part::Test {
            bytes += content.len() as u64;
            leaks += usize::from(sealed.contains(Hash::of(content).to_string().as_str()));
        }
    })?;
    if leaks > 0 {
        let folder = folder.to_owned();
        return Err(Failure::Model(Box::new(ModelFailure::Leak { folder, images: leaks })));
    }
    Ok(bytes)
}

/// Runs a command of this program in a process of its own. With `--json` its document comes back;
/// else it prints as it does.
fn child(mut words: Vec<std::ffi::OsString>, context: &Context) -> Result<Value, Failure> {
    let failed = |source| Failure::Model(Box::new(ModelFailure::Child { source }));
    words.extend(["--lang".into(), context.words.lang.code().into()]);
    let json = context.out.is_json();
    if json {
        words.push("--json".into());
    }
    answer(words, json).map_err(failed)?.ok_or(Failure::Problems)
}

/// What the child printed; nothing where it failed, which it said itself.
fn answer(words: Vec<std::ffi::OsString>, json: bool) -> std::io::Result<Option<Value>> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(words).stdin(Stdio::null()).stderr(Stdio::inherit());
    if !json {
        let status = command.stdout(Stdio::inherit()).status()?;
        return Ok(status.success().then_some(Value::Null));
    }
    let output = command.stdout(Stdio::piped()).output()?;
    if !output.status.success() {
        return Ok(None);
    }
    Ok(Some(serde_json::from_slice(&output.stdout)?))
}

async fn evaluate(desk: &Desk, args: &EvaluateRound, context: &mut Context) -> Result<(), Failure> {
    let (id, actor) = (&args.who.agreement.id, args.who.actor());
    context.book(desk, id).await?;
    training::verify(&args.package).map_err(ModelFailure::package)?;
    let manifest = Context::read(&args.package.join("manifest.json"))?;
    let set = test_set(&args.folder)?;
    rounds::open(desk, &actor, id, args.round, (&set, &Hash::of(&manifest))).await?;
    let mut words = vec!["evaluate".into(), args.package.clone().into_os_string()];
    words.push(args.folder.clone().into_os_string());
    words.push("--json".into());
    words.extend(args.options.iter().map(Into::into));
    let failed = |source| Failure::Model(Box::new(ModelFailure::Child { source }));
    let answer = answer(words, true).map_err(failed)?.ok_or(Failure::Problems)?;
    let report = serde_json::to_vec(&answer).map_err(Failure::unwritable)?;
    let said: Judgement = serde_json::from_value(answer.clone())
        .map_err(|error| failed(std::io::Error::other(error)))?;
    if !said.refused.is_empty() {
        // Images that no model can be judged by would make the sample another one.
        let (folder, images) = (args.folder.clone(), said.refused.len());
        return Err(Failure::Model(Box::new(ModelFailure::Unjudged { folder, images })));
    }
    let judged = rounds::judge(desk, &actor, id, args.round, (&said.counts(), &report)).await?;
    if context.out.is_json() {
        let answer = json!({ "round": args.round, "standards": judged, "evaluated": answer });
        context.out.json(&answer)?;
    } else {
        show(&judged, context)?;
    }
    if judged.iter().all(|one| one.met) { Ok(()) } else { Err(Failure::Problems) }
}

fn show(judged: &[Judged], context: &mut Context) -> Result<(), Failure> {
    let words = context.words.clone();
    let rows = judged.iter().map(|one| {
        let (paint, verdict) = match one.met {
            true => (Paint::Green, context.say("达到", "reached")),
            false => (Paint::Red, context.say("未达到", "not reached")),
        };
        let of = one.standard.class.as_deref().unwrap_or_default();
        let value = one.value.map_or("—".to_owned(), |value| words.share(value));
        vec![
            context.out.paint(paint, verdict),
            words.name(one.standard.metric).to_owned(),
            format!("{} {of}", words.name(one.standard.average)).trim_end().to_owned(),
            words.percent(one.standard.threshold),
            value,
            words.count(one.items),
        ]
    });
    let header = [
        (context.say("结论", "verdict"), Column::Left),
        (context.say("指标", "measure"), Column::Left),
        (context.say("口径", "over"), Column::Left),
        (context.say("要求", "required"), Column::Right),
        (context.say("实测", "measured"), Column::Right),
        (context.say("图片数", "images"), Column::Right),
    ];
    let text = table(context, &header, rows.collect::<Vec<_>>());
    context.out.line(text)
}

async fn deliver(desk: &Desk, args: &Deliver, context: &mut Context) -> Result<(), Failure> {
    let (id, actor) = (&args.who.agreement.id, args.who.actor());
    context.book(desk, id).await?;
    let manifest = training::verify(&args.package).map_err(ModelFailure::package)?;
    let bytes = Context::read(&args.package.join("manifest.json"))?;
    for name in manifest.files.keys() {
        desk.put(id, &Context::read(&args.package.join(name))?).await?;
    }
    let what = (bytes.as_slice(), args.although.as_deref());
    let recorded = rounds::deliver(desk, &actor, id, args.round, what).await?;
    context.recorded(&recorded)
}
