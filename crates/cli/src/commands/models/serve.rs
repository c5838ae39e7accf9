//! `tally serve PACKAGE`: a delivered classifier over HTTP, until it is told to stop. Every
//! answered image is a line of a file that `tally import` reads. Clauses: class-4.1, class-4.3,
//! class-5.1.

use std::net::SocketAddr;
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use classification::{
    Ledger, Left, LeftOut, Loading, Models, Opened, Standing, Turning, Version, load,
};
use serde_json::json;
use server::serving::{Config, Keys, Serving};
use tokio::net::TcpListener;
use units::Lang;

use super::{EngineArgs, ModelFailure};
use crate::commands::serve::told_to_stop;
use crate::context::Context;
use crate::failure::Failure;

/// Bytes of a mebibyte.
const MEBI: u64 = 1 << 20;
/// The file of what is loaded, beside the usage records: one process holds that folder.
const STANDING: &str = "versions.json";
/// A million.
const MEGA: u64 = 1_000_000;

/// How a classifier is served; only beside PACKAGE.
#[derive(Debug, Args)]
#[command(next_help_heading = "PACKAGE")]
pub(crate) struct ServeModel {
    /// Name of the model; otherwise that of the folder
    #[arg(long, value_name = "NAME")]
    classifier: Option<String>,
    /// Name of the version
    #[arg(long, value_name = "NAME", default_value = "1")]
    classifier_version: String,
    /// Images that are worked on at once, one thread each; otherwise one for each core
    #[arg(long, value_name = "COUNT")]
    workers: Option<NonZeroUsize>,
    /// Images that may wait, in each class of requests
    #[arg(long, value_name = "COUNT", default_value = "256")]
    queue: usize,
    /// Answers that are kept by the bytes of their image; the bill says which came from there
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    cache: usize,
    /// Folder of the usage records; otherwise `usage` in the folder of --data
    #[arg(long, value_name = "DIR")]
    usage: Option<PathBuf>,
    /// Mebibytes after which a file of usage records is closed and the next begins
    #[arg(long, value_name = "MIB")]
    usage_size: Option<NonZeroU64>,
    /// Close the files of usage records with each day of UTC
    #[arg(long)]
    usage_daily: bool,
    /// Name of this service in its usage records
    #[arg(long, value_name = "NAME", default_value = "tally-serve")]
    usage_source: String,
    /// File with keys: a line `name key` for each customer, `name key admin` to manage versions
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// Folder below which packages may be loaded while it runs
    #[arg(long, value_name = "DIR")]
    packages: Option<PathBuf>,
    /// Mebibytes of an image at most
    #[arg(long, value_name = "MIB", default_value = "20")]
    max_image: NonZeroU64,
    /// Millions of pixels of an image at most
    #[arg(long, value_name = "MP", default_value = "50")]
    max_pixels: NonZeroU64,
    /// Images of one request at most
    #[arg(long, value_name = "COUNT", default_value = "64")]
    max_images: NonZeroUsize,
    /// Seconds that a body may take to come
    #[arg(long, value_name = "SECONDS", default_value = "30")]
    body_seconds: NonZeroU64,
    /// Seconds that an image may wait for its turn
    #[arg(long, value_name = "SECONDS", default_value = "10")]
    deadline: NonZeroU64,
    #[command(flatten)]
    by: EngineArgs,
}

impl ServeModel {
    fn limits(&self) -> media::Limits {
        let most = media::Limits::default();
        let pixels = self.max_pixels.get().saturating_mul(MEGA).min(most.pixels);
        media::Limits {
            image_bytes: self.max_image.get().saturating_mul(MEBI).min(most.image_bytes),
            pixels,
            // Sixteen bits in four channels.
            memory: pixels.saturating_mul(8),
            ..most
        }
    }

    fn turning(&self) -> Turning {
        let bytes = self.usage_size.map(|size| size.get().saturating_mul(MEBI));
        Turning { bytes, daily: self.usage_daily }
    }

    fn keys(&self) -> Result<Keys, Failure> {
        let Some(path) = &self.key_file else { return Ok(Keys::default()) };
        let text = String::from_utf8_lossy(&Context::read(path)?).into_owned();
        Keys::read(&text).map_err(|error| Failure::setting("--key-file", error))
    }
}

/// Serves a package until SIGTERM or SIGINT. `open` says whether it listens to this machine alone,
/// or behind a proxy: beyond that keys are needed.
pub(crate) async fn run(
    package: &Path,
    args: &ServeModel,
    (listener, bound, open): (TcpListener, SocketAddr, bool),
    context: &mut Context,
) -> Result<(), Failure> {
    let keys = args.keys()?;
    if !open && !keys.are_needed() {
        let message = context.say(
            "监听本机以外的地址时，需要 --key-file，或在反向代理之后加 --behind-proxy",
            "to listen beyond this machine give --key-file, or --behind-proxy behind a proxy",
        );
        return Err(Failure::Arguments { message: message.to_owned() });
    }
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let workers = args.workers.map_or(cores, NonZeroUsize::get);
    let loading = Loading { workers, library: args.by.library(context)?, limits: args.limits() };
    let whole = package.canonicalize().map_err(Failure::read(package))?;
    let folder = whole.file_name().map_or_else(|| "model".into(), |name| name.to_string_lossy());
    let name = args.classifier.clone().unwrap_or_else(|| folder.into_owned());
    let version = load(package, &name, &args.classifier_version, &loading)
        .map_err(|error| Failure::Model(Box::new(ModelFailure::Load(error))))?;
    let usage = args.usage.clone().unwrap_or_else(|| context.global.data.join("usage"));
    let (ledger, opened) = Ledger::open(&usage, &args.usage_source, args.turning())
        .map_err(|error| Failure::setting("--usage", error))?;
    server::logs::start(context.global.json);
    let models = Models::new(version);
    let standing = usage.join(STANDING);
    let left = Standing::at(&standing)
        .restore(&models, args.packages.as_deref(), &loading)
        .map_err(|error| Failure::setting("--usage", error))?;
    announce(&models, bound, (&usage, opened), &left, context)?;
    let config = Config {
        keys,
        loading,
        packages: args.packages.clone(),
        standing,
        images: args.max_images.get(),
        body_time: Duration::from_secs(args.body_seconds.get()),
        deadline: Duration::from_secs(args.deadline.get()),
    };
    let work = classification::Config { workers, room: args.queue, cache: args.cache };
    let failed = |source| Failure::Listen { address: bound, source };
    let serving = Serving::new(models, ledger, work, config).map_err(failed)?;
    let stopping = serving.clone();
    tokio::spawn(async move {
        told_to_stop().await;
        stopping.stop();
    });
    serving.serve(listener).await.map_err(failed)
}

/// Says where to go, what was found in the usage records, and which versions were left out.
fn announce(
    models: &Models,
    bound: SocketAddr,
    (usage, opened): (&Path, Opened),
    left: &[Left],
    context: &mut Context,
) -> Result<(), Failure> {
    let Opened { lines, mended_bytes } = opened;
    let version = models.version(None, None).map_err(|error| Failure::setting("--usage", error))?;
    let Version { model, version: name, digest, choice, .. } = &*version;
    let engine = choice.name();
    if context.out.is_json() {
        let left: Vec<_> = left.iter().map(left_document).collect();
        context.out.json(&json!({
            "listen": bound.to_string(),
            "model": model,
            "version": name,
            "package": &**digest,
            "engine": engine,
            "models": models.states(),
            "left_out": left,
            "usage": usage,
            "usage_lines": lines,
            "mended_bytes": mended_bytes,
        }))?;
        return context.out.finish();
    }
    let usage = usage.display();
    let mut said = match context.words.lang {
        Lang::Zh => vec![
            format!("正在服务：http://{bound}/v1/classify"),
            format!("  模型 {model}，版本 {name}，引擎 {engine}"),
            format!("  用量记录：{usage}（已有 {lines} 行）"),
        ],
        Lang::En => vec![
            format!("serving at http://{bound}/v1/classify"),
            format!("  model {model}, version {name}, run by {engine}"),
            format!("  usage records: {usage} ({lines} lines)"),
        ],
    };
    if mended_bytes > 0 {
        said.push(match context.words.lang {
            Lang::Zh => format!("  上次中断留下的半行已切除：{mended_bytes} 字节"),
            Lang::En => format!("  a torn end of {mended_bytes} bytes was cut off"),
        });
    }
    for Left { model, version, why } in left {
        let [zh, en] = left_words(why);
        said.push(match context.words.lang {
            Lang::Zh => format!("  没有重新加载 {model} 的版本 {version}：{zh}"),
            Lang::En => format!("  version {version} of {model} was not loaded again: {en}"),
        });
    }
    for line in said {
        context.out.line(line)?;
    }
    context.out.finish()
}

fn left_document(left: &Left) -> serde_json::Value {
    let Left { model, version, why } = left;
    json!({ "model": model, "version": version, "code": why.code(), "said": why.to_string() })
}

/// Why a version was left out, in Chinese and in English.
fn left_words(why: &LeftOut) -> [String; 2] {
    let zh = match why {
        LeftOut::NotNamed => "它是上次启动时指定的，这次指定了别的".to_owned(),
        LeftOut::Gone => "交付包已不在 --packages 之内".to_owned(),
        LeftOut::Changed => "交付包已不是原来的那一个".to_owned(),
        LeftOut::Refused(error) => format!("交付包不能用于服务（{}）", error.code()),
        LeftOut::Model(error) => format!("无法加入（{}）", error.code()),
    };
    [zh, why.to_string()]
}
