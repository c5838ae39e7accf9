//! `tally sign`: a party signs the terms, or a document that joins them, with its own key.

use std::path::PathBuf;

use clap::Args;
use journal::KeyType;
use units::Id;

use crate::args::{Agreement, By, Party, id};
use crate::context::Context;
use crate::failure::Failure;

/// Arguments of `sign`.
#[derive(Debug, Args)]
pub(crate) struct Sign {
    #[command(flatten)]
    agreement: Agreement,
    /// The party that signs
    #[arg(long = "as", value_name = "PARTY")]
    party: Party,
    #[command(flatten)]
    by: By,
    /// File of the party's private key
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// A proposed document instead of the terms
    #[arg(long, value_name = "DOCUMENT", value_parser = id)]
    document: Option<Id>,
}

/// Signs for a party.
pub(crate) async fn run(args: Sign, context: &mut Context) -> Result<(), Failure> {
    let key = Context::key(&args.key, KeyType::Note)?;
    let desk = context.desk().await?;
    context.book(&desk, &args.agreement.id).await?;
    let (agreement, side, by) = (&args.agreement.id, args.party.side(), &args.by.by);
    let recorded = match &args.document {
        Some(document) => desk.sign_document(agreement, document, side, by, &key).await?,
        None => desk.sign(agreement, side, by, &key).await?,
    };
    context.recorded(&recorded)
}
