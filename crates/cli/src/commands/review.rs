//! `tally review`: contracts against a playbook, from one side. One file gives its findings,
//! several give a grid. Needs no deployment; sends nothing unless a language model is named.

use std::path::{Path, PathBuf};

use clap::Args;
use document::report::{self, Reviewed};
use docx::{Document, Package};
use reading::Reading;
use review::{Finding, Playbook, Proposals, Review, Side, Status};
use serde_json::json;
use units::Lang;

use crate::args::Party;
use crate::commands::model::{AskArgs, Said};
use crate::commands::{answers, text};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Paint;
use crate::table::{Column, table};

/// Arguments of `review`.
#[derive(Debug, Args)]
pub(crate) struct ReviewArgs {
    /// Contracts: Word, PDF, HTML, Markdown or plain text
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// From whose side
    #[arg(long, value_enum, default_value_t = Party::Customer, value_name = "SIDE")]
    side: Party,
    /// A playbook of your own (TOML); otherwise the one for AI vendors
    #[arg(long, value_name = "FILE")]
    playbook: Option<PathBuf>,
    /// Write a report: .html or .docx; for several files .html, .docx or .csv holds the grid
    #[arg(long, value_name = "REPORT")]
    out: Option<PathBuf>,
    /// Answer a Word file: the suggestions as tracked changes and comments
    #[arg(long, value_name = "OUT.docx")]
    answer: Option<PathBuf>,
    /// The author of the tracked changes
    #[arg(long, default_value = "Tallystick", value_name = "NAME", requires = "answer")]
    author: String,
    #[command(flatten)]
    model: AskArgs,
}

/// A file that was reviewed.
struct Done {
    path: PathBuf,
    reading: Reading,
    review: Review,
    /// What a language model said, where one was asked.
    said: Option<Said>,
}

/// Reviews every file.
pub(crate) async fn run(args: &ReviewArgs, context: &mut Context) -> Result<(), Failure> {
    let playbook = playbook(args.playbook.as_deref(), context)?;
    let side = match args.side {
        Party::Customer => Side::Customer,
        Party::Vendor => Side::Vendor,
    };
    let asking = args.model.asking(context)?;
    let mut done = Vec::new();
    for path in &args.files {
        let reading = Context::reading(path, reading::ReadOptions::default())?;
        let review = review::review(&reading.wording, &playbook, side);
        let said = match &asking {
            Some(asking) => Some(asking.ask(&reading, &review, &playbook, context).await),
            None => None,
        };
        done.push(Done { path: path.clone(), reading, review, said });
    }
    if let Some(out) = &args.out {
        write(out, &done, &playbook, context)?;
    }
    if let Some(answer) = &args.answer {
        let [one] = done.as_slice() else {
            return Err(arguments(context, "--answer 只用于一个文件", "--answer takes one file"));
        };
        self::answer(one, answer, &args.author, context)?;
    }
    if context.out.is_json() {
        return print_json(&done, context);
    }
    match done.as_slice() {
        [one] => show(one, &playbook, context),
        many => show_grid(many, &playbook, context),
    }
}

fn arguments(context: &Context, zh: &str, en: &str) -> Failure {
    Failure::Arguments { message: context.say(zh, en).to_owned() }
}

/// The playbook of a file, or our own; every problem of the file is shown with its line.
pub(crate) fn playbook(path: Option<&Path>, context: &mut Context) -> Result<Playbook, Failure> {
    let Some(path) = path else { return Ok(Playbook::ai_vendor()) };
    Ok(own_playbook(path, context)?.0)
}

/// The playbook of a file, and its text.
pub(crate) fn own_playbook(
    path: &Path,
    context: &mut Context,
) -> Result<(Playbook, String), Failure> {
    let text = String::from_utf8_lossy(&Context::read(path)?).into_owned();
    match Playbook::parse(&text) {
        Ok(playbook) => Ok((playbook, text)),
        Err(problems) => {
            for problem in &problems {
                let line = format!("{}:{problem}", path.display());
                let line = context.out.paint(Paint::Red, &line);
                context.out.line(line)?;
            }
            Err(Failure::Problems)
        }
    }
}

/// The one file's findings stand at the top level, those of several below their names.
fn print_json(done: &[Done], context: &mut Context) -> Result<(), Failure> {
    let one = |done: &Done| {
        json!({
            "file": done.path.display().to_string(),
            "format": done.reading.format,
            "lang": done.reading.wording.lang,
            "kind": done.review.kind,
            "side": done.review.side,
            "playbook": done.review.playbook,
            "parties": done.review.parties,
            "summary": done.review.summary,
            "findings": done.review.findings,
            "model": done.said.as_ref().map(|said| said.json(context)),
            "proposals": proposals(done).map_or(&[][..], |all| &all.proposals),
            "dropped": proposals(done).map(|all| &all.dropped).cloned().unwrap_or_default(),
            "truncated": done.reading.wording.truncated.is_some(),
            "warnings": done.reading.warnings,
        })
    };
    match done {
        [only] => {
            let only = one(only);
            context.out.json(&only)
        }
        many => {
            let many: Vec<_> = many.iter().map(one).collect();
            context.out.json(&json!({ "files": many }))
        }
    }
}

fn proposals(done: &Done) -> Option<&Proposals> {
    done.said.as_ref().and_then(Said::proposals)
}

fn show(done: &Done, playbook: &Playbook, context: &mut Context) -> Result<(), Failure> {
    let (review, lang) = (&done.review, context.words.lang);
    let title = format!(
        "{} · {} · {}",
        done.path.display(),
        context.words.name(review.kind),
        context.words.name(review.side)
    );
    context.out.heading(&title)?;
    let parties = [
        (context.say("客户", "customer"), &review.parties.customer),
        (context.say("供应商", "vendor"), &review.parties.vendor),
    ];
    for (role, names) in parties.map(|(role, names)| (role.to_owned(), names.join(", "))) {
        if !names.is_empty() {
            context.out.line(format!("{role}: {names}"))?;
        }
    }
    context.out.line("")?;
    for (at, finding) in review.findings.iter().enumerate() {
        show_finding(at + 1, finding, playbook, lang, context)?;
    }
    let count =
        |status: Status| review.summary.clauses.values().filter(|found| **found == status).count();
    let [high, medium, low] = review.summary.risks;
    let met = count(Status::Met) + count(Status::MetByFallback);
    let all = review.summary.clauses.len();
    let line = match lang {
        Lang::Zh => format!("{all} 条中 {met} 条满足；高风险 {high}，中 {medium}，低 {low}"),
        Lang::En => {
            format!("{met} of {all} clauses met; risks: {high} high, {medium} medium, {low} low")
        }
    };
    context.out.line(line)?;
    if let Some(said) = &done.said {
        context.out.line("")?;
        said.show(playbook, context)?;
    }
    text::notes(&done.path, &done.reading, context)
}

fn show_finding(
    number: usize,
    finding: &Finding,
    playbook: &Playbook,
    lang: Lang,
    context: &mut Context,
) -> Result<(), Failure> {
    let paint = match finding.status {
        Status::Met | Status::MetByFallback => Paint::Green,
        Status::Below | Status::Unclear => Paint::Yellow,
        Status::Adverse | Status::Missing | Status::Conflict => Paint::Red,
    };
    let status = context.out.paint(paint, context.words.name(finding.status));
    let risk = context.words.name(finding.risk);
    let heading = report::heading(finding, playbook, lang);
    context.out.line(format!("{number}. {} {heading}: {status} ({risk})", finding.clause))?;
    if !finding.quote.is_empty() {
        let anchor = finding.anchor.as_deref().unwrap_or("–");
        let quote: String = finding.quote.chars().take(300).collect();
        let rest = if finding.quote.chars().count() > 300 { "…" } else { "" };
        let place = format!("   [{anchor}, {}–{}] ", finding.start, finding.end);
        let place = context.out.paint(Paint::Dim, &place);
        context.out.line(format!("{place}{quote}{rest}"))?;
    }
    context.out.line(format!("   {}", finding.reason.get(lang)))?;
    if !finding.parameters.is_empty() {
        let each = report::parameters(finding).into_iter();
        let each: Vec<String> = each.map(|(name, value)| format!("{name} = {value}")).collect();
        let line = context.out.paint(Paint::Dim, &format!("   {}", each.join(", ")));
        context.out.line(line)?;
    }
    let advice = finding.advice.get(lang);
    if !advice.is_empty() && !matches!(finding.status, Status::Met) {
        context.out.line(format!("   → {advice}"))?;
    }
    context.out.line("")
}

fn show_grid(done: &[Done], playbook: &Playbook, context: &mut Context) -> Result<(), Failure> {
    let rows = review::grid(&reviews(done), playbook);
    let file = context.say("文件", "file").to_owned();
    let mut heads = vec![(file.as_str(), Column::Text)];
    heads.extend(playbook.clauses.iter().map(|clause| (clause.id.as_str(), Column::Left)));
    let lines = rows.iter().map(|row| {
        let cells = row.cells.iter().map(|cell| context.words.name(cell.status).to_owned());
        std::iter::once(row.name.clone()).chain(cells).collect()
    });
    let text = table(context, &heads, lines);
    context.out.line(text)?;
    for one in done {
        if let Some(said) = &one.said {
            context.out.line("")?;
            context.out.line(one.path.display().to_string())?;
            said.show(playbook, context)?;
        }
        text::notes(&one.path, &one.reading, context)?;
    }
    Ok(())
}

fn reviews(done: &[Done]) -> Vec<(String, Review)> {
    done.iter().map(|one| (name(&one.path), one.review.clone())).collect()
}

fn name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// Writes the report of one file, or the grid of several; the ending says the format.
fn write(
    out: &Path,
    done: &[Done],
    playbook: &Playbook,
    context: &mut Context,
) -> Result<(), Failure> {
    let lang = context.words.lang;
    let ending = out.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let bytes = match (done, ending.to_ascii_lowercase().as_str()) {
        ([one], "html" | "htm" | "docx") => {
            let file = name(&one.path);
            let (wording, review) = (&one.reading.wording, &one.review);
            let proposals = proposals(one);
            let reviewed = Reviewed { name: &file, wording, review, playbook, proposals };
            match ending.eq_ignore_ascii_case("docx") {
                true => report::word(&reviewed, lang),
                false => report::html(&reviewed, lang).into_bytes(),
            }
        }
        (many, ending @ ("html" | "htm" | "docx" | "csv")) => {
            let rows = review::grid(&reviews(many), playbook);
            match ending {
                "docx" => report::grid_word(&rows, playbook, lang),
                "csv" => report::grid_csv(&rows, playbook, lang).into_bytes(),
                _ => report::grid_html(&rows, playbook, lang).into_bytes(),
            }
        }
        _ => {
            let zh = "--out 的文件名须以 .html、.docx 或 .csv 结尾";
            return Err(arguments(context, zh, "--out ends in .html, .docx or .csv"));
        }
    };
    Context::write(out, &bytes)?;
    let note = match lang {
        Lang::Zh => format!("已写出 {}", out.display()),
        Lang::En => format!("{} was written", out.display()),
    };
    context.out.note(&note)
}

/// The Word file back to the other side: words to put in the place of those quoted are a tracked
/// change with the reason beside it, once for each clause; every other finding is a comment.
fn answer(done: &Done, out: &Path, author: &str, context: &mut Context) -> Result<(), Failure> {
    let bytes = Context::read(&done.path)?;
    let package = Package::read(&bytes).map_err(Failure::docx(&done.path))?;
    let document =
        Document::read(&package, docx::View::Final).map_err(Failure::docx(&done.path))?;
    let suggestions = answers::suggestions(&done.review, &done.reading.wording, &document, context);
    let changes = suggestions.iter().filter(|one| one.replacement.is_some()).count();
    let comments = suggestions.len() - changes;
    let at = context.clock().to_string();
    let answered = docx::suggest(&package, &suggestions, author, &at);
    let answered = answered.map_err(Failure::docx(&done.path))?;
    Context::write(out, &answered.write())?;
    let out = out.display();
    let note = match context.words.lang {
        Lang::Zh => format!("已写出 {out}：修订 {changes} 处，批注 {comments} 处"),
        Lang::En => format!("{out}: {changes} tracked changes, {comments} comments"),
    };
    context.out.note(&note)
}
