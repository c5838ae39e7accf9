//! `tally invoice` and `tally credit-note`: documents under numbers without gaps; a credit note is
//! the only correction of an invoice.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use contract::event::Actor;
use contract::terms::Side;
use units::{Decimal, Id, Money};

use crate::args::{Agreement, By, decimal, id};
use crate::commands::print::Document;
use crate::context::Context;
use crate::failure::Failure;

/// Arguments of `invoice`.
#[derive(Debug, Args)]
pub(crate) struct Invoice {
    #[command(flatten)]
    agreement: Agreement,
    /// The approved statement, such as 2026-03
    #[arg(value_name = "STATEMENT", value_parser = id)]
    statement: Id,
    /// File for the invoice as PDF
    #[arg(long, value_name = "FILE")]
    pdf: Option<PathBuf>,
    #[command(flatten)]
    by: By,
}

/// Arguments of `credit-note`.
#[derive(Debug, Args)]
pub(crate) struct CreditNote {
    #[command(flatten)]
    agreement: Agreement,
    /// Number of the invoice that it corrects
    #[arg(value_name = "INVOICE")]
    invoice: u32,
    /// Gross amount taken off, such as 1200.00
    #[arg(long, value_name = "AMOUNT", value_parser = decimal)]
    amount: Decimal,
    /// Why
    #[arg(long, value_name = "REASON")]
    reason: Reason,
    /// File for the credit note as PDF
    #[arg(long, value_name = "FILE")]
    pdf: Option<PathBuf>,
    #[command(flatten)]
    by: By,
}

/// Why a credit note is issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Reason {
    /// An objection was right
    Objection,
    /// A service credit
    ServiceCredit,
    /// A dispute was settled or decided
    Dispute,
    /// The invoice was wrong
    Error,
}

impl Reason {
    const fn code(self) -> &'static str {
        match self {
            Self::Objection => "objection",
            Self::ServiceCredit => "service_credit",
            Self::Dispute => "dispute",
            Self::Error => "error",
        }
    }
}

/// Issues an invoice.
pub(crate) async fn invoice(args: Invoice, context: &mut Context) -> Result<(), Failure> {
    let desk = context.desk().await?;
    let mut book = context.book(&desk, &args.agreement.id).await?;
    let actor = Actor::of(Side::Vendor, &args.by.by);
    let recorded = desk.invoice(&mut book, &actor, &args.statement).await?;
    if let (Some(path), Some(last)) = (&args.pdf, book.state.money.invoices.last()) {
        let document = Document::Invoice(last.summary.number);
        document.write(&desk, &book, path, context).await?;
    }
    context.recorded(&recorded)
}

/// Issues a credit note.
pub(crate) async fn credit_note(args: CreditNote, context: &mut Context) -> Result<(), Failure> {
    let desk = context.desk().await?;
    let mut book = context.book(&desk, &args.agreement.id).await?;
    let actor = Actor::of(Side::Vendor, &args.by.by);
    let gross = amount(args.amount, context)?;
    let reason = args.reason.code();
    let recorded = desk.credit_note(&mut book, &actor, args.invoice, gross, reason).await?;
    if let (Some(path), Some(last)) = (&args.pdf, book.state.money.credit_notes.last()) {
        let document = Document::CreditNote(last.number);
        document.write(&desk, &book, path, context).await?;
    }
    context.recorded(&recorded)
}

/// An amount in the agreement's currency.
pub(crate) fn amount(figure: Decimal, context: &Context) -> Result<Money, Failure> {
    let currency = context.words.currency.ok_or(contract::Refusal::NotDrafted)?;
    Money::from_decimal(figure, currency).map_err(|_| Failure::BadValue {
        field: "--amount".to_owned(),
        text: figure.to_string(),
        form: "1200.00".to_owned(),
    })
}
