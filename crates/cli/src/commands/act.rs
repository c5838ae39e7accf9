//! `tally do`: every other step of the contract, by its code and its fields.

use clap::Args;
use contract::{Action, Command};

use crate::args::{Agreement, By, Role};
use crate::commands::record::{keep, read};
use crate::context::Context;
use crate::failure::Failure;
use crate::fields::Form;

/// Arguments of `do`.
#[derive(Debug, Args)]
pub(crate) struct Act {
    #[command(flatten)]
    agreement: Agreement,
    /// The party for which somebody acts
    #[arg(long = "as", value_name = "PARTY")]
    role: Role,
    #[command(flatten)]
    by: By,
    /// The step (tally schema action --list names them)
    #[arg(value_name = "ACTION")]
    action: String,
    /// Its fields; a field within a field is outer.inner=value
    #[arg(value_name = "KEY=VALUE")]
    fields: Vec<String>,
}

/// Takes a step.
pub(crate) async fn run(args: Act, context: &mut Context) -> Result<(), Failure> {
    let desk = context.desk().await?;
    let mut book = context.book(&desk, &args.agreement.id).await?;
    let actor = args.role.actor(&args.by.by);
    let side = actor.side().map(|side| side.code());
    let claims = args.action == "raise_claim";
    let given: Vec<(&str, &str)> =
        side.filter(|_| claims).map(|side| ("by", side)).into_iter().collect();
    let built = Form::of::<Action>("do").build(&args.action, &args.fields, &given, context)?;
    let action: Action = read(built.value, 1)?;
    keep(&desk, &args.agreement.id, &built.files).await?;
    let recorded = desk.execute_on(&mut book, &Command::new(actor, action)).await?;
    context.recorded(&recorded)
}
