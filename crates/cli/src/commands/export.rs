//! `tally export`: a bundle that the other party verifies without us.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::args::Agreement;
use crate::context::Context;
use crate::failure::Failure;
use crate::words::DeskWords as _;

/// Arguments of `export`.
#[derive(Debug, Args)]
pub(crate) struct Export {
    #[command(flatten)]
    agreement: Agreement,
    /// File for the bundle
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Writes the bundle.
pub(crate) async fn run(args: Export, context: &mut Context) -> Result<(), Failure> {
    let desk = context.desk().await?;
    context.book(&desk, &args.agreement.id).await?;
    let report = desk::bundle::export(&desk, &args.agreement.id, &args.out).await?;
    if context.out.is_json() {
        return context.out.json(&json!({ "bundle": report }));
    }
    let line = context.words.exported(&report.path, report.entries);
    context.out.line(line)
}
