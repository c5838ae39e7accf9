//! Classifiers at the terminal: from a folder of images to a delivered package, and from a package
//! to answers. Needs no deployment. Clauses: train-2.2.4, train-4.1, train-4.2.

mod classify;
mod dataset;
mod document;
mod evaluate;
mod package;
mod progress;
mod quantize;
mod round;
mod serve;
mod shelf;
mod train;
mod words;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use training::{Classifier, EmbedError, PackageError, read_package};

pub(crate) use classify::{Classify, run as classify};
pub(crate) use dataset::{DatasetCommand, run as dataset};
pub(crate) use evaluate::{Evaluate, run as evaluate};
pub(crate) use package::{Package, run as package};
pub(crate) use round::{Round, run as round};
pub(crate) use serve::{ServeModel, run as serve};
pub(crate) use shelf::ShelfError;
pub(crate) use train::{Train, run as train};
pub(crate) use words::{ModelFailure, code, fault, next};

use crate::context::Context;
use crate::failure::Failure;

/// What runs a network, and with how many threads.
#[derive(Debug, Clone, Args)]
pub(crate) struct Runtime {
    #[command(flatten)]
    by: EngineArgs,
    /// Threads that one network may use; otherwise one for each core
    #[arg(long, value_name = "COUNT")]
    threads: Option<usize>,
}

/// What runs a network.
#[derive(Debug, Clone, Args)]
pub(crate) struct EngineArgs {
    /// What runs the network
    #[arg(long, value_name = "ENGINE", default_value = "auto")]
    engine: EngineName,
    /// The library of ONNX Runtime; otherwise the one that was fetched
    #[arg(long, value_name = "FILE", env = "ORT_DYLIB_PATH")]
    library: Option<PathBuf>,
    /// Fetch nothing: use what is on this machine
    #[arg(long)]
    offline: bool,
}

/// The engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum EngineName {
    /// ONNX Runtime where its library is there or can be fetched, rten otherwise
    Auto,
    /// ONNX Runtime
    Onnxruntime,
    /// rten, which is part of this program
    Rten,
}

impl EngineArgs {
    /// The library that is to be loaded; nothing means `rten`.
    fn library(&self, context: &mut Context) -> Result<Option<PathBuf>, Failure> {
        match (self.engine, &self.library) {
            (EngineName::Rten, _) => Ok(None),
            (_, Some(given)) => Ok(Some(given.clone())),
            (EngineName::Onnxruntime, None) => {
                shelf::runtime(self.offline, context).map(Some).map_err(ModelFailure::from_shelf)
            }
            (EngineName::Auto, None) => match shelf::runtime(self.offline, context) {
                Ok(found) => Ok(Some(found)),
                Err(_) => {
                    let note = context.say(
                        "本机没有 ONNX Runtime，改用内置引擎 rten（较慢）",
                        "ONNX Runtime is not on this machine: rten runs the network, more slowly",
                    );
                    context.out.note(note)?;
                    Ok(None)
                }
            },
        }
    }
}

impl Runtime {
    /// Loads a network.
    fn open(&self, file: &[u8], context: &mut Context) -> Result<vision::Engine, Failure> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let library = self.by.library(context)?;
        let threads = self.threads.unwrap_or(cores);
        vision::open(file, library.as_deref(), threads)
            .map_err(|source| Failure::Model(Box::new(ModelFailure::Engine(source))))
    }
}

impl ModelFailure {
    fn from_shelf(error: ShelfError) -> Failure {
        Failure::Model(Box::new(Self::Shelf(error)))
    }

    fn package(error: PackageError) -> Failure {
        Failure::Model(Box::new(Self::Package(error)))
    }
}

/// Opens a package to classify with.
fn open_package(
    path: &Path,
    runtime: &Runtime,
    context: &mut Context,
) -> Result<Classifier, Failure> {
    let (manifest, model, _) = read_package(path).map_err(ModelFailure::package)?;
    let engine = runtime.open(&model, context)?;
    Classifier::new(engine, &manifest, media::Limits::default()).map_err(embed_failed)
}

fn embed_failed(error: EmbedError) -> Failure {
    Failure::Model(Box::new(ModelFailure::Embed(error)))
}

/// A bar with how many of how many, and the time that is left.
fn bar(context: &Context, total: usize, zh: &str, en: &str) -> ProgressBar {
    if !context.out.shows_progress() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(total as u64);
    let what = context.say(zh, en);
    let style = format!("{what} {{bar:30}} {{pos}}/{{len}} {{eta}} {{msg}}");
    if let Ok(style) = ProgressStyle::with_template(&style) {
        bar.set_style(style);
    }
    bar
}

/// A share with two places of a percentage, for display.
fn percent(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}
