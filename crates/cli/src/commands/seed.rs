//! `tally seed`: each party commits to its half of the sampling seed before the delivery, and
//! reveals it after. Nobody picks the sample. Clause: anno-4.1.1.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use contract::event::{Actor, Fact};
use contract::{Action, Command};
use desk::DeskError;
use units::Id;

use crate::args::{Agreement, By, Party, id};
use crate::context::Context;
use crate::failure::Failure;

/// Commit to a seed, and reveal it.
#[derive(Debug, Subcommand)]
pub(crate) enum Seed {
    /// Draw a seed, keep it in a file and record the commitment
    Commit(Half),
    /// Record the seed after the delivery
    Reveal(Half),
}

/// Arguments of both.
#[derive(Debug, Args)]
pub(crate) struct Half {
    #[command(flatten)]
    agreement: Agreement,
    /// The delivery that will be sampled
    #[arg(value_name = "DELIVERY", value_parser = id)]
    delivery: Id,
    /// The party
    #[arg(long = "as", value_name = "PARTY")]
    party: Party,
    #[command(flatten)]
    by: By,
    /// File of the secret seed: commit writes it, reveal reads it
    #[arg(long, value_name = "FILE")]
    seed_file: PathBuf,
}

/// Commits or reveals.
pub(crate) async fn run(args: Seed, context: &mut Context) -> Result<(), Failure> {
    let desk = context.desk().await?;
    let (half, reveal) = match args {
        Seed::Commit(half) => (half, false),
        Seed::Reveal(half) => (half, true),
    };
    let mut book = context.book(&desk, &half.agreement.id).await?;
    let (delivery, side) = (half.delivery.clone(), half.party.side());
    let fact = if reveal {
        let text = Context::read(&half.seed_file)?;
        let seed = String::from_utf8_lossy(&text).trim().to_owned();
        Fact::SeedRevealed { delivery, side, seed }
    } else {
        let seed = desk.random.bytes().map_err(DeskError::Random)?;
        keep(&half.seed_file, &seed)?;
        let commitment = hex::encode(annotation::commitment(&seed));
        Fact::SeedCommitted { delivery, side, commitment }
    };
    let actor = Actor::of(side, &half.by.by);
    let command = Command::new(actor, Action::Record { fact, source: None });
    let recorded = desk.execute_on(&mut book, &command).await;
    if recorded.is_err() && !reveal {
        // The commitment was refused: a seed that nobody committed to must not lie about. A file
        // that cannot be removed is harmless, since nothing refers to it.
        let _removed = std::fs::remove_file(&half.seed_file);
    }
    context.recorded(&recorded?)
}

fn keep(path: &Path, seed: &[u8; 32]) -> Result<(), Failure> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(Failure::write(path))?;
    writeln!(file, "{}", hex::encode(seed)).map_err(Failure::write(path))
}
