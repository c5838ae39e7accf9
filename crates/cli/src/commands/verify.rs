//! `tally verify`: a bundle, or a file of it, without us. Needs no deployment.

use std::path::PathBuf;

use clap::Args;

use crate::context::Context;
use crate::failure::Failure;

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// A bundle, a checkpoint, a proof or an envelope
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// A public key that you trust, or its file; may be repeated
    #[arg(long, value_name = "KEY")]
    key: Vec<String>,
    /// A checkpoint that you kept yourself; may be repeated
    #[arg(long, value_name = "NOTE")]
    checkpoint: Vec<PathBuf>,
}

/// Verifies.
pub(crate) fn run(args: Verify, context: &mut Context) -> Result<(), Failure> {
    let _ = (&args.file, &args.key, &args.checkpoint, context);
    Ok(())
}
