//! `tally classify`: what images show, by a package.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{Runtime, open_package, percent, words};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Paint;

/// Arguments of `classify`.
#[derive(Debug, Args)]
pub(crate) struct Classify {
    /// The package
    #[arg(value_name = "PACKAGE")]
    package: PathBuf,
    /// The images
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// How many classes are named, the surest first
    #[arg(long, value_name = "COUNT", default_value = "3")]
    top: usize,
    #[command(flatten)]
    runtime: Runtime,
}

/// Classifies files; one that cannot be read ends with exit code 1 after the rest.
pub(crate) fn run(args: &Classify, context: &mut Context) -> Result<(), Failure> {
    let mut classifier = open_package(&args.package, &args.runtime, context)?;
    let classes = classifier.classes().to_vec();
    let (mut answers, mut good) = (Vec::new(), true);
    for path in &args.files {
        let name = path.display().to_string();
        let answer = Context::read(path).map_err(|_| "unreadable".to_owned()).and_then(|bytes| {
            classifier.classify(&bytes).map_err(|error| words::embed_code(&error).to_owned())
        });
        match answer {
            Ok(probabilities) => {
                let mut ranked: Vec<_> = classes.iter().zip(probabilities).collect();
                ranked.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(other.0)));
                ranked.truncate(args.top.max(1));
                if !context.out.is_json() {
                    let line: Vec<String> = ranked
                        .iter()
                        .map(|(class, value)| format!("{class} {}", percent(f64::from(*value))))
                        .collect();
                    context.out.line(format!("{name}: {}", line.join(", ")))?;
                }
                let ranked: Vec<_> = ranked
                    .into_iter()
                    .map(|(class, value)| json!({ "class": class, "probability": value }))
                    .collect();
                answers.push(json!({ "image": name, "classes": ranked }));
            }
            Err(code) => {
                good = false;
                if !context.out.is_json() {
                    let what = context.say("无法分类", "cannot be classified");
                    let line = format!("{name}: {what} ({code})");
                    let line = context.out.paint_error(Paint::Red, &line);
                    context.out.note(&line)?;
                }
                answers.push(json!({ "image": name, "code": code }));
            }
        }
    }
    if context.out.is_json() {
        context.out.json(&json!({ "answers": answers }))?;
    }
    if good { Ok(()) } else { Err(Failure::Problems) }
}
