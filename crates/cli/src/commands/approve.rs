//! `tally approve` and `tally object`: the customer's review of a statement. Clause: class-5.2.

use clap::{Args, ValueEnum};
use contract::Action;
use contract::event::Actor;
use contract::terms::Side;
use units::Id;

use crate::args::{Agreement, By, id};
use crate::commands::decide::step;
use crate::context::Context;
use crate::failure::Failure;

/// Arguments of `approve`.
#[derive(Debug, Args)]
pub(crate) struct Approve {
    #[command(flatten)]
    agreement: Agreement,
    /// The statement, such as 2026-03
    #[arg(value_name = "STATEMENT", value_parser = id)]
    statement: Id,
    #[command(flatten)]
    by: By,
}

/// Arguments of `object`.
#[derive(Debug, Args)]
pub(crate) struct Object {
    #[command(flatten)]
    agreement: Agreement,
    /// The statement, such as 2026-03
    #[arg(value_name = "STATEMENT", value_parser = id)]
    statement: Id,
    /// Numbers of the lines objected to, as settle prints them
    #[arg(long, value_name = "N,…", value_delimiter = ',', required = true)]
    lines: Vec<u32>,
    /// Why
    #[arg(long, value_name = "REASON")]
    reason: Reason,
    #[command(flatten)]
    by: By,
}

/// Why a line is objected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Reason {
    /// The quantity is not right
    Quantity,
    /// The price is not the agreed one
    Price,
    /// The work is not as agreed
    Quality,
    /// It was billed before
    Duplicate,
    /// Another reason
    Other,
}

impl Reason {
    const fn code(self) -> &'static str {
        match self {
            Self::Quantity => "quantity",
            Self::Price => "price",
            Self::Quality => "quality",
            Self::Duplicate => "duplicate",
            Self::Other => "other",
        }
    }
}

/// Approves.
pub(crate) async fn approve(args: Approve, context: &mut Context) -> Result<(), Failure> {
    let action = Action::ApproveStatement { statement: args.statement };
    step(&args.agreement.id, Side::Customer, &args.by.by, action, context).await
}

/// Objects.
pub(crate) async fn object(args: Object, context: &mut Context) -> Result<(), Failure> {
    let desk = context.desk().await?;
    let mut book = context.book(&desk, &args.agreement.id).await?;
    let actor = Actor::of(Side::Customer, &args.by.by);
    let reason = args.reason.code();
    // People count lines from 1 as they are printed; the journal counts from 0.
    let lines: Option<Vec<u32>> = args.lines.iter().map(|line| line.checked_sub(1)).collect();
    let lines = lines.ok_or_else(|| Failure::BadValue {
        field: "--lines".to_owned(),
        text: "0".to_owned(),
        form: "1,2".to_owned(),
    })?;
    let recorded = desk.object(&mut book, &actor, &args.statement, &lines, reason).await?;
    context.recorded(&recorded)
}
