//! What can be asked for: every command with its arguments. The texts here are the English help;
//! `help` holds the Chinese one.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use contract::terms::Side;
use document::draft::Edition;
use units::{Date, Decimal, Id, Lang, Timestamp};

use crate::commands;

/// Contracts for AI work that run: sign, record, settle, verify.
#[derive(Debug, Parser)]
#[command(name = "tally", version, max_term_width = 100, disable_help_subcommand = true)]
pub(crate) struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What holds for every command.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Folder of the deployment
    #[arg(
        long,
        global = true,
        env = "TALLY_DATA",
        default_value = "./tally-data",
        value_name = "DIR"
    )]
    pub data: PathBuf,
    /// Print one JSON document
    #[arg(long, global = true)]
    pub json: bool,
    /// Language: zh or en (from LC_ALL or LANG, otherwise zh)
    #[arg(long, global = true, value_name = "zh|en", value_parser = lang)]
    pub lang: Option<Lang>,
    /// The time, in a rehearsal deployment only
    #[arg(long, global = true, env = "TALLY_NOW", value_name = "RFC3339", value_parser = instant)]
    pub now: Option<Timestamp>,
    /// Print results only, no notes beside them
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Colours
    #[arg(long, global = true, default_value = "auto", value_name = "WHEN")]
    pub color: Color,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The party for which somebody acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Role {
    /// Receives the service and pays
    Customer,
    /// Renders the service and is paid
    Vendor,
    /// The deployment itself: clocks, importers
    Deployment,
}

/// The languages of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Languages {
    /// Chinese
    Zh,
    /// English
    En,
    /// Both, the one that prevails first
    Both,
}

impl From<Languages> for Edition {
    fn from(languages: Languages) -> Self {
        match languages {
            Languages::Zh => Self::of(Lang::Zh),
            Languages::En => Self::of(Lang::En),
            Languages::Both => Self::Bilingual,
        }
    }
}

/// A party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Party {
    /// Receives the service and pays
    Customer,
    /// Renders the service and is paid
    Vendor,
}

/// Every command.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lay down a new deployment
    Init(commands::init::Init),
    /// Lay down a sample deployment with four agreements in mid-life
    Demo(commands::demo::Demo),
    /// Serve the interface and the console over HTTP, or a classifier
    Serve(Box<commands::serve::Serve>),
    /// Make and show keys
    #[command(subcommand)]
    Key(commands::key::Key),
    /// Register an agreement, or write a starter file
    New(commands::new::New),
    /// Check agreement files; needs no deployment
    Check(commands::check::Check),
    /// Print the JSON Schema of a format
    Schema(commands::schema::Schema),
    /// Offer a version of the papers to the other party
    Offer(commands::versions::Offer),
    /// Show the versions of the papers, or save a file of one
    Versions(commands::versions::Versions),
    /// Show where a party stands: positions, concessions, what needs an approval
    Negotiation(commands::versions::Negotiation),
    /// Approve a finding of high risk, so that it may be signed
    ApproveRisk(commands::versions::ApproveRisk),
    /// Sign an agreement for a party
    Sign(commands::sign::Sign),
    /// Have an authority stamp the time of a party's signature
    Timestamp(commands::timestamp::Timestamp),
    /// Propose a supplement, quotation or annex to a signed agreement
    Propose(commands::propose::Propose),
    /// Record a fact
    Record(commands::record::Record),
    /// Take any other step: waive, give notice, raise a claim
    Do(commands::act::Act),
    /// Import what real systems produce, or a delivery
    Import(commands::import::Import),
    /// Commit to a sampling seed, and reveal it
    #[command(subcommand)]
    Seed(commands::seed::Seed),
    /// Inspect a delivery against gold and record the result
    Inspect(commands::inspect::Inspect),
    /// Accept a delivery or a training round
    Accept(commands::decide::Accept),
    /// Reject a delivery or a training round
    Reject(commands::decide::Reject),
    /// Show where an agreement stands
    Position(commands::position::Position),
    /// List the agreements
    List(commands::list::List),
    /// Show the labelling projects of an agreement: progress, quality, findings, payroll, labels
    #[command(subcommand)]
    Project(commands::project::Project),
    /// Compute the statement of a period, and submit it
    Settle(commands::settle::Settle),
    /// Approve a statement
    Approve(commands::approve::Approve),
    /// Object to lines of a statement
    Object(commands::approve::Object),
    /// Issue the invoice of an approved statement
    Invoice(commands::invoice::Invoice),
    /// Issue a credit note
    CreditNote(commands::invoice::CreditNote),
    /// Print a statement, an invoice or a credit note as PDF
    Print(commands::print::Print),
    /// Record that money arrived
    Pay(commands::pay::Pay),
    /// Show invoices, payments and late fees
    Account(commands::account::Account),
    /// Show what the liability cap allows of each claim
    Liability(commands::account::Liability),
    /// Sign a checkpoint of the journal
    Checkpoint(commands::checkpoint::Checkpoint),
    /// Add a party's own signature to the checkpoint
    Cosign(commands::checkpoint::Cosign),
    /// Prove that an entry stands in the journal
    Proof(commands::checkpoint::Proof),
    /// Write a bundle that the other party can verify
    Export(commands::export::Export),
    /// Verify a bundle; needs no deployment
    Verify(commands::verify::Verify),
    /// Print the journal in words
    Log(commands::log::Log),
    /// Judge a delivery of labels against gold; needs no deployment
    Quality(commands::quality::Quality),
    /// Count what labelled data hold, with quality where gold is given; needs no deployment
    Statistics(commands::statistics::Statistics),
    /// Convert labelled data to another format; needs no deployment
    Convert(commands::convert::Convert),
    /// Show a sampling plan and what it lets pass; needs no deployment
    Sample(commands::sample::Sample),
    /// Take raw data in: check, hash, find duplicates, write a manifest; needs no deployment
    Intake(commands::intake::Intake),
    /// Find the keyframes and shots of a video with exact times; needs no deployment
    Keyframes(commands::keyframes::Keyframes),
    /// Look at a folder of images before anybody trains on it; needs no deployment
    #[command(subcommand)]
    Dataset(commands::models::DatasetCommand),
    /// Train a classifier on a folder of images and write the package; needs no deployment
    Train(commands::models::Train),
    /// Measure a package on images whose classes are known; needs no deployment
    Evaluate(commands::models::Evaluate),
    /// Classify images with a package; needs no deployment
    Classify(commands::models::Classify),
    /// Show or check the package of a classifier; needs no deployment
    #[command(subcommand)]
    Package(commands::models::Package),
    /// Carry a training through its rounds: seal the test set, train, judge, hand over
    #[command(subcommand)]
    Round(commands::models::Round),
    /// Draft the contract of an agreement file as Word, PDF or text; needs no deployment
    Draft(commands::draft::Draft),
    /// Read the terms of a Word file back; needs no deployment
    Terms(commands::draft::Terms),
    /// Print the text of a document with its computed numbers; needs no deployment
    Text(commands::text::Text),
    /// Find identifiers of persons and organisations in texts, and mask them; needs no deployment
    Identifiers(commands::identifiers::Identifiers),
    /// Review contracts against a playbook; needs no deployment
    Review(commands::review::ReviewArgs),
    /// Mark what differs between two Word files as tracked changes; needs no deployment
    Redline(commands::redline::Redline),
    /// List, accept or reject the tracked changes of a Word file; needs no deployment
    #[command(subcommand)]
    Revisions(commands::revisions::Revisions),
    /// Print a script that completes commands in a shell
    Completions(commands::completions::Completions),
}

/// An agreement of the deployment.
#[derive(Debug, Clone, Args)]
pub(crate) struct Agreement {
    /// The agreement's id
    #[arg(value_name = "ID", value_parser = id)]
    pub id: Id,
}

/// Who acts.
#[derive(Debug, Clone, Args)]
pub(crate) struct By {
    /// The person who acts
    #[arg(long, value_name = "NAME")]
    pub by: String,
}

impl Role {
    /// Someone of the party.
    pub(crate) fn actor(self, name: &str) -> contract::event::Actor {
        use contract::event::Actor;
        let name = name.to_owned();
        match self {
            Self::Customer => Actor::Customer { name },
            Self::Vendor => Actor::Vendor { name },
            Self::Deployment => Actor::Deployment { name },
        }
    }
}

impl Party {
    /// The side that it is.
    pub(crate) const fn side(self) -> Side {
        match self {
            Self::Customer => Side::Customer,
            Self::Vendor => Side::Vendor,
        }
    }
}

fn lang(text: &str) -> Result<Lang, String> {
    text.parse().map_err(|()| "zh | en".to_owned())
}

pub(crate) fn id(text: &str) -> Result<Id, String> {
    Id::new(text).map_err(|error| error.to_string())
}

pub(crate) fn instant(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| "2026-03-31T18:00:00+08:00".to_owned())
}

pub(crate) fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "2026-03-31".to_owned())
}

pub(crate) fn decimal(text: &str) -> Result<Decimal, String> {
    text.parse().map_err(|_| "1234.50".to_owned())
}
