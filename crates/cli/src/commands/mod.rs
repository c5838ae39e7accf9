//! The commands, one file each: its arguments, what it asks of `desk`, and how it answers.

pub(crate) mod account;
pub(crate) mod act;
pub(crate) mod answers;
pub(crate) mod approve;
pub(crate) mod check;
pub(crate) mod checkpoint;
pub(crate) mod completions;
pub(crate) mod convert;
pub(crate) mod decide;
pub(crate) mod demo;
pub(crate) mod draft;
pub(crate) mod export;
mod guided;
pub(crate) mod identifiers;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod inspect;
pub(crate) mod intake;
pub(crate) mod invoice;
pub(crate) mod key;
pub(crate) mod keyframes;
pub(crate) mod list;
pub(crate) mod log;
pub(crate) mod model;
pub(crate) mod models;
pub(crate) mod new;
pub(crate) mod pay;
pub(crate) mod position;
pub(crate) mod print;
pub(crate) mod project;
pub(crate) mod propose;
pub(crate) mod quality;
pub(crate) mod record;
pub(crate) mod redline;
pub(crate) mod review;
pub(crate) mod revisions;
pub(crate) mod sample;
pub(crate) mod schema;
pub(crate) mod seed;
pub(crate) mod serve;
pub(crate) mod settle;
pub(crate) mod sign;
pub(crate) mod statistics;
pub(crate) mod text;
pub(crate) mod timestamp;
pub(crate) mod verify;
pub(crate) mod versions;

use crate::args::Command;
use crate::context::Context;
use crate::failure::Failure;

/// Carries out a command.
pub(crate) async fn run(command: Command, context: &mut Context) -> Result<(), Failure> {
    match command {
        Command::Init(args) => init::run(args, context).await,
        Command::Demo(args) => demo::run(args, context).await,
        Command::Serve(args) => serve::run(*args, context).await,
        Command::Key(args) => key::run(args, context),
        Command::New(args) => new::run(args, context).await,
        Command::Check(args) => check::run(&args, context),
        Command::Schema(args) => schema::run(&args, context),
        Command::Offer(args) => versions::offer(args, context).await,
        Command::Versions(args) => versions::versions(args, context).await,
        Command::Negotiation(args) => versions::negotiation(args, context).await,
        Command::ApproveRisk(args) => versions::approve_risk(args, context).await,
        Command::Sign(args) => sign::run(args, context).await,
        Command::Timestamp(args) => timestamp::run(args, context).await,
        Command::Propose(args) => propose::run(args, context).await,
        Command::Record(args) => record::run(args, context).await,
        Command::Do(args) => act::run(args, context).await,
        Command::Import(args) => import::run(args, context).await,
        Command::Seed(args) => seed::run(args, context).await,
        Command::Inspect(args) => inspect::run(args, context).await,
        Command::Accept(args) => decide::accept(args, context).await,
        Command::Reject(args) => decide::reject(args, context).await,
        Command::Position(args) => position::run(args, context).await,
        Command::List(args) => list::run(args, context).await,
        Command::Project(args) => project::run(args, context).await,
        Command::Settle(args) => settle::run(args, context).await,
        Command::Approve(args) => approve::approve(args, context).await,
        Command::Object(args) => approve::object(args, context).await,
        Command::Invoice(args) => invoice::invoice(args, context).await,
        Command::CreditNote(args) => invoice::credit_note(args, context).await,
        Command::Print(args) => print::run(args, context).await,
        Command::Pay(args) => pay::run(args, context).await,
        Command::Account(args) => account::account(args, context).await,
        Command::Liability(args) => account::liability(args, context).await,
        Command::Checkpoint(args) => checkpoint::checkpoint(args, context).await,
        Command::Cosign(args) => checkpoint::cosign(args, context).await,
        Command::Proof(args) => checkpoint::proof(args, context).await,
        Command::Export(args) => export::run(args, context).await,
        Command::Verify(args) => verify::run(args, context),
        Command::Log(args) => log::run(args, context).await,
        Command::Quality(args) => quality::run(&args, context),
        Command::Statistics(args) => statistics::run(&args, context),
        Command::Convert(args) => convert::run(&args, context),
        Command::Sample(args) => sample::run(&args, context),
        Command::Intake(args) => intake::run(&args, context).await,
        Command::Keyframes(args) => keyframes::run(&args, context),
        Command::Dataset(args) => models::dataset(&args, context),
        Command::Train(args) => models::train(&args, context),
        Command::Evaluate(args) => models::evaluate(&args, context),
        Command::Classify(args) => models::classify(&args, context),
        Command::Package(args) => models::package(&args, context),
        Command::Round(args) => models::round(args, context).await,
        Command::Draft(args) => draft::run(&args, context),
        Command::Terms(args) => draft::terms(&args, context),
        Command::Text(args) => text::run(&args, context),
        Command::Identifiers(args) => identifiers::run(&args, context),
        Command::Review(args) => review::run(&args, context).await,
        Command::Redline(args) => redline::run(&args, context),
        Command::Revisions(args) => revisions::run(args, context),
        Command::Completions(args) => completions::run(&args, context),
    }
}
