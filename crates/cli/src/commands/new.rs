//! `tally new`: registers an agreement from its file, or writes a starter file with comments.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use contract::event::Actor;
use desk::agreement_file::{Limits, check_agreement};
use serde_json::json;
use units::Lang;

use crate::args::Role;
use crate::commands::{check, guided};
use crate::context::Context;
use crate::failure::Failure;

/// Arguments of `new`.
#[derive(Debug, Args)]
pub(crate) struct New {
    /// Agreement file to register
    #[arg(value_name = "FILE", required_unless_present = "kind", conflicts_with = "kind")]
    file: Option<PathBuf>,
    /// Write a starter file of this kind instead
    #[arg(long, value_name = "KIND")]
    kind: Option<Kind>,
    /// File for the starter; standard output otherwise
    #[arg(long, value_name = "FILE", requires = "kind")]
    out: Option<PathBuf>,
    /// Go through the starter at the terminal, value by value
    #[arg(long, requires = "kind", requires = "out")]
    interactive: bool,
    /// The party for which somebody lays down the terms
    #[arg(long = "as", value_name = "PARTY", default_value = "vendor", requires = "file")]
    role: Role,
    /// The person who does
    #[arg(long, value_name = "NAME", default_value = "tally", requires = "file")]
    by: String,
}

/// A kind of agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Images, texts and videos are labelled
    Annotation,
    /// A model is trained
    Training,
    /// GPU servers, storage and data are leased
    Lease,
    /// Images are classified by a service
    Classification,
}

/// Registers an agreement or writes a starter.
pub(crate) async fn run(args: New, context: &mut Context) -> Result<(), Failure> {
    if let Some(kind) = args.kind {
        return starter(kind, args.out, args.interactive, context);
    }
    let path = args.file.unwrap_or_default();
    let bytes = Context::read(&path)?;
    let checked = check_agreement(&bytes, &Limits::default());
    let signable = checked.can_be_signed();
    let Some((agreement, _)) = checked.agreement.clone().filter(|_| signable) else {
        return if context.out.is_json() {
            let problems = check::problems_json(&checked.problems, context);
            let message = context.say("协议文件有错误", "the agreement file has errors");
            let error = json!({
                "code": "terms_have_errors",
                "clause": null,
                "fields": { "problems": problems },
                "message": message,
            });
            context.out.json(&json!({ "error": error }))?;
            Err(Failure::Problems)
        } else {
            check::show(&path, &bytes, &checked, context)?;
            Err(Failure::Problems)
        };
    };
    let desk = context.desk().await?;
    context.words = context.words.about(&agreement);
    let actor: Actor = args.role.actor(&args.by);
    let recorded = desk.draft(&actor, &agreement).await?;
    context.recorded(&recorded)?;
    let warnings = checked.problems.len();
    let id = &agreement.id;
    let next = match context.words.lang {
        Lang::Zh => format!(
            "→ 有 {warnings} 个提醒；下一步：tally sign {id} --as customer --by 姓名 --key 密钥文件"
        ),
        Lang::En => format!(
            "→ {warnings} warnings; next: tally sign {id} --as customer --by NAME --key FILE"
        ),
    };
    context.out.note(&next)
}

fn starter(
    kind: Kind,
    out: Option<PathBuf>,
    interactive: bool,
    context: &mut Context,
) -> Result<(), Failure> {
    let text = match kind {
        Kind::Annotation => include_str!("../../../../cases/agreements/annotation.toml"),
        Kind::Training => include_str!("../../../../cases/agreements/training.toml"),
        Kind::Lease => include_str!("../../../../cases/agreements/lease.toml"),
        Kind::Classification => include_str!("../../../../cases/agreements/classification.toml"),
    };
    let Some(path) = out else { return context.out.bytes(text.as_bytes()) };
    let mut options = std::fs::OpenOptions::new();
    let file = options.write(true).create_new(true).open(&path).map_err(Failure::write(&path))?;
    let text = match interactive {
        true => guided::fill(text.to_owned(), &mut std::io::stdin().lock(), context)?,
        false => text.to_owned(),
    };
    std::io::Write::write_all(&mut &file, text.as_bytes()).map_err(Failure::write(&path))?;
    if context.out.is_json() {
        return context.out.json(&json!({ "file": path.display().to_string() }));
    }
    let shown = path.display();
    let line = match context.words.lang {
        Lang::Zh => format!("已写出 {shown}；改成你们的条款后运行 tally check {shown}"),
        Lang::En => format!("wrote {shown}; make the terms yours, then run tally check {shown}"),
    };
    context.out.line(line)
}
