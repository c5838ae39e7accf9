//! `tally revisions`: the tracked changes of a Word file, and accepting or rejecting some or all of
//! them. What is not a change stays byte for byte. Needs no deployment.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use docx::{Kind, Package, Revision, Select};
use serde_json::json;

use crate::context::Context;
use crate::failure::Failure;
use crate::table::{Column, table};
use crate::words::DeskWords as _;

/// What is done with tracked changes.
#[derive(Debug, Subcommand)]
pub(crate) enum Revisions {
    /// List the tracked changes
    List(List),
    /// Make changes final
    Accept(Resolve),
    /// Undo changes
    Reject(Resolve),
}

/// Arguments of `revisions list`.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// The Word file
    #[arg(value_name = "IN.docx")]
    input: PathBuf,
    #[command(flatten)]
    which: Which,
}

/// Arguments of `revisions accept` and `revisions reject`.
#[derive(Debug, Args)]
pub(crate) struct Resolve {
    /// The Word file
    #[arg(value_name = "IN.docx")]
    input: PathBuf,
    #[command(flatten)]
    which: Which,
    /// The file to write
    #[arg(long, value_name = "OUT.docx")]
    out: PathBuf,
}

/// Which changes; every condition that is given must hold.
#[derive(Debug, Args)]
struct Which {
    /// Changes of this author; may be given again for another
    #[arg(long, value_name = "NAME")]
    author: Vec<String>,
    /// The change with this id; may be given again for another
    #[arg(long, value_name = "ID")]
    change: Vec<String>,
    /// Changes of this kind, such as insertion, deletion, move-to; may be given again
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Vec<Kind>,
    /// Changes from this time on, as the file writes times (2026-11-22T08:00:00Z)
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Changes before this time
    #[arg(long, value_name = "TIME")]
    before: Option<String>,
}

fn kind(text: &str) -> Result<Kind, String> {
    let known = Kind::ALL.iter().find(|kind| kind.name() == text).copied();
    known.ok_or_else(|| Kind::ALL.map(Kind::name).join(", "))
}

impl Which {
    fn select(self) -> Select {
        let given = |list: Vec<String>| (!list.is_empty()).then_some(list);
        Select {
            ids: given(self.change),
            authors: given(self.author),
            kinds: (!self.kind.is_empty()).then_some(self.kind),
            from: self.from,
            before: self.before,
        }
    }
}

/// Lists or resolves.
pub(crate) fn run(args: Revisions, context: &mut Context) -> Result<(), Failure> {
    match args {
        Revisions::List(List { input, which }) => {
            let package = Context::package(&input)?;
            let found = revisions(&package, &input, &which.select())?;
            list(&found, context)
        }
        Revisions::Accept(args) => resolve(args, true, context),
        Revisions::Reject(args) => resolve(args, false, context),
    }
}

fn revisions(
    package: &Package,
    input: &std::path::Path,
    select: &Select,
) -> Result<Vec<Revision>, Failure> {
    let mut found = package.revisions().map_err(Failure::docx(input))?;
    found.retain(|revision| select.takes(revision));
    Ok(found)
}

fn list(found: &[Revision], context: &mut Context) -> Result<(), Failure> {
    if context.out.is_json() {
        return context.out.json(&json!({ "revisions": found }));
    }
    if found.is_empty() {
        let none = context.say("没有修订", "no tracked changes");
        return context.out.line(none);
    }
    let heads = [
        (context.say("编号", "id"), Column::Left),
        (context.say("修订", "change"), Column::Left),
        (context.say("作者", "author"), Column::Text),
        (context.say("时间", "time"), Column::Left),
        (context.say("段", "paragraph"), Column::Right),
        (context.say("文字", "text"), Column::Text),
    ];
    let rows = found.iter().map(|one| {
        vec![
            one.id.clone(),
            context.words.revision(one.kind).to_owned(),
            one.author.clone(),
            one.date.clone().unwrap_or_default(),
            one.paragraph.map(|number| number.to_string()).unwrap_or_default(),
            one.text.clone(),
        ]
    });
    let text = table(context, &heads, rows);
    context.out.line(text)
}

fn resolve(args: Resolve, accept: bool, context: &mut Context) -> Result<(), Failure> {
    let Resolve { input, which, out } = args;
    let mut package = Context::package(&input)?;
    let select = which.select();
    let done = if accept { package.accept(&select) } else { package.reject(&select) };
    let done = done.map_err(Failure::docx(&input))?;
    let left = package.revisions().map_err(Failure::docx(&input))?.len();
    Context::write(&out, &package.write())?;
    if context.out.is_json() {
        let out = out.display().to_string();
        return context.out.json(&json!({ "resolved": done, "left": left, "out": out }));
    }
    let out = out.display();
    let line = match (context.words.lang, accept) {
        (units::Lang::Zh, true) => format!("接受 {done} 处修订，余 {left} 处，已写出 {out}"),
        (units::Lang::Zh, false) => format!("拒绝 {done} 处修订，余 {left} 处，已写出 {out}"),
        (units::Lang::En, true) => format!("{done} changes accepted, {left} left: {out}"),
        (units::Lang::En, false) => format!("{done} changes rejected, {left} left: {out}"),
    };
    context.out.line(line)
}
