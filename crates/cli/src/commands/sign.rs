//! `tally sign`: a party signs the terms with its own key.

use std::path::PathBuf;

use clap::Args;
use journal::KeyType;

use crate::args::{Agreement, By, Party};
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
}

/// Signs for a party.
pub(crate) async fn run(args: Sign, context: &mut Context) -> Result<(), Failure> {
    let key = Context::key(&args.key, KeyType::Note)?;
    let desk = context.desk().await?;
    context.book(&desk, &args.agreement.id).await?;
    let recorded = desk.sign(&args.agreement.id, args.party.side(), &args.by.by, &key).await?;
    context.recorded(&recorded)
}
