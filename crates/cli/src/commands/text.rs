//! `tally text`: the canonical text of a file, with the numbers that Word computes; what the
//! findings of `tally review` count their places in. Needs no deployment.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use wording::Wording;

use crate::context::Context;
use crate::failure::Failure;
use crate::words::DeskWords as _;

/// Arguments of `text`.
#[derive(Debug, Args)]
pub(crate) struct Text {
    /// Word, PDF, HTML, Markdown or plain text
    #[arg(value_name = "FILE")]
    document: PathBuf,
    /// How tracked changes are read
    #[arg(long, value_enum, default_value_t = View::Final, value_name = "VIEW")]
    view: View,
}

/// How tracked changes are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum View {
    /// As if every change were accepted
    Final,
    /// As if every change were rejected
    Original,
    /// With insertions and deletions marked
    Marked,
}

impl From<View> for reading::View {
    fn from(view: View) -> Self {
        match view {
            View::Final => Self::Final,
            View::Original => Self::Original,
            View::Marked => Self::Marked,
        }
    }
}

/// Prints the text.
pub(crate) fn run(args: &Text, context: &mut Context) -> Result<(), Failure> {
    let options = reading::ReadOptions { view: args.view.into() };
    let reading = Context::reading(&args.document, options)?;
    if context.out.is_json() {
        return context.out.json(&of(&args.document, &reading));
    }
    context.out.bytes(reading.wording.text.as_bytes())?;
    context.out.bytes(b"\n")?;
    notes(&args.document, &reading, context)
}

/// What a reader of the text should know, beside the result.
pub(crate) fn notes(
    path: &Path,
    reading: &reading::Reading,
    context: &mut Context,
) -> Result<(), Failure> {
    let name = path.display();
    for warning in &reading.warnings {
        let text = context.words.reading_warning(warning);
        context.out.note(&format!("{name}: {text}"))?;
    }
    let cut = reading.wording.cut.len();
    if cut > 0 {
        let text = match context.words.lang {
            units::Lang::Zh => format!("{name}：剔除了 {cut} 处与合同无关的内容（--json 可见）"),
            units::Lang::En => {
                format!("{name}: {cut} passages beside the contract were left out (see --json)")
            }
        };
        context.out.note(&text)?;
    }
    if reading.wording.truncated.is_some() {
        let text = context.say("文本在句中截断，末条不完整", "the text breaks off in a sentence");
        context.out.note(&format!("{name}: {text}"))?;
    }
    Ok(())
}

/// A reading as JSON; places are characters of `text`.
pub(crate) fn of(path: &Path, reading: &reading::Reading) -> Value {
    let Wording { lang, text, blocks, cut, truncated, title, signatures } = &reading.wording;
    let places = reading.wording.in_characters();
    let blocks = blocks.iter().zip(&places).map(|(block, place)| {
        json!({
            "anchor": block.anchor,
            "number": block.number,
            "heading": block.heading,
            "depth": block.depth,
            "parent": block.parent,
            "start": place.start,
            "body": place.body,
            "end": place.end,
            "part": block.part,
            "cell": block.cell,
            "page": block.page,
            "source": block.source,
        })
    });
    json!({
        "file": path.display().to_string(),
        "format": reading.format,
        "lang": lang,
        "text": text,
        "blocks": blocks.collect::<Vec<_>>(),
        "title": title,
        "signatures": signatures,
        "cut": cut,
        "truncated": truncated,
        "warnings": reading.warnings,
    })
}
