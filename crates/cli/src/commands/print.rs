//! `tally print`: a recorded statement, an issued invoice or credit note as PDF, in the reader's
//! language. `settle`, `invoice` and `credit-note` print what they have just made the same way.

use std::path::{Path, PathBuf};

use clap::Args;
use desk::money::Settled;
use desk::{Book, Desk};
use document::pdf::{self, PrintError};
use serde_json::json;
use units::Id;

use crate::args::Agreement;
use crate::context::Context;
use crate::failure::Failure;

/// Arguments of `print`.
#[derive(Debug, Args)]
pub(crate) struct Print {
    #[command(flatten)]
    agreement: Agreement,
    /// statement:2026-03, invoice:3 or credit-note:1
    #[arg(value_name = "DOCUMENT")]
    document: String,
    /// File for the PDF
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// What is printed.
pub(crate) enum Document {
    /// A recorded statement.
    Statement(Id),
    /// An invoice by its number.
    Invoice(u32),
    /// A credit note by its number.
    CreditNote(u32),
}

/// Prints a document that stands in the journal.
pub(crate) async fn run(args: Print, context: &mut Context) -> Result<(), Failure> {
    let desk = context.desk().await?;
    let book = context.book(&desk, &args.agreement.id).await?;
    let document = read(&args.document)?;
    document.write(&desk, &book, &args.file, context).await?;
    if context.out.is_json() {
        return context.out.json(&json!({ "printed": args.file.display().to_string() }));
    }
    Ok(())
}

fn read(text: &str) -> Result<Document, Failure> {
    let wrong = || Failure::BadValue {
        field: "DOCUMENT".to_owned(),
        text: text.to_owned(),
        form: "invoice:3".to_owned(),
    };
    let (kind, name) = text.split_once(':').ok_or_else(wrong)?;
    match kind {
        "statement" => Ok(Document::Statement(Id::new(name).map_err(|_| wrong())?)),
        "invoice" => Ok(Document::Invoice(name.parse().map_err(|_| wrong())?)),
        "credit-note" => Ok(Document::CreditNote(name.parse().map_err(|_| wrong())?)),
        _ => Err(wrong()),
    }
}

impl Document {
    /// Writes the PDF of a document that stands in the journal.
    pub(crate) async fn write(
        &self,
        desk: &Desk,
        book: &Book,
        path: &Path,
        context: &mut Context,
    ) -> Result<(), Failure> {
        let lang = context.words.lang;
        let bytes = match self {
            Self::Statement(name) => {
                let unknown =
                    || contract::Refusal::Unknown { what: "statement", name: name.to_string() };
                let settled = book.settled.get(name).ok_or_else(unknown)?;
                pdf::statement(&desk.statement_sheet(book, settled).await?, lang)
            }
            Self::Invoice(number) => pdf::invoice(&desk.invoice_sheet(book, *number).await?, lang),
            Self::CreditNote(number) => {
                pdf::credit_note(&desk.credit_note_sheet(book, *number).await?, lang)
            }
        };
        keep(path, bytes, context)
    }
}

/// Writes the PDF of a statement that may not be recorded: a draft says so.
pub(crate) async fn statement(
    desk: &Desk,
    book: &Book,
    settled: &Settled,
    path: &Path,
    context: &mut Context,
) -> Result<(), Failure> {
    let sheet = desk.statement_sheet(book, settled).await?;
    keep(path, pdf::statement(&sheet, context.words.lang), context)
}

fn keep(
    path: &Path,
    bytes: Result<Vec<u8>, PrintError>,
    context: &mut Context,
) -> Result<(), Failure> {
    let bytes = bytes.map_err(Failure::Print)?;
    Context::write(path, &bytes)?;
    let size = context.words.bytes(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    let path = path.display();
    let note = match context.words.lang {
        units::Lang::Zh => format!("已写出 {path}（{size}）"),
        units::Lang::En => format!("{path} was written ({size})"),
    };
    context.out.note(&note)
}
