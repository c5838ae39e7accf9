//! `tally propose`: a supplement, quotation or annex after the signing. Signed by both parties
//! (`tally sign --document`) it replaces terms in the agreed order of precedence.

use std::path::PathBuf;

use clap::Args;
use contract::form::Form as _;
use contract::terms::Document;
use desk::agreement_file::{Limits, parse};
use desk::papers::NewDocument;

use crate::args::{Agreement, By, Party};
use crate::commands::versions::signer;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Paint;

/// Arguments of `propose`.
#[derive(Debug, Args)]
pub(crate) struct Propose {
    #[command(flatten)]
    agreement: Agreement,
    /// The document, TOML or JSON: id, rank, title, effective, replaces
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The party that proposes it
    #[arg(long = "as", value_name = "PARTY")]
    party: Party,
    #[command(flatten)]
    by: By,
    /// Who signs for the customer: name; position; authority
    #[arg(long, value_name = "PERSON")]
    customer_signs: Option<String>,
    /// Who signs for the vendor: name; position; authority
    #[arg(long, value_name = "PERSON")]
    vendor_signs: Option<String>,
}

/// Proposes a document.
pub(crate) async fn run(args: Propose, context: &mut Context) -> Result<(), Failure> {
    let bytes = Context::read(&args.file)?;
    let mut problems = Vec::new();
    let node = parse(&bytes, &Limits::default()).map_err(|found| problems.extend(found)).ok();
    let document = node.and_then(|node| Document::read(&node, "", &mut problems));
    let Some(document) = document.filter(|_| problems.is_empty()) else {
        for problem in &problems {
            let message = context.words.problem(problem);
            let mark = context.out.paint(Paint::Red, "✗ ");
            context.out.line(format!("{mark}{message}"))?;
        }
        return Err(Failure::Problems);
    };
    let named = |text: &Option<String>| text.as_deref().map(|text| signer(text, context));
    let customer = named(&args.customer_signs).transpose()?;
    let vendor = named(&args.vendor_signs).transpose()?;
    let new = NewDocument { document, customer, vendor };
    let desk = context.desk().await?;
    context.book(&desk, &args.agreement.id).await?;
    let actor = contract::event::Actor::of(args.party.side(), &args.by.by);
    let recorded = desk.propose(&args.agreement.id, &actor, new).await?;
    context.recorded(&recorded)
}
