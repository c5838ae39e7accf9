//! `tally check`: every problem of agreement files at once, each with its passage, its clause and
//! what to do. Needs no deployment.

use std::path::{Path, PathBuf};

use clap::Args;
use contract::form::{ProblemKind, Severity};
use desk::agreement_file::{CheckedFile, FileProblem, Limits, check_agreement};
use journal::Hash;
use serde_json::{Value, json};
use units::Lang;

use crate::context::Context;
use crate::excerpt::{Spot, excerpt};
use crate::failure::Failure;
use crate::output::Paint;

/// Arguments of `check`.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Agreement files, TOML or JSON
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

/// Checks every file.
pub(crate) fn run(args: &Check, context: &mut Context) -> Result<(), Failure> {
    let mut sound = true;
    let mut reports = Vec::new();
    for path in &args.files {
        let bytes = Context::read(path)?;
        let checked = check_agreement(&bytes, &Limits::default());
        sound &= checked.can_be_signed();
        if context.out.is_json() {
            reports.push(file_json(path, &checked, context));
        } else {
            show(path, &bytes, &checked, context)?;
        }
    }
    if context.out.is_json() {
        context.out.json(&json!({ "files": reports }))?;
    }
    if sound { Ok(()) } else { Err(Failure::Problems) }
}

/// Shows the problems of a file and how it stands.
pub(crate) fn show(
    path: &Path,
    bytes: &[u8],
    checked: &CheckedFile,
    context: &mut Context,
) -> Result<(), Failure> {
    let text = String::from_utf8_lossy(bytes);
    let name = path.display().to_string();
    for found in &checked.problems {
        let message = context.words.problem(&found.problem);
        let (mark, paint) = match found.problem.severity {
            Severity::Error => ("✗ ", Paint::Red),
            Severity::Warning => ("! ", Paint::Yellow),
        };
        let mark = context.out.paint(paint, mark);
        context.out.line(format!("{mark}{message}"))?;
        let spot = spot(&name, &text, found);
        // What is absent from the outermost level has no line of its own.
        let absent = found.problem.kind == ProblemKind::Missing && spot.line == 1;
        let shown = if absent { "" } else { text.as_ref() };
        let passage = excerpt(context, shown, spot);
        context.out.line(passage)?;
        context.out.line("")?;
    }
    let line = summary(&name, checked, context);
    context.out.line(line)
}

fn spot<'a>(file: &'a str, text: &str, found: &FileProblem) -> Spot<'a> {
    let place = found.problem.place;
    let passage = text.get(place.start..place.end.max(place.start)).unwrap_or_default();
    let length = passage.lines().next().unwrap_or_default().chars().count();
    Spot { file, line: found.line, column: found.column, length }
}

fn summary(file: &str, checked: &CheckedFile, context: &Context) -> String {
    let errors = count(checked, Severity::Error);
    let warnings = count(checked, Severity::Warning);
    let lang = context.words.lang;
    let found = match lang {
        Lang::Zh => format!("{errors} 个错误，{warnings} 个提醒"),
        Lang::En => format!("{errors} errors, {warnings} warnings"),
    };
    match (&checked.agreement, checked.can_be_signed()) {
        (Some((agreement, canonical)), true) => {
            let hash = hash_of(canonical);
            let mark = context.out.paint(Paint::Green, "✓ ");
            let short = &hash[..16];
            match lang {
                Lang::Zh => {
                    format!("{mark}{file}：{} 可以签署；{found}；条款哈希 {short}…", agreement.id)
                }
                Lang::En => {
                    format!("{mark}{file}: {} can be signed; {found}; terms {short}…", agreement.id)
                }
            }
        }
        _ => {
            let mark = context.out.paint(Paint::Red, "✗ ");
            match lang {
                Lang::Zh => format!("{mark}{file}：还不能签署；{found}"),
                Lang::En => format!("{mark}{file}: cannot be signed yet; {found}"),
            }
        }
    }
}

fn count(checked: &CheckedFile, severity: Severity) -> usize {
    checked.problems.iter().filter(|found| found.problem.severity == severity).count()
}

fn hash_of(canonical: &str) -> String {
    hex::encode(Hash::of(canonical.as_bytes()).bytes())
}

fn file_json(path: &Path, checked: &CheckedFile, context: &Context) -> Value {
    let agreement = checked.agreement.as_ref();
    json!({
        "file": path.display().to_string(),
        "id": agreement.map(|(agreement, _)| agreement.id.to_string()),
        "kind": agreement.map(|(agreement, _)| agreement.service.kind()),
        "terms_sha256": agreement.map(|(_, canonical)| hash_of(canonical)),
        "can_be_signed": checked.can_be_signed(),
        "errors": count(checked, Severity::Error),
        "warnings": count(checked, Severity::Warning),
        "problems": problems_json(&checked.problems, context),
    })
}

/// Problems as JSON.
pub(crate) fn problems_json(problems: &[FileProblem], context: &Context) -> Vec<Value> {
    let each = problems.iter().map(|found| {
        json!({
            "line": found.line,
            "column": found.column,
            "path": found.problem.path,
            "code": found.problem.kind.code(),
            "severity": found.problem.severity.code(),
            "clause": found.problem.clause,
            "message": context.words.problem_kind(&found.problem.kind),
        })
    });
    each.collect()
}
