//! `tally demo`: a rehearsal deployment with four agreements in mid-life, to look at.

use std::path::PathBuf;

use clap::Args;
use desk::world::{Clock as _, System};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use units::{Lang, Timestamp};

use crate::args::instant;
use crate::context::Context;
use crate::demo;
use crate::failure::Failure;

/// Four agreements, then the people.
const STEPS: u64 = 5;

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Empty or new folder for the deployment
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The instant at which the sample lives stand still; otherwise now
    #[arg(long, value_name = "RFC3339", value_parser = instant)]
    until: Option<Timestamp>,
}

/// Makes the sample deployment.
pub(crate) async fn run(args: Demo, context: &mut Context) -> Result<(), Failure> {
    let until = args.until.unwrap_or_else(|| System.now());
    let bar = bar(context);
    let words = context.words.clone();
    let made = demo::make(&args.folder, until, |step| {
        let message = match (step, words.lang) {
            ("people", Lang::Zh) => "人员",
            (kind, _) => words.kind(kind),
        };
        bar.set_message(message.to_owned());
        bar.inc(1);
    })
    .await;
    bar.finish_and_clear();
    let made = made?;
    let folder = args.folder.display();
    if context.out.is_json() {
        let agreements: Vec<_> = made
            .agreements
            .iter()
            .map(|(id, entries)| json!({ "id": id, "entries": entries }))
            .collect();
        let keys: Vec<_> = made.keys.iter().map(|key| key.display().to_string()).collect();
        return context.out.json(&json!({
            "data": folder.to_string(),
            "until": until,
            "agreements": agreements,
            "keys": keys,
            "accounts": made.accounts_file.display().to_string(),
        }));
    }
    let line = match words.lang {
        Lang::Zh => format!("已在 {folder} 建立样本部署（演练，签署的一切不作数）"),
        Lang::En => format!("sample deployment laid down in {folder}: a rehearsal, nothing counts"),
    };
    context.out.line(line)?;
    for (id, entries) in &made.agreements {
        let count = words.count(*entries);
        let line = match words.lang {
            Lang::Zh => format!("  {id}  {count} 条记录"),
            Lang::En => format!("  {id}  {count} entries"),
        };
        context.out.line(line)?;
    }
    let (file, password) = (made.accounts_file.display(), &made.accounts.password);
    let people = made.accounts.all.len();
    let line = match words.lang {
        Lang::Zh => format!("{people} 个账号，同一密码 {password}，名单在 {file}"),
        Lang::En => format!("{people} accounts, one password {password}, listed in {file}"),
    };
    context.out.line(line)?;
    let next = match words.lang {
        Lang::Zh => format!("→ 下一步：tally --data {folder} list"),
        Lang::En => format!("→ next: tally --data {folder} list"),
    };
    context.out.note(&next)
}

/// A bar on a terminal that moves with each agreement.
fn bar(context: &Context) -> ProgressBar {
    if !context.out.shows_progress() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(STEPS);
    match ProgressStyle::with_template("{bar:24} {pos}/{len} {msg} {elapsed}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
