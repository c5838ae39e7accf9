//! `tally pay`: money that arrived, by the bank's reference.

use clap::Args;
use contract::event::{Actor, Payment, PaymentPurpose};
use contract::terms::Side;
use contract::{Action, Command};
use units::{Date, Decimal, Id};

use crate::args::{Agreement, By, Party, date, decimal, id};
use crate::commands::invoice::amount;
use crate::context::Context;
use crate::failure::Failure;

/// Arguments of `pay`.
#[derive(Debug, Args)]
pub(crate) struct Pay {
    #[command(flatten)]
    agreement: Agreement,
    /// The bank's reference; the same one is not recorded twice
    #[arg(long = "ref", value_name = "REF", value_parser = id)]
    reference: Id,
    /// How much, such as 1200.00
    #[arg(long, value_name = "AMOUNT", value_parser = decimal)]
    amount: Decimal,
    /// The day on which it arrived
    #[arg(long, value_name = "DATE", value_parser = date)]
    on: Date,
    /// Towards one invoice; otherwise in the agreed order
    #[arg(long, value_name = "N", conflicts_with_all = ["prepayment", "refund"])]
    invoice: Option<u32>,
    /// Towards the prepayment
    #[arg(long, conflicts_with = "refund")]
    prepayment: bool,
    /// A refund of the vendor
    #[arg(long)]
    refund: bool,
    /// The party that tells of it; the one that receives it otherwise
    #[arg(long = "as", value_name = "PARTY")]
    party: Option<Party>,
    #[command(flatten)]
    by: By,
}

/// Records a payment.
pub(crate) async fn run(args: Pay, context: &mut Context) -> Result<(), Failure> {
    let desk = context.desk().await?;
    let mut book = context.book(&desk, &args.agreement.id).await?;
    let (towards, payer) = match (args.invoice, args.prepayment, args.refund) {
        (Some(number), _, _) => (PaymentPurpose::Invoice { number }, Side::Customer),
        (None, true, _) => (PaymentPurpose::Prepayment, Side::Customer),
        (None, false, true) => (PaymentPurpose::Refund, Side::Vendor),
        (None, false, false) => (PaymentPurpose::Open, Side::Customer),
    };
    let payment = Payment {
        payment: args.reference,
        by: payer,
        amount: amount(args.amount, context)?,
        on: args.on,
        towards,
    };
    let teller = args.party.map_or(payer.other(), Party::side);
    let actor = Actor::of(teller, &args.by.by);
    let command = Command::new(actor, Action::RecordPayment(payment));
    let recorded = desk.execute_on(&mut book, &command).await?;
    context.recorded(&recorded)
}
