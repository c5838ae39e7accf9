//! `tally draft` and `tally terms`: an agreement file becomes the contract that both parties read,
//! as Word file, PDF or text, and a Word file that came back gives its terms. Need no deployment.

use std::path::{Path, PathBuf};

use clap::Args;
use contract::terms::Agreement;
use desk::agreement_file::{Limits, check_agreement};
use document::draft::{self, DraftProblem, Outcome, TermBack};
use serde_json::json;
use units::Lang;

use crate::args::Languages;
use crate::commands::check;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Paint;
use crate::words::DeskWords as _;

/// Arguments of `draft`.
#[derive(Debug, Args)]
pub(crate) struct Draft {
    /// The agreement file, TOML or JSON
    #[arg(value_name = "AGREEMENT")]
    agreement: PathBuf,
    /// In which language
    #[arg(long, value_enum, default_value_t = Languages::Both, value_name = "EDITION")]
    edition: Languages,
    /// The contract to write: .docx, .pdf or .txt
    #[arg(long, value_name = "CONTRACT")]
    out: PathBuf,
}

/// Arguments of `terms`.
#[derive(Debug, Args)]
pub(crate) struct Terms {
    /// The Word file that came back
    #[arg(value_name = "FILE.docx")]
    file: PathBuf,
    /// The agreement file as it went out
    #[arg(long, value_name = "AGREEMENT")]
    known: Option<PathBuf>,
}

/// Drafts.
pub(crate) fn run(args: &Draft, context: &mut Context) -> Result<(), Failure> {
    let agreement = agreement(&args.agreement, context)?;
    let drafted = match draft::draft(&agreement, args.edition.into()) {
        Ok(drafted) => drafted,
        Err(problems) => return tell(&problems, context),
    };
    let ending = args.out.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let bytes = match ending.to_ascii_lowercase().as_str() {
        "docx" => draft::word(&drafted, &agreement).write(),
        "txt" => draft::text(&drafted).into_bytes(),
        "pdf" => draft::pdf(&drafted, &[])
            .map_err(|error| Failure::Setting { option: "--out", source: Box::new(error) })?,
        _ => {
            let zh = "--out 的文件名须以 .docx、.pdf 或 .txt 结尾";
            let message = context.say(zh, "--out ends in .docx, .pdf or .txt").to_owned();
            return Err(Failure::Arguments { message });
        }
    };
    Context::write(&args.out, &bytes)?;
    let out = args.out.display();
    if context.out.is_json() {
        return context.out.json(&json!({ "out": out.to_string(), "bytes": bytes.len() }));
    }
    let line = match context.words.lang {
        Lang::Zh => format!("已写出 {out}"),
        Lang::En => format!("{out} was written"),
    };
    context.out.line(line)
}

/// A sound agreement; what is wrong with another is shown with its place.
fn agreement(path: &Path, context: &mut Context) -> Result<Agreement, Failure> {
    let bytes = Context::read(path)?;
    let checked = check_agreement(&bytes, &Limits::default());
    if checked.can_be_signed()
        && let Some((agreement, _)) = checked.agreement
    {
        return Ok(agreement);
    }
    check::show(path, &bytes, &checked, context)?;
    Err(Failure::Problems)
}

fn tell(problems: &[DraftProblem], context: &mut Context) -> Result<(), Failure> {
    for problem in problems {
        let line = context.words.draft_problem(problem);
        let line = context.out.paint(Paint::Red, &line);
        context.out.line(line)?;
    }
    Err(Failure::Problems)
}

/// Reads the terms back; exit code 1 where store and text disagree: nobody may sign that.
pub(crate) fn terms(args: &Terms, context: &mut Context) -> Result<(), Failure> {
    let package = Context::package(&args.file)?;
    let known = args.known.as_deref().map(|path| agreement(path, context)).transpose()?;
    let back = draft::terms_of(&package, known.as_ref());
    let back =
        back.map_err(|error| Failure::Setting { option: "FILE", source: Box::new(error) })?;
    let consistent = back.is_consistent();
    let told: Vec<&TermBack> = back
        .terms
        .iter()
        .filter(|term| term.outcome != Outcome::Same || term.proposed.is_some())
        .collect();
    if context.out.is_json() {
        let terms = told.iter().map(|term| {
            json!({
                "term": term.mark.path,
                "lang": term.lang,
                "outcome": code(term.outcome),
                "known": term.known,
                "store": term.store,
                "surface": term.surface,
                "proposed": term.proposed,
            })
        });
        context.out.json(&json!({
            "agreement": back.agreement.id,
            "unchanged": back.is_unchanged(),
            "consistent": consistent,
            "store_differs": back.store_differs,
            "terms": terms.collect::<Vec<_>>(),
        }))?;
    } else {
        show(&told, &back.store_differs, context)?;
    }
    if consistent { Ok(()) } else { Err(Failure::Problems) }
}

fn show(told: &[&TermBack], differs: &[String], context: &mut Context) -> Result<(), Failure> {
    if told.is_empty() && differs.is_empty() {
        let line = context.say("条款与原来一致", "the terms are as they were");
        return context.out.line(line);
    }
    for term in told {
        let (zh, en, paint) = match term.outcome {
            Outcome::Same => ("建议修改", "proposed", Paint::Yellow),
            Outcome::Changed => ("已被修改", "changed", Paint::Yellow),
            Outcome::Inconsistent => {
                ("不一致，不得签署", "inconsistent: not to be signed", Paint::Red)
            }
        };
        let what = context.out.paint(paint, context.say(zh, en));
        let none = "–".to_owned();
        let was = term.known.as_ref().unwrap_or(&none);
        let is = term.proposed.as_ref().or(term.store.as_ref()).unwrap_or(&none);
        let seen = term.surface.join(" / ");
        let path = &term.mark.path;
        context
            .out
            .line(format!("{path} ({}): {what}: {was} → {is} [{seen}]", term.lang.code()))?;
    }
    for path in differs {
        let what = context.say("内嵌条款与原来不同", "differs in the terms inside the file");
        context.out.line(format!("{path}: {what}"))?;
    }
    Ok(())
}

const fn code(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Same => "same",
        Outcome::Changed => "changed",
        Outcome::Inconsistent => "inconsistent",
    }
}
