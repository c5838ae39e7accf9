//! `tally redline`: what differs between two Word files as native tracked changes in the older one,
//! with a report of what could not be marked, and of text that was changed without a tracked
//! change. Needs no deployment.

use std::path::PathBuf;

use clap::Args;
use docx::{Compare, Report, View};
use serde_json::json;
use units::Lang;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::Paint;
use crate::words::DeskWords as _;

/// Arguments of `redline`.
#[derive(Debug, Args)]
pub(crate) struct Redline {
    /// The Word file as it was
    #[arg(value_name = "OLD.docx")]
    old: PathBuf,
    /// The Word file as it is
    #[arg(value_name = "NEW.docx")]
    new: PathBuf,
    /// The Word file to write
    #[arg(long, value_name = "OUT.docx")]
    out: PathBuf,
    /// The author of the tracked changes
    #[arg(long, default_value = "Tallystick", value_name = "NAME")]
    author: String,
}

/// Compares and writes.
pub(crate) fn run(args: &Redline, context: &mut Context) -> Result<(), Failure> {
    let (old, new) = (Context::package(&args.old)?, Context::package(&args.new)?);
    // A defined term is compared as one word: half a term is no change that a lawyer reads.
    let options = reading::ReadOptions { view: View::Final };
    let reading = Context::reading(&args.new, options)?;
    let defined = wording::values::definitions(&reading.wording);
    let compare = Compare {
        author: args.author.clone(),
        at: context.clock().to_string(),
        terms: defined.into_iter().map(|definition| definition.term).collect(),
        words: context.words.not_marked(),
    };
    let marked = docx::redline(&old, &new, &compare).map_err(Failure::docx(&args.new))?;
    let (package, report) = marked;
    let hidden = match report.new_revisions {
        0 => Vec::new(),
        _ => docx::hidden(&old, &new).map_err(Failure::docx(&args.new))?,
    };
    Context::write(&args.out, &package.write())?;
    if context.out.is_json() {
        return context.out.json(&json!({
            "out": args.out.display().to_string(),
            "report": report,
            "hidden": hidden,
        }));
    }
    tell(&report, hidden.len(), args, context)
}

fn tell(
    report: &Report,
    hidden: usize,
    args: &Redline,
    context: &mut Context,
) -> Result<(), Failure> {
    let lang = context.words.lang;
    let (changes, unmarked) = (report.changes.len(), report.unmarked.len());
    let (old, new) = (report.old_revisions, report.new_revisions);
    if old + new > 0 {
        let note = match lang {
            Lang::Zh => format!("原文件含 {old} 处、新文件含 {new} 处修订：按全部接受后的文本比较"),
            Lang::En => format!(
                "the old file holds {old} tracked changes, the new one {new}: compared as accepted"
            ),
        };
        context.out.note(&note)?;
    }
    for one in &report.unmarked {
        let what = context.words.unmarked(one.what);
        let place = one.source.map_or_else(|| one.part.clone(), |at| format!("{}:{at}", one.part));
        let line = match lang {
            Lang::Zh => format!("未能标为修订（{what}），{place}：{} → {}", one.old, one.new),
            Lang::En => format!("not marked ({what}), {place}: {} → {}", one.old, one.new),
        };
        let line = context.out.paint(Paint::Yellow, &line);
        context.out.line(line)?;
    }
    if hidden > 0 {
        let line = match lang {
            Lang::Zh => format!("新文件有 {hidden} 处改动没有留下修订（--json 列出）"),
            Lang::En => {
                format!("the new file changed {hidden} places without tracking (listed by --json)")
            }
        };
        let line = context.out.paint(Paint::Red, &line);
        context.out.line(line)?;
    }
    let out = args.out.display();
    let line = match lang {
        Lang::Zh => format!("{out}：{changes} 段有改动，{unmarked} 处未能标出"),
        Lang::En => format!("{out}: {changes} paragraphs changed, {unmarked} changes not marked"),
    };
    context.out.line(line)
}
