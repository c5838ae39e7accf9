//! `tally accept` and `tally reject`: the customer's decision on a delivery or a training round.

use clap::Args;
use contract::event::Actor;
use contract::terms::Side;
use contract::{Action, Command};
use units::{Id, Metric};

use crate::args::{Agreement, By, id};
use crate::context::Context;
use crate::failure::Failure;

/// Arguments of `accept`.
#[derive(Debug, Args)]
pub(crate) struct Accept {
    #[command(flatten)]
    agreement: Agreement,
    /// The delivery, or a training round such as round-1
    #[arg(value_name = "DELIVERY", value_parser = id)]
    delivery: Id,
    #[command(flatten)]
    by: By,
}

/// Arguments of `reject`.
#[derive(Debug, Args)]
pub(crate) struct Reject {
    #[command(flatten)]
    agreement: Agreement,
    /// The delivery, or a training round such as round-1
    #[arg(value_name = "DELIVERY", value_parser = id)]
    delivery: Id,
    /// Measures that were not reached, such as box_f1,mean_iou
    #[arg(long, value_name = "METRIC,…", value_delimiter = ',', required = true)]
    failed: Vec<String>,
    #[command(flatten)]
    by: By,
}

/// Accepts.
pub(crate) async fn accept(args: Accept, context: &mut Context) -> Result<(), Failure> {
    let action = Action::Accept { delivery: args.delivery };
    step(&args.agreement.id, Side::Customer, &args.by.by, action, context).await
}

/// Rejects.
pub(crate) async fn reject(args: Reject, context: &mut Context) -> Result<(), Failure> {
    let failed = args.failed.iter().map(|name| metric(name)).collect::<Result<_, _>>()?;
    let action = Action::Reject { delivery: args.delivery, failed };
    step(&args.agreement.id, Side::Customer, &args.by.by, action, context).await
}

fn metric(name: &str) -> Result<Metric, Failure> {
    serde_json::from_value(name.into()).map_err(|_| Failure::BadValue {
        field: "--failed".to_owned(),
        text: name.to_owned(),
        form: "box_f1,mean_iou,accuracy,temporal_f1,keyframe_recall".to_owned(),
    })
}

/// Takes one step for a party and tells what was recorded.
pub(crate) async fn step(
    agreement: &Id,
    side: Side,
    by: &str,
    action: Action,
    context: &mut Context,
) -> Result<(), Failure> {
    let desk = context.desk().await?;
    let mut book = context.book(&desk, agreement).await?;
    let command = Command::new(Actor::of(side, by), action);
    let recorded = desk.execute_on(&mut book, &command).await?;
    context.recorded(&recorded)
}
